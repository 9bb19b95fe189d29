"""
Freshness board: how old the newest claim behind each statement is, oldest first against what its kind allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from advisor.curation.freshness import Age
from advisor.curation.words import owner_words, statement_words
from advisor.library import Library
from advisor.ui import address, frame, knowledge, navigation, tried
from advisor.ui.address import ALL
from advisor.ui.escaping import plain, whole
from advisor.ui.focus import Focus

ROWS = 50
STATES: Mapping[str, str] = {"old": "older than its kind allows", "fresh": "within what its kind allows"}
COLUMNS = ["Of", "What is stated", "Kind", "Newest source", "Age", "Allowed", "State"]


def page() -> None:
    frame.heading(Focus("freshness", "Freshness"), layout="wide")
    lib = knowledge.library()
    st.markdown(
        "How old the newest claim behind each statement is, against the age that its kind may reach. The oldest against that age come "
        "first, those without a date before them. An old claim still counts; it wants looking up again. Prices from packages are not "
        "here: they are as old as their snapshot."
    )
    navigation.link("catalogue", "All options")
    with st.columns(4)[0]:
        as_of = frame.when()
    found = tried.fresh(as_of)
    shown = _filtered(found, lib)
    old = sum(age.stale for age in shown)
    st.markdown(f"**{len(shown):,} of {len(found):,} statements**; {old:,} of them are older than their kind allows.")
    frame.section("By kind")
    frame.table("Statements shown, by kind", ["Kind", "Statements", "Too old", "Share", "Oldest", "Allowed"], _kinds(shown))
    frame.section("Statements")
    if not shown:
        st.markdown("No statement fits all of these choices. Set one of them back to “all”.")
        return
    frame.table("Statements by age", COLUMNS, [_line(age, lib) for age in address.leaf(shown, ROWS)])


def _filtered(found: Sequence[Age], lib: Library) -> list[Age]:
    catalogue = lib.catalogue
    hosts = {name: catalogue.hosts[name].name for name in {a.statement.host for a in found} if name in catalogue.hosts}
    models = {name: catalogue.models[name].name for name in {a.statement.model for a in found} if name in catalogue.models}
    by_host, by_model, by_kind, by_state = st.columns(4)
    with by_host:
        host = address.pick("Host", "host", sorted(hosts, key=lambda n: hosts[n].casefold()), hosts)
    with by_model:
        model = address.pick("Model", "model", sorted(models, key=lambda n: models[n].casefold()), models)
    with by_kind:
        kind = address.pick("Kind", "kind", sorted({a.statement.kind for a in found}))
    with by_state:
        state = address.pick("State", "state", list(STATES), STATES)
    return [
        age
        for age in found
        if host in (ALL, age.statement.host)
        and model in (ALL, age.statement.model)
        and kind in (ALL, age.statement.kind)
        and state in (ALL, "old" if age.stale else "fresh")
    ]


def _kinds(shown: Sequence[Age]) -> list[list[str]]:
    rows = []
    for kind in sorted({age.statement.kind for age in shown}):
        group = [age for age in shown if age.statement.kind == kind]
        old = sum(age.stale for age in group)
        oldest = max((age.days for age in group if age.days is not None), default=None)
        share = f"{100 * old / len(group):.0f} %"
        rows.append([plain(kind), f"{len(group):,}", f"{old:,}", share, _days(oldest), _days(group[0].allowed)])
    return rows


def _line(age: Age, lib: Library) -> list[str]:
    newest: date | None = age.newest
    return [
        plain(owner_words(age.statement, lib.catalogue)),
        plain(statement_words(age.statement, lib.catalogue)),
        plain(age.statement.kind),
        whole(newest or "no date"),
        _days(age.days),
        _days(age.allowed),
        "**no date**" if age.days is None else "**too old**" if age.stale else "fresh",
    ]


def _days(days: int | None) -> str:
    return "not known" if days is None else f"{days:,} day{'s' if days != 1 else ''}"
