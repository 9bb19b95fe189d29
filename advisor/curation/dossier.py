"""
Dossier of one option: every fact, price, score and rent with the claims that count, those that do not and why, disputes and settlements.

In: an option and the catalogue on a date. Out: plain records that the app and the command line both print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.catalogue.claims import COMPARISON, DOUBTFUL, Claim, day_of
from advisor.catalogue.evidence import in_force
from advisor.catalogue.history import Told, told
from advisor.catalogue.load import Catalogue
from advisor.catalogue.meters import KINDS, PROCESSING, Meter, meter_named
from advisor.catalogue.options import Option
from advisor.catalogue.prices import Price, Prices
from advisor.curation.disputes import Dispute, disputes
from advisor.ranking.quality import all_claims
from advisor.rulebook.english import English

ANOTHER_SETTING = "another setting than the model as people use it"
DOUBTED = "doubtful: shown, not counted"
ENDS = "option.months_to_retirement"


@dataclass(frozen=True)
class Item:
    """One thing that is stated of an option, with everything behind it."""

    name: str
    """A fact, a meter, a benchmark, a kind of hardware."""
    words: str
    """What it is, as people read it."""
    known: str
    """What is known of it."""
    claims: tuple[Told, ...]
    disputes: tuple[Dispute, ...] = ()
    settled: str = ""

    @property
    def counted(self) -> tuple[Claim, ...]:
        return tuple(t.claim for t in self.claims if not t.aside)

    @property
    def aside(self) -> tuple[Told, ...]:
        """Earlier or not counted."""
        return tuple(t for t in self.claims if t.aside)


@dataclass(frozen=True)
class PriceLine:
    """What one kind of token costs in requests of one size, by way of processing."""

    size: str
    kind: str
    cells: tuple[Price | None, ...]
    """In the order of the ways of the table."""


@dataclass(frozen=True)
class Dossier:
    """All that is known of one option."""

    option: Option
    facts: tuple[Item, ...]
    silent: tuple[str, ...]
    """Facts that nobody states, in words."""
    prices: tuple[Item, ...]
    rent: Item | None
    scores: tuple[Item, ...]
    ends: tuple[Claim, ...]
    """Claims that name the day on which it is switched off."""
    replaced: tuple[str, ...] = ()
    """Shipped records it rests on that an organisation's own data replace: `host berget`."""

    @property
    def disputed(self) -> tuple[Dispute, ...]:
        """Disputes that nobody has settled."""
        items = (*self.facts, *self.prices, *((self.rent,) if self.rent else ()), *self.scores)
        return tuple(d for item in items for d in item.disputes if not d.settled)


def dossier(option: Option, catalogue: Catalogue, as_of: date) -> Dossier:
    """Everything the catalogue says of an option on a date."""
    differing: dict[tuple[str, str], list[Dispute]] = {}
    for dispute in disputes([option], catalogue, as_of):
        differing.setdefault((dispute.kind, dispute.name), []).append(dispute)
    facts, silent = _facts(option, catalogue, as_of, differing)
    ends = tuple(t.claim for item in facts if item.name == ENDS for t in item.claims if not t.aside and day_of(str(t.claim.value)))
    return Dossier(
        option, facts, silent, tuple(_prices(option, as_of, differing)), _rent(option, as_of, differing),
        tuple(_scores(option, catalogue, as_of, differing)), ends, _replaced(option, catalogue),
    )  # fmt: skip


def _replaced(option: Option, catalogue: Catalogue) -> tuple[str, ...]:
    rests_on = [f"model {option.model.id}", f"host {option.host.id}", f"licence {option.model.licence}"]
    rests_on += [f"hardware {option.deployment.machine.hardware.id}"] if option.deployment else []
    return tuple(name for name in rests_on if name in catalogue.overridden)


_Differing = Mapping[tuple[str, str], Sequence[Dispute]]


def _facts(option: Option, catalogue: Catalogue, as_of: date, differing: _Differing) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    english = English(catalogue.vocabulary)
    found, silent = [], []
    for name, known in option.facts.items():
        fact = catalogue.vocabulary.facts[name]
        if not known.claims:
            silent.append(fact.phrase)
            continue
        about = tuple(differing.get(("fact", name), ()))
        found.append(Item(name, fact.phrase, english.value(fact, known.possible), told(known.claims, as_of), about, known.settled))
    return tuple(found), tuple(silent)


def _prices(option: Option, as_of: date, differing: _Differing) -> Iterator[Item]:
    for name, price in sorted((option.prices.classes if option.prices else {}).items(), key=lambda pair: _order(pair[0])):
        meter = meter_named(name)
        claims = tuple(told(price.claims, as_of, comparison=False))
        yield Item(name, meter.words if meter else name, span(price), claims, tuple(differing.get(("price", name), ())), price.settled)


def _order(name: str) -> tuple[int, int, int]:
    meter = meter_named(name)
    return meter.order if meter else (0, 0, 0)


