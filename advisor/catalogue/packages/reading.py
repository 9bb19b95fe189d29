"""
What was read of a price package: listings and prices in the one form of all snapshots, and every doubtful value.

A price of zero, like an empty one, means that the package knows none: it is left out and counted. A price that cannot be true is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from advisor.catalogue.feeds import HIGHEST, LISTING_COLUMNS, PRICE_COLUMNS
from advisor.catalogue.meters import KINDS, PROCESSING
from advisor.errors import BrokenInput, Problem, shortened

WRONG_FORM = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a model of another form than the package's raises."""

PLACES = Decimal("1e-9")
"""Packages keep prices as binary floats for one token; what is left of them beyond this is noise."""


@dataclass
class Reading:
    """Rows of a snapshot in the making."""

    where: str
    """The file or package, for messages."""
    data_until: date | None = None
    listings: dict[str, dict[str, str]] = field(default_factory=dict)
    prices: list[dict[str, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    """What was left out, and how often, in words."""
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, key: str, what: str) -> None:
        self.problems.append(Problem(self.where, 0, key, what, "Correct the file, or wait for the package's next version."))

    def refuse_form(self, key: str, error: Exception) -> None:
        self.refuse(key, f"is of another form than this package writes ({type(error).__name__}: {shortened(str(error))})")

    def list_model(self, key: str, provider: str, name: str, **cells: object) -> None:
        """One listing; a cell without a value stays empty."""
        if key in self.listings:
            self.refuse(key, "stands twice")
        stated = {column: _text(value) for column, value in cells.items() if value}
        self.listings[key] = {"key": key, "name": " ".join(str(name).split()), "provider": provider, **stated}

    def price(
        self,
        key: str,
        amounts: Mapping[str, object],
        processing: str = "standard",
        *,
        since: date | None = None,
        hours: str = "",
        above: int = 0,
    ) -> None:
        """The prices of one way of processing, in US dollars per million tokens by kind; nothing is added where there are none."""
        found = {kind: amount for kind in KINDS if (amount := self._amount(key, kind, amounts.get(kind)))}
        if not found:
            return
        row = {"key": key, "from": str(since or ""), "hours": hours, "processing": processing, "above_tokens": str(above or "")}
        self.prices.append(row | {f"{kind}_usd_per_mtok": _plain(amount) for kind, amount in found.items()})

    def _amount(self, key: str, kind: str, value: object) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            self.refuse(key, f"the price of {kind} is {shortened(value)}, which is no number")
            return None
        if amount == 0:
            self.left_out["prices of 0, which mean that none is known"] += 1
            return None
        if not amount.is_finite() or not 0 < amount <= HIGHEST:
            what = f"the price of {kind} is {amount.normalize()} US dollars per million tokens; above 0 and up to {HIGHEST:,} can be true"
            self.refuse(key, what)
            return None
        return amount.quantize(PLACES) or None

    def remarks(self) -> list[str]:
        """What was left out, in words."""
        return [f"  left out: {count:,} {what}" for what, count in sorted(self.left_out.items()) if count]

    def tables(self) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
        """The rows of both files, in the one order that the same data always give. Raises BrokenInput with everything refused."""
        if not self.problems and not self.prices:
            self.refuse("", "lists no price at all")
        if self.problems:
            raise BrokenInput(self.problems)
        listed = sorted(self.listings.values(), key=lambda row: row["key"])
        priced = sorted(self.prices, key=_order)
        return (
            [[row.get(column, "") for column in LISTING_COLUMNS] for row in listed],
            [[row.get(column, "") for column in PRICE_COLUMNS] for row in priced],
        )


def _order(row: Mapping[str, str]) -> tuple[str, str, str, int, int]:
    return row["key"], row["from"], row["hours"], PROCESSING.index(row["processing"]), int(row["above_tokens"] or 0)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return " ".join(str(part) for part in value)
    return _plain(value) if isinstance(value, Decimal) else str(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def json_of(content: bytes, where: str, what: str) -> dict[str, Any]:
    """A JSON object with exact numbers. Raises BrokenInput for anything else, and for a key that stands twice."""
    twice: list[str] = []

    def whole(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return found

    try:
        data = json.loads(content, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=whole)
    except (ValueError, RecursionError) as error:
        raise BrokenInput([Problem(where, 0, "", f"is not readable JSON: {error}", f"Give {what}, whole.")]) from error
    if twice:
        raise BrokenInput([Problem(where, 0, key, "stands twice in one object", f"Give {what} as it is.") for key in twice])
    if not isinstance(data, dict) or not data:
        raise BrokenInput([Problem(where, 0, "", f"holds no models: {shortened(type(data).__name__)}", f"Give {what}.")])
    return data


def content_of(path: Path, where: str) -> bytes:
    """The bytes of a file. Raises BrokenInput."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenInput([Problem(where, 0, "", f"cannot be read: {error.strerror or error}", "Check the path.")]) from error


def tokens(value: object) -> int | None:
    """A number of tokens; packages write 0, words or decimals where they know none."""
    try:
        count = Decimal(str(value))
    except InvalidOperation:
        return None
    return int(count) if count.is_finite() and count >= 1 else None
