"""
Break-even: from which volume on one way of running costs no more than another, found on the real staircase of whole machines.

With m working machines of capacity c, the cost of running it yourself and that of a service are straight lines in the volume V:

    own(V) = fixed + unit x V + machine x (m + spare) + purchase x max(0, (m + spare) x gpus - owned)     for c (m - 1) < V <= c m
    service(V) = fixed' + unit' x V

So they meet in step m at v(m) = a + b m, and the break-even is the first step that contains its own meeting point. The same formulas run on
exact numbers for the answer and on arrays for the draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import partial
from typing import Generic, TypeVar

from advisor.cost.inputs import Input, Side
from advisor.cost.parts import Bill, Part

Value = TypeVar("Value")
MOST_REQUESTS = 10**9
"""Up to which volume a break-even is searched."""
STEPS_LOOKED_AT = 100
"""Beside the one that the formula names: divisions are off in their last digit, and volumes are whole numbers."""


@dataclass(frozen=True)
class Line(Generic[Value]):
    """A bill as numbers of one kind: what is paid each month, for a request, for a machine, for a GPU bought."""

    fixed: Value
    per_request: Value
    per_machine: Value
    per_gpu: Value
    spare: Value
    share: Value | None
    """Of a machine, for one request a month; None: no machines."""
    gpus: int
    owned: int


@dataclass(frozen=True)
class Numbers(Generic[Value]):
    """The kind of number to calculate with, and what each input is in it."""

    value: Callable[[Input], Value]
    most: Callable[[Value, Value], Value]
    zero: Value
    one: Value


def straightened(bill: Bill, numbers: Numbers[Value]) -> Line[Value]:
    """The bill with each input taken as `numbers` say."""
    value, zero = numbers.value, numbers.zero
    sums = dict.fromkeys(("month", "request", "machine", "gpu-to-buy"), zero)
    owned = 0
    for part in bill.parts:
        sums[part.per] = sums[part.per] + _multiplied(part, value)  # type: ignore[operator]
        owned = max(owned, part.owned)
    stairs = bill.stairs
    if stairs is None:
        return Line(sums["month"], sums["request"], zero, zero, zero, None, 1, 0)
    return Line(
        sums["month"], sums["request"], sums["machine"], sums["gpu-to-buy"], value(stairs.spare),
        stairs.share_by(value, numbers.most, numbers.one), stairs.gpus, owned,
    )  # fmt: skip


def _multiplied(part: Part, value: Callable[[Input], Value]) -> Value:
    first, *rest = part.inputs
    found = value(first)
    for item in rest:
        found = found * value(item)  # type: ignore[operator]
    return found


def at_side(bill: Bill, side: Side) -> Line[Decimal]:
    """The bill at one end of its ranges."""
    return straightened(bill, Numbers(partial(Input.factor, side=side), max, Decimal(0), Decimal(1)))


# ---------------------------------------------------------------------- exact
@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where a way of running becomes the cheaper one."""

    first: int | None
    """The least requests a month at which it costs no more; None: not up to the limit."""
    for_good: int | None
    """From which on it costs no more at any volume: in between, one machine more can make it dearer again."""
    limit: int = MOST_REQUESTS


def break_even(own: Line[Decimal], service: Line[Decimal], limit: int = MOST_REQUESTS) -> BreakEven:
    """From which volume on running it yourself costs no more than a service."""
    if own.share is None:
        raise ValueError("the first way has no machines")
    first = _first(own, service)
    if first is None or first > limit:
        return BreakEven(None, None, limit)
    good = _for_good(own, service)
    return BreakEven(first, max(first, good) if good is not None and good <= limit else None, limit)


def usd(line: Line[Decimal], requests: Decimal) -> Decimal:
    """US dollars of a month."""
    total = line.fixed + line.per_request * requests
    if line.share is None:
        return total
    machines = max(Decimal(1), (requests * line.share).to_integral_value(ROUND_CEILING)) + line.spare
    return total + line.per_machine * machines + line.per_gpu * max(Decimal(0), machines * line.gpus - line.owned)


@dataclass(frozen=True, slots=True)
class _Regime:
    """Numbers of working machines over which the meeting point of a step is a + b m."""

    least: int
    most: int | None
    a: Decimal
    b: Decimal


