"""The auditor's guide says what the program says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.library import load_library
from advisor.rulebook.lint_codes import guide

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "auditors.md").read_text(encoding="utf-8")


def test_the_guide_explains_every_lint_in_the_words_of_the_command() -> None:
    assert guide().strip() in GUIDE


def test_the_guide_counts_the_sources_that_were_not_read() -> None:
    checked = [rule.arms[-1].source.checked for rule in load_library().rulebook.rules.values()]
    words = " ".join(GUIDE.split())
    assert f"Today {checked.count('memory')} rules rest on memory and {checked.count('secondary')} on somebody else's account" in words


@pytest.mark.parametrize("command", ["show us-hipaa-baa", "coverage us-hipaa-baa", "mutate us-hipaa-baa"])
def test_the_guide_prints_what_the_command_prints(command: str) -> None:
    match = re.search(rf"^\$ advisor rules {command}\n(.*?)(?=^\$ |^```)", GUIDE, re.MULTILINE | re.DOTALL)
    assert match, f"the guide no longer shows {command}"
    line = [sys.executable, "-m", "advisor.cli.main", "rules", *command.split()]
    printed = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=100, check=True)
    lines = {text.rstrip() for text in (printed.stdout + printed.stderr).splitlines()}
    assert [text for text in match.group(1).splitlines() if text not in ("", "[…]") and text.rstrip() not in lines] == []
