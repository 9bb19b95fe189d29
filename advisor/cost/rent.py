"""
Rent of machines: what an hour of one GPU costs, on demand and for those who commit themselves for years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.catalogue.claims import Claim, expected, live
from advisor.catalogue.evidence import UNKNOWN, claims_of
from advisor.catalogue.files import SourceFile
from advisor.catalogue.options import Deployment, Option
from advisor.catalogue.prices import Range
from advisor.cost.inputs import Input

COMMITMENT_WORDS: Mapping[str, str] = {
    "on-demand": "on demand",
    "1-year": "reserved for a year",
    "3-year": "reserved for three years",
}


@dataclass(frozen=True, slots=True)
class HourlyRent:
    """What an hour of one GPU costs to rent, and who says so."""

    usd: Range
    source: str

    @property
    def input(self) -> Input:
        return Input("rent of a GPU", self.usd, "${} an hour", self.source, key=f"rent {self.source}")


def hourly_rent(deployment: Deployment, as_of: date) -> HourlyRent | None:
    """As a curator settled it, else over the claims that count; None where none does."""
    found = over_claims(deployment.rent, as_of)
    if found is None or deployment.settled is None:
        return found
    price = Decimal(str(deployment.settled.value))
    return HourlyRent(Range(price, price, price), deployment.settled.cited)


def over_claims(claims: Sequence[Claim], as_of: date) -> HourlyRent | None:
    """From the least claim that counts to the most, the best of them expected; None where none counts."""
    alive = [c for c in live(claims, as_of) if c.value != UNKNOWN]
    best = expected(alive, "price")
    if best is None:
        return None
    prices = [Decimal(str(c.value)) for c in alive]
    return HourlyRent(Range(min(prices), Decimal(str(best.value)), max(prices)), f"{best.source} ({best.as_of})")


def commitments(option: Option, sources: Mapping[str, SourceFile], as_of: date) -> Iterator[tuple[str, HourlyRent]]:
    """Other rents of the same machine at the same place, by how long one commits oneself."""
    if option.deployment is None:
        return
    machine = option.deployment.machine
    for rent in option.host.rents:
        same = rent.hardware == machine.hardware.id and machine.gpus in rent.node_sizes and option.endpoint.id in rent.endpoints
        if same and rent.commitment != "on-demand":
            found = over_claims(claims_of(rent.usd_per_gpu_hour, sources), as_of)
            if found:
                yield rent.commitment, found
