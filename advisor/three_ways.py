"""
Three ways of running side by side: a closed API, hosted open weights, your own machines. What each costs at the stated load and at any
other, from which volume on machines pay off, and how sure that is.

In: a recommendation. Out: one ThreeWays, or None while the load is not known. The draws are float64; everything else is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

import numpy as np

from advisor.catalogue.meters import PROCESSING
from advisor.catalogue.prices import Range
from advisor.cost.breakeven import MOST_REQUESTS, BreakEven, at_side, break_even, last_volume
from advisor.cost.draws import Array, Draws, Driver, Percentiles, break_even_drawn, percentiles, usd_drawn
from advisor.cost.option import Costing, costing
from advisor.cost.parts import Bill
from advisor.cost.rent import COMMITMENT_WORDS, commitments
from advisor.cost.workload import DAYS_PER_MONTH, HOURS_PER_MONTH, MONTHS_PER_YEAR, Workload
from advisor.errors import NotFound
from advisor.ranking.quality import floors, levels
from advisor.recommendation import Ranked, Recommendation

MOST_WAYS = 4
MODES = ("closed-api", "hosted-open", "self-hosted")
SELF = "self-hosted"
LEAST_VOLUME, MOST_VOLUME = 10**3, MOST_REQUESTS
STEPS_PER_DECADE = 10
HOURS_A_DAY = (1, 4, 8, 12, 16, 24)


@dataclass(frozen=True, eq=False)
class Way:
    """One option that stands for a way of running."""

    ranked: Ranked
    bill: Bill
    chosen: str
    """Why this one."""

    @property
    def id(self) -> str:
        return self.ranked.option.id

    @property
    def mode(self) -> str:
        return self.ranked.option.mode

    @property
    def allowed(self) -> bool:
        return self.ranked.standing in ("eligible", "conditional")


@dataclass(frozen=True, slots=True)
class Point:
    """What a volume costs: from the inputs taken at their ends and as expected, and 10th, 50th and 90th of 100 draws."""

    requests: int
    usd: Range
    drawn: Percentiles


@dataclass(frozen=True, eq=False)
class Pair:
    """Your own machines against a service."""

    own: Way
    service: Way
    expected: BreakEven
    drawn: Percentiles
    """Of the break-even volume; infinite: not reached."""
    reached: float
    """Share of draws in which it is reached up to the limit."""
    cheaper_now: float
    """Share of draws in which your own machines cost no more at the stated load."""
    drivers: tuple[Driver, ...]

    @property
    def same_model(self) -> bool:
        return self.own.ranked.option.model.id == self.service.ranked.option.model.id


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The same requests a month in so many hours a day."""

    hours: int
    machines: Decimal
    always_on: Decimal
    """US dollars a month."""
    switched_off: Decimal
    """The same if rent stops outside these hours."""
    first: int | None
    """The least volume at which always-on machines cost no more than a service that may be used; None: not reached."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Another way to pay for the same machines."""

    words: str
    usd: Range
    source: str


@dataclass(frozen=True, slots=True)
class Processing:
    """What the tokens of a service cost if all requests were processed one way; None where it has no such price."""

    way: Way
    usd: tuple[Range | None, ...]
    """In the order of PROCESSING."""


@dataclass(frozen=True, slots=True)
class PerMtok:
    """Cost of a million tokens, input and output together."""

    way: Way
    reserved: Decimal
    """All that a month costs over the tokens of the load."""
    full: Decimal | None
    """The same if the machines were full; None: no machines."""
    used: Decimal | None
    """Share of the time of the machines that the load uses."""


@dataclass(frozen=True, slots=True)
class Later:
    """The load after some months of growth."""

    months: int
    requests: Decimal
    usd: tuple[Range, ...]
    """By way, in order."""


@dataclass(frozen=True, eq=False)
class ThreeWays:
    """Everything that the page of costs shows."""

    result: Recommendation
    load: Workload
    volumes: tuple[int, int]
    """From which to which requests a month the curves run."""
    costing: Costing
    ways: tuple[Way, ...]
    curves: Mapping[str, tuple[Point, ...]]
    """By option, over volume; ends where the sum is no longer complete."""
    now: Mapping[str, Point]
    cheaper: Mapping[tuple[str, str], float]
    """Share of draws in which one option costs less than another at the stated load. What both share, such as pay, moves for both."""
    drivers: Mapping[str, tuple[Driver, ...]]
    pairs: tuple[Pair, ...]
    hours: tuple[HoursRow, ...]
    processing: tuple[Processing, ...]
    payments: tuple[Payment, ...]
    per_mtok: tuple[PerMtok, ...]
    later: tuple[Later, ...]
    draws: int
    seed: int


