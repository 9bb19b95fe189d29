"""
Long requests: which share of the requests, and of their tokens, lies above the size from which a host charges more.

The mean and the longest input are known, the sizes between are not. They are taken to be log-normal, as lengths of texts are, so spread
that the mean is the stated one and the longest is the largest of the month (expected) or the largest of a hundred (high end). The low end
is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

from advisor.catalogue.prices import ZERO, Range

NORMAL = NormalDist()
OF_A_HUNDRED = 100
DIGITS = 9
"""Shares are rounded to so many decimals, so that every machine gives the same money."""


@dataclass(frozen=True, slots=True)
class LongShare:
    """Of all requests above a size."""

    requests: Range
    input_tokens: Range


NONE_LONG = LongShare(ZERO, ZERO)


@lru_cache(maxsize=512)
def long_share(mean: Decimal, longest: Decimal | None, above: int, requests: Decimal) -> LongShare:
    """The share above a size, where the mean lies below it."""
    if longest is None or longest <= above or mean <= 0 or longest <= mean:
        return NONE_LONG
    usual = _share(mean, longest, above, max(requests, Decimal(2)))
    heavy = _share(mean, longest, above, min(Decimal(OF_A_HUNDRED), max(requests, Decimal(2))))
    return LongShare(*(Range(Decimal(0), expected, max(expected, high)) for expected, high in zip(usual, heavy, strict=True)))


def _share(mean: Decimal, longest: Decimal, above: int, one_in: Decimal) -> tuple[Decimal, Decimal]:
    """Shares of requests and of tokens above a size, if one of so many reaches the longest."""
    reach = NORMAL.inv_cdf(1 - 1 / float(one_in))
    spread = _spread(math.log(float(longest / mean)), reach)
    middle = math.log(float(mean)) - spread**2 / 2
    edge = (math.log(above) - middle) / spread
    return _rounded(1 - NORMAL.cdf(edge)), _rounded(1 - NORMAL.cdf(edge - spread))


def _spread(ratio: float, reach: float) -> float:
    """Of the logarithm of sizes: the smaller root of `reach × s - s² / 2 = log(longest / mean)`, or the widest there is."""
    inside = reach**2 - 2 * ratio
    return reach - math.sqrt(inside) if inside > 0 else max(reach, 1e-9)


def _rounded(share: float) -> Decimal:
    return Decimal(str(round(min(1.0, max(0.0, share)), DIGITS)))
