"""
Price packages to snapshots: what genai-prices and LiteLLM's price file say today, as CSV files in `data/feeds/`.

A snapshot names package and version beside it. The snapshot is read at run time, never the package; nothing is fetched.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from advisor.catalogue.feeds import COLUMNS
from advisor.errors import BrokenInput, CouldNotWrite, Problem

Row = dict[str, str]
MTOK = Decimal(1_000_000)


def genai_prices_rows() -> tuple[str, list[Row]]:
    """Version and rows of the installed genai-prices package; a row for each model, price date and time of day."""
    from importlib.metadata import version

    from genai_prices.data import providers

    return version("genai-prices"), [row for p in providers for m in p.models for row in _genai_rows(p.id, m)]


def _genai_rows(provider: str, model: Any) -> Iterator[Row]:
    conditional = model.prices if isinstance(model.prices, list) else None
    spans = [(c.constraint, c.prices) for c in conditional] if conditional else [(None, model.prices)]
    batch = next((v.prices for v in model.price_variants or () if v.when == {"processing": "batch"}), None)
    for constraint, prices in spans:
        base_in, tier_at, tier_in = _tiered(getattr(prices, "input_mtok", None))
        base_out, _, tier_out = _tiered(getattr(prices, "output_mtok", None))
        row = {
            "key": f"{provider}/{model.id}",
            "name": model.name or model.id,
            "from": str(getattr(constraint, "start_date", "") or ""),
            "hours": _hours(constraint),
            "input_usd_per_mtok": base_in,
            "output_usd_per_mtok": base_out,
            "cache_read_usd_per_mtok": _tiered(getattr(prices, "cache_read_mtok", None))[0],
            "cache_write_usd_per_mtok": _tiered(getattr(prices, "cache_write_mtok", None))[0],
            "batch_input_usd_per_mtok": _tiered(getattr(batch, "input_mtok", None))[0],
            "batch_output_usd_per_mtok": _tiered(getattr(batch, "output_mtok", None))[0],
            "tier_above_tokens": tier_at,
            "tier_input_usd_per_mtok": tier_in,
            "tier_output_usd_per_mtok": tier_out,
            "context_tokens": _text(model.context_window),
        }
        yield row


def _hours(constraint: Any) -> str:
    """The hours of the day for which a price holds; empty for a price without hours."""
    return f"{constraint.start_time:%H:%M}-{constraint.end_time:%H:%M} UTC" if hasattr(constraint, "start_time") else ""


def _tiered(price: Any) -> tuple[str, str, str]:
    """Base price, where the first tier starts, and its price."""
    if price is None or not hasattr(price, "base"):
        return _text(price), "", ""
    tier = price.tiers[0] if price.tiers else None
    return _text(price.base), _text(tier.start) if tier else "", _text(tier.price) if tier else ""


def litellm_rows(path: Path) -> list[Row]:
    """Rows of LiteLLM's price file; only models that answer text. Raises BrokenInput."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        if not isinstance(data, dict) or not all(isinstance(value, dict) for value in data.values()):
            raise ValueError("expected a mapping of models")
    except (OSError, ValueError) as error:
        what = f"not a readable price file: {error}"
        raise BrokenInput([Problem(str(path), 0, "", what, "Give LiteLLM's model_prices_and_context_window_backup.json.")]) from error
    return [_litellm_row(k, v) for k, v in sorted(data.items()) if v.get("mode") in ("chat", "responses") and "input_cost_per_token" in v]


def _litellm_row(key: str, value: Mapping[str, Any]) -> Row:
    tier = next((k for k in sorted(value) if k.startswith("input_cost_per_token_above_") and k.endswith("k_tokens")), "")
    size = tier.removeprefix("input_cost_per_token_above_").removesuffix("k_tokens")
    kinds = [
        "text",
        *(
            w
            for w, k in (("image", "supports_vision"), ("audio", "supports_audio_input"), ("video", "supports_video_input"))
            if value.get(k)
        ),
    ]
    return {
        "key": key,
        "name": key,
        "input_usd_per_mtok": _per_mtok(value.get("input_cost_per_token")),
        "output_usd_per_mtok": _per_mtok(value.get("output_cost_per_token")),
        "cache_read_usd_per_mtok": _per_mtok(value.get("cache_read_input_token_cost")),
        "cache_write_usd_per_mtok": _per_mtok(value.get("cache_creation_input_token_cost")),
        "batch_input_usd_per_mtok": _per_mtok(value.get("input_cost_per_token_batches")),
        "batch_output_usd_per_mtok": _per_mtok(value.get("output_cost_per_token_batches")),
        "tier_above_tokens": f"{int(size) * 1000}" if size.isdigit() else "",
        "tier_input_usd_per_mtok": _per_mtok(value.get(tier)) if tier else "",
        "tier_output_usd_per_mtok": _per_mtok(value.get(f"output_cost_per_token_above_{size}k_tokens")) if tier else "",
        "context_tokens": _text(value.get("max_input_tokens") or value.get("max_tokens")),
        "output_tokens": _text(value.get("max_output_tokens")),
        "inputs": " ".join(kinds),
        "retires_on": str(value.get("deprecation_date") or ""),
    }


def _per_mtok(value: Any) -> str:
    return "" if value is None else _text(Decimal(str(value)) * MTOK)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def write_snapshot(
    folder: Path, feed: str, version: str, made_on: date, rows: list[Row], covers: Callable[[str], bool] = lambda key: True
) -> Path:
    """Writes `<feed>.csv` and `<feed>.yaml` (package, version, date). Raises CouldNotWrite; the old snapshot then stands."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        sorted((row for row in rows if covers(row["key"])), key=lambda row: (row["key"], row.get("from", ""), row.get("hours", "")))
    )
    provenance = f"feed: {feed}\npackage: {feed}\nversion: {version}\nmade_on: {made_on}\n"
    target = folder / f"{feed}.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in ((target, buffer.getvalue()), (folder / f"{feed}.yaml", provenance)):
            fresh = path.with_suffix(path.suffix + ".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
    except OSError as error:
        raise CouldNotWrite(f"{target}: {error.strerror or error}") from error
    return target
