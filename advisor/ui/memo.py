"""
Memo: the decision record, to read and to download.
"""

from __future__ import annotations

import streamlit as st

from advisor.memo.document import memo_json, memo_markdown
from advisor.ui import frame
from advisor.ui.focus import Focus
from advisor.ui.memo_view import shown


def page() -> None:
    frame.heading(Focus("memo", "Decision memo"), layout="wide")
    result = frame.result()
    if result is None:
        return
    st.markdown(
        "The memo records the decision, its reasons, what was ruled out, and what all of it rests on. The same answers, catalogue, "
        "rulebook and date give the same memo, byte for byte."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Download as Markdown (.md)",
            data=lambda: memo_markdown(result).encode(),
            file_name=f"memo-{result.as_of}.md",
            mime="text/markdown",
            type="primary",
            on_click="ignore",
            key="memo-md",
        )
        st.download_button(
            "Download as JSON (.json)",
            data=lambda: memo_json(result).encode(),
            file_name=f"memo-{result.as_of}.json",
            mime="application/json",
            on_click="ignore",
            key="memo-json",
        )
    text = memo_markdown(result)
    frame.section("Preview")
    with st.container(border=True):
        st.markdown(shown(text))
    with st.expander("The Markdown file as it is"):
        st.code(text, language=None, wrap_lines=True)
    frame.save()
    frame.record(result)
