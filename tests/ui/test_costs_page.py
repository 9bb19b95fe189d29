"""The page of costs: figures to try never touch the answers, what cannot be right has no figure, chart and table stand together."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from advisor import cost_words as words
from advisor.library import Library
from advisor.recommendation import Recommendation, recommend
from advisor.three_ways import three_ways
from advisor.ui import flow
from advisor.ui.state import DRAFT, Draft
from tests import test_journey as journey
from tests.ui.test_pages import app, example, texts

AS_OF = date(2026, 11, 24)

address = journey.address
browser = journey.browser


def costs(draft: Draft, **query: str) -> AppTest:
    found = app("costs", draft, as_of=str(AS_OF), **query)
    assert not found.exception
    return found


def judged(draft: Draft, library: Library) -> Recommendation:
    return recommend(flow.answers(draft, library.vocabulary), library, AS_OF)


def send(found: AppTest, **figures: float | str | None) -> AppTest:
    for key, value in figures.items():
        if isinstance(value, str):
            found.selectbox(key=f"costs-{key}").set_value(value)
        else:
            found.number_input(key=f"costs-{key}").set_value(value)
    next(b for b in found.button if b.label == "Work out the costs").click().run()
    assert not found.exception
    return found


def known(found: AppTest) -> dict[str, object]:
    return dict(found.session_state[f"kept-{DRAFT}"].known)


# ---------------------------------------------------------------------- what is shown
def test_the_page_says_what_the_comparison_found(library: Library) -> None:
    draft = example("hospital-us", library)
    three = three_ways(judged(draft, library))
    assert three is not None
    said = texts(costs(draft))
    assert words.summary(three) in said
    for pair in three.pairs:
        assert words.pair_words(three, pair) in said
    for table in (words.ways_table(three), words.lines_table(three), words.curve_table(three), words.hours_rows(three)):
        for row in table.rows:
            for cell in row:
                assert cell in said
    assert words.draws_words(three) in said


def test_the_address_names_the_options(library: Library) -> None:
    draft = example("hospital-us", library)
    names = [way.id for way in three_ways(judged(draft, library)).ways[:2]]  # type: ignore[union-attr]
    found = costs(draft, options=",".join([*names, "nonsense"]))
    said = texts(found)
    assert "The address asks for “nonsense”: there is no such option on this date." in said
    assert "you named it" in said
    assert "C hosted" not in said


# ---------------------------------------------------------------------- figures to try
def test_what_is_tried_changes_the_costs_and_never_the_answers(library: Library) -> None:
    draft = example("hospital-us", library)
    before = dict(draft.known)
    found = costs(draft)
    as_answered = texts(found)
    send(found, requests_per_month=50_000_000, hours="office", availability="critical", cached_share=0.5)
    said = texts(found)
    assert "This holds for the figures that you are trying" in said
    assert "you said 50 million" in said
    assert known(found) == before
    tried = Draft(known={**before, "requests_per_month": 50_000_000, "hours": "office", "availability": "critical", "cached_share": 0.5})
    alike = three_ways(judged(tried, library), [way.id for way in three_ways(judged(draft, library)).ways])  # type: ignore[union-attr]
    assert alike is not None
    assert all(cell in said for cell in words.ways_table(alike).rows[-1][:6])
    next(b for b in found.button if b.label == "As answered").click().run()
    assert texts(found) == as_answered
    assert found.number_input(key="costs-requests_per_month").value == 2_000_000


def test_what_was_tried_is_forgotten_when_the_answers_change(library: Library) -> None:
    found = send(costs(example("hospital-us", library)), requests_per_month=5_000_000)
    assert "you said 5 million" in texts(found)
    found.session_state[f"kept-{DRAFT}"] = example("startup-us", library)
    found.run()
    assert "you said 90,000" in texts(found)
    assert found.number_input(key="costs-requests_per_month").value == 90_000


def test_an_empty_figure_is_not_known_and_widens_the_range(library: Library) -> None:
    found = send(costs(example("hospital-us", library)), peak_factor=None, batch_share=None)
    said = texts(found)
    assert "average × busiest over average hour, 3 (1 to 6)" in said


def test_without_answers_about_the_load_figures_can_still_be_tried(library: Library) -> None:
    draft = Draft(known={"quality_need": "basic"})
    found = costs(draft)
    assert "To work out a cost" in found.info[0].value
    assert not found.table
    send(found, requests_per_month=1000, input_tokens_per_request=500, output_tokens_per_request=100)
    assert found.table
    assert known(found) == {"quality_need": "basic"}


# ---------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"requests_per_month": 0}, "There are no requests in a month"),
        ({"requests_per_month": -5}, "-5 is less than 0"),
        ({"requests_per_month": 10**12}, "More than 1,000 million requests a month"),
        ({"requests_per_month": 10**13}, "is more than"),
        ({"requests_per_month": None}, "Enter a number"),
        ({"peak_factor": 0.5}, "0.5 is less than 1 (peak hour over average hour). Give at least 1, or leave it empty."),
        ({"batch_share": 1.5}, "1.5 is more than 1"),
        ({"cached_share": -0.1}, "is less than 0"),
        ({"input_tokens_per_request": 0, "output_tokens_per_request": 0}, "A request has no tokens at all"),
        ({"input_tokens_per_request": 40_000}, "is shorter than the usual one"),
    ],
)
def test_what_cannot_be_right_is_said_and_has_no_figures(library: Library, figures: dict[str, float], said: str) -> None:
    draft = example("hospital-us", library)
    before = dict(draft.known)
    found = send(costs(draft), **figures)
    assert said in texts(found)
    assert "Error: " in texts(found)
    assert not found.table
    assert "$" not in texts(found)
    assert known(found) == before
    send(found, **{key: before[key] for key in figures})  # type: ignore[arg-type]
    assert found.table


def test_an_option_that_cannot_hold_the_request_is_left_out_by_name(library: Library) -> None:
    found = send(costs(example("law-firm-us", library)), input_tokens_per_request=50_000_000, longest_input_tokens=50_000_000)
    warned = [w.value for w in found.warning]
    assert any("tokens at once, and a usual request has 50,001,500" in text.replace("\\", "") for text in warned)
    assert not found.table


def test_answers_that_have_no_cost_show_none(library: Library) -> None:
    draft = example("hospital-us", library)
    found = costs(Draft(known={**draft.known, "requests_per_month": 0}))
    assert "There are no requests in a month" in found.warning[0].value
    assert not found.table


# ---------------------------------------------------------------------- in a real browser
def opened(page: Page, name: str) -> None:
    page.get_by_role("radio", name=re.compile(name)).press("Space")
    journey.press(page, "Open this example")
    journey.heading(page, "Recommendation")
    page.get_by_role("link", name="Compare the costs of ways to run it").press("Enter")
    journey.heading(page, "Costs")
    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 360)])
def test_the_chart_has_words_and_a_table_beside_it_on_any_screen(browser: Browser, address: str, dark: bool, width: int) -> None:
    with journey.tab(browser, address, dark=dark, width=width) as page:
        opened(page, "^A start-up")
        journey.accessible(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        chart = page.locator("[data-testid=stVegaLiteChart]")
        expect(chart).to_have_count(1)
        told = chart.get_attribute("aria-label") or ""
        assert told.startswith("Cost a month by requests a month, on log scales: D (")
        box = chart.bounding_box()
        assert box is not None
        assert box["width"] <= width
        expect(page.get_by_role("columnheader", name="Requests a month", exact=True).first).to_be_visible()
        expect(page.get_by_role("cell", name="1,000 million", exact=True)).to_have_count(1)


def test_a_wrong_figure_takes_the_focus_and_a_right_one_gives_costs(browser: Browser, address: str) -> None:
    with journey.tab(browser, address) as page:
        opened(page, "^A start-up")
        peak = page.get_by_role("spinbutton", name=re.compile("^Busiest hour"))
        peak.fill("0.5")
        page.keyboard.press("Tab")
        journey.press(page, "Work out the costs")
        expect(page.locator(".advisor-focus")).to_be_focused()
        assert page.title().startswith("Error: ")
        expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(0)
        journey.accessible(page)
        page.get_by_role("link", name=re.compile("^Busiest hour over average hour: ")).press("Enter")
        expect(peak).to_be_focused()
        peak.fill("5")
        page.keyboard.press("Tab")
        journey.press(page, "Work out the costs")
        expect(page.get_by_text("This holds for the figures that you are trying")).to_be_visible()
        expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(1)
        page.get_by_text("D self-hosted: every line with its formula and source").click()
        expect(page.get_by_role("columnheader", name="How it is worked out").first).to_be_visible()
        journey.accessible(page)
