"""The share of long requests: between none and all, more tokens than requests, and never less at the high end."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import NormalDist

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalogue.prices import ZERO
from advisor.cost.tiers import NONE_LONG, long_share

SIZES = st.integers(1, 10**6)


@settings(max_examples=300, deadline=None)
@given(SIZES, st.one_of(st.none(), SIZES), SIZES, st.integers(0, 10**12))
def test_shares_are_shares(mean: int, longest: int | None, above: int, requests: int) -> None:
    found = long_share(Decimal(mean), None if longest is None else Decimal(longest), above, Decimal(requests))
    for share in (found.requests, found.input_tokens):
        assert 0 == share.low <= share.expected <= share.high <= 1
    assert found.input_tokens.expected >= found.requests.expected  # long requests hold more than their part of the tokens
    if longest is None or longest <= max(above, mean):
        assert found == NONE_LONG


@settings(max_examples=200, deadline=None)
@given(st.integers(100, 5_000), st.integers(1, 50), st.integers(2, 20), st.integers(10, 10**9))
def test_a_higher_size_leaves_fewer_above(mean: int, step: int, factor: int, requests: int) -> None:
    longest = Decimal(mean * factor * 10)
    low, high = (long_share(Decimal(mean), longest, mean * step + more, Decimal(requests)) for more in (0, mean))
    assert high.requests.expected <= low.requests.expected
    assert high.input_tokens.high <= low.input_tokens.high


def test_a_mean_of_1500_and_a_longest_of_300_000_make_few_above_272_000() -> None:
    found = long_share(Decimal(1_500), Decimal(300_000), 272_000, Decimal(2_000_000))
    assert 0 < found.requests.expected < Decimal("0.00001")
    assert 0 < found.input_tokens.expected < Decimal("0.001")


def test_the_longest_of_the_month_is_where_the_curve_reaches_it() -> None:
    """Of a thousand requests one is above a size just below the longest."""
    found = long_share(Decimal(1_000), Decimal(10_000), 9_999, Decimal(1_000))
    assert round(found.requests.expected, 4) == Decimal("0.001")


def test_the_tokens_above_are_those_of_a_log_normal_curve() -> None:
    """With mean 1,000 and one in 1,000 at 10,000: s from 3.0902 s - s² / 2 = ln 10, and 1 - N((ln 5 + s² / 2) / s - s) of the tokens."""
    reach = NormalDist().inv_cdf(0.999)
    s = reach - math.sqrt(reach**2 - 2 * math.log(10))
    tokens = 1 - NormalDist().cdf((math.log(5) + s**2 / 2) / s - s)
    found = long_share(Decimal(1_000), Decimal(10_000), 5_000, Decimal(1_000))
    assert abs(float(found.input_tokens.expected) - tokens) < 1e-8


def test_without_requests_nothing_breaks() -> None:
    assert long_share(Decimal(0), Decimal(100), 10, Decimal(0)).requests == ZERO
    assert long_share(Decimal(5), Decimal(100), 10, Decimal(0)).requests.high <= 1
