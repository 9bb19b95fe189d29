"""The auditor's pages: the rules and their filters, one rule, the coverage of the law, the playground, and the preview of a change."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit import config
from streamlit.testing.v1 import AppTest

from advisor.audit.views.listing import Wanted, entries
from advisor.library import Library
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.numbered import reading
from advisor.rulebook.rule import EXAMPLE_DATE, VERDICT_WORDS
from advisor.ui import audited, knowledge, navigation
from tests.test_journey import accessible, address, browser, heading, tab  # noqa: F401  # fixtures of the browser tests
from tests.ui.test_pages import app, texts

RULE = "eu-gdpr-44-transfer"
PHASES = "eu-ai-act-113-coming-duties"


def today() -> date:
    return knowledge.today()


def flat(text: str) -> str:
    return " ".join(text.split())


def labels(found: AppTest) -> list[str]:
    return [box.label for box in found.selectbox]


# ---------------------------------------------------------------------- the list of rules
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, Wanted()),
        ({"effect": "mitigate", "in_force": "in force"}, Wanted(effect="mitigate", force="in force")),
        ({"place": "US", "q": "fedramp cloud"}, Wanted(place="US", text="fedramp cloud")),
        ({"topic": "transfers", "review": "not reviewed"}, Wanted(topic="transfers", review="not reviewed")),
        ({"review": "reviewed"}, Wanted(review="reviewed")),
        ({"effect": "nonsense", "place": "Atlantis"}, Wanted()),
    ],
)
def test_the_address_decides_which_rules_are_listed(query: dict[str, str], wanted: Wanted, library: Library) -> None:
    found = app("rules", None, **query)
    assert not found.exception
    listed = [entry for entry in entries(library.rulebook, today()) if wanted.keeps(entry)]
    words = texts(found)
    assert f"{len(listed)} of {len(library.rulebook.rules)} rules" in words
    for entry in listed:
        assert f"{entry.rule.id} – {entry.rule.effect}" in words
    assert ("No rule fits" in words) == (not listed)


def test_a_choice_is_written_into_the_address_and_a_law_shows_its_rules(library: Library) -> None:
    found = app("rules")
    law = next(entry.law for entry in entries(library.rulebook, today()) if entry.rule.id == RULE)
    found.selectbox(key="pick-law").set_value(law).run()
    assert found.query_params["law"] in (law, [law])
    assert RULE in texts(found)
    found.text_input(key="rules-text").set_value("clauses").run()
    assert found.query_params["q"] in ("clauses", ["clauses"])
    wanted = [entry for entry in entries(library.rulebook, today()) if Wanted(law=law, text="clauses").keeps(entry)]
    assert f"{len(wanted)} of " in texts(found)


# ---------------------------------------------------------------------- one rule
def test_a_rule_is_told_whole(library: Library) -> None:
    rule = library.rulebook.rules[RULE]
    found = app("rule", id=RULE)
    assert not found.exception
    words = flat(texts(found))
    for sentence in reading(rule, rule.arms[0], library.vocabulary, today()):
        assert flat(sentence.text) in words
    for name in rule.facts:
        assert name in words
    for example in rule.all_examples():
        assert flat(example.name) in words
    for provision in library.rulebook.provisions:
        if RULE in provision.rules:
            assert flat(provision.title) in words
    assert tree_fingerprint(rule) in words
    assert cite_fingerprint(rule) in words
    assert "There is no waiver of this rule." in words
    assert f"of {audited.coverage(rule).total} outcomes are shown" in words
    assert [header.value for header in found.header][-1] == "Questions that feed it"


def test_a_rule_with_several_arms_shows_past_present_and_coming(library: Library) -> None:
    rule = library.rulebook.rules[PHASES]
    words = texts(app("rule", id=PHASES))
    table = texts(app("rule", id=PHASES, as_of="2027-12-03"))
    assert len(rule.arms) > 2
    assert "ended" in words
    assert "in force on this day" in words
    assert "coming" in words
    assert table.count("ended") > words.count("ended")
    for exception in rule.all_exceptions():
        assert exception.title in words
    assert "Exception to that exception" in "\n".join(s.value for s in app("rule", id=PHASES).subheader)


# ---------------------------------------------------------------------- coverage of the law
def test_every_provision_is_counted_and_can_be_filtered(library: Library) -> None:
    provisions = library.rulebook.provisions
    found = app("coverage")
    assert not found.exception
    words = texts(found)
    assert f"{len(provisions)} of {len(provisions)} provisions" in words
    for provision in provisions:
        assert flat(provision.title) in flat(words)
    manual = [item for item in provisions if item.status == "manual" and item.place == "US"]
    found = app("coverage", status="left to a person", place="US")
    assert f"{len(manual)} of {len(provisions)} provisions" in texts(found)
    assert labels(found) == ["Place", "Law", "Status", "Consequence"]
    assert "No provision fits" in texts(app("coverage", status="out of scope", place="VN"))


# ---------------------------------------------------------------------- playground
def verdict(found: AppTest) -> str:
    return next(header.value for header in found.header if header.value.startswith("Verdict: ")).removeprefix("Verdict: ")


def test_every_printed_example_gives_its_verdict_on_the_page(library: Library) -> None:
    for rule_id in (RULE, PHASES, "weigh-base", "eu-gdpr-28-processor", "licence-llama-700m", "own-retention-limit"):
        rule = library.rulebook.rules.get(rule_id)
        if rule is None:
            continue
        for number, example in enumerate(list(rule.all_examples())[:12], start=1):
            found = app("playground", rule=rule_id, example=str(number))
            assert not found.exception, (rule_id, example.name)
            assert verdict(found) == VERDICT_WORDS[example.verdict], (rule_id, example.name)


@pytest.mark.soak
def test_the_page_opens_every_rule(library: Library) -> None:
    for rule in library.rulebook.rules.values():
        found = app("playground", rule=rule.id)
        assert not found.exception, rule.id
        assert not found.error, rule.id
        assert verdict(found) == VERDICT_WORDS[rule.examples[0].verdict], rule.id


def test_a_fact_that_is_not_known_any_more_opens_the_verdict(library: Library) -> None:
    found = app("playground", rule=RULE, example="1")
    assert verdict(found) == "breaches"
    found.selectbox(key=f"play-{RULE}-option.transfer_safeguards-known").set_value("unknown").run()
    assert verdict(found) == "cannot be decided"
    assert "this keeps the verdict open" in texts(found)
    found.selectbox(key=f"play-{RULE}-option.transfer_safeguards-known").set_value("exactly").run()
    found.multiselect(key=f"play-{RULE}-option.transfer_safeguards-values").set_value(["scc"]).run()
    assert verdict(found) == "complies"
    assert "option.transfer_safeguards: [scc]" in found.code[0].value
    assert "verdict: complies" in found.code[0].value


def test_the_date_of_the_case_is_its_own(library: Library) -> None:
    found = app("playground", rule=RULE, example="1", on="2018-05-24")
    assert verdict(found) == "is not in force"
    found.date_input(key="play-on").set_value(date(2018, 5, 25)).run()
    assert found.query_params["on"] in ("2018-05-25", ["2018-05-25"])
    assert verdict(found) == "breaches"
    assert "as_of" not in found.query_params
    found.selectbox(key=f"play-example-{RULE}").set_value("nothing").run()
    assert verdict(found) == "cannot be decided"
    assert found.date_input(key="play-on").value == EXAMPLE_DATE


def test_another_rule_starts_from_its_own_first_example(library: Library) -> None:
    found = app("playground", rule=RULE, example="3")
    found.selectbox(key="play-rule").set_value("eu-gdpr-28-processor").run()
    assert found.query_params["rule"] in ("eu-gdpr-28-processor", ["eu-gdpr-28-processor"])
    assert "example" not in found.query_params
    assert verdict(found) == VERDICT_WORDS[library.rulebook.rules["eu-gdpr-28-processor"].examples[0].verdict]


@pytest.mark.parametrize("query", [{}, {"rule": "nonsense"}, {"rule": RULE, "example": "999", "on": "soon"}])
def test_nonsense_in_the_address_leads_nowhere(query: dict[str, str]) -> None:
    assert not app("playground", None, **query).exception


# ---------------------------------------------------------------------- preview of a change
def compare(old: str, new: str) -> AppTest:
    found = app("changes", old=old, new=new)
    return found.button(key="changes-compare").click().run()


@pytest.mark.parametrize("old", ["/etc", "../..", "--output=x", "~root", "no-such-revision-or-folder"])
def test_what_the_app_may_not_open_is_refused_with_what_to_do(old: str) -> None:
    found = compare(old, "")
    assert not found.exception
    assert "These cannot be compared" in found.error[0].value
    assert "Name " in texts(found)
    assert "What differs" not in [header.value for header in found.header]


def test_two_equal_names_are_not_compared() -> None:
    assert "These are the same" in compare("HEAD", "HEAD").error[0].value


@pytest.fixture
def local() -> Iterator[None]:
    """The app as it is served to this computer only."""
    before = config.get_option("server.address")
    config.set_option("server.address", "localhost")
    yield
    config.set_option("server.address", before)


@pytest.fixture
def folder(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with one rule of the shipped ones under another title."""
    text = knowledge.rule_text(library.rulebook.rules["eu-gdpr-28-processor"])
    (tmp_path / "one.yaml").write_text(text.replace("title: ", "title: Changed, ", 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_an_app_that_others_can_reach_opens_no_folder() -> None:
    found = compare("./", "")
    assert "These cannot be compared" in found.error[0].value
    assert "it opens no folders" in texts(found)


@pytest.mark.usefixtures("local", "folder")
def test_a_folder_below_the_current_one_is_compared_with_the_rules_in_use(library: Library) -> None:
    found = compare("./", "")
    assert not found.exception
    words = texts(found)
    assert "1 editorial" in words
    assert f"{len(library.rulebook.rules) - 1} new" in words
    found.selectbox(key="pick-kind").set_value("editorial").run()
    assert "Changed, " in texts(found)


# ---------------------------------------------------------------------- in the browser
@pytest.mark.parametrize("path", ["/rules?place=EU", f"/rule?id={PHASES}", "/coverage?place=CN", f"/playground?rule={RULE}", "/changes"])
@pytest.mark.parametrize("dark", [False, True])
def test_pages_are_accessible_and_hold_on_a_small_screen(browser: Browser, address: str, path: str, dark: bool) -> None:  # noqa: F811
    with tab(browser, address, path, dark=dark, width=390 if dark else 1280) as page:
        accessible(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= (390 if dark else 1280)
        assert in_order(page) == [], "headings go down one level at a time"


def in_order(page: Page) -> list[str]:
    levels = [int(level) for level in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => e.tagName.slice(1))")]
    return [f"h{a} then h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]


def test_from_the_list_to_a_rule_to_a_case_of_ones_own(browser: Browser, address: str, library: Library) -> None:  # noqa: F811
    rule = library.rulebook.rules[RULE]
    with tab(browser, address, "/rules?q=adequate+eea") as page:
        page.get_by_role("link", name=rule.title, exact=True).press("Enter")
        heading(page, rule.title)
        page.get_by_role("link", name="Try this rule").press("Enter")
        heading(page, "Try a rule")
        expect(page.get_by_role("heading", name=re.compile("^Verdict: "))).to_have_text("Verdict: breaches")
        box = page.get_by_role("combobox", name="The transfer safeguards on offer", exact=True)
        box.fill("Not known")
        box.press("ArrowDown")  # scrolling to the field closes its list
        expect(page.get_by_role("option", name="Not known", exact=True)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=re.compile("^Verdict: "))).to_have_text("Verdict: cannot be decided")
        page.go_back()
        heading(page, rule.title)


def test_the_csv_of_the_coverage_is_downloaded(browser: Browser, address: str, library: Library) -> None:  # noqa: F811
    with tab(browser, address, "/coverage?place=CN") as page:
        with page.expect_download() as download:
            page.get_by_role("button", name="Download these provisions as CSV").press("Enter")
        text = download.value.path().read_text(encoding="utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text)))
    assert [line["id"] for line in read] == [item.id for item in library.rulebook.provisions if item.place == "CN"]


def test_every_page_for_auditors_stands_in_the_navigation() -> None:
    assert {"rules", "coverage", "playground", "changes"} <= {name for name, place in navigation.PLACES.items() if place.visible}
