"""A broken group of countries does not load, and says why: one fault a file in `broken_groups/`, with its words beside it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from advisor.errors import BrokenInput
from advisor.places import load_places
from advisor.rulebook.load import load_rulebook
from tests.conftest import Advisor
from tests.made_up import shipped_vocabulary

HERE = Path(__file__).parent
BROKEN = HERE / "broken_groups"
NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))
WHOLE = """\
countries: {DE: Germany, FR: France, GB: United Kingdom}
groups:
  area: {words: the Area, token: A, spans: [{includes: [union], cite: Agreement}]}
  union:
    words: the Union
    spans:
      - {members: [DE, FR], cite: Treaty}
      - {until: 2020-02-01, members: [GB], cite: Withdrawal}
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_group_names_every_fault_with_file_line_column_and_words(name: str, tmp_path: Path) -> None:
    shutil.copy(BROKEN / f"{name}.yaml", tmp_path / "places.yaml")
    with pytest.raises(BrokenInput) as caught:
        load_places([tmp_path])
    expected = [line.split(": ", 1) for line in (BROKEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    assert [str(p.line) for p in caught.value.problems] == [line for line, _ in expected], str(caught.value)
    for problem, (_, words) in zip(caught.value.problems, expected, strict=True):
        assert words in str(problem)
        assert problem.column > 0
        assert problem.path.endswith("places.yaml")


def test_every_broken_file_has_its_words_and_every_word_its_file() -> None:
    assert sorted(path.stem for path in BROKEN.glob("*.txt")) == NAMES
    assert len(NAMES) >= 15


def test_a_whole_group_loads_and_follows_the_date(tmp_path: Path) -> None:
    (tmp_path / "places.yaml").write_text(WHOLE, encoding="utf-8")
    places = load_places([tmp_path])
    assert places.members("area", date(2020, 1, 31)) == {"DE", "FR", "GB"}
    assert places.members("area", date(2020, 2, 1)) == {"DE", "FR"}


def test_a_later_folder_may_replace_a_group_that_others_include(tmp_path: Path) -> None:
    for folder, text in (("first", WHOLE), ("second", "groups: {union: {words: the Union, spans: [{members: [GB], cite: X}]}}")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "places.yaml").write_text(text, encoding="utf-8")
    assert load_places([tmp_path / "first", tmp_path / "second"]).members("area", date(2026, 1, 1)) == {"GB"}


# ---------------------------------------------------------------------- one broken file stops the whole folder
def test_one_broken_rule_keeps_the_whole_folder_from_loading(tmp_path: Path) -> None:
    """A folder with one broken file loads nothing and says everything that is wrong, in rules and provisions alike."""
    broken = sorted((HERE / "broken").glob("*.yaml"))
    for path in broken:
        (tmp_path / path.stem).mkdir()
        shutil.copy(path, tmp_path / path.stem / "rule.yaml")
    for path in sorted((HERE / "broken_provisions").glob("*.yaml")):
        (tmp_path / f"p-{path.stem}").mkdir()
        shutil.copy(path, tmp_path / f"p-{path.stem}" / "provisions.yaml")
    with pytest.raises(BrokenInput) as caught:
        load_rulebook([tmp_path], shipped_vocabulary())
    complained = {Path(problem.path).parent.name for problem in caught.value.problems}
    assert complained == {path.name for path in tmp_path.iterdir()}


def test_the_command_stops_at_a_broken_rule_and_applies_none(advisor: Advisor, tmp_path: Path) -> None:
    shutil.copy(HERE / "broken" / "unknown-fact.yaml", tmp_path / "rule.yaml")
    for command in (("rules", "list"), ("rules", "check"), ("rules", "test")):
        ran = advisor(*command, "--rules", str(tmp_path))
        assert (ran.code, ran.out) == (2, "")
        assert "rule.yaml:" in ran.err
        assert "nothing was written" in ran.err
