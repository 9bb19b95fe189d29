"""
The traps of terms that an auditor would flag, each on a real option: retention, training, certificates, contracts and who is behind them.

Where requests go is in `test_traps.py`.
"""

from __future__ import annotations

import pytest

from advisor.catalogue.evidence import covers_service
from advisor.catalogue.retirement import ANOTHER_ENDPOINT, THE_DEVELOPER
from advisor.library import Library
from advisor.possible import Interval
from tests.conftest import AS_OF
from tests.data.real_options import Shelf

FABLE = "claude-fable-5"


@pytest.fixture(scope="module")
def shelf(library: Library) -> Shelf:
    return Shelf(library)


# ---------------------------------------------------------------------- zero retention
@pytest.mark.parametrize("option", ["gpt-5.4@openai-api/global-zdr", "claude-sonnet-5@anthropic-api/global-zdr"])
def test_zero_retention_takes_batch_away(option: str, shelf: Shelf) -> None:
    """Trap 14: files, batches and threads do not work under zero retention, and whoever counts on batch is cautioned."""
    assert shelf.days(option) == Interval(0, 0)
    assert shelf.verdict(option, "own-batch-zero-retention", batch_share=0.5) == "breaches"
    assert shelf.verdict(option.replace("-zdr", ""), "own-batch-zero-retention", batch_share=0.5) != "breaches"


@pytest.mark.parametrize("host", ["openai-api", "anthropic-api", "groq"])
def test_no_batch_price_is_reckoned_with_under_zero_retention(host: str, shelf: Shelf) -> None:
    """Trap 14: a batch price in a package does not hold at an endpoint that takes no batch."""
    without = [o for o in shelf.hosted(host=host) if o.place.endswith("-zdr")]
    assert without
    priced = [f"{o.id} {name}" for o in without if o.prices for name in o.prices.classes if name.startswith("batch")]
    assert priced == []


def test_zero_retention_has_to_be_granted_or_switched_on(shelf: Shelf) -> None:
    """Trap 14: no endpoint that is called one of zero retention is so as delivered; each names what comes first."""
    named = [o for o in shelf.hosted() if o.place.endswith(("-zdr", "-modified"))]
    assert len({o.host.id for o in named}) >= 8
    assert [o.id for o in named if not o.preconditions] == []
    for option in ("gpt-5.4@openai-api/global-zdr", "claude-sonnet-5@anthropic-api/global-zdr", "gpt-5.4@azure-openai/global-modified"):
        assert any(word in shelf.needs(option) for word in ("approves", "agrees")), option
        assert shelf.standing(option) != "eligible"


def test_stored_answers_outlive_a_promise_not_to_log(shelf: Shelf) -> None:
    """Trap 15: under OpenAI's European residency the Responses API still stores for up to 30 days unless it is told not to."""
    assert shelf.days("gpt-5.4@openai-api/eu") == Interval(0, 30)
    assert shelf.verdict("gpt-5.4@openai-api/eu", "own-retention", retention_days_max=0) == "unknown"
    assert shelf.verdict("gpt-5.4@openai-api/eu-zdr", "own-retention", retention_days_max=0) == "complies"


# ---------------------------------------------------------------------- retention by model
def test_claude_fable_5_is_kept_for_30_days_on_every_platform(shelf: Shelf) -> None:
    """Trap 16: retention belongs to the model; no endpoint keeps it for less, save one that a programme of Anthropic admits to."""
    options = list(shelf.hosted(FABLE))
    assert len({o.host.id for o in options}) >= 5
    admitted = {o.id for o in options if "Frontier Safeguards" in shelf.needs(o.id)}
    assert admitted == {f"{FABLE}@aws-bedrock/us-zdr"}
    for option in options:
        if option.id not in admitted:
            assert shelf.days(option.id).hi >= 30, option.id
            assert shelf.verdict(option.id, "own-retention", retention_days_max=0) != "complies", option.id
    known = [o.id for o in options if o.host.id in ("anthropic-api", "aws-bedrock") and o.id not in admitted]
    assert {shelf.days(option).lo for option in known} == {30}


def test_anthropic_offers_no_zero_retention_for_claude_fable_5(shelf: Shelf) -> None:
    """Trap 16: the offer that holds for Claude Sonnet 5 at the same endpoint does not hold for this model."""
    assert [o.id for o in shelf.hosted(FABLE, "anthropic-api") if o.place.endswith("-zdr")] == []
    assert "zero-retention" in shelf.places("claude-sonnet-5@anthropic-api/us", "contract_offers").certain
    assert "zero-retention" not in shelf.places(f"{FABLE}@anthropic-api/us", "contract_offers").possible


