"""
Where each part of a rule's conditions stands in its file, and the rule as it is once one condition is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from advisor.rulebook.condition import ALWAYS, All, AnyOf, Condition, Not, Test
from advisor.rulebook.rule import Arm, Obligation, Rule, RuleException
from advisor.strict_yaml import Place

Role: TypeAlias = Literal["applies", "requires", "exception", "duty", "done"]


@dataclass(frozen=True, slots=True)
class Part:
    """One condition, or a part of one, and its place in the file."""

    place: Place
    condition: Condition


@dataclass(frozen=True, slots=True)
class Root:
    """A whole condition of a rule: what it is for, its place, the arm it belongs to, and the exceptions around it."""

    role: Role
    place: Place
    condition: Condition
    arm: int | None = None
    """None: it belongs to every arm."""
    around: tuple[RuleException, ...] = ()
    """For an exception: the exceptions that it is an exception to, outermost first."""
    exception: RuleException | None = None


def parts(condition: Condition, place: Place) -> Iterator[Part]:
    """A condition and all its parts, in reading order."""
    yield Part(place, condition)
    match condition:
        case Test():
            return
        case Not(part):
            yield from parts(part, (*place, "not"))
        case All(inner) | AnyOf(inner):
            key = group_key(condition)
            for n, part in enumerate(inner):
                yield from parts(part, (*place, key, n))
        case _:
            assert_never(condition)


def group_key(condition: All | AnyOf) -> str:
    """How a file writes the group: `all` or `any`."""
    return "all" if isinstance(condition, All) else "any"


def roots(rule: Rule) -> Iterator[Root]:
    """Every whole condition that a rule file writes, in the order of the file; a condition left out is none."""
    for n, arm in enumerate(rule.arms):
        if arm.applies != ALWAYS:
            yield Root("applies", ("arms", n, "applies_when"), arm.applies, n)
        if rule.effect != "weigh":
            yield Root("requires", ("arms", n, "requires"), arm.requires, n)
    yield from _exceptions(rule.exceptions, ("exceptions",), ())
    if rule.obligation:
        if rule.obligation.when != ALWAYS:
            yield Root("duty", ("obligation", "when"), rule.obligation.when)
        if rule.obligation.done_when is not None:
            yield Root("done", ("obligation", "done_when"), rule.obligation.done_when)


def _exceptions(exceptions: tuple[RuleException, ...], place: Place, around: tuple[RuleException, ...]) -> Iterator[Root]:
    for n, exception in enumerate(exceptions):
        at = (*place, n)
        yield Root("exception", (*at, "when"), exception.when, None, around, exception)
        yield from _exceptions(exception.exceptions, (*at, "exceptions"), (*around, exception))


def with_condition(rule: Rule, place: Place, condition: Condition) -> Rule:
    """The rule with the whole condition at `place` replaced. Raises ValueError for a place that holds none."""
    match place:
        case ("arms", int(n), "applies_when"):
            return with_arm(rule, n, lambda arm: replace(arm, applies=condition))
        case ("arms", int(n), "requires"):
            return with_arm(rule, n, lambda arm: replace(arm, requires=condition))
        case ("exceptions", *steps) if steps[-1] == "when":
            return replace(rule, exceptions=changed_exceptions(rule.exceptions, steps[:-1], lambda e: (replace(e, when=condition),)))
        case ("obligation", "when") if rule.obligation:
            return with_duty(rule, replace(rule.obligation, when=condition))
        case ("obligation", "done_when") if rule.obligation:
            return with_duty(rule, replace(rule.obligation, done_when=condition))
    raise ValueError(f"no whole condition stands at {place!r}")


def with_duty(rule: Rule, duty: Obligation | None) -> Rule:
    """The rule with another obligation, or with none."""
    return replace(rule, obligation=duty)


def with_arm(rule: Rule, number: int, change: Callable[[Arm], Arm]) -> Rule:
    """The rule with one arm changed."""
    return replace(rule, arms=tuple(change(arm) if n == number else arm for n, arm in enumerate(rule.arms)))


def changed_exceptions(
    exceptions: tuple[RuleException, ...],
    steps: list[str | int],
    change: Callable[[RuleException], tuple[RuleException, ...]],
) -> tuple[RuleException, ...]:
    """The exceptions with the one at `steps` (`[0, "exceptions", 1]`) changed, or left out when `change` gives none."""
    number, *rest = steps
    found: list[RuleException] = []
    for n, exception in enumerate(exceptions):
        if n != number:
            found.append(exception)
        elif rest:
            found.append(replace(exception, exceptions=changed_exceptions(exception.exceptions, rest[1:], change)))
        else:
            found += change(exception)
    return tuple(found)
