"""
Proofs about one rule: that it can apply, be met, be breached and be open; that each exception and each arm makes a difference; that no
exception takes out what another one brings back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from advisor.audit.logic.logic import Logic, conditions_of, facts_of
from advisor.audit.logic.solver import EFFORT, NotDecided, z3
from advisor.audit.proving.proofs import Flaw, Kind, Proof, Shown, confirmed, rule_days
from advisor.rulebook.condition import ALWAYS, All, Condition
from advisor.rulebook.judge import example_verdict
from advisor.rulebook.rule import VERDICT_WORDS, Example, Rule, RuleException, Verdict
from advisor.vocabulary import Vocabulary

REACHED: tuple[tuple[Verdict, Kind], ...] = (("complies", "cannot-comply"), ("breaches", "cannot-breach"), ("unknown", "cannot-be-unknown"))
SENTENCES: dict[Kind, str] = {
    "cannot-comply": "No case complies with this rule: it refuses everything it applies to.",
    "cannot-breach": "No case breaches this rule: it demands nothing.",
    "cannot-be-unknown": "No case leaves this rule open, whatever is unknown.",
}


def prove_rule(rule: Rule, vocabulary: Vocabulary, as_of: date, all_dates: bool = False, effort: int = EFFORT) -> Proof:
    """All proofs about one rule, on a day in each of its arms; with `all_dates` in every span between two changes."""
    work = _Work(rule, vocabulary, rule_days(rule, vocabulary, as_of, all_dates), effort)
    work.verdicts()
    work.exceptions()
    work.arms()
    work.overlaps()
    flaws = tuple(confirmed(flaw, {rule.id: rule}, vocabulary) for flaw in work.flaws)
    return Proof(flaws, (), tuple(dict.fromkeys(work.undecided)), work.questions)


@dataclass
class _Work:
    rule: Rule
    vocabulary: Vocabulary
    days: Sequence[date]
    effort: int
    flaws: list[Flaw] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    questions: int = 0
    logics: dict[date, Logic] = field(default_factory=dict)

    def logic(self, day: date) -> Logic:
        """All that is asked on a day: the rule, and each exception by itself."""
        if day not in self.logics:
            asked = [*conditions_of(self.rule), *(e.when for e in self.rule.all_exceptions())]
            self.logics[day] = Logic(self.vocabulary, day, asked, effort=self.effort)
        return self.logics[day]

    def facts(self, day: date) -> tuple[str, ...]:
        return facts_of(*conditions_of(self.rule, day), *(e.when for e in self.rule.all_exceptions()))

    def possible(self, day: date, what: str, *terms: z3.BoolRef) -> bool:
        """Whether a case can be so. What is not decided counts as possible, and is said."""
        try:
            found = self.logic(day).possible(*terms, facts=self.facts(day))
        except NotDecided:
            self.undecided.append(f"{self.rule.id}, {day}: {what}")
            return True
        self.questions += 1
        return found

    def flaw(self, kind: Kind, day: date, what: str, part: str = "", shown: tuple[Shown, ...] = ()) -> None:
        if not any((f.kind, f.part, f.what) == (kind, part, what) for f in self.flaws):
            self.flaws.append(Flaw(kind, (self.rule.id,), day, what, shown, part))

    # ------------------------------------------------------------------ verdicts
    def verdicts(self) -> None:
        for day in self.days:
            arm = self.rule.arm(day)
            assert arm is not None
            if not self.possible(day, "whether it can apply", self.logic(day).reading(self.rule.applies(arm)).must):
                self.flaw("cannot-apply", day, "No case comes under this rule.")
            elif self.rule.effect != "weigh" and not (self.rule.obligation and arm.requires == ALWAYS):  # else it is there for its duty
                terms = self.logic(day).verdicts(self.rule)
                for verdict, kind in REACHED:
                    if not self.possible(day, f"whether some case {VERDICT_WORDS[verdict]}", terms[verdict]):
                        self.flaw(kind, day, SENTENCES[kind])

    # ------------------------------------------------------------------ exceptions and arms
    def exceptions(self) -> None:
        """Each exception changes a verdict on some day."""
        for exception in self.rule.all_exceptions():
            fewer = replace(self.rule, exceptions=_without(self.rule.exceptions, exception.id))
            if not any(self._differ(day, f"whether {exception.id} matters", self.rule, fewer) for day in self.days):
                self.flaw("exception-without-effect", self.days[0], f"The exception {exception.id} never changes a verdict.", exception.id)

    def _differ(self, day: date, what: str, one: Rule, other: Rule) -> bool:
        first, second = self.logic(day).verdicts(one), self.logic(day).verdicts(other)
        return self.possible(day, what, z3.Or([z3.And(first[v], z3.Not(second[v])) for v in first]))

    def arms(self) -> None:
        """An arm says something else than the one before it, or has another source."""
        for earlier, later in pairwise(sorted(self.rule.arms, key=lambda arm: arm.since or date.min)):
            if earlier.until != later.since or later.since is None or earlier.source.cite != later.source.cite:
                continue
            old, new = (replace(self.rule, arms=(replace(arm, since=None, until=None),)) for arm in (earlier, later))
            if not self._differ(later.since, f"whether the arm from {later.since} matters", old, new):
                what = f"The arm that begins on {later.since} says the same, from the same source, as the arm before it."
                self.flaw("arm-without-effect", later.since, what)

    # ------------------------------------------------------------------ exceptions that overlap
    def overlaps(self) -> None:
        """No exception decides, unsaid, what another one's own exception decides the other way."""
        found: set[tuple[str, str]] = set()
        for day in self.days:
            arm = self.rule.arm(day)
            assert arm is not None
            for meeting in _meetings(arm.applies, self.rule.exceptions):
                pair = (meeting.one.id, meeting.other.id)
                if pair not in found and self._meets(day, meeting):
                    found.add(pair)
        for exception in self.rule.all_exceptions():
            for other in exception.alongside:
                if (other, exception.id) not in found:
                    what = f"The exception {exception.id} says that it stands alongside {other}, and the two never part."
                    self.flaw("no-overlap", self.days[0], what, exception.id)

    def _meets(self, day: date, meeting: _Meeting) -> bool:
        """Whether some case comes under both; a flaw where that is not said."""
        try:
            given = self.logic(day).witness(self.logic(day).reading(meeting.case).must, facts=self.facts(day))
        except NotDecided:
            self.undecided.append(f"{self.rule.id}, {day}: whether {meeting.other.id} and {meeting.back.id} meet")
            return True
        self.questions += 1
        if given is not None and meeting.one.id not in meeting.other.alongside:
            verdict = example_verdict(self.rule, Example("", given, "unknown", day), self.vocabulary, day)
            shown = Shown(self.rule.id, f"{meeting.back.id} and {meeting.other.id} meet", given, verdict, day)
            self.flaw("exceptions-overlap", day, meeting.sentence, meeting.other.id, (shown,))
        return given is not None


