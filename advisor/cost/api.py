"""
Cost of a host's service: tokens of each kind times the price of that kind, at the size of each request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial

from advisor.catalogue.prices import ZERO, Price, Prices, Range
from advisor.cost.inputs import ASKED, Input, Product, Times, certain
from advisor.cost.lines import Cost
from advisor.cost.parts import Bill, Bundle, Part
from advisor.cost.tiers import NONE_LONG, long_share
from advisor.cost.workload import Workload

PER_MILLION = Decimal("0.000001")
LOGNORMAL = "Worked out from the mean and the longest input, taken as log-normal"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is told apart from prices and load: how a model writes, and how a host bills."""

    missed: Range = ZERO
    """Share of input meant to repeat that the cache does not hold and that is written (again)."""
    thinking: Input | None = None
    """Tokens of thinking for each token of the answer; None: the model does not think before it answers."""
    tokeniser: Input | None = None
    """Tokens of this model over tokens as the person counted them; drawn only."""
    currency: Input | None = None
    """What prices may be times, because a list in another currency may have been copied as if in dollars."""
    fee: Input | None = None
    """Share that an intermediary adds to list prices."""
    cited: str = ""
    """Where `missed` is from."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What requests of one size pay for one way of processing."""

    input: Price
    output: Price
    cache_read: Price | None
    cache_write: Price | None


@dataclass(frozen=True, slots=True)
class _Slice:
    """Requests of one size that are processed one way, with their share of all requests and of all input."""

    rates: Rates
    way: str
    size: str
    requests: tuple[Input, ...]
    """The share of requests, as factors."""
    input_tokens: tuple[Input, ...]
    """The share of input, as factors."""


PLAIN = Terms()


def api_cost(prices: Prices, load: Workload, terms: Terms = PLAIN) -> Cost:
    """The cost of a month's tokens."""
    return token_bill(prices, load, terms).at(load.requests)


def token_bill(prices: Prices, load: Workload, terms: Terms = PLAIN) -> Bill:
    """What tokens cost at list prices; see `TokenBills`."""
    return TokenBills(load).bill(prices, terms)


class TokenBills:
    """
    What tokens cost at list prices in US dollars, before tax. What hosts share (how many tokens of each kind) is worked out once.

    Above a threshold all tokens of a request pay the long-context price. Work that can wait is priced as batch (flex where there is no
    batch), and input that repeats as cached, where the host has such a price for requests of that size; else at the plain price.
    """

    def __init__(self, load: Workload) -> None:
        self.load = load
        self._products: dict[object, Product] = {}

    def bill(self, prices: Prices, terms: Terms = PLAIN) -> Bill:
        """The token lines of one option."""
        for kind in ("input", "output"):
            if prices.at(kind, self.load.input_tokens) is None:
                return Bill((), f"no source states the price of {kind} tokens")
        parts = [part for piece in _slices(prices, self.load) for part in self._parts(piece, terms)]
        if terms.fee is not None and parts:
            parts.append(_fee(parts, terms.fee))
        return Bill((Bundle(tuple(parts)),), notes=tuple(_notes(prices, self.load)))

    def processed(self, prices: Prices, way: str, terms: Terms = PLAIN) -> Range | None:
        """What a month's tokens cost if every request had the mean size and were processed one way; None where no source has its price."""
        found = rates(prices, self.load.input_tokens, way)
        if found is None:
            return None
        piece = _Slice(_reaching_down(found, None, self.load), "" if way == "standard" else f"{way} ", "", (), ())
        parts = list(self._parts(piece, terms))
        if terms.fee is not None:
            parts.append(_fee(parts, terms.fee))
        return Bundle(tuple(parts)).usd(self.load.requests)

    def _parts(self, piece: _Slice, terms: Terms) -> Iterator[Part]:
        """The lines of the requests of one size that are processed one way."""
        prices = piece.rates
        cached = (self.load.cached_share or Decimal(0)) if prices.cache_read else Decimal(0)
        if cached < 1:
            yield self._part(piece, "input tokens", "input", prices.input, terms, 1 - cached)
        if cached and prices.cache_read:
            read, kept = prices.cache_read, prices.cache_write or prices.input
            yield self._part(piece, "repeated input, read from cache", "input read from the cache", read, terms, cached)
            if terms.missed.high > 0:
                yield self._part(piece, "repeated input, kept in the cache", "input kept in the cache", kept, terms, cached)
        yield self._part(piece, "output tokens", "output", prices.output, terms)
        if terms.thinking is not None:
            yield self._part(piece, "thinking before the answer", "output", prices.output, terms)

    def _part(self, piece: _Slice, label: str, kind: str, price: Price, terms: Terms, share: Decimal = Decimal(1)) -> Part:
        counted = self._counted(piece, label, terms, share)
        last = partial(_price, price, f"price of {piece.way}{kind}{piece.size}")
        return Part(_label(piece.way, label, piece.size), "request", Times(counted, price.range, last, PER_MILLION))

    def _counted(self, piece: _Slice, label: str, terms: Terms, share: Decimal) -> Product:
        shares = piece.requests if label in WRITTEN else piece.input_tokens
        known = tuple((item.name, item.range) for item in shares)
        key = (label, share, known, id(terms.thinking), id(terms.tokeniser), id(terms.currency))
        if key not in self._products:
            adjusted = tuple(item for item in (terms.tokeniser, terms.currency) if item is not None)
            self._products[key] = Product((*_tokens(self.load, label, share, terms), *shares, *adjusted))
        return self._products[key]


