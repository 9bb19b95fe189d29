"""Which claims count, and in which words the others are set aside."""

from __future__ import annotations

from datetime import date

import pytest

from advisor.catalogue.claims import Claim
from advisor.catalogue.history import FROM_MEMORY, NOT_THE_SERVICE, OF_THE_DOCUMENT, told
from advisor.catalogue.meters import KINDS, PROCESSING, Meter, meter_named
from tests.conftest import AS_OF


def claim(value: object, source: str = "page", as_of: str = "2026-05", **more: object) -> Claim:
    return Claim(value, source, "primary", as_of, **more)  # type: ignore[arg-type]


MEMORY = Claim(1, "memory", "memory")
DOCUMENT = Claim(2, "the document", "comparison-document", "2026-11")
LATER = claim(3, "notice", "2027-01-01")
COMING = claim(4, "price list", "2026-11-01", since=date(2027, 3, 1))
OLD, NEW = claim(5, as_of="2025-01"), claim(6, as_of="2026-05")
ELSEWHERE = claim(7, as_of="2026-06", scope="another model")


def reasons(*claims: Claim, comparison: bool = True) -> list[str]:
    return [one.aside for one in told(claims, AS_OF, comparison)]


def test_each_claim_that_does_not_count_says_why() -> None:
    found = reasons(MEMORY, DOCUMENT, LATER, COMING, OLD, NEW, ELSEWHERE)
    assert found == [
        FROM_MEMORY, "", "dated later: 2027-01-01", "dated later: 2027-03-01", "superseded by the same source, 2026-05", "", "",
    ]  # fmt: skip


def test_the_comparison_document_is_one_more_value_of_a_fact_and_none_of_a_price() -> None:
    assert reasons(DOCUMENT) == [""]
    assert reasons(DOCUMENT, comparison=False) == [OF_THE_DOCUMENT]


def test_the_members_of_a_set_are_told_apart() -> None:
    """An older claim on another member is not superseded; a certificate of the company covers no service."""
    older = claim("yes", as_of="2025-01", member="iso-27001")
    newer = claim("yes", as_of="2026-05", member="soc2")
    company = claim("yes", as_of="2026-06", member="c5", scope="all of it (company)")
    assert reasons(older, newer, company) == ["", "", NOT_THE_SERVICE]


# ---------------------------------------------------------------------- meters in words
def test_the_name_of_a_meter_is_read_back_and_its_words_are_its_own() -> None:
    meters = [Meter(kind, way, above) for kind in KINDS for way in PROCESSING for above in (0, 128_000, 272_000)]
    assert [meter_named(meter.name) for meter in meters] == meters
    assert len({meter.words for meter in meters}) == len(meters)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("input_above_272000_usd_per_mtok", "input, requests above 272,000 tokens"),
        ("batch_output_usd_per_mtok", "batch output"),
        ("flex_cache_write_1h_usd_per_mtok", "flex input kept in the cache for an hour"),
    ],
)
def test_a_meter_in_words(name: str, words: str) -> None:
    meter = meter_named(name)
    assert meter is not None
    assert meter.words == words


@pytest.mark.parametrize("name", ["", "input", "input_above_usd_per_mtok", "slow_input_usd_per_mtok", "standard_input_usd_per_mtok"])
def test_another_name_is_no_meter(name: str) -> None:
    assert meter_named(name) is None
