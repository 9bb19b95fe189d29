"""
Check answers: everything that was said, what is not known, and what cannot both be true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from advisor.library import Library
from advisor.questions import Question, QuestionField
from advisor.recommendation import OpenQuestion
from advisor.ui import flow, frame, knowledge, navigation, state
from advisor.ui.answer_words import answer_words
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus
from advisor.ui.state import Draft

NAMED_KEY = re.compile(r"`([a-z_]+)`")


def page() -> None:
    lib, draft = knowledge.library(), state.draft()
    shown = _relevant(lib, draft)
    contradictions = flow.contradictions_in(draft)
    names = {_change_key(q): f"Change: {q.title}" for q in shown}
    frame.heading(Focus("check", "Check your answers", names=names), above=f"Answers from {draft.name}" if draft.name else "")
    if not draft.begun:
        st.info("There are no answers yet.")
        navigation.link("questions", "Answer the questions")
        return
    if contradictions:
        _conflicts(lib, draft, contradictions)
    _not_known(lib, draft, shown, bool(contradictions))
    if st.button("Show the recommendation", type="primary", disabled=bool(contradictions), key="show-result"):
        navigation.go("recommendation")
    for name in dict.fromkeys(q.section for q in shown):
        frame.section(name)
        for question in shown:
            if question.section == name:
                _row(lib, draft, question)
    frame.save()


def _relevant(lib: Library, draft: Draft) -> list[Question]:
    """The questions that may matter, and those that a file answered anyway."""
    shown = {q.id for q in flow.shown(lib, draft.known, knowledge.today())}
    return [q for q in lib.questions if q.id in shown or any(f.key in draft.known for f in q.fields)]


def _row(lib: Library, draft: Draft, question: Question) -> None:
    with st.container(border=False):
        for number, item in enumerate(question.fields):
            asked, said, change = st.columns([5, 6, 2], vertical_alignment="top")
            asked.markdown(f"**{plain(item.label or question.title)}**")
            said.text(answer_words(item, draft, lib.catalogue))
            if number == 0:
                with change, st.container(key=_change_key(question)):
                    _change(question)


def _change_key(question: Question) -> str:
    return f"change-{question.id}"


def _change(question: Question, label: str = "Change") -> None:
    navigation.link("questions", label, {"step": question.id, "from": "check"})


def _conflicts(lib: Library, draft: Draft, contradictions: Sequence[tuple[str, str]]) -> None:
    """Answers that cannot both be true, side by side."""
    st.error("**There is a problem.** These answers cannot both be true. Correct one of them to see a recommendation.")
    for key, sentence in contradictions:
        for other in dict.fromkeys([key, *NAMED_KEY.findall(sentence)]):
            question = flow.question_of(lib, other)
            if question:
                item = next(f for f in question.fields if f.key == other)
                st.text(f"{item.label or question.title} – {answer_words(item, draft, lib.catalogue)}")
                _change(question, f"Change: {item.label or question.title}")


def _not_known(lib: Library, draft: Draft, shown: Sequence[Question], broken: bool) -> None:
    """What is not known, and which of it keeps rules undecided."""
    missing = [(q, f) for q in shown for f in q.fields if f.key not in draft.known]
    if not missing:
        return
    with st.container(border=True):
        count = len(missing)
        st.markdown(f"**{count} answer{' is' if count == 1 else 's are'} not known**")
        deciding = {} if broken else {q.key: q for q in _result_questions(lib, draft)}
        matter = [(q, f) for q, f in missing if f.key in deciding]
        if broken:
            st.markdown("Which of them matter can be said once the problem above is solved.")
        elif matter:
            st.markdown("These keep rules undecided:")
            st.markdown(bullets(f"{_asked(q, f)}: {deciding[f.key].options} options wait for it" for q, f in matter))
        else:
            st.markdown("None of them keeps a rule undecided for the options that matter now.")
        others = [(q, f) for q, f in missing if (q, f) not in matter]
        if others:
            with st.expander(f"{'Those that do not matter now' if matter else 'Show them'} ({len(others)})"):
                st.markdown(bullets(f"{_asked(q, f)}: {plain(answer_words(f, draft, lib.catalogue))}" for q, f in others))


def _asked(question: Question, item: QuestionField) -> str:
    return plain(item.label or question.title)


def _result_questions(lib: Library, draft: Draft) -> Sequence[OpenQuestion]:
    answers = flow.answers(draft, lib.vocabulary)
    found = knowledge.result(answers, state.kept("as-of", knowledge.today()), state.kept("figures", "best"))
    return found.open_questions
