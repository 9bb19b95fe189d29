"""
Speed of a machine: from published measurements, else from estimates, else from its memory bandwidth; always a range, with its class.

Rates at several lengths of request are fitted (`cost/fit`); nothing is faster than the machine's roofline (`cost/roofline`). See
docs/decisions/0012-classes-of-throughput-evidence.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from advisor.catalogue.estimates import Estimate
from advisor.catalogue.files import ArchitectureFile, ModelFile
from advisor.catalogue.machines import Machine
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Sizing, ThroughputPoint
from advisor.cost.fit import Shape, distinct, fitted
from advisor.cost.roofline import Roofline, least_seconds, roofline, roofline_seconds, users_at_once

MEASURED, ESTIMATED, BOUND = "measured-published", "estimated", "bandwidth-bound"
WORDS: Mapping[str, str] = {MEASURED: "measured", ESTIMATED: "estimated", BOUND: "computed"}
READING_PACE_MS = 50
"""Of the limits that speeds were estimated under, the one that counts: a token in so many milliseconds is as fast as people read."""

Point: TypeAlias = ThroughputPoint | Estimate


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


@dataclass(frozen=True, slots=True)
class Load:
    """One request, and what to know to say how long it takes a machine."""

    architecture: ArchitectureFile
    machine: Machine
    sizing: Sizing
    given: Decimal
    produced: Decimal

    def line(self, gpus: int) -> Roofline:
        return roofline(self.architecture, self.machine.hardware, gpus, self.machine.precision)


@dataclass(frozen=True, slots=True)
class Layout:
    """What was measured or estimated on so many GPUs, and how many copies of it a machine runs (a part of one, on a smaller machine)."""

    gpus: int
    copies: Decimal
    points: Sequence[Point]
    seconds: Range
    """Of the whole machine, for one request."""


Spread: TypeAlias = Callable[[Load, Sequence[Point], Decimal], Range]


def speed(model: ModelFile, machine: Machine, sizing: Sizing, input_tokens: Decimal, output_tokens: Decimal) -> Speed:
    """Seconds of the machine for one request of a shape, when its batches are full."""
    if model.architecture is None:
        raise ValueError(f"{model.id} has no architecture")
    load = Load(model.architecture, machine, sizing, input_tokens, output_tokens)
    key = (model.id, machine.hardware.id, machine.precision)
    if points := sizing.measured_by_machine.get(key):
        return _measured(load, points)
    limited = [e for e in sizing.estimated_by_machine.get(key, ()) if e.tpot_limit_ms == READING_PACE_MS]
    if limited:
        return _estimated(load, limited)
    return _bound(load, model.name)


# ---------------------------------------------------------------------- measured
def _measured(load: Load, points: Sequence[ThroughputPoint]) -> Speed:
    best = _fastest(load, points, _less_for_latency)
    first = best.points[0]
    names = ", ".join(sorted({p.measured_on for p in best.points if isinstance(p, ThroughputPoint)}))
    return Speed(best.seconds, MEASURED, f"{names} on {best.gpus} × {load.machine.hardware.name}: {first.source}")


def _less_for_latency(load: Load, points: Sequence[Point], seconds: Decimal) -> Range:
    """Offline rates are an upper bound, of which a service with limits of time sells a share; rates under limits spread less."""
    offline = isinstance(points[0], ThroughputPoint) and points[0].scenario == "offline"
    share = load.sizing.figure("interactive-share" if offline else "server-spread")
    return Range(seconds / share.high, seconds / share.expected, seconds / share.low)


# ---------------------------------------------------------------------- estimated
def _estimated(load: Load, points: Sequence[Estimate]) -> Speed:
    best = _fastest(load, points, _corrected)
    first = best.points[0]
    engines = ", ".join(sorted({p.engine for p in best.points}))
    return Speed(best.seconds, ESTIMATED, f"{first.source} for {engines} on {best.gpus} × {load.machine.hardware.name}")


def _corrected(load: Load, _: Sequence[Point], seconds: Decimal) -> Range:
    """An estimate lies above or below the truth by the factors seen where both are known."""
    off = load.sizing.figure("estimate-over-measured")
    return Range(seconds * off.low, seconds * off.expected, seconds * off.high)


# ---------------------------------------------------------------------- from points to a machine
def _fastest(load: Load, points: Sequence[Point], spread: Spread) -> Layout:
    """
    The fastest way to run the model on the machine that points speak of.

    The largest layout that fits counts, in as many copies as the machine holds. A smaller one counts as on a machine that just does not
    hold the next, so that more GPUs are never slower. Layouts known at one length only count on machines too small for those known
    better. A machine smaller than all gets its part of the smallest, as far as its memory allows.
    """
    by_gpus: dict[int, list[Point]] = {}
    for point in points:
        by_gpus.setdefault(point.gpus, []).append(point)
    groups = {gpus: _one_scenario(group) for gpus, group in sorted(by_gpus.items())}
    known_well = [gpus for gpus, group in groups.items() if distinct(_shapes(group)) > 1]
    held = load.machine.gpus
    layouts = []
    for gpus, group in groups.items():
        usable = min((n - 1 for n in known_well if n > gpus), default=held)
        if gpus <= held and (gpus in known_well or not known_well or gpus < known_well[0]):
            layouts.append(_layout(load, gpus, Decimal(min(held, usable) // gpus), group, spread))
    if not layouts:
        least = min(groups)
        layouts = [_with_less_room(load, _layout(load, least, Decimal(held) / least, groups[least], spread))]
    return min(layouts, key=lambda layout: (layout.seconds.expected, layout.gpus))


def _with_less_room(load: Load, part: Layout) -> Layout:
    """On fewer GPUs the weights leave a smaller share of the memory to caches, so that the roofline may lie below the part."""
    full, reached, span = _roofline_seconds(load), load.sizing.figure("roofline-share"), part.seconds
    return replace(part, seconds=Range(span.low, max(span.expected, full / reached.expected), max(span.high, full / reached.low)))


def _one_scenario(points: Sequence[Point]) -> list[Point]:
    """Offline points where there are any: rates of the two kinds do not fit one line."""
    offline: list[Point] = [p for p in points if isinstance(p, ThroughputPoint) and p.scenario == "offline"]
    return offline or list(points)


def _layout(load: Load, gpus: int, copies: Decimal, points: Sequence[Point], spread: Spread) -> Layout:
    costs = fitted(_shapes(points), load.sizing.figure("prefill-over-decode").expected)
    span = spread(load, points, costs.seconds(load.given, load.produced))
    stated = [p.users for p in points]
    users = None if None in stated else Decimal(max(u for u in stated if u is not None))
    least = least_seconds(load.line(gpus), load.given, load.produced, users)
    return Layout(gpus, copies, points, Range(*(max(least, side) / copies for side in (span.low, span.expected, span.high))))


def _shapes(points: Sequence[Point]) -> tuple[Shape, ...]:
    return tuple((p.input_tokens, p.output_tokens, p.output_tokens_per_s) for p in points if p.input_tokens and p.output_tokens)


# ---------------------------------------------------------------------- neither
def _bound(load: Load, name: str) -> Speed:
    """The roofline, times the share of it that machines reached where they were measured; wide, and marked as computed."""
    users = users_at_once(load.machine, load.architecture, load.given, load.produced)
    least = least_seconds(load.line(load.machine.gpus), load.given, load.produced, users)
    reached, live = load.sizing.figure("roofline-share"), load.sizing.figure("interactive-share")
    full = _roofline_seconds(load)
    span = Range(*(max(least, full / (getattr(reached, side) * getattr(live, side))) for side in ("high", "expected", "low")))
    return Speed(span, BOUND, f"{reached.source}; no measurement or estimate of {name} on {load.machine.words} is at hand")


def _roofline_seconds(load: Load) -> Decimal:
    """Of the whole machine, with as many requests at once as its memory holds."""
    users = users_at_once(load.machine, load.architecture, load.given, load.produced)
    cache = (load.architecture.kv_bytes_per_token or 0) * (load.given + load.produced / 2)
    return roofline_seconds(load.line(load.machine.gpus), cache, load.given, load.produced, users)
