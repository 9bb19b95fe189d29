"""
Cost of a host's service: tokens of each class times the price of that class.
"""

from __future__ import annotations

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
    lines: list[Line] = []
    batched = (
        load.batch_share
        if not long and prices.price("batch_input_usd_per_mtok") and prices.price("batch_output_usd_per_mtok")
        else Decimal(0)
    )
    live_in = load.input_mtok * (1 - batched)
    cache = None if long else prices.price("cache_read_usd_per_mtok")
    cached = live_in * load.cached_share if cache else Decimal(0)
    lines.append(_line("Input tokens", live_in - cached, plain_in))
    if cache and cached:
        lines.append(_line("Repeated input, read from cache", cached, cache))
    lines.append(_line("Output tokens", load.output_mtok * (1 - batched), plain_out))
    if batched:
        lines += _batch(prices, load, batched)
    notes = []
    if tier is not None:
        notes.append(f"Requests with more than {tier:,} input tokens cost more" + (", which the mean request does." if long else "."))
    return total(lines, notes)


def _plain(prices: Prices, side: str, long: bool) -> Price | None:
    return (prices.price(f"tier_{side}_usd_per_mtok") if long else None) or prices.price(f"{side}_usd_per_mtok")


def _batch(prices: Prices, load: Workload, share: Decimal) -> list[Line]:
    found = []
    for side, amount in (("input", load.input_mtok), ("output", load.output_mtok)):
        price = prices.price(f"batch_{side}_usd_per_mtok")
        if price:
            found.append(_line(f"Batch {side} tokens", amount * share, price))
    return found


def _line(label: str, mtok: Decimal, price: Price) -> Line:
    amount = f"{mtok * MTOK:,.0f}"
    return Line(label, f"{amount} tokens × ${price.range.expected.normalize():f} per million", price.range.times(mtok), price.source)
