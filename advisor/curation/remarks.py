"""
Remarks: what is not wrong with the catalogue and still worth a curator's eye, such as sources that nothing names.

In: the data folders, the catalogue and its options on a date. Out: remarks in the form of problems, with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from advisor import records
from advisor.catalogue.evidence import begun
from advisor.catalogue.files import Settlement
from advisor.catalogue.load import Catalogue
from advisor.catalogue.meters import is_meter
from advisor.catalogue.options import Option
from advisor.curation.integrity import readable
from advisor.curation.statements import statements
from advisor.errors import Problem
from advisor.strict_yaml import Document


def remarks(roots: Sequence[Path], catalogue: Catalogue, options: Sequence[Option], as_of: date) -> list[Problem]:
    """Everything worth a look, by file."""
    documents = readable(roots)
    found = [remark for document in documents for remark in unused_sources(document)]
    found += models_without_options(documents, catalogue, options)
    found += licences_of_nothing(records.documents(roots, "licences/*.yaml"), catalogue)
    found += settlements_that_wait(catalogue, as_of)
    found += settlements_of_nothing(catalogue, options, as_of)
    return sorted(found, key=lambda p: (p.path, p.line, p.where, p.what))


def unused_sources(document: Document) -> Iterator[Problem]:
    """Sources of a file that no claim in it names."""
    named = document.data.get("sources") if isinstance(document.data, dict) else None
    if isinstance(named, dict):
        used = set(_sources_named(document.data))
        for name in named:
            if name not in used:
                yield document.problem(("sources", name), f"nothing in this file names the source {name!r}", "Take it out, or use it.")


def _sources_named(data: object) -> Iterator[str]:
    match data:
        case dict():
            if isinstance(data.get("source"), str):
                yield data["source"]
            for value in data.values():
                yield from _sources_named(value)
        case list():
            for value in data:
                yield from _sources_named(value)


def models_without_options(documents: Sequence[Document], catalogue: Catalogue, options: Sequence[Option]) -> Iterator[Problem]:
    """Models that cannot be chosen anywhere."""
    offered = {option.model.id for option in options}
    for document in documents:
        entries = document.data.get("models") if isinstance(document.data, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            name = entry.get("id") if isinstance(entry, dict) else None
            if name in catalogue.models and name not in offered:
                what = f"no host serves {name}, and nothing says what running it needs"
                yield document.problem(("models", number), what, "List it at a host, or leave it as a model that cannot be chosen yet.")


def licences_of_nothing(documents: Sequence[Document], catalogue: Catalogue) -> Iterator[Problem]:
    """Licences that no model has."""
    used = {model.licence for model in catalogue.models.values()}
    for document in documents:
        name = document.data.get("id") if isinstance(document.data, dict) else None
        if name not in used:
            yield document.problem((), f"no model has the licence {name}", "Take it out, or leave it for a model to come.")


# ---------------------------------------------------------------------- settlements
def settlements_that_wait(catalogue: Catalogue, as_of: date) -> Iterator[Problem]:
    """Settlements of a later day, which do not count yet."""
    for statement in statements(catalogue):
        if statement.settlement and not begun(statement.settlement, as_of):
            what = f"the settlement of {statement.about} counts from {statement.settlement.on} on"
            yield Problem(statement.owner, 0, "", what, "Nothing, if that is meant.")


def settlements_of_nothing(catalogue: Catalogue, options: Sequence[Option], as_of: date) -> Iterator[Problem]:
    """Settlements of prices and results that nobody states, so that they change nothing."""
    priced = {(o.host.id, o.model.id, o.endpoint.id): o.prices.classes for o in options if o.prices}
    for host in catalogue.hosts.values():
        for serves in host.serves:
            stated = {name for endpoint in serves.endpoints for name in priced.get((host.id, serves.model, endpoint), {})}
            yield from _without(f"host {host.id}", serves.settled, stated, f" of {serves.model}", as_of)
    for model in catalogue.models.values():
        yield from _without(f"model {model.id}", model.settled, {score.benchmark for score in model.scores}, "", as_of)


def _without(owner: str, settled: Mapping[str, Settlement], stated: set[str], of: str, as_of: date) -> Iterator[Problem]:
    for name, settlement in settled.items():
        if begun(settlement, as_of) and name not in stated and (not of or is_meter(name)):
            what = f"{name}{of} is settled and no source states it, so the settlement changes nothing"
            yield Problem(owner, 0, "", what, "Add the claim that it settles, or take it out.")
