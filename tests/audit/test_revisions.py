"""Editions of the rulebook: folders and Git revisions, and names that are neither."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from advisor.audit.changes import revisions
from advisor.audit.changes.revisions import opened
from advisor.errors import BrokenInput
from advisor.library import shipped
from tests.audit.made_editions import rule_data

WHO = ("-c", "user.name=Made Up", "-c", "user.email=made-up@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *WHO, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def put(folder: Path, rule_id: str, **changes: object) -> Path:
    path = folder / "rules" / "xx" / f"{rule_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rule_data(id=rule_id, **changes)), encoding="utf-8")
    return path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: a first rule, tagged `first`; then a second one beside it."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "README.md").write_text("no rules yet", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "empty")
    git(folder, "tag", "empty")
    put(folder, "one")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    git(folder, "tag", "first")
    put(folder, "two")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "second")
    return folder


def left_over() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("advisor-edition-*"))


def test_a_revision_is_read_and_leaves_nothing_behind(repository: Path) -> None:
    before = left_over()
    with opened("first", repository=repository) as edition:
        assert list(edition.rulebook.rules) == ["one"]
        assert edition.rulebook.rules["one"].path == "rules/xx/one.yaml"
        assert edition.name == "first"
        assert edition.data_roots[0] == shipped("data")
        assert left_over() - before
    assert left_over() == before
    with opened("HEAD", repository=repository) as edition:
        assert list(edition.rulebook.rules) == ["one", "two"]
    with opened(git(repository, "rev-parse", "HEAD~1")[:10], repository=repository) as edition:
        assert list(edition.rulebook.rules) == ["one"]


def test_the_work_tree_does_not_matter_to_a_revision(repository: Path) -> None:
    put(repository, "three")
    with opened("HEAD", repository=repository) as edition:
        assert "three" not in edition.rulebook.rules
    with opened(str(repository)) as edition:
        assert list(edition.rulebook.rules) == ["one", "three", "two"]


def test_a_folder_is_a_checkout_or_a_folder_of_rules(repository: Path, tmp_path: Path) -> None:
    with opened(str(repository / "rules")) as edition:
        assert list(edition.rulebook.rules) == ["one", "two"]
        assert edition.data_roots[0] == shipped("data")
    data = repository / "data"
    shutil.copytree(shipped("data"), data)
    with opened(str(repository)) as edition:
        assert edition.data_roots == (data,)
    put(tmp_path / "mine", "two", title="Another title of the second rule")
    with opened(str(repository), rules=[tmp_path / "mine" / "rules"]) as edition:
        assert edition.rulebook.overridden == ("two",)


HOSTILE = ("--output=x", "-h", "--all", "$(touch x)", "; touch x", "a\0b", "HEAD\nmain", "x" * 5_000)


@pytest.mark.parametrize("spec", [*HOSTILE, "", " ", "no-such-thing", "HEAD:rules", "HEAD^{tree}"])
def test_a_name_that_is_neither_is_refused(spec: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = "there is no folder and no Git revision of this name"
    with pytest.raises(BrokenInput, match=message) as caught, opened(spec, repository=repository):
        pass
    assert caught.value.problems[0].next_move
    assert not (tmp_path / "x").exists()
    assert not (repository / "x").exists()


def test_a_better_name_is_offered(repository: Path) -> None:
    with pytest.raises(BrokenInput, match="did you mean 'first'"), opened("frist", repository=repository):
        pass


def test_folders_without_rules_are_refused(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bare").mkdir()
    for spec in (str(tmp_path / "bare"), str(repository / ".git")):
        with pytest.raises(BrokenInput, match="no rules are in it"), opened(spec):
            pass
    with pytest.raises(BrokenInput, match="has no folder `rules/`"), opened("empty", repository=repository):
        pass
    monkeypatch.setattr(revisions, "MOST_ENTRIES", 5)
    monkeypatch.chdir(repository / "rules")
    with pytest.raises(BrokenInput, match="so it is no folder of rules"), opened("../.."):
        pass


def test_broken_rules_of_a_revision_are_named_by_it(repository: Path) -> None:
    (repository / "rules" / "xx" / "one.yaml").write_text("id: one\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "-a", "-m", "broken")
    with pytest.raises(BrokenInput) as caught, opened("HEAD", repository=repository):
        pass
    assert {problem.path for problem in caught.value.problems} == {"HEAD:rules/xx/one.yaml"}


def test_links_in_a_revision_are_not_followed(repository: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "secret")
    (repository / "rules" / "link.yaml").symlink_to(outside)
    (repository / "rules" / "folder").symlink_to(outside.parent)
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "links")
    with opened("HEAD", repository=repository) as edition:
        assert list(edition.rulebook.rules) == ["one", "two"]


def test_a_hook_does_not_lead_to_another_repository(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    with opened("first", repository=repository) as edition:
        assert list(edition.rulebook.rules) == ["one"]


def test_without_git_or_a_repository_a_folder_is_asked_for(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(BrokenInput, match="do not lie in a Git repository"), opened("HEAD", repository=bare):
        pass
    monkeypatch.setenv("PATH", str(bare))
    with pytest.raises(BrokenInput, match="Git is not installed"), opened("HEAD", repository=repository):
        pass
    with opened(str(repository)) as edition:
        assert edition.rulebook.rules
