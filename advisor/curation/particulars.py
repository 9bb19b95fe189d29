"""
Particulars: everything that a catalogue's records say and that is no claim, such as a licence, an endpoint or a figure for sizing.

Statements have sources of their own and are listed apart; the difference of two catalogues reads both lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from pydantic import BaseModel

from advisor.catalogue.feeds import LISTING_COLUMNS
from advisor.catalogue.files import RentFile, ServesFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.sizing import ContextPoint, ThroughputPoint

STATED = frozenset(
    (
        "facts",
        "scores",
        "retires",
        "settled",
        "listed",
        "uplift",
        "price",
        "usd_per_gpu_hour",
        "purchase_usd_per_gpu",
        "sources",
        "id",
        "reasoning",
        "fee",
        "list_currency",
    )
)
"""Keys that hold claims, which are statements, and those by which a record is known."""
CHECKED = ("key", "checked")
"""Cells of a price snapshot that say when it was read and not what it says."""

Recorded: TypeAlias = BaseModel | ThroughputPoint
Particular = tuple[str, str]
"""Whose it is, and which: `model gpt-5.4`, `licence`."""


def particulars(catalogue: Catalogue) -> dict[Particular, str]:
    """Every particular of every record, as text."""
    kinds: list[tuple[str, Mapping[str, Recorded]]] = [
        ("model", catalogue.models), ("host", catalogue.hosts), ("licence", catalogue.licences), ("hardware", catalogue.hardware),
        ("benchmark", catalogue.benchmarks), ("quality floors", {floor.since: floor for floor in catalogue.floors}),
        ("sizing", catalogue.sizing.figures), ("speed", {point.id: point for point in catalogue.sizing.points}),
        ("longest input", {_measured(point): point for point in catalogue.sizing.context_points}),
    ]  # fmt: skip
    found = {(f"{kind} {name}", key): text for kind, records in kinds for name, record in records.items() for key, text in _of(record, "")}
    return found | dict(_listed(catalogue))


def _of(record: Recorded, at: str) -> Iterator[tuple[str, str]]:
    names = type(record).model_fields if isinstance(record, BaseModel) else [f.name for f in fields(record)]
    for key in names:
        if key not in STATED:
            yield from _value(f"{at}{key}", getattr(record, key))


def _value(at: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case BaseModel():
            yield from _of(value, f"{at}.")
        case [BaseModel(), *_] if isinstance(value, list):
            for number, item in enumerate(value):
                place = f"{at} {_known_by(item, number)}"
                yield place, "stated"
                yield from _of(item, f"{place}.")
        case dict():
            for key, item in value.items():
                yield from _value(f"{at}.{key}", item)
        case list():
            yield at, ", ".join(map(str, value))
        case None:
            return
        case _:
            yield at, str(value)


def _known_by(item: Any, number: int) -> str:
    """By what a part of a record is told from the others."""
    match item:
        case ServesFile():
            return f"{item.model} at {', '.join(item.endpoints)}"
        case RentFile():
            return f"{item.hardware} at {', '.join(item.endpoints)} in {', '.join(map(str, item.node_sizes))}, {item.commitment}"
    return str(getattr(item, "id", number + 1))


def _measured(point: ContextPoint) -> str:
    return f"{point.model} on {point.gpus} × {point.hardware}, {point.precision}"


def _listed(catalogue: Catalogue) -> Iterator[tuple[Particular, str]]:
    """What price snapshots say beside prices of the rows that hosts map: limits, kinds of input, days of retirement."""
    for row in sorted({row for host in catalogue.hosts.values() for serves in host.serves for row in serves.feeds}):
        feed, _, key = row.partition(":")
        for column, cell in zip(LISTING_COLUMNS, catalogue.feeds[feed].listings[key], strict=True):
            if cell and column not in CHECKED:
                yield (f"row {row}", column), cell


def edited(old: Catalogue, new: Catalogue, gone_or_new: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Particulars that differ, with both texts; records that are new or gone are named elsewhere, and left out."""
    before, after, whole = particulars(old), particulars(new), set(gone_or_new)
    for owner, about in sorted(before.keys() | after.keys()):
        was, now = before.get((owner, about), ""), after.get((owner, about), "")
        if was != now and owner not in whole:
            yield owner, about, was, now
