"""Costs that were worked out by hand, each with its arithmetic; prices are US dollars for a million tokens, input / output."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from advisor.catalogue.files import ServesFile
from advisor.catalogue.options import build_options
from advisor.catalogue.prices import Prices, Range, prices
from advisor.cost.api import api_cost
from advisor.cost.lines import money
from advisor.cost.workload import Workload
from advisor.library import Library
from tests.conftest import AS_OF

ONE = Range(Decimal(1), Decimal(1), Decimal(1))


def usd(listed: Prices | None, requests: int, tokens: tuple[int, int], cached: str = "0", batch: str = "0") -> Range:
    """The monthly cost of so many requests of so many input and output tokens."""
    assert listed is not None
    size, produced = map(Decimal, tokens)
    load = Workload(Decimal(requests), size, produced, Decimal(cached), Decimal(batch), ONE.times(Decimal(730)), ONE, redundant=False)
    cost = api_cost(listed, load)
    assert cost.usd is not None
    return cost.usd


def row(library: Library, name: str, day: date = AS_OF) -> Prices:
    """The prices of one row of a price snapshot."""
    return prices(ServesFile(model="m", endpoints=["api"], feeds=[name]), {}, library.catalogue.feeds, day)


@pytest.mark.parametrize(
    ("endpoint", "tokens", "shares", "amount"),
    [
        # 1,000 requests. 2.50 / 15.00: 100 Mtok × 2.50 + 10 Mtok × 15.00 = 250 + 150
        ("global", (100_000, 10_000), {}, "400.00"),
        # 2.75 / 16.50, ten percent more in Europe: 275 + 165
        ("eu", (100_000, 10_000), {}, "440.00"),
        # at 272,000 tokens still the short price: 272 × 2.50 + 10 × 15.00 = 680 + 150
        ("global", (272_000, 10_000), {}, "830.00"),
        # above it the whole request at 5.00 / 22.50: 300 × 5.00 + 10 × 22.50 = 1,500 + 225
        ("global", (300_000, 10_000), {}, "1725.00"),
        # in Europe at 5.50 / 24.75: 300 × 5.50 + 10 × 24.75 = 1,650 + 247.50
        ("eu", (300_000, 10_000), {}, "1897.50"),
        # all of it as a batch at 1.25 / 7.50: 100 × 1.25 + 10 × 7.50 = 125 + 75
        ("global", (100_000, 10_000), {"batch": "1"}, "200.00"),
        # 80 % read from the cache at 0.25: 20 × 2.50 + 80 × 0.25 + 10 × 15.00 = 50 + 20 + 150
        ("global", (100_000, 10_000), {"cached": "0.8"}, "220.00"),
        # large, half of it from the cache at 0.50: 150 × 5.00 + 150 × 0.50 + 10 × 22.50 = 750 + 75 + 225
        ("global", (300_000, 10_000), {"cached": "0.5"}, "1050.00"),
        # a batch of large requests at 2.50 / 11.25: 300 × 2.50 + 10 × 11.25 = 750 + 112.50
        ("global", (300_000, 10_000), {"batch": "1"}, "862.50"),
    ],
)
def test_gpt_5_4(endpoint: str, tokens: tuple[int, int], shares: dict[str, str], amount: str, library: Library) -> None:
    options = {option.id: option for option in build_options(library.catalogue, AS_OF, ("DE",))}
    assert money(usd(options[f"gpt-5.4@openai-api/{endpoint}"].prices, 1_000, tokens, **shares).expected) == amount


@pytest.mark.parametrize(("day", "amount"), [(date(2026, 11, 30), "300.00"), (date(2026, 12, 1), "600.00")])
def test_gemini_4_argon_doubles_on_the_first_of_december(day: date, amount: str, library: Library) -> None:
    """1,000 requests of 100,000 / 10,000: 100 × 2 + 10 × 10 = 300, and from December 100 × 4 + 10 × 20 = 600."""
    assert money(usd(row(library, "genai-prices:google/gemini-4-argon", day), 1_000, (100_000, 10_000)).expected) == amount


@pytest.mark.parametrize(
    ("feed", "expected"), [("genai-prices:deepseek/deepseek-v4-pro", "85.80"), ("litellm:deepseek/deepseek-v4-pro", "171.60")]
)
def test_deepseek_costs_twice_as_much_at_peak_hours(feed: str, expected: str, library: Library) -> None:
    """
    1,000 requests of 100,000 / 10,000: 100 × 0.66 + 10 × 1.98 = 85.80, and at peak 100 × 1.32 + 10 × 3.96 = 171.60.

    genai-prices gives the cheaper one as the plain price, LiteLLM the dearer one; both know of both.
    """
    cost = usd(row(library, feed), 1_000, (100_000, 10_000))
    assert [money(amount) for amount in (cost.low, cost.expected, cost.high)] == ["85.80", expected, "171.60"]


@pytest.mark.parametrize(
    ("place", "amount"),
    [
        ("global", "35.00"),  # 0.25 / 1.00: 100 × 0.25 + 10 × 1.00
        ("data-zone", "38.50"),  # 0.275 / 1.10: 27.50 + 11.00
        ("regional/germanywestcentral", "42.40"),  # 0.303 / 1.21: 30.30 + 12.10
        ("regional/westeurope", "46.20"),  # 0.33 / 1.32: 33.00 + 13.20
    ],
)
def test_llama_4_maverick_costs_more_the_closer_its_place_is_drawn_at_azure(place: str, amount: str, library: Library) -> None:
    assert money(usd(row(library, f"azure-genai-prices:llama-4-maverick/{place}"), 1_000, (100_000, 10_000)).expected) == amount


@pytest.mark.parametrize(
    ("size", "amount"),
    [
        # 199,999 tokens at 1.25 / 2.50: 199.999 × 1.25 + 1 × 2.50 = 249.99875 + 2.50
        (199_999, "252.50"),
        # from 200,000 on at 2.50 / 5.00: 200 × 2.50 + 1 × 5.00
        (200_000, "505.00"),
    ],
)
def test_xai_charges_the_higher_price_from_200_000_tokens_on(size: int, amount: str, library: Library) -> None:
    for name in ("litellm:xai/grok-4.3", "genai-prices:x-ai/grok-4.3"):
        assert money(usd(row(library, name), 1_000, (size, 1_000)).expected) == amount
