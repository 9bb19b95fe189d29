"""
The recommendation for machines: one JSON document, `recommendation/1`. Money is a decimal string; other figures are rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from advisor.canonical import digest
from advisor.catalogue.claims import Claim
from advisor.catalogue.evidence import Known
from advisor.cost.lines import Line, money
from advisor.findings import EvidenceRequest, FactRead, Finding
from advisor.possible import Choice, Interval, Members, Possible
from advisor.ranking.criteria import CRITERIA, Worth
from advisor.recommendation import Obligation, Ranked, Recommendation, folded
from advisor.rulebook.provisions import Duty
from advisor.rulebook.waivers import Waiver, void_because
from advisor.wording import headline, margin_words, reasons

SCHEMA = "recommendation/1"
EXCLUDED_SHOWN = 10
WAIVERS = "waivers"


def engine_version() -> str:
    """The version of the installed advisor."""
    try:
        return version("advisor")
    except PackageNotFoundError:
        return "unversioned"


def document(result: Recommendation, everything: bool = False) -> dict[str, object]:
    """The whole result as plain data. `everything` adds every other option with the findings of the rules it does not meet."""
    best = result.best
    runner_up = next((r for r in result.shortlist if best and r.option.family != best.option.family), None)
    shown = list(dict.fromkeys([*result.shortlist, *result.nearest, *folded(result.excluded)[:EXCLUDED_SHOWN]]))
    ranks = {ranked.option.id: place for place, ranked in enumerate(result.ranked, 1)}
    options = [option(result, ranked, ranks.get(ranked.option.id), full=True) for ranked in shown]
    if everything:
        options += [option(result, ranked, ranks.get(ranked.option.id), full=False) for ranked in result.all if ranked not in set(shown)]
    lead = best or (result.nearest[0] if result.nearest else None)
    return {
        "schema": SCHEMA,
        "as_of": str(result.as_of),
        "engine_version": engine_version(),
        "figures": result.figures,
        "digests": digests(result),
        "known_on": str(result.library.catalogue_date),
        "overridden": overridden(result),
        "outcome": result.outcome,
        "headline": headline(result),
        "recommended": best.option.id if best else None,
        "best_eligible": result.best_eligible.option.id if result.best_eligible else None,
        "runner_up": runner_up.option.id if runner_up else None,
        "counts": result.counts,
        "weights": {name: result.weights.values[name] for name in CRITERIA},
        "options": options,
        "reasons": [{"text": r.text, "rules": list(r.rules), "facts": list(r.facts)} for r in reasons(result)],
        "obligations": [*([obligation(o) for o in result.obligations(lead)] if lead else []), *_duties(result, "obligation")],
        "cautions": [*([finding(f) for f in result.cautions(lead)] if lead else []), *_duties(result, "caution")],
        "waivers": waivers(result),
        "evidence_requests": [request(q) for q in _all_requests(result)],
        "disputes": disputes(result, shown),
        "stability": {"margin": round(_margin(result.shortlist), 6), "text": margin_words(result.shortlist)} if best else {},
        "flips": [],
        "horizon": horizon(result),
        "open_questions": [
            {"key": q.key, "phrase": q.phrase, "title": q.title, "rules": list(q.rules), "options": q.options}
            for q in result.open_questions
        ],
    }


def overridden(result: Recommendation) -> list[str]:
    """The shipped records that an organisation's own rules and data replace: `rule eu-gdpr-44-transfer`, `host berget`."""
    rules = (name if " " in name else f"rule {name}" for name in result.library.rulebook.overridden)
    return [*rules, *result.library.catalogue.overridden]


def digests(result: Recommendation) -> dict[str, str]:
    return {
        "answers": digest(result.answers.plain()),
        "catalogue": result.library.catalogue_digest,
        "rulebook": result.library.rulebook_digest,
    }


