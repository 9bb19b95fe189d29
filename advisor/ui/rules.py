"""
Rules: all of them, by effect, place and whether they are in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from advisor.rulebook.rule import Rule
from advisor.ui import frame, knowledge, navigation
from advisor.ui.address import ALL, pick
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus

EFFECTS = ("require", "mitigate", "advise", "weigh")
IN_FORCE = ("in force", "not in force")

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
        "its file, with source, dates and examples. No lawyer has reviewed the rules yet."
    )
    everything = list(knowledge.library().rulebook.rules.values())
    dated, by_effect, by_place, by_force = st.columns(4)
    with dated:
        as_of = frame.when()
    with by_effect:
        effect = pick("Effect", "effect", EFFECTS)
    with by_place:
        place = pick("Place", "place", sorted({rule.place for rule in everything}))
    with by_force:
        force = pick("In force on that day", "in_force", IN_FORCE)
    shown = list(_matching(everything, as_of, effect, place, force))
    st.markdown(f"**{len(shown)} of {len(everything)} rules**" + (f": {plain(MEANING[effect])}" if effect in MEANING else ""))
    for rule in shown:
        _entry(rule, as_of)


def _matching(rules: Iterable[Rule], as_of: date, effect: str, place: str, force: str) -> Iterable[Rule]:
    for rule in rules:
        state = IN_FORCE[0] if rule.arm(as_of) else IN_FORCE[1]
        if effect in (ALL, rule.effect) and place in (ALL, rule.place) and force in (ALL, state):
            yield rule


def _entry(rule: Rule, as_of: date) -> None:
    source = (rule.arm(as_of) or rule.arms[0]).source
    with st.container(gap=None):
        navigation.link("rule", rule.title, {"id": rule.id})
        st.caption(plain(f"{rule.id} – {rule.effect}, {rule.place}, {force_words(rule, as_of)} – {source.cite}"))


def force_words(rule: Rule, as_of: date) -> str:
    """Whether a rule is in force on a day, and when that changes."""
    change = rule.next_change(as_of)
    if rule.arm(as_of):
        return f"in force; changes on {change}" if change else "in force"
    return f"not in force; begins {change}" if change else "no longer in force"
