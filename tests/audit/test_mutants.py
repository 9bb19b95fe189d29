"""Every slip of the pen in a rule is noticed by an example, proved to change nothing, or listed with a case that would notice it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import advisor.cli.rules_coverage  # noqa: F401  # brings the commands
from advisor.audit.examples.cases import Bench
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.mutants import MutantReport, mutate, mutators
from advisor.audit.examples.mutations import Mutator
from advisor.rulebook.condition import All, AnyOf, Not, Test, Values
from advisor.rulebook.english import English
from advisor.rulebook.judge import Judge, example_verdict
from advisor.rulebook.rule import EXAMPLE_DATE, Rule
from tests import small_world as small
from tests.audit.made_rules import FINDER, MUTATOR, SOURCE, TRANSFER, VOCABULARY, made, rule
from tests.conftest import Advisor
from tests.rulebook.made_conditions import examples, rules
from tests.small_world import LARGE

UP_TO_30 = "{in_force: {}, source: SOURCE, requires: {fact: option.days, at_most: 30}}"
FULL = """\
  - name: in the United States
    given: {use.data: [personal], option.places: [US], option.terms: []}
    verdict: breaches
  - name: in the United States under clauses
    given: {use.data: [personal], option.places: [US], option.terms: [clauses]}
    verdict: complies
  - name: in Norway
    given: {use.data: [personal], option.places: ["NO"], option.terms: []}
    verdict: complies
  - name: in Switzerland
    given: {use.data: [personal], option.places: [CH], option.terms: []}
    verdict: breaches
  - name: open data
    given: {use.data: [open], option.places: [US], option.terms: []}
    verdict: not_applicable
  - name: the first day
    as_of: 2020-01-01
    given: {use.data: [personal], option.places: [US], option.terms: []}
    verdict: breaches
  - name: the day before
    as_of: 2019-12-31
    given: {use.data: [personal], option.places: [US], option.terms: []}
    verdict: not_in_force