def test_bedrock_stores_nothing_is_out_of_date(shelf: Shelf) -> None:
    """Trap 17: at one Bedrock profile one model keeps nothing, one flagged traffic, one everything for 30 days."""
    assert shelf.days("claude-sonnet-5@aws-bedrock/us") == Interval(0, 0)
    assert shelf.days("gpt-5.4@aws-bedrock/us") == Interval(0, 30)
    assert shelf.days(f"{FABLE}@aws-bedrock/us") == Interval(30, 30)
    verdicts = {
        model: shelf.verdict(f"{model}@aws-bedrock/us", "own-retention", retention_days_max=0)
        for model in ("claude-sonnet-5", "gpt-5.4", FABLE)
    }
    assert verdicts == {"claude-sonnet-5": "complies", "gpt-5.4": "unknown", FABLE: "breaches"}


def test_mode_none_of_bedrock_refuses_what_has_to_be_kept(shelf: Shelf) -> None:
    """Trap 17: with retention switched off a model that needs it cannot be called, so it is not offered there."""
    refused = {o.model.id for place in ("us-none", "eu-none") for o in shelf.hosted(host="aws-bedrock") if o.place == place}
    assert "claude-sonnet-5" in refused
    assert not {FABLE, "gpt-5.4", "gpt-6-astra"} & refused


def test_the_30_days_of_azure_are_gone(shelf: Shelf) -> None:
    """Trap 18: Azure's page states no length any more, so 30 days are neither kept nor broken."""
    assert shelf.verdict("gpt-5.4@azure-openai/data-zone-eu", "own-retention", retention_days_max=30) == "unknown"
    assert shelf.verdict("gpt-5.4@azure-openai/data-zone-eu-modified", "own-retention", retention_days_max=30) == "complies"


def test_no_training_is_not_no_use(shelf: Shelf) -> None:
    """Trap 21: Nebius trains no models on prompts and keeps them all the same until zero retention is on."""
    for model in ("deepseek-v4-pro", "gpt-oss-120b"):
        assert shelf.said(f"{model}@nebius/api", "trains_on_prompts") == {"no"}
        assert shelf.verdict(f"{model}@nebius/api", "own-retention", retention_days_max=0) == "unknown"
        assert shelf.verdict(f"{model}@nebius/api-zdr", "own-retention", retention_days_max=0) == "complies"


def test_zero_with_exceptions_is_not_zero(shelf: Shelf) -> None:
    """Trap 22: Scaleway keeps nothing, except full requests that fail or are abusive, for two weeks, and people read them."""
    options = [o.id for o in shelf.hosted(host="scaleway-generative-apis")]
    assert len(options) >= 5
    for option in options:
        assert shelf.days(option) == Interval(0, 14), option
        assert "yes" in shelf.said(option, "human_review"), option
        assert shelf.verdict(option, "own-retention", retention_days_max=0) == "unknown", option


# ---------------------------------------------------------------------- training
def test_the_unpaid_tier_of_gemini_trains(shelf: Shelf) -> None:
    """Trap 21: unpaid prompts are used and read; nothing unpaid may be offered to users in the EEA, Switzerland or the United Kingdom."""
    unpaid = [o for o in shelf.hosted(host="google-gemini-api") if o.place == "unpaid"]
    paid = [o for o in shelf.hosted(host="google-gemini-api") if o.place == "paid"]
    assert unpaid
    assert paid
    assert {shelf.verdict(o.id, "own-training", provider_training="never") for o in unpaid} == {"breaches"}
    assert {shelf.verdict(o.id, "own-training", provider_training="never") for o in paid} == {"complies"}
    assert all("EEA" in shelf.needs(o.id) for o in unpaid)


def test_the_unpaid_tier_of_gemini_is_not_priced_at_zero(shelf: Shelf) -> None:
    """Trap 21: a tier without a price list has no price, and the option's cost is open, not nothing."""
    for option in shelf.hosted(host="google-gemini-api"):
        if option.place == "unpaid":
            assert option.prices is not None
            assert option.prices.classes == {}, option.id


def test_a_contract_that_trains_unless_told_otherwise_is_open(shelf: Shelf) -> None:
    """Trap 21: Mistral's documentation says no, its contract yes unless switched off: open as delivered, no once it is switched off."""
    assert shelf.said("mistral-large-3@mistral/eu", "trains_on_prompts") == {"yes", "no"}
    assert shelf.said("mistral-large-3@mistral/eu-no-training", "trains_on_prompts") == {"no"}
    assert "Switch off" in shelf.needs("mistral-large-3@mistral/eu-no-training")


