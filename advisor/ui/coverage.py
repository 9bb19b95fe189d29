"""
Coverage of the law: every provision that was looked at, with its rules, their examples and reviews; totals; and all of it as CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from advisor.audit.examples.coverage import Coverage
from advisor.audit.views.dossier import shortened
from advisor.audit.views.matrix import ALL, CONSEQUENCE_WORDS, STATUS_WORDS, Asked, Row, Totals, as_csv, by_law, rows, totals, unnamed
from advisor.ui import audited, frame, knowledge, navigation
from advisor.ui.address import pick
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus

COUNTS = ["Provisions", "Stated by rules", "Left to a person", "Out of scope", "Rules", "Reviewed", "Examples", "Untested outcomes"]
MOST_LETTERS = 220
MOST_TABLES = 12
"""So many laws are written out at once; the others fold."""


def page() -> None:
    frame.heading(Focus("coverage", "Coverage of the law"), layout="wide")
    st.markdown(
        "Every provision that was looked at, and what became of it: a rule states it, a person has to look, or it does not concern the "
        "choice of a model. For those that rules state: how many examples show what the rule says, what no example shows, and who has "
        "reviewed it."
    )
    lib = knowledge.library()
    with st.columns([1, 3])[0]:
        as_of = frame.when()
    covers = audited.coverages()
    everything = rows(lib.rulebook, covers, as_of)
    asked = _asked(everything)
    shown = [row for row in everything if asked.keeps(row)]
    st.markdown(f"**{len(shown)} of {len(everything)} provisions**. The address of this page holds the choices above, so it can be shared.")
    if not audited.with_solver():
        st.caption("The solver is not installed, so outcomes that cannot happen are counted as untested.")
    st.download_button(
        "Download these provisions as CSV",
        data=lambda: as_csv(shown).encode("utf-8-sig"),
        file_name=f"coverage-{as_of}.csv",
        mime="text/csv",
        on_click="ignore",
        key="coverage-csv",
    )
    if not shown:
        st.markdown("No provision fits all of these choices. Set one of them back to “all”.")
        return
    _totals(shown, covers)
    _provisions(shown)
    _unnamed()


def _asked(everything: Sequence[Row]) -> Asked:
    where, which, how, what = st.columns([1, 2, 1, 1])
    with where:
        place = pick("Place", "place", sorted({row.provision.place for row in everything}))
    with which:
        law = pick("Law", "law", sorted({row.provision.law for row in everything if place in (ALL, row.provision.place)}, key=str.casefold))
    with how:
        status = pick("Status", "status", list(STATUS_WORDS.values()))
    with what:
        consequence = pick("Consequence", "consequence", list(CONSEQUENCE_WORDS.values()))
    statuses, consequences = ({words: name for name, words in table.items()} for table in (STATUS_WORDS, CONSEQUENCE_WORDS))
    return Asked(place, law, statuses.get(status, ALL), consequences.get(consequence, ALL))


# ---------------------------------------------------------------------- totals
def _totals(shown: Sequence[Row], covers: Mapping[str, Coverage]) -> None:
    frame.section("Totals")
    overall = [["**All of these**", "–", *_counts(totals(shown, covers))]]
    laws = by_law(shown)
    st.caption("A rule that several provisions name is counted once in each line.")
    if len(laws) == 1:
        frame.table("Totals of the provisions shown", ["Law", "Place", *COUNTS], overall)
        return
    lines = [[_law_link(law), plain(place), *_counts(totals(group, covers))] for (place, law), group in laws.items()]
    frame.table("Totals of the provisions shown, over all and for each law", ["Law", "Place", *COUNTS], [*overall, *lines])


def _law_link(law: str) -> str:
    return f"[{plain(law)}]({navigation.address('coverage', law=law)})"


def _counts(found: Totals) -> list[str]:
    numbers = (found.provisions, found.covered, found.manual, found.out_of_scope, found.rules, found.reviewed, found.examples)
    return [*map(str, numbers), f"{found.untested} of {found.outcomes}" if found.rules else "–"]


# ---------------------------------------------------------------------- provisions
def _provisions(shown: Sequence[Row]) -> None:
    frame.section("Provisions")
    laws = by_law(shown)
    if len(laws) > MOST_TABLES:
        st.markdown("Open a law to see its provisions, or choose a place or a law above.")
    for (place, law), group in laws.items():
        if len(laws) > MOST_TABLES:
            with st.expander(plain(f"{law} – {place} ({len(group)})")):
                _table(law, group)
        else:
            st.subheader(plain(f"{law} – {place}"), anchor=False)
            _table(law, group)


def _table(law: str, group: Sequence[Row]) -> None:
    columns = ["Provision", "What it says", "Consequence", "Status", "Rules", "Examples", "Untested", "Review", "Why, or what is left out"]
    frame.table(f"Provisions of {law}", columns, [_line(row) for row in group])


def _line(row: Row) -> list[str]:
    item = row.provision
    tested = [str(row.examples), f"{row.untested} of {row.outcomes}"] if row.rules else ["–", "–"]
    return [
        plain(item.provision),
        plain(item.title),
        plain(CONSEQUENCE_WORDS[item.consequence]),
        plain(STATUS_WORDS[item.status]),
        ", ".join(navigation.rule_link(rule.id) for rule in row.rules) or "–",
        *tested,
        plain(row.review or "–"),
        plain(shortened(item.manual.text if item.manual else item.why, MOST_LETTERS) or "–"),
    ]


def _unnamed() -> None:
    left = unnamed(knowledge.library().rulebook)
    if left:
        frame.section("Rules that no provision names")
        st.markdown(bullets(f"{navigation.rule_link(rule.id)}: {plain(rule.title)}" for rule in left))
