"""
What is proved of rules, and what comes of it: flaws, relations that are meant, and questions that were not decided.

A flaw carries cases that show it. Each is run through the judge once more before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from advisor.possible import Possible
from advisor.rulebook.condition import Group, tests
from advisor.rulebook.judge import example_verdict
from advisor.rulebook.rule import Arm, Example, Relation, Rule, Verdict
from advisor.vocabulary import Vocabulary

Kind: TypeAlias = Literal[
    "cannot-apply", "cannot-comply", "cannot-breach", "cannot-be-unknown",
    "exception-without-effect", "arm-without-effect", "exceptions-overlap", "no-overlap",
    "contradicts", "subsumes", "duplicates", "not-so", "advisor-error",
]  # fmt: skip

Link: TypeAlias = tuple[str, Relation, str]
"""A relation between two rules by id: `("a", "subsumes", "b")`, whatever breaches b breaches a."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case that shows a flaw: a ready test of one rule."""

    rule: str
    name: str
    given: Mapping[str, Possible]
    verdict: Verdict
    as_of: date


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that was found, about one rule or two."""

    kind: Kind
    rules: tuple[str, ...]
    as_of: date
    """The first date on which it is so."""
    what: str
    shown: tuple[Shown, ...] = ()
    part: str = ""
    """The exception that it is about, where it is about one."""
    why: str = ""
    """For a relation that is meant: the reason given."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome for a rulebook or a part of it."""

    problems: tuple[Flaw, ...] = ()
    meant: tuple[Flaw, ...] = ()
    """Relations between rules that the rule files acknowledge."""
    undecided: tuple[str, ...] = ()
    """What the solver gave up on, a sentence each. Nothing is proved of it."""
    questions: int = 0
    """How many statements were decided."""

    def __add__(self, other: Proof) -> Proof:
        return Proof(
            self.problems + other.problems, self.meant + other.meant, self.undecided + other.undecided, self.questions + other.questions
        )


def confirmed(flaw: Flaw, rules: Mapping[str, Rule], vocabulary: Vocabulary) -> Flaw:
    """The flaw as it is, if the judge gives every shown case the verdict it claims; else a flaw of the proof itself."""
    for case in flaw.shown:
        example = Example(case.name, case.given, case.verdict, case.as_of)
        verdict = example_verdict(rules[case.rule], example, vocabulary, case.as_of)
        if verdict != case.verdict:
            what = f"An error of the advisor itself: of a case of {case.rule} the solver says {case.verdict} and the judge {verdict}."
            return Flaw("advisor-error", flaw.rules, flaw.as_of, what, flaw.shown)
    return flaw


def meant(rules: Iterable[Rule]) -> dict[Link, str]:
    """The relations that rule files say are meant, each with the reason given."""
    return {(rule.id, related.relation, related.rule): related.why for rule in rules for related in rule.related}


def mirrored(link: Link) -> Link:
    """The same relation said from the other side, for those that have no direction."""
    one, relation, other = link
    return link if relation == "subsumes" else (other, relation, one)


# ---------------------------------------------------------------------- dates
def groups_of(rule: Rule, arm: Arm) -> frozenset[str]:
    """The groups of countries that a rule uses in one arm."""
    return frozenset(t.operand.name for c in (rule.applies(arm), arm.requires) for t in tests(c) if isinstance(t.operand, Group))


def days_of_change(rule: Rule, vocabulary: Vocabulary) -> frozenset[date]:
    """Every day on which an arm, or a group that an arm uses, begins or ends."""
    used = {name for arm in rule.arms for name in groups_of(rule, arm)}
    days = {day for arm in rule.arms for day in (arm.since, arm.until) if day}
    return frozenset(days | _group_days(used, vocabulary))


def _group_days(names: Iterable[str], vocabulary: Vocabulary) -> set[date]:
    groups, found, queue, seen = vocabulary.places.groups, set[date](), sorted(names), set[str]()
    while queue:
        if (name := queue.pop()) not in seen:
            seen.add(name)
            for span in groups[name].spans:
                found |= {day for day in (span.since, span.until) if day}
                queue += span.includes
    return found


def rule_days(rule: Rule, vocabulary: Vocabulary, as_of: date, all_dates: bool) -> list[date]:
    """Days to prove a rule on: one in each arm, the date asked about where it is in force; or one in every span between two changes."""
    if all_dates:
        changes = sorted(days_of_change(rule, vocabulary) | {as_of})
        return [day for day in (changes[0] - timedelta(days=1), *changes) if rule.arm(day)]
    return sorted({_day_in(arm, as_of) for arm in rule.arms})


def _day_in(arm: Arm, as_of: date) -> date:
    if arm.in_force(as_of):
        return as_of
    if arm.since and arm.since > as_of:
        return arm.since
    return arm.until - timedelta(days=1) if arm.until else as_of


def pair_days(rules: Sequence[Rule], vocabulary: Vocabulary, as_of: date, all_dates: bool) -> list[date]:
    """Days to compare rules on: the date asked about and every later change; with `all_dates` the earlier spans too."""
    changes = {day for rule in rules for day in days_of_change(rule, vocabulary)}
    earlier = {min(changes) - timedelta(days=1), *changes} if all_dates and changes else set[date]()
    return sorted({as_of, *(day for day in changes if day > as_of), *earlier})


def what_it_says(rule: Rule, vocabulary: Vocabulary, day: date) -> tuple[object, ...] | None:
    """What decides a rule's verdicts on a day, to tell whether two days are alike for it. None: not in force."""
    arm = rule.arm(day)
    if arm is None:
        return None
    return (rule.arms.index(arm), *((name, vocabulary.places.elements(name, day)) for name in sorted(groups_of(rule, arm))))
