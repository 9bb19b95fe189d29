"""
One option at a glance, and tables of several.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.catalogue.prices import Range
from advisor.cost.lines import dollars
from advisor.recommendation import Ranked, Recommendation
from advisor.ui import costs, frame, navigation
from advisor.ui.escaping import code, plain
from advisor.wording import MODE_WORDS, STANDING_WORDS


def card(result: Recommendation, ranked: Ranked) -> None:
    """Name, standing, place, cost, quality."""
    option = ranked.option
    with st.container(border=True):
        st.markdown(f"**{plain(option.name)}**")
        where = result.explainer.fact_read(ranked.position, "option.processing_places").words
        mode = MODE_WORDS[option.mode]
        st.markdown(
            f"Standing: **{plain(STANDING_WORDS[ranked.standing])}**. {plain(mode[0].upper() + mode[1:])}; "
            f"the data is processed in {plain(where)}."
        )
        cost, quality, points = st.columns(3)
        usd, known = ranked.cost.usd, ranked.quality
        cost.metric("Cost a month", plain(dollars(usd.expected)) if usd else "not known")
        cost.caption(plain(_range(usd) if usd else ranked.cost.missing))
        quality.metric("Quality for your tasks", "not known" if known.expected is None else f"{known.expected:.0f} of 100")
        quality.caption("test it on your own cases" if known.expected is None else f"between {known.low:.0f} and {known.high:.0f}")
        points.metric("Points in the order", f"{ranked.score * 100:.0f} of 100")
        points.caption("by the weights of this result")
        st.markdown(f"Option id: {code(option.id)}")


def _range(usd: Range) -> str:
    low, high = dollars(usd.low), dollars(usd.high)
    return f"{low} to {high}" if low != high else "one figure, without a range"


def table(alt: str, options: Sequence[Ranked], first: int = 1) -> None:
    """Options in order, a row each."""
    rows = [
        [
            str(place),
            option_link(r),
            plain(STANDING_WORDS[r.standing]),
            plain(MODE_WORDS[r.option.mode]),
            plain(costs.monthly(r)),
            quality_words(r),
            f"{r.score * 100:.0f}",
        ]
        for place, r in enumerate(options, first)
    ]
    frame.table(alt, ["Place", "Option", "Standing", "Way of running", "Cost a month", "Quality", "Points"], rows)


def option_link(ranked: Ranked) -> str:
    """An option by its name, as a link to all its facts."""
    return f"[{plain(ranked.option.name)}]({navigation.address('option', id=ranked.option.id)})"


def quality_words(ranked: Ranked) -> str:
    known = ranked.quality
    return "not known" if known.expected is None else f"{known.expected:.0f} ({known.low:.0f} to {known.high:.0f})"
