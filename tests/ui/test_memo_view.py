"""A memo on the screen is the memo in the file, and its texts are only texts."""

from __future__ import annotations

import re
from datetime import date

from markdown_it import MarkdownIt

from advisor.library import Library
from advisor.memo.document import memo_markdown
from advisor.recommendation import recommend
from advisor.ui import flow
from advisor.ui.answers_file import examples, opened
from advisor.ui.memo_view import FRONT_MATTER, shown

HOSTILE = ":red[x] :smile: $5$ :streamlit: **b** [l](http://e.example) | cell"


def words(markdown: str) -> list[str]:
    """Every text of a document, in order."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown.replace("\u2060", ""))
    found = [" ".join(c.content for c in t.children or [] if c.type == "text") for t in tokens if t.type == "inline"]
    return [" ".join(text.split()) for text in found if text.split()]


def kinds(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    return [t.type for t in tokens if t.type in ("heading_open", "list_item_open", "tr_open", "fence", "th_open", "td_open")]


def memo(library: Library, name: str, **changes: str) -> str:
    draft = opened(examples()[name].read_bytes(), name, library)
    draft.known.update(changes)
    return memo_markdown(recommend(flow.answers(draft, library.vocabulary), library, date(2026, 11, 24)))


def test_every_word_heading_and_cell_of_every_memo_is_shown(library: Library) -> None:
    for name in examples():
        body = FRONT_MATTER.sub("", memo(library, name))
        assert words(shown(body)) == words(body), name
        assert kinds(shown(body)) == kinds(body), name


def test_text_of_a_person_stays_text(library: Library) -> None:
    text = shown(memo(library, "hospital-de", use_case=HOSTILE, owner=HOSTILE))
    assert re.findall(r"(?<!\\):(?:red|smile|streamlit)", text) == []
    assert "http://e.example" not in text
    assert [line for line in text.splitlines() if "$" in line.replace("\\$", "")] == []


def test_the_title_of_the_memo_stands_below_the_title_of_the_page(library: Library) -> None:
    assert shown(memo(library, "hospital-de")).lstrip().startswith("## ")
