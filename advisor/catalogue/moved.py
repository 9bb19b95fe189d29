"""
What moved from one price snapshot to the next: rows added and gone, prices that changed and by how much, new retirement dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.catalogue.feeds import LISTING_COLUMNS, PRICE_COLUMNS, Cells, Feed
from advisor.catalogue.meters import UNIT

RETIRES = LISTING_COLUMNS.index("retires_on")


@dataclass(frozen=True, slots=True)
class Change:
    """One price that is no longer what it was."""

    key: str
    what: str
    """Which price, in words: kind of token, and processing, size, hours or first day where it has them."""
    old: Decimal | None
    new: Decimal | None

    @property
    def size(self) -> Decimal:
        """How many times the old price the new one is, or the other way round; a price that came or went is as large as can be."""
        if self.old is None or self.new is None:
            return Decimal("Infinity")
        return max(self.old / self.new, self.new / self.old)

    def __str__(self) -> str:
        if self.old is None or self.new is None:
            return f"{self.key}, {self.what}: " + (f"new, {self.new:f}" if self.new is not None else f"gone, was {self.old:f}")
        return f"{self.key}, {self.what}: {self.old:f} to {self.new:f} ({(self.new / self.old - 1) * 100:+.1f} %)"


@dataclass(frozen=True, slots=True)
class Moved:
    """The difference of two snapshots of one feed."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changes: tuple[Change, ...]
    """Prices of keys that both have, largest change first."""
    retirements: tuple[str, ...]
    """Keys with another day of retirement, with both days."""


def moved(old: Feed, new: Feed) -> Moved:
    kept = [key for key in new.listings if key in old.listings]
    changes = [change for key in kept for change in _changes(key, old.prices.get(key, ()), new.prices.get(key, ()))]
    days = [(key, old.listings[key][RETIRES], new.listings[key][RETIRES]) for key in kept]
    return Moved(
        tuple(key for key in new.listings if key not in old.listings),
        tuple(key for key in old.listings if key not in new.listings),
        tuple(sorted(changes, key=lambda change: (-change.size, change.key, change.what))),
        tuple(f"{key}: {before or 'none'} to {after or 'none'}" for key, before, after in days if before != after),
    )


def _changes(key: str, old: Sequence[Cells], new: Sequence[Cells]) -> Iterator[Change]:
    if old == new:
        return
    before, after = _amounts(old), _amounts(new)
    for what in dict.fromkeys([*before, *after]):
        if before.get(what) != after.get(what):
            yield Change(key, what, before.get(what), after.get(what))


def _amounts(rows: Iterable[Cells]) -> dict[str, Decimal]:
    found = {}
    for _, since, hours, processing, above, *cells in rows:
        parts = ["" if processing == "standard" else processing, f"above {above} tokens" if above else "", hours, since and f"from {since}"]
        for column, cell in zip(PRICE_COLUMNS[5:], cells, strict=True):
            if cell:
                found[", ".join([column.removesuffix(UNIT).replace("_", " "), *filter(None, parts)])] = Decimal(cell)
    return found


def summary(difference: Moved, shown: int = 10) -> list[str]:
    """The difference in words: counts, and the largest of each kind."""
    groups = [
        ("rows added", [*difference.added]),
        ("rows gone", [*difference.gone]),
        ("prices changed", [*map(str, difference.changes)]),
        ("retirement dates changed", [*difference.retirements]),
    ]
    lines = []
    for name, items in groups:
        lines.append(f"  {len(items):,} {name}")
        lines += [f"    {item}" for item in items[:shown]]
        if len(items) > shown:
            lines.append(f"    and {len(items) - shown:,} more")
    return lines
