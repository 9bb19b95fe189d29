"""The way through the questionnaire."""

from __future__ import annotations

from datetime import date

import yaml

from advisor.answers import parse_answers
from advisor.library import Library
from advisor.ui import flow
from advisor.ui.answers_file import answers_file, examples, opened
from advisor.ui.state import Draft

AS_OF = date(2026, 11, 24)


def take(draft: Draft, library: Library, key: str, value: object, unsure: bool = False) -> None:
    flow.take(draft, library, key, value, unsure, AS_OF)


def ids(draft: Draft, library: Library) -> list[str]:
    return [q.id for q in flow.shown(library, draft.known, AS_OF)]


def test_nothing_is_skipped_before_anything_is_known(library: Library) -> None:
    assert ids(Draft(), library) == [q.id for q in library.questions]


def test_a_question_that_can_no_longer_matter_is_skipped(library: Library) -> None:
    draft = Draft()
    take(draft, library, "residency", "anywhere")
    assert "residency-places" not in ids(draft, library)
    take(draft, library, "residency", "listed")
    assert "residency-places" in ids(draft, library)


def test_an_answer_is_set_aside_with_its_question_and_comes_back_with_it(library: Library) -> None:
    draft = Draft()
    take(draft, library, "residency", "listed")
    take(draft, library, "residency_places", ["EEA"])
    take(draft, library, "residency", "anywhere")
    assert "residency_places" not in draft.known
    assert flow.contradictions_in(draft) == []
    take(draft, library, "residency", "listed")
    assert draft.known["residency_places"] == ("EEA",)


def test_an_answer_of_a_file_stays_though_its_question_is_not_shown(library: Library) -> None:
    draft = opened(b"people_count: 5\norganisation_country: DE\npeople_countries: [DE]\n", "a.yaml", library)
    take(draft, library, "quality_need", "good")
    assert draft.known["people_count"] == 5


def test_an_unsound_answer_changes_nothing_and_the_engine_says_why(library: Library) -> None:
    draft = Draft(known={"requests_per_month": 5})
    take(draft, library, "requests_per_month", -1)
    assert draft.known["requests_per_month"] == 5
    assert "less than 0" in flow.problem("requests_per_month", -1, library.vocabulary)
    assert flow.problem("requests_per_month", None, library.vocabulary) == ""


def test_not_knowing_is_an_answer_and_clears_the_earlier_one(library: Library) -> None:
    draft = Draft(known={"quality_need": "good"})
    take(draft, library, "quality_need", None, unsure=True)
    assert draft.known == {}
    assert draft.unsure == {"quality_need"}
    take(draft, library, "quality_need", "high")
    assert draft.unsure == set()


def test_neighbours_follow_the_order(library: Library) -> None:
    shown = flow.shown(library, {}, AS_OF)
    assert flow.neighbour(shown, shown[0], 1) is shown[1]
    assert flow.neighbour(shown, shown[1], -1) is shown[0]
    assert flow.neighbour(shown, shown[0], -1) is None
    assert flow.neighbour(shown, shown[-1], 1) is None


def test_the_rules_that_read_a_question_are_those_that_name_its_keys(library: Library) -> None:
    question = flow.question_of(library, "organisation_country")
    assert question is not None
    rules = {rule.id for rule in flow.reading_rules(library, question)}
    assert "licence-llama-eu" in rules
    assert rules == {r.id for r in library.rulebook.rules.values() if "use.organisation_country" in r.facts}


def test_every_answer_key_has_a_question(library: Library) -> None:
    assert [fact.key for fact in library.vocabulary.answer_facts if flow.question_of(library, fact.key) is None] == []


def test_a_saved_file_opens_as_it_was(library: Library) -> None:
    draft = Draft(known={"use_case": "no: 'yes' # $5\n- two", "organisation_country": "NO", "attestations": (), "commercial_use": "no",
                         "gpus_owned": {"h100": 8}, "batch_share": 0.25}, unsure={"quality_need"})  # fmt: skip
    again = opened(answers_file(draft, library).encode(), "answers.yaml", library)
    assert again.known == draft.known
    assert again.unsure == draft.unsure


def test_every_example_survives_saving(library: Library) -> None:
    assert len(examples()) >= 8
    for name, path in examples().items():
        draft = opened(path.read_bytes(), name, library)
        text = answers_file(draft, library)
        assert parse_answers(text, name, library.vocabulary).plain() == parse_answers(path.read_bytes(), name, library.vocabulary).plain()
        assert yaml.safe_load(text).keys() == draft.known.keys() | draft.unsure
