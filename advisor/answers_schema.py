"""
The questionnaire as data, and the JSON Schema of an answers file; both follow from question files and vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.answers import CRITERIA, MOST_TEXT, UNKNOWN
from advisor.questions import Question
from advisor.vocabulary import Fact, Vocabulary


def questionnaire(questions: Sequence[Question], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Each question with its fields, in order."""
    return [
        {
            "id": q.id, "section": q.section, "title": q.title, "hint": q.hint, "why": q.why, "who": q.who,
            "fields": [
                {
                    "key": f.key, "kind": vocabulary.facts[f"use.{f.key}"].kind, "unit": vocabulary.facts[f"use.{f.key}"].unit,
                    "label": f.label, "hint": f.hint, "default": f.default,
                    "options": [{"value": o.value, "label": o.label, "caption": o.caption} for o in f.options],
                    "presets": [{"value": p.value, "label": p.label} for p in f.presets],
                }
                for f in q.fields
            ],
        }
        for q in questions
    ]  # fmt: skip


def answers_schema(questions: Sequence[Question], vocabulary: Vocabulary) -> dict[str, Any]:
    """The JSON Schema of an answers file."""
    titles = {f.key: (f.label or q.title) for q in questions for f in q.fields}
    properties = {}
    for fact in vocabulary.answer_facts:
        properties[fact.key] = {
            "title": titles.get(fact.key, fact.phrase),
            "anyOf": [_value(fact, vocabulary), {"const": UNKNOWN}, {"type": "null"}],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers for the advisor",
        "description": "Absent and `unknown` mean unknown; an empty list means none.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _value(fact: Fact, vocabulary: Vocabulary) -> dict[str, Any]:
    if fact.key == "priorities":
        return {
            "type": "object",
            "properties": {c: {"type": "integer", "minimum": 0, "maximum": 100} for c in CRITERIA},
            "additionalProperties": False,
        }
    if fact.key == "gpus_owned":
        return {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    match fact.kind:
        case "number":
            limits = {"minimum": fact.least, "maximum": fact.most}
            return {"type": "integer" if fact.whole == "yes" else "number", **{k: v for k, v in limits.items() if v is not None}}
        case "held" | "places":
            return {"type": "array", "items": {"enum": sorted(vocabulary.values(fact))}, "uniqueItems": True}
        case "choice" | "yes-no":
            return {"enum": sorted(vocabulary.values(fact))}
        case "text":
            return {"type": "string", "maxLength": MOST_TEXT}
