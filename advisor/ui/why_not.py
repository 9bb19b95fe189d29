"""
Why not: one option, its standing, and every rule that applies to it.
"""

from __future__ import annotations

import streamlit as st

from advisor.recommendation import Ranked, Recommendation
from advisor.rulebook.rule import VERDICT_WORDS, Verdict
from advisor.ui import address, costs, evidence, frame, navigation, option_card, state, unconfirmed
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus
from advisor.wording import STANDING_WORDS

ORDER: tuple[Verdict, ...] = ("breaches", "unknown", "waived", "complies", "not_in_force")
OPTION = "option"


def page() -> None:
    frame.heading(Focus("why-not", "Why not another option?"), layout="wide")
    result = frame.result()
    if result is None:
        return
    ranked = _chosen(result)
    if ranked is None:
        st.markdown("Choose an option to see every rule that applies to it.")
        return
    frame.section(f"{ranked.option.name}: {STANDING_WORDS[ranked.standing]}")
    option_card.card(result, ranked)
    _findings(result, ranked)
    obligations = result.obligations(ranked)
    if obligations:
        frame.section("Open obligations")
        st.markdown(bullets(plain(o.text) for o in obligations))
    if result.requests(ranked):
        frame.section("What would settle the open rules")
        unconfirmed.missing(result, ranked)
    frame.section("Cost a month")
    costs.lines(ranked.cost)
    navigation.link("option", "All facts of this option with their sources", {"id": ranked.option.id})


def _chosen(result: Recommendation) -> Ranked | None:
    """The option of the address, or the one that is picked."""
    found = {r.option.id: r for r in result.all}
    asked = st.query_params.get(OPTION, "")
    address.follow("why-option", OPTION, asked if asked in found else None)
    st.selectbox(
        "Option",
        list(found),
        format_func=lambda v: f"{found[v].option.name} ({STANDING_WORDS[found[v].standing]})",
        index=None,
        placeholder="Type part of a name, then choose",
        key="why-option",
        on_change=address.write,
        args=("why-option", OPTION),
    )
    return found.get(str(state.value("why-option")))


def _findings(result: Recommendation, ranked: Ranked) -> None:
    found = result.findings(ranked)
    for verdict in ORDER:
        group = [f for f in found if f.verdict == verdict]
        if not group:
            continue
        frame.section(f"{VERDICT_WORDS[verdict].capitalize()} ({len(group)})")
        if verdict in ("breaches", "unknown", "waived"):
            for item in group:
                evidence.finding(item, result.library.vocabulary)
        else:
            with st.expander(f"Show ({len(group)})"):
                for item in group:
                    evidence.finding(item, result.library.vocabulary)
