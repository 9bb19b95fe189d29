"""The preview of a change: two editions under the limits of the app, and what the change does to a small population."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor.audit.changes.preview import LOADED, compared, impacted, loaded, tried_on
from advisor.errors import BrokenInput
from advisor.library import Library, shipped
from tests.conftest import AS_OF

RULE = Path("own/retention.yaml")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the shipped rules, one of them with another title and one gone."""
    folder = tmp_path / "rules"
    shutil.copytree(shipped("rules"), folder)
    file = folder / RULE
    text = file.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    file.write_text(text.replace(title, "title: Another title for these tests"), encoding="utf-8")
    return folder


def test_the_rules_in_use_differ_from_a_copy_by_what_was_changed(library: Library, changed: Path) -> None:
    found = compared(str(changed), "", library, [changed])
    assert [(item.rule, item.kind) for item in found.differences] == [(loaded_id(library), "editorial")]
    assert found.new.name == LOADED
    assert found.new.rulebook is library.rulebook
    nothing = impacted(found, library, AS_OF, 5, lambda words: None)
    assert nothing.rules == ()
    assert nothing.together.standings == 0


def loaded_id(library: Library) -> str:
    return next(rule.id for rule in loaded(library).rulebook.rules.values() if rule.path.endswith(RULE.as_posix()))


def test_a_folder_that_was_not_named_is_not_opened(
    library: Library, changed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(BrokenInput, match="does not open this"):
        compared("", str(changed), library, [tmp_path / "empty"])


def test_the_same_seed_draws_the_same_cases(library: Library) -> None:
    first, second = tried_on(library, 5), tried_on(library, 5)
    assert [(case.name, case.words) for case in first] == [(case.name, case.words) for case in second]
    assert [case.name for case in tried_on(library, 5, seed=2)] == [case.name for case in first]
    assert [case.words for case in tried_on(library, 5, seed=2)] != [case.words for case in first]
