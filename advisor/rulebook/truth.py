"""
What one test says of everything still possible: must it hold, may it hold.

This is the table of tests; `all`, `any` and `not` combine its rows. Used to fold answers and to explain; SQL states the same for options.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import Operator

Number = TypeVar("Number", float, Any)


@dataclass(frozen=True, slots=True)
class Truth:
    """Two plain truth values. `must` never holds where `may` does not."""

    must: bool
    may: bool

    def __invert__(self) -> Truth:
        return Truth(not self.may, not self.must)

    @property
    def word(self) -> str:
        return "yes" if self.must else "unknown" if self.may else "no"


TRUE = Truth(True, True)
FALSE = Truth(False, False)


def truth(fact: Possible, operator: Operator, operand: Possible) -> Truth:
    """The truth of one test. Fact and operand have the shapes that the fact's kind demands; values of a rule are fully known."""
    match fact, operand:
        case Interval(), Interval():
            return _compared(fact, operator, operand)
        case Choice(possible), Choice() | Members():
            wanted = operand.possible if isinstance(operand, Choice) else operand.certain
            if isinstance(operand, Choice):
                return Truth(len(wanted) == 1 and possible <= wanted, bool(possible & wanted))
            return Truth(possible <= wanted, bool(possible & operand.possible))
        case Members(), Choice() | Members():
            return _contained(fact, operator, operand)
    raise TypeError(f"no test {operator} between {fact!r} and {operand!r}")


def _compared(x: Interval, operator: Operator, k: Interval) -> Truth:
    return Truth(*compared(x.lo, x.hi, operator, k))


def compared(lo: Number, hi: Number, operator: Operator, k: Interval) -> tuple[Any, Any]:
    """Must and may of a comparison, for one number between `lo` and `hi` or for arrays of them."""
    match operator:
        case "at_most":
            return hi <= k.lo, lo <= k.hi
        case "at_least":
            return lo >= k.hi, hi >= k.lo
        case "below":
            return hi < k.lo, lo < k.hi
        case "above":
            return lo > k.hi, hi > k.lo
        case "is" | "one_of" | "has" | "has_any" | "has_all" | "within" | "outside":
            raise TypeError(f"{operator} does not compare numbers")
        case _:
            assert_never(operator)


def _contained(x: Members, operator: Operator, operand: Choice | Members) -> Truth:
    if isinstance(operand, Choice):
        return _against_one(x, operator, operand.possible)
    match operator:
        case "has" | "has_any":
            return Truth(bool(operand.certain & x.certain), bool(operand.possible & x.possible))
        case "has_all":
            return Truth(operand.possible <= x.certain, operand.certain <= x.possible)
        case "within":
            return Truth(x.possible <= operand.certain, x.certain <= operand.possible)
        case "outside":
            return Truth(not x.possible & operand.possible, not x.certain & operand.certain)
        case "is" | "one_of" | "at_most" | "at_least" | "below" | "above":
            raise TypeError(f"{operator} does not test a set")
        case _:
            assert_never(operator)


def _against_one(x: Members, operator: Operator, wanted: frozenset[str]) -> Truth:
    """A set against one value of which only the alternatives are known."""
    match operator:
        case "has" | "has_any" | "has_all":
            return Truth(wanted <= x.certain, bool(wanted & x.possible))
        case "within":
            alone = len(wanted) == 1 or not x.possible
            return Truth(alone and x.possible <= wanted, len(x.certain) <= 1 and x.certain <= wanted)
        case "outside":
            return Truth(not wanted & x.possible, not wanted <= x.certain)
        case "is" | "one_of" | "at_most" | "at_least" | "below" | "above":
            raise TypeError(f"{operator} does not test a set")
        case _:
            assert_never(operator)
