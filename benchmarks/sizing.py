"""
Speeds of machines against the published measurements, each left out in turn. Prints; the tests gate.

Each measurement is compared with what the advisor would say without it, under the limit it was measured under: an offline rate with
`overnight`, one at more than 100 ms a token with `minutes`, any other with `seconds`. First the point alone is left out; where nothing else
of its machine is measured, an estimate or the roofline says what is said. Then all measurements of the machine (model, kind of GPU,
precision) are left out, and then its estimates too: what is said of a machine that nobody measured, or that nothing is known of.

A measurement that stands for several models counts once. One with so many users at once is compared with the estimate or the roofline for
as many. Weights at a precision that the catalogue does not offer for a model take the bytes that others take at it.

Run: python benchmarks/sizing.py
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from statistics import median, quantiles
from typing import TypeAlias

from advisor.catalogue.estimates import Estimate
from advisor.catalogue.files import ArchitectureFile, ModelFile
from advisor.catalogue.machines import GIB, PARAMS_PER_BILLION, Machine
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import MachineKey, Sizing, ThroughputPoint
from advisor.cost.roofline import least_seconds, roofline, roofline_seconds, users_at_once
from advisor.cost.speed import BOUND, ESTIMATED, MEASURED, READING_PACE_MS, Limit, known_layouts, limit_of, speed
from advisor.library import Library, load_library

ANSWER = {Limit.FLUENT: "seconds", Limit.PATIENT: "minutes", Limit.NONE: "overnight"}
WORDS = {Limit.FLUENT: "up to 100 ms a token", Limit.PATIENT: "longer than that", Limit.NONE: "offline"}
TIGHTER_MS = 25
"""The other limit that the table of estimates has."""
WORST = 6
ROUNDED = Decimal("0.999999")


@dataclass(frozen=True, slots=True)
class Compared:
    """One measurement, and what was said without it."""

    point: ThroughputPoint
    evidence: str
    """The class of what was said; with another limit named, where only measurements under another limit were left."""
    seconds: Range
    least: Decimal
    """By the roofline."""

    @property
    def took(self) -> Decimal:
        """Seconds of the machine for one request, as measured."""
        return (self.point.output_tokens or 0) / self.point.output_tokens_per_s

    @property
    def ratio(self) -> float:
        """Predicted over measured rate: above 1 the prediction is too fast."""
        return float(self.took / self.seconds.expected)

    @property
    def inside(self) -> bool:
        return self.seconds.low <= self.took <= self.seconds.high


Leaving: TypeAlias = Callable[[Sizing, ThroughputPoint], Sizing]


# ---------------------------------------------------------------------- leaving out
def measurements(library: Library) -> Iterator[tuple[ModelFile, Machine, ThroughputPoint]]:
    """Every published speed with known lengths, once, with the machine it was measured on."""
    catalogue = library.catalogue
    architectures = [m.architecture for m in catalogue.models.values() if m.architecture]
    usual = {str(name): size for a in reversed(architectures) for name, size in a.precisions.items()}
    share = catalogue.sizing.figure("usable-memory").expected
    seen: set[ThroughputPoint] = set()
    for point in catalogue.sizing.points:
        model, hardware = catalogue.models[point.model], catalogue.hardware[point.hardware]
        same = replace(point, id="", model="")
        if model.architecture is None or not point.input_tokens or not point.output_tokens or same in seen:
            continue
        seen.add(same)
        precisions = {point.precision: usual[point.precision]} | {str(k): size for k, size in model.architecture.precisions.items()}
        architecture = model.architecture.model_copy(update={"precisions": precisions})
        weights = architecture.total_params_b * PARAMS_PER_BILLION * precisions[point.precision] / GIB
        free = max(hardware.memory_gib * point.gpus * share - weights, Decimal(1))
        machine = Machine(hardware, point.gpus, point.precision, weights, free, None)
        yield model.model_copy(update={"architecture": architecture}), machine, point


def without_the_point(sizing: Sizing, point: ThroughputPoint) -> Sizing:
    kept = tuple(p for p in sizing.measured_by_machine[_key(point)] if p.id != point.id)
    return replace(sizing, points=kept, estimates=_estimates(sizing, point))


def without_measurements(sizing: Sizing, point: ThroughputPoint) -> Sizing:
    return replace(sizing, points=(), estimates=_estimates(sizing, point))


def without_anything(sizing: Sizing, _: ThroughputPoint) -> Sizing:
    return replace(sizing, points=(), estimates=())


def _key(point: ThroughputPoint) -> MachineKey:
    return point.model, point.hardware, point.precision


def _estimates(sizing: Sizing, point: ThroughputPoint) -> tuple[Estimate, ...]:
    return tuple(sizing.estimated_by_machine.get(_key(point), ()))


def compared(library: Library, leaving: Leaving) -> list[Compared]:
    """All measurements with what is said when something is left out."""
    sizing = library.catalogue.sizing
    return [_compared(model, machine, point, leaving(sizing, point)) for model, machine, point in measurements(library)]


def _compared(model: ModelFile, machine: Machine, point: ThroughputPoint, left: Sizing) -> Compared:
    architecture = model.architecture
    if architecture is None:
        raise ValueError(f"{model.id} has no architecture")
    given, produced = Decimal(point.input_tokens or 0), Decimal(point.output_tokens or 0)
    said = speed(model, machine, left, given, produced, ANSWER[limit_of(point)])
    evidence, factor = said.evidence, Decimal(1)
    if evidence == MEASURED:
        kinds = {group.limit for layout in known_layouts(left, _key(point)) for group in layout.groups}
        evidence += "" if limit_of(point) in kinds else ", other limit"
    elif point.users and evidence == ESTIMATED:
        factor = _estimate_at(point, _estimates(left, point))
    elif point.users:
        factor = _roofline_at(point, machine, architecture)
    seconds = Range(*(side * factor for side in (said.seconds.low, said.seconds.expected, said.seconds.high)))
    least = least_seconds(roofline(architecture, machine.hardware, machine.gpus, machine.precision), given, produced, None)
    return Compared(point, evidence, seconds, least)


def _estimate_at(point: ThroughputPoint, estimates: Sequence[Estimate]) -> Decimal:
    """
    How much slower the estimated machine is with the users that were measured than with the most that keep the limit.

    Between the limits of 25 and 50 ms the time for a token grows evenly with the users; 1 where the table has not both.
    """
    gpus = max((e.gpus for e in estimates if e.gpus <= point.gpus), default=0)
    rows = {limit: [e for e in estimates if e.gpus == gpus and e.tpot_limit_ms == limit] for limit in (TIGHTER_MS, READING_PACE_MS)}
    wanted = point.input_tokens or 1
    few, many = (min(of, key=lambda e: abs(math.log(e.input_tokens / wanted)), default=None) for of in rows.values())
    if few is None or many is None or few.input_tokens != many.input_tokens or few.users == many.users:
        return Decimal(1)
    users = Decimal(point.users or 0) * gpus / point.gpus
    fast, slow = 1 / few.tokens_per_s_per_user, 1 / many.tokens_per_s_per_user
    pace = max(fast / 2, fast + (users - few.users) * (slow - fast) / (many.users - few.users))
    return many.users / slow * pace / users


def _roofline_at(point: ThroughputPoint, machine: Machine, architecture: ArchitectureFile) -> Decimal:
    """How much slower the roofline is with the users that were measured than with as many as the memory holds."""
    given, produced = Decimal(point.input_tokens or 0), Decimal(point.output_tokens or 0)
    line = roofline(architecture, machine.hardware, machine.gpus, machine.precision)
    cache = (architecture.kv_bytes_per_token or 0) * (given + produced / 2)
    most = users_at_once(machine, architecture, given, produced)
    few, full = (roofline_seconds(line, cache, given, produced, u) for u in (min(most, Decimal(point.users or 0)), most))
    return few / full


# ---------------------------------------------------------------------- what is printed
def group_of(c: Compared) -> tuple[str, str]:
    return c.evidence, WORDS[limit_of(c.point)]


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """The 5th, 50th and 95th of 100; of few values the least, the middle and the most."""
    if len(values) < 20:
        return min(values), median(values), max(values)
    parts = quantiles(values, n=20, method="inclusive")
    return parts[0], parts[9], parts[18]


def share_inside(found: Sequence[Compared]) -> float:
    return sum(c.inside for c in found) / len(found)


def figures(
    library: Library, point: Sequence[Compared], machine: Sequence[Compared], nothing: Sequence[Compared]
) -> dict[str, list[float]]:
    """What the ratios say of the figures that make the ranges, by figure: 5th, 50th and 95th of 100."""
    stated = library.catalogue.sizing.figure

    def ratios(found: Sequence[Compared], evidence: str, limits: Sequence[Limit]) -> list[float]:
        return [c.ratio for c in found if c.evidence == evidence and limit_of(c.point) in limits]

    live, free = (Limit.FLUENT, Limit.PATIENT), (Limit.NONE,)
    off = {name: float(stated(name).expected) for name in ("estimate-over-measured", "estimate-over-offline", "roofline-share")}
    raw = {
        "offline-spread": [1 / r for r in ratios(point, MEASURED, free)],
        "server-spread": [1 / r for r in ratios(point, MEASURED, live)],
        "estimate-over-measured": [r * off["estimate-over-measured"] for r in ratios(machine, ESTIMATED, (Limit.FLUENT,))],
        "estimate-over-offline": [r * off["estimate-over-offline"] for r in ratios(machine, ESTIMATED, free)],
        "roofline-share": [off["roofline-share"] / r for r in ratios(nothing, BOUND, free)],
    }
    return {name: list(spread(values)) for name, values in raw.items()}


def table(found: Sequence[Compared]) -> Iterator[str]:
    yield f"{'said from':34} {'measured':20} {'points':>6} {'least':>6} {'5th':>6} {'middle':>6} {'95th':>6} {'most':>6} {'inside':>7}"
    for (evidence, limit), members in groupby(sorted(found, key=group_of), key=group_of):
        yield _row(evidence, limit, list(members))
    yield _row("all", "", found)
    yield f"  faster than the roofline: {sum(c.seconds.low < c.least * ROUNDED for c in found)}; furthest off, one for each machine:"
    yield from (f"  {c.ratio:6.2f}  {c.point.id.split('-server-99')[0]}" for c in worst(found))


def worst(found: Sequence[Compared]) -> list[Compared]:
    """The worst of each machine, the worst machines first."""
    by_machine: dict[tuple[object, ...], Compared] = {}
    for c in sorted(found, key=lambda c: -abs(math.log(c.ratio))):
        by_machine.setdefault((*_key(c.point), c.point.gpus), c)
    return list(by_machine.values())[:WORST]


def _row(evidence: str, limit: str, found: Sequence[Compared]) -> str:
    ratios = [c.ratio for c in found]
    sides = " ".join(f"{ratio:6.2f}" for ratio in (min(ratios), *spread(ratios), max(ratios)))
    return f"{evidence:34} {limit:20} {len(found):6} {sides} {share_inside(found):7.0%}"


LEFT_OUT: Mapping[str, Leaving] = {
    "The point alone left out": without_the_point,
    "All measurements of its machine left out": without_measurements,
    "Its estimates left out too": without_anything,
}


def report(library: Library, results: Sequence[Sequence[Compared]]) -> Iterator[str]:
    """What is printed, line by line; docs/sizing.md shows it."""
    yield "Predicted over measured rate; inside: the share of points within the stated range"
    for words, found in zip(LEFT_OUT, results, strict=True):
        yield ""
        yield words
        yield from table(found)
    yield ""
    yield "The figures behind the ranges: 5th, 50th and 95th of 100 here, and as stated"
    point, measurements_left, nothing = results
    for name, sides in figures(library, point, measurements_left, nothing).items():
        stated = library.catalogue.sizing.figure(name)
        yield f"  {name:24} {' '.join(f'{s:6.3f}' for s in sides)}   {stated.low} {stated.expected} {stated.high}"


def main() -> None:
    library = load_library()
    for line in report(library, [compared(library, leaving) for leaving in LEFT_OUT.values()]):
        print(line)


if __name__ == "__main__":
    main()
