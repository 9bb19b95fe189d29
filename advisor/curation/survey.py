"""
Survey: what disputes and missing evidence do to some cases on one date, all cases in one pass.

In: the cases with their recommendations, one after another. Out: disputes, what each changes, gaps, and what each case is recommended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.audit.effects.impact import Case
from advisor.curation.disputes import Dispute, disputes
from advisor.curation.gaps import Gap, gaps
from advisor.curation.trials import Effect, effects
from advisor.library import Library
from advisor.recommendation import Outcome, Recommendation

EXAMPLES = "examples/"
"""How the names of the ready examples begin; the other ready cases are tests of single rules."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What one case is recommended."""

    case: str
    words: str
    outcome: Outcome
    option: str | None
    """Id of the option."""
    runner_up: str | None


@dataclass(frozen=True)
class Survey:
    """What was found over some cases."""

    disputes: tuple[Dispute, ...]
    changed: Mapping[int, tuple[Effect, ...]]
    """For each dispute that changes a case, by its number: what it changes."""
    gaps: tuple[Gap, ...]
    advice: tuple[Advice, ...]

    def effects_of(self, dispute: Dispute) -> tuple[Effect, ...]:
        """What a dispute changes; it may have been found among fewer options than here."""
        same = _sameness(dispute)
        return next((self.changed.get(n, ()) for n, other in enumerate(self.disputes) if _sameness(other) == same), ())

    def recommending(self, option: str) -> tuple[Advice, ...]:
        """The cases that are recommended an option."""
        return tuple(advice for advice in self.advice if advice.option == option)

    def second_for(self, option: str) -> tuple[Advice, ...]:
        """The cases in which an option comes second."""
        return tuple(advice for advice in self.advice if advice.runner_up == option)

    def ranked(self) -> list[tuple[Dispute, tuple[Effect, ...]]]:
        """The disputes with what they change, those that change most cases first."""
        pairs = [(dispute, self.changed.get(n, ())) for n, dispute in enumerate(self.disputes)]
        return sorted(pairs, key=lambda pair: -len({effect.case for effect in pair[1]}))


def _sameness(dispute: Dispute) -> object:
    models = dispute.models if dispute.kind == "score" else ()
    return (dispute.kind, dispute.name, dispute.member, dispute.claims, dispute.settled, models)


def chosen(cases: Sequence[Case], which: str) -> list[Case]:
    """`examples`: the ready examples; `all`: all ready cases."""
    return [case for case in cases if which == "all" or case.name.startswith(EXAMPLES)]


def survey(library: Library, results: Iterable[tuple[Case, Recommendation]], as_of: date) -> Survey:
    """One pass over the cases; each result may be forgotten before the next is made."""
    found = disputes(library.table(as_of).options, library.catalogue, as_of)
    changed: dict[int, list[Effect]] = {}
    advice: list[Advice] = []

    def passed() -> Iterator[tuple[Case, Recommendation]]:
        for case, result in results:
            for number, more in effects(case.name, result, found).items():
                changed.setdefault(number, []).extend(more)
            advice.append(_advice(case, result))
            yield case, result

    missing = gaps(passed())
    return Survey(found, {number: tuple(all_of) for number, all_of in changed.items()}, tuple(missing), tuple(advice))


def _advice(case: Case, result: Recommendation) -> Advice:
    second = result.shortlist[1].option.id if len(result.shortlist) > 1 else None
    return Advice(case.name, case.words, result.outcome, result.best.option.id if result.best else None, second)
