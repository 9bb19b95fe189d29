"""
A change of the rules before it is made: two editions opened under the app's own limits, what differs, and what that does to cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from advisor.audit.changes.allowed import allowed
from advisor.audit.changes.differences import Difference, candidates, difference
from advisor.audit.changes.revisions import Edition, opened
from advisor.audit.effects.impact import Case, Impact, World, impact
from advisor.audit.effects.trial_cases import drawn_cases, written_cases
from advisor.library import Library, roots

LOADED = "the rules as they are loaded"
SEED = 1


@dataclass(frozen=True)
class Compared:
    """Two editions and what differs between them."""

    old: Edition
    new: Edition
    differences: tuple[Difference, ...]


def loaded(lib: Library) -> Edition:
    """The rules in use as an edition."""
    return Edition(LOADED, lib.rulebook, lib.vocabulary, roots("rules", "ADVISOR_RULES")[0], roots("data", "ADVISOR_DATA"), lib.catalogue)


def compared(old: str, new: str, lib: Library, inside: Sequence[Path]) -> Compared:
    """
    What differs between two editions; an empty name stands for the rules in use.

    Raises BrokenInput for a name that may not be opened or is that of nothing, and MissingSolver.
    """
    names = [allowed(spec, inside) if spec.strip() else "" for spec in (old, new)]  # both are judged before either is read
    first, second = (opened(name) if name else nullcontext(loaded(lib)) for name in names)
    with first as one, second as other:
        before, after = (replace(side, name=spec.strip() or LOADED) for side, spec in ((one, old), (other, new)))
        found = (difference(rule_id, before, after) for rule_id in candidates(before, after))
        return Compared(before, after, tuple(item for item in found if item))


def tried_on(lib: Library, size: int, seed: int = SEED) -> list[Case]:
    """The ready answer files, then a made-up population of this size; the same seed draws the same cases."""
    data = roots("data", "ADVISOR_DATA")
    return [*written_cases(data, lib.vocabulary), *drawn_cases(data, lib.vocabulary, size, seed)]


def impacted(change: Compared, lib: Library, as_of: date, size: int, watch: Callable[[str], None]) -> Impact:
    """What a change does to the ready answers and to a made-up population, on one date, with the options of the catalogue in use."""
    return impact(change.old, change.new, tried_on(lib, size), World(lib.catalogue, as_of), watch=watch)
