"""Cost of a service: exact to the cent against cases worked out by hand; a missing price is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalogue.options import Option, build_options
from advisor.catalogue.prices import Price, Prices, Range
from advisor.cost.api import api_cost
from advisor.cost.lines import Cost, Line, dollars, money, spread, total, unknown
from advisor.cost.option import as_interval, option_costs
from advisor.cost.workload import workload
from advisor.library import Library
from advisor.possible import Interval
from tests.conftest import AS_OF, Stated
from tests.cost.made_bills import ONE, listed, load

HOSPITAL = {"requests_per_month": 2_000_000, "input_tokens_per_request": 1_500, "output_tokens_per_request": 400}


def usd(cost: Cost) -> Range:
    assert cost.usd is not None
    return cost.usd


def lines(cost: Cost) -> dict[str, Decimal]:
    return {line.label: line.usd.expected for line in cost.lines}


BESIDE_TOKENS = ("Engineers: connect and watch the service", "Logs, taken in", "Logs, kept")
THINKING = "Thinking before the answer"


def tokens(cost: Cost) -> Range:
    """The lines that the host bills for what was asked and answered; people, logs and thinking stand in lines of their own."""
    assert {line.label for line in cost.lines} >= {*BESIDE_TOKENS}
    billed = ONE.times(Decimal(0))
    for line in cost.lines:
        beside = line.label in BESIDE_TOKENS or THINKING.lower() in line.label.lower()
        billed = billed if beside else billed.plus(line.usd)
    assert billed.expected < usd(cost).expected
    return billed


# ---------------------------------------------------------------------- by hand
def test_a_million_requests_of_a_thousand_tokens_cost_a_thousand_times_the_price() -> None:
    cost = api_cost(listed(input="2.5", output="15"), load())
    assert lines(cost) == {"Input tokens": Decimal(2_500), "Output tokens": Decimal(15_000)}
    assert usd(cost) == ONE.times(Decimal(17_500))


def test_cached_input_is_priced_as_cached() -> None:
    cost = api_cost(listed(input="2.5", output="15", cache_read="0.25"), load(cached="0.4"))
    assert lines(cost) == {
        "Input tokens": Decimal(1_500),
        "Repeated input, read from cache": Decimal(100),
        "Output tokens": Decimal(15_000),
    }


def test_batched_work_is_priced_as_batch() -> None:
    cost = api_cost(listed(input="2.5", output="15", batch_input="1.25", batch_output="7.5"), load(batch="0.5"))
    assert lines(cost) == {
        "Input tokens": Decimal(1_250),
        "Output tokens": Decimal(7_500),
        "Batch input tokens": Decimal(625),
        "Batch output tokens": Decimal(3_750),
    }


def test_cached_and_batched_shares_are_taken_one_after_the_other() -> None:
    """0.5 of 1,000 Mtok wait; of the 500 that do not, 0.4 = 200 are read from cache and 300 are read in full."""
    prices = listed(input="2", output="10", cache_read="0.2", batch_input="1", batch_output="5")
    cost = api_cost(prices, load(cached="0.4", batch="0.5"))
    assert lines(cost) == {
        "Input tokens": Decimal(600),
        "Repeated input, read from cache": Decimal(40),
        "Output tokens": Decimal(5_000),
        "Batch input tokens": Decimal(500),
        "Batch output tokens": Decimal(2_500),
    }
    assert usd(cost).expected == Decimal(8_640)


@pytest.mark.parametrize(
    ("share", "classes"), [("cached", {}), ("batch", {}), ("batch", {"batch_input": "1"}), ("batch", {"batch_output": "1"})]
)
def test_where_a_host_has_no_cheaper_price_the_plain_price_holds(share: str, classes: dict[str, str]) -> None:
    shared = load(cached="0.9") if share == "cached" else load(batch="0.9")
    assert usd(api_cost(listed(input="2.5", output="15", **classes), shared)) == ONE.times(Decimal(17_500))


def test_large_requests_pay_the_prices_of_their_size_for_every_token() -> None:
    """Above: 1,000 requests of 272,001 are 272.001 Mtok, half of it cached: 136.0005 × 5 + 136.0005 × 0.5; no batch price is stated."""
    classes = listed(
        input="2.5", output="15", cache_read="0.25", batch_input="1", batch_output="1",
        input_above_272000="5", output_above_272000="22.5", cache_read_above_272000="0.5",
    )  # fmt: skip
    prices = replace(classes, thresholds=(272_000,))
    at, above = (load(1_000, (size, 1_000), "0.5", "0.5") for size in (272_000, 272_001))
    assert "Batch input tokens" in lines(api_cost(prices, at))
    assert lines(api_cost(prices, above)) == {
        "Input tokens": Decimal("680.0025"),
        "Repeated input, read from cache": Decimal("68.00025"),
        "Output tokens": Decimal("22.5"),
    }
    assert "272,000" in " ".join(api_cost(prices, above).notes)


def test_cached_input_of_large_requests_costs_the_plain_price_where_no_source_states_another() -> None:
    prices = replace(listed(input="2.5", output="15", cache_read="0.25", input_above_9="5", output_above_9="20"), thresholds=(9,))
    assert lines(api_cost(prices, load(cached="1"))) == {"Input tokens": Decimal(5_000), "Output tokens": Decimal(20_000)}


def test_batched_input_that_repeats_is_priced_as_both_where_a_source_states_it() -> None:
    """500 Mtok wait: 0.4 of them at 0.1, the rest at 1; the other 500: 0.4 at 0.2, the rest at 2."""
    prices = listed(input="2", output="10", cache_read="0.2", batch_input="1", batch_output="5", batch_cache_read="0.1")
    assert lines(api_cost(prices, load(cached="0.4", batch="0.5"))) == {
        "Input tokens": Decimal(600),
        "Repeated input, read from cache": Decimal(40),
        "Output tokens": Decimal(5_000),
        "Batch input tokens": Decimal(300),
        "Batch repeated input, read from cache": Decimal(20),
        "Batch output tokens": Decimal(2_500),
    }


def test_a_price_range_becomes_a_cost_range() -> None:
    prices = Prices({
        "input_usd_per_mtok": Price(Range(Decimal(1), Decimal(2), Decimal(3)), "a list", ()),
        "output_usd_per_mtok": Price(Range(Decimal(10), Decimal(20), Decimal(30)), "a list", ()),
    })  # fmt: skip
    assert usd(api_cost(prices, load())) == Range(Decimal(11_000), Decimal(22_000), Decimal(33_000))


def test_no_requests_cost_nothing() -> None:
    assert usd(api_cost(listed(input="2.5", output="15"), load(requests=0))) == ONE.times(Decimal(0))


# ---------------------------------------------------------------------- what is not known
@pytest.mark.parametrize(
    ("classes", "side"), [({"output": "15"}, "input"), ({"input": "2.5"}, "output"), ({}, "input"), ({"batch_input": "1"}, "input")]
)
def test_a_missing_price_makes_the_cost_unknown_and_never_zero(classes: dict[str, str], side: str) -> None:
    cost = api_cost(listed(**classes), load())
    assert cost.usd is None
    assert cost.lines == ()
    assert cost.missing == f"no source states the price of {side} tokens"


def test_shares_that_are_not_known_reach_from_none_to_all() -> None:
    prices = listed(input="2.5", output="15", cache_read="0.25", batch_input="1.25", batch_output="7.5")
    plain, open_ = usd(api_cost(prices, load())), usd(api_cost(prices, load(cached=None, batch=None)))
    assert (open_.expected, open_.high) == (plain.expected, plain.high)
    assert open_.low <= usd(api_cost(prices, load(cached="1"))).low
    assert open_.low <= usd(api_cost(prices, load(batch="1"))).low
    assert open_.low < plain.low


def test_batched_input_may_all_repeat_while_it_is_not_known_how_much_does() -> None:
    """All of it waits: 1,000 Mtok at 1, or at 0.1 if all of it is read from the cache; output 1,000 Mtok at 5."""
    prices = listed(input="2", output="10", cache_read="0.2", batch_input="1", batch_output="5", batch_cache_read="0.1")
    cost = usd(api_cost(prices, load(cached=None, batch="1")))
    assert cost == (Decimal(5_100), Decimal(6_000), Decimal(6_000))
    assert usd(api_cost(prices, load(cached="1", batch="1"))).expected == cost.low


def test_requests_below_the_mean_may_pay_the_lower_price_where_the_mean_pays_the_higher() -> None:
    """1,000 requests of 300,000 in and 1,000 out on average: 300 Mtok at 5, or at 2.5 at least; 1 Mtok out at 22.5, or at 15."""
    prices = replace(listed(input="2.5", output="15", input_above_272000="5", output_above_272000="22.5"), thresholds=(272_000,))
    mean = load(1_000, (300_000, 1_000))
    assert usd(api_cost(prices, mean)) == (Decimal(765), Decimal("1522.5"), Decimal("1522.5"))
    all_alike = replace(mean, longest_input=mean.input_tokens)
    assert usd(api_cost(prices, all_alike)) == ONE.times(Decimal("1522.5"))


def test_an_unknown_volume_makes_every_cost_unknown(stated: Stated, library: Library) -> None:
    options = build_options(library.catalogue, AS_OF, ("DE",))[:30]
    for known in ({}, {"requests_per_month": 5}, {k: v for k, v in HOSPITAL.items() if k != "output_tokens_per_request"}):
        assert workload(stated(**known)) is None
        costs = option_costs(options, stated(**known), library.catalogue, AS_OF)
        assert {cost.usd for cost in costs} == {None}
        assert {cost.missing for cost in costs} == {"the number or the size of requests is not known"}


def test_an_unknown_cost_is_any_cost_for_a_rule() -> None:
    assert as_interval(unknown("a price")) == Interval(0.0, float("inf"))
    assert as_interval(total([Line("a", "", Range(Decimal(1), Decimal(2), Decimal(3)), "s")])) == Interval(1.0, 3.0)


# ---------------------------------------------------------------------- laws
MONEY = st.decimals("0.001", "500", places=3)
SHARES = st.decimals(0, 1, places=2)
SIZES = st.integers(0, 10**6)


@given(
    st.tuples(MONEY, MONEY, MONEY, MONEY, MONEY),
    SHARES,
    SHARES,
    st.integers(0, 10**9),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
)
def test_the_total_is_the_exact_sum_of_price_times_tokens(
    money: tuple[Decimal, ...], cached: Decimal, batch: Decimal, requests: int, tokens: tuple[int, int]
) -> None:
    i, o, c, batch_i, batch_o = money
    prices = listed(input=str(i), output=str(o), cache_read=str(c), batch_input=str(batch_i), batch_output=str(batch_o))
    cost = usd(api_cost(prices, load(requests, tokens, str(cached), str(batch))))
    mtok_in, mtok_out = (Decimal(requests * size) / 10**6 for size in tokens)
    by_hand = mtok_in * (batch * batch_i + (1 - batch) * (cached * c + (1 - cached) * i)) + mtok_out * (batch * batch_o + (1 - batch) * o)
    assert abs(cost.expected - by_hand) <= by_hand / 10**20  # Decimal keeps 28 digits
    assert cost.low == cost.expected == cost.high


@given(SHARES, SHARES)
def test_a_known_share_lies_within_what_an_unknown_one_allows(cached: Decimal, batch: Decimal) -> None:
    prices = listed(input="2.5", output="15", cache_read="0.25", batch_input="1.25", batch_output="7.5")
    known, open_ = usd(api_cost(prices, load(cached=str(cached), batch=str(batch)))), usd(api_cost(prices, load(cached=None, batch=None)))
    assert open_.low <= known.expected <= open_.high


# ---------------------------------------------------------------------- as shipped
@pytest.fixture(scope="module")
def options(library: Library) -> Mapping[str, Option]:
    return {o.id: o for o in build_options(library.catalogue, AS_OF, ("DE",))}


@pytest.mark.parametrize(
    ("option", "shares", "amount"),
    [
        ("gpt-5.4@openai-api/eu", {"cached_share": 0, "batch_share": 0}, "21450.00"),
        ("gpt-5.4@openai-api/global", {"cached_share": 0, "batch_share": 0}, "19500.00"),
        ("gpt-5.4@openai-api/eu", {"cached_share": 1, "batch_share": 0}, "15881.25"),
        ("gpt-5.4@openai-api/global", {"cached_share": 0, "batch_share": 1}, "9750.00"),
        ("gpt-5.4@openai-api/global", {"cached_share": 0.5, "batch_share": 0.5}, "12729.38"),
    ],
)
def test_the_hospital_pays_what_was_worked_out_by_hand(
    option: str, shares: dict[str, float], amount: str, options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    """
    2 million requests of 1,500 / 400 tokens are 3,000 and 800 Mtok: 3,000 × 2.75 + 800 × 16.50 = 21,450.

    A quarter of what is meant to be cached is not found there and costs the plain price, as no price for writing is stated. So if all
    input is meant to be: 3,000 × (0.75 × 0.275 + 0.25 × 2.75) + 13,200 = 15,881.25. Half cached and half batched: 750 × (2.50 + 0.75 ×
    0.25 + 0.25 × 2.50 + 1.25 + 0.75 × 0.13 + 0.25 × 1.25) + 400 × (15 + 7.50) = 12,729.375.
    """
    (cost,) = option_costs([options[option]], stated(**HOSPITAL, **shares), library.catalogue, AS_OF)
    assert money(tokens(cost).expected) == amount


def test_the_hospitals_expected_cost_does_not_hang_on_shares_it_did_not_state(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    (cost,) = option_costs([options["gpt-5.4@openai-api/eu"]], stated(**HOSPITAL), library.catalogue, AS_OF)
    assert money(tokens(cost).expected) == money(tokens(cost).high) == "21450.00"
    assert tokens(cost).low < tokens(cost).expected


def test_requests_of_700_000_tokens_pay_the_long_price(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    """1,000 requests of 700,000 / 1,000 tokens: 700 × 5 + 1 × 22.50."""
    answers = stated(requests_per_month=1_000, input_tokens_per_request=700_000, output_tokens_per_request=1_000)
    (cost,) = option_costs([options["gpt-5.4@openai-api/global"]], answers, library.catalogue, AS_OF)
    assert money(tokens(cost).expected) == "3522.50"


def test_every_line_of_every_option_has_a_formula_and_a_source(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    costs = option_costs(list(options.values()), stated(**HOSPITAL), library.catalogue, AS_OF)
    shown = [line for cost in costs for line in cost.lines]
    assert len(shown) > len(options)
    assert [line for line in shown if not (line.label and line.formula and line.source)] == []


# ---------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("value", "stored", "read"),
    [
        ("0.005", "0.00", "$0.01"),
        ("0.015", "0.02", "$0.01"),
        ("99.994", "99.99", "$99.99"),
        ("1234.5", "1234.50", "$1,234"),
        ("-3", "-3.00", "$-3.00"),
    ],
)
def test_money_is_stored_to_the_cent_and_read_with_separators(value: str, stored: str, read: str) -> None:
    assert money(Decimal(value)) == stored
    assert dollars(Decimal(value))[0] == read[0]


def test_a_range_without_width_reads_as_one_amount() -> None:
    assert spread(ONE.times(Decimal(21_450))) == "$21,450"
    assert spread(Range(Decimal(1_000), Decimal(2_000), Decimal(3_000))) == "$2,000 ($1,000 to $3,000)"
