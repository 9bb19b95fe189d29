"""
Meters: what a host charges for apart, by kind of token, way of processing, and size of the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")
"""`cache_write` keeps input for some minutes, `cache_write_1h` for an hour; a host may charge neither."""

PROCESSING = ("standard", "batch", "flex", "priority")
"""Batch answers within hours and flex when there is room, both for less; priority answers first, for more."""

UNIT = "_usd_per_mtok"


@dataclass(frozen=True, slots=True)
class Meter:
    """One class of token. A request above a size pays the prices of that size for all of its tokens."""

    kind: str
    processing: str = "standard"
    above_tokens: int = 0

    @property
    def name(self) -> str:
        """As prices are listed: `input_usd_per_mtok`, `batch_output_above_272000_usd_per_mtok`."""
        way = "" if self.processing == "standard" else f"{self.processing}_"
        size = f"_above_{self.above_tokens}" if self.above_tokens else ""
        return f"{way}{self.kind}{size}{UNIT}"


METERS: Mapping[str, Meter] = {meter.name: meter for way in PROCESSING for kind in KINDS for meter in [Meter(kind, way)]}
"""Every meter for requests of any size, by name."""

_ABOVE = re.compile(r"_above_([1-9]\d*)(?=_)")


def is_meter(name: str) -> bool:
    """Whether a price is listed under this name, that of a size among them."""
    return _ABOVE.sub("", name, count=1) in METERS
