"""
Answers: what a person stated, each possibly unknown.

In: a flat YAML or JSON file. Out: Answers, or every problem of the file at once. Absent and `unknown` mean unknown; `[]` means none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias, cast

from advisor.errors import BrokenInput, Problem, shortened, suggestion
from advisor.possible import Choice, Members, Possible, exactly, number
from advisor.strict_yaml import Data, Document, parse, read
from advisor.vocabulary import Fact, Vocabulary

UNKNOWN = "unknown"
MOST_TEXT = 2_000
CRITERIA = ("quality", "cost", "control", "operations", "speed")

Value: TypeAlias = "str | int | float | tuple[str, ...] | Mapping[str, int]"


@dataclass(frozen=True)
class Answers:
    """Every known answer by key, checked and in canonical form; what is not here is unknown."""

    known: Mapping[str, Value]
    vocabulary: Vocabulary
    _cache: dict[tuple[str, date], Possible] = field(default_factory=dict, compare=False, repr=False)

    def text(self, key: str) -> str | None:
        value = self.known.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> float | None:
        value = self.known.get(key)
        return float(value) if isinstance(value, int | float) else None

    def listed(self, key: str) -> tuple[str, ...] | None:
        value = self.known.get(key)
        return value if isinstance(value, tuple) else None

    def weights(self, key: str) -> Mapping[str, int] | None:
        value = self.known.get(key)
        return value if isinstance(value, Mapping) else None

    def possible(self, fact_name: str, as_of: date) -> Possible:
        """What is possible of a `use.` fact."""
        if (fact_name, as_of) not in self._cache:
            self._cache[fact_name, as_of] = self._possible(self.vocabulary.facts[fact_name], as_of)
        return self._cache[fact_name, as_of]

    def _possible(self, fact: Fact, as_of: date) -> Possible:
        value = self.known.get(fact.key)
        match value:
            case None:
                return self.vocabulary.unknown(fact)
            case tuple() if fact.kind == "places":
                return exactly(*self.vocabulary.places.expanded(value, as_of))
            case tuple():
                return self._members(fact, frozenset(value), as_of)
            case int() | float():
                return number(float(value))
            case str() if fact.kind in ("choice", "yes-no"):
                return Choice(frozenset({value}))
        return self.vocabulary.unknown(fact)

    def _members(self, fact: Fact, values: frozenset[str], as_of: date) -> Possible:
        """A stated list is complete. `EEA` among countries says: somewhere there, so each member is possible and none is certain."""
        certain = self.vocabulary.implied(fact.name, values)
        if fact.domain == "country-or-group" and values & set(self.vocabulary.places.tokens):
            return Members(certain, certain | self.vocabulary.places.expanded(values, as_of))
        return Members(certain, certain)

    def plain(self) -> dict[str, object]:
        """The answers as plain data, keys sorted, as they go into a file or a digest."""
        return {key: list(v) if isinstance(v, tuple) else dict(v) if isinstance(v, Mapping) else v for key, v in sorted(self.known.items())}


def load_answers(path: Path, vocabulary: Vocabulary) -> Answers:
    """The answers in a file. Raises BrokenInput with every problem."""
    return answers_in(read(path), vocabulary)


def parse_answers(raw: bytes | str, name: str, vocabulary: Vocabulary) -> Answers:
    """The answers in a text, such as an uploaded file. Raises BrokenInput with every problem."""
    return answers_in(parse(raw, name), vocabulary)


def answers_in(document: Document, vocabulary: Vocabulary) -> Answers:
    """The answers of a document. Raises BrokenInput with every problem."""
    data = document.data
    if data is None:
        data = {}
    if not isinstance(data, dict):
        what = f"an answers file is a list of `key: value` lines, found {shortened(data)}"
        raise BrokenInput([*document.faults, document.problem((), what, "See `advisor questions`.")])
    reader = _Reader(vocabulary)
    known: dict[str, Value] = {}
    problems: list[Problem] = list(document.faults)
    for key, value in data.items():
        try:
            if (checked := reader.value(key, value)) is not None:
                known[key] = checked
        except _Wrong as wrong:
            problems.append(document.problem((key,), wrong.what, wrong.next_move))
    problems += [document.problem((key,), what, "Correct one of the two answers.") for key, what in contradictions(known)]
    if problems:
        raise BrokenInput(problems)
    return Answers(known, vocabulary)


def answers_from(values: Mapping[str, object], vocabulary: Vocabulary) -> Answers:
    """Answers from plain data, such as a filled questionnaire. Raises BrokenInput."""
    return answers_in(Document("answers", cast(Data, dict(values)), {}), vocabulary)


def contradictions(known: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Answers that cannot both be true, as key and sentence."""
    found = []
    if "residency_places" in known and known.get("residency") not in (None, "listed"):
        found.append(("residency_places", f"places are named, but `residency` is {known['residency']!r}, not 'listed'"))
    areas = known.get("high_risk_area")
    if known.get("decision_role") == "none" and areas not in (None, "none"):
        found.append(("high_risk_area", f"{areas!r} is an area of decisions about people, but `decision_role` is 'none'"))
    return found


