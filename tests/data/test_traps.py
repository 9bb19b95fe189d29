"""
The traps of places that an auditor would flag, each on a real option: where a request really goes, whatever the name of the region says.

What hosts keep, may do and have proven is in `test_traps_of_terms.py`.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.library import Library
from advisor.possible import Members
from advisor.recommendation import recommend
from tests.conftest import AS_OF, Stated
from tests.data.real_options import Shelf

PLACES = "own-residency-processing"
STORAGE = "own-residency-storage"

UPLIFT = Decimal("1.1")

STORAGE_ONLY = ("au", "ca", "gb", "in", "jp", "kr", "sg")
"""Regions in which OpenAI promises storage and not processing."""


@pytest.fixture(scope="module")
def shelf(library: Library) -> Shelf:
    return Shelf(library)


def allowed(*places: str) -> dict[str, object]:
    """Answers of somebody who allows these places only."""
    return {"residency": "listed", "residency_places": list(places), "logs_elsewhere": "no"}


# ---------------------------------------------------------------------- global endpoints
@pytest.mark.parametrize(
    ("worldwide", "regional"),
    [
        ("gpt-5.4@azure-openai/global", "llama-4-maverick@azure-openai/germanywestcentral"),
        ("claude-sonnet-5@aws-bedrock/global", "claude-sonnet-5@aws-bedrock/eu"),
        ("gemini-4-argon@google-vertex-ai/global", "gemini-4-argon@google-vertex-ai/eu"),
    ],
)
def test_a_global_endpoint_leaves_the_region_and_its_regional_sibling_does_not(worldwide: str, regional: str, shelf: Shelf) -> None:
    """Traps 1 to 3: Azure Global, Bedrock `global.` and Vertex `global` process anywhere, which is known and not open."""
    everywhere = shelf.countries("global")
    assert shelf.places(worldwide) == Members(everywhere, everywhere)
    assert shelf.verdict(worldwide, PLACES, **allowed("EEA")) == "breaches"
    assert shelf.verdict(regional, PLACES, **allowed("EEA")) == "complies"


def test_azure_global_keeps_data_at_rest_in_the_region_and_that_is_not_enough(shelf: Shelf) -> None:
    """Trap 1: what stays with Azure Global is storage, in the geography that the customer chooses."""
    assert shelf.places("gpt-5.4@azure-openai/global", "storage_places").certain == frozenset()
    assert shelf.verdict("gpt-5.4@azure-openai/global", STORAGE, **allowed("EEA")) == "unknown"
    assert shelf.standing("gpt-5.4@azure-openai/global", **allowed("EEA")) == "excluded"


def test_a_global_endpoint_costs_less_than_the_region_and_is_not_recommended_for_it(library: Library, stated: Stated, shelf: Shelf) -> None:
    """Trap 1: the endpoint that leaves is the cheapest, so cost alone would pick it."""
    pairs = [
        ("gpt-5.4@azure-openai/global", "gpt-5.4@azure-openai/data-zone-eu"),
        ("claude-sonnet-5@aws-bedrock/global", "claude-sonnet-5@aws-bedrock/eu"),
        ("gpt-5.4@openai-api/global", "gpt-5.4@openai-api/eu"),
    ]
    for worldwide, regional in pairs:
        cheap, dear = (shelf.options[o].prices for o in (worldwide, regional))
        assert cheap
        assert dear
        assert cheap.classes["input_usd_per_mtok"].range.expected < dear.classes["input_usd_per_mtok"].range.expected
    standing = {r.option.id: r.standing for r in recommend(stated(**allowed("EEA", "CH")), library, AS_OF).all}
    assert [standing[worldwide] for worldwide, _ in pairs] == ["excluded"] * 3
    assert "excluded" not in [standing[regional] for _, regional in pairs]


def test_vertex_promises_nothing_outside_its_tables(shelf: Shelf) -> None:
    """Trap 3: at a region outside the tables the place of processing is open, which is neither that region nor everywhere."""
    outside = [o for o in shelf.hosted(host="google-vertex-ai") if o.place == "us-south1"]
    assert outside
    for option in outside:
        assert shelf.places(option.id).certain == frozenset()
        assert shelf.said(option.id, "residency_commitment") == {"none"}
        assert shelf.verdict(option.id, PLACES, **allowed("US")) == "unknown"


# ---------------------------------------------------------------------- profiles of Bedrock
def test_an_apac_profile_crosses_borders(shelf: Shelf) -> None:
    """Trap 2: `apac.` routes between countries that have nothing in common but the name."""
    places = shelf.places("nova-pro@aws-bedrock/apac")
    assert {"JP", "SG", "IN", "AU"} <= places.certain
    for one in ("JP", "SG", "IN", "AU"):
        assert shelf.verdict("nova-pro@aws-bedrock/apac", PLACES, **allowed(one)) == "breaches"


@pytest.mark.parametrize(
    ("called_from", "home", "geography"),
    [("us-canada", "CA", "US"), ("eu-london", "GB", "EU"), ("eu-zurich", "CH", "EU")],
)
def test_a_profile_called_from_a_neighbour_leaves_the_neighbour(called_from: str, home: str, geography: str, shelf: Shelf) -> None:
    """Trap 2: `us.` called from Canada and `eu.` called from London or Zurich add the caller's Region and use the others."""
    option = f"claude-sonnet-5@aws-bedrock/{called_from}"
    assert shelf.places(option, "storage_places") == Members(frozenset({home}), frozenset({home}))
    assert shelf.verdict(option, PLACES, **allowed(home)) == "breaches"
    assert shelf.verdict(option, PLACES, **allowed(geography)) == "breaches"
    assert shelf.verdict(option, PLACES, **allowed(home, geography)) == "complies"


