"""
Finds a case for what is wanted of a rule, or proves that there is none, and makes it look like the examples that stand there already.

In: goals, and mutants. Out: examples, each with the verdict that the rule gives as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from advisor.audit.examples.cases import DAY, Bench, Case, arm_number, facts_of, outside
from advisor.audit.examples.goals import At, Goal, Holds, Leaves, On, Open, Reaches, shifted, shown, states_duty
from advisor.audit.examples.plain import plainer
from advisor.audit.logic.logic import Logic, conditions_of
from advisor.audit.logic.solver import NotDecided, z3
from advisor.audit.logic.states import both, opposite, ref
from advisor.possible import Possible, number
from advisor.rulebook.condition import Answer, Condition, Limit, facts_read
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed, Rule, Verdict

Known = Mapping[str, Possible]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case in which two rules part."""

    example: Example | None
    """None: they give the same verdict and leave the same duty in every case on every date, if that was decided."""
    other: Verdict | None = None
    """What the other rule says of it."""
    decided: bool = True
    other_duty: Owed | None = None
    """Where the case states a duty: what the other rule leaves of it."""


@dataclass(frozen=True)
class Finder:
    """Finds cases for one rule at a time."""

    bench: Bench
    _logics: dict[tuple[date, frozenset[Condition]], Logic] = field(default_factory=dict, compare=False, repr=False)

    def logic(self, as_of: date, conditions: Iterable[Condition]) -> Logic:
        """The logic of these conditions on a date; only the latest few are kept."""
        key = (as_of, frozenset(conditions))
        if key not in self._logics:
            if len(self._logics) >= 32:
                self._logics.clear()
            self._logics[key] = Logic(self.bench.vocabulary, as_of, sorted(key[1], key=repr))
        return self._logics[key]

    # ------------------------------------------------------------------ goals
    def possible(self, goal: Goal, rule: Rule) -> bool:
        """Whether any case on any date can show this. What is not decided counts as possible."""
        if isinstance(goal, On) or (isinstance(goal, Reaches) and goal.arm is None):
            return True
        return any(self._possible(question) for question in self._questions(goal, rule))

    def _possible(self, question: _Question) -> bool:
        try:
            return question.logic.possible(*question.constraints, facts=question.facts)
        except NotDecided:
            return True

    def find(self, goal: Goal, rule: Rule) -> Example | None:
        """An example that shows this, without a name, or None. Every fact that the rule reads is known where that can be."""
        match goal:
            case On(on):
                return self._dated(rule, on)
            case Reaches(_, None):
                return next((self._dated(rule, on) for on in outside(rule)), None)
            case _:
                pass
        for question in self._questions(goal, rule):
            given = _answer(question)
            if given is not None:
                return self._example(rule, given, question.logic.as_of, lambda case: shown(goal, rule, case), states_duty(goal))
        return None

    def _questions(self, goal: Goal, rule: Rule) -> Iterator[_Question]:
        """The goal as a question for the solver, on each day on which it could be met."""
        wanted = goal.arm if isinstance(goal, Reaches | Holds | Open | At) else None
        for on in self.bench.days(rule):
            arm = rule.arm(on)
            if arm is None or wanted not in (None, arm_number(rule, on)):
                continue
            extra = [goal.condition, *goal.others] if isinstance(goal, Holds) else []
            extra += _of_duty(rule) if states_duty(goal) else ()
            conditions = (*conditions_of(rule, on), *extra, *([arm.applies] if isinstance(goal, Holds) else []))
            facts = tuple(dict.fromkeys((*facts_of(rule, arm), *(name for c in extra for name in facts_read(c)), *_named(goal))))
            logic = self.logic(on, conditions)
            yield _Question(logic, tuple(_constraints(goal, rule, logic)), facts)

    def _dated(self, rule: Rule, on: date) -> Example:
        """An example on a day: one in which the rule matters, or would matter on the nearest day on which it is in force."""
        in_force = on if rule.arm(on) else _nearest_day(rule, on)
        number = arm_number(rule, in_force)
        for verdict in ("breaches", "complies", "not_applicable", "unknown"):
            arm = rule.arms[number or 0]
            logic = self.logic(in_force, conditions_of(rule, in_force))
            given = _answer(_Question(logic, (logic.verdicts(rule)[verdict],), facts_of(rule, arm)))
            if given is not None:
                goal = Reaches(verdict, number)
                example = self._example(rule, given, in_force, lambda case, g=goal: shown(g, rule, case))  # type: ignore[misc]
                return self._finished(rule, example.given, on)
        return self._finished(rule, {}, on)

    # ------------------------------------------------------------------ mutants
    def difference(self, rule: Rule, mutant: Rule) -> Difference:
        """A case in which a rule and its mutant give different verdicts or leave different duties, or the proof that there is none."""
        decided = True
        of_duty = rule.obligation != mutant.obligation  # else the same duty follows from the same verdict
        conditions = (*_of_duty(rule), *_of_duty(mutant)) if of_duty else ()
        for on in self.bench.days(rule, mutant):
            logic = self.logic(on, (*conditions_of(rule, on), *conditions_of(mutant, on), *conditions))
            apart = z3.Or([z3.And(one, z3.Not(other)) for one, other in _sides(logic, rule, mutant, of_duty)])
            arms = [(one, arm) for one in (rule, mutant) if (arm := one.arm(on))]
            of_arms = (name for one, arm in arms for name in facts_of(one, arm))
            facts = tuple(dict.fromkeys((*of_arms, *(name for condition in conditions for name in facts_read(condition)))))
            try:
                given = logic.witness(apart, facts=facts) if logic.possible(apart, facts=facts) else None
            except NotDecided:
                decided = False
                continue
            if given is not None:
                example = self._example(rule, given, on, lambda case: case.tells(rule) != case.tells(mutant), of_duty)
                verdict, duty = self.bench.case(rule, example).tells(mutant)
                return Difference(example, verdict, other_duty=duty)
        return Difference(None, decided=decided)

    # ------------------------------------------------------------------ examples
    def _example(self, rule: Rule, given: Known, on: date, holds: Callable[[Case], bool], of_duty: bool = False) -> Example:
        """A found state as an example: as like the printed ones as may be, as long as `holds` is true of it."""

        def case_of(facts: Known) -> Case:
            case = self.bench.case(rule, Example("", facts, "unknown", on))
            return case.stating(rule) if of_duty else case

        def good(facts: Known) -> bool:
            return holds(case_of(facts))

        assert good(given), f"{rule.id}: the solver and the judge disagree about {given} on {on}"
        printed = [example.given for example in rule.all_examples()]
        plain = plainer(given, good, printed, self.bench.vocabulary)
        return replace(self._finished(rule, plain, on), duty=case_of(plain).example.duty)

    def _finished(self, rule: Rule, given: Known, on: date) -> Example:
        dated = None if on == EXAMPLE_DATE else on
        return Example("", given, self.bench.case(rule, Example("", given, "unknown", on)).gives(rule), dated)


