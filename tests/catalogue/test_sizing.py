"""Sizing data: series of measurements and the table of estimates, whole or refused with file and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from advisor.catalogue.estimates import COLUMNS, load_estimates
from advisor.catalogue.sizing import Sizing, load_sizing
from advisor.curation.integrity import problems
from advisor.errors import BrokenInput
from advisor.library import Library, shipped
from tests import made_up

READ = {"source": "A page", "as_of": "2026-01-01", "grade": "primary"}
SERIES = {
    "model": "made-up-model", "measured_on": "Made Up 1", "precision": "fp8", "hardware": "h100", "gpus": 2, "scenario": "offline",
    "output_tokens_per_s": {"1000/500": 4_000, "unknown": 9_000}, **READ,
}  # fmt: skip
ORIGIN = {
    "package": "p", "version": "1", "made_on": "2026-01-02", "command": "c", "rows": 1, "source": "An estimator", "as_of": "2026-01-02",
    "grade": "secondary",
}  # fmt: skip
ROW = "made-up-model,Made Up 1,fp8,h100,2,engine 1,1000,500,2000,50,64,4000.5,20.1,SILICON,tp2"


def measured(folder: Path, *series: Mapping[str, object], **more: object) -> Sizing:
    made_up.folder(folder, sizing__mine={"measured": list(series), **more})
    return load_sizing([folder])


def estimated(folder: Path, *rows: str, origin: Mapping[str, object] = ORIGIN, head: str = ",".join(COLUMNS)) -> Sizing:
    made_up.folder(folder, sizing__estimates={**origin, "rows": origin.get("rows", len(rows))})
    (folder / "sizing" / "estimates.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return load_sizing([folder])


def changed(**cells: str) -> str:
    return ",".join(cells.get(name, cell) for name, cell in zip(COLUMNS, ROW.split(","), strict=True))


# ---------------------------------------------------------------------- measurements
def test_a_series_is_a_point_for_each_length_and_each_model_of_its_shape(tmp_path: Path) -> None:
    found = measured(tmp_path, {**SERIES, "same_shape": ["sibling"]}).points
    assert {(p.model, p.input_tokens, p.output_tokens, int(p.output_tokens_per_s)) for p in found} == {
        (model, *known) for model in ("made-up-model", "sibling") for known in ((1_000, 500, 4_000), (None, None, 9_000))
    }
    assert {(p.source, p.as_of, p.grade, p.evidence) for p in found} == {("A page", "2026-01-01", "primary", "measured-published")}


def test_a_series_takes_what_it_does_not_say_from_its_source(tmp_path: Path) -> None:
    source = {"page": {"name": "The page", "url": "https://page.example", "as_of": "2025", "grade": "evaluator"}}
    bare = {key: value for key, value in SERIES.items() if key not in READ}
    plain, dated = measured(
        tmp_path, {**bare, "source": "page"}, {**bare, "gpus": 4, "source": "page", "as_of": "2026-02"}, sources=source
    ).points[::2]
    assert (plain.source, plain.url, plain.as_of, plain.grade) == ("The page", "https://page.example", "2025", "evaluator")
    assert dated.as_of == "2026-02"


WRONG_SERIES: Mapping[str, tuple[Mapping[str, object], str]] = {
    "lengths": ({"output_tokens_per_s": {"1000": 5}}, "1000 is not `input/output` in tokens"),
    "no speed": ({"output_tokens_per_s": {"1000/500": 0}}, "the speed at 1000/500 is not above 0"),
    "precision": ({"precision": "fp6"}, "fp6"),
    "nobody's word": ({"source": "nobody", "grade": None}, "nobody is none of the file's sources"),
    "half a GPU": ({"gpus": 0}, "greater than 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_SERIES)
def test_a_wrong_series_is_refused_and_its_place_is_named(name: str, tmp_path: Path) -> None:
    part, words = WRONG_SERIES[name]
    with pytest.raises(BrokenInput) as caught:
        measured(tmp_path, SERIES, {**SERIES, "gpus": 8, **part})
    assert words in str(caught.value)
    assert all("measured[1]" in p.where and p.line for p in caught.value.problems)


def test_a_figure_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="is written twice"):
        measured(tmp_path, SERIES, {**SERIES, "note": "again"})


# ---------------------------------------------------------------------- estimates
def test_an_estimate_carries_where_it_is_from(tmp_path: Path) -> None:
    (found,) = estimated(tmp_path, ROW).estimates
    assert (found.gpus, found.users, str(found.output_tokens_per_s), found.mode) == (2, 64, "4000.5", "SILICON")
    assert (found.source, found.as_of, found.grade, found.evidence) == ("An estimator", "2026-01-02", "secondary", "estimated")


WRONG_ROWS: Mapping[str, tuple[str, str, int]] = {
    "cell missing": (ROW.rpartition(",")[0], "has 14 cells where 15 are due", 3),
    "no number": (changed(gpus="two"), "gpus: 'two' is not a whole number above 0", 3),
    "half a token": (changed(input_tokens="0.5"), "input_tokens: '0.5' is not a whole number above 0", 3),
    "free of time": (changed(gpus="4", output_tokens_per_s="inf"), "output_tokens_per_s: 'inf' is not a number above 0", 3),
    "below zero": (changed(gpus="4", tokens_per_s_per_user="-1"), "tokens_per_s_per_user: '-1' is not a number above 0", 3),
    "precision": (changed(precision="fp6"), "'fp6' is not one of", 3),
    "mode": (changed(gpus="4", mode="GUESS"), "'GUESS' is not one of HYBRID, SILICON", 3),
    "nameless": (changed(model=""), "model: '' is not a text", 3),
    "twice": (changed(gpus="2"), "says the same machine and shape as line 2", 3),
    "quote": (f'{changed(gpus="4")}"x"y,"', "cannot be read", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_ROWS)
def test_a_wrong_row_is_refused_with_file_and_line(name: str, tmp_path: Path) -> None:
    row, words, line = WRONG_ROWS[name]
    with pytest.raises(BrokenInput) as caught:
        estimated(tmp_path, ROW, row, origin={**ORIGIN, "rows": 2})
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert (problem.path.endswith("sizing/estimates.csv"), problem.line) == (True, line)
    assert "tools/estimate_throughput.py" in problem.next_move or name == "twice"


def test_all_wrong_rows_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput) as caught:
        estimated(tmp_path, changed(gpus="no"), changed(users="no"), changed(gpus="4", mode="no"), origin={**ORIGIN, "rows": 3})
    assert [p.line for p in caught.value.problems] == [2, 3, 4]


BROKEN_TABLES: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "cut short": (lambda folder: estimated(folder, ROW, origin={**ORIGIN, "rows": 2}), "has 1 rows where 2 were written"),
    "other columns": (lambda folder: estimated(folder, ROW, head="model,rate"), "the columns are not model, estimated_on"),
    "no grade": (lambda folder: estimated(folder, ROW, origin={**ORIGIN, "grade": "sure"}), "grade"),
    "no date": (lambda folder: estimated(folder, ROW, origin={k: v for k, v in ORIGIN.items() if k != "as_of"}), "`as_of` is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_TABLES)
def test_a_broken_table_is_refused(name: str, tmp_path: Path) -> None:
    make, words = BROKEN_TABLES[name]
    with pytest.raises(BrokenInput) as caught:
        make(tmp_path)
    assert words in str(caught.value).replace("the key 'as_of'", "`as_of`")


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    made_up.folder(tmp_path, sizing__estimates=ORIGIN)
    with pytest.raises(BrokenInput, match=r"estimates\.csv: cannot be read"):
        load_estimates([tmp_path])


def test_a_later_folder_has_the_last_word_on_an_estimate(tmp_path: Path) -> None:
    for name, rate in (("a", "100"), ("b", "200")):
        estimated(tmp_path / name, changed(output_tokens_per_s=rate))
    found = load_estimates([tmp_path / "a", tmp_path / "b"])
    assert [str(e.output_tokens_per_s) for e in found] == ["200"]


# ---------------------------------------------------------------------- what is shipped
def test_the_shipped_speeds_are_of_models_and_gpus_of_the_catalogue(library: Library) -> None:
    catalogue, sizing = library.catalogue, library.catalogue.sizing
    named = {(p.model, p.hardware) for p in sizing.points} | {(e.model, e.hardware) for e in sizing.estimates}
    assert {model for model, _ in named} <= catalogue.models.keys()
    assert {hardware for _, hardware in named} <= catalogue.hardware.keys()
    assert len({model for model, _ in named}) >= 20


def test_no_speed_lacks_source_date_and_grade(library: Library) -> None:
    sizing = library.catalogue.sizing
    assert [p for p in sizing.points if not (p.source and p.as_of and p.grade)] == []
    assert [e for e in sizing.estimates if not (e.source and e.as_of and e.grade)] == []


def test_a_speed_of_nothing_is_found_by_the_check(tmp_path: Path) -> None:
    made_up.folder(
        tmp_path, sizing__mine={"measured": [{**SERIES, "model": "llama-3.3-70b", "same_shape": ["lama-3.3-70b"], "hardware": "h1000"}]}
    )
    found = problems([tmp_path], made_up.catalogue(tmp_path))
    assert ["lama-3.3-70b" in p.what or "h1000" in p.what for p in found if p.where == "measured[0]"] == [True, True]


def test_what_the_estimator_gets_wrong_is_left_out_and_the_reason_is_written_down(library: Library) -> None:
    estimates = library.catalogue.sizing.estimates
    assert not [e for e in estimates if e.model.startswith("gpt-oss") or e.hardware in ("l40s", "mi300x")]
    assert not [e for e in estimates if (e.model, e.hardware) == ("llama-4-maverick", "h100")]
    text = (shipped("data") / "sizing" / "estimates.yaml").read_text(encoding="utf-8")
    assert all(word in text for word in ("gpt-oss", "L40S", "Maverick on H100", "under vLLM"))


def test_the_tool_writes_the_columns_that_are_read() -> None:
    text = (shipped("data").parent / "tools" / "estimate_throughput.py").read_text(encoding="utf-8")
    assert json.dumps(list(COLUMNS))[1:-1] in " ".join(text.split())


def test_no_number_of_speeds_costs_and_benchmarks_lacks_its_evidence(library: Library) -> None:
    """Ends, trust and floors of benchmarks are this project's own choice, and say so."""
    found = problems([shipped("data")], library.catalogue)
    assert [p for p in found if p.path.startswith(("data/sizing/", "data/benchmarks"))] == []
    assert all(b.source == "design-choice" for b in library.catalogue.benchmarks.values())
    assert library.catalogue.floors[0].source == "design-choice"
