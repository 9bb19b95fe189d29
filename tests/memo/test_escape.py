"""Text of people and files inside a memo is shown as written, whatever it looks like."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advisor.library import Library
from advisor.memo.document import memo_markdown
from advisor.memo.escape import md
from advisor.recommendation import recommend
from tests.conftest import AS_OF, Stated

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES = ["a", "b", "1", " ", *"*_`[]()<>#|~$\\{}!&;.:-+=/\"'@^", "http://x.y", "&amp;", "&#35;", "![a](b)", "<script>"]


def shown(markdown: str) -> str:
    """What a reader of the rendered page sees, as one line; tags of any other kind than a paragraph would be seen too."""
    return " ".join(html.unescape(re.sub(r"</?p>", " ", READER.render(markdown))).split())


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "- not a list",
        "1. not a list",
        "1) not a list",
        "> not a quote",
        "*not* _stressed_ `code` ~~gone~~",
        "[no link](https://evil.example)",
        "![no picture](https://evil.example/x.png)",
        "<script>alert(1)</script>",
        "a | b",
        "&amp; &lt;b&gt; &#35;",
        "$x$ and \\(y\\)",
        "---",
        "C:\\path\\*",
    ],
)
def test_text_that_looks_like_markdown_is_shown_as_written(text: str) -> None:
    assert shown(md(text)) == text


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_is_shown_as_written(text: str) -> None:
    assert shown(md(text)) == " ".join(text.split())


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_text_stays_on_one_line_and_keeps_no_control_or_direction_characters(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", md(text))


def test_a_hostile_use_case_changes_nothing_in_a_memo_but_its_own_words(library: Library, stated: Stated) -> None:
    hostile = "Letters\n\n# Approved\n\n<img src=x onerror=alert(1)> [click](javascript:alert(1)) | a | b"
    memo = memo_markdown(recommend(stated(use_case=hostile), library, AS_OF))
    plain = memo_markdown(recommend(stated(use_case="Letters"), library, AS_OF))
    page, calm = READER.render(_body(memo)), READER.render(_body(plain))
    assert "<img" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)
    assert page.count("<h1>") == calm.count("<h1>")
    assert page.count("<tr>") == calm.count("<tr>")


def _body(memo: str) -> str:
    """A memo without its front matter."""
    return memo.split("\n---\n", 1)[1] if memo.startswith("---\n") else memo
