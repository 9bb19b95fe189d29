"""A broken rule file does not load, and says why: one fault a file in `broken/`, with the words its messages must hold beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from advisor.errors import BrokenInput, NotFound, Problem
from advisor.possible import ANY_NUMBER, Choice, Members, exactly, number
from advisor.rulebook.condition import ALWAYS, All, Answer, AnyOf, Group, Limit, Not, Test, Values
from advisor.rulebook.load import load_rulebook, read_rule
from advisor.rulebook.rule import Rule
from advisor.strict_yaml import parse, read
from advisor.vocabulary import Vocabulary

BROKEN = Path(__file__).parent / "broken"
NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))

WHOLE = """
id: made-up-retention
title: Prompts with personal data are kept at most 30 days
effect: require
place: XX
topic: retention
arms:
  - in_force: {from: 2025-01-01, until: 2026-01-01}
    source: {cite: Example Act s. 4, url: "https://law.example/4", checked: read, verified: 2026-11-20}
    applies_when:
      all:
        - {fact: use.data_classes, has: personal}
        - not: {fact: use.people_countries, has_any: {group: eea}}
    requires:
      any:
        - {fact: option.retention_days, at_most: {answer: retention_days_max}}
        - {fact: option.processing_places, within: [DE, "NO"]}
  - in_force: {from: 2026-01-01}
    source: {cite: Example Act s. 4 as amended, url: "", checked: secondary}
    requires: {fact: option.trains_on_prompts, is: no}
exceptions:
  - id: own
    title: Own machines
    when: {fact: option.premises, is: own}
    source: {cite: Example Act s. 5, url: "", checked: read}
    examples:
      - name: own machines are out of scope
        given: {use.data_classes: {certain: [], possible: [personal]}, option.retention_days: [7, 30],
                option.premises: own, option.mode: unknown}
        verdict: not_applicable
reason: Prompts would be kept for {option.retention_days}.
remedy: Choose another endpoint.
obligation: {text: Sign it., done_when: {fact: use.agreements, has: dpa}}
examples:
  - {name: one, given: {option.trains_on_prompts: no}, verdict: complies, as_of: 2026-01-01}
