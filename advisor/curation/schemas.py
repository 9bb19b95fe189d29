"""
The JSON Schemas of host, developer, licence and hardware files: editors complete and check with them while a file is written.

In: the forms of the files and the vocabulary. Out: draft-07 schemas that name every fact with its values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from advisor.catalogue.allowed import CURRENCIES, REASONING
from advisor.catalogue.evidence import UNKNOWN
from advisor.catalogue.files import DeveloperFile, HardwareList, HostFile, LicenceFile
from advisor.catalogue.load import BY_CONSTRUCTION
from advisor.catalogue.meters import METERS, Meter
from advisor.rulebook.schema import OPEN_DOMAINS, form_schema
from advisor.vocabulary import Fact, Vocabulary

FORMS: Mapping[str, tuple[type[BaseModel], str]] = {
    "host": (HostFile, "A host: who runs inference, or rents or owns the machines for it"),
    "developer": (DeveloperFile, "All models of one developer"),
    "licence": (LicenceFile, "A model licence, in the advisor's own words"),
    "hardware": (HardwareList, "GPUs"),
}
"""The form of each kind of file, and the title of its schema."""

ANY, AMOUNT, FIGURE, DAY = "ClaimFile", "AmountClaim", "FigureClaim", "DayClaim"
SHARE, THINKING, CURRENCY = "ShareClaim", "ReasoningClaim", "CurrencyClaim"
CLAIMED: Mapping[str, str] = {
    "uplift": AMOUNT, "usd_per_gpu_hour": AMOUNT, "purchase_usd_per_gpu": AMOUNT, "retires": DAY,
    "fee": SHARE, "reasoning": THINKING, "list_currency": CURRENCY,
} | dict.fromkeys(METERS, AMOUNT)  # fmt: skip
"""The form of claims under a key; any value is right where none is named."""
NARROW: Mapping[str, tuple[dict[str, Any], str]] = {
    SHARE: ({"type": "number", "minimum": 0, "exclusiveMaximum": 1}, "One claim of a share."),
    THINKING: ({"enum": list(REASONING)}, "One claim of whether a model thinks before it answers."),
    CURRENCY: ({"enum": list(CURRENCIES)}, "One claim of a currency."),
}

WORDS: Mapping[str, str] = {
    "id": "Its name in ids of options and in other files; never used for anything else.",
    "name": "How it is called on pages and in memos.",
    "note": "What a reader should know beside it.",
    "url": "The address at which it can be read.",
    "as_of": "Date of the source; it may be partial, such as '2026-09'.",
    "grade": "How it is known: the grade of what you read, not of what exists.",
    "confidence": "How sure the reader was: high, medium or low; what is doubtful counts last.",
    "source": "The key of one of the file's `sources`, or a name with a grade of its own.",
    "sources": "Sources of this file by key; claims name them.",
    "scope": "What the source speaks about, where that is narrower than the fact.",
    "value": "What the source says; `unknown` if it was read and does not say.",
    "claims": "What each source says.",
    "facts": "Facts by name, each with its claims.",
    "preconditions": "What has to be asked for or signed first.",
    "text": "What has to be asked for or signed.",
    "who": "Who can do it.",
    "endpoints": "Endpoints, each a place or a way in which requests are processed.",
    "model": "The id of the model.",
    "price": "Curated prices; they stand beside the feeds.",
    "tiers": "What requests above a size pay, for all of their tokens.",
    "above_tokens": "The size of input in tokens above which these prices hold.",
    "hardware": "The id of the GPU; at the top of a file, the list of them.",
    "settled": "A curator's record that settles a dispute.",
    "by": "The person who decided.",
    "on": "The day of the decision; it counts from then on.",
    "reason": "Why this value is right.",
    "kind": "What sort of thing it is.",
    "operator": "The company behind it.",
    "serves": "Models that it serves, and at which of its endpoints.",
    "rents": "GPU machines that it rents out.",
    "models": "The developer's models.",
    "developer": "Who made the model.",
    "developer_country": "ISO code of the developer's country.",
    "open_weights": "Whether the weights can be downloaded.",
    "licence": "The id of the licence.",
    "released": "Date of release; it may be partial.",
    "architecture": "What running it needs; only for open weights.",
    "scores": "Benchmark results, each a claim.",
    "benchmark": "The id of the benchmark.",
    "reporter": "Who reports the result.",
    "setting": "How it was measured.",
    "spdx": "SPDX identifier, where there is one.",
    "commercial_use": "Whether commercial use is allowed.",
    "summary": "What it allows, in one sentence.",
    "limits": "What it forbids or limits.",
    "duties": "What it asks for.",
    "checked": "How the text was read.",
    "memory_gib": "Memory of one GPU in GiB.",
    "bandwidth_gb_per_s": "Memory bandwidth of one GPU in GB per second.",
    "usd_per_gpu_hour": "Rent of one GPU for an hour in US dollars, each source a claim.",
    "node_sizes": "GPUs in a server of this kind.",
    "tflops_bf16": "Dense computing speed at bf16.",
}
"""What a key means wherever its form does not say it."""


def file_name(kind: str) -> str:
    """The file of a schema, below the data folder."""
    return f"{kind}.schema.json"


def schema_text(kind: str, vocabulary: Vocabulary) -> str:
    """A schema as the text of its file; `kind` is a key of FORMS."""
    return json.dumps(schema(kind, vocabulary), indent=1, ensure_ascii=False) + "\n"


def schema(kind: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of one kind of file. It follows from its form and the vocabulary alone."""
    form, title = FORMS[kind]
    made = form_schema(form, title)
    definitions = made["definitions"]
    if ANY in definitions:
        _add_claims(definitions)
        _add_narrow_claims(made)
        for holder in (made, *list(definitions.values())):
            _with_claims(holder.get("properties", {}))
    if "facts" in made["properties"] or "ModelFile" in definitions:
        _add_facts(definitions, vocabulary)
        for holder in (made, *list(definitions.values())):
            if "facts" in holder.get("properties", {}):
                holder["properties"]["facts"] = {"allOf": [_ref("Facts")], "description": WORDS["facts"]}
    _with_places(definitions, vocabulary)
    _with_settlements(definitions)
    for holder in (made, *definitions.values()):
        _explained(holder)
    return made


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _explained(holder: dict[str, Any]) -> None:
    """A description for every key, no default that says nothing, and dates also where an editor reads a number."""
    for key, value in holder.get("properties", {}).items():
        if isinstance(value, dict):
            if value.get("default") in (None, "", [], {}) or isinstance(value.get("default"), dict):
                value.pop("default", None)
            words = METERS.get(key)
            value.setdefault("description", _price_words(words) if words else WORDS.get(key, ""))
            if key in ("as_of", "released", "checked"):
                value.pop("anyOf", None)
                value["type"] = ["string", "number"]


