"""Reads the conformance corpus: conditions, what is possible of the facts, and what must and may hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

from advisor.places import Group, GroupSpan, Places
from advisor.possible import Choice, Interval, Members, Possible, union
from advisor.rulebook.condition import Condition
from advisor.rulebook.parse import Parser
from advisor.strict_yaml import Document, read
from advisor.vocabulary import Fact, Kind, Vocabulary

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Case:
    """One condition in one state of the facts."""

    file: str
    name: str
    as_of: date
    condition: Condition
    given: Mapping[str, Possible]
    must: bool
    may: bool
    line: int


@dataclass(frozen=True, eq=False)
class World:
    """The facts, lists of values and groups that a file declares."""

    vocabulary: Vocabulary
    data: Mapping[str, Any]

    def groups(self, as_of: date) -> Mapping[str, frozenset[str]]:
        """Who belongs to each group on a date, short names among them; worked out here by the words of the README."""
        members = {name: self._members(name, as_of) for name in self.data["groups"]}
        short = {form["short_name"]: members[name] for name, form in self.data["groups"].items() if "short_name" in form}
        return {name: whole | {s for s, inside in short.items() if inside and inside <= whole} for name, whole in members.items()}

    def _members(self, name: str, as_of: date) -> frozenset[str]:
        found: set[str] = set()
        for span in self.data["groups"][name]["spans"]:
            if str(span.get("from", "0000")) <= as_of.isoformat() < str(span.get("until", "9999")):
                found.update(span.get("members", []))
                for other in span.get("includes", []):
                    found |= self._members(other, as_of)
        return frozenset(found)


def world(data: Mapping[str, Any]) -> World:
    """The vocabulary of a file."""
    groups = {
        name: Group(words=name, token=form.get("short_name"), spans=tuple(GroupSpan(**span, cite="made up") for span in form["spans"]))
        for name, form in data["groups"].items()
    }
    domains = {name: {value: value for value in values} for name, values in data["domains"].items()}
    facts = {
        name: Fact(name=name, kind=cast(Kind, form["kind"]), phrase=name, domain=form.get("values")) for name, form in data["facts"].items()
    }
    return World(Vocabulary(facts, domains, {}, Places(domains["country"], groups, {})), data)


def possible(data: Any) -> Possible:
    """A state as a file writes it."""
    match data:
        case {"claims": list(claims)}:
            return union([possible(claim) for claim in claims])
        case {"certain": list(certain), "possible": list(rest)}:
            return Members(frozenset(certain), frozenset(rest))
        case list():
            return Choice(frozenset(data))
        case dict():
            assert set(data) <= {"lo", "hi"}
            return Interval(float(data.get("lo", -math.inf)), float(data.get("hi", math.inf)))
    raise TypeError(f"no state of a fact: {data!r}")


@cache
def worlds() -> Mapping[str, World]:
    return {path.stem: world(_data(read(path))) for path in files()}


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.yaml"))


@cache
def cases() -> tuple[Case, ...]:
    """Every case of every file."""
    found = []
    for path in files():
        document = read(path, path.name)
        assert not document.faults
        parser = Parser(document, worlds()[path.stem].vocabulary)
        for number, data in enumerate(_data(document)["cases"]):
            place = ("cases", number)
            condition = parser.condition(data["condition"], (*place, "condition"))
            assert condition is not None, [str(problem) for problem in parser.problems]
            as_of = date.fromisoformat(data.get("as_of", _data(document)["as_of"]))
            given = {name: possible(state) for name, state in data["given"].items()}
            found.append(Case(path.stem, data["name"], as_of, condition, given, data["must"], data["may"], document.line(place)))
    return tuple(found)


def _data(document: Document) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", document.data)
