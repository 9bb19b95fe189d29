"""
The engine behind the pages: one library for all sessions, recommendations kept by what they rest on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import streamlit as st

from advisor import records
from advisor import three_ways as compared
from advisor.answers import Answers
from advisor.canonical import digest
from advisor.catalogue.listing import Entry, listing
from advisor.catalogue.options import Option
from advisor.library import Library, load_library, roots
from advisor.recommendation import Recommendation, own_premises, recommend
from advisor.rulebook.rule import Rule
from advisor.three_ways import ThreeWays

FIGURES = ("best", "comparison-document")
MOST_RESULTS = 32

_ENGINE = threading.Lock()
"""An option table serves one question at a time."""


def today() -> date:
    """The only place that reads the clock for a page."""
    return datetime.now(UTC).date()


@st.cache_resource(show_spinner="Reading rules and catalogue")
def library() -> Library:
    return load_library()


def result(answers: Answers, as_of: date, figures: str) -> Recommendation:
    lib = library()
    return _result(digest(answers.plain()), as_of, figures, lib.catalogue_digest, lib.rulebook_digest, answers)


@st.cache_resource(max_entries=MOST_RESULTS, show_spinner="Judging every option")
def _result(answers: str, as_of: date, figures: str, catalogue: str, rulebook: str, _answers: Answers) -> Recommendation:
    with _ENGINE:
        return recommend(_answers, library(), as_of, figures)


def three_ways(result: Recommendation, names: tuple[str, ...], load: Answers) -> ThreeWays | None:
    """The ways side by side for the answers of a recommendation, or for others about the load. None while the load is not known."""
    lib = library()
    basis = (digest(result.answers.plain()), lib.catalogue_digest, lib.rulebook_digest)
    return _three_ways(basis, result.as_of, result.figures, names, digest(load.plain()), result, load)


@st.cache_resource(max_entries=MOST_RESULTS, show_spinner="Working out the costs")
def _three_ways(
    basis: tuple[str, ...], as_of: date, figures: str, names: tuple[str, ...], load: str, _result: Recommendation, _load: Answers
) -> ThreeWays | None:
    return compared.three_ways(replace(_result, answers=_load), names)


def rule_text(rule: Rule) -> str:
    """The file of a rule as it stands; empty where it is gone."""
    named = {name: path for path, name in records.paths(roots("rules", "ADVISOR_RULES"), "**/*.yaml")}
    path = named.get(rule.path)
    return path.read_text(encoding="utf-8") if path else ""


def options(as_of: date, answers: Answers, premises: Sequence[str] = ()) -> tuple[Option, ...]:
    """Every option on a date. Own premises stand where the answers say, and in any country among `premises`."""
    lib = library()
    named = [country for country in premises if country in lib.vocabulary.places.countries]
    return tuple(entry.option for entry in _entries(as_of, tuple(sorted({*own_premises(answers), *named})), lib.catalogue_digest))


def entries(as_of: date, answers: Answers) -> tuple[Entry, ...]:
    """The same options as a list to look through."""
    return _entries(as_of, tuple(sorted(own_premises(answers))), library().catalogue_digest)


@st.cache_resource(max_entries=8, show_spinner="Reading every option")
def _entries(as_of: date, premises: tuple[str, ...], catalogue: str) -> tuple[Entry, ...]:
    with _ENGINE:
        return listing(library().table(as_of, premises).options, as_of)


def recommended(answers: Answers, as_of: date) -> Recommendation:
    """A recommendation that is looked at once and not kept."""
    with _ENGINE:
        return recommend(answers, library(), as_of)
