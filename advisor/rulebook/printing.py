"""
Examples as text in the style of the rule files, and their place in a file whose every other byte stays as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from advisor.possible import Choice, Interval, Members, Possible, is_settled
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed
from advisor.vocabulary import Fact, Vocabulary

WIDTH = 140
PLAIN_TEXT = re.compile(r"[A-Za-z0-9(§“][^:#\n]*")
IN_FLOW = re.compile(r"[A-Za-z][^:#{}\[\],\n]*")
AMBIGUOUS = frozenset({"null", "true", "false", "unknown", "NO", "ON", "OFF", "YES", "Y", "N"})
"""Words that some reader takes for something else than text."""
TOP_LEVEL = re.compile(r"[^\s#-]")
ITEM = re.compile(r"( *)- ")
VERDICT_LINE = re.compile(r"( *(?:- +)?)verdict: +complies *(#.*)?")
VERDICT_IN_FLOW = re.compile(r"\bverdict: +complies(?= *[,}])")


def example_lines(example: Example, vocabulary: Vocabulary, indent: int = 2) -> list[str]:
    """An example as lines of a block list that stands `indent` deep. What is not known is left out."""
    head, inner = " " * indent, " " * (indent + 2)
    as_of = example.as_of or EXAMPLE_DATE
    pairs = [f"{name}: {_flow(value_data(vocabulary.facts[name], v, vocabulary, as_of))}" for name, v in example.given.items()]
    return [
        f"{head}- name: {_scalar(example.name, in_flow=False)}",
        *([f"{inner}as_of: {example.as_of.isoformat()}"] if example.as_of else []),
        *_wrapped(f"{inner}given: {{", pairs, "}"),
        f"{inner}verdict: {example.verdict}",
        *([f"{inner}duty: {example.duty}"] if example.duty else []),
    ]


def example_data(example: Example, vocabulary: Vocabulary) -> dict[str, object]:
    """An example as a rule file holds it, without a name."""
    as_of = example.as_of or EXAMPLE_DATE
    given = {name: value_data(vocabulary.facts[name], value, vocabulary, as_of) for name, value in example.given.items()}
    return {"as_of": as_of.isoformat(), "given": given, "verdict": example.verdict, **({"duty": example.duty} if example.duty else {})}


def value_data(fact: Fact, value: Possible, vocabulary: Vocabulary, as_of: date) -> object:
    """What a rule file says for a value: plain data that `Parser.possible` reads back."""
    match value:
        case Interval(lo, hi):
            return _number(lo) if lo == hi else [_number(lo), _number(hi)]
        case Choice(possible):
            return next(iter(possible)) if len(possible) == 1 else _in_order(fact, possible, vocabulary)
        case Members(certain, possible):
            listed = [_members(fact, values, vocabulary, as_of) for values in (certain, possible)]
            return listed[0] if is_settled(value) else {"certain": listed[0], "possible": listed[1]}


def _number(value: float) -> float | int:
    return int(value) if abs(value) < 1e15 and value == int(value) else value


def _members(fact: Fact, values: frozenset[str], vocabulary: Vocabulary, as_of: date) -> list[str]:
    """A set without what its values imply; all countries, and all members of a named group, by one word."""
    if fact.kind == "places":
        places = vocabulary.places
        if values == frozenset(places.countries):
            return ["global"]
        named = (
            g.token for name, g in sorted(places.groups.items()) if g.token and len(values) > 1 and places.members(name, as_of) == values
        )
        if token := next(named, None):
            return [token]
    return _in_order(fact, without_implied(fact, values, vocabulary), vocabulary)


def without_implied(fact: Fact, values: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    """A set without the values that follow from others in it."""
    return values - {w for v in values for w in vocabulary.implied(fact.name, frozenset({v})) - {v}}


def _in_order(fact: Fact, values: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    order = {value: n for n, value in enumerate(vocabulary.domain(fact))}
    return sorted(values, key=lambda v: (order.get(v, len(order)), v))


# ---------------------------------------------------------------------- YAML
def _flow(data: object) -> str:
    match data:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(value) for value in data) + "]"
        case float() if math.isinf(data):
            return ".inf" if data > 0 else "-.inf"
        case str():
            return _scalar(data)
    return str(data)


def _scalar(text: str, in_flow: bool = True) -> str:
    """A text, in quotation marks where YAML would read something else."""
    plain = (IN_FLOW if in_flow else PLAIN_TEXT).fullmatch(text)
    if plain and text == text.strip() and text not in AMBIGUOUS and not _is_number(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wrapped(head: str, pairs: Sequence[str], tail: str) -> list[str]:
    """A flow mapping over as many lines as it needs; continued lines stand under the first pair."""
    lines = [head]
    for n, pair in enumerate(pairs):
        text = pair + ("," if n < len(pairs) - 1 else tail)
        fresh = len(lines[-1]) == len(head)
        if not fresh and len(lines[-1]) + 1 + len(text) > WIDTH:
            lines.append(" " * len(head))
            fresh = True
        lines[-1] += text if fresh else f" {text}"
        while len(lines[-1]) > WIDTH and (cut := lines[-1].rfind(", ", len(head), WIDTH)) > 0:  # one pair too long for a line
            lines[-1:] = [lines[-1][: cut + 1], f"{' ' * len(head)}{lines[-1][cut + 2 :]}"]
    return lines if pairs else [head + tail]


# ---------------------------------------------------------------------- insertion
def with_examples(text: str, examples: Sequence[Example], vocabulary: Vocabulary) -> str | None:
    """
    The text of a rule file with examples added at the end of its `examples:` list; nothing else changes.

    None where the list is not written as a block of `- ` lines.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if line.rstrip() == "examples:"), None)
    if start is None:
        return None
    end = next((n for n in range(start + 1, len(lines)) if TOP_LEVEL.match(lines[n])), len(lines))
    items = [match for line in lines[start + 1 : end] if (match := ITEM.match(line))]
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1  # blank lines and comments in front of the next key belong to it
    if not items:
        return None
    if not lines[end - 1].endswith(("\n", "\r")):
        lines[end - 1] += ending
    fresh = [line + ending for example in examples for line in example_lines(example, vocabulary, len(items[0].group(1)))]
    return "".join((*lines[:end], *fresh, *lines[end:]))


def with_duties(text: str, duties: Mapping[int, Owed]) -> str | None:
    """
    The text of a rule file in which examples say what becomes of the duty; nothing else changes.

    `duties` goes by the line on which the verdict of the example stands, from 1. None where one of them does not stand there plainly.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    for number in sorted(duties, reverse=True):
        bare = lines[number - 1].rstrip("\r\n")
        alone = VERDICT_LINE.fullmatch(bare)
        if alone:
            own_ending = lines[number - 1][len(bare) :]
            lines[number - 1 : number] = [bare + (own_ending or ending), f"{' ' * len(alone[1])}duty: {duties[number]}{own_ending}"]
        elif len(VERDICT_IN_FLOW.findall(bare)) == 1:
            lines[number - 1] = VERDICT_IN_FLOW.sub(lambda found, n=number: f"{found[0]}, duty: {duties[n]}", lines[number - 1])  # type: ignore[misc]
        else:
            return None
    return "".join(lines)
