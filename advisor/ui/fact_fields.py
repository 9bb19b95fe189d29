"""
Widgets for what is known of one fact of a rule: set from the data of an example, read back as such data. Not known is always a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import streamlit as st

from advisor.ui import state
from advisor.ui.escaping import plain
from advisor.vocabulary import Fact, Vocabulary

Known: TypeAlias = Literal["unknown", "exactly", "between", "partly"]

UNKNOWN: Known = "unknown"
GLOBAL = "global"

LABELS: dict[str, dict[Known, str]] = {
    "number": {"unknown": "Not known", "exactly": "Exactly", "between": "Between two numbers"},
    "choice": {"unknown": "Not known", "exactly": "Exactly", "partly": "One of several"},
    "held": {"unknown": "Not known", "exactly": "Exactly these", "partly": "Surely these, perhaps others"},
    "places": {"unknown": "Not known", "exactly": "Exactly these", "partly": "Surely these, perhaps others"},
}
YES_NO_LABELS = {UNKNOWN: "Not known", "yes": "Yes", "no": "No"}


def _key(scope: str, fact: Fact, part: str = "known") -> str:
    return f"play-{scope}-{fact.name}-{part}"


# ---------------------------------------------------------------------- from data to widgets
def put(scope: str, fact: Fact, data: object) -> None:
    """Sets the widgets of a fact to what a rule file says of it; None: not known."""
    numbers: tuple[object, object] = (None, None)
    values: list[object] = []
    more: list[object] = []
    known: str = UNKNOWN
    match fact.kind, data:
        case _, None:
            pass
        case "yes-no", str(word):
            known = word
        case "number", [lowest, highest]:
            known, numbers = "between", (lowest, highest)
        case "number", lowest:
            known, numbers = "exactly", (lowest, None)
        case "choice", list(listed):
            known, values = "partly", listed
        case "choice", value:
            known, values = "exactly", [value]
        case _, {"certain": list(certain), "possible": list(possible)}:
            known, values, more = "partly", certain, [value for value in possible if value not in certain]
        case _, list(listed):
            known, values = "exactly", listed
    state.put(_key(scope, fact), known)
    match fact.kind:
        case "number":
            state.put(_key(scope, fact, "lowest"), _number(fact, numbers[0]))
            state.put(_key(scope, fact, "highest"), _number(fact, numbers[1]))
        case "choice":
            state.put(_key(scope, fact, "one"), values[0] if known == "exactly" else None)
            state.put(_key(scope, fact, "values"), list(values))
        case "held" | "places":
            state.put(_key(scope, fact, "values"), list(values))
            state.put(_key(scope, fact, "more"), list(more))


def is_set(scope: str, fact: Fact) -> bool:
    """Whether the widgets of a fact hold something; they forget it when the page is left."""
    return state.holds(_key(scope, fact))


def _number(fact: Fact, value: object) -> int | float | None:
    if not isinstance(value, int | float) or value in (float("inf"), float("-inf")):
        return None
    return int(value) if fact.whole == "yes" else float(value)


# ---------------------------------------------------------------------- drawing
def show(scope: str, fact: Fact, vocabulary: Vocabulary) -> object:
    """Draws a fact and gives what its widgets say, as a rule file would; None: not known."""
    with st.container(border=True, gap="xsmall"):
        label = plain(fact.phrase[:1].upper() + fact.phrase[1:])
        if fact.kind == "yes-no":
            chosen = st.selectbox(label, list(YES_NO_LABELS), format_func=YES_NO_LABELS.__getitem__, key=_key(scope, fact))
            return None if chosen == UNKNOWN else chosen
        labels = LABELS[fact.kind]
        known = st.selectbox(label, list(labels), format_func=labels.__getitem__, key=_key(scope, fact))
        if known == UNKNOWN:
            return None
        if fact.kind == "number":
            return _numbers(scope, fact, known)
        return _values(scope, fact, known, vocabulary)


def _numbers(scope: str, fact: Fact, known: str) -> object:
    unit = f" ({fact.unit})" if fact.unit else ""
    if known == "exactly":
        return _entered(scope, fact, "lowest", f"Value{unit}")
    left, right = st.columns(2)
    with left:
        lowest = _entered(scope, fact, "lowest", f"Lowest{unit}")
    with right:
        highest = _entered(scope, fact, "highest", f"Highest{unit}")
    return None if lowest is None or highest is None else sorted((lowest, highest))


def _entered(scope: str, fact: Fact, part: str, label: str) -> int | float | None:
    key = _key(scope, fact, part)
    state.seed(key, None)
    if fact.whole == "yes":
        return st.number_input(plain(label), value=None, step=1, key=key, placeholder="Type a number")
    return st.number_input(plain(label), value=None, step=0.1, format="%g", key=key, placeholder="Type a number")


def _values(scope: str, fact: Fact, known: str, vocabulary: Vocabulary) -> object:
    offered, words = _offered(fact, vocabulary)
    if fact.kind == "choice" and known == "exactly":
        state.seed(_key(scope, fact, "one"), None)
        return st.selectbox(
            f"Value of: {plain(fact.phrase)}",
            offered,
            format_func=lambda value: words[value],
            index=None,
            placeholder="Type part of a name, then choose",
            key=_key(scope, fact, "one"),
            label_visibility="collapsed",
        )
    if fact.kind == "choice":
        return _several(scope, fact, "values", f"Possible values of: {fact.phrase}", (offered, words)) or None
    surely = _several(scope, fact, "values", f"Values of: {fact.phrase}", (offered, words), "None of them" if known == "exactly" else "")
    if known == "exactly":
        return surely
    more = _several(scope, fact, "more", f"Perhaps also, in: {fact.phrase}", (offered, words), "Perhaps: anything at all")
    everything = [GLOBAL] if fact.kind == "places" else list(vocabulary.domain(fact))
    return {"certain": surely, "possible": [*surely, *(more or everything)]}


def _several(scope: str, fact: Fact, part: str, label: str, offer: tuple[Sequence[str], dict[str, str]], empty: str = "") -> list[str]:
    offered, words = offer
    state.seed(_key(scope, fact, part), [])
    return st.multiselect(
        plain(label),
        offered,
        format_func=lambda value: words[value],
        placeholder=empty or "Type part of a name, then choose",
        key=_key(scope, fact, part),
        label_visibility="collapsed",
    )


def _offered(fact: Fact, vocabulary: Vocabulary) -> tuple[list[str], dict[str, str]]:
    """The values to choose from, with their words: in the order of their list, countries by name after the groups that hold them."""
    words = dict(vocabulary.domain(fact))
    if fact.kind == "places":
        groups = {GLOBAL: "any country", **vocabulary.places.tokens}
        return [*groups, *sorted(words, key=lambda value: words[value])], words | groups
    if len(words) > 200:
        tokens = vocabulary.places.tokens
        return sorted(words, key=lambda value: (value not in tokens, words[value])), words
    return list(words), words
