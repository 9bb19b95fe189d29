"""A name typed into a page opens a Git revision, or a folder that the advisor was told of; never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.audit.changes.allowed import allowed, folders
from advisor.errors import BrokenInput
from advisor.library import shipped


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with a folder of rules inside it, and one beside it that nobody named."""
    place = tmp_path / "here"
    (place / "mine" / "rules").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (place / "link").symlink_to(tmp_path / "secret")
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize("name", ["HEAD", "HEAD~1", "v1.2.0", "feature/new-rules", "main@{1}", "0123456789abcdef"])
def test_a_revision_is_handed_on_as_it_is(name: str, here: Path) -> None:
    assert allowed(name, [here]) == name


@pytest.mark.parametrize("name", ["mine", "./mine", "mine/../mine", "."])
def test_a_folder_below_the_current_one_is_opened_by_its_full_path(name: str, here: Path) -> None:
    assert allowed(name, [here]) == str((here / name).resolve())


def test_without_any_folder_only_revisions_are_opened(here: Path) -> None:
    assert allowed("HEAD~1", []) == "HEAD~1"
    for name in ("mine", ".", str(here)):
        with pytest.raises(BrokenInput):
            allowed(name, [])


def test_a_folder_that_was_named_is_opened_wherever_it_lies(here: Path, tmp_path: Path) -> None:
    assert allowed(str(tmp_path / "secret"), [here, tmp_path / "secret"]) == str(tmp_path / "secret")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "/etc",
        "..",
        "../secret",
        "mine/../../secret",
        "link",
        "~",
        "/",
        "--output=x",
        "-x",
        "HEAD\x00",
        "a\nb",
        "main..HEAD",
        "$(id)",
    ],
)
def test_everything_else_is_refused(name: str, here: Path) -> None:
    with pytest.raises(BrokenInput):
        allowed(name, [here])


def test_the_message_does_not_tell_whether_the_folder_is_there(here: Path, tmp_path: Path) -> None:
    def refusal(name: str) -> str:
        with pytest.raises(BrokenInput) as caught:
            allowed(name, [here])
        return caught.value.problems[0].what

    assert refusal(str(tmp_path / "secret")) == refusal(str(tmp_path / "nothing"))


def test_what_may_be_read_is_what_was_named_and_the_current_folder(here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ADVISOR_RULES", str(tmp_path / "secret"))
    assert folders() == (shipped("rules"), tmp_path / "secret", here)
    monkeypatch.chdir("/")
    assert Path("/") not in folders(), "from the root of the disk everything would be below"
