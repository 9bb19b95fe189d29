"""
Weights of the criteria: the person's own where given, else the points of the `weigh` rules that apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from advisor.answers import Answers
from advisor.possible import Possible
from advisor.ranking.criteria import CRITERIA
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Arm, Criterion, Rule


class WeighRule(Protocol):
    """A `weigh` rule with the arm in force."""

    @property
    def rule(self) -> Rule: ...

    @property
    def arm(self) -> Arm: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that sum to 1, and what gave them."""

    values: Mapping[Criterion, float]
    rules: tuple[Rule, ...]
    """The `weigh` rules whose points count; empty when the person gave weights."""
    open_rules: tuple[Rule, ...]
    """Those that might count, depending on an answer that is not known."""


def weights(answers: Answers, rules: Sequence[WeighRule], judge: Judge) -> Weights:
    """The weights for one set of answers. With no points at all, every criterion weighs the same."""
    own = answers.weights("priorities")
    if own is not None:
        return Weights(_normalised({name: float(own.get(name, 0)) for name in CRITERIA}), (), ())

    def answer(fact: str) -> Possible:
        return answers.possible(fact, judge.as_of)

    points: dict[Criterion, float] = dict.fromkeys(CRITERIA, 0.0)
    counted, still_open = [], []
    for item in rules:
        truth = judge.truth(item.rule.applies(item.arm), answer)
        if truth.must:
            counted.append(item.rule)
            for name, value in item.arm.points.items():
                points[name] += value
        elif truth.may:
            still_open.append(item.rule)
    return Weights(_normalised(points), tuple(counted), tuple(still_open))


def _normalised(points: Mapping[Criterion, float]) -> dict[Criterion, float]:
    positive = {name: max(0.0, value) for name, value in points.items()}
    whole = sum(positive.values())
    return {name: round(value / whole, 6) if whole else round(1 / len(CRITERIA), 6) for name, value in positive.items()}
