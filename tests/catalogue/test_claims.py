"""Claims: which count on a date, which one is calculated with."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalogue.claims import GRADES, LIVE_GRADES, Claim, Grade, day_of, expected, live
from tests.conftest import AS_OF


def claim(value: object, source: str = "a page", grade: Grade = "primary", as_of: str = "2026-01-01", scope: str = "") -> Claim:
    return Claim(value, source, grade, as_of, scope=scope)


def values(claims: list[Claim]) -> list[object]:
    return [c.value for c in claims]


# ---------------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-11", date(2026, 11, 1)),
        ("2026", date(2026, 1, 1)),
        ("", None),
        ("soon", None),
        ("2026-13", None),
        ("2026-02-30", None),
        ("2027-3-05", None),
        ("2027-11-2x", None),
        ("2027-11-20T00:00:00", None),
    ],
)
def test_a_partial_date_counts_from_its_start(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_a_claim_is_live_from_the_day_of_its_source() -> None:
    known = claim(1, as_of="2026-11-24")
    assert live([known], date(2026, 11, 23)) == []
    assert live([known], date(2026, 11, 24)) == [known]


def test_a_claim_of_a_month_is_live_from_its_first_day() -> None:
    known = claim(1, as_of="2026-11")
    assert live([known], date(2026, 10, 31)) == []
    assert live([known], date(2026, 11, 1)) == [known]


def test_a_claim_without_a_date_is_always_live() -> None:
    assert values(live([claim(1, as_of="")], date(1, 1, 1))) == [1]


def test_a_value_that_holds_since_an_earlier_day_counts_from_that_day() -> None:
    known = Claim(1, "a price list", "feed", "2026-11-24", since=date(2025, 5, 1))
    assert live([known], date(2025, 4, 30)) == []
    assert live([known], date(2025, 5, 1)) == [known]


# ---------------------------------------------------------------------- superseding
def test_a_newer_claim_of_one_source_supersedes_the_older_one() -> None:
    assert values(live([claim(1, as_of="2026-01"), claim(2, as_of="2026-06")], AS_OF)) == [2]


def test_a_newer_claim_supersedes_only_once_it_is_live() -> None:
    claims = [claim(1, as_of="2026-01"), claim(2, as_of="2026-06")]
    assert values(live(claims, date(2026, 3, 1))) == [1]


def test_claims_of_different_sources_stand_side_by_side() -> None:
    assert values(live([claim(1, "a", as_of="2026-01"), claim(2, "b", as_of="2026-06")], AS_OF)) == [1, 2]


def test_a_claim_about_something_narrower_does_not_supersede() -> None:
    claims = [claim(1, as_of="2026-01"), claim(2, as_of="2026-06", scope="batch requests")]
    assert values(live(claims, AS_OF)) == [1, 2]


def test_two_claims_of_one_source_and_day_both_count() -> None:
    assert values(live([claim(1), claim(2)], AS_OF)) == [1, 2]


def test_a_dated_claim_supersedes_an_undated_one_of_its_source() -> None:
    assert values(live([claim(1, as_of=""), claim(2, as_of="2026-01")], AS_OF)) == [2]


def test_an_unread_newer_claim_does_not_supersede_a_read_one() -> None:
    assert values(live([claim(1, as_of="2026-01"), claim(2, grade="memory", as_of="2026-06")], AS_OF)) == [1]


# ---------------------------------------------------------------------- grades
@pytest.mark.parametrize("grade", GRADES)
def test_every_grade_but_memory_and_the_comparison_document_is_live(grade: Grade) -> None:
    is_live = bool(live([claim(1, grade=grade)], AS_OF))
    assert is_live == (grade not in ("memory", "comparison-document"))
    assert is_live == (grade in LIVE_GRADES)


def test_the_comparison_document_is_live_where_it_is_asked_for() -> None:
    assert values(live([claim(1), claim(2, "document", "comparison-document")], AS_OF, comparison=True)) == [1, 2]


def test_memory_is_never_live() -> None:
    assert live([claim(1, grade="memory")], AS_OF, comparison=True) == []


@given(st.lists(st.sampled_from(GRADES), max_size=6), st.booleans())
def test_what_is_live_is_among_the_claims_and_never_memory(grades: list[Grade], comparison: bool) -> None:
    claims = [claim(n, f"source {n}", grade) for n, grade in enumerate(grades)]
    alive = live(claims, AS_OF, comparison)
    assert [c for c in claims if c in alive] == alive
    assert all(c.grade != "memory" for c in alive)


# ---------------------------------------------------------------------- the expected one
@pytest.mark.parametrize(
    ("kind", "order"),
    [
        ("price", ["contract", "primary", "feed", "secondary"]),
        ("score", ["contract", "evaluator", "primary", "secondary"]),
        ("fact", ["contract", "primary", "feed", "secondary"]),
    ],
)
def test_the_best_grade_is_calculated_with(kind: str, order: list[Grade]) -> None:
    claims = [claim(grade, f"source {grade}", grade, as_of="2026-01-01") for grade in order]
    for length in range(len(claims), 0, -1):
        found = expected(claims[-length:], kind)
        assert found is not None
        assert found.value == order[-length]


def test_a_better_grade_wins_over_a_newer_date() -> None:
    found = expected([claim(1, "a", "primary", "2024"), claim(2, "b", "secondary", "2026-11")], "price")
    assert found is not None
    assert found.value == 1


def test_within_a_grade_the_newest_is_calculated_with_and_undated_ones_come_last() -> None:
    claims = [claim(1, "a", as_of=""), claim(2, "b", as_of="2026-03"), claim(3, "c", as_of="2026-02-28")]
    found = expected(claims, "price")
    assert found is not None
    assert found.value == 2


def test_a_source_that_establishes_nothing_is_not_calculated_with() -> None:
    assert expected([claim("unknown")], "price") is None
    found = expected([claim("unknown", "a", "primary"), claim(5, "b", "secondary")], "price")
    assert found is not None
    assert found.value == 5


def test_nothing_is_expected_of_nothing() -> None:
    assert expected([], "price") is None
    assert expected([claim(1, grade="memory"), claim(2, grade="comparison-document")], "score") is None


FOUR: list[Grade] = ["primary", "primary", "feed", "secondary"]


@given(st.permutations([claim(n, f"s{n}", grade, "2026-01") for n, grade in enumerate(FOUR)]))
def test_the_order_of_the_claims_does_not_matter(claims: list[Claim]) -> None:
    found = expected(claims, "price")
    assert found is not None
    assert found.value == 0
