"""
What an example can show of a rule: a verdict, a duty, a part of a condition, an open fact, a limit, a date.

One closed form of data. Here a case is held against it; the solver reads the same goals to find a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never

from advisor.audit.examples.cases import Case, arm_number, facts_of
from advisor.possible import Interval, is_settled
from advisor.rulebook.condition import Answer, Condition, Limit
from advisor.rulebook.rule import Owed, Rule, Verdict


@dataclass(frozen=True, slots=True)
class Reaches:
    """The rule gives this verdict, under this arm; None: no arm is in force."""

    verdict: Verdict
    arm: int | None


@dataclass(frozen=True, slots=True)
class Holds:
    """A condition surely holds (or surely does not), while the others surely hold."""

    condition: Condition
    wanted: bool
    arm: int | None = None
    """None: any arm."""
    others: tuple[Condition, ...] = ()
    in_scope: bool = False
    """The scope of the arm, exceptions aside, surely holds too."""
    of_duty: bool = False
    """The example states what becomes of the duty, so the rule is met too."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The example states that this becomes of the duty, and it does."""

    duty: Owed


@dataclass(frozen=True, slots=True)
class Open:
    """Only this fact is not settled, of all that the arm reads, and the verdict is unknown."""

    fact: str
    arm: int


@dataclass(frozen=True, slots=True)
class At:
    """A number is known, and is this far from a limit, or from an answer that is known too."""

    fact: str
    limit: Limit | Answer
    offset: float
    arm: int | None


@dataclass(frozen=True, slots=True)
class On:
    """The example is dated on this day."""

    day: date


Goal: TypeAlias = Reaches | Leaves | Holds | Open | At | On


def shown(goal: Goal, rule: Rule, case: Case) -> bool:
    """Whether a case shows what is wanted of the rule."""
    number = arm_number(rule, case.as_of)
    if isinstance(goal, On):
        return case.as_of == goal.day
    if isinstance(goal, Reaches):
        return number == goal.arm and case.gives(rule) == goal.verdict
    if isinstance(goal, Leaves):
        return case.example.duty == goal.duty == case.leaves(rule)
    if number is None or goal.arm not in (None, number):
        return False
    arm = rule.arms[number]
    match goal:
        case Holds():
            surely = (*goal.others, *([arm.applies] if goal.in_scope else []))
            if goal.of_duty and (case.example.duty is None or case.gives(rule) != "complies"):
                return False
            truth = case.holds(goal.condition)
            return (truth.must if goal.wanted else not truth.may) and all(case.holds(other).must for other in surely)
        case Open(fact):
            others = [name for name in facts_of(rule, arm) if name != fact]
            alone = not is_settled(case.known[fact]) and all(is_settled(case.known[name]) for name in others)
            return alone and case.gives(rule) == "unknown"
        case At(fact, limit, offset):
            return _at(case, fact, limit, offset)
        case _:
            assert_never(goal)


def states_duty(goal: Goal) -> bool:
    """Whether only an example that states what becomes of the duty can show this."""
    return isinstance(goal, Leaves) or (isinstance(goal, Holds) and goal.of_duty)


def _at(case: Case, fact: str, limit: Limit | Answer, offset: float) -> bool:
    value = case.known[fact]
    edge = Interval(limit.value, limit.value) if isinstance(limit, Limit) else case.known[limit.fact]
    if not isinstance(value, Interval) or not isinstance(edge, Interval) or not is_settled(value) or not is_settled(edge):
        return False
    return value.lo == shifted(edge.lo, offset)


def shifted(value: float, offset: float) -> float:
    """A number moved by a step, without the noise of binary fractions."""
    return round(value + offset, 10)


def step(limit: float, whole: bool) -> float:
    """
    The smallest step that is asked about around a limit: 1 for whole numbers, else 1 in the last decimal place in which it is written.

    So 30 is tried with 29 and 31, and 0.75 with 0.74 and 0.76.
    """
    decimals = 0 if whole or limit == int(limit) else len(f"{limit:.10f}".rstrip("0").partition(".")[2])
    return 10.0**-decimals
