"""
Text as it is: what people and files say goes into Markdown here, and nothing in it counts as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKDOWN = re.compile(r"[\\`*_\[\]<>{}|~$&]|:(?=\w)|^[-+#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]")
"""What Markdown reads; other signs stay bare, because a hidden label is read out with its backslashes."""

_DROPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control and direction characters, which show nothing and can make a line read differently from what it says."""

_REWRITTEN = re.compile(r"(?<=:)(?=//|[\w+/-]+:)|(?<=www)(?=\.)|(?=@)|(?<=[-<>~=])(?=[-<>~=])", re.IGNORECASE)
"""Where Streamlit makes links, arrows and pictures of plain text, even of escaped text."""
_JOINER = "\u2060"
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def plain(text: object) -> str:
    """A text on one line, for any place that reads Markdown: labels, cells, paragraphs."""
    line = " ".join(_DROPPED.sub("", str(text)).split())
    return _MARKDOWN.sub(r"\\\g<0>", _REWRITTEN.sub(_JOINER, line))


def whole(text: object) -> str:
    """A date or another word with hyphens that stays on one line in a narrow cell."""
    return plain(text).replace("-", f"-{_JOINER}")


def code(name: str) -> str:
    """A name in the type of code, such as the id of a rule or an option."""
    return f"`{' '.join(_DROPPED.sub('', name).replace('`', '').split())}`"


def link(label: str, url: str) -> str:
    """A link to a source; only the label where there is no web address."""
    return f"[{plain(label)}](<{url}>)" if _ADDRESS.fullmatch(url) else plain(label)


def bullets(items: Iterable[str]) -> str:
    """A list of lines that are already escaped."""
    return "\n".join(f"- {item}" for item in items)
