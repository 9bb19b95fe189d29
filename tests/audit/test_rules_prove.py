"""`advisor rules prove` as a person and as a machine meet it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import advisor.cli.rules_prove  # noqa: F401  # puts the command in its place
from advisor.rulebook.judge import example_verdict
from advisor.rulebook.load import read_rule
from advisor.rulebook.rule import Rule
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary
from tests.conftest import Advisor
from tests.made_up import shipped_vocabulary

RULE = """\
id: made-up-NAME
title: Speech is answered over a private network or not
effect: require
place: nowhere
topic: none
arms:
  - in_force: {from: 2020-01-01}
    source: {cite: Example Act s. 1, url: "", checked: read}
    applies_when: {fact: use.tasks, has: speech}
    requires: {fact: option.private_network, is: VALUE}
reason: It is so.
remedy: Change it.
RELATED
examples:
  - {name: made up, given: {}, verdict: unknown}
review: not yet reviewed by a lawyer
"""
RELATED = "related: [{rule: made-up-no, as: contradicts, why: Both were made up.}]"


def written(folder: Path, name: str, value: str, related: str = "") -> None:
    folder.mkdir(exist_ok=True)
    text = RULE.replace("NAME", name).replace("VALUE", value).replace("RELATED\n", f"{related}\n" if related else "")
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "own", "yes", "yes")
    written(tmp_path / "own", "no", "no")
    return tmp_path / "own"


def test_nothing_to_say_is_said_on_one_line(advisor: Advisor, tmp_path: Path) -> None:
    written(tmp_path / "own", "yes", "yes")
    ran = advisor("rules", "prove", "made-up-yes", "--rules", str(tmp_path / "own"), "--as-of", "2026-11-24")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("1 rule, ")
    assert ran.err.endswith("statements decided: no problems\n")


def test_a_problem_is_shown_with_a_ready_test(advisor: Advisor, folder: Path) -> None:
    ran = advisor("rules", "prove", "made-up-yes", "--rules", str(folder), "--as-of", "2026-11-24")
    assert ran.code == 1
    assert "There are answers for which every option breaches made-up-no or made-up-yes, though either can be met alone." in ran.out
    assert "  A test of made-up-yes:\n    - name: what suits made-up-no breaches this rule\n" in ran.out
    assert "1 problem" in ran.err


def test_the_ready_test_holds(advisor: Advisor, folder: Path) -> None:
    vocabulary = shipped_vocabulary()
    document = advisor("rules", "prove", "made-up-yes", "--rules", str(folder), "--as-of", "2026-11-24", "--format", "json").json
    assert document["schema"] == "rules-proof/1"
    assert (document["acknowledged"], document["not_decided"]) == ([], [])
    (problem,) = document["problems"]
    assert (problem["kind"], problem["rules"], problem["as_of"]) == ("contradicts", ["made-up-no", "made-up-yes"], "2026-11-24")
    for test in problem["tests"]:
        rule = with_examples(folder / f"{test['rule'].rpartition('-')[2]}.yaml", test["yaml"], vocabulary)
        (example,) = rule.examples
        assert example_verdict(rule, example, vocabulary, example.as_of or pytest.fail("a test names its date")) == example.verdict


def with_examples(path: Path, block: str, vocabulary: Vocabulary) -> Rule:
    """The rule of a file with this block as its only examples."""
    text = path.read_text(encoding="utf-8").replace("  - {name: made up, given: {}, verdict: unknown}\n", block)
    return read_rule(parse(text, path.name), vocabulary)


def test_a_relation_that_is_meant_is_no_problem(advisor: Advisor, folder: Path) -> None:
    written(folder, "yes", "yes", RELATED)
    ran = advisor("rules", "prove", "made-up-no", "--rules", str(folder), "--as-of", "2026-11-24")
    assert ran.code == 0
    assert "Both were made up." in ran.out
    assert ran.err.endswith("no problems, 1 relation acknowledged\n")


def test_a_relation_that_is_not_so_is_a_problem(advisor: Advisor, folder: Path) -> None:
    written(folder, "yes", "yes", RELATED)
    written(folder, "no", "yes")
    ran = advisor("rules", "prove", "made-up-yes", "--rules", str(folder), "--as-of", "2026-11-24", "--format", "json")
    assert [problem["kind"] for problem in ran.json["problems"]] == ["duplicates", "not-so"]


def test_a_past_rule_is_compared_with_all_dates_only(advisor: Advisor, folder: Path) -> None:
    path = folder / "no.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{from: 2020-01-01}", "{from: 2020-01-01, until: 2021-01-01}"), encoding="utf-8"
    )
    asked = ("rules", "prove", "made-up-yes", "made-up-no", "--rules", str(folder), "--as-of", "2026-11-24")
    assert advisor(*asked).code == 0
    ran = advisor(*asked, "--all-dates", "--format", "json")
    assert [(problem["kind"], problem["as_of"]) for problem in ran.json["problems"]] == [("contradicts", "2020-01-01")]


def test_a_rule_that_does_not_exist_cannot_be_proved(advisor: Advisor, folder: Path) -> None:
    ran = advisor("rules", "prove", "made-up-maybe", "--rules", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert "there is no rule 'made-up-maybe'" in ran.err


def test_without_the_solver_it_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['z3'] = None; sys.argv = ['advisor', 'rules', 'prove'];"
        "import advisor.cli.rules_prove; from advisor.cli.main import run; run()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "This needs the solver. Install it with: pip install 'advisor[proofs]'\n"
