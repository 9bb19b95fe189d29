"""
Estimated speeds: the table that `tools/estimate_throughput.py` made (`data/sizing/estimates.csv`), with its origin beside it.

In: folders. Out: one record a row. All problems of a table are reported at once, with file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

from pydantic import Field

from advisor import records
from advisor.catalogue.claims import Grade
from advisor.catalogue.files import Record, Text
from advisor.errors import BrokenInput, Problem, shortened
from advisor.strict_yaml import Document

COLUMNS = (
    "model", "estimated_on", "precision", "hardware", "gpus", "engine", "input_tokens", "output_tokens", "ttft_limit_ms", "tpot_limit_ms",
    "users", "output_tokens_per_s", "tokens_per_s_per_user", "mode", "note",
)  # fmt: skip
KEY = 10
"""So many cells say what is estimated; no two rows share them."""
PRECISIONS = frozenset({"bf16", "fp8", "nvfp4", "mxfp4", "int4"})
MODES = frozenset({"SILICON", "HYBRID"})
"""All kernels from timed tables; or some from formulas where the tables have gaps."""
AGAIN = "Run tools/estimate_throughput.py."


class LeftOut(Record):
    """What the estimator says and is not believed, or what it cannot say."""

    what: str
    why: str


class EstimatesFile(Record):
    """Which tool made the table, when and how."""

    package: str
    version: str
    made_on: date
    command: str
    rows: int = Field(ge=0)
    """How many rows were written, so that a table that lost some is noticed."""
    source: str
    url: str = ""
    as_of: Text
    grade: Grade
    note: str = ""
    left_out: list[LeftOut] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One speed of a model on a machine, as a simulator of inference engines reckons it under limits of time."""

    model: str
    estimated_on: str
    """The checkpoint whose configuration was used: the model itself, or one of the same shape."""
    precision: str
    hardware: str
    gpus: int
    engine: str
    input_tokens: int
    output_tokens: int
    ttft_limit_ms: int
    tpot_limit_ms: int
    users: int
    """Requests at once on the whole machine."""
    output_tokens_per_s: Decimal
    """Of the whole machine, input not counted."""
    tokens_per_s_per_user: Decimal
    mode: str
    note: str
    source: str
    as_of: str
    grade: Grade
    evidence: str = "estimated"


def load_estimates(roots: Sequence[Path]) -> tuple[Estimate, ...]:
    """Every estimate of the folders; of two for the same machine, shape and limits that of the later folder. Raises BrokenInput."""
    steps = [partial(_table, root / "sizing", d) for root in roots for d in records.documents([root], "sizing/estimates.yaml")]
    found: dict[tuple[object, ...], Estimate] = {}
    for table in records.gathered(steps):
        found |= {(e.model, e.estimated_on, e.precision, e.hardware, e.gpus, e.engine, *_limits(e)): e for e in table}
    return tuple(found.values())


def _limits(e: Estimate) -> tuple[object, ...]:
    return (e.input_tokens, e.output_tokens, e.ttft_limit_ms, e.tpot_limit_ms)


def _table(folder: Path, document: Document) -> list[Estimate]:
    origin = records.checked(EstimatesFile, document)
    name = f"{document.path.removesuffix('.yaml')}.csv"
    rows = _rows(folder / "estimates.csv", name, origin.rows)
    problems = [problem for line, cells in enumerate(rows, 2) for problem in _wrong(name, line, cells)]
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in enumerate(rows, 2):
        if (first := seen.setdefault(tuple(cells[:KEY]), line)) != line:
            problems.append(Problem(name, line, cells[0], f"says the same machine and shape as line {first}", "Keep one of the rows."))
    if problems:
        raise BrokenInput(problems)
    return [_estimate(cells, origin) for cells in rows]


def _rows(path: Path, name: str, count: int) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BrokenInput([Problem(name, 0, "", f"cannot be read: {error}", AGAIN)]) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise BrokenInput([Problem(name, 1, "", f"the columns are not {', '.join(COLUMNS)}", AGAIN)])
    del rows[0]
    problems = [
        Problem(name, line, row[0] if row else "", f"has {len(row)} cells where {len(COLUMNS)} are due", AGAIN)
        for line, row in enumerate(rows, 2)
        if len(row) != len(COLUMNS)
    ]
    if len(rows) != count:
        what = f"has {len(rows)} rows where {count} were written: rows were lost or added by hand"
        problems.append(Problem(name, len(rows) + 1, "", what, AGAIN))
    if problems:
        raise BrokenInput(problems)
    return rows


def _wrong(name: str, line: int, cells: Sequence[str]) -> Iterator[Problem]:
    for column, cell in zip(COLUMNS, cells, strict=True):
        check, due = CHECKS.get(column, (bool, "a text"))
        if column != "note" and not check(cell):
            yield Problem(name, line, f"{cells[0]}, {column}", f"{shortened(cell)} is not {due}", AGAIN)


def _is_count(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal() and int(cell) > 0


def _is_rate(cell: str) -> bool:
    try:
        rate = Decimal(cell)
    except InvalidOperation:
        return False
    return rate.is_finite() and rate > 0


_COUNT: tuple[Callable[[str], bool], str] = (_is_count, "a whole number above 0")
_RATE: tuple[Callable[[str], bool], str] = (_is_rate, "a number above 0")
CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    **dict.fromkeys(("gpus", "input_tokens", "output_tokens", "ttft_limit_ms", "tpot_limit_ms", "users"), _COUNT),
    **dict.fromkeys(("output_tokens_per_s", "tokens_per_s_per_user"), _RATE),
    "precision": (PRECISIONS.__contains__, f"one of {', '.join(sorted(PRECISIONS))}"),
    "mode": (MODES.__contains__, f"one of {', '.join(sorted(MODES))}"),
}


def _estimate(cells: Sequence[str], origin: EstimatesFile) -> Estimate:
    model, on, precision, hardware, gpus, engine, given, produced, ttft, tpot, users, rate, each, mode, note = cells
    return Estimate(
        model, on, precision, hardware, int(gpus), engine, int(given), int(produced), int(ttft), int(tpot), int(users), Decimal(rate),
        Decimal(each), mode, note, origin.source, origin.as_of, origin.grade,
    )  # fmt: skip
