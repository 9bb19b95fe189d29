"""
The monthly cost of any option, whichever way it runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from advisor.answers import Answers
from advisor.catalogue.billing import fee_of, list_currency_of, reasoning_of
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option
from advisor.catalogue.prices import Range
from advisor.cost.api import Terms, TokenBills
from advisor.cost.inputs import ONE, Input, certain, of_figure
from advisor.cost.lines import Cost, unknown
from advisor.cost.parts import Bill
from advisor.cost.running import Running
from advisor.cost.selfhost import SelfHosting, fleet_words
from advisor.cost.workload import Workload, workload
from advisor.possible import Interval

NO_LOAD = "the number or the size of requests is not known"


class Costing:
    """The costs of one set of answers. Options that run alike share their bill."""

    def __init__(self, answers: Answers, catalogue: Catalogue, as_of: date, load: Workload) -> None:
        self.answers = answers
        self.catalogue = catalogue
        self.as_of = as_of
        self.load = load
        self.running = Running(load, answers, catalogue, as_of)
        self.own = SelfHosting(load, answers, catalogue, as_of, self.running)
        self.tokens = TokenBills(load)
        self._bills: dict[object, Bill] = {}
        self._costs: dict[object, Cost] = {}
        self._thinking: dict[str, Input | None] = {}
        self._tokenisers: dict[str, Input] = {}
        self._billing: dict[tuple[str, ...], tuple[Input | None, Input | None]] = {}
        missed = catalogue.sizing.figure("cache-miss-share")
        self.missed, self.missed_source = Range(missed.low, missed.expected, missed.high), missed.source

    def bill(self, option: Option) -> Bill:
        """What an option costs at any volume."""
        return self._bill(self._key(option), option)

    def _bill(self, key: object, option: Option) -> Bill:
        found = self._bills.get(key)
        if found is None:
            found = (
                self._hosted(option) if option.prices is not None else self.own.bill(option, self.thinking(option), self.tokeniser(option))
            )
            self._bills[key] = found
        return found

    def cost(self, option: Option) -> Cost:
        """What a month of the stated load costs."""
        key = self._key(option)
        found = self._costs.get(key)
        if found is None:
            bill = self._bill(key, option)
            found = self._costs[key] = bill.at(self.load.requests, partial(_fleet, bill, self.load))
        return found

    def _key(self, option: Option) -> object:
        """What the cost of an option depends on; all claims of one rent, and all prices of one served model, are one object."""
        if option.prices is not None:
            return id(option.prices), option.host.id, option.endpoint.id
        deployment = option.deployment
        if deployment is None:
            return option.id
        return option.model.id, option.host.kind, deployment.machine.slug, id(deployment.rent), id(deployment.settled)

    # ------------------------------------------------------------------ hosted
    def _hosted(self, option: Option) -> Bill:
        assert option.prices is not None
        tokens = self.tokens.bill(option.prices, self._terms(option))
        if tokens.missing:
            return Bill((self.running.for_services,), tokens.missing, tokens.notes)
        return Bill((*tokens.bundles, self.running.for_services), "", tokens.notes)

    def processed(self, option: Option, way: str) -> Range | None:
        """What the tokens of a hosted option cost if all were processed one way: standard, batch, flex or priority."""
        return self.tokens.processed(option.prices, way, self._terms(option)) if option.prices is not None else None

    def _terms(self, option: Option) -> Terms:
        key = (option.model.id, option.host.id, option.endpoint.id)
        if key[1:] not in self._billing:
            self._billing[key[1:]] = self.currency(option), self.fee(option)
        currency, fee = self._billing[key[1:]]
        return Terms(self.missed, self.thinking(option), self.tokeniser(option), currency, fee, self.missed_source)

    def fee(self, option: Option) -> Input | None:
        """What an intermediary adds to the prices of others."""
        claim = fee_of(option.host, option.endpoint, self.catalogue.sources[option.host.id], self.as_of)
        if claim is None or not float(str(claim.value)):
            return None
        return certain("fee", Decimal(str(claim.value)), "{} of it", f"{claim.source} ({claim.as_of})")

    def currency(self, option: Option) -> Input | None:
        """
        What prices may be times: a package may have copied a list in euros as if it were in dollars.

        Nothing where the list is in dollars or no page was read.
        """
        listed = list_currency_of(option.host, self.catalogue.sources[option.host.id], self.as_of)
        if listed in (None, "USD"):
            return None
        rate = self.catalogue.sizing.figure(f"usd-per-{listed.lower()}")
        span = Range(min(Decimal(1), rate.low), Decimal(1), max(Decimal(1), rate.high))
        name = f"dollars for a price that may be in {listed}"
        return Input(name, span, "{} (list in " + listed + ")", rate.source, key=rate.id, drawn=span)

    def thinking(self, option: Option) -> Input | None:
        """
        Tokens of thinking for each token of the answer.

        A model that cannot but think does so as the figure says. One that can, or of which it is not known, is taken as not thinking, and
        at its high end as thinking as usual; that is a choice of yours and no chance, so draws leave it out.
        """
        model = option.model
        if model.id not in self._thinking:
            self._thinking[model.id] = self._thinks(option)
        return self._thinking[model.id]

    def _thinks(self, option: Option) -> Input | None:
        way = reasoning_of(option.model, self.catalogue.sources[option.model.id], self.as_of)
        if way == "no":
            return None
        figure = self.catalogue.sizing.figure("reasoning-over-output")
        always = of_figure(figure, "tokens of thinking for each of the answer", "{}")
        if way == "always":
            return always
        return Input(always.name, Range(Decimal(0), Decimal(0), figure.expected), "{}", always.source)

    def tokeniser(self, option: Option) -> Input:
        """Other models cut the same text into more or fewer tokens than the person counted."""
        developer = option.model.developer
        if developer not in self._tokenisers:
            figure = self.catalogue.sizing.figure("tokeniser-ratio")
            wide = Range(figure.low, figure.expected, figure.high)
            name = f"tokens of a model by {developer} over tokens counted"
            self._tokenisers[developer] = Input(name, ONE, source=figure.source, key=f"tokeniser {developer}", drawn=wide)
        return self._tokenisers[developer]


def _fleet(bill: Bill, load: Workload) -> tuple[str, ...]:
    return (fleet_words(bill.stairs, load),) if bill.stairs else ()


def costing(answers: Answers, catalogue: Catalogue, as_of: date) -> Costing | None:
    """None while the load is not known."""
    load = workload(answers)
    return None if load is None else Costing(answers, catalogue, as_of, load)


def option_costs(options: Sequence[Option], answers: Answers, catalogue: Catalogue, as_of: date) -> list[Cost]:
    """The monthly cost of each option, in order."""
    found = costing(answers, catalogue, as_of)
    if found is None:
        return [unknown(NO_LOAD)] * len(options)
    return [found.cost(option) for option in options]


def as_interval(cost: Cost) -> Interval:
    """A cost as a fact that rules may test."""
    return Interval(float(cost.usd.low), float(cost.usd.high)) if cost.usd else Interval(0.0, math.inf)
