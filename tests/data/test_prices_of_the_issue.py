"""Prices, contexts and counts that the catalogue has to show, on real options: GPT-5.4, Llama 4 Maverick, Gemini 4 Argon, the market."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from advisor.catalogue.claims import LIVE_GRADES, Claim
from advisor.catalogue.options import Option
from advisor.catalogue.prices import COMPARISON_FIGURES, Range
from advisor.cost.api import api_cost
from advisor.cost.lines import money
from advisor.cost.workload import Workload
from advisor.library import Library
from advisor.possible import Interval
from tests.conftest import AS_OF
from tests.data.real_options import Shelf

ONE = Range(Decimal(1), Decimal(1), Decimal(1))
DOCUMENT = "comparison-document"
DOUBLED = date(2026, 12, 1)
"""First day on which Gemini 4 Argon costs twice as much."""

STANDARD, LONG = ("global", "eu"), ("global-1m", "eu-1m")


@pytest.fixture(scope="module")
def shelf(library: Library) -> Shelf:
    return Shelf(library)


def per_mtok(option: Option, above: int = 0) -> tuple[str, str]:
    """Input and output in US dollars per million tokens, as calculated with."""
    assert option.prices
    found = [option.prices.at(kind, above + 1 if above else 0) for kind in ("input", "output")]
    assert all(found)
    return tuple(f"{price.range.expected:.3f}" for price in found if price)  # type: ignore[return-value]


def cost(option: Option, requests: int, given: int, produced: int) -> str:
    """What so many equal requests cost a month, to the cent: nothing cached, nothing batched."""
    assert option.prices
    load = Workload(Decimal(requests), Decimal(given), Decimal(produced), Decimal(0), Decimal(0), ONE, ONE, redundant=False)
    usd = api_cost(option.prices, load).usd
    assert usd
    return money(usd.expected)


def context(option: Option) -> Interval:
    known = option.possible("option.context_tokens")
    assert isinstance(known, Interval)
    return known


# ---------------------------------------------------------------------- GPT-5.4
@pytest.mark.parametrize(
    ("place", "prices"),
    [("global", ("2.500", "15.000")), ("eu", ("2.750", "16.500")), ("global-1m", ("2.500", "15.000")), ("eu-1m", ("2.750", "16.500"))],
)
def test_gpt_5_4_costs_a_tenth_more_in_europe(place: str, prices: tuple[str, str], shelf: Shelf) -> None:
    assert per_mtok(shelf.options[f"gpt-5.4@openai-api/{place}"]) == prices


@pytest.mark.parametrize(
    ("place", "short", "long"),
    [("global-1m", "695.00", "1382.51"), ("eu-1m", "764.50", "1520.76")],
)
def test_a_request_above_272_000_tokens_is_repriced_whole(place: str, short: str, long: str, shelf: Shelf) -> None:
    """
    1,000 requests of 272,000 / 1,000 tokens, then of 272,002 / 1,000.

    Global: 272 × 2.50 + 1 × 15 = 695, then 272.002 × 5 + 1 × 22.50 = 1,382.51; in Europe a tenth more.
    """
    option = shelf.options[f"gpt-5.4@openai-api/{place}"]
    assert cost(option, 1_000, 272_000, 1_000) == short
    assert cost(option, 1_000, 272_002, 1_000) == long


@pytest.mark.parametrize(("place", "prices"), [("global-1m", ("5.000", "22.500")), ("eu-1m", ("5.500", "24.750"))])
def test_the_long_price_of_gpt_5_4(place: str, prices: tuple[str, str], shelf: Shelf) -> None:
    assert per_mtok(shelf.options[f"gpt-5.4@openai-api/{place}"], above=272_000) == prices


@pytest.mark.parametrize("place", STANDARD)
def test_the_standard_window_of_gpt_5_4_is_272_000_tokens(place: str, shelf: Shelf) -> None:
    """The window of 1M is another variant, so it is no dispute here; the comparison document's 256K is its own claim."""
    option = shelf.options[f"gpt-5.4@openai-api/{place}"]
    claims = option.facts["option.context_tokens"].claims
    assert {c.value for c in claims if c.grade == DOCUMENT} == {256_000}
    assert context(option) == Interval(256_000, 272_000)


