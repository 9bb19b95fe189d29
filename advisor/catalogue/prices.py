"""
Prices of a served model: every meter, every source, with uplifts, as claims in US dollars per million tokens.

A request above a size pays the prices of that size for all of its tokens: so OpenAI, Google, Anthropic and xAI document it, and so
genai-prices, LiteLLM, models.dev and Azure's meters record it. What a source says of a size is its own price for it. A package that
lists no other price for large requests says that there is none; a page that was read for its first line does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from advisor.catalogue.claims import COMPARISON, Claim, expected, live
from advisor.catalogue.evidence import UNKNOWN, claims_of, in_force
from advisor.catalogue.feeds import Feed, PriceRow
from advisor.catalogue.files import ServesFile, Settlement, SourceFile
from advisor.catalogue.meters import Meter, listed_name

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
    settled: str = ""
    """Who settled a dispute, when and why; empty when nobody did."""


@dataclass(frozen=True)
class Prices:
    """All prices of one option, by the name of the meter. A meter that is missing has no price anybody states."""

    classes: Mapping[str, Price]
    thresholds: tuple[int, ...] = ()
    """Sizes of input, smallest first, above which other prices hold for the whole request."""

    @property
    def tier_above_tokens(self) -> int | None:
        """The size above which the first long-context price holds."""
        return self.thresholds[0] if self.thresholds else None

    def price(self, name: str) -> Price | None:
        return self.classes.get(name)

    def threshold(self, input_tokens: Decimal | int) -> int:
        """The size whose prices a request pays."""
        return max((t for t in self.thresholds if input_tokens > t), default=0) if self.thresholds else 0

    def at(self, kind: str, input_tokens: Decimal | int, processing: str = "standard") -> Price | None:
        """What a request of a size pays for one kind of token."""
        return self.classes.get(listed_name(kind, processing, self.threshold(input_tokens)))


@dataclass
class _Quote:
    """The prices of one source: one row of a feed under one uplift, or one curated source."""

    of_feed: bool
    claims: dict[Meter, list[Claim]] = field(default_factory=dict)

    def at(self, meter: Meter) -> list[Claim]:
        """Its claims for requests of a size: those of its own largest size up to there."""
        if meter.above_tokens and not self.speaks_of_large(meter.processing):
            return []
        same = {m.above_tokens: claims for m, claims in self.claims.items() if (m.kind, m.processing) == (meter.kind, meter.processing)}
        return same.get(max((size for size in same if size <= meter.above_tokens), default=0), [])

    def speaks_of_large(self, processing: str) -> bool:
        """
        Whether it says what large requests pay: it has prices for them, or is a package that has none at all.

        A package with such prices for plain requests and none for a batch does not say what a batch of large requests costs.
        """
        sized = {m.processing for m in self.claims if m.above_tokens}
        return processing in sized or (self.of_feed and "standard" not in sized)


def prices(serves: ServesFile, sources: Mapping[str, SourceFile], feeds: Mapping[str, Feed], as_of: date, figures: str = "best") -> Prices:
    """
    The prices of a served model on a date.

    Feed prices are multiplied by the uplift of the endpoint, and do not count where it is not known; curated prices are taken
    as written. Under the figures of the comparison document its prices are the only ones where it states any. A price that a
    curator settled is that one; ways of buying that cannot be had there have none.
    """
    quotes = [*_quoted_by_feeds(serves, sources, feeds, as_of), *_curated(serves, sources)]
    thresholds = sorted({m.above_tokens for quote in quotes for m in quote.claims} - {0})
    kinds = dict.fromkeys(replace(m, above_tokens=0) for quote in quotes for m in quote.claims if _sold(m, serves))
    settled = in_force(serves.settled, as_of)
    classes = {}
    for above in (0, *thresholds):
        for kind in kinds:
            meter = replace(kind, above_tokens=above)
            price = _price([c for quote in quotes for c in quote.at(meter)], as_of, figures)
            if price:
                classes[meter.name] = _as_settled(price, settled.get(meter.name), figures)
    return Prices(classes, tuple(thresholds))


def _sold(meter: Meter, serves: ServesFile) -> bool:
    """Whether a class of token can be bought there at all."""
    return meter.processing not in serves.without and not ("cache" in serves.without and meter.kind.startswith("cache"))


def _as_settled(price: Price, settlement: Settlement | None, figures: str) -> Price:
    """The price as a curator settled it. The figures of the comparison document stand as it wrote them."""
    if settlement is None or (figures == COMPARISON_FIGURES and any(c.grade == COMPARISON for c in price.claims)):
        return price
    value = Decimal(str(settlement.value))
    return Price(Range(value, value, value), settlement.cited, price.claims, settlement.words)


def _quoted_by_feeds(serves: ServesFile, sources: Mapping[str, SourceFile], feeds: Mapping[str, Feed], as_of: date) -> Iterator[_Quote]:
    uplifts = _uplifts(serves, sources, as_of)
    for key in serves.feeds:
        feed_name, _, row_key = key.partition(":")
        feed = feeds[feed_name]
        rows = feed.in_force(row_key, as_of)
        for hours in sorted({row.hours for row in rows}):  # the plain price first: it is the one to calculate with
            for uplift in uplifts:
                yield _quote(feed, [row for row in rows if row.hours == hours], uplift)


def _uplifts(serves: ServesFile, sources: Mapping[str, SourceFile], as_of: date) -> list[Claim]:
    """The factors on feed prices that may be true; none where there is a factor and no source that counts says which."""
    settled = in_force(serves.settled, as_of).get("uplift")
    if settled:
        return [Claim(settled.value, settled.cited, "primary", url=settled.url)]
    if not serves.uplift:
        return [Claim(Decimal(1), "", "feed")]
    known = [c for c in live(claims_of(serves.uplift, sources), as_of) if c.value != UNKNOWN]
    return [next(c for c in known if c.value == value) for value in dict.fromkeys(c.value for c in known)]  # one claim a factor


def _quote(feed: Feed, rows: Sequence[PriceRow], uplift: Claim) -> _Quote:
    """The prices of one row of a feed, at the same hours of the day, under one uplift."""
    factor = Decimal(str(uplift.value))
    source = feed.provenance.source if factor == 1 else f"{feed.provenance.source} × {factor.normalize():f} ({uplift.source})"
    as_of = str(feed.listing(rows[0].key).as_of)
    quote = _Quote(of_feed=True)
    for row in rows:
        since = row.since or date.min
        for kind, amount in row.amounts.items():
            claim = Claim(amount * factor, source, "feed", as_of, uplift.url, scope=row.hours, note=row.key, since=since)
            quote.claims.setdefault(Meter(kind, row.processing, row.above_tokens), []).append(claim)
    return quote


def _curated(serves: ServesFile, sources: Mapping[str, SourceFile]) -> Iterator[_Quote]:
    quotes: dict[tuple[str, str], _Quote] = {}
    for meter, files in serves.price.stated():
        for claim in claims_of(files, sources):
            if _is_amount(claim.value):
                quote = quotes.setdefault((claim.source, claim.scope), _Quote(of_feed=False))
                quote.claims.setdefault(meter, []).append(replace(claim, value=Decimal(str(claim.value))))
    yield from quotes.values()


def _is_amount(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


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
