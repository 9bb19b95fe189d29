"""
Costs against the calculators of the price packages: genai-prices as it is installed, LiteLLM by its recorded answers.

Each package's own prices, put through our arithmetic, must give what its own calculator gives; and where two packages list one option,
the prices of the one must give what the other charges, or the catalogue must show that their prices differ.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from advisor.catalogue.feeds import Feed
from advisor.catalogue.files import PriceFile, ServesFile, SourceFile
from advisor.catalogue.meters import Meter
from advisor.catalogue.options import Option, build_options
from advisor.catalogue.prices import Prices, Range, prices
from advisor.cost.api import api_cost
from advisor.cost.workload import Workload
from advisor.library import Library
from tests.conftest import AS_OF
from tests.cost.record_litellm import REQUESTS

ONE = Range(Decimal(1), Decimal(1), Decimal(1))
MILLION = 1_000_000
PAIRS, SEED = 400, 20261124

# What a calculator does beyond its package's prices for tokens.
CHARGES_BY_REQUEST = ("perplexity/sonar",)
"""genai-prices adds what Perplexity charges for each search."""
OTHER_ARITHMETIC = ("perplexity/",)
"""LiteLLM's own calculator for Perplexity leaves out the prices of large requests that the file states."""


@dataclass(frozen=True)
class Request:
    """One shape of request; a workload is many of them."""

    given: int
    cached: int
    produced: int
    batch: bool

    def load(self, requests: int) -> Workload:
        share = Decimal(self.cached) / self.given
        sizes = (Decimal(requests), Decimal(self.given), Decimal(self.produced))
        return Workload(*sizes, share, Decimal(int(self.batch)), ONE.times(Decimal(730)), ONE, redundant=False)

    def way(self, listed: Prices) -> str:
        """How it is processed: as a batch only where a source has a price for that."""
        return "batch" if self.batch and listed.at("input", 1, "batch") else "standard"

    @property
    def ways(self) -> set[str]:
        """Ways of buying it takes, which an endpoint may not sell."""
        return {way for way, taken in (("batch", self.batch), ("cache", self.cached)) if taken}

    def fully_priced(self, listed: Prices) -> bool:
        """Whether a source states every price it pays; calculators fall back to guesses of their own, or take nothing."""
        return all(listed.at(kind, self.given, self.way(listed)) for kind in self.kinds)

    @property
    def kinds(self) -> list[str]:
        return ["input", "output", *(["cache_read"] if self.cached else [])]


SHAPES = {name: Request(*request) for name, request in REQUESTS.items()}


def ours(listed: Prices, request: Request, requests: int) -> Decimal:
    cost = api_cost(listed, request.load(requests))
    assert cost.usd is not None
    return cost.usd.expected


def of_row(row: str, feeds: Mapping[str, Feed], day: date = AS_OF) -> Prices:
    """The prices of one row of one package alone."""
    return prices(ServesFile(model="m", endpoints=["api"], feeds=[row]), {}, feeds, day)


def served_by(row: str, serves: ServesFile, sources: Mapping[str, SourceFile], feeds: Mapping[str, Feed]) -> Prices:
    """The same under the uplift of the endpoint, without prices that a curator wrote or settled."""
    settled = {name: settlement for name, settlement in serves.settled.items() if name == "uplift"}
    alone = serves.model_copy(update={"feeds": [row], "price": PriceFile(), "settled": settled})
    return prices(alone, sources, feeds, AS_OF)


# ---------------------------------------------------------------------- the calculators
def genai(key: str, request: Request, day: date = AS_OF) -> Decimal:
    """What genai-prices charges for one request at eight in the evening, when no price for certain hours holds."""
    from genai_prices import Usage

    provider, model = _genai_models()[key]
    usage = Usage(input_tokens=request.given, cache_read_tokens=request.cached, output_tokens=request.produced)
    evening = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    context = {"processing": "batch"} if request.batch else None
    return model.calc_price(usage, provider, genai_request_timestamp=evening, price_context=context).total_price  # type: ignore[attr-defined, no-any-return]


@cache
def _genai_models() -> dict[str, tuple[object, object]]:
    from genai_prices.data import providers

    return {f"{provider.id}/{model.id}": (provider, model) for provider in providers for model in provider.models}


