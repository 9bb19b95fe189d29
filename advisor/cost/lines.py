"""
Cost lines: every part of a monthly cost with its formula, range and source. Money is exact and in US dollars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from advisor.catalogue.prices import ZERO, Range

if TYPE_CHECKING:
    from advisor.cost.inputs import Input

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a monthly cost."""

    label: str
    formula: str
    usd: Range
    source: str
    inputs: tuple[Input, ...] = ()
    """The figures of the formula, each with its range and source."""


@dataclass(frozen=True, eq=False)
class Cost:
    """A monthly cost. A sum that lacks a part is no total: then `usd` is None, and `missing` says what lacks."""

    known_usd: Range
    """The sum of the lines."""
    _lines: Callable[[], tuple[Line, ...]]
    missing: str = ""
    _notes: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What else to know of it."""
        return self._notes()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Written out when somebody looks: thousands of options are costed and a few are shown."""
        return self._lines()

    @property
    def usd(self) -> Range | None:
        return None if self.missing else self.known_usd

    @property
    def known(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """The sum as people read it; a part of a sum never as a whole."""
        if not self.missing:
            return spread(self.known_usd)
        if self.known_usd.high > 0:
            return f"{spread(self.known_usd)} + unknown: {self.missing}"
        return f"not known: {self.missing}"


def total(lines: Sequence[Line], notes: Sequence[str] = ()) -> Cost:
    """The sum of the lines."""
    usd = ZERO
    for line in lines:
        usd = usd.plus(line.usd)
    return Cost(usd, lambda: tuple(lines), "", lambda: tuple(notes))


def unknown(missing: str) -> Cost:
    return Cost(ZERO, tuple, missing)


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
