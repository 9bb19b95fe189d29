"""
Disputes: everything on which sources differ, how far, by which claims, and which ready cases it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.curation.disputes import KIND_WORDS, Dispute
from advisor.curation.survey import Survey
from advisor.curation.trials import Effect
from advisor.curation.words import apart, dispute_title, effect_line
from advisor.library import Library
from advisor.ui import address, frame, knowledge, navigation, option_parts, tried
from advisor.ui.address import ALL
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus

ROWS = 25
STATES: Mapping[str, str] = {"changes": "changes a case", "open": "not settled", "settled": "settled"}
Pair = tuple[Dispute, tuple[Effect, ...]]


def page() -> None:
    frame.heading(Focus("disputes", "Disputes"), layout="wide")
    lib = knowledge.library()
    st.markdown(
        "Where sources that count differ on a fact, a price, a benchmark result or a rent. Until a curator settles it, every claimed "
        "value stays possible. Each value is tried alone on the ready cases: a dispute that changes none of them can wait."
    )
    navigation.link("catalogue", "All options")
    survey, _, _ = tried.chosen_survey()
    shown = _filtered(survey, lib)
    settled = sum(bool(d.settled) for d in survey.disputes)
    st.markdown(
        f"**{len(shown):,} of {len(survey.disputes):,} disputes** are listed. {len(survey.changed):,} of all change what one of "
        f"{len(survey.advice)} cases is recommended; {settled:,} are settled."
    )
    _changing(shown, lib)
    frame.section("Each dispute")
    if not shown:
        st.markdown("No dispute fits all of these choices.")
        return
    for dispute, effects in address.leaf(shown, ROWS):
        _one(dispute, effects, lib)


def _filtered(survey: Survey, lib: Library) -> list[Pair]:
    catalogue = lib.catalogue
    models = {m: catalogue.models[m].name for d in survey.disputes for m in d.models}
    hosts = {h: catalogue.hosts[h].name for d in survey.disputes for h in d.hosts}
    by_state, by_kind, by_model, by_host = st.columns(4)
    with by_state:
        state = address.pick("Show", "state", list(STATES), STATES)
    with by_kind:
        kind = address.pick("Kind", "kind", list(KIND_WORDS), {str(name): words for name, words in KIND_WORDS.items()})
    with by_model:
        model = address.pick("Model", "model", sorted(models, key=lambda n: models[n].casefold()), models)
    with by_host:
        host = address.pick("Host", "host", sorted(hosts, key=lambda n: hosts[n].casefold()), hosts)
    return [
        (dispute, effects)
        for dispute, effects in survey.ranked()
        if kind in (ALL, dispute.kind)
        and (model == ALL or model in dispute.models)
        and (host == ALL or host in dispute.hosts)
        and {"changes": bool(effects), "open": not dispute.settled, "settled": bool(dispute.settled)}.get(state, True)
    ]


def _changing(shown: Sequence[Pair], lib: Library) -> None:
    """What is worth settling first."""
    frame.section("What would change a case")
    rows = [
        [plain(dispute_title(dispute, lib.catalogue)), plain(apart(dispute)), plain(effect_line(effect))]
        for dispute, effects in shown
        for effect in effects
    ]
    if rows:
        frame.table("Disputes that change a case", ["Dispute", "How far apart", "What it changes"], rows)
    else:
        st.markdown("None of the disputes shown changes the recommendation of a case.")


def _one(dispute: Dispute, effects: Sequence[Effect], lib: Library) -> None:
    count = len(dispute.options)
    title = f"{dispute_title(dispute, lib.catalogue)} – {apart(dispute)}{', settled' if dispute.settled else ''}"
    with st.expander(plain(title[:1].upper() + title[1:])):
        st.markdown(bullets(option_parts.claim_line(claim) for claim in dispute.claims))
        if dispute.settled:
            st.markdown(f"Settled by {plain(dispute.settled)}")
        st.markdown(plain(f"It touches {count:,} option{'s' if count != 1 else ''}, for example:"))
        st.markdown(bullets(f"[{plain(name)}]({navigation.address('option', id=name)})" for name in dispute.options[:3]))
        if effects:
            st.markdown("It changes:")
            st.markdown(bullets(plain(effect_line(effect)) for effect in effects))
        elif not dispute.settled:
            st.markdown("It changes none of the cases.")
