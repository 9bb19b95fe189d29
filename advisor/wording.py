"""
The words of a recommendation: verdict sentence, reasons, what was excluded. Screen, command line and memo all use these.

Every sentence names the rules and facts it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.cost.lines import spread
from advisor.possible import Members
from advisor.recommendation import Ranked, Recommendation
from advisor.rulebook.english import joined
from advisor.rulebook.rule import Rule, Source

NOT_LEGAL_ADVICE = "This is not legal advice. No lawyer has reviewed the shipped rules yet; each names its source, so that yours can."

STANDING_WORDS: Mapping[str, str] = {
    "eligible": "may be used",
    "conditional": "may be used once the open obligations are met",
    "unconfirmed": "cannot be confirmed yet",
    "excluded": "ruled out",
}

MODE_WORDS: Mapping[str, str] = {
    "closed-api": "closed API",
    "hosted-open": "hosted open weights",
    "self-hosted": "self-hosted open weights",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with what it rests on."""

    text: str
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def headline(result: Recommendation) -> str:
    """The verdict in one sentence."""
    match result.outcome, result.best:
        case "recommended", Ranked() as best:
            return f"Use {best.option.name}."
        case "conditional", Ranked() as best:
            count = len(result.obligations(best))
            return f"Use {best.option.name}, once {_counted(count, 'open obligation')} {'is' if count == 1 else 'are'} met."
    if result.outcome == "unconfirmed-only":
        nearest = result.nearest[0]
        count = len(result.requests(nearest))
        return f"No option can be confirmed yet. The nearest is {nearest.option.name}: {_counted(count, 'question')} would settle it."
    return "No option meets every requirement. The rules that exclude them are named below."


def reasons(result: Recommendation) -> list[Reason]:
    """Three to seven reasons for the recommended option, each with its rules and facts."""
    best = result.best
    if best is None:
        return _reasons_for_none(result)
    found = [_rules_met(result, best), _place(result, best), _licence(result, best), _quality(result, best), _cost(result, best)]
    found += _running_it_yourself(result, best)
    eligible = result.best_eligible
    if best.standing == "conditional" and eligible:
        found.append(Reason(f"The best option with nothing left to do is {eligible.option.name}, {_cost_words(eligible)}."))
    elif best.standing == "conditional":
        found.append(Reason("No option is free of open obligations."))
    found += _left_out(result)
    return found


def _reasons_for_none(result: Recommendation) -> list[Reason]:
    found = _left_out(result)
    waiting = result.open_questions
    if waiting:
        titles = [f"“{q.title}”" for q in waiting[:5]] + ([f"{len(waiting) - 5} more"] if len(waiting) > 5 else [])
        found.append(Reason(f"Still to be answered: {joined(titles, 'and')}.", facts=tuple(f"use.{q.key}" for q in waiting)))
    return found


def _rules_met(result: Recommendation, best: Ranked) -> Reason:
    met = [f for f in result.findings(best) if f.rule.effect == "require" and f.verdict == "complies"]
    law = [f for f in met if not f.rule.topic.startswith("own")]
    own = len(met) - len(law)
    named = [short_cite(f.source.cite) for f in law[:3]] + ([f"{len(law) - 3} more"] if len(law) > 3 else [])
    bound = "No binding rule of law or licence applies to it"
    if law:
        bound = f"It meets {_counted(len(law), 'binding rule')} of law and licence: {joined(named, 'and')}"
    demands = f"; it meets {_counted(own, 'demand')} of your own" if own else ""
    return Reason(f"{bound}{demands}.", tuple(f.rule.id for f in met))


def _place(result: Recommendation, best: Ranked) -> Reason:
    value = result.assessment.possible(best.position, "option.processing_places")
    where = result.explainer.english.places(value.certain, value.possible) if isinstance(value, Members) else "not known"
    run = {"own": "You run it on your own premises", "rented": "You run it on machines you rent", "host": "The host runs it"}
    premises = result.explainer.fact_read(best.position, "option.premises")
    word = next(iter(getattr(premises.possible, "possible", {"host"})))
    return Reason(f"{run[word]}; the data is processed in {where}.", facts=("option.premises", "option.processing_places"))


def _licence(result: Recommendation, best: Ranked) -> Reason:
    licence = result.library.catalogue.licences[best.option.model.licence]
    return Reason(f"Licence: {licence.name}. {licence.summary}", facts=("option.licence",))


