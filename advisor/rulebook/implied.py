"""
What one test says about another of the same fact: that both cannot hold, or that one holds whenever the other does.

Only what shows in the tests as they are written; groups of countries change with the date and are compared by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from advisor.rulebook.condition import Limit, Test, Values
from advisor.vocabulary import YES_NO, Vocabulary


@dataclass(frozen=True)
class Literal:
    """A test, or its denial."""

    test: Test
    holds: bool
    vocabulary: Vocabulary

    @property
    def denied(self) -> Literal:
        return Literal(self.test, not self.holds, self.vocabulary)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The same for two spellings of one test."""
        operand = self.test.operand
        value = frozenset(operand.values) if isinstance(operand, Values) else operand
        one = isinstance(value, frozenset) and len(value) == 1
        operator = {"is": "one_of", "has": "has_any", "has_all": "has_any" if one else "has_all"}.get(
            self.test.operator, self.test.operator
        )
        return self.test.fact, operator, value

    @cached_property
    def allowed(self) -> frozenset[str] | None:
        """For a choice against written values: the values with which it holds."""
        fact, operand = self.vocabulary.facts[self.test.fact], self.test.operand
        if fact.kind not in ("choice", YES_NO) or not isinstance(operand, Values):
            return None
        values = frozenset(operand.values)
        return values if self.holds else self.vocabulary.values(fact) - values

    @cached_property
    def range(self) -> tuple[tuple[float, int], tuple[float, int]] | None:
        """For a number against a written one: both ends, where (5, 1) lies just above 5 and (5, -1) just below."""
        if not isinstance(self.test.operand, Limit):
            return None
        fact, k = self.vocabulary.facts[self.test.fact], self.test.operand.value
        low = (-math.inf, 0) if fact.least is None else (fact.least, 0)
        high = (math.inf, 0) if fact.most is None else (fact.most, 0)
        match self.test.operator, self.holds:
            case ("at_most", True) | ("above", False):
                return low, min(high, (k, 0))
            case ("below", True) | ("at_least", False):
                return low, min(high, (k, -1))
            case ("at_least", True) | ("below", False):
                return max(low, (k, 0)), high
            case _:
                return max(low, (k, 1)), high

    @property
    def never(self) -> bool:
        """Whether no value of the fact meets it."""
        if self.range is not None:
            return self.range[0] > self.range[1]
        if self.allowed is not None:
            return not self.allowed
        if self.test.operand == Values(()):
            return self.holds == (self.test.operator == "has_any")
        return False

    @property
    def always(self) -> bool:
        """Whether every value of the fact meets it."""
        return self.denied.never

    @property
    def constant(self) -> bool:
        return self.always or self.never

    def same(self, other: Literal) -> bool:
        return self.key == other.key and self.holds == other.holds

    def excludes(self, other: Literal) -> bool:
        """Whether both cannot hold at once."""
        return self.implies(other.denied)

    def implies(self, other: Literal) -> bool:
        """Whether the other holds wherever this one does, as far as the writing shows it."""
        if self.test.fact != other.test.fact:
            return False
        if self.key == other.key:
            return self.holds == other.holds
        if self.range is not None and other.range is not None:
            return other.range[0] <= self.range[0] and self.range[1] <= other.range[1]
        if self.allowed is not None and other.allowed is not None:
            return self.allowed <= other.allowed
        if self.holds == other.holds and isinstance(self.test.operand, Values) and isinstance(other.test.operand, Values):
            return _includes(self, other) if self.holds else _includes(other.denied, self.denied)
        return False


def _includes(left: Literal, right: Literal) -> bool:
    """For two tests of one set that both stand undenied against written values."""
    have, want = left.key[2], right.key[2]
    if not isinstance(have, frozenset) or not isinstance(want, frozenset):
        return False
    implied = left.vocabulary.implied(left.test.fact, have)
    match left.key[1], right.key[1]:
        case "has_any", "has_any":
            return all(left.vocabulary.implied(left.test.fact, frozenset({value})) & want for value in have)
        case "has_any", "has_all":
            return len(have) == 1 and want <= implied
        case "has_all", "has_all":
            return want <= implied
        case "has_all", "has_any":
            return bool(want & implied)
        case "within", "within":
            return have <= want
        case "outside", "outside":
            return want <= have
    return False
