"""
One option: every fact with all its claims.
"""

from __future__ import annotations

import streamlit as st

from advisor.catalogue.evidence import Known
from advisor.catalogue.options import Option
from advisor.cost.lines import dollars
from advisor.library import Library
from advisor.rulebook.english import English
from advisor.ui import evidence, flow, frame, knowledge, navigation, state
from advisor.ui.escaping import bullets, code, plain
from advisor.ui.focus import Focus
from advisor.vocabulary import Fact
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
    st.markdown(f"{code(option.id)} – {plain(MODE_WORDS[option.mode])}")
    st.caption(plain(f"As known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}."))
    if option.preconditions:
        frame.section("What has to be asked for or signed first")
        st.markdown(bullets(f"{plain(p.text)} ({plain(p.who)})" for p in option.preconditions))
    if option.note:
        st.markdown(plain(option.note))
    if state.draft().begun:
        navigation.link("why-not", "Every rule that applies to it for your answers", {"option": option.id})
    frame.section("Facts")
    _facts(option, lib)
    _prices(option)


def _premises(option_id: str) -> str:
    """The country in the id of an option on own premises: `model@host/DE/machine`."""
    return option_id.partition("/")[2].partition("/")[0]


def _facts(option: Option, lib: Library) -> None:
    words = English(lib.vocabulary)
    rows: list[list[str]] = []
    silent = []
    for name, known in option.facts.items():
        fact = lib.vocabulary.facts[name]
        if not known.claims:
            silent.append(fact.phrase)
            continue
        rows += _fact_rows(fact, known, words)
    columns = ["Fact", "What is known", "The source says", "Source", "Date", "Grade", "Confidence"]
    frame.table(f"Facts of {option.name} with all claims", columns, rows)
    if silent:
        st.markdown("Nobody states these, so they are not known:")
        st.markdown(bullets(map(plain, silent)))


def _fact_rows(fact: Fact, known: Known, words: English) -> list[list[str]]:
    flag = " (sources differ)" if known.disputed else f" (settled by {known.settled})" if known.settled else ""
    value = plain(f"{words.value(fact, known.possible)}{flag}")
    return [
        [evidence.fact_words(fact, claim, words.vocabulary), value, *evidence.claim_cells(claim), plain(claim.confidence or "–")]
        for claim in known.claims
    ]


def _prices(option: Option) -> None:
    if option.prices is None:
        return
    frame.section("Prices, US dollars per million tokens")
    rows = []
    for name, price in option.prices.classes.items():
        span = f"{dollars(price.range.expected)} ({dollars(price.range.low)} to {dollars(price.range.high)})"
        span += f" (settled by {price.settled})" if price.settled else ""
        kind = name.removesuffix("_usd_per_mtok").replace("_", " ")
        rows += [[plain(kind), plain(span), *evidence.claim_cells(claim)] for claim in price.claims]
    frame.table(f"Prices of {option.name}", ["Tokens", "Price and range", "The source says", "Source", "Date", "Grade"], rows)
