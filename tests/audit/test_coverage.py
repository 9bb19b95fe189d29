"""What the examples of a rule show is counted exactly, and what they do not show is named with its line."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import advisor.cli.rules_coverage  # noqa: F401  # brings the commands
from advisor.audit.examples.cases import Bench, Case
from advisor.audit.examples.coverage import cover
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.goals import At, Holds, On, Open, Reaches, shown, step
from advisor.audit.examples.items import items
from advisor.rulebook.condition import All, Limit
from advisor.rulebook.english import English
from advisor.rulebook.rule import Example, Rule
from tests import small_world as small
from tests.audit.made_rules import EXAMPLE, FINDER, TRANSFER, VOCABULARY, made, rule
from tests.conftest import ROOT, Advisor
from tests.rulebook.made_conditions import examples, rules
from tests.small_world import LARGE

OF_TRANSFER = [
    "arms[0]: complies", "arms[0]: breaches", "arms[0]: not_applicable", "arms[0]: unknown", "arms: not_in_force",
    "arms[0].applies_when: true", "arms[0].applies_when: false", "arms[0].requires: true", "arms[0].requires: false",
    "arms[0].requires.any[0]: true", "arms[0].requires.any[0]: false", "arms[0].requires.any[1]: true", "arms[0].requires.any[1]: false",
    "arms[0]: only use.data open", "arms[0]: only option.places open", "arms[0]: only option.terms open",
    "date 2019-12-31", "date 2020-01-01",
]  # fmt: skip


def names(of: Rule) -> list[str]:
    return [item.name for item in items(of, English(VOCABULARY))]


def with_examples(of: Rule, *examples: str) -> Rule:
    text = TRANSFER.replace("# a word before", "".join(f"  - {example}\n" for example in examples) + "# a word before")
    assert of.id in text
    return rule(text)


def untested(of: Rule) -> list[str]:
    return [item.name for item in cover(of, VOCABULARY, FINDER).untested]


def case(of: Rule, given: str, as_of: str = "2026-11-24") -> Case:
    (example,) = made(
        "{in_force: {}, source: SOURCE, requires: {all: []}}", examples=f"[{{name: abc, given: {given}, verdict: complies}}]"
    ).examples
    return Bench(VOCABULARY).case(of, Example("abc", example.given, "complies", date.fromisoformat(as_of)))


# ---------------------------------------------------------------------- what is counted
def test_everything_that_can_happen_is_counted_once_in_the_order_of_the_file() -> None:
    assert names(rule(TRANSFER)) == OF_TRANSFER


def test_one_example_shows_what_it_shows_and_no_more() -> None:
    found = cover(rule(TRANSFER), VOCABULARY, FINDER)
    assert [item.name for item in found.covered] == [
        "arms[0]: complies", "arms[0].applies_when: true", "arms[0].requires: true",
        "arms[0].requires.any[0]: true", "arms[0].requires.any[1]: false",
    ]  # fmt: skip
    assert (len(found.covered), found.total, found.excused) == (5, len(OF_TRANSFER), ())


def test_each_further_example_closes_the_gaps_it_is_for() -> None:
    before = set(untested(rule(TRANSFER)))
    shown_now = {
        "{name: no scope, given: {use.data: [open]}, verdict: not_applicable}": {
            "arms[0]: not_applicable", "arms[0].applies_when: false",
        },
        "{name: in the United States, given: {use.data: [health], option.places: [US], option.terms: []}, verdict: breaches}": {
            "arms[0]: breaches", "arms[0].requires: false", "arms[0].requires.any[0]: false",
        },
        "{name: before it began, as_of: 2019-12-31, given: {}, verdict: not_in_force}": {"arms: not_in_force", "date 2019-12-31"},
        "{name: places not known, given: {use.data: [personal], option.terms: []}, verdict: unknown}": {
            "arms[0]: unknown", "arms[0]: only option.places open",
        },
    }  # fmt: skip
    for example, closed in shown_now.items():
        assert before - set(untested(with_examples(rule(TRANSFER), example))) == closed
    assert before - set(untested(with_examples(rule(TRANSFER), *shown_now))) == set().union(*shown_now.values())


def test_an_example_counts_for_the_arm_that_is_in_force_on_its_date() -> None:
    arms = (
        "{in_force: {from: 2020-01-01, until: 2025-01-01}, source: SOURCE, requires: {fact: option.days, at_most: 30}},"
        "{in_force: {from: 2025-01-01}, source: SOURCE, requires: {fact: option.days, at_most: 20}}"
    )
    old = "{name: an old case, as_of: 2024-06-01, given: {option.days: 25}, verdict: complies}"
    found = untested(made(arms, examples=f"[{old}]"))
    assert "arms[0]: complies" not in found
    assert "arms[1]: complies" in found


# ---------------------------------------------------------------------- open facts
def test_a_fact_is_open_alone_only_if_all_others_are_settled() -> None:
    of = rule(TRANSFER)
    goal = Open("option.places", 0)
    assert shown(goal, of, case(of, "{use.data: [personal], option.terms: []}"))
    assert shown(goal, of, case(of, "{use.data: [personal], option.places: {certain: [DE], possible: [DE, US]}, option.terms: []}"))
    assert not shown(goal, of, case(of, "{use.data: [personal]}"))  # the terms are open too
    assert not shown(goal, of, case(of, "{use.data: [personal], option.terms: [clauses]}"))  # it decides nothing
    assert not shown(goal, of, case(of, "{use.data: [personal], option.places: [DE], option.terms: []}"))


def test_a_fact_that_can_never_be_open_alone_is_excused_by_name() -> None:
    arms = "{in_force: {}, source: SOURCE, applies_when: {fact: use.public, is: yes}, requires: {all: []}}"
    found = cover(made(arms, effect="mitigate"), VOCABULARY, FINDER)
    assert [item.name for item in found.excused] == ["arms[0]: breaches", "arms[0]: unknown", "arms[0]: only use.public open"]


def test_without_the_solver_nothing_is_excused() -> None:
    arms = "{in_force: {}, source: SOURCE, applies_when: {fact: use.public, is: yes}, requires: {all: []}}"
    found = cover(made(arms, effect="mitigate"), VOCABULARY, None)
    assert found.excused == ()
    assert "arms[0]: breaches" in [item.name for item in found.untested]


@examples(15)
@given(made_up=rules("made-up"), data=st.data())
def test_nothing_is_excused_that_any_case_can_show(made_up: Rule, data: st.DataObject) -> None:
    finder = Finder(Bench(LARGE.vocabulary))
    excused = cover(made_up, LARGE.vocabulary, finder).excused
    situation = data.draw(small.situations(LARGE, made_up.facts, most=5))
    for facts in situation.facts():
        for as_of in (date(2000, 1, 1), date(2026, 11, 24), date(2026, 11, 25), date(2027, 6, 1)):
            example = Example("made up", {name: facts(name) for name in made_up.facts}, "unknown", as_of)
            one = finder.bench.case(made_up, example)
            assert [item.name for item in excused if shown(item.goal, made_up, one)] == []


# ---------------------------------------------------------------------- limits and dates
@pytest.mark.parametrize(
    ("operator", "sides"),
    [
        ("at_most", ["limit", "limit + 1"]),
        ("above", ["limit", "limit + 1"]),
        ("at_least", ["limit", "limit - 1"]),
        ("below", ["limit", "limit - 1"]),
    ],
)
def test_both_sides_of_a_limit_are_asked_for(operator: str, sides: list[str]) -> None:
    of = made(f"{{in_force: {{}}, source: SOURCE, requires: {{fact: option.days, {operator}: 30}}}}")
    assert [name for name in names(of) if "limit" in name] == [f"arms[0].requires.{operator}: {side}" for side in sides]
    values = {30.0, 31.0 if sides[1] == "limit + 1" else 29.0}
    goals = [item.goal for item in items(of, English(VOCABULARY)) if isinstance(item.goal, At)]
    assert {days for days in range(25, 36) if any(shown(goal, of, case(of, f"{{option.days: {days}}}")) for goal in goals)} == values


def test_a_number_that_is_not_known_exactly_is_on_neither_side() -> None:
    of = made("{in_force: {}, source: SOURCE, requires: {fact: option.days, at_most: 30}}")
    assert not shown(At("option.days", Limit(30), 0, 0), of, case(of, "{option.days: [30, 31]}"))


def test_a_limit_may_be_an_answer() -> None:
    of = made("{in_force: {}, source: SOURCE, requires: {fact: option.days, at_most: {answer: longest}}}")
    goals = [item.goal for item in items(of, English(VOCABULARY)) if isinstance(item.goal, At)]
    seen = [[shown(goal, of, case(of, f"{{option.days: {d}, use.longest: 30}}")) for goal in goals] for d in (29, 30, 31)]
    assert seen == [[False, False], [True, False], [False, True]]


def test_the_step_beside_a_limit() -> None:
    assert [step(30, True), step(30, False), step(0.75, False), step(0.5, True), step(1e9, False)] == [1, 1, 0.01, 1, 1]


def test_both_sides_of_every_date_are_asked_for() -> None:
    of = made("{in_force: {from: 2020-01-01, until: 2026-12-01}, source: SOURCE, requires: {fact: use.public, is: yes}}")
    goals = [item.goal for item in items(of, English(VOCABULARY)) if isinstance(item.goal, On)]
    assert [goal.day for goal in goals] == [date(2019, 12, 31), date(2020, 1, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert [shown(goals[2], of, case(of, "{}", day)) for day in ("2026-11-29", "2026-11-30", "2026-12-01")] == [False, True, False]


# ---------------------------------------------------------------------- exceptions
EXCEPTIONS = (
    "[{id: public, title: Public bodies, when: {fact: use.public, is: yes}, source: SOURCE, examples: [EXAMPLE-1], exceptions: ["
    "{id: abroad, title: abroad, when: {fact: use.home, is: US}, source: SOURCE, examples: [EXAMPLE-2]}]}]"
)


def excepted(first: str, second: str) -> Rule:
    arms = "{in_force: {}, source: SOURCE, applies_when: {fact: use.data, has: personal}, requires: {fact: option.days, at_most: 30}}"
    return made(arms, exceptions=EXCEPTIONS.replace("EXAMPLE-1", first).replace("EXAMPLE-2", second))


def test_exceptions_are_seen_taken_and_not_taken() -> None:
    blank = EXAMPLE.replace("made up", "another")
    wanted = {
        "exceptions[0]: taken", "exceptions[0]: not taken", "exceptions[0].exceptions[0]: taken", "exceptions[0].exceptions[0]: not taken",
    }  # fmt: skip
    assert wanted <= set(untested(excepted(EXAMPLE.replace("made up", "the first"), blank)))
    taken = "{name: taken, given: {use.data: [personal], use.public: yes, use.home: DE}, verdict: not_applicable}"
    assert wanted & set(untested(excepted(taken, blank))) == {"exceptions[0]: not taken", "exceptions[0].exceptions[0]: taken"}
    back = "{name: back again, given: {use.data: [personal], use.public: yes, use.home: US, option.days: 31}, verdict: breaches}"
    assert not wanted & set(untested(excepted(taken, back)))  # the exception as a whole does not hold where its own exception does


def test_an_exception_outside_the_scope_is_neither_taken_nor_left() -> None:
    of = excepted(EXAMPLE.replace("made up", "the first"), EXAMPLE.replace("made up", "the second"))
    goal = next(item.goal for item in items(of, English(VOCABULARY)) if item.name == "exceptions[0]: taken")
    assert isinstance(goal, Holds)
    assert not shown(goal, of, case(of, "{use.data: [open], use.public: yes, use.home: DE}"))
    assert shown(goal, of, case(of, "{use.data: [personal], use.public: yes, use.home: DE}"))


# ---------------------------------------------------------------------- other kinds of rules
def test_a_weighing_rule_needs_no_breach() -> None:
    of = made("{in_force: {}, source: SOURCE, applies_when: {fact: use.public, is: yes}, points: {cost: 1}}", effect="weigh")
    found = [item for item in items(of, English(VOCABULARY)) if isinstance(item.goal, Reaches)]
    assert [item.name for item in found] == ["arms[0]: complies", "arms[0]: not_applicable", "arms[0]: unknown"]


def test_conditions_of_an_obligation_are_counted() -> None:
    arms = "{in_force: {}, source: SOURCE, requires: {fact: use.public, is: yes}}"
    more = "obligation: {text: Sign it., when: {fact: option.terms, has: contract}, done_when: {fact: use.home, is: DE}}"
    found = names(made(arms, more=more))
    assert [name for name in found if name.startswith("obligation")] == [
        "obligation: open", "obligation: done", "obligation: none",
        "obligation.when: true", "obligation.when: false", "obligation.done_when: true", "obligation.done_when: false",
    ]  # fmt: skip


def test_a_condition_that_is_always_true_has_nothing_to_show() -> None:
    of = made("{in_force: {}, source: SOURCE, requires: {all: []}}")
    assert not [name for name in names(of) if "requires" in name]
    assert of.arms[0].requires == All(())


# ---------------------------------------------------------------------- the command
SHIPPED_FACTS = """\
id: made-up-budget
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {from: 2020-01-01}
    source: {cite: Example Act s. 1, url: "", checked: read}
    requires: {fact: option.retention_days, at_most: 30}
