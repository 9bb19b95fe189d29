"""
One rule: in English beside its file, with source, dates, exceptions, and everything an auditor asks about it.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from advisor.audit.views.dossier import Stretch, span_words, timeline
from advisor.audit.views.listing import force_words
from advisor.findings import PLACEHOLDER
from advisor.library import Library
from advisor.rulebook.numbered import outlined, reading
from advisor.rulebook.rule import Arm, Rule, RuleException, Source
from advisor.ui import evidence, frame, knowledge, navigation, reading_view, rule_parts
from advisor.ui.escaping import code, plain
from advisor.ui.focus import Focus
from advisor.ui.rules import MEANING

ID = "id"

CHECKED_WORDS = {
    "read": "the text, or a mirror of it, was read",
    "secondary": "only somebody's account of the text was read",
    "memory": "cited from memory; the text was not read, so this rule can make an option unconfirmed and never excludes one",
}
WHEN_WORDS = {"past": "ended", "now": "in force on this day", "coming": "coming"}


def page() -> None:
    lib = knowledge.library()
    rule = lib.rulebook.rules.get(st.query_params.get(ID, ""))
    if rule is None:
        frame.heading(Focus("rule", "There is no such rule"))
        navigation.link("rules", "All rules")
        return
    with st.container(horizontal=True):
        navigation.link("rules", "All rules")
        navigation.link("playground", "Try this rule", {"rule": rule.id})
    frame.heading(Focus(f"rule/{rule.id}", rule.title), above="Rule", layout="wide")
    with st.columns([1, 3])[0]:
        as_of = frame.when()
    st.markdown(f"{code(rule.id)} – effect: **{plain(rule.effect)}** ({plain(MEANING[rule.effect])})")
    st.markdown(plain(f"Place: {rule.place}. Topic: {rule.topic}. As of {as_of}: {force_words(rule, as_of)}."))
    st.markdown(f"Review: **{plain(rule.review)}**")
    english, text = st.columns([3, 2], gap="large")
    with english:
        _in_english(rule, lib, as_of)
    with text:
        frame.section("The file")
        st.caption(plain(rule.path))
        _file(knowledge.rule_text(rule))
    _over_time(rule, as_of)
    _exceptions(rule, lib)
    rule_parts.facts(rule, lib)
    rule_parts.examples(rule, lib)
    rule_parts.untested(rule)
    rule_parts.stated(rule, lib)
    rule_parts.reviews(rule, lib, as_of)
    rule_parts.waivers(rule, lib, as_of)
    rule_parts.feeding(rule, lib)


# ---------------------------------------------------------------------- English and source
def _file(text: str) -> None:
    """The file up to its examples, which the table below shows better; then the whole."""
    head, examples, _ = text.partition("\nexamples:")
    st.code(head or "The file cannot be read.", language=None, wrap_lines=True)
    if examples:
        with st.expander("The whole file, with its examples"):
            st.code(text, language=None, wrap_lines=True)


def _in_english(rule: Rule, lib: Library, as_of: date) -> None:
    stretches = [stretch for stretch in timeline(rule, as_of) if stretch.arm]
    first = next((s for s in stretches if s.when == "now"), None) or next((s for s in stretches if s.when == "coming"), stretches[-1])
    frame.section(f"In English, {_heading(first)}")
    _arm(rule, first, lib, as_of)
    for stretch in stretches:
        if stretch is not first:
            with st.expander(f"In English, {_heading(stretch)}"):
                _arm(rule, stretch, lib, as_of)
    if rule.reason:
        frame.section("When it is breached")
        st.markdown(plain(_spoken(rule.reason, lib)))
        st.markdown(f"Next move: {plain(_spoken(rule.remedy, lib))}")


def _heading(stretch: Stretch) -> str:
    known = {"past": "as it was", "now": "as it is", "coming": "as it will be"}[stretch.when]
    return f"{known} {span_words(stretch.since, stretch.until)}"


def _arm(rule: Rule, stretch: Stretch, lib: Library, as_of: date) -> None:
    assert stretch.arm is not None
    on = as_of if stretch.when == "now" or stretch.since is None else stretch.since
    reading_view.shown(reading(rule, stretch.arm, lib.vocabulary, on), f"{stretch.since or 'ever'}")
    _source(stretch.arm.source)


def _source(source: Source) -> None:
    compared = f"Last compared on {source.verified}." if source.verified else "Never compared."
    st.markdown(f"Source: {evidence.source_line(source)}")
    st.caption(plain(f"How it was checked: {CHECKED_WORDS[source.checked]}. {compared}"))
    if source.note:
        st.markdown(f"Note: {plain(source.note)}")


def _spoken(text: str, lib: Library) -> str:
    """A sentence of a rule with the names of facts where a finding has their values."""
    return PLACEHOLDER.sub(lambda match: f"[{lib.vocabulary.facts[match.group(1)].phrase}]", text)


# ---------------------------------------------------------------------- time and exceptions
def _over_time(rule: Rule, as_of: date) -> None:
    frame.section("Over time")
    rows = [[plain(span_words(s.since, s.until)), *_row(s)] for s in timeline(rule, as_of)]
    frame.table(f"When the rule {rule.id} is in force, seen from {as_of}", ["When", f"On {as_of}", "What stands then", "Source"], rows)


def _row(stretch: Stretch) -> list[str]:
    arm: Arm | None = stretch.arm
    if arm is None:
        return [{"past": "ended", "now": "this day", "coming": "coming"}[stretch.when], "the rule is not in force", "–"]
    return [WHEN_WORDS[stretch.when], "the rule, read as above", evidence.source_line(arm.source)]


def _exceptions(rule: Rule, lib: Library) -> None:
    if not rule.exceptions:
        return
    frame.section("Exceptions")
    st.markdown("What an exception covers is taken out of the rule, unless an exception to that exception brings it back.")
    for n, item in enumerate(rule.exceptions):
        _exception(item, f"exceptions[{n}]", 0, lib)


def _exception(item: RuleException, place: str, depth: int, lib: Library) -> None:
    """An exception with those inside it, each in a box inside the other."""
    with st.container(border=True):
        st.subheader(plain(f"{'Exception to that exception' if depth else 'Exception'}: {item.title}"), anchor=False)
        st.markdown(code(item.id))
        lead = "That exception does not count when" if depth else "The rule does not apply when"
        reading_view.shown(outlined(item.when, lib.vocabulary, lead, f"{place}.when"), item.id)
        if item.alongside:
            st.markdown(f"It stands also where these are set aside: {', '.join(map(code, item.alongside))}.")
        _source(item.source)
        for n, inner in enumerate(item.exceptions):
            _exception(inner, f"{place}.exceptions[{n}]", depth + 1, lib)
