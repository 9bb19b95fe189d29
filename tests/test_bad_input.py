"""Hostile and broken files through the real command: exit 2, one clear message for each problem, nothing on stdout, nothing written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECONDS = 20
"""No file may keep the command busy for longer; a start takes one or two."""

BOMB = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x]", *(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True))]
)

FILES: dict[str, tuple[bytes, str]] = {
    "unknown-key": (b"taks: [chat]\n", "answers.yaml:1: taks: unknown key; did you mean 'tasks'?"),
    "duplicate-key": (b"owner: a\nowner: b\n", "answers.yaml:2: owner: the key 'owner' stands twice"),
    "wrong-type": (b"tasks: 5\n", "answers.yaml:1: tasks: expected a list"),
    "no-such-country": (b"organisation_country: XX\n", "answers.yaml:1: organisation_country: 'XX' is not a value"),
    "negative-number": (b"requests_per_month: -1\n", "answers.yaml:1: requests_per_month: -1 is less than 0"),
    "infinite": (b"monthly_budget_usd: .inf\n", "answers.yaml:1: monthly_budget_usd: expected a finite number"),
    "not-a-number": (b"peak_factor: .nan\n", "answers.yaml:1: peak_factor: expected a finite number"),
    "5000-digits": (b"people_count: " + b"9" * 5_000 + b"\n", "answers.yaml:1: a number of 5000 characters is too long"),
    "50-megabytes": (b"use_case: " + b"x" * 50_000_000 + b"\n", "answers.yaml: the file is larger than 4 MB"),
    "20000-lists-deep": (b"tasks: " + b"[" * 20_000 + b"]" * 20_000 + b"\n", "answers.yaml:1: nested deeper than 40 levels"),
    "20000-mappings-deep": (b'{"a": ' * 20_000 + b"1" + b"}" * 20_000, "answers.yaml:1: nested deeper than 40 levels"),
    "alias-bomb": (BOMB.encode(), "answers.yaml:2: aliases (*a) are not read"),
    "tag": (b"owner: !!python/object/apply:os.system ['touch x']\n", "answers.yaml:1: the tag 'tag:yaml.org,2002:python/object/"),
    "nul-bytes": (b"owner: a\x00b\n", "answers.yaml: not valid YAML"),
    "binary": (bytes(range(256)) * 40, "answers.yaml:2: the file is not UTF-8 text"),
    "list-on-top": (b"- tasks: [chat]\n", "answers.yaml:1: an answers file is a list of `key: value` lines"),
    "text-on-top": (b"hello\n", "answers.yaml:1: an answers file is a list of `key: value` lines"),
    "half-a-list": (b"tasks: [chat\nowner: me\n", "not valid YAML"),
    "key-that-is-a-list": (b"? [a, b]\n: c\n", "answers.yaml:1: a key must be plain text"),
    "two-documents": (b"owner: a\n---\nowner: b\n", "answers.yaml:2: the file holds more than one document"),
}  # fmt: skip


def advisor(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "advisor.cli.main", *arguments]
    paths = {"PYTHONPATH": str(ROOT), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **paths, **environment}, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def assert_refused(run: subprocess.CompletedProcess[str], words: Sequence[str]) -> None:
    assert run.returncode == 2, run.stdout + run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    without_columns = re.sub(r"^(\S+?:\d+):\d+: ", r"\1: ", run.stderr, flags=re.MULTILINE)
    for message in words:
        assert message in without_columns
    count = len(re.findall(r"^\S.*: ", run.stderr, re.MULTILINE))
    assert run.stderr.rstrip().endswith(f"{count} problem{'s' if count != 1 else ''}; nothing was written.")
    assert max(map(len, run.stderr.splitlines())) < 400


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_message(name: str, tmp_path: Path) -> None:
    content, words = FILES[name]
    (tmp_path / "answers.yaml").write_bytes(content)
    run = advisor(tmp_path, "recommend", "answers.yaml", "--format", "json")
    assert_refused(run, [words])
    assert [path.name for path in tmp_path.iterdir()] == ["answers.yaml"]


def test_several_problems_are_all_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(
        "taks: []\npeople_countries: [NO, NOR]\nrequests_per_month: -3\ncommercial_use: 7\n", encoding="utf-8"
    )
    run = advisor(tmp_path, "memo", "answers.yaml", "-o", "memo.md")
    places = (
        "answers.yaml:1: taks",
        "answers.yaml:2: people_countries: 'NOR'",
        "answers.yaml:3: requests_per_month",
        "answers.yaml:4: commercial_use",
    )
    assert_refused(run, [*places, "4 problems; nothing was written."])
    assert not (tmp_path / "memo.md").exists()


JSON_FILES: dict[str, tuple[bytes, str]] = {
    "half-a-character": (b'{"use_case": "\\ud83d"}', "answers.json"),
    "nul-character": (b'{"use_case": "a\\u0000b"}', "answers.json"),
    "not-a-number": (b'{"peak_factor": NaN}', "finite"),
    "5000-digits": (b'{"people_count": ' + b"9" * 5_000 + b"}", "a number of 5000 characters is too long"),
    "20000-deep": (b"[" * 20_000 + b"]" * 20_000, "nested deeper than 40 levels"),
    "duplicate-key": (b'{"owner": "a", "owner": "b"}', "owner: the key stands twice"),
    "half-a-document": (b'{"owner": "a"', "not valid JSON"),
}


@pytest.mark.parametrize("name", JSON_FILES)
def test_a_hostile_json_file_is_refused_with_a_message(name: str, tmp_path: Path) -> None:
    content, words = JSON_FILES[name]
    (tmp_path / "answers.json").write_bytes(content)
    assert_refused(advisor(tmp_path, "recommend", "answers.json"), ["answers.json", words])


def test_a_missing_file_is_refused_with_a_message(tmp_path: Path) -> None:
    assert_refused(advisor(tmp_path, "recommend", "nowhere.yaml"), ["nowhere.yaml: cannot be read: No such file or directory"])


def test_a_folder_in_place_of_a_file_is_refused_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    assert_refused(advisor(tmp_path, "recommend", "folder.yaml"), ["folder.yaml: cannot be read: Is a directory"])


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_a_file_without_an_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30,) * 2); sys.argv[0] = 'advisor'; "
    command = [sys.executable, "-c", limited + "runpy.run_module('advisor.cli.main', run_name='__main__')", "recommend", "/dev/zero"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert_refused(run, ["/dev/zero: the text is larger than 4 MB"])


@pytest.mark.parametrize("setting", ["--rules", "--data"])
def test_a_missing_folder_is_refused_with_a_message(setting: str, tmp_path: Path) -> None:
    assert_refused(advisor(tmp_path, "rules", "list", setting, "nowhere"), ["nowhere: this folder does not exist"])


@pytest.mark.parametrize("variable", ["ADVISOR_RULES", "ADVISOR_DATA"])
def test_a_missing_folder_in_the_environment_is_refused_with_a_message(variable: str, tmp_path: Path) -> None:
    assert_refused(advisor(tmp_path, "rules", "list", **{variable: "nowhere"}), ["nowhere: this folder does not exist"])


def test_a_problem_names_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("owner: me\npeople_countries: [DE, NOR]\n", encoding="utf-8")
    run = advisor(tmp_path, "recommend", "answers.yaml")
    assert run.stderr.startswith("answers.yaml:2:1: people_countries"), run.stderr


def test_a_rule_that_names_an_unknown_fact_stops_the_command(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    broken = (ROOT / "tests" / "rulebook" / "broken" / "unknown-fact.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "mine.yaml").write_text(broken, encoding="utf-8")
    (tmp_path / "answers.yaml").write_text("owner: me\n", encoding="utf-8")
    run = advisor(tmp_path, "recommend", "answers.yaml", "--rules", "rules")
    assert_refused(
        run, ["rules/mine.yaml:10: arms[0].requires.fact: unknown fact 'option.retention_day'; did you mean 'option.retention_days'?"]
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "tomorrow"], "--as-of: 'tomorrow' is not a date"),
        (["--as-of", "2026-02-30"], "--as-of: '2026-02-30' is not a date"),
        (["--figures", "worst"], "--figures: 'worst' is not one of best, comparison-document"),
        (["--format", "xml"], "--format: 'xml' is not one of text, json"),
        (["--options", "none"], "--options: 'none' is not one of shortlist, all"),
    ],
)
def test_a_wrong_argument_is_refused_with_a_message(arguments: list[str], words: str, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("owner: me\n", encoding="utf-8")
    assert_refused(advisor(tmp_path, "recommend", "answers.yaml", *arguments), [words])
