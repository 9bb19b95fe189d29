"""Answers: every key is read and checked; unknown, absent and none stay apart; implications and tokens mean what they should."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from pathlib import Path

import pytest

from advisor.answers import CRITERIA, MOST_TEXT, Answers, answers_from, load_answers, parse_answers
from advisor.errors import BrokenInput, Problem
from advisor.library import Library, shipped
from advisor.possible import Choice, Interval, Members, Possible, choice, exactly, number
from advisor.questions import load_questions
from advisor.rulebook.condition import Group, Operand, Test, Values
from advisor.rulebook.judge import Judge
from advisor.vocabulary import Vocabulary
from tests.conftest import AS_OF, Stated

TASKS = "chat writing summarising document-qa extraction classification translation coding reasoning agents vision speech"
SECTORS = (
    "health banking insurance payments public-sector defence law-enforcement education legal telecom critical-services "
    "children-online other"
)
AREAS = (
    "none employment education essential-services credit insurance law-enforcement migration justice biometrics "
    "critical-infrastructure medical-device"
)
DATA = (
    "public internal trade-secret personal special-category biometric child us-phi substance-use payment-card financial-customer "
    "professional-secret student-record controlled-unclassified export-controlled criminal-justice federal-tax public-sector-official "
    "payment-system"
)
CHOICES = {
    "decision_role": "none assists decides-reviewed decides-alone",
    "high_risk_area": AREAS,
    "annex_iii_exception": "none narrow-procedural improves-human-result detects-patterns preparatory",
    "public_body_level": "none federal state local eu-institution",
    "residency": "anywhere adequate listed own-premises",
    "logs_elsewhere": "no no-content yes",
    "foreign_control": "no encrypted-only with-assessment yes",
    "provider_training": "never allowed",
    "hours": "office extended always",
    "latency": "typing seconds minutes overnight",
    "availability": "best-effort recoverable important critical",
    "quality_need": "basic good high best",
    "infrastructure_skill": "none api containers gpu gpu-oncall",
    "gpu_access": "none rent buy own",
    "api_independence": "not-needed wanted required",
    "commercial_use": "yes no",
    "profiles_people": "yes no",
    "organisation_country": "DE US NO CN GB",
}
LISTS = {
    "tasks": TASKS,
    "sector": SECTORS,
    "data_classes": DATA,
    "people_countries": "DE US NO EEA",
    "residency_places": "DE EU EEA CH",
    "attestations": "soc2 iso27001 c5 hds secnumcloud fedramp-high pci-dss",
    "agreements": "dpa scc transfer-assessment baa",
    "languages": "de en fr",
}
WHOLE = (
    "annual_revenue_usd",
    "people_count",
    "retention_days_max",
    "requests_per_month",
    "input_tokens_per_request",
    "output_tokens_per_request",
    "longest_input_tokens",
    "planning_months",
    "monthly_active_users",
    "staff_usd_per_year",
    "monthly_budget_usd",
)
FACTORS = {"requests_growth_per_year": 1.5, "peak_factor": 2.5, "batch_share": 0.25, "cached_share": 1}
TEXTS = ("use_case", "owner")
EVERY_KEY = {*CHOICES, *LISTS, *WHOLE, *FACTORS, *TEXTS, "priorities", "gpus_owned"}


def problems(vocabulary: Vocabulary, text: str) -> list[Problem]:
    with pytest.raises(BrokenInput) as caught:
        parse_answers(text, "answers.yaml", vocabulary)
    return list(caught.value.problems)


def problem(vocabulary: Vocabulary, text: str) -> str:
    (found,) = problems(vocabulary, text)
    return str(found)


# ---------------------------------------------------------------------- every key of design 6.2
def test_every_documented_key_is_known_and_three_more(vocabulary: Vocabulary) -> None:
    known = {fact.key for fact in vocabulary.answer_facts}
    assert known >= EVERY_KEY
    assert known - EVERY_KEY == {"licence_end_user", "regions", "special_roles"}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in CHOICES.items() for value in values.split()])
def test_a_choice_takes_each_documented_value(key: str, value: str, vocabulary: Vocabulary) -> None:
    answers = parse_answers(f"{key}: {value}", "a.yaml", vocabulary)
    assert answers.text(key) == value
    assert answers.possible(f"use.{key}", AS_OF) == choice(value)


@pytest.mark.parametrize(("key", "values"), LISTS.items())
def test_a_list_takes_each_documented_value(key: str, values: str, vocabulary: Vocabulary) -> None:
    answers = parse_answers(json.dumps({key: values.split()}), "a.json", vocabulary)
    assert answers.listed(key) == tuple(sorted(values.split()))


@pytest.mark.parametrize("key", WHOLE)
def test_a_whole_number_is_read_exactly(key: str, vocabulary: Vocabulary) -> None:
    assert parse_answers(f"{key}: 120", "a.yaml", vocabulary).number(key) == 120
    assert parse_answers(f"{key}: 120", "a.yaml", vocabulary).possible(f"use.{key}", AS_OF) == number(120)
    assert "whole number" in problem(vocabulary, f"{key}: 1.5")


@pytest.mark.parametrize(("key", "value"), FACTORS.items())
def test_a_factor_may_have_decimals(key: str, value: float, vocabulary: Vocabulary) -> None:
    assert parse_answers(f"{key}: {value}", "a.yaml", vocabulary).number(key) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, "-1") for key in (*WHOLE, *FACTORS)),
        *((key, "1" + "0" * 20) for key in WHOLE),
        ("peak_factor", "0.99"),
        ("batch_share", "1.01"),
        ("cached_share", "2"),
        ("planning_months", "0"),
    ],
)
def test_a_number_outside_its_limits_is_refused(key: str, value: str, vocabulary: Vocabulary) -> None:
    assert " than " in problem(vocabulary, f"{key}: {value}")


def test_a_text_is_kept_as_written_and_has_a_limit(vocabulary: Vocabulary) -> None:
    text = "Discharge letters – «drafts» for Größenwahn 🏥"
    assert parse_answers(f"use_case: {text}", "a.yaml", vocabulary).text("use_case") == text
    assert str(MOST_TEXT) in problem(vocabulary, f"owner: {'x' * (MOST_TEXT + 1)}")


def test_priorities_name_criteria_and_leave_the_others_at_nothing(vocabulary: Vocabulary) -> None:
    answers = parse_answers("priorities: {quality: 100, cost: 60}", "a.yaml", vocabulary)
    assert answers.weights("priorities") == {"quality": 100, "cost": 60, "control": 0, "operations": 0, "speed": 0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{quality: 101}", "from 0 to 100"),
        ("{quality: -1}", "from 0 to 100"),
        ("{quality: 0.5}", "whole number"),
        ("{qualty: 5}", "did you mean 'quality'"),
        ("{quality: 0, cost: 0}", "all weights are 0"),
        ("[quality]", "expected weights"),
        ("high", "expected weights"),
        ("{quality: true}", "whole number"),
    ],
)
def test_wrong_priorities_are_refused(text: str, words: str, vocabulary: Vocabulary) -> None:
    assert words in problem(vocabulary, f"priorities: {text}")


def test_gpus_are_kinds_with_counts(vocabulary: Vocabulary) -> None:
    assert parse_answers("gpus_owned: {h100: 8, l40s: 2}", "a.yaml", vocabulary).weights("gpus_owned") == {"h100": 8, "l40s": 2}
    assert "whole number" in problem(vocabulary, "gpus_owned: {h100: -1}")
    assert "expected kinds and counts" in problem(vocabulary, "gpus_owned: [h100]")


def test_a_kind_of_gpu_that_nobody_knows_is_refused_with_a_suggestion(library: Library) -> None:
    """A misspelt kind would be passed over in silence, and the machines that are owned would be bought again."""
    assert "h10" not in library.catalogue.hardware
    assert "did you mean 'h100'" in problem(library.vocabulary, "gpus_owned: {h10: 8}")


# ---------------------------------------------------------------------- unknown, absent, none
@pytest.mark.parametrize("key", sorted(EVERY_KEY))
def test_absent_null_and_unknown_are_all_unknown(key: str, vocabulary: Vocabulary) -> None:
    absent, null, unknown = (parse_answers(text, "a.yaml", vocabulary) for text in ("", f"{key}:", f"{key}: unknown"))
    assert absent == null == unknown
    fact = vocabulary.facts[f"use.{key}"]
    assert unknown.possible(fact.name, AS_OF) == vocabulary.unknown(fact)


@pytest.mark.parametrize("key", LISTS)
def test_an_empty_list_says_none_and_is_not_unknown(key: str, vocabulary: Vocabulary) -> None:
    answers = parse_answers(f"{key}: []", "a.yaml", vocabulary)
    assert answers.possible(f"use.{key}", AS_OF) == exactly()
    assert answers.possible(f"use.{key}", AS_OF) != vocabulary.unknown(vocabulary.facts[f"use.{key}"])
    assert answers.known == {key: ()}


def test_an_unknown_number_is_anything_from_its_least_value(vocabulary: Vocabulary) -> None:
    answers = answers_from({}, vocabulary)
    assert answers.possible("use.requests_per_month", AS_OF) == Interval(0, math.inf)
    assert answers.possible("use.peak_factor", AS_OF) == Interval(1, math.inf)


def test_zero_is_an_answer(vocabulary: Vocabulary) -> None:
    assert parse_answers("retention_days_max: 0", "a.yaml", vocabulary).possible("use.retention_days_max", AS_OF) == number(0)


def test_unknown_among_other_values_of_a_list_is_no_value(vocabulary: Vocabulary) -> None:
    assert "'unknown' is not a value" in problem(vocabulary, "tasks: [chat, unknown]")


# ---------------------------------------------------------------------- implications
@pytest.mark.parametrize(
    ("stated_class", "implied"),
    [
        ("us-phi", {"us-phi", "personal", "special-category"}),
        ("substance-use", {"substance-use", "personal", "special-category"}),
        ("special-category", {"special-category", "personal"}),
        ("biometric", {"biometric", "special-category", "personal"}),
        ("payment-card", {"payment-card", "personal"}),
        ("internal", {"internal"}),
    ],
)
def test_a_class_of_data_brings_what_it_implies(stated_class: str, implied: set[str], stated: Stated) -> None:
    assert stated(data_classes=[stated_class]).possible("use.data_classes", AS_OF) == exactly(*implied)


def test_what_is_implied_is_not_added_to_the_answer_itself(stated: Stated) -> None:
    assert stated(data_classes=["us-phi"]).listed("data_classes") == ("us-phi",)


# ---------------------------------------------------------------------- places
def asked(answers: Answers, fact: str, operator: str, operand: Operand, as_of: date = AS_OF) -> str:
    judge = Judge(answers.vocabulary, as_of)

    def facts(name: str) -> Possible:
        return answers.possible(name, as_of)

    return judge.truth(Test(fact, operator, operand), facts).word  # type: ignore[arg-type]


def test_eea_among_peoples_countries_means_somewhere_there(stated: Stated) -> None:
    answers = stated(people_countries=["EEA"])
    value = answers.possible("use.people_countries", AS_OF)
    assert isinstance(value, Members)
    assert value.certain == {"EEA"}
    assert {"DE", "NO", "FR", "IS"} < value.possible
    assert not {"US", "CH", "GB"} & value.possible
    assert asked(answers, "use.people_countries", "has_any", Group("eea")) == "yes"
    assert asked(answers, "use.people_countries", "has_any", Group("eu")) == "unknown"
    assert asked(answers, "use.people_countries", "has", Values(("DE",))) == "unknown"
    assert asked(answers, "use.people_countries", "has", Values(("US",))) == "no"


def test_eu_lies_within_eea_but_not_the_other_way_round(stated: Stated) -> None:
    assert asked(stated(people_countries=["EU"]), "use.people_countries", "has_any", Group("eea")) == "yes"
    assert asked(stated(people_countries=["NO"]), "use.people_countries", "has_any", Group("eu")) == "no"


def test_eea_beside_a_country_keeps_that_country_certain(stated: Stated) -> None:
    value = stated(people_countries=["EEA", "US"]).possible("use.people_countries", AS_OF)
    assert isinstance(value, Members)
    assert value.certain == {"EEA", "US"}


def test_allowed_places_are_read_as_all_countries_of_the_group(stated: Stated, vocabulary: Vocabulary) -> None:
    answers = stated(residency="listed", residency_places=["EEA", "CH"])
    assert answers.possible("use.residency_places", AS_OF) == exactly(*vocabulary.places.members("eea", AS_OF), "CH")


def test_a_group_has_the_members_of_the_day(vocabulary: Vocabulary) -> None:
    assert "GB" in vocabulary.places.members("eu", date(2020, 1, 31))
    assert "GB" not in vocabulary.places.members("eu", date(2020, 2, 1))
    assert len(vocabulary.places.members("eea", AS_OF)) == 30


def test_every_member_is_there_from_its_first_day_to_its_last(vocabulary: Vocabulary) -> None:
    dated = [(name, span) for name, group in vocabulary.places.groups.items() for span in group.spans if span.members]
    assert {name for name, span in dated if span.since} >= {"eu-adequate", "eu-adequate-or-us"}
    for name, span in dated:
        for day in (span.since, span.until and span.until - timedelta(days=1)):
            if day:
                assert set(span.members) <= vocabulary.places.members(name, day)


def test_unquoted_no_is_norway_and_unquoted_yes_is_yes(vocabulary: Vocabulary) -> None:
    answers = parse_answers(
        "people_countries: [NO, DE]\norganisation_country: NO\ncommercial_use: yes\nlogs_elsewhere: no", "a.yaml", vocabulary
    )
    assert answers.listed("people_countries") == ("DE", "NO")
    assert answers.text("organisation_country") == "NO"
    assert answers.text("commercial_use") == "yes"
    assert answers.text("logs_elsewhere") == "no"


def test_json_booleans_answer_yes_and_no(vocabulary: Vocabulary) -> None:
    answers = parse_answers('{"commercial_use": true, "profiles_people": false}', "a.json", vocabulary)
    assert (answers.text("commercial_use"), answers.text("profiles_people")) == ("yes", "no")


# ---------------------------------------------------------------------- what is wrong
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("taks: [chat]", "unknown key; did you mean 'tasks'"),
        ("tasks: chat", "expected a list"),
        ("tasks: [chta]", "did you mean 'chat'"),
        ("tasks: [[chat]]", "is not a value"),
        ("organisation_country: DEU", "is not a value"),
        ("organisation_country: EEA", "is not a value"),
        ("organisation_country: de", "'de' is not a value"),
        ("people_countries: [Germany]", "is not a value"),
        ("residency: [EEA]", "is not a value"),
        ("requests_per_month: many", "expected a number"),
        ("requests_per_month: '5'", "expected a number"),
        ("requests_per_month: true", "expected a number"),
        ("requests_per_month: 2,000,000", "expected a number"),
        ("requests_per_month: .inf", "finite"),
        ("requests_per_month: -.inf", "finite"),
        ("requests_per_month: .nan", "finite"),
        ("use_case: [a]", "expected text"),
        ("use_case: 5", "expected text"),
        ("commercial_use: maybe", "is not a value"),
        ("tasks: [chat]\ntasks: [coding]", "stands twice"),
        ("decision_role: none\nhigh_risk_area: credit", "'decision_role'"),
        ("residency: anywhere\nresidency_places: [DE]", "not 'listed'"),
    ],
)
def test_a_wrong_answer_is_named_with_its_line(text: str, words: str, vocabulary: Vocabulary) -> None:
    found = problem(vocabulary, text)
    assert found.startswith("answers.yaml:")
    assert words.replace("'decision_role'", "`decision_role`") in found


def test_all_problems_of_a_file_come_at_once_in_the_order_of_the_file(vocabulary: Vocabulary) -> None:
    wrong = ["taks: [chat]", "commercial_use: perhaps", "requests_per_month: -5", "organisation_country: XX", "residency: anywhere"]
    found = problems(vocabulary, "\n".join([*wrong, "residency_places: [DE]"]))
    assert [p.line for p in found] == [1, 2, 3, 4, 6]


def test_every_wrong_value_of_one_list_is_named(vocabulary: Vocabulary) -> None:
    text = "\n".join(str(p) for p in problems(vocabulary, "tasks: [chta, chat, codng]"))
    assert "'chta'" in text
    assert "'codng'" in text


def test_a_key_that_stands_twice_does_not_hide_the_other_problems(vocabulary: Vocabulary) -> None:
    text = "\n".join(str(p) for p in problems(vocabulary, "taks: [chat]\nowner: a\nowner: b\n"))
    assert "stands twice" in text
    assert "did you mean 'tasks'" in text


# ---------------------------------------------------------------------- whole files
@pytest.mark.parametrize("path", sorted((shipped("data") / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_is_read_and_read_back_alike(path: Path, vocabulary: Vocabulary) -> None:
    answers = load_answers(path, vocabulary)
    again = parse_answers(json.dumps(answers.plain()), "again.json", vocabulary)
    assert again == answers
    assert list(answers.plain()) == sorted(answers.plain())


def test_a_json_file_may_escape_any_character(vocabulary: Vocabulary) -> None:
    """Python's own json.dumps writes an emoji as a pair of escapes."""
    answers = parse_answers(json.dumps({"use_case": "café 🏥"}), "a.json", vocabulary)
    assert answers.text("use_case") == "café 🏥"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(vocabulary: Vocabulary) -> None:
    answers = parse_answers("\ufeffowner: Ward 3\r\ntasks: [chat]\r\n".encode(), "a.yaml", vocabulary)
    assert (answers.text("owner"), answers.listed("tasks")) == ("Ward 3", ("chat",))


def test_every_key_is_asked_by_exactly_one_question(vocabulary: Vocabulary) -> None:
    asked_keys = [f.key for q in load_questions([shipped("data")], vocabulary) for f in q.fields]
    assert sorted(asked_keys) == sorted(fact.key for fact in vocabulary.answer_facts)


def test_the_criteria_of_the_weights_are_those_of_the_ranking() -> None:
    from advisor.ranking.criteria import CRITERIA as RANKED

    assert CRITERIA == RANKED


def test_a_choice_that_is_answered_is_settled(stated: Stated) -> None:
    assert stated(residency="adequate").possible("use.residency", AS_OF) == Choice(frozenset({"adequate"}))
