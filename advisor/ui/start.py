"""
Start: what the advisor gives, what it needs, what it keeps, and the three ways in.
"""

from __future__ import annotations

import streamlit as st

from advisor.errors import BrokenInput
from advisor.ui import flow, frame, knowledge, navigation, state
from advisor.ui.answers_file import examples, first_line, opened
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus
from advisor.ui.state import Draft
from advisor.wording import NOT_LEGAL_ADVICE

GIVES = (
    "One recommendation: a model, who runs it and where, or a plain statement that nothing can be confirmed yet and what is missing.",
    "The reasons, each with the rule of law, licence or your own demand behind it, and its source.",
    "What was ruled out, and by which rule.",
    "The cost a month as a range, line by line.",
    "A decision memo to download.",
)
NEEDS = (
    "What the AI will do, and what information it will see.",
    "Where your organisation has its main office, and where the people in the data live.",
    "A rough guess of the number of requests in a month, and how long they are.",
    "Who to ask about data protection. “I do not know yet” is an answer to every question.",
)
KEEPS = (
    "The advisor runs where you or your organisation started it, and contacts no other computer.",
    "Your answers live in this browser session only. Closing or reloading the page forgets them: save them as a file to keep them.",
)


def page() -> None:
    lib = knowledge.library()
    frame.heading(Focus("start", "Which AI model may we use, and which should we?"))
    st.markdown(
        f"Answer up to {len(lib.questions)} short questions, in 10 to 15 minutes. The advisor judges every model at every host in its "
        "catalogue by the rules that apply to you, and puts what is left in order."
    )
    _begin()
    left, right = st.columns(2, gap="large")
    with left:
        frame.section("What you get")
        st.markdown(bullets(map(plain, GIVES)))
    with right:
        frame.section("What you need at hand")
        st.markdown(bullets(map(plain, NEEDS)))
    frame.section("Open a saved file")
    _open_file()
    frame.section("Look at an example")
    _open_example()
    frame.section("What is stored, and where")
    st.markdown(bullets(map(plain, KEEPS)))
    st.markdown(plain(NOT_LEGAL_ADVICE))


def _begin() -> None:
    draft = state.draft()
    with st.container(horizontal=True):
        if not draft.begun:
            if st.button("Start now", type="primary"):
                navigation.go("questions")
            return
        if st.button("Go on with my answers", type="primary"):
            lib = knowledge.library()
            waiting = [q for q in flow.shown(lib, draft.known, knowledge.today()) if flow.is_open(q, draft)]
            navigation.go("questions" if waiting else "check")
        if st.button("Start again without answers"):
            state.replace_draft(Draft())
            navigation.go("questions")


def _take(raw: bytes, name: str) -> bool:
    """Opens a file of answers; a broken one leaves the answers as they were, and all its problems are shown."""
    try:
        state.replace_draft(opened(raw, name, knowledge.library()))
    except BrokenInput as broken:
        count = len(broken.problems)
        st.error(f"This file has {count} problem{'s' if count != 1 else ''}. Your answers are as they were.")
        for problem in broken.problems:
            st.text(str(problem))
        return False
    return True


def _open_file() -> None:
    file = st.file_uploader("A file of answers, YAML or JSON", type=["yaml", "yml", "json"], max_upload_size=1)
    if st.button("Open this file"):
        if file is None:
            st.error("Choose a file first.")
        elif _take(file.getvalue(), file.name):
            navigation.go("check")


def _open_example() -> None:
    ready = examples()
    if not ready:
        st.markdown("No example is at hand.")
        return
    chosen = st.radio(
        "Example",
        list(ready),
        format_func=lambda name: plain(first_line(ready[name])),
        captions=[plain(path.name) for path in ready.values()],
        index=None,
        label_visibility="collapsed",
    )
    if st.button("Open this example"):
        if chosen is None:
            st.error("Choose an example first.")
        elif _take(ready[chosen].read_bytes(), ready[chosen].name):
            navigation.go("recommendation")
