"""
A memo as Streamlit may show it: the same document, with every text in it escaped again.

The memo is Markdown of ours around texts of people and files. Those are escaped for Markdown, but Streamlit reads more than
Markdown: colours, icons, formulas. So the document is taken apart, and put together again with texts that are only texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from advisor.ui.escaping import code, link, plain

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def shown(memo: str) -> str:
    """The body of a memo, safe to show below the heading of a page."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(FRONT_MATTER.sub("", memo))
    return "\n".join(_lines(tokens))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    depth, marker, at = 0, "", 0
    while at < len(tokens):
        token = tokens[at]
        match token.type:
            case "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                yield from _table(tokens[at:end])
                at = end
            case "heading_open":
                marker = "#" * min(int(token.tag[1]) + 1, 6) + " "
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                marker = f"{'  ' * (depth - 1)}- "
            case "inline":
                yield marker + _inline(token.children or [])
                marker = "  " * depth
            case "fence" | "code_block":
                yield from ["````", token.content.rstrip().replace("````", ""), "````"]
        if depth == 0 and (token.type.endswith("_close") or token.type == "fence"):
            yield ""
        at += 1


def _table(tokens: Sequence[Token]) -> Iterator[str]:
    row: list[str] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                row = []
            case "inline":
                row.append(_inline(token.children or []))
            case "tr_close":
                yield f"| {' | '.join(row)} |"
            case "thead_close":
                yield "|" + " --- |" * len(row)
    yield ""


def _inline(children: Sequence[Token]) -> str:
    """The inside of a paragraph, a heading or a cell."""
    parts: list[str] = []
    labels: list[tuple[str, int]] = []
    for child in children:
        match child.type:
            case "strong_open" | "strong_close":
                parts.append("**")
            case "em_open" | "em_close":
                parts.append("*")
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "code_inline":
                parts.append(code(child.content))
            case "link_open":
                labels.append((str(child.attrGet("href") or ""), len(parts)))
                parts.append("")
            case "link_close" if labels:
                url, start = labels.pop()
                label = "".join(parts[start:])
                parts[start:] = [_linked(label, url)]
            case _:
                parts.append(_text(child.content))
    return "".join(parts)


def _text(text: str) -> str:
    """A text with a space at either end where it had one."""
    return f"{' ' if text[:1].isspace() else ''}{plain(text)}{' ' if text.strip() and text[-1:].isspace() else ''}"


def _linked(label: str, url: str) -> str:
    whole = link("x", url)
    return f"[{label}]{whole.removeprefix('[x]')}" if whole.startswith("[") else label
