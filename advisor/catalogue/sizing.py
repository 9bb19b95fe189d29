"""
Measured speeds, staff and running costs: `data/sizing/*.yaml`, for the self-hosting cost model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from advisor import records
from advisor.catalogue.claims import Grade
from advisor.catalogue.files import Id, Record, Text
from advisor.errors import NotFound

Precision = Literal["bf16", "fp8", "nvfp4", "mxfp4", "int4"]


class ThroughputPoint(Record):
    """One measured speed of a model on a machine."""

    id: str
    model: Id
    measured_on: str
    precision: Precision
    hardware: Id
    gpus: int = Field(gt=0)
    input_tokens: int = Field(gt=0)
    output_tokens: int = Field(gt=0)
    output_tokens_per_s: Decimal = Field(gt=0)
    """Of the whole machine, input not counted."""
    scenario: Literal["offline", "server"]
    """`offline`: everything queued, no latency limit, an upper bound; `server`: with a latency limit."""
    latency: str = ""
    evidence: str = Field(alias="class")
    source: str
    url: str = ""
    as_of: Text = ""
    note: str = ""


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


class _Points(Record):
    points: list[ThroughputPoint]


class _Factors(Record):
    figures: list[Figure] = Field(default_factory=list)
    context_points: list[ContextPoint] = Field(default_factory=list)


@dataclass(frozen=True)
class Sizing:
    """What is known of speeds, memory and running costs."""

    points: Sequence[ThroughputPoint]
    context_points: Sequence[ContextPoint]
    figures: Mapping[str, Figure]

    def figure(self, figure_id: str) -> Figure:
        if figure_id not in self.figures:
            raise NotFound("sizing figure", figure_id, self.figures)
        return self.figures[figure_id]


def load_sizing(roots: Sequence[Path]) -> Sizing:
    """The sizing data of the folders; a later folder wins by id. Raises BrokenInput."""
    points: dict[str, ThroughputPoint] = {}
    contexts: list[ContextPoint] = []
    figures: dict[str, Figure] = {}
    for document in records.documents(roots, "sizing/*.yaml"):
        if isinstance(document.data, dict) and "points" in document.data:
            points |= {p.id: p for p in records.checked(_Points, document).points}
            continue
        file = records.checked(_Factors, document)
        contexts += file.context_points
        figures |= {f.id: f for f in file.figures}
    return Sizing(tuple(points.values()), tuple(contexts), figures)
