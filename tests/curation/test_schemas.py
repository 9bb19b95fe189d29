"""The schemas that editors use are fresh, explained and of draft 07; they take every shipped file and refuse a broken one."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from advisor.curation.schemas import FORMS, file_name, schema_text
from advisor.library import Library, shipped
from advisor.strict_yaml import read
from tests import made_up
from tests.conftest import Advisor
from tests.made_up import claim

DATA = shipped("data")
FILES = {"host": "hosts/*.yaml", "developer": "models/*.yaml", "licence": "licences/*.yaml", "hardware": "hardware.yaml"}
RECORD = {"value": 3, "by": "A. Curator", "on": "2026-11-20", "reason": "Asked the host.", "source": "A letter"}


@cache
def written(kind: str) -> Any:
    return json.loads((DATA / file_name(kind)).read_text(encoding="utf-8"))


def faults(kind: str, data: object) -> list[str]:
    return [f"{list(e.absolute_path)} {e.message}" for e in jsonschema.Draft7Validator(written(kind)).iter_errors(data)]


@pytest.mark.parametrize("kind", FORMS)
def test_a_schema_is_fresh(kind: str, library: Library) -> None:
    text = (DATA / file_name(kind)).read_text(encoding="utf-8")
    assert text == schema_text(kind, library.vocabulary), f"run `advisor catalogue schema {kind} --write`"


@pytest.mark.parametrize("kind", FORMS)
def test_a_schema_is_of_draft_07_and_every_key_is_described_in_a_sentence(kind: str) -> None:
    schema = written(kind)
    jsonschema.Draft7Validator.check_schema(schema)
    assert "$defs" not in json.dumps(schema)
    nodes = list(_nodes(schema))
    references = {node["$ref"] for node in nodes if "$ref" in node}
    assert references <= {f"#/definitions/{name}" for name in schema["definitions"]}
    keys = [(key, value) for node in nodes for key, value in node.get("properties", {}).items()]
    assert keys
    assert [key for key, value in keys if not str(value.get("description", "")).endswith(".")] == []


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _nodes(value)
    elif isinstance(data, list):
        for value in data:
            yield from _nodes(value)


@pytest.mark.parametrize("kind", FORMS)
def test_every_shipped_file_is_valid(kind: str) -> None:
    paths = sorted(DATA.glob(FILES[kind]))
    assert paths
    assert {path.name: found for path in paths if (found := faults(kind, read(path).data))} == {}


def test_every_fact_that_a_file_may_state_is_named(library: Library) -> None:
    named = set(written("host")["definitions"]["Facts"]["properties"])
    stated = {key for host in library.catalogue.hosts.values() for facts in (host.facts, *(s.facts for s in host.serves)) for key in facts}
    assert stated <= named
    assert "usd_per_month" not in named
    assert "mode" not in named


HOST = made_up.host(
    facts={"retention_days": [claim(30)], "certificates": {"soc2": [claim("yes")]}, "processing_places": [claim(["DE"])]},
    serves=[
        {
            "model": "gpt-oss-120b", "endpoints": ["api"], "listed": made_up.LISTED, "without": ["batch"],
            "price": {"input_usd_per_mtok": [claim(2), claim("unknown")]}, "uplift": [claim(1.1)], "retires": [claim("2027-03-05")],
            "settled": {"input_usd_per_mtok": RECORD, "input_above_200000_usd_per_mtok": RECORD, "offered": {**RECORD, "value": "yes"}},
            "facts": {"context_tokens": {"claims": [claim([1, 2])], "settled": RECORD}},
        }
    ],
)  # fmt: skip

BROKEN: dict[str, tuple[tuple[str | int, ...], object]] = {
    "no such fact": (("facts", "retention_day"), [claim(30)]),
    "no such certificate": (("facts", "certificates", "soc9"), [claim("yes")]),
    "held in words": (("facts", "certificates", "soc2", 0, "value"), "perhaps"),
    "no such place": (("facts", "processing_places", 0, "value", 0), "Atlantis"),
    "no such choice": (("facts", "residency_commitment"), [claim("promised")]),
    "no such grade": (("facts", "retention_days", 0, "grade"), "certain"),
    "price of nothing": (("serves", 0, "price", "input_usd_per_mtok", 0, "value"), 0),
    "price in words": (("serves", 0, "price", "input_usd_per_mtok", 0, "value"), "cheap"),
    "some day": (("serves", 0, "retires", 0, "value"), "2027"),
    "no such way": (("serves", 0, "without", 0), "night"),
    "no such price settled": (("serves", 0, "settled", "inputs_usd_per_mtok"), RECORD),
    "settled by nobody": (("serves", 0, "settled", "input_usd_per_mtok"), {"value": 3}),
    "worked out": (("facts", "mode"), [claim("self-hosted")]),
}


def test_a_good_host_is_taken() -> None:
    assert faults("host", HOST) == []


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_broken_host_is_refused(wrong: str) -> None:
    (*way, last), value = BROKEN[wrong]
    data: Any = copy.deepcopy(HOST)
    at = data
    for step in way:
        at = at[step]
    at[last] = value
    assert faults("host", data) != []


def test_the_checker_of_editors_says_the_same_of_files(tmp_path: Path) -> None:
    good = made_up.folder(tmp_path, good=HOST, bad={**HOST, "facts": {"retention_day": [claim(30)]}})
    for name, code in (("good", 0), ("bad", 1)):
        line = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(DATA / "host.schema.json"), str(good / f"{name}.yaml")]
        ran = subprocess.run(line, capture_output=True, text=True, timeout=100, check=False)
        assert ran.returncode == code, ran.stdout
    assert "retention_day" in ran.stdout


def test_the_command_prints_and_knows_its_kinds(advisor: Advisor) -> None:
    ran = advisor("catalogue", "schema", "licence")
    assert (ran.code, ran.json) == (0, written("licence"))
    wrong = advisor("catalogue", "schema", "licenses")
    assert wrong.code == 2
    assert "host, developer, licence, hardware" in wrong.err
