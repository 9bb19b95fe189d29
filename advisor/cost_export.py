"""
Costs for machines: the document `costs/1`. Money is a decimal string; what was drawn is a number, worked out in float64.

The expected amount of a line is the product of its inputs, each `expected` × `scale`, or `scale` ÷ `expected` where it divides. So are the
low and the high end, of the ends of the inputs; the low end divides by `high`, the high end by `low`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from advisor.catalogue.meters import PROCESSING
from advisor.catalogue.prices import Range
from advisor.cost.draws import Driver, Percentiles
from advisor.cost.inputs import Input
from advisor.cost.lines import Line, money
from advisor.cost.workload import Workload
from advisor.export import digests, line
from advisor.recommendation import Ranked, Recommendation
from advisor.sizing_words import load_problem, too_long, without_too_long
from advisor.three_ways import HoursRow, Pair, Point, ThreeWays, Way

SCHEMA = "costs/1"


def document(result: Recommendation, three: ThreeWays | None, shown: Sequence[Ranked]) -> dict[str, object]:
    """The lines of the options, and the ways side by side where the load is known and can be compared."""
    kept, left_out = without_too_long(three) if three else (None, [])
    wrong = load_problem(three.load) if three else "the number or the size of requests is not known"
    if three and not kept:
        wrong = wrong or " ".join(left_out)
    return {
        "schema": SCHEMA,
        "as_of": str(result.as_of),
        "figures": result.figures,
        "digests": digests(result),
        "options": [_option(three, ranked) for ranked in shown],
        "load": load(three.load) if three else None,
        "nothing_to_compare": wrong or None,
        "left_out": left_out,
        **(_compared(kept) if kept and not wrong else _compared(None)),
    }


def _option(three: ThreeWays | None, ranked: Ranked) -> dict[str, object]:
    cost = three.costing.cost(ranked.option) if three else ranked.cost
    why_not = too_long(three, ranked) if three else ""
    return {
        "id": ranked.option.id,
        "standing": ranked.standing,
        "usd_per_month": _money(cost.usd) if cost.usd and not why_not else None,
        "missing": why_not or cost.missing,
        "notes": list(cost.notes),
        "lines": [_line(x) for x in cost.lines],
    }


def _line(item: Line) -> dict[str, object]:
    return {**line(item), "inputs": [factor(x) for x in item.inputs]}


def factor(item: Input) -> dict[str, object]:
    """One factor of a line."""
    drawn = {"drawn_low": _plain(item.drawn.low), "drawn_high": _plain(item.drawn.high)} if item.drawn else {}
    return {
        "name": item.name,
        **_range(item.range),
        "unit": item.form,
        "scale": _plain(item.scale),
        "divides": item.divides,
        "source": item.source,
        **drawn,
    }


# ---------------------------------------------------------------------- the ways side by side
def _compared(three: ThreeWays | None) -> dict[str, object]:
    """Empty where nothing is compared, so that the keys are always there."""
    if three is None:
        lists = ("ways", "curve", "break_even", "hours", "per_mtok", "processing", "payments", "later")
        return {key: [] for key in lists} | {"draws": 0, "seed": None}
    return {
        "ways": [_way(three, way) for way in three.ways],
        "curve": [{"option": name, **_point(point)} for name, points in three.curves.items() for point in points],
        "break_even": [_pair(pair) for pair in three.pairs],
        "hours": [_hours(row) for row in three.hours],
        "per_mtok": [
            {"option": row.way.id, "usd_reserved": _rounded(row.reserved), "usd_full": _rounded(row.full), "used": _rounded(row.used)}
            for row in three.per_mtok
        ],
        "processing": [
            {"option": p.way.id, **{name: _money(usd) if usd else None for name, usd in zip(PROCESSING, p.usd, strict=True)}}
            for p in three.processing
        ],
        "payments": [{"paid": row.words, "usd_per_month": _money(row.usd), "source": row.source} for row in three.payments],
        "later": [
            {"months": row.months, "requests_per_month": _plain(row.requests), "usd_per_month": [_money(usd) for usd in row.usd]}
            for row in three.later
        ],
        "draws": three.draws,
        "seed": three.seed,
        "drawn_in": "float64",
    }  # fmt: skip


def load(item: Workload) -> dict[str, object]:
    """The load and the rates that follow from it."""
    return {
        "requests_per_month": _plain(item.requests),
        "input_tokens_per_request": _plain(item.input_tokens),
        "output_tokens_per_request": _plain(item.output_tokens),
        "longest_input_tokens": None if item.longest_input is None else _plain(item.longest_input),
        "cached_share": None if item.cached_share is None else _plain(item.cached_share),
        "batch_share": None if item.batch_share is None else _plain(item.batch_share),
        "hours_of_use_per_month": _range(item.hours),
        "peak_factor": _range(item.peak),
        "requests_per_second": {"average_hour": _rates(item.average_rps), "busiest_hour": _rates(item.peak_rps)},
        "growth_per_year": None if item.growth is None else _plain(item.growth),
        "planning_months": item.planning_months,
    }


def _way(three: ThreeWays, way: Way) -> dict[str, object]:
    point, stairs = three.now[way.id], way.bill.stairs
    return {
        "id": way.id,
        "name": way.ranked.option.name,
        "mode": way.mode,
        "standing": way.ranked.standing,
        "allowed": way.allowed,
        "chosen": way.chosen,
        "usd_per_month": None if way.bill.missing else _money(point.usd),
        "missing": way.bill.missing,
        "percentiles": None if way.bill.missing else _percentiles(point.drawn),
        "drivers": _drivers(three.drivers.get(way.id, ())),
        "machines": _range(stairs.machines(three.load.requests)) if stairs else None,
        "used": _rounded(stairs.used(three.load.requests).expected) if stairs else None,
    }


def _point(point: Point) -> dict[str, object]:
    return {"requests_per_month": point.requests, **_money(point.usd), **_percentiles(point.drawn)}


def _pair(pair: Pair) -> dict[str, object]:
    """Volumes in requests a month; null: not reached up to the limit."""
    return {
        "own": pair.own.id,
        "service": pair.service.id,
        "same_model": pair.same_model,
        "first": pair.expected.first,
        "for_good": pair.expected.for_good,
        "limit": pair.expected.limit,
        "percentiles": _percentiles(pair.drawn),
        "reached": round(pair.reached, 4),
        "cheaper_now": round(pair.cheaper_now, 4),
        "drivers": _drivers(pair.drivers),
    }


def _hours(row: HoursRow) -> dict[str, object]:
    return {
        "hours_a_day": row.hours,
        "machines": _plain(row.machines),
        "usd_always_on": money(row.always_on),
        "usd_switched_off": money(row.switched_off),
        "no_dearer_from": row.first,
    }


# ---------------------------------------------------------------------- figures
def _drivers(found: Sequence[Driver]) -> list[dict[str, object]]:
    return [{"name": driver.name, "share": round(driver.share, 4)} for driver in found]


def _percentiles(found: Percentiles) -> dict[str, float | None]:
    values = {"p10": found.p10, "p50": found.p50, "p90": found.p90}
    return {name: round(value, 2) if math.isfinite(value) else None for name, value in values.items()}


def _money(usd: Range) -> dict[str, str]:
    return {"low": money(usd.low), "expected": money(usd.expected), "high": money(usd.high)}


def _range(span: Range) -> dict[str, str]:
    return {"low": _plain(span.low), "expected": _plain(span.expected), "high": _plain(span.high)}


def _rates(span: Range) -> dict[str, str]:
    return {side: f"{getattr(span, side):.6g}" for side in ("low", "expected", "high")}


def _plain(value: Decimal) -> str:
    """As it is, without an exponent or zeros that say nothing."""
    return f"{value.normalize():f}"


def _rounded(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"
