"""
From rates at some lengths of request to the time of any request: three costs that are never negative.

    seconds = a × input + b × output + c × output × (input + output / 2)

`a` reads a token of input, `b` writes a token, and `c` reads the cache of one token again for each token written after it. They are the
least squares of the relative error, over all sets of the three that come out above zero. In decimal numbers, so that the same points give
the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

ALIKE = Decimal("1.25")
"""Lengths within this factor of each other tell nothing of how the time depends on them."""

Shape = tuple[int, int, Decimal]
"""Input tokens, output tokens, output tokens per second."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Machine seconds for a token of input, a token of output, and a token of cache at each token of output."""

    reading: Decimal
    writing: Decimal
    recalling: Decimal

    def seconds(self, given: Decimal, produced: Decimal) -> Decimal:
        """Of a whole machine, for one request."""
        return sum((cost * amount for cost, amount in zip(self._all(), _amounts(given, produced), strict=True)), Decimal(0))

    def _all(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.reading, self.writing, self.recalling


def distinct(shapes: Sequence[Shape]) -> int:
    """How many lengths differ enough to learn from."""
    kept: list[tuple[int, int]] = []
    for given, produced, _ in sorted(shapes):
        if not any(_alike(given, i) and _alike(produced, o) for i, o in kept):
            kept.append((given, produced))
    return len(kept)


def _alike(one: int, other: int) -> bool:
    return max(one, other) <= ALIKE * min(one, other)


@lru_cache(maxsize=4096)
def fitted(shapes: tuple[Shape, ...], ratio: Decimal) -> Costs:
    """The costs that fit the rates best. Rates at one length alone are split by `ratio`, input tokens read in the time of one written."""
    told = min(3, distinct(shapes))
    if told < 2:
        return _split(shapes, ratio)
    rows = [_relative(shape) for shape in shapes]
    best: tuple[Decimal, Costs] | None = None
    for size in range(told, 0, -1):
        for chosen in combinations(range(3), size):
            costs = _least_squares(rows, chosen)
            error = _error(rows, costs) if costs else None
            if costs and error is not None and (best is None or error < best[0]):
                best = (error, costs)
    return best[1] if best else _split(shapes, ratio)


def _amounts(given: Decimal, produced: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    return given, produced, produced * (given + produced / 2)


def _relative(shape: Shape) -> tuple[Decimal, Decimal, Decimal]:
    """What a request asks of each cost, per second that it took: at the true costs these sum to one."""
    given, produced, rate = shape
    took = produced / rate
    reading, writing, recalling = _amounts(Decimal(given), Decimal(produced))
    return reading / took, writing / took, recalling / took


def _split(shapes: Sequence[Shape], ratio: Decimal) -> Costs:
    """Of rates at one length the middle one."""
    given, produced, rate = sorted(shapes, key=lambda s: s[2])[(len(shapes) - 1) // 2]
    writing = 1 / rate / (1 + Decimal(given) / produced / ratio)
    return Costs(writing / ratio, writing, Decimal(0))


def _error(rows: Sequence[Sequence[Decimal]], costs: Costs) -> Decimal:
    parts = (costs.reading, costs.writing, costs.recalling)
    return sum(((sum((p * x for p, x in zip(parts, row, strict=True)), Decimal(0)) - 1) ** 2 for row in rows), Decimal(0))


def _least_squares(rows: Sequence[Sequence[Decimal]], chosen: Sequence[int]) -> Costs | None:
    """The chosen costs by the normal equations; None where they are not told apart, or one is not above zero."""
    equations = [[*(sum((r[i] * r[j] for r in rows), Decimal(0)) for j in chosen), sum((r[i] for r in rows), Decimal(0))] for i in chosen]
    found = _solved(equations)
    if found is None or min(found) <= 0:
        return None
    costs = [Decimal(0)] * 3
    for place, value in zip(chosen, found, strict=True):
        costs[place] = value
    return Costs(*costs)


def _solved(equations: list[list[Decimal]]) -> list[Decimal] | None:
    """Gauss and Jordan; the matrix is symmetric and not negative, so that the diagonal serves as pivots."""
    size = len(equations)
    for step in range(size):
        pivot = equations[step][step]
        if pivot <= 0:
            return None
        equations[step] = [value / pivot for value in equations[step]]
        for other in range(size):
            if other != step:
                factor = equations[other][step]
                equations[other] = [value - factor * own for value, own in zip(equations[other], equations[step], strict=True)]
    return [row[size] for row in equations]
