"""
Published cases, rebuilt from our own parts.

The first half reproduces to the digit. The second half does not, and must not, because the page contradicts its own inputs or physics:
the "235,714,286" crossover of ConfigIQ's fixture, one A100 or one H100 for Llama 4 Maverick (flowverify.co, kickllm.com), four A100 for ten
million calls (claudecodeguides.com), $168 for GPT-5 at ten million tokens a day (devtk.ai), 5,000 tokens a second five times below an API
(mohithg.com), eight to ten billion tokens a day for 100 users (generalcompute.com). Claims without stated volumes or sums (Dell's deskside
agents, Deloitte's 60 to 70 %) cannot be tested at all.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from advisor.catalogue.machines import machines as machines_for
from advisor.catalogue.options import build_options
from advisor.catalogue.prices import Range
from advisor.cost.api import api_cost, token_bill
from advisor.cost.breakeven import BreakEven, at_side, break_even
from advisor.cost.inputs import Input, Product, certain
from advisor.cost.lines import money
from advisor.cost.option import Costing
from advisor.cost.parts import Bill, Bundle, Part, Staircase
from advisor.cost.workload import HOURS_PER_MONTH, SECONDS_PER_HOUR
from advisor.library import Library
from tests.conftest import AS_OF, Stated
from tests.cost.made_bills import exactly, listed, load, part, service, staircase

MILLION = 10**6
MONTH = certain("hours of a month", HOURS_PER_MONTH)


def rented(rate: str, tokens_per_s: str, tokens: int, gpus: int = 1, name: str = "Rent") -> Bill:
    """Machines rented day and night that write so many tokens a second; so many tokens to a request."""
    seconds = Input("seconds of a machine for a request", exactly(Decimal(tokens) / Decimal(tokens_per_s)))
    one, whole = certain("one", Decimal(1)), Input("room", exactly(1), divides=True)
    hours = Input("hours", exactly(HOURS_PER_MONTH), divides=True)
    stairs = Staircase((seconds,), (), one, one, hours, whole, certain("spare", Decimal(0)), gpus)
    rent = Product((certain("GPUs", Decimal(gpus)), certain("rent", Decimal(rate)), MONTH))
    return Bill((Bundle((Part(name, "machine", rent, stairs),)),), stairs=stairs)


def per_mtok(bill: Bill, share: str, tokens: int) -> Decimal:
    """US dollars for a million tokens at that share of what one machine takes."""
    assert bill.stairs is not None
    requests = bill.stairs.capacity() * Decimal(share)
    return bill.usd(requests).expected / (requests * tokens / MILLION)


def expected(own: Bill, other: Bill, limit: int = 10**10) -> BreakEven:
    return break_even(at_side(own, "expected"), at_side(other, "expected"), limit)


# ---------------------------------------------------------------------- what reproduces
def test_induwara_breaks_even_at_1_452_million_tokens() -> None:
    """120 and 40 Mtok at 0.25 and 2; one GPU at $1.19 for 24 hours on 30.4 days, and 15 % for what is beside it."""
    prices, month = listed(input="0.25", output="2"), load(160_000, (750, 250))
    assert money(api_cost(prices, month).known_usd.expected) == "110.00"
    stairs = staircase(10**12)
    factors = (certain("rent", Decimal("1.19")), certain("hours", 24 * Decimal("30.4")), certain("what is beside it", Decimal("1.15")))
    own = Bill((Bundle((Part("Rent", "machine", Product(factors), stairs),)),), stairs=stairs)
    assert money(own.usd(Decimal(1)).expected) == "998.46"
    found = expected(own, token_bill(prices, month))
    assert found.first == found.for_good
    assert found.first is not None
    assert round(Decimal(found.first) * 1000 / MILLION, 1) == Decimal("1452.3")


def test_configiqs_audit_of_a_hosted_service() -> None:
    """2.0 and 0.5 billion tokens at 0.18 and 0.54; 0.05 posts of $18,000 a month; $15,000 to begin with, over 36 months."""
    month = load(1, (2 * 10**9, 5 * 10**8))
    tokens = token_bill(listed(input="0.18", output="0.54"), month)
    assert tokens.usd(month.requests) == exactly(630)
    posts = Part("Engineers", "month", Product((certain("posts", Decimal("0.05")), certain("pay", Decimal(18_000)))))
    months = Input("months", exactly(36), divides=True)
    begin = Part("To begin with", "month", Product((certain("work", Decimal(15_000)), months)))
    whole = Bill((*tokens.bundles, Bundle((posts, begin))))
    assert money(whole.usd(month.requests).expected) == "1946.67"


def test_configiqs_audit_of_rented_and_bought_machines() -> None:
    """As the page adds them up: $10,523 and $12,397, five to six times the hosted service."""
    month = Input("months", exactly(36), divides=True)
    begun = Part("To begin with", "month", Product((certain("work", Decimal(40_000)), month)))
    lease = Bill((Bundle((part("Rent", "month", 5312), part("Watching", "month", 500), part("Engineers", "month", 3600), begun)),))
    assert round(lease.usd(Decimal(1)).expected) == 10_523
    labels = {"Depreciation": 2667, "Capital": 793, "Installation": 233, "Upkeep": 667, "Power": 448, "Space": 1700, "Engineers": 4500}
    bought = Bill((Bundle((*(part(label, "month", usd) for label, usd in labels.items()), part("To begin with", "month", 1389))),))
    assert bought.usd(Decimal(1)).expected == 12_397
    assert [line.label for line in bought.at(Decimal(1)).lines] == [*labels, "To begin with"]


def test_configiqs_audit_of_the_load() -> None:
    """2.0 billion tokens in requests of 2,048 are 976,562.5 requests, and 0.3716 a second over 730 hours."""
    month = replace(load(1, (2048, 512)), requests=Decimal("976562.5"))
    assert (month.input_mtok, month.output_mtok) == (Decimal(2000), Decimal(500))
    assert round(month.average_rps.expected, 4) == round(month.peak_rps.expected, 4) == Decimal("0.3716")


def fixture(usd: int) -> Bill:
    """Machines of 100 × 5 × 0.90 × 100 × 3,600 ÷ 2 tokens a month, a token to a request; as our own staircase finds it."""
    seconds = Input("seconds", exactly(1 / Decimal(100 * 5)))
    one, hours = certain("one", Decimal(1)), Input("hours", exactly(100), divides=True)
    room = Input("room", exactly("0.9"), divides=True)
    stairs = Staircase((seconds,), (), one, certain("peak", Decimal(2)), hours, room, certain("spare", Decimal(0)), 1)
    return Bill((Bundle((part("Machines", "machine", usd, stairs),)),), stairs=stairs)


def test_configiqs_fixture() -> None:
    hosted = Bill(token_bill(listed(input="1", output="3"), load(1, (8, 2))).bundles)
    assert [hosted.usd(Decimal(tokens) / 10).expected for tokens in (MILLION, 40_500_000)] == [Decimal("1.40"), Decimal("56.70")]
    lease, bought = fixture(200), fixture(400)
    assert lease.stairs is not None
    assert round(lease.stairs.capacity(), 9) == 81 * MILLION
    for tokens, count in ((MILLION, 1), (40_500_000, 1), (80_190_000, 1), (81_000_000, 1), (81_000_001, 2)):
        assert lease.usd(Decimal(tokens)).expected == 200 * count
        assert bought.usd(Decimal(tokens)).expected == 400 * count


def test_dreaming_press_at_full_and_at_a_tenth() -> None:
    """$2.50 an hour and 700 tokens a second: $0.99 for a million, and ten times as much at 10 %."""
    own = rented("2.50", "700", MILLION)
    assert [round(per_mtok(own, share, MILLION), 2) for share in ("1", "0.1")] == [Decimal("0.99"), Decimal("9.92")]


def test_lmsys_pays_20_cents_for_a_million_tokens_at_two_dollars_an_hour() -> None:
    """Eight GPUs, 22,300 tokens a second, full; at $3.99 twice as much, and double at half load."""
    assert round(per_mtok(rented("2", "22300", MILLION, 8), "1", MILLION), 3) == Decimal("0.199")
    assert round(per_mtok(rented("3.99", "22300", MILLION, 8), "1", MILLION), 2) == Decimal("0.40")
    assert round(per_mtok(rented("2", "22300", MILLION, 8), "0.5", MILLION), 2) == Decimal("0.40")


def test_silybench_breaks_even_at_86_percent_of_a_machine() -> None:
    """Requests of 2,048 / 2,048 at 2,815 tokens a second and $3.49 against $0.20 either way: $0.705 and $0.819 for a thousand."""
    own, other = rented("3.49", "2815", 2048), token_bill(listed(input="0.2", output="0.2"), load(1, (2048, 2048)))
    assert own.stairs is not None
    capacity = own.stairs.capacity()
    assert round(own.usd(capacity).expected / capacity * 1000, 3) == Decimal("0.705")
    assert round(other.usd(Decimal(1000)).expected, 3) == Decimal("0.819")
    first = expected(own, other).first
    assert first is not None
    assert round(first / capacity, 2) == Decimal("0.86")


def test_cost_for_a_million_tokens_falls_with_the_load_until_the_machine_is_full(stated: Stated, library: Library) -> None:
    """The shape of the measured curve, at 1 % to 100 % of one machine, for made-up and for shipped machines."""
    made = rented("2.50", "700", MILLION)
    option = next(o for o in build_options(library.catalogue, AS_OF, ("DE",)) if o.id == "llama-4-maverick@on-premises/DE/8xh100-fp8")
    shipped = Costing(stated(), library.catalogue, AS_OF, load(1, (1_500, 400))).bill(option)
    for bill in (made, shipped):
        costs = [per_mtok(bill, str(Decimal(n) / 100), MILLION) for n in range(1, 100)]
        assert costs == sorted(costs, reverse=True)
        assert costs[0] > 10 * costs[-1]


# ---------------------------------------------------------------------- what does not
def test_configiqs_crossover_of_235_714_286_tokens_does_not_follow() -> None:
    """There three deployments cost $600 and the service $330; as a deployment costs more than the $113.40 it replaces, there is none."""
    own, hosted = fixture(200), service("0.0000014")
    volume = Decimal(235_714_286)
    assert own.usd(volume).expected == 600
    assert round(hosted.usd(volume).expected) == 330
    assert expected(own, hosted) == BreakEven(None, None, 10**10)


def test_one_gpu_does_not_hold_maverick(library: Library) -> None:
    """flowverify.co runs it on "your own A100", kickllm.com on "1xH100 INT8"; 400 billion parameters need eight H100 at 8 bits."""
    catalogue = library.catalogue
    found = list(machines_for(catalogue.models["llama-4-maverick"], catalogue.hardware, catalogue.sizing))
    assert not [machine for machine in found if machine.hardware.id.startswith("a100")]  # at no precision that it computes in
    assert {machine.gpus for machine in found if machine.hardware.id == "h100" and machine.precision == "fp8"} == {8}


def test_five_times_cheaper_than_mavericks_own_api_takes_more_requests_than_a_million() -> None:
    """A million requests of 1,000 / 500 cost $548 at 0.20 / 0.696, and the smallest node at $4.50 a GPU and hour $26,280: 48 times more."""
    other = token_bill(listed(input="0.2", output="0.696"), load(1, (1000, 500)))
    own = rented("4.50", "33200", 500, 8)
    assert other.usd(Decimal(MILLION)).expected == 548
    assert own.usd(Decimal(MILLION)).expected == 26_280
    first = expected(own, other).first
    assert first is not None
    assert round(first / MILLION) == 48


def test_four_a100_do_not_take_ten_million_calls() -> None:
    """claudecodeguides.com: $8,000 for 1,000 / 200 tokens; measured are 3,986 tokens a second in and out, and flat load needs 4,566."""
    own = rented("2.05", "3986", 1_200, 4)
    assert own.stairs is not None
    calls = Decimal(10 * MILLION)
    assert round(calls * 1_200 / (HOURS_PER_MONTH * SECONDS_PER_HOUR)) == 4_566
    assert own.stairs.machines(calls) == exactly(2)


def test_gpt_5_at_ten_million_tokens_a_day_costs_ten_times_what_devtk_prints() -> None:
    """5 + 5 million a day at 1.25 / 10 are $1,687.50 and not $168; and the 6.8 million of its break-even cost $38."""
    prices = listed(input="1.25", output="10")
    assert api_cost(prices, load(30, (5 * MILLION, 5 * MILLION))).known_usd.expected == Decimal("1687.50")
    assert api_cost(prices, load(1, (3_400_000, 3_400_000))).known_usd.expected == Decimal("38.25")


def test_an_8b_model_is_not_five_times_cheaper_at_home_than_as_a_service() -> None:
    """mohithg.com: $3 an hour and 5,000 tokens a second, an 8B rate; that service costs 0.05 / 0.08, and the machine never pays off."""
    own, other = rented("3", "5000", 1000), token_bill(listed(input="0.05", output="0.08"), load(1, (1000, 1000)))
    assert round(per_mtok(own, "1", 1000), 2) == Decimal("0.17")
    assert expected(own, other) == BreakEven(None, None, 10**10)


def test_a_hundred_users_do_not_write_eight_billion_tokens_a_day() -> None:
    """generalcompute.com: 3.5 requests a second of 2,000 + 500 tokens for 8 hours are 252 million."""
    day = replace(load(1, (2000, 500)), requests=Decimal("3.5") * 8 * 3600, hours=exactly(8))
    assert day.average_rps == Range(*(Decimal("3.5"),) * 3)
    assert day.input_mtok + day.output_mtok == 252
