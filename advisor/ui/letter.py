"""
The letter that asks a host for what would settle the open rules of an option.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.findings import EvidenceRequest
from advisor.recommendation import Ranked, Recommendation
from advisor.wording import short_cite

THE_HOST = "the host"


def for_host(requests: Sequence[EvidenceRequest]) -> list[EvidenceRequest]:
    return [q for q in requests if q.who == THE_HOST]


def letter(result: Recommendation, ranked: Ranked) -> str:
    """A letter to the host of an option, ready to send; empty when the host has nothing to answer."""
    asked = for_host(result.requests(ranked))
    if not asked:
        return ""
    option = ranked.option
    owner = result.answers.text("owner") or "[your name]"
    lines = [
        f"To: {option.host.name}",
        f"Subject: Questions about {option.name}",
        "",
        "Dear Sir or Madam,",
        "",
        f"We are thinking of using {option.name}.",
        "Before we can decide, we need your answers to the questions below. For each, please name the document that says so, with its",
        "date, or send it to us.",
        "",
    ]
    for number, request in enumerate(asked, 1):
        lines += [f"{number}. {request.question}", f"   We ask because of: {'; '.join(_cites(result, request))}.", ""]
    return "\n".join([*lines, "Kind regards", owner, ""])


def _cites(result: Recommendation, request: EvidenceRequest) -> list[str]:
    rules = result.library.rulebook.rules
    arms = [(rules[r].arm(result.as_of) or rules[r].arms[0]) for r in request.rules if r in rules]
    return list(dict.fromkeys(short_cite(arm.source.cite) for arm in arms)) or ["our own demands"]