"""


def names(of: Rule, start: str = "") -> list[str]:
    return [mutant.name for mutant in MUTATOR.mutants(of) if mutant.name.startswith(start)]


def report(of: Rule) -> MutantReport:
    return mutate(of, MUTATOR, FINDER)


def requiring(condition: str) -> Rule:
    return made(f"{{in_force: {{}}, source: SOURCE, requires: {condition}}}")


# ---------------------------------------------------------------------- what is changed
def test_every_place_of_a_rule_is_changed_once_under_a_stable_name() -> None:
    assert names(rule(TRANSFER)) == [
        "arms[0].applies_when: dropped",
        "arms[0].applies_when.has: becomes its opposite",
        "arms[0].requires: dropped",
        "arms[0].requires.any: becomes all",
        "arms[0].requires.any[0]: dropped",
        "arms[0].requires.any[0].within: becomes outside",
        "arms[0].requires.any[0].within: group area becomes union",
        "arms[0].requires.any[0].within: group area becomes wide",
        "arms[0].requires.any[0].within: group area dropped",
        "arms[0].requires.any[1]: dropped",
        "arms[0].requires.any[1].has: becomes its opposite",
        "arms[0].in_force.from: one day earlier",
        "arms[0].in_force.from: one day later",
        "arms[0]: dropped",
    ]


@pytest.mark.parametrize(
    ("test", "changes"),
    [
        ("{fact: option.days, at_most: 30}", ["becomes below", "becomes at_least", "30 becomes 29", "30 becomes 31"]),
        ("{fact: option.days, above: 0}", ["becomes at_least", "becomes below", "0 becomes -1", "0 becomes 1"]),
        ("{fact: option.share, below: 0.25}", ["becomes at_most", "becomes above", "0.25 becomes 0.24", "0.25 becomes 0.26"]),
        ("{fact: option.days, at_most: {answer: longest}}", ["becomes below", "becomes at_least"]),
        ("{fact: use.home, one_of: [DE, FR]}", ["becomes its opposite", "without DE", "without FR"]),
        ("{fact: use.home, is: DE}", ["becomes its opposite"]),
        ("{fact: use.data, has_any: [open, health]}", ["becomes has_all", "without open", "without health"]),
        ("{fact: use.data, has_all: [open]}", []),
        ("{fact: option.places, outside: {group: west}}", ["becomes within", "group west dropped"]),
    ],
)
def test_each_operator_and_operand_has_its_neighbours(test: str, changes: list[str]) -> None:
    found = [name.partition(": ")[2] for name in names(requiring(test), "arms[0].requires.")]
    assert found == changes


def test_groups_of_conditions_and_their_parts() -> None:
    of = requiring("{not: {all: [{fact: use.home, is: DE}, {fact: use.public, is: yes}]}}")
    assert names(of, "arms[0].requires") == [
        "arms[0].requires: dropped",
        "arms[0].requires: `not` dropped",
        "arms[0].requires.not.all: becomes any",
        "arms[0].requires.not.all[0]: dropped",
        "arms[0].requires.not.all[0].is: becomes its opposite",
        "arms[0].requires.not.all[1]: dropped",
        "arms[0].requires.not.all[1].is: becomes its opposite",
    ]
    made_of = {mutant.name: mutant.rule.arms[0].requires for mutant in MUTATOR.mutants(of) if mutant.rule.arms}
    home, public = Test("use.home", "is", Values(("DE",))), Test("use.public", "is", Values(("yes",)))
    assert made_of["arms[0].requires: `not` dropped"] == All((home, public))
    assert made_of["arms[0].requires.not.all: becomes any"] == Not(AnyOf((home, public)))
    assert made_of["arms[0].requires.not.all[0]: dropped"] == Not(All((public,)))
    assert made_of["arms[0].requires.not.all[1].is: becomes its opposite"] == Not(All((home, Not(public))))


def test_exceptions_are_changed_and_dropped() -> None:
    inner = "{id: in, title: in, when: {fact: use.home, is: US}, source: SOURCE, examples: [{name: two, given: {}, verdict: unknown}]}"
    outer = "{id: out, title: out, when: {fact: use.public, is: yes}, source: SOURCE, examples: [{name: one, given: {}, verdict: unknown}]"
    of = made(UP_TO_30, exceptions=f"[{outer}, exceptions: [{inner}]}}]")
    assert names(of, "exceptions") == [
        "exceptions[0].when.is: becomes its opposite",
        "exceptions[0].exceptions[0].when.is: becomes its opposite",
        "exceptions[0]: dropped",
        "exceptions[0].exceptions[0]: dropped",
    ]
    by_name = {mutant.name: mutant.rule for mutant in MUTATOR.mutants(of)}
    assert by_name["exceptions[0]: dropped"].exceptions == ()
    assert by_name["exceptions[0].exceptions[0]: dropped"].exceptions[0].exceptions == ()


def test_where_one_arm_follows_another_both_move() -> None:
    of = made(
        "{in_force: {from: 2020-01-01, until: 2025-01-01}, source: SOURCE, requires: {fact: option.days, at_most: 30}},"
        "{in_force: {from: 2025-01-01}, source: SOURCE, requires: {fact: option.days, at_most: 20}}"
    )
    moved = {mutant.name: [(a.since, a.until) for a in mutant.rule.arms] for mutant in MUTATOR.mutants(of) if "in_force" in mutant.name}
    assert moved == {
        "arms[0].in_force.from: one day earlier": [(date(2019, 12, 31), date(2025, 1, 1)), (date(2025, 1, 1), None)],
        "arms[0].in_force.from: one day later": [(date(2020, 1, 2), date(2025, 1, 1)), (date(2025, 1, 1), None)],
        "arms[1].in_force.from: one day earlier": [(date(2020, 1, 1), date(2024, 12, 31)), (date(2024, 12, 31), None)],
        "arms[1].in_force.from: one day later": [(date(2020, 1, 1), date(2025, 1, 2)), (date(2025, 1, 2), None)],
    }


# ---------------------------------------------------------------------- what becomes of the changes
def test_good_examples_notice_every_change() -> None:
    of = rule(TRANSFER.replace("# a word", f"{FULL}# a word"))
    found = report(of)
    assert (found.survivors, found.excused) == ((), ())
    assert found.killed == found.total == len(names(of))


def test_a_missing_example_leaves_the_changes_that_only_it_would_notice() -> None:
    without_norway = FULL.replace('["NO"]', "[FR]")
    found = report(rule(TRANSFER.replace("# a word", f"{without_norway}# a word")))
    (survivor,) = found.survivors
    assert survivor.mutant.name == "arms[0].requires.any[0].within: group area becomes union"
    assert survivor.mutant.words.startswith("“the Union” for “the Area” in “the places of processing")
    assert survivor.witness is not None
    assert (survivor.witness.verdict, survivor.mutant_verdict) == ("complies", "breaches")
    assert survivor.witness.given["option.places"].certain == {"NO"}  # type: ignore[union-attr]


def test_a_change_that_changes_nothing_is_excused_by_name() -> None:
    twice = "{any: [{fact: option.terms, has_any: [seal, contract]}, {fact: option.terms, has: seal}]}"
    found = report(requiring(twice))
    assert {mutant.name for mutant in found.excused} == {
        "arms[0].requires.any[0].has_any: without seal",
        "arms[0].requires.any[1]: dropped",
    }


def test_a_boundary_between_arms_that_ask_the_same_is_excused() -> None:
    same = "requires: {fact: option.days, at_most: 30}}"
    of = made(f"{{in_force: {{until: 2025-01-01}}, source: SOURCE, {same}, {{in_force: {{from: 2025-01-01}}, source: SOURCE, {same}")
    excused = {mutant.name for mutant in report(of).excused}
    assert excused == {"arms[1].in_force.from: one day earlier", "arms[1].in_force.from: one day later"}


@examples(12)
@given(made_up=rules("made-up"), data=st.data())
def test_no_change_is_excused_that_any_case_can_notice(made_up: Rule, data: st.DataObject) -> None:
    """Random rules, judged by the plain judge: witnesses tell apart, and nothing tells an excused change apart."""
    finder = Finder(Bench(LARGE.vocabulary))
    mutator = Mutator(finder.bench, English(LARGE.vocabulary), sorted(LARGE.groups))
    found = mutate(made_up, mutator, finder)
    assert len(found.survivors) + len(found.excused) == len(mutator.mutants(made_up))
    for survivor in found.survivors:
        assert survivor.witness is not None
        verdicts = [example_verdict(one, survivor.witness, LARGE.vocabulary, EXAMPLE_DATE) for one in (made_up, survivor.mutant.rule)]
        assert verdicts == [survivor.witness.verdict, survivor.mutant_verdict]
        assert verdicts[0] != verdicts[1]
    situation = data.draw(small.situations(LARGE, made_up.facts, most=5))
    for as_of in (date(2000, 1, 1), EXAMPLE_DATE, date(2026, 11, 25), date(2027, 6, 1)):
        judge = Judge(LARGE.vocabulary, as_of)
        for mutant in found.excused:
            assert all(judge.verdict(made_up, facts) == judge.verdict(mutant.rule, facts) for facts in situation.facts()), mutant.name


def test_the_same_rule_gives_the_same_report() -> None:
    finders = [Finder(Bench(VOCABULARY)) for _ in range(2)]
    first, second = (mutate(rule(TRANSFER), mutators([rule(TRANSFER)], finder), finder) for finder in finders)
    assert first == second


# ---------------------------------------------------------------------- the command
def test_the_command_lists_what_nothing_notices(advisor: Advisor, tmp_path: Path) -> None:
    text = f"""\
