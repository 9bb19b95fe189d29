"""
Claims: what one source says of one fact, and what is possible when several sources speak.

In: claims with source, date and grade. Out: the live ones, the expected one, and everything still possible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

Grade: TypeAlias = Literal["contract", "primary", "evaluator", "feed", "secondary", "comparison-document", "memory"]
GRADES: tuple[Grade, ...] = get_args(Grade)

LIVE_GRADES: frozenset[Grade] = frozenset({"contract", "primary", "evaluator", "feed", "secondary"})
"""Grades good enough to count; `memory` is shown and never counts."""

EXPECTED_ORDER: dict[str, tuple[Grade, ...]] = {
    "price": ("contract", "primary", "feed", "secondary"),
    "score": ("contract", "evaluator", "primary", "secondary"),
    "fact": ("contract", "primary", "feed", "secondary", "evaluator"),
}

COMPARISON: Grade = "comparison-document"

DOUBTFUL = "low"
"""The confidence of a claim that counts only where nothing better is at hand."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's value for one fact."""

    value: object
    """As written: a number, `yes`, a list. `unknown` says that the source does not establish it."""
    source: str
    grade: Grade
    as_of: str = ""
    """Date of the source, possibly partial (`2026-08`); empty when it carries none."""
    url: str = ""
    confidence: str = ""
    scope: str = ""
    """What the source speaks about, where that is narrower than the fact."""
    note: str = ""
    member: str = ""
    """For a fact that is a set: which member the claim is about."""
    since: date | None = None
    """First day on which the value holds, where the source says so; a price list read today may hold since last year."""

    @property
    def day(self) -> date | None:
        """The date of the source; a partial one counts from its start."""
        return day_of(self.as_of)

    @property
    def begins(self) -> date | None:
        """From when on the claim may count: when its value begins to hold, else the date of its source."""
        return self.since or self.day


@lru_cache(maxsize=8192)  # the same few hundred dates, tens of thousands of times
def day_of(text: str) -> date | None:
    """A full or partial date as the day on which it starts; None when there is none."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = match.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None


def live(claims: Sequence[Claim], as_of: date, comparison: bool = False) -> list[Claim]:
    """
    The claims that count on a date: dated by then, of an accepted grade, not superseded by a newer one of the same source.

    `comparison` also admits the comparison document, as one more possible value.
    """
    grades = LIVE_GRADES | {COMPARISON} if comparison else LIVE_GRADES
    known = [c for c in claims if c.grade in grades and (c.begins is None or c.begins <= as_of)]
    if len(known) < 2:
        return known
    newest: dict[tuple[str, str], date] = {}
    for c in known:
        thing = (c.source, c.scope)
        newest[thing] = max(newest.get(thing, date.min), c.day or date.min)
    return [c for c in known if (c.day or date.min) == newest[c.source, c.scope]]


def expected(claims: Sequence[Claim], kind: str) -> Claim | None:
    """
    The claim to calculate with: best grade first, doubtful ones last within a grade, then the newest. `claims` are live ones.
    """
    order = EXPECTED_ORDER[kind]
    ranked = [c for c in claims if c.grade in order and c.value != "unknown"]
    return min(
        ranked, key=lambda c: (order.index(c.grade), c.confidence == DOUBTFUL, -(c.day or date.min).toordinal(), c.source), default=None
    )
