"""
Mutants of rules against the printed examples: which are caught, which are the same rule, and which nobody would notice.

In: rules and the solver. Out: for each rule how many mutants an example catches, those that are excused, and those that survive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.audit.examples.cases import Case, groups_used
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.mutations import Mutant, Mutator
from advisor.rulebook.english import English
from advisor.rulebook.rule import Example, Owed, Rule, Verdict


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no example catches, and a case that would."""

    mutant: Mutant
    witness: Example | None
    """With the verdict of the rule as it is written. None: the solver gave up before it knew."""
    mutant_verdict: Verdict | None = None
    mutant_duty: Owed | None = None
    """Where the case states a duty: what becomes of it with the change."""


@dataclass(frozen=True, slots=True)
class MutantReport:
    """What became of the mutants of one rule."""

    rule: Rule
    killed: int
    excused: tuple[Mutant, ...]
    """Proved to give the same verdict and leave the same duty in every case on every date."""
    survivors: tuple[Survivor, ...]

    @property
    def total(self) -> int:
        """All mutants but the excused ones."""
        return self.killed + len(self.survivors)


def mutators(rules: Iterable[Rule], finder: Finder) -> Mutator:
    """A maker of mutants; a group of countries may be mistaken for any group that these rules use."""
    groups = sorted({name for rule in rules for name in groups_used(rule)})
    return Mutator(finder.bench, English(finder.bench.vocabulary), groups)


def mutate(rule: Rule, mutator: Mutator, finder: Finder) -> MutantReport:
    """All mutants of a rule against its examples. The solver looks only at those that no example catches."""
    mutants = mutator.mutants(rule)
    alive = uncaught(rule, mutants, mutator.bench.cases(rule))
    excused: list[Mutant] = []
    survivors: list[Survivor] = []
    for mutant in alive:
        found = finder.difference(rule, mutant.rule)
        if found.decided and found.example is None:
            excused.append(mutant)
        else:
            survivors.append(Survivor(mutant, found.example, found.other, found.other_duty))
    return MutantReport(rule, len(mutants) - len(alive), tuple(excused), tuple(survivors))


def uncaught(rule: Rule, mutants: Sequence[Mutant], cases: Sequence[Case]) -> list[Mutant]:
    """The mutants to which every case gives the verdict of the rule, and the duty where it states one."""
    told = [(case, case.tells(rule)) for case in cases]
    return [mutant for mutant in mutants if all(case.tells(mutant.rule) == answer for case, answer in told)]
