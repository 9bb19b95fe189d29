"""
Listing: the options of a date as people look through them. Filters, order, and one row for each model at each host.

In: options. Out: rows, the endpoint to look at first in front. What is not known passes no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.catalogue.claims import expected, live
from advisor.catalogue.options import Option
from advisor.possible import Interval, Members
from advisor.vocabulary import Vocabulary

ORDER_WORDS: Mapping[str, str] = {
    "model": "model, then price",
    "host": "host, then model",
    "price": "price of input and output, lowest first",
    "context": "longest input, longest first",
    "endpoints": "number of endpoints, most first",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One option with what it is looked for by."""

    option: Option
    places: frozenset[str]
    """Where the data may be processed."""
    usd: Decimal | None
    """Expected price of a million tokens in and a million out; None: not known, or run by yourselves."""
    rent: Decimal | None
    """Expected US dollars an hour for the whole machine, where one is rented."""
    context: float
    """Tokens that the longest input certainly may have; 0: nothing is certain."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. Empty or None: anything."""

    host: str = ""
    model: str = ""
    mode: str = ""
    licence: str = ""
    within: frozenset[str] | None = None
    """Countries in which all processing certainly stays."""
    usd_at_most: Decimal | None = None
    """For a million tokens in and a million out."""
    context_at_least: int | None = None

    def keeps(self, entry: Entry) -> bool:
        option = entry.option
        return (
            self.host in ("", option.host.id)
            and self.model in ("", option.model.id)
            and self.mode in ("", option.mode)
            and self.licence in ("", option.model.licence)
            and (self.within is None or entry.places <= self.within)
            and (self.usd_at_most is None or (entry.usd is not None and entry.usd <= self.usd_at_most))
            and (self.context_at_least is None or entry.context >= self.context_at_least)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """Options of one model at one host that are wanted, the one to look at first in front."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        return self.entries[0]


def listing(options: Sequence[Option], as_of: date) -> tuple[Entry, ...]:
    """Every option as an entry, once for all filters."""
    return tuple(_entry(option, as_of) for option in options)


def _entry(option: Option, as_of: date) -> Entry:
    places, context = option.possible("option.processing_places"), option.possible("option.context_tokens")
    if not isinstance(places, Members) or not isinstance(context, Interval):
        raise TypeError(f"{option.id}: places and longest input are of another kind")
    return Entry(option, places.possible, _usd(option), _rent(option, as_of), max(context.lo, 0))


def _usd(option: Option) -> Decimal | None:
    parts = [option.prices.price(f"{kind}_usd_per_mtok") for kind in ("input", "output")] if option.prices else []
    known = [price.range.expected for price in parts if price]
    return sum(known, Decimal(0)) if len(known) == 2 else None


def _rent(option: Option, as_of: date) -> Decimal | None:
    if option.deployment is None:
        return None
    settled, claim = option.deployment.settled, expected(live(option.deployment.rent, as_of), "price")
    value = settled.value if settled else claim.value if claim else None
    return None if value is None else Decimal(str(value)) * option.deployment.machine.gpus


def rows(entries: Sequence[Entry], wanted: Wanted, order: str = "model", unfolded: bool = False) -> list[Row]:
    """The wanted options in order, folded by model and host unless asked otherwise."""
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        if wanted.keeps(entry):
            groups.setdefault(entry.option.id if unfolded else entry.option.family, []).append(entry)
    found = [Row(tuple(sorted(group, key=_best))) for group in groups.values()]
    return sorted(found, key=_KEYS[order])


def _best(entry: Entry) -> tuple[bool, Decimal, bool, Decimal, str]:
    """The cheapest first; what has no price comes last, own machines by what their rent is."""
    return (entry.usd is None, entry.usd or Decimal(0), entry.rent is None, entry.rent or Decimal(0), entry.option.id)


def _model(row: Row) -> tuple[object, ...]:
    return (row.first.option.model.name.casefold(), *_best(row.first))


def _host(row: Row) -> tuple[object, ...]:
    return (row.first.option.host.name.casefold(), *_model(row))


def _context(row: Row) -> tuple[object, ...]:
    return (-max(entry.context for entry in row.entries), *_model(row))


def _endpoints(row: Row) -> tuple[object, ...]:
    return (-len(row.entries), *_model(row))


_KEYS: Mapping[str, Callable[[Row], tuple[object, ...]]] = {
    "model": _model, "host": _host, "price": lambda row: _best(row.first), "context": _context, "endpoints": _endpoints,
}  # fmt: skip


def places_to_choose(vocabulary: Vocabulary, as_of: date) -> dict[str, str]:
    """Groups of countries and countries that processing may have to stay in, each with its words; groups lead."""
    places = vocabulary.places
    groups = {group.token or name: name for name, group in places.groups.items() if places.members(name, as_of)}
    words = {key: f"{places.groups[name].words} ({key})" for key, name in groups.items()}
    return {**words, **dict(sorted(places.countries.items(), key=lambda item: item[1]))}


def countries_in(place: str, vocabulary: Vocabulary, as_of: date) -> frozenset[str]:
    """The countries of a place that can be chosen."""
    places = vocabulary.places
    named = place if place in places.groups else next((name for name, group in places.groups.items() if group.token == place), "")
    return places.members(named, as_of) if named else frozenset({place})