def _price_words(meter: Meter) -> str:
    way = "" if meter.processing == "standard" else f", processed as {meter.processing}"
    return f"US dollars per million tokens: {meter.kind.replace('_', ' ')}{way}."


# ---------------------------------------------------------------------- claims
def _add_claims(definitions: dict[str, Any]) -> None:
    """Forms of claims by what their value may be."""
    definitions[AMOUNT] = _claim(definitions, {"type": "number", "exclusiveMinimum": 0}, "One claim of an amount.")
    definitions[DAY] = _claim(definitions, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, "One claim of a day.", unknown=False)
    if "ScoreFile" in definitions:
        value = definitions["ScoreFile"]["properties"]["value"]
        definitions["ScoreFile"]["properties"]["value"] = {**value, **_or_unknown({"type": "number"})}


def _add_narrow_claims(made: dict[str, Any]) -> None:
    """Forms of claims that only some files have."""
    definitions = made["definitions"]
    keys = {key for holder in (made, *definitions.values()) for key in holder.get("properties", {})}
    for name, (value, words) in NARROW.items():
        if any(CLAIMED.get(key) == name for key in keys):
            definitions[name] = _claim(definitions, value, words)


def _claim(definitions: Mapping[str, Any], value: dict[str, Any], words: str, unknown: bool = True) -> dict[str, Any]:
    form = definitions[ANY]
    properties = {**form["properties"], "value": {**(_or_unknown(value) if unknown else value), "description": WORDS["value"]}}
    return {**form, "description": words, "properties": properties}


