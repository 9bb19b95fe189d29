"""
Impact of a change of rules on many cases: which recommendations and options turn out otherwise, and by which rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.audit.changes.preview import SEED, Compared
from advisor.audit.effects.impact import KIND_WORDS, CaseImpact, Effects, Impact, RuleImpact
from advisor.ui import audited, frame, state
from advisor.ui.escaping import plain
from advisor.wording import STANDING_WORDS

SIZES = (200, 1_000, 5_000)
SHOWN_RULES, SHOWN_CASES = 40, 15
FOUND = "changes-impact"


def show(change: Compared) -> None:
    """The button, and what was found."""
    frame.section("What it does to cases")
    st.markdown(
        "Judges the ready answer files and a made-up population against every option of the catalogue, with the old rules and with the "
        f"new ones. The population is drawn with the seed {SEED}, so the same size gives the same cases; it says nothing of how often "
        "a case occurs. 1,000 cases take ten to thirty seconds; `advisor rules impact` tries 10,000."
    )
    size, as_of, _ = st.columns([1, 1, 2])
    with size:
        chosen = st.selectbox("Made-up cases", SIZES, index=1, format_func=lambda n: f"{n:,}", key="changes-size")
    with as_of:
        when = frame.when()
    if st.button("Show what it does to cases", key="changes-impact"):
        with st.status("Judging cases", expanded=False) as status:
            found = audited.impacted(change, when, chosen, lambda words: status.update(label=words))
            status.update(label="Done", state="complete")
        state.keep(FOUND, (change, when, chosen, found))
    kept: tuple[Compared, object, int, Impact] | None = state.kept(FOUND, None)
    if kept is not None and kept[0] is change and kept[1:3] == (when, chosen):
        _impact(kept[3], chosen)


def _impact(found: Impact, size: int) -> None:
    whole = found.together
    st.markdown(
        plain(
            f"On {found.as_of}, {found.cases:,} cases ({found.cases - size} ready ones and {size:,} made up with seed {SEED}), up to "
            f"{found.options:,} options each:"
        )
    )
    rows = [
        ["Cases with another recommendation", f"{whole.recommendations:,} of {found.cases:,}"],
        ["Cases in which anything is otherwise", f"{whole.cases:,} of {found.cases:,}"],
        ["Options that may no longer be used, over all cases", f"{whole.lost:,} of {found.pairs:,}"],
        ["Options that may be used now, over all cases", f"{whole.gained:,} of {found.pairs:,}"],
    ]
    frame.table("What the change does, all rules together", ["What", "How many"], rows)
    if not whole.standings and not whole.recommendations:
        st.markdown("Nothing is otherwise in any of these cases.")
        return
    _moves(whole)
    _rules(found.rules)
    _cases(whole.examples)


def _moves(whole: Effects) -> None:
    st.subheader("Standings that change", anchor=False)
    rows = [[plain(STANDING_WORDS[old]), plain(STANDING_WORDS[new]), f"{count:,}"] for old, new, count in whole.moves]
    frame.table("Standings that change", ["Was", "Is now", "Case and option"], rows)


def _rules(rules: Sequence[RuleImpact]) -> None:
    st.subheader("Each changed rule alone", anchor=False)
    telling = [item for item in rules if item.effects.standings or item.effects.recommendations]
    rows = [
        [
            plain(item.change.title),
            plain(item.change.rule),
            plain(KIND_WORDS[item.change.kind]),
            f"{item.effects.recommendations:,}",
            f"{item.effects.lost:,}",
            f"{item.effects.gained:,}",
        ]
        for item in telling[:SHOWN_RULES]
    ]
    if rows:
        columns = ["Rule", "Id", "What changed", "Other recommendation", "Options lost", "Options gained"]
        frame.table("What each changed rule does alone", columns, rows)
    if len(telling) > SHOWN_RULES:
        st.markdown(f"and {len(telling) - SHOWN_RULES} more.")
    st.markdown(plain(f"{len(rules) - len(telling)} changed rules alter nothing alone in these cases."))


def _cases(examples: Sequence[CaseImpact]) -> None:
    st.subheader("The most telling cases", anchor=False)
    rows = [
        [
            plain(f"{item.case}: {item.words}"),
            plain(item.old_recommended or "nothing"),
            plain(item.new_recommended or "nothing"),
            f"{item.lost:,}",
            f"{item.gained:,}",
        ]
        for item in examples[:SHOWN_CASES]
    ]
    frame.table("Cases in which most changes", ["Case", "Recommended before", "Recommended now", "Options lost", "Options gained"], rows)
