"""
Cost lines: every part of a monthly cost with its formula, range and source. Money is exact and in US dollars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from advisor.catalogue.prices import ZERO, Range

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a monthly cost."""

    label: str
    formula: str
    usd: Range
    source: str


@dataclass(frozen=True, slots=True)
class Cost:
    """A monthly cost; `usd` is None while some part has no price, and `missing` says which."""

    lines: tuple[Line, ...]
    usd: Range | None
    missing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return self.usd is not None


def total(lines: Sequence[Line], notes: Sequence[str] = ()) -> Cost:
    """The sum of the lines."""
    usd = ZERO
    for line in lines:
        usd = usd.plus(line.usd)
    return Cost(tuple(lines), usd, notes=tuple(notes))


def unknown(missing: str) -> Cost:
    return Cost((), None, missing)


def money(value: Decimal) -> str:
    """An amount as it is stored: exact to the cent."""
    return f"{value.quantize(CENT, ROUND_HALF_EVEN):f}"


def dollars(value: Decimal) -> str:
    """An amount as people read it: whole dollars above 100, cents below."""
    return f"${value:,.0f}" if abs(value) >= 100 else f"${value:,.2f}"


def spread(usd: Range) -> str:
    """A range as people read it."""
    if dollars(usd.low) == dollars(usd.high):
        return dollars(usd.expected)
    return f"{dollars(usd.expected)} ({dollars(usd.low)} to {dollars(usd.high)})"