def span(price: Price) -> str:
    """A price as it is calculated with, and its range where sources differ."""
    amounts = price.range
    differ = f" ({dollars_exact(amounts.low)} to {dollars_exact(amounts.high)}, sources differ)" if amounts.low != amounts.high else ""
    return f"{dollars_exact(amounts.expected)}{differ}"


def dollars_exact(value: object) -> str:
    """A price with all its digits, at least to the cent: prices of a million tokens lie below it."""
    whole, _, cents = f"{Decimal(str(value)):f}".partition(".")
    return f"${int(whole):,}.{cents.rstrip('0').ljust(2, '0')}"


def _rent(option: Option, as_of: date, differing: _Differing) -> Item | None:
    if option.deployment is None or not option.deployment.rent:
        return None
    hardware = option.deployment.machine.hardware
    claims = told(option.deployment.rent, as_of, comparison=False)
    counted = sorted({float(str(t.claim.value)) for t in claims if not t.aside})
    known = " to ".join(dict.fromkeys(dollars_exact(v) for v in (counted[0], counted[-1]))) if counted else "not known"
    about = tuple(differing.get(("rent", hardware.id), ()))
    settled = option.deployment.settled
    known = dollars_exact(settled.value) if settled else known
    return Item(hardware.id, f"an hour of one {hardware.name}", known, claims, about, settled.words if settled else "")


def _scores(option: Option, catalogue: Catalogue, as_of: date, differing: _Differing) -> Iterator[Item]:
    for benchmark in catalogue.benchmarks.values():
        claims = all_claims(option.model, benchmark.id, catalogue.sources[option.model.id])
        if claims:
            every = tuple(_score(t) for t in told(claims, as_of))
            best = [t.claim for t in every if not t.aside and t.claim.grade != COMPARISON]
            numbers = sorted(float(str(claim.value)) for claim in best if claim.value != "unknown")
            known = " to ".join(dict.fromkeys(f"{v:g}" for v in (numbers[0], numbers[-1]))) if numbers else "no result that counts"
            record = in_force(option.model.settled, as_of).get(benchmark.id)
            known = str(record.value) if record else known
            about = tuple(differing.get(("score", benchmark.id), ()))
            yield Item(benchmark.id, benchmark.name, known, every, about, record.words if record else "")


def _score(item: Told) -> Told:
    """A result that is live and does not count all the same, as `ranking.quality.countable` has it."""
    if item.aside:
        return item
    if item.claim.scope:
        return Told(item.claim, ANOTHER_SETTING)
    doubted = item.claim.confidence == DOUBTFUL and item.claim.grade != COMPARISON
    return Told(item.claim, DOUBTED if doubted else "")


# ---------------------------------------------------------------------- prices as a table
def ways(prices: Prices) -> tuple[str, ...]:
    """The ways of processing that have any price."""
    found = {meter.processing for name in prices.classes if (meter := meter_named(name))}
    return tuple(way for way in PROCESSING if way in found)


def price_lines(prices: Prices) -> Iterator[PriceLine]:
    """Prices by size of request and kind of token; a line for each that has any price."""
    columns = ways(prices)
    for above in (0, *prices.thresholds):
        for kind in KINDS:
            cells = tuple(prices.price(Meter(kind, way, above).name) for way in columns)
            if any(cells):
                yield PriceLine(size_words(above, prices.thresholds), Meter(kind).words, cells)


def size_words(above: int, thresholds: Sequence[int]) -> str:
    """Requests of which size: `up to 272,000 tokens`, `above 272,000 tokens`."""
    if not thresholds:
        return "of any size"
    following = next((t for t in thresholds if t > above), None)
    if not above:
        return f"up to {following:,} tokens"
    return f"above {above:,}, up to {following:,} tokens" if following else f"above {above:,} tokens"


@dataclass(frozen=True)
class PriceList:
    """Sources that say the same of many prices."""

    claims: tuple[Claim, ...]
    """One for each source: address, date, grade and scope."""
    rows: tuple[tuple[str, ...], ...]
    """For each source, where in it they stand."""
    aside: str
    """Why they do not count; empty when they do."""
    says: tuple[str, ...]
    """Each price in words."""


def by_source(items: Sequence[Item]) -> list[PriceList]:
    """The claims behind prices, a source at a time; those that count first, those that say the same together."""
    sources: dict[tuple[str, ...], tuple[Claim, dict[str, None], dict[str, None]]] = {}
    for item in items:
        for one in item.claims:
            claim = one.claim
            key = (one.aside, claim.source, claim.as_of, claim.grade, claim.scope, claim.url)
            _, says, rows = sources.setdefault(key, (claim, {}, {}))
            says[f"{item.words} {dollars_exact(claim.value)}"] = None
            rows.update({claim.note: None} if claim.note else {})
    alike: dict[tuple[str, tuple[str, ...]], list[tuple[Claim, tuple[str, ...]]]] = {}
    for (aside, *_), (claim, says, rows) in sources.items():
        alike.setdefault((aside, tuple(says)), []).append((claim, tuple(rows)))
    lists = [PriceList(tuple(c for c, _ in named), tuple(r for _, r in named), aside, says) for (aside, says), named in alike.items()]
    return sorted(lists, key=lambda one: bool(one.aside))
