"""
Data of a rule file to a condition tree, and example values to what is possible.

Checks every name, operator and value against the vocabulary and collects all problems with their lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from advisor.errors import Problem, shortened, suggestion
from advisor.possible import Choice, Interval, Members, Possible, exactly
from advisor.rulebook.condition import (
    OPERATORS,
    OPERATORS_BY_KIND,
    All,
    Answer,
    AnyOf,
    Condition,
    Group,
    Limit,
    Not,
    Operand,
    Operator,
    Test,
    Values,
)
from advisor.strict_yaml import Document, Place
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, Fact, Vocabulary

UNKNOWN = "unknown"


@dataclass
class Parser:
    """Reads conditions and example values of one document; gathers its problems."""

    document: Document
    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)

    def complain(self, place: Place, what: str, next_move: str = "") -> None:
        self.problems.append(self.document.problem(place, what, next_move))

    # ------------------------------------------------------------------ conditions
    def condition(self, data: object, place: Place) -> Condition | None:
        """The condition at a place, or None after a complaint."""
        if not isinstance(data, dict):
            self.complain(place, f"expected a condition, found {shortened(data)}", "Write one of `all:`, `any:`, `not:` or `fact:`.")
            return None
        kinds = [key for key in ("all", "any", "not", "fact") if key in data]
        if len(kinds) != 1:
            self.complain(
                place, "a condition has exactly one of `all`, `any`, `not`, `fact`", f"Found: {', '.join(map(str, data)) or 'nothing'}."
            )
            return None
        kind = kinds[0]
        if kind == "fact":
            return self._test(data, place)
        for key in data.keys() - {kind}:
            self.complain((*place, key), f"unknown key {shortened(key)} beside `{kind}`", "Remove it.")
        if kind == "not":
            part = self.condition(data["not"], (*place, "not"))
            return Not(part) if part else None
        return self._group(kind, data[kind], (*place, kind))

    def _group(self, kind: str, data: object, place: Place) -> Condition | None:
        if not isinstance(data, list):
            self.complain(place, f"expected a list of conditions, found {shortened(data)}", "Start each condition with `- `.")
            return None
        parts = [self.condition(part, (*place, index)) for index, part in enumerate(data)]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) != len(parts):
            return None
        return All(whole) if kind == "all" else AnyOf(whole)

    def _test(self, data: dict[str, object], place: Place) -> Test | None:
        fact = self.fact(data["fact"], (*place, "fact"))
        operators = [key for key in data if key != "fact"]
        if len(operators) != 1 or operators[0] not in OPERATORS:
            self.complain(place, "a test has one fact and one operator", f"Operators: {', '.join(OPERATORS)}.")
            return None
        if fact is None:
            return None
        operator = operators[0]
        allowed = OPERATORS_BY_KIND.get(fact.kind, ())
        at = (*place, operator)
        if operator not in allowed:
            what = f"{fact.name} is of kind `{fact.kind}` and cannot be tested with `{operator}`"
            self.complain(at, what, f"Use one of: {', '.join(allowed)}." if allowed else "Facts of kind `text` are shown, never tested.")
            return None
        operand = self._operand(fact, operator, data[operator], at)
        return Test(fact.name, operator, operand) if operand is not None else None

    def fact(self, name: object, place: Place) -> Fact | None:
        """A declared fact, or None after a complaint."""
        fact = self.vocabulary.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            what = f"unknown fact {shortened(name)}{suggestion(str(name), self.vocabulary.facts)}"
            self.complain(place, what, "Facts are declared in data/vocabulary.yaml.")
        return fact

    def _operand(self, fact: Fact, operator: Operator, data: object, place: Place) -> Operand | None:
        if isinstance(data, dict):
            return self._reference(fact, data, place)
        if fact.kind == "number":
            if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
                self.complain(place, f"expected a number ({fact.unit}), found {shortened(data)}")
                return None
            return Limit(float(data))
        many = operator in ("one_of", "has_any", "has_all", "within", "outside")
        if many != isinstance(data, list):
            self.complain(place, f"`{operator}` takes {'a list' if many else 'one value'}, found {shortened(data)}")
            return None
        values = self._values(fact, data if isinstance(data, list) else [data], place)
        return Values(values) if values is not None else None

    def _reference(self, fact: Fact, data: dict[str, object], place: Place) -> Operand | None:
        match list(data.items()):
            case [("group", str(name))] if fact.kind != "number":
                if fact.domain not in (COUNTRY, COUNTRY_OR_GROUP):
                    self.complain(place, f"{fact.name} is not about countries, so it has no groups")
                    return None
                if name not in self.vocabulary.places.groups:
                    self.complain(
                        place, f"unknown group {name!r}{suggestion(name, self.vocabulary.places.groups)}", "Groups are in data/places.yaml."
                    )
                    return None
                return Group(name)
            case [("answer", str(key))]:
                answer = self.fact(f"use.{key}", (*place, "answer"))
                if answer is None:
                    return None
                if (answer.kind == "number") != (fact.kind == "number") or answer.kind == "text" or not _same_list(fact, answer):
                    self.complain(place, f"{fact.name} cannot be compared with the answer `{key}`, which is of kind `{answer.kind}`")
                    return None
                return Answer(key)
        self.complain(place, f"expected a value, `{{group: NAME}}` or `{{answer: KEY}}`, found {shortened(data)}")
        return None

    def _values(self, fact: Fact, data: list[object], place: Place) -> tuple[str, ...] | None:
        known = self.vocabulary.values(fact)
        good = True
        for value in data:
            if not isinstance(value, str) or value not in known:
                hint = suggestion(str(value), known)
                self.complain(place, f"{shortened(value)} is not a value of {fact.name}{hint}", f"Values: {_listed(known)}.")
                good = False
        return tuple(str(value) for value in data) if good else None

    # ------------------------------------------------------------------ example values
    def possible(self, fact: Fact, data: object, place: Place, as_of: date) -> Possible | None:
        """What an example says is possible of a fact: a value, `unknown`, `[lowest, highest]`, or `{certain, possible}`."""
        if data == UNKNOWN or data is None:
            return self.vocabulary.unknown(fact)
        readers: dict[str, Callable[[Fact, object, Place, date], Possible | None]] = {
            "number": self._interval, "choice": self._choice, "yes-no": self._choice, "held": self._members, "places": self._members,
        }  # fmt: skip
        if fact.kind not in readers:
            self.complain(place, f"{fact.name} is of kind `{fact.kind}`, which no rule tests")
            return None
        return readers[fact.kind](fact, data, place, as_of)

    def _interval(self, fact: Fact, data: object, place: Place, as_of: date) -> Possible | None:
        match data:
            case int() | float() if not isinstance(data, bool) and math.isfinite(data):
                return Interval(float(data), float(data))
            case [int() | float() as lo, int() | float() as hi] if lo <= hi:
                return Interval(float(lo), float(hi))
        self.complain(place, f"expected a number or `[lowest, highest]` for {fact.name}, found {shortened(data)}")
        return None

    def _choice(self, fact: Fact, data: object, place: Place, as_of: date) -> Possible | None:
        if data == []:
            self.complain(place, f"{fact.name} always has one value", "Name at least one, or `unknown`.")
            return None
        values = self._values(fact, data if isinstance(data, list) else [data], place)
        return Choice(frozenset(values)) if values else None

    def _members(self, fact: Fact, data: object, place: Place, as_of: date) -> Possible | None:
        if isinstance(data, dict) and set(data) <= {"certain", "possible"}:
            parts = [self._members(fact, data.get(key, []), (*place, key), as_of) for key in ("certain", "possible")]
            match parts:
                case [Members(certain, _), Members(possible, _)] if certain <= possible:
                    return Members(certain, possible)
            self.complain(place, "`certain` must lie within `possible`")
            return None
        if not isinstance(data, list):
            self.complain(place, f"expected a list for {fact.name}, found {shortened(data)}")
            return None
        tokens = {"global", *self.vocabulary.places.tokens} if fact.kind == "places" else set()
        values = self._values(fact, [v for v in data if not isinstance(v, str) or v not in tokens], place)
        if values is None:
            return None
        if fact.kind == "places":
            return exactly(*self.vocabulary.places.expanded([*values, *(str(v) for v in data if v in tokens)], as_of))
        return exactly(*self.vocabulary.implied(fact.name, frozenset(values)))


def _listed(values: frozenset[str], most: int = 12) -> str:
    shown = sorted(values)[:most]
    return ", ".join(shown) + (", …" if len(values) > most else "")


def _same_list(fact: Fact, answer: Fact) -> bool:
    """Whether two facts take their values from the same list; countries and groups of them go together."""
    lists = {COUNTRY if domain == COUNTRY_OR_GROUP else domain for domain in (fact.domain, answer.domain)}
    return len(lists) == 1
