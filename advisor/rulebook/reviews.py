"""
Reviews: which sign-offs still hold for a rule as it stands, and when its sources have to be compared again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.rule import NOT_REVIEWED, Review, Rule

State: TypeAlias = Literal["not reviewed", "reviewed", "void", "review due"]

STATE_WORDS: dict[State, str] = {
    "not reviewed": NOT_REVIEWED,
    "reviewed": "reviewed",
    "void": "reviewed, but changed since, so the review is void",
    "review due": "reviewed, but the source has to be compared again",
}


@dataclass(frozen=True, slots=True)
class SourceClass:
    """How long a comparison with one kind of source holds."""

    name: str
    folders: tuple[str, ...]
    """Folders below `rules/`; empty for the class of all others."""
    days: int | None
    """None: for good."""


def holds(review: Review, tree: str, cite: str) -> bool:
    """Whether a sign-off covers these fingerprints, as signed or as carried over a change that was proved to mean the same."""
    return review.cite == cite and tree in {review.tree, *(carried for carried, _ in review.carried)}


def standing_reviews(rule: Rule) -> tuple[Review, ...]:
    """The sign-offs that cover the rule as it stands."""
    tree, cite = tree_fingerprint(rule), cite_fingerprint(rule)
    return tuple(review for review in rule.reviews if holds(review, tree, cite))


def class_of(rule: Rule, classes: Sequence[SourceClass]) -> SourceClass | None:
    """The class of the folder in which the rule lies."""
    for item in classes:
        if any(folder in rule.folders for folder in item.folders):
            return item
    return next((item for item in classes if not item.folders), None)


def due_on(rule: Rule, classes: Sequence[SourceClass]) -> date | None:
    """The first day on which a source of the rule has to be compared again; None: never. A source never compared is due at once."""
    kind = class_of(rule, classes)
    if kind is None or kind.days is None:
        return None
    verified = [arm.source.verified for arm in rule.arms] + [exception.source.verified for exception in rule.all_exceptions()]
    oldest = min(day or date.min for day in verified)
    return oldest if oldest == date.min else oldest + timedelta(days=kind.days)


def state(rule: Rule, classes: Sequence[SourceClass], as_of: date) -> State:
    """Where a rule stands in review on a date."""
    signed = replace(rule, reviews=tuple(_by(review, as_of) for review in rule.reviews if review.on <= as_of))
    if not signed.reviews:
        return "not reviewed"
    if not standing_reviews(signed):
        return "void"
    due = due_on(rule, classes)
    return "review due" if due is not None and due <= as_of else "reviewed"


def _by(review: Review, as_of: date) -> Review:
    """A sign-off with only what was carried by a date."""
    return replace(review, carried=tuple((tree, on) for tree, on in review.carried if on <= as_of))


def words(rule: Rule) -> str:
    """The state of review in one phrase for lists and pages; without the clock, so without what is due."""
    if not rule.reviews:
        return NOT_REVIEWED
    standing = standing_reviews(rule)
    if not standing:
        return STATE_WORDS["void"]
    last = max(standing, key=lambda review: (review.on, review.reviewer))
    return f"reviewed by {last.reviewer} ({last.role}) on {last.on}"
