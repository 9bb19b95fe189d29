"""The shipped catalogue: complete, sourced, and of the form that the documents promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from advisor.catalogue.claims import GRADES, Claim, day_of
from advisor.catalogue.evidence import claims_of
from advisor.catalogue.files import FactFile, Facts, HostFile, SettledFact
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option, build_options
from advisor.library import Library
from advisor.possible import Interval, Members
from tests.conftest import AS_OF

SLUG = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
SERVED = re.compile(rf"{SLUG}@{SLUG}/{SLUG}")
HOSTED_BY_YOU = re.compile(rf"{SLUG}@{SLUG}/(?:[A-Z]{{2}}|unstated|{SLUG})/[1-9]\d*x{SLUG}-(?:bf16|fp8|nvfp4|mxfp4|int4)")


@pytest.fixture(scope="module")
def catalogue(library: Library) -> Catalogue:
    return library.catalogue


@pytest.fixture(scope="module")
def options(catalogue: Catalogue) -> tuple[Option, ...]:
    return build_options(catalogue, AS_OF, ("DE",))


def _claims_in(entry: FactFile, sources: str, catalogue: Catalogue) -> Iterator[Claim]:
    named = catalogue.sources[sources]
    if isinstance(entry, dict):
        for claims in entry.values():
            yield from _claims_in(claims, sources, catalogue)
    elif isinstance(entry, SettledFact):
        yield from claims_of(entry.claims, named)
    else:
        yield from claims_of(entry, named)


def _facts_of(host: HostFile) -> tuple[Facts, ...]:
    return (host.facts, *(e.facts for e in host.endpoints), *(s.facts for s in host.serves))


def _host_claims(host: HostFile, catalogue: Catalogue) -> Iterator[Claim]:
    for facts in _facts_of(host):
        for entry in facts.values():
            yield from _claims_in(entry, host.id, catalogue)
    for serves in host.serves:
        for files in (serves.listed, serves.uplift, *(files for _, files in serves.price.stated())):
            yield from claims_of(files, catalogue.sources[host.id])
    for rent in host.rents:
        yield from claims_of(rent.usd_per_gpu_hour, catalogue.sources[host.id])


def every_claim(catalogue: Catalogue) -> Iterator[tuple[str, Claim]]:
    for host in catalogue.hosts.values():
        yield from ((f"host {host.id}", c) for c in _host_claims(host, catalogue))
    for model in catalogue.models.values():
        yield from ((f"model {model.id}", c) for entry in model.facts.values() for c in _claims_in(entry, model.id, catalogue))
        yield from ((f"model {model.id}", c) for c in claims_of(model.scores, catalogue.sources[model.id]))
    for gpu in catalogue.hardware.values():
        yield from ((f"hardware {gpu.id}", c) for c in claims_of(gpu.purchase_usd_per_gpu, catalogue.sources["hardware"]))


# ---------------------------------------------------------------------- claims
def test_every_claim_has_a_source_and_a_grade(catalogue: Catalogue) -> None:
    claims = list(every_claim(catalogue))
    assert len(claims) > 1_000
    assert [(where, c.value) for where, c in claims if not c.source or c.grade not in GRADES] == []


def test_every_date_of_a_claim_can_be_read_and_lies_in_the_past(catalogue: Catalogue) -> None:
    dated = [(where, c.as_of) for where, c in every_claim(catalogue) if c.as_of]
    assert [(where, text) for where, text in dated if (day := day_of(text)) is None or day > AS_OF] == []


def test_every_primary_claim_of_a_page_says_where_it_stands(catalogue: Catalogue) -> None:
    without = Counter(c.source for _, c in every_claim(catalogue) if c.grade == "primary" and not c.url)
    assert [source for source in without if not source.startswith("By construction")] == []


def test_every_address_is_one_that_can_be_opened(catalogue: Catalogue) -> None:
    assert sorted({c.url for _, c in every_claim(catalogue) if c.url and not re.fullmatch(r"https?://\S+", c.url)}) == []


def test_every_named_source_is_used_or_at_least_graded(catalogue: Catalogue) -> None:
    assert [name for sources in catalogue.sources.values() for name, source in sources.items() if source.grade not in GRADES] == []


def test_the_comparison_document_is_one_source_among_others(catalogue: Catalogue) -> None:
    graded = Counter(c.grade for _, c in every_claim(catalogue))
    assert graded["comparison-document"] >= 5
    assert graded["primary"] > graded["comparison-document"]


# ---------------------------------------------------------------------- models and hosts
def test_there_are_at_least_ten_models_and_twelve_hosts(catalogue: Catalogue) -> None:
    assert len(catalogue.models) >= 10
    assert len(catalogue.hosts) >= 12
    assert {host.kind for host in catalogue.hosts.values()} == {"service", "gpu-cloud", "own"}


@pytest.mark.parametrize("model", ["gpt-5.4", "llama-4-maverick", "llama-3.3-70b", "gpt-oss-120b", "deepseek-v3.2"])
def test_a_model_of_the_issue_is_served_or_can_be_run(model: str, options: tuple[Option, ...]) -> None:
    assert [o.id for o in options if o.model.id == model]


@pytest.mark.parametrize("developer", ["Mistral AI", "Alibaba", "Anthropic", "Google", "Meta", "OpenAI", "DeepSeek"])
def test_every_developer_of_the_issue_has_a_model_that_can_be_chosen(developer: str, options: tuple[Option, ...]) -> None:
    assert [o.id for o in options if developer.split(maxsplit=1)[0].lower() in o.model.developer.lower()]


def test_every_model_has_a_licence_that_is_written_down(catalogue: Catalogue) -> None:
    assert [m.id for m in catalogue.models.values() if m.licence not in catalogue.licences] == []
    assert [x.id for x in catalogue.licences.values() if not x.url or not x.summary or not x.checked] == []


def test_every_developers_country_is_a_country(catalogue: Catalogue) -> None:
    countries = catalogue.vocabulary.places.countries
    assert [m.id for m in catalogue.models.values() if m.developer_country not in countries] == []


def test_every_open_model_says_what_running_it_needs(catalogue: Catalogue) -> None:
    architectures = [m.architecture for m in catalogue.models.values() if m.open_weights == "yes" and m.architecture]
    assert len(architectures) >= 8
    assert all(a.precisions and a.active_params_b <= a.total_params_b for a in architectures)
    assert all(m.architecture is None for m in catalogue.models.values() if m.open_weights == "no")


def test_every_score_lies_on_the_scale_of_its_benchmark_or_near_it(catalogue: Catalogue) -> None:
    for model in catalogue.models.values():
        for score in model.scores:
            benchmark = catalogue.benchmarks[score.benchmark]
            ends = sorted((float(benchmark.zero), float(benchmark.hundred)))
            span = ends[1] - ends[0]
            assert ends[0] - span <= float(str(score.value)) <= ends[1] + span, f"{model.id} {score.benchmark} {score.value}"


def test_every_benchmark_has_two_different_ends(catalogue: Catalogue) -> None:
    assert [b.id for b in catalogue.benchmarks.values() if b.zero == b.hundred] == []


def test_no_host_and_no_model_states_a_fact_that_is_worked_out(catalogue: Catalogue) -> None:
    worked_out = {fact.key for fact in catalogue.vocabulary.option_facts if fact.derived == "yes"}
    by_construction = {"model", "host", "mode", "premises", "licence", "open_weights", "developer_country"}
    stated = {
        key
        for h in catalogue.hosts.values()
        for facts in (h.facts, *(e.facts for e in h.endpoints), *(s.facts for s in h.serves))
        for key in facts
    }
    stated |= {key for m in catalogue.models.values() for key in m.facts}
    assert worked_out
    assert stated & (worked_out | by_construction) == set()


def test_an_endpoint_is_written_once_and_a_host_serves_or_rents_at_its_own_only(catalogue: Catalogue) -> None:
    for host in catalogue.hosts.values():
        names = [e.id for e in host.endpoints]
        assert len(names) == len(set(names)), host.id
        used = {name for s in host.serves for name in s.endpoints} | {name for r in host.rents for name in r.endpoints}
        assert used <= set(names), f"{host.id}: {used - set(names)}"
        assert used or host.kind == "own" or host.note, f"{host.id} serves nothing and does not say why"


def test_a_model_is_served_once_at_an_endpoint(catalogue: Catalogue) -> None:
    served = Counter((host.id, s.model, name) for host in catalogue.hosts.values() for s in host.serves for name in s.endpoints)
    assert [key for key, count in served.items() if count > 1] == []


# ---------------------------------------------------------------------- options
def test_every_option_has_an_id_of_its_own_in_the_documented_form(options: tuple[Option, ...]) -> None:
    ids = [option.id for option in options]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)
    assert [o.id for o in options if not (HOSTED_BY_YOU if o.mode == "self-hosted" else SERVED).fullmatch(o.id)] == []
    assert {"gpt-5.4@openai-api/eu", "llama-4-maverick@on-premises/DE/8xh100-fp8"} <= set(ids)


def test_every_served_option_is_listed_by_a_feed_row_or_a_page(catalogue: Catalogue, options: tuple[Option, ...]) -> None:
    served = [o for o in options if o.mode != "self-hosted"]
    assert len(served) > 100
    assert [s.model for h in catalogue.hosts.values() for s in h.serves if not s.feeds and not s.listed] == []
    assert [o.id for o in served if not o.facts["option.offered"].claims] == []


def test_every_option_has_every_declared_fact_and_nothing_impossible(options: tuple[Option, ...], library: Library) -> None:
    declared = {fact.name for fact in library.vocabulary.option_facts if fact.derived == "no"}
    for option in options:
        assert option.facts.keys() == declared
        for name, known in option.facts.items():
            domain = library.vocabulary.values(library.vocabulary.facts[name])
            match known.possible:
                case Interval(lo, hi):
                    assert lo <= hi, f"{option.id} {name}"
                case Members(certain, possible):
                    assert certain <= possible <= domain, f"{option.id} {name}"
                case choice:
                    assert choice.possible, f"{option.id} {name}"
                    assert choice.possible <= domain, f"{option.id} {name}"


def test_closed_models_are_never_self_hosted_and_open_ones_are_never_closed(options: tuple[Option, ...]) -> None:
    assert {(o.model.open_weights, o.mode) for o in options} == {("no", "closed-api"), ("yes", "hosted-open"), ("yes", "self-hosted")}


def test_a_machine_holds_the_model_it_is_chosen_for(options: tuple[Option, ...]) -> None:
    for option in options:
        if option.deployment:
            machine = option.deployment.machine
            assert machine.weights_gib > 0
            assert machine.free_gib > 0
            assert machine.weights_gib < machine.hardware.memory_gib * machine.gpus
            assert machine.precision in machine.hardware.precisions


def test_every_rent_and_purchase_is_above_zero(catalogue: Catalogue) -> None:
    rents = [c.value for h in catalogue.hosts.values() for r in h.rents for c in r.usd_per_gpu_hour]
    bought = [c.value for gpu in catalogue.hardware.values() for c in gpu.purchase_usd_per_gpu]
    assert len(rents) > 10
    assert [v for v in rents if not Decimal("0.1") < Decimal(str(v)) < 50] == []
    assert [v for v in bought if not Decimal(500) < Decimal(str(v)) < 200_000] == []


def test_every_curated_price_and_uplift_is_above_zero(catalogue: Catalogue) -> None:
    prices = [
        c.value
        for h in catalogue.hosts.values()
        for s in h.serves
        for _, claims in s.price.stated()
        for c in claims
        if c.value != "unknown"
    ]
    uplifts = [c.value for h in catalogue.hosts.values() for s in h.serves for c in s.uplift if c.value != "unknown"]
    assert [v for v in prices if not Decimal(str(v)) > 0] == []
    assert [v for v in uplifts if not 1 <= Decimal(str(v)) <= 2] == []


def test_an_uplift_is_what_a_package_that_states_one_says(catalogue: Catalogue) -> None:
    checked, wrong = 0, []
    for host in catalogue.hosts.values():
        for serves in host.serves:
            curated = {Decimal(str(claim.value)) for claim in serves.uplift if claim.value != "unknown"}
            for row in serves.feeds:
                feed, _, key = row.partition(":")
                packaged = set(catalogue.feeds[feed].listing(key).uplifts.values())
                if curated and packaged:
                    checked += 1
                    wrong += [(host.id, serves.model, row)] if not curated & packaged else []
    assert checked >= 1
    assert wrong == []