def three_ways(
    result: Recommendation,
    names: Sequence[str] = (),
    volumes: tuple[int, int] = (LEAST_VOLUME, MOST_VOLUME),
    load: Workload | None = None,
) -> ThreeWays | None:
    """
    The ways side by side, for the load that was answered or another one.

    `names` are ids of options to show instead of the chosen ones, four at most. Raises NotFound for an id there is none of.
    """
    found = costing(result.answers, result.library.catalogue, result.as_of)
    if found is None:
        return None
    if load is not None:
        found = Costing(result.answers, result.library.catalogue, result.as_of, load)
    ways = _named(result, found, names) if names else _chosen(result, found)
    draws = Draws()
    lines = {way.id: draws.line(way.bill) for way in ways}
    steps = _steps(*volumes)
    stated = int(found.load.requests)

    def point(way: Way, requests: int) -> Point:
        return Point(requests, way.bill.usd(Decimal(requests)), percentiles(usd_drawn(lines[way.id], float(requests))))

    whole = [way for way in ways if not way.bill.missing]
    drawn = {way.id: usd_drawn(lines[way.id], float(stated)) for way in whole}
    own = [way for way in whole if way.bill.stairs]
    pairs = [_pair(a, b, draws, float(stated)) for a in own for b in whole if b.bill.stairs is None]
    return ThreeWays(
        result=result,
        load=found.load,
        volumes=volumes,
        costing=found,
        ways=tuple(ways),
        curves={way.id: tuple(point(way, v) for v in steps) for way in whole},
        now={way.id: point(way, stated) for way in ways},
        cheaper={(a.id, b.id): float((drawn[a.id] < drawn[b.id]).mean()) for a, b in permutations(whole, 2)},
        drivers={way.id: tuple(draws.drivers([way.bill], drawn[way.id])) for way in whole},
        pairs=tuple(pairs),
        hours=tuple(_by_hours(own[0], [w for w in whole if w.bill.stairs is None], found)) if own else (),
        processing=tuple(
            Processing(way, tuple(found.processed(way.ranked.option, name) for name in PROCESSING)) for way in whole if not way.bill.stairs
        ),
        payments=tuple(_payments(own[0], found)) if own else (),
        per_mtok=tuple(_per_mtok(way, found.load) for way in whole if found.load.requests > 0 and _tokens(found.load) > 0),
        later=tuple(_later(whole, found.load)),
        draws=draws.count,
        seed=draws.seed,
    )


# ---------------------------------------------------------------------- which options
def _named(result: Recommendation, costs: Costing, names: Sequence[str]) -> list[Way]:
    ways = []
    for name in dict.fromkeys(names):
        ranked = result.find(name)
        if ranked is None:
            raise NotFound("option", name, [r.option.id for r in result.all])
        ways.append(Way(ranked, costs.bill(ranked.option), "you named it"))
    return ways[:MOST_WAYS]


def _chosen(result: Recommendation, costs: Costing) -> list[Way]:
    """The cheapest option of each way that may be used; else the cheapest that cannot be confirmed, or that may not, marked as such."""
    ways = [way for mode in MODES if (way := _cheapest(result, costs, mode)) is not None]
    own = next((way for way in ways if way.mode == SELF), None)
    if own and not any(w.ranked.option.model.id == own.ranked.option.model.id for w in ways if w is not own):
        same = _cheapest(result, costs, "hosted-open", own.ranked.option.model.id)
        if same:
            ways.insert(-1, replace(same, chosen=f"the same model as on your own machines; {same.chosen}"))
    if result.best and len(ways) < MOST_WAYS and result.best.option.id not in {way.id for way in ways}:
        ways.append(Way(result.best, costs.bill(result.best.option), "the recommendation"))
    return ways[:MOST_WAYS]


def _cheapest(result: Recommendation, costs: Costing, mode: str, model: str = "") -> Way | None:
    groups = (
        (result.ranked, "the cheapest that may be used"),
        (result.unconfirmed, "the cheapest that cannot be confirmed yet; none of its kind may be used so far"),
        (result.excluded, "may not be used; shown for comparison only"),
    )
    for group, words in groups:
        fitting = [r for r in group if r.option.mode == mode and model in ("", r.option.model.id)]
        good = [r for r in fitting if not r.cost.missing and (group is result.ranked or _good_enough(result, r))]
        if good:
            best = min(good, key=lambda r: (r.cost.known_usd.expected, r.option.id))
            return Way(best, costs.bill(best.option), words)
    return None


