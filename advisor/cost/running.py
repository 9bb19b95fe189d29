"""
What running a service takes beside tokens and machines: people, logs, storage, traffic. The same lines stand on both sides of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from advisor.answers import Answers
from advisor.catalogue.load import Catalogue
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Figure
from advisor.cost.inputs import ASKED, Input, Product, certain, of_figure
from advisor.cost.parts import Bundle, Part
from advisor.cost.workload import Workload

GIB = Decimal(2**30)
MONTHS_PER_YEAR = Decimal(12)
EUROPE = "eea"
A_YEAR = Input("months of a year", Range(*(MONTHS_PER_YEAR,) * 3), divides=True)
Figures: TypeAlias = Callable[[str], Figure]


class Running:
    """The running costs of one set of answers; options that share a line share the part."""

    def __init__(self, load: Workload, answers: Answers, catalogue: Catalogue, as_of: date) -> None:
        self.load = load
        self.answers = answers
        self.figure = catalogue.sizing.figure
        self.in_europe = in_europe(answers, as_of)
        logs, operators = tuple(self._logs()), tuple(self._operators())
        self.for_services = Bundle((self._engineers("Engineers: connect and watch the service", self.figure("fte-hosted")), *logs))
        self.for_rented = Bundle((*operators, *logs, self._traffic()))
        self.for_own = Bundle((*operators, self._engineers("Engineers: machines of your own", self.figure("fte-own-machines")), *logs))

    # ------------------------------------------------------------------ people
    def _operators(self) -> Iterator[Part]:
        yield self._engineers("Engineers: run the model", _skill(self.answers, self.figure))
        on_call = _outage(self.answers, self.figure)
        if on_call.high > 0:
            yield self._engineers("Engineers: on call", on_call)

    def _engineers(self, label: str, posts: Figure) -> Part:
        return Part(
            label,
            "month",
            Product((of_figure(posts, f"number of engineers ({label.partition(': ')[2]})", "{} full-time"), *self._pay(), A_YEAR)),
        )

    def _pay(self) -> tuple[Input, ...]:
        """A year of one engineer: as answered, else as paid where the organisation sits."""
        own = self.answers.number("staff_usd_per_year")
        if own is not None:
            return (certain("cost of an engineer", Decimal(str(own)), "${} a year", ASKED),)
        there = of_figure(self.figure("engineer-usd-per-year"), "cost of an engineer", "${} a year")
        if self.in_europe is False:
            return (there,)
        euros = of_figure(self.figure("engineer-eur-per-year"), "cost of an engineer", "€{} a year")
        rate = self.rate
        if self.in_europe:
            return (euros, rate)
        least = min(there.range.low, euros.range.low * rate.range.low)
        return (Input(there.name, Range(least, there.range.expected, there.range.high), there.form, there.source, key=there.key),)

    @property
    def rate(self) -> Input:
        return of_figure(self.figure("usd-per-eur"), "dollars for a euro", "${} a euro")

    # ------------------------------------------------------------------ logs, storage, traffic
    def _logs(self) -> Iterator[Part]:
        tokens = certain("tokens of a request", self.load.input_tokens + self.load.output_tokens, "{} tokens", ASKED)
        size = of_figure(self.figure("bytes-per-token"), "bytes of a token", "{} bytes")
        taken = of_figure(self.figure("logging-usd-per-gib"), "taking in logs", "${} a GiB")
        yield Part("Logs, taken in", "request", Product((tokens, size, _a_gib(taken))))
        kept = of_figure(self.figure("log-storage-usd-per-gib-month"), "keeping logs", "${} a GiB and month")
        months = of_figure(self.figure("log-retention-months"), "months kept", "{} months")
        yield Part("Logs, kept", "request", Product((tokens, size, months, _a_gib(kept))))

    def _traffic(self) -> Part:
        tokens = certain("output tokens of a request", self.load.output_tokens, "{} tokens", ASKED)
        size = of_figure(self.figure("bytes-per-token"), "bytes of a token", "{} bytes")
        price = of_figure(self.figure("egress-usd-per-gib"), "traffic", "${} a GiB")
        return Part("Traffic out of the cloud", "request", Product((tokens, size, _a_gib(price))))


def _a_gib(item: Input) -> Input:
    """A price for a GiB, counted for a byte."""
    return Input(item.name, item.range, item.form, item.source, item.key, scale=1 / GIB)


def in_europe(answers: Answers, as_of: date) -> bool | None:
    """Whether the organisation pays European wages and power; None: not known where it sits."""
    country = answers.text("organisation_country")
    if country is None:
        return None
    return country in answers.vocabulary.places.members(EUROPE, as_of)


def _skill(answers: Answers, figures: Figures) -> Figure:
    """Posts by skill; while the skill is not known, anything from the best to the worst."""
    skill = answers.text("infrastructure_skill")
    if skill:
        return figures(f"fte-self-hosted-{skill}")
    best, middle, worst = (figures(f"fte-self-hosted-{name}") for name in ("gpu-oncall", "containers", "none"))
    return middle.model_copy(update={"low": best.low, "high": worst.high})


def _outage(answers: Answers, figures: Figures) -> Figure:
    """Posts by what an outage costs; while that is not known, anything from none to the most."""
    return by_outage(answers, figures, "fte-availability")


def by_outage(answers: Answers, figures: Figures, name: str) -> Figure:
    """A figure that depends on what an outage costs; while that is not known, from the least to the most."""
    availability = answers.text("availability")
    if availability:
        return figures(f"{name}-{availability}")
    least, middle, most = (figures(f"{name}-{level}") for level in ("best-effort", "recoverable", "critical"))
    return middle.model_copy(update={"low": least.low, "high": most.high})
