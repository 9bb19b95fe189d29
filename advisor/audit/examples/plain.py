"""
Makes a found case easy to read: as like an example that stands there already as it may be, and plain where it has to differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from advisor.audit.logic.alike import FAMILIAR
from advisor.possible import Choice, Members, Possible, exactly, is_settled
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, Fact, Vocabulary

Known = Mapping[str, Possible]

FEW = 12
"""Longer lists of values are tried only in part."""


def plainer(given: Known, good: Callable[[Known], bool], printed: Sequence[Known], vocabulary: Vocabulary) -> dict[str, Possible]:
    """
    A case that is still good, with values of the printed example that it can be brought nearest to, and plain values otherwise.

    A fact that was settled stays settled; a fact of which nothing is known is left out.
    """
    unique = [dict(pairs) for pairs in dict.fromkeys(tuple(sorted(one.items())) for one in printed)]
    near = [_towards(given, example, good) for example in unique]
    best = min(range(len(near)), key=lambda n: (_distance(near[n], unique[n]), n), default=None)
    found = dict(given) if best is None else near[best]
    model = {} if best is None else unique[best]
    for name in sorted(found):
        if found[name] != model.get(name):
            simple = _plain(found[name], vocabulary.facts[name], vocabulary)
            found[name] = next((value for value in simple if good({**found, name: value})), found[name])
    return {name: v for name, v in _ordered(found, model, vocabulary) if v != vocabulary.unknown(vocabulary.facts[name])}


def _towards(given: Known, example: Known, good: Callable[[Known], bool]) -> dict[str, Possible]:
    """The case with every value of the example that it can take over."""
    found = dict(given)
    for _ in range(2):  # one fact may clear the way for another
        for name in sorted(given):
            value = example.get(name)
            if value is not None and value != found[name] and is_settled(value):
                changed = {**found, name: value}
                found = changed if good(changed) else found
    return found


def _distance(found: Known, example: Known) -> int:
    """In how many facts a case differs from an example; what the example leaves out counts half, as nobody reads it as a change."""
    return sum(2 if name in example else 1 for name, value in found.items() if value != example.get(name))


def _plain(value: Possible, fact: Fact, vocabulary: Vocabulary) -> Iterator[Possible]:
    """Simpler values of the same shape, the simplest first. Numbers are as plain as they can be when they come."""
    match value:
        case Choice() if is_settled(value):
            yield from (Choice(frozenset({v})) for v in _values(fact, vocabulary))
        case Members(certain, _) if is_settled(value):
            none_first = fact.of_option and fact.kind == "held"
            singles = [exactly(*vocabulary.implied(fact.name, frozenset({v}))) for v in _values(fact, vocabulary)]
            yield from (exactly(), *singles) if none_first else singles
            yield from (exactly(*vocabulary.implied(fact.name, certain - {v})) for v in sorted(certain))
        case _:
            return


def _values(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    """The values of a fact that are tried; of countries the familiar ones."""
    if fact.domain in (COUNTRY, COUNTRY_OR_GROUP):
        return [code for code in FAMILIAR if code in vocabulary.values(fact)]
    return list(vocabulary.domain(fact))[:FEW]


def _ordered(found: Known, model: Known, vocabulary: Vocabulary) -> list[tuple[str, Possible]]:
    """Answers, then facts of the option; each in the order of the example, then in that of the vocabulary."""
    order = {name: n for n, name in enumerate([*model, *(n for n in vocabulary.facts if n not in model)])}
    return sorted(found.items(), key=lambda pair: (vocabulary.facts[pair[0]].of_option, order[pair[0]]))
