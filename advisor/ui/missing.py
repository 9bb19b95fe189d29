"""
Missing evidence: what nobody has established and what waits for it, ranked by how many cases it keeps from a confirmed answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.curation.gaps import THE_HOST, Gap, clauses
from advisor.curation.letters import concerns
from advisor.curation.survey import Survey
from advisor.curation.words import case_words
from advisor.library import Library
from advisor.ui import address, frame, knowledge, navigation, tried
from advisor.ui.address import ALL
from advisor.ui.escaping import link, plain
from advisor.ui.focus import Focus

ROWS = 25
SHOWN_CLAUSES = 4
SHOWN_NAMES = 2
COLUMNS = ["Place", "Host", "Question", "Who can say", "Because of", "Cases with nothing confirmed", "Cases", "Options that wait"]


def page() -> None:
    frame.heading(Focus("missing", "Missing evidence"), layout="wide")
    lib = knowledge.library()
    st.markdown(
        "What nobody has established and a rule needs to know. First comes what keeps most cases from having any confirmed option, then "
        "what most cases and most options wait for. Looked at are the options that lack least in each case."
    )
    with st.container(horizontal=True):
        navigation.link("catalogue", "All options")
        navigation.link("letters", "Letters to hosts")
    survey, _, _ = tried.chosen_survey()
    shown = _filtered(survey, lib)
    waiting = {case for _, gap in shown for case in gap.blocks}
    st.markdown(
        f"**{len(shown):,} of {len(survey.gaps):,} questions are open**. In {len(waiting)} of {len(survey.advice)} cases no option is "
        "confirmed yet, and an answer to one of them may change that."
    )
    if not shown:
        st.markdown("No question fits all of these choices, or none is open.")
        return
    frame.table("Missing evidence, what matters most first", COLUMNS, [_line(n, gap, lib) for n, gap in address.leaf(shown, ROWS)])


def _filtered(survey: Survey, lib: Library) -> list[tuple[int, Gap]]:
    hosts = {gap.host: host_name(gap.host, lib) for gap in survey.gaps}
    by_host, by_who, _ = st.columns([1, 1, 2])
    with by_host:
        host = address.pick("Host", "host", sorted(hosts, key=lambda n: hosts[n].casefold()), hosts)
    with by_who:
        who = address.pick("Who can say", "who", sorted({gap.who for gap in survey.gaps}))
    return [(n, gap) for n, gap in enumerate(survey.gaps, 1) if host in (ALL, gap.host) and who in (ALL, gap.who)]


def host_name(host: str, lib: Library) -> str:
    found = lib.catalogue.hosts.get(host)
    return found.name if found else host


def _line(place: int, gap: Gap, lib: Library) -> list[str]:
    cited = clauses(gap, lib.rulebook.rules)
    more = f" and {len(cited) - SHOWN_CLAUSES} more" if len(cited) > SHOWN_CLAUSES else ""
    name = plain(host_name(gap.host, lib))
    if gap.who == THE_HOST:
        name = f"[{name}]({navigation.address('letters', host=gap.host)})"
    return [
        str(place),
        name,
        plain(" ".join([gap.question, *(f"{_shortened(line)}." for line in concerns(gap))])),
        plain(gap.who),
        "; ".join(link(cite, url) for cite, url in cited[:SHOWN_CLAUSES]) + more,
        _cases(sorted(gap.blocks)),
        _cases(sorted(gap.cases)),
        f"{len(gap.options):,}",
    ]


def _shortened(line: str) -> str:
    """Endpoints or models, the first by name."""
    names = line.split("; ")
    return "; ".join(names[:SHOWN_NAMES]) + (f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else "")


def _cases(names: Sequence[str]) -> str:
    """How many cases, and the first by name."""
    short = list(map(case_words, names))
    return plain(f"{len(short)}: {', '.join(short[:3])}{', …' if len(short) > 3 else ''}") if short else "–"
