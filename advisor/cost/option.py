"""
The monthly cost of any option, whichever way it runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from advisor.answers import Answers
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option
from advisor.cost.api import api_cost
from advisor.cost.lines import Cost, unknown
from advisor.cost.selfhost import SelfHosting
from advisor.cost.workload import workload
from advisor.possible import Interval


def option_costs(options: Sequence[Option], answers: Answers, catalogue: Catalogue, as_of: date) -> list[Cost]:
    """The monthly cost of each option, in order. Options that run alike share their calculation."""
    load = workload(answers)
    if load is None:
        return [unknown("the number or the size of requests is not known")] * len(options)
    own = SelfHosting(load, answers, catalogue, as_of)
    seen: dict[object, Cost] = {}
    costs = []
    for option in options:
        if option.prices is not None:
            key: object = id(option.prices)
        else:
            key = (option.model.id, option.host.id, option.place, *_machine(option))
        if key not in seen:
            seen[key] = api_cost(option.prices, load) if option.prices is not None else own.cost(option)
        costs.append(seen[key])
    return costs


def _machine(option: Option) -> tuple[object, ...]:
    """What of a machine its cost depends on: a trial gives one and the same option several rents."""
    deployment = option.deployment
    if deployment is None:
        return ()
    rent = tuple((claim.source, claim.scope, str(claim.value)) for claim in deployment.rent)
    return (deployment.machine.slug, rent, str(deployment.settled.value) if deployment.settled else "")


def as_interval(cost: Cost) -> Interval:
    """A cost as a fact that rules may test."""
    return Interval(float(cost.usd.low), float(cost.usd.high)) if cost.usd else Interval(0.0, math.inf)
