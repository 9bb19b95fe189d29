"""What is proved of two rules: the same, one within the other, or not to be met together; held to what brute force finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.audit.logic.logic import Logic, conditions_of, facts_of
from advisor.audit.logic.solver import NotDecided
from advisor.audit.proving.options import Options, Standing
from advisor.audit.proving.proofs import Flaw, Link, Proof, meant, pair_days
from advisor.audit.proving.prove_pairs import held_to, prove_pairs
from advisor.possible import Choice, Members, Possible
from advisor.rulebook import condition as tree
from advisor.rulebook.condition import ALWAYS, All, AnyOf, Condition, Limit, Not, Test
from advisor.rulebook.judge import Judge, example_verdict
from advisor.rulebook.rule import Arm, Effect, Example, Related, Rule
from advisor.vocabulary import Fact, Vocabulary
from tests import small_world as small
from tests.audit.made_rules import VOCABULARY, made
from tests.oracle import World, holds
from tests.rulebook.made_conditions import SOURCE, examples
from tests.small_world import AS_OF, FACTS, TINY, small_world

MIDDLE = small_world(40, (0.0, 1.0, 2.0), spread=(0, 1, 2, 3))
"""More values than the solver has to look at, and few enough to look at all."""

NEVER = "{any: []}"
PERSONAL, HEALTH = "{fact: use.data, has: personal}", "{fact: use.data, has: health}"
IN_UNION, IN_AREA = ("{fact: option.places, within: {group: %s}}" % name for name in ("union", "area"))  # noqa: UP031  # braces


def ruled(name: str, requires: str, applies: str = PERSONAL, span: str = "{}", effect: Effect = "require") -> Rule:
    arm = f"{{in_force: {span}, source: SOURCE, applies_when: {applies}, requires: {requires}}}"
    return replace(made(arm, effect=effect), id=name)


def found(*rules: Rule, days: Sequence[date] = (AS_OF,), vocabulary: Vocabulary = VOCABULARY) -> dict[Link, Flaw]:
    pairs = prove_pairs(rules, vocabulary, days)
    assert not pairs.undecided
    by_id = {rule.id: rule for rule in rules}
    for flaw in pairs.found.values():
        for case in flaw.shown:
            assert example_verdict(by_id[case.rule], Example(case.name, case.given, case.verdict), vocabulary, case.as_of) == case.verdict
    return dict(pairs.found)


# ---------------------------------------------------------------------- by hand
def test_rules_about_different_things_have_no_relation() -> None:
    assert found(ruled("a", IN_AREA), ruled("b", "{fact: option.terms, has: seal}"), ruled("c", "{fact: option.days, at_most: 30}")) == {}


def test_the_stricter_rule_subsumes() -> None:
    relations = found(ruled("area", IN_AREA), ruled("union", IN_UNION))
    assert list(relations) == [("union", "subsumes", "area")]
    (first, second) = relations["union", "subsumes", "area"].shown
    assert (first.rule, second.rule) == ("area", "union")
    assert first.given == second.given


def test_the_wider_rule_subsumes() -> None:
    assert list(found(ruled("health", IN_AREA, HEALTH), ruled("personal", IN_AREA, PERSONAL))) == [("personal", "subsumes", "health")]


def test_the_same_in_other_words_is_a_duplicate() -> None:
    words = "{any: [{fact: option.places, within: {group: area}}, {not: {fact: option.places, outside: {group: area}}}]}"
    assert list(found(ruled("a", IN_AREA), ruled("b", "{all: [X, {any: [X]}]}".replace("X", IN_AREA)))) == [("a", "duplicates", "b")]
    assert ("a", "duplicates", "b") not in found(ruled("a", IN_AREA), ruled("b", words))


def test_two_rules_that_breach_alike_and_are_open_differently_are_no_duplicates() -> None:
    excluded = "{any: [{fact: option.days, at_most: 3}, {fact: option.days, above: 3}]}"
    both = f"{{all: [{IN_AREA}, {excluded}]}}"
    assert sorted(found(ruled("a", IN_AREA), ruled("b", both))) == [("a", "subsumes", "b"), ("b", "subsumes", "a")]


def test_demands_that_no_option_meets_contradict() -> None:
    relations = found(ruled("long", "{fact: option.days, above: 30}"), ruled("short", "{fact: option.days, at_most: 30}"))
    assert list(relations) == [("long", "contradicts", "short")]
    assert [case.rule for case in relations["long", "contradicts", "short"].shown] == ["long", "short"]


def test_demands_that_some_answers_make_impossible_contradict() -> None:
    listed = "{any: [{not: {fact: use.home, is: US}}, {fact: option.places, outside: {group: area}}]}"
    somewhere = "{not: {fact: option.places, outside: {group: union}}}"
    assert list(found(ruled("a", listed), ruled("b", somewhere))) == [("a", "contradicts", "b")]
    assert found(ruled("a", listed, "{fact: use.home, is: DE}"), ruled("b", somewhere)) == {}


def test_demands_on_numbers_that_hang_on_an_answer_contradict() -> None:
    at_most = "{fact: option.days, at_most: {answer: longest}}"
    relations = found(ruled("a", at_most), ruled("b", "{fact: option.days, at_least: 30}"))
    (case, _) = relations["a", "contradicts", "b"].shown
    assert case.given["use.longest"] != case.given["option.days"]
    assert found(ruled("a", at_most), ruled("b", "{fact: option.days, at_least: 0}")) == {}


def test_no_places_at_all_are_within_every_group() -> None:
    """An option that processes nowhere meets both, and so they do not contradict each other."""
    assert found(ruled("a", IN_UNION), ruled("b", "{fact: option.places, within: {group: west}}")) == {}


def test_a_demand_that_nothing_meets_contradicts_nothing() -> None:
    assert not any(relation == "contradicts" for _, relation, _ in found(ruled("a", NEVER), ruled("b", IN_AREA)))


def test_rules_in_force_at_different_times_have_no_relation() -> None:
    old = ruled("old", IN_AREA, span="{until: 2026-01-01}")
    assert found(old, ruled("new", IN_AREA, span="{from: 2026-01-01}"), days=[date(2025, 12, 31), date(2026, 1, 1)]) == {}


def test_a_relation_is_dated_by_the_first_day_on_which_it_holds() -> None:
    later = ruled("later", IN_AREA, span="{from: 2027-01-01}")
    rules = [ruled("now", IN_AREA), later]
    days = pair_days(rules, VOCABULARY, AS_OF, all_dates=False)
    assert days == [AS_OF, date(2027, 1, 1)]
    assert [(link, flaw.as_of) for link, flaw in found(*rules, days=days).items()] == [(("later", "duplicates", "now"), date(2027, 1, 1))]


def test_only_rules_that_exclude_are_compared() -> None:
    assert found(ruled("a", IN_AREA), ruled("b", IN_AREA, effect="mitigate")) == {}


def test_only_pairs_with_a_chosen_rule_are_compared() -> None:
    rules = [ruled(name, IN_AREA) for name in ("a", "b", "c")]
    assert sorted(prove_pairs(rules, VOCABULARY, [AS_OF]).found) == [(x, "duplicates", y) for x, y in ("ab", "ac", "bc")]
    assert sorted(prove_pairs(rules, VOCABULARY, [AS_OF], about=frozenset("a")).found) == [(x, "duplicates", y) for x, y in ("ab", "ac")]


def test_what_the_solver_gives_up_on_is_said_and_never_proved() -> None:
    pairs = prove_pairs([ruled("a", IN_AREA), ruled("b", IN_AREA)], VOCABULARY, [AS_OF], effort=1)
    assert pairs.found == {}
    assert {relation for _, relation, _ in pairs.undecided} == {"subsumes", "contradicts"}
    assert held_to(pairs, {}, {}, AS_OF).undecided[0].startswith("whether a contradicts b: ")


def test_rules_with_no_fact_in_common_are_not_compared() -> None:
    """One that refuses everything is a problem in itself."""
    pairs = prove_pairs([ruled("a", IN_AREA), ruled("b", "{fact: option.days, below: 0}", "{all: []}")], VOCABULARY, [AS_OF])
    assert (pairs.found, pairs.questions) == ({}, 0)


# ---------------------------------------------------------------------- acknowledged
def outcome(*rules: Rule, about: frozenset[str] | None = None) -> Proof:
    return held_to(prove_pairs(rules, VOCABULARY, [AS_OF]), meant(rules), {rule.id: rule for rule in rules}, AS_OF, about)


@pytest.mark.parametrize(
    ("in_a", "in_b", "problems", "known"),
    [
        ([], [], ["contradicts"], []),
        ([Related("b", "contradicts", "Because.")], [], [], ["Because."]),
        ([], [Related("a", "contradicts", "Because.")], [], ["Because."]),
        ([Related("b", "subsumes", "Because.")], [], ["contradicts", "not-so"], []),
        ([Related("b", "contradicts", "Because."), Related("c", "contradicts", "So.")], [], ["not-so"], ["Because."]),
    ],
)
def test_a_relation_is_a_problem_unless_it_is_acknowledged(
    in_a: list[Related], in_b: list[Related], problems: list[str], known: list[str]
) -> None:
    one = replace(ruled("a", "{fact: option.days, above: 30}"), related=tuple(in_a))
    other = replace(ruled("b", "{fact: option.days, at_most: 30}"), related=tuple(in_b))
    proof = outcome(one, other)
    assert ([flaw.kind for flaw in proof.problems], [flaw.why for flaw in proof.meant]) == (problems, known)


def test_one_that_subsumes_must_say_so_itself() -> None:
    area = replace(ruled("area", IN_AREA), related=(Related("union", "subsumes", "The wrong way round."),))
    assert [flaw.kind for flaw in outcome(area, ruled("union", IN_UNION)).problems] == ["subsumes", "not-so"]


@pytest.mark.parametrize(
    ("other", "words"), [("nobody", "There is no rule nobody."), ("c", "Only rules that exclude are compared, and c does not.")]
)
def test_an_acknowledgement_that_cannot_be_so_says_why(other: str, words: str) -> None:
    one = replace(ruled("a", IN_AREA), related=(Related(other, "duplicates", "Because."),))
    (flaw,) = outcome(one, ruled("c", "{fact: option.terms, has: seal}", effect="advise")).problems
    assert words in flaw.what


def test_rules_that_were_not_asked_about_are_not_held_to_their_acknowledgements() -> None:
    one = replace(ruled("a", IN_AREA), related=(Related("nobody", "duplicates", "Because."),))
    assert outcome(one, ruled("b", "{fact: option.terms, has: seal}"), about=frozenset("b")).problems == ()


# ---------------------------------------------------------------------- against brute force
MOST = 8_000


def known_values(fact: Fact) -> Iterator[float | str | frozenset[str]]:
    """Every true value of a fact, short names of groups in places aside; of numbers those at and between the limits drawn."""
    if fact.kind == "number":
        yield from (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
        return
    values = sorted(TINY.vocabulary.values(fact) - (set(TINY.vocabulary.places.tokens) if fact.kind == "places" else set()))
    if fact.kind in ("choice", "yes-no"):
        yield from values
    else:
        yield from (frozenset(chosen) for size in range(len(values) + 1) for chosen in itertools.combinations(values, size))


def all_known(names: Sequence[str]) -> list[World]:
    return [dict(zip(names, each, strict=True)) for each in itertools.product(*(list(known_values(FACTS[name])) for name in names))]


def breached(rule: Rule, world: World) -> bool:
    (arm,) = rule.arms
    return holds(arm.applies, world, TINY.groups) and not holds(arm.requires, world, TINY.groups)


def contradict(one: Rule, other: Rule) -> bool:
    """Answer by answer, option by option."""
    read = facts_of(*(c for rule in (one, other) for c in conditions_of(rule)))
    said, given_facts = ([n for n in read if n.startswith(side)] for side in ("use.", "option."))
    assume(len(all_known(said)) * len(all_known(given_facts)) <= MOST)
    for answers in all_known(said):
        outcomes = {(breached(one, {**answers, **option}), breached(other, {**answers, **option})) for option in all_known(given_facts)}
        if (False, False) not in outcomes and {(False, True), (True, False)} <= outcomes:
            return True
    return False


def partly_known(fact: Fact) -> Iterator[Possible]:
    """Every state of a fact over a list of values that what is known can have."""
    values = sorted(TINY.vocabulary.values(fact))
    tokens = set(TINY.vocabulary.places.tokens) if fact.kind == "places" else set()
    if fact.kind in ("choice", "yes-no"):
        yield from (Choice(frozenset(c)) for size in range(1, len(values) + 1) for c in itertools.combinations(values, size))
        return
    for each in itertools.product((0, 1, 2), repeat=len(values)):
        state = Members(
            frozenset(v for v, n in zip(values, each, strict=True) if n == 2), frozenset(v for v, n in zip(values, each, strict=True) if n)
        )
        if not state.possible & tokens or state == TINY.vocabulary.unknown(fact):
            yield state


def all_partly_known(one: Rule, other: Rule) -> list[Mapping[str, Possible]]:
    read = facts_of(*(c for rule in (one, other) for c in conditions_of(rule)))
    assume(all(FACTS[name].kind != "number" for name in read))
    each = [list(partly_known(FACTS[name])) for name in read]
    size = 1
    for states in each:
        size *= len(states)
    assume(size <= MOST)
    return [dict(zip(read, states, strict=True)) for states in itertools.product(*each)]


def required(name: str, applies: Condition, requires: Condition) -> Rule:
    arm = Arm(None, None, SOURCE, applies, requires, {})
    return Rule(name, "A made-up rule", "require", "XX", "none", (arm,), (), "reason", "remedy", None, (), "none", name)


def against_limits_only(condition: Condition) -> bool:
    return all(FACTS[t.fact].kind != "number" or isinstance(t.operand, Limit) for t in tree.tests(condition))


@st.composite
def neighbours(draw: st.DrawFn, world: small.SmallWorld = TINY) -> tuple[Rule, Rule]:
    """Two rules that are near enough to each other to have something to do with each other now and then."""
    tests = small.tests(world).filter(against_limits_only)
    of_options = tests.filter(lambda test: isinstance(test, Test) and FACTS[test.fact].of_option)
    first, second, scope = draw(of_options), draw(of_options), draw(st.one_of(st.just(ALWAYS), tests))
    near = (first, Not(first), Not(first), Not(second), All((Not(first), second)), AnyOf((Not(first), second)), All((first, second)))
    narrower = draw(st.sampled_from((scope, ALWAYS, All((scope, second)))))
    return required("a", scope, first), required("b", narrower, draw(st.sampled_from(near)))


@examples(120)
@given(neighbours())
def test_a_contradiction_is_found_where_brute_force_finds_one(pair: tuple[Rule, Rule]) -> None:
    expected = contradict(*pair)
    assert (("a", "contradicts", "b") in found(*pair, vocabulary=TINY.vocabulary)) == expected


@examples(120)
@given(neighbours())
def test_a_rule_within_another_is_found_where_brute_force_finds_one(pair: tuple[Rule, Rule]) -> None:
    read = [set(facts_of(*conditions_of(rule))) for rule in pair]
    assume(read[0] & read[1])
    states = all_partly_known(*pair)
    judge = Judge(TINY.vocabulary, AS_OF)
    verdicts = [tuple(judge.verdict(rule, state.__getitem__) for rule in pair) for state in states]
    breaches = [tuple(v == "breaches" for v in each) for each in verdicts]
    relations = set(found(*pair, vocabulary=TINY.vocabulary))
    same = all(one == other for one, other in verdicts)
    within = {("b", "subsumes", "a"): (True, False) not in breaches, ("a", "subsumes", "b"): (False, True) not in breaches}
    some = {("b", "subsumes", "a"): any(one for one, _ in breaches), ("a", "subsumes", "b"): any(other for _, other in breaches)}
    assert (("a", "duplicates", "b") in relations) == (same and any(one for one, _ in breaches))
    for link, so in within.items():
        assert (link in relations) == (so and some[link] and not same)


def contradiction(logic: Logic, one: Rule, other: Rule) -> bool:
    def standing(rule: Rule) -> Standing:
        facts = facts_of(*conditions_of(rule))
        sides = [[name for name in facts if FACTS[name].of_option == of_option] for of_option in (False, True)]
        return Standing(rule, logic.verdicts(rule)["breaches"], *sides)

    first, second = standing(one), standing(other)
    return Options(logic, sorted({*first.option_facts, *second.option_facts})).contradiction(first, second) is not None


@examples(60)
@given(neighbours(MIDDLE))
def test_few_values_are_enough_to_find_a_contradiction(pair: tuple[Rule, Rule]) -> None:
    conditions = [c for rule in pair for c in conditions_of(rule)]
    try:
        found_with_all = contradiction(Logic(MIDDLE.vocabulary, AS_OF), *pair)
    except NotDecided:
        assume(False)  # with so many values the turns may not be enough
    assert contradiction(Logic(MIDDLE.vocabulary, AS_OF, conditions, copies=2), *pair) == found_with_all
