"""
Compare: a few options side by side.
"""

from __future__ import annotations

import streamlit as st

from advisor.comparison import Comparison, compare, option_label
from advisor.errors import NotFound
from advisor.recommendation import Recommendation
from advisor.ui import flow, frame, knowledge, state
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus
from advisor.wording import STANDING_WORDS

MOST = 4


def page() -> None:
    frame.heading(Focus("compare", "Compare options side by side"), layout="wide")
    result = _result()
    if result is None:
        return
    try:
        found = compare(result, _names(result))
    except NotFound as missing:
        st.warning(plain(f"This comparison cannot be shown: {missing}"))
        return
    _show(found)
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
    found = {r.option.id: r for r in result.all}
    state.seed("compare-options", [])
    chosen = st.multiselect(
        "Options. None chosen: the three systems of the comparison document",
        list(found),
        format_func=lambda v: f"{found[v].option.name} ({STANDING_WORDS[found[v].standing]})",
        max_selections=MOST,
        placeholder=f"Type part of a name, then choose; up to {MOST}",
        key="compare-options",
        persist_state="session",
    )
    return [str(name) for name in chosen]


def _show(found: Comparison) -> None:
    heads = [option_label(r.option) for r in found.options]
    if len(set(heads)) < len(heads):
        heads = [r.option.name for r in found.options]
    for topic in dict.fromkeys(row.topic for row in found.rows):
        frame.section(topic)
        rows = [
            [f"**{plain(row.label)}**" + (f" {plain(row.note)}" if row.note else ""), *map(plain, row.cells)]
            for row in found.rows
            if row.topic == topic
        ]
        frame.table(f"{topic} of {' and '.join(heads)}", ["", *heads], rows)
    frame.section("Choose")
    frame.table("When to choose which", ["Option", "When"], [[plain(h), plain(c)] for h, c in zip(heads, found.choose, strict=True)])
    st.caption(
        plain("The options: " + "; ".join(f"{h} is {r.option.name} ({r.option.id})" for h, r in zip(heads, found.options, strict=True)))
    )
