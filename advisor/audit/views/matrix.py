"""
The coverage matrix: every provision that was looked at, with its rules, their examples, what these leave untested, and the reviews.

In: a rulebook and the coverage of its rules. Out: rows, totals for each law and overall, and all of it as CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.audit.examples.coverage import Coverage
from advisor.rulebook import reviews
from advisor.rulebook.provisions import Provision
from advisor.rulebook.rule import Rule
from advisor.rulebook.rulebook import Rulebook

ALL = "all"
STATUS_WORDS = {"covered_by": "stated by rules", "manual": "left to a person", "out_of_scope": "out of scope"}
CONSEQUENCE_WORDS = {
    "blocks": "can block a choice",
    "needs-safeguard": "needs a safeguard",
    "documentation-duty": "needs a record",
    "caution": "calls for care",
}
COLUMNS = (
    "place", "law", "id", "provision", "title", "consequence", "status", "why", "rules", "case",
    "examples", "outcomes", "untested", "review",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One provision."""

    provision: Provision
    rules: tuple[Rule, ...]
    examples: int
    """Printed examples of its rules."""
    outcomes: int
    """What these examples should show, in all."""
    untested: int
    """What none of them shows."""
    review: str
    """The states of review of its rules, each once; empty without rules."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over some rows; a rule that several provisions name is counted once."""

    provisions: int
    covered: int
    manual: int
    out_of_scope: int
    rules: int
    reviewed: int
    examples: int
    outcomes: int
    untested: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows; `all` leaves everything in."""

    place: str = ALL
    law: str = ALL
    status: str = ALL
    consequence: str = ALL

    def keeps(self, row: Row) -> bool:
        item = row.provision
        return (
            self.place in (ALL, item.place)
            and self.law in (ALL, item.law)
            and self.status in (ALL, item.status)
            and self.consequence in (ALL, item.consequence)
        )


def rows(rulebook: Rulebook, covers: Mapping[str, Coverage], as_of: date) -> list[Row]:
    """A row for each provision, by place, law and id."""
    found = []
    for item in rulebook.provisions:
        rules = tuple(rulebook.rules[rule_id] for rule_id in item.rules if rule_id in rulebook.rules)
        states = dict.fromkeys(reviews.state(rule, rulebook.freshness, as_of) for rule in rules)
        found.append(Row(item, rules, *counted(rules, covers), ", ".join(states)))
    return found


def counted(rules: Iterable[Rule], covers: Mapping[str, Coverage]) -> tuple[int, int, int]:
    """Examples, outcomes and untested outcomes of rules, each rule once."""
    once = {rule.id: rule for rule in rules}
    examples = sum(sum(1 for _ in rule.all_examples()) for rule in once.values())
    outcomes = sum(covers[rule_id].total for rule_id in once if rule_id in covers)
    return examples, outcomes, sum(len(covers[rule_id].untested) for rule_id in once if rule_id in covers)


def totals(shown: Sequence[Row], covers: Mapping[str, Coverage]) -> Totals:
    """What some rows come to."""
    rules = {rule.id: rule for row in shown for rule in row.rules}
    status = [row.provision.status for row in shown]
    reviewed = sum(1 for rule in rules.values() if reviews.standing_reviews(rule))
    return Totals(
        len(shown), status.count("covered_by"), status.count("manual"), status.count("out_of_scope"), len(rules), reviewed,
        *counted(rules.values(), covers),
    )  # fmt: skip


def by_law(shown: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows under their place and law."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in shown:
        found.setdefault((row.provision.place, row.provision.law), []).append(row)
    return found


def unnamed(rulebook: Rulebook) -> list[Rule]:
    """Rules that no provision names; rules of weighing need none."""
    named = {rule_id for item in rulebook.provisions for rule_id in item.rules}
    return [rule for rule in rulebook.rules.values() if rule.id not in named and rule.effect != "weigh"]


def as_csv(shown: Iterable[Row]) -> str:
    """The rows as CSV with a line of column names; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in shown:
        item = row.provision
        cells = (
            item.place, item.law, item.id, item.provision, item.title, item.consequence, item.status, item.why,
            " ".join(rule.id for rule in row.rules), item.case or "", row.examples, row.outcomes, row.untested, row.review,
        )  # fmt: skip
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
