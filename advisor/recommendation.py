"""
Recommendation: from answers to options in order, what was ruled out and why, and what is still open.

In: answers, library, date. Out: one Recommendation. The gate comes before the score: no weight buys back an exclusion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Literal, TypeAlias

from advisor.answers import Answers
from advisor.assessment import Assessment, Derived, Standing, assess
from advisor.catalogue.options import Option
from advisor.cost.lines import Cost
from advisor.cost.option import as_interval, option_costs
from advisor.findings import EvidenceRequest, Explainer, Finding
from advisor.library import Library
from advisor.possible import Possible
from advisor.ranking.criteria import CRITERIA, Worth, criteria
from advisor.ranking.quality import Quality, floors, levels, qualities
from advisor.ranking.weights import Weights, weights
from advisor.rulebook.provisions import Duty, duties
from advisor.rulebook.rule import Criterion, Rule

Outcome: TypeAlias = Literal["recommended", "conditional", "unconfirmed-only", "none"]

SHORTLIST_ROWS = 10
NEAREST_ROWS = 10


@dataclass(frozen=True, eq=False)
class Ranked:
    """One option with all that decides its place."""

    position: int
    """In the assessment."""
    option: Option
    standing: Standing
    worth: Mapping[Criterion, Worth]
    score: float
    cost: Cost
    quality: Quality
    open_rules: int
    """How many `require` rules cannot be decided for it."""


@dataclass(frozen=True)
class Obligation:
    """A duty that is open for an option."""

    text: str
    rule: Rule | None
    """None: a precondition of the endpoint."""
    who: str = ""


@dataclass(frozen=True)
class OpenQuestion:
    """An answer that is not known and keeps rules undecided."""

    key: str
    phrase: str
    title: str
    """The question that asks for it."""
    rules: tuple[str, ...]
    options: int
    """How many options wait for it."""


@dataclass(frozen=True)
class Recommendation:
    """The result for one set of answers."""

    library: Library
    answers: Answers
    as_of: date
    figures: str
    assessment: Assessment
    weights: Weights
    ranked: tuple[Ranked, ...]
    """Eligible and conditional options, best first."""
    unconfirmed: tuple[Ranked, ...]
    """Fewest open rules first, then score."""
    excluded: tuple[Ranked, ...]

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.assessment)

    @property
    def outcome(self) -> Outcome:
        if self.ranked:
            return "recommended" if self.ranked[0].standing == "eligible" else "conditional"
        return "unconfirmed-only" if self.unconfirmed else "none"

    @property
    def best(self) -> Ranked | None:
        return self.ranked[0] if self.ranked else None

    @cached_property
    def shortlist(self) -> tuple[Ranked, ...]:
        """The best option of each model at each host, best first."""
        return folded(self.ranked)[:SHORTLIST_ROWS]

    @cached_property
    def nearest(self) -> tuple[Ranked, ...]:
        """The unconfirmed options that lack least, one for each model at each host."""
        return folded(self.unconfirmed)[:NEAREST_ROWS]

    @property
    def best_eligible(self) -> Ranked | None:
        return next((r for r in self.ranked if r.standing == "eligible"), None)

    @property
    def all(self) -> tuple[Ranked, ...]:
        return (*self.ranked, *self.unconfirmed, *self.excluded)

    def find(self, option_id: str) -> Ranked | None:
        return next((r for r in self.all if r.option.id == option_id), None)

    def findings(self, ranked: Ranked) -> list[Finding]:
        """Every finding of an option for a rule that applies."""
        return [f for f in self.explainer.findings(ranked.position) if f.verdict != "not_applicable"]

    def requests(self, ranked: Ranked) -> list[EvidenceRequest]:
        return self.explainer.requests(ranked.position)

    def obligations(self, ranked: Ranked) -> list[Obligation]:
        """
        What is open before or while an option may be used: preconditions, duties of met rules, safeguards not shown.

        For an unconfirmed option also the duties of the rules that cannot be decided yet; they stand once it is confirmed.
        """
        found = [Obligation(p.text, None, p.who) for p in ranked.option.preconditions]
        for number, live in enumerate(self.assessment.rules):
            verdict = self.assessment.verdict(number, ranked.position)
            rule = live.rule
            pending = rule.effect == "require" and verdict == "unknown"
            if rule.obligation and (pending or self.assessment.duties[number, ranked.position]):
                found.append(Obligation(self.explainer.filled(rule.obligation.text, ranked.position), rule))
            elif rule.effect == "mitigate" and verdict in ("breaches", "unknown"):
                found.append(Obligation(self.explainer.filled(rule.remedy, ranked.position), rule))
            elif waiver := self.assessment.waiver(number, ranked.position):
                text = f"Keep in place what stands in for the rule: {waiver.control} The waiver {waiver.id} ends on {waiver.expires}."
                found.append(Obligation(text, rule, waiver.author.name))
        return found

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """What the law leaves to a person, whichever option is chosen: obligations and cautions that no rule can state."""

        def answer(fact: str) -> Possible:
            return self.answers.possible(fact, self.as_of)

        return tuple(duties(self.library.rulebook.provisions, self.library.vocabulary, answer, self.as_of))

    def cautions(self, ranked: Ranked) -> list[Finding]:
        return [f for f in self.explainer.findings(ranked.position, ("breaches", "unknown")) if f.rule.effect == "advise"]

    def breaches(self, ranked: Ranked) -> list[Finding]:
        """The findings that exclude an option."""
        return [f for f in self.explainer.findings(ranked.position, ("breaches",)) if f.rule.effect == "require"]

    @cached_property
    def open_questions(self) -> tuple[OpenQuestion, ...]:
        """Unknown answers that keep a `require` rule undecided for some option, those that most options wait for first."""
        waiting: dict[str, tuple[set[str], set[int]]] = {}
        for number, live in enumerate(self.assessment.rules):
            for ranked in self.unconfirmed if live.rule.effect == "require" else ():
                if self.assessment.verdict(number, ranked.position) == "unknown":
                    for name in self.explainer.open_answers(number, ranked.position):
                        rules, options = waiting.setdefault(name, (set(), set()))
                        rules.add(live.rule.id)
                        options.add(ranked.position)
        vocabulary = self.library.vocabulary
        titles = {f"use.{field.key}": field.label or q.title for q in self.library.questions for field in q.fields}
        found = [
            OpenQuestion(
                vocabulary.facts[name].key, vocabulary.facts[name].phrase, titles.get(name, name), tuple(sorted(rules)), len(options)
            )
            for name, (rules, options) in waiting.items()
        ]
        return tuple(sorted(found, key=lambda q: (-q.options, q.key)))

    @property
    def counts(self) -> dict[str, int]:
        by_standing = {"eligible": 0, "conditional": 0, "unconfirmed": 0, "excluded": 0}
        for ranked in self.all:
            by_standing[ranked.standing] += 1
        return {"options": len(self.all), **by_standing}

    def excluding_rules(self) -> list[tuple[Rule, int]]:
        """The rules that exclude options, with how many each excludes, most first."""
        found = []
        for number, live in enumerate(self.assessment.rules):
            if live.rule.effect == "require" and live.arm.source.checked != "memory":
                count = int((self.assessment.verdicts[number] == 2).sum())
                if count:
                    found.append((live.rule, count))
        return sorted(found, key=lambda pair: (-pair[1], pair[0].id))


def folded(options: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The first of each family, in order."""
    first: dict[tuple[str, str], Ranked] = {}
    for ranked in options:
        first.setdefault(ranked.option.family, ranked)
    return tuple(first.values())


