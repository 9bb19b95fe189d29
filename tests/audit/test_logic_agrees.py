"""Solver, SQL, the explaining judge and the oracle say the same of random conditions, and the solver counts no value too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.audit.logic.logic import Logic, conditions_of, facts_of
from advisor.audit.logic.solver import new_solver, satisfiable, z3
from advisor.possible import Possible
from advisor.rulebook.condition import OPERATORS_BY_KIND, All, Answer, Condition, Not, Test
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Rule
from advisor.rulebook.truth import Truth
from tests import small_world as small
from tests.rulebook.made_conditions import ORACLE, examples, ruled, sql_truths, table_of
from tests.small_world import AS_OF, FACTS, LARGE, OF_ANSWERS, OF_OPTIONS, Situation, small_world

CONDITIONS, OPTIONS = 4, 5
PAIRS = CONDITIONS * OPTIONS
"""How many pairs of a condition and a state of the facts one example compares."""

MIDDLE = small_world(40, (0.0, 1.0, 2.0), spread=(0, 1, 2, 3))
"""More values than the solver has to look at, and few enough to look at all."""


# ---------------------------------------------------------------------- one state at a time
@st.composite
def situations(draw: st.DrawFn, read: Sequence[str]) -> Situation:
    """What is possible of the facts that are read, for so many options; the rest is unknown."""

    def facts(names: Sequence[str]) -> dict[str, Possible]:
        return {n: draw(small.possibles(LARGE, FACTS[n])) if n in read else LARGE.vocabulary.unknown(FACTS[n]) for n in names}

    return Situation(tuple(facts(OF_OPTIONS) for _ in range(OPTIONS)), facts(OF_ANSWERS))


@st.composite
def judged(draw: st.DrawFn, most: int) -> tuple[Sequence[Condition], Situation]:
    conditions = [draw(small.conditions(LARGE, most)) for _ in range(CONDITIONS)]
    return conditions, draw(situations(facts_of(*conditions)))


def solver_truths(logic: Logic, conditions: Sequence[Condition], state: Mapping[str, Possible]) -> list[Truth]:
    """The truth of each condition in one state, as the solver sees it: what holds of the only state there is."""
    solver = new_solver()
    solver.add(*(logic.fixed(name, value) for name, value in state.items()))
    assert satisfiable(solver), "the solver knows no such state"
    model = solver.model()
    found = []
    for condition in conditions:
        formula = logic.reading(condition)
        truths = [z3.is_true(model.eval(side, model_completion=True)) for side in (formula.must, formula.may)]
        found.append(Truth(*truths))
    return found


def assert_four_readings_agree(conditions: Sequence[Condition], situation: Situation) -> None:
    judge, table = Judge(LARGE.vocabulary, AS_OF), table_of(situation)
    few = Logic(LARGE.vocabulary, AS_OF, conditions, apart=(*LARGE.countries, *LARGE.colours, "N"))
    whole = Logic(LARGE.vocabulary, AS_OF)
    states = [{name: facts(name) for name in facts_of(*conditions)} for facts in situation.facts()]
    expected = [[Truth(ORACLE.must(c, facts), ORACLE.may(c, facts)) for c in conditions] for facts in situation.facts()]
    assert [[judge.truth(c, facts) for c in conditions] for facts in situation.facts()] == expected
    assert list(map(list, zip(*(sql_truths(c, table, situation.said) for c in conditions), strict=True))) == expected
    assert [solver_truths(few, conditions, state) for state in states] == expected
    assert solver_truths(whole, conditions[:1], states[0]) == expected[0][:1]


@examples(2_000 // PAIRS)
@given(judged(most=6))
def test_solver_sql_judge_and_oracle_agree(case: tuple[Sequence[Condition], Situation]) -> None:
    assert_four_readings_agree(*case)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@examples(20_000 // PAIRS)
@given(judged(most=20))
def test_solver_sql_judge_and_oracle_agree_for_long(case: tuple[Sequence[Condition], Situation]) -> None:
    assert_four_readings_agree(*case)


@examples(60)
@given(ruled())
def test_solver_and_oracle_give_one_verdict_and_no_second(case: tuple[Sequence[Rule], Situation]) -> None:
    rulebook, situation = case
    logic = Logic(LARGE.vocabulary, AS_OF)
    for rule in rulebook:
        read = facts_of(*conditions_of(rule, AS_OF))
        for facts in situation.facts():
            solver = new_solver()
            solver.add(*(logic.fixed(name, facts(name)) for name in read))
            given_verdicts = [verdict for verdict, term in logic.verdicts(rule).items() if satisfiable(solver, term)]
            assert given_verdicts == [ORACLE.verdict(rule, rule.arm(AS_OF), facts)]


# ---------------------------------------------------------------------- all states at once
def reachable(logic: Logic, conditions: Sequence[Condition]) -> set[tuple[Truth, ...]]:
    """Which truths the conditions can have together."""
    solver = new_solver()
    facts = facts_of(*conditions)
    solver.add(logic.states(facts))
    formulas = [logic.reading(c) for c in conditions]
    found = set()
    for combination in product((Truth(True, True), Truth(False, True), Truth(False, False)), repeat=len(conditions)):
        terms = [side == want for f, t in zip(formulas, combination, strict=True) for side, want in ((f.must, t.must), (f.may, t.may))]
        if satisfiable(solver, *terms):
            found.add(combination)
    return found


@examples(60)
@given(st.lists(small.conditions(MIDDLE, 4), min_size=1, max_size=2))
def test_few_values_show_whatever_all_values_show(conditions: Sequence[Condition]) -> None:
    vocabulary = MIDDLE.vocabulary
    assert reachable(Logic(vocabulary, AS_OF, conditions), conditions) == reachable(Logic(vocabulary, AS_OF), conditions)


@examples(60)
@given(small.conditions(MIDDLE, 5))
def test_a_state_found_with_few_values_is_one_of_all_values(condition: Condition) -> None:
    logic, judge = Logic(MIDDLE.vocabulary, AS_OF, [condition]), Judge(MIDDLE.vocabulary, AS_OF)
    formula, facts = logic.reading(condition), facts_of(condition)
    for truth in (Truth(True, True), Truth(False, True), Truth(False, False)):
        wanted = (formula.must == truth.must, formula.may == truth.may)
        for more in ((), (logic.settled(facts),)):
            state = logic.witness(*wanted, *more, facts=facts)
            if state is not None:
                assert judge.truth(condition, state.__getitem__) == truth


COMPARED = ("option.places", "option.home", "use.places", "use.people", "use.home")
"""Facts that are compared with one another: the more comparisons, the more values have to be looked at."""


@st.composite
def comparisons(draw: st.DrawFn) -> Condition:
    """Many comparisons that must all come out one way; each may need a value of its own to do so."""
    parts: list[Condition] = []
    for _ in range(draw(st.integers(2, 8))):
        fact = FACTS[draw(st.sampled_from(COMPARED))]
        operator = draw(st.sampled_from(OPERATORS_BY_KIND[fact.kind]))
        operand = Answer(draw(st.sampled_from(("people", "places", "home"))))
        test = Test(fact.name, operator, operand if draw(st.integers(0, 3)) else draw(small.operands(MIDDLE, fact, operator)))
        parts.append(Not(test) if draw(st.booleans()) else test)
    return All(tuple(parts))


@examples(60)
@given(comparisons())
def test_few_values_are_enough_for_many_comparisons(condition: Condition) -> None:
    facts = facts_of(condition)
    few, whole = Logic(MIDDLE.vocabulary, AS_OF, [condition]), Logic(MIDDLE.vocabulary, AS_OF)
    for settled in (True, False):
        for side in ("must", "may"):
            found = []
            for logic in (few, whole):
                wanted = getattr(logic.reading(condition), side)
                found.append(logic.possible(wanted, *([logic.settled(facts)] if settled else []), facts=facts))
            assert found[0] == found[1], f"{side}, {settled=}"
