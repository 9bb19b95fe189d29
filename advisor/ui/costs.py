"""
Costs: the range of a month, and every line of it.
"""

from __future__ import annotations

import streamlit as st

from advisor.cost.lines import Cost, dollars
from advisor.recommendation import Ranked
from advisor.ui import frame
from advisor.ui.escaping import bullets, plain


def monthly(ranked: Ranked) -> str:
    """The cost a month with its range."""
    return ranked.cost.words


def lines(cost: Cost, whose: str = "") -> None:
    """A table of the cost lines, then what they rest on."""
    rows = [
        [
            plain(x.label),
            plain(dollars(x.usd.low)),
            plain(dollars(x.usd.expected)),
            plain(dollars(x.usd.high)),
            plain(x.formula),
            plain(x.source),
        ]
        for x in cost.lines
    ]
    together = [dollars(cost.known_usd.low), dollars(cost.known_usd.expected), dollars(cost.known_usd.high)]
    total = [f"{amount} + unknown" for amount in together] if cost.missing else together
    rows.append(["**Together**", *(f"**{plain(amount)}**" for amount in total), "", ""])
    frame.table(
        f"The cost a month{whose and f' of {whose}'}, line by line",
        ["Part", "Low", "Expected", "High", "How it is worked out", "Source"],
        rows,
    )
    if cost.missing:
        st.markdown(plain(f"Not known: {cost.missing}."))
    if cost.notes:
        st.markdown(bullets(map(plain, cost.notes)))
