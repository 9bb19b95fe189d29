"""
Workload: what a person answered about volume, as rates that machines and price lists understand.

Utilisation is never an input; it follows from the load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from advisor.answers import Answers
from advisor.catalogue.prices import Range

HOURS_PER_MONTH = Decimal(730)
HOURS_OF_USE: Mapping[str, Decimal] = {"office": Decimal(220), "extended": Decimal(480), "always": HOURS_PER_MONTH}
"""Hours a month in which requests come: 22 days of 10 hours, 30 days of 16, day and night."""

PEAK_UNSTATED = Range(Decimal(1), Decimal(3), Decimal(6))
"""Peak hour over average hour while the answer is not known."""

MTOK = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Workload:
    """Requests of an average month."""

    requests: Decimal
    input_tokens: Decimal
    """For one request, mean."""
    output_tokens: Decimal
    cached_share: Decimal | None
    """None: not known; anything from none to all."""
    batch_share: Decimal | None
    hours: Range
    """Hours of use a month."""
    peak: Range
    """Peak hour over average hour."""
    redundant: bool | None
    """One machine more than the load needs, because an outage costs more; None: not known."""

    @property
    def input_mtok(self) -> Decimal:
        return self.requests * self.input_tokens / MTOK

    @property
    def output_mtok(self) -> Decimal:
        return self.requests * self.output_tokens / MTOK

    @property
    def average_rps(self) -> Range:
        """Requests a second over the hours of use: least when they spread over many hours, most when over few."""
        return Range(*(self.requests / (hours * 3600) for hours in (self.hours.high, self.hours.expected, self.hours.low)))


def workload(answers: Answers) -> Workload | None:
    """The workload, or None while volume or size is not known."""
    sizes = [answers.number(key) for key in ("requests_per_month", "input_tokens_per_request", "output_tokens_per_request")]
    if any(size is None for size in sizes):
        return None
    requests, given, produced = (Decimal(str(size)) for size in sizes)
    peak, hours, outage = answers.number("peak_factor"), answers.text("hours"), answers.text("availability")
    return Workload(
        requests=requests,
        input_tokens=given,
        output_tokens=produced,
        cached_share=_share(answers.number("cached_share")),
        batch_share=_share(answers.number("batch_share")),
        hours=Range(*(HOURS_OF_USE[hours],) * 3) if hours else Range(*HOURS_OF_USE.values()),
        peak=Range(*(Decimal(str(peak)),) * 3) if peak is not None else PEAK_UNSTATED,
        redundant=None if outage is None else outage in ("important", "critical"),
    )


def _share(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
