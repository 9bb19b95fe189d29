"""A small part of the shipped catalogue, quick to judge again and again, and settlements made in it as a curator would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import mkdtemp
from typing import TypeVar

from advisor.catalogue.feeds import LISTING_COLUMNS, PRICE_COLUMNS
from advisor.catalogue.files import (
    ClaimFile,
    EndpointFile,
    FactFile,
    Facts,
    HostFile,
    ModelFile,
    Record,
    ServesFile,
    SettledFact,
    Settlement,
)
from advisor.catalogue.load import Catalogue, load_catalogue
from advisor.catalogue.options import Option
from advisor.curation.disputes import Dispute
from advisor.library import Library, load_library, shipped
from tests import made_up

ON = date(2026, 11, 20)
MODELS = ("gpt-5.4", "llama-4-maverick", "llama-3.3-70b", "gpt-oss-120b", "deepseek-v3.2")
HOSTS = ("openai-api", "azure-openai", "aws-bedrock", "groq", "together-ai", "ovhcloud-ai-endpoints", "selfhost-lambda", "on-premises")

FEED_ROW = "litellm:made-up/model"
LEFT_OUT = ignore_patterns("feeds", "hosts", "models", "questions", "examples", "cases")

Form = TypeVar("Form", bound=Record)


@cache
def shelf() -> Path:
    """A data folder with the shipped lists, one model, one host and one row of prices; quick to read."""
    at = Path(mkdtemp(prefix="advisor-shelf-")) / "data"
    copytree(shipped("data"), at, ignore=LEFT_OUT)
    whole = load_library().catalogue
    model = whole.models["gpt-oss-120b"].model_dump(
        mode="json", exclude={"facts", "scores", "retires", "settled", "reasoning"}, exclude_none=True
    )
    facts = {"context_tokens": [made_up.claim(131_072)]}
    made_up.folder(at, models__one={"models": [{**model, "facts": facts}]}, hosts__own=OWN)
    (at / "feeds").mkdir()
    for name, lines in ROWS.items():
        (at / "feeds" / name).write_text(lines, encoding="utf-8")
    return at


OWN = {"id": "on-premises", "name": "Your own premises", "kind": "own", "endpoints": [{"id": "own", "name": "own"}]}
ROWS = {
    "litellm.yaml": "feed: litellm\npackage: litellm\nversion: 1.0.0\nmade_on: 2026-11-20\ndata_until: 2026-11-20\n",
    "litellm.csv": f"{','.join(LISTING_COLUMNS)}\nmade-up/model,Made Up,made-up{',' * (len(LISTING_COLUMNS) - 3)}\n",
    "litellm.prices.csv": f"{','.join(PRICE_COLUMNS)}\nmade-up/model,,,standard,,2,8{',' * (len(PRICE_COLUMNS) - 7)}\n",
}


def on_shelf(at: Path, **files: made_up.Form) -> Catalogue:
    """The small shelf with a made-up folder on top."""
    return load_catalogue([shelf(), made_up.folder(at, **files)], made_up.shipped_vocabulary())


@cache
def small() -> Library:
    """The shipped library with a few models and hosts."""
    whole = load_library()
    hosts = {
        name: host.model_copy(update={"serves": [s for s in host.serves if s.model in MODELS]})
        for name, host in whole.catalogue.hosts.items()
        if name in HOSTS
    }
    models = {name: model for name, model in whole.catalogue.models.items() if name in MODELS}
    return with_catalogue(whole, replace(whole.catalogue, hosts=hosts, models=models))


def with_catalogue(library: Library, catalogue: Catalogue) -> Library:
    return replace(library, catalogue=catalogue, _tables={})


def settlement(value: object, on: date = ON) -> Settlement:
    return Settlement(value=value, by="A. Curator", on=on, reason="Asked the host.", source="A letter")


def with_host(library: Library, host: HostFile) -> Library:
    catalogue = library.catalogue
    sources = {**catalogue.sources, host.id: catalogue.sources.get(host.id, host.sources)}
    return with_catalogue(library, replace(catalogue, hosts={**catalogue.hosts, host.id: host}, sources=sources))


def with_model(library: Library, model: ModelFile) -> Library:
    return with_catalogue(library, replace(library.catalogue, models={**library.catalogue.models, model.id: model}))


def changed(record: Form, **parts: object) -> Form:
    """The record with parts replaced, checked again."""
    return type(record).model_validate({**{name: getattr(record, name) for name in type(record).model_fields}, **parts})


# ---------------------------------------------------------------------- a dispute settled where it stands
def settled(library: Library, dispute: Dispute, value: object, on: date = ON) -> Library:
    """The library once a curator settled a dispute at this value."""
    record = settlement(value, on)
    if dispute.kind == "score":
        (name,) = dispute.models
        model = library.catalogue.models[name]
        return with_model(library, changed(model, settled={**model.settled, dispute.name: record}))
    for option in options_of(library, dispute):
        host = library.catalogue.hosts[option.host.id]
        library = with_host(library, _in_host(host, option, dispute, record)) if _stands_in(host, option, dispute) else with_model(
            library, changed(library.catalogue.models[option.model.id], facts=_facts(option.model.facts, dispute, record))
        )  # fmt: skip
    return library


def options_of(library: Library, dispute: Dispute) -> Iterator[Option]:
    wanted = set(dispute.options)
    yield from [option for option in library.table(date(2026, 11, 24)).options if option.id in wanted]


def _stands_in(host: HostFile, option: Option, dispute: Dispute) -> bool:
    """Whether the host's file is the one to settle it in; else that of the model."""
    key = dispute.name.removeprefix("option.")
    layers = [host.facts, *(e.facts for e in host.endpoints if e.id == option.endpoint.id)]
    return dispute.kind != "fact" or option.mode != "self-hosted" or any(key in facts for facts in layers)


