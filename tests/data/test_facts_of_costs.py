"""Facts that costs need beside prices: thinking tokens, fees, currencies, and figures of running a service."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from advisor.catalogue.billing import fee_of, list_currency_of, reasoning_of
from advisor.catalogue.claims import LIVE_GRADES
from advisor.catalogue.load import Catalogue
from advisor.library import Library
from tests.conftest import AS_OF

SHARES = ("cache-miss-share",)
FIGURES = (
    "cache-miss-share", "reasoning-over-output", "tokeniser-ratio", "bytes-per-token", "usd-per-eur", "usd-per-gbp", "usd-per-chf",
    "storage-usd-per-gib-month", "egress-usd-per-gib", "logging-usd-per-gib", "log-storage-usd-per-gib-month", "log-retention-months",
    "monitoring-usd-per-machine-month", "staging-best-effort", "staging-recoverable", "staging-important", "staging-critical",
    "update-window-hours-per-month", "latency-typing-ttft-ms", "latency-typing-tpot-ms", "latency-seconds-ttft-ms",
    "latency-seconds-tpot-ms", "latency-minutes-ttft-ms", "latency-minutes-tpot-ms",
)  # fmt: skip
NOT_KNOWN = {"yi-1.5-34b", "bloom-176b", "granite-4.0-h-small", "teuken-7b", "apertus-70b", "falcon-h1-34b", "eurollm-22b"}
"""Models of which no source was found that says whether they think."""
KNOWN = {
    "gpt-5.4": "optional", "gpt-5.4-pro": "always", "gpt-4.1": "no", "o3": "always", "gpt-oss-120b": "always", "gpt-6-astra": "always",
    "claude-opus-5-5": "always", "claude-fable-5": "always", "claude-sonnet-5": "optional", "gemini-4-argon": "always",
    "gemini-2.5-flash": "optional", "llama-4-maverick": "no", "deepseek-r1-0528": "always", "deepseek-v4-pro": "optional",
    "kimi-k3": "always", "qwen3-235b-a22b-2507": "no", "mistral-large-4": "optional", "glm-5.2": "optional",
}  # fmt: skip
CURRENCIES = {
    "berget": "EUR", "scaleway-generative-apis": "EUR", "stackit-ai-model-serving": "EUR", "ovhcloud-ai-endpoints": "EUR", "evroc": "EUR",
    "cortecs": "EUR", "phoeniqs": "CHF", "infomaniak": "CHF", "openai-api": None, "regolo-ai": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(library: Library) -> Catalogue:
    return library.catalogue


def test_it_is_stated_of_every_model_whether_it_thinks_or_the_model_is_named_here(catalogue: Catalogue) -> None:
    found = {name: reasoning_of(model, catalogue.sources[name], AS_OF) for name, model in catalogue.models.items()}
    assert {name for name, value in found.items() if value is None} == NOT_KNOWN
    assert {name: found[name] for name in KNOWN} == KNOWN


def test_a_source_that_says_only_that_a_model_can_think_is_noted(catalogue: Catalogue) -> None:
    unsure = {m.id for m in catalogue.models.values() for c in m.reasoning if c.note == "the source says only that it can"}
    assert unsure == {"qwen3.8-2.4t", "deepseek-v4-pro-0813", "deepseek-v4-flash-0731", "grok-4.5"}


def test_fees_stand_apart_from_prices(catalogue: Catalogue) -> None:
    def fee(host_id: str, endpoint_id: str) -> Decimal | None:
        host = catalogue.hosts[host_id]
        endpoint = next(e for e in host.endpoints if e.id == endpoint_id)
        found = fee_of(host, endpoint, catalogue.sources[host_id], AS_OF)
        return Decimal(str(found.value)) if found else None

    assert fee("openrouter", "global") == fee("openrouter", "global-zdr") == Decimal("0.055")
    assert fee("openrouter", "eu") == Decimal("0.08")
    assert fee("hf-inference-providers", "auto") == 0
    assert fee("openai-api", "global") is None
    for serves in catalogue.hosts["openrouter"].serves:  # a fee written as an uplift too would be charged twice
        assert all(c.value == "unknown" for c in serves.uplift)


def test_lists_in_other_currencies_are_named(catalogue: Catalogue) -> None:
    found = {name: list_currency_of(catalogue.hosts[name], catalogue.sources[name], AS_OF) for name in CURRENCIES}
    assert found == CURRENCIES


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_running_is_there_and_honest(catalogue: Catalogue, name: str) -> None:
    figure = catalogue.sizing.figure(name)
    assert figure.low >= 0
    assert figure.note
    assert (figure.source.startswith("design choice")) == (figure.grade == "memory")
    assert figure.grade not in LIVE_GRADES or figure.url.startswith("https://")
    if name in SHARES:
        assert figure.high <= 1


def test_figures_that_belong_together_agree(catalogue: Catalogue) -> None:
    figure = catalogue.sizing.figure
    for end in ("ttft-ms", "tpot-ms"):
        typing, seconds, minutes = (figure(f"latency-{kind}-{end}").expected for kind in ("typing", "seconds", "minutes"))
        assert typing < seconds < minutes
    kinds = ("best-effort", "recoverable", "important", "critical")
    kept = [figure(f"staging-{kind}").expected for kind in kinds]
    assert kept == sorted(kept)
    assert figure("usd-per-eur").as_of == figure("usd-per-gbp").as_of == figure("usd-per-chf").as_of
    assert date.fromisoformat(figure("usd-per-eur").as_of) <= AS_OF
    assert figure("tokeniser-ratio").low < 1 < figure("tokeniser-ratio").high