reason: Prompts are kept too long.
remedy: Choose another endpoint.
examples:
  - name: kept for a month
    given: {option.retention_days: 30}
    verdict: complies
review: not yet reviewed by a lawyer
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "made_up.yaml").write_text(SHIPPED_FACTS, encoding="utf-8")
    return tmp_path


def test_the_command_counts_and_names_each_gap_with_its_line(advisor: Advisor, folder: Path) -> None:
    ran = advisor("rules", "coverage", "made-up-budget", "--rules", str(folder))
    assert ran.code == 1
    path = f"{folder}/made_up.yaml"
    assert ran.out.splitlines() == [
        "made-up-budget: 3 of 11",
        f"  {path}:7: no example in which the rule is breached",
        f"  {path}:7: no example that cannot be decided",
        f"  {path}:6: no example from a time when the rule is not in force",
        f"  {path}:9: no example in which this surely is false: “the retention of prompts and answers is at most 30 days”",
        f"  {path}:7: no example that cannot be decided only because the retention of prompts and answers is not known",
        f"  {path}:9: no example in which the retention of prompts and answers is exactly 31 days (at most is asked)",
        f"  {path}:7: no example dated 31 December 2019, the day before it begins",
        f"  {path}:7: no example dated 1 January 2020, the day on which it begins",
        "  cannot happen: arms[0]: not_applicable",
        "1 rule: 3 of 11 outcomes are shown, 8 are untested.",
    ]


