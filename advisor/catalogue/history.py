"""
History of a fact: which of its claims count on a date, and why each of the others does not.

In: all claims of one fact, member or price. Out: every claim with the reason for which it is set aside; none for those that count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advisor.catalogue.claims import COMPARISON, LIVE_GRADES, Claim, live
from advisor.catalogue.evidence import covers_service
from advisor.catalogue.options import LOOSE_BOUNDS

FROM_MEMORY = "from memory: shown, never counted"
OF_THE_DOCUMENT = "the comparison document's figure: counts only under its own figures"
NOT_THE_SERVICE = "does not cover the service itself"
ONLY_A_BOUND = "only a bound: other claims speak of this endpoint itself"


@dataclass(frozen=True, slots=True)
class Told:
    """One claim as a reader is told of it."""

    claim: Claim
    aside: str = ""
    """Why it does not count; empty when it does."""


def told(claims: Sequence[Claim], as_of: date, comparison: bool = True) -> tuple[Told, ...]:
    """
    Claims in their order, each with why it does not count.

    `comparison`: whether the comparison document is one more possible value, as it is for facts and not for prices.
    A set has its claims judged member by member.
    """
    counted = {id(claim) for member in {c.member for c in claims} for claim in _live(claims, member, as_of, comparison)}
    return tuple(Told(claim, "" if id(claim) in counted else _reason(claim, claims, as_of)) for claim in claims)


def _live(claims: Sequence[Claim], member: str, as_of: date, comparison: bool) -> list[Claim]:
    own = [claim for claim in claims if claim.member == member]
    found = [claim for claim in live(own, as_of, comparison=comparison and not member) if covers_service(claim)]
    direct = [claim for claim in found if claim.scope not in LOOSE_BOUNDS]
    return direct or found


def _reason(claim: Claim, claims: Sequence[Claim], as_of: date) -> str:
    if claim.scope in LOOSE_BOUNDS and claim.grade in {*LIVE_GRADES, COMPARISON}:
        return ONLY_A_BOUND
    if claim.grade == COMPARISON:
        return OF_THE_DOCUMENT
    if claim.grade not in LIVE_GRADES:
        return FROM_MEMORY
    if claim.begins and claim.begins > as_of:
        return f"dated later: {claim.since or claim.as_of}"
    newer = [c for c in live([c for c in claims if c.member == claim.member], as_of) if (c.source, c.scope) == (claim.source, claim.scope)]
    if newer and claim not in newer:
        return f"superseded by the same source, {max(c.as_of for c in newer)}"
    return NOT_THE_SERVICE