@pytest.mark.parametrize("place", LONG)
def test_the_long_variant_of_gpt_5_4_takes_a_million_tokens(place: str, shelf: Shelf) -> None:
    """Input and output together are 1,050,000 tokens; what is left for the input is no less than 922,000."""
    known = context(shelf.options[f"gpt-5.4@openai-api/{place}"])
    assert known.lo >= 922_000
    assert known.hi == 1_050_000
    assert shelf.needs(f"gpt-5.4@openai-api/{place}")


@pytest.mark.parametrize("place", [*STANDARD, *LONG])
def test_10_and_30_are_the_claim_of_the_comparison_document_and_no_more(place: str, shelf: Shelf) -> None:
    prices = shelf.options[f"gpt-5.4@openai-api/{place}"].prices
    assert prices
    for name, value in (("input_usd_per_mtok", 10), ("output_usd_per_mtok", 30)):
        assert [c.value for c in prices.classes[name].claims if c.grade == DOCUMENT] == [value]
        assert prices.classes[name].range.high < value


def test_10_and_30_are_used_under_the_figures_of_the_comparison_document(library: Library) -> None:
    """1,000 requests of 1,000 / 1,000 tokens: 10 + 30."""
    options = {o.id: o for o in library.table(AS_OF, (), COMPARISON_FIGURES).options}
    for place in STANDARD:
        option = options[f"gpt-5.4@openai-api/{place}"]
        assert per_mtok(option) == ("10.000", "30.000")
        assert cost(option, 1_000, 1_000, 1_000) == "40.00"
    assert per_mtok(options["gpt-5.4-mini@openai-api/global"]) != ("10.000", "30.000")


# ---------------------------------------------------------------------- the comparison document
def test_the_ten_figures_of_the_comparison_document_are_all_claims(library: Library, shelf: Shelf) -> None:
    found: dict[str, object] = {}
    for model in ("gpt-5.4", "llama-4-maverick"):
        entry, sources = library.catalogue.models[model], library.catalogue.sources[model]
        for score in entry.scores:
            if score.claim(sources).grade == DOCUMENT:
                found[f"{model} {score.benchmark}"] = score.value
        contexts: list[Claim] = [c for o in shelf.hosted(model) for c in o.facts["option.context_tokens"].claims if c.grade == DOCUMENT]
        assert len({c.value for c in contexts}) == 1
        found[f"{model} context"] = contexts[0].value
    prices = shelf.options["gpt-5.4@openai-api/global"].prices
    assert prices
    for kind in ("input", "output"):
        (claim,) = [c for c in prices.classes[f"{kind}_usd_per_mtok"].claims if c.grade == DOCUMENT]
        found[f"gpt-5.4 {kind}"] = claim.value
    assert found == {
        "gpt-5.4 mmlu": 93.1, "gpt-5.4 humaneval": 92.8, "gpt-5.4 gpqa-diamond": 76.2, "gpt-5.4 context": 256_000,
        "gpt-5.4 input": 10, "gpt-5.4 output": 30,
        "llama-4-maverick mmlu": 88.4, "llama-4-maverick humaneval": 85.7, "llama-4-maverick gpqa-diamond": 62.3,
        "llama-4-maverick context": 1_000_000,
    }  # fmt: skip


# ---------------------------------------------------------------------- Llama 4 Maverick
@pytest.mark.parametrize(
    ("place", "prices"),
    [("global", ("0.250", "1.000")), ("data-zone-eu", ("0.275", "1.100")), ("germanywestcentral", ("0.303", "1.210"))],
)
def test_maverick_at_azure_costs_more_the_closer_it_stays(place: str, prices: tuple[str, str], shelf: Shelf) -> None:
    assert per_mtok(shelf.options[f"llama-4-maverick@azure-openai/{place}"]) == prices


