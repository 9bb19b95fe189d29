"""
A person's way through the app in a real browser: from the start to a downloaded memo, by keyboard.

Chromium or Chrome is found on the PATH; the server is the one that `advisor app` starts.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from advisor.answers import Answers, Value
from advisor.library import Library, shipped
from advisor.memo.document import memo_json, memo_markdown
from advisor.questions import Question, QuestionField
from advisor.recommendation import recommend
from advisor.ui import flow
from advisor.ui.answers_file import opened
from advisor.ui.server import HEADERS
from advisor.wording import headline

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
UNSURE = "I do not know yet"
HOSTILE = ":red[x] **b** $5$ and $6 [l](http://e.example) www.e.example :streamlit: :smile: :material/home: <i>t</i> `c` a -> b | #1 ~~s~~"
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app on a free port, stopped afterwards."""
    try:
        distribution("advisor")
    except PackageNotFoundError:
        pytest.fail("The browser journey needs the installed package, whose component Streamlit finds by it: pip install -e .")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "advisor.ui.server", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            _wait_for(server, f"http://localhost:{port}/_stcore/health")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _wait_for(server: subprocess.Popen[str], url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the server stopped: {server.stdout.read() if server.stdout else ''}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer at {url} within 30 seconds")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"none of {', '.join(BROWSERS)} is on the PATH; on Debian and Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """What a page did that it should not."""

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def tab(browser: Browser, address: str, path: str = "/", dark: bool = False, width: int = 1280) -> Iterator[Page]:
    """A fresh session at a path. Afterwards: no other host was asked, and nothing broke."""
    watched = Watched()

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            watched.outside.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        # Below the root Streamlit first asks for its own files beside the page, and is told 404.
        if message.type == "error" and "404" not in message.text:
            watched.complaints.append(message.text)

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    try:
        page.goto(f"{address}{path}")
        expect(page.locator("h1")).to_be_visible(timeout=15_000)
        page.wait_for_selector(READY)
        yield page
    finally:
        context.close()
    assert watched.outside == []
    assert watched.complaints == []


REACHED = """[...document.querySelectorAll('[data-testid="stTable"] div')].every(part =>
    part.scrollWidth <= part.clientWidth || getComputedStyle(part).overflowX === "visible" || part.tabIndex === 0)"""
"""Every table that scrolls can have the focus."""


def accessible(page: Page) -> None:
    page.wait_for_selector(READY)
    page.wait_for_timeout(500)
    for _ in range(25):  # on a busy machine the page settles later; what never settles is what axe then finds
        if page.evaluate(REACHED):
            break
        page.wait_for_timeout(200)
    found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], page.url


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for a page by its heading, and for the focus on it."""
    expect(page.locator("h1")).to_have_text(text)
    expect(page.locator("h1")).to_be_focused()
    page.wait_for_selector(READY)


def press(page: Page, role_name: str) -> None:
    page.get_by_role("button", name=role_name, exact=True).press("Enter")


# ---------------------------------------------------------------------- the questionnaire by keyboard
def give(page: Page, item: QuestionField, value: Value | None, library: Library) -> None:
    """Answers one field as a person at the keyboard would."""
    box = page.locator(f".st-key-f-{item.key}")
    fact = library.vocabulary.facts[f"use.{item.key}"]
    if value is None or value == ():
        _box(box, item, "None of these" if item.options else "None") if value == () else _unsure(box, item, fact.kind)
        return
    labels = {o.value: o.label for o in item.options}
    match value:
        case str() if fact.kind == "text":
            box.get_by_role("textbox").fill(value)
        case str() if labels:
            box.get_by_role("radio", name=labels[value], exact=True).press("Space")
        case str():
            _pick(page, box, library.vocabulary.words(fact, value))
        case tuple():
            for part in value:
                if labels:
                    _box(box, item, labels[part])
                else:
                    words = library.vocabulary.words(fact, part)
                    _pick(page, box, f"{part}: {words}" if part in library.vocabulary.places.tokens else words)
        case int() | float():
            _number(page, box, item, value)
        case _:
            raise AssertionError(f"the journey has no way to answer {item.key}")


def _box(box: Locator, item: QuestionField, label: str) -> None:
    tick = box.get_by_role("checkbox", name=re.compile(rf"^{re.escape(label)}( – |$)"))
    tick.press("Space")
    expect(tick, item.key).to_be_checked()


def _unsure(box: Locator, item: QuestionField, kind: str) -> None:
    if kind == "number" or (item.options and kind in ("choice", "yes-no")):
        box.get_by_role("radio", name=re.compile(f"^{UNSURE}")).press("Space")
    else:
        box.get_by_role("checkbox", name=re.compile(f"^{UNSURE}")).press("Space")


def _pick(page: Page, box: Locator, words: str) -> None:
    box.get_by_role("combobox").press_sequentially(words)
    expect(page.get_by_role("option", name=words, exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # closes the list, which hides the rest of the page from screen readers while it is open


def _number(page: Page, box: Locator, item: QuestionField, value: float) -> None:
    preset = next((p.label for p in item.presets if p.value == value), None)
    box.get_by_role("radio", name=preset or "Another number", exact=True).press("Space")
    if preset is None:
        box.get_by_role("spinbutton").fill(str(value))
        page.keyboard.press("Tab")


def walk(page: Page, library: Library, wanted: dict[str, Value]) -> dict[str, Value]:
    """Answers every question that is shown, and returns what was answered."""
    given: dict[str, Value] = {}
    question: Question | None = library.questions[0]
    while question:
        heading(page, question.title)
        for item in question.fields:
            give(page, item, wanted.get(item.key), library)
            if item.key in wanted:
                given[item.key] = wanted[item.key]
        press(page, "Continue")
        question = flow.neighbour(flow.shown(library, given, datetime.now(UTC).date()), question, 1)
    return given


def test_from_the_start_to_a_downloaded_memo(browser: Browser, address: str, library: Library, tmp_path: Path) -> None:
    wanted = opened((shipped("data") / "examples/hospital-de.yaml").read_bytes(), "hospital-de.yaml", library).known
    wanted["use_case"] = HOSTILE
    with tab(browser, address) as page:
        accessible(page)
        press(page, "Start now")
        given = walk(page, library, wanted)
        heading(page, "Check your answers")
        accessible(page)
        expect(page.get_by_text(HOSTILE, exact=True)).to_be_visible()
        press(page, "Show the recommendation")
        heading(page, "Recommendation")
        result = recommend(Answers(given, library.vocabulary), library, datetime.now(UTC).date())
        expect(page.locator("h2").first).to_have_text(headline(result))
        accessible(page)
        page.get_by_role("link", name="Prepare the decision memo").press("Enter")
        heading(page, "Decision memo")
        accessible(page)
        title = page.locator("h2").nth(1)  # after "Preview"; the text of a person is never read as Markdown
        assert (title.text_content() or "").replace("\u2060", "").strip() == HOSTILE
        assert title.locator("a:not([href^='#']), strong, code, i, img, .katex").count() == 0
        for label, written in (("Download as Markdown (.md)", memo_markdown(result)), ("Download as JSON (.json)", memo_json(result))):
            with page.expect_download() as download:
                press(page, label)
            download.value.save_as(tmp_path / "memo")
            assert (tmp_path / "memo").read_text(encoding="utf-8") == written


def test_back_keeps_the_answers(browser: Browser, address: str) -> None:
    with tab(browser, address, "/questions?step=residency") as page:
        page.get_by_role("radio", name="Anywhere", exact=True).press("Space")
        press(page, "Continue")
        heading(page, "May the host belong to a foreign group?")
        page.get_by_role("radio", name="No", exact=True).press("Space")
        press(page, "Continue")
        heading(page, "What information will the AI see?")
        page.go_back()
        heading(page, "May the host belong to a foreign group?")
        expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
        page.go_back()
        heading(page, "Where may the information be processed?")
        expect(page.get_by_role("radio", name="Anywhere", exact=True)).to_be_checked()
        page.go_forward()
        heading(page, "May the host belong to a foreign group?")
        press(page, "Back")
        heading(page, "Where may the information be processed?")
        expect(page.get_by_role("radio", name="Anywhere", exact=True)).to_be_checked()


def test_an_error_takes_the_focus_and_leads_to_its_field(browser: Browser, address: str) -> None:
    with tab(browser, address, "/questions?step=volume") as page:
        accessible(page)
        page.locator(".st-key-f-requests_per_month").get_by_role("radio", name="Another number").press("Space")
        page.get_by_role("spinbutton").fill("-5")
        page.keyboard.press("Tab")
        press(page, "Continue")
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        expect(page.locator(".advisor-focus")).to_be_focused()
        assert page.title().startswith("Error: ")
        accessible(page)
        expect(page.locator(".st-key-f-requests_per_month")).to_contain_text("Error: -5 is less than 0")
        page.get_by_role("link", name="Usual length of the answer: Choose an answer").press("Enter")
        inside = "document.querySelector('.st-key-f-output_tokens_per_request').contains(document.activeElement)"
        assert page.evaluate(inside) is True
        press(page, "Continue")
        expect(page.locator(".advisor-focus")).to_be_focused()


def test_a_change_comes_back_to_the_check_page(browser: Browser, address: str) -> None:
    with tab(browser, address) as page:
        page.get_by_role("radio", name=re.compile("^A start-up")).press("Space")
        press(page, "Open this example")
        heading(page, "Recommendation")
        page.get_by_role("link", name="Change an answer").press("Enter")
        heading(page, "Check your answers")
        page.get_by_role("link", name="Change: How good must the answers be?", exact=True).press("Enter")
        heading(page, "How good must the answers be?")
        page.get_by_role("radio", name="Very good", exact=True).press("Space")
        press(page, "Continue")
        heading(page, "Check your answers")
        expect(page.get_by_text("Very good", exact=True)).to_be_visible()


def test_date_and_filters_are_in_the_address_and_survive(browser: Browser, address: str, library: Library) -> None:
    with tab(browser, address, "/rules?effect=mitigate&as_of=2027-12-03&in_force=in+force") as page:
        count = sum(
            1 for r in library.rulebook.rules.values() if r.effect == "mitigate" and r.arm(datetime(2027, 12, 3, tzinfo=UTC).date())
        )
        expect(page.get_by_text(f"{count} of {len(library.rulebook.rules)} rules")).to_be_visible()
        accessible(page)
        page.get_by_role("link", name=library.rulebook.rules["eu-gdpr-35-impact-assessment"].title).press("Enter")
        heading(page, library.rulebook.rules["eu-gdpr-35-impact-assessment"].title)
        assert "id=eu-gdpr-35-impact-assessment" in page.url
        expect(page.get_by_text("As of 2027-12-03")).to_be_visible()
        accessible(page)
        page.go_back()
        heading(page, "Rules")
        assert "effect=mitigate" in page.url
        expect(page.get_by_text(f"{count} of {len(library.rulebook.rules)} rules")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/", "/questions?step=data-classes", "/compare", "/rule?id=licence-llama-eu", "/catalogue?host=mistral&within=EEA&price=nonsense",
        "/option?id=gpt-5.4@openai-api/eu", "/freshness?kind=price", "/compare?options=gpt-5.4@openai-api/eu,gpt-5.4@openai-api/global",
    ],
)  # fmt: skip
def test_pages_hold_in_the_dark_and_on_a_small_screen(browser: Browser, address: str, path: str) -> None:
    with tab(browser, address, path, dark=True, width=360) as page:
        accessible(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360


def test_the_catalogue_leads_from_a_filter_to_options_side_by_side(browser: Browser, address: str) -> None:
    with tab(browser, address, "/catalogue?mode=hosted-open&within=EEA") as page:
        rows = page.locator("table tbody tr")
        rows.first.wait_for(timeout=60_000)  # the first visit reads every option
        expect(rows.first).to_contain_text("hosted open weights")
        accessible(page)
        box = page.get_by_role("combobox", name=re.compile("^Put up to 4"))
        for chosen in (1, 2):
            box.click()
            page.get_by_role("option").nth(1).click()  # the first entry takes them all
            page.keyboard.press("Escape")
            page.get_by_role("link", name=f"Compare {chosen}").wait_for()
        page.get_by_role("link", name="Compare 2").press("Enter")
        heading(page, "Compare options side by side")
        assert "options=" in page.url
        expect(page.get_by_role("columnheader", name="Alike?").first).to_be_visible()
        accessible(page)
        page.go_back()
        heading(page, "Catalogue")
        assert "within=EEA" in page.url
        expect(rows.first).to_contain_text("hosted open weights")


@pytest.mark.soak
def test_an_option_leads_to_the_letter_of_its_host_and_the_files_are_as_shown(browser: Browser, address: str, tmp_path: Path) -> None:
    with tab(browser, address) as page:
        page.context.set_default_timeout(120_000)  # the first visit tries the examples
        page.goto(f"{address}/letters")
        first = page.get_by_role("listitem").get_by_role("link").first
        first.wait_for()
        accessible(page)
        host = (first.get_attribute("href") or "").partition("host=")[2]
        page.goto(f"{address}/letters?host={host}")
        letter = page.locator("[data-testid=stCode] code")
        letter.wait_for()
        accessible(page)
        for label, suffix in (("Download as Markdown (.md)", ".md"), ("Download as Word (.docx)", ".docx")):
            with page.expect_download() as download:
                press(page, label)
            assert download.value.suggested_filename == f"questions-{host}{suffix}"
            download.value.save_as(tmp_path / f"letter{suffix}")
        shown = (letter.text_content() or "").split()
        assert (tmp_path / "letter.md").read_text(encoding="utf-8").split() == shown
        assert zipfile.is_zipfile(tmp_path / "letter.docx")
        for path, title in (("disputes", "Disputes"), ("missing", "Missing evidence")):
            page.goto(f"{address}/{path}")
            heading(page, title)
            accessible(page)


def test_every_answer_of_the_server_carries_the_headers(address: str) -> None:
    for path in ("/", "/_stcore/health", "/nonsense"):
        try:
            with urllib.request.urlopen(f"{address}{path}") as answer:
                headers = answer.headers
        except HTTPError as refused:
            headers = refused.headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