def test_the_command_for_machines(advisor: Advisor, folder: Path) -> None:
    ran = advisor("rules", "coverage", "made-up-budget", "--rules", str(folder), "--format", "json")
    assert ran.code == 1
    assert (ran.json["schema"], ran.json["covered"], ran.json["total"]) == ("rules-coverage/1", 3, 11)
    (told,) = ran.json["rules"]
    assert told["cannot_happen"] == ["arms[0]: not_applicable"]
    assert told["untested"][0] == {"item": "arms[0]: breaches", "what": "no example in which the rule is breached", "line": 7}


def test_a_rule_that_does_not_exist_cannot_be_counted(advisor: Advisor) -> None:
    ran = advisor("rules", "coverage", "weigh-bse")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'weigh-base'" in ran.err


WITHOUT_SOLVER = """\
import sys
sys.modules["z3"] = None
import advisor.cli.rules_coverage
from advisor.cli.main import run
sys.argv = ["advisor", "rules", *sys.argv[1:]]
run()
"""


def test_without_the_solver_coverage_is_counted_and_changes_are_not_tried(folder: Path) -> None:
    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_SOLVER, *arguments, "made-up-budget", "--rules", str(folder)]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    counted = ran("coverage")
    assert counted.returncode == 1
    assert counted.stdout.endswith("1 rule: 3 of 12 outcomes are shown, 9 are untested.\n")
    assert "cannot happen are counted as untested" in counted.stderr
    tried = ran("mutate")
    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr.strip() == "This needs the solver. Install it with: pip install 'advisor[proofs]'"