# ---------------------------------------------------------------------- certificates
@pytest.mark.parametrize(
    ("option", "certificate"),
    [
        ("gpt-oss-120b@ionos-ai-model-hub/de-txl", "c5-type1"),
        ("gpt-oss-120b@groq/global", "soc2"),
        ("qwen3-32b@alibaba-model-studio/sg-international", "iso27001"),
        ("claude-sonnet-5@azure-openai/claude-anthropic", "soc2"),
        ("gemini-4-argon@google-vertex-ai/us", "fedramp-high"),
    ],
)
def test_a_certificate_of_the_company_is_not_one_of_the_service(option: str, certificate: str, shelf: Shelf) -> None:
    """Trap 24: what covers data centres, a platform or a company leaves the service open: never held for certain."""
    narrow = [c for c in shelf.claims(option, "certificates", certificate) if not covers_service(c)]
    assert {c.value for c in narrow} == {"yes"}
    assert certificate in shelf.places(option, "certificates").possible
    assert certificate not in shelf.places(option, "certificates").certain
    assert shelf.verdict(option, "own-attestations", attestations=[certificate]) == "unknown"


def test_no_option_holds_a_certificate_that_only_its_company_has(shelf: Shelf) -> None:
    """Trap 24: the same, over the whole catalogue."""
    held = [(o, name) for o in shelf.hosted() for name in shelf.places(o.id, "certificates").certain]
    assert held
    for option, name in held:
        named = [c for c in shelf.claims(option.id, "certificates", name) if covers_service(c) and c.grade in ("primary", "contract")]
        assert named, f"{option.id} {name}"


def test_a_registry_is_no_certificate(shelf: Shelf) -> None:
    """Trap 29: catalogues overstate; an index says yes to ISO 42001 at OpenAI and another no, and neither settles it."""
    option = "gpt-5.4@openai-api/global"
    said = {c.value for c in shelf.claims(option, "certificates", "iso42001")}
    assert said == {"yes", "no"}
    assert shelf.verdict(option, "own-attestations", attestations=["iso42001"]) == "unknown"
    assert shelf.verdict(option, "own-attestations", attestations=["soc2"]) == "unknown"


def test_pay_per_token_at_databricks_is_for_hipaa_only(shelf: Shelf) -> None:
    """Trap 26: FedRAMP, PCI and IRAP need provisioned throughput, and even there FedRAMP names no level."""
    token, provisioned = "llama-4-maverick@databricks/geo", "llama-4-maverick@databricks/provisioned-csp"
    assert shelf.verdict(token, "own-attestations", attestations=["hipaa"]) == "complies"
    for certificate in ("pci-dss", "irap", "fedramp-moderate", "fedramp-high"):
        assert shelf.verdict(token, "own-attestations", attestations=[certificate]) == "breaches", certificate
    assert shelf.verdict(provisioned, "own-attestations", attestations=["pci-dss", "irap"]) == "complies"
    assert shelf.verdict(provisioned, "own-attestations", attestations=["fedramp-high"]) == "unknown"
    assert "provisioned throughput" in shelf.needs(provisioned)


@pytest.mark.parametrize("host", ["deepseek-api", "moonshot", "zai", "minimax", "alibaba-model-studio"])
def test_the_certificates_of_a_chinese_service_are_not_known_to_be_missing(host: str, shelf: Shelf) -> None:
    """Trap 30: nobody found a SOC 2 or ISO 27001 of the service; that is not established, which is not no."""
    for option in shelf.hosted(host=host):
        for certificate in ("soc2", "iso27001"):
            assert shelf.verdict(option.id, "own-attestations", attestations=[certificate]) == "unknown", option.id
    assert {c for o in shelf.hosted(host=host) for c in shelf.said(o.id, "controlling_country")} == {"CN"}


