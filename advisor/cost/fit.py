"""
From rates at some lengths of request to the time of any request: three costs that are never negative.

    seconds = a × input + b × output + c × output × (input + output / 2)

`a` reads a token of input, `b` writes a token, and `c` reads the cache of one token again for each token written after it. They are the
least squares of the relative error, over all sets of the three that come out above zero, pulled a little towards how the three stand to
each other on a typical machine: few rates, or rates at lengths that are alike, do not tell the costs apart. In decimal numbers, so that
the same points give the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

ALIKE = Decimal("1.25")
"""Lengths within this factor of each other tell nothing of how the time depends on them."""

PULL = Decimal("0.1")
"""How much the typical machine counts: a cost twice the typical one weighs as much as a rate met 10 % off. Chosen for the least error of
measurements left out (benchmarks/sizing.py)."""

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


def typical(read: Decimal, recalled: Decimal) -> Costs:
    """How costs stand to each other, by the tokens of input read, and those of cache recalled, in the time that one is written."""
    return Costs(1 / read, Decimal(1), 1 / recalled)


def fitted(shapes: Sequence[Shape], usual: Costs) -> Costs:
    """The costs that fit the rates best; of rates at one length, those of a machine that is as usual but for its pace."""
    scale = _scale(shapes, usual)
    rows = [[*(x * unit for x, unit in zip(_relative(shape), scale, strict=True)), Decimal(1)] for shape in shapes]
    rows += [[PULL if i == j else Decimal(0) for j in range(3)] + [PULL] for i in range(3)]
    best: tuple[Decimal, list[Decimal]] | None = None
    for size in (3, 2, 1):
        for chosen in combinations(range(3), size):
            found = _least_squares(rows, chosen)
            error = _error(rows, found) if found else None
            if found and error is not None and (best is None or error < best[0]):
                best = (error, found)
        if best and size == 3:
            break  # the least over all three is the least of all
    if best is None:
        raise ValueError("no costs fit rates that are all above zero")
    return Costs(*(value * unit for value, unit in zip(best[1], scale, strict=True)))


def _scale(shapes: Sequence[Shape], usual: Costs) -> tuple[Decimal, Decimal, Decimal]:
    """The usual costs at the pace of the middle rate."""
    parts = (usual.reading, usual.writing, usual.recalling)
    middle = sorted(sum(x * part for x, part in zip(_relative(shape), parts, strict=True)) for shape in shapes)[(len(shapes) - 1) // 2]
    return parts[0] / middle, parts[1] / middle, parts[2] / middle


def _amounts(given: Decimal, produced: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    return given, produced, produced * (given + produced / 2)


def _relative(shape: Shape) -> tuple[Decimal, Decimal, Decimal]:
    """What a request asks of each cost, per second that it took: at the true costs these sum to one."""
    given, produced, rate = shape
    took = produced / rate
    reading, writing, recalling = _amounts(Decimal(given), Decimal(produced))
    return reading / took, writing / took, recalling / took


def _error(rows: Sequence[Sequence[Decimal]], found: Sequence[Decimal]) -> Decimal:
    return sum(((sum((p * x for p, x in zip(found, row[:3], strict=True)), Decimal(0)) - row[3]) ** 2 for row in rows), Decimal(0))


def _least_squares(rows: Sequence[Sequence[Decimal]], chosen: Sequence[int]) -> list[Decimal] | None:
    """The chosen costs by the normal equations, the others zero; None where one is not above zero."""
    equations = [[sum((row[i] * row[j] for row in rows), Decimal(0)) for j in (*chosen, 3)] for i in chosen]
    found = _solved(equations)
    if found is None or min(found) <= 0:
        return None
    costs = [Decimal(0)] * 3
    for place, value in zip(chosen, found, strict=True):
        costs[place] = value
    return costs


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
