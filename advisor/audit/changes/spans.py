"""
A rule as it stands on one day, with its groups of countries written out; and the days on which rules may begin to read otherwise.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date
from typing import assert_never

from advisor.audit.examples.cases import DAY, groups_used
from advisor.places import Places
from advisor.rulebook.condition import All, AnyOf, Condition, Group, Not, Test, Values
from advisor.rulebook.rule import EXAMPLE_DATE, Rule


def written_out(condition: Condition, places: Places, as_of: date) -> Condition:
    """The condition with the members that its groups have on a date in place of their names."""
    match condition:
        case Test(_, _, Group(name)):
            return replace(condition, operand=Values(tuple(sorted(places.elements(name, as_of)))))
        case Test():
            return condition
        case Not(part):
            return Not(written_out(part, places, as_of))
        case All(parts):
            return All(tuple(written_out(part, places, as_of) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(written_out(part, places, as_of) for part in parts))
        case _:
            assert_never(condition)


def on_day(rule: Rule, places: Places, as_of: date) -> Rule | None:
    """The rule as it reads on a date: one arm without end, exceptions worked into it, no groups. None: it is not in force."""
    arm = rule.arm(as_of)
    if arm is None:
        return None
    applies, requires = (written_out(c, places, as_of) for c in (rule.applies(arm), arm.requires))
    duty = rule.obligation
    if duty:
        done = None if duty.done_when is None else written_out(duty.done_when, places, as_of)
        duty = replace(duty, when=written_out(duty.when, places, as_of), done_when=done)
    plain = replace(arm, since=None, until=None, applies=applies, requires=requires)
    return replace(rule, arms=(plain,), exceptions=(), obligation=duty)


def reading_key(rule: Rule | None) -> Hashable:
    """What decides the outcome of a rule as `on_day` gives it; two with the same key have the same outcome in every case."""
    if rule is None:
        return None
    (arm,), duty = rule.arms, rule.obligation
    duties = (duty.when, duty.done_when) if duty else None
    return rule.effect, arm.source.checked == "memory", arm.applies, arm.requires, tuple(sorted(arm.points.items())), duties


def days(sides: Iterable[tuple[Rule, Places]]) -> list[date]:
    """
    A day of every stretch of time in which all these rules, each with its places, stand as they are; some stretches more than once.

    The usual day of examples comes first, then later days, then earlier ones from late to early.
    """
    found: set[date] = set()
    for rule, places in sides:
        found |= {day for arm in rule.arms for day in (arm.since, arm.until) if day}
        if any(groups_used(rule)):  # the short names of all groups may lie within one, so the ends of all of them count
            found |= {day for group in places.groups.values() for span in group.spans for day in (span.since, span.until) if day}
    before = {min(found) - DAY} if found and min(found) > date.min else set()
    ordered = sorted(found | before)
    return [EXAMPLE_DATE, *(day for day in ordered if day > EXAMPLE_DATE), *(day for day in reversed(ordered) if day < EXAMPLE_DATE)]
