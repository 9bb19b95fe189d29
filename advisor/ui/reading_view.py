"""
The numbered reading of a rule, and the trace of a case, as lists that a screen reader can walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from advisor.audit.views.trace_text import KEEPS_OPEN, known_words
from advisor.rulebook.numbered import Sentence
from advisor.rulebook.trace import Node
from advisor.ui.escaping import bullets, plain
from advisor.vocabulary import Vocabulary

STEP = "    "
"""One level of a Markdown list."""


def shown(sentences: Sequence[Sentence], key: str) -> None:
    """Numbered sentences, then their terms. `key` tells the readings of one page apart."""
    numbered = [sentence for sentence in sentences if sentence.number]
    terms = [sentence.text for sentence in sentences if not sentence.number]
    with st.container(key=f"reading-{key}"):
        st.markdown("\n".join(f"{STEP * sentence.depth}1. {plain(sentence.text)}" for sentence in numbered))
        if terms:
            st.markdown(f"**{plain(terms[0])}**")
            st.markdown(bullets(map(plain, terms[1:])))


def traced(node: Node, vocabulary: Vocabulary) -> str:
    """A condition in one case: a line for each part, with its answer first and the facts it read last."""
    return "\n".join(_lines(node, 0, vocabulary))


def _lines(node: Node, depth: int, vocabulary: Vocabulary) -> Iterator[str]:
    known = known_words(node, vocabulary)
    more = f" – known: {plain(known)}" if known else ""
    waits = f" – **{KEEPS_OPEN}**" if node.open else ""
    yield f"{STEP * depth}- **{plain(node.answer.capitalize())}:** {plain(node.words)}{more}{waits}"
    for part in node.parts:
        yield from _lines(part, depth + 1, vocabulary)
