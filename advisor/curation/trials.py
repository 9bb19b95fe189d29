"""
Trials: what becomes of a recommendation if one side of a dispute is right.

Each value of each dispute is tried alone, all else as it is. An option's worth does not depend on the others, so only the options that a
dispute touches are judged again; the rest keep their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from advisor.assessment import CODE, Derived, OptionTable, assess
from advisor.catalogue.claims import day_of
from advisor.catalogue.evidence import Known, Reader
from advisor.catalogue.files import BenchmarkFile
from advisor.catalogue.options import UNSTATED, Option, on_machine
from advisor.catalogue.prices import with_price
from advisor.catalogue.retirement import months_until
from advisor.cost.option import as_interval, option_costs
from advisor.curation.disputes import Dispute, usable
from advisor.possible import Interval, Members, Possible
from advisor.ranking.criteria import CONTROL_NO_FOREIGN_REACH
from advisor.ranking.quality import Quality, Score, floors, levels, quality, scaled, scores
from advisor.recommendation import Outcome, Ranked, Recommendation, best_first, rated

TOUCHED: Mapping[str, str] = {"price": "option.usd_per_month", "rent": "option.usd_per_month", "score": "option.quality_levels"}
"""The worked-out fact that changes with a claim of this kind."""
RETIREMENT, CONTEXT = "option.months_to_retirement", "option.context_tokens"
ROUNDING = 1e-6
"""Scores are kept to six places."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a recommendation becomes under one value of a dispute; only where it is another."""

    case: str
    value: object
    outcome: tuple[Outcome, Outcome]
    """Before and after."""
    recommended: tuple[str | None, str | None]
    """Ids of the options recommended before and after."""


@dataclass(frozen=True)
class _Trial:
    """One touched option under one value of one dispute."""

    number: int
    """Of the dispute."""
    value: object
    before: Ranked
    option: Option
    quality: Quality


def effects(case: str, result: Recommendation, found: Sequence[Dispute]) -> dict[int, list[Effect]]:
    """For each dispute, by its number in `found`: the values under which this case is recommended something else."""
    trials = list(_trials(result, found))
    after = _judged(result, trials)
    touched: dict[tuple[int, object], dict[int, Ranked]] = {}
    for trial, ranked in zip(trials, after, strict=True):
        touched.setdefault((trial.number, _key(trial.value)), {})[trial.before.position] = ranked
    values = {(trial.number, _key(trial.value)): trial.value for trial in trials}
    changes: dict[int, list[Effect]] = {}
    for (number, key), ranked_again in touched.items():
        effect = _effect(case, result, values[number, key], ranked_again)
        if effect:
            changes.setdefault(number, []).append(effect)
    return changes


def _effect(case: str, result: Recommendation, value: object, again: Mapping[int, Ranked]) -> Effect | None:
    kept = next((r for r in result.ranked if r.position not in again), None)
    usable_again = [r for r in again.values() if r.standing in ("eligible", "conditional")]
    best = min([*usable_again, *([kept] if kept else [])], key=best_first, default=None)
    if best:
        outcome: Outcome = "recommended" if best.standing == "eligible" else "conditional"
    else:
        waiting = any(r.position not in again for r in result.unconfirmed) or any(r.standing == "unconfirmed" for r in again.values())
        outcome = "unconfirmed-only" if waiting else "none"
    before, after = result.best.option.id if result.best else None, best.option.id if best else None
    if (result.outcome, before) == (outcome, after):
        return None
    return Effect(case, value, (result.outcome, outcome), (before, after))


# ---------------------------------------------------------------------- which options are judged again
def _trials(result: Recommendation, found: Sequence[Dispute]) -> Iterator[_Trial]:
    at: dict[str, list[Ranked]] = {}
    for ranked in result.all:
        at.setdefault(_wherever(ranked.option), []).append(ranked)
    open_to = _open_to(result)
    for number, dispute in enumerate(found):
        if dispute.settled:
            continue
        fact = TOUCHED.get(dispute.kind, dispute.name)
        known = [ranked for name in dispute.options for ranked in at.get(name, ())]
        touched = [r for r in known if r.standing != "excluded" or fact in open_to[r.position]]
        if not any(r is result.best for r in touched):
            touched = [r for r in touched if _may_lead(result, r, dispute)]
        for ranked in touched:
            for value in usable(dispute):
                yield _Trial(number, value, ranked, *_settled(result, ranked, dispute, value))


def _wherever(option: Option) -> str:
    """The id of an option; on your own premises the one that names no country, as the list of disputes does."""
    return option.id.replace(f"/{option.place}/", f"/{UNSTATED}/", 1) if option.host.kind == "own" else option.id


