"""
Options that cannot be confirmed yet: the nearest ones, what is missing for each, and the letter that asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.findings import EvidenceRequest
from advisor.recommendation import Ranked, Recommendation
from advisor.ui import costs, flow, navigation
from advisor.ui.escaping import bullets, plain
from advisor.ui.letter import letter

SHOWN = 5


def missing(result: Recommendation, ranked: Ranked) -> None:
    """The questions that would settle an option, by who can answer them, then the letter."""
    requests = result.requests(ranked)
    for who in dict.fromkeys(q.who for q in requests):
        st.markdown(f"To be answered by **{plain(who)}**:")
        st.markdown(bullets(_line(result, q) for q in requests if q.who == who))
    text = letter(result, ranked)
    if text:
        st.markdown("A letter to the host, ready to copy:")
        st.code(text, language=None, wrap_lines=True)


def _line(result: Recommendation, request: EvidenceRequest) -> str:
    question = request.question
    if request.fact.startswith("use."):
        asked = flow.question_of(result.library, request.fact.partition(".")[2])
        question = f"Your own answer is open: {asked.title}" if asked else question
    return f"{plain(question)} ({', '.join(map(navigation.rule_link, request.rules))})"


def nearest(result: Recommendation, options: Sequence[Ranked]) -> None:
    """The nearest options, each with what is missing."""
    for ranked in options[:SHOWN]:
        count = len(result.requests(ranked))
        with st.expander(f"{plain(ranked.option.name)}: {count} open question{'s' if count != 1 else ''}"):
            st.markdown(plain(f"Cost a month: {costs.monthly(ranked)}."))
            missing(result, ranked)


def own_questions(result: Recommendation) -> None:
    """Answers of the person that would settle something, with the way to give them."""
    if not result.open_questions:
        return
    st.markdown("Answers of yours that would settle something:")
    for item in result.open_questions:
        question = flow.question_of(result.library, item.key)
        if question:
            navigation.link("questions", f"{question.title} ({item.options} options wait for it)", {"step": question.id, "from": "check"})
