"""
Choices that stand in the address, so that a page can be shared and Back undoes a choice.

Streamlit's own binding of widgets to the address empties it when the page is left, and Back then finds nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

import streamlit as st

from advisor.ui import state
from advisor.ui.escaping import plain

Row = TypeVar("Row")

ALL = "all"
PAGE = "sheet"
"""Which page of a long list."""
MOST = 100_000_000
"""No limit that a person types is larger."""
_FIGURES = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
MOST_LETTERS = 60
"""So much is repeated of what the address asks for."""


def follow(widget: str, name: str, wanted: object) -> None:
    """Sets a widget to what the address asks for: when it is new, and whenever the address has changed."""
    asked = st.query_params.get(name, "")
    if state.kept(f"asked-{widget}", "") != asked or not state.holds(widget):
        state.put(widget, wanted)
    state.keep(f"asked-{widget}", asked)


def write(widget: str, name: str, default: str = "") -> None:
    """Writes what a widget holds into the address, as its callback; the default is left out. The list begins again at its first page."""
    held = state.value(widget)
    chosen = "" if held is None else ",".join(map(str, held)) if isinstance(held, list) else str(held)
    if chosen in ("", default):
        st.query_params.pop(name, None)
        chosen = ""
    else:
        st.query_params[name] = chosen
    if name != PAGE:
        st.query_params.pop(PAGE, None)
    state.keep(f"asked-{widget}", chosen)


def day(name: str) -> date | None:
    """A date in the address; None when there is none, or no real one."""
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def pick(label: str, name: str, options: Sequence[str], words: Mapping[str, str] | None = None) -> str:
    """
    A filter: one of the options, or all. `words`: how each option is shown; the address may also name it so.

    What the address asks for and is no option is said, and not taken for something else.
    """
    shown = words or {}
    asked = st.query_params.get(name, ALL)
    wanted = (
        asked if asked in (ALL, *options) else next((value for value, text in shown.items() if text == asked and value in options), ALL)
    )
    follow(f"pick-{name}", name, wanted)
    _choice(label, name, [ALL, *options], shown, ALL)
    if wanted == ALL and asked != ALL:
        refused(asked, "there is no such choice, so all are shown")
    return str(state.value(f"pick-{name}"))


def choose(label: str, name: str, words: Mapping[str, str]) -> str:
    """A setting: one of the choices, the first where the address asks for none."""
    default = next(iter(words))
    asked = st.query_params.get(name, default)
    follow(f"pick-{name}", name, asked if asked in words else default)
    _choice(label, name, list(words), words, default)
    if asked not in words:
        refused(asked, f"there is no such choice; it is “{words[default]}”")
    return str(state.value(f"pick-{name}"))


def _choice(label: str, name: str, options: Sequence[str], words: Mapping[str, str], default: str) -> None:
    key = f"pick-{name}"
    st.selectbox(label, options, format_func=lambda v: words.get(v, v), key=key, on_change=write, args=(key, name, default))


def number(label: str, name: str, whole: bool = False) -> Decimal | None:
    """A limit: a number above zero, or none."""
    asked = st.query_params.get(name, "")
    wanted = _number(asked, whole)
    key = f"number-{name}"
    follow(key, name, None if wanted is None else int(wanted) if whole else float(wanted))
    if whole:
        st.number_input(label, 0, MOST, None, step=1000, key=key, placeholder="any", on_change=write, args=(key, name))
    else:
        st.number_input(label, 0.0, float(MOST), None, step=1.0, key=key, placeholder="any", on_change=write, args=(key, name))
    if asked and wanted is None:
        refused(asked, f"it is no {'whole ' if whole else ''}number from 0 to {MOST:,}, so there is no limit")
    held = state.value(key)
    return None if held is None else Decimal(str(held))


def _number(text: str, whole: bool) -> Decimal | None:
    if not _FIGURES.fullmatch(text):
        return None
    found = Decimal(text)
    return found if found <= MOST and (not whole or found == found.to_integral_value()) else None


def refused(asked: str, why: str) -> None:
    """Says that the address asks for what is not there."""
    st.markdown(plain(f"The address asks for “{asked[:MOST_LETTERS]}”: {why}."))


# ---------------------------------------------------------------------- pages of a long list
def leaf(rows: Sequence[Row], size: int) -> Sequence[Row]:
    """The rows of the page that the address asks for, with the way to the others above them."""
    pages = max(1, -(-len(rows) // size))
    asked = st.query_params.get(PAGE, "1")
    number_of = int(asked) if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= pages else 1
    if asked != str(number_of):
        refused(asked, f"there are pages 1 to {pages}, so the first is shown")
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Previous page", key="page-before", disabled=number_of == 1, on_click=_turn, args=(number_of - 1,))
            st.markdown(f"Page {number_of} of {pages}")
            st.button("Next page", key="page-after", disabled=number_of == pages, on_click=_turn, args=(number_of + 1,))
    return rows[(number_of - 1) * size : number_of * size]


def _turn(wanted: int) -> None:
    if wanted == 1:
        st.query_params.pop(PAGE, None)
    else:
        st.query_params[PAGE] = str(wanted)
