"""No two conditions that differ in more than order, brackets and repeats have one outline: in small worlds and in the shipped one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.places import Group as PlaceGroup
from advisor.rulebook.condition import (
    ALWAYS,
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
from advisor.rulebook.english import ALWAYS_HOLDS, HEADS, NEVER_HOLDS, English, bare
from advisor.rulebook.fingerprint import as_data
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, Fact, Vocabulary
from tests.made_up import shipped_vocabulary
from tests.rulebook.made_conditions import examples
from tests.small_world import LARGE, TINY, SmallWorld, conditions

SHIPPED = shipped_vocabulary().with_domains(model={"m": "Model M"}, host={"h": "Host H", "g": "Host G"}, licence={"l": "MIT"})


def meaning(condition: Condition, vocabulary: Vocabulary) -> object:
    """The normal form of a condition, with one spelling for tests that the table of tests treats alike."""
    return as_data(_spelt(bare(condition), vocabulary))


def _spelt(condition: Condition, vocabulary: Vocabulary) -> Condition:
    match condition:
        case All(()) | Not(AnyOf(())):
            return All(())
        case AnyOf(()) | Not(All(())):
            return AnyOf(())
        case All(parts):
            return All(tuple(_spelt(part, vocabulary) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_spelt(part, vocabulary) for part in parts))
        case Not(Test(fact, "is" | "one_of", Values(values))) if vocabulary.facts[fact].kind == "yes-no" and len(set(values)) == 1:
            return Test(fact, "one_of", Values(("no" if values[0] == "yes" else "yes",)))
        case Not(part):
            return Not(_spelt(part, vocabulary))
        case Test(fact, operator, operand):
            one = isinstance(operand, Values) and len(set(operand.values)) == 1
            several: Operator = "has_any" if operator == "has" or (one and operator == "has_all") else operator
            return Test(fact, "one_of" if several == "is" else several, operand)


def outline(condition: Condition, vocabulary: Vocabulary) -> list[tuple[int, str]]:
    return English(vocabulary).outline(condition)


# ---------------------------------------------------------------------- no two read alike
def shipped_operands(fact: Fact, operator: Operator) -> st.SearchStrategy[Operand]:
    """What the parser would accept after an operator for a fact of the shipped vocabulary."""
    answers = [a for a in SHIPPED.answer_facts if a.kind != "text" and (a.kind == "number") == (fact.kind == "number")]
    alike = [Answer(a.key) for a in answers if _list(a) == _list(fact)]
    if fact.kind == "number":
        numbers = st.sampled_from((0.0, 1.0, 30.0, 1000.0, 1000.4, 1e6, 1e6 + 1, 0.1, 0.3, 0.30000000000000004))
        return st.one_of(numbers.map(Limit), *([st.sampled_from(alike)] if alike else []))
    values = st.sampled_from(sorted(SHIPPED.values(fact)))
    lists = st.lists(values, max_size=1 if operator in ("is", "has") else 4, min_size=1 if operator in ("is", "has") else 0)
    found: list[st.SearchStrategy[Operand]] = [lists.map(lambda v: Values(tuple(v)))]
    if alike:
        found.append(st.sampled_from(alike))
    if fact.domain in (COUNTRY, COUNTRY_OR_GROUP):
        found.append(st.sampled_from(sorted(SHIPPED.places.groups)).map(Group))
    return st.one_of(found)


def _list(fact: Fact) -> str | None:
    return COUNTRY if fact.domain == COUNTRY_OR_GROUP else fact.domain


@st.composite
def shipped_tests(draw: st.DrawFn) -> Condition:
    fact = draw(st.sampled_from([f for f in SHIPPED.facts.values() if (f.kind != "text" and SHIPPED.domain(f)) or f.kind == "number"]))
    operator = draw(st.sampled_from(OPERATORS_BY_KIND[fact.kind]))
    return Test(fact.name, operator, draw(shipped_operands(fact, operator)))


def shipped_conditions() -> st.SearchStrategy[Condition]:
    def wrap(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, max_size=3).map(tuple)
        return st.one_of(parts.map(All), parts.map(AnyOf), inner.map(Not))

    return st.recursive(shipped_tests(), wrap, max_leaves=4)


@st.composite
def neighbours(draw: st.DrawFn, made: st.SearchStrategy[Condition], vocabulary: Vocabulary) -> tuple[Condition, Condition]:
    """A condition and another one near it: most collisions lie between neighbours."""
    condition = draw(made)
    return condition, draw(st.one_of(st.sampled_from(list(changed(condition, vocabulary))), made))


def changed(condition: Condition, vocabulary: Vocabulary) -> Iterator[Condition]:
    """Conditions that differ from this one in one small thing."""
    yield Not(condition)
    yield All((condition, ALWAYS))
    yield AnyOf((condition,))
    match condition:
        case Not(part):
            yield part
            yield from (Not(other) for other in changed(part, vocabulary))
            if isinstance(part, All | AnyOf):
                yield All(part.parts)
                yield AnyOf(part.parts)
        case All(parts) | AnyOf(parts):
            yield AnyOf(parts) if isinstance(condition, All) else All(parts)
            for n, part in enumerate(parts):
                yield type(condition)((*parts[:n], *parts[n + 1 :]))
                yield type(condition)((*parts[:n], *getattr(part, "parts", (part, part)), *parts[n + 1 :]))
                yield from (type(condition)((*parts[:n], other, *parts[n + 1 :])) for other in changed(part, vocabulary))
        case Test(fact, operator, operand):
            yield from (Test(fact, other, operand) for other in OPERATORS_BY_KIND[vocabulary.facts[fact].kind])
            if isinstance(operand, Limit):
                yield from (Test(fact, operator, Limit(operand.value + step)) for step in (1e-9, 0.4, 1, 1000))
            if isinstance(operand, Values):
                yield from (Test(fact, operator, Values(operand.values[:n])) for n in range(len(operand.values)))
                known = sorted(vocabulary.values(vocabulary.facts[fact]))
                yield from (Test(fact, operator, Values((*operand.values, value))) for value in known[:6])


def assert_apart(left: Condition, right: Condition, vocabulary: Vocabulary) -> None:
    if outline(left, vocabulary) == outline(right, vocabulary):
        assert meaning(left, vocabulary) == meaning(right, vocabulary), outline(left, vocabulary)


@pytest.mark.parametrize("world", [TINY, LARGE], ids=["tiny", "large"])
def test_no_two_different_conditions_have_one_outline(world: SmallWorld) -> None:
    @examples(300)
    @given(neighbours(conditions(world), world.vocabulary))
    def holds(pair: tuple[Condition, Condition]) -> None:
        assert_apart(*pair, world.vocabulary)

    holds()


@examples(400)
@given(neighbours(shipped_conditions(), SHIPPED))
@example((Test("use.people_countries", "has", Values(("EEA",))), Test("use.people_countries", "has", Group("eea"))))
@example((Test("option.processing_places", "within", Values(("BA",))), Test("option.processing_places", "within", Values(("BA", "HR")))))
@example((Test("use.monthly_budget_usd", "at_most", Limit(1000.4)), Test("use.monthly_budget_usd", "at_most", Limit(1000))))
@example((Not(All(())), Not(AnyOf(()))))
def test_no_two_different_conditions_of_the_shipped_vocabulary_have_one_outline(pair: tuple[Condition, Condition]) -> None:
    assert_apart(*pair, SHIPPED)


def test_groups_of_every_kind_begin_in_their_own_words() -> None:
    assert len({*HEADS.values(), ALWAYS_HOLDS, NEVER_HOLDS}) == 6
    one, two = Test("option.open", "is", Values(("yes",))), Test("option.home", "is", Values(("p000",)))
    kinds = [made(group((one, two))) for group in (All, AnyOf) for made in (lambda c: c, Not)]
    assert len({repr(outline(condition, TINY.vocabulary)) for condition in kinds}) == 4


def hostile() -> Vocabulary:
    """A vocabulary whose words look like lists, answers, groups, quotations and parts of a sentence."""
    words: tuple[str, ...] = (
        "red",
        "blue",
        "red or blue",
        "red and blue",
        "red, blue",
        "“red”",
        "an empty list",
        "your colour",
        "any of your tags",
    )
    words = (*words, "all of your tags", "not red", "a country of the north", "none of red and blue", "“red” (“c005”)")
    names = ("north", "south", "north or south", "north, south", "“north”", "the north", "your home", "not south", "an empty list")
    codes = {f"p{n:03}": name for n, name in enumerate(names)}
    spans = TINY.vocabulary.places.groups["north"].spans
    called = {"a": "the north", "b": "north", "c": "north or south", "d": "the north", "e": "“north”", "f": "north, south"}
    groups = {name: PlaceGroup(words=text, token="T" if name == "c" else None, spans=spans) for name, text in called.items()}
    places = replace(TINY.vocabulary.places, countries=codes, groups=groups)
    domains = {
        **TINY.vocabulary.domains, "colours": {f"c{n:03}": word for n, word in enumerate(words)},
        COUNTRY: codes, COUNTRY_OR_GROUP: {**codes, **places.tokens},
    }  # fmt: skip
    return replace(TINY.vocabulary, domains=domains, places=places, _whole={})


@pytest.mark.parametrize(("vocabulary", "least"), [(SHIPPED, 10_000), (hostile(), 1_000)], ids=["shipped", "hostile"])
def test_many_tests_have_as_many_sentences(vocabulary: Vocabulary, least: int) -> None:
    """Every fact against every single value, many pairs of values, every group and every comparable answer, denied too."""
    read: dict[str, object] = {}
    for condition in every_test(vocabulary):
        for wanted in (condition, Not(condition)):
            text, means = repr(outline(wanted, vocabulary)), meaning(wanted, vocabulary)
            assert read.setdefault(text, means) == means, text
    assert len(read) > least


def every_test(vocabulary: Vocabulary) -> Iterator[Test]:
    for fact in vocabulary.facts.values():
        values = list(vocabulary.domain(fact))
        lists = [(), *((v,) for v in values), *pairwise(values), *pairwise(values[::2]), tuple(values[:3]), tuple(values)]
        groups = list(vocabulary.places.groups) if fact.domain in (COUNTRY, COUNTRY_OR_GROUP) else []
        alike = [a for a in vocabulary.answer_facts if a.kind != "text" and _list(a) == _list(fact) and (a.kind == fact.kind != "number")]
        for operator in OPERATORS_BY_KIND.get(fact.kind, ()):
            if fact.kind == "number":
                yield from (Test(fact.name, operator, Limit(n)) for n in (0.0, 1.0, 0.5, 1000.0, 1000.4, 1e15, 1e15 + 0.25))
            yield from (Test(fact.name, operator, Values(v)) for v in lists)
            yield from (Test(fact.name, operator, Group(name)) for name in groups)
            yield from (Test(fact.name, operator, Answer(a.key)) for a in alike)


def test_every_phrase_and_every_word_of_a_list_is_its_own() -> None:
    phrases = Counter(text for fact in SHIPPED.facts.values() for text in (fact.phrase, fact.negative) if text)
    assert [text for text, count in phrases.items() if count > 1] == []
    for name, domain in SHIPPED.domains.items():
        assert len({words.casefold() for words in domain.values()}) == len(domain), name
    groups = [group.words for group in SHIPPED.places.groups.values()]
    assert len(set(groups)) == len(groups)
    texts = [*phrases, *groups, *(words for domain in SHIPPED.domains.values() for words in domain.values())]
    assert [text for text in texts if text != text.strip() or re.search(r"[“”\n]|  |:$", text)] == []


def test_every_yes_no_fact_says_also_that_it_is_not_so() -> None:
    assert [fact.name for fact in SHIPPED.facts.values() if fact.kind == "yes-no" and not fact.negative] == []
