"""
One rule: in English beside its file, with source, dates, exceptions and examples.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from advisor.findings import PLACEHOLDER
from advisor.library import Library
from advisor.rulebook.condition import Condition
from advisor.rulebook.english import English
from advisor.rulebook.rule import VERDICT_WORDS, Arm, Rule
from advisor.ui import evidence, frame, knowledge, navigation
from advisor.ui.escaping import code, plain
from advisor.ui.focus import Focus
from advisor.ui.rules import MEANING, force_words

ID = "id"


def page() -> None:
    lib = knowledge.library()
    rule = lib.rulebook.rules.get(st.query_params.get(ID, ""))
    if rule is None:
        frame.heading(Focus("rule", "There is no such rule"))
        navigation.link("rules", "All rules")
        return
    navigation.link("rules", "All rules")
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
        st.code(knowledge.rule_text(rule) or "The file cannot be read.", language=None, wrap_lines=True)
    _examples(rule, lib)
    _feeding(rule, lib)


def _in_english(rule: Rule, lib: Library, as_of: date) -> None:
    words = English(lib.vocabulary)
    for arm in rule.arms:
        span = f"from {arm.since or 'the beginning'}" + (f" until {arm.until}" if arm.until else "")
        frame.section(f"In force {span}" + (" (now)" if arm.in_force(as_of) else ""))
        _arm(rule, arm, words)
    for exception in rule.all_exceptions():
        frame.section(f"Exception: {exception.title}")
        _outline(words, exception.when)
        st.markdown(f"Source: {evidence.source_line(exception.source)}")
        if exception.source.note:
            st.markdown(plain(exception.source.note))
    if rule.reason:
        frame.section("When it is breached")
        st.markdown(plain(_spoken(rule.reason, lib)))
        st.markdown(f"Next move: {plain(_spoken(rule.remedy, lib))}")
    if rule.obligation:
        frame.section("Duty that stands when it is met")
        st.markdown(plain(_spoken(rule.obligation.text, lib)))


def _spoken(text: str, lib: Library) -> str:
    """A sentence of a rule with the names of facts where a finding has their values."""
    return PLACEHOLDER.sub(lambda match: f"[{lib.vocabulary.facts[match.group(1)].phrase}]", text)


def _arm(rule: Rule, arm: Arm, words: English) -> None:
    st.markdown(f"Source: {evidence.source_line(arm.source)}")
    if arm.source.note:
        st.markdown(f"Note: {plain(arm.source.note)}")
    st.markdown("**Applies when:**")
    _outline(words, arm.applies)
    if rule.effect == "weigh":
        st.markdown("**Points:** " + plain(", ".join(f"{name} {points:+d}" for name, points in arm.points.items())))
    else:
        st.markdown("**Requires:**")
        _outline(words, arm.requires)


def _outline(words: English, condition: Condition) -> None:
    st.markdown("\n".join(f"{'  ' * depth}- {plain(line)}" for depth, line in words.outline(condition)))


def _examples(rule: Rule, lib: Library) -> None:
    words, facts = English(lib.vocabulary), lib.vocabulary.facts
    frame.section("Examples")
    st.markdown("Printed cases that are checked by `advisor rules test`. What an example does not state is not known.")
    rows = []
    for example in rule.all_examples():
        given = "; ".join(f"{facts[name].phrase}: {words.value(facts[name], value)}" for name, value in example.given.items())
        dated = f" (on {example.as_of})" if example.as_of else ""
        rows.append([plain(f"{example.name}{dated}"), plain(given or "nothing"), plain(VERDICT_WORDS[example.verdict])])
    frame.table(f"Examples of the rule {rule.id}", ["Case", "What is known", "Verdict"], rows)


def _feeding(rule: Rule, lib: Library) -> None:
    """The questions whose answers the rule reads."""
    keys = {name.partition(".")[2] for name in rule.facts if name.startswith("use.")}
    asked = [q for q in lib.questions if keys & {f.key for f in q.fields}]
    if asked:
        frame.section("Questions that feed it")
        for question in asked:
            navigation.link("questions", question.title, {"step": question.id})
