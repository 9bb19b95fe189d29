"""Recommendation: outcomes, what is open and for how many, and words that follow from the numbers."""

from __future__ import annotations

from collections import Counter

import pytest

from advisor import export
from advisor.library import Library
from advisor.recommendation import Recommendation, recommend
from advisor.wording import headline, reasons
from tests.conftest import AS_OF, Stated


@pytest.fixture(scope="module")
def nothing_said(library: Library, stated: Stated) -> Recommendation:
    return recommend(stated(), library, AS_OF)


def test_without_any_answer_nothing_is_confirmed_and_nothing_is_recommended(nothing_said: Recommendation) -> None:
    assert nothing_said.outcome == "unconfirmed-only"
    assert nothing_said.best is None
    assert not nothing_said.ranked
    assert len(nothing_said.nearest) == 10


@pytest.mark.soak
def test_every_unknown_answer_that_keeps_a_rule_open_is_asked_for_with_the_number_that_wait(nothing_said: Recommendation) -> None:
    waiting = Counter(
        fact for r in nothing_said.unconfirmed for fact in {q.fact for q in nothing_said.requests(r) if q.fact.startswith("use.")}
    )
    assert waiting["use.data_classes"] > 100
    assert {f"use.{q.key}": q.options for q in nothing_said.open_questions} == dict(waiting)


def test_open_questions_come_with_the_rules_that_wait_and_most_waiting_first(nothing_said: Recommendation) -> None:
    questions = nothing_said.open_questions
    assert [q.options for q in questions] == sorted((q.options for q in questions), reverse=True)
    for question in questions:
        assert question.rules
        assert all(f"use.{question.key}" in nothing_said.library.rulebook.rule(rule).facts for rule in question.rules)


def test_an_answer_closes_its_question(library: Library, stated: Stated, nothing_said: Recommendation) -> None:
    assert "quality_need" in {q.key for q in nothing_said.open_questions}
    told = recommend(stated(quality_need="basic"), library, AS_OF)
    assert "quality_need" not in {q.key for q in told.open_questions}


def test_requests_for_evidence_name_a_question_somebody_can_answer(nothing_said: Recommendation) -> None:
    for ranked in nothing_said.nearest:
        for request in nothing_said.requests(ranked):
            assert request.question.endswith((".", "?"))
            assert request.who
            assert "{" not in request.question
            assert request.rules


def test_the_counts_add_up_and_every_option_stands_in_one_place(nothing_said: Recommendation, library: Library) -> None:
    counts = nothing_said.counts
    assert counts["options"] == len(library.table(AS_OF).options)
    assert len({r.option.id for r in nothing_said.all}) == counts["options"]
    assert sum(counts[standing] for standing in ("eligible", "conditional", "unconfirmed", "excluded")) == counts["options"]


def test_the_headline_says_that_nothing_is_confirmed_and_names_the_nearest(nothing_said: Recommendation) -> None:
    assert nothing_said.nearest[0].option.name in headline(nothing_said)
    assert headline(nothing_said).startswith("No option can be confirmed yet.")


def test_when_everything_is_excluded_the_outcome_is_none_and_the_rules_are_named(library: Library, stated: Stated) -> None:
    found = recommend(stated(longest_input_tokens=900_000_000, **ENOUGH), library, AS_OF)
    assert found.outcome == "none"
    assert found.counts["excluded"] == found.counts["options"]
    rule, count = found.excluding_rules()[0]
    assert count >= 1
    assert rule.effect == "require"
    assert any("own-context-length" in reason.rules for reason in reasons(found))
    assert export.document(found)["recommended"] is None


ENOUGH: dict[str, object] = {
    "data_classes": ["public"], "sector": ["other"], "organisation_country": "US", "public_body_level": "none", "residency": "anywhere",
    "quality_need": "basic", "tasks": ["chat"], "people_countries": ["US"], "infrastructure_skill": "gpu-oncall", "gpu_access": "own",
    "foreign_control": "yes", "logs_elsewhere": "yes", "attestations": [], "provider_training": "allowed", "api_independence": "not-needed",
    "commercial_use": "yes", "decision_role": "none", "monthly_active_users": 100,
}  # fmt: skip


def test_an_easy_case_has_an_option_with_nothing_left_to_do(library: Library, stated: Stated) -> None:
    volume = {
        "requests_per_month": 90_000,
        "input_tokens_per_request": 800,
        "output_tokens_per_request": 300,
        "longest_input_tokens": 4_000,
    }
    found = recommend(stated(**ENOUGH, **volume), library, AS_OF)
    assert found.best_eligible is not None
    assert found.outcome in ("recommended", "conditional")
    assert found.obligations(found.best_eligible) == []
    assert len(reasons(found)) >= 3
