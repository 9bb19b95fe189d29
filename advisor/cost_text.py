"""
Costs as text for a terminal and as CSV: the ways side by side, and the lines of each option.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from advisor.cost.lines import Cost, money, spread
from advisor.cost_words import (
    EXPECTED_WORDS,
    Table,
    curve_table,
    drivers_table,
    hours_rows,
    later_rows,
    pair_words,
    pairs,
    payments_rows,
    per_mtok_rows,
    processing_rows,
    summary,
    ways_table,
)
from advisor.lines import WIDTH, bullet, section, wrapped
from advisor.recommendation import Ranked
from advisor.sizing_words import load_problem, load_rows, memory_rows, too_long, utilisation_words, without_too_long
from advisor.three_ways import Point, ThreeWays
from advisor.wording import STANDING_WORDS

NO_COMPARISON = "Nothing to compare: the number or the size of requests is not known."
HEADER = 18
"""Letters of the name of a column on one line."""


def costs(three: ThreeWays | None, shown: Sequence[Ranked]) -> str:
    """The ways side by side, then every line of every option."""
    lines = side_by_side(three) if three else [wrapped(NO_COMPARISON)]
    for ranked in shown:
        cost = three.costing.cost(ranked.option) if three else ranked.cost
        head = wrapped(f"{ranked.option.name} ({STANDING_WORDS[ranked.standing]})", 0, 2)
        why_not = too_long(three, ranked) if three else ""
        lines += ["", head, f"  {ranked.option.id}", *([bullet(why_not)] if why_not else line_bullets(cost))]
    return "\n".join(lines if shown else [*lines, "", "No option to show costs for."])


def line_bullets(cost: Cost) -> list[str]:
    """The lines of a cost with formulas and sources, their sum, and what else to know."""
    lines = [bullet(f"{x.label}: {spread(x.usd)} = {x.formula} ({x.source})") for x in cost.lines]
    return [*lines, bullet(f"Together: {cost.words}"), *(bullet(note) for note in cost.notes)]


def side_by_side(three: ThreeWays) -> list[str]:
    """Everything that is compared; only what is wrong where the load cannot be compared."""
    wrong = load_problem(three.load)
    if wrong:
        return [wrapped(f"Nothing to compare: {wrong}")]
    kept, left_out = without_too_long(three)
    said = [wrapped(words) for words in left_out]
    return [*said, *_compared(kept)] if kept else said


def _compared(three: ThreeWays) -> list[str]:
    lines = [wrapped(summary(three))]
    for table in (load_rows(three), ways_table(three)):
        lines += laid_out(table)
    lines += ["", wrapped(EXPECTED_WORDS)]
    lines += section("From which volume on machines pay off", [bullet(pair_words(three, pair)) for pair in pairs(three)])
    for table in (curve_table(three), drivers_table(three), memory_rows(three)):
        lines += laid_out(table)
    busy = utilisation_words(three)
    lines += ["", wrapped(busy)] if busy else []
    for table in (hours_rows(three), per_mtok_rows(three), processing_rows(three), payments_rows(three), later_rows(three)):
        lines += laid_out(table)
    return lines


# ---------------------------------------------------------------------- tables
def laid_out(table: Table) -> list[str]:
    """A table under its title: in columns where they fit the width, else each row as a list of what its cells are."""
    if not table.rows:
        return []
    widths = [max(_header_width(name), *(len(row[n]) for row in table.rows)) for n, name in enumerate(table.columns)]
    if sum(widths) + 2 * len(widths) <= WIDTH:
        body = [_in_columns(row, widths) for row in [*_header(table.columns, widths), *table.rows]]
    else:
        body = [line for row in table.rows for line in _as_list(table.columns, row)]
    return ["", *wrapped(table.title).splitlines(), "-" * min(WIDTH, len(table.title)), *body]


def _header_width(name: str) -> int:
    """A long name of a column goes on several lines."""
    return max(min(len(name), HEADER), *map(len, name.split()))


def _header(columns: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """Names of columns as rows, their last lines above the first figures."""
    names = [wrapped(name, width=width).splitlines() for name, width in zip(columns, widths, strict=True)]
    most = max(map(len, names))
    return list(zip(*([""] * (most - len(name)) + name for name in names), strict=True))


def _in_columns(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first cell on the left, figures on the right."""
    cells = [cell.ljust(width) if n == 0 else cell.rjust(width) for n, (cell, width) in enumerate(zip(row, widths, strict=True))]
    return f"  {'  '.join(cells)}".rstrip()


def _as_list(columns: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    head, *rest = row
    if len(rest) <= 2:
        yield wrapped(f"{head}: {'; '.join(rest)}", 2, 4)
        return
    yield wrapped(f"{columns[0]}: {head}", 2, 4)
    yield from (wrapped(f"{name}: {cell}", 4, 7) for name, cell in zip(columns[1:], rest, strict=True))


# ---------------------------------------------------------------------- CSV
def costs_csv(three: ThreeWays | None, shown: Sequence[Ranked]) -> str:
    """One row a cost line."""
    head = ("option", "standing", "line", "low_usd_per_month", "expected_usd_per_month", "high_usd_per_month", "formula", "source")
    rows: list[Sequence[str]] = []
    for ranked in shown:
        cost = three.costing.cost(ranked.option) if three else ranked.cost
        for x in cost.lines:
            ends = (money(x.usd.low), money(x.usd.expected), money(x.usd.high))
            rows.append((ranked.option.id, ranked.standing, x.label, *ends, x.formula, x.source))
    return _written([head, *rows])


def volumes_csv(three: ThreeWays) -> str:
    """One row a volume and way; without amounts where the sum is not complete."""
    head = (
        "requests_per_month", "option", "standing", "low_usd_per_month", "expected_usd_per_month", "high_usd_per_month",
        "p10_usd_per_month", "p50_usd_per_month", "p90_usd_per_month", "missing",
    )  # fmt: skip
    rows: list[Sequence[str]] = []
    for way in three.ways:
        named = (way.id, way.ranked.standing)
        for point in three.curves.get(way.id, ()):
            rows.append((str(point.requests), *named, *_amounts(point), ""))
        if way.bill.missing:
            rows.append(("", *named, *[""] * 6, way.bill.missing))
    return _written([head, *rows])


def _amounts(point: Point) -> tuple[str, ...]:
    drawn = (f"{value:.2f}" for value in (point.drawn.p10, point.drawn.p50, point.drawn.p90))
    return (money(point.usd.low), money(point.usd.expected), money(point.usd.high), *drawn)


def _written(rows: Iterable[Sequence[str]]) -> str:
    """Cells that a spreadsheet could take for a formula are quoted with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
    return buffer.getvalue()
