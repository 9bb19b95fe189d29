"""The published measurements, each left out in turn: nine of ten lie within the range that is stated without them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from advisor.library import Library
from benchmarks.sizing import LEFT_OUT, Compared, compared, figures, group_of, report, share_inside

AS_MANY = 500
"""Published measurements with lengths, each counted once."""
TELLING = 40
"""So many points of a group tell how well its ranges fit."""
WAYS = ["point", "measurements", "everything"]


@pytest.fixture(scope="module")
def results(library: Library) -> Sequence[Sequence[Compared]]:
    return [compared(library, leaving) for leaving in LEFT_OUT.values()]


@pytest.mark.parametrize("way", range(3), ids=WAYS)
def test_nine_of_ten_measurements_lie_within_the_range_stated_without_them(way: int, results: Sequence[Sequence[Compared]]) -> None:
    found = results[way]
    assert len(found) > AS_MANY
    assert share_inside(found) >= 0.9
    for group in {group_of(c) for c in found}:
        members = [c for c in found if group_of(c) == group]
        if len(members) >= TELLING:
            assert share_inside(members) >= 0.85, group


@pytest.mark.parametrize("way", range(3), ids=WAYS)
def test_nothing_said_without_a_measurement_is_faster_than_the_roofline(way: int, results: Sequence[Sequence[Compared]]) -> None:
    for c in results[way]:
        assert c.seconds.low * 1_000_001 >= c.least * 1_000_000, c.point.id


def test_the_middle_prediction_is_right(results: Sequence[Sequence[Compared]]) -> None:
    for found in results:
        ratios = sorted(c.ratio for c in found)
        assert 0.9 <= ratios[len(ratios) // 2] <= 1.1


def test_the_figures_behind_the_ranges_are_what_the_measurements_show(library: Library, results: Sequence[Sequence[Compared]]) -> None:
    """Stated ends are rounded outwards to 0.05; the middle may be stated as 1 where it is near."""
    point, measurements, everything = results
    for name, (low, middle, high) in figures(library, point, measurements, everything).items():
        stated = library.catalogue.sizing.figure(name)
        assert low - 0.06 <= stated.low <= low, name
        assert high <= stated.high <= high + 0.06, name
        assert abs(float(stated.expected) - middle) < 0.1, name


def test_the_page_on_sizing_shows_what_is_printed(library: Library, results: Sequence[Sequence[Compared]]) -> None:
    """After a change of data: python benchmarks/sizing.py, and copy what it prints."""
    page = (Path(__file__).parents[2] / "docs" / "sizing.md").read_text(encoding="utf-8")
    shown = page.split("```text\n")[1].split("\n```")[0]
    assert shown.splitlines() == [line.rstrip() for line in report(library, results)]