# ---------------------------------------------------------------------- sizes and ways of processing
def _slices(prices: Prices, load: Workload) -> Iterator[_Slice]:
    way = batch_way(prices, load.input_tokens)
    waits = load.batch_share or Decimal(0)
    for above, requests, tokens in _sizes(prices, load):
        size = Decimal(above + 1) if above else load.input_tokens
        standard = rates(prices, size)
        if standard is None:
            continue
        later = rates(prices, size, way) if way else None
        if not above and prices.threshold(size) and load.longest_input != load.input_tokens:
            standard = _or_shorter(standard, rates(prices, Decimal(0)))
            later = _or_shorter(later, rates(prices, Decimal(0), way)) if later and way else later
        waiting = waits if later else Decimal(0)
        words = f" of requests above {above:,} tokens" if above else ""
        if waiting < 1:
            unsure = load.batch_share is None or load.cached_share is None
            at_once = _reaching_down(standard, later if load.batch_share is None else None, load) if unsure else standard
            yield _Slice(at_once, "", words, (*requests, *_portion(1 - waiting)), (*tokens, *_portion(1 - waiting)))
        if later and waiting:
            later = later if load.cached_share is not None else _reaching_down(later, None, load)
            yield _Slice(later, f"{way} ", words, (*requests, *_portion(waiting)), (*tokens, *_portion(waiting)))


def _portion(share: Decimal) -> tuple[Input, ...]:
    return () if share == 1 else (certain("share of the work that can wait, or cannot", share, "{}", ASKED),)


def batch_way(prices: Prices, size: Decimal) -> str | None:
    """How work that can wait is processed: as a batch, else when there is room; None where a host has neither."""
    return next((way for way in ("batch", "flex") if rates(prices, size, way)), None)


def rates(prices: Prices, size: Decimal, way: str = "standard") -> Rates | None:
    """The prices of a way of processing for requests of a size; None where input or output has none."""
    given, produced = prices.at("input", size, way), prices.at("output", size, way)
    if given is None or produced is None:
        return None
    return Rates(given, produced, prices.at("cache_read", size, way), prices.at("cache_write", size, way))


def _sizes(prices: Prices, load: Workload) -> Iterator[tuple[int, tuple[Input, ...], tuple[Input, ...]]]:
    """
    For each size from which prices differ, what share of requests and of input is charged so; 0 stands for the size of the mean request.
    """
    above = [t for t in prices.thresholds if t >= load.input_tokens and rates(prices, Decimal(t + 1))]
    shares = [(t, long_share(load.input_tokens, load.longest_input, t, load.requests)) for t in above]
    long = [(t, share) for t, share in shares if share.requests.high > 0]
    if not long:
        yield 0, (), ()
        return
    first = long[0][1]
    yield 0, (_shorter("requests", first.requests),), (_shorter("input", first.input_tokens),)
    for (t, share), (_, longer) in zip(long, [*long[1:], (0, NONE_LONG)], strict=True):
        name = f"share of {{}} in requests above {t:,} tokens"
        requests, tokens = _between(share.requests, longer.requests), _between(share.input_tokens, longer.input_tokens)
        yield t, (_longer(name.format("requests"), requests),), (_longer(name.format("input"), tokens),)


