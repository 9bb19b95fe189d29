"""
A rule: one checkable statement of one provision, with its dates, source, exceptions and examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from advisor.possible import Possible
from advisor.rulebook.condition import ALWAYS, All, AnyOf, Condition, Not, facts_read

Effect: TypeAlias = Literal["require", "mitigate", "advise", "weigh"]
Verdict: TypeAlias = Literal["complies", "breaches", "unknown", "not_applicable", "not_in_force", "waived"]
Checked: TypeAlias = Literal["read", "secondary", "memory"]
Criterion: TypeAlias = Literal["quality", "cost", "control", "operations", "speed"]
Relation: TypeAlias = Literal["contradicts", "subsumes", "duplicates"]
Owed: TypeAlias = Literal["open", "done", "none"]
"""The duty of a met rule may arise and is not surely done, may arise and surely is done, or surely does not arise."""

EXAMPLE_DATE = date(2026, 11, 24)
"""The date on which an example without `as_of` is judged."""

NOT_REVIEWED = "not yet reviewed by a lawyer"

VERDICT_WORDS: Mapping[Verdict, str] = {
    "complies": "complies",
    "breaches": "breaches",
    "unknown": "cannot be decided",
    "not_applicable": "does not apply",
    "not_in_force": "is not in force",
    "waived": "is waived",
}
OWED_WORDS: Mapping[Owed, str] = {"open": "duty open", "done": "duty done", "none": "no duty"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from, and how that was checked."""

    cite: str
    """The exact provision: `Regulation (EU) 2016/679 (GDPR), Art. 44 to 46`."""
    url: str
    checked: Checked
    """`read`: the text or a mirror of it; `secondary`: somebody's account of it; `memory`: neither yet."""
    verified: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """The rule as it stands during one span of time."""

    since: date | None
    until: date | None
    """First day on which this arm no longer holds; None: open."""
    source: Source
    applies: Condition
    requires: Condition
    points: Mapping[Criterion, int]
    """For `weigh` rules: points for each criterion. Empty otherwise."""

    def in_force(self, as_of: date) -> bool:
        return (self.since is None or self.since <= as_of) and (self.until is None or as_of < self.until)


@dataclass(frozen=True, slots=True)
class Example:
    """A printed case of a rule, and the verdict it must give."""

    name: str
    given: Mapping[str, Possible]
    verdict: Verdict
    as_of: date | None = None
    line: int = 0
    duty: Owed | None = None
    """What becomes of the duty; None: the example does not say."""


@dataclass(frozen=True, slots=True)
class RuleException:
    """A case the rule does not reach, with its own source; it may have exceptions in turn."""

    id: str
    title: str
    when: Condition
    source: Source
    examples: tuple[Example, ...]
    exceptions: tuple[RuleException, ...]
    alongside: tuple[str, ...] = ()
    """Exceptions of the same rule beside which this one stands, even where their own exceptions bring a case back."""

    @property
    def condition(self) -> Condition:
        """When the exception holds: its own case, less the cases of its exceptions."""
        return _except(self.when, self.exceptions)


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that stands even when the rule is met."""

    text: str
    when: Condition
    """For which options and answers it arises."""
    done_when: Condition | None
    """What shows that it is done; None: nothing in the answers can show it."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that decides whether it is open."""
        return (self.when,) if self.done_when is None else (self.when, self.done_when)

    @property
    def conditional(self) -> bool:
        """Whether it does not simply stand whenever the rule is met."""
        return self.when != ALWAYS or self.done_when is not None


@dataclass(frozen=True, slots=True)
class Related:
    """A relation to another rule that is meant."""

    rule: str
    relation: Relation
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """A sign-off, bound to the fingerprints of the conditions and of the citation that were signed."""

    reviewer: str
    role: str
    on: date
    tree: str
    cite: str
    scope: str
    limits: str
    carried: tuple[tuple[str, date], ...]
    """Later fingerprints that were proved to mean the same, each with the day of the proof."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file."""

    id: str
    title: str
    effect: Effect
    place: str
    topic: str
    arms: tuple[Arm, ...]
    exceptions: tuple[RuleException, ...]
    reason: str
    """Sentence for a breach; `{option.processing_places}` stands for what is known of the fact."""
    remedy: str
    obligation: Obligation | None
    examples: tuple[Example, ...]
    review: str
    """In words: not yet reviewed, reviewed by whom, or reviewed and void since."""
    path: str
    related: tuple[Related, ...] = ()
    author: str = ""
    reviews: tuple[Review, ...] = ()
    folders: tuple[str, ...] = ()
    """The folders below the root in which its file lies."""

    def arm(self, as_of: date) -> Arm | None:
        """The arm in force on a date."""
        return next((arm for arm in self.arms if arm.in_force(as_of)), None)

    def applies(self, arm: Arm) -> Condition:
        """When the rule reaches a case: the arm's scope, less the exceptions."""
        return _except(arm.applies, self.exceptions)

    def next_change(self, as_of: date) -> date | None:
        """The next day after `as_of` on which an arm begins or ends."""
        days = {day for arm in self.arms for day in (arm.since, arm.until) if day and day > as_of}
        return min(days, default=None)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact the rule may read on any date."""
        conditions = [c for arm in self.arms for c in (self.applies(arm), arm.requires)]
        if self.obligation:
            conditions += self.obligation.conditions
        return tuple(dict.fromkeys(name for condition in conditions for name in facts_read(condition)))

    def all_exceptions(self) -> Iterator[RuleException]:
        """Exceptions and their exceptions, outermost first."""
        queue = list(self.exceptions)
        while queue:
            exception = queue.pop(0)
            yield exception
            queue += exception.exceptions

    def all_examples(self) -> Iterator[Example]:
        yield from self.examples
        for exception in self.all_exceptions():
            yield from exception.examples


def _except(condition: Condition, exceptions: tuple[RuleException, ...]) -> Condition:
    if not exceptions:
        return condition
    return All((condition, Not(AnyOf(tuple(e.condition for e in exceptions)))))


NOTHING_REQUIRED = ALWAYS
