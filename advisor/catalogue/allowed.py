"""
Allowed values of claims whose form is narrower than any fact's: one of a few words, or a share.

In: claims as read from a file. Out: the same claims, or a message that says what would be right. `unknown` is always allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import AfterValidator

from advisor.errors import shortened

REASONING = ("always", "optional", "no")
CURRENCIES = ("USD", "EUR", "GBP", "CHF")
UNKNOWN = "unknown"

Claims = TypeVar("Claims", bound=list[Any])


def one_of(*words: str) -> AfterValidator:
    """Claims that say one of a few words."""
    return _each(lambda value: value in words, f"none of {', '.join(words)}, {UNKNOWN}")


def share() -> AfterValidator:
    """Claims of a share, from 0 to below 1."""
    return _each(_is_share, "no share from 0 to below 1, such as 0.055 for 5.5 %")


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1


def _each(fits: Callable[[object], bool], wrong: str) -> AfterValidator:
    def check(claims: Claims) -> Claims:
        value: object
        for value in (claim.value for claim in claims):
            if value != UNKNOWN and not fits(value):
                raise ValueError(f"{shortened(value)} is {wrong}")
        return claims

    return AfterValidator(check)
