"""Sentences and tables of costs say what the figures say, and never call a part of a sum the whole."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from advisor import cost_words as words
from advisor import sizing_words as sizing
from advisor.answers import load_answers
from advisor.catalogue.prices import Range
from advisor.cost.breakeven import BreakEven
from advisor.cost.draws import Percentiles
from advisor.cost.lines import dollars
from advisor.cost.workload import concurrency, workload
from advisor.library import Library, shipped
from advisor.recommendation import Recommendation, recommend
from advisor.three_ways import ThreeWays, three_ways
from advisor.ui.costs_chart import apart, chart
from tests.conftest import Stated

AS_OF = date(2026, 11, 24)
EXAMPLES = sorted((shipped("data") / "examples").glob("*.yaml"))


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def every(request: pytest.FixtureRequest, library: Library) -> ThreeWays:
    path: Path = request.param
    found = three_ways(recommend(load_answers(path, library.vocabulary), library, AS_OF))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def hospital(library: Library) -> ThreeWays:
    found = three_ways(recommend(load_answers(shipped("data") / "examples/hospital-us.yaml", library.vocabulary), library, AS_OF))
    assert found is not None
    return found


def cells(table: words.Table) -> dict[str, str]:
    return {row[0]: row[1] for row in table.rows}


# ---------------------------------------------------------------------- numbers
@pytest.mark.parametrize(
    ("value", "text"),
    [(950, "950"), (42_000, "42,000"), (3_110_160, "3.1 million"), (2_000_000, "2 million"), (167_086_101, "167 million"),
     (10**9, "1,000 million"), (999_999, "999,999"), (Decimal("600000.0"), "600,000")],
)  # fmt: skip
def test_numbers_read_as_people_write_them(value: float, text: str) -> None:
    assert words.count_words(value) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.003, "less than 1 %"), (0.21, "21 %"), (0.997, "more than 99 %"), (1, "100 %")])
def test_what_is_hardly_there_is_not_called_nothing(share: float, text: str) -> None:
    assert words.share_words(share) == text


# ---------------------------------------------------------------------- the finding
def test_the_summary_names_the_cheapest_that_may_be_used(every: ThreeWays) -> None:
    usable = [way for way in every.ways if way.allowed and not way.bill.missing]
    text = words.summary(every)
    if not usable:
        assert text.startswith("None of the ways shown")
        return
    cheapest = min(usable, key=lambda way: every.now[way.id].usd.expected)
    assert text.index(words.way_name(every, cheapest)) == text.index("(") - 2
    assert dollars(every.now[cheapest.id].usd.expected) in text


def test_it_says_when_money_does_not_decide(every: ThreeWays) -> None:
    usable = sorted((w for w in every.ways if w.allowed and not w.bill.missing), key=lambda w: every.now[w.id].usd.expected)
    if len(usable) < 2:
        assert "decide" not in words.summary(every)
        return
    first, others = every.now[usable[0].id].usd.expected, usable[1:]
    near = [way for way in others if every.now[way.id].usd.expected * Decimal("0.9") < first]
    close = [*near, *(way for way in others if every.cheaper[usable[0].id, way.id] < 0.9)]
    assert ("does not decide" in words.summary(every)) == bool(close)


def test_a_wide_gap_is_said_to_decide(hospital: ThreeWays) -> None:
    by_letter = {words.letter(hospital, way): way for way in hospital.ways}
    two = replace(hospital, ways=(by_letter["A"], by_letter["D"]))
    assert hospital.now[two.ways[0].id].drawn.p90 < hospital.now[two.ways[1].id].drawn.p10
    assert words.summary(two).endswith("so by cost alone the order is clear.")


def test_without_requests_there_is_nothing_to_compare(hospital: ThreeWays) -> None:
    none = three_ways(hospital.result, load=replace(hospital.load, requests=Decimal(0)))
    assert none is not None
    assert "nothing to compare" in words.summary(none)


def test_ways_that_may_not_be_used_are_marked_beside_the_chart_and_in_the_table_of_lines(every: ThreeWays) -> None:
    said, heads = words.barred_words(every), words.lines_table(every).columns[1:]
    for way, head in zip(every.ways, heads, strict=True):
        assert (re.search(rf"\b{words.letter(every, way)}\b", said) is not None) != way.allowed
        assert ("(" in head) != way.allowed


# ---------------------------------------------------------------------- break-even
def test_break_even_sentences_say_what_was_found_the_same_model_first(every: ThreeWays) -> None:
    found = words.pairs(every)
    assert [pair.same_model for pair in found] == sorted((pair.same_model for pair in found), reverse=True)
    for pair in found:
        text = words.pair_words(every, pair)
        assert ("not reached up to 1,000 million" in text) == (pair.expected.first is None)
        assert f"you said {words.count_words(every.load.requests)}" in text
        assert ("different models" in text) != pair.same_model
        assert ("may not be used" in text) == (not (pair.own.allowed and pair.service.allowed))


def test_the_range_of_a_break_even_and_its_return_are_said(hospital: ThreeWays) -> None:
    pair = words.pairs(hospital)[0]
    sure = replace(pair, expected=BreakEven(3_100_000, 4_000_000), drawn=Percentiles(2.04e6, 3.2e6, 9.8e6), reached=0.97)
    text = words.pair_words(hospital, sure)
    assert "from 3.1 million requests a month on; you said 2 million." in text
    assert "from 4 million on it stays cheaper" in text
    assert "In 8 of 10 draws that volume lies between 2.0 million and 9.8 million" in text
    rare = words.pair_words(hospital, replace(sure, drawn=Percentiles(5e6, math.inf, math.inf), reached=0.3))
    assert "reached in 30 % of the draws up to 1,000 million; in 1 draw of 10 below 5 million" in rare
    for_now = words.pair_words(hospital, replace(sure, expected=BreakEven(3_100_000, None)))
    assert "does not stay cheaper" in for_now
    never = words.pair_words(hospital, replace(sure, drawn=Percentiles(*[math.inf] * 3), reached=0.0))
    assert "in none of the draws" in never


def test_whatever_shows_draws_names_their_number_kind_and_seed(every: ThreeWays) -> None:
    named = f"{every.draws:,} random draws in floating point, seed {every.seed}"
    assert named in words.method_words(every)
    for table in (words.ways_table(every), words.curve_table(every), words.drivers_table(every)):
        assert named in table.title


# ---------------------------------------------------------------------- tables
def test_rows_are_as_wide_as_their_columns_and_the_sum_is_that_of_the_lines(every: ThreeWays) -> None:
    tables = [words.ways_table, words.lines_table, words.curve_table, words.drivers_table, words.per_mtok_rows, words.hours_rows,
              words.processing_rows, words.payments_rows, words.later_rows, sizing.load_rows, sizing.memory_rows]  # fmt: skip
    for make in tables:
        table = make(every)
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.title
    for column, way in enumerate(every.ways, 1):
        cost = words.cost_of(every, way)
        assert words.lines_table(every).rows[-1][column] == dollars(sum((x.usd.expected for x in cost.lines), Decimal(0)))


def test_a_part_of_a_sum_is_never_shown_as_the_whole(hospital: ThreeWays) -> None:
    unpriced = next(r for r in hospital.result.all if r.cost.missing and r.cost.lines)
    found = three_ways(hospital.result, [unpriced.option.id, hospital.ways[1].id])
    assert found is not None
    row = words.ways_table(found).rows[0]
    assert row[1].endswith("+ unknown")
    assert row[2].endswith("+ unknown")
    assert row[3:6] == ("unknown",) * 3
    assert words.lines_table(found).rows[-1][1].endswith("+ unknown")
    assert f"is not known in full: {unpriced.cost.missing}" in words.summary(found)
    assert "A " not in " ".join(words.curve_table(found).columns)
    assert "not known in full" in words.percentile_words(found, found.ways[0])


def test_chart_and_table_hold_the_same_figures(hospital: ThreeWays) -> None:
    spec = chart(hospital).to_dict()
    points = [row for rows in spec["datasets"].values() for row in rows if "middle" in row]
    drawn = {(row["way"], words.count_words(row["requests"])): words.usd(row["middle"]) for row in points}
    table = words.curve_table(hospital)
    assert [row[0] for row in table.rows] == ["1,000", "10,000", "100,000", "1 million", "10 million", "100 million", "1,000 million"]
    for row in table.rows:
        for way, cell in zip(table.columns[1:], row[1:], strict=True):
            assert cell.startswith(drawn[way, row[0]] + " ("), (way, row[0])


@pytest.mark.parametrize("heights", [[1.0, 1.0, 1.0, 1.0], [0.0, 5.0], [1.0, 1.1, 3.0, 3.05], [2.0], []])
def test_names_at_the_ends_of_lines_do_not_lie_on_each_other(heights: list[float]) -> None:
    moved = apart(heights, 0.5)
    assert len(moved) == len(heights)
    assert all(b - a >= 0.5 - 1e-9 for a, b in pairwise(moved))


# ---------------------------------------------------------------------- load and machines
def test_the_load_becomes_rates_and_requests_under_way(hospital: ThreeWays) -> None:
    rows = cells(sizing.load_rows(hospital))
    assert rows["Requests a month"] == "2,000,000"
    assert rows["Requests a second, average hour"] == f"{2_000_000 / (480 * 3600):.3g}"
    own = sizing.own_way(hospital)
    assert own is not None
    thinking = hospital.costing.thinking(own.ranked.option)
    written = hospital.load.output_tokens * (1 + (thinking.range.expected if thinking else 0))
    under_way = concurrency(hospital.load.peak_rps, hospital.costing.own.stay(Range(written, written, written)).range)
    assert rows["Requests under way at once, busiest hour"].startswith(f"{under_way.expected:.3g}")


def test_idle_machines_are_said_to_be_idle(hospital: ThreeWays) -> None:
    own = sizing.own_way(hospital)
    assert own is not None
    assert own.bill.stairs is not None
    assert own.bill.stairs.used(hospital.load.requests).expected < Decimal("0.3")
    assert "That is low" in sizing.utilisation_words(hospital)
    rows = cells(sizing.memory_rows(hospital))
    machine = own.ranked.option.deployment.machine if own.ranked.option.deployment else None
    assert machine is not None
    assert rows[f"Weights at {machine.precision.upper()}"] == f"{machine.weights_gib:.3g} GiB"
    assert rows["Machines that stand by"] == "1"


def test_who_does_not_wait_needs_no_machine_for_waiting(hospital: ThreeWays) -> None:
    patient = three_ways(hospital.result, load=replace(hospital.load, latency="overnight"))
    assert patient is not None
    assert cells(sizing.load_rows(patient))["Requests under way at once"] == "not sized for"


def test_growth_is_shown_where_it_is_known(hospital: ThreeWays) -> None:
    grown = three_ways(hospital.result, load=replace(hospital.load, growth=Decimal(2), planning_months=24))
    assert grown is not None
    assert [row[:2] for row in words.later_rows(grown).rows] == [("0", "2 million"), ("12", "4 million"), ("24", "8 million")]
    assert cells(sizing.load_rows(grown))["Growth"] == "× 2 a year"


# ---------------------------------------------------------------------- bad loads
@pytest.mark.parametrize(
    ("changes", "key", "text"),
    [
        ({"requests_per_month": 0}, "requests_per_month", "There are no requests"),
        ({"requests_per_month": 10**12}, "requests_per_month", "More than 1,000 million"),
        ({"longest_input_tokens": 10}, "longest_input_tokens", "shorter than the usual one"),
    ],
)
def test_a_load_that_cannot_be_right_is_said(stated: Stated, changes: dict[str, int], key: str, text: str) -> None:
    sound = {"requests_per_month": 1000, "input_tokens_per_request": 500, "output_tokens_per_request": 100}
    load = workload(stated(**sound))
    assert load is not None
    assert sizing.load_problems(load) == {}
    load = workload(stated(**{**sound, **changes}))
    assert load is not None
    assert text in sizing.load_problems(load)[key]


def test_what_cannot_hold_a_request_is_left_out_and_says_why(hospital: ThreeWays) -> None:
    long = replace(hospital.load, input_tokens=Decimal(400_000), longest_input=Decimal(400_000))
    assert sizing.too_long(hospital, hospital.ways[0].ranked) == ""
    found = replace(hospital, load=long)
    reasons = {way.id: sizing.too_long(found, way.ranked) for way in found.ways}
    assert any(re.search(r"takes at most [\d,]+ tokens at once, and a usual request has 400,400", why) for why in reasons.values())
    kept, said = sizing.without_too_long(found)
    assert said == [why for why in reasons.values() if why]
    names = {way.id for way in kept.ways} if kept else set()
    assert names == {name for name, why in reasons.items() if not why}
    assert kept is None or (kept.load, kept.volumes) == (long, hospital.volumes)


def test_spans_show_their_ends_only_where_they_differ() -> None:
    assert sizing.span_words(Range(*(Decimal(3),) * 3)) == "3"
    assert sizing.span_words(Range(Decimal(1), Decimal("2.3456"), Decimal(5000))) == "2.35 (1 to 5,000)"


def test_an_unknown_load_has_no_comparison(library: Library, stated: Stated) -> None:
    result: Recommendation = recommend(stated(tasks=["chat"]), library, AS_OF)
    assert three_ways(result) is None
