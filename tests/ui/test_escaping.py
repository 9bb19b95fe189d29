"""What people and files say never counts as Markdown. The journey shows the same in a browser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advisor.ui.escaping import bullets, code, link, plain

HOSTILE = [
    "cost $5 and $6", "a [b](http://x.y) c", ":red[hi] :smile: :material/home: :streamlit:", "**b** _i_ `c` ~~s~~", "# head", "- item",
    "+ item", "1. one", "12) twelve", "| a | b |", "<b>x</b> &amp; &copy;", "www.evil.example me@evil.example http://evil.example",
    "a -> b <- c -- d >= e", "![i](http://x.y/z.png)", "> quote", "---", "===", "[^1] note", "\\$ back \\", ":blue-badge[x]", "$$x$$",
]  # fmt: skip


def rendered(text: str) -> str:
    """The text of a paragraph, as Markdown shows it; any other element would leave tags."""
    html = str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    inside = html.removeprefix("<p>").removesuffix("</p>\n")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        inside = inside.replace(entity, sign)
    return inside.replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_signs_of_markdown_are_shown_as_they_are(text: str) -> None:
    assert rendered(plain(text)) == text


@given(st.text(alphabet="ab1 *_`[](){}<>|~$&#:.-+=!\\@/^\"'", max_size=30))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert rendered(plain(text)) == ("" if not text.split() else " ".join(text.split()))


@pytest.mark.parametrize(
    "text", ["http://evil.example", "www.evil.example", "me@evil.example", "a -> b", ":streamlit:", "a -- b", ":smile:", ":material/home:"]
)
def test_what_streamlit_rewrites_even_when_escaped_is_broken_by_a_joiner(text: str) -> None:
    assert "\u2060" in plain(text)


def test_lines_become_one_line_so_that_a_list_or_cell_stays_whole() -> None:
    assert plain("one\n\n# two\tthree") == "one # two three"


def test_direction_and_control_characters_are_dropped() -> None:
    assert plain("a\u202eb\u200bc\x00d") == "abcd"


def test_a_question_needs_no_backslash_because_screen_readers_read_hidden_labels_raw() -> None:
    assert plain("Can you get graphics processors (GPUs)?") == "Can you get graphics processors (GPUs)?"


def test_a_link_leads_to_the_web_or_nowhere() -> None:
    assert link("a [b]", "https://law.example/1?x=(2)") == "[a \\[b\\]](<https://law.example/1?x=(2)>)"
    assert link("a", "javascript:alert(1)") == "a"
    assert link("a", "https://x.example/ onclick") == "a"
    assert link("a", "") == "a"


def test_code_cannot_be_left() -> None:
    assert code("a`b` c\nd") == "`ab c d`"


def test_bullets_are_one_line_each() -> None:
    assert bullets([plain("- a"), plain("b")]) == "- \\- a\n- b"