def _quality(result: Recommendation, best: Ranked) -> Reason:
    need = result.answers.text("quality_need")
    known = best.quality
    if known.expected is None:
        return Reason("No benchmark result for your tasks is at hand; test it on your own cases.", facts=("option.quality_levels",))
    reach = ""
    if need:
        value = result.assessment.possible(best.position, "option.quality_levels")
        certain = isinstance(value, Members) and need in value.certain
        reach = f"; the level you need, {need!r}, is {'reached' if certain else 'not surely reached'}"
    text = f"Quality for your tasks: {known.expected:.0f} of 100 (between {known.low:.0f} and {known.high:.0f}){reach}."
    return Reason(
        f"{text} {_counted(len(known.scores), 'benchmark')} {'speaks' if len(known.scores) == 1 else 'speak'} to it.",
        facts=("option.quality_levels",),
    )


def _cost(result: Recommendation, best: Ranked) -> Reason:
    others = [
        r for r in result.shortlist if r is not best and r.cost.usd and best.cost.usd and r.cost.usd.expected < best.cost.usd.expected
    ]
    cheaper = (
        f" {_counted(len(others), 'listed option')} would cost less."
        if others
        else " None of the options that may be used costs less."
        if best.cost.usd
        else ""
    )
    return Reason(f"Cost: {_cost_words(best)}.{cheaper}", facts=("option.usd_per_month",))


def _running_it_yourself(result: Recommendation, best: Ranked) -> list[Reason]:
    """What the cheapest self-hosted option would cost, ruled out or not, next to one that a host runs."""
    own = [r for r in result.all if r.option.mode == "self-hosted" and r.cost.usd]
    if best.option.mode == "self-hosted" or not own or not best.cost.usd or not best.cost.usd.expected:
        return []
    cheapest = min(own, key=lambda r: (r.cost.usd.expected if r.cost.usd else 0, r.option.id))
    usd = cheapest.cost.usd
    if usd is None or usd.expected <= best.cost.usd.expected:
        return []
    factor = usd.expected / best.cost.usd.expected
    times = f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"
    cost = f"{spread(usd)} a month, {times} times as much"
    text = f"Running a model yourselves would cost more at this volume: the cheapest, {cheapest.option.name}, costs {cost}."
    return [Reason(text, facts=("option.usd_per_month", "option.mode"))]


def _cost_words(ranked: Ranked) -> str:
    return f"{spread(ranked.cost.usd)} a month" if ranked.cost.usd else f"not known, because {ranked.cost.missing}"


def _left_out(result: Recommendation) -> list[Reason]:
    rules = result.excluding_rules()[:3]
    if not rules:
        return []
    parts = [f"{rule_name(rule)} ({_counted(count, 'option')})" for rule, count in rules]
    return [Reason(f"Most options were ruled out by: {'; '.join(parts)}.", tuple(rule.id for rule, _ in rules))]


def rule_name(rule: Rule) -> str:
    """A rule as a list names it."""
    return rule.title


SHORT_CITE = re.compile(r".*?\(([A-Z][A-Za-z0-9]{1,11})\), (.+)")


def short_cite(cite: str) -> str:
    """A citation by the short name of its instrument, where it gives one: `GDPR, Art. 44 to 46`."""
    match = SHORT_CITE.fullmatch(cite)
    return f"{match.group(1)}, {match.group(2)}" if match else cite


def excluded_words(result: Recommendation, ranked: Ranked) -> str:
    """Why an option is out, in one sentence: its first breach."""
    breaches = result.breaches(ranked)
    more = f" And {_counted(len(breaches) - 1, 'more rule')}." if len(breaches) > 1 else ""
    return f"{breaches[0].reason} ({short_cite(breaches[0].source.cite)}){more}" if breaches else "A binding rule is breached."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


CHECKED_WORDS: Mapping[str, str] = {"read": "text read", "secondary": "read in another's account", "memory": "from memory, not yet read"}


def checked_words(source: Source) -> str:
    """How a source was checked, and when."""
    day = f" on {source.verified}" if source.verified else ""
    return f"{CHECKED_WORDS[source.checked]}{day}"


def weights_words(result: Recommendation) -> str:
    """What the order rests on."""
    ordered = sorted(result.weights.values.items(), key=lambda pair: (-pair[1], pair[0]))
    shares = ", ".join(f"{name} {value * 100:.0f} %" for name, value in ordered if value)
    if result.answers.weights("priorities") is not None:
        return f"Order by your own priorities: {shares}."
    count = len(result.weights.rules)
    return f"Order by {_counted(count, 'weighing rule')} that your answers call for: {shares}."


def margin_words(ranked: Sequence[Ranked]) -> str:
    """How far the first is ahead, and whether the ranges of what is known overlap."""
    if len(ranked) < 2:
        return "There is no second option to compare with."
    first, second = ranked[0], ranked[1]
    gap = first.score - second.score
    overlap = (
        "The figures behind both have ranges that overlap, so treat them as close."
        if gap < 0.03
        else "The lead is larger than small changes in the figures."
    )
    return f"It is ahead of {second.option.name} by {gap * 100:.1f} of 100 points. {overlap}"
