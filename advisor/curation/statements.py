"""
Statements: everything that the catalogue claims, one entry for each thing, with whom it is about and the claims behind it.

The freshness board and the difference of two catalogues both read this list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.catalogue.claims import Claim
from advisor.catalogue.evidence import claims_of
from advisor.catalogue.files import ClaimFile, Facts, HostFile, ModelFile, ServesFile, SettledFact, Settlement, SourceFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.meters import is_meter

KIND_OF_FACT: Mapping[str, str] = {
    "context_tokens": "context", "inputs": "context",
    "processing_places": "places", "storage_places": "places", "residency_commitment": "places",
    "controlling_country": "control", "cloud_act_exposed": "control", "us_persons_only": "control",
    "certificates": "certificate", "contract_offers": "contract", "transfer_safeguards": "contract",
}  # fmt: skip
"""What kind of claim a fact takes; every other fact says how a host handles data."""
HANDLING = "handling"


@dataclass(frozen=True)
class Statement:
    """One thing that is claimed."""

    kind: str
    """As in data/freshness.yaml."""
    owner: str
    """`model gpt-5.4`, `host openai-api`."""
    about: str
    """Which part of it: `retention_days at eu`, `input_usd_per_mtok of gpt-5.4 at eu, us`; the same in every edition."""
    claims: tuple[Claim, ...]
    settlement: Settlement | None = None
    model: str = ""
    """Id of the model it speaks of, if it speaks of one."""
    host: str = ""
    """Id of the host, if it speaks of one."""

    @property
    def settled(self) -> str:
        """What a curator settled, and who, when and why; empty when nobody did."""
        return f"{self.settlement.value}, by {self.settlement.words}" if self.settlement else ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.owner, self.about)


def statements(catalogue: Catalogue) -> Iterator[Statement]:
    """Every statement of the files. Prices and limits from price packages are not in it: they stand in the snapshots."""
    for model in catalogue.models.values():
        yield from (replace(s, model=model.id) for s in _of_model(model, catalogue.sources[model.id]))
    for host in catalogue.hosts.values():
        yield from (replace(s, host=host.id) for s in _of_host(host, catalogue.sources[host.id]))
    for gpu in catalogue.hardware.values():
        owner = f"hardware {gpu.id}"
        if gpu.purchase_usd_per_gpu:
            yield Statement("rent", owner, "purchase_usd_per_gpu", claims_of(gpu.purchase_usd_per_gpu, catalogue.sources["hardware"]))


def _of_model(model: ModelFile, sources: Mapping[str, SourceFile]) -> Iterator[Statement]:
    owner = f"model {model.id}"
    yield from _facts(owner, "", model.facts, sources)
    if model.retires:
        yield Statement("offered", owner, "retires", claims_of(model.retires, sources))
    if model.reasoning:
        yield Statement("architecture", owner, "reasoning", claims_of(model.reasoning, sources))
    for benchmark in sorted({*(score.benchmark for score in model.scores), *model.settled}):
        found = [score for score in model.scores if score.benchmark == benchmark]
        yield Statement("score", owner, benchmark, claims_of(found, sources), model.settled.get(benchmark))


def _of_host(host: HostFile, sources: Mapping[str, SourceFile]) -> Iterator[Statement]:
    owner = f"host {host.id}"
    yield from _facts(owner, "", host.facts, sources)
    if host.fee:
        yield Statement("price", owner, "fee", claims_of(host.fee, sources))
    if host.list_currency:
        yield Statement("contract", owner, "list_currency", claims_of(host.list_currency, sources))
    for endpoint in host.endpoints:
        yield from _facts(owner, f" at {endpoint.id}", endpoint.facts, sources)
        if endpoint.fee:
            yield Statement("price", owner, f"fee at {endpoint.id}", claims_of(endpoint.fee, sources))
    for serves in host.serves:
        yield from (replace(s, model=serves.model) for s in _of_serves(owner, serves, sources))
    for rent in host.rents:
        sizes = ", ".join(map(str, rent.node_sizes))
        about = f"usd_per_gpu_hour of {rent.hardware} at {', '.join(rent.endpoints)} in nodes of {sizes}, {rent.commitment}"
        yield Statement("rent", owner, about, claims_of(rent.usd_per_gpu_hour, sources), rent.settled)


def _of_serves(owner: str, serves: ServesFile, sources: Mapping[str, SourceFile]) -> Iterator[Statement]:
    at = f" of {serves.model} at {', '.join(serves.endpoints)}"
    yield from _facts(owner, at, serves.facts, sources)
    for kind, name, files in (
        ("offered", "listed", serves.listed),
        ("offered", "offered", []),
        ("price", "uplift", serves.uplift),
        ("offered", "retires", serves.retires),
    ):
        if files or name in serves.settled:
            yield Statement(kind, owner, f"{name}{at}", claims_of(files, sources), serves.settled.get(name))
    stated = {meter.name: files for meter, files in serves.price.stated()}
    for name in dict.fromkeys([*stated, *(name for name in serves.settled if is_meter(name))]):
        yield Statement("price", owner, f"{name}{at}", claims_of(stated.get(name, ()), sources), serves.settled.get(name))


def _facts(owner: str, at: str, facts: Facts, sources: Mapping[str, SourceFile]) -> Iterator[Statement]:
    for name, entry in facts.items():
        kind = KIND_OF_FACT.get(name, HANDLING)
        if isinstance(entry, dict):
            for member, stated in entry.items():
                yield _stated(kind, owner, f"{name}: {member}{at}", stated, sources)
        else:
            yield _stated(kind, owner, f"{name}{at}", entry, sources)


def _stated(kind: str, owner: str, about: str, entry: Sequence[ClaimFile] | SettledFact, sources: Mapping[str, SourceFile]) -> Statement:
    if isinstance(entry, SettledFact):
        return Statement(kind, owner, about, claims_of(entry.claims, sources), entry.settled)
    return Statement(kind, owner, about, claims_of(entry, sources))