def test_a_newer_model_may_have_no_endpoint_in_a_european_region(shelf: Shelf) -> None:
    """Trap 2: some models come only through profiles, so there is nothing in Frankfurt to be chosen."""
    served = {o.place for o in shelf.hosted("claude-opus-4-5", "aws-bedrock")}
    assert {"eu", "global"} <= served
    assert not [place for place in served if place.startswith(("eu-central", "eu-west", "eu-north", "eu-south"))]


# ---------------------------------------------------------------------- OpenAI
@pytest.mark.parametrize("region", STORAGE_ONLY)
def test_storage_in_a_country_is_not_processing_there(region: str, shelf: Shelf) -> None:
    """Trap 4: OpenAI stores in the region and processes anywhere; "processed in Australia" is known to be false, not open."""
    option, country = f"gpt-5.4@openai-api/{region}", region.upper()
    assert shelf.places(option, "storage_places") == Members(frozenset({country}), frozenset({country}))
    assert shelf.verdict(option, STORAGE, **allowed(country)) == "complies"
    assert shelf.verdict(option, PLACES, **allowed(country)) == "breaches"


def test_the_emirates_process_listed_models_only(shelf: Shelf) -> None:
    """Trap 4: the United Arab Emirates take some snapshots, and every other model is not offered there at all."""
    there = {o.model.id for o in shelf.hosted(host="openai-api") if o.place == "ae"}
    in_europe = {o.model.id for o in shelf.hosted(host="openai-api") if o.place == "eu"}
    assert there
    assert there < in_europe
    assert "gpt-5.4" not in there


def test_a_wrong_host_name_is_silently_global_so_the_right_one_is_asked_for(shelf: Shelf) -> None:
    """Trap 4: OpenAI raises no error for a wrong host name; outside the United States approval and an addendum come first."""
    for option in shelf.hosted("gpt-5.4", "openai-api"):
        if not option.place.startswith("global"):
            assert "host name of this region" in shelf.needs(option.id), option.id
        if option.place in ("eu", "ae", *STORAGE_ONLY):
            assert "addendum is signed" in shelf.needs(option.id), option.id