def _between(share: Range, longer: Range) -> Range:
    """What lies above one size and not above the next."""
    return Range(max(Decimal(0), share.low - longer.high), share.expected - longer.expected, share.high - longer.low)


def _longer(name: str, share: Range) -> Input:
    return Input(name, share, source=LOGNORMAL, key="long requests")


def _shorter(what: str, share: Range) -> Input:
    rest = Range(1 - share.high, 1 - share.expected, 1 - share.low)
    return Input(f"share of {what} in shorter requests", rest, source=LOGNORMAL, key="long requests", mirrored=True)


def _reaching_down(plain: Rates, later: Rates | None, load: Workload) -> Rates:
    """Rates whose low ends reach down to the cheaper ones, where it is not known how much work can wait or how much input repeats."""
    given, produced = plain.input, plain.output
    if later:
        given, produced = _or_cheaper(given, later.input), _or_cheaper(produced, later.output)
        if load.cached_share is None:
            given = _or_cheaper(given, later.cache_read)
    if load.cached_share is None:
        given = _or_cheaper(given, plain.cache_read)
    return replace(plain, input=given, output=produced)


def _or_shorter(mean: Rates, short: Rates | None) -> Rates:
    """Rates of a mean request above a threshold, whose low ends allow for all the requests that lie below it."""
    if short is None:
        return mean
    read, kept = (
        price and _or_cheaper(price, other) for price, other in ((mean.cache_read, short.cache_read), (mean.cache_write, short.cache_write))
    )
    return Rates(_or_cheaper(mean.input, short.input), _or_cheaper(mean.output, short.output), read, kept)


def _or_cheaper(price: Price, other: Price | None) -> Price:
    """A price whose low end reaches down to a cheaper one, because it is not known how many tokens pay that one."""
    if other is None or other.range.low >= price.range.low:
        return price
    return replace(price, range=price.range._replace(low=other.range.low))


# ---------------------------------------------------------------------- parts
WRITTEN = ("output tokens", "thinking before the answer")


def _tokens(load: Workload, label: str, share: Decimal, terms: Terms) -> Iterator[Input]:
    """Tokens of a request for one line."""
    if label in WRITTEN:
        yield certain("output tokens of a request", load.output_tokens, "{} tokens", ASKED)
        if label == WRITTEN[1] and terms.thinking is not None:
            yield terms.thinking
        return
    yield certain("input tokens of a request", load.input_tokens, "{} tokens", ASKED)
    if share != 1:
        repeats = label != "input tokens"
        yield certain("share of input that repeats" if repeats else "share of input that is new", share, "{}", ASKED)
    if terms.missed.high > 0:
        if label.endswith("read from cache"):
            found = Range(1 - terms.missed.high, 1 - terms.missed.expected, 1 - terms.missed.low)
            yield Input("share of it found in the cache", found, source=terms.cited, key="cache", mirrored=True)
        elif label.endswith("kept in the cache"):
            yield Input("share of it written (again)", terms.missed, source=terms.cited, key="cache")


@lru_cache(maxsize=1024)
def _label(way: str, label: str, size: str) -> str:
    text = f"{way}{label}{size}"
    return text[0].upper() + text[1:]


def _price(price: Price, name: str) -> Input:
    return Input(name, price.range, "${} per million", price.source, key=f"price {name} {price.source}", scale=PER_MILLION)


def _fee(parts: Sequence[Part], fee: Input) -> Part:
    usd = ZERO
    for part in parts:
        usd = usd.plus(part.unit)
    return Part("Fee of the intermediary", "request", Product((Input("list price of a request", usd, "${}", "the lines above"), fee)))


def _notes(prices: Prices, load: Workload) -> Iterator[str]:
    reached = prices.threshold(load.input_tokens)
    if reached:
        yield f"Requests with more than {reached:,} input tokens cost more, which the mean request does."
    elif prices.tier_above_tokens is not None:
        yield f"Requests with more than {prices.tier_above_tokens:,} input tokens cost more."
    if load.batch_share is None or load.cached_share is None:
        yield "How much work can wait, or how much input repeats, is not known; the low end allows for all of it."
