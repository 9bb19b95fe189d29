"""
Waivers: an organisation's own acceptance of a breach, signed by a second person, dated and expiring.

One function here decides whether a waiver is live; everything that shows or applies waivers asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from advisor import records
from advisor.errors import BrokenInput
from advisor.rulebook.fingerprint import tree_fingerprint
from advisor.rulebook.form import WaiverFile
from advisor.rulebook.people import same_person
from advisor.rulebook.rule import Rule
from advisor.strict_yaml import Document

MOST_DAYS = 365
WAIVABLE = ("require", "mitigate")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver file that can be read. Whether it is live on a date is for `void_because` to say."""

    id: str
    rule: str
    tree: str | None
    """Fingerprint of the rule's conditions when it was signed."""
    options: tuple[str, ...]
    use_case: str
    reason: str
    control: str
    """What stands in for the rule."""
    author: Person
    approver: Person
    approved_on: date
    expires: date
    """First day on which it no longer holds."""
    path: str
    withdrawn: str = ""
    """Why it holds nothing whatever the date; empty in a waiver as it was read."""

    def covers(self, option_id: str, use_case: str) -> bool:
        """Whether it speaks of this option and this use case."""
        return _same(self.use_case, use_case) and any(
            option_id.startswith(pattern[:-1]) if pattern.endswith("*") else option_id == pattern for pattern in self.options
        )


def _same(left: str, right: str) -> bool:
    return " ".join(left.split()).casefold() == " ".join(right.split()).casefold()


def read_waiver(document: Document) -> Waiver:
    """One document as a waiver. Raises BrokenInput with all its problems."""
    file = records.checked(WaiverFile, document)
    problems = []
    for n, pattern in enumerate(file.scope.options):
        if "*" in pattern[:-1] or "@" not in pattern:
            what = f"{pattern!r} does not name options of one model"
            problems.append(document.problem(("scope", "options", n), what, "Write an option id; a `*` may stand at its end only."))
    if problems:
        raise BrokenInput(problems)
    author, approver = (Person(who.name, who.role) for who in (file.author, file.approver))
    return Waiver(
        file.id, file.rule, file.tree, tuple(file.scope.options), file.scope.use_case, file.reason, file.compensating_control,
        author, approver, file.approved_on, file.expires, document.path,
    )  # fmt: skip


def void_because(waiver: Waiver, rules: Mapping[str, Rule], as_of: date) -> str:
    """Why a waiver holds nothing on a date; empty when it is live. The only place that decides this."""
    rule = rules.get(waiver.rule)
    if waiver.withdrawn:
        return waiver.withdrawn
    if rule is None:
        return f"there is no rule {waiver.rule!r}"
    if rule.effect not in WAIVABLE:
        return f"a rule with the effect `{rule.effect}` needs no waiver"
    if same_person(waiver.author.name, waiver.approver.name):
        return "its author approved it"
    days = (waiver.expires - waiver.approved_on).days
    if days > MOST_DAYS:
        return f"it runs {days} days, and {MOST_DAYS} is the most"
    if days <= 0:
        return "it expires before it was approved"
    if as_of < waiver.approved_on:
        return f"it was approved on {waiver.approved_on} only"
    if as_of >= waiver.expires:
        return f"it expired on {waiver.expires}"
    if waiver.tree is not None and waiver.tree != tree_fingerprint(rule):
        return "the rule has changed since it was signed"
    return ""
