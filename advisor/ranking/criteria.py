"""
Criteria: what an option is worth on each of five fixed scales, from 0 to 1, with the range of what is not known.

The ends of every scale are written here and never depend on which options there are; adding or removing one changes no other.

    quality      quality for the tasks, 0 to 100 points; what is not measured counts against a model, never for it
    cost         monthly cost, from $10 (1) to $1,000,000 (0), each factor of ten a fifth of the scale
    control      who can read the data, who can be compelled, how easily one can leave
    operations   what the team has to run, against what it can run
    speed        no comparable figures are at hand: the whole scale is open for every option
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from advisor.answers import Answers
from advisor.catalogue.machines import cut_down
from advisor.catalogue.options import Option
from advisor.cost.lines import Cost
from advisor.possible import Choice, Possible
from advisor.ranking.quality import Quality
from advisor.rulebook.rule import Criterion

CRITERIA: tuple[Criterion, ...] = ("quality", "cost", "control", "operations", "speed")

COST_BEST_USD, COST_WORST_USD = 10.0, 1_000_000.0

CONTROL_OF_PREMISES: Mapping[str, float] = {"own": 0.7, "rented": 0.55, "host": 0.3}
"""Your own machines; machines you rent, whose owner could reach them; a service that sees every prompt."""
CONTROL_OPEN_WEIGHTS = 0.2
"""The same model can be had elsewhere."""
CONTROL_NO_FOREIGN_REACH = 0.1
"""The host cannot be reached by an order under the US CLOUD Act."""

CUT_DOWN_POINTS = 5.0
"""
Points of quality that a four-bit version of fuller weights has to make up. No results of such versions were found; results of the fuller
weights speak for them within the widest tolerance of a test in data/benchmarks.yaml. A design choice.
"""

OPERATIONS: Mapping[str, Mapping[str, float]] = {
    "host": {"none": 0.9, "api": 1.0, "containers": 1.0, "gpu": 1.0, "gpu-oncall": 1.0},
    "rented": {"none": 0.0, "api": 0.05, "containers": 0.2, "gpu": 0.5, "gpu-oncall": 0.65},
    "own": {"none": 0.0, "api": 0.0, "containers": 0.1, "gpu": 0.4, "gpu-oncall": 0.55},
}
"""Ease of running, by who owns the machines and what the team can run today."""


@dataclass(frozen=True, slots=True)
class Worth:
    """One option on one criterion: what it may be worth, and what it is ranked with."""

    low: float
    value: float
    high: float
    known: bool = True
    """False when the middle of an open scale stands in for a value nobody states."""


OPEN = Worth(0.0, 0.5, 1.0, known=False)
UNPRICED = Worth(0.0, 0.0, 1.0, known=False)
"""A cost that nobody can state is ranked at the dear end, never as cheap."""


class Facts(Protocol):
    """What is possible of a fact."""

    def __call__(self, fact: str) -> Possible: ...


def criteria(option: Option, facts: Facts, answers: Answers, quality: Quality, cost: Cost) -> dict[Criterion, Worth]:
    """The worth of one option on every criterion."""
    return {
        "quality": _quality(option, quality),
        "cost": _cost(cost),
        "control": _control(option, facts),
        "operations": _operations(facts, answers),
        "speed": OPEN,
    }


def _quality(option: Option, quality: Quality) -> Worth:
    if quality.shown is None:
        return Worth(quality.low / 100, 0.5, quality.high / 100, known=False)
    unmeasured = CUT_DOWN_POINTS if _cut_down(option) else 0.0
    low, shown = (max(0.0, points - unmeasured) / 100 for points in (quality.low, quality.shown))
    return Worth(low, shown, quality.high / 100)


def _cut_down(option: Option) -> bool:
    deployment, architecture = option.deployment, option.model.architecture
    return bool(deployment and architecture and cut_down(architecture, deployment.machine.precision))


def _cost(cost: Cost) -> Worth:
    if cost.usd is None:
        return UNPRICED
    return Worth(_cost_value(float(cost.usd.high)), _cost_value(float(cost.usd.expected)), _cost_value(float(cost.usd.low)))


def _cost_value(usd: float) -> float:
    span = math.log10(COST_WORST_USD / COST_BEST_USD)
    return 1 - math.log10(min(max(usd, COST_BEST_USD), COST_WORST_USD) / COST_BEST_USD) / span


def _control(option: Option, facts: Facts) -> Worth:
    premises = next(iter(_possible(facts("option.premises"))))
    base = CONTROL_OF_PREMISES[premises] + (CONTROL_OPEN_WEIGHTS if option.model.open_weights == "yes" else 0.0)
    if premises == "own":
        return Worth(*(base + CONTROL_NO_FOREIGN_REACH,) * 3)
    reached = _possible(facts("option.cloud_act_exposed"))
    best, worst = base + CONTROL_NO_FOREIGN_REACH, base
    if reached == {"no"}:
        return Worth(best, best, best)
    if reached == {"yes"}:
        return Worth(worst, worst, worst)
    return Worth(worst, worst, best)


def _operations(facts: Facts, answers: Answers) -> Worth:
    premises = next(iter(_possible(facts("option.premises"))))
    skills = OPERATIONS[premises]
    skill = answers.text("infrastructure_skill")
    if skill is not None:
        return Worth(*(skills[skill],) * 3)
    return Worth(min(skills.values()), min(skills.values()), max(skills.values()), known=False)


def _possible(value: Possible) -> frozenset[str]:
    return value.possible if isinstance(value, Choice) else frozenset()