# ---------------------------------------------------------------------- companies and their regions
def test_anthropic_itself_has_no_endpoint_in_europe(shelf: Shelf) -> None:
    """Trap 5: European Claude means another company's service."""
    eea = shelf.countries("EEA")
    assert [o.id for o in shelf.hosted(host="anthropic-api") if shelf.places(o.id).certain <= eea] == []
    elsewhere = {o.host.id for o in shelf.hosted("claude-sonnet-5") if shelf.places(o.id).possible <= eea}
    assert {"aws-bedrock", "google-vertex-ai"} <= elsewhere


def test_european_is_not_in_europe(shelf: Shelf) -> None:
    """Trap 6: `api.mistral.ai` promises no place; `api.eu.mistral.ai` does, for a tenth more."""
    everywhere, europe = (shelf.options[f"mistral-large-3@mistral/{place}"] for place in ("global", "eu"))
    assert shelf.said(everywhere.id, "controlling_country") == shelf.said(europe.id, "controlling_country") == {"FR"}
    assert shelf.verdict(everywhere.id, PLACES, **allowed("EEA", "CH")) == "breaches"
    assert shelf.verdict(europe.id, PLACES, **allowed("EEA", "CH")) == "complies"
    assert everywhere.prices
    assert europe.prices
    for name in ("input_usd_per_mtok", "output_usd_per_mtok"):
        assert europe.prices.classes[name].range == everywhere.prices.classes[name].range.times(UPLIFT)


def test_the_european_host_of_mistral_has_no_batch(shelf: Shelf) -> None:
    """Trap 6: `api.eu.mistral.ai` takes no Batch, so the halved price of the global host cannot be had there."""
    for option in shelf.hosted(host="mistral"):
        if option.place.startswith("eu"):
            assert option.prices
            assert [name for name in option.prices.classes if name.startswith("batch")] == [], option.id


def test_the_three_europes_are_three_sets(shelf: Shelf) -> None:
    """Trap 13: Google's Europe is the EU, OpenAI's the EEA and Switzerland, Mistral's the EU and EFTA."""
    by_demand = {
        option: [shelf.verdict(option, PLACES, **allowed(*places)) for places in (["EU"], ["EEA"], ["EEA", "CH"])]
        for option in ("gemini-4-argon@google-vertex-ai/eu", "gpt-5.4@openai-api/eu", "mistral-large-3@mistral/eu")
    }
    assert by_demand == {
        "gemini-4-argon@google-vertex-ai/eu": ["complies", "complies", "complies"],
        "gpt-5.4@openai-api/eu": ["breaches", "breaches", "complies"],
        "mistral-large-3@mistral/eu": ["breaches", "breaches", "complies"],
    }


def test_the_european_data_zone_of_azure_reaches_beyond_the_eu(shelf: Shelf) -> None:
    """Trap 13: the zone may take in Norway and Switzerland, so a demand for the EU is not met and one for both countries too is."""
    option = "gpt-5.4@azure-openai/data-zone-eu"
    places = shelf.places(option)
    assert shelf.countries("EU") <= places.certain
    assert {"NO", "CH"} <= places.possible <= shelf.countries("EEA", "CH")
    assert {shelf.verdict(option, PLACES, **allowed(demand)) for demand in ("EU", "EEA")} <= {"unknown", "breaches"}
    assert shelf.verdict(option, PLACES, **allowed("EEA", "CH")) == "complies"


def test_norway_is_a_country(shelf: Shelf) -> None:
    """Section E: `NO` in a file is Norway and never the answer no."""
    assert shelf.places("gpt-4o@azure-openai/norwayeast").certain == {"NO"}
    assert shelf.verdict("gpt-4o@azure-openai/norwayeast", PLACES, **allowed("EEA")) == "complies"
    assert shelf.verdict("gpt-4o@azure-openai/norwayeast", PLACES, **allowed("EU")) == "breaches"


