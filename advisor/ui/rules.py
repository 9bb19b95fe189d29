"""
Rules: all of them under their laws, found by law, place, topic, effect, time, review and free text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from advisor.audit.views.listing import FORCES, REVIEWS, Entry, Wanted, by_place, entries, force_words
from advisor.rulebook.rule import NOT_REVIEWED
from advisor.ui import address, frame, knowledge, navigation
from advisor.ui.address import pick
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus

EFFECTS = ("require", "mitigate", "advise", "weigh")
TEXT = "q"

MEANING = {
    "require": "a breach rules an option out; while it cannot be decided, the option cannot be confirmed",
    "mitigate": "a breach, or what cannot be decided, becomes an open obligation",
    "advise": "a caution is shown",
    "weigh": "points for the order of the options",
}


def page() -> None:
    frame.heading(Focus("rules", "Rules"), layout="wide")
    st.markdown(
        "Each rule is one checkable statement of a law, a licence, a standard or your own demand. Choose one to read it in English beside "
        "its file, with source, dates and examples."
    )
    lib = knowledge.library()
    everything = list(lib.rulebook.rules.values())
    with st.container(horizontal=True):
        navigation.link("coverage", "Which provisions of which laws are covered")
        navigation.link("playground", "Try a rule with facts of your own")
        navigation.link("changes", "See what a change of rules alters")
    dated, searched = st.columns([1, 3])
    with dated:
        as_of = frame.when()
    with searched:
        text = _search()
    listed = entries(lib.rulebook, as_of)
    wanted = _wanted(listed, text)
    shown = [entry for entry in listed if wanted.keeps(entry)]
    unread = sum(1 for rule in everything if not rule.reviews)
    st.markdown(
        f"**{len(shown)} of {len(everything)} rules**"
        + (f": {plain(MEANING[wanted.effect])}" if wanted.effect in MEANING else "")
        + f". {unread} of them all are {plain(NOT_REVIEWED)}. The address of this page holds the choices above, so it can be shared."
    )
    if not shown:
        st.markdown("No rule fits all of these choices. Set one of them back to “all”, or search for another word.")
    for place, laws in by_place(shown).items():
        frame.section(lib.vocabulary.places.countries.get(place, place[:1].upper() + place[1:]))
        for law, group in laws.items():
            _law(law, group, as_of)


def _search() -> str:
    """Words that must all occur, in the address as `q`."""
    address.follow("rules-text", TEXT, st.query_params.get(TEXT, ""))
    return st.text_input(
        "Search in titles, citations, reasons and facts",
        key="rules-text",
        max_chars=100,
        on_change=address.write,
        args=("rules-text", TEXT),
    )


def _wanted(listed: Sequence[Entry], text: str) -> Wanted:
    laws = sorted({law for entry in listed for law in entry.laws}, key=str.casefold)
    by, where, about = st.columns([2, 1, 1])
    with by:
        law = pick("Law", "law", laws)
    with where:
        place = pick("Place", "place", sorted({entry.rule.place for entry in listed}))
    with about:
        topic = pick("Topic", "topic", sorted({entry.rule.topic for entry in listed}))
    what, when, how = st.columns([2, 1, 1])
    with what:
        effect = pick("Effect", "effect", EFFECTS)
    with when:
        force = pick("In force on that day", "in_force", FORCES)
    with how:
        review = pick("Review", "review", REVIEWS)
    return Wanted(law, place, topic, effect, force, review, text)


def _law(law: str, group: Sequence[Entry], as_of: date) -> None:
    with st.container(gap="xxsmall"):
        st.subheader(plain(f"{law} ({len(group)})"), anchor=False)
        for entry in group:
            rule = entry.rule
            source = (rule.arm(as_of) or rule.arms[0]).source
            navigation.link("rule", rule.title, {"id": rule.id})
            st.caption(plain(f"{rule.id} – {rule.effect}, {rule.place}, {force_words(rule, as_of)}, {entry.review} – {source.cite}"))
