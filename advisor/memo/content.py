"""
What a decision memo says, as plain data: the recommendation document, the answers, and the words around them.

Every output form renders this one tree.
"""

from __future__ import annotations

import json

import rfc8785

from advisor import export
from advisor.cost.inputs import SIDES
from advisor.cost.lines import money
from advisor.memo.costs import costs
from advisor.recommendation import Ranked, Recommendation, folded
from advisor.rulebook.english import English
from advisor.rulebook.numbered import reading
from advisor.wording import MODE_WORDS, NOT_LEGAL_ADVICE, STANDING_WORDS, excluded_words, headline, margin_words, short_cite, weights_words

SCHEMA = "memo/1"
EXCLUDED_ROWS = 15


def content(result: Recommendation) -> dict[str, object]:
    """The memo as plain data, without anything that changes from one run to the next."""
    answers = result.answers
    lead = result.best or (result.nearest[0] if result.nearest else None)
    return {
        "schema": SCHEMA,
        "title": answers.text("use_case") or "Choice of an AI model",
        "status": "draft",
        "date": str(result.as_of),
        "owner": answers.text("owner") or "",
        "headline": headline(result),
        "disclaimer": NOT_LEGAL_ADVICE,
        "answers": answers.plain(),
        "answers_in_words": _answers(result),
        "weights": weights_words(result),
        "margin": margin_words(result.shortlist) if result.shortlist else "",
        "lead": lead.option.id if lead else None,
        "lead_name": lead.option.name if lead else "",
        "lead_known_usd": {side: money(getattr(lead.cost.known_usd, side)) for side in SIDES} if lead else None,
        "rows": [_row(result, r) for r in [*result.shortlist, *result.nearest]],
        "excluded_rows": [_row(result, r) for r in folded(result.excluded)[:EXCLUDED_ROWS]],
        "excluded_by_rule": [
            {"rule": rule.id, "title": rule.title, "options": count, "cite": short_cite(_cite(result, rule.id))}
            for rule, count in result.excluding_rules()
        ],
        "costs": costs(result),
        "readings": _readings(result, lead) if lead else {},
        "recommendation": export.document(result),
        "reproduce": f"advisor memo ANSWERS.yaml -o MEMO.md --as-of {result.as_of} --figures {result.figures}",
    }


def _readings(result: Recommendation, lead: Ranked) -> dict[str, list[dict[str, object]]]:
    """Each rule that applies to the option in its numbered sentences, as the rule page shows them."""
    found = {}
    for item in result.findings(lead):
        arm = item.rule.arm(result.as_of)
        sentences = reading(item.rule, arm, result.library.vocabulary, result.as_of) if arm else ()
        found[item.rule.id] = [{"number": s.number, "text": s.text, "depth": s.depth} for s in sentences if s.number]
    return found


def _cite(result: Recommendation, rule_id: str) -> str:
    return next(live.arm.source.cite for live in result.assessment.rules if live.rule.id == rule_id)


def _row(result: Recommendation, ranked: Ranked) -> dict[str, str]:
    if ranked.standing == "excluded":
        because = excluded_words(result, ranked)
    elif ranked.standing == "unconfirmed":
        because = "Open: " + "; ".join(q.question for q in result.requests(ranked)[:3])
    else:
        count = len(result.obligations(ranked))
        because = f"{count} open obligation{'s' if count != 1 else ''}"
    return {
        "id": ranked.option.id,
        "name": ranked.option.name,
        "mode": MODE_WORDS[ranked.option.mode],
        "standing": STANDING_WORDS[ranked.standing],
        "cost": ranked.cost.words,
        "points": f"{ranked.score * 100:.0f}",
        "because": because,
    }


def _answers(result: Recommendation) -> list[dict[str, str]]:
    """Every question with its answer in words; unknown ones say so."""
    english, vocabulary = English(result.library.vocabulary), result.library.vocabulary
    found = []
    for question in result.library.questions:
        for item in question.fields:
            fact = vocabulary.facts[f"use.{item.key}"]
            value = result.answers.plain().get(item.key)
            if value is None:
                words = "Not known"
            elif fact.kind == "text":
                words = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            elif isinstance(value, list):
                words = ", ".join(vocabulary.words(fact, str(v)) for v in value) or "None"
            else:
                words = english.value(fact, result.answers.possible(fact.name, result.as_of))
            found.append({"key": item.key, "question": item.label or question.title, "section": question.section, "answer": words})
    return found


def canonical(data: object) -> str:
    """Plain data as canonical JSON (RFC 8785), with a line break at the end."""
    return rfc8785.dumps(_plain(data)).decode() + "\n"  # type: ignore[arg-type]


def _plain(data: object) -> object:
    """Plain data without what canonical JSON does not have, such as whole floats of great size or tuples."""
    return json.loads(json.dumps(data, ensure_ascii=False, allow_nan=False))
