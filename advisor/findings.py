"""
Findings: one rule for one option in words, with the facts it read and the claims behind them.

Built only for what is shown; the verdicts themselves come from the assessment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial

import numpy as np

from advisor.assessment import CODE, CODES, Assessment, LiveRule
from advisor.catalogue.claims import Claim
from advisor.catalogue.evidence import Known
from advisor.catalogue.options import Option
from advisor.possible import Interval, Possible, is_settled
from advisor.rulebook.condition import Answer, AnyOf, Test, Values, facts_read, tests
from advisor.rulebook.english import English
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Rule, Source, Verdict
from advisor.rulebook.waivers import Waiver
from advisor.vocabulary import DAYS_PER_MONTH, MONTHS_AHEAD, NEVER_MONTHS, Fact

WOULD_BE = {"breaches": "would breach", "unknown": "could not be decided"}
PLACEHOLDER = re.compile(r"\{((?:use|option)\.[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class FactRead:
    """One fact as a finding read it."""

    fact: Fact
    possible: Possible
    words: str
    unknown: bool
    disputed: bool
    claims: tuple[Claim, ...]
    settled: str = ""
    """Who settled a dispute, when and why; empty when nobody did."""

    @property
    def flag(self) -> str:
        """What to say beside the value of how it came about."""
        return " (sources differ)" if self.disputed else f" (settled by {self.settled})" if self.settled else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule for an option."""

    rule: Rule
    verdict: Verdict
    reason: str
    source: Source
    facts: tuple[FactRead, ...]
    deciding: tuple[str, ...]
    """Names of the facts that keep the verdict open."""
    waiver: Waiver | None = None
    would_be: Verdict | None = None
    """Under a waiver: the verdict without it."""


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """The question that would settle an unknown, and who can answer it."""

    fact: str
    question: str
    who: str
    rules: tuple[str, ...]
    host: str
    endpoint: str
    model: str


