"""
What may be known of a fact: everything still possible, never a guess.

Four kinds of fact, three shapes. Unknown is the widest value of its shape, a dispute is the union of its claims.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Interval:
    """A number between `lo` and `hi`, both included."""

    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these values, and never none."""

    possible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Members:
    """A set that holds every certain value and no value that is not possible."""

    certain: frozenset[str]
    possible: frozenset[str]


Possible: TypeAlias = Interval | Choice | Members

ANY_NUMBER = Interval(-math.inf, math.inf)


def exactly(*values: str) -> Members:
    """A set that is known completely."""
    known = frozenset(values)
    return Members(known, known)


def number(value: float) -> Interval:
    return Interval(value, value)


def choice(*values: str) -> Choice:
    return Choice(frozenset(values))


def is_settled(value: Possible) -> bool:
    """True when only one value is left."""
    match value:
        case Interval(lo, hi):
            return lo == hi
        case Choice(possible):
            return len(possible) == 1
        case Members(certain, possible):
            return certain == possible


def union(values: Iterable[Possible]) -> Possible:
    """What is possible when any of these may be the true one. The values share a shape; at least one is given."""
    first, *others = values
    match first:
        case Interval():
            intervals = [first, *(v for v in others if isinstance(v, Interval))]
            return Interval(min(v.lo for v in intervals), max(v.hi for v in intervals))
        case Choice():
            return Choice(first.possible.union(*(v.possible for v in others if isinstance(v, Choice))))
        case Members():
            sets = [v for v in others if isinstance(v, Members)]
            return Members(first.certain.intersection(*(v.certain for v in sets)), first.possible.union(*(v.possible for v in sets)))
