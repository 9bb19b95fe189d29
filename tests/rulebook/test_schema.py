"""The JSON Schemas that editors use are fresh, explained and of draft 07, and every shipped file is valid by its own."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from advisor.library import Library, shipped
from advisor.rulebook.lint_files import schema_of
from advisor.rulebook.schema import SCHEMAS, schema_text
from advisor.strict_yaml import read
from tests.conftest import Advisor

RULES = shipped("rules")
FILES = sorted(path for path in RULES.rglob("*.yaml") if schema_of(path.relative_to(RULES).as_posix()))
WAIVER = """\
# yaml-language-server: $schema=waiver.schema.json
id: w-1
rule: xx-act-4
scope: {options: ["m@h/*"], use_case: letters}
reason: The endpoint is being replaced this winter.
compensating_control: Prompts are deleted by hand each month.
author: {name: Ann Example, role: owner}
approver: {name: Bo Example, role: counsel}
approved_on: 2026-06-01
expires: 2027-01-01
"""


def written(kind: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((RULES / SCHEMAS[kind]).read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_fresh(kind: str, library: Library) -> None:
    text = (RULES / SCHEMAS[kind]).read_text(encoding="utf-8")
    assert text == schema_text(kind, library.vocabulary), f"run `advisor rules schema {kind} --write`"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_of_draft_07_and_its_references_lead_somewhere(kind: str) -> None:
    schema = written(kind)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema)
    assert "$defs" not in json.dumps(schema)
    references = {node["$ref"] for node in _nodes(schema) if "$ref" in node}
    assert references <= {f"#/definitions/{name}" for name in schema["definitions"]}
    assert [node for node in _nodes(schema) if "$ref" in node and len(node) > 1] == []  # draft 07 reads nothing beside a reference


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_is_described_in_a_sentence(kind: str) -> None:
    schema = written(kind)
    keys = [(key, value) for node in _nodes(schema) for key, value in node.get("properties", {}).items()]
    assert keys
    assert [key for key, value in keys if not str(value.get("description", "")).strip().endswith(".")] == []
    assert schema["description"].endswith(".")


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema that is a schema itself, or holds some."""
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _nodes(value)
    elif isinstance(data, list):
        for value in data:
            yield from _nodes(value)


@pytest.fixture(scope="module")
def validators() -> dict[str, jsonschema.Draft7Validator]:
    return {file: jsonschema.Draft7Validator(written(kind)) for kind, file in SCHEMAS.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(RULES)))
def test_every_file_names_its_schema_on_its_first_line_and_is_valid_by_it(
    path: Path, validators: dict[str, jsonschema.Draft7Validator]
) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    _, _, relative = first.partition("$schema=")
    schema = schema_of(path.relative_to(RULES).as_posix())
    assert (path.parent / relative).resolve() == (RULES / schema).resolve()
    errors = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validators[schema].iter_errors(read(path).data)]
    assert not errors


def test_the_public_checker_takes_the_schemas_and_the_files(tmp_path: Path) -> None:
    """Once with the tool that an organisation would run in its own pipeline; the test above goes through every file."""
    (tmp_path / "w.yaml").write_text(WAIVER, encoding="utf-8")
    some = [path for path in FILES if path.name != "provisions.yaml"][::12]
    provisions = [path for path in FILES if path.name == "provisions.yaml"][::12]
    tool = [sys.executable, "-m", "check_jsonschema"]
    files = {"rule": some, "provisions": provisions, "waiver": [tmp_path / "w.yaml"]}
    calls = [["--check-metaschema", *(str(RULES / name) for name in SCHEMAS.values())]]
    calls += [["--schemafile", str(RULES / SCHEMAS[kind]), *map(str, paths)] for kind, paths in files.items()]
    for arguments in calls:
        done = subprocess.run([*tool, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "option.nothing", "is": "yes"},
        {"fact": "option.retention_days", "has": "yes"},
        {"fact": "option.retention_days", "at_most": "many"},
        {"fact": "option.premises", "is": "nobody"},
        {"fact": "option.premises", "is": {"group": "eea"}},
        {"all": [], "any": []},
        {"fact": "option.processing_places", "within": {"group": "narnia"}},
        {"fact": "option.processing_places", "within": ["XX"]},
    ],
)
def test_the_schema_refuses_a_condition_the_loader_refuses(
    wrong: dict[str, object], validators: dict[str, jsonschema.Draft7Validator]
) -> None:
    rule: dict[str, Any] = copy.deepcopy(cast("dict[str, Any]", read(RULES / "own" / "offered.yaml").data))
    validator = validators[SCHEMAS["rule"]]
    assert not list(validator.iter_errors(rule))
    rule["arms"][0]["requires"] = wrong
    assert list(validator.iter_errors(rule))


def test_a_provision_reads_answers_only(validators: dict[str, jsonschema.Draft7Validator]) -> None:
    item: dict[str, Any] = {
        "id": "xx-4", "provision": "s. 4", "title": "Retention", "consequence": "documentation-duty", "status": "manual",
        "why": "No fact records it.", "shows": "obligation", "text": "Keep a record.",
        "source": {"cite": "Act s. 4", "url": "", "checked": "read"},
        "applies_when": {"fact": "use.data_classes", "has": "personal"},
    }  # fmt: skip
    file = {"law": "Act", "place": "XX", "provisions": [item]}
    validator = validators[SCHEMAS["provisions"]]
    assert not list(validator.iter_errors(file))
    item["applies_when"] = {"fact": "option.premises", "is": "own"}
    assert list(validator.iter_errors(file))


def test_the_command_prints_each_schema(advisor: Advisor) -> None:
    for kind in SCHEMAS:
        assert advisor("rules", "schema", kind).json == written(kind)
    assert advisor("rules", "schema", "nothing").code == 2
