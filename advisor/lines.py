"""
Lines of text for a terminal: wrapped, indented, under headings.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 100
NARROW = 80
"""For pages of many short lines, which are read in a terminal of the usual width."""


def wrapped(text: str, indent: int = 0, hang: int | None = None, width: int = WIDTH) -> str:
    """A text on lines of at most `width` characters; `hang` indents all but the first."""
    first, rest = " " * indent, " " * (indent if hang is None else hang)
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def bullet(text: str, indent: int = 2) -> str:
    return wrapped(f"- {text}", indent, indent + 2)


def section(title: str, lines: Sequence[str]) -> list[str]:
    """Lines under a heading; nothing where there are none."""
    return ["", title, "-" * len(title), *lines] if lines else []
