"""Random draws: the same for the same seed, together where inputs are, within the ends, and the expected where nothing is uncertain."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalogue.prices import Range
from advisor.cost.draws import Draws, percentiles, usd_drawn
from advisor.cost.inputs import ONE, Input, Product, certain
from advisor.cost.parts import Bill, Bundle, Part


def spread(low: object, expected: object, high: object) -> Range:
    return Range(*(Decimal(str(value)) for value in (low, expected, high)))


def bill(*inputs: Input) -> Bill:
    """A request costs the product of these."""
    return Bill((Bundle((Part("tokens", "request", Product(inputs)),)),))


ENDS = st.tuples(*[st.integers(1, 1000)] * 3).map(lambda three: spread(*sorted(three)))
PRICE = Input("price", spread(1, 2, 4), key="price")
RATIO = Input("ratio", spread("0.8", 1, "1.35"), key="ratio")


def test_the_same_seed_gives_the_same_bytes_whatever_is_drawn_before() -> None:
    one, other = Draws(1000), Draws(1000)
    other.value(RATIO)
    other.line(bill(RATIO))
    assert one.value(PRICE).tobytes() == other.value(PRICE).tobytes()
    assert one.uniform("x").tobytes() == Draws(1000).uniform("x").tobytes()
    assert one.uniform("x").tobytes() != Draws(1000, seed=1).uniform("x").tobytes()
    assert one.uniform("x").tobytes() != one.uniform("y").tobytes()


def test_fewer_draws_are_the_first_of_more() -> None:
    assert list(Draws(10).uniform("x")) == list(Draws(1000).uniform("x")[:10])


@settings(max_examples=100, deadline=None)
@given(ENDS)
def test_values_lie_where_a_triangle_has_them(ends: Range) -> None:
    """The share of a triangle below each value is the place that was drawn."""
    draws = Draws(200)
    drawn, place = draws.value(Input("any", ends, key="any")), draws.uniform("any")
    low, middle, high = (float(end) for end in (ends.low, ends.expected, ends.high))
    if low == high:
        assert set(drawn) == {middle}
        return
    rising = (drawn - low) ** 2 / ((high - low) * (middle - low)) if middle > low else np.zeros_like(drawn)
    falling = 1 - (high - drawn) ** 2 / ((high - low) * (high - middle)) if high > middle else np.ones_like(drawn)
    below = np.where(drawn < middle, rising, falling)
    assert np.allclose(below, place, atol=1e-6)
    assert low <= drawn.min() <= drawn.max() <= high


def test_the_quarters_of_a_triangle_from_0_over_1_to_4() -> None:
    """A quarter lies below the bend at 1; half below 4 - sqrt(6)."""
    drawn = Draws(40_000).value(Input("any", spread(0, 1, 4), key="any"))
    assert float(np.quantile(drawn, 0.25)) == pytest.approx(1, abs=0.03)
    assert float(np.quantile(drawn, 0.5)) == pytest.approx(4 - math.sqrt(6), abs=0.03)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ENDS, st.sampled_from(["a", "b", "", "c"]), st.booleans()), min_size=1, max_size=5), st.integers(0, 10**9))
def test_costs_lie_between_the_ends_of_the_bill(factors: list[tuple[Range, str, bool]], requests: int) -> None:
    inputs = [Input(f"factor {n}", ends, key=key, divides=divides) for n, (ends, key, divides) in enumerate(factors)]
    whole = bill(*inputs)
    drawn = usd_drawn(Draws(100).line(whole), float(requests))
    exact = whole.usd(Decimal(requests))
    assert float(exact.low) * (1 - 1e-9) <= drawn.min()
    assert drawn.max() <= float(exact.high) * (1 + 1e-9)
    found = percentiles(drawn)
    assert found.p10 <= found.p50 <= found.p90


def test_what_has_no_key_or_no_width_is_taken_as_expected() -> None:
    alone = Input("answered", spread(1, 2, 3))
    drawn = usd_drawn(Draws(50).line(bill(alone, certain("price", Decimal(5)))), 7.0)
    assert set(drawn) == {70.0}


def test_inputs_of_one_key_move_together_and_mirrored_ones_against_each_other() -> None:
    draws = Draws(500)
    missed = Input("missed", spread("0.09", "0.25", "0.49"), key="cache")
    found = Input("found", spread("0.51", "0.75", "0.91"), key="cache", mirrored=True)
    assert np.allclose(draws.value(missed) + draws.value(found), 1)
    again = Input("missed by another", missed.range, key="cache")
    assert np.array_equal(draws.value(missed), draws.value(again))


def test_an_input_that_divides_is_drawn_first_and_divided_by_then() -> None:
    draws = Draws(500)
    plain, under = (Input("room", spread("0.5", "0.7", "0.9"), key="room", divides=divides) for divides in (False, True))
    assert np.allclose(draws.value(plain) * draws.value(under), 1)


def test_what_only_draws_use_leaves_the_bill_alone() -> None:
    ratio = Input("tokens over tokens counted", ONE, key="tokeniser", drawn=RATIO.range)
    whole = bill(ratio, certain("price", Decimal(10)))
    assert whole.usd(Decimal(1)) == Range(*(Decimal(10),) * 3)
    found = percentiles(usd_drawn(Draws(500).line(whole), 1.0))
    assert 8 < found.p10 < 10 < found.p90 < 13.5


# ---------------------------------------------------------------------- what drives it
def test_the_input_with_the_widest_spread_drives_most() -> None:
    wide, narrow = Input("wide", spread(1, 5, 10), key="wide"), Input("narrow", spread("0.99", 1, "1.01"), key="narrow")
    unused = Input("unused", spread(1, 1, 1), key="unused")
    draws, whole = Draws(1000), bill(wide, narrow, unused)
    found = draws.drivers([whole], usd_drawn(draws.line(whole), 1.0))
    assert [driver.name for driver in found] == ["wide", "narrow"]
    assert found[0].share > 0.98


@settings(max_examples=50, deadline=None)
@given(st.lists(ENDS, min_size=0, max_size=6))
def test_shares_of_drivers_never_add_up_to_more_than_all(ends: list[Range]) -> None:
    inputs = [Input(f"factor {n}", span, key=f"key {n}") for n, span in enumerate(ends)]
    draws, whole = Draws(100), bill(certain("one", Decimal(1)), *inputs)
    found = draws.drivers([whole], usd_drawn(draws.line(whole), 1.0))
    assert len(found) <= 3
    assert sum(driver.share for driver in found) <= 1 + 1e-9
    assert [driver.share for driver in found] == sorted((driver.share for driver in found), reverse=True)


def test_an_outcome_that_is_never_reached_has_no_drivers() -> None:
    draws = Draws(100)
    assert draws.drivers([bill(PRICE)], np.full(100, math.inf)) == []
