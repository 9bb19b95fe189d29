"""
The lower half of a rule's page: facts, examples as a table, what they leave untested, provisions, relations, reviews, waivers, questions.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from advisor.audit.views.dossier import (
    all_examples,
    facts_used,
    neighbours,
    provisions_of,
    related,
    shortened,
    truth_table,
    values_words,
    waivers_of,
)
from advisor.audit.views.matrix import CONSEQUENCE_WORDS, STATUS_WORDS
from advisor.library import Library
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.reviews import STATE_WORDS, due_on, holds, state
from advisor.rulebook.rule import EXAMPLE_DATE, OWED_WORDS, VERDICT_WORDS, Rule
from advisor.ui import audited, frame, navigation
from advisor.ui.escaping import bullets, code, plain

MOST_UNTESTED = 12


def facts(rule: Rule, lib: Library) -> None:
    """The facts it reads, with who supplies them."""
    frame.section("Facts it reads")
    rows = []
    for used in facts_used(rule, lib.vocabulary, lib.questions):
        asks = plain(used.asks) if used.asks else "–"
        known = [plain(used.fact.phrase), plain(used.fact.name), plain(values_words(used.fact)), plain(", ".join(used.read_by))]
        rows.append([*known, plain(used.supplied_by), asks])
    if not rows:
        st.markdown("It reads no fact: it is the same in every case.")
        return
    frame.table(
        f"Facts that the rule {rule.id} reads", ["Fact", "Name", "Values", "Read by", "Supplied by", "Question that settles it"], rows
    )


# ---------------------------------------------------------------------- examples
def examples(rule: Rule, lib: Library) -> None:
    """The printed examples side by side, each with a way to try it."""
    frame.section("Examples")
    found = truth_table(rule, lib.vocabulary)
    st.markdown(
        "Printed cases that are checked by `advisor rules test`. A line is a case, a column a fact; the last column is the verdict that "
        "the rule must give. What an example does not state is not known."
    )
    rows = []
    for line in found.lines:
        dated = f" (on {line.example.as_of})" if line.example.as_of else ""
        under = f" (under the exception {line.of})" if line.of else ""
        address = navigation.address("playground", rule=rule.id, example=str(line.number), on=str(line.example.as_of or EXAMPLE_DATE))
        name = f"[{plain(line.example.name)}]({address}){' ' if dated or under else ''}{plain(f'{dated}{under}')}"
        duty = f", {plain(OWED_WORDS[line.example.duty])}" if line.example.duty else ""
        rows.append([name, *map(plain, line.cells), f"**{plain(VERDICT_WORDS[line.example.verdict])}**{duty}"])
    columns = ["Case (opens it for trying, in a new tab)", *(fact.phrase for fact in found.facts), "Verdict"]
    frame.table(f"Examples of the rule {rule.id}", columns, rows)
    if found.never_given:
        st.caption(plain(f"Given in no example: {', '.join(fact.phrase for fact in found.never_given)}."))


def untested(rule: Rule) -> None:
    """What the examples leave open."""
    found = audited.coverage(rule)
    frame.section("What the examples show")
    st.markdown(
        plain(
            f"{len(found.covered)} of {found.total} outcomes are shown by {sum(1 for _ in all_examples(rule))} examples: verdicts, both "
            "sides of every condition, limit and date, every exception, and every fact left open."
        )
    )
    if found.untested:
        st.markdown("**Untested.** There is no example:")
        st.markdown(bullets(plain(item.words) for item in found.untested[:MOST_UNTESTED]))
        if len(found.untested) > MOST_UNTESTED:
            st.markdown(plain(f"and {len(found.untested) - MOST_UNTESTED} more; `advisor rules coverage {rule.id}` lists them all."))
    if found.excused:
        with st.expander(f"Outcomes that no case can show ({len(found.excused)})"):
            st.markdown(bullets(plain(item.words) for item in found.excused))
    if not audited.with_solver():
        st.caption("The solver is not installed, so outcomes that cannot happen are counted as untested.")


# ---------------------------------------------------------------------- law and other rules
def stated(rule: Rule, lib: Library) -> None:
    """The provisions the rule states, and the rules beside it."""
    provisions = provisions_of(rule, lib.rulebook)
    frame.section("Provisions it states")
    if provisions:
        rows = [
            [
                plain(item.law),
                plain(item.provision),
                plain(item.title),
                plain(CONSEQUENCE_WORDS[item.consequence]),
                plain(STATUS_WORDS[item.status]),
                plain(item.why or "–"),
            ]
            for item in provisions
        ]
        frame.table(
            f"Provisions that the rule {rule.id} states", ["Law", "Provision", "What it says", "Consequence", "Status", "Note"], rows
        )
    else:
        st.markdown("No list of provisions names it.")
    beside, near = related(rule, lib.rulebook), neighbours(rule, lib.rulebook)
    if beside or near:
        frame.section("Rules beside it")
        lines = [f"It {plain(item.words)} {navigation.rule_link(item.rule)}: {plain(item.why)}" for item in beside]
        lines += [f"{navigation.rule_link(other.id)} states a part of the same provisions: {plain(other.title)}" for other in near]
        st.markdown(bullets(lines))


# ---------------------------------------------------------------------- people
def reviews(rule: Rule, lib: Library, as_of: date) -> None:
    """Who signed what, and the fingerprints that a signature is bound to."""
    frame.section("Reviews")
    standing, due = state(rule, lib.rulebook.freshness, as_of), due_on(rule, lib.rulebook.freshness)
    words = {date.min: "at once, because a source was never compared", None: "never"}.get(due, f"by {due}")
    st.markdown(f"State on {as_of}: **{plain(STATE_WORDS[standing])}**.")
    st.markdown(plain(f"Its sources have to be compared again {words}." if due else "Its sources never have to be compared again."))
    tree, cite = tree_fingerprint(rule), cite_fingerprint(rule)
    if rule.reviews:
        rows = [
            [
                plain(f"{review.reviewer}, {review.role}"),
                plain(review.on),
                plain(review.scope),
                plain(review.limits or "–"),
                "stands" if holds(review, tree, cite) else "void: the rule has changed since",
            ]
            for review in rule.reviews
        ]
        frame.table(f"Reviews of the rule {rule.id}", ["Reviewer", "Signed on", "Scope", "Limits", "Now"], rows)
    if rule.author:
        st.markdown(plain(f"Written by: {rule.author}."))
    st.caption(
        "Fingerprints (SHA-256) that a review is bound to. They change when the conditions or a citation change, and with nothing else."
    )
    st.code(f"conditions  {tree}\ncitations   {cite}", language=None, wrap_lines=True)


def waivers(rule: Rule, lib: Library, as_of: date) -> None:
    """An organisation's own acceptances of a breach of this rule."""
    found = waivers_of(rule, lib.rulebook, as_of)
    frame.section("Waivers")
    if not found:
        st.markdown("There is no waiver of this rule.")
        return
    rows = [
        [
            code(item.id),
            plain(f"{', '.join(item.options)} for {shortened(item.use_case)}"),
            plain(item.reason),
            plain(item.control),
            plain(f"{item.approver.name}, {item.approver.role}, {item.approved_on}"),
            plain(item.expires),
            plain(f"holds nothing: {void}" if void else "live"),
        ]
        for item, void in found
    ]
    columns = ["Waiver", "For", "Reason", "What stands in", "Approved by", "Expires", f"On {as_of}"]
    frame.table(f"Waivers of the rule {rule.id}", columns, rows)


def feeding(rule: Rule, lib: Library) -> None:
    """The questions whose answers the rule reads."""
    keys = {name.partition(".")[2] for name in rule.facts if name.startswith("use.")}
    asked = [q for q in lib.questions if keys & {f.key for f in q.fields}]
    if asked:
        frame.section("Questions that feed it")
        for question in asked:
            navigation.link("questions", question.title, {"step": question.id})
