"""Rules, catalogue, memo and an organisation's own folders, through the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import rfc8785

from advisor.library import shipped
from tests import made_up
from tests.conftest import AS_OF, ROOT, Advisor
from tests.rulebook.test_load import WHOLE

HOSPITAL = str(shipped("data") / "examples" / "hospital-de.yaml")
DAY = ("--as-of", str(AS_OF))


# ---------------------------------------------------------------------- rules and catalogue
def test_rules_are_listed_and_shown(advisor: Advisor) -> None:
    listed = advisor("rules", "list", "--format", "json", *DAY).json
    assert len(listed["rules"]) >= 25
    assert [rule["id"] for rule in listed["rules"]] == sorted(rule["id"] for rule in listed["rules"])
    shown = advisor("rules", "show", "eu-gdpr-44-transfer", *DAY)
    assert shown.code == 0
    for words in ("Art. 44 to 46", "https://eur-lex.europa.eu", "not yet reviewed by a lawyer", "breaches"):
        assert words in shown.out
    assert advisor("rules", "show", "eu-gdpr-44-transfer", "--format", "json", *DAY).json["id"] == "eu-gdpr-44-transfer"


def test_rules_are_listed_by_effect_and_a_misspelt_effect_is_refused(advisor: Advisor) -> None:
    weighing = advisor("rules", "list", "--effect", "weigh", "--format", "json").json["rules"]
    assert weighing
    assert {rule["effect"] for rule in weighing} == {"weigh"}
    assert advisor("rules", "list", "--effect", "requires").code == 2


def test_an_unknown_rule_could_not_be_shown(advisor: Advisor) -> None:
    ran = advisor("rules", "show", "eu-gdpr-44-transfers")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'eu-gdpr-44-transfer'" in ran.err


def test_the_shipped_rules_are_well_formed_and_their_examples_hold(advisor: Advisor) -> None:
    for command in ("check", "test"):
        ran = advisor("rules", command)
        assert (ran.code, ran.out) == (0, ""), ran.out


def test_an_example_that_does_not_hold_is_a_problem_and_exits_with_one(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(WHOLE.replace("verdict: complies", "verdict: breaches"), encoding="utf-8")
    ran = advisor("rules", "test", "--rules", str(tmp_path))
    assert ran.code == 1
    assert "'one' says breaches, the rule gives complies" in ran.out
    assert "mine.yaml:" in ran.out
    lacking = advisor("rules", "check", "--rules", str(tmp_path))
    assert lacking.code == 1
    assert "no example in which the rule" in lacking.out


def test_the_catalogue_is_listed_shown_and_checked(advisor: Advisor) -> None:
    listed = advisor("catalogue", "list", "--format", "json", "--premises", "DE", *DAY).json
    ids = [option["id"] for option in listed["options"]]
    assert "llama-4-maverick@on-premises/DE/8xh100-fp8" in ids
    shown = advisor("catalogue", "show", "gpt-5.4@openai-api/eu", *DAY)
    assert shown.code == 0
    assert "256" in shown.out
    assert advisor("catalogue", "check").code == 0
    assert advisor("catalogue", "show", "gpt-5.5@nowhere/x", *DAY).code == 2


@pytest.mark.parametrize("name", ["gpt-5.4", "openai-api", "gpt-5.4@openai-api/eu"])
def test_what_the_catalogue_shows_as_json_is_one_document(name: str, advisor: Advisor) -> None:
    ran = advisor("catalogue", "show", name, "--format", "json", *DAY)
    assert ran.out.startswith("{")
    assert ran.json["options"]


# ---------------------------------------------------------------------- memo
@pytest.mark.parametrize("suffix", [".md", ".json"])
def test_a_memo_is_written_whole_and_the_same_twice(suffix: str, advisor: Advisor, tmp_path: Path) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    for path in (first, second):
        ran = advisor("memo", HOSPITAL, "-o", str(path), *DAY)
        assert (ran.code, ran.out) == (0, "")
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size > 2_000
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, second.name]


def test_a_memo_names_its_digests_and_is_canonical_json(advisor: Advisor, tmp_path: Path) -> None:
    advisor("memo", HOSPITAL, "-o", str(tmp_path / "m.json"), *DAY)
    advisor("memo", HOSPITAL, "-o", str(tmp_path / "m.md"), *DAY)
    text = (tmp_path / "m.json").read_bytes()
    memo = json.loads(text)
    assert rfc8785.dumps(memo) == text.rstrip(b"\n")
    digests = advisor("recommend", HOSPITAL, "--format", "json", *DAY).json["digests"]
    markdown = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert all(digest in text.decode() and digest[:12] in markdown for digest in digests.values())


@pytest.mark.parametrize("output", ["memo.pages", "memo", "nowhere/memo.md"])
def test_a_memo_that_cannot_be_written_leaves_nothing_behind(output: str, advisor: Advisor, tmp_path: Path) -> None:
    ran = advisor("memo", HOSPITAL, "-o", str(tmp_path / output), *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert list(tmp_path.iterdir()) == []


def test_broken_answers_leave_the_memo_of_yesterday_as_it_was(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "memo.md").write_text("the memo of yesterday", encoding="utf-8")
    (tmp_path / "answers.yaml").write_text("taks: []\n", encoding="utf-8")
    assert advisor("memo", str(tmp_path / "answers.yaml"), "-o", str(tmp_path / "memo.md"), *DAY).code == 2
    assert (tmp_path / "memo.md").read_text(encoding="utf-8") == "the memo of yesterday"


# ---------------------------------------------------------------------- an organisation's own folders
@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    shutil.copy(shipped("rules") / "eu" / "gdpr" / "art-44-transfers.yaml", folder / "stricter.yaml")
    text = (folder / "stricter.yaml").read_text(encoding="utf-8")
    (folder / "stricter.yaml").write_text(text.replace("\ntitle: ", "\ntitle: Our own reading. ", 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("by", ["option", "environment"])
def test_own_rules_replace_shipped_ones_by_id_and_this_is_shown(
    by: str, own_rules: Path, advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = advisor("rules", "list", "--format", "json").json
    if by == "environment":
        monkeypatch.setenv("ADVISOR_RULES", str(own_rules))
    setting = ("--rules", str(own_rules)) if by == "option" else ()
    after = advisor("rules", "list", "--format", "json", *setting).json
    (rule,) = [rule for rule in after["rules"] if rule["id"] == "eu-gdpr-44-transfer"]
    assert rule["title"].startswith("Our own reading.")
    assert len(after["rules"]) == len(before["rules"])
    assert after["rulebook"] != before["rulebook"]


def test_what_own_folders_replace_is_shown(own_rules: Path, advisor: Advisor, tmp_path: Path) -> None:
    assert "eu-gdpr-44-transfer" not in advisor("rules", "list").out.partition("Replaced by your own:")[2]
    assert "Replaced by your own: eu-gdpr-44-transfer." in advisor("rules", "list", "--rules", str(own_rules)).out
    data = made_up.folder(tmp_path / "data", hosts__mine=made_up.host(id="deepinfra"))
    found = advisor("recommend", HOSPITAL, "--format", "json", *DAY, "--rules", str(own_rules), "--data", str(data)).json
    assert found["overridden"] == ["rule eu-gdpr-44-transfer", "host deepinfra"]
    told = advisor("recommend", HOSPITAL, *DAY, "--rules", str(own_rules), "--data", str(data)).out
    assert "Your own rules and data replace the shipped rule eu-gdpr-44-transfer, host deepinfra." in " ".join(told.split())
    shown = advisor("catalogue", "show", "gpt-oss-120b@deepinfra/api", *DAY, "--data", str(data)).out
    assert "Your own data replace the shipped host deepinfra." in " ".join(shown.split())
    assert "replace the shipped" not in advisor("catalogue", "show", "gpt-oss-120b@deepinfra/api", *DAY).out


@pytest.mark.parametrize("by", ["option", "environment"])
def test_own_data_adds_hosts_and_changes_the_digest(by: str, advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = advisor("catalogue", "list", "--format", "json", *DAY).json
    folder = made_up.folder(tmp_path / "data", hosts__mine=made_up.host())
    if by == "environment":
        monkeypatch.setenv("ADVISOR_DATA", str(folder))
    setting = ("--data", str(folder)) if by == "option" else ()
    after = advisor("catalogue", "list", "--format", "json", *DAY, *setting).json
    assert {o["id"] for o in after["options"]} - {o["id"] for o in before["options"]} == {"gpt-oss-120b@made-up/api"}
    assert after["catalogue"] != before["catalogue"]


def test_the_later_of_two_folders_wins(advisor: Advisor, tmp_path: Path) -> None:
    folders = [made_up.folder(tmp_path / name, hosts__mine=made_up.host(name=f"Host of {name}")) for name in ("first", "second")]
    setting = [part for folder in folders for part in ("--data", str(folder))]
    found = advisor("catalogue", "list", "--format", "json", *DAY, *setting).json
    (name,) = [o["name"] for o in found["options"] if o["host"] == "made-up"]
    assert "Host of second" in name


def test_the_shipped_folders_are_those_of_the_checkout() -> None:
    assert shipped("rules") == ROOT / "rules"
    assert shipped("data") == ROOT / "data"