def _regimes(own: Line[Decimal], service: Line[Decimal]) -> list[_Regime]:
    """While the machines are there already, and once they have to be bought; empty where a request of the service costs no more."""
    gain = service.per_request - own.per_request
    if gain <= 0:
        return []
    start = own.fixed - service.fixed + own.per_machine * own.spare
    free = own.owned // own.gpus - int(own.spare)
    regimes = []
    if own.per_gpu == 0:
        return [_Regime(1, None, start / gain, own.per_machine / gain)]
    if free >= 1:
        regimes.append(_Regime(1, free, start / gain, own.per_machine / gain))
    bought = start + own.per_gpu * (own.spare * own.gpus - own.owned)
    step = own.per_machine + own.per_gpu * own.gpus
    regimes.append(_Regime(max(1, free + 1), None, bought / gain, step / gain))
    return regimes


def _first(own: Line[Decimal], service: Line[Decimal]) -> int | None:
    """The least volume at which the own way is not dearer."""
    if not _dearer(own, service, 1):
        return 1
    found = (_first_of(own, service, regime) for regime in _regimes(own, service))
    return next((volume for volume in found if volume is not None), None)


def _first_of(own: Line[Decimal], service: Line[Decimal], regime: _Regime) -> int | None:
    """
    In the first step that contains its own meeting point, or one beside it: divisions are off in their last digit, and a step may hold no
    whole number.
    """
    capacity = 1 / _share(own)
    step = regime.least
    if capacity > regime.b:
        step = max(step, int((regime.a / (capacity - regime.b)).to_integral_value(ROUND_CEILING)) - 1)
    for tried in range(step, step + STEPS_LOOKED_AT):
        if regime.most is not None and tried > regime.most:
            return None
        meeting = int((regime.a + regime.b * tried).to_integral_value(ROUND_CEILING))
        begin, end = _ends(_share(own), tried)
        near = max(begin, meeting)
        for volume in range(max(begin, near - 1), min(end, near + 1) + 1):
            if not _dearer(own, service, volume):
                return volume
    return None


def _ends(share: Decimal, step: int) -> tuple[int, int]:
    """The first and the last volume that take so many machines."""
    return last_volume(share, step - 1) + 1, last_volume(share, step)


def last_volume(share: Decimal, machines: int) -> int:
    """The most that so many machines take, to the last request, whatever a division rounds to."""
    near = int(machines / share)
    return next(volume for volume in (near + 1, near, near - 1) if volume * share <= machines)


def _dearer(own: Line[Decimal], service: Line[Decimal], requests: int) -> bool:
    return usd(own, Decimal(requests)) > usd(service, Decimal(requests))


def _for_good(own: Line[Decimal], service: Line[Decimal]) -> int | None:
    """From which volume on no step is dearer anywhere: the end of what is dear in the last step that begins so."""
    regimes = _regimes(own, service)
    if not regimes:  # each request costs no less: what is cheaper at first stays so only where nothing at all grows
        grows = service.per_request < own.per_request or own.per_machine > 0 or own.per_gpu > 0
        return None if grows else 1
    capacity = 1 / _share(own)
    for regime in reversed(regimes):
        gain = capacity - regime.b
        if regime.most is None and (gain < 0 or (gain * STEPS_LOOKED_AT < 1 and regime.a + capacity > 0)):
            return None  # each machine more costs more than it saves, or so nearly as much that nothing can be promised
        for step in _dear_steps(regime, capacity):
            begin, end = _ends(_share(own), step)
            if _dearer(own, service, begin):
                meeting = int((regime.a + regime.b * step).to_integral_value(ROUND_CEILING))
                near = max(begin, min(meeting, end + 1))
                return next((v for v in range(max(begin, near - 1), near + 3) if not _dearer(own, service, v)), near)
    return 1


def _dear_steps(regime: _Regime, capacity: Decimal) -> range:
    """Numbers of machines, most first, whose first volume may be the last dear one: capacity x (m - 1) < a + b m."""
    gain, begin = capacity - regime.b, regime.a + capacity
    if gain > 0:
        last = int((begin / gain).to_integral_value(ROUND_CEILING))
        last = last if regime.most is None else min(last, regime.most)
    elif regime.most is None:
        return range(0)
    else:
        last = regime.most
    return range(last, max(regime.least, last - STEPS_LOOKED_AT) - 1, -1)


def _share(own: Line[Decimal]) -> Decimal:
    if own.share is None:
        raise ValueError("a way of running without machines has no steps")
    return own.share
