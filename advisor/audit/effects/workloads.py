"""
Workloads for the population: a few dozen ways to use a model, each shared by many answer sets, and the draws they are made of.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from advisor.audit.effects import likely
from advisor.questions import Question
from advisor.vocabulary import Vocabulary

PROFILES = 24
UNKNOWN_SHARE = 0.03
OPEN_PROFILES, OPEN_SHARE = 4, 0.4
"""How many profiles of somebody who has only begun, and the share of their answers that are not known."""

CHOICES = ("hours", "latency", "availability", "quality_need", "infrastructure_skill", "gpu_access")
NUMBERS = (
    "requests_per_month", "input_tokens_per_request", "output_tokens_per_request", "longest_input_tokens", "peak_factor", "batch_share",
    "cached_share", "planning_months", "requests_growth_per_year", "staff_usd_per_year",
)  # fmt: skip
OWNED_MOST = 16

Drawn = TypeVar("Drawn", str, int, float)


@dataclass(frozen=True)
class Draw:
    """Draws from one random source; the same order of calls gives the same values."""

    rng: random.Random

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def whole(self, least: int, most: int) -> int:
        return self.rng.randint(least, most)

    def any(self, values: Sequence[Drawn]) -> Drawn:
        return self.rng.choice(values)

    def one(self, weights: Mapping[str, float]) -> str:
        """One key, each as often as its weight says. There is at least one."""
        names = sorted(weights)
        return self.rng.choices(names, [weights[name] for name in names])[0]

    def sample(self, values: Sequence[str], count: int) -> list[str]:
        """So many different values, or all there are, sorted."""
        return sorted(self.rng.sample(list(values), min(count, len(values))))

    def round_number(self, least: float, most: float) -> int:
        """A number with one or two figures that count, every size as likely as another."""
        raw = math.exp(self.rng.uniform(math.log(least), math.log(most)))
        step = 5 * int(10.0 ** max(0, math.floor(math.log10(raw)) - 1))
        return max(1, round(raw / step) * step)

    def deck(self, weights: Mapping[str, float], count: int) -> list[str]:
        """A shuffled list of `count` values: each at least twice where there is room, the rest as often as its weight says."""
        names = sorted(weights)
        cards = (names * 2)[:count]
        cards += self.rng.choices(names, [weights[name] for name in names], k=count - len(cards))
        self.rng.shuffle(cards)
        return cards


def profiles(vocabulary: Vocabulary, questions: Sequence[Question], draw: Draw) -> list[dict[str, object]]:
    """The workloads, as answers. Every task, and every value of the choices about the work, occurs in some."""
    fields = {f.key: [p.value for p in f.presets] for question in questions for f in question.fields}
    decks = {
        key: draw.deck({value: likely.WORK.get(value, 1.0) for value in values}, PROFILES)
        for key in ("tasks", *CHOICES)
        if (values := _values(vocabulary, key))
    }
    return [_profile(n, decks, fields, vocabulary, draw) for n in range(PROFILES)]


def _values(vocabulary: Vocabulary, key: str) -> list[str]:
    fact = vocabulary.facts.get(f"use.{key}")
    return sorted(vocabulary.values(fact)) if fact else []


def _profile(
    number: int, decks: Mapping[str, Sequence[str]], fields: Mapping[str, Sequence[float]], vocabulary: Vocabulary, draw: Draw
) -> dict[str, object]:
    found: dict[str, object] = {key: decks[key][number] for key in CHOICES if key in decks}
    if "tasks" in decks:
        found["tasks"] = sorted({decks["tasks"][number], *(draw.any(decks["tasks"]) for _ in range(draw.whole(0, 2)))})
    for key in NUMBERS:
        if offered := fields.get(key):
            value = draw.any(offered[: len(offered) - 1] if draw.chance(0.6) else offered)  # the largest is the rarest
            found[key] = int(value) if value == int(value) else value
    if "requests_per_month" in found:
        found["requests_per_month"] = draw.round_number(500, 20_000_000)
    kinds = sorted(vocabulary.domains.get("hardware", {}))
    if found.get("gpu_access") == "own" and kinds:
        found["gpus_owned"] = {kind: draw.whole(1, OWNED_MOST) for kind in draw.sample(kinds, draw.whole(1, 2))}
    share = OPEN_SHARE if number < OPEN_PROFILES else UNKNOWN_SHARE
    left_out = sorted(found)[number] if number < len(found) else ""  # so that every answer is open in some profile
    return {key: value for key, value in found.items() if not draw.chance(share) and key != left_out}
