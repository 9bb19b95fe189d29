"""A small made-up vocabulary, and random conditions, facts and options over it, for tests of everything that reads conditions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from advisor.answers import Answers
from advisor.catalogue.evidence import Known
from advisor.catalogue.files import EndpointFile, HostFile, ModelFile
from advisor.catalogue.options import Option
from advisor.places import Group as PlaceGroup
from advisor.places import GroupSpan, Places
from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import (
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
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, Fact, Vocabulary

AS_OF = date(2026, 11, 24)
Facts: TypeAlias = Callable[[str], Possible]

AWKWARD = (0.0, 1.0, 2.0, 3.0, -1.0, 0.1, 0.2, 0.30000000000000004, 1 / 3, 1e-7, 5e-324, 1e15 + 0.3, 2.0**53, 2.0**53 + 2, 1e16, 1.7e308)
"""Numbers on which readings could differ: no exact decimal, no exact integer, very small, very large."""

OPTION_FACTS: tuple[Fact, ...] = (
    Fact(name="option.size", kind="number", phrase="the size"),
    Fact(name="option.price", kind="number", phrase="the price", derived="yes"),
    Fact(name="option.open", kind="yes-no", phrase="it is open"),
    Fact(name="option.colour", kind="choice", domain="colours", phrase="the colour"),
    Fact(name="option.tags", kind="held", domain="colours", phrase="the tags", plural="yes"),
    Fact(name="option.levels", kind="held", domain="colours", phrase="the levels", plural="yes", derived="yes"),
    Fact(name="option.places", kind="places", domain=COUNTRY, phrase="the places", plural="yes"),
    Fact(name="option.home", kind="choice", domain=COUNTRY, phrase="its home"),
)
ANSWER_FACTS: tuple[Fact, ...] = (
    Fact(name="use.size", kind="number", phrase="your size"),
    Fact(name="use.open", kind="yes-no", phrase="you want it open"),
    Fact(name="use.colour", kind="choice", domain="colours", phrase="your colour"),
    Fact(name="use.tags", kind="held", domain="colours", phrase="your tags", plural="yes"),
    Fact(name="use.people", kind="held", domain=COUNTRY_OR_GROUP, phrase="your people", plural="yes"),
    Fact(name="use.places", kind="places", domain=COUNTRY_OR_GROUP, phrase="your places", plural="yes"),
    Fact(name="use.home", kind="choice", domain=COUNTRY, phrase="your home"),
)
FACTS: Mapping[str, Fact] = {fact.name: fact for fact in (*OPTION_FACTS, *ANSWER_FACTS)}
OF_OPTIONS = tuple(fact.name for fact in OPTION_FACTS)
OF_ANSWERS = tuple(fact.name for fact in ANSWER_FACTS)


@dataclass(frozen=True, eq=False)
class SmallWorld:
    """A vocabulary with so many values, the few of them that are drawn, and the groups as they are on AS_OF."""

    vocabulary: Vocabulary
    colours: tuple[str, ...]
    """Drawn values; in a large vocabulary they lie in different words of a bit mask."""
    countries: tuple[str, ...]
    groups: Mapping[str, frozenset[str]]
    numbers: tuple[float, ...]

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text(f"a world of {len(self.vocabulary.places.countries)} countries")


def _spans(members: Sequence[str], late: str, gone: str) -> tuple[GroupSpan, ...]:
    """A group as it stands on AS_OF, with a member that joins the day after, and one that left that very day."""
    return (
        GroupSpan(members=tuple(members), cite="Treaty"),
        GroupSpan(since=date(2026, 11, 25), members=(late,), cite="Accession"),
        GroupSpan(until=AS_OF, members=(gone,), cite="Departure"),
    )


def small_world(size: int, numbers: tuple[float, ...], spread: Sequence[int]) -> SmallWorld:
    """`size` colours and countries; those at the positions `spread` are drawn."""
    colours = {f"c{n:03}": f"colour {n}" for n in range(size)}
    countries = {f"p{n:03}": f"country {n}" for n in range(size)}
    drawn = [f"p{n:03}" for n in spread]
    groups = {
        "north": PlaceGroup(words="the north", token="N", spans=_spans(drawn[:2], late=drawn[2], gone=drawn[3])),
        "wide": PlaceGroup(words="the north and more", spans=(GroupSpan(includes=("north",), members=(drawn[2],), cite="Treaty"),)),
        "nowhere": PlaceGroup(words="nowhere", spans=(GroupSpan(since=date(2027, 1, 1), members=(drawn[0],), cite="Treaty"),)),
    }
    places = Places(countries, groups, {})
    domains = {
        "colours": colours, "yes-no": {"yes": "yes", "no": "no"},
        COUNTRY: countries, COUNTRY_OR_GROUP: {**countries, **places.tokens},
    }  # fmt: skip
    north = frozenset({drawn[0], drawn[1], "N"})
    return SmallWorld(
        Vocabulary(FACTS, domains, {}, places), tuple(f"c{n:03}" for n in spread), tuple(drawn),
        {"north": north, "wide": north | {drawn[2]}, "nowhere": frozenset()}, numbers,
    )  # fmt: skip


LARGE = small_world(150, AWKWARD, spread=(0, 61, 62, 123, 124, 149))
"""Three words of 62 bits; values at both sides of each border are drawn."""
TINY = small_world(4, (0.0, 1.0, 2.0), spread=(0, 1, 2, 3))
"""Small enough to go through every world."""


# ---------------------------------------------------------------------- what is possible
@cache
def possibles(world: SmallWorld, fact: Fact) -> st.SearchStrategy[Possible]:
    """Known, partly known and unknown values of a fact."""
    unknown: st.SearchStrategy[Possible] = st.just(world.vocabulary.unknown(fact))
    if fact.kind == "number":
        ends = st.sampled_from((*world.numbers, -math.inf, math.inf))
        pairs = st.tuples(ends, ends).map(lambda pair: Interval(min(pair), max(pair)))
        points = st.sampled_from(world.numbers).map(lambda x: Interval(x, x))
        return st.one_of(points, pairs.filter(lambda x: x.lo < math.inf and x.hi > -math.inf), unknown)
    pool = _pool(world, fact)
    subsets = st.integers(0, 2 ** len(pool) - 1).map(lambda mask: frozenset(v for n, v in enumerate(pool) if mask >> n & 1))
    if fact.kind in ("choice", "yes-no"):
        return st.one_of(subsets.filter(bool).map(Choice), unknown)
    exact = subsets.map(lambda s: Members(s, s))
    partly = st.tuples(subsets, subsets).map(lambda pair: Members(pair[0] & pair[1], pair[0]))
    open_ended = subsets.map(lambda s: Members(s, world.vocabulary.values(fact)))
    return st.one_of(exact, partly, open_ended, unknown)


def _pool(world: SmallWorld, fact: Fact) -> tuple[str, ...]:
    if fact.kind == "yes-no":
        return ("yes", "no")
    if fact.domain == "colours":
        return world.colours
    return (*world.countries, "N") if fact.name == "use.people" else world.countries


@dataclass(frozen=True)
class Situation:
    """What is possible of every fact: for a few options, and for one person."""

    options: tuple[Mapping[str, Possible], ...]
    said: Mapping[str, Possible]

    def facts(self) -> list[Facts]:
        """The facts as each option has them."""
        return [{**option, **self.said}.__getitem__ for option in self.options]

    @property
    def derived(self) -> Mapping[str, Sequence[Possible]]:
        return {fact.name: [option[fact.name] for option in self.options] for fact in OPTION_FACTS if fact.derived == "yes"}


@st.composite
def situations(draw: st.DrawFn, world: SmallWorld, read: Sequence[str], most: int = 5) -> Situation:
    """Facts that nobody reads are left unknown, which saves most of the drawing."""

    def facts(names: Sequence[str]) -> dict[str, Possible]:
        return {n: draw(possibles(world, FACTS[n])) if n in read else world.vocabulary.unknown(FACTS[n]) for n in names}

    return Situation(tuple(facts(OF_OPTIONS) for _ in range(draw(st.integers(1, most)))), facts(OF_ANSWERS))


# ---------------------------------------------------------------------- conditions
@cache
def conditions(world: SmallWorld, most: int = 8) -> st.SearchStrategy[Condition]:
    """Trees of any shape, also empty ones, that the parser would accept."""
    return st.recursive(
        tests(world),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
            st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=most,
    )


@st.composite
def tests(draw: st.DrawFn, world: SmallWorld) -> Condition:
    fact = FACTS[draw(st.sampled_from(sorted(FACTS)))]
    operator = draw(st.sampled_from(OPERATORS_BY_KIND[fact.kind]))
    return Test(fact.name, operator, draw(operands(world, fact, operator)))


tests.__test__ = False  # type: ignore[attr-defined]  # keeps pytest from collecting it where it is imported


@cache
def operands(world: SmallWorld, fact: Fact, operator: Operator) -> st.SearchStrategy[Operand]:
    """A constant, a list, a group where the fact is about countries, or an answer that can be compared with it."""
    if fact.kind == "number":
        return st.one_of(st.sampled_from(world.numbers).map(Limit), st.just(Answer("size")))
    pool = st.sampled_from(_pool(world, fact))
    one = pool.map(lambda v: Values((v,)))
    several = st.lists(pool, unique=True).map(lambda vs: Values(tuple(vs)))
    choices: list[st.SearchStrategy[Operand]] = [one if operator in ("is", "has") else several]
    if fact.domain in (COUNTRY, COUNTRY_OR_GROUP):
        choices.append(st.sampled_from(sorted(world.groups)).map(Group))
        choices.append(st.sampled_from(("people", "places", "home")).map(Answer))
    elif fact.kind == "yes-no":
        choices.append(st.just(Answer("open")))
    else:
        choices.append(st.sampled_from(("tags", "colour")).map(Answer))
    return st.one_of(choices)


# ---------------------------------------------------------------------- options and answers
MODEL = ModelFile(id="m", name="M", developer="D", developer_country="US", open_weights="yes", licence="l")
ENDPOINT = EndpointFile(id="e", name="E")
HOST = HostFile(id="h", name="H", kind="service", endpoints=[ENDPOINT])


def option(name: str, facts: Mapping[str, Possible]) -> Option:
    """An option with these facts and nothing else of interest; worked-out facts are left out, as in the catalogue."""
    known = {fact: Known(value) for fact, value in facts.items() if FACTS[fact].derived == "no"}
    return Option(name, MODEL, HOST, ENDPOINT, "hosted-open", "e", known, (), None, None)


@dataclass(frozen=True)
class Said(Answers):
    """Answers of which anything may be possible, also what no answers file can say."""

    said: Mapping[str, Possible] = field(default_factory=dict)

    def possible(self, fact_name: str, as_of: date) -> Possible:
        return self.said[fact_name]


def answers(world: SmallWorld, said: Mapping[str, Possible]) -> Answers:
    return Said({}, world.vocabulary, said=said)
