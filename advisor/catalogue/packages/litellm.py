"""
LiteLLM's price file, `model_prices_and_context_window_backup.json` inside the package: prices for one token, by suffix.

Its calculator prices the whole request by the largest threshold that the input exceeds (at xAI: reaches); a missing price for large
requests, for flex or for priority is the plain one. Its guess that an unstated batch price is half the plain one is not taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from advisor.catalogue.packages.reading import WRONG_FORM, Reading, content_of, json_of, tokens

FILE = "model_prices_and_context_window_backup.json"
MODES = ("chat", "responses", "completion")
MTOK = 1_000_000
BASES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
}
SUFFIXES = {"standard": "", "batch": "_batches", "flex": "_flex", "priority": "_priority"}
THRESHOLD = re.compile(r"(?:input|output)_cost_per_token_above_(\d+)(k?)_tokens(|_batches|_flex|_priority)")
READ_ON = re.compile(rb"\b(?:on|read|checked|seen|verified|retrieved)\W{1,2}(20\d\d-[01]\d-[0-3]\d)", re.IGNORECASE)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
INCLUSIVE = ("xai",)
"""Providers that charge the higher price once the input reaches the threshold."""


def read(path: Path, made_on: date) -> Reading:
    """The models that answer text. Raises BrokenInput."""
    content = content_of(path, str(path))
    data = json_of(content, str(path), f"LiteLLM's {FILE}")
    reading = Reading(str(path), _newest(content, made_on))
    for key, value in data.items():
        if not isinstance(value, dict):
            reading.refuse(key, "is no model: a mapping is due")
        elif value.get("mode") in MODES:
            try:
                _model(reading, key, value)
            except WRONG_FORM as error:
                reading.refuse_form(key, error)
        else:
            reading.left_out["models that do not answer text"] += 1
    return reading


def _newest(content: bytes, made_on: date) -> date | None:
    """The newest past day on which the file says that something was read: it carries no date of its own."""
    days = {_day(text.decode()) for text in READ_ON.findall(content)}
    return max((day for day in days if day and day <= made_on), default=None)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _model(reading: Reading, key: str, value: Mapping[str, Any]) -> None:
    retires = value.get("deprecation_date")
    if retires and not _day(retires):
        reading.left_out["dates of retirement that are no dates"] += 1
    specific = value.get("provider_specific_entry")
    reading.list_model(
        key, str(value.get("litellm_provider") or ""), key,
        context_tokens=None if value.get("max_input_tokens") else tokens(value.get("max_tokens")),
        input_tokens=tokens(value.get("max_input_tokens")),
        output_tokens=tokens(value.get("max_output_tokens")),
        inputs=_inputs(value), outputs=value.get("supported_output_modalities"),
        uplift_us=value.get("regional_processing_uplift_multiplier_us") or (specific.get("us") if isinstance(specific, dict) else None),
        uplift_eu=value.get("regional_processing_uplift_multiplier_eu"),
        uplift_regional=value.get("regional_endpoint_uplift_multiplier"),
        retires_on=retires if _day(retires) else None,
    )  # fmt: skip
    for processing, above, amounts in _rows(value):
        reading.price(key, amounts, processing, above=above)
    off_peak = value.get("off_peak_pricing")
    if isinstance(off_peak, dict):
        reading.price(key, {kind: _per_mtok(off_peak.get(base)) for kind, base in BASES.items()}, hours=_windows(off_peak))


def _rows(value: Mapping[str, Any]) -> Iterator[tuple[str, int, dict[str, object]]]:
    inclusive = value.get("litellm_provider") in INCLUSIVE
    tiers = value.get("tiered_pricing")
    if isinstance(tiers, list) and all(isinstance(tier, dict) for tier in tiers):
        for tier in tiers:
            start, *_ = tier.get("range") or [0]
            yield "standard", int(start), {kind: _per_mtok(tier.get(base)) for kind, base in BASES.items()}
        return
    for processing, suffix in SUFFIXES.items():
        if suffix and not {f"input_cost_per_token{suffix}", f"output_cost_per_token{suffix}"} <= value.keys():
            continue
        sizes = {0: ""} | {_size(m): f"_above_{m[1]}{m[2]}_tokens" for m in map(THRESHOLD.fullmatch, value) if m and m[3] == suffix}
        for size in sorted(sizes):
            reached = [end for start, end in sorted(sizes.items(), reverse=True) if start <= size]
            amounts = {kind: _per_mtok(_first(value, base, reached, suffix)) for kind, base in BASES.items()}
            yield processing, size - 1 if size and inclusive else size, amounts


def _size(match: re.Match[str]) -> int:
    return int(match[1]) * (1_000 if match[2] else 1)


def _first(value: Mapping[str, Any], base: str, reached: list[str], suffix: str) -> object:
    """
    The price of the largest size reached that has one.

    Flex and priority fall back to the plain price of each size, cached batch input to the plain one when batch has none at all.
    """
    own = [f"{base}{end}{suffix}" for end in reached]
    plain = [f"{base}{end}" for end in reached]
    if suffix in ("_flex", "_priority"):
        names = [name for pair in zip(own, plain, strict=True) for name in pair]
    elif suffix == "_batches" and base == BASES["cache_read"]:
        names = own + plain
    else:
        names = own
    return next((found for name in names if (found := value.get(name)) is not None), None)


def _per_mtok(value: object) -> object:
    """The price of a million tokens; what is no number stays as it is, to be refused by name."""
    try:
        return None if value is None else Decimal(str(value)) * MTOK
    except InvalidOperation:
        return value


def _inputs(value: Mapping[str, Any]) -> list[str]:
    flags = {"image": "supports_vision", "audio": "supports_audio_input", "video": "supports_video_input", "pdf": "supports_pdf_input"}
    return ["text", *(kind for kind, flag in flags.items() if value.get(flag))]


def _windows(off_peak: Mapping[str, Any]) -> str:
    """Hours and days of off-peak prices, in words."""
    parts = []
    for window in off_peak.get("windows") or ():
        hours = window.get("hours_utc")
        days = " ".join(DAYS[int(day) - 1] for day in window.get("weekdays") or ())
        parts.append(f"{days} {' '.join(hours) if isinstance(hours, list) else hours}".strip())
    return f"{'; '.join(parts)} UTC" if parts else "off-peak hours"