def option(result: Recommendation, ranked: Ranked, rank: int | None, full: bool) -> dict[str, object]:
    """
    One option: everything for the shortlist, standing and unmet rules for the others.

    The claims behind the facts stand in the findings of the shortlist and in `why`; for thousands of options they would fill
    hundreds of megabytes.
    """
    item = ranked.option
    findings = result.findings(ranked) if full else result.explainer.unmet(ranked.position)
    return {
        "id": item.id,
        "name": item.name,
        "model": item.model.id,
        "host": item.host.id,
        "endpoint": item.place,
        "mode": item.mode,
        "processing_places": places(item.possible("option.processing_places")),
        "storage_places": places(item.possible("option.storage_places")),
        "standing": ranked.standing,
        "rank": rank,
        "score": round(ranked.score, 6),
        "criteria": {name: worth(w) | {"weight": result.weights.values[name]} for name, w in ranked.worth.items()},
        "quality": {side: getattr(ranked.quality, side) for side in ("low", "expected", "high", "shown", "coverage")},
        "cost": {
            "usd_per_month": range_of(ranked),
            "missing": ranked.cost.missing,
            "notes": list(ranked.cost.notes),
            "lines": [line(x) for x in ranked.cost.lines] if full else [],
        },
        "preconditions": [{"text": p.text, "who": p.who} for p in item.preconditions],
        "open_obligations": [obligation(o) for o in result.obligations(ranked)] if full else [],
        "evidence_requests": [request(q) for q in result.requests(ranked)] if full else [],
        "findings": [finding(f) for f in findings],
    }  # fmt: skip


def worth(item: Worth) -> dict[str, object]:
    """An option on one criterion, from 0 to 1."""
    low, value, high = (round(x, 4) for x in (item.low, item.value, item.high))
    return {"low": low, "expected": value, "high": high, "value": value, "known": item.known}


def range_of(ranked: Ranked) -> dict[str, str] | None:
    usd = ranked.cost.usd
    return {"low": money(usd.low), "expected": money(usd.expected), "high": money(usd.high)} if usd else None


def line(item: Line) -> dict[str, str]:
    return {
        "label": item.label, "formula": item.formula,
        "low": money(item.usd.low), "expected": money(item.usd.expected), "high": money(item.usd.high), "source": item.source,
    }  # fmt: skip


def places(value: Possible) -> list[str] | str:
    """Countries, `unknown` where none is established."""
    if not isinstance(value, Members) or (not value.certain and value.possible):
        return "unknown"
    return sorted(value.certain)


def finding(item: Finding) -> dict[str, object]:
    return {
        "rule": item.rule.id,
        "title": item.rule.title,
        "effect": item.rule.effect,
        "verdict": item.verdict,
        "reason": item.reason,
        "cite": item.source.cite,
        "url": item.source.url,
        "checked": item.source.checked,
        "review": item.rule.review,
        "facts": {f.fact.name: fact(f) for f in item.facts},
        **({"would_be": item.would_be, "waiver": waiver(item.waiver)} if item.waiver else {}),
    }


def waiver(item: Waiver) -> dict[str, str]:
    return {
        "id": item.id, "rule": item.rule, "reason": item.reason, "compensating_control": item.control,
        "author": f"{item.author.name}, {item.author.role}", "approver": f"{item.approver.name}, {item.approver.role}",
        "approved_on": str(item.approved_on), "expires": str(item.expires),
    }  # fmt: skip


def waivers(result: Recommendation) -> list[dict[str, str]]:
    """Every waiver at hand, and why it holds nothing where it does not."""
    book = result.library.rulebook
    readable = [{**waiver(item), "void_because": void_because(item, book.rules, result.as_of)} for item in book.waivers]
    unreadable = ({"id": p.path.rpartition(f"{WAIVERS}/")[2], "void_because": f"it cannot be read: {p.what}"} for p in book.void)
    return [*readable, *unreadable]