def test_a_region_of_alibaba_is_not_a_scope(shelf: Shelf) -> None:
    """Trap 7: Singapore stores, and a request of the International scope is computed wherever there is room."""
    for option in shelf.hosted(host="alibaba-model-studio"):
        if option.place == "sg-international":
            assert shelf.verdict(option.id, STORAGE, **allowed("SG")) == "complies", option.id
            assert shelf.verdict(option.id, PLACES, **allowed("SG")) == "breaches", option.id


def test_the_default_endpoint_of_xai_is_no_american_region(shelf: Shelf) -> None:
    """Trap 8: the place of processing is not guaranteed at an American company either."""
    options = [o for o in shelf.hosted(host="xai") if o.place.startswith("global")]
    assert options
    assert {shelf.verdict(o.id, PLACES, **allowed("US")) for o in options} == {"breaches"}


def test_a_cross_region_setting_of_snowflake_is_said_before_it_is_relied_on(shelf: Shelf) -> None:
    """Trap 9: a default moved requests from London and Zurich to AWS_EU, so every endpoint names its setting."""
    served = list(shelf.hosted(host="snowflake-cortex"))
    assert [o.id for o in served if o.place != "us-gov-fedramp" and "CORTEX_ENABLED_CROSS_REGION" not in shelf.needs(o.id)] == []
    assert shelf.verdict("claude-sonnet-5@snowflake-cortex/any-region", PLACES, **allowed("EEA")) == "breaches"
    assert shelf.verdict("claude-sonnet-5@snowflake-cortex/aws-eu", PLACES, **allowed("EEA")) == "unknown"
    assert shelf.verdict("claude-sonnet-5@snowflake-cortex/aws-eu", PLACES, **allowed("EEA", "GB", "CH")) == "complies"


def test_databricks_may_process_in_another_geography_and_cloud(shelf: Shelf) -> None:
    """Trap 10: with cross-Geo processing a request may leave; without it the countries of a Geo are not established."""
    assert shelf.verdict("llama-4-maverick@databricks/cross-geo", PLACES, **allowed("EEA")) == "breaches"
    assert shelf.verdict("llama-4-maverick@databricks/geo", PLACES, **allowed("EEA")) == "unknown"


# ---------------------------------------------------------------------- routers
def test_a_router_goes_to_any_host_unless_the_region_is_bought(shelf: Shelf) -> None:
    """Trap 11: OpenRouter and Hugging Face take any host; in-region routing needs a plan, and Europe there takes in the United Kingdom."""
    for router in ("llama-4-maverick@openrouter/global", "llama-4-maverick@hf-inference-providers/auto"):
        assert shelf.verdict(router, PLACES, **allowed("EEA")) == "breaches"
    assert "plan" in shelf.needs("claude-sonnet-5@openrouter/eu")
    assert shelf.verdict("claude-sonnet-5@openrouter/eu", PLACES, **allowed("EEA", "CH")) == "unknown"
    assert "GB" in shelf.places("claude-sonnet-5@openrouter/eu").possible


@pytest.mark.parametrize("fact", ["trains_on_prompts", "human_review"])
def test_a_request_that_is_passed_through_leaves_the_promises_of_the_host(fact: str, shelf: Shelf) -> None:
    """Trap 12: DeepInfra hands models of Google and Anthropic on; what it says of its own servers does not hold there."""
    assert shelf.said("llama-4-maverick@deepinfra/api", "trains_on_prompts") == {"no"}
    passed_on = [o.id for o in shelf.hosted(host="deepinfra") if o.place == "passthrough"]
    assert len(passed_on) >= 5
    for option in passed_on:
        assert shelf.places(option) == Members(frozenset(), shelf.countries("global")), option
        assert shelf.said(option, fact) == {"yes", "no"}, option
        assert "zero-retention" not in shelf.places(option, "contract_offers").possible, option
