"""
The JSON Schema of a rule file: editors complete and check with it while a rule is written.
"""

from __future__ import annotations

from typing import Any

from advisor.rulebook.condition import OPERATORS_BY_KIND, Operator
from advisor.rulebook.load import RuleFile
from advisor.vocabulary import Fact, Vocabulary

MANY = {"one_of", "has_any", "has_all", "within", "outside"}
OPEN_DOMAINS = ("model", "host", "licence")
"""Lists that grow with the catalogue; the schema does not name their values, the loader checks them."""


def rule_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema as plain data. It follows from the form of a rule file and the vocabulary alone."""
    schema = RuleFile.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    tests = [_test(fact, op) for fact in vocabulary.facts.values() for op in OPERATORS_BY_KIND.get(fact.kind, ())]
    definitions["Condition"] = {
        "description": "all, any, not, or a test of one fact",
        "anyOf": [
            _closed({"all": {"type": "array", "items": {"$ref": "#/$defs/Condition"}}}),
            _closed({"any": {"type": "array", "items": {"$ref": "#/$defs/Condition"}}}),
            _closed({"not": {"$ref": "#/$defs/Condition"}}),
            *tests,
        ],
    }
    definitions["Group"] = _closed({"group": {"enum": sorted(vocabulary.places.groups)}})
    definitions["Answer"] = _closed({"answer": {"enum": sorted(fact.key for fact in vocabulary.answer_facts)}})
    for name, keys in (("ArmFile", ("applies_when", "requires")), ("ExceptionFile", ("when",)), ("ObligationFile", ("when", "done_when"))):
        for key in keys:
            words = definitions[name]["properties"][key].get("description", "")
            definitions[name]["properties"][key] = {"anyOf": [{"$ref": "#/$defs/Condition"}, {"type": "null"}], "description": words}
    schema["properties"]["obligation"] = {"anyOf": [{"$ref": "#/$defs/ObligationFile"}, {"type": "null"}]}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A rule of the advisor", **schema}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _test(fact: Fact, operator: Operator) -> dict[str, Any]:
    return _closed({"fact": {"const": fact.name, "description": fact.phrase}, operator: _operand(fact, operator)})


def _operand(fact: Fact, operator: Operator) -> dict[str, Any]:
    if fact.kind == "number":
        return {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/Answer"}]}
    value: dict[str, Any] = {"type": "string"}
    written = {"type": "array", "items": value} if operator in MANY else value
    return {"anyOf": [written, {"$ref": "#/$defs/Group"}, {"$ref": "#/$defs/Answer"}]}
