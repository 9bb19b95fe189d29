"""
Freshness: how old the newest claim behind each statement is, against the age that its kind allows.

A flag takes nothing away: an old claim still counts, and its date stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from advisor import records
from advisor.catalogue.claims import live
from advisor.catalogue.evidence import begun
from advisor.catalogue.files import Record
from advisor.catalogue.load import Catalogue
from advisor.curation.statements import Statement, statements
from advisor.errors import BrokenInput, Problem


class Allowance(Record):
    """How old a claim of one kind may grow."""

    kind: str
    days: int = Field(gt=0)
    why: str


class _File(Record):
    kinds: list[Allowance]


@dataclass(frozen=True)
class Age:
    """One statement with the age of its newest live claim."""

    statement: Statement
    newest: date | None
    """None: no live claim carries a date."""
    days: int | None
    allowed: int

    @property
    def stale(self) -> bool:
        return self.days is None or self.days > self.allowed


def load_allowances(roots: Sequence[Path]) -> dict[str, Allowance]:
    """The allowances by kind; a later folder wins. Raises BrokenInput."""
    found = {a.kind: a for document in records.documents(roots, "freshness.yaml") for a in records.checked(_File, document).kinds}
    if not found:
        raise BrokenInput([Problem("data/freshness.yaml", 0, "", "no kind of claim has an age", "Restore the shipped file.")])
    return found


def ages(catalogue: Catalogue, allowances: Mapping[str, Allowance], as_of: date) -> list[Age]:
    """
    Every statement with live claims, oldest first against what its kind allows; those without a date lead.

    A settlement is as good as a new reading: its day counts too.
    """
    found = [age for statement in statements(catalogue) if (age := _age(statement, allowances, as_of))]
    return sorted(found, key=lambda a: (a.days is not None, -(a.days or 0) / a.allowed, a.statement.key))


def _age(statement: Statement, allowances: Mapping[str, Allowance], as_of: date) -> Age | None:
    claims = live(statement.claims, as_of, comparison=True)
    if not claims:
        return None
    allowed = allowances[statement.kind].days
    settled = statement.settlement.on if statement.settlement and begun(statement.settlement, as_of) else None
    newest = max((day for day in (settled, *(claim.day for claim in claims)) if day), default=None)
    return Age(statement, newest, (as_of - newest).days if newest else None, allowed)
