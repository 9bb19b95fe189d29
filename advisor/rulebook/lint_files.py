"""
Lints of a file as text: its first line, and words that another YAML reader would take for true or false.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from advisor.strict_yaml import Mark

MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")
TRUTH_WORDS = re.compile(r"y|yes|n|no|on|off", re.IGNORECASE)
HOUSE_STYLE = ("yes", "no")
RULE_SCHEMA, PROVISIONS_SCHEMA, WAIVER_SCHEMA = "rule.schema.json", "provisions.schema.json", "waivers/waiver.schema.json"


@dataclass(frozen=True, slots=True)
class Spot:
    """A lint at a spot of a text."""

    code: str
    mark: Mark
    what: str


def modeline(name: str) -> str:
    """The first line of the file `name`, a path below the rules folder; empty where the file has no schema."""
    schema = schema_of(name)
    if not schema:
        return ""
    return f"# yaml-language-server: $schema={posixpath.relpath(schema, posixpath.dirname(name) or '.')}"


def schema_of(name: str) -> str:
    """The schema of a file, as a path below the rules folder."""
    parts = name.split("/")
    if "waivers" in parts[:-1]:
        return WAIVER_SCHEMA
    return {"provisions.yaml": PROVISIONS_SCHEMA, "freshness.yaml": ""}.get(parts[-1], RULE_SCHEMA)


def file_lints(name: str, text: str, shipped: bool) -> Iterator[Spot]:
    """What is wrong with a text that can be read. An overlay may name the schema by any path or address."""
    wanted = modeline(name)
    first = text.partition("\n")[0].rstrip("\r")
    if wanted:
        found = MODELINE.match(first)
        if first != wanted if shipped else not found or not found.group(1).endswith(posixpath.basename(schema_of(name))):
            yield Spot("missing-modeline", Mark(1, 1), f"the first line is not `{wanted}`")
    yield from _words(text)


def _words(text: str) -> Iterator[Spot]:
    """Plain words that are Boolean to YAML 1.1: all of them in lists, and as values all but `yes` and `no`. Keys are ours alone."""
    inside: list[tuple[str, bool]] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        match event:
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                _step(inside)
                inside.append(("list" if isinstance(event, yaml.SequenceStartEvent) else "mapping", False))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                inside.pop()
            case yaml.ScalarEvent():
                is_key = bool(inside) and inside[-1] == ("mapping", False)
                in_list = bool(inside) and inside[-1][0] == "list"
                _step(inside)
                plain = event.implicit[0] and TRUTH_WORDS.fullmatch(event.value)
                if plain and not is_key and (in_list or event.value not in HOUSE_STYLE):
                    start = event.start_mark
                    mark = Mark(start.line + 1, start.column + 1) if start else Mark(0, 0)
                    yield Spot("other-readers", mark, f"the word {event.value} is unquoted")


def _step(inside: list[tuple[str, bool]]) -> None:
    """In a mapping, keys and values take turns."""
    if inside and inside[-1][0] == "mapping":
        inside[-1] = ("mapping", not inside[-1][1])
