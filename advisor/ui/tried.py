"""
The ready cases, tried once for each catalogue, rulebook and date: what disputes change, what is missing, who is recommended what.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.audit.effects.impact import Case
from advisor.audit.effects.trial_cases import written_cases
from advisor.curation.freshness import Age, ages, load_allowances
from advisor.curation.survey import Survey, chosen, survey
from advisor.curation.words import case_words
from advisor.library import roots
from advisor.recommendation import Recommendation
from advisor.ui import address, frame, knowledge

CASES: Mapping[str, str] = {"examples": "the ready examples", "all": "all ready cases (takes minutes)"}


@dataclass
class _Box:
    """A survey, once it is there. One session makes it, the others wait."""

    making: threading.Lock = field(default_factory=threading.Lock)
    found: Survey | None = None


@st.cache_resource(max_entries=6, show_spinner=False)
def _box(which: str, as_of: date, catalogue: str, rulebook: str) -> _Box:
    return _Box()


def _of(which: str, as_of: date) -> _Box:
    lib = knowledge.library()
    return _box(which, as_of, lib.catalogue_digest, lib.rulebook_digest)


def chosen_survey() -> tuple[Survey, date, DeltaGenerator]:
    """What is found over the cases and on the date that are chosen above, that date, and the column beside the two choices."""
    dated, tries, beside = st.columns([1, 1, 2])
    with dated:
        as_of = frame.when()
    with tries:
        which = address.choose("Cases to try", "cases", CASES)
    return surveyed(as_of, which), as_of, beside


def known(as_of: date, which: str = "examples") -> Survey | None:
    """What was found, if somebody has asked already."""
    return _of(which, as_of).found


def surveyed(as_of: date, which: str = "examples") -> Survey:
    """What is found over the cases; the first to ask waits and sees how far it is."""
    box = _of(which, as_of)
    if box.found is None:
        with st.spinner("Trying the cases"), box.making:
            if box.found is None:
                box.found = survey(knowledge.library(), _results(chosen(_cases(), which), as_of), as_of)
    return box.found


def _cases() -> Sequence[Case]:
    return written_cases(roots("data", "ADVISOR_DATA"), knowledge.library().vocabulary)


def _results(cases: Sequence[Case], as_of: date) -> Iterator[tuple[Case, Recommendation]]:
    line = st.empty()
    for number, case in enumerate(cases, 1):
        line.markdown(f"Case {number} of {len(cases)}: {case_words(case.name)}")
        yield case, knowledge.recommended(case.answers, as_of)
    line.empty()


def fresh(as_of: date) -> Sequence[Age]:
    """Every statement with its age, oldest first against what its kind allows."""
    return _ages(as_of, knowledge.library().catalogue_digest)


@st.cache_resource(max_entries=4, show_spinner="Reading the age of every statement")
def _ages(as_of: date, catalogue: str) -> Sequence[Age]:
    return ages(knowledge.library().catalogue, load_allowances(roots("data", "ADVISOR_DATA")), as_of)
