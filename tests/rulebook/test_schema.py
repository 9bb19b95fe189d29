"""The JSON Schema that editors use is fresh, and every shipped rule is valid by it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from advisor.library import Library, shipped
from advisor.rulebook.schema import rule_schema
from advisor.strict_yaml import read

RULES = shipped("rules")
FILES = sorted(path for path in RULES.rglob("*.yaml") if path.name != "provisions.yaml")
SCHEMA = RULES / "rule.schema.json"


def test_the_schema_is_fresh(library: Library) -> None:
    written = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert written == rule_schema(library.vocabulary), "run `advisor rules schema --write`"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(RULES)))
def test_every_rule_names_the_schema_on_its_first_line_and_is_valid_by_it(path: Path, validator: jsonschema.Draft7Validator) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    _, _, relative = first.partition("$schema=")
    assert (path.parent / relative).resolve() == SCHEMA.resolve()
    errors = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(read(path).data)]
    assert not errors


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "option.nothing", "is": "yes"},
        {"fact": "option.retention_days", "has": "yes"},
        {"fact": "option.retention_days", "at_most": "many"},
        {"all": [], "any": []},
        {"fact": "option.processing_places", "within": {"group": "narnia"}},
    ],
)
def test_the_schema_refuses_a_condition_the_loader_refuses(wrong: dict[str, object], validator: jsonschema.Draft7Validator) -> None:
    rule: dict[str, Any] = copy.deepcopy(cast("dict[str, Any]", read(RULES / "own" / "offered.yaml").data))
    assert not list(validator.iter_errors(rule))
    rule["arms"][0]["requires"] = wrong
    assert list(validator.iter_errors(rule))
