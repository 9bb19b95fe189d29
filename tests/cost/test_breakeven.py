"""Break-even on the real staircase: the formulas against going through every volume, and the draws against the formulas."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalogue.prices import Range
from advisor.cost.breakeven import BreakEven, Line, at_side, break_even, usd
from advisor.cost.draws import Draws, break_even_drawn, percentiles, usd_drawn
from advisor.cost.inputs import Input, Product, certain
from advisor.cost.parts import Bill, Bundle, Part
from tests.cost.made_bills import machines, part, service

FAR = 400
"""How far brute force looks."""


def found(own: Bill, other: Bill, limit: int = 10**9) -> BreakEven:
    return break_even(at_side(own, "expected"), at_side(other, "expected"), limit)


def by_going_through(own: Line[Decimal], other: Line[Decimal]) -> tuple[int | None, int | None]:
    """The least volume that is not dearer, and the one after the last that is; None where that is the end of the search."""
    dear = [v for v in range(1, FAR + 1) if usd(own, Decimal(v)) > usd(other, Decimal(v))]
    cheap = sorted(set(range(1, FAR + 1)) - set(dear))
    if not cheap:
        return None, None
    last = max(dear, default=0) + 1
    return cheap[0], last


SMALL = st.integers(0, 60)


def ways(capacity: st.SearchStrategy[int] | st.SearchStrategy[Decimal]) -> st.SearchStrategy[Bill]:
    bought, held = st.tuples(st.integers(0, 12), st.integers(0, 40)), st.tuples(st.integers(1, 4), st.integers(0, 2))
    return st.builds(machines, capacity, SMALL, SMALL, st.integers(0, 4), bought, held)


WHOLE = ways(st.integers(1, 25))
OWN = st.one_of(WHOLE, ways(st.sampled_from([Decimal("0.4"), Decimal("2.5"), Decimal("7.3")])))
SERVICES = st.builds(service, st.integers(0, 8), SMALL)


def _changed(bill: Bill, factor: Decimal | int) -> Bill:
    """The bill with all of it times a factor."""
    every = certain("change", Decimal(factor))
    parts = tuple(replace(item, product=Product((*item.inputs, every))) for item in bill.parts)
    return Bill((Bundle(parts),))


# ---------------------------------------------------------------------- exact
@settings(max_examples=400, deadline=None)
@given(OWN, SERVICES)
def test_the_formulas_find_what_going_through_every_volume_finds(own: Bill, other: Bill) -> None:
    mine, theirs = at_side(own, "expected"), at_side(other, "expected")
    first, last = by_going_through(mine, theirs)
    exact = break_even(mine, theirs)
    assert exact.first == first or (first is None and exact.first is not None and exact.first > FAR)
    if first is None:
        return
    if exact.for_good is None:
        assert last is None or last > FAR - 30 or _turns_dear_again(mine, theirs) or _each_machine_pays_just_for_itself(mine, theirs)
    else:
        assert exact.for_good == last or exact.for_good > FAR


def _turns_dear_again(mine: Line[Decimal], theirs: Line[Decimal]) -> bool:
    """Far out, at the beginning of some step, the machines are dearer."""
    assert mine.share is not None
    steps = [int(m / mine.share) + 1 for m in range(10_000, 10_030)]
    return any(usd(mine, Decimal(v)) > usd(theirs, Decimal(v)) for v in steps)


def _each_machine_pays_just_for_itself(mine: Line[Decimal], theirs: Line[Decimal]) -> bool:
    """Or for a hundredth of a request more: then which way is cheaper hangs on whole numbers, and nothing is promised for good."""
    assert mine.share is not None
    step = mine.per_machine + mine.per_gpu * mine.gpus
    return abs((theirs.per_request - mine.per_request) / mine.share - step) < theirs.per_request / 100


@settings(max_examples=200, deadline=None)
@given(OWN, SERVICES)
def test_from_for_good_on_it_is_never_dearer_again(own: Bill, other: Bill) -> None:
    mine, theirs = at_side(own, "expected"), at_side(other, "expected")
    exact = break_even(mine, theirs)
    if exact.for_good is None:
        return
    assert exact.first is not None
    assert exact.first <= exact.for_good
    near = range(exact.for_good, exact.for_good + 100)
    far = range(10**6, 10**6 + 40)
    assert all(usd(mine, Decimal(v)) <= usd(theirs, Decimal(v)) for v in (*near, *far))
    before = Decimal(exact.for_good - 1)
    assert exact.for_good == 1 or usd(mine, before) > usd(theirs, before)


@settings(max_examples=100, deadline=None)
@given(OWN, SERVICES)
def test_a_dearer_service_never_pays_off_later(own: Bill, other: Bill) -> None:
    dearer = Bill((*other.bundles, Bundle((part("fee", "request", 1),))))
    a, b = found(own, other), found(own, dearer)
    assert (b.first or math.inf) <= (a.first or math.inf)
    assert (b.for_good or math.inf) <= (a.for_good or math.inf)


def test_a_break_even_lies_on_a_step_and_may_be_lost_again() -> None:
    """$100 a machine of 100 requests and $1.50 a request: 67 requests pay for the first; 101 need two, which 134 pay for."""
    own, other = machines(100, 100), service("1.5")
    assert found(own, other) == BreakEven(67, 134)
    assert [usd(at_side(own, "expected"), Decimal(v)) for v in (100, 101, 134)] == [100, 200, 200]


def test_what_a_smooth_line_would_promise_beyond_the_capacity_is_not_reached() -> None:
    """$100 a machine of 100 requests against $0.90: a line without steps meets at 112, where a second machine is needed already."""
    assert found(machines(100, 100), service("0.9")) == BreakEven(None, None)


def test_it_is_not_reached_where_the_service_costs_less_a_request_than_the_logs() -> None:
    assert found(machines(100, 1, each=2), service(1)) == BreakEven(None, None)


def test_free_machines_pay_off_at_once_and_bought_ones_later() -> None:
    """Ten machines stand there: 3 × 10 requests at $1 pay for the power of $5 a machine; all beyond have to be bought for $100."""
    own, other = machines(10, 5, buy=(100, 10)), service(1)
    assert found(own, other) == BreakEven(5, None)


def test_many_owned_machines_take_no_longer_to_find() -> None:
    """Half a million machines are there: from the first request on they cost no more, and no step is gone through one by one."""
    own, other = machines(1_000_000, 0, buy=(1, 500_000)), service(1)
    assert found(own, other) == BreakEven(1, 1)
    never = machines(1_000_000, 0, fixed=10**9, buy=(10**7, 500_000))
    assert found(never, other) == BreakEven(10**9, None)
    assert found(never, other, limit=10**8) == BreakEven(None, None, 10**8)


def test_a_volume_beyond_the_limit_counts_as_not_reached() -> None:
    own, other = machines(10**9, 1_000), service("0.001")
    assert found(own, other).first == 10**6
    assert found(own, other, limit=10**6 - 1) == BreakEven(None, None, 10**6 - 1)


def test_a_service_cannot_be_the_first() -> None:
    line = at_side(service(1), "expected")
    with pytest.raises(ValueError, match="no machines"):
        break_even(line, line)
    drawn = Draws(10).line(service(1))
    with pytest.raises(ValueError, match="no machines"):
        break_even_drawn(drawn, drawn)


# ---------------------------------------------------------------------- drawn
@settings(max_examples=300, deadline=None)
@given(WHOLE, SERVICES)
def test_without_uncertainty_the_draws_find_the_exact_volume(own: Bill, other: Bill) -> None:
    draws = Draws(3)
    drawn = break_even_drawn(draws.line(own), draws.line(other))
    # Where both cost the same to the last digit, float64 may see either as cheaper; so may the exact formula, given a hair more or less.
    hair = Decimal("1e-9")
    near = [found(own, _changed(other, change)).first or math.inf for change in (1 - hair, 1, 1 + hair)]
    assert all(min(abs(value - volume) if math.isfinite(volume) else float(value != volume) for volume in near) <= 1 for value in drawn)
    assert len(set(drawn)) == 1


@settings(max_examples=100, deadline=None)
@given(OWN, st.integers(0, 2_000))
def test_the_drawn_cost_is_the_exact_one_where_nothing_is_uncertain(own: Bill, requests: int) -> None:
    # A machine's share times the volume may round to just above a whole number; beside the borders of steps both agree.
    line = at_side(own, "expected")
    assert line.share is not None
    place = Decimal(requests) * line.share
    if abs(place - place.to_integral_value()) > Decimal("1e-9"):
        drawn = usd_drawn(Draws(2).line(own), float(requests))
        assert drawn[0] == drawn[1] == pytest.approx(float(own.usd(Decimal(requests)).expected))


def test_a_break_even_that_most_draws_do_not_reach_is_infinite_and_no_mean() -> None:
    price = Input("price", Range(Decimal("0.5"), Decimal(1), Decimal(3)), key="price")
    other = Bill((Bundle((Part("tokens", "request", Product((price,))),)),))
    draws = Draws(2_000)
    drawn = break_even_drawn(draws.line(machines(100, 150)), draws.line(other))
    spread = percentiles(drawn)
    assert spread.p10 < math.inf
    assert spread.p90 == math.inf
    assert not math.isnan(spread.p50)


def test_the_bill_at_each_end_is_the_bill() -> None:
    price = Input("price", Range(Decimal(1), Decimal(2), Decimal(4)), key="p")
    bill = Bill((Bundle((Part("tokens", "request", Product((price,))), part("posts", "month", 7))),))
    assert [usd(at_side(bill, side), Decimal(10)) for side in ("low", "expected", "high")] == [17, 27, 47]
    assert bill.usd(Decimal(10)) == Range(Decimal(17), Decimal(27), Decimal(47))
