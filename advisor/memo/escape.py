"""
Text of people and files inside Markdown: shown as written, never interpreted.
"""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
LINE_START = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)])(?=\s|$|-|=)")


def md(value: object) -> str:
    """A value on one line of Markdown: special characters escaped, control and direction characters dropped."""
    text = CONTROL.sub(" ", str(value)).strip()
    return LINE_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))
