"""Every page, drawn by Streamlit's own test runner from the shipped rules and catalogue."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from advisor.answers import answers_from, load_answers
from advisor.library import Library, shipped
from advisor.memo.document import memo_json, memo_markdown
from advisor.recommendation import Recommendation, recommend
from advisor.ui import flow
from advisor.ui.answers_file import examples, opened
from advisor.ui.letter import letter
from advisor.ui.navigation import PLACES
from advisor.ui.state import DRAFT, Draft
from advisor.wording import NOT_LEGAL_ADVICE, headline

SCRIPT = "from advisor.ui import navigation\nnavigation.run({first!r})\n"
ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
NOTHING_FITS = {"residency": "own-premises", "infrastructure_skill": "none", "organisation_country": "DE", "longest_input_tokens": 100}


def app(page: str, draft: Draft | None = None, **query: str) -> AppTest:
    """The app with one page at the bare address, as the test runner can show no other."""
    found = AppTest.from_string(SCRIPT.format(first=page), default_timeout=60)
    if draft is not None:
        found.session_state[f"kept-{DRAFT}"] = draft
    for name, value in query.items():
        found.query_params[name] = value
    return found.run()


def example(name: str, library: Library) -> Draft:
    return opened(examples()[name].read_bytes(), f"{name}.yaml", library)


def texts(found: AppTest) -> str:
    """Everything that is written on a page, without backslashes and joiners."""
    kinds: list[Any] = [found.title, found.header, found.markdown, found.caption, found.text, found.error, found.warning, found.info]
    parts = [str(element.value) for kind in kinds for element in kind]
    parts += [str(element.value) for element in found.code]
    parts += [str(cell) for table in found.table for column in [table.value.columns, *table.value.to_numpy()] for cell in column]
    return "\n".join(parts).replace("\\", "").replace("\u2060", "")


@pytest.mark.parametrize("page", [name for name, place in PLACES.items() if name != "start"])
def test_every_page_can_be_opened_before_there_are_answers(page: str) -> None:
    found = app(page)
    assert not found.exception
    assert len(found.title) == 1


@pytest.mark.parametrize("name", sorted(path.stem for path in (shipped("data") / "examples").glob("*.yaml")))
@pytest.mark.parametrize("page", ["check", "recommendation", "costs", "why-not", "compare", "memo"])
def test_every_page_shows_every_example(page: str, name: str, library: Library) -> None:
    found = app(page, example(name, library))
    assert not found.exception
    assert not found.error
    assert len(found.title) == 1


def test_the_entry_script_shows_the_start() -> None:
    found = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60).run()
    assert not found.exception
    assert "Which AI model may we use" in found.title[0].value
    words = texts(found)
    assert NOT_LEGAL_ADVICE in words
    assert "this browser session only" in words
    assert [b.label for b in found.button] == ["Start now", "Open this file", "Open this example"]


# ---------------------------------------------------------------------- start
def upload(raw: bytes, name: str, draft: Draft) -> AppTest:
    found = app("start", draft)
    found.file_uploader[0].set_value((name, raw, "application/yaml")).run()
    next(b for b in found.button if b.label == "Open this file").click().run()
    return found


def test_a_broken_file_shows_all_its_problems_and_leaves_the_answers() -> None:
    draft = Draft(known={"quality_need": "good"})
    found = upload(b"qualty_need: good\nrequests_per_month: -5\nsector: health\n", "mine.yaml", draft)
    assert "3 problems" in found.error[0].value
    words = texts(found)
    assert "mine.yaml:1" in words
    assert "mine.yaml:2" in words
    assert "mine.yaml:3" in words
    assert "quality_need" in words
    assert found.session_state[f"kept-{DRAFT}"].known == {"quality_need": "good"}


def test_a_sound_file_replaces_the_answers() -> None:
    found = upload(b"quality_need: high\nlatency: unknown\n", "mine.yaml", Draft(known={"quality_need": "good"}))
    assert not found.error
    draft = found.session_state[f"kept-{DRAFT}"]
    assert (draft.known, draft.unsure, draft.name) == ({"quality_need": "high"}, {"latency"}, "mine.yaml")


def test_an_example_opens_the_recommendation() -> None:
    found = app("start")
    found.radio[0].set_value("hospital-de").run()
    next(b for b in found.button if b.label == "Open this example").click().run()
    assert found.title[0].value == "Recommendation"


# ---------------------------------------------------------------------- questions
def test_every_question_can_be_drawn_and_left_unanswered_as_not_known(library: Library) -> None:
    for question in library.questions:
        found = app("questions", step=question.id)
        assert not found.exception, question.id
        assert question.title in texts(found)
        for item in question.fields:
            unsure = [c for c in found.checkbox if c.key == f"w-{item.key}-..unsure"]
            radio = [r for r in found.radio if r.key == f"w-{item.key}"]
            assert unsure or radio, f"{item.key} has no way to say that it is not known"
            (unsure[0].check() if unsure else radio[0].set_value("unknown")).run()
        found.button(key="continue").click().run()
        draft = found.session_state[f"kept-{DRAFT}"]
        assert draft.known == {}, question.id
        assert draft.unsure == {f.key for f in question.fields}


def test_every_question_shows_the_answer_that_was_given(library: Library) -> None:
    for question in library.questions:
        draft = example("hospital-de", library)
        before = dict(draft.known)
        found = app("questions", draft, step=question.id)
        found.button(key="continue").click().run()
        assert found.session_state[f"kept-{DRAFT}"].known == before, question.id


def test_an_unanswered_question_is_an_error_beside_the_field_and_in_the_title() -> None:
    found = app("questions", step="residency")
    found.button(key="continue").click().run()
    assert "Error: Choose an answer, or “I do not know yet”." in texts(found)
    assert found.query_params["step"] in ("residency", ["residency"])


def test_the_engine_says_what_is_wrong_with_a_number(library: Library) -> None:
    found = app("questions", step="longest-input")
    found.radio(key="w-longest_input_tokens").set_value("other").run()
    found.number_input(key="w-longest_input_tokens-other").set_value(-4).run()
    found.button(key="continue").click().run()
    assert flow.problem("longest_input_tokens", -4, library.vocabulary) in texts(found)
    assert found.session_state[f"kept-{DRAFT}"].known == {}


def test_without_a_step_the_first_open_question_is_asked() -> None:
    draft = Draft(known={"use_case": "a", "tasks": ("chat",)}, unsure={"owner"})
    assert "Is it part of a business?" in texts(app("questions", draft))


def test_continue_goes_to_the_next_question_that_applies() -> None:
    found = app("questions", step="residency")
    found.radio(key="w-residency").set_value("anywhere").run()
    found.button(key="continue").click().run()
    assert found.query_params["step"] in ("foreign-control", ["foreign-control"])
    assert found.session_state[f"kept-{DRAFT}"].known == {"residency": "anywhere"}


def test_none_of_these_and_not_known_stand_alone() -> None:
    found = app("questions", step="attestations")
    found.checkbox(key="w-attestations-soc2").check().run()
    found.checkbox(key="w-attestations-..none").check().run()
    assert not found.checkbox(key="w-attestations-soc2").value
    assert found.session_state[f"kept-{DRAFT}"].known == {"attestations": ()}
    found.checkbox(key="w-attestations-..unsure").check().run()
    assert not found.checkbox(key="w-attestations-..none").value
    assert found.session_state[f"kept-{DRAFT}"].known == {}
    found.checkbox(key="w-attestations-c5").check().run()
    assert not found.checkbox(key="w-attestations-..unsure").value
    assert found.session_state[f"kept-{DRAFT}"].known == {"attestations": ("c5",)}


def test_a_change_returns_to_the_check_page_unless_it_opens_a_question(library: Library) -> None:
    found = app("questions", example("startup-us", library), step="quality-need", **{"from": "check"})
    found.button(key="continue").click().run()
    assert found.title[0].value == "Check your answers"
    draft = Draft(known={"residency": "anywhere"})
    found = app("questions", draft, step="residency", **{"from": "check"})
    found.radio(key="w-residency").set_value("listed").run()
    found.button(key="continue").click().run()
    assert found.query_params["step"] in ("residency-places", ["residency-places"])


# ---------------------------------------------------------------------- check
def test_answers_that_cannot_both_be_true_are_shown_and_stop_the_recommendation() -> None:
    draft = Draft(known={"decision_role": "none", "high_risk_area": "employment"})
    found = app("check", draft)
    assert "cannot both be true" in found.error[0].value
    assert found.button(key="show-result").disabled
    assert "cannot both be true" in app("recommendation", draft).warning[0].value


def test_the_check_page_says_which_unknown_answers_matter(library: Library) -> None:
    draft = example("hospital-de", library)
    draft.known.pop("longest_input_tokens")
    found = app("check", draft)
    words = texts(found)
    assert "These keep rules undecided:" in words
    assert "How long is the longest text in one go?" in words


def test_text_of_a_person_is_never_markdown(library: Library) -> None:
    draft = Draft(known={"use_case": ":red[x] **b** $5$ [l](http://e.example)"})
    found = app("check", draft)
    assert draft.known["use_case"] in [t.value for t in found.text]
    assert not [m.value for m in found.markdown if ":red[x]" in m.value]


# ---------------------------------------------------------------------- result
def judged(draft: Draft, library: Library) -> Recommendation:
    return recommend(flow.answers(draft, library.vocabulary), library, AS_OF)


def result_page(page: str, draft: Draft, **query: str) -> AppTest:
    return app(page, draft, as_of=str(AS_OF), **query)


def test_a_recommendation_names_its_option_rules_costs_and_digests(library: Library) -> None:
    draft = example("hospital-de", library)
    result = judged(draft, library)
    words = texts(result_page("recommendation", draft))
    assert result.best is not None
    assert headline(result) in words
    assert NOT_LEGAL_ADVICE in words
    assert words.count(NOT_LEGAL_ADVICE) == 1
    assert "licence-llama-eu" in words
    for line in result.shortlist[0].cost.lines:
        assert line.label in words
    assert result.library.catalogue_digest in words


def test_the_unconfirmed_path_leads_with_the_nearest_option_and_its_letter(library: Library) -> None:
    bank = example("bank-eu", library)
    draft = Draft(known={**bank.known, "residency_places": ("DE",)})
    result = judged(draft, library)
    assert result.outcome == "unconfirmed-only"
    found = result_page("recommendation", draft)
    words = texts(found)
    assert headline(result) in words
    assert letter(result, result.nearest[0]).rstrip() in [c.value for c in found.code]
    assert "Dear Sir or Madam" in words


def test_where_nothing_fits_the_rules_that_exclude_lead(library: Library) -> None:
    draft = Draft(known=dict(load_known(NOTHING_FITS, library)))
    result = judged(draft, library)
    assert result.outcome == "none"
    found = result_page("recommendation", draft)
    assert not found.exception
    assert "No option meets every requirement" in found.header[0].value
    assert found.header[1].value == "Ruled out"
    assert result.excluding_rules()[0][0].id in texts(found)


def load_known(values: dict[str, object], library: Library) -> dict[str, Any]:
    return dict(answers_from(values, library.vocabulary).known)


def test_figures_and_date_come_from_the_address(library: Library) -> None:
    draft = example("startup-us", library)
    found = app("recommendation", draft, as_of="2027-12-02", figures="comparison-document")
    assert "As of 2027-12-02" in texts(found)
    assert "figures: comparison-document" in texts(found)


def test_a_chosen_date_is_written_into_the_address(library: Library) -> None:
    found = app("recommendation", example("startup-us", library))
    found.date_input(key="as-of").set_value(date(2027, 12, 3)).run()
    assert found.query_params["as_of"] in ("2027-12-03", ["2027-12-03"])
    assert "As of 2027-12-03" in texts(found)


@pytest.mark.parametrize("bad", ["2027-99-99", "1066-10-14", "soon"])
def test_a_date_that_is_none_is_ignored(bad: str, library: Library) -> None:
    found = app("recommendation", example("startup-us", library), as_of=bad, figures="invented")
    assert not found.exception
    assert f"As of {bad}" not in texts(found)


def test_why_not_shows_every_finding_that_stands_against_an_option(library: Library) -> None:
    draft = example("hospital-de", library)
    result = judged(draft, library)
    ranked = next(r for r in result.excluded if r.option.model.id == "llama-4-maverick" and r.option.mode == "self-hosted")
    words = texts(result_page("why-not", draft, option=ranked.option.id))
    assert "Breaches" in words
    for finding in result.breaches(ranked):
        assert " ".join(finding.reason.split()) in words
        assert finding.source.cite in words


def test_compare_shows_the_three_systems_without_answers() -> None:
    words = texts(app("compare"))
    assert "GPT-5.4: closed API" in words
    assert "Llama 4 Maverick" in words


def test_the_memo_is_shown_and_downloaded_as_the_command_writes_it(library: Library) -> None:
    draft = example("hospital-de", library)
    result = judged(draft, library)
    found = result_page("memo", draft)
    assert found.code[0].value == memo_markdown(result).rstrip()
    assert json.loads(memo_json(result))


# ---------------------------------------------------------------------- rules and catalogue
def test_rules_are_filtered_by_the_address(library: Library) -> None:
    found = app("rules", effect="weigh")
    wanted = [rule for rule in library.rulebook.rules.values() if rule.effect == "weigh"]
    assert f"{len(wanted)} of {len(library.rulebook.rules)} rules" in texts(found)


def test_every_rule_has_a_page_in_english_beside_its_file(library: Library) -> None:
    for rule in library.rulebook.rules.values():
        found = app("rule", id=rule.id)
        assert not found.exception, rule.id
        words = texts(found)
        assert rule.arms[0].source.cite in words
        assert rule.review in words
        assert f"id: {rule.id}" in found.code[0].value


def test_an_option_has_a_page_with_all_its_claims(library: Library) -> None:
    words = texts(app("option", id="gpt-5.4@openai-api/eu"))
    assert "the longest input the endpoint takes" in words
    assert "litellm" in words
    assert "Prices, US dollars per million tokens" in words


def test_an_option_on_own_premises_has_a_page_without_any_answers() -> None:
    assert "There is no such option" not in texts(app("option", id="gpt-oss-120b@on-premises/DE/1xh100-mxfp4"))


def test_unknown_names_in_the_address_lead_nowhere_and_say_so() -> None:
    assert "There is no such rule" in texts(app("rule", id="nonsense"))
    assert "There is no such option" in texts(app("option", id="nonsense"))
    assert not app("questions", step="nonsense").exception


def test_a_result_loads_from_the_answers_file_as_the_command_reads_it(library: Library) -> None:
    path = examples()["hospital-de"]
    assert flow.answers(example("hospital-de", library), library.vocabulary).plain() == load_answers(path, library.vocabulary).plain()