review: not yet reviewed by a lawyer
"""


def rule_in(text: str, vocabulary: Vocabulary) -> Rule:
    return read_rule(parse(text, "rule.yaml"), vocabulary)


def problems_of(load: Callable[[], object]) -> list[Problem]:
    with pytest.raises(BrokenInput) as caught:
        load()
    return list(caught.value.problems)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_rule_names_every_fault_with_file_line_and_words(name: str, vocabulary: Vocabulary) -> None:
    path = BROKEN / f"{name}.yaml"
    found = problems_of(lambda: read_rule(read(path, f"broken/{name}.yaml"), vocabulary))
    expected = [line.split(": ", 1) for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()]
    assert [str(problem.line) for problem in found] == [line for line, _ in expected], "\n".join(map(str, found))
    for problem, (line, words) in zip(found, expected, strict=True):
        place = f"broken/{name}.yaml:{line}:" if line != "0" else f"broken/{name}.yaml: "
        assert str(problem).startswith(place)
        assert words in str(problem)
        assert "\n" not in problem.what
        assert len(str(problem)) < 500


def test_every_broken_file_has_its_words_and_every_word_its_file() -> None:
    assert sorted(path.stem for path in BROKEN.glob("*.txt")) == NAMES


def test_the_problems_of_all_files_come_together(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("unknown-fact", "bad-date", "duplicate-key"):
        shutil.copy(BROKEN / f"{name}.yaml", tmp_path)
    found = problems_of(lambda: load_rulebook([tmp_path], vocabulary))
    assert {problem.path.rpartition("/")[2] for problem in found} == {"unknown-fact.yaml", "bad-date.yaml", "duplicate-key.yaml"}


def test_one_id_in_two_files_of_a_folder_is_a_fault_that_names_both(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(WHOLE, encoding="utf-8")
    (problem,) = problems_of(lambda: load_rulebook([tmp_path], vocabulary))
    assert problem.path.endswith("b.yaml")
    assert problem.line == 2
    assert "'made-up-retention' is also used by" in problem.what
    assert "a.yaml" in problem.what


def test_one_id_in_a_later_folder_replaces_the_rule_and_is_reported(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for folder, title in (("first", "Prompts are kept at most 30 days"), ("second", "Prompts are kept at most 7 days")):
        (tmp_path / folder).mkdir()
        text = WHOLE.replace("Prompts with personal data are kept at most 30 days", title)
        (tmp_path / folder / "a.yaml").write_text(text, encoding="utf-8")
    rulebook = load_rulebook([tmp_path / "first", tmp_path / "second"], vocabulary)
    assert rulebook.rule("made-up-retention").title == "Prompts are kept at most 7 days"
    assert rulebook.overridden == ("made-up-retention",)


def test_a_missing_folder_is_a_fault(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (problem,) = problems_of(lambda: load_rulebook([tmp_path / "nowhere"], vocabulary))
    assert "does not exist" in problem.what


def test_a_link_out_of_the_folder_is_not_followed(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert load_rulebook([tmp_path / "rules"], vocabulary).rules == {}


def test_an_unknown_rule_is_not_found_with_a_suggestion(vocabulary: Vocabulary, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(NotFound, match="did you mean 'made-up-retention'"):
        load_rulebook([tmp_path], vocabulary).rule("made-up-retentoin")


# ---------------------------------------------------------------------- a rule that is whole
def test_a_whole_rule_is_read_as_it_is_written(vocabulary: Vocabulary) -> None:
    rule = rule_in(WHOLE, vocabulary)
    first, second = rule.arms
    assert first.applies == All(
        (
            Test("use.data_classes", "has", Values(("personal",))),
            Not(Test("use.people_countries", "has_any", Group("eea"))),
        )
    )
    assert first.requires == AnyOf(
        (
            Test("option.retention_days", "at_most", Answer("retention_days_max")),
            Test("option.processing_places", "within", Values(("DE", "NO"))),
        )
    )
    assert second.applies == ALWAYS
    assert second.requires == Test("option.trains_on_prompts", "is", Values(("no",)))
    assert rule.obligation is not None
    assert rule.obligation.done_when == Test("use.agreements", "has", Values(("dpa",)))


def test_scope_is_the_arm_less_its_exceptions(vocabulary: Vocabulary) -> None:
    rule = rule_in(WHOLE, vocabulary)
    own = Test("option.premises", "is", Values(("own",)))
    assert rule.applies(rule.arms[0]) == All((rule.arms[0].applies, Not(AnyOf((own,)))))


def test_an_arm_holds_from_its_first_day_to_the_day_before_its_end(vocabulary: Vocabulary) -> None:
    rule = rule_in(WHOLE, vocabulary)
    in_force = [rule.arm(day) for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(9999, 12, 31))]
    assert in_force == [None, rule.arms[0], rule.arms[0], rule.arms[1], rule.arms[1]]
    assert rule.next_change(date(2024, 12, 31)) == date(2025, 1, 1)
    assert rule.next_change(date(2025, 1, 1)) == date(2026, 1, 1)
    assert rule.next_change(date(2026, 1, 1)) is None


def test_arms_may_stand_in_any_order_and_leave_a_gap(vocabulary: Vocabulary) -> None:
    later = WHOLE.replace("{from: 2025-01-01, until: 2026-01-01}", "{from: 2028-01-01}").replace(
        "{from: 2026-01-01}", "{from: 2026-01-01, until: 2027-01-01}"
    )
    rule = rule_in(later, vocabulary)
    assert [rule.arm(day) is not None for day in (date(2026, 6, 1), date(2027, 1, 1), date(2028, 1, 1))] == [True, False, True]


def test_an_example_says_what_is_possible(vocabulary: Vocabulary) -> None:
    given = next(example.given for example in rule_in(WHOLE, vocabulary).all_examples() if example.name.startswith("own machines"))
    assert given["use.data_classes"] == Members(frozenset(), frozenset({"personal"}))
    assert given["option.retention_days"] != number(7)
    assert (given["option.retention_days"].lo, given["option.retention_days"].hi) == (7, 30)  # type: ignore[union-attr]
    assert given["option.premises"] == Choice(frozenset({"own"}))
    assert given["option.mode"] == Choice(vocabulary.values(vocabulary.facts["option.mode"]))


def test_an_example_may_name_places_by_token_or_globally(vocabulary: Vocabulary) -> None:
    text = WHOLE.replace("{option.trains_on_prompts: no}", "{option.processing_places: [global], option.storage_places: [EEA, CH]}")
    given = next(example.given for example in rule_in(text, vocabulary).all_examples() if example.name == "one")
    assert given["option.processing_places"] == exactly(*vocabulary.places.countries)
    assert given["option.storage_places"] == exactly(*vocabulary.places.members("eea", date(2026, 1, 1)), "CH")


def test_limits_keep_their_size(vocabulary: Vocabulary) -> None:
    text = WHOLE.replace("{fact: option.trains_on_prompts, is: no}", "{fact: option.context_tokens, at_least: 1048576}")
    assert rule_in(text, vocabulary).arms[1].requires == Test("option.context_tokens", "at_least", Limit(1048576.0))
    assert vocabulary.unknown(vocabulary.facts["option.context_tokens"]) == ANY_NUMBER
