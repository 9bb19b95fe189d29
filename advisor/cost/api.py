"""
Cost of a host's service: tokens of each class times the price of that class.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from advisor.catalogue.prices import Price, Prices
from advisor.cost.lines import Cost, Line, total, unknown
from advisor.cost.workload import MTOK, Workload


def api_cost(prices: Prices, load: Workload) -> Cost:
    """
    Monthly cost at list prices in US dollars, before tax.

    Work that can wait is priced as batch, and input that repeats as cached, where the host has such a price; else at the plain price.
    The long-context price holds for every request when the mean input is above its threshold.
    """
    tier = prices.tier_above_tokens
    long = tier is not None and load.input_tokens > tier
    plain_in, plain_out = _plain(prices, "input", long), _plain(prices, "output", long)
    if plain_in is None or plain_out is None:
        return unknown(f"no source states the price of {'input' if plain_in is None else 'output'} tokens")
    batch_in, batch_out = prices.price("batch_input_usd_per_mtok"), prices.price("batch_output_usd_per_mtok")
    cache = None if long else prices.price("cache_read_usd_per_mtok")
    batched = load.batch_share or Decimal(0) if batch_in and batch_out and not long else Decimal(0)
    if load.batch_share is None and not long:
        plain_in, plain_out = _or_cheaper(plain_in, batch_in), _or_cheaper(plain_out, batch_out)
    if load.cached_share is None:
        plain_in = _or_cheaper(plain_in, cache)
    live_in = load.input_mtok * (1 - batched)
    cached = live_in * (load.cached_share or Decimal(0)) if cache else Decimal(0)
    lines = [_line("Input tokens", live_in - cached, plain_in)]
    if cache and cached:
        lines.append(_line("Repeated input, read from cache", cached, cache))
    lines.append(_line("Output tokens", load.output_mtok * (1 - batched), plain_out))
    if batched and batch_in and batch_out:
        lines.append(_line("Batch input tokens", load.input_mtok * batched, batch_in))
        lines.append(_line("Batch output tokens", load.output_mtok * batched, batch_out))
    notes = []
    if tier is not None:
        notes.append(f"Requests with more than {tier:,} input tokens cost more" + (", which the mean request does." if long else "."))
    if load.batch_share is None or load.cached_share is None:
        notes.append("How much work can wait, or how much input repeats, is not known; the low end allows for all of it.")
    return total(lines, notes)


def _or_cheaper(price: Price, other: Price | None) -> Price:
    """A price whose low end reaches down to a cheaper class, because it is not known how much falls into that class."""
    if other is None or other.range.low >= price.range.low:
        return price
    return replace(price, range=replace(price.range, low=other.range.low))


def _plain(prices: Prices, side: str, long: bool) -> Price | None:
    return (prices.price(f"tier_{side}_usd_per_mtok") if long else None) or prices.price(f"{side}_usd_per_mtok")


def _line(label: str, mtok: Decimal, price: Price) -> Line:
    amount = f"{mtok * MTOK:,.0f}"
    return Line(label, f"{amount} tokens × ${price.range.expected.normalize():f} per million", price.range.times(mtok), price.source)
