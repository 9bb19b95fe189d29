"""
Compare: up to four options side by side, for the answers so far and by every fact of the catalogue. The address names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.comparison import Comparison, Row, compare, option_label
from advisor.curation.dossier import dossier
from advisor.curation.side_by_side import side_by_side
from advisor.errors import NotFound
from advisor.recommendation import Ranked, Recommendation
from advisor.ui import address, flow, frame, knowledge, navigation, state
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus
from advisor.wording import STANDING_WORDS

MOST = 4
OPTIONS = "options"
ROWS: Mapping[str, str] = {"all": "all rows", "differences": "only what differs"}


def page() -> None:
    frame.heading(Focus("compare", "Compare options side by side"), layout="wide")
    navigation.link("catalogue", "Find options in the catalogue")
    result = _result()
    if result is None:
        return
    names = _names(result)
    only = address.choose("Rows", "rows", ROWS) == "differences"
    try:
        found = compare(result, names)
    except NotFound as missing:
        st.warning(plain(f"This comparison cannot be shown: {missing}"))
        return
    _show(found, result, only)
    frame.record(result)


def _result() -> Recommendation | None:
    """For the answers so far; without answers for nobody in particular, where only facts and prices say something."""
    draft = state.draft()
    if draft.begun:
        return frame.result()
    st.info("There are no answers yet, so no rule can be decided. Facts and list prices are shown all the same.")
    as_of, figures = frame.basis()
    return knowledge.result(flow.answers(draft, knowledge.library().vocabulary), as_of, figures)


def _names(result: Recommendation) -> list[str]:
    """The options that are chosen. What the address names and is none of them on this date is said."""
    found = {r.option.id: r for r in result.all}
    asked = list(dict.fromkeys(name for name in st.query_params.get(OPTIONS, "").split(",") if name))
    there = [name for name in asked if name in found]
    address.follow("compare-options", OPTIONS, there[:MOST])
    chosen = st.multiselect(
        "Options. None chosen: the three systems of the comparison document",
        list(found),
        format_func=lambda v: f"{found[v].option.name} ({STANDING_WORDS[found[v].standing]})",
        max_selections=MOST,
        placeholder=f"Type part of a name, then choose; up to {MOST}",
        key="compare-options",
        on_change=address.write,
        args=("compare-options", OPTIONS),
    )
    for name in asked:
        if name not in found:
            address.refused(name, "there is no such option on this date")
    if len(there) > MOST:
        st.markdown(f"The address names {len(there)} options. The first {MOST} are shown.")
    return [str(name) for name in chosen]


def _show(found: Comparison, result: Recommendation, only: bool) -> None:
    heads = _heads(found.options)
    _topics(found.rows, heads, only)
    frame.section("Choose")
    frame.table("When to choose which", ["Option", "When"], [[plain(h), plain(c)] for h, c in zip(heads, found.choose, strict=True)])
    catalogue = result.library.catalogue
    _topics(side_by_side([dossier(r.option, catalogue, result.as_of) for r in found.options], result.library.vocabulary), heads, only)
    st.caption(
        "The options: "
        + "; ".join(
            f"{plain(h)} is [{plain(r.option.name)}]({navigation.address('option', id=r.option.id)})"
            for h, r in zip(heads, found.options, strict=True)
        )
    )


def _heads(options: Sequence[Ranked]) -> list[str]:
    """Short headings where they tell the options apart, else their names."""
    heads = [option_label(r.option) for r in options]
    return heads if len(set(heads)) == len(heads) else [r.option.name for r in options]


def _topics(rows: Sequence[Row], heads: Sequence[str], only: bool) -> None:
    for topic in dict.fromkeys(row.topic for row in rows):
        frame.section(topic)
        shown = [_line(row, len(heads)) for row in rows if row.topic == topic and (row.differs or not only)]
        if shown:
            columns = ["", *heads, *(["Alike?"] if len(heads) > 1 else [])]
            frame.table(f"{topic} of {' and '.join(heads)}", columns, shown)
        else:
            st.markdown("Nothing differs here.")


def _line(row: Row, options: int) -> list[str]:
    label = f"**{plain(row.label)}**" + (f" {plain(row.note)}" if row.note else "")
    alike = ["**differ**" if row.differs else "alike"] if options > 1 else []
    return [label, *map(plain, row.cells), *alike]
