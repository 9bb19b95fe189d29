"""
Costs: ways of running side by side at the stated load or one that is tried, over volume, with every line and how sure it is.
"""

from __future__ import annotations

import streamlit as st

from advisor import cost_words as words
from advisor import sizing_words as sizing
from advisor.answers import Answers
from advisor.cost.workload import workload
from advisor.cost_words import Table
from advisor.errors import NotFound
from advisor.recommendation import Recommendation
from advisor.three_ways import MOST_WAYS, ThreeWays
from advisor.ui import address, costs, costs_chart, costs_inputs, frame, knowledge, navigation, state
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus
from advisor.wording import STANDING_WORDS

OPTIONS = "options"
WIDGET = "costs-options"


def page() -> None:
    frame.heading(Focus(costs_inputs.PAGE, "Costs", costs_inputs.errors()), layout="wide")
    finding = st.container()
    result = frame.result()
    if result is None:
        return
    names = _names(result)
    load = costs_inputs.tried(result.answers)
    frame.section("The load")
    st.markdown(
        "Try other figures here. Your saved answers stay as they are, and so do the standings, which rest on them. To keep a figure, "
        "change the answer."
    )
    costs_inputs.show(result.answers, result.library)
    three = _three(result, names, load)
    if three is None:
        return
    with finding:
        _finding(three, load.plain() != result.answers.plain())
    _ways(three)
    _break_even(three)
    _lines(three)
    _sizing(three)
    _more(three)
    navigation.link("recommendation", "Back to the recommendation")
    frame.record(result)


def _names(result: Recommendation) -> tuple[str, ...]:
    """The options that are chosen; none: a choice is made for the person."""
    found = {r.option.id: r for r in result.all}
    asked = list(dict.fromkeys(name for name in st.query_params.get(OPTIONS, "").split(",") if name))
    there = [name for name in asked if name in found][:MOST_WAYS]
    address.follow(WIDGET, OPTIONS, there)
    chosen = st.multiselect(
        "Options. None chosen: the cheapest of each way of running",
        list(found),
        format_func=lambda v: f"{found[v].option.name} ({STANDING_WORDS[found[v].standing]})",
        max_selections=MOST_WAYS,
        placeholder=f"Type part of a name, then choose; up to {MOST_WAYS}",
        key=WIDGET,
        on_change=address.write,
        args=(WIDGET, OPTIONS),
    )
    for name in asked:
        if name not in found:
            address.refused(name, "there is no such option on this date")
    return tuple(map(str, chosen))


def _three(result: Recommendation, names: tuple[str, ...], load: Answers) -> ThreeWays | None:
    """The comparison, or why there is none: a figure that is wrong, or not known."""
    if state.errors(costs_inputs.PAGE):
        st.warning("No cost is shown until the figures above are right.")
        return None
    stated = workload(load)
    if stated is None:
        st.info("To work out a cost, enter how many requests you expect and how long the input and the answer usually are.")
        return None
    if problem := sizing.load_problem(stated):
        st.warning(plain(f"No cost is shown for this load. {problem}"))
        return None
    try:
        found = knowledge.three_ways(result, names, load)
    except NotFound as missing:
        st.warning(plain(f"These costs cannot be shown: {missing}"))
        return None
    kept, left_out = sizing.without_too_long(found) if found else (None, [])
    for reason in left_out:
        st.warning(plain(reason))
    return kept


def _finding(three: ThreeWays, other: bool) -> None:
    st.markdown(f"**{plain(words.summary(three))}**")
    if other:
        st.markdown("This holds for the figures that you are trying, not for your saved answers.")


def _table(table: Table) -> None:
    """Nothing where there is no row."""
    if table.rows:
        frame.table(table.title, table.columns, [list(map(plain, row)) for row in table.rows])


def _captioned(table: Table) -> None:
    if table.rows:
        st.caption(plain(f"{table.title}."))
        _table(table)


# ---------------------------------------------------------------------- sections
def _ways(three: ThreeWays) -> None:
    frame.section("Side by side, a month")
    _table(words.ways_table(three))
    st.caption(plain(words.method_words(three)))


def _break_even(three: ThreeWays) -> None:
    frame.section("Over volume, and where your own machines pay off")
    said = [words.pair_words(three, pair) for pair in words.pairs(three)]
    if said:
        st.markdown(bullets(map(plain, said)))
    elif len(three.curves) > 1:
        st.markdown("There is no self-hosted way beside a service here, so there is no break-even to find.")
    table = words.curve_table(three)
    if not table.rows:
        st.markdown("No way shown has a complete cost, so there is no curve.")
        return
    told = (said[0] if said else words.summary(three)).partition(". ")[0].rstrip(".")
    theme = st.context.theme.type or "light"
    st.altair_chart(costs_chart.chart(three, theme), width="stretch", alt=f"Cost a month by requests a month, on log scales: {told}.")
    st.caption(
        plain(
            "Lines: half of the draws cost as much or less. Bands: 8 of 10 draws. Dashed upright line: your load. "
            f"From {words.draws_words(three)}. {words.barred_words(three)}"
        )
    )
    _table(table)


def _lines(three: ThreeWays) -> None:
    frame.section("What the cost is made of")
    _table(words.lines_table(three))
    for way in three.ways:
        name = words.short_label(three, way)
        with st.expander(f"{plain(name)}: every line with its formula and source"):
            st.markdown(plain(f"{way.ranked.option.name}; {STANDING_WORDS[way.ranked.standing]}."))
            costs.lines(words.cost_of(three, way), name)
    frame.section("What drives it")
    _captioned(words.drivers_table(three))


def _sizing(three: ThreeWays) -> None:
    frame.section("Sized for the busiest hour")
    busy = sizing.utilisation_words(three)
    if busy:
        st.markdown(plain(busy))
    _captioned(sizing.load_rows(three))
    _captioned(sizing.memory_rows(three))


def _more(three: ThreeWays) -> None:
    frame.section("Other ways to look at it")
    made = (words.per_mtok_rows, words.processing_rows, words.hours_rows, words.payments_rows, words.later_rows)
    for table in (rows(three) for rows in made):
        _captioned(table)
