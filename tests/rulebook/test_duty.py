"""What becomes of the duty of a met rule: the judge says what the engine does, and an example may state it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor import rule_text
from advisor.assessment import assess
from advisor.errors import BrokenInput
from advisor.library import Library
from advisor.rulebook.condition import ALWAYS, Test, Values
from advisor.rulebook.examples import run_examples
from advisor.rulebook.judge import Judge, example_duty
from advisor.rulebook.rule import EXAMPLE_DATE, Obligation, Owed, Rule
from advisor.rulebook.rulebook import Rulebook
from tests import small_world as small
from tests.audit.made_rules import VOCABULARY, made
from tests.conftest import Advisor
from tests.rulebook.made_conditions import examples, rules, table_of
from tests.small_world import AS_OF, LARGE, Situation

ARMS = "{in_force: {}, source: SOURCE, requires: {fact: option.days, at_most: 30}}"
DUTY = "obligation: {text: Sign it., when: {fact: option.terms, has: contract}, done_when: {fact: use.public, is: yes}}"


def example(given: str, duty: str, verdict: str = "complies") -> str:
    return f"{{name: the case, given: {given}, verdict: {verdict}, duty: {duty}}}"


def faults(rule: Rule) -> list[str]:
    return [str(fault) for fault in run_examples(Rulebook({rule.id: rule}), VOCABULARY)[1]]


# ---------------------------------------------------------------------- the judge
@pytest.mark.parametrize(
    ("given", "owed"),
    [
        ("{option.days: 30, option.terms: [contract], use.public: no}", "open"),
        ("{option.days: 30, option.terms: [contract]}", "open"),
        ("{option.days: 30, use.public: no}", "open"),
        ("{option.days: 30}", "open"),
        ("{option.days: 30, option.terms: [contract], use.public: yes}", "done"),
        ("{option.days: 30, use.public: yes}", "done"),
        ("{option.days: 30, option.terms: []}", "none"),
        ("{option.days: 30, option.terms: [], use.public: yes}", "none"),
        ("{option.days: 31, option.terms: [contract]}", "none"),
        ("{option.terms: [contract]}", "none"),
    ],
)
def test_a_duty_is_open_done_or_none(given: str, owed: Owed) -> None:
    rule = made(ARMS, more=DUTY, examples=f"[{{name: the case, given: {given}, verdict: complies}}]")
    assert example_duty(rule, rule.examples[0], VOCABULARY, EXAMPLE_DATE) == owed


def test_a_rule_without_an_obligation_leaves_none() -> None:
    rule = made(ARMS, examples="[{name: the case, given: {option.days: 30}, verdict: complies}]")
    assert example_duty(rule, rule.examples[0], VOCABULARY, EXAMPLE_DATE) == "none"


@st.composite
def dutiful(draw: st.DrawFn) -> tuple[Sequence[Rule], Situation]:
    """Rules with obligations of every kind, and a situation in which all that they read is drawn."""
    conditions = small.conditions(LARGE, 3)
    found = []
    for name in ("a", "b", "c"):
        when = draw(st.one_of(st.just(ALWAYS), conditions))
        duty = Obligation("Sign it.", when, draw(st.one_of(st.none(), conditions)))
        loose = draw(st.booleans())  # few random rules are met
        rule = draw(rules(name))
        arms = tuple(replace(arm, requires=ALWAYS) for arm in rule.arms) if loose else rule.arms
        found.append(replace(rule, arms=arms, obligation=duty))
    return found, draw(small.situations(LARGE, [name for rule in found for name in rule.facts], most=4))


@examples(80)
@given(dutiful())
def test_the_judge_says_which_duties_the_engine_leaves_open(drawn: tuple[Sequence[Rule], Situation]) -> None:
    rulebook, situation = drawn
    book = Rulebook({rule.id: rule for rule in rulebook})
    assessment = assess(small.answers(LARGE, situation.said), table_of(situation), book, AS_OF, situation.derived)
    judge = Judge(LARGE.vocabulary, AS_OF)
    expected = [[judge.duty(item.rule, facts) == "open" for facts in situation.facts()] for item in assessment.rules]
    assert np.array_equal(assessment.duties, np.array(expected, dtype=np.bool_).reshape(assessment.duties.shape))


# ---------------------------------------------------------------------- files
def test_an_example_is_read_with_its_duty() -> None:
    rule = made(ARMS, more=DUTY, examples=f"[{example('{option.days: 30, option.terms: []}', 'none')}]")
    assert [one.duty for one in rule.examples] == ["none"]
    assert rule.obligation is not None
    assert rule.obligation.when == Test("option.terms", "has", Values(("contract",)))


@pytest.mark.parametrize(
    ("one", "more", "words"),
    [
        (example("{option.days: 30}", "open"), "", "the rule has no obligation"),
        (example("{option.days: 31}", "open", "breaches"), DUTY, "only an example that complies says what becomes of the duty"),
        (example("{option.days: 30}", "later"), DUTY, "later"),
    ],
    ids=["no obligation", "not met", "no such word"],
)
def test_a_duty_where_there_can_be_none_is_a_fault_with_its_place(one: str, more: str, words: str) -> None:
    with pytest.raises(BrokenInput) as caught:
        made(ARMS, more=more, examples=f"[{one}]")
    (problem,) = caught.value.problems
    column = f"examples: [{one}]".index("duty: ") + 1
    assert (problem.line, problem.where) == (8, "examples[0].duty")
    assert problem.column in (column, column + len("duty: "))
    assert words in str(problem)


def test_a_duty_in_an_example_of_an_exception_is_checked_too() -> None:
    exception = f"{{id: out, title: out, when: {{fact: use.home, is: US}}, source: SOURCE, examples: [{example('{}', 'open')}]}}"
    with pytest.raises(BrokenInput, match="no obligation") as caught:
        made(ARMS, exceptions=f"[{exception}]")
    assert [problem.where for problem in caught.value.problems] == ["exceptions[0].examples[0].duty"]


# ---------------------------------------------------------------------- examples that are not true
def test_a_stated_duty_is_tested_and_the_difference_is_told() -> None:
    true, wrong = (made(ARMS, more=DUTY, examples=f"[{example('{option.days: 30, option.terms: []}', duty)}]") for duty in ("none", "open"))
    assert faults(true) == []
    assert faults(wrong) == [
        "rules/made_up.yaml:8: 'the case' says duty: open, by the obligation of the rule it is duty: none (it surely does not arise)"
    ]


def test_what_an_example_does_not_state_is_not_tested() -> None:
    assert faults(made(ARMS, more=DUTY, examples="[{name: the case, given: {option.days: 30}, verdict: complies}]")) == []


def test_a_wrong_verdict_is_told_once() -> None:
    (fault,) = faults(made(ARMS, more=DUTY, examples=f"[{example('{option.days: 31}', 'open')}]"))
    assert fault.endswith("says complies, the rule gives breaches")


def test_every_shipped_obligation_is_held_by_an_example_that_states_it(library: Library) -> None:
    obliged = [rule for rule in library.rulebook.rules.values() if rule.obligation]
    stated = {rule.id: {example.duty for example in rule.all_examples()} for rule in obliged}
    assert obliged
    assert {rule.id for rule in obliged if "open" not in stated[rule.id]} == set()
    assert {rule.id for rule in obliged if rule.obligation and rule.obligation.when != ALWAYS and "none" not in stated[rule.id]} == set()


# ---------------------------------------------------------------------- how it is shown
def test_the_page_of_a_rule_lists_the_duty_beside_the_verdict() -> None:
    given = "{option.days: 30, option.terms: [contract], use.public: no}"
    second = "{name: too long, given: {option.days: 31}, verdict: breaches}"
    page = rule_text.rule_page(made(ARMS, more=DUTY, examples=f"[{example(given, 'open')}, {second}]"), VOCABULARY, AS_OF)
    assert page.splitlines()[-2:] == ["  complies, duty open the case", "  breaches            too long"]


def test_the_command_tests_duties(advisor: Advisor, tmp_path: Path) -> None:
    text = """\
id: made-up-days
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {}
    source: {cite: Example Act s. 1, url: "", checked: read}
    requires: {fact: option.retention_days, at_most: 30}
reason: Prompts are kept too long.
remedy: Choose another endpoint.
obligation:
  text: Sign it.
  when: {fact: option.premises, is: host}
examples:
  - name: own machines
    given: {option.retention_days: 30, option.premises: own}
    verdict: complies
    duty: open
review: not yet reviewed by a lawyer
"""
    path = tmp_path / "keeping.yaml"
    path.write_text(text, encoding="utf-8")
    ran = advisor("rules", "test", "--rules", str(tmp_path))
    assert ran.code == 1
    assert f"{path}:16: 'own machines' says duty: open" in ran.out
    path.write_text(text.replace("duty: open", "duty: none"), encoding="utf-8")
    assert advisor("rules", "test", "--rules", str(tmp_path)).code == 0