class _Wrong(Exception):
    def __init__(self, what: str, next_move: str = "") -> None:
        self.what, self.next_move = what, next_move


@dataclass(frozen=True)
class _Reader:
    vocabulary: Vocabulary

    def value(self, key: str, value: object) -> Value | None:
        """A checked value; None when it is unknown."""
        fact = self.vocabulary.facts.get(f"use.{key}")
        if fact is None:
            known = [f.key for f in self.vocabulary.answer_facts]
            raise _Wrong(f"unknown key{suggestion(key, known)}", "Remove it or correct its name; `advisor questions` lists all keys.")
        if value is None or value == UNKNOWN:
            return None
        if key == "priorities":
            return self._weights(value)
        if key == "gpus_owned":
            return self._gpus(value)
        match fact.kind:
            case "number":
                return self._number(fact, value)
            case "held" | "places":
                return self._list(fact, value)
            case "choice" | "yes-no":
                return self._choice(fact, value)
            case "text":
                return self._text(value)

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise _Wrong(f"expected text, found {shortened(value)}")
        if len(value) > MOST_TEXT:
            raise _Wrong(f"the text has {len(value)} characters", f"Use at most {MOST_TEXT}.")
        return value

    def _choice(self, fact: Fact, value: object) -> str:
        if isinstance(value, bool) and fact.kind == "yes-no":
            return "yes" if value else "no"
        known = self.vocabulary.values(fact)
        if not isinstance(value, str) or value not in known:
            hint = suggestion(str(value), known)
            raise _Wrong(f"{shortened(value)} is not a value{hint}", f"Values: {_listed(known)}, unknown.")
        return value

    def _list(self, fact: Fact, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise _Wrong(f"expected a list, found {shortened(value)}", "Write `[a, b]`, or `[]` for none.")
        known = self.vocabulary.values(fact)
        wrong = [v for v in value if not isinstance(v, str) or v not in known]
        if wrong:
            each = dict.fromkeys(f"{shortened(v)} is not a value{suggestion(str(v), known)}" for v in wrong)
            raise _Wrong("; ".join(list(each)[:10]), f"Values: {_listed(known)}.")
        return tuple(sorted(set(value)))

    def _number(self, fact: Fact, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Wrong(f"expected a number ({fact.unit}), found {shortened(value)}")
        if isinstance(value, float) and not math.isfinite(value):
            raise _Wrong(f"expected a finite number ({fact.unit}), found {value}")
        if fact.whole == "yes" and value != int(value):
            raise _Wrong(f"expected a whole number ({fact.unit}), found {value}")
        if fact.least is not None and value < fact.least:
            raise _Wrong(f"{shortened(value)} is less than {fact.least:g} ({fact.unit})", f"Give at least {fact.least:g}, or `unknown`.")
        if (most := fact.most if fact.most is not None else 1e15) < value:
            raise _Wrong(f"{shortened(value)} is more than {most:g} ({fact.unit})", f"Give at most {most:g}, or `unknown`.")
        return int(value) if value == int(value) else value

    def _weights(self, value: object) -> Mapping[str, int]:
        if not isinstance(value, dict):
            raise _Wrong(f"expected weights such as `{{quality: 100, cost: 60}}`, found {shortened(value)}")
        for name, weight in value.items():
            if name not in CRITERIA:
                raise _Wrong(f"{shortened(name)} is not a criterion{suggestion(str(name), CRITERIA)}", f"Criteria: {', '.join(CRITERIA)}.")
            if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= 100:
                raise _Wrong(f"the weight of {name} is {shortened(weight)}", "Give a whole number from 0 to 100.")
        if value and not any(value.values()):
            raise _Wrong("all weights are 0", "Give at least one criterion a weight, or leave `priorities` out.")
        return {name: int(value.get(name, 0)) for name in CRITERIA}

    def _gpus(self, value: object) -> Mapping[str, int]:
        if not isinstance(value, dict):
            raise _Wrong(
                f"expected kinds and counts such as `{{h100: 8}}`, found {shortened(value)}", "Kinds are listed in data/hardware.yaml."
            )
        kinds = self.vocabulary.domains.get("hardware", {})
        for name, count in value.items():
            if kinds and name not in kinds:
                raise _Wrong(f"{shortened(name)} is not a kind of GPU{suggestion(str(name), kinds)}", f"Kinds: {', '.join(kinds)}.")
            if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 100_000:
                raise _Wrong(f"the number of {shortened(name)} is {shortened(count)}", "Give a whole number.")
        return {str(name): int(count) for name, count in sorted(value.items())}


def _listed(values: frozenset[str], most: int = 15) -> str:
    shown = sorted(values)[:most]
    return ", ".join(shown) + (", …" if len(values) > most else "")
