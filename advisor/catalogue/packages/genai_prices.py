"""
The genai-prices package: dated prices, prices for hours of the day, tiers by the size of the request, and variants.

Its calculator takes the last price that is active, and lets a variant (batch, flex, priority) replace the prices it names. Rows are
written with that done, so that each says everything a request pays. A tier holds for the whole request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from advisor.catalogue.packages.reading import Reading

VARIANTS: Mapping[tuple[str, str], str] = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
}
FIELDS = {kind: f"{kind}_mtok" for kind in ("input", "output", "cache_read", "cache_write", "cache_write_1h")}
Amounts = dict[str, Any]


def read(made_on: date) -> Reading:
    """What the installed package says; the day tells which of its dates are past."""
    from genai_prices.data import providers

    reading = Reading("genai-prices")
    days: set[date] = set()
    for provider in providers:
        for model in provider.models:
            key = f"{provider.id}/{model.id}"
            checked = getattr(model, "prices_checked", None)
            name = model.name or model.id
            reading.list_model(key, provider.id, name, checked=checked and str(checked), context_tokens=model.context_window)
            for since, hours, processing, amounts in _spans(model):
                days |= {since} if since else set()
                for above in _sizes(amounts):
                    reading.price(key, _at(amounts, above), processing, since=since, hours=hours, above=above)
    reading.data_until = max((day for day in days if day <= made_on), default=None)
    return reading


def _spans(model: Any) -> Iterator[tuple[date | None, str, str, Amounts]]:
    """Every span of days or hours with the prices of one way of processing in it."""
    conditional = [(c.constraint, _amounts(c.prices)) for c in model.prices] if isinstance(model.prices, list) else []
    plain = conditional or [(None, _amounts(model.prices))]
    dated = [(getattr(constraint, "start_date", None), amounts) for constraint, amounts in plain if not _hours(constraint)]
    for since, amounts in dated:
        yield since, "", "standard", amounts
    for constraint, amounts in plain:
        if _hours(constraint):
            yield None, _hours(constraint), "standard", amounts
    for processing in VARIANTS.values():
        variants = [v for v in model.price_variants or () if processing in {VARIANTS.get(item) for item in v.when.items()}]
        named = [(getattr(v.constraint, "start_date", None), _amounts(v.prices)) for v in variants if len(v.when) == 1]
        yield from ((since, "", processing, amounts) for since, amounts in _replaced(dated, named))


def _replaced(dated: list[tuple[date | None, Amounts]], named: list[tuple[date | None, Amounts]]) -> Iterator[tuple[date | None, Amounts]]:
    """The plain prices with those of the active variants in place, anew from every day on which either changes."""
    for day in sorted({since or date.min for since, _ in [*dated, *named]}):
        plain = [amounts for since, amounts in dated if (since or date.min) <= day] or [dated[0][1] if dated else {}]
        active = [amounts for since, amounts in named if (since or date.min) <= day and amounts]
        if active:
            replacing: Amounts = {}
            for amounts in active:  # the first variant that names a price wins
                replacing = amounts | replacing
            yield (None if day == date.min else day), plain[-1] | replacing


def _amounts(prices: Any) -> Amounts:
    return {kind: value for kind, field in FIELDS.items() if (value := getattr(prices, field, None)) is not None}


def _hours(constraint: Any) -> str:
    """The hours of the day for which a price holds; empty for a price without hours."""
    return f"{constraint.start_time:%H:%M}-{constraint.end_time:%H:%M} UTC" if hasattr(constraint, "start_time") else ""


def _sizes(amounts: Amounts) -> list[int]:
    return sorted({0} | {tier.start for price in amounts.values() if hasattr(price, "base") for tier in price.tiers})


def _at(amounts: Amounts, above: int) -> Amounts:
    """What a request just above a size pays."""
    found = {}
    for kind, price in amounts.items():
        if hasattr(price, "base"):
            reached = [tier.price for tier in price.tiers if tier.start <= above]
            found[kind] = reached[-1] if above and reached else price.base
        else:
            found[kind] = price
    return found
