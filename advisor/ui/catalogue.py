"""
Catalogue: the options of a date, found by model, host, place, way of running, licence, price and length; up to four are put side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from advisor.catalogue.listing import ORDER_WORDS, Entry, Row, Wanted, countries_in, places_to_choose, rows
from advisor.catalogue.prices import Price
from advisor.curation.dossier import dollars_exact, span
from advisor.library import Library
from advisor.rulebook.english import English
from advisor.ui import address, flow, frame, knowledge, navigation, state
from advisor.ui.address import ALL
from advisor.ui.escaping import plain
from advisor.ui.focus import Focus
from advisor.wording import MODE_WORDS

ROWS = 50
MOST_COMPARED = 4
KEPT = ("mode", "licence", "within", "price", "context")
"""Choices that hold for the endpoints of a row as they do for the row."""
COLUMNS = [
    "Option", "Endpoints", "Way of running", "Processed in", "Input, USD per million tokens", "Output, USD per million tokens",
    "Longest input", "Licence",
]  # fmt: skip


def page() -> None:
    frame.heading(Focus("catalogue", "Catalogue"), layout="wide")
    lib = knowledge.library()
    st.markdown("An option is one model, at one host, at one endpoint, run in one way. Choose one to see every fact with its sources.")
    with st.container(horizontal=True):
        navigation.link("disputes", "On what sources differ")
        navigation.link("missing", "What nobody has established")
        navigation.link("freshness", "How old the facts are")
        navigation.link("letters", "Letters to hosts")
    with st.columns(4)[0]:
        as_of = frame.when()
    entries = knowledge.entries(as_of, flow.answers(state.draft(), lib.vocabulary))
    wanted, order = _wanted(entries, lib, as_of)
    found = rows(entries, wanted, order, unfolded=bool(wanted.model and wanted.host))
    _counts(found, entries, lib)
    if not found:
        st.markdown("No option fits all of these choices. What is not known passes no limit. Set one of them back to “all”.")
        return
    shown = address.leaf(found, ROWS)
    _side_by_side(shown)
    frame.table("Options of the catalogue", COLUMNS, [_line(row, lib) for row in shown])


# ---------------------------------------------------------------------- choices
def _wanted(entries: Sequence[Entry], lib: Library, as_of: date) -> tuple[Wanted, str]:
    options = [entry.option for entry in entries]
    models = dict(sorted({o.model.id: o.model.name for o in options}.items(), key=lambda item: item[1].casefold()))
    hosts = dict(sorted({o.host.id: o.host.name for o in options}.items(), key=lambda item: item[1].casefold()))
    licences = {o.model.licence: lib.catalogue.licences[o.model.licence].name for o in options}
    places = places_to_choose(lib.vocabulary, as_of)
    by_model, by_host, by_mode, by_licence = st.columns(4)
    with by_model:
        model = address.pick("Model", "model", list(models), models)
    with by_host:
        host = address.pick("Host", "host", list(hosts), hosts)
    with by_mode:
        mode = address.pick("Way of running", "mode", list(MODE_WORDS), MODE_WORDS)
    with by_licence:
        licence = address.pick("Licence", "licence", sorted(licences, key=lambda x: licences[x].casefold()), licences)
    by_place, by_price, by_length, in_order = st.columns(4)
    with by_place:
        place = address.pick("All processing certainly within", "within", list(places), places)
    with by_price:
        usd = address.number("Input and output together at most, USD per million tokens", "price")
    with by_length:
        length = address.number("Longest input at least, tokens", "context", whole=True)
    with in_order:
        order = address.choose("Order", "sort", ORDER_WORDS)
    host, model, mode, licence = ("" if value == ALL else value for value in (host, model, mode, licence))
    within = None if place == ALL else countries_in(place, lib.vocabulary, as_of)
    return Wanted(host, model, mode, licence, within, usd, None if length is None else int(length)), order


def _counts(found: Sequence[Row], entries: Sequence[Entry], lib: Library) -> None:
    options = sum(len(row.entries) for row in found)
    folded = f", in {len(found):,} rows of one model at one host" if options > len(found) else ""
    known = f"As known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}."
    st.markdown(f"**{plain(f'{options:,} of {len(entries):,} options')}**{plain(f'{folded}. {known}')}")
    st.caption(f"The address of this page holds the choices above, so it can be shared. {frame.NEW_TAB}")


def _side_by_side(shown: Sequence[Row]) -> None:
    """The choice of options to compare; those of other pages stay chosen."""
    names = {entry.option.id: entry.option.name for row in shown for entry in row.entries[:1]}
    before = state.kept("compared", dict[str, str]())
    names = {**names, **before}  # in an order that a choice on this page does not change
    state.seed("to-compare", list(before))
    choose, go = st.columns([3, 1], vertical_alignment="bottom")
    with choose:
        chosen = st.multiselect(
            f"Put up to {MOST_COMPARED} of these side by side",
            list(names),
            format_func=lambda name: plain(names[name]),
            max_selections=MOST_COMPARED,
            placeholder="Type part of a name, then choose",
            key="to-compare",
        )
    state.keep("compared", {name: names[name] for name in chosen})
    with go:
        if chosen:
            navigation.link("compare", f"Compare {len(chosen)}", {"options": ",".join(chosen)})


# ---------------------------------------------------------------------- rows
def _line(row: Row, lib: Library) -> list[str]:
    option = row.first.option
    english, facts = English(lib.vocabulary), lib.vocabulary.facts
    places, context = (english.value(facts[name], option.possible(name)) for name in ("option.processing_places", "option.context_tokens"))
    differ = " (sources differ)" if option.facts["option.context_tokens"].disputed else ""
    return [
        f"[{plain(option.name)}]({navigation.address('option', id=option.id)})",
        _others(row),
        plain(MODE_WORDS[option.mode]),
        plain(places),
        *map(plain, _prices(row.first)),
        plain(f"{context}{differ}"),
        plain(lib.catalogue.licences[option.model.licence].name),
    ]


def _others(row: Row) -> str:
    """How many more there are of this model at this host, as a link to them."""
    count = len(row.entries)
    if count == 1:
        return "1"
    option = row.first.option
    kept = {name: st.query_params[name] for name in KEPT if name in st.query_params}
    query = {**kept, "model": option.model.id, "host": option.host.id}
    noun = "machines" if option.deployment else "endpoints"
    return f"[{count} {noun}]({navigation.address('catalogue', **query)})"


def _prices(entry: Entry) -> tuple[str, str]:
    """Input and output; of a machine the rent."""
    option = entry.option
    if option.prices:
        return _price(option.prices.price("input_usd_per_mtok")), _price(option.prices.price("output_usd_per_mtok"))
    if entry.rent is not None:
        return f"rent {dollars_exact(round(entry.rent, 2))} an hour", "–"
    return "your own machines" if option.host.kind == "own" else "rent not known", "–"


def _price(price: Price | None) -> str:
    return span(price) if price else "not stated"
