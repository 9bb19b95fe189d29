"""
Parts of a cost as functions of volume: what grows with each request, what grows by whole machines, what is the same every month.

    usd(requests) = sum of parts, each a product of inputs times requests, machines, GPUs to buy, or nothing

So one description gives the lines of a month, the curve over volume, the exact break-even and the random draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from functools import cached_property, partial
from typing import Any, Literal, TypeAlias, assert_never

from advisor.catalogue.prices import ZERO, Range
from advisor.cost.inputs import ASKED, ONE, SIDES, Input, Product, Side, Times, formula, product, sources
from advisor.cost.lines import Cost, Line

SECONDS_PER_HOUR = Decimal(3600)
Per: TypeAlias = Literal["request", "machine", "gpu-to-buy", "month"]


@dataclass(frozen=True)
class Staircase:
    """
    How many whole machines a volume takes: enough for the busiest hour with room to spare, and one at least.

    `busy` are machine seconds for one request and `held` the share of a machine's memory that one request fills for as long as it runs;
    both are products of inputs. What can wait is spread over the hours of use, so that only the rest counts at its peak.
    """

    busy: tuple[Input, ...]
    held: tuple[Input, ...]
    live: Input
    """Share of requests that cannot wait."""
    peak: Input
    """Busiest hour over average hour."""
    hours: Input
    """Hours of use a month; divides."""
    room: Input
    """Share of a machine's rate that the busiest hour may use; divides."""
    spare: Input
    """Machines that stand by."""
    gpus: int
    """In one machine."""
    evidence: str = ""
    """How well the speed is known."""
    _counted: dict[Decimal, Range] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def share(self) -> Range:
        """Of a machine, for one request a month."""
        return Range(*(self.share_by(partial(Input.factor, side=side), max, Decimal(1)) for side in SIDES))

    def share_by(self, value: Callable[[Input], Any], most: Callable[[Any, Any], Any], one: Any) -> Any:
        """The same with each input taken as `value` says: exact numbers, or arrays of draws."""
        rate = one
        for item in self.busy:
            rate = rate * value(item)
        rate = rate * value(self.room)
        if self.held:
            stay = one
            for item in self.held:
                stay = stay * value(item)
            rate = most(rate, stay)
        crowd = most(value(self.live) * value(self.peak), one)
        return rate * crowd * value(self.hours) / (one * 3600)

    @cached_property
    def _busy(self) -> Range:
        return product(self.busy)

    @cached_property
    def _held(self) -> Range:
        return product(self.held) if self.held else ZERO

    @property
    def memory_decides(self) -> bool:
        """Whether it is the memory and not the speed that asks for the machines."""
        return self._held.expected > self._busy.expected * self.room.factor("expected")

    def working(self, requests: Decimal) -> Range:
        """Machines that the load keeps busy, without those that stand by."""
        share = self.share
        return Range(
            _whole(requests * share.low),
            _whole(requests * share.expected),
            _whole(requests * share.high),
        )

    def machines(self, requests: Decimal) -> Range:
        """With those that stand by."""
        found = self._counted.get(requests)
        if found is None:
            found = self._counted[requests] = self.working(requests).plus(self.spare.range)
        return found

    def capacity(self, side: Side = "expected") -> Decimal:
        """Requests a month that one machine takes."""
        share: Decimal = getattr(self.share, side)
        return 1 / share

    def used(self, requests: Decimal) -> Range:
        """Share of the rented time of all machines, day and night, in which they work."""
        month = Decimal(730) * SECONDS_PER_HOUR
        count = self.machines(requests)
        return Range(*(min(Decimal(1), requests * getattr(self._busy, s) / month / getattr(count, s)) for s in SIDES))