class Explainer:
    """Puts one assessment into words."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.vocabulary = assessment.answers.vocabulary
        self.english = English(self.vocabulary)
        self.judge = Judge(self.vocabulary, assessment.as_of)
        self._opened: dict[tuple[object, ...], frozenset[str]] = {}
        self._worded: dict[tuple[str, Possible], str] = {}
        self._unmet: dict[tuple[object, ...], Finding] = {}

    @cached_property
    def positions(self) -> dict[str, int]:
        return {option.id: n for n, option in enumerate(self.assessment.options)}

    def findings(self, option: int, verdicts: Sequence[Verdict] | None = None) -> list[Finding]:
        """The findings of one option, in the order of rule ids; only those with one of `verdicts`, if given."""
        found = []
        for number, live in enumerate(self.assessment.rules):
            verdict = self.assessment.verdict(number, option)
            if verdicts is None or verdict in verdicts:
                found.append(self._waived(number, live, option) if verdict == "waived" else self.finding(live, option, verdict))
        return found

    def unmet(self, option: int) -> list[Finding]:
        """
        The findings of the rules that an option does not meet, in the order of rule ids: of their facts those of the option, without
        the claims behind them. The answers are the same for every option.

        Options of which a rule reads the same share one finding, so that all options can be told at once.
        """
        column = self.assessment.verdicts[:, option]
        found = []
        for number in np.flatnonzero(np.isin(column, [CODE["breaches"], CODE["unknown"], CODE["waived"]])).tolist():
            key = (number, int(column[number]), *self._read_by(number, option))
            if key not in self._unmet:
                live, verdict = self.assessment.rules[number], CODES[int(column[number])]
                told = self._waived(number, live, option) if verdict == "waived" else self.finding(live, option, verdict)
                own = (read for read in told.facts if read.fact.of_option)
                self._unmet[key] = replace(told, facts=tuple(replace(read, claims=()) for read in own))
            found.append(self._unmet[key])
        return found

    def _read_by(self, number: int, option: int) -> Iterator[object]:
        """All of an option on which the words of a finding depend: what its rule reads or names, what is disputed, and a waiver."""
        rule = self.assessment.rules[number].rule
        facts = self.assessment.options[option].facts
        for name in dict.fromkeys([*rule.facts, *PLACEHOLDER.findall(rule.reason)]):
            if name.startswith("option."):
                known = facts.get(name)
                yield (self.assessment.possible(option, name), known.disputes if known else None, known.settled if known else None)
        yield self.assessment.waiver(number, option)

    def _waived(self, number: int, live: LiveRule, option: int) -> Finding:
        """A finding under a waiver: as it would be without, and what stands in for the rule."""
        would_be = CODES[int(self.assessment.unwaived[number, option])]
        found, waiver = self.finding(live, option, would_be), self.assessment.waiver(number, option)
        if waiver is None:
            return found
        head = f"Waived until {waiver.expires} by {waiver.approver.name}, {waiver.approver.role} ({WOULD_BE[would_be]})."
        return replace(found, verdict="waived", reason=f"{head} {found.reason}", waiver=waiver, would_be=would_be)

    def finding(self, live: LiveRule, option: int, verdict: Verdict) -> Finding:
        """One finding with reason and facts."""
        facts = partial(self.assessment.possible, option)
        open_tests = self.judge.open_tests(live.rule, live.arm, facts) if verdict == "unknown" else []
        wanted = self._members_tested(live)
        deciding = tuple(dict.fromkeys(n for t in open_tests for n in self._open_facts(t, option)))
        read = tuple(self.fact_read(option, name, wanted[name]) for name in wanted)
        return Finding(live.rule, verdict, self._reason(live, option, verdict, open_tests), live.arm.source, read, deciding)

    def _members_tested(self, live: LiveRule) -> dict[str, frozenset[str]]:
        """Every fact a rule reads, with the members of a set that it asks for; none named means all."""
        found: dict[str, frozenset[str]] = {}
        for test in (*tests(live.rule.applies(live.arm)), *tests(live.arm.requires)):
            values: frozenset[str] = frozenset()
            if isinstance(test.operand, Values):
                values = frozenset(test.operand.values)
            elif isinstance(test.operand, Answer):
                values = frozenset(self.assessment.answers.listed(test.operand.key) or ())
                found.setdefault(test.operand.fact, frozenset())
            found[test.fact] = found.get(test.fact, frozenset()) | values
        return found

    def fact_read(self, option: int, name: str, members: frozenset[str] = frozenset()) -> FactRead:
        """One fact of one option in words, with its claims; of a set only those about `members`, where some are named."""
        fact = self.vocabulary.facts[name]
        possible = self.assessment.possible(option, name)
        known = self.assessment.options[option].facts.get(name)
        claims = tuple(c for c in self._claims(known, name) if not members or not c.member or c.member in members)
        disputed = bool(known and (known.disputes & members if members and fact.kind == "held" else known.disputes))
        settled = known.settled_on(members if fact.kind == "held" else frozenset()) if known else ""
        return FactRead(fact, possible, self._words(fact, possible), not is_settled(possible), disputed, claims, settled)

    def _claims(self, known: Known | None, name: str) -> tuple[Claim, ...]:
        if known:
            return known.claims
        if name.startswith("use."):
            return self._answered.get(name, ())
        return ()

    @cached_property
    def _answered(self) -> dict[str, tuple[Claim, ...]]:
        return {f"use.{key}": (Claim(value, "your answer", "primary"),) for key, value in self.assessment.answers.plain().items()}

    def _words(self, fact: Fact, possible: Possible) -> str:
        """A value in words; the same value of the same fact is worded once."""
        key = (fact.name, possible)
        if key not in self._worded:
            self._worded[key] = (
                self._days(possible) if isinstance(possible, Interval) and fact.unit == MONTHS_AHEAD else self.english.value(fact, possible)
            )
        return self._worded[key]

    def _days(self, months: Interval) -> str:
        """Months from the date of assessment as days of the calendar."""
        if not all(abs(end) < NEVER_MONTHS for end in (months.lo, months.hi)):
            return "a day that no source names"
        return " or ".join(
            dict.fromkeys(str(self.assessment.as_of + timedelta(round(end * DAYS_PER_MONTH))) for end in (months.lo, months.hi))
        )

    def _open_facts(self, test: Test, option: int) -> list[str]:
        names = [n for n in facts_read(test) if not is_settled(self.assessment.possible(option, n))]
        return names or [test.fact]

    # ------------------------------------------------------------------ reasons
    def _reason(self, live: LiveRule, option: int, verdict: Verdict, open_tests: Sequence[Test]) -> str:
        match verdict:
            case "breaches":
                return self.filled(live.rule.reason, option)
            case "complies":
                return f"Met: {self._met(live, option)}."
            case "unknown":
                return self._open_reason(open_tests, option)
            case "not_applicable":
                return "It does not apply to your answers or to this option."
            case "not_in_force":
                return "It is not in force on this date."
            case "waived":
                return "It is waived."

    def filled(self, text: str, option: int) -> str:
        """A sentence of a rule with what is known in place of `{option.…}`; never fails, whatever is known."""

        def words(match: re.Match[str]) -> str:
            fact = self.vocabulary.facts.get(match.group(1))
            return self._words(fact, self.assessment.possible(option, fact.name)) if fact else match.group(0)

        return PLACEHOLDER.sub(words, text)

    def _met(self, live: LiveRule, option: int) -> str:
        """What makes the requirement hold, in words; the part of it that does."""
        facts = partial(self.assessment.possible, option)
        condition = live.arm.requires
        while isinstance(condition, AnyOf):
            part = next((p for p in condition.parts if self.judge.truth(p, facts).must), None)
            if part is None:
                break
            condition = part
        return self.english.sentence(condition)

    def _open_reason(self, open_tests: Sequence[Test], option: int) -> str:
        parts = []
        for test in open_tests[:3]:
            fact = self.vocabulary.facts[test.fact]
            members = frozenset(test.operand.values) if isinstance(test.operand, Values) else frozenset()
            state = "sources differ" if self.fact_read(option, test.fact, members).disputed else "not established"
            value = self._words(fact, self.assessment.possible(option, test.fact))
            shown = "" if value.startswith(("not known", "none established", "places that are not")) else f"; known so far: {value}"
            parts.append(f"whether {self.english.sentence(test)} ({state}{shown})")
        if not parts:
            return "It cannot be decided from what is known."
        return "It cannot be decided " + "; ".join(parts) + "."

    # ------------------------------------------------------------------ evidence
    def requests(self, option: int) -> list[EvidenceRequest]:
        """What would settle the unknown `require` rules of an option, each question once."""
        found: dict[tuple[str, str], EvidenceRequest] = {}
        facts = partial(self.assessment.possible, option)
        for number, live in enumerate(self.assessment.rules):
            if live.rule.effect != "require" or self.assessment.verdict(number, option) != "unknown":
                continue
            for test in self.judge.open_tests(live.rule, live.arm, facts):
                for name in self._open_facts(test, option):
                    request = self._request(name, test, self.assessment.options[option], live.rule)
                    key = (request.fact, request.question)
                    earlier = found.get(key)
                    rules = (
                        (*earlier.rules, live.rule.id)
                        if earlier and live.rule.id not in earlier.rules
                        else earlier.rules
                        if earlier
                        else request.rules
                    )
                    found[key] = EvidenceRequest(
                        request.fact, request.question, request.who, rules, request.host, request.endpoint, request.model
                    )
        return list(found.values())

    def open_answers(self, number: int, option: int) -> frozenset[str]:
        """The `use.` facts that keep a rule open for an option. The same facts give the same answer, so each case is judged once."""
        live = self.assessment.rules[number]
        facts = partial(self.assessment.possible, option)
        key = (number, *(facts(name) for name in live.rule.facts if name.startswith("option.")))
        if key not in self._opened:
            open_tests = self.judge.open_tests(live.rule, live.arm, facts)
            names = (name for test in open_tests for name in self._open_facts(test, option))
            self._opened[key] = frozenset(name for name in names if name.startswith("use."))
        return self._opened[key]

    def _request(self, name: str, test: Test, option: Option, rule: Rule) -> EvidenceRequest:
        fact = self.vocabulary.facts[name]
        wanted = ""
        if test.fact == name and isinstance(test.operand, Answer):
            wanted = self.english.value(fact, self.assessment.answers.possible(test.operand.fact, self.assessment.as_of))
        elif test.fact == name:
            wanted = self.english.operand(fact, test.operand, "and" if test.operator == "has_all" else "or")
        template = fact.question or f"What is true of this: {fact.phrase}?"
        names = {"model": option.model.name, "host": option.host.name, "endpoint": option.where, "value": wanted}
        question = re.sub(r"\{(model|host|endpoint|value)\}", lambda m: names[m.group(1)], template)
        return EvidenceRequest(name, question, self._who(fact, option), (rule.id,), option.host.id, option.endpoint.id, option.model.id)

    @staticmethod
    def _who(fact: Fact, option: Option) -> str:
        """Who can answer; on your own premises there is no host to ask."""
        return "you" if not fact.who or (fact.who == "the host" and option.host.kind == "own") else fact.who