id: made-up-days
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {{}}
    source: {SOURCE}
    requires: {{fact: option.retention_days, at_most: 30}}
reason: Prompts are kept too long.
remedy: Choose another endpoint.
examples:
  - name: kept for a month
    given: {{option.retention_days: 30}}
    verdict: complies
review: not yet reviewed by a lawyer
"""
    (tmp_path / "keeping.yaml").write_text(text, encoding="utf-8")
    ran = advisor("rules", "mutate", "made-up-days", "--rules", str(tmp_path))
    assert ran.code == 1
    asked = "“the retention of prompts and answers is at most 30 days”"
    told_at = f"  {tmp_path}/keeping.yaml:9: no example notices this change: "
    assert ran.out.splitlines()[:8] == [
        "made-up-days: 3 of 6",
        f"{told_at}without the condition {asked}",
        "    arms[0].requires: dropped",
        "    This would; with the change it is complies:",
        "    - name: a case that tells them apart",
        "      given: {option.retention_days: 31}",
        "      verdict: breaches",
        f"{told_at}“the retention of prompts and answers is at least 30 days” for {asked}",
    ]
    assert ran.out.splitlines()[-1] == "1 rule: 3 of 6 changes are noticed, 3 are not; 0 more change nothing and are excused."
    told = advisor("rules", "mutate", "made-up-days", "--rules", str(tmp_path), "--format", "json").json
    assert (told["schema"], told["noticed"], told["total"]) == ("rules-mutants/1", 3, 6)
    assert told["rules"][0]["unnoticed"][0]["witness"]["given"] == {"option.retention_days": 31}
