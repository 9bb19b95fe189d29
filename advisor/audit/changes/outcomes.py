"""
What follows from a rule for one case: its verdict, and how far that goes, from nothing to the exclusion of the option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from advisor.possible import Possible
from advisor.rulebook.judge import Facts, Judge
from advisor.rulebook.rule import Criterion, Rule, Verdict
from advisor.vocabulary import Vocabulary

NOTHING, CAUTION, OBLIGATION, UNCONFIRMED, EXCLUDED = range(5)
CONSEQUENCES = ("nothing", "a caution", "an open obligation", "unconfirmed", "excluded")
"""In words, by level."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule for one case."""

    verdict: Verdict | None
    """None: there is no such rule."""
    level: int
    """0 nothing, 1 a caution, 2 an open obligation, 3 unconfirmed, 4 excluded."""
    points: tuple[tuple[Criterion, int], ...] = ()
    """Of a `weigh` rule whose points count."""


Way: TypeAlias = Literal["higher", "lower", "other"]
"""How the new outcome stands to the old one: it goes further, less far, or as far with another verdict or other points."""
WAYS: tuple[Way, ...] = ("higher", "lower", "other")

ABSENT = Outcome(None, NOTHING)


@dataclass(frozen=True, slots=True)
class Witness:
    """A case in which two wordings part."""

    as_of: date
    given: Mapping[str, Possible]
    """What is known; every other fact is unknown."""
    unknown: tuple[str, ...]
    """Facts that either wording reads and that are not known in this case."""
    old: Outcome
    new: Outcome
    name: str = ""
    """Of the printed example that it is; empty where it was worked out."""


@dataclass
class Comparison:
    """What was found between an old and a new wording."""

    witnesses: dict[Way, Witness] = field(default_factory=dict)
    gains: set[Criterion] = field(default_factory=set)
    """Criteria that get more points in some case."""
    losses: set[Criterion] = field(default_factory=set)
    undecided: bool = False
    """The solver gave up somewhere, so nothing may be concluded from a way for which no case was found."""


def parts(old: Outcome, new: Outcome, way: Way) -> bool:
    """Whether two outcomes part in this way."""
    match way:
        case "higher":
            return new.level > old.level
        case "lower":
            return new.level < old.level
        case "other":
            return new.level == old.level and (new.verdict, new.points) != (old.verdict, old.points)


def outcome(rule: Rule | None, vocabulary: Vocabulary, as_of: date, facts: Facts) -> Outcome:
    """What follows from a rule, waivers aside. The facts need not be known."""
    if rule is None:
        return ABSENT
    judge = Judge(vocabulary, as_of)
    verdict = judge.verdict(rule, facts)
    arm = rule.arm(as_of)
    if arm is None:
        return Outcome(verdict, NOTHING)
    if verdict == "complies":
        counted = tuple(sorted(arm.points.items())) if rule.effect == "weigh" else ()
        return Outcome(verdict, OBLIGATION if _duty_open(rule, judge, facts) else NOTHING, counted)
    return Outcome(verdict, _level(rule, verdict, arm.source.checked == "memory"))


def _level(rule: Rule, verdict: Verdict, memory: bool) -> int:
    if verdict not in ("breaches", "unknown"):
        return NOTHING
    match rule.effect:
        case "require":
            return EXCLUDED if verdict == "breaches" and not memory else UNCONFIRMED
        case "mitigate":
            return OBLIGATION
        case "advise":
            return CAUTION
        case "weigh":
            return NOTHING


def _duty_open(rule: Rule, judge: Judge, facts: Facts) -> bool:
    """The rule is met, a duty may arise, and nothing shows that it is done."""
    duty = rule.obligation
    if duty is None or not judge.truth(duty.when, facts).may:
        return False
    return duty.done_when is None or not judge.truth(duty.done_when, facts).must
