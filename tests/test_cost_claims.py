"""The document on costs says what the program says, and so do its answers to three claims about cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from advisor.cost.breakeven import at_side, usd
from advisor.library import Library
from tools.cost_claims import BEGIN, DOCUMENT, END, Verdicts, section, verdicts, written
from tools.cost_world import FIGURES, GERMANY, GPT_EU, LARGEST, World, worlds


@pytest.fixture(scope="module")
def hospital(library: Library) -> Mapping[str, World]:
    return worlds(library)


@pytest.fixture(scope="module")
def found(hospital: Mapping[str, World]) -> Mapping[str, Verdicts]:
    return {name: verdicts(world) for name, world in hospital.items()}


def test_the_document_says_what_the_tool_prints(library: Library) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    assert written(text, section(library)) == text, "run: python tools/cost_claims.py --write"


def test_at_a_few_thousand_requests_a_day_the_api_is_cheaper(found: Mapping[str, Verdicts]) -> None:
    assert all(found[name].api_cheaper for name in FIGURES)
    assert found["best"].api_cheaper_at_ends


def test_machines_are_five_times_cheaper_only_than_another_model_and_only_at_tens_of_millions(found: Mapping[str, Verdicts]) -> None:
    best, document = (found[name] for name in FIGURES)
    assert not best.same_model_ever
    assert not document.same_model_ever
    assert best.five_times is not None
    assert best.five_times > 10**7
    assert document.five_times is not None
    assert 10**6 < document.five_times < best.five_times


def test_hosted_maverick_is_the_cheapest_of_the_three_and_not_between(found: Mapping[str, Verdicts]) -> None:
    for name in FIGURES:
        assert found[name].below_gpt
        assert not found[name].same_model_ever


@pytest.mark.parametrize("figures", FIGURES)
@pytest.mark.parametrize("factor", [1, 5])
def test_a_stated_volume_is_the_first_on_its_machine(hospital: Mapping[str, World], figures: str, factor: int) -> None:
    world = hospital[figures]
    first = world.times_cheaper(GPT_EU, factor)
    assert first is not None
    own, service = at_side(world.bill(first[1]), "expected"), at_side(world.bill(GPT_EU), "expected")
    assert factor * usd(own, Decimal(first[0])) <= usd(service, Decimal(first[0]))
    assert factor * usd(own, Decimal(first[0] - 1)) > usd(service, Decimal(first[0] - 1))
    assert world.times_cheaper(GERMANY, 5) is None
    assert all(5 * world.expected(name, LARGEST) > world.expected(GERMANY, LARGEST) for name in world.own)