def duty(item: Duty) -> dict[str, object]:
    """What the law leaves to a person, whichever option is chosen."""
    source = item.manual.source
    return {
        "text": item.manual.text, "reason": item.manual.text, "title": item.provision.title, "rule": None,
        "provision": item.provision.id, "shows": item.manual.shows,
        "who": "", "applies": "yes" if item.sure else "unknown", "cite": source.cite, "url": source.url, "checked": source.checked,
        "why": item.provision.why,
    }  # fmt: skip


def _duties(result: Recommendation, shows: str) -> list[dict[str, object]]:
    return [duty(item) for item in result.duties if item.manual.shows == shows]


def fact(item: FactRead) -> dict[str, object]:
    return {
        "values": values(item.possible),
        "words": item.words,
        "unknown": item.unknown,
        "disputed": item.disputed,
        **({"settled": item.settled} if item.settled else {}),
        "claims": [claim(c) for c in item.claims],
    }


def known(item: Known) -> dict[str, object]:
    """What is known of a fact, whoever reads it."""
    settled = {"settled": item.settled} if item.settled else {}
    return {"values": values(item.possible), **settled, "claims": [claim(c) for c in item.claims]}


def values(value: Possible) -> object:
    """What is possible, as plain data; a long list by its length."""
    match value:
        case Interval(lo, hi):
            return [lo if math.isfinite(lo) else None, hi if math.isfinite(hi) else None]
        case Choice(possible):
            return _short(sorted(possible))
        case Members(certain, possible):
            return {"certain": _short(sorted(certain)), "possible": _short(sorted(possible))}


def _short(items: Sequence[str], most: int = 40) -> object:
    return list(items) if len(items) <= most else {"count": len(items)}


def claim(item: Claim) -> dict[str, object]:
    value = item.value if isinstance(item.value, str | int | float | list) else str(item.value)
    found: dict[str, object] = {
        "value": value,
        "source": item.source,
        "as_of": item.as_of,
        "grade": item.grade,
        "confidence": item.confidence,
    }
    extras = {"member": item.member, "url": item.url, "scope": item.scope, "note": item.note}
    return found | {key: text for key, text in extras.items() if text}


def obligation(item: Obligation) -> dict[str, object]:
    return {"text": item.text, "rule": item.rule.id if item.rule else None, "who": item.who}


def request(item: EvidenceRequest) -> dict[str, object]:
    return {
        "question": item.question, "who": item.who, "fact": item.fact, "rules": list(item.rules),
        "host": item.host, "endpoint": item.endpoint, "model": item.model,
    }  # fmt: skip


def _all_requests(result: Recommendation) -> list[EvidenceRequest]:
    found: dict[tuple[str, str], EvidenceRequest] = {}
    for ranked in result.nearest:
        for item in result.requests(ranked):
            found.setdefault((item.fact, item.question), item)
    return list(found.values())


def disputes(result: Recommendation, shown: Sequence[Ranked]) -> list[dict[str, object]]:
    """Facts of the shown options on which live sources differ and which a live rule reads."""
    read = {name for live in result.assessment.rules for name in live.rule.facts}
    found: list[dict[str, object]] = []
    for ranked in shown:
        for name, known in ranked.option.facts.items():
            if known.disputed and name in read:
                found.append({"option": ranked.option.id, "fact": name, "claims": [claim(c) for c in known.claims]})
    return found


def horizon(result: Recommendation) -> list[dict[str, object]]:
    """Dates on which a rule begins, changes or ends, soonest first."""
    found: list[dict[str, object]] = []
    for rule in result.library.rulebook.rules.values():
        day = rule.next_change(result.as_of)
        if day:
            arm = rule.arm(day)
            found.append({"date": str(day), "rule": rule.id, "title": rule.title, "change": "begins or changes" if arm else "ends"})
    return sorted(found, key=lambda item: (str(item["date"]), str(item["rule"])))


def _margin(ranked: Sequence[Ranked]) -> float:
    return ranked[0].score - ranked[1].score if len(ranked) > 1 else 0.0
