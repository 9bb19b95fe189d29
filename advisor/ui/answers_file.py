"""
The answers as a file to keep, and back again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from advisor.answers import UNKNOWN, answers_in
from advisor.library import Library, shipped
from advisor.strict_yaml import parse
from advisor.ui.state import Draft

HEAD = "# Answers for the advisor. Open this file on the start page, or run: advisor recommend THIS-FILE\n"


def answers_file(draft: Draft, lib: Library) -> str:
    """The answers as YAML, in the order of the questions; `unknown` where the person said so."""
    order = [f.key for q in lib.questions for f in q.fields]
    keys = sorted(draft.known.keys() | draft.unsure, key=lambda key: (order.index(key) if key in order else len(order), key))
    data = {key: _plain(draft.known[key]) if key in draft.known else UNKNOWN for key in keys}
    body = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100) if data else ""
    return HEAD + body


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def opened(raw: bytes, name: str, lib: Library) -> Draft:
    """The answers in a file. Raises BrokenInput with every problem."""
    document = parse(raw, name)
    answers = answers_in(document, lib.vocabulary)
    stated = document.data if isinstance(document.data, dict) else {}
    return Draft(dict(answers.known), {key for key, value in stated.items() if value == UNKNOWN}, {}, name)


def examples() -> dict[str, Path]:
    """The ready answer files by name."""
    folder = shipped("data") / "examples"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def first_line(path: Path) -> str:
    """What an example is about: the comment at its top."""
    line = path.read_text(encoding="utf-8").partition("\n")[0]
    return line.removeprefix("#").strip() if line.startswith("#") else path.stem
