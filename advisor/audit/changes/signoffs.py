"""
The queue of rules that wait for a review, what each sign-off of a rule covers, and the record that a reviewer fills in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.reviews import State, due_on, holds, state
from advisor.rulebook.rule import Effect, Review, Rule
from advisor.rulebook.rulebook import Rulebook

STATES: tuple[State, ...] = ("not reviewed", "void", "review due", "reviewed")
EFFECTS: tuple[Effect, ...] = ("require", "mitigate", "advise", "weigh")
"""Rules that exclude come first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One rule in the queue."""

    rule: Rule
    state: State
    due: date | None
    """When its source has to be compared again; `date.min`: at once, for it never was; None: never."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A sign-off, and what it still covers of the rule as it stands."""

    review: Review
    tree: bool
    """The conditions are those that were signed, or proved to mean the same."""
    cite: bool
    """The citation is the one that was signed."""


def queue(rulebook: Rulebook, as_of: date) -> list[Waiting]:
    """All rules: by state of review, those that exclude first, then by the day on which the source is due."""
    found = [Waiting(rule, state(rule, rulebook.freshness, as_of), due_on(rule, rulebook.freshness)) for rule in rulebook.rules.values()]
    return sorted(found, key=lambda w: (STATES.index(w.state), EFFECTS.index(w.rule.effect), w.due or date.max, w.rule.id))


def counts(waiting: Sequence[Waiting]) -> dict[State, int]:
    return {name: sum(item.state == name for item in waiting) for name in STATES}


def covered(rule: Rule) -> list[Covered]:
    """Every sign-off of a rule, in the order of the file."""
    tree, cite = tree_fingerprint(rule), cite_fingerprint(rule)
    return [Covered(review, holds(review, tree, review.cite), review.cite == cite) for review in rule.reviews]


def coverage_words(item: Covered) -> str:
    """What a sign-off covers, in a sentence without a full stop."""
    match item.tree, item.cite:
        case True, True:
            return "covers the rule as it stands"
        case True, False:
            return "void: the conditions are as they were, but the citation changed"
        case False, True:
            return "void: the conditions changed; the citation is as it was"
        case _:
            return "void: conditions and citation changed"


def record(rule: Rule) -> str:
    """A record of a review as it goes into the rule file. What only the reviewer can say is left empty, so it does not load as it is."""
    author = [] if rule.author else ['author: ""  # who wrote the rule; somebody else reviews it']
    lines = [
        *author,
        *([] if rule.reviews else ["reviews:"]),
        '  - reviewer: ""  # full name of the person who reviewed it',
        '    role: ""  # in which capacity: counsel, internal audit, data protection officer',
        '    on: ""  # the day of the review, such as 2026-11-24',
        f"    tree: {tree_fingerprint(rule)}",
        f"    cite: {cite_fingerprint(rule)}",
        '    scope: ""  # what the reviewer confirms',
        '    limits: ""  # what the reviewer did not look at',
    ]
    return "\n".join(lines) + "\n"
