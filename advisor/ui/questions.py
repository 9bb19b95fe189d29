"""
Questions: one page of the questionnaire at a time, named in the address as `step`.
"""

from __future__ import annotations

import streamlit as st

from advisor.library import Library
from advisor.questions import Question
from advisor.ui import fields, flow, frame, knowledge, navigation, state
from advisor.ui.escaping import bullets, plain
from advisor.ui.fields import Field
from advisor.ui.focus import Focus

STEP, BACK_TO = "step", "from"
HERE = "questions/"


def page() -> None:
    left_for = state.kept("leave", "")
    if left_for:
        state.keep("leave", "")
        navigation.go("start" if left_for == "start" else "check")
    lib = knowledge.library()
    question = _current(lib)
    _take_all(lib, question)
    draft = state.draft()
    shown = flow.shown(lib, draft.known, knowledge.today())
    if state.kept("entered", "") != question.id:
        state.keep("entered", question.id)
        state.keep("shown-before", [q.id for q in shown])
    drawn = _fields(lib, question)
    errors = state.errors(question.id)
    st.button("Back", icon=":material/arrow_back:", type="tertiary", on_click=_back, args=(question.id,), key="back")
    frame.heading(
        Focus(
            f"{HERE}{question.id}",
            question.title,
            [(f.box, f"{f.label}: {errors[f.key]}" if len(drawn) > 1 else errors[f.key]) for f in drawn if f.key in errors],
            groups={f.box: f.label for f in drawn},
        ),
        above=_progress(question, shown),
    )
    if question.hint:
        st.markdown(plain(question.hint))
    for item in drawn:
        fields.show(item, draft, errors.get(item.key, ""))
    st.button("Continue", type="primary", on_click=_continue, args=(question.id,), key="continue")
    _background(lib, question)
    frame.save()


def _current(lib: Library) -> Question:
    """The question of the address. Without one: the first that is still open when the person arrived, else the first."""
    draft = state.draft()
    shown = flow.shown(lib, draft.known, knowledge.today())
    if not state.kept(frame.PAGE, "").startswith(HERE):
        state.keep("entry", next((q for q in shown if flow.is_open(q, draft)), shown[0]).id)
    by_id = {q.id: q for q in lib.questions}
    return by_id.get(st.query_params.get(STEP, "")) or by_id.get(state.kept("entry", "")) or shown[0]


def _fields(lib: Library, question: Question) -> list[Field]:
    facts = lib.vocabulary.facts
    shown = flow.fields(lib, question, state.draft().known, knowledge.today())
    return [Field(item, facts[f"use.{item.key}"], lib.catalogue, item.label or question.title) for item in shown]


def _progress(question: Question, shown: tuple[Question, ...]) -> str:
    after = sum(1 for q in shown if (q.order, q.id) > (question.order, question.id))
    left = "last question" if after == 0 else "one question left" if after == 1 else f"about {after} questions left"
    return f"{question.section} – {left}"


def _take_all(lib: Library, question: Question) -> None:
    """Notes what the widgets of the page hold, as far as it is sound."""
    for item in _fields(lib, question):
        if fields.is_drawn(item):
            given = fields.read(item)
            flow.take(state.draft(), lib, item.key, given.value, given.unsure, knowledge.today())


def _continue(question_id: str) -> None:
    lib = knowledge.library()
    question = next(q for q in lib.questions if q.id == question_id)
    found: dict[str, str] = {}
    for item in _fields(lib, question):
        given = fields.read(item)
        if wrong := given.missing or flow.problem(item.key, given.value, lib.vocabulary):
            found[item.key] = wrong
    _take_all(lib, question)
    state.report(question.id, found)
    if not found:
        _leave_for(lib, question)


def _leave_for(lib: Library, question: Question) -> None:
    """The next question; after a change, only those that the change brought up, then back to the check page."""
    shown = flow.shown(lib, state.draft().known, knowledge.today())
    following = flow.neighbour(shown, question, 1)
    if st.query_params.get(BACK_TO) == "check":
        before = set(state.kept("shown-before", [""]))
        following = next((q for q in shown if q.id not in before and flow.is_open(q, state.draft())), None)
    if following is None:
        state.keep("leave", "check")
        return
    st.query_params[STEP] = following.id


def _back(question_id: str) -> None:
    lib = knowledge.library()
    question = next(q for q in lib.questions if q.id == question_id)
    _take_all(lib, question)
    state.report(question.id, {})
    previous = flow.neighbour(flow.shown(lib, state.draft().known, knowledge.today()), question, -1)
    if st.query_params.get(BACK_TO) == "check":
        state.keep("leave", "check")
    elif previous is None:
        state.keep("leave", "start")
    else:
        st.query_params[STEP] = previous.id


def _background(lib: Library, question: Question) -> None:
    with st.expander("Why we ask"):
        st.markdown(plain(question.why))
        rules = flow.reading_rules(lib, question)
        if rules:
            st.markdown(f"{_counted(len(rules), 'rule reads', 'rules read')} your answer. {frame.NEW_TAB}")
            st.markdown(bullets(f"{plain(rule.title)} ({navigation.rule_link(rule.id)})" for rule in rules))
        else:
            st.markdown("No rule reads your answer. It counts for the cost, the order of the options or the text of the memo.")
    with st.expander("Who can answer"):
        st.markdown(plain(f"{question.who[0].upper()}{question.who[1:]}."))


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
