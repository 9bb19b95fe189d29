"""
What a statement rests on: rules with their sources, facts with the claims behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from advisor.catalogue.claims import Claim
from advisor.findings import FactRead, Finding
from advisor.recommendation import Recommendation
from advisor.rulebook.rule import VERDICT_WORDS, Rule, Source
from advisor.ui import frame, navigation
from advisor.ui.escaping import link, plain, whole
from advisor.vocabulary import Fact, Vocabulary

MOST_CLAIMS = 6


def source_line(source: Source) -> str:
    """A citation with its address and how it was checked."""
    when = f", {source.verified}" if source.verified else ""
    return f"{link(source.cite, source.url)} (checked: {plain(source.checked)}{plain(when)})"


def rule_lines(rules: Iterable[Rule], as_of: date) -> list[str]:
    """Each rule with its title and source."""
    lines = []
    for rule in rules:
        arm = rule.arm(as_of) or rule.arms[0]
        lines.append(f"{plain(rule.title)} ({navigation.rule_link(rule.id)}). Source: {source_line(arm.source)}")
    return lines


def claim_words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def fact_rows(reads: Sequence[FactRead], vocabulary: Vocabulary) -> list[list[str]]:
    """A row for each claim: fact, what is known, what the source says, source, date, grade."""
    rows = []
    for read in reads:
        known = plain(f"{read.words}{read.flag}")
        if not read.claims:
            rows.append([plain(read.fact.phrase), known, "–", "nobody states it", "–", "–"])
        for claim in read.claims[:MOST_CLAIMS]:
            rows.append([fact_words(read.fact, claim, vocabulary), known, *claim_cells(claim)])
        if len(read.claims) > MOST_CLAIMS:
            rows.append([plain(read.fact.phrase), known, f"and {len(read.claims) - MOST_CLAIMS} more", "–", "–", "–"])
    return rows


def fact_words(fact: Fact, claim: Claim, vocabulary: Vocabulary) -> str:
    """What a claim speaks about: the fact, and of a set the member."""
    return plain(f"{fact.phrase}: {vocabulary.words(fact, claim.member)}" if claim.member else fact.phrase)


def claim_cells(claim: Claim) -> list[str]:
    """What a source says, the source, its date, its grade."""
    own = claim.source == "your answer"
    scope = f", {claim.scope}" if claim.scope else ""
    return [
        plain(f"{claim_words(claim.value)}{scope}"),
        link(claim.source, claim.url),
        whole("–" if own else claim.as_of or "undated"),
        "–" if own else plain(claim.grade),
    ]


def facts_table(reads: Sequence[FactRead], vocabulary: Vocabulary, alt: str) -> None:
    if reads:
        frame.table(alt, ["Fact", "What is known", "The source says", "Source", "Date", "Grade"], fact_rows(reads, vocabulary))


def finding(item: Finding, vocabulary: Vocabulary) -> None:
    """One finding: rule, verdict, reason, source, and the facts it read."""
    st.markdown(f"**{plain(item.rule.title)}**")
    st.markdown(plain(item.reason))
    if item.verdict in ("breaches", "unknown") and item.rule.remedy:
        st.markdown(f"Next move: {plain(item.rule.remedy)}")
    verdict = f"({item.rule.effect}, {VERDICT_WORDS[item.verdict]})"
    st.markdown(f"Rule {navigation.rule_link(item.rule.id)} {plain(verdict)}. Source: {source_line(item.source)}")
    if item.facts:
        with st.expander(f"Facts and sources ({len(item.facts)})"):
            facts_table(item.facts, vocabulary, f"Facts that the rule {item.rule.id} read")


def reads(result: Recommendation, position: int, names: Iterable[str]) -> list[FactRead]:
    """Facts by name, as an option has them."""
    known = result.library.vocabulary.facts
    return [result.explainer.fact_read(position, name) for name in names if name in known]
