"""
The one component of the app: focus on the heading of a new page, focus on the summary of errors, names for links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.errors import StreamlitAPIException

from advisor.ui import state
from advisor.ui.escaping import bullets, plain

HTML = '<div class="advisor-focus"></div>\n'


@dataclass(frozen=True)
class Focus:
    """What the component is told about a page."""

    page: str
    """Page and step; the focus moves when it changes."""
    heading: str
    errors: Sequence[tuple[str, str]] = ()
    """Container of a field, and what is wrong with it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Accessible names of links, by the key of their container."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Accessible names of groups of fields, by the key of their container."""


def mount(focus: Focus) -> None:
    """
    Draws the summary of errors and moves the focus.

    The files of the component are found through the installed package. Where it runs from a bare folder, the summary is
    drawn without links and the focus stays.
    """
    try:
        component = st.components.v2.component("advisor.focus", html=HTML, css="focus.css", js="focus.js", isolate_styles=False)
    except StreamlitAPIException:
        if focus.errors:
            st.error("**There is a problem**\n\n" + bullets(plain(text) for _, text in focus.errors))
        return
    component(
        key="focus",
        data={
            "page": focus.page,
            "heading": focus.heading,
            "errors": [list(error) for error in focus.errors],
            "attempt": state.attempt() if focus.errors else 0,
            "names": dict(focus.names),
            "groups": dict(focus.groups),
        },
    )
