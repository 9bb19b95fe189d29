"""
Billing: what a list of prices leaves out. Thinking tokens of a model, the fee of an intermediary, the currency of a host's own list.

In: records with claims and their sources, and a day. Out: the claim to calculate with, or None where nobody says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias, cast

from advisor.catalogue.claims import Claim, expected, live
from advisor.catalogue.evidence import UNKNOWN, claims_of
from advisor.catalogue.files import ClaimFile, EndpointFile, HostFile, ModelFile, SourceFile

Reasoning: TypeAlias = Literal["always", "optional", "no"]
Currency: TypeAlias = Literal["USD", "EUR", "GBP", "CHF"]
Sources: TypeAlias = Mapping[str, SourceFile]


def reasoning_of(model: ModelFile, sources: Sources, as_of: date) -> Reasoning | None:
    """
    Whether the model writes thinking tokens before its answer, which are billed as output: `always`, `optional` (the request decides),
    `no`, or None where no live claim says so.
    """
    claim = _expected(model.reasoning, sources, as_of, "fact")
    return cast(Reasoning, claim.value) if claim else None


def fee_of(host: HostFile, endpoint: EndpointFile, sources: Sources, as_of: date) -> Claim | None:
    """The share that an intermediary adds to the list prices at an endpoint (0.055 = 5.5 %); None where no page states one."""
    return _expected(endpoint.fee or host.fee, sources, as_of, "price")


def list_currency_of(host: HostFile, sources: Sources, as_of: date) -> Currency | None:
    """The currency of the host's own price list; None where no page was read. Packages state every price in US dollars."""
    claim = _expected(host.list_currency, sources, as_of, "fact")
    return cast(Currency, claim.value) if claim else None


def _expected(files: Sequence[ClaimFile], sources: Sources, as_of: date, kind: str) -> Claim | None:
    return expected([c for c in live(claims_of(files, sources), as_of) if c.value != UNKNOWN], kind)
