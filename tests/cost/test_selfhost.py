"""Cost of running it yourself: a staircase of whole machines, within sane bounds, and unknown where a price is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.answers import Answers, answers_from
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option, build_options
from advisor.catalogue.prices import ZERO, Range
from advisor.cost.draws import Draws
from advisor.cost.inputs import SIDES, product
from advisor.cost.lines import Cost, money
from advisor.cost.option import Costing
from advisor.cost.parts import Staircase
from advisor.cost.rent import HourlyRent
from advisor.cost.workload import HOURS_OF_USE, HOURS_PER_MONTH, Workload, workload
from advisor.library import Library
from tests import made_up
from tests.conftest import AS_OF, Stated

MAVERICK = "llama-4-maverick@on-premises/DE/8xh100-fp8"
HOSPITAL = {"requests_per_month": 2_000_000, "input_tokens_per_request": 1_500, "output_tokens_per_request": 400}
ONE = Range(Decimal(1), Decimal(1), Decimal(1))
BEFORE_EVERY_PRICE = date(2019, 1, 1)


@pytest.fixture(scope="module")
def options(library: Library) -> Mapping[str, Option]:
    return {o.id: o for o in build_options(library.catalogue, AS_OF, ("DE",)) if o.deployment}


@pytest.fixture(scope="module")
def rented(options: Mapping[str, Option]) -> Option:
    return next(o for o in options.values() if o.host.kind == "gpu-cloud" and o.model.id == "gpt-oss-120b")


def load(requests: int, redundant: bool = False, hours: str = "always", peak: int = 3, batch: int = 0) -> Workload:
    """Requests of 1,500 / 400 tokens; of none it is known that their input repeats."""
    size, share = (Decimal(1_500), Decimal(400)), (Decimal(0), Decimal(batch))
    return Workload(Decimal(requests), *size, *share, ONE.times(HOURS_OF_USE[hours]), ONE.times(Decimal(peak)), redundant)


def selfhost_cost(option: Option, load: Workload, answers: Answers, catalogue: Catalogue, as_of: date) -> Cost:
    return Costing(answers, catalogue, as_of, load).cost(option)


def fleet(option: Option, load: Workload, library: Library) -> Staircase:
    stairs = Costing(answers_from({}, library.vocabulary), library.catalogue, AS_OF, load).bill(option).stairs
    assert stairs is not None
    return stairs


def usd(cost: Cost) -> Range:
    assert cost.usd is not None
    return cost.usd


def line(cost: Cost, start: str) -> Range:
    return next(item.usd for item in cost.lines if item.label.startswith(start))


def ordered(value: Range) -> bool:
    return Decimal(0) <= value.low <= value.expected <= value.high


# ---------------------------------------------------------------------- the staircase
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_machines_are_whole_and_at_least_one(data: st.DataObject, options: Mapping[str, Option], library: Library) -> None:
    redundant = data.draw(st.booleans())
    shape = (data.draw(st.sampled_from(sorted(HOURS_OF_USE))), data.draw(st.integers(1, 30)), data.draw(st.integers(0, 1)))
    requests = Decimal(data.draw(st.integers(0, 10**9)))
    stairs = fleet(options[MAVERICK], load(int(requests), redundant, *shape), library)
    machines, used = stairs.machines(requests), stairs.used(requests)
    for count in (machines.low, machines.expected, machines.high):
        assert count == count.to_integral_value()
        assert count >= 1 + redundant
    assert ordered(machines)
    assert all(0 <= share <= 1 for share in (used.low, used.expected, used.high))


def test_more_requests_never_need_fewer_machines_and_never_cost_less(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    option = options[MAVERICK]
    volumes = [0, 1, 10**5, 10**6, 3 * 10**6, 10**7, 3 * 10**7, 10**8, 10**9]
    fleets = [fleet(option, load(volume), library).machines(Decimal(volume)) for volume in volumes]
    costs = [usd(selfhost_cost(option, load(volume), stated(), library.catalogue, AS_OF)) for volume in volumes]
    for side in ("low", "expected", "high"):
        assert [getattr(f, side) for f in fleets] == sorted(getattr(f, side) for f in fleets)
        assert [getattr(c, side) for c in costs] == sorted(getattr(c, side) for c in costs)
    assert fleets[0].expected == 1
    assert fleets[-1].expected > 100


def test_half_a_machine_cannot_be_bought(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    """A request a month costs as much as a hundred thousand but for its logs: the machine stands there either way."""
    few, many = (selfhost_cost(options[MAVERICK], load(n), stated(), library.catalogue, AS_OF) for n in (1, 100_000))
    same = [(item.label, item.usd) for item in few.lines if "Logs" not in item.label]
    assert same == [(item.label, item.usd) for item in many.lines if "Logs" not in item.label]
    assert len(few.lines) - len(same) == 2
    assert usd(many).expected - usd(few).expected < 1


def test_a_step_of_the_staircase_costs_one_machine(options: Mapping[str, Option], library: Library) -> None:
    option = options[MAVERICK]
    stairs = fleet(option, load(1), library)
    pace, _ = stairs.busy
    room = library.catalogue.sizing.figure("peak-headroom").expected
    assert not stairs.memory_decides
    most = int(room * HOURS_PER_MONTH * 3600 / (3 * pace.range.expected))
    counts = [stairs.machines(Decimal(n)).expected for n in (most, most + 1, 2 * most, 2 * most + 2)]
    assert counts == [1, 2, 2, 3]


def test_one_machine_more_stands_by_where_an_outage_costs_more(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    for requests in (1, 10**6, 10**8):
        plain, spare = (
            fleet(options[MAVERICK], load(requests, redundant), library).machines(Decimal(requests)) for redundant in (False, True)
        )
        assert (spare.low, spare.expected, spare.high) == (plain.low + 1, plain.expected + 1, plain.high + 1)
    words = selfhost_cost(options[MAVERICK], load(1, redundant=True), stated(), library.catalogue, AS_OF).notes
    assert "one of them spare" in " ".join(words)


@pytest.mark.parametrize(
    ("availability", "spare"), [("best-effort", False), ("recoverable", False), ("important", True), ("critical", True)]
)
def test_availability_asks_for_the_spare_machine(availability: str, spare: bool, stated: Stated) -> None:
    found = workload(stated(**HOSPITAL, availability=availability))
    assert found is not None
    assert found.redundant is spare


def test_an_availability_that_is_not_known_may_ask_for_a_spare_machine(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    """Unknown is never a no: the high end has to hold whatever the answer turns out to be."""
    known = [stated(**HOSPITAL, availability=value) for value in ("best-effort", "recoverable", "important", "critical")]
    whole = [usd(_cost(options[MAVERICK], answers, library)) for answers in known]
    open_ = usd(_cost(options[MAVERICK], stated(**HOSPITAL), library))
    assert open_.low <= min(cost.low for cost in whole)
    assert open_.high >= max(cost.high for cost in whole)


def test_hours_that_are_not_known_reach_from_the_office_to_day_and_night(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    whole = [usd(_cost(options[MAVERICK], stated(**HOSPITAL, hours=hours, availability="best-effort"), library)) for hours in HOURS_OF_USE]
    open_ = usd(_cost(options[MAVERICK], stated(**HOSPITAL, availability="best-effort"), library))
    assert open_.low <= min(cost.low for cost in whole)
    assert open_.high >= max(cost.high for cost in whole)


def test_work_that_can_wait_needs_no_machine_for_the_peak(options: Mapping[str, Option], library: Library) -> None:
    many = Decimal(10**8)
    now, later = (fleet(options[MAVERICK], load(10**8, peak=6, batch=batch), library).machines(many).expected for batch in (0, 1))
    assert later < now / 5


def _cost(option: Option, answers: Answers, library: Library) -> Cost:
    found = workload(answers)
    assert found is not None
    return selfhost_cost(option, found, answers, library.catalogue, AS_OF)


@pytest.mark.parametrize("name", ["qwen3-32b@on-premises/DE/1xa100-bf16", "gpt-oss-120b@on-premises/DE/1xh100-mxfp4"])
def test_what_a_model_thinks_fills_the_memory_at_both_ends(
    name: str, options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    """Whoever writes so many tokens more holds fewer requests at once, each for longer."""
    option = options[name]
    asked = load(2_000_000)
    costs = Costing(stated(), library.catalogue, AS_OF, asked)
    thinking = costs.thinking(option)
    assert option.deployment is not None
    assert thinking is not None
    stairs, _ = costs.own.stairs(option, option.deployment.machine, thinking)
    held = product(stairs.held)
    for side in SIDES:
        written = asked.output_tokens * (1 + getattr(thinking.range, side))
        plain = Costing(stated(), library.catalogue, AS_OF, replace(asked, output_tokens=written))
        alike, _ = plain.own.stairs(option, option.deployment.machine, None)
        assert getattr(held, side) == pytest.approx(getattr(product(alike.held), side))


def test_a_tokeniser_that_cuts_finer_costs_machines_as_it_costs_tokens(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    """The ratio moves the draws of the same model alike on both sides, and no end of the bill."""
    costs = Costing(stated(latency="overnight"), library.catalogue, AS_OF, replace(load(2_000_000), latency="overnight"))
    option, draws = options[MAVERICK], Draws()
    ratio = costs.tokeniser(option)
    assert option.deployment is not None
    plain, cut = (costs.own._staircase(option, option.deployment.machine, None, also)[0] for also in ((), (ratio,)))
    assert cut.share == plain.share
    finer, same = (found.share_by(draws.value, np.maximum, np.ones(draws.count)) for found in (cut, plain))
    assert finer / same == pytest.approx(draws.value(ratio))
    served = next(o for o in build_options(library.catalogue, AS_OF) if o.model.id == option.model.id and o.prices is not None)
    assert costs.tokeniser(served) is ratio
    stairs = costs.bill(option).stairs
    assert stairs is not None
    assert ratio in stairs.busy


# ---------------------------------------------------------------------- lines
def test_rent_is_machines_times_gpus_times_price_times_hours(rented: Option, stated: Stated, library: Library) -> None:
    assert rented.deployment is not None
    cost = selfhost_cost(rented, load(1), stated(), library.catalogue, AS_OF)
    rent = line(cost, "Rent")
    prices = [Decimal(str(claim.value)) for claim in rented.deployment.rent]
    assert rent.expected in {rented.deployment.machine.gpus * price * HOURS_PER_MONTH for price in prices}
    assert rent.low <= rent.expected <= rent.high
    assert not [item for item in cost.lines if "Purchase" in item.label]


def test_a_machine_reserved_for_years_is_paid_at_all_hours(rented: Option, stated: Stated, library: Library) -> None:
    """On demand the low end switches machines off outside the hours of use; a commitment runs day and night."""
    assert rented.deployment is not None
    machine, rent = rented.deployment.machine, HourlyRent(ONE.times(Decimal(2)), "a contract")
    costs = Costing(stated(), library.catalogue, AS_OF, load(1, hours="office"))
    stairs, _ = costs.own.stairs(rented, machine, None)
    on_demand, reserved = (costs.own.rented(machine, rent, stairs, committed).at(Decimal(1)) for committed in (False, True))
    assert line(on_demand, "Rent").low == 2 * machine.gpus * HOURS_OF_USE["office"]
    assert line(reserved, "Rent") == ONE.times(2 * machine.gpus * HOURS_PER_MONTH)


def test_power_costs_what_it_may_anywhere_while_the_place_is_not_known(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    open_, america, europe = (
        line(selfhost_cost(options[MAVERICK], load(1), answers, library.catalogue, AS_OF), "Power")
        for answers in (stated(), stated(organisation_country="US"), stated(organisation_country="DE"))
    )
    assert open_.low == min(america.low, europe.low)
    assert open_.high == max(america.high, europe.high)
    assert america.high != europe.high


def test_gpus_that_are_owned_are_not_bought_again(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    option = options[MAVERICK]
    bought, some, owned = (
        selfhost_cost(option, load(1), answers, library.catalogue, AS_OF)
        for answers in (stated(), stated(gpus_owned={"h100": 4}), stated(gpus_owned={"h100": 100_000}))
    )
    assert money(line(some, "Purchase").expected) == money(line(bought, "Purchase").expected / 2)
    assert line(owned, "Purchase") == ZERO
    assert line(owned, "Power") == line(bought, "Power")
    assert usd(owned).expected < usd(some).expected < usd(bought).expected


def test_gpus_of_another_kind_do_not_help(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    plain, other = (
        selfhost_cost(options[MAVERICK], load(1), a, library.catalogue, AS_OF) for a in (stated(), stated(gpus_owned={"l40s": 8}))
    )
    assert usd(plain) == usd(other)


def test_an_engineer_costs_what_you_say(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    answers = [stated(staff_usd_per_year=pay, infrastructure_skill="gpu-oncall") for pay in (100_000, 200_000)]
    cheap, dear = (line(selfhost_cost(options[MAVERICK], load(1), a, library.catalogue, AS_OF), "Engineers") for a in answers)
    assert money(dear.expected) == money(2 * cheap.expected)


def test_a_team_that_can_run_less_needs_more_people(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    skills = ("gpu-oncall", "gpu", "containers", "api", "none")
    staff = [
        line(selfhost_cost(options[MAVERICK], load(1), stated(infrastructure_skill=s), library.catalogue, AS_OF), "Engineers")
        for s in skills
    ]
    assert [s.expected for s in staff] == sorted(s.expected for s in staff)
    assert staff[0].expected < staff[-1].expected
    open_ = line(selfhost_cost(options[MAVERICK], load(1), stated(), library.catalogue, AS_OF), "Engineers")
    assert open_.low <= staff[0].low
    assert open_.high >= staff[-1].high


# ---------------------------------------------------------------------- what is not known
def test_a_rent_that_no_source_states_yet_makes_the_cost_unknown_and_never_free(rented: Option, stated: Stated, library: Library) -> None:
    cost = selfhost_cost(rented, load(1), stated(), library.catalogue, BEFORE_EVERY_PRICE)
    assert cost.usd is None
    assert "rent" in cost.missing


def test_a_purchase_price_that_no_source_states_yet_makes_the_cost_unknown(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    cost = selfhost_cost(options[MAVERICK], load(1), stated(), library.catalogue, BEFORE_EVERY_PRICE)
    assert cost.usd is None
    assert "H100" in cost.missing


def test_machines_that_are_owned_without_a_price_have_no_complete_cost(
    options: Mapping[str, Option], stated: Stated, library: Library
) -> None:
    """Repair, the machine to try updates on and machines beyond the owned ones follow from the price: without it they are not free."""
    cost = selfhost_cost(options[MAVERICK], load(1), stated(gpus_owned={"h100": 100_000}), library.catalogue, BEFORE_EVERY_PRICE)
    assert cost.usd is None
    assert "H100" in cost.missing
    assert cost.known_usd.expected > 0


def test_a_service_has_no_machines(stated: Stated, library: Library) -> None:
    served = next(o for o in build_options(library.catalogue, AS_OF) if o.mode == "closed-api")
    costs = Costing(stated(), library.catalogue, AS_OF, load(1))
    assert costs.bill(served).stairs is None
    with pytest.raises(ValueError, match="is not self-hosted"):
        costs.own.bill(served, None)


# ---------------------------------------------------------------------- bounds
def test_every_self_hosted_cost_is_ordered_and_within_sane_bounds(options: Mapping[str, Option], stated: Stated, library: Library) -> None:
    for option in options.values():
        cost = selfhost_cost(option, load(2_000_000), stated(infrastructure_skill="gpu-oncall"), library.catalogue, AS_OF)
        if cost.usd is None:
            assert cost.missing, option.id
            continue
        assert ordered(cost.usd), option.id
        assert all(ordered(item.usd) for item in cost.lines), option.id
        assert Decimal(500) < cost.usd.expected < Decimal(1_000_000), f"{option.id} {cost.usd.expected}"


def test_a_made_up_cloud_is_costed_by_hand(tmp_path_factory: pytest.TempPathFactory, stated: Stated) -> None:
    """8 H100 at 2 dollars for 730 hours are 11,680; one machine serves 1 request a month."""
    rent = {"hardware": "h100", "endpoints": ["api"], "node_sizes": [8], "usd_per_gpu_hour": [made_up.claim(2)]}
    host = made_up.host(kind="gpu-cloud", serves=[], rents=[rent])
    catalogue = made_up.catalogue(tmp_path_factory.mktemp("cloud"), hosts__x=host)
    option = next(o for o in build_options(catalogue, AS_OF) if o.id == "llama-4-maverick@made-up/api/8xh100-fp8")
    cost = selfhost_cost(option, load(1), stated(), catalogue, AS_OF)
    assert line(cost, "Rent").expected == line(cost, "Rent").high == Decimal(11_680)
