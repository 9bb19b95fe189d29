"""
Speed of a machine: measured points where there are some, else a bound from its arithmetic; always a range, with its class.

A request costs a machine `input / prefill rate + output / decode rate` seconds. Measured points at two shapes give both rates;
points at one shape give one and a documented ratio the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.catalogue.files import ModelFile
from advisor.catalogue.machines import Machine
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Sizing, ThroughputPoint


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of one whole machine for one request, and where the figure comes from."""

    seconds: Range
    evidence: str
    """`measured` or `computed`."""
    source: str


def speed(model: ModelFile, machine: Machine, sizing: Sizing, input_tokens: Decimal, output_tokens: Decimal) -> Speed:
    """Seconds of the machine for one request of a shape, when its batches are full."""
    key = (model.id, machine.hardware.id, machine.precision)
    points = [p for p in sizing.points if (p.model, p.hardware, p.precision) == key]
    if points:
        return _measured(points, machine, sizing, input_tokens, output_tokens)
    return _computed(model, machine, sizing, input_tokens, output_tokens)


def _measured(points: Sequence[ThroughputPoint], machine: Machine, sizing: Sizing, given: Decimal, produced: Decimal) -> Speed:
    """Rates fitted to the points of the nearest machine size, scaled by the number of GPUs, less what latency limits cost."""
    nearest = min({p.gpus for p in points}, key=lambda n: (abs(n - machine.gpus), n))
    same = [p for p in points if p.gpus == nearest]
    offline = [p for p in same if p.scenario == "offline"] or same
    prefill, decode = _fit(offline, sizing.figure("prefill-over-decode").expected)
    scale = Decimal(nearest) / machine.gpus
    seconds = (given * prefill + produced * decode) * scale
    share = sizing.figure("interactive-share")
    slower = Range(seconds / share.high, seconds / share.expected, seconds / share.low)
    if offline[0].scenario == "server":
        slower = Range(seconds * Decimal("0.8"), seconds, seconds * Decimal("1.5"))
    names = ", ".join(sorted({p.measured_on for p in offline}))
    return Speed(slower, "measured", f"{names} on {nearest} × {machine.hardware.name}: {offline[0].source}")


def _fit(points: Sequence[ThroughputPoint], ratio: Decimal) -> tuple[Decimal, Decimal]:
    """Seconds for one input token and for one output token, from the two most different shapes, or from one and the ratio."""
    ordered = sorted(points, key=lambda p: (Decimal(p.input_tokens) / p.output_tokens, -p.output_tokens_per_s))
    first, last = ordered[0], ordered[-1]
    a, b = Decimal(first.input_tokens) / first.output_tokens, Decimal(last.input_tokens) / last.output_tokens
    x, y = 1 / first.output_tokens_per_s, 1 / last.output_tokens_per_s
    if b > a:
        prefill = (y - x) / (b - a)
        decode = x - a * prefill
        if prefill > 0 and decode > 0:
            return prefill, decode
    decode = x / (1 + a / ratio)
    return decode / ratio, decode


def _computed(model: ModelFile, machine: Machine, sizing: Sizing, given: Decimal, produced: Decimal) -> Speed:
    """A share of the machine's arithmetic, from the range seen where it was measured; wide, and marked as computed."""
    architecture = model.architecture
    if architecture is None:
        raise ValueError(f"{model.id} has no architecture")
    peak = Decimal(machine.hardware.tflops_bf16) * Decimal(10**12) * machine.gpus
    rate = peak / (2 * architecture.active_params_b * Decimal(10**9))
    prefill, decode = sizing.figure("prefill-efficiency"), sizing.figure("decode-efficiency")

    def seconds(p: Decimal, d: Decimal) -> Decimal:
        return given / (rate * p) + produced / (rate * d)

    share = sizing.figure("interactive-share")
    span = Range(
        seconds(prefill.high, decode.high) / share.high,
        seconds(prefill.expected, decode.expected) / share.expected,
        seconds(prefill.low, decode.low) / share.low,
    )
    return Speed(span, "computed", f"{prefill.source}; no measurement of {model.name} on {machine.words} is at hand")
