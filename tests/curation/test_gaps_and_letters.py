"""Gaps fold over endpoints, models and cases and rank by what waits for them; their letter says the same in both its forms."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from advisor.answers import load_answers
from advisor.audit.effects.impact import Case
from advisor.curation.gaps import Gap, clauses, gaps, nearest
from advisor.curation.letters import CLOSING, OPENING, Item, Letter, letter, markdown, word
from advisor.library import shipped
from advisor.recommendation import Recommendation, recommend
from tests.conftest import AS_OF, Advisor
from tests.curation.worlds import small

CASES = ("examples/bank-eu", "examples/hospital-de", "examples/code-assistant-us")


@pytest.fixture(scope="module")
def results() -> list[tuple[Case, Recommendation]]:
    library = small()
    made = [(name, load_answers(shipped("data") / f"{name}.yaml", library.vocabulary)) for name in CASES]
    return [(Case(name, "", answers), recommend(answers, library, AS_OF)) for name, answers in made]


@pytest.fixture(scope="module")
def found(results: list[tuple[Case, Recommendation]]) -> list[Gap]:
    return gaps(results)


# ---------------------------------------------------------------------- gaps
def test_every_open_question_about_an_option_is_in_some_gap_and_no_gap_is_made_up(
    found: list[Gap], results: list[tuple[Case, Recommendation]]
) -> None:
    asked = {
        (case.name, ranked.option.id, request.host, request.fact)
        for case, result in results
        for ranked in nearest(result)
        for request in result.requests(ranked)
        if request.fact.startswith("option.")
    }
    assert asked
    assert {(case, option, gap.host, gap.fact) for gap in found for case in gap.cases for option in gap.options} >= asked
    assert {(gap.host, gap.fact) for gap in found} == {(host, fact) for _, _, host, fact in asked}


def test_a_question_is_one_gap_whatever_endpoint_or_model_it_is_asked_of(found: list[Gap]) -> None:
    assert len({(gap.host, gap.template) for gap in found}) == len(found)
    assert any(len(gap.endpoints) > 1 or len(gap.models) > 1 for gap in found)
    for gap in found:
        several = len(gap.endpoints) > 1 and gap.names_endpoints
        assert any(f"each {noun} named below" in gap.question for noun in ("endpoint", "service")) == several
        assert "{" not in gap.question


def test_what_most_cases_wait_for_comes_first(found: list[Gap]) -> None:
    weights = [gap.weight for gap in found]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > weights[-1]


def test_a_gap_blocks_a_case_only_where_nothing_may_be_used(found: list[Gap], results: list[tuple[Case, Recommendation]]) -> None:
    stuck = {case.name for case, result in results if not result.ranked}
    assert stuck
    assert stuck < set(CASES)
    assert all(gap.blocks == gap.cases & stuck for gap in found)


def test_every_gap_names_the_law_that_makes_it_matter(found: list[Gap]) -> None:
    for gap in found:
        cited = clauses(gap, small().rulebook.rules)
        assert cited
        assert len({cite for cite, _ in cited}) == len(cited)


# ---------------------------------------------------------------------- letters
HOSTILE = "Is *this* _so_ [here](https://evil.example) <script>alert(1)</script> `code` # title | cell \\ end\x07\u202e?"
ITEM = Item(HOSTILE, (("Art. 1 *Act*", "https://example.com/act"), ("Art. 2", "")), ("Endpoints: a_b; <c>",))
SENT = Letter("Host *Bold* <b>", date(2026, 11, 24), (ITEM, ITEM))


def test_a_hostile_name_formats_nothing_in_markdown() -> None:
    text = markdown(SENT)
    without = re.sub(r"\\.", "", text.replace("<https://example.com/act>", ""))
    assert not re.search(r"[*_`\[\]<>|]", without)
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# Questions for Host \\*Bold\\* \\<b\\>"]
    assert "\x07" not in text
    assert "\u202e" not in text
    assert text.count("   - Why: Art. 1 \\*Act\\* (<https://example.com/act>)") == 2


def test_the_word_document_opens_and_says_what_the_markdown_says() -> None:
    paragraphs = [p.text for p in docx.Document(io.BytesIO(word(SENT))).paragraphs]
    assert paragraphs[:3] == ["Questions for Host *Bold* <b>", "2026-11-24", OPENING]
    assert paragraphs[-1] == CLOSING
    assert sum("Is *this* _so_ [here](https://evil.example) <script>" in text for text in paragraphs) == 2
    assert paragraphs.count("Why: Art. 1 *Act* (https://example.com/act)") == 2
    assert paragraphs.count("Why: Art. 2") == 2


def test_the_same_letter_gives_the_same_bytes_and_names_no_time_of_writing() -> None:
    first, second = word(SENT), word(SENT)
    assert first == second
    archive = zipfile.ZipFile(io.BytesIO(first))
    assert archive.testzip() is None
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(first)).core_properties
    assert (properties.author, str(properties.created)[:10], str(properties.modified)[:10]) == ("", "2026-11-24", "2026-11-24")
    assert word(Letter("Another", SENT.on, SENT.items)) != first


def test_a_letter_asks_every_question_with_its_clauses(found: list[Gap]) -> None:
    host = found[0].host
    ours = [gap for gap in found if gap.host == host]
    sent = letter("The host", ours, small().rulebook.rules, AS_OF)
    assert [item.question for item in sent.items] == [gap.question for gap in ours]
    assert all(item.clauses for item in sent.items)
    several = [item for item, gap in zip(sent.items, ours, strict=True) if gap.names_endpoints and len(gap.endpoints) > 1]
    assert all(any(line.startswith("Endpoints: ") for line in item.concerns) for item in several)


def test_the_command_writes_both_forms_and_refuses_others(advisor: Advisor, tmp_path: Path) -> None:
    answers = str(shipped("data") / "examples" / "bank-eu.yaml")
    line = ("catalogue", "questions", "ovhcloud-ai-endpoints", "--answers", answers, "--as-of", "2026-11-24")
    printed = advisor(*line)
    assert printed.code == 0
    assert printed.out.startswith("# Questions for ")
    for name in ("letter.md", "letter.docx"):
        assert advisor(*line, "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / "letter.md").read_text(encoding="utf-8") == printed.out
    assert docx.Document(str(tmp_path / "letter.docx")).paragraphs[0].text == printed.out.splitlines()[0].removeprefix("# ")
    nothing = advisor("catalogue", "questions", "mistral", "--answers", answers, "--as-of", "2026-11-24", "-o", str(tmp_path / "none.md"))
    assert (nothing.code, nothing.out) == (0, "")
    assert "there is no letter to write" in nothing.err
    assert not (tmp_path / "none.md").exists()
    wrong = advisor(*line, "-o", str(tmp_path / "letter.pdf"))
    assert wrong.code == 2
    assert ".md or .docx" in wrong.err
    assert not (tmp_path / "letter.pdf").exists()
