"""
Break-even: from which volume on one way of running costs no more than another, found on the real staircase of whole machines.

With m working machines of capacity c, the cost of running it yourself and that of a service are straight lines in the volume V:

    own(V) = fixed + unit x V + machine x (m + spare) + purchase x max(0, (m + spare) x gpus - owned)     for c (m - 1) < V <= c m
    service(V) = fixed' + unit' x V

So they meet in step m at v(m) = a + b m, and the break-even is the first step that contains its own meeting point. The same formulas run on
exact numbers for the answer and on arrays for the draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from typing import Generic, TypeVar

from advisor.cost.inputs import Input, Side
from advisor.cost.parts import Bill, Part

Value = TypeVar("Value")
MOST_REQUESTS = 10**9
"""Up to which volume a break-even is searched."""


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
    first = next((v for v in _meetings(own, service) if v <= limit), None)
    if first is None:
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


def _meetings(own: Line[Decimal], service: Line[Decimal]) -> Iterator[int]:
    """Volumes at which the own way stops being dearer, least first; the first of each regime is enough."""
    if usd(own, Decimal(1)) <= usd(service, Decimal(1)):
        yield 1
    for regime in _regimes(own, service):
        found = _first_step(own, regime)
        if found is not None:
            yield _settled(own, service, found)


def _first_step(own: Line[Decimal], regime: _Regime) -> int | None:
    capacity = 1 / _share(own)
    step = regime.least
    if capacity > regime.b:
        step = max(step, int((regime.a / (capacity - regime.b)).to_integral_value(ROUND_CEILING)))
    if regime.a + regime.b * step > capacity * step or (regime.most is not None and step > regime.most):
        return None
    return _within(regime.a + regime.b * step, capacity, step)


def _within(meeting: Decimal, capacity: Decimal, step: int) -> int:
    """The meeting point of a step, or the step's first volume if they meet before it."""
    begin = int((capacity * (step - 1)).to_integral_value(ROUND_FLOOR)) + 1
    return max(1, begin, int(meeting.to_integral_value(ROUND_CEILING)))


def _settled(own: Line[Decimal], service: Line[Decimal], near: int) -> int:
    """The least volume at or beside `near` that is not dearer: a division may be off in its last digit, a step may hold no whole number."""
    while near > 1 and usd(own, Decimal(near - 1)) <= usd(service, Decimal(near - 1)):
        near -= 1
    while usd(own, Decimal(near)) > usd(service, Decimal(near)):
        near += 1
    return near


def _for_good(own: Line[Decimal], service: Line[Decimal]) -> int | None:
    """From which volume on every step begins not dearer."""
    regimes = _regimes(own, service)
    if not regimes:
        return None
    last, capacity = regimes[-1], 1 / _share(own)
    if capacity <= last.b:
        return None
    step = max(last.least, int(((last.a + capacity) / (capacity - last.b)).to_integral_value(ROUND_CEILING)))
    if step <= last.least:
        return _settled(own, service, _within(Decimal(0), capacity, step))
    before = last.a + last.b * (step - 1)
    return _settled(own, service, min(_within(before, capacity, step - 1), _within(Decimal(0), capacity, step)))


def _share(own: Line[Decimal]) -> Decimal:
    if own.share is None:
        raise ValueError("a way of running without machines has no steps")
    return own.share
