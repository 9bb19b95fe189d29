"""Three ways side by side, on shipped examples: which options stand there, what is compared, and what is left out as not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from advisor.answers import load_answers
from advisor.catalogue.meters import PROCESSING
from advisor.cost.breakeven import at_side, usd
from advisor.errors import NotFound
from advisor.library import Library, shipped
from advisor.recommendation import Recommendation, recommend
from advisor.three_ways import MODES, MOST_WAYS, ThreeWays, three_ways
from tests.conftest import AS_OF

EXAMPLES = ("hospital-de", "startup-us", "bank-eu")


@pytest.fixture(scope="module")
def results(library: Library) -> Mapping[str, Recommendation]:
    at = shipped("data") / "examples"
    return {name: recommend(load_answers(at / f"{name}.yaml", library.vocabulary), library, AS_OF) for name in EXAMPLES}


@pytest.fixture(scope="module")
def shown(results: Mapping[str, Recommendation]) -> Mapping[str, ThreeWays]:
    return {name: known(three_ways(result)) for name, result in results.items()}


@pytest.fixture(params=EXAMPLES)
def ways(request: pytest.FixtureRequest, shown: Mapping[str, ThreeWays]) -> ThreeWays:
    return shown[request.param]


def known(found: ThreeWays | None) -> ThreeWays:
    assert found is not None
    return found


# ---------------------------------------------------------------------- which ways
def test_there_is_one_option_for_each_way_and_at_most_four(ways: ThreeWays) -> None:
    modes = [way.mode for way in ways.ways]
    assert set(modes) == set(MODES)
    assert len(modes) <= MOST_WAYS
    assert len({way.id for way in ways.ways}) == len(modes)


def test_what_may_not_be_used_is_marked_and_only_there_where_nothing_may(ways: ThreeWays) -> None:
    allowed = {r.option.mode for r in ways.result.ranked if not r.cost.missing}
    for way in ways.ways:
        assert way.chosen
        assert way.allowed == (way.ranked in ways.result.ranked)
        if "may be used" in way.chosen and "none of its kind" not in way.chosen:
            assert way.allowed
        if way.ranked in ways.result.excluded:
            assert "may not be used" in way.chosen
            assert way.mode not in allowed


def test_each_is_the_cheapest_of_its_kind(ways: ThreeWays) -> None:
    ranked = [r for r in ways.result.ranked if r.cost.usd]
    for way in ways.ways:
        if way.chosen == "the cheapest that may be used":
            least = min(r.cost.known_usd.expected for r in ranked if r.option.mode == way.mode)
            assert ways.now[way.id].usd.expected == least


def test_named_options_stand_in_the_order_they_were_named(results: Mapping[str, Recommendation]) -> None:
    names = ("llama-4-maverick@on-premises/DE/8xh100-fp8", "gpt-5.4@openai-api/eu")
    found = known(three_ways(results["hospital-de"], names=(*names, names[0])))
    assert tuple(way.id for way in found.ways) == names
    assert {way.chosen for way in found.ways} == {"you named it"}
    assert len(found.pairs) == 1
    many = [r.option.id for r in results["hospital-de"].all[:6]]
    assert len(known(three_ways(results["hospital-de"], names=many)).ways) == MOST_WAYS


def test_an_option_there_is_none_of_is_not_found(results: Mapping[str, Recommendation]) -> None:
    with pytest.raises(NotFound, match=r"gpt-5\.4@openai-api/ee"):
        three_ways(results["hospital-de"], names=("gpt-5.4@openai-api/ee",))


def test_without_a_load_there_is_nothing_to_compare(results: Mapping[str, Recommendation], library: Library) -> None:
    answers = results["startup-us"].answers
    open_ = replace(answers, known={key: value for key, value in answers.known.items() if key != "requests_per_month"})
    assert three_ways(recommend(open_, library, AS_OF)) is None


# ---------------------------------------------------------------------- what is compared
def test_your_machines_are_compared_with_each_service_and_with_the_same_model(ways: ThreeWays) -> None:
    own = [way for way in ways.ways if way.bill.stairs]
    services = [way for way in ways.ways if not way.bill.stairs]
    assert [(pair.own.id, pair.service.id) for pair in ways.pairs] == [(a.id, b.id) for a in own for b in services]
    assert any(pair.same_model for pair in ways.pairs)


def test_the_break_even_is_where_machines_cost_no_more(ways: ThreeWays) -> None:
    for pair in ways.pairs:
        own, service = at_side(pair.own.bill, "expected"), at_side(pair.service.bill, "expected")
        first = pair.expected.first
        if first is None:
            assert all(usd(own, Decimal(10**n)) > usd(service, Decimal(10**n)) for n in range(10))
        else:
            assert usd(own, Decimal(first)) <= usd(service, Decimal(first))
            assert first == 1 or usd(own, Decimal(first - 1)) > usd(service, Decimal(first - 1))


def test_draws_of_the_break_even_are_in_order_and_infinite_where_it_is_not_reached(ways: ThreeWays) -> None:
    for pair in ways.pairs:
        assert pair.drawn.p10 <= pair.drawn.p50 <= pair.drawn.p90
        assert 0 <= pair.cheaper_now <= 1
        assert (pair.reached < 0.9) == (pair.drawn.p90 == math.inf)
        assert (pair.reached < 0.1) == (pair.drawn.p10 == math.inf)
        assert sum(driver.share for driver in pair.drivers) <= 1 + 1e-9


def test_curves_run_over_the_volumes_and_never_fall(ways: ThreeWays) -> None:
    for way in ways.ways:
        points = ways.curves[way.id]
        volumes = [point.requests for point in points]
        assert (volumes[0], volumes[-1]) == (10**3, 10**9)
        assert volumes == sorted(set(volumes))
        for one, next_ in pairwise(points):
            assert one.usd.expected <= next_.usd.expected
            assert one.drawn.p10 <= one.drawn.p50 <= one.drawn.p90
        assert all(point.usd == way.bill.usd(Decimal(point.requests)) for point in points)


def test_now_is_the_cost_of_the_recommendation(ways: ThreeWays) -> None:
    for way in ways.ways:
        assert ways.now[way.id].usd == way.ranked.cost.known_usd


def test_the_same_requests_in_fewer_hours_need_no_fewer_machines(ways: ThreeWays) -> None:
    counts = [row.machines for row in ways.hours]
    assert counts == sorted(counts, reverse=True)
    assert [row.hours for row in ways.hours] == sorted(row.hours for row in ways.hours)
    assert all(row.switched_off <= row.always_on for row in ways.hours)


def test_full_machines_are_as_many_as_work_and_not_one_more(ways: ThreeWays) -> None:
    """A volume that fills them to the last request must not ask for a further machine."""
    for row in (row for row in ways.per_mtok if row.full is not None):
        stairs = row.way.bill.stairs
        assert stairs is not None
        load = ways.load
        working = stairs.working(load.requests).expected
        full = next(v for v in (int(stairs.capacity() * working) + n for n in (1, 0, -1)) if stairs.working(Decimal(v)).expected == working)
        mtok = (load.input_tokens + load.output_tokens) * full / 10**6
        assert row.full == row.way.bill.usd(Decimal(full)).expected / mtok
        assert row.full <= row.reserved


def test_another_load_leaves_the_answers_alone(results: Mapping[str, Recommendation], shown: Mapping[str, ThreeWays]) -> None:
    before, names = shown["startup-us"], [way.id for way in shown["startup-us"].ways]
    twice = replace(before.load, requests=before.load.requests * 1000)
    after = known(three_ways(results["startup-us"], names=names, load=twice))
    assert after.load == twice
    assert after.result.answers.number("requests_per_month") == float(before.load.requests)
    for name in names:
        assert after.now[name].usd.expected > before.now[name].usd.expected
    assert all(row.requests == before.load.requests for row in [before.now[name] for name in names])


def test_the_same_result_gives_the_same_draws(results: Mapping[str, Recommendation], shown: Mapping[str, ThreeWays]) -> None:
    again = known(three_ways(results["bank-eu"]))
    first = shown["bank-eu"]
    assert (again.seed, again.draws) == (first.seed, first.draws)
    assert [(p.drawn, p.reached, p.drivers) for p in again.pairs] == [(p.drawn, p.reached, p.drivers) for p in first.pairs]
    assert again.curves == first.curves


# ---------------------------------------------------------------------- what is not known
def test_a_sum_that_lacks_a_part_is_on_no_curve_and_in_no_pair(results: Mapping[str, Recommendation]) -> None:
    result = results["hospital-de"]
    lacking = next(r for r in result.all if r.cost.missing and r.option.prices is not None)
    found = known(three_ways(result, names=(lacking.option.id, "llama-4-maverick@on-premises/DE/8xh100-fp8")))
    assert found.ways[0].id == lacking.option.id
    assert lacking.option.id in found.now
    assert lacking.option.id not in found.curves
    assert lacking.option.id not in found.drivers
    assert found.pairs == ()
    assert lacking.option.id not in {row.way.id for row in found.per_mtok}
    assert "+ unknown:" in lacking.cost.words
    assert lacking.cost.usd is None


def test_the_same_tokens_processed_otherwise_cost_what_the_host_lists(library: Library) -> None:
    """GPT-5.4 in the EU, the hospital's 21,450 dollars of tokens: half in batches, and no way without its price."""
    answers = load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary)
    found = three_ways(recommend(answers, library, AS_OF), ["gpt-5.4@openai-api/eu"])
    assert found is not None
    (row,) = found.processing
    standard, batch, *_ = row.usd
    assert standard is not None
    assert batch is not None
    assert standard.expected == Decimal(21_450)
    assert batch.expected == Decimal(10_725)
    prices = row.way.ranked.option.prices
    assert prices is not None
    for name, amount in zip(PROCESSING, row.usd, strict=True):
        assert (amount is None) == (prices.at("input", 1_500, name) is None or prices.at("output", 1_500, name) is None)
