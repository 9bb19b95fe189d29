"""
The condition tree: the one closed form in which every rule states when it applies and what it requires.

Only data. English, SQL and the explaining evaluator read it; none of them stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Operator: TypeAlias = Literal[
    "is", "one_of",
    "at_most", "at_least", "below", "above",
    "has", "has_any", "has_all",
    "within", "outside",
]  # fmt: skip

OPERATORS: tuple[Operator, ...] = get_args(Operator)

OPERATORS_BY_KIND: dict[str, tuple[Operator, ...]] = {
    "choice": ("is", "one_of"),
    "yes-no": ("is", "one_of"),
    "number": ("at_most", "at_least", "below", "above"),
    "held": ("has", "has_any", "has_all"),
    "places": ("within", "outside"),
}


@dataclass(frozen=True, slots=True)
class Values:
    """One value or several, written in the rule."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A number written in the rule."""

    value: float


@dataclass(frozen=True, slots=True)
class Group:
    """A dated group of countries, such as `eea`."""

    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person answered under this key."""

    key: str

    @property
    def fact(self) -> str:
        return f"use.{self.key}"


Operand: TypeAlias = Values | Limit | Group | Answer


@dataclass(frozen=True, slots=True)
class Test:
    """One fact against one operand."""

    __test__ = False  # keeps pytest from collecting it

    fact: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no parts it always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; with no parts it never holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = All | AnyOf | Not | Test

ALWAYS = All(())


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, in reading order."""
    match condition:
        case Test():
            yield condition
        case Not(part):
            yield from tests(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests(part)


def facts_read(condition: Condition) -> tuple[str, ...]:
    """The names of all facts a condition reads, answers behind `{answer: …}` included, each once, in reading order."""
    names: dict[str, None] = {}
    for test in tests(condition):
        names[test.fact] = None
        if isinstance(test.operand, Answer):
            names[test.operand.fact] = None
    return tuple(names)
