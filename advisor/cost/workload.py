"""
Workload: what a person answered about volume, and the rates that follow: requests and tokens a second, on average and in the busiest hour.

Utilisation is never an input; it follows from the load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from advisor.answers import Answers
from advisor.catalogue.prices import Range

HOURS_PER_MONTH = Decimal(730)
DAYS_PER_MONTH = HOURS_PER_MONTH / 24
SECONDS_PER_HOUR = Decimal(3600)
MONTHS_PER_YEAR = 12
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
    longest_input: Decimal | None = None
    """Of the month, in tokens; None: not known."""
    latency: str | None = None
    """How soon the answer is needed; None: not known."""
    growth: Decimal | None = None
    """Factor a year; None: not known, and then the load stays as it is."""
    planning_months: int | None = None

    @property
    def input_mtok(self) -> Decimal:
        return self.requests * self.input_tokens / MTOK

    @property
    def output_mtok(self) -> Decimal:
        return self.requests * self.output_tokens / MTOK

    @property
    def live(self) -> Range:
        """Share of requests that cannot wait."""
        if self.batch_share is None:
            return Range(Decimal(0), Decimal(1), Decimal(1))
        return Range(*(1 - self.batch_share,) * 3)

    @property
    def average_rps(self) -> Range:
        """Requests a second over the hours of use: least when they spread over many hours, most when over few."""
        hours = (self.hours.high, self.hours.expected, self.hours.low)
        return Range(*(self.requests / (h * SECONDS_PER_HOUR) for h in hours))

    @property
    def peak_rps(self) -> Range:
        """Requests a second in the busiest hour; what can wait is spread over all hours."""
        average, sides = self.average_rps, ("low", "expected", "high")
        crowds = (max(Decimal(1), getattr(self.live, side) * getattr(self.peak, side)) for side in sides)
        return Range(*(getattr(average, side) * crowd for side, crowd in zip(sides, crowds, strict=True)))

    def grown(self, months: int) -> Workload:
        """The load after so many months of growth."""
        if self.growth is None or months == 0:
            return self
        factor = self.growth ** (Decimal(months) / MONTHS_PER_YEAR)
        return replace(self, requests=(self.requests * factor).to_integral_value())


def concurrency(rate: Range, seconds: Range) -> Range:
    """Requests under way at once, by Little's law: requests a second times the seconds that each takes."""
    return Range(rate.low * seconds.low, rate.expected * seconds.expected, rate.high * seconds.high)


def workload(answers: Answers) -> Workload | None:
    """The workload, or None while volume or size is not known. A request without any token is none, and no size of it is known."""
    sizes = [_number(answers, key) for key in ("requests_per_month", "input_tokens_per_request", "output_tokens_per_request")]
    if any(size is None for size in sizes):
        return None
    requests, given, produced = (size for size in sizes if size is not None)
    if given + produced == 0:
        return None
    peak, hours, outage = _number(answers, "peak_factor"), answers.text("hours"), answers.text("availability")
    months = answers.number("planning_months")
    return Workload(
        requests=requests,
        input_tokens=given,
        output_tokens=produced,
        cached_share=_number(answers, "cached_share"),
        batch_share=_number(answers, "batch_share"),
        hours=Range(*(HOURS_OF_USE[hours],) * 3) if hours else Range(*HOURS_OF_USE.values()),
        peak=Range(*(peak,) * 3) if peak is not None else PEAK_UNSTATED,
        redundant=None if outage is None else outage in ("important", "critical"),
        longest_input=_number(answers, "longest_input_tokens"),
        latency=answers.text("latency"),
        growth=_number(answers, "requests_growth_per_year"),
        planning_months=None if months is None else int(months),
    )


def _number(answers: Answers, key: str) -> Decimal | None:
    value = answers.number(key)
    return None if value is None else Decimal(str(value))
