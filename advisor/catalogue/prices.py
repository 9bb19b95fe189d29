"""
Prices of a served model: every class of token, every source, with uplifts, as claims in US dollars per million tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from advisor.catalogue.claims import COMPARISON, Claim, day_of, expected, live
from advisor.catalogue.evidence import UNKNOWN, claims_of
from advisor.catalogue.feeds import Feed
from advisor.catalogue.files import ServesFile, SourceFile

CLASSES = (
    "input_usd_per_mtok", "output_usd_per_mtok", "cache_read_usd_per_mtok", "cache_write_usd_per_mtok",
    "batch_input_usd_per_mtok", "batch_output_usd_per_mtok", "tier_input_usd_per_mtok", "tier_output_usd_per_mtok",
)  # fmt: skip

COMPARISON_FIGURES = "comparison-document"


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with what it may be and what to calculate with; exact."""

    low: Decimal
    expected: Decimal
    high: Decimal

    def times(self, factor: Decimal) -> Range:
        return Range(self.low * factor, self.expected * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)


ZERO = Range(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one class of token: range, the source calculated with, and all claims."""

    range: Range
    source: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Prices:
    """All prices of one option. A class that is missing has no price anybody states."""

    classes: Mapping[str, Price]
    tier_above_tokens: int | None = None
    """Input size above which the tier prices hold for the whole request."""

    def price(self, name: str) -> Price | None:
        return self.classes.get(name)


def prices(serves: ServesFile, sources: Mapping[str, SourceFile], feeds: Mapping[str, Feed], as_of: date, figures: str = "best") -> Prices:
    """
    The prices of a served model on a date.

    Feed prices are multiplied by the uplift of the endpoint, and do not count where it is not known; curated prices are taken
    as written. Under the figures of the comparison document its prices are the only ones where it states any.
    """
    stated = live(claims_of(serves.uplift, sources), as_of)
    uplifts = [c for c in stated if c.value != UNKNOWN] if stated else [Claim(Decimal(1), "", "feed")]
    found: dict[str, list[Claim]] = {name: [] for name in CLASSES}
    tiers: list[int] = []
    for key in serves.feeds:
        feed_name, _, row_key = key.partition(":")
        feed = feeds[feed_name]
        for row in feed.in_force(row_key, as_of):
            for name in CLASSES:
                found[name] += [_feed_claim(feed, row, name, uplift) for uplift in uplifts if _is_price(row[name])]
            if row["tier_above_tokens"]:
                tiers.append(int(row["tier_above_tokens"]))
    for name, files in dict(serves.price).items():
        found[name] += [replace(c, value=Decimal(str(c.value))) for c in claims_of(files, sources) if _is_amount(c.value)]
    classes = {name: price for name, claims in found.items() if (price := _price(claims, as_of, figures))}
    return Prices(classes, min(tiers, default=None))


def _is_price(text: str) -> bool:
    """A package writes nothing or zero where it knows no price; neither means that the use is free."""
    return bool(text) and Decimal(text) > 0


def _is_amount(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _feed_claim(feed: Feed, row: Mapping[str, str], name: str, uplift: Claim) -> Claim:
    factor = Decimal(str(uplift.value))
    source = feed.provenance.source if factor == 1 else f"{feed.provenance.source} × {factor.normalize():f} ({uplift.source})"
    return Claim(
        value=Decimal(row[name]) * factor,
        source=source,
        grade="feed",
        as_of=str(feed.provenance.made_on),
        url=uplift.url,
        scope=row["hours"],
        note=row["key"],
        since=day_of(row["from"]) or date.min,
    )


def _price(claims: Sequence[Claim], as_of: date, figures: str) -> Price | None:
    document = [c for c in claims if c.grade == COMPARISON]
    if figures == COMPARISON_FIGURES and document:
        value = _amount(document[0])
        return Price(Range(value, value, value), document[0].source, tuple(claims))
    alive = live(claims, as_of)
    best = expected(alive, "price")
    if best is None:
        return None
    amounts = [_amount(c) for c in alive]
    return Price(Range(min(amounts), _amount(best), max(amounts)), best.source, tuple(claims))


def _amount(claim: Claim) -> Decimal:
    return claim.value if isinstance(claim.value, Decimal) else Decimal(str(claim.value))


def with_price(known: Prices, name: str, value: Decimal) -> Prices:
    """The prices if this class of token costs exactly so much."""
    price = replace(known.classes[name], range=Range(value, value, value))
    return replace(known, classes={**known.classes, name: price})
