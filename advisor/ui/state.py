"""
What one session remembers: the answers, and what its widgets hold. Nothing else touches `st.session_state`.

It lives in the memory of the server and is gone when the page is closed or loaded anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import streamlit as st

from advisor.answers import Value

Kept = TypeVar("Kept")

DRAFT = "draft"
ATTEMPT = "attempt"
ERRORS = "errors"


@dataclass
class Draft:
    """The answers so far."""

    known: dict[str, Value] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    """Keys that were answered with "I do not know yet"."""
    aside: dict[str, Value] = field(default_factory=dict)
    """Answers to questions that no longer apply; they come back when the question does."""
    name: str = ""
    """The file or example the answers came from."""

    @property
    def begun(self) -> bool:
        return bool(self.known or self.unsure)


def draft() -> Draft:
    return kept(DRAFT, Draft())


def replace_draft(fresh: Draft) -> None:
    keep(DRAFT, fresh)


# ---------------------------------------------------------------------- widgets
def seed(widget: str, value: object) -> None:
    """Gives a widget its first value; what the person has entered since stays."""
    if widget not in st.session_state:
        st.session_state[widget] = value


def put(widget: str, value: object) -> None:
    """Overwrites a widget. Only before it is drawn, as in a callback."""
    st.session_state[widget] = value


def value(widget: str) -> object:
    return st.session_state.get(widget)


def holds(widget: str) -> bool:
    return widget in st.session_state


# ---------------------------------------------------------------------- notes between runs
def kept(name: str, default: Kept) -> Kept:
    """A note of this session; the default is noted when there is none yet."""
    return cast(Kept, st.session_state.setdefault(f"kept-{name}", default))


def keep(name: str, note: object) -> None:
    st.session_state[f"kept-{name}"] = note


# ---------------------------------------------------------------------- errors of the page that was sent
def report(page: str, errors: Mapping[str, str]) -> None:
    """Notes what is wrong on a page: a message for each container of a field. No message: the page is right."""
    st.session_state[ERRORS] = (page, dict(errors))
    if errors:
        st.session_state[ATTEMPT] = attempt() + 1


def errors(page: str) -> dict[str, str]:
    """What was wrong when this page was last sent; forgotten as soon as another page is shown."""
    reported, found = st.session_state.get(ERRORS, ("", {}))
    if reported != page:
        st.session_state.pop(ERRORS, None)
        return {}
    return cast("dict[str, str]", found)


def attempt() -> int:
    """How many times a page with errors was sent."""
    return cast(int, st.session_state.get(ATTEMPT, 0))
