"""
Quality of a model for a set of tasks, on a fixed scale from 0 to 100, with what is not known.

Only benchmarks that speak to a task count, each by how far it is trusted. A missing result is never filled in: it widens the range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.catalogue.claims import COMPARISON, DOUBTFUL, Claim, day_of, expected, live
from advisor.catalogue.evidence import UNKNOWN, in_force
from advisor.catalogue.files import BenchmarkFile, FloorFile, ModelFile, Settlement, SourceFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.prices import COMPARISON_FIGURES
from advisor.possible import Members

ANY_TASK = "any"
MISSING_SPREAD = 28.0
"""
Points by which a range widens on each side when no benchmark at all is known; a part of them when some are missing.

Measured on the shipped catalogue of 2026-11-24: of models with three or more results for a task, nine in ten results lie within 27 to 29
points of the model's mean (35 for reasoning), so that is how far what is missing may pull.
"""


@dataclass(frozen=True, slots=True)
class Score:
    """One benchmark result on its own scale and on the quality scale."""

    benchmark: BenchmarkFile
    low: float
    expected: float
    high: float
    """On the quality scale."""
    claims: tuple[Claim, ...]
    used: Claim
    settled: str = ""
    """Who settled a dispute, when and why; empty when nobody did."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality of one model for some tasks."""

    low: float
    expected: float | None
    """None: no benchmark that speaks to any of the tasks is known."""
    high: float
    shown: float | None
    """What the results show for sure of what is missing: the mean less the spread of the missing ones. Options are ranked by it, so that
    one lucky result never beats a whole record."""
    coverage: float
    """Share of the wanted benchmarks, by trust, that is known."""
    scores: tuple[Score, ...]


def scores(
    model: ModelFile, benchmarks: Mapping[str, BenchmarkFile], sources: Mapping[str, SourceFile], as_of: date, figures: str
) -> list[Score]:
    """Every benchmark of a model with at least one result that counts."""
    found = []
    for benchmark in benchmarks.values():
        claims = all_claims(model, benchmark.id, sources)
        best = counted(claims, as_of, figures)
        if best is None:
            continue
        record = settled_score(model, benchmark.id, best, as_of, figures)
        if record:
            value = scaled(benchmark, float(str(record.value)))
            found.append(Score(benchmark, value, value, value, claims, best, record.words))
            continue
        values = [scaled(benchmark, float(str(c.value))) for c in countable(claims, as_of)]
        found.append(Score(benchmark, min(values), scaled(benchmark, float(str(best.value))), max(values), claims, best))
    return found


def settled_score(model: ModelFile, benchmark: str, best: Claim | None, as_of: date, figures: str) -> Settlement | None:
    """A curator's settlement of a result, if one counts. The figures of the comparison document stand as it wrote them."""
    if best is None or (figures == COMPARISON_FIGURES and best.grade == COMPARISON):
        return None
    return in_force(model.settled, as_of).get(benchmark)


def all_claims(model: ModelFile, benchmark: str, sources: Mapping[str, SourceFile]) -> tuple[Claim, ...]:
    """Every result of a model on a benchmark, counted or not."""
    return tuple(s.claim(sources) for s in model.scores if s.benchmark == benchmark)


def counted(claims: Sequence[Claim], as_of: date, figures: str) -> Claim | None:
    """The result to calculate with, if any counts."""
    alive = countable(claims, as_of)
    document = [c for c in alive if c.grade == COMPARISON]
    return document[0] if document and figures == COMPARISON_FIGURES else expected(alive, "score")


def countable(claims: Sequence[Claim], as_of: date) -> list[Claim]:
    """
    Live results of the model as people use it.

    One with a scope speaks of something else (its base model, another harness, a leak); a doubtful one is shown and not counted.
    The comparison document's figures always stay one possible value.
    """
    alive = live(claims, as_of, comparison=True)
    return [c for c in alive if not c.scope and c.value != UNKNOWN and (c.grade == COMPARISON or c.confidence != DOUBTFUL)]


def scaled(benchmark: BenchmarkFile, raw: float) -> float:
    """A raw result on the scale from 0 to 100."""
    zero, hundred = float(benchmark.zero), float(benchmark.hundred)
    return max(0.0, min(100.0, 100.0 * (raw - zero) / (hundred - zero)))


def quality(known: Sequence[Score], benchmarks: Mapping[str, BenchmarkFile], tasks: Sequence[str]) -> Quality:
    """The mean over the tasks of the trust-weighted mean over the benchmarks that speak to each."""
    parts = [_for_task(known, benchmarks, task) for task in tasks or (ANY_TASK,)]
    centres = [p.expected for p in parts if p.expected is not None]
    shown = [p.shown for p in parts if p.shown is not None]
    count = len(parts)
    return Quality(
        low=round(sum(p.low for p in parts) / count, 2),
        expected=round(sum(centres) / len(centres), 2) if centres else None,
        high=round(sum(p.high for p in parts) / count, 2),
        shown=round(sum(shown) / len(shown), 2) if shown else None,
        coverage=round(sum(p.coverage for p in parts) / count, 3),
        scores=tuple({s.benchmark.id: s for p in parts for s in p.scores}.values()),
    )


def _for_task(known: Sequence[Score], benchmarks: Mapping[str, BenchmarkFile], task: str) -> Quality:
    def speaks(benchmark: BenchmarkFile) -> bool:
        return ANY_TASK in benchmark.tasks or task in benchmark.tasks

    wanted = sum(float(b.trust) for b in benchmarks.values() if speaks(b))
    present = [s for s in known if speaks(s.benchmark)]
    weight = sum(float(s.benchmark.trust) for s in present)
    if not weight:
        return Quality(0.0, None, 100.0, None, 0.0, ())

    def mean(side: str) -> float:
        return sum(float(s.benchmark.trust) * float(getattr(s, side)) for s in present) / weight

    coverage = weight / wanted
    spread = MISSING_SPREAD * (1 - coverage)
    low, centre, high = mean("low") - spread, mean("expected"), mean("high") + spread
    return Quality(max(0.0, low), centre, min(100.0, high), max(0.0, centre - spread), coverage, tuple(present))


def floors(files: Sequence[FloorFile], as_of: date) -> Mapping[str, float]:
    """The quality floors in force on a date: the newest that began by then, else the first there are."""
    ordered = sorted(files, key=lambda f: day_of(f.since) or date.min)
    begun = [f for f in ordered if (day_of(f.since) or date.min) <= as_of] or ordered[:1]
    return {level: float(floor) for level, floor in begun[-1].floors.items()} if begun else {}


def levels(value: Quality, limits: Mapping[str, float]) -> Members:
    """The quality levels a model surely reaches, and those it may reach."""
    certain = frozenset(level for level, floor in limits.items() if value.low >= floor)
    return Members(certain, certain | frozenset(level for level, floor in limits.items() if value.high >= floor))


def qualities(catalogue: Catalogue, tasks: Sequence[str], as_of: date, figures: str) -> dict[str, Quality]:
    """The quality of every model for the tasks, by model id."""
    return {
        model.id: quality(scores(model, catalogue.benchmarks, catalogue.sources[model.id], as_of, figures), catalogue.benchmarks, tasks)
        for model in catalogue.models.values()
    }
