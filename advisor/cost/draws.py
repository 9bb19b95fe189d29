"""
Random draws over everything that is uncertain in a cost: a seeded Monte Carlo in float64, marked as such wherever it is shown.

Each uncertain input is drawn from a triangle over its low, expected and high value. Inputs of one key move together, in every part and
every option. The same seed gives the same draws for a key whatever else is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from advisor.cost.breakeven import MOST_REQUESTS, Line, Numbers, straightened
from advisor.cost.inputs import Input
from advisor.cost.parts import Bill

Array: TypeAlias = NDArray[np.float64]
DRAWS = 5_000
SEED = 20_261_124
PERCENTILES = (10, 50, 90)
MOST_DRIVERS = 3


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of all draws; infinite where the break-even is not reached."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Driver:
    """An uncertain input and how much of the spread follows it."""

    name: str
    share: float
    """Of the squared rank correlations of all inputs, from 0 to 1."""


class Draws:
    """One set of draws."""

    def __init__(self, count: int = DRAWS, seed: int = SEED) -> None:
        self.count = count
        self.seed = seed
        self._uniform: dict[str, Array] = {}
        self._values: dict[int, tuple[Input, Array]] = {}
        zero = np.zeros(count)
        self.numbers: Numbers[Array] = Numbers(self.value, np.maximum, zero, zero + 1)

    def uniform(self, key: str) -> Array:
        """Where in its range each draw of a key lies."""
        if key not in self._uniform:
            self._uniform[key] = np.random.Generator(np.random.PCG64([self.seed, crc32(key.encode())])).random(self.count)
        return self._uniform[key]

    def value(self, item: Input) -> Array:
        """What the product is multiplied by in each draw."""
        found = self._values.get(id(item))
        if found is None:
            found = self._values[id(item)] = (item, self._drawn(item))  # the input is kept, so that its id stays its own
        return found[1]

    def _drawn(self, item: Input) -> Array:
        span = item.drawn or item.range
        low, middle, high = float(span.low), float(span.expected), float(span.high)
        if not item.key or low == high:
            drawn = np.full(self.count, middle)
        else:
            place = self.uniform(item.key)
            drawn = _triangle(low, middle, high, 1 - place if item.mirrored else place)
        scale = float(item.scale)
        return scale / drawn if item.divides else scale * drawn

    def line(self, bill: Bill) -> Line[Array]:
        """The bill as one number a draw for each of its coefficients."""
        return straightened(bill, self.numbers)

    def drivers(self, bills: Sequence[Bill], outcome: Array) -> list[Driver]:
        """The inputs that the outcome follows most closely, first the closest."""
        names = {item.key: item.name for bill in bills for item in _uncertain(bill)}
        ranks = _ranks(outcome)
        if not names or np.ptp(ranks) == 0:
            return []
        found = [(float(np.corrcoef(self.uniform(key), ranks)[0, 1] ** 2), name) for key, name in names.items()]
        total = sum(square for square, _ in found)
        return [Driver(name, square / total) for square, name in sorted(found, key=lambda pair: (-pair[0], pair[1]))[:MOST_DRIVERS]]


def _ranks(outcome: Array) -> Array:
    """Places in order; equal outcomes, such as a break-even that is never reached, share one place."""
    _, places, counts = np.unique(outcome, return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - (counts - 1) / 2
    ranked: Array = middles[places]
    return ranked


def _triangle(low: float, middle: float, high: float, place: Array) -> Array:
    """The value below which that share of a triangular distribution lies."""
    bend = (middle - low) / (high - low)
    rising = low + np.sqrt(place * (high - low) * (middle - low))
    falling = high - np.sqrt((1 - place) * (high - low) * (high - middle))
    return np.where(place < bend, rising, falling)


def _uncertain(bill: Bill) -> list[Input]:
    stairs = bill.stairs
    machines = [*stairs.busy, *stairs.held, stairs.live, stairs.peak, stairs.hours, stairs.room] if stairs else []
    everything = [item for part in bill.parts for item in part.inputs] + machines
    return [item for item in everything if item.key and (item.drawn or item.range).low != (item.drawn or item.range).high]


def usd_drawn(line: Line[Array], requests: float) -> Array:
    """US dollars of a month, in each draw."""
    total = line.fixed + line.per_request * requests
    if line.share is None:
        return total
    machines = np.maximum(1.0, np.ceil(requests * line.share)) + np.round(line.spare)
    bought = np.maximum(0.0, machines * line.gpus - line.owned)
    drawn: Array = total + line.per_machine * machines + line.per_gpu * bought
    return drawn


def percentiles(outcome: Array) -> Percentiles:
    """Without interpolation, so that a draw that never breaks even stays infinite."""
    return Percentiles(*(float(np.quantile(outcome, p / 100, method="inverted_cdf")) for p in PERCENTILES))


def break_even_drawn(own: Line[Array], service: Line[Array], limit: int = MOST_REQUESTS) -> Array:
    """The least volume at which running it yourself costs no more, in each draw; infinite where there is none up to the limit."""
    if own.share is None:
        raise ValueError("the first way has no machines")
    spare = np.round(own.spare)
    free = np.floor(own.owned / own.gpus) - spare
    start = own.fixed - service.fixed + own.per_machine * spare
    bought = start + own.per_gpu * (spare * own.gpus - own.owned)
    there = _meeting(own, service, start, own.per_machine, np.ones_like(start), np.where(own.per_gpu > 0, free, np.inf))
    to_buy = _meeting(own, service, bought, own.per_machine + own.per_gpu * own.gpus, np.maximum(1.0, free + 1), np.inf + start * 0)
    found = np.minimum(there, to_buy)
    small = usd_drawn(own, 1.0) <= usd_drawn(service, 1.0)
    found = np.where(small, 1.0, found)
    return np.where(found <= limit, found, np.inf)


def _meeting(own: Line[Array], service: Line[Array], start: Array, step_usd: Array, least: Array, most: Array) -> Array:
    """As `breakeven._first_step`, for all draws at once."""
    assert own.share is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = service.per_request - own.per_request
        a, b, capacity = start / gain, step_usd / gain, 1 / own.share
        step = np.where(capacity > b, np.maximum(least, np.ceil(a / (capacity - b))), least)
        meeting = a + b * step
        inside = (gain > 0) & (meeting <= capacity * step * (1 + 1e-12)) & (step <= most)
        begin = np.floor(capacity * (step - 1)) + 1
        return np.where(inside, np.maximum(np.maximum(1.0, begin), np.ceil(meeting)), np.inf)
