"""
Playground: one rule, a case put together by hand, the verdict at once, and how each part of the rule comes to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from advisor.audit.views.dossier import all_examples, facts_used
from advisor.audit.views.listing import force_words
from advisor.audit.views.trace_text import because, lead
from advisor.errors import BrokenInput
from advisor.library import Library
from advisor.rulebook.given import given_facts
from advisor.rulebook.judge import example_facts
from advisor.rulebook.printing import example_lines, value_data
from advisor.rulebook.rule import EXAMPLE_DATE, VERDICT_WORDS, Example, Rule, Verdict
from advisor.rulebook.trace import Trace, trace
from advisor.ui import address, fact_fields, frame, knowledge, navigation, reading_view, state
from advisor.ui.escaping import code, plain
from advisor.ui.focus import Focus
from advisor.ui.rules import MEANING

RULE, EXAMPLE, ON = "rule", "example", "on"
NOTHING = "nothing"
LOADED = "play-loaded"


def page() -> None:
    lib = knowledge.library()
    frame.heading(Focus("playground", "Try a rule"), layout="wide")
    st.markdown(
        "Choose a rule and say what is known of the facts it reads. The verdict, and how each part of the rule comes to it, follow at "
        "once. Nothing here changes your answers."
    )
    rule = _rule(lib)
    if rule is None:
        return
    number = _example(rule)
    example = _printed(rule).get(number)
    facts = [used.fact for used in facts_used(rule, lib.vocabulary, lib.questions)]
    if state.kept(LOADED, ("", "")) != (rule.id, number) or not all(fact_fields.is_set(rule.id, fact) for fact in facts):
        _load(rule, example, lib)
        state.keep(LOADED, (rule.id, number))
    on = _date(example)
    st.markdown(
        f"{code(rule.id)} – effect: **{plain(rule.effect)}** ({plain(MEANING[rule.effect])}); on {on}: {plain(force_words(rule, on))}."
    )
    above = st.container()
    left, right = st.columns([2, 3], gap="large")
    with left:
        frame.section("What is known")
        data = {fact.name: value for fact in facts if (value := fact_fields.show(rule.id, fact, lib.vocabulary)) is not None}
    try:
        given = given_facts(data, lib.vocabulary, on)
    except BrokenInput as broken:
        above.error("This case cannot be judged yet.")
        for problem in broken.problems:
            above.text(str(problem))
        return
    case = Example("a case of your own", given, "not_in_force", on)
    arm = rule.arm(on)
    found = trace(rule, arm, example_facts(case, lib.vocabulary), lib.vocabulary, on) if arm else None
    with above:
        _verdict(rule, found.verdict if found else "not_in_force")
    with right:
        if found:
            _trace(found, lib)
        _as_example(replace(case, verdict=found.verdict) if found else case, lib)
    navigation.link("rule", f"The page of this rule: {rule.title}", {"id": rule.id})


# ---------------------------------------------------------------------- choices
def _rule(lib: Library) -> Rule | None:
    """The rule of the address, or the one that is picked."""
    rules = lib.rulebook.rules
    asked = st.query_params.get(RULE, "")
    address.follow("play-rule", RULE, asked if asked in rules else None)
    st.selectbox(
        "Rule",
        list(rules),
        format_func=lambda rule_id: f"{rules[rule_id].title} ({rule_id})",
        index=None,
        placeholder="Type part of a title, then choose",
        key="play-rule",
        on_change=_chosen_rule,
    )
    return rules.get(str(state.value("play-rule")))


def _chosen_rule() -> None:
    for name in (EXAMPLE, ON):
        st.query_params.pop(name, None)
    address.write("play-rule", RULE)


def _printed(rule: Rule) -> dict[str, Example]:
    return {str(n): example for n, (_, example) in enumerate(all_examples(rule), start=1)}


def _example(rule: Rule) -> str:
    """The number of the printed example to start from, in the address as `example`; the first one without a choice."""
    printed = _printed(rule)
    first = next(iter(printed), NOTHING)
    asked = st.query_params.get(EXAMPLE, first)
    address.follow(f"play-example-{rule.id}", EXAMPLE, asked if asked in (*printed, NOTHING) else first)
    st.selectbox(
        "Start from an example",
        [NOTHING, *printed],
        format_func=lambda n: "Nothing is known" if n == NOTHING else f"{n}. {printed[n].name}: {VERDICT_WORDS[printed[n].verdict]}",
        key=f"play-example-{rule.id}",
        on_change=_chosen_example,
        args=(rule, first),
    )
    return str(state.value(f"play-example-{rule.id}"))


def _chosen_example(rule: Rule, first: str) -> None:
    st.query_params.pop(ON, None)
    state.keep(LOADED, ("", ""))
    address.write(f"play-example-{rule.id}", EXAMPLE, first)


def _load(rule: Rule, example: Example | None, lib: Library) -> None:
    """Sets every fact to what the example gives; what it does not give is not known."""
    as_of = example.as_of or EXAMPLE_DATE if example else EXAMPLE_DATE
    for name in rule.facts:
        fact = lib.vocabulary.facts[name]
        value = example.given.get(name) if example else None
        known = None if value is None or value == lib.vocabulary.unknown(fact) else value_data(fact, value, lib.vocabulary, as_of)
        fact_fields.put(rule.id, fact, known)
    state.put("play-on", address.day(ON) or as_of)


def _date(example: Example | None) -> date:
    """The date of the case, in the address as `on`; the other pages keep theirs."""
    printed = example.as_of or EXAMPLE_DATE if example else EXAMPLE_DATE
    asked = address.day(ON)
    wanted = asked if asked and frame.EARLIEST <= asked <= frame.LATEST else printed
    address.follow("play-on", ON, wanted)
    with st.columns([1, 3])[0]:
        return st.date_input(
            "Date of the case", min_value=frame.EARLIEST, max_value=frame.LATEST, key="play-on", format="YYYY-MM-DD",
            on_change=address.write, args=("play-on", ON),
        )  # fmt: skip


# ---------------------------------------------------------------------- result
def _verdict(rule: Rule, verdict: Verdict) -> None:
    frame.section(f"Verdict: {VERDICT_WORDS[verdict]}")
    st.info(plain(because(rule, verdict)))


def _trace(found: Trace, lib: Library) -> None:
    frame.section("How it comes to that")
    for branch in found.branches:
        st.subheader(plain(lead(branch)), anchor=False)
        st.markdown(reading_view.traced(branch.node, lib.vocabulary))


def _as_example(case: Example, lib: Library) -> None:
    frame.section("This case as an example")
    st.markdown("Ready to copy into the rule file. Give it a name, and check the verdict against the law before you keep it.")
    st.code("\n".join(example_lines(case, lib.vocabulary)), language="yaml", wrap_lines=True)