def _in_host(host: HostFile, option: Option, dispute: Dispute, record: Settlement) -> HostFile:
    if dispute.kind == "rent" and option.deployment:
        machine = option.deployment.machine
        rents = [
            changed(r, settled=record)
            if (r.hardware, r.commitment) == (machine.hardware.id, "on-demand")
            and option.place in r.endpoints
            and machine.gpus in r.node_sizes
            else r
            for r in host.rents
        ]
        return changed(host, rents=rents)
    key = dispute.name.removeprefix("option.")
    serves = next((s for s in host.serves if s.model == option.model.id and option.endpoint.id in s.endpoints), None)
    if serves and option.mode != "self-hosted":
        if dispute.kind == "price" or key in ("offered", "months_to_retirement"):
            name = "retires" if key == "months_to_retirement" else key
            return _with(host, serves, changed(serves, settled={**serves.settled, name: record}))
        if key in serves.facts or key == "context_tokens":
            return _with(host, serves, changed(serves, facts=_facts(serves.facts, dispute, record)))
    endpoint = next(e for e in host.endpoints if e.id == option.endpoint.id)
    if key in endpoint.facts:
        known = changed(endpoint, facts=_facts(endpoint.facts, dispute, record))
        return changed(host, endpoints=[known if e.id == endpoint.id else e for e in host.endpoints])
    return changed(host, facts=_facts(host.facts, dispute, record))


def _with(host: HostFile, old: ServesFile, new: ServesFile) -> HostFile:
    return changed(host, serves=[new if s is old else s for s in host.serves])


def _facts(facts: Facts, dispute: Dispute, record: Settlement) -> Mapping[str, FactFile]:
    key = dispute.name.removeprefix("option.")
    entry = facts.get(key, [])
    if dispute.member:
        assert isinstance(entry, dict)
        return {**facts, key: {**entry, dispute.member: SettledFact(claims=_claims(entry[dispute.member]), settled=record)}}
    assert not isinstance(entry, dict)
    return {**facts, key: SettledFact(claims=_claims(entry), settled=record)}


def _claims(entry: list[ClaimFile] | SettledFact) -> list[ClaimFile]:
    return entry.claims if isinstance(entry, SettledFact) else entry


def endpoint(host: HostFile, name: str) -> EndpointFile:
    return next(e for e in host.endpoints if e.id == name)
