"""
What pages share: heading, date and figures, saving the answers, the record at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import streamlit as st

from advisor.export import digests
from advisor.recommendation import Recommendation
from advisor.ui import address, flow, knowledge, navigation, state
from advisor.ui.answers_file import answers_file
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus, mount

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)

PAGE = "page"
"""Note of the page that was shown last."""

NEW_TAB = "Links to rules and sources open in a new tab."


def heading(focus: Focus, above: str = "", layout: Literal["centered", "wide"] = "centered") -> None:
    """The title of the window, the summary of errors, the heading."""
    prefix = "Error: " if focus.errors else ""
    st.set_page_config(page_title=f"{prefix}{focus.heading} – AI model advisor", layout=layout)
    mount(focus)
    state.keep(PAGE, focus.page)
    if above:
        st.caption(plain(above))
    st.title(plain(focus.heading), anchor=False)


def section(title: str) -> None:
    st.header(plain(title), anchor=False)


def when() -> date:
    """The date to judge on, in the address as `as_of`; a date that was chosen on another page stays."""
    asked = address.day("as_of")
    wanted = asked if asked and EARLIEST <= asked <= LATEST else state.kept("as-of", knowledge.today())
    address.follow("as-of", "as_of", wanted)
    chosen = st.date_input(
        "As of", min_value=EARLIEST, max_value=LATEST, key="as-of", format="YYYY-MM-DD", on_change=address.write, args=("as-of", "as_of")
    )
    state.keep("as-of", chosen)
    return chosen


def figures() -> str:
    """The figures to calculate with, in the address as `figures`."""
    asked = st.query_params.get("figures", "")
    address.follow("figures", "figures", asked if asked in knowledge.FIGURES else state.kept("figures", knowledge.FIGURES[0]))
    chosen = st.radio(
        "Figures",
        knowledge.FIGURES,
        captions=["the best source for each figure", "those of the comparison document, where it has any"],
        key="figures",
        horizontal=True,
        on_change=address.write,
        args=("figures", "figures"),
    )
    state.keep("figures", chosen)
    return chosen


def basis() -> tuple[date, str]:
    """Date and figures side by side."""
    left, right = st.columns([1, 3])
    with left:
        as_of = when()
    with right:
        return as_of, figures()


def result() -> Recommendation | None:
    """Date and figures, and the recommendation for the answers so far; None while there is nothing to judge, and why."""
    lib = knowledge.library()
    draft = state.draft()
    if not draft.begun:
        st.info("There are no answers yet. Answer the questions, open a saved file, or look at an example.")
        navigation.link("start", "Go to the start")
        return None
    as_of, chosen = basis()
    if flow.contradictions_in(draft):
        st.warning("Two of your answers cannot both be true. Correct one of them first.")
        navigation.link("check", "Check the answers")
        return None
    return knowledge.result(flow.answers(draft, lib.vocabulary), as_of, chosen)


def save() -> None:
    """Saves the answers as a file."""
    lib = knowledge.library()
    draft = state.draft()
    if draft.begun:
        st.download_button(
            "Save my answers as a file",
            data=lambda: answers_file(draft, lib).encode(),
            file_name="answers.yaml",
            mime="application/yaml",
            on_click="ignore",
            key="save",
        )


def table(alt: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table to read. The cells are already escaped."""
    st.table({plain(name): [row[n] for row in rows] for n, name in enumerate(columns)}, hide_header=False, hide_index=True, alt=alt)


def record(found: Recommendation) -> None:
    """What the result rests on, to the byte."""
    st.caption(plain(f"As of {found.as_of}, as known on {found.library.catalogue_date}; figures: {found.figures}."))
    with st.expander("Digests of answers, catalogue and rulebook"):
        st.caption("The same answers, catalogue, rulebook and date give the same result. SHA-256 of canonical JSON:")
        st.code("\n".join(f"{name:<10} {value}" for name, value in digests(found).items()), language=None)
