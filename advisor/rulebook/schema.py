"""
The JSON Schemas of rule files, provisions and waivers: editors complete and check with them while a file is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from advisor.rulebook.condition import OPERATORS_BY_KIND, Operator
from advisor.rulebook.form import ProvisionsFile, RuleFile, WaiverFile
from advisor.rulebook.lint_files import PROVISIONS_SCHEMA, RULE_SCHEMA, WAIVER_SCHEMA
from advisor.vocabulary import Fact, Vocabulary

DRAFT = "http://json-schema.org/draft-07/schema#"
SCHEMAS = {"rule": RULE_SCHEMA, "provisions": PROVISIONS_SCHEMA, "waiver": WAIVER_SCHEMA}
"""The file of each schema, below the rules folder."""
TITLES = {"rule": "A rule of the advisor", "provisions": "What became of every provision of a law", "waiver": "A waiver"}
CONDITIONS = ("applies_when", "requires", "when", "done_when")
SEVERAL = {"one_of", "has_any", "has_all", "within", "outside"}
OPEN_DOMAINS = ("model", "host", "licence")
"""Lists that grow with the catalogue; the schema does not name their values, the loader checks them."""

OPERATOR_WORDS: dict[Operator, str] = {
    "is": "The value is this one.",
    "one_of": "The value is one of these, or lies in the group.",
    "at_most": "The number is this or less.",
    "at_least": "The number is this or more.",
    "below": "The number is less than this.",
    "above": "The number is more than this.",
    "has": "The set contains it.",
    "has_any": "The set contains at least one of them.",
    "has_all": "The set contains all of them.",
    "within": "Every place lies in the group or the list.",
    "outside": "No place lies in the group or the list.",
}
GROUP_WORDS = {
    "all": "Every part holds; an empty list always holds.",
    "any": "At least one part holds; an empty list never holds.",
    "not": "The part does not hold.",
}


def schema_text(kind: str, vocabulary: Vocabulary) -> str:
    """A schema as the text of its file; `kind` is a key of SCHEMAS."""
    made = {"rule": rule_schema, "provisions": provisions_schema}[kind](vocabulary) if kind != "waiver" else waiver_schema()
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def rule_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of a rule file. It follows from the form of the file and the vocabulary alone."""
    schema = form_schema(RuleFile, TITLES["rule"])
    _with_conditions(schema, vocabulary, list(vocabulary.facts.values()))
    names = sorted(fact.name for fact in vocabulary.facts.values() if OPERATORS_BY_KIND.get(fact.kind))
    schema["definitions"]["ExampleFile"]["properties"]["given"]["propertyNames"] = {"enum": names}
    return schema


def provisions_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of a `provisions.yaml`; its conditions read answers only."""
    schema = form_schema(ProvisionsFile, TITLES["provisions"])
    _with_conditions(schema, vocabulary, vocabulary.answer_facts)
    return schema


def waiver_schema() -> dict[str, Any]:
    """The schema of a waiver."""
    return form_schema(WaiverFile, TITLES["waiver"])


def form_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The schema of a form in the words of draft 07."""
    made = _draft_07(model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}"))
    made["definitions"] = made.pop("$defs", {})
    return {"$schema": DRAFT, "title": title, **made}


def _draft_07(data: Any) -> Any:
    """Without the titles that pydantic invents, and with descriptions beside a reference where readers of draft 07 see them."""
    match data:
        case {"$ref": ref, **rest} if rest:
            return {"allOf": [{"$ref": ref}], **_draft_07(rest)}
        case dict():
            return {key: _draft_07(value) for key, value in data.items() if key != "title" or not isinstance(value, str)}
        case list():
            return [_draft_07(item) for item in data]
    return data


def _with_conditions(schema: dict[str, Any], vocabulary: Vocabulary, facts: Sequence[Fact]) -> None:
    """Conditions over these facts in full where the form says only that something stands there."""
    definitions = schema["definitions"]
    for name in list(definitions):
        for key, value in definitions[name].get("properties", {}).items():
            if key in CONDITIONS:
                either = {"anyOf": [{"$ref": "#/definitions/Condition"}, {"type": "null"}]}
                definitions[name]["properties"][key] = {**either, "description": value["description"]}
    tests = [_test(fact, op) for fact in facts for op in OPERATORS_BY_KIND.get(fact.kind, ())]
    inner = {"$ref": "#/definitions/Condition"}
    definitions["Condition"] = {
        "description": "`all`, `any`, `not`, or a test of one fact.",
        "anyOf": [
            _closed({"all": {"type": "array", "items": inner, "description": GROUP_WORDS["all"]}}),
            _closed({"any": {"type": "array", "items": inner, "description": GROUP_WORDS["any"]}}),
            _closed({"not": {"allOf": [inner], "description": GROUP_WORDS["not"]}}),
            *tests,
        ],
    }
    groups = {"enum": sorted(vocabulary.places.groups), "description": "A dated group of countries from data/places.yaml."}
    answers = {"enum": sorted(fact.key for fact in vocabulary.answer_facts), "description": "What the person answered under this key."}
    definitions["Group"] = _closed({"group": groups})
    definitions["Answer"] = _closed({"answer": answers})
    for domain in sorted({_named_list(fact) for fact in facts} - {""}):
        definitions[f"{domain}-values"] = {"enum": sorted(vocabulary.domains[domain])}


def _named_list(fact: Fact) -> str:
    """The closed list that the schema names for a fact; empty where it names none."""
    if fact.kind == "yes-no":
        return "yes-no"
    return fact.domain if fact.domain and fact.domain not in OPEN_DOMAINS else ""


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _test(fact: Fact, operator: Operator) -> dict[str, Any]:
    operand = {**_operand(fact, operator), "description": OPERATOR_WORDS[operator]}
    return _closed({"fact": {"const": fact.name, "description": f"{fact.phrase[0].upper()}{fact.phrase[1:]}."}, operator: operand})


def _operand(fact: Fact, operator: Operator) -> dict[str, Any]:
    if fact.kind == "number":
        return {"anyOf": [{"type": "number"}, {"$ref": "#/definitions/Answer"}]}
    domain = _named_list(fact)
    value: dict[str, Any] = {"$ref": f"#/definitions/{domain}-values"} if domain else {"type": "string"}
    written = {"type": "array", "items": value} if operator in SEVERAL else value
    choices = [written, {"$ref": "#/definitions/Answer"}]
    if fact.domain in ("country", "country-or-group"):
        choices.insert(1, {"$ref": "#/definitions/Group"})
    return {"anyOf": choices}
