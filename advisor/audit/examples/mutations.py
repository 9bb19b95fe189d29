"""
Single-step changes of a rule: what a slip of the pen could have made of it.

In: a rule, and the groups of countries it could be mistaken about. Out: mutants with stable names, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from advisor.audit.examples.cases import DAY, Bench
from advisor.audit.examples.goals import shifted, step
from advisor.audit.examples.items import day, exact, in_arm, saying
from advisor.audit.examples.tree import changed_exceptions, group_key, roots, with_condition, with_duty
from advisor.rulebook.condition import ALWAYS, All, Answer, AnyOf, Condition, Group, Limit, Not, Operator, Test, Values
from advisor.rulebook.english import COMPARED, English
from advisor.rulebook.rule import EXAMPLE_DATE, Arm, Rule, RuleException
from advisor.strict_yaml import Place, where

OTHER_OPERATORS: dict[Operator, tuple[Operator, ...]] = {
    "at_most": ("below", "at_least"),
    "at_least": ("above", "at_most"),
    "below": ("at_most", "above"),
    "above": ("at_least", "below"),
    "has_any": ("has_all",),
    "has_all": ("has_any",),
    "within": ("outside",),
    "outside": ("within",),
    "is": (), "one_of": (), "has": (),
}  # fmt: skip
"""`is`, `one_of` and `has` have no neighbour; they are turned into their opposite."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change."""

    name: str
    """Stable: place and change, such as `arms[0].requires.any[1]: dropped`."""
    words: str
    place: Place
    rule: Rule
    part: Condition | None = None
    """What the change is about, where it is about a part of a condition."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change within one condition."""

    place: Place
    what: str
    words: str
    part: Condition
    condition: Condition


@dataclass(frozen=True)
class Mutator:
    """Makes the mutants of rules. `groups`: those a group may be mistaken for."""

    bench: Bench
    english: English
    groups: Sequence[str]

    def mutants(self, rule: Rule) -> list[Mutant]:
        """Every mutant once; a change that comes to the same as an earlier one is left out."""
        found: list[Mutant] = []
        for root in roots(rule):
            on = _a_day_of(rule.arms[root.arm]) if root.arm is not None else EXAMPLE_DATE
            seen = {root.condition}
            for change in self._whole(root.condition, root.place, root.role not in ("exception", "done"), on):
                if change.condition not in seen:
                    seen.add(change.condition)
                    words = f"{change.words}{in_arm(rule, root.arm)}"
                    found.append(self._mutant(change, words, with_condition(rule, root.place, change.condition)))
        return [*found, *_without_exceptions(rule), *self._without_duty(rule), *_arms(rule)]

    def _without_duty(self, rule: Rule) -> Iterator[Mutant]:
        """The rule without what shows that its duty is done, and without the duty."""
        duty = rule.obligation
        if duty is None:
            return
        if duty.done_when is not None:
            place: Place = ("obligation", "done_when")
            words = f"nothing shows that the duty is done, for {saying(duty.done_when, self.english)}"
            yield Mutant(f"{where(place)}: dropped", words, place, with_duty(rule, replace(duty, done_when=None)), duty.done_when)
        yield Mutant("obligation: dropped", "without the obligation", ("obligation",), with_duty(rule, None), duty.when)

    def _mutant(self, change: _Change, words: str, rule: Rule) -> Mutant:
        return Mutant(f"{where(change.place)}: {change.what}", words, change.place, rule, change.part)

    def _whole(self, condition: Condition, place: Place, may_drop: bool, on: date) -> Iterator[_Change]:
        if may_drop:  # an exception without its condition would be another rule, not a slip; for a duty see `_without_duty`
            yield _Change(place, "dropped", f"without the condition {saying(condition, self.english)}", condition, ALWAYS)
        yield from self._changes(condition, place, on)

    # ------------------------------------------------------------------ conditions
    def _changes(self, condition: Condition, place: Place, on: date) -> Iterator[_Change]:
        """Changes of a condition and, in reading order, of each of its parts."""
        match condition:
            case Test():
                yield from self._test(condition, place, on)
            case Not(part):
                yield _Change(place, "`not` dropped", f"without the “not” before {saying(part, self.english)}", condition, part)
                for change in self._changes(part, (*place, "not"), on):
                    yield replace(change, condition=Not(change.condition))
            case All(inner) | AnyOf(inner):
                yield from self._group(condition, inner, place, on)
            case _:
                assert_never(condition)

    def _group(self, group: All | AnyOf, inner: tuple[Condition, ...], place: Place, on: date) -> Iterator[_Change]:
        kind, other = (All, AnyOf) if isinstance(group, All) else (AnyOf, All)
        key = group_key(group)
        if len(inner) > 1:
            words = {"all": "one part is enough in {}", "any": "every part is needed in {}"}[key]
            what = f"becomes {group_key(other(()))}"
            yield _Change((*place, key), what, words.format(saying(group, self.english)), group, other(inner))
        for n, part in enumerate(inner):
            at = (*place, key, n)
            rest = (*inner[:n], *inner[n + 1 :])
            yield _Change(at, "dropped", f"without the part {saying(part, self.english)}", part, kind(rest))
            for change in self._changes(part, at, on):
                yield replace(change, condition=kind((*inner[:n], change.condition, *inner[n + 1 :])))

    # ------------------------------------------------------------------ tests
    def _test(self, test: Test, place: Place, on: date) -> Iterator[_Change]:
        at = (*place, test.operator)
        said = saying(test, self.english)
        many = not isinstance(test.operand, Values) or len(test.operand.values) > 1
        for operator in OTHER_OPERATORS[test.operator]:
            if operator not in ("has_any", "has_all") or many:
                changed = replace(test, operator=operator)
                yield _Change(at, f"becomes {operator}", f"{saying(changed, self.english)} for {said}", test, changed)
        if not OTHER_OPERATORS[test.operator]:
            yield _Change(at, "becomes its opposite", f"{saying(Not(test), self.english)} for {said}", test, Not(test))
        match test.operand:
            case Limit(limit):
                yield from self._limit(test, limit, at)
            case Values(values) if len(values) > 1:
                for n, value in enumerate(values):
                    rest = replace(test, operand=Values((*values[:n], *values[n + 1 :])))
                    yield _Change(at, f"without {value}", f"without “{value}” in {said}", replace(test, operand=Values((value,))), rest)
            case Group(name):
                yield from self._country_group(test, name, at, on)
            case Values() | Answer():
                pass
            case _:
                assert_never(test.operand)

    def _limit(self, test: Test, value: float, at: Place) -> Iterator[_Change]:
        fact = self.english.vocabulary.facts[test.fact]
        size = step(value, fact.whole == "yes")
        for moved in (shifted(value, -size), shifted(value, size)):
            was, now = exact(value, ""), exact(moved, "")
            words = f"{now} for {was} in “{fact.phrase}: {COMPARED[test.operator]} {was}”"
            yield _Change(at, f"{was} becomes {now}", words, test, replace(test, operand=Limit(moved)))

    def _country_group(self, test: Test, name: str, at: Place, on: date) -> Iterator[_Change]:
        groups = self.english.vocabulary.places.groups
        for other in self._alike(name, on):
            words = f"“{groups[other].words}” for “{groups[name].words}” in {saying(test, self.english)}"
            yield _Change(at, f"group {name} becomes {other}", words, test, replace(test, operand=Group(other)))
        words = f"no country at all for “{groups[name].words}” in {saying(test, self.english)}"
        yield _Change(at, f"group {name} dropped", words, test, replace(test, operand=Values(())))

    def _alike(self, name: str, on: date) -> list[str]:
        """The groups in use that share members with a group on a date and are not the same, those that differ in the fewest first."""
        own = self.bench.members(name, on)
        apart = {
            other: len(own ^ members)
            for other in self.groups if own & (members := self.bench.members(other, on)) and own != members
        }  # fmt: skip
        return sorted(apart, key=lambda other: (apart[other], other))


