"""Provisions: what a person has to look at is shown to whom it concerns, and a broken file says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from advisor import export
from advisor.answers import answers_from
from advisor.errors import BrokenInput
from advisor.library import load_library, shipped
from advisor.recommendation import recommend
from advisor.rulebook.load import load_rulebook
from advisor.rulebook.provisions import duties, read_provisions
from advisor.strict_yaml import parse, read
from advisor.vocabulary import Vocabulary
from tests.conftest import AS_OF

BROKEN = Path(__file__).parent / "broken_provisions"
NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))

MANUAL = """
law: Made-up Act
place: XX
provisions:
  - id: made-up-basis
    provision: s. 1
    title: A basis for the work
    consequence: documentation-duty
    status: manual
    why: It is a judgement on the purpose.
    shows: obligation
    applies_when: {fact: use.data_classes, has: personal}
    in_force: {from: 2026-01-01, until: 2027-01-01}
    text: Write the basis down.
    source: {cite: Made-up Act s. 1, url: "", checked: memory}
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_names_line_and_fault(name: str, vocabulary: Vocabulary) -> None:
    line, words = (BROKEN / f"{name}.txt").read_text(encoding="utf-8").strip().split(": ", 1)
    with pytest.raises(BrokenInput) as caught:
        read_provisions(read(BROKEN / f"{name}.yaml", f"broken/{name}.yaml"), vocabulary)
    (problem,) = caught.value.problems
    assert problem.line == int(line), problem
    assert words in str(problem)


@pytest.mark.parametrize(
    ("classes", "day", "shown"),
    [
        (["personal"], "2026-01-01", [True]),
        (["child"], "2026-12-31", [True]),
        (["internal"], "2026-06-01", []),
        (None, "2026-06-01", [False]),
        (["personal"], "2025-12-31", []),
        (["personal"], "2027-01-01", []),
    ],
)
def test_a_duty_is_shown_while_it_is_in_force_to_whom_it_may_concern(
    classes: list[str] | None, day: str, shown: list[bool], vocabulary: Vocabulary
) -> None:
    provisions = read_provisions(parse(MANUAL, "provisions.yaml"), vocabulary)
    answers = answers_from({} if classes is None else {"data_classes": classes}, vocabulary)
    as_of = date.fromisoformat(day)
    found = duties(provisions, vocabulary, lambda fact: answers.possible(fact, as_of), as_of)
    assert [duty.sure for duty in found] == shown


def test_a_duty_stands_in_the_result_and_changes_no_standing(vocabulary: Vocabulary) -> None:
    library = load_library()
    answers = answers_from({"data_classes": ["personal"], "requests_per_month": 10}, vocabulary)
    book = replace(library.rulebook, provisions=tuple(read_provisions(parse(MANUAL, "provisions.yaml"), vocabulary)))
    without, with_ = (recommend(answers, replace(library, rulebook=b), AS_OF) for b in (replace(book, provisions=()), book))
    assert without.counts == with_.counts
    document = export.document(with_)
    (shown,) = [o for o in document["obligations"] if o.get("provision")]  # type: ignore[attr-defined]
    assert shown["text"] == "Write the basis down."
    assert shown["applies"] == "yes"
    assert not [o for o in export.document(without)["obligations"] if o.get("provision")]  # type: ignore[attr-defined]


def test_a_provision_that_names_no_rule_of_the_book_stops_everything(vocabulary: Vocabulary, tmp_path: Path) -> None:
    item = "{id: a, provision: s 1, title: A title, consequence: blocks, status: covered_by, rules: [no-such]}"
    text = f"law: Act\nplace: XX\nprovisions:\n  - {item}\n"
    (tmp_path / "provisions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenInput, match="there is no rule 'no-such'"):
        load_rulebook([tmp_path], vocabulary)


def test_one_id_in_two_files_is_a_fault(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "rules" / name).mkdir(parents=True)
        (tmp_path / "rules" / name / "provisions.yaml").write_text(MANUAL, encoding="utf-8")
    with pytest.raises(BrokenInput, match="the id is also used in"):
        load_rulebook([tmp_path], vocabulary)


def test_the_shipped_provisions_fit_the_shipped_rules(vocabulary: Vocabulary) -> None:
    book = load_rulebook([shipped("rules")], vocabulary)
    assert {rule for item in book.provisions for rule in item.rules} <= book.rules.keys()


def test_a_later_folder_replaces_a_provision_and_that_is_shown(vocabulary: Vocabulary, tmp_path: Path) -> None:
    for name, title in (("one", "A basis for the work"), ("two", "A better basis")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "provisions.yaml").write_text(MANUAL.replace("A basis for the work", title), encoding="utf-8")
    book = load_rulebook([tmp_path / "one", tmp_path / "two"], vocabulary)
    assert [item.title for item in book.provisions] == ["A better basis"]
    assert book.overridden == ("provision made-up-basis",)