@dataclass(frozen=True)
class _Meeting:
    """An exception, one of its own that turns the case around, and an exception beside it that turns it once more."""

    one: RuleException
    back: RuleException
    other: RuleException
    scope: Condition
    depth: int

    @property
    def case(self) -> Condition:
        """When all three hold."""
        return All((self.scope, self.one.when, self.back.condition, self.other.condition))

    @property
    def sentence(self) -> str:
        back, out = ("brings the case back under the rule", "takes it out")
        if self.depth % 2:
            back, out = ("takes the case out of the rule", "brings it back")
        return (
            f"Where {self.one.id} holds, {self.back.id} {back}, and {self.other.id} {out} all the same. Say which is meant: "
            f"nest {self.other.id}, narrow it, or write `alongside: [{self.one.id}]` in it."
        )


def _meetings(scope: Condition, exceptions: tuple[RuleException, ...], depth: int = 0) -> Iterator[_Meeting]:
    for one in exceptions:
        for back in one.exceptions:
            yield from (_Meeting(one, back, other, scope, depth) for other in exceptions if other is not one)
        yield from _meetings(All((scope, one.when)), one.exceptions, depth + 1)


def _without(exceptions: tuple[RuleException, ...], gone: str) -> tuple[RuleException, ...]:
    """The exceptions less one, and all that hangs on it."""
    return tuple(replace(e, exceptions=_without(e.exceptions, gone)) for e in exceptions if e.id != gone)
