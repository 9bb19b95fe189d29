"""
Writes the made part of the conformance corpus: `python -m tests.conformance.make`. The same seed gives the same files.

Cases are drawn at random and kept while their kind is wanted, so that every test is seen to hold, to fail and to be open.
What must and may hold is worked out by the oracle in tests/oracle.py and nothing else.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from advisor.rulebook.condition import OPERATORS_BY_KIND, Condition, facts_read
from advisor.rulebook.parse import Parser
from advisor.strict_yaml import Document
from tests.conformance.corpus import FOLDER, World, possible, world
from tests.oracle import Oracle

SEED = 20261124
AS_OF = "2026-11-24"
NUMBERS = (0, 1, 2, 3, -1, 0.1, 0.2, 0.30000000000000004, 1e-07, 2.0**53, 2.0**53 + 2, 1e16)
"""Numbers on which implementations could differ: no exact decimal, no exact small integer."""

Data: TypeAlias = Any
"""Plain data, as it goes into the file."""

HEAD: Mapping[str, Data] = {
    "domains": {
        "yes-no": ["yes", "no"],
        "colour": ["red", "green", "blue", "white"],
        "country": ["AA", "BB", "CC", "DD", "EE"],
        "country-or-group": ["AA", "BB", "CC", "DD", "EE", "NN"],
    },
    "groups": {
        "north": {
            "short_name": "NN",
            "spans": [
                {"members": ["AA", "BB"]},
                {"from": "2026-11-25", "members": ["CC"]},
                {"until": "2026-11-24", "members": ["DD"]},
            ],
        },
        "wide": {"spans": [{"includes": ["north"], "members": ["CC"]}]},
        "later": {"spans": [{"from": "2027-01-01", "members": ["AA"]}]},
    },
    "facts": {
        "option.size": {"kind": "number"},
        "option.open": {"kind": "yes-no"},
        "option.colour": {"kind": "choice", "values": "colour"},
        "option.tags": {"kind": "held", "values": "colour"},
        "option.places": {"kind": "places", "values": "country"},
        "option.home": {"kind": "choice", "values": "country"},
        "use.size": {"kind": "number"},
        "use.open": {"kind": "yes-no"},
        "use.colour": {"kind": "choice", "values": "colour"},
        "use.tags": {"kind": "held", "values": "colour"},
        "use.places": {"kind": "places", "values": "country-or-group"},
        "use.people": {"kind": "held", "values": "country-or-group"},
        "use.home": {"kind": "choice", "values": "country"},
    },
}
DATES = ("2026-11-23", "2026-11-24", "2026-11-25", "2027-01-01")
"""On each of them a group is another one."""


@dataclass(frozen=True)
class Maker:
    """Draws conditions and states over the facts of one world."""

    random: random.Random
    world: World

    def values(self, fact: str) -> Sequence[str]:
        form = HEAD["facts"][fact]
        domain: list[str] = HEAD["domains"][form.get("values", "yes-no")]
        return domain

    def kind(self, fact: str) -> str:
        return str(HEAD["facts"][fact]["kind"])

    def some(self, values: Sequence[str], least: int = 0) -> list[str]:
        chosen = self.random.sample(values, self.random.randint(least, len(values)))
        return [value for value in values if value in chosen]

    # ------------------------------------------------------------------ states
    def known(self, fact: str) -> Data:
        match self.kind(fact):
            case "number":
                value = self.random.choice(NUMBERS)
                return {"lo": value, "hi": value}
            case "choice" | "yes-no":
                return [self.random.choice(self.values(fact))]
        chosen = self.some([v for v in self.values(fact) if self.kind(fact) != "places" or v != "NN"])
        return {"certain": chosen, "possible": chosen}

    def partly(self, fact: str) -> Data:
        match self.kind(fact):
            case "number":
                ends = sorted(self.random.sample(NUMBERS, 2))
                return self.random.choice(({"lo": ends[0], "hi": ends[1]}, {"lo": ends[0]}, {"hi": ends[1]}))
            case "choice" | "yes-no":
                return self.some(self.values(fact), least=2)
        wide = self.some([v for v in self.values(fact) if self.kind(fact) != "places" or v != "NN"], least=1)
        return {"certain": [v for v in self.some(wide) if v in wide][: len(wide) - 1], "possible": wide}

    def unknown(self, fact: str) -> Data:
        match self.kind(fact):
            case "number":
                return {}
            case "choice" | "yes-no":
                return list(self.values(fact))
        return {"certain": [], "possible": list(self.values(fact))}

    def dispute(self, fact: str) -> Data:
        return {"claims": [self.random.choice((self.known, self.known, self.partly))(fact) for _ in range(self.random.randint(2, 3))]}

    def any_state(self, fact: str) -> Data:
        return self.random.choice((self.known, self.partly, self.partly, self.unknown))(fact)

    # ------------------------------------------------------------------ conditions
    def test(self, facts: Sequence[str], operands: Sequence[str] = ("values", "values", "group", "answer")) -> Data:
        fact = self.random.choice(facts)
        operator = self.random.choice(OPERATORS_BY_KIND[self.kind(fact)])
        about_countries = self.values(fact)[0] == "AA" if self.kind(fact) != "number" else False
        kinds = [kind for kind in operands if kind != "group" or about_countries] or ["values"]
        return {"fact": fact, operator: self.operand(fact, operator, self.random.choice(kinds))}

    def operand(self, fact: str, operator: str, kind: str) -> Data:
        if kind == "group":
            return {"group": self.random.choice(sorted(HEAD["groups"]))}
        if kind == "answer":
            return {"answer": self.random.choice(self.answers(fact))}
        if self.kind(fact) == "number":
            return self.random.choice(NUMBERS)
        return self.random.choice(self.values(fact)) if operator in ("is", "has") else self.some(self.values(fact))

    def answers(self, fact: str) -> Sequence[str]:
        match self.kind(fact), self.values(fact)[0] if self.kind(fact) != "number" else "":
            case "number", _:
                return ("size",)
            case "yes-no", _:
                return ("open",)
            case _, "red":
                return ("tags", "colour")
        return ("people", "places", "home")

    def tree(self, facts: Sequence[str], depth: int) -> Data:
        if depth == 0 or self.random.random() < 0.2:
            return self.test(facts)
        match self.random.choice(("all", "any", "not")):
            case "not":
                return {"not": self.tree(facts, depth - 1)}
            case word:
                return {word: [self.tree(facts, depth - 1) for _ in range(self.random.choice((0, 1, 2, 2, 3)))]}


# ---------------------------------------------------------------------- what goes into which file
Draw: TypeAlias = Callable[[Maker], Data]
State: TypeAlias = Callable[[Maker, str], Data]


@dataclass(frozen=True)
class Part:
    """One file: what it is about, how its conditions and states are drawn, and how many cases of a kind it keeps."""

    about: str
    condition: Draw
    each: int
    most: int
    state: State = Maker.any_state
    dates: Sequence[str] = (AS_OF,)


def _of(*facts: str, operands: Sequence[str] = ("values",)) -> Draw:
    return lambda maker: maker.test(facts, operands)


OF_OPTIONS = ("option.size", "option.open", "option.colour", "option.tags", "option.places", "option.home")
EVERY = tuple(HEAD["facts"])
PARTS: Mapping[str, Part] = {
    "number": Part("A number against a number written in the rule.", _of("option.size", "use.size"), 4, 48),
    "choice": Part("One value of a list against values written in the rule.", _of("option.colour", "option.home"), 7, 42),
    "yes-no": Part("Yes or no.", _of("option.open", "use.open"), 4, 24),
    "held": Part("A set of values against values written in the rule.", _of("option.tags", "use.tags", "use.people"), 5, 45),
    "places": Part("Places in which something may happen against places written in the rule.", _of("option.places", "use.places"), 7, 42),
    "groups": Part(
        "Groups of countries, which change with the date.",
        _of("option.places", "option.home", "use.people", "use.places", operands=("group",)), 1, 120, dates=DATES,
    ),
    "answers": Part("A fact against what the person answered.", _of(*EVERY, operands=("answer",)), 1, 200),
    "trees": Part("Conditions of several parts.", lambda maker: maker.tree(EVERY, maker.random.choice((1, 2, 2, 3))), 20, 60),
    "unknown": Part(
        "Nothing is known of the facts.", lambda maker: maker.tree(EVERY, maker.random.choice((0, 0, 1))), 12, 36, state=Maker.unknown,
    ),
    "disputes": Part("Sources differ: what is possible is all that any of them allows.", _of(*OF_OPTIONS), 2, 40, state=Maker.dispute),
}  # fmt: skip


def drawn(name: str, part: Part) -> list[Data]:
    """The cases of one file."""
    maker = Maker(random.Random(f"{SEED} {name}"), world(HEAD))
    found: list[Data] = []
    seen: set[str] = set()
    kept: Counter[tuple[object, ...]] = Counter()
    for _ in range(40_000):
        data = part.condition(maker)
        as_of = maker.random.choice(part.dates)
        condition = parsed(data, maker.world)
        given = {fact: part.state(maker, fact) for fact in facts_read(condition)}
        must, may = truths(condition, given, maker.world, as_of)
        kind = (_shape(data), must, may, as_of)
        text = json.dumps([data, given, as_of])
        if kept[kind] < part.each and text not in seen and not (name == "unknown" and must == may and not _empty(data)):
            kept[kind] += 1
            seen.add(text)
            dated = {} if as_of == AS_OF else {"as_of": as_of}
            found.append({"name": f"{name} {len(found) + 1}", **dated, "condition": data, "given": given, "must": must, "may": may})
        if len(found) == part.most:
            break
    return found


def _shape(data: Data) -> object:
    """What a test is like: its operator, and what stands on its right; for a tree its outermost word."""
    operator = next(key for key in data if key != "fact")
    if operator in ("all", "any", "not"):
        return operator
    value = data[operator]
    right = next(iter(value)) if isinstance(value, dict) else type(value).__name__ if isinstance(value, list) and value else "one"
    return (data["fact"].partition(".")[0], operator, right, value.get("answer") if isinstance(value, dict) else None)


def _empty(data: Data) -> bool:
    return any(value == [] for value in data.values())


def parsed(data: Data, of: World) -> Condition:
    parser = Parser(Document("made", data, {}), of.vocabulary)
    condition = parser.condition(data, ())
    assert condition is not None, parser.problems
    return condition


def truths(condition: Condition, given: Mapping[str, Data], of: World, as_of: str) -> tuple[bool, bool]:
    oracle = Oracle(of.groups(date.fromisoformat(as_of)))
    facts = {name: possible(state) for name, state in given.items()}
    return oracle.must(condition, facts.__getitem__), oracle.may(condition, facts.__getitem__)


# ---------------------------------------------------------------------- writing
def document(name: str, part: Part) -> str:
    """One file of the corpus."""
    lines = [
        "# Made by tests/conformance/make.py; see README.md. Do not edit.",
        f"about: {_flow(part.about)}",
        f"as_of: {_flow(AS_OF)}",
        *head(),
    ]
    return "\n".join([*lines, "cases:", *(line for case in drawn(name, part) for line in _case(case))]) + "\n"


def head() -> Iterator[str]:
    """What a file declares."""
    for key in ("domains", "groups", "facts"):
        yield f"{key}:"
        yield from (f"  {name}: {_flow(form)}" for name, form in HEAD[key].items())


def _case(case: Data) -> Iterator[str]:
    for number, (key, value) in enumerate(case.items()):
        yield f"{'    ' if number else '  - '}{key}: {_flow(value)}"


def _flow(data: Data) -> str:
    match data:
        case bool():
            return "true" if data else "false"
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(value) for value in data) + "]"
        case float():
            return _number(data)
    return json.dumps(data)


def _number(value: float) -> str:
    """With a point, so that readers of older YAML see a number too."""
    assert math.isfinite(value)
    digits, mark, power = repr(value).partition("e")
    return f"{digits if '.' in digits else f'{digits}.0'}{mark}{power}"


def main() -> None:
    for name, part in PARTS.items():
        (FOLDER / f"{name}.yaml").write_text(document(name, part), encoding="utf-8")


if __name__ == "__main__":
    main()
