"""
The slow, obvious evaluator: the table of `semantics.md` section 2, written down once more, one test at a time, and nothing else.

It shares only plain data with the engine (conditions, what is possible) and none of its readings. It is itself held to the worlds:
what must hold holds in every world that is still possible, what may not hold holds in none.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values
from advisor.rulebook.rule import Arm, Rule, RuleException, Verdict

Facts: TypeAlias = Callable[[str], Possible]
Groups: TypeAlias = Mapping[str, frozenset[str]]
"""The members of each group on the date of the question, short names of the groups inside it among them."""


@dataclass(frozen=True)
class Oracle:
    """Answers *must it hold* and *may it hold*, apart from each other."""

    groups: Groups

    def must(self, condition: Condition, facts: Facts) -> bool:
        match condition:
            case All(parts):
                return all(self.must(part, facts) for part in parts)
            case AnyOf(parts):
                return any(self.must(part, facts) for part in parts)
            case Not(part):
                return not self.may(part, facts)
            case Test():
                return must_test(facts(condition.fact), condition.operator, self.operand(condition.operand, facts))

    def may(self, condition: Condition, facts: Facts) -> bool:
        match condition:
            case All(parts):
                return all(self.may(part, facts) for part in parts)
            case AnyOf(parts):
                return any(self.may(part, facts) for part in parts)
            case Not(part):
                return not self.must(part, facts)
            case Test():
                return may_test(facts(condition.fact), condition.operator, self.operand(condition.operand, facts))

    def operand(self, operand: Operand, facts: Facts) -> Possible:
        match operand:
            case Limit(value):
                return Interval(value, value)
            case Values(values):
                return Members(frozenset(values), frozenset(values))
            case Group(name):
                return Members(self.groups[name], self.groups[name])
            case Answer(key):
                return facts(f"use.{key}")

    def verdict(self, rule: Rule, arm: Arm | None, facts: Facts) -> Verdict:
        """Section 3, sentence by sentence."""
        if arm is None:
            return "not_in_force"
        applies = self.reach(arm.applies, rule.exceptions)
        if not self.may(applies, facts):
            return "not_applicable"
        if rule.effect == "weigh":  # its points count where it surely applies; it requires nothing
            return "complies" if self.must(applies, facts) else "unknown"
        if self.must(arm.requires, facts):
            return "complies"
        if self.must(applies, facts) and not self.may(arm.requires, facts):
            return "breaches"
        return "unknown"

    def reach(self, condition: Condition, exceptions: Iterable[RuleException]) -> Condition:
        """`applies and not exception`, for each exception, which has exceptions in turn."""
        for exception in exceptions:
            condition = All((condition, Not(self.reach(exception.when, exception.exceptions))))
        return condition


def must_test(fact: Possible, operator: str, operand: Possible) -> bool:
    if isinstance(operand, Choice):  # one value that is not known yet: it must hold whichever it is
        return all(must_test(fact, operator, Members(frozenset({v}), frozenset({v}))) for v in operand.possible)
    match fact, operand:
        case Interval() as x, Interval() as k:
            return {"at_most": x.hi <= k.lo, "below": x.hi < k.lo, "at_least": x.lo >= k.hi, "above": x.lo > k.hi}[operator]
        case Choice() as x, Members() as s:
            return x.possible <= s.certain
        case Members() as x, Members() as s:
            return {
                "has": bool(x.certain & s.certain),
                "has_any": bool(x.certain & s.certain),
                "has_all": s.possible <= x.certain,
                "within": x.possible <= s.certain,
                "outside": not x.possible & s.possible,
            }[operator]
    raise TypeError(f"{operator} between {fact} and {operand}")


def may_test(fact: Possible, operator: str, operand: Possible) -> bool:
    if isinstance(operand, Choice):
        return any(may_test(fact, operator, Members(frozenset({v}), frozenset({v}))) for v in operand.possible)
    match fact, operand:
        case Interval() as x, Interval() as k:
            return {"at_most": x.lo <= k.hi, "below": x.lo < k.hi, "at_least": x.hi >= k.lo, "above": x.hi > k.lo}[operator]
        case Choice() as x, Members() as s:
            return bool(x.possible & s.possible)
        case Members() as x, Members() as s:
            return {
                "has": bool(x.possible & s.possible),
                "has_any": bool(x.possible & s.possible),
                "has_all": s.certain <= x.possible,
                "within": x.certain <= s.possible,
                "outside": not x.certain & s.certain,
            }[operator]
    raise TypeError(f"{operator} between {fact} and {operand}")


# ---------------------------------------------------------------------- worlds
World: TypeAlias = Mapping[str, "float | str | frozenset[str]"]


def worlds(facts: Mapping[str, Possible], marks: Sequence[float]) -> Iterator[World]:
    """
    Every way in which the facts may truly be. A number takes its ends, the marks between them, and a point between any two of those.
    """
    for values in itertools.product(*(list(_true_values(value, marks)) for value in facts.values())):
        yield dict(zip(facts, values, strict=True))


def ways(facts: Mapping[str, Possible], marks: Sequence[float]) -> int:
    """How many worlds there are."""
    return math.prod(len(list(_true_values(value, marks))) for value in facts.values())


def _true_values(value: Possible, marks: Sequence[float]) -> Iterator[float | str | frozenset[str]]:
    match value:
        case Interval(lo, hi):
            ends = {x for x in (lo, hi) if math.isfinite(x)}
            points = sorted({*ends, *(m for m in marks if lo <= m <= hi)}) or [0.0]
            between = [(a + b) / 2 for a, b in itertools.pairwise(points)]
            outer = [points[0] - 1] * (lo == -math.inf) + [points[-1] + 1] * (hi == math.inf)
            yield from {*points, *between, *outer}
        case Choice(possible):
            yield from sorted(possible)
        case Members(certain, possible):
            free = sorted(possible - certain)
            for size in range(len(free) + 1):
                yield from (certain | frozenset(extra) for extra in itertools.combinations(free, size))


def holds(condition: Condition, world: World, groups: Groups) -> bool:
    """A condition in one world, where everything is known."""
    match condition:
        case All(parts):
            return all(holds(part, world, groups) for part in parts)
        case AnyOf(parts):
            return any(holds(part, world, groups) for part in parts)
        case Not(part):
            return not holds(part, world, groups)
        case Test(fact, operator, operand):
            return _test_holds(world[fact], operator, _operand_in(operand, world, groups))


def _operand_in(operand: Operand, world: World, groups: Groups) -> float | frozenset[str]:
    match operand:
        case Limit(value):
            return value
        case Values(values):
            return frozenset(values)
        case Group(name):
            return groups[name]
        case Answer(key):
            said = world[f"use.{key}"]
            return frozenset({said}) if isinstance(said, str) else said


def _test_holds(x: float | str | frozenset[str], operator: str, k: float | frozenset[str]) -> bool:
    if isinstance(k, frozenset):
        if isinstance(x, str):
            return x in k
        if isinstance(x, frozenset):
            within = {"within": x <= k, "outside": not x & k, "has_all": k <= x}
            return within.get(operator, bool(x & k))
    elif isinstance(x, float):
        return {"at_most": x <= k, "below": x < k, "at_least": x >= k, "above": x > k}[operator]
    raise TypeError(f"{operator} between {x} and {k}")
