"""
The words of a comparison of costs: sentences and tables for page, memo and command line, from one ThreeWays.

A way is called by a letter, so that a chart, a table and a sentence speak of the same one. How the load is sized: `sizing_words`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.cost.breakeven import MOST_REQUESTS
from advisor.cost.draws import Driver
from advisor.cost.lines import Cost, dollars, spread
from advisor.rulebook.english import joined
from advisor.three_ways import SELF, Pair, Point, ThreeWays, Way
from advisor.wording import MODE_WORDS, STANDING_WORDS

LETTERS = "ABCD"
SHORT_MODE = {"closed-api": "closed API", "hosted-open": "hosted", "self-hosted": "self-hosted"}
CLOSE = Decimal("0.1")
"""Differences below this share of the cheaper cost decide nothing: the figures are not that exact."""
SURE = 0.9
"""Share of random draws that must agree before money is said to decide."""
MILLION = 10**6
BARRED = {"unconfirmed": " (not confirmed)", "excluded": " (ruled out)"}
"""Marks a way that may not be used wherever its cost stands beside others."""
EXPECTED_WORDS = (
    "Expected takes each input at its most likely value; low and high take all of them at their ends. The draws let inputs vary on their "
    "own. Many can be far higher and only a little lower, so most draws cost more than expected."
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under columns, and what the table shows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# ---------------------------------------------------------------------- numbers and names
def count_words(value: Decimal | float) -> str:
    """A number of requests as people read it: `3.1 million`, `42,000`."""
    if value >= 100 * MILLION or (value >= MILLION and value % MILLION == 0):
        return f"{value / MILLION:,.0f} million"
    return f"{value / MILLION:,.1f} million" if value >= MILLION else f"{value:,.0f}"


def share_words(share: Decimal | float) -> str:
    """A share in per cent; what is hardly there is not called nothing, nor almost all called everything."""
    per_cent = float(share) * 100
    if 0 < per_cent < 1:
        return "less than 1 %"
    return "more than 99 %" if 99 < per_cent < 100 else f"{per_cent:.0f} %"


def usd(value: float | Decimal) -> str:
    """A drawn sum of money."""
    return dollars(Decimal(str(value)))


def letter(three: ThreeWays, way: Way) -> str:
    return LETTERS[[other.id for other in three.ways].index(way.id)]


def short_label(three: ThreeWays, way: Way) -> str:
    """For a column or the end of a line: `A closed API`."""
    return f"{letter(three, way)} {SHORT_MODE[way.mode]}"


def way_name(three: ThreeWays, way: Way) -> str:
    """For a sentence."""
    return f"{letter(three, way)} ({way.ranked.option.model.name}, {MODE_WORDS[way.mode]})"


def draws_words(three: ThreeWays) -> str:
    """Stands wherever a drawn figure is shown."""
    return f"{three.draws:,} random draws in floating point, seed {three.seed}"


def method_words(three: ThreeWays) -> str:
    """How to read the figures of a month."""
    return f"{EXPECTED_WORDS} P10, P50 and P90: so much or less in 1, 5 and 9 of 10 of {draws_words(three)}."


# ---------------------------------------------------------------------- the finding
def summary(three: ThreeWays) -> str:
    """Which way is cheapest among what may be used, by how much, and whether money decides at all."""
    if three.load.requests <= 0:
        return "There are no requests in a month, so there is nothing to compare. The sums are what is paid all the same."
    whole = sorted((w for w in three.ways if not w.bill.missing), key=lambda w: (_expected(three, w), w.id))
    usable = [way for way in whole if way.allowed]
    parts = [_usable(three, usable)] if usable else [_none_usable(three, whole)]
    if usable:
        parts += _cheaper_but(three, [w for w in whole if not w.allowed and _expected(three, w) < _expected(three, usable[0])])
    parts += [f"The cost of {way_name(three, way)} is not known in full: {way.bill.missing}." for way in three.ways if way.bill.missing]
    return " ".join(parts)


def _expected(three: ThreeWays, way: Way) -> Decimal:
    return three.now[way.id].usd.expected


def _usable(three: ThreeWays, usable: Sequence[Way]) -> str:
    first, *others = usable
    cost = f"{dollars(_expected(three, first))} a month"
    if not others:
        return f"Of the ways shown only {way_name(three, first)} may be used: {cost}."
    gap = _expected(three, others[0]) - _expected(three, first)
    less = f"{dollars(gap)} or {share_words(gap / _expected(three, others[0]))} less than {way_name(three, others[0])}"
    found = f"Of what may be used {way_name(three, first)} costs least: {cost}, {less}."
    ties = {way.id: why for way in others if (why := _too_close(three, first, way))}
    if not ties:
        return f"{found} It does so in at least 9 of 10 random draws, so by cost alone the order is clear."
    alike = joined([letter(three, way) for way in usable if way is first or way.id in ties], "and")
    return f"{found} Money alone does not decide between {alike}: {joined(list(dict.fromkeys(ties.values())), 'or')}."


def _too_close(three: ThreeWays, cheaper: Way, dearer: Way) -> str:
    """Why money does not decide between two ways; empty when it does."""
    low, high = _expected(three, cheaper), _expected(three, dearer)
    if high - low < CLOSE * high:
        return "the difference is below 10 %"
    agreeing = three.cheaper[cheaper.id, dearer.id]
    if agreeing < SURE:
        return f"only {share_words(agreeing)} of random draws agree"
    return ""


def _none_usable(three: ThreeWays, whole: Sequence[Way]) -> str:
    if not whole:
        return "None of the ways shown has a complete cost."
    cost = f"{dollars(_expected(three, whole[0]))} a month"
    return f"None of the ways shown may be used so far. By cost alone {way_name(three, whole[0])} would be the cheapest: {cost}."


def _cheaper_but(three: ThreeWays, barred: Sequence[Way]) -> list[str]:
    """The ways that would cost less, by what stands against them."""
    found = []
    for standing in ("unconfirmed", "excluded"):
        named = [f"{way_name(three, way)}, {dollars(_expected(three, way))}" for way in barred if way.ranked.standing == standing]
        if named:
            verb = "is ruled out" if len(named) == 1 else "are ruled out"
            against = verb if standing == "excluded" else STANDING_WORDS[standing]
            found.append(f"{joined(named, 'and')}, would cost less but {against}.")
    return found


def barred_words(three: ThreeWays) -> str:
    """Which of the ways may not be used; empty when all may."""
    barred = [letter(three, way) for way in three.ways if not way.allowed]
    return f"So far {joined(barred, 'and')} may not be used." if barred else ""


# ---------------------------------------------------------------------- break-even
def pairs(three: ThreeWays) -> list[Pair]:
    """Each comparison of your own machines with a service, the same model first."""
    return sorted(three.pairs, key=lambda pair: not pair.same_model)


def pair_words(three: ThreeWays, pair: Pair) -> str:
    """From which volume on your own machines cost no more than a service, and how sure that is."""
    own, service = way_name(three, pair.own), way_name(three, pair.service)
    kind = "" if pair.same_model else " These are different models, so they differ in more than cost."
    barred = [letter(three, way) for way in (pair.own, pair.service) if not way.allowed]
    marks = f" So far {joined(barred, 'and')} may not be used." if barred else ""
    said = f"you said {count_words(three.load.requests)}"
    if pair.expected.first is None:
        limit = count_words(pair.expected.limit)
        text = f"{own} would cost no more than {service}: not reached up to {limit} requests a month ({said})."
    else:
        first = count_words(pair.expected.first)
        text = f"{own} would cost no more than {service} from {first} requests a month on; {said}.{_for_good(pair)}"
    return f"{text} {_drawn_volume(pair)}{kind}{marks}"


def _for_good(pair: Pair) -> str:
    """Where it becomes dearer again in between."""
    first, good = pair.expected.first, pair.expected.for_good
    if first == good:
        return ""
    again = " Beyond that, each further machine can make it dearer again"
    return f"{again}; from {count_words(good)} on it stays cheaper." if good is not None else f"{again}, and it does not stay cheaper."


def _drawn_volume(pair: Pair) -> str:
    """The break-even of the draws: as a range where it is reached in nearly all, else how often it is reached."""
    found = pair.drawn
    if math.isfinite(found.p90):
        between = f"between {count_words(found.p10)} and {count_words(found.p90)}"
        return f"In 8 of 10 draws that volume lies {between}, in half of them at or below {count_words(found.p50)}."
    limit = count_words(MOST_REQUESTS)
    if pair.reached == 0:
        return f"It is reached in none of the draws up to {limit}."
    tenth = f"; in 1 draw of 10 below {count_words(found.p10)}" if math.isfinite(found.p10) else ""
    return f"It is reached in {share_words(pair.reached)} of the draws up to {limit}{tenth}."


# ---------------------------------------------------------------------- how sure it is
def percentile_words(three: ThreeWays, way: Way) -> str:
    """Where the cost of a month lies in most draws."""
    if way.bill.missing:
        return f"{way_name(three, way)}: not known in full, {way.bill.missing}."
    found = three.now[way.id].drawn
    half = f"half of them at or below {usd(found.p50)}"
    return f"{way_name(three, way)}: in 8 of 10 draws between {usd(found.p10)} and {usd(found.p90)} a month, {half}."


def drivers_words(drivers: Sequence[Driver]) -> str:
    """The inputs that move an outcome most: of its spread, the share that follows each."""
    if not drivers:
        return "nothing, as no input that is uncertain changes it"
    return joined([f"{driver.name} ({share_words(driver.share)})" for driver in drivers], "and")


def drivers_table(three: ThreeWays) -> Table:
    """What drives each cost and each break-even most."""
    rows = [(f"Cost of {short_label(three, way)}", drivers_words(three.drivers[way.id])) for way in three.ways if way.id in three.drivers]
    for pair in pairs(three):
        what = f"Break-even of {letter(three, pair.own)} against {letter(three, pair.service)}"
        rows.append((what, drivers_words(pair.drivers) if pair.reached else "not reached in any draw"))
    title = f"What drives the figures most, with the share of the spread that follows it ({draws_words(three)})"
    return Table(title, ("Of", "Follows most"), tuple(rows))


# ---------------------------------------------------------------------- tables of the ways
def ways_table(three: ThreeWays) -> Table:
    """The ways side by side."""
    columns = ("Way", "Expected", "Low to high", "P10", "P50", "P90", "Standing", "Option", "Why this one")
    return Table(f"Cost a month of each way; P10 to P90 from {draws_words(three)}", columns, tuple(_way_row(three, w) for w in three.ways))


def _way_row(three: ThreeWays, way: Way) -> tuple[str, ...]:
    point = three.now[way.id]
    ends = f"{dollars(point.usd.low)} to {dollars(point.usd.high)}"
    money = [dollars(point.usd.expected), ends, *map(usd, (point.drawn.p10, point.drawn.p50, point.drawn.p90))]
    if way.bill.missing:
        money = [f"{dollars(point.usd.expected)} + unknown", f"{ends} + unknown", *["unknown"] * 3]
    name, standing = way.ranked.option.name, STANDING_WORDS[way.ranked.standing]
    return (short_label(three, way), *money, standing, name, way.chosen)


def lines_table(three: ThreeWays) -> Table:
    """The expected cost by kind of line, a column for each way."""
    costs = [cost_of(three, way) for way in three.ways]
    labels = list(dict.fromkeys(line.label for cost in costs for line in cost.lines))
    rows = [(label, *(_of_line(cost, label) for cost in costs)) for label in labels]
    together = [f"{dollars(c.known_usd.expected)} + unknown" if c.missing else dollars(c.known_usd.expected) for c in costs]
    return Table(
        "Expected cost a month by line, US dollars",
        ("Line", *(f"{short_label(three, way)}{BARRED.get(way.ranked.standing, '')}" for way in three.ways)),
        (*rows, ("Together", *together)),
    )


def cost_of(three: ThreeWays, way: Way) -> Cost:
    """The cost of a way at the load of this comparison, line by line."""
    return three.costing.cost(way.ranked.option)


def _of_line(cost: Cost, label: str) -> str:
    found = [line.usd.expected for line in cost.lines if line.label == label]
    return dollars(sum(found, Decimal(0))) if found else "–"


def curve_table(three: ThreeWays) -> Table:
    """Cost by volume, as the chart shows it: a row for each order of magnitude, the median of the draws and what 8 of 10 lie between."""
    shown = [way for way in three.ways if way.id in three.curves]
    points = list(zip(*(three.curves[way.id] for way in shown), strict=True))
    ends = {0, len(points) - 1}
    kept = [row for n, row in enumerate(points) if n in ends or _round(row[0].requests)]
    return Table(
        f"Cost a month by volume: the median, and in brackets P10 to P90, of {draws_words(three)}",
        ("Requests a month", *(short_label(three, way) for way in shown)),
        tuple((count_words(row[0].requests), *map(_point, row)) for row in kept),
    )


def _round(requests: int) -> bool:
    text = str(requests)
    return text == "1" + "0" * (len(text) - 1)


def _point(point: Point) -> str:
    return f"{usd(point.drawn.p50)} ({usd(point.drawn.p10)} to {usd(point.drawn.p90)})"


def per_mtok_rows(three: ThreeWays) -> Table:
    """Cost of a million tokens: what the load pays, and what full machines would."""
    rows = [
        (
            short_label(three, row.way),
            dollars(row.reserved),
            "–" if row.full is None else dollars(row.full),
            "–" if row.used is None else share_words(row.used),
        )
        for row in three.per_mtok
    ]
    title = "US dollars for a million tokens, input and output together"
    return Table(title, ("Way", "All that a month costs", "If the machines were full", "Share of their time in use"), tuple(rows))


def hours_rows(three: ThreeWays) -> Table:
    """The same requests a month in fewer hours a day."""
    service = any(way.allowed and way.mode != SELF and not way.bill.missing for way in three.ways)
    none = "not reached" if service else "no service may be used"
    rows = [
        (
            f"{row.hours}",
            f"{row.machines:.0f}",
            dollars(row.always_on),
            "–" if row.switched_off == row.always_on else dollars(row.switched_off),
            none if row.first is None else count_words(row.first),
        )
        for row in three.hours
    ]
    columns = ("Hours a day", "Machines", "Machines always on", "Rent stops outside the hours", "No dearer than a service you may use from")
    return Table("The self-hosted way when the same requests come in fewer hours of the day, cost a month", columns, tuple(rows))


def processing_rows(three: ThreeWays) -> Table:
    """The same tokens processed otherwise: slower for less, sooner for more."""
    rows = [(short_label(three, p.way), *(spread(usd) if usd else "no such price" for usd in p.usd)) for p in three.processing]
    columns = ("Way", "At once", "In batches, within a day", "When there is room (flex)", "First in line (priority)")
    return Table("Tokens of a month if all requests were processed one way", columns, tuple(rows))


def payments_rows(three: ThreeWays) -> Table:
    """Other ways to pay for the same machines."""
    rows = [(p.words, dollars(p.usd.expected), f"{dollars(p.usd.low)} to {dollars(p.usd.high)}", p.source) for p in three.payments]
    return Table("Other ways to pay for the same machines, cost a month", ("Paid", "Expected", "Low to high", "Source"), tuple(rows))


def later_rows(three: ThreeWays) -> Table:
    """The load as it grows."""
    shown = [way for way in three.ways if not way.bill.missing]
    rows = [(f"{row.months}", count_words(row.requests), *(dollars(u.expected) for u in row.usd)) for row in three.later]
    columns = ("Months from now", "Requests a month", *(short_label(three, way) for way in shown))
    return Table("Expected cost a month as the load grows", columns, tuple(rows))
