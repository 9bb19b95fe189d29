"""Loads and data that are absurd or broken: a clear message, or an honest unknown; never a number that looks complete."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from advisor.catalogue.options import build_options
from advisor.catalogue.sizing import Figure
from advisor.cost.option import Costing, option_costs
from advisor.cost.workload import workload
from advisor.errors import BrokenInput
from advisor.library import Library
from advisor.recommendation import recommend
from advisor.three_ways import ThreeWays, three_ways
from tests import made_up
from tests.conftest import AS_OF, Stated
from tests.cost.made_bills import load

SHAPE = {"input_tokens_per_request": 1_500, "output_tokens_per_request": 400}


def ways(library: Library, stated: Stated, **answers: object) -> ThreeWays | None:
    return three_ways(recommend(stated(**{"organisation_country": "US", "tasks": ["summarising"], **answers}), library, AS_OF))


# ---------------------------------------------------------------------- absurd loads
def test_no_requests_cost_what_stands_there_anyway(library: Library, stated: Stated) -> None:
    found = ways(library, stated, requests_per_month=0, **SHAPE)
    assert found is not None
    assert found.per_mtok == ()  # no tokens, no cost for a million of them
    for way in found.ways:
        lines = {line.label: line.usd.expected for line in way.bill.at(Decimal(0)).lines}
        assert all(usd == 0 for label, usd in lines.items() if "tokens" in label or "Logs" in label)
        assert sum(usd for label, usd in lines.items() if label.startswith("Engineers")) > 0
        if way.bill.stairs:
            assert way.bill.stairs.machines(Decimal(0)).low >= 1
            assert way.bill.stairs.used(Decimal(0)).high == 0


def test_a_million_million_requests_need_whole_halls_of_machines(library: Library, stated: Stated) -> None:
    found = ways(library, stated, requests_per_month=10**12, **SHAPE)
    assert found is not None
    for way in found.ways:
        now = found.now[way.id]
        assert now.usd.low <= now.usd.expected <= now.usd.high
        assert now.usd.expected > 10**7
        assert now.drawn.p10 <= now.drawn.p50 <= now.drawn.p90
        if way.bill.stairs:
            assert way.bill.stairs.machines(Decimal(10**12)).expected > 10_000


def test_more_requests_than_that_are_refused(stated: Stated) -> None:
    with pytest.raises(BrokenInput, match="requests_per_month"):
        stated(requests_per_month=10**12 + 1)


def test_a_request_without_tokens_breaks_nothing(library: Library, stated: Stated) -> None:
    found = ways(library, stated, requests_per_month=1000, input_tokens_per_request=0, output_tokens_per_request=0)
    assert found is None or all(way.bill.usd(Decimal(1000)).expected >= 0 for way in found.ways)


@pytest.mark.parametrize(("given", "produced"), [(0, 400), (1_500, 0)])
def test_requests_with_tokens_one_way_only_are_costed(given: int, produced: int, library: Library, stated: Stated) -> None:
    found = ways(library, stated, requests_per_month=1000, input_tokens_per_request=given, output_tokens_per_request=produced)
    assert found is not None
    assert all(found.now[way.id].usd.expected > 0 for way in found.ways)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"peak_factor": 0.5}, "less than 1"),
        ({"requests_per_month": -1}, "less than 0"),
        ({"cached_share": 1.2}, "more than 1"),
        ({"batch_share": -0.1}, "less than 0"),
        ({"gpus_owned": {"h1000": 8}}, "h1000"),
        ({"gpus_owned": {"h100": -8}}, "h100"),
        ({"requests_per_month": "many"}, "many"),
        ({"hours": "sometimes"}, "sometimes"),
    ],
)
def test_answers_that_cannot_be_are_refused_by_name(answers: dict[str, object], words: str, stated: Stated) -> None:
    with pytest.raises(BrokenInput) as caught:
        stated(**answers)
    assert next(iter(answers)) in str(caught.value)
    assert words in str(caught.value)


def test_what_is_longer_than_the_context_fits_no_option(library: Library, stated: Stated) -> None:
    """Costs are worked out, but nothing of it may be used: no model takes 100 million tokens at once."""
    answers = stated(requests_per_month=10, input_tokens_per_request=10**8, output_tokens_per_request=1, longest_input_tokens=10**8)
    result = recommend(answers, library, AS_OF)
    assert not result.ranked
    found = three_ways(result)
    assert found is not None
    assert not [way for way in found.ways if way.allowed]
    assert all("none of its kind may be used" in way.chosen or "may not be used" in way.chosen for way in found.ways)


# ---------------------------------------------------------------------- broken data
def test_a_range_turned_round_is_refused() -> None:
    with pytest.raises(ValueError, match="rise from low to expected to high"):
        Figure(id="pue", low=Decimal(2), expected=Decimal(1), high=Decimal(3), unit="PUE", source="A page", grade="primary")


def test_claims_in_any_order_make_a_range_that_rises(tmp_path: Path) -> None:
    prices = {"input_usd_per_mtok": [made_up.claim(4), made_up.claim(2)], "output_usd_per_mtok": [made_up.claim(8)]}
    catalogue = made_up.catalogue(tmp_path, hosts__made_up=made_up.serving(price=prices))
    costs = Costing(made_up.answers(), catalogue, AS_OF, load())
    option = next(o for o in build_options(catalogue, AS_OF) if o.host.id == "made-up")
    line = next(line for line in costs.cost(option).lines if line.label == "Input tokens")
    assert (line.usd.low, line.usd.high) == (Decimal(2_000), Decimal(4_000))


def test_an_option_without_a_price_costs_what_is_known_and_more(tmp_path: Path) -> None:
    catalogue = made_up.catalogue(tmp_path, hosts__made_up=made_up.serving(price={"input_usd_per_mtok": [made_up.claim(4)]}))
    option = next(o for o in build_options(catalogue, AS_OF) if o.host.id == "made-up")
    answers = made_up.answers(requests_per_month=1_000, **SHAPE)
    assert workload(answers) is not None
    (cost,) = option_costs([option], answers, catalogue, AS_OF)
    assert cost.usd is None
    assert not cost.known
    assert cost.words.startswith("$")
    assert cost.words.endswith("+ unknown: no source states the price of output tokens")
