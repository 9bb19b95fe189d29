"""
Snapshots of price packages: what they list (`data/feeds/<feed>.csv`) and charge (`<feed>.prices.csv`), with package and version in
`<feed>.yaml` beside them.

In: folders. Out: feeds whose rows are read when they are asked for; all problems of all files at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from advisor import records
from advisor.catalogue.claims import day_of
from advisor.catalogue.meters import KINDS, PROCESSING, UNIT
from advisor.errors import BrokenInput, Problem, shortened
from advisor.strict_yaml import Document

LISTING_COLUMNS = (
    "key", "name", "provider", "checked", "context_tokens", "input_tokens", "output_tokens", "inputs", "outputs",
    "uplift_us", "uplift_eu", "uplift_regional", "retires_on",
)  # fmt: skip
PRICE_COLUMNS = ("key", "from", "hours", "processing", "above_tokens", *(f"{kind}{UNIT}" for kind in KINDS))
HIGHEST = 10_000
"""US dollars per million tokens above which a price is a mistake; the dearest model ever listed cost 600."""

Cells = Sequence[str]


class Provenance(BaseModel):
    """Which package a snapshot was made from, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    feed: str
    package: str
    version: str
    made_on: date
    data_until: date
    """The newest day that the package's data speak of, which may be long before the snapshot was made."""
    listings: int | None = None
    """How many rows were written, so that a file that lost some is noticed."""
    prices: int | None = None

    @property
    def source(self) -> str:
        return f"{self.package} {self.version}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a package says of one model at one provider, prices apart."""

    key: str
    name: str
    provider: str
    """As the package calls it; one host may be several providers of a package."""
    as_of: date
    """The day on which the package checked the model, else the newest day of its data."""
    context_tokens: int | None
    """Input and output together."""
    input_tokens: int | None
    output_tokens: int | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    uplifts: Mapping[str, Decimal]
    """Factors for processing in the `us`, in the `eu`, or in any region the customer chooses (`regional`)."""
    retires_on: date | None

    @property
    def longest_input(self) -> int | None:
        return self.input_tokens or self.context_tokens


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Prices of one way of processing, for requests above a size, by kind of token in US dollars per million."""

    key: str
    since: date | None
    hours: str
    processing: str
    above_tokens: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True)
class Feed:
    """One snapshot: cells by key, as they stand in the files."""

    provenance: Provenance
    listings: Mapping[str, Cells]
    prices: Mapping[str, Sequence[Cells]]
    _listings: dict[str, Listing] = field(default_factory=dict, compare=False, repr=False)

    def listing(self, key: str) -> Listing:
        """What the package says of a model; each row is read once."""
        if key not in self._listings:
            self._listings[key] = self._listing(key)
        return self._listings[key]

    def _listing(self, key: str) -> Listing:
        name, provider, checked, context, given, produced, inputs, outputs, us, eu, regional, retires = self.listings[key][1:]
        factors = {"us": us, "eu": eu, "regional": regional}
        return Listing(
            key, name, provider, day_of(checked) or self.provenance.data_until, _count(context), _count(given), _count(produced),
            tuple(inputs.split()), tuple(outputs.split()), {k: Decimal(v) for k, v in factors.items() if v}, day_of(retires),
        )  # fmt: skip

    def in_force(self, key: str, as_of: date) -> list[PriceRow]:
        """
        The prices of a key that hold on a date: for each way of processing the newest ones, and those for certain hours.
        """
        begun = [row for row in map(_price_row, self.prices.get(key, ())) if row.since is None or row.since <= as_of]
        newest: dict[str, date] = {}
        for row in begun:
            if not row.hours:
                newest[row.processing] = max(newest.get(row.processing, date.min), row.since or date.min)
        return [row for row in begun if row.hours or (row.since or date.min) == newest[row.processing]]

    def retired_on(self, key: str) -> date | None:
        """The day from which the package says that the model is switched off, if it names one."""
        cells = self.listings.get(key)
        return day_of(cells[-1]) if cells else None


def _price_row(cells: Cells) -> PriceRow:
    key, since, hours, processing, above = cells[:5]
    amounts = {kind: Decimal(cell) for kind, cell in zip(KINDS, cells[5:], strict=True) if cell}
    return PriceRow(key, day_of(since), hours, processing, int(above or 0), amounts)


def _count(cell: str) -> int | None:
    return int(cell) if cell else None


def load_feeds(roots: Sequence[Path]) -> dict[str, Feed]:
    """Every snapshot by feed name; a later folder wins. Raises BrokenInput."""
    documents = [(root, document) for root in roots for document in records.documents([root], "feeds/*.yaml")]
    feeds = records.gathered([partial(feed_at, root / "feeds", document) for root, document in documents])
    return {feed.provenance.feed: feed for feed in feeds}


def feed_at(folder: Path, document: Document) -> Feed:
    """The snapshot whose provenance is at hand. Raises BrokenInput with all problems of both tables."""
    provenance = records.checked(Provenance, document)
    listed, priced = (folder / f"{provenance.feed}{end}" for end in (".csv", ".prices.csv"))
    tables = records.gathered(
        [partial(_cells, listed, LISTING_COLUMNS, provenance.listings), partial(_cells, priced, PRICE_COLUMNS, provenance.prices)]
    )
    return feed_of(provenance, str(listed), tables[0], str(priced), tables[1])


def feed_of(provenance: Provenance, listed: str, listings: Sequence[Cells], priced: str, prices: Sequence[Cells]) -> Feed:
    """A snapshot from the cells of its two tables, whose files are named. Raises BrokenInput with every cell that cannot be true."""
    by_key = {cells[0]: cells for cells in listings}
    problems = [*_wrong_listings(listed, listings), *_wrong_prices(priced, prices, by_key)]
    if problems:
        raise BrokenInput(problems)
    charged: dict[str, list[Cells]] = {}
    for cells in prices:
        charged.setdefault(cells[0], []).append(cells)
    return Feed(provenance, by_key, charged)


def _cells(path: Path, columns: Sequence[str], count: int | None) -> list[list[str]]:
    """The rows of a table. Raises BrokenInput for a table of another form, or one that lost rows."""
    again = "Run `advisor catalogue refresh`."
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BrokenInput([Problem(str(path), 0, "", f"cannot be read: {error}", again)]) from error
    if not rows or tuple(rows[0]) != tuple(columns):
        raise BrokenInput([Problem(str(path), 1, "", "the columns are not those of a price snapshot", again)])
    del rows[0]
    width = len(columns)
    problems = [
        Problem(str(path), line, "", f"has {len(row)} cells where {width} are due", again)
        for line, row in enumerate(rows, 2)
        if len(row) != width
    ]
    if count is not None and count != len(rows):
        problems.append(Problem(str(path), len(rows) + 1, "", f"has {len(rows)} rows where {count} were written: it was cut short", again))
    if problems:
        raise BrokenInput(problems)
    return rows


def _wrong_listings(path: str, rows: Sequence[Cells]) -> Iterator[Problem]:
    keys: set[str] = set()
    for line, cells in enumerate(rows, 2):
        if cells[0] in keys:
            yield Problem(path, line, cells[0], "stands twice", "Keep one of the rows.")
        keys.add(cells[0])
        for name, cell in zip(LISTING_COLUMNS[4:7], cells[4:7], strict=True):
            if cell and not cell.isdecimal():
                yield Problem(path, line, f"{cells[0]}, {name}", f"{shortened(cell)} is not a number of tokens", "")
        for name, cell in zip(LISTING_COLUMNS[9:12], cells[9:12], strict=True):
            if cell and not _is_between(cell, 0.5, 10):
                yield Problem(path, line, f"{cells[0]}, {name}", f"{shortened(cell)} is not a factor between 0.5 and 10", "")
        if cells[12] and day_of(cells[12]) is None:
            yield Problem(path, line, f"{cells[0]}, retires_on", f"{shortened(cells[12])} is not a date", "")


def _wrong_prices(path: str, rows: Sequence[Cells], listings: Mapping[str, Cells]) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    for line, cells in enumerate(rows, 2):
        place = tuple(cells[:5])
        if place in seen:
            yield Problem(path, line, cells[0], "has two prices for the same day, hours, processing and size", "Keep one of the rows.")
        seen.add(place)
        key, since, _, processing, above = place
        if key not in listings or processing not in PROCESSING or not (above.isdecimal() or not above) or (since and not day_of(since)):
            what = "names a key that is not listed, an unknown way of processing, or no date or size"
            yield Problem(path, line, key, what, "Run `advisor catalogue refresh`.")
        for cell in cells[5:]:
            if cell and not _is_between(cell, 0, HIGHEST):
                what = f"{shortened(cell)} is not a price above 0 and up to {HIGHEST:,} US dollars per million tokens"
                yield Problem(path, line, key, what, "Run `advisor catalogue refresh`.")


def _is_between(cell: str, least: float, most: float) -> bool:
    try:
        return least < float(cell) <= most
    except ValueError:
        return False
