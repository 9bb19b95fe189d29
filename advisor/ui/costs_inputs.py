"""
The load of the page of costs: figures to try, which never touch the saved answers.

What is tried is a note of the session beside the answers, and is forgotten when those change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from advisor.answers import Answers, Value, answers_from
from advisor.canonical import digest
from advisor.cost.workload import workload
from advisor.library import Library
from advisor.sizing_words import load_problems
from advisor.ui import flow, state
from advisor.ui.answer_words import UNSURE
from advisor.ui.escaping import plain

PAGE = "costs"
TRIED, BASIS = "costs-tried", "costs-basis"
NEEDED = "Enter a number."
ANYTHING = "unknown"


@dataclass(frozen=True)
class Item:
    """One figure to try."""

    key: str
    label: str
    hint: str = ""
    needed: bool = False

    @property
    def box(self) -> str:
        """The container of the field; errors link to it."""
        return f"costs-box-{self.key}"

    @property
    def widget(self) -> str:
        return f"costs-{self.key}"


ITEMS = (
    Item("requests_per_month", "Requests a month", needed=True),
    Item("input_tokens_per_request", "Input tokens of a request", "a page has about 700", needed=True),
    Item("output_tokens_per_request", "Output tokens of a request", "a page has about 700", needed=True),
    Item("longest_input_tokens", "Longest input in tokens", "empty: not known"),
    Item("peak_factor", "Busiest hour over average hour", "1 or more; empty: not known"),
    Item("hours", "Hours of use"),
    Item("availability", "If it is down for an hour"),
    Item("batch_share", "Share of the work that can wait", "0 to 1; empty: not known"),
    Item("cached_share", "Share of the input that repeats", "0 to 1; empty: not known"),
)
PER_ROW = 3


def tried(answers: Answers) -> Answers:
    """The answers with what is tried in their place; forgets what was tried for other answers."""
    basis = digest(answers.plain())
    if state.kept(BASIS, "") != basis:
        state.keep(BASIS, basis)
        state.keep(TRIED, {})
        state.report(PAGE, {})
        _fill(answers)
    return with_tried(answers, state.kept(TRIED, dict[str, "Value | None"]()))


def with_tried(answers: Answers, changes: Mapping[str, Value | None]) -> Answers:
    """None: not known."""
    known = {key: value for key, value in {**answers.known, **changes}.items() if value is not None}
    return Answers(known, answers.vocabulary)


def errors() -> list[tuple[str, str]]:
    """What is wrong with the figures that were sent, each with the container of its field."""
    found = state.errors(PAGE)
    return [(item.box, f"{item.label}: {found[item.key]}") for item in ITEMS if item.key in found]


# ---------------------------------------------------------------------- drawing
def show(answers: Answers, lib: Library) -> None:
    """The form. `answers` are the saved ones."""
    now, wrong = tried(answers), state.errors(PAGE)
    with st.form("costs-load"):
        for start in range(0, len(ITEMS), PER_ROW):
            for column, item in zip(st.columns(PER_ROW), ITEMS[start : start + PER_ROW], strict=False):
                with column, st.container(key=item.box, gap="xsmall"):
                    if item.key in wrong:
                        st.markdown(f":material/error: **Error: {plain(wrong[item.key])}**")
                    _field(item, now, lib)
        with st.container(horizontal=True):
            st.form_submit_button("Work out the costs", type="primary", on_click=_send, args=(answers,), key="costs-send")
            st.form_submit_button("As answered", on_click=_as_answered, args=(answers,), key="costs-reset")


def _field(item: Item, now: Answers, lib: Library) -> None:
    fact = lib.vocabulary.facts[f"use.{item.key}"]
    state.seed(item.widget, _shown(item, now))
    if fact.kind == "choice":
        names = _choices(item, lib)
        st.selectbox(item.label, list(names), format_func=lambda v: plain(names[v]), key=item.widget)
        return
    label = f"{item.label} ({item.hint})" if item.hint else item.label
    if fact.whole == "yes":
        st.number_input(label, value=None, step=1, key=item.widget, placeholder="Type a number")
    else:
        st.number_input(label, value=None, step=0.1, format="%g", key=item.widget, placeholder="Type a number")


def _choices(item: Item, lib: Library) -> dict[str, str]:
    question = flow.question_of(lib, item.key)
    options = [o for f in question.fields if f.key == item.key for o in f.options] if question else []
    return {**{o.value: o.label for o in options}, ANYTHING: UNSURE}


def _shown(item: Item, answers: Answers) -> object:
    """What a widget holds for an answer."""
    value = answers.known.get(item.key)
    fact = answers.vocabulary.facts[f"use.{item.key}"]
    if fact.kind == "choice":
        return ANYTHING if value is None else value
    if not isinstance(value, int | float):
        return None
    return int(value) if fact.whole == "yes" else float(value)


def _fill(answers: Answers) -> None:
    for item in ITEMS:
        state.put(item.widget, _shown(item, answers))


# ---------------------------------------------------------------------- sending
def _as_answered(answers: Answers) -> None:
    state.keep(TRIED, {})
    state.report(PAGE, {})
    _fill(answers)


def _send(answers: Answers) -> None:
    """Notes what is tried if all of it is sound, else what is wrong."""
    found, changes = {}, dict[str, "Value | None"]()
    for item in ITEMS:
        value = state.value(item.widget)
        given = None if value == ANYTHING else value
        if given is None and item.needed:
            found[item.key] = NEEDED
        elif given is not None and (problem := flow.problem(item.key, given, answers.vocabulary)):
            found[item.key] = problem.replace(", or `unknown`", "" if item.needed else ", or leave it empty")
        else:
            sound = answers_from({item.key: given}, answers.vocabulary).known if given is not None else {}
            changes[item.key] = sound.get(item.key)
    if not found:
        found |= _together(answers, changes)
    state.report(PAGE, found)
    if not found:
        state.keep(TRIED, {key: value for key, value in changes.items() if value != answers.known.get(key)})


def _together(answers: Answers, changes: Mapping[str, Value | None]) -> dict[str, str]:
    """What is wrong with figures that are each sound."""
    load = workload(with_tried(answers, changes))
    if load is None:
        return {"input_tokens_per_request": "A request has no tokens at all. Enter how long the input and the answer usually are."}
    return load_problems(load)
