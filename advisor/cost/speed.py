"""
Speed of a machine: from published measurements, else from estimates, else from its memory bandwidth; always a range, with its class.

Rates at several lengths of request are fitted (`cost/fit`); nothing is faster than the machine's roofline (`cost/roofline`). How long an
answer may take decides which rates count (`Limit`). See docs/decisions/0012-classes-of-throughput-evidence.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import TypeAlias

from advisor.catalogue.estimates import Estimate
from advisor.catalogue.files import ArchitectureFile, ModelFile
from advisor.catalogue.machines import Machine
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Figure, MachineKey, Sizing, ThroughputPoint
from advisor.cost.fit import Costs, Shape, distinct, fitted, typical
from advisor.cost.roofline import Roofline, least_seconds, roofline, roofline_seconds, users_at_once

MEASURED, ESTIMATED, BOUND = "measured-published", "estimated", "bandwidth-bound"
WORDS: Mapping[str, str] = {MEASURED: "measured", ESTIMATED: "estimated", BOUND: "computed"}
READING_PACE_MS = 50
"""Of the limits that speeds were estimated under, the one that counts: a token in so many milliseconds is as fast as people read."""
FLUENT_MS = Decimal(100)
"""Measured with a longer wait for each token than this, a rate is not one for people who watch the answer appear."""
_PACE = re.compile(r"([\d.]+) ms a token")

Point: TypeAlias = ThroughputPoint | Estimate


class Limit(IntEnum):
    """How long an answer may take, from tight to loose: the looser, the fuller the batches."""

    FLUENT = 0
    """Tokens come at least as fast as people read; measured at up to 100 ms a token, estimated at 50."""
    PATIENT = 1
    """The answer comes within minutes; measured at more than 100 ms a token (200 in the benchmarks at hand)."""
    NONE = 2
    """Everything waits in a queue: what benchmarks call offline."""


LIMITS: Mapping[str, Limit] = {"typing": Limit.FLUENT, "seconds": Limit.FLUENT, "minutes": Limit.PATIENT, "overnight": Limit.NONE}
"""By the answer `latency`."""
SHARES: Mapping[Limit, str] = {Limit.FLUENT: "interactive-share", Limit.PATIENT: "patient-share"}
"""The figure that says what a limit leaves of the rate without one."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of one whole machine for one request, and where the figure comes from."""

    seconds: Range
    evidence: str
    """The class: `measured-published`, `estimated` or `bandwidth-bound`."""
    source: str

    @property
    def words(self) -> str:
        """The class in a word that people read."""
        return WORDS[self.evidence]


@dataclass(frozen=True)
class Load:
    """One request, and what to know to say how long it takes a machine. What does not depend on the limit is worked out once."""

    model: ModelFile
    architecture: ArchitectureFile
    machine: Machine
    sizing: Sizing
    given: Decimal
    produced: Decimal
    _lines: dict[int, Roofline] = field(default_factory=dict, compare=False, repr=False)

    def line(self, gpus: int) -> Roofline:
        if gpus not in self._lines:
            self._lines[gpus] = roofline(self.architecture, self.machine.hardware, gpus, self.machine.precision)
        return self._lines[gpus]

    @cached_property
    def of_roofline(self) -> tuple[Decimal, Decimal]:
        """Seconds of the whole machine at its roofline with as many requests at once as its memory holds, and the least possible ones."""
        users = users_at_once(self.machine, self.architecture, self.given, self.produced)
        line = self.line(self.machine.gpus)
        cache = (self.architecture.kv_bytes_per_token or 0) * (self.given + self.produced / 2)
        full = roofline_seconds(line, cache, self.given, self.produced, users)
        return full, least_seconds(line, self.given, self.produced, users)


