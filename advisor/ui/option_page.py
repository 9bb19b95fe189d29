"""
One option: what has to be asked for first, every fact with its claims, prices by size and way, history, and what hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from advisor.catalogue.options import Option
from advisor.curation.dossier import Dossier, dossier
from advisor.curation.words import case_words
from advisor.library import Library
from advisor.ui import flow, frame, knowledge, navigation, option_parts, state, tried
from advisor.ui.escaping import bullets, code, plain
from advisor.ui.focus import Focus
from advisor.wording import MODE_WORDS

ID = "id"


def page() -> None:
    lib = knowledge.library()
    wanted = st.query_params.get(ID, "")
    navigation.link("catalogue", "All options")
    top = st.container()
    with st.columns([1, 3])[0]:
        as_of = frame.when()
    options = knowledge.options(as_of, flow.answers(state.draft(), lib.vocabulary), [_premises(wanted)])
    option = next((o for o in options if o.id == wanted), None)
    with top:
        frame.heading(Focus(f"option/{wanted}", option.name if option else "There is no such option"), above="Option", layout="wide")
    if option is None:
        st.markdown("Nobody lists it on this date.")
        return
    found = dossier(option, lib.catalogue, as_of)
    _head(found, lib)
    _before(option)
    _ends(found)
    _advice(option, as_of)
    option_parts.differing(found, lib, tried.known(as_of))
    option_parts.prices(found)
    frame.section("Facts")
    option_parts.items(f"Facts of {option.name} with the claims that count", found.facts, lib)
    if found.silent:
        st.markdown("Nobody states these, so they are not known:")
        st.markdown(bullets(map(plain, found.silent)))
    if found.scores:
        frame.section("Benchmark results of the model")
        option_parts.items(f"Benchmark results of {option.model.name}", found.scores, lib)
    option_parts.aside(found, lib)


def _premises(option_id: str) -> str:
    """The country in the id of an option on own premises: `model@host/DE/machine`."""
    return option_id.partition("/")[2].partition("/")[0]


def _head(found: Dossier, lib: Library) -> None:
    option = found.option
    st.markdown(f"{code(option.id)} – {plain(MODE_WORDS[option.mode])}")
    st.caption(plain(f"As known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}."))
    if option.note:
        st.markdown(plain(option.note))
    if found.replaced:
        st.markdown(plain(f"Your own data replace the shipped {', '.join(found.replaced)}."))
    with st.container(horizontal=True):
        if state.draft().begun:
            navigation.link("why-not", "Every rule that applies to it for your answers", {"option": option.id})
        navigation.link("compare", "Put it beside others", {"options": option.id})
        if option.host.kind != "own":
            navigation.link("letters", f"Questions for {option.host.name}", {"host": option.host.id})


def _before(option: Option) -> None:
    if option.preconditions:
        frame.section("What has to be asked for or signed first")
        st.markdown(bullets(f"{plain(p.text)} ({plain(p.who)})" for p in option.preconditions))


def _ends(found: Dossier) -> None:
    if found.ends:
        frame.section("End of service")
        st.markdown(bullets(option_parts.claim_line(claim, "announced for ") for claim in found.ends))


def _advice(option: Option, as_of: date) -> None:
    """Which ready examples are recommended this option; worked out when asked for."""
    frame.section("Examples that lead to it")
    found = tried.known(as_of)
    if found is None:
        st.markdown("Trying the ready examples shows which of them it is recommended for. The first try of a day takes up to a minute.")
        if not st.button("Try the ready examples", key="try-examples"):
            return
        found = tried.surveyed(as_of)
    lines = [f"{plain(a.words)} ({plain(case_words(a.case))}): recommended" for a in found.recommending(option.id)]
    lines += [f"{plain(a.words)} ({plain(case_words(a.case))}): second" for a in found.second_for(option.id)]
    st.markdown(bullets(lines) if lines else plain(_none(found.advice)))


def _none(advice: Sequence[object]) -> str:
    return f"None of the {len(advice)} ready examples is recommended it, or has it second."