# ---------------------------------------------------------------------- who is on the other side
def test_claude_in_foundry_is_processed_by_anthropic(shelf: Shelf) -> None:
    """Trap 27: Azure's certificates and agreements are not those of Claude there, on whichever machines it runs."""
    own, claude = "gpt-5.4@azure-openai/global", "claude-sonnet-5@azure-openai"
    assert "baa" in shelf.places(own, "contract_offers").certain
    for place in ("claude-anthropic", "claude-azure-global", "claude-azure-us"):
        assert "baa" not in shelf.places(f"{claude}/{place}", "contract_offers").certain, place
        assert "Marketplace" in shelf.needs(f"{claude}/{place}"), place
    assert (
        shelf.verdict(f"{claude}/claude-anthropic", "own-residency-processing", residency="listed", residency_places=["US"]) == "breaches"
    )
    assert shelf.verdict(f"{claude}/claude-azure-us", "own-residency-processing", residency="listed", residency_places=["US"]) == "complies"


def test_an_agreement_for_google_models_does_not_name_partner_models(shelf: Shelf) -> None:
    """Traps 25 and 28: the business associate agreement of Google Cloud names its own models, so for Claude there it is open."""
    assert shelf.verdict("gemini-4-argon@google-vertex-ai/us", "us-hipaa-baa", data_classes=["us-phi"]) == "complies"
    assert shelf.verdict("claude-sonnet-5@google-vertex-ai/us", "us-hipaa-baa", data_classes=["us-phi"]) == "unknown"


def test_an_agreement_for_health_data_and_zero_retention_exclude_each_other_at_anthropic(shelf: Shelf) -> None:
    """Trap 28: HIPAA readiness and zero retention cannot be had in one organisation of the Claude API."""
    assert shelf.verdict("claude-sonnet-5@anthropic-api/us", "us-hipaa-baa", data_classes=["us-phi"]) == "complies"
    assert shelf.verdict("claude-sonnet-5@anthropic-api/us-zdr", "us-hipaa-baa", data_classes=["us-phi"]) == "breaches"


@pytest.mark.parametrize(
    "option", ["claude-sonnet-5@aws-bedrock/eu", "gemini-4-argon@google-vertex-ai/eu", "llama-4-maverick@azure-openai/germanywestcentral"]
)
def test_a_european_region_of_an_american_company_is_within_reach(option: str, shelf: Shelf) -> None:
    """Trap 31: the region does not take away the parent; an order under the CLOUD Act reaches it."""
    assert shelf.places(option).possible <= shelf.countries("EU")
    assert shelf.said(option, "cloud_act_exposed") == {"yes"}
    assert shelf.verdict(option, "own-foreign-control-no", foreign_control="no", organisation_country="DE") == "breaches"


def test_a_parent_outside_the_united_states_is_not_by_itself_out_of_reach(shelf: Shelf) -> None:
    """Trap 32: Mistral and Nebius are arguable, Scaleway says that it is not subject to it."""
    found = {
        option: shelf.verdict(option, "own-foreign-control-no", foreign_control="no", organisation_country="DE")
        for option in ("mistral-large-3@mistral/eu", "gpt-oss-120b@nebius/api", "gpt-oss-120b@scaleway-generative-apis/fr-par")
    }
    assert found == {
        "mistral-large-3@mistral/eu": "unknown",
        "gpt-oss-120b@nebius/api": "unknown",
        "gpt-oss-120b@scaleway-generative-apis/fr-par": "complies",
    }


# ---------------------------------------------------------------------- gone
@pytest.mark.parametrize("option", ["llama-4-maverick@groq/global", "llama-4-maverick@together-ai/global"])
def test_a_row_of_a_package_does_not_bring_back_a_model_that_is_gone(option: str, shelf: Shelf) -> None:
    """Section E: packages still price Maverick at Groq and Together, which have switched it off."""
    prices = shelf.options[option].prices
    assert prices
    assert prices.classes
    assert {c.value for c in shelf.claims(option, "offered") if c.grade == "secondary"} == {"no"}
    assert shelf.verdict(option, "own-offered") == "breaches"
    assert shelf.standing(option) == "excluded"


def test_a_day_of_retirement_is_not_yet_gone(shelf: Shelf) -> None:
    """Section E: a model that is switched off later is still offered, and the day is known."""
    later = [o for o in shelf.hosted() if shelf.said(o.id, "retirement_announced") == {"yes"} and shelf.said(o.id, "offered") == {"yes"}]
    later = [o for o in later if not {c.scope for c in o.facts["option.months_to_retirement"].claims} & {ANOTHER_ENDPOINT, THE_DEVELOPER}]
    assert later
    for option in later:
        months = option.possible("option.months_to_retirement")
        assert isinstance(months, Interval)
        assert months.hi > 0, option.id
    assert AS_OF.isoformat() < min(str(c.value) for o in later for c in shelf.claims(o.id, "retirement_announced") if c.grade != "memory")
