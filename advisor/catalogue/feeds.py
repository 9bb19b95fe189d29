"""
Snapshots of price packages: `data/feeds/<feed>.csv`, with package and version in `<feed>.yaml` beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from advisor import records
from advisor.catalogue.claims import day_of
from advisor.errors import BrokenInput, Problem

COLUMNS = (
    "key", "name", "from", "hours",
    "input_usd_per_mtok", "output_usd_per_mtok", "cache_read_usd_per_mtok", "cache_write_usd_per_mtok",
    "batch_input_usd_per_mtok", "batch_output_usd_per_mtok",
    "tier_above_tokens", "tier_input_usd_per_mtok", "tier_output_usd_per_mtok",
    "context_tokens", "output_tokens", "inputs", "retires_on",
)  # fmt: skip


class Provenance(BaseModel):
    """Which package a snapshot was made from, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: str
    package: str
    version: str
    made_on: date

    @property
    def source(self) -> str:
        return f"{self.package} {self.version}"


@dataclass(frozen=True)
class Feed:
    """One snapshot: rows by key; a key has several rows where its price has dates or hours."""

    provenance: Provenance
    rows: Mapping[str, Sequence[Mapping[str, str]]]

    def in_force(self, key: str, as_of: date) -> list[Mapping[str, str]]:
        """The rows of a key that hold on a date: the newest one, and those for certain hours of the day."""
        rows = [row for row in self.rows.get(key, ()) if _begun(row, as_of)]
        newest = max((row["from"] for row in rows if not row["hours"]), default="")
        return [row for row in rows if row["hours"] or row["from"] == newest]

    def retired_on(self, key: str) -> date | None:
        """The day from which the package says that the model is switched off, if it names one."""
        days = [day for row in self.rows.get(key, ()) if (day := day_of(row["retires_on"]))]
        return max(days, default=None)


def _begun(row: Mapping[str, str], as_of: date) -> bool:
    return not row["from"] or date.fromisoformat(row["from"]) <= as_of


def load_feeds(roots: Sequence[Path]) -> dict[str, Feed]:
    """Every snapshot by feed name; a later folder wins. Raises BrokenInput."""
    feeds: dict[str, Feed] = {}
    for root in roots:
        for document in records.documents([root], "feeds/*.yaml"):
            provenance = records.checked(Provenance, document)
            path = root / "feeds" / f"{provenance.feed}.csv"
            feeds[provenance.feed] = Feed(provenance, _rows(path))
    return feeds


def _rows(path: Path) -> dict[str, list[Mapping[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenInput([Problem(str(path), 0, "", f"cannot be read: {error}", "Run `advisor catalogue refresh`.")]) from error
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BrokenInput([Problem(str(path), 1, "", "the columns are not those of a price snapshot", "Run `advisor catalogue refresh`.")])
    rows: dict[str, list[Mapping[str, str]]] = {}
    for row in reader:
        rows.setdefault(row["key"], []).append(row)
    return rows
