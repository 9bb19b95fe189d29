"""Looking through the options: every filter against a plain reading of the facts, folding, and order."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import pytest

from advisor.catalogue.listing import ORDER_WORDS, Entry, Wanted, countries_in, listing, places_to_choose, rows
from advisor.catalogue.options import Option
from advisor.library import Library
from advisor.possible import Interval, Members
from tests.conftest import AS_OF


@pytest.fixture(scope="module")
def entries(library: Library) -> tuple[Entry, ...]:
    return listing(library.table(AS_OF, ("DE",)).options, AS_OF)


def found(entries: tuple[Entry, ...], wanted: Wanted) -> set[str]:
    return {entry.option.id for row in rows(entries, wanted) for entry in row.entries}


def dollars(option: Option) -> Decimal | None:
    prices = [option.prices.price(name) for name in ("input_usd_per_mtok", "output_usd_per_mtok")] if option.prices else []
    return sum((p.range.expected for p in prices if p), Decimal(0)) if len([p for p in prices if p]) == 2 else None


def least(option: Option) -> float:
    known = option.possible("option.context_tokens")
    assert isinstance(known, Interval)
    return known.lo


def places(option: Option) -> frozenset[str]:
    known = option.possible("option.processing_places")
    assert isinstance(known, Members)
    return known.possible


def test_every_filter_keeps_just_what_its_words_say(entries: tuple[Entry, ...], library: Library) -> None:
    eea = library.vocabulary.places.members("eea", AS_OF)
    cases: list[tuple[Wanted, Callable[[Option], bool]]] = [
        (Wanted(), lambda o: True),
        (Wanted(host="mistral"), lambda o: o.host.id == "mistral"),
        (Wanted(model="gpt-5.4"), lambda o: o.model.id == "gpt-5.4"),
        (Wanted(mode="hosted-open"), lambda o: o.mode == "hosted-open"),
        (Wanted(licence="apache-2.0"), lambda o: o.model.licence == "apache-2.0"),
        (Wanted(within=eea), lambda o: places(o) <= eea),
        (Wanted(usd_at_most=Decimal(3)), lambda o: (usd := dollars(o)) is not None and usd <= 3),
        (Wanted(context_at_least=200_000), lambda o: math.isfinite(least(o)) and least(o) >= 200_000),
    ]
    for wanted, keeps in cases:
        expected = {entry.option.id for entry in entries if keeps(entry.option)}
        assert expected, wanted
        assert found(entries, wanted) == expected, wanted
    both = Wanted(mode="hosted-open", within=eea, usd_at_most=Decimal(3))
    assert found(entries, both) == found(entries, Wanted(mode="hosted-open")) & found(entries, Wanted(within=eea)) & found(
        entries, Wanted(usd_at_most=Decimal(3))
    )


def test_places_that_are_not_established_are_within_nothing(entries: tuple[Entry, ...], library: Library) -> None:
    known = {entry.option.id: entry.option.possible("option.processing_places") for entry in entries}
    open_still = {name for name, value in known.items() if isinstance(value, Members) and not value.certain}
    assert open_still
    for place in places_to_choose(library.vocabulary, AS_OF):
        assert not open_still & found(entries, Wanted(within=countries_in(place, library.vocabulary, AS_OF))), place


def test_rows_hold_each_option_once_and_lead_with_the_cheapest(entries: tuple[Entry, ...]) -> None:
    folded = rows(entries, Wanted())
    assert sorted(e.option.id for row in folded for e in row.entries) == sorted(e.option.id for e in entries)
    assert len({row.first.option.family for row in folded}) == len(folded) < len(entries)
    for row in folded:
        assert len({e.option.family for e in row.entries}) == 1
        priced = [e.usd for e in row.entries if e.usd is not None]
        assert row.first.usd == (min(priced) if priced else None)
        rents = [e.rent for e in row.entries if e.rent is not None]
        if rents and not priced:
            assert row.first.rent == min(rents)
    assert len(rows(entries, Wanted(model="gpt-5.4", host="openai-api"), unfolded=True)) > 1


@pytest.mark.parametrize("order", ORDER_WORDS)
def test_orders_are_as_they_say(order: str, entries: tuple[Entry, ...]) -> None:
    found = rows(entries, Wanted(mode="hosted-open"), order)
    keys: dict[str, list[object]] = {
        "model": [row.first.option.model.name.casefold() for row in found],
        "host": [row.first.option.host.name.casefold() for row in found],
        "price": [(row.first.usd is None, row.first.usd or 0) for row in found],
        "context": [-max(e.context for e in row.entries) for row in found],
        "endpoints": [-len(row.entries) for row in found],
    }
    assert keys[order] == sorted(keys[order])  # type: ignore[type-var]
    assert len(set(map(str, keys[order]))) > 1
