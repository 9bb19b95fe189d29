"""Judge, SQL, solver and oracle give every case of the corpus the answers it states."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pytest

from advisor.assessment import OptionTable
from advisor.audit.logic.logic import Logic
from advisor.audit.logic.solver import new_solver, satisfiable, z3
from advisor.catalogue.evidence import Known
from advisor.catalogue.options import Option
from advisor.possible import Possible, is_settled
from advisor.rulebook import condition as tree
from advisor.rulebook.condition import Answer
from advisor.rulebook.judge import Judge
from advisor.rulebook.sql import Reader
from advisor.rulebook.truth import Truth
from tests.conformance import make
from tests.conformance.corpus import FOLDER, Case, cases, files, worlds
from tests.oracle import Oracle
from tests.small_world import ENDPOINT, HOST, MODEL


def judged(case: Case) -> Truth:
    return Judge(worlds()[case.file].vocabulary, case.as_of).truth(case.condition, case.given.__getitem__)


def by_oracle(case: Case) -> Truth:
    oracle = Oracle(worlds()[case.file].groups(case.as_of))
    return Truth(oracle.must(case.condition, case.given.__getitem__), oracle.may(case.condition, case.given.__getitem__))


@cache
def logic(file: str, as_of: date) -> Logic:
    return Logic(worlds()[file].vocabulary, as_of)


def solved(case: Case) -> Truth:
    reading = logic(case.file, case.as_of)
    solver = new_solver()
    solver.add(*(reading.fixed(name, state) for name, state in case.given.items()))
    assert satisfiable(solver)
    model, formula = solver.model(), reading.reading(case.condition)
    must, may = (z3.is_true(model.eval(side, model_completion=True)) for side in (formula.must, formula.may))
    return Truth(must, may)


def known_of(case: Case, name: str) -> Possible:
    """What a case says of a fact; nothing is known of the others."""
    vocabulary = worlds()[case.file].vocabulary
    return case.given[name] if name in case.given else vocabulary.unknown(vocabulary.facts[name])


@cache
def table(file: str) -> tuple[OptionTable, dict[str, int]]:
    """One option for each case of a file, and its place by the name of the case."""
    vocabulary, of_file = worlds()[file].vocabulary, [case for case in cases() if case.file == file]
    states = [{fact.name: Known(known_of(case, fact.name)) for fact in vocabulary.option_facts} for case in of_file]
    options = [Option(f"o{n:03}", MODEL, HOST, ENDPOINT, "hosted-open", "e", state, (), None, None) for n, state in enumerate(states)]
    made = OptionTable(options, vocabulary)
    made.load_derived({})
    return made, {case.name: number for number, case in enumerate(of_file)}


def by_sql(case: Case) -> Truth:
    options, places = table(case.file)

    def facts(name: str) -> Possible:
        return known_of(case, name)

    judge = Judge(worlds()[case.file].vocabulary, case.as_of)
    reader = Reader(options.layouts, facts, lambda operand: judge.operand(operand, facts))
    reading = reader.reading(case.condition)
    sides = {"must": reading.must, "may": reading.may}
    asked = {name: side for name, side in sides.items() if isinstance(side, str)}
    found = options.query(asked, reader.tests) if asked else {}
    must, may = (bool(found[name][places[case.name]]) if name in found else bool(side) for name, side in sides.items())
    return Truth(must, may)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.file}: {case.name}") for case in cases()])
def test_every_reading_gives_the_answers_of_the_case(case: Case) -> None:
    expected = Truth(case.must, case.may)
    assert {"oracle": by_oracle(case), "judge": judged(case), "solver": solved(case), "sql": by_sql(case)} == dict.fromkeys(
        ("oracle", "judge", "solver", "sql"), expected
    ), f"tests/conformance/{case.file}.yaml:{case.line}"


# ---------------------------------------------------------------------- the corpus itself
def test_there_are_enough_cases_and_each_has_its_own_name() -> None:
    assert len(cases()) >= 300
    assert [name for name, count in Counter((case.file, case.name) for case in cases()).items() if count > 1] == []


@pytest.mark.parametrize("name", make.PARTS)
def test_a_made_file_is_what_the_script_makes(name: str) -> None:
    assert (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") == make.document(name, make.PARTS[name]), (
        "run `python -m tests.conformance.make`"
    )


def test_every_file_declares_the_same_world() -> None:
    assert {path.stem for path in files()} == {*make.PARTS, "edges"}
    assert all(worlds()[path.stem].data["facts"] == make.HEAD["facts"] for path in files())
    assert all(worlds()[path.stem].data["groups"] == make.HEAD["groups"] for path in files())


def test_every_operator_is_seen_to_hold_to_fail_and_to_be_open() -> None:
    seen = Counter(
        (test.operator, case.must, case.may) for case in cases() for test in tree.tests(case.condition) if case.condition == test
    )
    for operator in {operator for operator, _, _ in seen}:
        assert all(seen[operator, must, may] for must, may in ((True, True), (False, True), (False, False))), operator
    assert len({operator for operator, _, _ in seen}) == 11


def test_every_answer_is_seen_known_and_open() -> None:
    seen = {
        (test.operand.key, is_settled(case.given[test.operand.fact]))
        for case in cases() for test in tree.tests(case.condition) if isinstance(test.operand, Answer)
    }  # fmt: skip
    assert seen == {(key, known) for key in ("size", "open", "colour", "tags", "people", "places", "home") for known in (True, False)}