def own_premises(answers: Answers) -> tuple[str, ...]:
    """Countries in which the organisation's own premises may stand: its seat, and the countries it allows for the data."""
    seat = answers.text("organisation_country")
    allowed = answers.listed("residency_places") or () if answers.text("residency") == "listed" else ()
    countries = answers.vocabulary.places.countries
    return tuple(sorted({*([seat] if seat else []), *(c for c in allowed if c in countries)}))


def recommend(answers: Answers, library: Library, as_of: date, figures: str = "best") -> Recommendation:
    """Assesses every option, then ranks what may be used."""
    table = library.table(as_of, own_premises(answers), figures)
    catalogue = library.catalogue
    quality = qualities(catalogue, answers.listed("tasks") or (), as_of, figures)
    limits = floors(catalogue.floors, as_of)
    costs = option_costs(table.options, answers, catalogue, as_of)
    reached = {model: levels(value, limits) for model, value in quality.items()}
    derived: Derived = {
        "option.quality_levels": [reached[option.model.id] for option in table.options],
        "option.usd_per_month": [as_interval(cost) for cost in costs],
    }
    assessment = assess(answers, table, library.rulebook, as_of, derived)
    explainer = Explainer(assessment)
    weighed = weights(answers, assessment.weighing, explainer.judge)
    everything = [rated(assessment, n, weighed, costs[n], quality[option.model.id]) for n, option in enumerate(table.options)]
    groups: dict[Standing, list[Ranked]] = {"eligible": [], "conditional": [], "unconfirmed": [], "excluded": []}
    for ranked in everything:
        groups[ranked.standing].append(ranked)
    return Recommendation(
        library, answers, as_of, figures, assessment, weighed,
        tuple(sorted(groups["eligible"] + groups["conditional"], key=best_first)),
        tuple(sorted(groups["unconfirmed"], key=nearest_first)),
        tuple(sorted(groups["excluded"], key=lambda r: (-r.score, r.option.id))),
    )  # fmt: skip


def best_first(ranked: Ranked) -> tuple[float, bool, str]:
    """The order of options that may be used."""
    return (-ranked.score, ranked.standing != "eligible", ranked.option.id)


def nearest_first(ranked: Ranked) -> tuple[int, float, str]:
    """The order of options that cannot be confirmed yet: those that lack least first."""
    return (ranked.open_rules, -ranked.score, ranked.option.id)


def rated(assessment: Assessment, position: int, weighed: Weights, cost: Cost, quality: Quality) -> Ranked:
    """One option of an assessment with its worth and score; neither depends on which other options there are."""
    option = assessment.options[position]
    worth = criteria(option, partial(assessment.possible, position), assessment.answers, quality, cost)
    score = round(sum(weighed.values[name] * worth[name].value for name in CRITERIA), 6)
    return Ranked(position, option, assessment.standing_of(position), worth, score, cost, quality, int(assessment.open_requires[position]))
