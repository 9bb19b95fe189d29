"""
Difference of two catalogues: every record, option, statement, particular and price that changed, and every case it moves.

Both are judged by the rules of the newer one, so that what differs comes from the facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from advisor.answers import Answers
from advisor.audit.changes.revisions import Edition
from advisor.audit.effects.impact import Case
from advisor.catalogue.claims import Claim
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option
from advisor.catalogue.prices import Range
from advisor.curation.particulars import edited
from advisor.curation.statements import Statement, statements
from advisor.library import Library
from advisor.recommendation import Outcome, recommend

OWNERS: Mapping[str, str] = {
    "models": "model", "hosts": "host", "licences": "licence", "hardware": "hardware", "benchmarks": "benchmark",
}  # fmt: skip
"""Kinds of records, and what one of them is called."""


@dataclass(frozen=True)
class Changed:
    """One statement that is not the same on both sides."""

    owner: str
    about: str
    gone: tuple[Claim, ...]
    come: tuple[Claim, ...]
    settled: tuple[str, str]
    """By whom it was settled before and after; empty: by nobody."""


@dataclass(frozen=True)
class Edited:
    """Something that a record says and that is no claim."""

    owner: str
    about: str
    old: str
    new: str
    """Empty where it is no longer said, or was not said yet."""


@dataclass(frozen=True)
class Repriced:
    """A price that options are calculated with and that moved."""

    name: str
    """The class of token."""
    old: Range | None
    new: Range | None
    """None: no price."""
    options: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A case that is recommended something else."""

    case: str
    outcome: tuple[Outcome, Outcome]
    recommended: tuple[str | None, str | None]


@dataclass(frozen=True)
class Difference:
    """All that lies between two catalogues on one date."""

    records: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """Kind of record, ids that are new, ids that are gone."""
    options: tuple[tuple[str, ...], tuple[str, ...]]
    """Ids that are new, ids that are gone; your own premises left out."""
    statements: tuple[Changed, ...]
    edits: tuple[Edited, ...]
    prices: tuple[Repriced, ...]
    moved: tuple[Moved, ...]
    cases: int
    """How many cases were tried."""

    @property
    def empty(self) -> bool:
        records = any(new or gone for _, new, gone in self.records)
        return not (records or any(self.options) or self.statements or self.edits or self.prices or self.moved)


def difference(old: Edition, new: Edition, cases: Sequence[Case], as_of: date) -> Difference:
    """What changed from one catalogue to the other. Both editions were read with their data."""
    before, after = _library(old, new), _library(new, new)
    options = (_by_id(before, as_of), _by_id(after, as_of))
    records = tuple(_records(before.catalogue, after.catalogue))
    whole = [f"{OWNERS[kind]} {name}" for kind, *sides in records for side in sides for name in side]
    return Difference(
        records,
        (_missing(options[1], options[0]), _missing(options[0], options[1])),
        tuple(_statements(before.catalogue, after.catalogue)),
        tuple(Edited(*edit) for edit in edited(before.catalogue, after.catalogue, whole)),
        tuple(_prices(*options)),
        tuple(_moved(before, after, cases, as_of)),
        len(cases),
    )


def _library(edition: Edition, rules_of: Edition) -> Library:
    """A catalogue under the rules of the newer edition, where its facts are among theirs; else under its own."""
    if edition.catalogue is None:
        raise ValueError(f"{edition.name} was read without its data")
    catalogue, rulebook = edition.catalogue, edition.rulebook
    if edition.vocabulary.facts.keys() <= rules_of.vocabulary.facts.keys():
        vocabulary = rules_of.vocabulary.with_domains(
            model={m.id: m.name for m in catalogue.models.values()}, host={h.id: h.name for h in catalogue.hosts.values()},
            licence={x.id: x.name for x in catalogue.licences.values()}, hardware={x.id: x.name for x in catalogue.hardware.values()},
        )  # fmt: skip
        catalogue, rulebook = replace(catalogue, vocabulary=vocabulary), rules_of.rulebook
    return Library(catalogue, rulebook, (), "", "", date.min)


def _by_id(library: Library, as_of: date) -> dict[str, Option]:
    return {option.id: option for option in library.table(as_of).options if option.host.kind != "own"}


def _missing(of: Mapping[str, object], among: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(of.keys() - among.keys()))


def _records(old: Catalogue, new: Catalogue) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for kind in OWNERS:
        before, after = getattr(old, kind), getattr(new, kind)
        yield kind, _missing(after, before), _missing(before, after)


def _statements(old: Catalogue, new: Catalogue) -> Iterator[Changed]:
    before, after = _said(old), _said(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        gone, come = _only(was, now), _only(now, was)
        settled = (was.settled if was else "", now.settled if now else "")
        if gone or come or settled[0] != settled[1]:
            yield Changed(*key, gone, come, settled)


def _said(catalogue: Catalogue) -> dict[tuple[str, str], Statement]:
    return {statement.key: statement for statement in statements(catalogue)}


def _only(one: Statement | None, other: Statement | None) -> tuple[Claim, ...]:
    """Claims of one that the other has not; claims are the same when value, source, date, grade and all else that counts are."""
    known = {_said_so(c) for c in other.claims} if other else set()
    return tuple(c for c in one.claims if _said_so(c) not in known) if one else ()


def _said_so(claim: Claim) -> tuple[str, ...]:
    return (str(claim.value), claim.source, claim.as_of, claim.grade, claim.scope, claim.confidence, claim.url)


def _prices(old: Mapping[str, Option], new: Mapping[str, Option]) -> Iterator[Repriced]:
    """Prices that moved, options with the same move together, the greatest move first."""
    found: dict[tuple[str, Range | None, Range | None], list[str]] = {}
    for option_id in sorted(old.keys() & new.keys()):
        before, after = _ranges(old[option_id]), _ranges(new[option_id])
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                found.setdefault((name, before.get(name), after.get(name)), []).append(option_id)
    moves = [Repriced(name, was, now, tuple(ids)) for (name, was, now), ids in found.items()]
    yield from sorted(moves, key=lambda m: (-_factor(m), m.name, m.options))


def _ranges(option: Option) -> dict[str, Range]:
    return {name: price.range for name, price in option.prices.classes.items()} if option.prices else {}


def _factor(move: Repriced) -> Decimal:
    """How many times dearer or cheaper; what appears or goes counts most."""
    if not move.old or not move.new or not move.old.expected or not move.new.expected:
        return Decimal("Infinity")
    return max(move.old.expected / move.new.expected, move.new.expected / move.old.expected)


def _moved(old: Library, new: Library, cases: Sequence[Case], as_of: date) -> Iterator[Moved]:
    for case in cases:
        was = recommend(Answers(case.answers.known, old.vocabulary), old, as_of)
        now = recommend(Answers(case.answers.known, new.vocabulary), new, as_of)
        ids = (was.best.option.id if was.best else None, now.best.option.id if now.best else None)
        if (was.outcome, ids[0]) != (now.outcome, ids[1]):
            yield Moved(case.name, (was.outcome, now.outcome), ids)