# ---------------------------------------------------------------------- exceptions and arms
def _without_exceptions(rule: Rule) -> Iterator[Mutant]:
    for root in roots(rule):
        if root.exception is None:
            continue
        place = root.place[:-1]
        dropped: Callable[[RuleException], tuple[RuleException, ...]] = lambda _: ()  # noqa: E731
        exceptions = changed_exceptions(rule.exceptions, list(place[1:]), dropped)
        kind = "exception to the exception" if root.around else "exception"
        words = f"without the {kind} “{root.exception.title}”"
        yield Mutant(f"{where(place)}: dropped", words, place, replace(rule, exceptions=exceptions), root.exception.when)


def _arms(rule: Rule) -> Iterator[Mutant]:
    for n, arm in enumerate(rule.arms):
        place: Place = ("arms", n)
        for days, how in ((-DAY, "one day earlier"), (DAY, "one day later")):
            if arm.since:
                yield _moved(rule, arm.since, arm.since + days, (*place, "in_force", "from"), how)
            if arm.until and not any(other.since == arm.until for other in rule.arms):
                yield _moved(rule, arm.until, arm.until + days, (*place, "in_force", "until"), how)
        rest = replace(rule, arms=(*rule.arms[:n], *rule.arms[n + 1 :]))
        yield Mutant(f"{where(place)}: dropped", f"without the arm{_span(arm)}", place, rest)


def _moved(rule: Rule, on: date, to: date, place: Place, how: str) -> Mutant:
    """The rule with one date moved. Where one arm follows another both move, so that they neither overlap nor leave a gap."""
    arms = tuple(replace(a, since=to if a.since == on else a.since, until=to if a.until == on else a.until) for a in rule.arms)
    whose = "the rule" if len(rule.arms) == 1 else "the arm"
    verb = "begins" if place[-1] == "from" else "ends"
    return Mutant(f"{where(place)}: {how}", f"{whose} {verb} on {day(to)}, {how}", place, replace(rule, arms=arms))


def _span(arm: Arm) -> str:
    since = f" from {day(arm.since)}" if arm.since else ""
    until = f" until {day(arm.until)}" if arm.until else ""
    return f" in force{since}{until}"


def _a_day_of(arm: Arm) -> date:
    """A day on which an arm is in force; that of examples if it is one."""
    if arm.in_force(EXAMPLE_DATE):
        return EXAMPLE_DATE
    return arm.since or (arm.until - DAY if arm.until else EXAMPLE_DATE)
