"""Prices: every source and every class of token, uplifts, dates, hours of the day, and the figures of the comparison document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from advisor.catalogue.claims import Claim
from advisor.catalogue.feeds import Feed
from advisor.catalogue.files import ServesFile, SourceFile
from advisor.catalogue.meters import METERS
from advisor.catalogue.options import Option, build_options
from advisor.catalogue.prices import Price, Prices, Range, prices
from advisor.library import Library
from tests import made_up
from tests.conftest import AS_OF

SOURCES = {
    "page": SourceFile(as_of="2026-05-01", grade="primary"),
    "blog": SourceFile(as_of="2026-06-01", grade="secondary"),
    "contract": SourceFile(as_of="2026-01-01", grade="contract"),
    "memory": SourceFile(grade="memory"),
    "document": SourceFile(as_of="2026-11", grade="comparison-document"),
}
ROW = {"key": "m", "input_usd_per_mtok": "2.5", "output_usd_per_mtok": "15", "cache_read_usd_per_mtok": "0.25"}
INPUT = "input_usd_per_mtok"


def of(snapshot: Mapping[str, Feed], as_of: date = AS_OF, figures: str = "best", **parts: object) -> Prices:
    """The prices of what is served at a made-up endpoint, from a snapshot and curated parts."""
    rows = ["made-up:m"] if snapshot else []
    serves = ServesFile.model_validate({"model": "m", "endpoints": ["api"], "feeds": rows, "listed": made_up.LISTED, **parts})
    return prices(serves, SOURCES, snapshot, as_of, figures)


def price(found: Prices, name: str = INPUT) -> Price:
    stated = found.price(name)
    assert stated is not None
    return stated


def exactly(value: str) -> Range:
    return Range(Decimal(value), Decimal(value), Decimal(value))


# ---------------------------------------------------------------------- feeds and curated prices
def test_a_feed_price_is_exact_and_names_package_and_version() -> None:
    found = of(made_up.feed(ROW))
    assert price(found).range == exactly("2.5")
    assert price(found).source == "prices 1.2.3"
    assert price(found, "output_usd_per_mtok").range == exactly("15")


def test_a_class_that_no_source_prices_has_no_price() -> None:
    found = of(made_up.feed(ROW))
    assert set(found.classes) == {INPUT, "output_usd_per_mtok", "cache_read_usd_per_mtok"}
    assert found.price("batch_input_usd_per_mtok") is None


def test_an_empty_price_is_no_price() -> None:
    assert of(made_up.feed({**ROW, INPUT: ""})).price(INPUT) is None


def test_sources_that_differ_give_a_range_and_the_best_grade_is_calculated_with() -> None:
    claims = [{"value": 3, "source": "page"}, {"value": 2, "source": "blog"}, {"value": 9, "source": "memory"}]
    assert price(of(made_up.feed(ROW), price={INPUT: claims})).range == Range(Decimal(2), Decimal(3), Decimal(3))


def test_your_own_contract_is_calculated_with_before_every_list_price() -> None:
    found = price(of(made_up.feed(ROW), price={INPUT: [{"value": 1.75, "source": "contract"}, {"value": 3, "source": "page"}]}))
    assert found.range == Range(Decimal("1.75"), Decimal("1.75"), Decimal(3))
    assert found.source == "contract"


def test_a_price_from_memory_alone_is_no_price() -> None:
    assert of({}, price={INPUT: [{"value": 3, "source": "memory"}]}).price(INPUT) is None


@pytest.mark.parametrize("value", ["unknown", "on request"])
def test_a_price_in_words_is_no_price(value: str) -> None:
    assert of({}, price={INPUT: [{"value": value, "source": "page"}]}).price(INPUT) is None


# ---------------------------------------------------------------------- uplift
def test_an_uplift_multiplies_every_class_of_a_feed_exactly() -> None:
    found = of(made_up.feed(ROW), uplift=[{"value": 1.1, "source": "page"}])
    assert [price(found, name).range for name in found.classes] == [exactly("2.75"), exactly("16.5"), exactly("0.275")]
    assert price(found).source == "prices 1.2.3 × 1.1 (page)"


def test_an_uplift_does_not_touch_a_curated_price() -> None:
    found = of(
        {}, feeds=[], listed=made_up.LISTED, uplift=[{"value": 1.1, "source": "page"}], price={INPUT: [{"value": 3, "source": "page"}]}
    )
    assert price(found).range == exactly("3")


def test_uplifts_that_differ_give_a_range() -> None:
    found = of(made_up.feed(ROW), uplift=[{"value": 1.1, "source": "page"}, {"value": 1.2, "source": "blog"}])
    assert (price(found).range.low, price(found).range.high) == (Decimal("2.75"), Decimal("3.0"))


def test_uplifts_that_agree_count_once_and_name_the_first_source() -> None:
    found = price(of(made_up.feed(ROW), uplift=[{"value": 1.1, "source": "page"}, {"value": 1.1, "source": "blog"}]))
    assert [claim.source for claim in found.claims] == ["prices 1.2.3 × 1.1 (page)"]


@pytest.mark.parametrize("claim", [{"as_of": "2027-01-01"}, {"grade": "memory"}, {"value": "unknown"}])
def test_where_there_is_an_uplift_that_no_source_that_counts_states_there_is_no_price(claim: dict[str, str]) -> None:
    """Not the price without an uplift: nobody said that there is none."""
    assert not of(made_up.feed(ROW), uplift=[{"value": 1.1, "source": "page", **claim}]).classes


# ---------------------------------------------------------------------- dates and hours
DATED = made_up.feed(ROW, {**ROW, "from": "2026-12-01", INPUT: "5"}, {**ROW, "from": "2027-06-01", INPUT: "4"})


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2020, 1, 1), "2.5"), (date(2026, 11, 30), "2.5"), (date(2026, 12, 1), "5"), (date(2027, 5, 31), "5"), (date(2027, 6, 1), "4")],
)
def test_a_dated_price_holds_from_its_first_day(day: date, value: str) -> None:
    assert price(of(DATED, day)).range == exactly(value)


def test_a_price_before_its_first_day_is_no_price() -> None:
    assert of(made_up.feed({**ROW, "from": "2027-01-01"})).price(INPUT) is None


def test_the_price_of_gemini_4_argon_doubles_on_the_first_of_december(library: Library) -> None:
    serves = ServesFile(model="gemini-4-argon", endpoints=["api"], feeds=["genai-prices:google/gemini-4-argon"])
    before, after = (prices(serves, {}, library.catalogue.feeds, day) for day in (date(2026, 11, 30), date(2026, 12, 1)))
    for name in (INPUT, "output_usd_per_mtok", "cache_read_usd_per_mtok"):
        assert price(after, name).range.expected == 2 * price(before, name).range.expected
    assert price(before).range == exactly("2")


def test_prices_for_hours_of_the_day_are_a_range_around_the_plain_price() -> None:
    found = of(made_up.feed(ROW, {**ROW, "hours": "01:00-04:00 UTC", INPUT: "5"}))
    assert price(found).range == Range(Decimal("2.5"), Decimal("2.5"), Decimal(5))


def test_hours_of_the_day_do_not_hide_behind_a_dated_price() -> None:
    found = of(made_up.feed(ROW, {**ROW, "hours": "01:00-04:00 UTC", INPUT: "5"}, {**ROW, "from": "2026-06-01", INPUT: "3"}))
    assert price(found).range == Range(Decimal(3), Decimal(3), Decimal(5))


# ---------------------------------------------------------------------- sizes and ways of processing
LONG = {**ROW, "above_tokens": "200000", INPUT: "5", "output_usd_per_mtok": "22.5", "cache_read_usd_per_mtok": "0.5"}


def test_a_request_above_a_threshold_pays_the_prices_of_that_size() -> None:
    found = of(made_up.feed(ROW, LONG, {**LONG, "above_tokens": "500000", INPUT: "9"}))
    assert found.thresholds == (200_000, 500_000)
    assert found.tier_above_tokens == 200_000
    paid = {size: found.at("input", size) for size in (1, 200_000, 200_001, 500_000, 500_001)}
    assert [p.range.expected for p in paid.values() if p] == [Decimal("2.5"), Decimal("2.5"), Decimal(5), Decimal(5), Decimal(9)]
    assert "input_above_200000_usd_per_mtok" in found.classes


def test_a_page_without_long_prices_is_silent_on_large_requests() -> None:
    curated = {INPUT: [{"value": 3, "source": "page"}], "output_usd_per_mtok": [{"value": 15, "source": "page"}]}
    found = of(made_up.feed(ROW, LONG), price=curated)
    assert price(found).range == Range(Decimal("2.5"), Decimal(3), Decimal(3))
    assert price(found, "input_above_200000_usd_per_mtok").range == exactly("5")


def test_a_package_without_long_prices_says_that_there_are_none() -> None:
    """The newer package no longer has the higher price: it is the one to calculate with, and the range shows the other."""
    old = made_up.feed(ROW, LONG, version="1", data_until=date(2026, 5, 21))
    new = made_up.feed(ROW, version="2", data_until=date(2026, 11, 19))
    serves = ServesFile(model="m", endpoints=["api"], feeds=["old:m", "new:m"])
    found = prices(serves, SOURCES, {"old": old["made-up"], "new": new["made-up"]}, AS_OF)
    assert price(found, "input_above_200000_usd_per_mtok").range == Range(Decimal("2.5"), Decimal("2.5"), Decimal(5))


def test_a_page_may_say_that_its_price_holds_for_every_size() -> None:
    said = [{"value": 3, "source": "page"}]
    found = of(made_up.feed(ROW, LONG), price={INPUT: said, "tiers": [{"above_tokens": 200_000, INPUT: said}]})
    assert price(found, "input_above_200000_usd_per_mtok").range == Range(Decimal(3), Decimal(3), Decimal(5))


def test_sources_with_other_thresholds_differ_between_them() -> None:
    said = {INPUT: [{"value": 2.5, "source": "page"}], "tiers": [{"above_tokens": 272_000, INPUT: [{"value": 5, "source": "page"}]}]}
    found = of(made_up.feed(ROW, LONG), price=said)
    between, above = found.at("input", 250_000), found.at("input", 300_000)
    assert between is not None
    assert above is not None
    assert (between.range, above.range) == (Range(Decimal("2.5"), Decimal("2.5"), Decimal(5)), exactly("5"))


def test_a_way_of_processing_has_a_price_only_where_a_source_states_it() -> None:
    found = of(made_up.feed(ROW, {**ROW, "processing": "batch", INPUT: "1.25"}, LONG))
    assert price(found, "batch_input_usd_per_mtok").range == exactly("1.25")
    assert found.at("input", 100, "flex") is None
    assert found.at("input", 300_000, "batch") is None, "the batch price of large requests is not stated"


def test_a_batch_price_of_large_requests_counts_where_it_is_stated() -> None:
    batch = {**ROW, "processing": "batch", INPUT: "1.25"}
    found = of(made_up.feed(ROW, batch, LONG, {**batch, "above_tokens": "200000", INPUT: "2.5"}))
    assert price(found, "batch_input_above_200000_usd_per_mtok").range == exactly("2.5")


@pytest.mark.parametrize("name", [*METERS])
def test_every_meter_can_be_priced_by_a_page(name: str) -> None:
    assert price(of({}, price={name: [{"value": 3, "source": "page"}]}), name).range == exactly("3")


def test_the_date_of_a_feed_price_is_that_of_its_data_and_not_of_the_snapshot() -> None:
    old = made_up.feed(ROW, data_until=date(2026, 5, 21))
    assert {c.as_of for c in price(of(old)).claims} == {"2026-05-21"}
    checked = made_up.feed({**ROW, "checked": "2026-09-01"}, data_until=date(2026, 5, 21))
    assert {c.as_of for c in price(of(checked)).claims} == {"2026-09-01"}


# ---------------------------------------------------------------------- the comparison document
def test_the_comparison_document_prices_only_where_it_is_asked_for() -> None:
    curated = {INPUT: [{"value": 1, "source": "document"}, {"value": 3, "source": "page"}]}
    assert price(of(made_up.feed(ROW), price=curated)).range == Range(Decimal("2.5"), Decimal(3), Decimal(3))
    asked = of(made_up.feed(ROW), figures="comparison-document", price=curated)
    assert price(asked).range == exactly("1")
    assert price(asked, "output_usd_per_mtok").range == exactly("15")


# ---------------------------------------------------------------------- as shipped
@pytest.fixture(scope="module")
def options(library: Library) -> dict[str, Option]:
    return {option.id: option for option in build_options(library.catalogue, AS_OF, ("DE",))}


def listed(option: Option, name: str) -> Decimal:
    assert option.prices is not None
    return price(option.prices, name).range.expected


def test_gpt_5_4_costs_ten_percent_more_in_europe(options: dict[str, Option]) -> None:
    europe, anywhere = options["gpt-5.4@openai-api/eu"], options["gpt-5.4@openai-api/global"]
    assert (listed(europe, INPUT), listed(europe, "output_usd_per_mtok")) == (Decimal("2.75"), Decimal("16.50"))
    assert (listed(anywhere, INPUT), listed(anywhere, "output_usd_per_mtok")) == (Decimal("2.5"), Decimal(15))
    assert europe.prices is not None
    assert europe.prices.tier_above_tokens == 272_000


def test_every_shipped_price_is_ordered_and_above_zero(options: dict[str, Option]) -> None:
    found = [(o.id, name, p.range) for o in options.values() if o.prices for name, p in o.prices.classes.items()]
    assert len(found) > 500
    assert [item for item in found if not Decimal(0) < item[2].low <= item[2].expected <= item[2].high] == []


def test_every_shipped_price_names_a_source_and_keeps_its_claims(options: dict[str, Option]) -> None:
    stated = [p for o in options.values() if o.prices for p in o.prices.classes.values()]
    assert all(p.source and p.claims and all(isinstance(c, Claim) for c in p.claims) for p in stated)


def test_self_hosted_options_have_no_token_price(options: dict[str, Option]) -> None:
    assert {o.prices for o in options.values() if o.mode == "self-hosted"} == {None}
    assert all(o.prices is not None for o in options.values() if o.mode != "self-hosted")