@cache
def recorded() -> dict[str, dict[str, Decimal]]:
    """LiteLLM's answers, by key and shape of request."""
    with (Path(__file__).parent / "litellm_costs.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return {key: {name: Decimal(cell) for name, cell in zip(head[1:], cells, strict=True) if cell} for key, *cells in rows}


@pytest.fixture(scope="module")
def same_genai(library: Library) -> None:
    """Its calculator must be of the version that the snapshot is of."""
    from importlib.metadata import version

    made_from = library.catalogue.feeds["genai-prices"].provenance.version
    assert version("genai-prices") == made_from, "Run `advisor catalogue refresh --feed genai-prices` after a new version is locked."


def test_the_answers_of_litellm_are_of_the_version_of_the_snapshot(library: Library) -> None:
    with (Path(__file__).parent / "litellm_costs.csv").open(encoding="utf-8") as file:
        assert file.readline().partition(",")[0] == library.catalogue.feeds["litellm"].provenance.source


# ---------------------------------------------------------------------- each package against itself
@pytest.mark.usefixtures("same_genai")
def test_the_prices_of_genai_prices_give_what_its_calculator_gives(library: Library) -> None:
    feeds, checked, wrong = library.catalogue.feeds, 0, []
    for key in feeds["genai-prices"].listings:
        listed = of_row(f"genai-prices:{key}", feeds)
        for name, request in SHAPES.items():
            if request.fully_priced(listed) and not key.startswith(CHARGES_BY_REQUEST):
                checked += 1
                if abs(ours(listed, request, MILLION) - genai(key, request) * MILLION) >= Decimal("0.01"):
                    wrong.append((key, name))
    assert checked > 10_000
    assert wrong == []


def test_the_prices_of_litellm_give_what_its_calculator_gives(library: Library) -> None:
    feeds, checked, wrong = library.catalogue.feeds, 0, []
    for key, answers in recorded().items():
        listed = of_row(f"litellm:{key}", feeds)
        for name, answer in answers.items():
            if SHAPES[name].fully_priced(listed) and not key.startswith(OTHER_ARITHMETIC):
                checked += 1
                if abs(ours(listed, SHAPES[name], MILLION) - answer * MILLION) >= Decimal("0.01"):
                    wrong.append((key, name))
    assert checked > 10_000
    assert wrong == []


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1)])
@pytest.mark.usefixtures("same_genai")
def test_dated_prices_hold_on_the_days_on_which_the_calculator_takes_them(day: date, library: Library) -> None:
    feeds, wrong = library.catalogue.feeds, []
    dated = [key for key, rows in feeds["genai-prices"].prices.items() if any(cells[1] for cells in rows)]
    assert len(dated) > 50
    for key in dated:
        listed = of_row(f"genai-prices:{key}", feeds, day)
        for name in ("short", "short_cached", "short_batch"):
            request = SHAPES[name]
            compared = request.fully_priced(listed) and not key.startswith(CHARGES_BY_REQUEST)
            if compared and abs(ours(listed, request, MILLION) - genai(key, request, day) * MILLION) >= Decimal("0.01"):
                wrong.append((key, name))
    assert wrong == []


# ---------------------------------------------------------------------- one package against another
@dataclass(frozen=True)
class Pair:
    """One option under one workload: priced by a row of one package, charged by the calculator of another."""

    option: Option
    serves: ServesFile
    name: str
    requests: int
    row: str
    oracle: str

    def __str__(self) -> str:
        return f"{self.option.id}, {self.requests:,} × {self.name}: {self.row} against {self.oracle}"


def _charged(pair: Pair) -> Decimal | None:
    """What the oracle's calculator charges for the workload; None where it has no answer."""
    feed, _, key = pair.oracle.partition(":")
    if feed == "litellm":
        answer = recorded().get(key, {}).get(pair.name)
        return None if answer is None else answer * pair.requests
    return genai(key, SHAPES[pair.name]) * pair.requests


