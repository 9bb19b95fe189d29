"""
Measured and estimated speeds, staff and running costs: `data/sizing/`, for the self-hosting cost model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from advisor import records
from advisor.catalogue.claims import Grade
from advisor.catalogue.estimates import Estimate, load_estimates
from advisor.catalogue.files import Id, Record, SourceFile, Text
from advisor.errors import BrokenInput, NotFound
from advisor.strict_yaml import Document

Precision = Literal["bf16", "fp8", "nvfp4", "mxfp4", "int4"]
MachineKey = tuple[str, str, str]
"""Model, kind of GPU, precision."""
NO_LENGTHS = "unknown"
BESIDE = "estimates.yaml"
"""Says where the table of estimates is from; read with the table."""
_LENGTHS = re.compile(r"[1-9]\d*/[1-9]\d*")


class MeasuredSeries(Record):
    """Published speeds of a model on a machine, at one or more lengths of input and output."""

    model: Id
    same_shape: list[Id] = Field(default_factory=list)
    """Models with the same layers, for which the figures stand too."""
    measured_on: str
    precision: Precision
    hardware: Id
    gpus: int = Field(gt=0)
    engine: str = ""
    scenario: Literal["offline", "server"]
    """`offline`: everything queued, no latency limit, an upper bound; `server`: with a latency limit."""
    users: int | None = Field(default=None, gt=0)
    """Requests at once, where the source names them."""
    latency: str = ""
    output_tokens_per_s: dict[str, Decimal] = Field(min_length=1)
    """By lengths (`1000/500`, or `unknown`): of the whole machine, input not counted."""
    source: str = Field(min_length=1)
    url: str | None = None
    as_of: Text | None = None
    grade: Grade | None = None
    note: str = ""

    @field_validator("output_tokens_per_s")
    @classmethod
    def _by_lengths(cls, rates: dict[str, Decimal]) -> dict[str, Decimal]:
        for lengths, rate in rates.items():
            if lengths != NO_LENGTHS and not _LENGTHS.fullmatch(lengths):
                raise ValueError(f"{lengths} is not `input/output` in tokens, nor `{NO_LENGTHS}`")
            if not rate > 0:
                raise ValueError(f"the speed at {lengths} is not above 0")
        return rates


@dataclass(frozen=True, slots=True)
class ThroughputPoint:
    """One measured and published speed of a model on a machine."""

    id: str
    model: str
    measured_on: str
    precision: str
    hardware: str
    gpus: int
    engine: str
    input_tokens: int | None
    """None: the source does not say; such a point is shown and not calculated with."""
    output_tokens: int | None
    output_tokens_per_s: Decimal
    scenario: Literal["offline", "server"]
    users: int | None
    latency: str
    source: str
    url: str
    as_of: str
    grade: Grade
    note: str
    evidence: str = "measured-published"


class ContextPoint(Record):
    """The longest input measured for a model on a machine."""

    model: Id
    hardware: Id
    gpus: int = Field(gt=0)
    precision: Precision
    tokens: int = Field(gt=0)
    source: str
    url: str = ""
    as_of: Text = ""
    grade: Grade
    note: str = ""


class Figure(Record):
    """One figure with its range."""

    id: str
    low: Decimal
    expected: Decimal
    high: Decimal
    unit: str
    source: str
    url: str = ""
    as_of: Text = ""
    grade: Grade
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.expected <= self.high:
            raise ValueError(f"{self.id} must rise from low to expected to high")
        return self


class _Measured(Record):
    sources: dict[str, SourceFile] = Field(default_factory=dict)
    measured: list[MeasuredSeries]


class _Factors(Record):
    figures: list[Figure] = Field(default_factory=list)
    context_points: list[ContextPoint] = Field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Sizing:
    """What is known of speeds, memory and running costs. Equal to itself alone, so that what was worked out from it is found again."""

    points: Sequence[ThroughputPoint]
    context_points: Sequence[ContextPoint]
    figures: Mapping[str, Figure]
    estimates: Sequence[Estimate] = ()

    def figure(self, figure_id: str) -> Figure:
        if figure_id not in self.figures:
            raise NotFound("sizing figure", figure_id, self.figures)
        return self.figures[figure_id]

    @cached_property
    def measured_by_machine(self) -> Mapping[MachineKey, Sequence[ThroughputPoint]]:
        """Points with known lengths, by model, kind of GPU and precision."""
        found: dict[MachineKey, list[ThroughputPoint]] = defaultdict(list)
        for point in self.points:
            if point.input_tokens and point.output_tokens:
                found[point.model, point.hardware, point.precision].append(point)
        return found

    @cached_property
    def estimated_by_machine(self) -> Mapping[MachineKey, Sequence[Estimate]]:
        """Estimates, by model, kind of GPU and precision."""
        found: dict[MachineKey, list[Estimate]] = defaultdict(list)
        for estimate in self.estimates:
            found[estimate.model, estimate.hardware, estimate.precision].append(estimate)
        return found


def load_sizing(roots: Sequence[Path]) -> Sizing:
    """The sizing data of the folders; a later folder wins by id. Raises BrokenInput."""
    points: dict[str, ThroughputPoint] = {}
    contexts: list[ContextPoint] = []
    figures: dict[str, Figure] = {}
    for document in records.documents(roots, "sizing/*.yaml"):
        if Path(document.path).name == BESIDE:
            continue
        if isinstance(document.data, dict) and "measured" in document.data:
            points |= {p.id: p for p in _points(document)}
            continue
        file = records.checked(_Factors, document)
        contexts += file.context_points
        figures |= {f.id: f for f in file.figures}
    return Sizing(tuple(points.values()), tuple(contexts), figures, load_estimates(roots))


def _points(document: Document) -> Iterator[ThroughputPoint]:
    """Every figure of every series, for its model and those of the same shape."""
    file = records.checked(_Measured, document)
    seen: dict[str, int] = {}
    for number, series in enumerate(file.measured):
        base = file.sources.get(series.source)
        grade = series.grade or (base.grade if base else None)
        if grade is None:
            what = f"{series.source} is none of the file's sources and carries no grade"
            move = "Add it to `sources`, or write `as_of` and `grade` beside it."
            raise BrokenInput([document.problem(("measured", number), what, move)])
        for model in (series.model, *series.same_shape):
            for lengths, rate in series.output_tokens_per_s.items():
                point = _point(series, base, grade, model, lengths, rate)
                if seen.setdefault(point.id, number) != number:
                    what = f"{point.id} is written twice"
                    raise BrokenInput([document.problem(("measured", number), what, "Keep one of the two.")])
                yield point


def _point(series: MeasuredSeries, base: SourceFile | None, grade: Grade, model: str, lengths: str, rate: Decimal) -> ThroughputPoint:
    given, produced = (None, None) if lengths == NO_LENGTHS else map(int, lengths.split("/"))
    name = f"{series.source}-{model}-{series.gpus}x{series.hardware}-{series.precision}-{lengths.replace('/', '-')}-{series.scenario}"
    limits = f"-{series.users}u" if series.users else f"-{series.latency}" if series.latency else ""
    return ThroughputPoint(
        f"{name}{limits}", model, series.measured_on, series.precision, series.hardware, series.gpus, series.engine, given, produced, rate,
        series.scenario, series.users, series.latency, (base.name or series.source) if base else series.source,
        series.url if series.url is not None else base.url if base else "",
        series.as_of if series.as_of is not None else base.as_of if base else "", grade, series.note,
    )  # fmt: skip
