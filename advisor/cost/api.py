"""
Cost of a host's service: tokens of each kind times the price of that kind, at the size of each request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from advisor.catalogue.prices import Price, Prices
from advisor.cost.lines import Cost, Line, total, unknown
from advisor.cost.workload import MTOK, Workload


@dataclass(frozen=True, slots=True)
class _Rates:
    """What requests of one size pay for one way of processing."""

    input: Price
    output: Price
    cache_read: Price | None


def api_cost(prices: Prices, load: Workload) -> Cost:
    """
    Monthly cost at list prices in US dollars, before tax.

    Every request has the mean size; above a threshold all of its tokens pay the long-context price. Work that can wait is priced
    as batch, and input that repeats as cached, where the host has such a price for requests of that size; else at the plain price.
    Writing into the cache is not counted: how often it happens is not asked.
    """
    plain_in, plain_out = (prices.at(kind, load.input_tokens) for kind in ("input", "output"))
    if plain_in is None or plain_out is None:
        return unknown(f"no source states the price of {'input' if plain_in is None else 'output'} tokens")
    standard = _Rates(plain_in, plain_out, prices.at("cache_read", load.input_tokens))
    batch = _batch(prices, load.input_tokens)
    batched = load.batch_share or Decimal(0) if batch else Decimal(0)
    lines = _lines(_reaching_down(standard, batch, load), load, 1 - batched, "")
    if batched and batch:
        lines += _lines(_reaching_down(batch, None, load), load, batched, "Batch ")
    return total(lines, _notes(prices, load))


def _batch(prices: Prices, size: Decimal) -> _Rates | None:
    given, produced = (prices.at(kind, size, "batch") for kind in ("input", "output"))
    return _Rates(given, produced, prices.at("cache_read", size, "batch")) if given and produced else None


def _reaching_down(rates: _Rates, batch: _Rates | None, load: Workload) -> _Rates:
    """Rates whose low ends reach down to the cheaper ones, where it is not known how much work can wait or how much input repeats."""
    given, produced = rates.input, rates.output
    if load.batch_share is None and batch:
        given, produced = _or_cheaper(given, batch.input), _or_cheaper(produced, batch.output)
        if load.cached_share is None:
            given = _or_cheaper(given, batch.cache_read)
    if load.cached_share is None:
        given = _or_cheaper(given, rates.cache_read)
    return _Rates(given, produced, rates.cache_read)


def _or_cheaper(price: Price, other: Price | None) -> Price:
    """A price whose low end reaches down to a cheaper one, because it is not known how many tokens pay that one."""
    if other is None or other.range.low >= price.range.low:
        return price
    return replace(price, range=replace(price.range, low=other.range.low))


def _lines(rates: _Rates, load: Workload, share: Decimal, way: str) -> list[Line]:
    """The lines of the share of requests that are processed one way."""
    given = load.input_mtok * share
    cached = given * (load.cached_share or Decimal(0)) if rates.cache_read else Decimal(0)
    lines = [_line(f"{way}input tokens", given - cached, rates.input)]
    if rates.cache_read and cached:
        lines.append(_line(f"{way}{'r' if way else 'R'}epeated input, read from cache", cached, rates.cache_read))
    lines.append(_line(f"{way}output tokens", load.output_mtok * share, rates.output))
    return lines


def _line(label: str, mtok: Decimal, price: Price) -> Line:
    amount = f"{mtok * MTOK:,.0f}"
    formula = f"{amount} tokens × ${price.range.expected.normalize():f} per million"
    return Line(label[0].upper() + label[1:], formula, price.range.times(mtok), price.source)


def _notes(prices: Prices, load: Workload) -> list[str]:
    notes = []
    reached = prices.threshold(load.input_tokens)
    if reached:
        notes.append(f"Requests with more than {reached:,} input tokens cost more, which the mean request does.")
    elif prices.tier_above_tokens is not None:
        notes.append(f"Requests with more than {prices.tier_above_tokens:,} input tokens cost more.")
    if load.batch_share is None or load.cached_share is None:
        notes.append("How much work can wait, or how much input repeats, is not known; the low end allows for all of it.")
    return notes
