"""
The costs in a memo: ways of running side by side, break-even, ranges, sizing. Sentences and tables are those of the page.
"""

from __future__ import annotations

import math
from decimal import Decimal

from advisor import cost_words as words
from advisor import sizing_words as sizing
from advisor.cost.draws import Percentiles
from advisor.cost.lines import money
from advisor.cost.option import NO_LOAD
from advisor.cost.workload import workload
from advisor.recommendation import Recommendation
from advisor.three_ways import Pair, ThreeWays, Way, three_ways
from advisor.wording import STANDING_WORDS


def costs(result: Recommendation) -> dict[str, object]:
    """Plain data; only `missing` where no cost can be worked out."""
    load = workload(result.answers)
    missing = sizing.load_problem(load) if load else f"Not known: {NO_LOAD}."
    if missing:
        return {"missing": missing}
    whole = three_ways(result)
    three, left_out = sizing.without_too_long(whole) if whole else (None, [])
    if three is None or not three.ways:
        return {"missing": " ".join(left_out) or "No option has a cost that is known in full."}
    return {
        "summary": words.summary(three),
        "left_out": left_out,
        "method": words.method_words(three),
        "draws": three.draws,
        "seed": three.seed,
        "ways": [_way(three, way) for way in three.ways],
        "break_even": [_pair(three, pair) for pair in words.pairs(three)],
        "busy": sizing.utilisation_words(three),
        "tables": [
            {"title": table.title, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
            for table in _tables(three)
            if table.rows
        ],
    }


def _tables(three: ThreeWays) -> list[words.Table]:
    return [
        words.ways_table(three),
        words.lines_table(three),
        words.curve_table(three),
        words.drivers_table(three),
        sizing.load_rows(three),
        sizing.memory_rows(three),
        words.per_mtok_rows(three),
        words.hours_rows(three),
        words.processing_rows(three),
        words.payments_rows(three),
        words.later_rows(three),
    ]


def _way(three: ThreeWays, way: Way) -> dict[str, object]:
    point = three.now[way.id]
    known = {side: money(getattr(point.usd, side)) for side in ("low", "expected", "high")}
    return {
        "letter": words.letter(three, way),
        "id": way.id,
        "name": way.ranked.option.name,
        "mode": way.mode,
        "standing": STANDING_WORDS[way.ranked.standing],
        "chosen": way.chosen,
        "usd_per_month": None if way.bill.missing else known,
        "known_usd_per_month": known,
        "missing": way.bill.missing,
        "drawn_usd_per_month": None if way.bill.missing else _percentiles(point.drawn),
    }


def _pair(three: ThreeWays, pair: Pair) -> dict[str, object]:
    return {
        "own": pair.own.id,
        "service": pair.service.id,
        "same_model": pair.same_model,
        "requests_per_month": pair.expected.first,
        "for_good_requests_per_month": pair.expected.for_good,
        "searched_up_to": pair.expected.limit,
        "drawn_requests_per_month": _percentiles(pair.drawn),
        "reached_share": round(pair.reached, 4),
        "text": words.pair_words(three, pair),
    }


def _percentiles(found: Percentiles) -> dict[str, str | None]:
    """None: not reached."""
    sides = {"p10": found.p10, "p50": found.p50, "p90": found.p90}
    return {name: money(Decimal(str(value))) if math.isfinite(value) else None for name, value in sides.items()}
