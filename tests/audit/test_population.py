"""The population: the same for the same seed, correct as answers, and with every kind of answer in it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from advisor.answers import Answers, answers_from
from advisor.audit.effects.population import in_words, population
from advisor.audit.effects.shelf import workload_key
from advisor.audit.effects.workloads import PROFILES
from advisor.library import Library
from tests.conftest import AS_OF

FREE = ("country", "country-or-group", "language")
"""Lists of the world; a population need not visit every country."""


def as_bytes(drawn: Iterable[Answers]) -> bytes:
    return json.dumps([answers.plain() for answers in drawn]).encode()


@pytest.fixture(scope="module")
def large(library: Library) -> tuple[Answers, ...]:
    return population(library.vocabulary, library.questions, 10_000, 1)


def test_the_same_seed_draws_the_same_bytes_and_another_seed_others(library: Library) -> None:
    first, again = (as_bytes(population(library.vocabulary, library.questions, 300, 5)) for _ in range(2))
    assert first == again
    assert as_bytes(population(library.vocabulary, library.questions, 300, 6)) != first


def test_a_smaller_population_is_the_beginning_of_a_larger_one(library: Library, large: tuple[Answers, ...]) -> None:
    assert as_bytes(population(library.vocabulary, library.questions, 50, 1)) == as_bytes(large[:50])


def test_every_set_passes_the_checks_of_an_answers_file(library: Library, large: tuple[Answers, ...]) -> None:
    for answers in large[:2_000]:
        assert answers_from(answers.plain(), library.vocabulary).known == answers.known


def test_every_value_of_every_closed_list_occurs(library: Library, large: tuple[Answers, ...]) -> None:
    for fact in library.vocabulary.answer_facts:
        if fact.domain in FREE or not library.vocabulary.values(fact):
            continue
        drawn = {v for answers in large for v in _values(answers, fact.key)}
        assert drawn == library.vocabulary.values(fact), fact.name


def test_every_answer_that_a_rule_may_read_is_sometimes_known_and_sometimes_not(library: Library, large: tuple[Answers, ...]) -> None:
    for fact in library.vocabulary.answer_facts:
        if fact.kind != "text":
            known = sum(fact.key in answers.known for answers in large)
            assert 0 < known < len(large), fact.name


def test_answers_go_together(library: Library, large: tuple[Answers, ...]) -> None:
    groups = library.vocabulary.places.groups
    union = {c for span in groups["eu"].spans for c in span.members}
    for answers in large:
        seat, people = answers.text("organisation_country"), set(answers.listed("people_countries") or ())
        if seat is None or "people_countries" not in answers.known:
            continue
        for region in answers.listed("regions") or ():
            assert region[:2].upper() in {seat, *people}
        if answers.text("public_body_level") == "eu-institution":
            assert seat in union
        if "uk-nhs" in (answers.listed("special_roles") or ()):
            assert seat == "GB"


def test_workloads_are_few(large: tuple[Answers, ...]) -> None:
    assert len({workload_key(answers, AS_OF) for answers in large}) <= 3 * PROFILES  # in Europe, elsewhere, and not known where


def test_a_set_is_told_in_one_line(large: tuple[Answers, ...], library: Library) -> None:
    assert all("\n" not in in_words(answers) and len(in_words(answers)) > 20 for answers in large[:500])
    said = answers_from({"sector": ["health"], "organisation_country": "DE", "residency": "anywhere"}, library.vocabulary)
    assert in_words(said) == "health care; in Germany; data not known; may be processed: anywhere; volume not known"


def _values(answers: Answers, key: str) -> tuple[str, ...]:
    value = answers.known.get(key)
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
