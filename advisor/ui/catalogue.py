"""
Catalogue: every option on a date, by model, host and way of running.
"""

from __future__ import annotations

import streamlit as st

from advisor.catalogue.options import Option
from advisor.rulebook.english import English
from advisor.ui import flow, frame, knowledge, navigation, state
from advisor.ui.address import ALL, pick
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus
from advisor.wording import MODE_WORDS

MOST_ROWS = 100


def page() -> None:
    lib = knowledge.library()
    frame.heading(Focus("catalogue", "Catalogue"), layout="wide")
    st.markdown("An option is one model, at one host, at one endpoint, run in one way. Choose one to see every fact with its sources.")
    dated, by_model, by_host, by_mode = st.columns(4)
    with dated:
        as_of = frame.when()
    options = knowledge.options(as_of, flow.answers(state.draft(), lib.vocabulary))
    models, hosts, modes = {o.model.name for o in options}, {o.host.name for o in options}, {MODE_WORDS[o.mode] for o in options}
    with by_model:
        model = pick("Model", "model", sorted(models))
    with by_host:
        host = pick("Host", "host", sorted(hosts))
    with by_mode:
        mode = pick("Way of running", "mode", sorted(modes))
    shown = [o for o in options if model in (ALL, o.model.name) and host in (ALL, o.host.name) and mode in (ALL, MODE_WORDS[o.mode])]
    st.markdown(plain(f"{len(shown)} of {len(options)} options, as known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}."))
    if len(shown) > MOST_ROWS:
        st.markdown(f"The first {MOST_ROWS} are listed. Choose a model, a host or a way of running to see the others.")
    frame.table("Options of the catalogue", ["Option", "Way of running", "Processed in", "Id"], [_row(o) for o in shown[:MOST_ROWS]])


def _row(option: Option) -> list[str]:
    words = English(knowledge.library().vocabulary)
    fact = knowledge.library().vocabulary.facts["option.processing_places"]
    where = words.value(fact, option.possible("option.processing_places"))
    return [
        f"[{plain(option.name)}]({navigation.address('option', id=option.id)})",
        plain(MODE_WORDS[option.mode]),
        plain(where),
        plain(option.id),
    ]
