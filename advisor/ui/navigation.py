"""
The pages of the app, their addresses, and the ways between them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from advisor.errors import AdvisorError, BrokenInput
from advisor.ui import knowledge, state
from advisor.ui.escaping import plain

Name: TypeAlias = Literal[
    "start", "questions", "check", "recommendation", "costs", "why-not", "compare", "memo", "catalogue", "disputes", "missing", "freshness",
    "letters", "rules", "coverage", "playground", "changes", "rule", "option",
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One page: its title in the navigation, and the module whose `page` draws it."""

    title: str
    module: str
    visible: bool = True


PLACES: Mapping[Name, Place] = {
    "start": Place("Start", "start"),
    "questions": Place("Questions", "questions"),
    "check": Place("Check answers", "check"),
    "recommendation": Place("Recommendation", "recommendation"),
    "costs": Place("Costs", "costs_page"),
    "why-not": Place("Why not", "why_not"),
    "compare": Place("Compare", "compare"),
    "memo": Place("Memo", "memo"),
    "catalogue": Place("Catalogue", "catalogue"),
    "rules": Place("Rules", "rules"),
    "coverage": Place("Coverage", "coverage"),
    "disputes": Place("Disputes", "disputes"),
    "missing": Place("Missing evidence", "missing"),
    "freshness": Place("Freshness", "freshness"),
    "letters": Place("Letters", "host_letter"),
    "playground": Place("Try a rule", "playground"),
    "changes": Place("Changes", "changes"),
    "rule": Place("Rule", "rule_page", visible=False),
    "option": Place("Option", "option_page", visible=False),
}


def page(name: Name, first: Name = "start") -> StreamlitPage:
    place = PLACES[name]
    draw = importlib.import_module(f"advisor.ui.{place.module}").page
    return st.Page(draw, title=place.title, url_path=name, default=name == first, visibility="visible" if place.visible else "hidden")


def run(first: Name = "start") -> None:
    """Shows the navigation and the page of the address; `first` is the page of the bare address."""
    # One flat list: on a small screen the menus of a grouped one are no lists for a screen reader (WCAG 1.3.1).
    chosen = st.navigation([page(name, first) for name in PLACES], position="top")
    try:
        chosen.run()
    except BrokenInput as broken:
        st.error("Something that the advisor read is wrong. Nothing was changed.")
        for problem in broken.problems:
            st.text(str(problem))
    except AdvisorError as error:
        st.error(plain(error))


def link(name: Name, label: str, query: Mapping[str, str] | None = None) -> None:
    """A link to another page, on a line of its own."""
    st.page_link(page(name), label=plain(label), query_params=dict(query or {}))


def go(name: Name) -> None:
    """Leaves for another page."""
    st.switch_page(page(name))


def address(name: Name, **query: str) -> str:
    """The address of a page for a link inside a text; such links open in a new tab, and take a chosen date with them."""
    as_of = state.kept("as-of", knowledge.today())
    dated = query if as_of == knowledge.today() else {**query, "as_of": str(as_of)}
    return f"{name}?{urlencode(dated)}"


def rule_link(rule_id: str) -> str:
    """A rule by its id, as a link inside a text."""
    return f"[{plain(rule_id)}]({address('rule', id=rule_id)})"