def _open_to(result: Recommendation) -> dict[int, frozenset[str]]:
    """For each excluded option the facts that all its breaches read. Under another value of any other fact it stays excluded."""
    found: dict[int, frozenset[str]] = {}
    for number, live in enumerate(result.assessment.rules):
        if live.rule.effect != "require" or live.arm.source.checked == "memory":
            continue
        for position in np.flatnonzero(result.assessment.verdicts[number] == CODE["breaches"]).tolist():
            read = frozenset(live.rule.facts)
            found[position] = found[position] & read if position in found else read
    return found


def _may_lead(result: Recommendation, ranked: Ranked, dispute: Dispute) -> bool:
    """Whether the option could come first under some value of the dispute: its score at best against that of the first."""
    if result.best is None:
        return True
    weights = result.weights.values
    match dispute.kind:
        case "score":
            gain = weights["quality"] * (1 - ranked.worth["quality"].value)
        case "price" | "rent":
            gain = weights["cost"] * (1 - ranked.worth["cost"].value)
        case "fact":
            gain = weights["control"] * CONTROL_NO_FOREIGN_REACH
    return ranked.score + gain + ROUNDING >= result.best.score


# ---------------------------------------------------------------------- one side taken for true
def _settled(result: Recommendation, ranked: Ranked, dispute: Dispute, value: object) -> tuple[Option, Quality]:
    """The option and its quality if this value is the true one."""
    option = ranked.option
    match dispute.kind:
        case "score":
            return option, _with_score(result, option, dispute.name, value)
        case "price":
            if option.prices is None:
                raise ValueError(f"{option.id} has no prices")
            return replace(option, prices=with_price(option.prices, dispute.name, Decimal(str(value)))), ranked.quality
        case "rent":
            if option.deployment is None:
                raise ValueError(f"{option.id} rents no machine")
            claims = tuple(c for c in dispute.claims if _key(c.value) == _key(value))
            return replace(option, deployment=replace(option.deployment, rent=claims)), ranked.quality
        case "fact":
            known = replace(_known(result, option, dispute, value), disputes=option.facts[dispute.name].disputes - {dispute.member})
            return replace(option, facts={**option.facts, dispute.name: known}), ranked.quality


def _known(result: Recommendation, option: Option, dispute: Dispute, value: object) -> Known:
    """What is known of the fact if this value is the true one."""
    known = option.facts[dispute.name]
    possible: Possible
    if dispute.name == RETIREMENT and (day := day_of(str(value))):
        months = months_until(day, result.as_of)
        possible = Interval(months, months)
    elif dispute.member and isinstance(known.possible, Members):
        held = frozenset({dispute.member})
        certain, open_still = known.possible.certain - held, known.possible.possible - held
        possible = Members(certain | held, open_still | held) if value == "yes" else Members(certain, open_still)
    else:
        vocabulary = result.library.vocabulary
        possible = Reader(vocabulary, result.as_of).value(vocabulary.facts[dispute.name], value)
        if dispute.name == CONTEXT and option.deployment:
            possible = on_machine(possible, option.deployment.machine)
    return replace(known, possible=possible)


def _with_score(result: Recommendation, option: Option, name: str, value: object) -> Quality:
    catalogue = result.library.catalogue
    known = scores(option.model, catalogue.benchmarks, catalogue.sources[option.model.id], result.as_of, result.figures)
    one = catalogue.benchmarks[name]
    return quality([_pinned(s, one, value) for s in known], catalogue.benchmarks, result.answers.listed("tasks") or ())


def _pinned(score: Score, benchmark: BenchmarkFile, value: object) -> Score:
    if score.benchmark.id != benchmark.id:
        return score
    raw = scaled(benchmark, float(str(value)))
    return replace(score, low=raw, expected=raw, high=raw)


def _judged(result: Recommendation, trials: Sequence[_Trial]) -> list[Ranked]:
    """The touched options, judged and rated again, in order."""
    if not trials:
        return []
    catalogue = result.library.catalogue
    limits = floors(catalogue.floors, result.as_of)
    options = [replace(trial.option) for trial in trials]
    costs = option_costs(options, result.answers, catalogue, result.as_of)
    derived: Derived = {
        "option.quality_levels": [levels(trial.quality, limits) for trial in trials],
        "option.usd_per_month": [as_interval(cost) for cost in costs],
    }
    assessment = assess(result.answers, OptionTable(options, result.library.vocabulary), result.library.rulebook, result.as_of, derived)
    return [rated(assessment, n, result.weights, costs[n], trial.quality) for n, trial in enumerate(trials)]


def _key(value: object) -> object:
    return tuple(map(str, value)) if isinstance(value, list) else value
