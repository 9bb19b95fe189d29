"""Assessment: the engine against the oracle on the shipped rules and options, and the standing that follows from verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from advisor.answers import load_answers
from advisor.assessment import STANDINGS, Assessment, LiveRule, OptionTable, Standing, assess
from advisor.catalogue.files import Precondition
from advisor.library import load_library, shipped
from advisor.possible import Interval, Possible
from advisor.recommendation import Recommendation, recommend
from advisor.rulebook.condition import ALWAYS, Condition, Limit, Test
from advisor.rulebook.rule import Arm, Checked, Effect, Obligation, Rule, Source
from advisor.rulebook.rulebook import Rulebook
from tests import small_world as small
from tests.conftest import AS_OF
from tests.oracle import Oracle
from tests.small_world import FACTS, LARGE

EXAMPLES = sorted(path.stem for path in (shipped("data") / "examples").glob("*.yaml"))


@cache
def result(name: str) -> Recommendation:
    library = load_library()
    return recommend(load_answers(shipped("data") / "examples" / f"{name}.yaml", library.vocabulary), library, AS_OF)


def oracle() -> Oracle:
    places = load_library().vocabulary.places
    return Oracle({name: places.elements(name, AS_OF) for name in places.groups})


def assert_the_oracle_agrees(assessment: Assessment, positions: Sequence[int]) -> None:
    slow = oracle()
    for position in positions:
        known: dict[str, Possible] = {}

        def facts(name: str, position: int = position, known: dict[str, Possible] = known) -> Possible:
            if name not in known:
                known[name] = assessment.possible(position, name)
            return known[name]

        for number, live in enumerate(assessment.rules):
            expected = slow.verdict(live.rule, live.arm, facts)
            assert assessment.verdict(number, position) == expected, f"{live.rule.id} for {assessment.options[position].id}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_oracle_agrees_on_shipped_rules_and_options(name: str) -> None:
    assessment = result(name).assessment
    assert_the_oracle_agrees(assessment, range(EXAMPLES.index(name), len(assessment.options), 12))


@pytest.mark.soak
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_oracle_agrees_on_every_shipped_rule_and_option(name: str) -> None:
    assessment = result(name).assessment
    assert_the_oracle_agrees(assessment, range(len(assessment.options)))


def by_hand(assessment: Assessment, position: int) -> Standing:
    """Section 4, sentence by sentence."""
    found = [(live, assessment.verdict(number, position)) for number, live in enumerate(assessment.rules)]
    required = [(live.arm.source.checked, verdict) for live, verdict in found if live.rule.effect == "require"]
    if any(verdict == "breaches" and checked != "memory" for checked, verdict in required):
        return "excluded"
    if any(verdict in ("unknown", "breaches") for _, verdict in required):
        return "unconfirmed"
    duties = assessment.duties[:, position].any()
    lacking = any(live.rule.effect == "mitigate" and verdict in ("breaches", "unknown") for live, verdict in found)
    return "conditional" if duties or lacking or assessment.options[position].preconditions else "eligible"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_standing_follows_from_the_verdicts(name: str) -> None:
    assessment = result(name).assessment
    assert [assessment.standing_of(n) for n in range(len(assessment.options))] == [
        by_hand(assessment, n) for n in range(len(assessment.options))
    ]


def test_the_examples_show_every_standing() -> None:
    assert {r.standing for name in EXAMPLES for r in result(name).all} == set(STANDINGS)


# ---------------------------------------------------------------------- made-up rules, one option
SIZE = {"met": Interval(1, 1), "open": Interval(1, 2), "broken": Interval(2, 2)}


def rule(effect: Effect, checked: Checked = "read", obligation: Obligation | None = None) -> Rule:
    """A rule that asks for a size of at most 1."""
    arm = Arm(None, None, Source("Example Act s. 1", "", checked, None), ALWAYS, Test("option.size", "at_most", Limit(1)), {})
    return Rule("made-up", "A made-up rule", effect, "XX", "none", (arm,), (), "reason", "remedy", obligation, (), "none", "made-up.yaml")


def duty(when: Condition = ALWAYS, done_when: Condition | None = None) -> Obligation:
    return Obligation("Sign it.", when, done_when)


def assessed(a_rule: Rule, size: Possible, preconditions: tuple[Precondition, ...] = (), yours: Possible | None = None) -> Assessment:
    facts = {fact.name: LARGE.vocabulary.unknown(fact) for fact in small.OPTION_FACTS} | {"option.size": size}
    option = replace(small.option("o", facts), preconditions=preconditions)
    said = {name: LARGE.vocabulary.unknown(FACTS[name]) for name in small.OF_ANSWERS} | {"use.size": yours or Interval(0, 0)}
    derived = {fact.name: [facts[fact.name]] for fact in small.OPTION_FACTS if fact.derived == "yes"}
    table = OptionTable([option], LARGE.vocabulary)
    return assess(small.answers(LARGE, said), table, Rulebook({a_rule.id: a_rule}), AS_OF, derived)


@pytest.mark.parametrize(
    ("effect", "checked", "state", "standing"),
    [
        ("require", "read", "met", "eligible"),
        ("require", "read", "open", "unconfirmed"),
        ("require", "read", "broken", "excluded"),
        ("require", "secondary", "broken", "excluded"),
        ("require", "memory", "met", "eligible"),
        ("require", "memory", "open", "unconfirmed"),
        ("require", "memory", "broken", "unconfirmed"),
        ("mitigate", "read", "met", "eligible"),
        ("mitigate", "read", "open", "conditional"),
        ("mitigate", "read", "broken", "conditional"),
        ("advise", "read", "open", "eligible"),
        ("advise", "read", "broken", "eligible"),
    ],
)
def test_effect_source_and_verdict_give_the_standing(effect: Effect, checked: Checked, state: str, standing: Standing) -> None:
    assert assessed(rule(effect, checked), SIZE[state]).standing_of(0) == standing


@pytest.mark.parametrize(
    ("state", "obligation", "yours", "standing"),
    [
        ("met", duty(), None, "conditional"),
        ("met", duty(done_when=Test("use.size", "at_least", Limit(5))), Interval(9, 9), "eligible"),
        ("met", duty(done_when=Test("use.size", "at_least", Limit(5))), Interval(0, 9), "conditional"),
        ("met", duty(done_when=Test("use.size", "at_least", Limit(5))), Interval(0, 0), "conditional"),
        ("met", duty(when=Test("option.size", "at_least", Limit(1))), None, "conditional"),
        ("met", duty(when=Test("option.size", "above", Limit(1))), None, "eligible"),
        ("met", duty(when=Test("option.price", "above", Limit(1))), None, "conditional"),
        ("open", duty(), None, "unconfirmed"),
        ("broken", duty(), None, "excluded"),
    ],
)
def test_a_duty_of_a_met_rule_is_open_until_it_is_surely_done(
    state: str, obligation: Obligation, yours: Possible | None, standing: Standing
) -> None:
    assert assessed(rule("require", obligation=obligation), SIZE[state], yours=yours).standing_of(0) == standing


def test_preconditions_make_an_option_conditional_and_never_better() -> None:
    asked = (Precondition(text="Ask for it."),)
    found = [assessed(rule("require"), SIZE[state], asked).standing_of(0) for state in ("met", "open", "broken")]
    assert found == ["conditional", "unconfirmed", "excluded"]


def test_a_rule_out_of_its_time_judges_nothing_and_is_named() -> None:
    late = replace(rule("require"), arms=(replace(rule("require").arms[0], until=AS_OF),))
    found = assessed(late, SIZE["broken"])
    assert found.standing_of(0) == "eligible"
    assert [r.id for r in found.not_in_force] == ["made-up"]
    assert found.rules == ()


COUNTED: list[tuple[Checked, str]] = [("read", "met"), ("read", "open"), ("read", "broken"), ("memory", "open"), ("memory", "broken")]


def test_open_rules_are_counted_and_breaches_from_memory_among_them() -> None:
    counts = [int(assessed(rule("require", checked), SIZE[state]).open_requires[0]) for checked, state in COUNTED]
    assert counts == [0, 1, 0, 1, 1]


def test_one_table_may_be_asked_many_times() -> None:
    """Worked-out facts of an earlier question do not leak into a later one."""
    library = load_library()
    names = ("hospital-de", "startup-us", "hospital-de")
    asked = [
        recommend(load_answers(shipped("data") / "examples" / f"{n}.yaml", library.vocabulary), library, AS_OF).assessment for n in names
    ]
    assert np.array_equal(asked[0].verdicts, asked[2].verdicts)
    assert np.array_equal(asked[0].standing, asked[2].standing)


def test_weigh_rules_judge_no_option() -> None:
    found = result("hospital-de").assessment
    assert {item.rule.effect for item in found.rules} == {"require", "mitigate", "advise"}
    assert {item.rule.effect for item in found.weighing} == {"weigh"}
    assert all(isinstance(item, LiveRule) for item in found.weighing)