def _factor(pair: Pair, sources: Mapping[str, SourceFile]) -> Decimal | None:
    """The uplift of the endpoint; None where sources differ on it."""
    if settlement := pair.serves.settled.get("uplift"):
        return Decimal(str(settlement.value))
    factors = {str(claim.claim(dict(sources)).value) for claim in pair.serves.uplift} or {"1"}
    return Decimal(factors.pop()) if len(factors) == 1 and factors != {"unknown"} else None


def pairs(library: Library) -> Iterator[Pair]:
    """Options and workloads in an order that the seed alone decides."""
    draw = random.Random(SEED)
    catalogue = library.catalogue
    found = []
    for option in build_options(catalogue, AS_OF, ("DE",)):
        for serves in option.host.serves if option.prices else ():
            if serves.model == option.model.id and option.endpoint.id in serves.endpoints:
                able = [row for row in serves.feeds if row.partition(":")[0] in ("litellm", "genai-prices")]
                for row in serves.feeds:
                    other = [o for o in able if o.partition(":")[0] != row.partition(":")[0]]
                    only = row if row in able and len({r.partition(":")[0] for r in serves.feeds}) == 1 else None
                    oracle = draw.choice(other) if other else only
                    if oracle:
                        requests = draw.choice((1, 1_000, 123_457, 2_000_000))
                        names = [name for name, request in SHAPES.items() if not request.ways & set(serves.without)]
                        found += [Pair(option, serves, name, requests, row, oracle) for name in names]
    draw.shuffle(found)
    yield from found


@dataclass
class Outcome:
    agree: int = 0
    across: int = 0
    """Pairs whose price came from another package than the calculator."""
    disputed: dict[str, str] | None = None
    unexplained: list[str] | None = None


def compare(library: Library) -> Outcome:
    outcome = Outcome(disputed={}, unexplained=[])
    feeds, sources = library.catalogue.feeds, library.catalogue.sources
    for pair in pairs(library):
        request = SHAPES[pair.name]
        named = sources[pair.option.host.id]
        factor, charged = _factor(pair, named), _charged(pair)
        source, oracle = (served_by(row, pair.serves, named, feeds) for row in (pair.row, pair.oracle))
        both = request.fully_priced(source) and request.fully_priced(oracle) and request.way(source) == request.way(oracle)
        if factor is None or charged is None or not both or pair.oracle.partition(":")[2].startswith(OTHER_ARITHMETIC):
            continue
        if outcome.agree + len(outcome.disputed or {}) == PAIRS:
            break
        outcome.across += pair.row.partition(":")[0] != pair.oracle.partition(":")[0]
        gap = abs(ours(source, request, pair.requests) - charged * factor)
        if gap < Decimal("0.01"):
            outcome.agree += 1
        elif disputes := _disputes(pair, source, oracle):
            assert outcome.disputed is not None
            outcome.disputed[str(pair)] = f"{gap:.2f} dollars: {'; '.join(disputes)}"
        else:
            assert outcome.unexplained is not None
            outcome.unexplained.append(f"{pair}: {gap:.2f}")
    return outcome


def _disputes(pair: Pair, source: Prices, oracle: Prices) -> list[str]:
    """The prices on which the two rows differ, and of which the catalogue shows both to whoever looks at the option."""
    request, listed = SHAPES[pair.name], pair.option.prices
    assert listed is not None
    shown = []
    for kind in request.kinds:
        one, other = (row.at(kind, request.given, request.way(row)) for row in (source, oracle))
        assert one is not None
        assert other is not None
        names = [Meter(kind, request.way(source), above).name for above in (0, *listed.thresholds)]
        values = {Decimal(str(claim.value)) for name in names if (price := listed.price(name)) for claim in price.claims}
        if one.range != other.range and {one.range.expected, other.range.expected} <= values:
            shown.append(f"{kind} {one.range.expected.normalize():f} or {other.range.expected.normalize():f}")
    return shown


@pytest.mark.usefixtures("same_genai")
def test_pairs_drawn_by_seed_agree_with_another_package_or_the_catalogue_shows_the_dispute(library: Library) -> None:
    outcome = compare(library)
    assert outcome.disputed is not None
    assert outcome.unexplained == []
    assert outcome.agree + len(outcome.disputed) >= 300
    assert outcome.across >= 150
    assert outcome.agree >= 3 * len(outcome.disputed)
