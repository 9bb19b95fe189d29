"""
The shelf: every option that any of many cases may choose from, laid out in columns, and what each is worth for a workload.

Options on own premises differ from case to case; they stand in one block for each country, after the options that all cases share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from advisor.answers import Answers, Value
from advisor.assessment import Derived
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import UNSTATED, Option, build_options
from advisor.cost.option import as_interval, option_costs
from advisor.possible import Possible
from advisor.ranking.criteria import CRITERIA, criteria
from advisor.ranking.quality import floors, levels, qualities
from advisor.recommendation import own_premises

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WORKLOAD_KEYS = (
    "tasks", "requests_per_month", "input_tokens_per_request", "output_tokens_per_request", "peak_factor", "hours", "batch_share",
    "cached_share", "availability", "infrastructure_skill", "gpus_owned", "staff_usd_per_year",
)  # fmt: skip
"""The answers on which costs, quality and the worth of an option depend."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Options in columns: first those that all cases share, then one block for each country of own premises."""

    catalogue: Catalogue
    as_of: date
    figures: str
    options: tuple[Option, ...]
    shared: int
    """How many options do not depend on the case."""
    block: int
    """How many options there are on own premises in one country."""
    places: Mapping[str, int]
    """Countries of own premises by the number of their block."""

    @cached_property
    def pattern(self) -> Indices:
        """For each column its place in the pattern: the shared options, then one block. Options that share it differ by country only."""
        blocks = len(self.places)
        own = np.tile(np.arange(self.shared, self.shared + self.block), blocks)
        return np.concatenate([np.arange(self.shared), own]).astype(np.int64)

    @cached_property
    def rank(self) -> Indices:
        """For each column its place in the order of all ids."""
        found = np.empty(len(self.options), dtype=np.int64)
        found[sorted(range(len(self.options)), key=lambda n: self.options[n].id)] = np.arange(len(self.options))
        return found

    @cached_property
    def asks(self) -> Indices:
        """For each column 1 where something has to be asked for or signed before, else 0."""
        return np.array([bool(option.preconditions) for option in self.options], dtype=np.int64)

    def sites(self, answers: Answers) -> tuple[int, ...]:
        """The blocks of a case: where its own premises may stand."""
        return tuple(self.places[place] for place in own_premises(answers) or (UNSTATED,))

    def columns(self, sites: Sequence[int]) -> Indices:
        """The columns of one case."""
        starts = [np.arange(self.block) + self.shared + site * self.block for site in sites]
        return np.concatenate([np.arange(self.shared), *starts]).astype(np.int64)


def shelf(catalogue: Catalogue, cases: Sequence[Answers], as_of: date, figures: str) -> Shelf:
    """The options of all cases together."""
    places = sorted({place for answers in cases for place in own_premises(answers)})
    unstated = build_options(catalogue, as_of, (), figures)
    placed = build_options(catalogue, as_of, tuple(places), figures) if places else ()
    by_place: dict[str, list[Option]] = {place: [] for place in (*places, UNSTATED)}
    for option in (*placed, *unstated):
        if option.host.kind == "own":
            by_place[option.place].append(option)
    shared = [option for option in unstated if option.host.kind != "own"]
    own = [option for block in by_place.values() for option in sorted(block, key=_apart_from_place)]
    numbers = {place: n for n, place in enumerate(by_place)}
    return Shelf(catalogue, as_of, figures, (*shared, *own), len(shared), len(by_place[UNSTATED]), numbers)


def _apart_from_place(option: Option) -> tuple[str, str, str]:
    return (option.model.id, option.host.id, option.deployment.machine.slug if option.deployment else "")


def workload_key(answers: Answers) -> tuple[Value | None | tuple[tuple[str, int], ...], ...]:
    """The answers that costs and worth depend on, as a key: cases with equal keys share a `Load`."""
    found = [answers.known.get(key) for key in WORKLOAD_KEYS]
    return tuple(tuple(sorted(v.items())) if isinstance(v, Mapping) else v for v in found)


@dataclass(frozen=True, eq=False)
class Load:
    """What a workload makes of the options, for each place in the shelf's pattern."""

    derived: Derived
    """Facts worked out for it, by name."""
    worth: Floats
    """Shape (pattern, criteria): what each option is ranked with."""


def load(answers: Answers, on: Shelf) -> Load:
    """Costs, quality and worth of the options for the workload of these answers."""
    options = on.options[: on.shared + on.block]  # the first block stands for all: cost and worth do not depend on the country
    catalogue = on.catalogue
    quality = qualities(catalogue, answers.listed("tasks") or (), on.as_of, on.figures)
    limits = floors(catalogue.floors, on.as_of)
    costs = option_costs(options, answers, catalogue, on.as_of)
    reached = {model: levels(value, limits) for model, value in quality.items()}
    derived: dict[str, list[Possible]] = {
        "option.quality_levels": [reached[option.model.id] for option in options],
        "option.usd_per_month": [as_interval(cost) for cost in costs],
    }
    worth = np.empty((len(options), len(CRITERIA)))
    for n, (option, cost) in enumerate(zip(options, costs, strict=True)):
        values = criteria(option, option.possible, answers, quality[option.model.id], cost)
        worth[n] = [values[name].value for name in CRITERIA]
    return Load(derived, worth)