def test_hosted_maverick_shows_every_host_with_its_price_and_context(shelf: Shelf) -> None:
    prices: dict[str, set[tuple[str, str]]] = defaultdict(set)
    contexts: dict[str, set[Interval]] = defaultdict(set)
    for option in shelf.hosted("llama-4-maverick"):
        if option.prices and option.prices.price("input_usd_per_mtok"):
            prices[option.host.id].add(per_mtok(option))
        contexts[option.host.id].add(context(option))
    assert len(contexts) >= 12
    assert len(prices) >= 12
    assert len(set().union(*prices.values())) >= 8
    assert len(set().union(*contexts.values())) >= 3
    known = {known for each in contexts.values() for known in each if known.lo == known.hi}
    assert len(known) >= 3


def test_maverick_at_a_host_is_not_read_from_its_weights(shelf: Shelf) -> None:
    """Databricks serves 128,000 tokens of what the weights could take."""
    assert context(shelf.options["llama-4-maverick@databricks/geo"]) == Interval(128_000, 128_000)


# ---------------------------------------------------------------------- Gemini 4 Argon
@pytest.mark.parametrize("place", ["google-gemini-api/paid", "google-vertex-ai/global"])
@pytest.mark.parametrize(
    ("day", "prices"),
    [(AS_OF, ("2.000", "10.000")), (DOUBLED - timedelta(days=1), ("2.000", "10.000")), (DOUBLED, ("4.000", "20.000"))],
)
def test_gemini_4_argon_doubles_on_the_first_of_december(day: date, prices: tuple[str, str], place: str, library: Library) -> None:
    """One package knows the day; another, read before it, has only the price of its own day and does not hold the doubling up."""
    option = next(o for o in library.table(day).options if o.id == f"gemini-4-argon@{place}")
    assert per_mtok(option) == prices


# ---------------------------------------------------------------------- breadth
def test_the_catalogue_is_as_broad_as_the_market(shelf: Shelf) -> None:
    hosted = list(shelf.hosted())
    assert len(hosted) >= 1_000
    assert len({o.model.id for o in hosted}) >= 80
    assert len({o.host.id for o in hosted}) >= 40


def test_a_package_or_a_page_lists_every_hosted_option(shelf: Shelf) -> None:
    """No product of models and endpoints: what nobody lists there, or only memory does, is no option."""
    unlisted = [
        o.id
        for o in shelf.hosted()
        if not any(c.grade in LIVE_GRADES and (c.grade == "feed" or c.url) for c in o.facts["option.offered"].claims)
    ]
    assert unlisted == []


def test_what_nobody_says_is_served_there_is_open_or_gone(shelf: Shelf) -> None:
    """A source that leaves the question open makes no option available."""
    for option in shelf.hosted():
        said = {c.value for c in option.facts["option.offered"].claims if c.grade in LIVE_GRADES}
        if "yes" not in said:
            assert shelf.said(option.id, "offered") != {"yes"}, option.id
        if "unknown" in said:
            assert "no" in shelf.said(option.id, "offered"), option.id


def test_not_every_model_of_a_host_stands_at_every_endpoint_of_it(shelf: Shelf) -> None:
    """Where it does, at hosts with places to choose, somebody has to say so for each: an option that only a rule of thumb made is open."""
    models: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, int] = defaultdict(int)
    for option in shelf.hosted():
        models[option.host.id].add(option.model.id)
        places[option.host.id].add(option.place)
        pairs[option.host.id] += 1
    large = [host for host in pairs if len(models[host]) >= 10 and len(places[host]) >= 4]
    assert len(large) >= 5
    assert [host for host in large if pairs[host] == len(models[host]) * len(places[host])] == []
