"""
Values that no test at hand tells apart, and how many of each kind have to be looked at.

There are 249 countries, and a rule that says "within the EEA" sees two kinds of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from math import prod

from advisor.rulebook.condition import Answer, Operand, Test
from advisor.vocabulary import Vocabulary

FAMILIAR = ("DE", "FR", "US", "GB", "CH", "JP", "IN", "BR", "CN", "AU", "CA")
"""Countries that stand for others first, for the sake of those who read a case."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Values that no test tells apart. Those shown are enough to look at; the rest does as one of them does."""

    shown: tuple[str, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Facts over one list of values that are compared with each other, directly or by way of others."""

    facts: tuple[str, ...]
    alike: tuple[Alike, ...]
    counted: frozenset[str]
    """Facts of which it matters whether they hold one value or more."""


Constant = Callable[[Operand], frozenset[str]]
"""The values of an operand that is written in the rule: a list, or a group on the date."""


def families(
    vocabulary: Vocabulary, tests: Iterable[Test], constant: Constant, apart: Collection[str] = (), copies: int = 1
) -> dict[str, Family]:
    """
    The family of every fact that is tested or compared, numbers aside. Values in `apart` each stand for themselves.

    `copies`: how many states of the same facts may be asked about at once, such as two options for one person.
    """
    sets = [t for t in dict.fromkeys(tests) if vocabulary.facts[t.fact].kind not in ("number", "text")]
    members: dict[str, set[str]] = {}
    for test in sets:
        joined = members.setdefault(test.fact, {test.fact})
        if isinstance(test.operand, Answer):
            joined |= members.get(test.operand.fact, {test.operand.fact})
            members |= dict.fromkeys(joined, joined)
    found: dict[str, Family] = {}
    for name, facts in members.items():
        if name not in found:
            found |= dict.fromkeys(facts, family(vocabulary, sorted(facts), [t for t in sets if t.fact in facts], constant, apart, copies))
    return found


def family(
    vocabulary: Vocabulary,
    facts: Collection[str],
    tests: Collection[Test],
    constant: Constant,
    apart: Collection[str] = (),
    copies: int = 1,
) -> Family:
    """
    One family, with as many values of each kind as can matter, and no fewer.

    Every test says "some value is so" or "every value is so" of one fact, or of two that are compared; now and then it says "no more than
    one value is so" of a fact that is *counted*. Take any state of the facts over all values. Of each kind keep one value for every way
    in which a fact, or two that are compared, stand to some value of that kind; and for each counted fact that holds two values or more,
    a second one. Every "some", "every" and "no more than one" comes out as before, so nothing is lost.

    The other way round, take any state over the kept values, and let each value that was left out do as a kept value of its kind does,
    one that is not the only value of any counted fact. There is one, since more values are kept of a kind than there are counted facts,
    and each of these can have only one such value. Again every test comes out as before, so nothing is added.

    Values that imply others, and short names of groups in places, are each a kind of their own, since what holds of them is said by name.
    """
    declared = [vocabulary.facts[name] for name in facts]
    sides = {n: frozenset(vocabulary.values(f)) for n, f in zip(facts, declared, strict=True)}
    constants = list(dict.fromkeys(constant(t.operand) for t in tests if not isinstance(t.operand, Answer)))
    alone = set(apart)
    for fact in declared:
        implied = vocabulary.implications.get(fact.name, {})
        alone |= {*implied, *(w for words in implied.values() for w in words)}
        if fact.kind == "places":
            alone |= set(vocabulary.places.tokens)
    kinds: dict[tuple[object, ...], list[str]] = {}
    for value in familiar_first(frozenset().union(*sides.values(), *constants)):
        kind = (value if value in alone else None, *(value in s for s in sides.values()), *(value in c for c in constants))
        kinds.setdefault(kind, []).append(value)
    counted = frozenset(f.name for f in declared if f.kind in ("choice", "yes-no")) | _counted_sets(vocabulary, tests)
    enough = _ways({f.name: 2 if f.kind in ("choice", "yes-no") else 3 for f in declared}, tests) + len(counted)
    enough *= copies
    return Family(tuple(facts), tuple(Alike(tuple(k[:enough]), tuple(k[enough:])) for k in kinds.values()), counted)


def familiar_first(values: Iterable[str]) -> tuple[str, ...]:
    """The values in the order in which a reader wants to meet them."""
    order = {value: n for n, value in enumerate(FAMILIAR)}
    return tuple(sorted(values, key=lambda v: (order.get(v, len(order)), v)))


def _counted_sets(vocabulary: Vocabulary, tests: Iterable[Test]) -> frozenset[str]:
    """Sets that are asked to lie within one single value."""
    return frozenset(
        t.fact for t in tests
        if t.operator == "within" and isinstance(t.operand, Answer) and vocabulary.facts[t.operand.fact].kind in ("choice", "yes-no")
    )  # fmt: skip


def _ways(states: Mapping[str, int], tests: Iterable[Test]) -> int:
    """In how many ways the facts, one or two at a time, can stand to a value. `states`: in how many ways each does alone."""
    pairs = {frozenset((t.fact, t.operand.fact)) for t in tests if isinstance(t.operand, Answer)}
    together = prod(states.values())
    return min(together, sum(prod(states[name] for name in pair) for pair in pairs)) if pairs else together
