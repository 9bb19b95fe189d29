"""The eight shipped examples have the outcomes, and the reasons, that the law and the facts at hand give them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from advisor import export
from advisor.answers import load_answers
from advisor.library import load_library, shipped
from advisor.possible import Choice, Interval, Members
from advisor.recommendation import Ranked, Recommendation, recommend

AS_OF = date(2026, 11, 24)
EXAMPLES = sorted(path.stem for path in (shipped("data") / "examples").glob("*.yaml"))
OPEN_SOURCE = {"apache-2.0", "apache-2.0-gemma4", "mit"}
MAY_BE_USED = {"eligible", "conditional"}


@cache
def result(name: str) -> Recommendation:
    library = load_library()
    return recommend(load_answers(shipped("data") / "examples" / f"{name}.yaml", library.vocabulary), library, AS_OF)


def options(found: Recommendation, **wanted: str) -> list[Ranked]:
    """Options by model, host, mode or place."""
    return [r for r in found.all if all(_part(r, key) == value for key, value in wanted.items())]


def _part(ranked: Ranked, key: str) -> str:
    option = ranked.option
    return {"model": option.model.id, "host": option.host.id, "mode": option.mode, "place": option.place}[key]


def breached(found: Recommendation, ranked: Ranked) -> set[str]:
    return {f.rule.id for f in found.breaches(ranked)}


def undecided(found: Recommendation, ranked: Ranked) -> set[str]:
    return {f.rule.id for f in found.explainer.findings(ranked.position, ("unknown",)) if f.rule.effect == "require"}


def certain(found: Recommendation, ranked: Ranked, fact: str) -> frozenset[str]:
    value = found.assessment.possible(ranked.position, fact)
    assert isinstance(value, Members)
    return value.certain


def still_possible(found: Recommendation, ranked: Ranked, fact: str) -> frozenset[str]:
    value = found.assessment.possible(ranked.position, fact)
    assert isinstance(value, Choice)
    return value.possible


def best(found: Recommendation) -> Ranked:
    assert found.best is not None
    return found.best


def test_there_are_eight_examples() -> None:
    expected = ["bank-eu", "code-assistant-us", "defence-us", "hospital-de", "hospital-us", "law-firm-us", "ministry-fr", "startup-us"]
    assert expected == EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_unconfirmed_option_has_a_question_that_would_settle_it(name: str) -> None:
    found = result(name)
    for ranked in found.unconfirmed[:40]:
        assert found.requests(ranked) or any(f.source.checked == "memory" for f in found.breaches(ranked)), (
            f"{ranked.option.id} is unconfirmed and nobody is asked anything"
        )


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_recommended_breaches_nothing_and_leaves_nothing_open(name: str) -> None:
    found = result(name)
    for ranked in found.ranked:
        assert not breached(found, ranked)
        assert not undecided(found, ranked)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_excluded_option_names_a_rule_with_its_source(name: str) -> None:
    found = result(name)
    for ranked in found.excluded:
        findings = found.breaches(ranked)
        assert findings
        assert all(f.source.cite and f.reason for f in findings)


# ---------------------------------------------------------------------- hospital in Germany
def test_hospital_de_self_hosted_llama_4_is_excluded_by_the_licence_clause_on_the_union() -> None:
    found = result("hospital-de")
    llamas = options(found, model="llama-4-maverick", mode="self-hosted")
    assert llamas
    for ranked in llamas:
        assert ranked.standing == "excluded"
        finding = next(f for f in found.breaches(ranked) if f.rule.id == "licence-llama-eu")
        assert "European Union" in finding.reason
        assert "Acceptable Use Polic" in finding.source.cite


def test_hospital_de_global_endpoints_of_american_hosts_are_excluded() -> None:
    found = result("hospital-de")
    for host in ("openai-api", "azure-openai", "aws-bedrock", "anthropic-api"):
        ranked = options(found, host=host, place="global")
        assert ranked
        assert {r.standing for r in ranked} == {"excluded"}
        assert all("own-residency-processing" in breached(found, r) for r in ranked)


def test_hospital_de_nobody_without_a_verified_c5_attestation_is_more_than_unconfirmed() -> None:
    found = result("hospital-de")
    for ranked in found.all:
        if ranked.option.host.kind == "own":
            continue
        if "c5" not in certain(found, ranked, "option.certificates"):
            assert ranked.standing in ("unconfirmed", "excluded"), ranked.option.id
    waiting = [r for r in found.unconfirmed if "de-sgb-v-393-cloud" in undecided(found, r)]
    assert waiting
    assert all(any("C5 Type 2" in q.question and q.who == "the host" for q in found.requests(r)) for r in waiting)


def test_hospital_de_an_open_model_on_premises_in_the_eea_is_recommended() -> None:
    found = result("hospital-de")
    chosen = best(found)
    assert chosen.standing in MAY_BE_USED
    assert chosen.option.mode == "self-hosted"
    assert chosen.option.model.licence in OPEN_SOURCE
    assert found.explainer.fact_read(chosen.position, "option.processing_places").words == "Germany"


# ---------------------------------------------------------------------- hospital in the United States
def test_hospital_us_self_hosted_llama_4_is_not_excluded_by_its_licence() -> None:
    found = result("hospital-us")
    here = [r for r in options(found, model="llama-4-maverick", mode="self-hosted") if r.option.host.kind == "own"]
    assert here
    assert {r.standing for r in here} <= MAY_BE_USED
    assert all("licence-llama-eu" not in breached(found, r) for r in options(found, model="llama-4-maverick"))


def test_hospital_us_hosts_that_offer_a_business_associate_agreement_are_conditional_on_signing_it() -> None:
    found = result("hospital-us")
    hosted = [r for r in found.ranked if r.option.host.kind != "own"]
    assert hosted
    for ranked in hosted:
        assert "baa" in certain(found, ranked, "option.contract_offers")
        assert ranked.standing == "conditional"
        assert any("business associate agreement" in o.text for o in found.obligations(ranked))


def test_hospital_us_the_api_of_deepseek_is_excluded() -> None:
    found = result("hospital-us")
    ranked = options(found, host="deepseek-api")
    assert ranked
    assert {r.standing for r in ranked} == {"excluded"}
    assert all("us-doj-bulk-data" in breached(found, r) for r in ranked)


# ---------------------------------------------------------------------- start-up
def test_startup_us_nothing_self_hosted_may_be_used_and_the_costs_show_why_an_api_is_cheaper() -> None:
    found = result("startup-us")
    assert best(found).option.mode != "self-hosted"
    assert all(r.option.mode != "self-hosted" for r in found.ranked)
    hosted = best(found).cost.usd
    own = [r.cost.usd.low for r in options(found, mode="self-hosted") if r.cost.usd]
    assert hosted is not None
    assert min(own) > 10 * hosted.expected
    assert min(own) > hosted.high
    api = options(found, model="gpt-5.4", host="openai-api", place="global")[0].cost
    tokens = [line.usd.expected for line in api.lines if line.label in ("Input tokens", "Output tokens")]
    assert sum(tokens) == 405  # 54 million tokens in at $2.50 and 18 million out at $15
    assert min(own) > api.known_usd.expected
    assert any("Running a model yourselves would cost more" in r["text"] for r in export.document(found)["reasons"])  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- law firm
def test_law_firm_us_gpt_5_4_is_too_short_as_it_stands_and_long_enough_once_asked_for() -> None:
    """Two settings are two options: 272,000 tokens as it stands, a million on request, each with its own claims."""
    found = result("law-firm-us")
    ranked = {r.option.endpoint.id: r for r in options(found, model="gpt-5.4") if r.option.host.id == "openai-api"}
    for name in ("global", "us", "eu"):
        standard, longer = ranked[name], ranked[f"{name}-1m"]
        stated = {claim.value: claim for claim in found.explainer.fact_read(standard.position, "option.context_tokens").claims}
        assert {256000, 272000} <= set(stated)
        assert stated[256000].grade == "comparison-document"
        assert all(claim.source and claim.grade for claim in stated.values())
        assert "own-context-length" in breached(found, standard)
        assert "own-context-length" not in {*breached(found, longer), *undecided(found, longer)}
        assert longer.standing == "conditional"
        assert any("272,000" in precondition.text for precondition in longer.option.preconditions)


def test_law_firm_us_maverick_is_decided_host_by_host() -> None:
    found = result("law-firm-us")
    hosted = options(found, model="llama-4-maverick", mode="hosted-open")
    short = [r for r in hosted if _context(found, r)[1] < 700_000]
    straddling = [r for r in hosted if _context(found, r)[0] < 700_000 <= _context(found, r)[1]]
    assert short
    assert all(r.standing == "excluded" and "own-context-length" in breached(found, r) for r in short)
    assert any(r.option.host.id in ("sambanova", "databricks") for r in short)
    assert straddling
    assert all("own-context-length" in undecided(found, r) for r in straddling)
    assert {r.standing for r in straddling if not breached(found, r)} == {"unconfirmed"}
    assert {"google-vertex-ai", "oci-generative-ai"} <= {r.option.host.id for r in straddling}


def test_law_firm_us_self_hosting_maverick_is_limited_by_the_memory_of_its_machine() -> None:
    found = result("law-firm-us")
    small = [r for r in options(found, model="llama-4-maverick", mode="self-hosted") if r.option.id.endswith("/8xh100-fp8")]
    assert small
    assert all("own-context-length" in breached(found, r) for r in small)
    assert all(_context(found, r)[1] == 430_000 for r in small)


def _context(found: Recommendation, ranked: Ranked) -> tuple[float, float]:
    value = found.assessment.possible(ranked.position, "option.context_tokens")
    assert isinstance(value, Interval)
    return (value.lo, value.hi)


# ---------------------------------------------------------------------- ministry
def test_ministry_fr_american_hosts_cannot_be_used_and_own_premises_can() -> None:
    found = result("ministry-fr")
    american = [r for r in found.all if _controlled_from(found, r) == {"US"} and r.option.host.kind != "own"]
    assert american
    assert {r.standing for r in american} <= {"excluded", "unconfirmed"}
    assert all("fr-sren-31-state-cloud" in breached(found, r) | undecided(found, r) for r in american)
    assert {r.standing for r in options(found, model="llama-4-maverick", mode="self-hosted")} == {"excluded"}
    assert best(found).option.host.kind == "own"
    assert best(found).option.model.licence in OPEN_SOURCE


def _controlled_from(found: Recommendation, ranked: Ranked) -> frozenset[str]:
    return still_possible(found, ranked, "option.controlling_country")


# ---------------------------------------------------------------------- defence
def test_defence_us_foreign_hosts_and_global_endpoints_are_excluded() -> None:
    found = result("defence-us")
    foreign = [r for r in found.all if r.option.host.kind != "own" and "US" not in _controlled_from(found, r)]
    assert foreign
    assert {r.standing for r in foreign} == {"excluded"}
    countries = frozenset(found.library.vocabulary.places.countries)
    everywhere = [r for r in found.all if certain(found, r, "option.processing_places") == countries]
    assert everywhere
    assert {r.standing for r in everywhere} == {"excluded"}


def test_defence_us_llama_is_excluded_by_its_use_policy_for_itar_work() -> None:
    found = result("defence-us")
    llamas = [r for r in found.all if r.option.model.id.startswith("llama-")]
    assert llamas
    assert all("licence-llama-itar" in breached(found, r) for r in llamas)


def test_defence_us_an_open_model_on_american_premises_can_be_used() -> None:
    chosen = best(result("defence-us"))
    assert chosen.option.host.kind == "own"
    assert chosen.option.place == "US"
    assert chosen.option.model.licence in OPEN_SOURCE


# ---------------------------------------------------------------------- bank
def test_bank_eu_hosted_options_wait_for_contract_terms_and_the_exit_duty_is_named() -> None:
    found = result("bank-eu")
    hosted = [r for r in found.all if r.option.host.kind != "own" and r.standing != "excluded"]
    assert hosted
    assert {r.standing for r in hosted} <= {"conditional", "unconfirmed"}
    assert any("eu-dora-30-contract-terms" in undecided(found, r) for r in hosted)
    assert all(any("exit" in o.text for o in found.obligations(r)) for r in hosted[:20])
    obligations = export.document(found)["obligations"]
    assert any("exit strategy" in str(o) for o in obligations)  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- code assistant
def test_code_assistant_us_a_closed_api_or_a_top_open_model_is_recommended() -> None:
    found = result("code-assistant-us")
    chosen = best(found)
    assert chosen.option.mode in ("closed-api", "hosted-open")
    assert chosen.quality.low >= 80
    for ranked in _below_the_floor(found):
        assert ranked.standing == "excluded"
        assert "own-quality-floor" in breached(found, ranked)


def _below_the_floor(found: Recommendation) -> Iterator[Ranked]:
    below = [r for r in found.all if r.quality.high < 80]
    assert {r.option.model.id for r in below} >= {"llama-4-maverick", "llama-3.3-70b"}
    yield from below


def test_code_assistant_us_training_on_prompts_excludes() -> None:
    found = result("code-assistant-us")
    training = [r for r in found.all if _trains(found, r) == {"yes"}]
    assert training
    assert all("own-training" in breached(found, r) for r in training)


def _trains(found: Recommendation, ranked: Ranked) -> frozenset[str]:
    return still_possible(found, ranked, "option.trains_on_prompts")
