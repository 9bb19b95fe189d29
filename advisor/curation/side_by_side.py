"""
Options side by side by all that the catalogue says of them: a row for each fact and price, a column for each option.

`comparison` judges options for somebody's answers; this tells them apart by their facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.catalogue.claims import Claim
from advisor.comparison import Row
from advisor.curation.dossier import Dossier, Item
from advisor.curation.words import several
from advisor.vocabulary import Vocabulary

FACTS, PRICES, EVIDENCE = "Facts", "Prices, US dollars per million tokens", "Evidence"
NOT_STATED, NOT_KNOWN = "not stated", "not known"
TOLD_APART = ("option.model", "option.host", "option.mode", "option.licence")
"""Facts that lead: what kind of thing each option is."""


def side_by_side(found: Sequence[Dossier], vocabulary: Vocabulary) -> tuple[Row, ...]:
    """Every fact and price of some options, in the order of the vocabulary and of the price list."""
    return (*_facts(found, vocabulary), *_prices(found), *_rents(found), *_evidence(found))


def _facts(found: Sequence[Dossier], vocabulary: Vocabulary) -> Iterator[Row]:
    known = [{item.name: item for item in one.facts} for one in found]
    names = dict.fromkeys([*TOLD_APART, *(fact.name for fact in vocabulary.option_facts)])
    for name in names:
        if any(name in items for items in known):
            label = vocabulary.facts[name].phrase
            yield Row(FACTS, f"{label[:1].upper()}{label[1:]}", tuple(_cell(items.get(name), NOT_KNOWN) for items in known))


def _prices(found: Sequence[Dossier]) -> Iterator[Row]:
    listed = [{item.name: item for item in one.prices} for one in found]
    words = {item.name: item.words for one in found for item in one.prices}
    order = sorted(words, key=lambda name: next(n for items in listed for n, key in enumerate(items) if key == name))
    for name in order:
        yield Row(PRICES, f"{words[name][:1].upper()}{words[name][1:]}", tuple(_cell(items.get(name), NOT_STATED) for items in listed))


def _rents(found: Sequence[Dossier]) -> Iterator[Row]:
    if any(one.option.deployment for one in found):
        yield Row(PRICES, "Machines", tuple(_machines(one) for one in found))


def _machines(one: Dossier) -> str:
    if one.option.deployment is None:
        return "the host's"
    rent = f", {one.rent.known} an hour for each GPU" if one.rent else ", rent not known" if one.option.host.kind != "own" else ", your own"
    return f"{one.option.deployment.machine.words}{rent}"


def _cell(item: Item | None, absent: str) -> str:
    if item is None:
        return absent
    flag = " (sources differ)" if any(not d.settled for d in item.disputes) and "sources differ" not in item.known else ""
    return f"{item.known}{flag}{' (settled)' if item.settled else ''}"


def _evidence(found: Sequence[Dossier]) -> Iterator[Row]:
    yield Row(EVIDENCE, "Oldest and newest source", tuple(_span([c for item in one.facts for c in item.counted]) for one in found))
    yield Row(EVIDENCE, "Price sources", tuple(_span([c for item in one.prices for c in item.counted]) for one in found))
    yield Row(EVIDENCE, "Facts that nobody states", tuple(several(one.silent, "facts") or "none" for one in found))
    yield Row(EVIDENCE, "Open disputes", tuple(str(len(one.disputed)) for one in found))


def _span(claims: Sequence[Claim]) -> str:
    days = sorted(claim.as_of for claim in claims if claim.day)
    return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "no dated source"