def _or_unknown(value: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [value, {"const": UNKNOWN}]}


def _with_claims(properties: dict[str, Any]) -> None:
    for key, name in CLAIMED.items():
        if key in properties:
            properties[key]["items"] = _ref(name)


# ---------------------------------------------------------------------- facts
def _add_facts(definitions: dict[str, Any], vocabulary: Vocabulary) -> None:
    """Every fact that a file may state, with its claims."""
    facts = [f for f in vocabulary.option_facts if f.derived == "no" and f.name not in BY_CONSTRUCTION]
    definitions["Facts"] = {
        "description": "Facts by name, each with its claims.",
        "type": "object",
        "properties": {fact.key: _fact(fact, definitions, vocabulary) for fact in facts},
        "additionalProperties": False,
    }


def _fact(fact: Fact, definitions: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    words = f"{fact.phrase[0].upper()}{fact.phrase[1:]}{f', in {fact.unit}' if fact.unit else ''}."
    if fact.kind != "held":
        return {**_entry(_claim_name(fact, definitions, vocabulary)), "description": words}
    form = _entry(_claim_name(fact, definitions, vocabulary))
    members = {m: {**form, "description": f"{vocabulary.words(fact, m)}: held or not."} for m in sorted(vocabulary.values(fact))}
    return {"type": "object", "properties": members, "additionalProperties": False, "description": words}


def _entry(claim: str) -> dict[str, Any]:
    """Claims, or claims with a settlement."""
    both = {
        "type": "object",
        "properties": {
            "claims": {"type": "array", "items": _ref(claim), "description": WORDS["claims"]},
            "settled": {"allOf": [_ref("Settlement")], "description": WORDS["settled"]},
        },
        "required": ["claims", "settled"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "array", "items": _ref(claim)}, both]}


def _claim_name(fact: Fact, definitions: dict[str, Any], vocabulary: Vocabulary) -> str:
    """The form of a claim of a fact, added to the definitions where it is not there yet."""
    name = f"claim-{fact.key}" if fact.kind == "choice" else f"claim-{fact.kind}"
    if name not in definitions:
        definitions[name] = _claim(definitions, _value(fact, vocabulary), f"One claim of a fact of kind {fact.kind}.")
    return name


def _value(fact: Fact, vocabulary: Vocabulary) -> dict[str, Any]:
    match fact.kind:
        case "number":
            pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
            return {"anyOf": [{"type": "number"}, pair]}
        case "held":
            return {"enum": ["yes", "no"]}
        case "places":
            places = vocabulary.places
            return {"type": "array", "items": {"enum": sorted({*places.countries, *places.tokens, "global"})}}
    if fact.domain in OPEN_DOMAINS:
        return {"type": "string"}
    return {"enum": sorted(vocabulary.values(fact))}


# ---------------------------------------------------------------------- the rest
def _with_places(definitions: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    if "ModelFile" in definitions:
        definitions["ModelFile"]["properties"]["developer_country"] = {"enum": sorted(vocabulary.places.countries)}


def _with_settlements(definitions: Mapping[str, Any]) -> None:
    """The names under which something that is said of a served model can be settled."""
    if "ServesFile" in definitions:
        names = {name: {**_ref("Settlement")} for name in (*METERS, "uplift", "retires", "offered")}
        settled = definitions["ServesFile"]["properties"]["settled"]
        definitions["ServesFile"]["properties"]["settled"] = {
            "type": "object",
            "description": settled["description"],
            "properties": {
                name: {"allOf": [form], "description": f"The value of `{name}` that a curator settled."} for name, form in names.items()
            },
            "patternProperties": {r"^[a-z0-9_]+_above_[1-9][0-9]*_usd_per_mtok$": _ref("Settlement")},
            "additionalProperties": False,
        }
