"""
Inputs of a cost: figures with their range, unit and source.

A cost line is a product of inputs, so that its formula, its ends and its random draws all come from the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Figure

Side: TypeAlias = Literal["low", "expected", "high"]
SIDES: tuple[Side, Side, Side] = ("low", "expected", "high")
ASKED = "your answers"
ONE = Range(Decimal(1), Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class Input:
    """One factor of a cost."""

    name: str
    """What it is, for people: `price of input tokens`."""
    range: Range
    form: str = "{}"
    """How a value reads: `${} per million`."""
    source: str = ""
    key: str = ""
    """Inputs of one key are uncertain together and drawn together; empty: not drawn, but taken as expected."""
    divides: bool = False
    """The cost is divided by it, so that more of it costs less."""
    mirrored: bool = False
    """It falls where others of its key rise, as the share not found in a cache does while the share found rises."""
    scale: Decimal = Decimal(1)
    """What its unit counts for: a price per million tokens is one millionth a token."""
    drawn: Range | None = None
    """What random draws use where it is wider than `range`."""

    def factor(self, side: Side) -> Decimal:
        """What the product is multiplied by for that end of the cost."""
        if not self.divides:
            return getattr(self.range, side) * self.scale  # type: ignore[no-any-return]
        other = self.range.high if side == "low" else self.range.low if side == "high" else self.range.expected
        return self.scale / other

    @property
    def silent(self) -> bool:
        """It changes nothing but random draws, and a formula leaves it out."""
        return self.drawn is not None and self.range == ONE

    @property
    def words(self) -> str:
        """Its expected value as people read it."""
        return self.form.format(number(self.range.expected))

    @property
    def spread(self) -> str:
        """Its value with its ends."""
        low, middle, high = (number(getattr(self.range, side)) for side in SIDES)
        return self.words if low == high else f"{self.form.format(middle)} ({low} to {high})"


@lru_cache(maxsize=4096)
def certain(name: str, value: Decimal, form: str = "{}", source: str = "", scale: Decimal = Decimal(1)) -> Input:
    """An input that is known exactly, such as an answer. The same one stands in thousands of bills."""
    return Input(name, Range(value, value, value), form, source, scale=scale)


def of_figure(figure: Figure, name: str, form: str = "{}", divides: bool = False) -> Input:
    """A figure of `data/sizing/` as an input; what uses one figure is uncertain together."""
    value = Range(figure.low, figure.expected, figure.high)
    return Input(name, value, form, _cited(figure), key=figure.id, divides=divides)


def _cited(figure: Figure) -> str:
    return f"{figure.source} ({figure.as_of})" if figure.as_of else figure.source


def product(inputs: Sequence[Input]) -> Range:
    """All inputs multiplied, for each end of the cost."""
    low = middle = high = Decimal(1)
    for item in inputs:
        span, scale = item.range, item.scale
        if item.divides:
            low, middle, high = low * scale / span.high, middle * scale / span.expected, high * scale / span.low
        elif scale == 1:
            low, middle, high = low * span.low, middle * span.expected, high * span.high
        else:
            low, middle, high = low * span.low * scale, middle * span.expected * scale, high * span.high * scale
    return Range(low, middle, high)


@dataclass(frozen=True)
class Product:
    """Inputs multiplied with each other. What many options share is multiplied once."""

    inputs: tuple[Input, ...]

    @cached_property
    def range(self) -> Range:
        return product(self.inputs)


@dataclass(frozen=True)
class Times:
    """A product with one factor more, which is written out when somebody looks: thousands of options pay a price of their own."""

    counted: Product
    by: Range
    last: Callable[[], Input]
    scale: Decimal = Decimal(1)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (*self.counted.inputs, self.last())

    @cached_property
    def range(self) -> Range:
        counted, by, scale = self.counted.range, self.by, self.scale
        return Range(counted.low * by.low * scale, counted.expected * by.expected * scale, counted.high * by.high * scale)


def formula(inputs: Sequence[Input]) -> str:
    """The product in words: `2,000,000 requests × 1,500 tokens × $2.75 per million`."""
    text = ""
    for item in inputs:
        if item.silent:
            continue
        text += (" ÷ " if item.divides else " × ") if text else ""
        text += item.words
    return text


def sources(inputs: Sequence[Input]) -> str:
    """Who says so; what the person answered goes without saying where somebody else is named."""
    named = dict.fromkeys(item.source for item in inputs if item.source and not item.silent)
    if len(named) > 1:
        named.pop(ASKED, None)
    return "; ".join(named)


def number(value: Decimal) -> str:
    """A figure as people read it: as it is where it is short, else with four digits that count."""
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    plain = f"{value.normalize():,f}"
    _, _, decimals = plain.partition(".")
    if len(decimals) <= 4:
        return plain
    if abs(value) >= 100:
        return f"{value:,.1f}"
    return f"{Decimal(f'{value:.3e}').normalize():,f}"
