"""The 21 known mistakes of published cost models, one test each, which fails if we make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest

from advisor.answers import Answers, load_answers
from advisor.catalogue.machines import GIB, PARAMS_PER_BILLION
from advisor.catalogue.options import Option, build_options
from advisor.cost.api import Terms, api_cost, token_bill
from advisor.cost.breakeven import BreakEven, at_side, break_even
from advisor.cost.draws import Draws, percentiles, usd_drawn
from advisor.cost.inputs import Input
from advisor.cost.lines import Cost
from advisor.cost.option import Costing
from advisor.cost.parts import Bill, Staircase
from advisor.cost.roofline import least_seconds, roofline
from advisor.cost.workload import Workload
from advisor.library import Library, shipped
from advisor.ranking.quality import floors, levels
from advisor.recommendation import recommend
from advisor.three_ways import ThreeWays, three_ways
from tests.conftest import AS_OF, Stated
from tests.cost.made_bills import exactly, listed, load, machines, service

MAVERICK = "llama-4-maverick@on-premises/DE/8xh100-fp8"
MILLION = 10**6
HOSPITAL = load(2 * MILLION, (1_500, 400))


@pytest.fixture(scope="module")
def options(library: Library) -> Mapping[str, Option]:
    return {o.id: o for o in build_options(library.catalogue, AS_OF, ("DE",))}


@pytest.fixture(scope="module")
def rented(options: Mapping[str, Option]) -> Option:
    return next(o for o in options.values() if o.host.kind == "gpu-cloud" and o.model.id == "llama-4-maverick")


@pytest.fixture(scope="module")
def shown(library: Library) -> ThreeWays:
    answers = load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary)
    found = three_ways(recommend(answers, library, AS_OF))
    assert found is not None
    return found


def bill(option: Option, library: Library, answers: Answers, month: Workload = HOSPITAL) -> Bill:
    return Costing(answers, library.catalogue, AS_OF, month).bill(option)


def stairs(option: Option, library: Library, answers: Answers, month: Workload = HOSPITAL) -> Staircase:
    found = bill(option, library, answers, month).stairs
    assert found is not None
    return found


def usd(found: Bill, requests: int | Decimal, label: str = "") -> Decimal:
    """Of the lines whose label begins so, as expected."""
    return sum((line.usd.expected for line in found.at(Decimal(requests)).lines if line.label.startswith(label)), Decimal(0))


def lines(cost: Cost) -> dict[str, Decimal]:
    return {line.label: line.usd.expected for line in cost.lines}


def test_mistake_01_utilisation_is_typed_in(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """It follows from the load: nobody is asked, twice the requests use twice the time, and a tenth of the load costs ten times a token."""
    assert not [name for name in (*library.vocabulary.facts, *(f.name for f in fields(Workload))) if "utilis" in name or "used" in name]
    found = stairs(options[MAVERICK], library, stated())
    few, more = (found.used(Decimal(n)).expected for n in (50_000, 100_000))
    assert 0 < few < Decimal("0.1")
    assert round(more / few, 9) == 2
    own = machines(1000, 500)
    assert usd(own, 100) / 100 == 10 * usd(own, 1000) / 1000


def test_mistake_02_low_use_makes_the_bill_smaller(library: Library, stated: Stated, rented: Option) -> None:
    found = bill(rented, library, stated())
    assert found.stairs is not None
    full = found.stairs.capacity().to_integral_value() - 1
    assert usd(found, 0, "Rent") == usd(found, 1, "Rent") == usd(found, full, "Rent") > 0


def test_mistake_03_a_million_tokens_cost_only_the_time_they_use(shown: ThreeWays) -> None:
    """Machines are reserved: all that a month costs stands over the tokens of the month."""
    own = next(row for row in shown.per_mtok if row.way.bill.stairs)
    tokens = shown.load.input_mtok + shown.load.output_mtok
    assert own.reserved == own.way.bill.usd(shown.load.requests).expected / tokens
    assert own.full is not None
    assert own.used is not None
    assert own.used < 1
    assert own.full < own.reserved
    for row in shown.per_mtok:
        assert row.reserved * tokens == pytest.approx(shown.now[row.way.id].usd.expected)


def test_mistake_04_a_smooth_line_instead_of_a_staircase(library: Library, stated: Stated, rented: Option) -> None:
    found = bill(rented, library, stated())
    assert found.stairs is not None
    most = int(found.stairs.capacity())
    assert usd(found, most + 1, "Rent") == 2 * usd(found, most, "Rent") == 2 * usd(found, 1, "Rent")
    own = machines(100, 100)  # a smooth line meets $0.90 a request at 112 requests, which one machine does not take
    assert break_even(at_side(own, "expected"), at_side(service("0.9"), "expected")) == BreakEven(None, None)


def test_mistake_05_average_instead_of_peak(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    many = Decimal(10**9)
    flat, peaked = (
        stairs(options[MAVERICK], library, stated(), replace(HOSPITAL, peak=exactly(factor))).machines(many).expected for factor in (1, 6)
    )
    assert peaked > 5 * flat
    office = stairs(options[MAVERICK], library, stated(), replace(HOSPITAL, hours=exactly(220))).machines(many).expected
    assert office > 3 * flat


def test_mistake_06_nothing_stands_by(library: Library, stated: Stated, rented: Option) -> None:
    alone, spare = (bill(rented, library, stated(), replace(HOSPITAL, redundant=value)) for value in (False, True))
    assert usd(spare, 1, "Rent") == 2 * usd(alone, 1, "Rent")
    assert usd(alone, 1, "A second machine during updates") > 0
    assert usd(spare, 1, "A second machine during updates") == 0
    assert usd(bill(rented, library, stated(availability="important")), 1, "Machine to try updates on") > 0
    assert alone.stairs is not None
    assert alone.stairs.room.range.expected < 1


def test_mistake_07_nobody_runs_it(library: Library, stated: Stated, options: Mapping[str, Option], rented: Option) -> None:
    answers = stated(availability="critical", infrastructure_skill="gpu")
    beside = ("Engineers: run the model", "Engineers: on call", "Logs, taken in", "Logs, kept", "Monitoring", "Traffic", "Storage")
    for label in beside:
        assert usd(bill(rented, library, answers), 2 * MILLION, label) > 0, label
    for label in (*beside[:5], "Engineers: machines of your own", "Power", "Space", "Repair"):
        assert usd(bill(options[MAVERICK], library, answers), 2 * MILLION, label) > 0, label
    hosted = bill(options["gpt-5.4@openai-api/eu"], library, answers)
    assert 0 < usd(hosted, 1, "Engineers") < usd(bill(rented, library, answers), 1, "Engineers")


def test_mistake_08_the_rate_of_a_cluster_counts_for_each_replica(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """A whole machine writes no more than was measured on one, and its capacity is no echo of a small demand."""
    measured = library.catalogue.sizing.measured_by_machine["llama-4-maverick", "h100", "fp8"]
    best = max(point.output_tokens_per_s for point in measured if point.gpus == 8)
    found = stairs(options[MAVERICK], library, stated(), load(1, (1_000, 1_000)))
    assert 1_000 / found.busy[0].range.expected <= best
    capacities = {stairs(options[MAVERICK], library, stated(), load(n, (1_000, 1_000))).capacity() for n in (1, 10**9)}
    assert len(capacities) == 1


def test_mistake_09_input_and_output_are_blended() -> None:
    """2 million requests of 8,000 / 500 tokens at 2.50 / 15 are $55,000; three to one they would be $95,600. 500 / 200 are $8,500."""
    prices = listed(input="2.5", output="15")
    assert [api_cost(prices, load(2 * MILLION, size)).known_usd.expected for size in ((8_000, 500), (500, 200))] == [55_000, 8_500]


def test_mistake_10_caching_on_one_side_only(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """Read at the cached price, written at the price of writing, thinking as output; and your own machine reads what repeats once."""
    prices = listed(input="2", output="10", cache_read="0.2", cache_write="2.5")
    missed, thinks = exactly("0.25"), Input("thinking", exactly(3))
    cost = api_cost(prices, load(MILLION, (1_000, 1_000), cached="0.5"), Terms(missed=missed, thinking=thinks))
    assert lines(cost) == {
        "Input tokens": 1_000,  # 500 Mtok at 2
        "Repeated input, read from cache": 75,  # 375 Mtok at 0.20
        "Repeated input, kept in the cache": Decimal("312.5"),  # 125 Mtok at 2.50
        "Output tokens": 10_000,
        "Thinking before the answer": 30_000,
    }
    plain, cached = (stairs(options[MAVERICK], library, stated(), load(1, (8_000, 500), cached=share)) for share in ("0", "0.8"))
    for side in ("low", "expected", "high"):
        assert getattr(cached.busy[0].range, side) < getattr(plain.busy[0].range, side)
    assert cached.busy[0].range.expected > stairs(options[MAVERICK], library, stated(), load(1, (1_600, 500))).busy[0].range.expected


def test_mistake_11_batch_is_forgotten_or_counted_twice(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """The batch price is the price: no half of it, and none of the flex price beside it; on machines it evens out the peak, no more."""
    prices = listed(input="2.5", output="15", batch_input="1.25", batch_output="7.5", flex_input="1.25", flex_output="7.5")
    cost = api_cost(prices, load(MILLION, (1_000, 1_000), batch="1"))
    assert lines(cost) == {"Batch input tokens": 1_250, "Batch output tokens": 7_500}
    half = api_cost(prices, load(MILLION, (1_000, 1_000), batch="0.5"))
    assert half.known_usd.expected == (17_500 + 8_750) / Decimal(2)
    only_flex = listed(input="2.5", output="15", flex_input="1", flex_output="6")
    assert api_cost(only_flex, load(MILLION, (1_000, 1_000), batch="1")).known_usd.expected == 7_000
    flat, waits = (
        stairs(options[MAVERICK], library, stated(), replace(HOSPITAL, peak=exactly(peak), batch_share=Decimal(share)))
        for peak, share in ((1, 0), (6, 1))
    )
    assert waits.capacity() == flat.capacity()


def test_mistake_12_the_long_context_tier_is_lost() -> None:
    """Most requests are of 1,500 tokens and one of 300,000 pays more: a small line of its own. A mean above the size reprices all of it."""
    tier = {"input_above_272000": "5", "output_above_272000": "22.5"}
    prices = replace(listed(input="2.5", output="15", **tier), thresholds=(272_000,))
    month = replace(HOSPITAL, longest_input=Decimal(300_000))
    short, long = api_cost(prices, HOSPITAL), api_cost(prices, month)
    above = {label: amount for label, amount in lines(long).items() if "above 272,000" in label}
    assert set(above) == {"Input tokens of requests above 272,000 tokens", "Output tokens of requests above 272,000 tokens"}
    assert 0 < sum(above.values()) < short.known_usd.expected / 100
    assert short.known_usd.expected < long.known_usd.expected < long.known_usd.high
    whole = api_cost(prices, load(1_000, (300_000, 1_000)))
    assert list(lines(whole).values()) == [1_500, Decimal("22.5")]


def test_mistake_13_the_world_price_for_data_that_stay_in_europe(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    world, europe = (bill(options[f"gpt-5.4@openai-api/{place}"], library, stated()) for place in ("global", "eu"))
    for label in ("Input tokens", "Output tokens"):
        assert usd(europe, 2 * MILLION, label) == Decimal("1.1") * usd(world, 2 * MILLION, label)
    assert usd(europe, 2 * MILLION, "Input") + usd(europe, 2 * MILLION, "Output") == 21_450


def test_mistake_14_a_token_is_a_token(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """Others count the same text as more or fewer tokens: drawn for each developer, and no part of the expected cost."""
    costs = Costing(stated(), library.catalogue, AS_OF, HOSPITAL)
    names = {o.model.developer: o for o in options.values() if o.mode == "closed-api"}
    one, other = (costs.tokeniser(names[developer]) for developer in sorted(names)[:2])
    assert one.key != other.key
    assert one.factor("low") == one.factor("high") == 1
    draws = Draws(500)
    exact = token_bill(listed(input="2.5", output="15"), HOSPITAL, Terms(tokeniser=one))
    spread = percentiles(usd_drawn(draws.line(exact), 2e6))
    assert exact.usd(HOSPITAL.requests) == exactly(19_500)
    assert spread.p10 < 19_500 < spread.p90
    assert np.corrcoef(draws.value(one), draws.value(other))[0, 1] < 0.2


def test_mistake_15_one_speed_for_any_machine_and_load(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """A speed is a range that says whether it was measured, and it hangs on the length of requests."""
    llama = [o for o in options.values() if o.deployment and o.model.id == "llama-3.3-70b"]
    assert llama
    answers = stated()
    costs, longer = (Costing(answers, library.catalogue, AS_OF, load(1, size)) for size in ((1_500, 400), (1_500, 800)))
    for option in llama:
        found = costs.bill(option)
        assert found.stairs is not None
        pace = found.stairs.busy[0]
        assert pace.range.low < pace.range.expected < pace.range.high
        assert pace.source
        assert any(word in " ".join(found.notes) for word in ("measured", "estimated", "computed"))
        twice = longer.bill(option).stairs
        assert twice is not None
        assert twice.busy[0].range.expected > pace.range.expected


def test_mistake_16_faster_than_the_memory_can_be_read(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """Eight billion weights of two bytes are read 300 times a second at 4.8 TB/s; and no machine computes more than it can."""
    some = library.catalogue.models["llama-3.3-70b"].architecture
    assert some is not None
    eight = some.model_copy(update={"total_params_b": Decimal(8), "active_params_b": Decimal(8)})
    assert round(roofline(eight, library.catalogue.hardware["h200"], 1, "bf16").tokens_per_s_of_one_request) == 300
    costs = Costing(stated(), library.catalogue, AS_OF, HOSPITAL)
    for option in options.values():
        if option.deployment is None or option.model.architecture is None:
            continue
        machine, found = option.deployment.machine, costs.bill(option).stairs
        assert found is not None
        bound = roofline(option.model.architecture, machine.hardware, machine.gpus, machine.precision)
        assert found.busy[0].range.low >= least_seconds(bound, HOSPITAL.input_tokens, HOSPITAL.output_tokens, None), option.id


def test_mistake_17_units_are_mixed_up() -> None:
    """$2.50 an hour at 50 tokens a second are $13.89 a million tokens, not $0.14; $4,608 at $10 a million are 460.8 million, not 0.46."""
    hour = machines(50 * 3600, 1)
    assert hour.stairs is not None
    tokens = hour.stairs.capacity()
    assert round(Decimal("2.50") * usd(hour, tokens) / tokens * MILLION, 2) == Decimal("13.89")
    other = token_bill(listed(input="10", output="0"), load(1, (1, 0)))
    assert break_even(at_side(machines(10**12, 4_608), "expected"), at_side(other, "expected")).first == 460_800_000


def test_mistake_18_the_cache_of_a_model_is_taken_from_a_wrong_card(library: Library) -> None:
    """Maverick has 48 layers of 8 heads of 128 values, keys and values, in two bytes: 196,608 bytes a token, not 393,216."""
    maverick = library.catalogue.models["llama-4-maverick"].architecture
    assert maverick is not None
    assert maverick.kv_bytes_per_token == 48 * 8 * 128 * 2 * 2 == 196_608


def test_mistake_19_memory_by_active_weights(library: Library, stated: Stated, options: Mapping[str, Option]) -> None:
    """All experts lie in memory, at the bytes of the precision; the cache is what the architecture says, at its own."""
    option = options[MAVERICK]
    architecture, deployment = option.model.architecture, option.deployment
    assert architecture is not None
    assert architecture.kv_bytes_per_token is not None
    assert deployment is not None
    assert architecture.total_params_b > 5 * architecture.active_params_b
    whole = architecture.total_params_b * PARAMS_PER_BILLION * architecture.precisions["fp8"]
    assert deployment.machine.weights_gib * GIB == pytest.approx(whole)
    assert 370 < deployment.machine.weights_gib < 390
    _, held, *_ = stairs(option, library, stated()).held
    tokens = HOSPITAL.input_tokens + HOSPITAL.output_tokens / 2
    assert held.range.expected == pytest.approx(deployment.machine.free_gib * GIB / (architecture.kv_bytes_per_token * tokens))


def test_mistake_20_all_that_a_machine_can_do_is_sold(shown: ThreeWays, library: Library, stated: Stated, rented: Option) -> None:
    """Demand is what was answered: idle hours are paid, and people too."""
    own = next(way for way in shown.ways if way.bill.stairs)
    assert own.bill.stairs is not None
    assert own.bill.stairs.used(shown.load.requests).expected < Decimal("0.5")
    assert shown.now[own.id].requests == 2_000_000
    office, always = (bill(rented, library, stated(), replace(HOSPITAL, hours=exactly(hours))) for hours in (220, 730))
    assert usd(office, 1, "Rent") == usd(always, 1, "Rent")
    assert usd(office, 1, "Engineers") == usd(always, 1, "Engineers") > 0


@pytest.mark.parametrize("example", ["hospital-de", "startup-us", "law-firm-us"])
def test_mistake_21_the_gap_in_quality_costs_nothing(example: str, library: Library) -> None:
    """What is compared is known to reach the quality that is needed, also where nothing of its kind may be used."""
    answers = load_answers(shipped("data") / "examples" / f"{example}.yaml", library.vocabulary)
    found, need = three_ways(recommend(answers, library, AS_OF)), answers.text("quality_need")
    assert found is not None
    assert need is not None
    limits = floors(library.catalogue.floors, AS_OF)
    for way in found.ways:
        assert need in levels(way.ranked.quality, limits).certain, way.id