def _whole(machines: Decimal) -> Decimal:
    return max(Decimal(1), machines.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Part:
    """One line of a cost."""

    label: str
    per: Per
    product: Product | Times
    """US dollars a month for one of what it counts."""
    stairs: Staircase | None = None
    """Of parts that count machines."""
    owned: int = 0
    """GPUs that need not be bought."""

    @property
    def inputs(self) -> tuple[Input, ...]:
        return self.product.inputs

    @property
    def unit(self) -> Range:
        return self.product.range

    def count(self, requests: Decimal) -> Range:
        """Of what it counts."""
        match self.per:
            case "request":
                return Range(requests, requests, requests)
            case "month":
                return ONE
            case "machine":
                return self._stairs.machines(requests)
            case "gpu-to-buy":
                gpus = self._stairs.machines(requests).times(Decimal(self._stairs.gpus))
                return Range(*(max(Decimal(0), getattr(gpus, side) - self.owned) for side in SIDES))
        assert_never(self.per)

    @property
    def _stairs(self) -> Staircase:
        if self.stairs is None:
            raise ValueError(f"{self.label} counts machines and has no staircase")
        return self.stairs

    def usd(self, requests: Decimal) -> Range:
        """US dollars a month."""
        unit = self.product.range
        if self.per == "month":
            return unit
        if self.per == "request":
            return unit.times(requests)
        count = self.count(requests)
        return Range(unit.low * count.low, unit.expected * count.expected, unit.high * count.high)

    def line(self, requests: Decimal) -> Line:
        inputs = self.inputs if self.per == "month" else (self._counted(requests), *self.inputs)
        return Line(self.label, formula(inputs), self.usd(requests), sources(self.inputs), inputs)

    def _counted(self, requests: Decimal) -> Input:
        """What the line counts, as its first factor."""
        count = self.count(requests)
        noun = {"request": "requests", "machine": "machines", "gpu-to-buy": "GPUs to buy", "month": ""}[self.per]
        one = noun.replace("requests", "request").replace("machines", "machine").replace("GPUs", "GPU")
        source = ASKED if self.per == "request" else "follows from the load"
        return Input(noun, count, "{} " + (one if count.expected == 1 else noun), source)


@dataclass(frozen=True)
class Bundle:
    """Parts that several options share, so that they are added up once."""

    parts: tuple[Part, ...]
    _sums: dict[Decimal, Range] = field(default_factory=dict, compare=False, repr=False)

    def usd(self, requests: Decimal) -> Range:
        found = self._sums.get(requests)
        if found is None:
            found = self._sums[requests] = self._sum(requests)
        return found

    def _sum(self, requests: Decimal) -> Range:
        """What grows with each request is added up for one of them."""
        low = middle = high = Decimal(0)
        for part in self.parts:
            if part.per == "request":
                unit = part.product.range
                low, middle, high = low + unit.low, middle + unit.expected, high + unit.high
        low, middle, high = low * requests, middle * requests, high * requests
        for part in self.parts:
            if part.per != "request":
                usd = part.usd(requests)
                low, middle, high = low + usd.low, middle + usd.expected, high + usd.high
        return Range(low, middle, high)


@dataclass(frozen=True)
class Bill:
    """What an option costs at any volume: its parts, and what is missing for a complete sum."""

    bundles: tuple[Bundle, ...]
    missing: str = ""
    notes: tuple[str, ...] = ()
    stairs: Staircase | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for bundle in self.bundles for part in bundle.parts)

    def usd(self, requests: Decimal) -> Range:
        """The sum of the known parts in US dollars a month."""
        usd = ZERO
        for bundle in self.bundles:
            usd = usd.plus(bundle.usd(requests))
        return usd

    def at(self, requests: Decimal, notes: Callable[[], tuple[str, ...]] = tuple) -> Cost:
        """The cost of a month with so many requests."""
        lines = partial(_lines, self, requests)
        return Cost(self.usd(requests), lines, self.missing, lambda: (*self.notes, *notes()))


def _lines(bill: Bill, requests: Decimal) -> tuple[Line, ...]:
    return tuple(part.line(requests) for part in bill.parts)
