"""
The hospital's costs under each set of figures, for `tools/cost_claims.py`: which options speak for machines and which for services.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from advisor.answers import load_answers
from advisor.catalogue.options import Option
from advisor.cost.breakeven import Line, at_side, break_even
from advisor.cost.option import Costing
from advisor.cost.parts import Bill
from advisor.cost.workload import DAYS_PER_MONTH, Workload, workload
from advisor.library import Library, shipped
from advisor.recommendation import Recommendation, recommend

AS_OF = date(2026, 11, 24)
FIGURES = ("best", "comparison-document")

MAVERICK = "llama-4-maverick"
GPT_EU, GPT_GLOBAL = "gpt-5.4@openai-api/eu", "gpt-5.4@openai-api/global"
GERMANY, EU_ZONE, GLOBAL = (f"{MAVERICK}@azure-openai/{place}" for place in ("germanywestcentral", "data-zone-eu", "global"))
H100_EU = f"{MAVERICK}@selfhost-runpod/eu/8xh100-fp8"

A_DAY = (2_000, 3_000, 5_000)
LARGEST = Decimal(10**9)
DAILY = tuple((n * DAYS_PER_MONTH).to_integral_value() for n in A_DAY)
VOLUMES = (*DAILY, *(Decimal(n * 10**6) for n in (1, 2, 5, 10, 50, 100)), LARGEST)
STAFF = "Engineers"
NO_TOKENS = (STAFF, "Logs")
SHAPES = ((500, 200), (1_500, 400), (4_000, 800), (8_000, 500))


@dataclass(frozen=True)
class World:
    """The hospital under one set of figures."""

    result: Recommendation
    load: Workload

    @cached_property
    def costs(self) -> Costing:
        return Costing(self.result.answers, self.result.library.catalogue, AS_OF, self.load)

    @cached_property
    def options(self) -> dict[str, Option]:
        return {ranked.option.id: ranked.option for ranked in self.result.all}

    def bill(self, name: str) -> Bill:
        return self.costs.bill(self.options[name])

    def expected(self, name: str, requests: Decimal) -> Decimal:
        return self.bill(name).usd(requests).expected

    def people(self, name: str, requests: Decimal) -> Decimal:
        return sum((p.usd(requests).expected for p in self.bill(name).parts if p.label.startswith(STAFF)), Decimal(0))

    def tokens(self, name: str, requests: Decimal) -> Decimal:
        """What the hand calculation has: tokens at list prices."""
        return sum((p.usd(requests).expected for p in self.bill(name).parts if not p.label.startswith(NO_TOKENS)), Decimal(0))

    def mavericks(self, mode: str) -> list[str]:
        """With a complete cost."""
        found = [o for o in self.options.values() if o.model.id == MAVERICK and o.mode == mode]
        return [o.id for o in found if not self.costs.bill(o).missing]

    @cached_property
    def hosted(self) -> list[str]:
        """From the cheapest to the dearest."""
        return sorted(self.mavericks("hosted-open"), key=lambda name: (self.expected(name, self.load.requests), name))

    @cached_property
    def own(self) -> list[str]:
        return self.mavericks("self-hosted")

    @cached_property
    def smallest(self) -> str:
        """The machine with the least memory that one can rent; of several places the cheapest."""
        rented = [name for name in self.own if self.options[name].host.kind != "own"]
        return min(rented, key=lambda name: (self._memory(name), self.expected(name, self.load.requests), name))

    def _memory(self, name: str) -> Decimal:
        deployment = self.options[name].deployment
        assert deployment is not None
        return deployment.machine.hardware.memory_gib * deployment.machine.gpus

    def cheapest_own(self, requests: Decimal) -> str:
        """Of all machines, rented and bought: what speaks most for your own."""
        return min(self.own, key=lambda name: (self.expected(name, requests), name))

    def times_cheaper(self, service: str, factor: int) -> tuple[int, str] | None:
        """The least volume at which some machine costs so many times less than a service, and which; None: not reached."""
        theirs = at_side(self.bill(service), "expected")
        found = [(break_even(_times(at_side(self.bill(name), "expected"), factor), theirs).first, name) for name in self.own]
        return min(((first, name) for first, name in found if first is not None), default=None)


def _times(line: Line[Decimal], factor: int) -> Line[Decimal]:
    """So many times as dear."""
    return replace(
        line, fixed=line.fixed * factor, per_request=line.per_request * factor,
        per_machine=line.per_machine * factor, per_gpu=line.per_gpu * factor,
    )  # fmt: skip


def worlds(library: Library) -> dict[str, World]:
    answers = load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary)
    load = workload(answers)
    assert load is not None
    return {name: World(recommend(answers, library, AS_OF, name), load) for name in FIGURES}
