"""Waivers: a live one turns a breach into `waived` and nothing else; every other one holds nothing and says why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from advisor import export
from advisor.answers import answers_from
from advisor.errors import BrokenInput
from advisor.library import Library, load_library
from advisor.recommendation import Recommendation, recommend
from advisor.rulebook.fingerprint import tree_fingerprint
from advisor.rulebook.load import load_rulebook
from advisor.rulebook.waivers import MOST_DAYS, Person, Waiver, read_waiver, void_because
from advisor.strict_yaml import parse, read
from advisor.vocabulary import Vocabulary
from tests.conftest import AS_OF

BROKEN = Path(__file__).parent / "broken_waivers"
NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))
RULE = "own-training"
USE_CASE = "Triage of letters"

WHOLE = """
id: made-up-waiver
rule: own-training
scope: {options: ["MODEL@HOST/*"], use_case: triage  of Letters}
reason: The host is asked for a contract without training; it is expected soon.
compensating_control: Letters are blackened by hand before they are sent.
author: {name: Ada Author, role: product owner}
approver: {name: Bo Approver, role: head of risk}
approved_on: 2026-10-01
expires: 2027-03-31
"""


def waiver(**changes: object) -> Waiver:
    whole = read_waiver(parse(WHOLE, "waivers/made-up.yaml"))
    return replace(whole, **changes)  # type: ignore[arg-type]


def library_with(*waivers: Waiver) -> Library:
    library = load_library()
    return replace(library, rulebook=replace(library.rulebook, waivers=waivers))


def judged(*waivers: Waiver, use_case: str = USE_CASE) -> Recommendation:
    stated = {"use_case": use_case, "provider_training": "never", "data_classes": ["internal"], "organisation_country": "US"}
    library = library_with(*waivers)
    return recommend(answers_from(stated, library.vocabulary), library, AS_OF)


def breaching(result: Recommendation) -> str:
    """An option that breaches the rule and no other `require` rule."""
    for ranked in result.excluded:
        if {f.rule.id for f in result.breaches(ranked)} == {RULE}:
            return ranked.option.id
    raise AssertionError("no option breaches this rule alone")


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_waiver_names_line_and_fault(name: str) -> None:
    line, words = (BROKEN / f"{name}.txt").read_text(encoding="utf-8").strip().split(": ", 1)
    with pytest.raises(BrokenInput) as caught:
        read_waiver(read(BROKEN / f"{name}.yaml", f"waivers/{name}.yaml"))
    assert line in {str(problem.line) for problem in caught.value.problems}
    assert words in "\n".join(map(str, caught.value.problems))


def test_an_unreadable_waiver_waives_nothing_and_stops_nothing(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "waivers").mkdir()
    (tmp_path / "waivers" / "a.yaml").write_text("id: [", encoding="utf-8")
    book = load_rulebook([tmp_path], vocabulary)
    assert book.waivers == ()
    assert [problem.path.endswith("waivers/a.yaml") for problem in book.void] == [True]


def test_a_later_folder_may_shorten_a_waiver_and_one_id_used_twice_holds_nothing(vocabulary: Vocabulary, tmp_path: Path) -> None:
    first, second = tmp_path / "first" / "waivers", tmp_path / "second" / "waivers"
    for folder, expires in ((first, "2027-03-31"), (second, "2026-11-10")):
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_text(WHOLE.replace("2027-03-31", expires), encoding="utf-8")
    book = load_rulebook([tmp_path / "first", tmp_path / "second"], vocabulary)
    assert [w.expires for w in book.waivers] == [date(2026, 11, 10)]
    assert book.overridden == ("waiver made-up-waiver",)
    (first / "b.yaml").write_text(WHOLE, encoding="utf-8")
    (twice,) = load_rulebook([tmp_path / "first"], vocabulary).waivers
    assert void_because(twice, load_library().rulebook.rules, AS_OF).startswith("its id is used twice")


def test_what_is_said_of_an_unreadable_waiver_does_not_hang_on_where_it_lies(vocabulary: Vocabulary, tmp_path: Path) -> None:
    said = []
    for name in ("here", "there"):
        (tmp_path / name / "waivers").mkdir(parents=True)
        (tmp_path / name / "waivers" / "a.yaml").write_bytes(b"\xff\x00")
        book = load_rulebook([tmp_path / name], vocabulary)
        library = load_library()
        result = recommend(answers_from({}, vocabulary), replace(library, rulebook=replace(library.rulebook, void=book.void)), AS_OF)
        said.append(export.waivers(result))
    assert said[0] == said[1] == [{"id": "a.yaml", "void_because": said[0][0]["void_because"]}]


def test_a_live_waiver_turns_a_breach_into_waived_and_the_finding_says_so() -> None:
    before = judged()
    option = breaching(before)
    after = judged(waiver(options=(option,)))
    ranked = after.find(option)
    assert ranked is not None
    assert ranked.standing in {"conditional", "unconfirmed"}
    (found,) = [f for f in after.findings(ranked) if f.rule.id == RULE]
    assert found.verdict == "waived"
    assert found.would_be == "breaches"
    assert found.reason.startswith("Waived until 2027-03-31 by Bo Approver, head of risk (would breach). ")
    assert any("blackened by hand" in o.text for o in after.obligations(ranked))
    changed = {r.option.id for r in after.all if (was := before.find(r.option.id)) and was.standing != r.standing}
    assert changed == {option}
    assert export.document(after)["waivers"][0]["void_because"] == ""  # type: ignore[index]


def test_a_waiver_speaks_of_its_own_options_and_use_case_only() -> None:
    option = breaching(judged())
    host = option.rpartition("/")[0]
    for options, use_case, waived in (
        ((option,), USE_CASE, True),
        ((f"{host}/*",), "  TRIAGE of letters ", True),
        ((f"{option}x",), USE_CASE, False),
        ((option,), "Another use", False),
        ((option,), "", False),
    ):
        result = judged(waiver(options=options), use_case=use_case)
        ranked = result.find(option)
        assert ranked is not None
        assert (ranked.standing != "excluded") is waived, (options, use_case)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"rule": "no-such-rule"}, "there is no rule 'no-such-rule'"),
        ({"rule": "weigh-base"}, "a rule with the effect `weigh` needs no waiver"),
        ({"approver": Person("ada  AUTHOR", "chair")}, "its author approved it"),
        ({"approver": Person("Ada\u200b Author", "chair")}, "its author approved it"),
        ({"author": Person("Zo\u00eb Z", "owner"), "approver": Person("Zoe\u0308 Z", "chair")}, "its author approved it"),
        ({"expires": date(2026, 10, 1) + timedelta(days=MOST_DAYS)}, ""),
        ({"expires": date(2026, 10, 1) + timedelta(days=MOST_DAYS + 1)}, "it runs 366 days, and 365 is the most"),
        ({"expires": date(2026, 9, 1)}, "it expires before it was approved"),
        ({"expires": AS_OF}, f"it expired on {AS_OF}"),
        ({"expires": AS_OF + timedelta(days=1)}, ""),
        ({"approved_on": AS_OF}, ""),
        ({"approved_on": AS_OF + timedelta(days=1)}, "it was approved on 2026-11-25 only"),
        ({"tree": "0" * 64}, "the rule has changed since it was signed"),
    ],
)
def test_one_function_says_why_a_waiver_is_void(changes: dict[str, object], words: str) -> None:
    rules = load_library().rulebook.rules
    weigh = next(rule.id for rule in rules.values() if rule.effect == "weigh")
    if changes.get("rule") == "weigh-base":
        changes = {"rule": weigh}
    assert void_because(waiver(**changes), rules, AS_OF) == words


def test_a_waiver_bound_to_the_rule_as_it_stands_is_live() -> None:
    rules = load_library().rulebook.rules
    assert void_because(waiver(tree=tree_fingerprint(rules[RULE])), rules, AS_OF) == ""


def test_a_void_waiver_changes_nothing() -> None:
    option = breaching(judged())
    result = judged(waiver(options=(option,), expires=AS_OF))
    ranked = result.find(option)
    assert ranked is not None
    assert ranked.standing == "excluded"
    assert export.document(result)["waivers"][0]["void_because"] == f"it expired on {AS_OF}"  # type: ignore[index]


def test_no_other_module_decides_whether_a_waiver_is_live() -> None:
    package = Path(__file__).parents[2] / "advisor"
    deciding = re.compile(r"approved_on\s*[<>]|[<>]=?\s*\w+\.(expires|approved_on)|\.expires\s*[<>]")
    found = {p.name for p in package.rglob("*.py") if deciding.search(p.read_text(encoding="utf-8"))}
    assert found == {"waivers.py"}
