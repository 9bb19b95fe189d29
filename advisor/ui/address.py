"""
Choices that stand in the address, so that a page can be shared and Back undoes a choice.

Streamlit's own binding of widgets to the address empties it when the page is left, and Back then finds nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from advisor.ui import state

ALL = "all"


def follow(widget: str, name: str, wanted: object) -> None:
    """Sets a widget to what the address asks for: when it is new, and whenever the address has changed."""
    asked = st.query_params.get(name, "")
    if state.kept(f"asked-{widget}", "") != asked or not state.holds(widget):
        state.put(widget, wanted)
    state.keep(f"asked-{widget}", asked)


def write(widget: str, name: str, default: str = "") -> None:
    """Writes what a widget holds into the address, as its callback; the default is left out."""
    chosen = str(state.value(widget) or "")
    if chosen in ("", default):
        st.query_params.pop(name, None)
        chosen = ""
    else:
        st.query_params[name] = chosen
    state.keep(f"asked-{widget}", chosen)


def day(name: str) -> date | None:
    """A date in the address; None when there is none, or no real one."""
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def pick(label: str, name: str, options: Sequence[str]) -> str:
    """A filter: one of the options, or all."""
    asked = st.query_params.get(name, ALL)
    follow(f"pick-{name}", name, asked if asked in options else ALL)
    st.selectbox(label, [ALL, *options], key=f"pick-{name}", on_change=write, args=(f"pick-{name}", name, ALL))
    return str(state.value(f"pick-{name}"))
