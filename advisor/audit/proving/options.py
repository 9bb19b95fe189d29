"""
The question whether two rules can both be met: for some answers, is there an option that suits either rule alone, and none that suits both?

"None" speaks of all options, so it is asked in turns. The solver proposes answers; then an option that suits both rules for these; then
answers for which that option will not do; and so on, until it has no more answers to propose, or no option to put against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from advisor.audit.logic.logic import Logic, conditions_of
from advisor.audit.logic.solver import NotDecided, new_solver, satisfiable, z3
from advisor.audit.proving.proofs import Shown
from advisor.possible import Possible
from advisor.rulebook.rule import Rule

Values: TypeAlias = Sequence[tuple[z3.ExprRef, z3.ExprRef]]
"""Variables, each with its value."""

MOST_TURNS = 100
MOST_KEPT = 20
"""Options that are tried first on every pair, since what suits two rules often suits the next two."""


@dataclass(frozen=True)
class Standing:
    """One rule on one day."""

    rule: Rule
    breaches: z3.BoolRef
    answers: Sequence[str]
    """The facts it reads of the person."""
    option_facts: Sequence[str]
    """The facts it reads of the option."""

    @property
    def facts(self) -> tuple[str, ...]:
        return (*self.answers, *self.option_facts)


@dataclass
class Options:
    """Options that have suited some pair of rules so far, over all facts of options that the rules read."""

    logic: Logic
    facts: Sequence[str]
    kept: list[Mapping[str, Values]] = field(default_factory=list)
    """The values of each fact's variables."""
    _breached: dict[tuple[str, int], z3.BoolRef] = field(default_factory=dict)
    _settled: dict[str, z3.BoolRef] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.solvers = [new_solver(self.logic.effort, large) for large in (False, True)]
        for solver in self.solvers:
            solver.add(self._known(self.facts))

    def _known(self, facts: Sequence[str]) -> z3.BoolRef:
        """The facts are fully known."""
        for name in facts:
            if name not in self._settled:
                self._settled[name] = z3.And(self.logic.states([name]), self.logic.settled([name]))
        return z3.And([self._settled[name] for name in facts])

    def _breaches(self, side: Standing, number: int) -> z3.BoolRef:
        """For which answers a kept option breaches a rule."""
        key = (side.rule.id, number)
        if key not in self._breached:
            self._breached[key] = z3.simplify(_by(side, self.kept[number]))
        return self._breached[key]

    def contradiction(self, one: Standing, other: Standing) -> tuple[Shown, ...] | None:
        """
        Answers for which the two cannot both be met, shown with an option that suits each alone; None where there are none.

        Raises NotDecided.
        """
        if any(z3.is_false(self._breaches(one, n)) and z3.is_false(self._breaches(other, n)) for n in range(len(self.kept))):
            return None
        answers = sorted({*one.answers, *other.answers})
        asked = self._asked(one, other, answers)
        for _ in range(MOST_TURNS):
            if not satisfiable(asked):
                return None
            model = asked.model()
            said = values(model, self.logic.variables(answers))
            options = list(self._suiting(one, other, said))
            if options:
                asked.add(*(z3.Or(_by(one, option), _by(other, option)) for option in options))
            elif (shown := self._shown(one, other, self.logic.state(model, answers))) is not None:
                return shown
            else:
                asked.add(z3.Or([variable != value for variable, value in said]))
        raise NotDecided(f"no end after {MOST_TURNS} turns")

    def _asked(self, one: Standing, other: Standing, answers: Sequence[str]) -> z3.Solver:
        """Answers for which either rule can be met alone, and no option kept so far meets both."""
        second = [(v, z3.Const(f"{v} of the second", v.sort())) for v in self.logic.variables(other.option_facts)]
        solver = new_solver(self.logic.effort)
        solver.add(self._known(answers))
        solver.add(self._known(one.option_facts), z3.Not(one.breaches))
        solver.add(z3.substitute(z3.And(self._known(other.option_facts), z3.Not(other.breaches)), *second))
        solver.add(*(z3.Or(self._breaches(one, n), self._breaches(other, n)) for n in range(len(self.kept))))
        return solver

    def _suiting(self, one: Standing, other: Standing, said: Values) -> Iterator[Mapping[str, Values]]:
        """
        Options that suit both rules for these answers: one that holds little, and one that holds much.

        One of them will often do for many other answers too: no places lie within any list, and all certificates are more than any list.
        """
        suits = [z3.Not(z3.substitute(side.breaches, *said)) for side in (one, other)]
        for solver in self.solvers:
            solver.push()
            try:
                solver.add(*suits)
                if not satisfiable(solver):
                    return
                model = solver.model()
                found = {name: values(model, self.logic.variables([name])) for name in self.facts}
            finally:
                solver.pop()
            if len(self.kept) < MOST_KEPT:
                self.kept.append(found)
            yield found

    def _shown(self, one: Standing, other: Standing, said: Mapping[str, Possible]) -> tuple[Shown, ...] | None:
        """
        The answers in full, with an option that suits each rule alone; None if, with all values looked at, some option suits both.

        The few values that stand for all others are enough to find such answers if there are any. They are not enough to see every option
        there is for them.
        """
        conditions = [c for side in (one, other) for c in conditions_of(side.rule, self.logic.as_of)]
        whole = Logic(self.logic.vocabulary, self.logic.as_of, conditions, _all_values(self.logic, (one, other)), self.logic.effort)
        facts = sorted({*one.facts, *other.facts})
        given = [whole.fixed(name, value) for name, value in said.items()]
        first, second = (whole.verdicts(side.rule)["breaches"] for side in (one, other))
        if whole.possible(*given, whole.settled(facts), z3.Not(first), z3.Not(second), facts=facts):
            return None
        shown = []
        for breached, met, side, rest in ((first, second, one, other), (second, first, other, one)):
            case = whole.witness(*given, whole.settled(facts), breached, z3.Not(met), facts=facts)
            if case is None:
                return None
            shown.append(Shown(side.rule.id, f"what suits {rest.rule.id} breaches this rule", case, "breaches", self.logic.as_of))
        return tuple(shown)


def _by(side: Standing, option: Mapping[str, Values]) -> z3.BoolRef:
    """For which answers an option breaches a rule."""
    return z3.substitute(side.breaches, *(pair for name in side.option_facts for pair in option[name]))


def values(model: z3.ModelRef, variables: Iterable[z3.ExprRef]) -> Values:
    """The value of each variable in an answer of the solver."""
    return [(variable, model.eval(variable, model_completion=True)) for variable in variables]


def _all_values(logic: Logic, sides: Iterable[Standing]) -> frozenset[str]:
    vocabulary = logic.vocabulary
    return frozenset(value for side in sides for name in side.facts for value in vocabulary.values(vocabulary.facts[name]))
