"""Weights: your own where you give them, else the points of the rules that surely apply; always summing to one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.answers import Answers
from advisor.assessment import LiveRule
from advisor.library import Library
from advisor.ranking.criteria import CRITERIA
from advisor.ranking.weights import Weights, weights
from advisor.rulebook.condition import Condition, Limit, Test, Values
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Arm, Criterion, Rule, Source
from tests import made_up
from tests.conftest import AS_OF, Stated

BUSY = Test("use.requests_per_month", "at_least", Limit(1_000))
HEALTH = Test("use.sector", "has", Values(("health",)))


def rule(name: str, when: Condition, points: dict[Criterion, int]) -> LiveRule:
    arm = Arm(None, None, Source("Your own answer", "", "read", None), when, when, points)
    return LiveRule(Rule(name, "A made-up rule", "weigh", "XX", "weighing", (arm,), (), "", "", None, (), "none", name), arm)


COST, CONTROL = rule("busy", BUSY, {"cost": 30}), rule("health", HEALTH, {"control": 10, "quality": 10})


def weighed(answers: Answers, *rules: LiveRule) -> Weights:
    return weights(answers, rules, Judge(answers.vocabulary, AS_OF))


def test_the_points_of_the_rules_that_apply_are_added_and_normalised(stated: Stated) -> None:
    found = weighed(stated(requests_per_month=5_000, sector=["health"]), COST, CONTROL)
    assert found.values == {"quality": 0.2, "cost": 0.6, "control": 0.2, "operations": 0, "speed": 0}
    assert [r.id for r in found.rules] == ["busy", "health"]
    assert found.open_rules == ()


def test_a_rule_that_does_not_apply_gives_no_points(stated: Stated) -> None:
    found = weighed(stated(requests_per_month=5, sector=["health"]), COST, CONTROL)
    assert found.values == {"quality": 0.5, "cost": 0, "control": 0.5, "operations": 0, "speed": 0}


def test_a_rule_that_only_may_apply_does_not_count_and_is_named(stated: Stated) -> None:
    found = weighed(stated(sector=["health"]), COST, CONTROL)
    assert found.values["cost"] == 0
    assert [r.id for r in found.rules] == ["health"]
    assert [r.id for r in found.open_rules] == ["busy"]


def test_without_any_points_every_criterion_weighs_the_same(stated: Stated) -> None:
    assert weighed(stated()).values == dict.fromkeys(CRITERIA, 0.2)
    assert weighed(stated(requests_per_month=5), COST).values == dict.fromkeys(CRITERIA, 0.2)


def test_priorities_take_the_place_of_every_rule(stated: Stated) -> None:
    found = weighed(stated(requests_per_month=5_000, sector=["health"], priorities={"quality": 100, "speed": 25}), COST, CONTROL)
    assert found.values == {"quality": 0.8, "cost": 0, "control": 0, "operations": 0, "speed": 0.2}
    assert found.rules == found.open_rules == ()


def test_points_below_nothing_count_as_nothing(stated: Stated) -> None:
    found = weighed(stated(requests_per_month=5_000, sector=["health"]), rule("less", BUSY, {"cost": -10}), CONTROL)
    assert found.values["cost"] == 0
    assert sum(found.values.values()) == pytest.approx(1)


@given(st.fixed_dictionaries({name: st.integers(0, 100) for name in CRITERIA}).filter(lambda own: any(own.values())))
def test_weights_sum_to_one_and_keep_their_proportions(own: dict[str, int]) -> None:
    found = weighed(made_up.answers(priorities=own)).values
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    whole = sum(own.values())
    assert all(found[name] == pytest.approx(own[name] / whole, abs=1e-6) for name in CRITERIA)


@given(st.permutations([COST, CONTROL, rule("third", BUSY, {"speed": 7})]))
def test_the_order_of_the_rules_does_not_matter(rules: list[LiveRule]) -> None:
    answers = made_up.answers(requests_per_month=5_000, sector=["health"])
    assert weighed(answers, *rules).values == {
        "quality": round(10 / 57, 6), "cost": round(30 / 57, 6), "control": round(10 / 57, 6), "operations": 0, "speed": round(7 / 57, 6),
    }  # fmt: skip


# ---------------------------------------------------------------------- as shipped
def shipped_rules(library: Library) -> list[LiveRule]:
    live = [(r, r.arm(AS_OF)) for r in library.rulebook.rules.values() if r.effect == "weigh"]
    return [LiveRule(r, arm) for r, arm in live if arm]


def test_some_shipped_rule_always_gives_points(stated: Stated, library: Library) -> None:
    found = weighed(stated(), *shipped_rules(library))
    assert found.rules
    assert sum(found.values.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("criterion", "more", "less"),
    [
        ("cost", {"requests_per_month": 2_000_000}, {"requests_per_month": 20_000}),
        ("quality", {"quality_need": "best"}, {"quality_need": "basic"}),
        ("operations", {"infrastructure_skill": "none"}, {"infrastructure_skill": "gpu-oncall"}),
        ("control", {"api_independence": "wanted"}, {"api_independence": "not-needed"}),
    ],
)
def test_what_you_need_more_weighs_more(
    criterion: Criterion, more: dict[str, object], less: dict[str, object], stated: Stated, library: Library
) -> None:
    rules = shipped_rules(library)
    assert weighed(stated(**more), *rules).values[criterion] > weighed(stated(**less), *rules).values[criterion]