def _good_enough(result: Recommendation, ranked: Ranked) -> bool:
    """Whether the model is known to reach the quality that is needed; a cheaper one that may not is no way to do the work."""
    need = result.answers.text("quality_need")
    if need is None:
        return True
    return need in levels(ranked.quality, floors(result.library.catalogue.floors, result.as_of)).certain


# ---------------------------------------------------------------------- over volume
def _steps(least: int, most: int) -> list[int]:
    """Volumes evenly spread over the orders of magnitude."""
    low, high = np.log10(max(1, least)), np.log10(max(1, least, most))
    count = max(2, round((high - low) * STEPS_PER_DECADE) + 1)
    return sorted({round(float(10**x)) for x in np.linspace(low, high, count)})


def _pair(own: Way, service: Way, draws: Draws, stated: float) -> Pair:
    mine, theirs = draws.line(own.bill), draws.line(service.bill)
    found: Array = break_even_drawn(mine, theirs)
    cheaper = usd_drawn(mine, stated) <= usd_drawn(theirs, stated)
    return Pair(
        own,
        service,
        break_even(at_side(own.bill, "expected"), at_side(service.bill, "expected")),
        percentiles(found),
        float(np.isfinite(found).mean()),
        float(cheaper.mean()),
        tuple(draws.drivers([own.bill, service.bill], found)),
    )


# ---------------------------------------------------------------------- other ways to look at it
def _by_hours(own: Way, services: Sequence[Way], costs: Costing) -> list[HoursRow]:
    """The same requests in fewer hours need more machines at once."""
    rows = []
    for hours in HOURS_A_DAY:
        month = min(HOURS_PER_MONTH, hours * DAYS_PER_MONTH)
        load = replace(costs.load, hours=Range(month, month, month))
        bill = Costing(costs.answers, costs.catalogue, costs.as_of, load).bill(own.ranked.option)
        if bill.stairs is None:
            continue
        usd = bill.usd(load.requests).expected
        rent = next((part for part in bill.parts if part.label == "Rent of GPU machines"), None)
        saved = rent.usd(load.requests).expected * (1 - month / HOURS_PER_MONTH) if rent else Decimal(0)
        firsts = [break_even(at_side(bill, "expected"), at_side(service.bill, "expected")).first for service in services if service.allowed]
        reached = [first for first in firsts if first is not None]
        machines = bill.stairs.machines(load.requests).expected
        rows.append(HoursRow(hours, machines, usd, usd - saved, min(reached, default=None)))
    return rows


def _payments(own: Way, costs: Costing) -> list[Payment]:
    option, deployment = own.ranked.option, own.ranked.option.deployment
    if deployment is None or own.bill.stairs is None:
        return []
    stairs, _ = costs.own.stairs(option, deployment.machine, costs.thinking(option), costs.tokeniser(option))
    found = []
    for commitment, hour in commitments(option, costs.catalogue.sources[option.host.id], costs.as_of):
        bill = costs.own.rented(deployment.machine, hour, stairs, committed=True)
        found.append(Payment(COMMITMENT_WORDS[commitment], bill.usd(costs.load.requests), hour.source))
    return found


def _tokens(load: Workload) -> Decimal:
    """Of a month, in millions."""
    return load.input_mtok + load.output_mtok


def _per_mtok(way: Way, load: Workload) -> PerMtok:
    usd = way.bill.usd(load.requests).expected
    reserved = usd / _tokens(load)
    stairs = way.bill.stairs
    if stairs is None:
        return PerMtok(way, reserved, None, None)
    working = stairs.working(load.requests).expected
    most = Decimal(last_volume(stairs.share.expected, int(working)))
    tokens = _tokens(load) * most / load.requests
    return PerMtok(way, reserved, way.bill.usd(most).expected / tokens, stairs.used(load.requests).expected)


def _later(ways: Sequence[Way], load: Workload) -> list[Later]:
    if load.growth is None or load.planning_months is None or load.growth == 1:
        return []
    months = [*range(0, load.planning_months, MONTHS_PER_YEAR), load.planning_months]
    grown = [(m, load.grown(m).requests) for m in dict.fromkeys(months)]
    return [Later(m, requests, tuple(way.bill.usd(requests) for way in ways)) for m, requests in grown if requests <= MOST_VOLUME]
