"""
Cases of rules: examples with their dates and facts, judged quickly and often; and the dates on which a rule can differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from advisor.possible import Members, Possible, exactly
from advisor.rulebook.condition import Condition, Group, Operand, Test, facts_read, tests
from advisor.rulebook.judge import Facts, Judge, example_facts
from advisor.rulebook.rule import EXAMPLE_DATE, Arm, Example, Owed, Rule, Verdict
from advisor.rulebook.truth import Truth
from advisor.vocabulary import Vocabulary

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case(Judge):
    """One example as a judge of its own facts, which works out each test and each group once."""

    example: Example
    known: Mapping[str, Possible]
    """Every fact that is asked for, with what it implies; what the example does not give is unknown."""
    groups: dict[tuple[str, date], Possible] = field(compare=False, repr=False)
    _tests: dict[Test, Truth] = field(default_factory=dict, compare=False, repr=False)

    def operand(self, operand: Operand, facts: Facts) -> Possible:
        if not isinstance(operand, Group):
            return super().operand(operand, facts)
        key = (operand.name, self.as_of)
        if key not in self.groups:
            self.groups[key] = super().operand(operand, facts)
        return self.groups[key]

    def test(self, test: Test, facts: Facts) -> Truth:
        found = self._tests.get(test)
        if found is None:
            found = self._tests[test] = super().test(test, facts)
        return found

    def holds(self, condition: Condition) -> Truth:
        """Whether the condition must and may hold in this case."""
        return self.truth(condition, self.known.__getitem__)

    def gives(self, rule: Rule) -> Verdict:
        """The verdict of the rule, or of a variant of it that reads no further facts."""
        return self.verdict(rule, self.known.__getitem__)

    def leaves(self, rule: Rule) -> Owed:
        """What becomes of the duty of the rule, or of a variant of it that reads no further facts."""
        return self.duty(rule, self.known.__getitem__)

    def tells(self, rule: Rule) -> tuple[Verdict, Owed | None]:
        """All that the example holds a rule to: the verdict, and the duty where it states one."""
        return self.gives(rule), self.leaves(rule) if self.example.duty else None

    def stating(self, rule: Rule) -> Case:
        """The case with an example that also states what becomes of the duty, if the rule is met and has one."""
        if rule.obligation is None or self.gives(rule) != "complies":
            return self
        return replace(self, example=replace(self.example, duty=self.leaves(rule)))


@dataclass(frozen=True)
class Bench:
    """Makes cases of one vocabulary; they share what they have worked out about groups of countries."""

    vocabulary: Vocabulary
    _groups: dict[tuple[str, date], Possible] = field(default_factory=dict, compare=False, repr=False)

    def case(self, rule: Rule, example: Example) -> Case:
        facts = example_facts(example, self.vocabulary)
        known = {name: facts(name) for name in rule.facts}
        return Case(self.vocabulary, example.as_of or EXAMPLE_DATE, example, known, self._groups)

    def cases(self, rule: Rule) -> list[Case]:
        """The printed examples of a rule as cases."""
        return [self.case(rule, example) for example in rule.all_examples()]

    def members(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a date, and the names of groups that lie within it."""
        key = (group, as_of)
        if key not in self._groups:
            self._groups[key] = exactly(*self.vocabulary.places.elements(group, as_of))
        value = self._groups[key]
        return value.certain if isinstance(value, Members) else frozenset()

    def days(self, *rules: Rule) -> list[date]:
        """
        One day for each stretch of time in which rules of one law stand as they are: the same arms, the same members of all groups.

        Days on which no arm of any of them is in force are left out. The usual day of examples is preferred, then days of printed ones.
        """
        used = sorted({name for rule in rules for name in groups_used(rule)})
        found: dict[tuple[object, ...], date] = {}
        for day in self._changes(rules, bool(used)):
            arms = tuple(arm_number(rule, day) for rule in rules)
            if any(arm is not None for arm in arms):
                found.setdefault((arms, *(self.members(name, day) for name in used)), day)
        return list(found.values())

    def _changes(self, rules: Sequence[Rule], with_groups: bool) -> list[date]:
        """Every day on which something may begin or end, one before them all, and those of printed examples."""
        days = {day for rule in rules for arm in rule.arms for day in (arm.since, arm.until) if day}
        if with_groups:
            spans = [span for group in self.vocabulary.places.groups.values() for span in group.spans]
            days |= {day for span in spans for day in (span.since, span.until) if day}
        earliest = [min(days) - DAY] if days else []
        printed = {example.as_of for rule in rules for example in rule.all_examples() if example.as_of}
        return [EXAMPLE_DATE, *sorted(printed, reverse=True), *earliest, *sorted(days)]


def arm_number(rule: Rule, as_of: date) -> int | None:
    """Which arm is in force on a date, counted from 0."""
    return next((n for n, arm in enumerate(rule.arms) if arm.in_force(as_of)), None)


def outside(rule: Rule) -> list[date]:
    """Days beside the ends of arms on which no arm is in force."""
    beside = {on for arm in rule.arms for on in (arm.since and arm.since - DAY, arm.until) if on}
    return sorted(on for on in beside if rule.arm(on) is None)


def facts_of(rule: Rule, arm: Arm) -> tuple[str, ...]:
    """The facts that decide the verdict of an arm, exceptions included, in reading order."""
    conditions = [rule.applies(arm), *([] if rule.effect == "weigh" else [arm.requires])]
    return tuple(dict.fromkeys(name for condition in conditions for name in facts_read(condition)))


def groups_used(rule: Rule) -> Iterator[str]:
    """The names of all groups of countries that a rule tests against, its obligation included."""
    conditions = [c for arm in rule.arms for c in (rule.applies(arm), arm.requires)]
    if rule.obligation:
        conditions += rule.obligation.conditions
    for condition in conditions:
        for test in tests(condition):
            if isinstance(test.operand, Group):
                yield test.operand.name
