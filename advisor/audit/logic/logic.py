"""
Reading as logic: a condition to two terms for the solver, one for *must hold* and one for *may hold*; a rule to its verdicts.

It states the table of tests once more, for everything that may be known of the facts at once, so that "never" and "always" can be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import assert_never

from advisor.audit.logic.alike import families
from advisor.audit.logic.plainest import any_state, best_state
from advisor.audit.logic.solver import EFFORT, new_solver, satisfiable, z3
from advisor.audit.logic.states import States, Term, both, either, exact, opposite, ref
from advisor.possible import Possible
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values, facts_read, tests
from advisor.rulebook.rule import Rule, Verdict
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Formula:
    """When a condition surely holds, and when it may hold."""

    must: z3.BoolRef
    may: z3.BoolRef


@dataclass(frozen=True, slots=True)
class _Two:
    """The same while it is put together: either may be plain true or false."""

    must: Term
    may: Term


class Logic:
    """
    Conditions and rules of one vocabulary on one date as logic for a solver.

    `conditions` are all that will be asked; of values that none of them tells apart only so many get variables as can matter, and the
    values in `apart` keep one each. None: every value of every list has its variables, and anything may be asked. `copies`: how many
    states of the same facts are asked about at once.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        as_of: date,
        conditions: Iterable[Condition] | None = None,
        apart: Collection[str] = (),
        effort: int = EFFORT,
        copies: int = 1,
    ) -> None:
        self.vocabulary, self.as_of, self.effort = vocabulary, as_of, effort
        self._groups: dict[str, frozenset[str]] = {}
        self._known = None if conditions is None else frozenset(t for condition in conditions for t in tests(condition))
        found = None if self._known is None else families(vocabulary, sorted(self._known, key=repr), self._constant, apart, copies)
        self._states = States(vocabulary, found, self._constant)
        self._readings: dict[Condition, _Two] = {}

    # ------------------------------------------------------------------ conditions
    def reading(self, condition: Condition) -> Formula:
        """When the condition must and may hold. Raises ValueError for a test that is not among the `conditions`."""
        two = self._two(condition)
        return Formula(ref(two.must), ref(two.may))

    def _two(self, condition: Condition) -> _Two:
        if condition not in self._readings:
            self._readings[condition] = self._read(condition)
        return self._readings[condition]

    def _read(self, condition: Condition) -> _Two:
        match condition:
            case Test():
                return self._test(condition)
            case Not(part):
                inner = self._two(part)
                return _Two(opposite(inner.may), opposite(inner.must))
            case All(parts):
                read = [self._two(part) for part in parts]
                return _Two(both(r.must for r in read), both(r.may for r in read))
            case AnyOf(parts):
                read = [self._two(part) for part in parts]
                return _Two(either(r.must for r in read), either(r.may for r in read))
            case _:
                assert_never(condition)

    # ------------------------------------------------------------------ tests
    def _test(self, test: Test) -> _Two:
        if self._known is not None and test not in self._known:
            raise ValueError(f"{test} is not among the conditions that this logic was made for")
        match test.operand:
            case Limit(value):
                return self._against_limit(test, value)
            case Values() | Group():
                return self._against_values(test, self._constant(test.operand))
            case Answer() if self.vocabulary.facts[test.fact].kind == "number":
                return self._against_number(test, test.operand.fact)
            case Answer():
                one = self._states.one_value(test.operand.fact)
                return self._against_one(test, test.operand.fact) if one else self._against_set(test, test.operand.fact)
            case _:
                assert_never(test.operand)

    def _constant(self, operand: Operand) -> frozenset[str]:
        match operand:
            case Values(values):
                return frozenset(values)
            case Group(name):
                if name not in self._groups:
                    self._groups[name] = self.vocabulary.places.elements(name, self.as_of)
                return self._groups[name]
        raise TypeError(f"{operand} is not written in the rule")

    def _against_limit(self, test: Test, limit: float) -> _Two:
        x, k = self._states.ends(test.fact), exact(limit)
        match test.operator:
            case "at_most":
                return _Two(z3.And(z3.Not(x.no_hi), x.hi <= k), z3.Or(x.no_lo, x.lo <= k))
            case "at_least":
                return _Two(z3.And(z3.Not(x.no_lo), x.lo >= k), z3.Or(x.no_hi, x.hi >= k))
            case "below":
                return _Two(z3.And(z3.Not(x.no_hi), x.hi < k), z3.Or(x.no_lo, x.lo < k))
            case "above":
                return _Two(z3.And(z3.Not(x.no_lo), x.lo > k), z3.Or(x.no_hi, x.hi > k))
        raise TypeError(f"{test.operator} does not compare numbers")

    def _against_number(self, test: Test, answer: str) -> _Two:
        x, k = self._states.ends(test.fact), self._states.ends(answer)
        bounded = (z3.Not(x.no_hi), z3.Not(k.no_lo)), (z3.Not(x.no_lo), z3.Not(k.no_hi))
        unbounded = (x.no_lo, k.no_hi), (x.no_hi, k.no_lo)
        match test.operator:
            case "at_most":
                return _Two(z3.And(*bounded[0], x.hi <= k.lo), z3.Or(*unbounded[0], x.lo <= k.hi))
            case "at_least":
                return _Two(z3.And(*bounded[1], x.lo >= k.hi), z3.Or(*unbounded[1], x.hi >= k.lo))
            case "below":
                return _Two(z3.And(*bounded[0], x.hi < k.lo), z3.Or(*unbounded[0], x.lo < k.hi))
            case "above":
                return _Two(z3.And(*bounded[1], x.lo > k.hi), z3.Or(*unbounded[1], x.hi > k.lo))
        raise TypeError(f"{test.operator} does not compare numbers")

    def _against_values(self, test: Test, wanted: frozenset[str]) -> _Two:
        shown, s = self._states.shown(test.fact), self._states
        possible = {v: s.possible(test.fact, v) for v in shown}
        if s.one_value(test.fact):
            return _Two(
                both(opposite(t) for v, t in possible.items() if v not in wanted), either(t for v, t in possible.items() if v in wanted)
            )
        certain = {v: s.certain(test.fact, v) for v in shown}
        within = [v for v in shown if v in wanted]
        match test.operator:
            case "has" | "has_any":
                return _Two(either(certain[v] for v in within), either(possible[v] for v in within))
            case "has_all":
                complete = wanted <= self.vocabulary.values(self.vocabulary.facts[test.fact])  # else one is wanted that it can never have
                return _Two(both([complete, *(certain[v] for v in within)]), both([complete, *(possible[v] for v in within)]))
            case "within":
                outside = [v for v in shown if v not in wanted]
                return _Two(both(opposite(possible[v]) for v in outside), both(opposite(certain[v]) for v in outside))
            case "outside":
                return _Two(both(opposite(possible[v]) for v in within), both(opposite(certain[v]) for v in within))
        raise TypeError(f"{test.operator} does not test a set")

    def _pairs(
        self, test: Test, answer: str
    ) -> Callable[[Callable[[str, str], Term], Callable[[str, str], Term]], list[tuple[Term, Term]]]:
        """What holds of each value on both sides."""
        values = sorted({*self._states.shown(test.fact), *self._states.shown(answer)})
        return lambda left, right: [(left(test.fact, v), right(answer, v)) for v in values]

    def _against_set(self, test: Test, answer: str) -> _Two:
        pairs, certain, possible = self._pairs(test, answer), self._states.certain, self._states.possible
        if self._states.one_value(test.fact):
            return _Two(_inside(pairs(possible, certain)), _meet(pairs(possible, possible)))
        match test.operator:
            case "has" | "has_any":
                return _Two(_meet(pairs(certain, certain)), _meet(pairs(possible, possible)))
            case "has_all":
                return _Two(_around(pairs(certain, possible)), _around(pairs(possible, certain)))
            case "within":
                return _Two(_inside(pairs(possible, certain)), _inside(pairs(certain, possible)))
            case "outside":
                return _Two(opposite(_meet(pairs(possible, possible))), opposite(_meet(pairs(certain, certain))))
        raise TypeError(f"{test.operator} does not test a set")

    def _against_one(self, test: Test, answer: str) -> _Two:
        """Against one value, of which only the alternatives are known."""
        s, pairs, certain, possible = self._states, self._pairs(test, answer), self._states.certain, self._states.possible
        wanted = [possible(answer, v) for v in s.shown(answer)]
        alone = both([either(wanted), s.single(wanted)])
        if s.one_value(test.fact):
            return _Two(both([alone, _inside(pairs(possible, possible))]), _meet(pairs(possible, possible)))
        match test.operator:
            case "has" | "has_any" | "has_all":
                return _Two(_around(pairs(certain, possible)), _meet(pairs(possible, possible)))
            case "within":
                empty = both(opposite(possible(test.fact, v)) for v in s.shown(test.fact))
                at_most_one = s.single(certain(test.fact, v) for v in s.shown(test.fact))
                must = both([either([alone, empty]), _inside(pairs(possible, possible))])
                return _Two(must, both([at_most_one, _inside(pairs(certain, possible))]))
            case "outside":
                return _Two(opposite(_meet(pairs(possible, possible))), opposite(_around(pairs(certain, possible))))
        raise TypeError(f"{test.operator} does not test a set")

    # ------------------------------------------------------------------ rules
    def verdicts(self, rule: Rule) -> Mapping[Verdict, z3.BoolRef]:
        """When the rule gives which verdict, waivers aside: in every state of its facts exactly one of them."""
        arm = rule.arm(self.as_of)
        never = z3.BoolVal(False)
        if arm is None:
            return {
                "complies": never,
                "breaches": never,
                "unknown": never,
                "not_applicable": never,
                "not_in_force": z3.BoolVal(True),
                "waived": never,
            }
        applies = self._two(rule.applies(arm))
        requires = applies if rule.effect == "weigh" else self._two(arm.requires)
        return {
            "complies": ref(both([applies.may, requires.must])),
            "breaches": ref(both([applies.must, opposite(requires.may)])),
            "unknown": ref(both([applies.may, opposite(requires.must), opposite(both([applies.must, opposite(requires.may)]))])),
            "not_applicable": ref(opposite(applies.may)),
            "not_in_force": never, "waived": never,
        }  # fmt: skip

    # ------------------------------------------------------------------ states
    def states(self, facts: Iterable[str]) -> z3.BoolRef:
        """Each fact is in a state that what is known can have."""
        return ref(both(self._states.well_formed(name) for name in facts))

    def settled(self, facts: Iterable[str]) -> z3.BoolRef:
        """Of each fact only one value is left."""
        return ref(both(self._states.settled(name) for name in facts))

    def fixed(self, name: str, value: Possible) -> z3.BoolRef:
        """The state of the fact is exactly this one. Raises ValueError for values that got no variables and do not all do alike."""
        return ref(self._states.fixed(name, value))

    def unknown(self, name: str) -> z3.BoolRef:
        """Nothing is known of the fact."""
        return self.fixed(name, self.vocabulary.unknown(self.vocabulary.facts[name]))

    def variables(self, facts: Iterable[str]) -> list[z3.ExprRef]:
        """Every variable of the facts."""
        return [variable for name in facts for variable in self._states.variables(name)]

    def state(self, model: z3.ModelRef, facts: Iterable[str]) -> dict[str, Possible]:
        """The state of the facts in an answer of the solver."""
        return self._states.read(model, facts)

    def possible(self, *constraints: z3.BoolRef, facts: Iterable[str]) -> bool:
        """Whether some state of the facts meets the constraints, which read no others. Raises NotDecided."""
        solver = new_solver(self.effort)
        solver.add(self.states(facts), *constraints)
        return satisfiable(solver)

    def witness(self, *constraints: z3.BoolRef, facts: Iterable[str], plain: bool = True) -> dict[str, Possible] | None:
        """
        A state of the facts that meets the constraints, or None where there is none. Constraints read no other facts.

        Fully known facts are preferred, then facts known fully or not at all, and small sets and plain numbers, unless it need not be
        `plain`, which is faster. Raises NotDecided.
        """
        if not plain:
            return any_state(self._states, sorted(set(facts)), constraints, self.effort)
        return best_state(self._states, sorted(set(facts)), constraints, self._marks(), self.effort)

    def _marks(self) -> tuple[Fraction, ...]:
        """Numbers that a person expects to see: those written in the conditions."""
        limits = {Fraction(t.operand.value) for t in self._known or () if isinstance(t.operand, Limit)}
        return tuple(sorted(limits))