@dataclass(frozen=True, slots=True)
class _Question:
    logic: Logic
    constraints: tuple[z3.BoolRef, ...]
    facts: tuple[str, ...]


def _answer(question: _Question) -> dict[str, Possible] | None:
    try:
        return question.logic.witness(*question.constraints, facts=question.facts)
    except NotDecided:
        return None


def _named(goal: Goal) -> tuple[str, ...]:
    """The facts that a goal names by itself."""
    if isinstance(goal, At):
        return (goal.fact, *([goal.limit.fact] if isinstance(goal.limit, Answer) else []))
    return ()


def _constraints(goal: Goal, rule: Rule, logic: Logic) -> Iterator[z3.BoolRef]:
    """What a goal asks, in logic. Says the same as `goals.shown`."""
    arm = rule.arm(logic.as_of)
    assert arm is not None
    match goal:
        case Reaches(verdict):
            yield logic.verdicts(rule)[verdict]
        case Leaves(duty):
            yield _left(logic, rule)[duty]
        case Holds(condition, wanted):
            if goal.of_duty:
                yield logic.verdicts(rule)["complies"]
            reading = logic.reading(condition)
            yield reading.must if wanted else z3.Not(reading.may)
            yield from (logic.reading(other).must for other in (*goal.others, *([arm.applies] if goal.in_scope else [])))
        case Open(fact):
            yield logic.verdicts(rule)["unknown"]
            yield logic.unknown(fact)  # if less than nothing known leaves it open, so does nothing known
            yield logic.settled(name for name in facts_of(rule, arm) if name != fact)
        case At(fact, limit, offset):
            edge = limit.value if isinstance(limit, Limit) else _middle(logic, limit.fact)
            yield logic.fixed(fact, number(shifted(edge, offset)))
            if isinstance(limit, Answer):
                yield logic.fixed(limit.fact, number(edge))
        case On():
            return
        case _:
            assert_never(goal)


def _of_duty(rule: Rule) -> tuple[Condition, ...]:
    """The conditions that decide what becomes of the duty of a rule that is met."""
    return rule.obligation.conditions if rule.obligation else ()


def _left(logic: Logic, rule: Rule) -> Mapping[Owed, z3.BoolRef]:
    """When a rule is met and this becomes of its duty. Says the same as `Judge.duty`."""
    met, duty = logic.verdicts(rule)["complies"], rule.obligation
    if duty is None:
        return {"open": z3.BoolVal(False), "done": z3.BoolVal(False), "none": met}
    arises = logic.reading(duty.when).may
    done = logic.reading(duty.done_when).must if duty.done_when else False
    return {
        "open": ref(both([met, arises, opposite(done)])),
        "done": ref(both([met, arises, done])),
        "none": z3.And(met, z3.Not(arises)),
    }


def _sides(logic: Logic, rule: Rule, mutant: Rule, of_duty: bool) -> list[tuple[z3.BoolRef, z3.BoolRef]]:
    """What two rules give, answer by answer: their verdicts, and where that is asked what they leave."""
    first, second = logic.verdicts(rule), logic.verdicts(mutant)
    found = [(first[verdict], second[verdict]) for verdict in first]
    if of_duty:
        left, other = _left(logic, rule), _left(logic, mutant)
        found += [(left[owed], other[owed]) for owed in left]
    return found


def _middle(logic: Logic, fact: str) -> float:
    """A plain number that an answer can be and that has neighbours."""
    declared = logic.vocabulary.facts[fact]
    least, most = declared.least or 0.0, declared.most if declared.most is not None else 1e12
    return min(max(30.0, least + 1), most)


def _nearest_day(rule: Rule, on: date) -> date:
    """The day nearest to this one on which an arm is in force."""
    ends = [day for arm in rule.arms for day in (arm.since, arm.until and arm.until - DAY) if day and rule.arm(day)]
    return min(ends, key=lambda end: (abs(end - on), end), default=EXAMPLE_DATE)
