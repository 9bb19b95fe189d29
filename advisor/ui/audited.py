"""
What the auditor's pages ask of the audit: the coverage of rules, worked out once for each rulebook.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from advisor.audit.changes import preview
from advisor.audit.changes.preview import Compared
from advisor.audit.effects.impact import Impact
from advisor.audit.examples.cases import Bench
from advisor.audit.examples.coverage import Coverage, cover
from advisor.errors import AdvisorError
from advisor.library import Library
from advisor.rulebook.rule import Rule
from advisor.ui import knowledge

_SOLVER = threading.Lock()
"""The solver serves one question at a time, and what it has made is gone when the next one begins."""


def coverage(rule: Rule) -> Coverage:
    """What the examples of one rule show."""
    lib = knowledge.library()
    return _one(rule.id, lib.rulebook_digest, lib.catalogue_digest)


def coverages() -> Mapping[str, Coverage]:
    """The coverage of every rule, by id."""
    lib = knowledge.library()
    return _all(lib.rulebook_digest, lib.catalogue_digest)


def with_solver() -> bool:
    """Whether outcomes that cannot happen are told apart from those that no example shows."""
    try:
        from advisor.audit.logic import solver
    except AdvisorError:
        return False
    return bool(solver.EFFORT)


def compared(old: str, new: str, inside: Sequence[Path]) -> Compared:
    """What differs between two editions of the rules. Raises BrokenInput, and MissingSolver where the solver is needed."""
    with _SOLVER:
        return preview.compared(old, new, knowledge.library(), inside)


def impacted(change: Compared, as_of: date, size: int, watch: Callable[[str], None]) -> Impact:
    """What a change does to the ready answers and to a made-up population; `watch` is told how far it is."""
    return preview.impacted(change, knowledge.library(), as_of, size, watch)


@st.cache_resource(max_entries=400, show_spinner="Counting what the examples show")
def _one(rule_id: str, rulebook: str, catalogue: str) -> Coverage:
    lib = knowledge.library()
    return _covered([lib.rulebook.rules[rule_id]], lib)[rule_id]


@st.cache_resource(max_entries=2, show_spinner="Counting what the examples of all rules show")
def _all(rulebook: str, catalogue: str) -> Mapping[str, Coverage]:
    lib = knowledge.library()
    return _covered(list(lib.rulebook.rules.values()), lib)


def _covered(rules: Sequence[Rule], lib: Library) -> dict[str, Coverage]:
    with _SOLVER:
        return _counted(rules, lib)


def _counted(rules: Sequence[Rule], lib: Library) -> dict[str, Coverage]:
    """The coverage of rules. What the solver made goes when this returns, while no other thread may use it."""
    try:
        from advisor.audit.examples.finder import Finder

        finder = Finder(Bench(lib.vocabulary))
    except AdvisorError:  # the solver is not installed
        finder = None
    return {rule.id: cover(rule, lib.vocabulary, finder) for rule in rules}
