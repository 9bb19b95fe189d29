"""Bills made by hand, of the same parts as the real ones, for tests that work out what they should come to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from advisor.catalogue.prices import Price, Prices, Range
from advisor.cost.inputs import Input, Product, certain
from advisor.cost.parts import Bill, Bundle, Part, Staircase
from advisor.cost.workload import Workload

HOUR = Decimal(3600)
ONE = Range(Decimal(1), Decimal(1), Decimal(1))


def exactly(value: Decimal | int | str) -> Range:
    return Range(*(Decimal(value),) * 3)


def staircase(capacity: Decimal | int, gpus: int = 1, spare: int = 0) -> Staircase:
    """Machines that take so many requests a month, and a hair more, so that no last digit asks for a machine."""
    seconds = Input("seconds", exactly(HOUR / Decimal(capacity) * (1 - Decimal("1e-13"))))
    one = certain("one", Decimal(1))
    hour = Input("hours", exactly(1), divides=True)
    return Staircase((seconds,), (), one, one, hour, replace(one, divides=True), certain("spare", Decimal(spare)), gpus)


def part(label: str, per: str, amount: Decimal | int | str, stairs: Staircase | None = None, owned: int = 0) -> Part:
    return Part(label, per, Product((certain(label, Decimal(amount)),)), stairs, owned)  # type: ignore[arg-type]


def machines(
    capacity: Decimal | int, machine: int, fixed: int = 0, each: int = 0, buy: tuple[int, int] = (0, 0), held: tuple[int, int] = (1, 0)
) -> Bill:
    """
    Your own machines: what is paid each month for a machine, all together, for a request; for a GPU bought, and how many are owned; GPUs in
    a machine, and machines that stand by.
    """
    stairs = staircase(capacity, *held)
    price, owned = buy
    parts = [part("posts", "month", fixed), part("logs", "request", each), part("rent", "machine", machine, stairs)]
    if price:
        parts.append(part("purchase", "gpu-to-buy", price, stairs, owned))
    return Bill((Bundle(tuple(parts)),), stairs=stairs)


def service(price: Decimal | int | str, fixed: int = 0) -> Bill:
    return Bill((Bundle((part("watching", "month", fixed), part("tokens", "request", price))),))


# ---------------------------------------------------------------------- a load and a list of prices
def load(
    requests: int = 1_000_000, tokens: tuple[int, int] = (1_000, 1_000), cached: str | None = "0", batch: str | None = "0"
) -> Workload:
    """So many requests of so many input and output tokens."""
    given_tokens, produced = (Decimal(size) for size in tokens)
    cached_share, batch_share = (None if share is None else Decimal(share) for share in (cached, batch))
    return Workload(Decimal(requests), given_tokens, produced, cached_share, batch_share, ONE.times(Decimal(730)), ONE, redundant=False)


def listed(**classes: str) -> Prices:
    """Prices by class, in US dollars per million tokens: `input="2.5"`."""
    return Prices({f"{name}_usd_per_mtok": Price(ONE.times(Decimal(value)), "a list", ()) for name, value in classes.items()})
