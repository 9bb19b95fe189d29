"""Quality: a fixed scale, missing results that widen, results that speak of something else left out, dated floors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from advisor.catalogue.files import BenchmarkFile, FloorFile, ModelFile, SourceFile
from advisor.library import Library
from advisor.possible import Members
from advisor.ranking.quality import MISSING_SPREAD, Quality, floors, levels, qualities, quality, scores
from tests import made_up
from tests.conftest import AS_OF

SOURCES = {
    "board": SourceFile(as_of="2026-01", grade="evaluator"),
    "card": SourceFile(as_of="2026-02", grade="primary"),
    "blog": SourceFile(as_of="2026-03", grade="secondary"),
    "memory": SourceFile(grade="memory"),
    "document": SourceFile(as_of="2026-11", grade="comparison-document"),
}


def benchmark(name: str, trust: str = "1", tasks: tuple[str, ...] = ("any",), ends: tuple[int, int] = (0, 100)) -> BenchmarkFile:
    return BenchmarkFile(
        id=name, name=name, zero=Decimal(ends[0]), hundred=Decimal(ends[1]), trust=Decimal(trust), tasks=list(tasks), why="why"
    )


def quality_of(
    results: list[dict[str, object]], benchmarks: list[BenchmarkFile], tasks: tuple[str, ...] = (), figures: str = "best"
) -> Quality:
    by_id = {b.id: b for b in benchmarks}
    model = ModelFile.model_validate({**made_up.MODEL, "scores": results})
    return quality(scores(model, by_id, SOURCES, AS_OF, figures), by_id, tasks)


def result(name: str, value: object, source: str = "card", **more: str) -> dict[str, object]:
    return {"benchmark": name, "value": value, "source": source, **more}


# ---------------------------------------------------------------------- the scale
@pytest.mark.parametrize(("raw", "points"), [(25, 0), (60, 50), (95, 100), (10, 0), (99, 100)])
def test_a_result_is_read_on_the_scale_of_its_benchmark_and_cut_at_its_ends(raw: int, points: float) -> None:
    found = quality_of([result("a", raw)], [benchmark("a", ends=(25, 95))])
    assert (found.low, found.expected, found.high) == (points, points, points)
    assert found.coverage == 1


def test_a_scale_may_run_downwards() -> None:
    """Fewer hallucinations are better: 20 % counts as 0 and 0 % as 100."""
    assert quality_of([result("a", 5)], [benchmark("a", ends=(20, 0))]).expected == 75


def test_benchmarks_count_by_their_trust() -> None:
    found = quality_of([result("a", 80), result("b", 40)], [benchmark("a", "1"), benchmark("b", "0.25")])
    assert found.expected == 72  # (1 × 80 + 0.25 × 40) / 1.25


def test_sources_that_differ_give_a_range_and_the_evaluator_is_calculated_with() -> None:
    found = quality_of([result("a", 50, "board"), result("a", 70, "card"), result("a", 60, "blog")], [benchmark("a")])
    assert (found.low, found.expected, found.high) == (50, 50, 70)


# ---------------------------------------------------------------------- what is missing
def test_a_missing_result_widens_the_range_and_moves_nothing() -> None:
    both = [benchmark("a"), benchmark("b")]
    found = quality_of([result("a", 60)], both)
    assert found.expected == 60
    assert (found.low, found.high) == (60 - MISSING_SPREAD / 2, 60 + MISSING_SPREAD / 2)
    assert found.coverage == 0.5


def test_the_more_is_missing_the_wider_the_range() -> None:
    widths = []
    for count in range(1, 5):
        found = quality_of([result("a", 60)], [benchmark(name) for name in "abcd"[:count]])
        widths.append(found.high - found.low)
    assert widths == sorted(widths)
    assert widths[0] == 0
    assert widths[-1] < 2 * MISSING_SPREAD


def test_without_any_result_nothing_is_known() -> None:
    found = quality_of([], [benchmark("a")])
    assert (found.low, found.expected, found.high, found.coverage) == (0, None, 100, 0)


def test_the_range_stays_on_the_scale() -> None:
    both = [benchmark("a"), benchmark("b")]
    assert quality_of([result("a", 99)], both).high == 100
    assert quality_of([result("a", 1)], both).low == 0


# ---------------------------------------------------------------------- what does not count
@pytest.mark.parametrize(
    "other",
    [
        result("a", 95, "blog", scope="pre-trained base model"),
        result("a", 95, "memory"),
        result("a", 95, "blog", confidence="low"),
        result("a", 95, "blog", as_of="2027-01"),
        result("b", 95),
    ],
    ids=["of another thing", "from memory", "doubtful", "from later", "of another benchmark"],
)
def test_a_result_that_does_not_count_changes_nothing(other: dict[str, object]) -> None:
    alone, beside = (quality_of(results, [benchmark("a")]) for results in ([result("a", 60)], [result("a", 60), other]))
    assert (beside.low, beside.expected, beside.high, beside.coverage) == (alone.low, alone.expected, alone.high, alone.coverage)


def test_a_model_with_only_results_that_do_not_count_is_not_known() -> None:
    assert quality_of([result("a", 95, scope="with tools")], [benchmark("a")]).expected is None


def test_the_comparison_document_widens_and_is_calculated_with_only_where_it_is_asked_for() -> None:
    results = [result("a", 70), result("a", 50, "document")]
    best, theirs = (quality_of(results, [benchmark("a")], figures=figures) for figures in ("best", "comparison-document"))
    assert (best.low, best.expected, best.high) == (50, 70, 70)
    assert (theirs.low, theirs.expected, theirs.high) == (50, 50, 70)


# ---------------------------------------------------------------------- tasks
CODE, WORDS = benchmark("code", tasks=("coding",)), benchmark("words", tasks=("writing",))


def test_only_benchmarks_that_speak_to_a_task_count() -> None:
    results = [result("code", 90), result("words", 30)]
    assert quality_of(results, [CODE, WORDS], ("coding",)).expected == 90
    assert quality_of(results, [CODE, WORDS], ("writing",)).expected == 30
    assert quality_of(results, [CODE, WORDS], ("coding", "writing")).expected == 60


def test_a_task_that_no_result_speaks_to_leaves_its_share_open() -> None:
    found = quality_of([result("code", 90)], [CODE, WORDS], ("coding", "writing"))
    assert found.expected == 90
    assert (found.low, found.high) == (45, 95)
    assert found.coverage == 0.5


def test_the_order_of_the_tasks_does_not_matter() -> None:
    results = [result("code", 90), result("words", 31)]
    one, other = (quality_of(results, [CODE, WORDS], tasks) for tasks in (("coding", "writing"), ("writing", "coding")))
    assert (one.low, one.expected, one.high) == (other.low, other.expected, other.high)


# ---------------------------------------------------------------------- floors and levels
FLOORS = [
    FloorFile(since="2027-01", floors={"basic": Decimal(30), "good": Decimal(50), "high": Decimal(70), "best": Decimal(90)}, why="later"),
    FloorFile(since="2026-01", floors={"basic": Decimal(20), "good": Decimal(40), "high": Decimal(60), "best": Decimal(80)}, why="now"),
]


@pytest.mark.parametrize(("day", "basic"), [(date(2025, 1, 1), 20), (date(2026, 12, 31), 20), (date(2027, 1, 1), 30)])
def test_a_floor_holds_from_its_date(day: date, basic: float) -> None:
    assert floors(FLOORS, day)["basic"] == basic


@pytest.mark.parametrize(
    ("low", "high", "certain", "possible"),
    [
        (0, 100, set(), {"basic", "good", "high", "best"}),
        (60, 60, {"basic", "good", "high"}, {"basic", "good", "high"}),
        (59.99, 80, {"basic", "good"}, {"basic", "good", "high", "best"}),
        (0, 19, set(), set()),
    ],
)
def test_a_level_is_certain_when_the_low_end_reaches_it_and_possible_when_the_high_end_does(
    low: float, high: float, certain: set[str], possible: set[str]
) -> None:
    found = levels(Quality(low, None, high, None, 0, ()), floors(FLOORS, AS_OF))
    assert found == Members(frozenset(certain), frozenset(possible))


# ---------------------------------------------------------------------- as shipped
def test_every_model_has_a_quality_on_the_scale_with_its_centre_inside(library: Library) -> None:
    for tasks in ((), ("coding",), ("document-qa", "writing"), ("vision",)):
        for model, found in qualities(library.catalogue, tasks, AS_OF, "best").items():
            assert 0 <= found.low <= found.high <= 100, model
            assert found.expected is None or found.low <= found.expected <= found.high, model
            assert 0 <= found.coverage <= 1, model


def test_the_quality_of_a_model_does_not_hang_on_which_other_models_there_are(library: Library) -> None:
    catalogue = library.catalogue
    alone = replace(catalogue, models={"llama-4-maverick": catalogue.models["llama-4-maverick"]})
    every = qualities(catalogue, ("coding",), AS_OF, "best")
    assert qualities(alone, ("coding",), AS_OF, "best") == {"llama-4-maverick": every["llama-4-maverick"]}


def test_the_floors_rise_and_were_written_down_before_today(library: Library) -> None:
    limits = floors(library.catalogue.floors, AS_OF)
    assert limits["basic"] < limits["good"] < limits["high"] < limits["best"] < 100
