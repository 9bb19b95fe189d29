"""
Reading as SQL: a condition to two expressions over the option table, one for *must hold*, one for *may hold*.

Answers are constants: what they settle is folded to true or false before any SQL is written. Each distinct test of a fact becomes
one column of an inner query, so that the statement stays short however many rules ask the same thing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import All, AnyOf, Condition, Not, Operand, Test
from advisor.rulebook.encoding import Layout
from advisor.rulebook.truth import truth

Sql: TypeAlias = str | bool
"""A Boolean expression, or its value where that is settled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A condition as SQL. Neither part is ever NULL."""

    must: Sql
    may: Sql


@dataclass
class Reader:
    """Reads conditions for one set of answers; collects the tests they need."""

    layouts: Mapping[str, Layout]
    answer: Callable[[str], Possible]
    """What is possible of a `use.` fact."""
    operand: Callable[[Operand], Possible]
    """What is possible of the right-hand side of a test; the same for every option."""
    tests: dict[str, str] = field(default_factory=dict)
    """SQL of each distinct test, to the name of its column."""
    _read: dict[Test, Reading] = field(default_factory=dict)

    def reading(self, condition: Condition) -> Reading:
        match condition:
            case Test():
                if condition not in self._read:
                    self._read[condition] = self._test(condition)
                return self._read[condition]
            case Not(part):
                inner = self.reading(part)
                return Reading(negated(inner.may), negated(inner.must))
            case All(parts):
                readings = [self.reading(part) for part in parts]
                return Reading(conjoined(r.must for r in readings), conjoined(r.may for r in readings))
            case AnyOf(parts):
                readings = [self.reading(part) for part in parts]
                return Reading(disjoined(r.must for r in readings), disjoined(r.may for r in readings))
            case _:
                assert_never(condition)

    def _test(self, test: Test) -> Reading:
        operand = self.operand(test.operand)
        layout = self.layouts.get(test.fact)
        if layout is None:
            value = truth(self.answer(test.fact), test.operator, operand)
            return Reading(value.must, value.may)
        match operand:
            case Interval():
                must, may = _compared(layout, test, operand)
            case Choice() | Members() if layout.fact.kind in ("choice", "yes-no"):
                must, may = _chosen(layout, operand)
            case Choice() | Members():
                must, may = _contained(layout, test, operand)
        return Reading(self._column(must), self._column(may))

    def _column(self, expression: Sql) -> Sql:
        if isinstance(expression, bool):
            return expression
        return self.tests.setdefault(expression, f"t{len(self.tests)}")


def _compared(layout: Layout, test: Test, k: Interval) -> tuple[Sql, Sql]:
    lo, hi = layout.columns
    least, most = _literal(k.lo), _literal(k.hi)
    match test.operator:
        case "at_most":
            return f"{hi} <= {least}", f"{lo} <= {most}"
        case "at_least":
            return f"{lo} >= {most}", f"{hi} >= {least}"
        case "below":
            return f"{hi} < {least}", f"{lo} < {most}"
        case "above":
            return f"{lo} > {most}", f"{hi} > {least}"
    raise TypeError(f"{test.operator} does not compare numbers")


def _literal(limit: float) -> str:
    return repr(limit) if math.isfinite(limit) else f"'{limit}'::DOUBLE"


def _chosen(layout: Layout, operand: Choice | Members) -> tuple[Sql, Sql]:
    wanted = operand.possible
    may = _meets(layout, wanted)
    if isinstance(operand, Choice):
        return (_inside(layout, wanted) if len(wanted) == 1 else False), may
    return _inside(layout, operand.certain), may


def _contained(layout: Layout, test: Test, operand: Choice | Members) -> tuple[Sql, Sql]:
    if isinstance(operand, Choice):
        return _against_one(layout, test, operand.possible)
    match test.operator:
        case "has" | "has_any":
            return _meets(layout, operand.certain, certain=True), _meets(layout, operand.possible)
        case "has_all":
            return _holds(layout, operand.possible), _holds(layout, operand.certain, certain=False)
        case "within":
            return _inside(layout, operand.certain), _inside(layout, operand.possible, certain=True)
        case "outside":
            return negated(_meets(layout, operand.possible)), negated(_meets(layout, operand.certain, certain=True))
    raise TypeError(f"{test.operator} does not test a set")


def _against_one(layout: Layout, test: Test, wanted: frozenset[str]) -> tuple[Sql, Sql]:
    """A set against one value of which only the alternatives are known."""
    match test.operator:
        case "has" | "has_any" | "has_all":
            return _holds(layout, wanted), _meets(layout, wanted)
        case "within":
            alone = wanted if len(wanted) == 1 else frozenset[str]()
            count = " + ".join(f"bit_count({column})" for column in _columns(layout, certain=True))
            return _inside(layout, alone), conjoined([f"({count}) <= 1", _inside(layout, wanted, certain=True)])
        case "outside":
            return negated(_meets(layout, wanted)), negated(_holds(layout, wanted))
    raise TypeError(f"{test.operator} does not test a set")


def _columns(layout: Layout, certain: bool) -> list[str]:
    return [(layout.certain_column if certain else layout.possible_column)(word) for word in range(layout.words)]


def _meets(layout: Layout, values: frozenset[str], certain: bool = False) -> Sql:
    """The stored set and the values have something in common."""
    return disjoined(f"({c} & {m}) <> 0" for c, m in zip(_columns(layout, certain), layout.masks(values), strict=True) if m)


def _holds(layout: Layout, values: frozenset[str], certain: bool = True) -> Sql:
    """The stored set holds every value. A value that no option can have makes it false."""
    if not values <= layout.bits.keys():
        return False
    return conjoined(f"({c} & {m}) = {m}" for c, m in zip(_columns(layout, certain), layout.masks(values), strict=True) if m)


def _inside(layout: Layout, values: frozenset[str], certain: bool = False) -> Sql:
    """The stored set lies within the values."""
    outside = layout.masks(layout.bits.keys() - values)
    return conjoined(f"({c} & {m}) = 0" for c, m in zip(_columns(layout, certain), outside, strict=True) if m)


def negated(expression: Sql) -> Sql:
    return not expression if isinstance(expression, bool) else f"NOT ({expression})"


def conjoined(expressions: Iterable[Sql]) -> Sql:
    parts = list(dict.fromkeys(expressions))
    if False in parts:
        return False
    texts = [p for p in parts if isinstance(p, str)]
    return True if not texts else texts[0] if len(texts) == 1 else "(" + " AND ".join(texts) + ")"


def disjoined(expressions: Iterable[Sql]) -> Sql:
    parts = list(dict.fromkeys(expressions))
    if True in parts:
        return True
    texts = [p for p in parts if isinstance(p, str)]
    return False if not texts else texts[0] if len(texts) == 1 else "(" + " OR ".join(texts) + ")"
