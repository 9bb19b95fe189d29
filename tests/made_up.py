"""Made-up data folders that stand beside the shipped ones, as an organisation would keep its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from advisor.answers import Answers, answers_from
from advisor.catalogue.feeds import LISTING_COLUMNS, PRICE_COLUMNS, Feed, Provenance
from advisor.catalogue.load import Catalogue, load_catalogue
from advisor.library import shipped
from advisor.vocabulary import Vocabulary, load_vocabulary

READ = {"source": "A page", "grade": "primary", "as_of": "2026-01-01"}
LISTED = [{"value": "yes", **READ}]
Form = Mapping[str, object]


def claim(value: object, **more: object) -> dict[str, object]:
    return {"value": value, **READ, **more}


def host(**parts: object) -> dict[str, object]:
    """A host with one endpoint that serves gpt-oss-120b; keyword arguments replace parts of it."""
    whole = {
        "id": "made-up", "name": "Made Up", "kind": "service", "endpoints": [{"id": "api", "name": "api"}],
        "serves": [{"model": "gpt-oss-120b", "endpoints": ["api"], "listed": LISTED}],
    }  # fmt: skip
    return {**whole, **parts}


def serving(**parts: object) -> dict[str, object]:
    """The same host, with parts of what it serves replaced."""
    return host(serves=[{"model": "gpt-oss-120b", "endpoints": ["api"], "listed": LISTED, **parts}])


MODEL: Form = {
    "id": "made-up-model", "name": "Made Up", "developer": "Nobody", "developer_country": "US", "open_weights": "yes", "licence": "mit",
}  # fmt: skip


def model(**parts: object) -> dict[str, object]:
    """A file with one open model."""
    return {"models": [{**MODEL, **parts}]}


def folder(at: Path, **files: Form) -> Path:
    """A data folder; `hosts__made_up=…` becomes `hosts/made_up.yaml`. JSON is YAML."""
    for name, content in files.items():
        path = at / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1).replace("NaN", ".nan"), encoding="utf-8")
    return at


@cache
def shipped_vocabulary() -> Vocabulary:
    return load_vocabulary([shipped("data")])


def catalogue(at: Path, **files: Form) -> Catalogue:
    """The shipped catalogue with a made-up folder on top."""
    return load_catalogue([shipped("data"), folder(at, **files)], shipped_vocabulary())


def feed(*rows: Mapping[str, str], version: str = "1.2.3", data_until: date = date(2026, 11, 24)) -> Mapping[str, Feed]:
    """One price snapshot called `made-up`, each row with cells of both tables; what a row leaves out is empty, or `standard`."""
    listings: dict[str, list[str]] = {}
    prices: dict[str, list[list[str]]] = {}
    for row in rows:
        whole = {"processing": "standard", **row}
        listings[row["key"]] = [whole.get(column, "") for column in LISTING_COLUMNS]
        prices.setdefault(row["key"], []).append([whole.get(column, "") for column in PRICE_COLUMNS])
    made = Provenance(feed="made-up", package="prices", version=version, made_on=date(2026, 11, 24), data_until=data_until)
    return {"made-up": Feed(made, listings, prices)}


def answers(**values: object) -> Answers:
    return answers_from(values, shipped_vocabulary())
