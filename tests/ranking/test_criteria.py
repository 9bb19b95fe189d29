"""Criteria: fixed scales, so that no option's worth or score hangs on which others there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.answers import load_answers
from advisor.assessment import OptionTable
from advisor.catalogue.prices import Range
from advisor.cost.lines import Cost, Line, total, unknown
from advisor.library import Library, shipped
from advisor.possible import Choice, Possible
from advisor.ranking.criteria import CRITERIA, OPERATIONS, Worth, criteria
from advisor.ranking.quality import Quality
from advisor.recommendation import Ranked, Recommendation, own_premises, recommend
from advisor.rulebook.rule import Criterion
from tests.conftest import AS_OF, Stated

UNKNOWN_QUALITY = Quality(0, None, 100, None, 0, ())
KNOWN: dict[str, Possible] = {"option.premises": Choice(frozenset({"host"})), "option.cloud_act_exposed": Choice(frozenset({"yes", "no"}))}


def costing(low: float, expected: float, high: float) -> Cost:
    return total([Line("all of it", "", Range(*(Decimal(str(x)) for x in (low, expected, high))), "a list")])


@pytest.fixture(scope="module")
def found(library: Library) -> Recommendation:
    return recommend(load_answers(shipped("data") / "examples" / "startup-us.yaml", library.vocabulary), library, AS_OF)


def worth(found: Recommendation, stated: Stated, cost: Cost, quality: Quality = UNKNOWN_QUALITY) -> Mapping[Criterion, Worth]:
    """What some hosted option is worth at this cost and quality, to somebody who answered nothing."""

    def facts(fact: str) -> Possible:
        return KNOWN[fact]

    return criteria(found.all[0].option, facts, stated(), quality, cost)


# ---------------------------------------------------------------------- scales
@pytest.mark.parametrize(
    ("usd", "value"), [(1, 1), (10, 1), (100, 0.8), (1_000, 0.6), (10_000, 0.4), (100_000, 0.2), (1_000_000, 0), (10**9, 0)]
)
def test_each_factor_of_ten_in_cost_is_a_fifth_of_the_scale(usd: float, value: float, found: Recommendation, stated: Stated) -> None:
    assert worth(found, stated, costing(usd, usd, usd))["cost"].value == pytest.approx(value)


def test_a_cost_range_is_worth_most_at_its_low_end(found: Recommendation, stated: Stated) -> None:
    cost = worth(found, stated, costing(100, 1_000, 10_000))["cost"]
    assert (cost.low, cost.value, cost.high) == pytest.approx((0.4, 0.6, 0.8))


def test_a_cost_that_is_not_known_may_be_worth_anything_and_says_so(found: Recommendation, stated: Stated) -> None:
    cost = worth(found, stated, unknown("a price"))["cost"]
    assert (cost.low, cost.high, cost.known) == (0, 1, False)


def test_a_cost_that_is_not_known_is_never_ranked_before_one_that_is(found: Recommendation, stated: Stated) -> None:
    dear = worth(found, stated, costing(900_000, 900_000, 900_000))["cost"]
    assert worth(found, stated, unknown("a price"))["cost"].value <= dear.value


def test_a_quality_that_is_not_known_may_be_worth_anything_and_says_so(found: Recommendation, stated: Stated) -> None:
    assert worth(found, stated, unknown("a price"))["quality"] == Worth(0, 0.5, 1, known=False)
    assert worth(found, stated, unknown("a price"), Quality(40, 50, 70, 50, 1, ()))["quality"] == Worth(0.4, 0.5, 0.7)


@pytest.mark.parametrize("skill", ["none", "api", "containers", "gpu", "gpu-oncall"])
def test_a_service_is_never_harder_to_run_than_machines_and_your_own_never_easier(skill: str) -> None:
    assert OPERATIONS["host"][skill] >= OPERATIONS["rented"][skill] >= OPERATIONS["own"][skill]


def test_who_can_run_more_finds_it_easier() -> None:
    for skills in OPERATIONS.values():
        assert list(skills.values()) == sorted(skills.values())


def test_a_skill_that_is_not_known_is_worth_at_least_the_worst(found: Recommendation, stated: Stated) -> None:
    ease = worth(found, stated, unknown("a price"))["operations"]
    assert not ease.known
    assert ease.low == min(OPERATIONS["host"].values())
    assert ease.high == max(OPERATIONS["host"].values())


def test_every_shipped_option_is_worth_something_between_nothing_and_all(found: Recommendation) -> None:
    for ranked in found.all:
        assert tuple(ranked.worth) == CRITERIA
        for name, item in ranked.worth.items():
            assert 0 <= item.low <= item.value <= item.high <= 1, f"{ranked.option.id} {name}"
        assert 0 <= ranked.score <= 1


# ---------------------------------------------------------------------- no option moves another
def _only(library: Library, found: Recommendation, keep: Sequence[Ranked]) -> Recommendation:
    """The same question asked of a catalogue that has only these options."""
    kept = {ranked.option.id for ranked in keep}
    table = OptionTable([option for option in found.assessment.options if option.id in kept], library.vocabulary)
    key = (AS_OF, own_premises(found.answers), "best")
    return recommend(found.answers, replace(library, _tables={key: table}), AS_OF)


def _scores(found: Recommendation) -> dict[str, tuple[object, ...]]:
    return {r.option.id: (r.standing, r.score, tuple(r.worth.items()), r.cost.usd) for r in found.all}


@pytest.mark.parametrize("which", ["best removed", "worst removed", "every other", "one alone"])
def test_removing_options_changes_no_other_options_worth_score_or_standing(which: str, found: Recommendation, library: Library) -> None:
    every = found.all
    keep = {"best removed": every[1:], "worst removed": every[:-1], "every other": every[::2], "one alone": every[3:4]}[which]
    smaller = _only(library, found, keep)
    assert len(smaller.all) == len(keep)
    before, after = _scores(found), _scores(smaller)
    assert {name: before[name] for name in after} == after
    assert [r.option.id for r in smaller.all] == [r.option.id for r in keep]


# ---------------------------------------------------------------------- the order
def test_eligible_and_conditional_options_are_ranked_together_by_score_and_ties_by_standing_and_id(found: Recommendation) -> None:
    assert {r.standing for r in found.ranked} <= {"eligible", "conditional"}
    places = [(-r.score, r.standing != "eligible", r.option.id) for r in found.ranked]
    assert places == sorted(places)


def test_unconfirmed_options_are_ordered_by_open_rules_then_score(library: Library, stated: Stated) -> None:
    open_ = recommend(stated(data_classes=["personal"], people_countries=["DE"], residency="adequate"), library, AS_OF).unconfirmed
    assert len(open_) > 10
    assert len({r.open_rules for r in open_}) > 1
    assert [(r.open_rules, -r.score, r.option.id) for r in open_] == sorted((r.open_rules, -r.score, r.option.id) for r in open_)
    assert all(r.open_rules >= 1 for r in open_)


def test_options_of_one_model_at_one_host_fold_into_the_best_of_them(found: Recommendation) -> None:
    families = [r.option.family for r in found.shortlist]
    assert len(families) == len(set(families))
    for ranked in found.shortlist:
        assert ranked is next(r for r in found.ranked if r.option.family == ranked.option.family)


def test_no_weight_buys_back_an_exclusion(library: Library, stated: Stated) -> None:
    """Whatever matters most, an excluded option is never ranked."""
    said = {"data_classes": ["personal"], "people_countries": ["DE"], "organisation_country": "DE", "residency": "own-premises"}
    ruled_out = {r.option.id for r in recommend(stated(**said), library, AS_OF).excluded}
    assert ruled_out
    for name in CRITERIA:
        again = recommend(stated(**said, priorities={name: 100}), library, AS_OF)
        assert {r.option.id for r in again.excluded} == ruled_out


def test_the_score_is_the_weighted_sum_of_the_worths(found: Recommendation) -> None:
    for ranked in found.all[:50]:
        by_hand = sum(found.weights.values[name] * ranked.worth[name].value for name in CRITERIA)
        assert ranked.score == pytest.approx(by_hand, abs=1e-6)


def test_a_four_bit_version_of_fuller_weights_has_points_to_make_up(library: Library, stated: Stated) -> None:
    """The results were measured on the fuller weights; weights that were never fuller lose nothing."""
    measured = Quality(40, 50, 70, 50, 1, ())
    options = {o.id: o for o in library.table(AS_OF, ("DE",)).options if o.host.kind == "own"}
    found = {name: criteria(options[name], options[name].possible, stated(), measured, unknown("a price"))["quality"] for name in (
        "qwen3-32b@on-premises/DE/1xh100-fp8", "qwen3-32b@on-premises/DE/1xl40s-int4", "gpt-oss-120b@on-premises/DE/1xh100-mxfp4",
    )}  # fmt: skip
    assert [worth.value for worth in found.values()] == [0.5, 0.45, 0.5]
    assert {worth.high for worth in found.values()} == {0.7}