def _inside(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """Whatever is on the left is on the right."""
    return both(either([opposite(left), right]) for left, right in pairs)


def _around(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """Whatever is on the right is on the left."""
    return both(either([left, opposite(right)]) for left, right in pairs)


def _meet(pairs: Iterable[tuple[Term, Term]]) -> Term:
    """Something is on both sides."""
    return either(both(pair) for pair in pairs)


def conditions_of(rule: Rule, as_of: date | None = None) -> tuple[Condition, ...]:
    """All conditions that decide the verdict of a rule, on one date or on any."""
    arms = [arm for arm in rule.arms if as_of is None or arm.in_force(as_of)]
    return tuple(c for arm in arms for c in (rule.applies(arm), arm.requires))


def facts_of(*conditions: Condition) -> tuple[str, ...]:
    """Every fact that the conditions read, each once, sorted."""
    return tuple(sorted({name for condition in conditions for name in facts_read(condition)}))


def different_verdicts(logic: Logic, one: Rule, other: Rule) -> dict[str, Possible] | None:
    """A state in which two rules give different verdicts, or None: they always give the same."""
    first, second = logic.verdicts(one), logic.verdicts(other)
    facts = facts_of(*conditions_of(one, logic.as_of), *conditions_of(other, logic.as_of))
    return logic.witness(z3.Or([z3.And(first[v], z3.Not(second[v])) for v in first]), facts=facts)


def different_truths(logic: Logic, one: Condition, other: Condition) -> dict[str, Possible] | None:
    """A state in which one of two conditions must or may hold and the other not so, or None: they always say the same."""
    first, second = logic.reading(one), logic.reading(other)
    return logic.witness(z3.Or(first.must != second.must, first.may != second.may), facts=facts_of(one, other))


def holds_always(logic: Logic, condition: Condition) -> bool:
    """Whether the condition must hold in every state of its facts."""
    return not logic.possible(z3.Not(logic.reading(condition).must), facts=facts_of(condition))
