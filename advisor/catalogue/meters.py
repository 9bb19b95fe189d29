"""
Meters: what a host charges for apart, by kind of token, way of processing, and size of the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

KINDS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")
"""`cache_write` keeps input for some minutes, `cache_write_1h` for an hour; a host may charge neither."""

PROCESSING = ("standard", "batch", "flex", "priority")
"""Batch answers within hours and flex when there is room, both for less; priority answers first, for more."""

UNIT = "_usd_per_mtok"

KIND_WORDS: Mapping[str, str] = {
    "input": "input",
    "output": "output",
    "cache_read": "input read from the cache",
    "cache_write": "input kept in the cache",
    "cache_write_1h": "input kept in the cache for an hour",
}

_NAME = re.compile(rf"(?:({'|'.join(PROCESSING[1:])})_)?({'|'.join(sorted(KINDS, reverse=True))})(?:_above_(\d+))?{UNIT}")


@dataclass(frozen=True, slots=True)
class Meter:
    """One class of token. A request above a size pays the prices of that size for all of its tokens."""

    kind: str
    processing: str = "standard"
    above_tokens: int = 0

    @property
    def name(self) -> str:
        """As prices are listed: `input_usd_per_mtok`, `batch_output_above_272000_usd_per_mtok`."""
        return listed_name(self.kind, self.processing, self.above_tokens)

    @property
    def words(self) -> str:
        """As people read it: `batch output`, `input, requests above 272,000 tokens`."""
        way = "" if self.processing == "standard" else f"{self.processing} "
        size = f", requests above {self.above_tokens:,} tokens" if self.above_tokens else ""
        return f"{way}{KIND_WORDS[self.kind]}{size}"

    @property
    def order(self) -> tuple[int, int, int]:
        """Where it stands in a list: by size, then by way of processing, then by kind."""
        return (self.above_tokens, PROCESSING.index(self.processing), KINDS.index(self.kind))


@lru_cache(maxsize=1024)
def listed_name(kind: str, processing: str, above_tokens: int) -> str:
    """The name of a meter; asked for some tens of thousands of times for each set of answers."""
    way = "" if processing == "standard" else f"{processing}_"
    size = f"_above_{above_tokens}" if above_tokens else ""
    return f"{way}{kind}{size}{UNIT}"


def meter_named(name: str) -> Meter | None:
    """The meter of a name as prices are listed; None where it is no such name."""
    match = _NAME.fullmatch(name)
    return Meter(match[2], match[1] or "standard", int(match[3] or 0)) if match else None


METERS: Mapping[str, Meter] = {meter.name: meter for way in PROCESSING for kind in KINDS for meter in [Meter(kind, way)]}
"""Every meter for requests of any size, by name."""

_ABOVE = re.compile(r"_above_([1-9]\d*)(?=_)")


def is_meter(name: str) -> bool:
    """Whether a price is listed under this name, that of a size among them."""
    return _ABOVE.sub("", name, count=1) in METERS