@dataclass(frozen=True, slots=True)
class Group:
    """What was measured or estimated on so many GPUs under one limit, and the costs that fit it."""

    gpus: int
    limit: Limit
    points: Sequence[Point]
    lengths: int
    """How many lengths differ enough to learn from."""
    costs: Costs
    users: Decimal | None
    """The most requests at once; None where a source does not say."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known on so many GPUs: of the kinds of limit those known at the most lengths."""

    gpus: int
    groups: Sequence[Group]

    @property
    def known_well(self) -> bool:
        return self.groups[0].lengths > 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to run the model: the seconds of the whole machine for one request, and what says so."""

    gpus: int
    points: Sequence[Point]
    seconds: Range


def speed(
    model: ModelFile, machine: Machine, sizing: Sizing, input_tokens: Decimal, output_tokens: Decimal, latency: str | None = None
) -> Speed:
    """
    Seconds of the machine for one request of a shape, when its batches are as full as the time for an answer allows.

    `latency` is the answer of that name. `typing` and `seconds` take rates at which each person gets tokens as fast as they read;
    `minutes`, rates at which they come more slowly; `overnight`, rates without any limit. Where a machine is known under another limit,
    the share that limits cost elsewhere leads from one to the other. None: not known yet; the range covers all of them, and the expected
    speed is the one for people who wait.
    """
    if model.architecture is None:
        raise ValueError(f"{model.id} has no architecture")
    load = Load(model, model.architecture, machine, sizing, input_tokens, output_tokens)
    if latency is not None:
        return _under(load, LIMITS[latency])
    tight, patient, free = (_under(load, limit) for limit in Limit)
    spans = (tight.seconds, patient.seconds, free.seconds)
    span = Range(min(s.low for s in spans), tight.seconds.expected, max(s.high for s in spans))
    return Speed(span, tight.evidence, tight.source)


def _under(load: Load, limit: Limit) -> Speed:
    layouts = known_layouts(load.sizing, (load.model.id, load.machine.hardware.id, load.machine.precision))
    if not layouts:
        return _bound(load, limit)
    best = _fastest(load, layouts, limit)
    first = best.points[0]
    on = f"{best.gpus} × {load.machine.hardware.name}"
    if isinstance(first, Estimate):
        engines = ", ".join(sorted({p.engine for p in best.points}))
        return Speed(best.seconds, ESTIMATED, f"{first.source} for {engines} on {on}")
    names = ", ".join(sorted({p.measured_on for p in best.points if isinstance(p, ThroughputPoint)}))
    return Speed(best.seconds, MEASURED, f"{names} on {on}: {first.source}")


# ---------------------------------------------------------------------- what is known of a machine, whatever is asked of it
@lru_cache(maxsize=4096)
def known_layouts(sizing: Sizing, key: MachineKey) -> tuple[Layout, ...]:
    """From few GPUs to many: measurements of a model, kind of GPU and precision, else estimates at the pace people read at."""
    points: list[Point] = list(sizing.measured_by_machine.get(key, ()))
    if not points:
        points = [e for e in sizing.estimated_by_machine.get(key, ()) if e.tpot_limit_ms == READING_PACE_MS]
    usual = typical(sizing.figure("prefill-over-decode").expected, sizing.figure("recall-over-decode").expected)
    by_gpus: dict[int, dict[Limit, list[Point]]] = {}
    for point in points:
        by_gpus.setdefault(point.gpus, {}).setdefault(limit_of(point), []).append(point)
    return tuple(_layout(gpus, kinds, usual) for gpus, kinds in sorted(by_gpus.items()))


def limit_of(point: Point) -> Limit:
    """The limit that a rate was reached under."""
    if isinstance(point, Estimate):
        return Limit.FLUENT
    if point.scenario == "offline":
        return Limit.NONE
    pace = _PACE.search(point.latency)
    return Limit.PATIENT if pace and Decimal(pace[1]) > FLUENT_MS else Limit.FLUENT


def _layout(gpus: int, kinds: Mapping[Limit, Sequence[Point]], usual: Costs) -> Layout:
    groups = [_group(gpus, limit, points, usual) for limit, points in sorted(kinds.items())]
    most = max(min(group.lengths, 2) for group in groups)
    return Layout(gpus, tuple(group for group in groups if min(group.lengths, 2) == most))


def _group(gpus: int, limit: Limit, points: Sequence[Point], usual: Costs) -> Group:
    shapes = tuple(_shape(p) for p in points if p.input_tokens and p.output_tokens)
    stated = [p.users for p in points]
    users = None if None in stated else Decimal(max(u for u in stated if u is not None))
    return Group(gpus, limit, tuple(points), distinct(shapes), fitted(shapes, usual), users)


def _shape(point: Point) -> Shape:
    return point.input_tokens or 0, point.output_tokens or 0, point.output_tokens_per_s


# ---------------------------------------------------------------------- from one limit to another
@lru_cache(maxsize=4096)
def _factors(sizing: Sizing, evidence: str, known: Limit, wanted: Limit) -> Range:
    """By what to multiply seconds known under one limit to get those under another."""
    if evidence == ESTIMATED:
        off = sizing.figure("estimate-over-measured" if wanted is Limit.FLUENT else "estimate-over-offline")
        return Range(off.low, off.expected, off.high)
    spread = _slower(sizing.figure("offline-spread" if known is Limit.NONE else "server-spread"))
    return spread if known is wanted else _both(spread, _between(sizing, known, wanted))


@lru_cache(maxsize=64)
def _reached(sizing: Sizing, limit: Limit) -> Range:
    """By what to multiply the seconds of the roofline."""
    reached = _slower(sizing.figure("roofline-share"))
    return reached if limit is Limit.NONE else _both(reached, _between(sizing, Limit.NONE, limit))


def _slower(share: Figure) -> Range:
    """How much longer a machine takes that works at a share of a rate."""
    return Range(1 / share.high, 1 / share.expected, 1 / share.low)


def _between(sizing: Sizing, known: Limit, wanted: Limit) -> Range:
    """How much longer a machine takes under one limit than under another."""
    low, expected, high = sorted(_share(sizing, known, side) / _share(sizing, wanted, side) for side in ("low", "expected", "high"))
    return Range(low, expected, high)


def _share(sizing: Sizing, limit: Limit, side: str) -> Decimal:
    """Of the rate without a limit."""
    if limit is Limit.NONE:
        return Decimal(1)
    share: Decimal = getattr(sizing.figure(SHARES[limit]), side)
    return share


def _both(one: Range, other: Range) -> Range:
    """Two factors that err each for itself: their errors, as ratios, add up like the sides of a right angle."""
    expected = one.expected * other.expected
    down, up = ([(getattr(of, side) / of.expected).ln() for of in (one, other)] for side in ("low", "high"))
    return Range(*(expected * (sign * (a * a + b * b).sqrt()).exp() for sign, (a, b) in ((-1, down), (0, up), (1, up))))


# ---------------------------------------------------------------------- from layouts to a machine
def _fastest(load: Load, layouts: Sequence[Layout], limit: Limit) -> Candidate:
    """
    The fastest way to run the model on the machine that points speak of.

    The largest layout that fits counts, in as many copies as the machine holds. A smaller one counts as on a machine that just does not
    hold the next, so that more GPUs are never slower. Layouts known at one length only count on machines too small for those known
    better. A machine smaller than all gets its part of the smallest, as far as its memory allows.
    """
    well = [layout.gpus for layout in layouts if layout.known_well]
    held = load.machine.gpus
    found = []
    for layout in layouts:
        gpus = layout.gpus
        usable = min((n - 1 for n in well if n > gpus), default=held)
        if gpus <= held and (gpus in well or not well or gpus < well[0]):
            found.append(_candidate(load, layout, Decimal(min(held, usable) // gpus), limit))
    if not found:
        part = _candidate(load, layouts[0], Decimal(held) / layouts[0].gpus, limit)
        return Candidate(part.gpus, part.points, _with_less_room(load, part.seconds, limit))
    return min(found, key=lambda candidate: (candidate.seconds.expected, candidate.gpus))


def _candidate(load: Load, layout: Layout, copies: Decimal, limit: Limit) -> Candidate:
    """Points under the limit itself count first, then the nearest. What a tighter limit allows, a looser one allows too."""
    tightest = limit if len(layout.groups) == 1 else Limit.FLUENT
    found = []
    for wanted in reversed(list(Limit)[tightest : limit + 1]):  # of equal ones the limit itself
        group = min(layout.groups, key=lambda g: (abs(g.limit - wanted), g.limit))
        found.append(Candidate(layout.gpus, group.points, _seconds(load, group, copies, wanted)))
    return min(found, key=lambda candidate: candidate.seconds.expected)


def _seconds(load: Load, group: Group, copies: Decimal, limit: Limit) -> Range:
    evidence = ESTIMATED if isinstance(group.points[0], Estimate) else MEASURED
    took = group.costs.seconds(load.given, load.produced)
    least = least_seconds(load.line(group.gpus), load.given, load.produced, group.users if group.limit is limit else None)
    off = _factors(load.sizing, evidence, group.limit, limit)
    return Range(*(max(least, took * factor) / copies for factor in (off.low, off.expected, off.high)))


def _with_less_room(load: Load, part: Range, limit: Limit) -> Range:
    """On fewer GPUs the weights leave a smaller share of the memory to caches, so that the roofline may lie below the part."""
    computed = _computed(load, limit)
    return Range(part.low, max(part.expected, computed.expected), max(part.high, computed.high))


# ---------------------------------------------------------------------- neither
def _bound(load: Load, limit: Limit) -> Speed:
    """The roofline, times the share of it that machines reached where they were measured; wide, and marked as computed."""
    source = load.sizing.figure("roofline-share").source
    words = f"{source}; no measurement or estimate of {load.model.name} on {load.machine.words} is at hand"
    return Speed(_computed(load, limit), BOUND, words)


def _computed(load: Load, limit: Limit) -> Range:
    """By the machine's bandwidth, memory and arithmetic, with as many requests at once as its memory holds."""
    full, least = load.of_roofline
    off = _reached(load.sizing, limit)
    return Range(*(max(least, full * factor) for factor in (off.low, off.expected, off.high)))
