"""SQL, the explaining judge and the oracle say the same of random conditions; and the oracle is right about the worlds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.assessment import assess
from advisor.possible import Choice, Interval, Members, Possible, choice, exactly
from advisor.rulebook.condition import OPERATORS_BY_KIND, All, Answer, Condition, Limit, Operator, Test, Values, facts_read
from advisor.rulebook.encoding import layouts
from advisor.rulebook.judge import Judge, verdict_of
from advisor.rulebook.rule import Arm, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.truth import Truth, truth
from advisor.vocabulary import Fact
from tests import small_world as small
from tests.oracle import Oracle, holds, may_test, must_test, ways, worlds
from tests.rulebook.made_conditions import ORACLE, SOURCE, examples, judged, ruled, sql_truths, table_of
from tests.small_world import AS_OF, FACTS, LARGE, TINY, Situation


# ---------------------------------------------------------------------- truths
def assert_readings_agree(conditions: Sequence[Condition], situation: Situation) -> None:
    judge, table = Judge(LARGE.vocabulary, AS_OF), table_of(situation)
    for condition in conditions:
        expected = [Truth(ORACLE.must(condition, facts), ORACLE.may(condition, facts)) for facts in situation.facts()]
        assert [judge.truth(condition, facts) for facts in situation.facts()] == expected
        assert sql_truths(condition, table, situation.said) == expected


@examples(300)
@given(judged(most=6))
def test_sql_judge_and_oracle_agree(case: tuple[Sequence[Condition], Situation]) -> None:
    assert_readings_agree(*case)


@pytest.mark.soak
@examples(5_000)
@given(judged(most=20))
def test_sql_judge_and_oracle_agree_for_long(case: tuple[Sequence[Condition], Situation]) -> None:
    assert_readings_agree(*case)


@pytest.mark.parametrize(
    ("fact", "operator"), [pytest.param(f, op, id=f"{f.name} {op}") for f in FACTS.values() for op in OPERATORS_BY_KIND[f.kind]]
)
@examples(10)
@given(data=st.data())
def test_every_operator_reads_alike_on_every_fact(fact: Fact, operator: Operator, data: st.DataObject) -> None:
    conditions = [Test(fact.name, operator, data.draw(small.operands(LARGE, fact, operator))) for _ in range(4)]
    read = [name for condition in conditions for name in facts_read(condition)]
    assert_readings_agree(conditions, data.draw(small.situations(LARGE, read)))


# ---------------------------------------------------------------------- verdicts
def assert_verdicts_agree(rulebook: Sequence[Rule], situation: Situation) -> None:
    book = Rulebook({rule.id: rule for rule in rulebook})
    assessment = assess(small.answers(LARGE, situation.said), table_of(situation), book, AS_OF, situation.derived)
    judge = Judge(LARGE.vocabulary, AS_OF)
    live = {item.rule.id: number for number, item in enumerate(assessment.rules)}
    for rule in rulebook:
        arm = next((a for a in rule.arms if (a.since or date.min) <= AS_OF < (a.until or date.max)), None)
        for position, facts in enumerate(situation.facts()):
            expected = ORACLE.verdict(rule, arm, facts)
            engine = assessment.verdict(live[rule.id], position) if rule.id in live else "not_in_force"
            assert (engine, judge.verdict(rule, facts)) == (expected, expected)


@examples(150)
@given(ruled())
def test_engine_judge_and_oracle_give_one_verdict(case: tuple[Sequence[Rule], Situation]) -> None:
    assert_verdicts_agree(*case)


@pytest.mark.soak
@examples(5_000)
@given(ruled())
def test_engine_judge_and_oracle_give_one_verdict_for_long(case: tuple[Sequence[Rule], Situation]) -> None:
    assert_verdicts_agree(*case)


@pytest.mark.parametrize("applies", [Truth(False, False), Truth(False, True), Truth(True, True)], ids=["no", "maybe", "yes"])
@pytest.mark.parametrize("requires", [Truth(False, False), Truth(False, True), Truth(True, True)], ids=["no", "maybe", "yes"])
def test_the_verdict_follows_from_scope_and_requirement(applies: Truth, requires: Truth) -> None:
    table = {
        ("no", "no"): "not_applicable", ("no", "unknown"): "not_applicable", ("no", "yes"): "not_applicable",
        ("unknown", "no"): "unknown", ("unknown", "unknown"): "unknown", ("unknown", "yes"): "complies",
        ("yes", "no"): "breaches", ("yes", "unknown"): "unknown", ("yes", "yes"): "complies",
    }  # fmt: skip
    assert verdict_of(applies, requires) == table[applies.word, requires.word]


# ---------------------------------------------------------------------- the oracle against the worlds
MOST_WORLDS = 20_000


@st.composite
def tiny(draw: st.DrawFn, conditions: st.SearchStrategy[Condition]) -> tuple[Condition, Mapping[str, Possible]]:
    """A condition and what is possible of the facts it reads, where there are few enough worlds to visit all."""
    condition = draw(conditions)
    facts = {name: draw(small.possibles(TINY, FACTS[name])) for name in facts_read(condition)}
    assume(ways(facts, TINY.numbers) <= MOST_WORLDS)
    return condition, facts


@examples(300)
@given(tiny(small.conditions(TINY, 4)))
def test_what_must_hold_holds_in_every_world_and_what_may_not_in_none(case: tuple[Condition, Mapping[str, Possible]]) -> None:
    condition, facts = case
    oracle = Oracle(TINY.groups)
    in_worlds = [holds(condition, world, TINY.groups) for world in worlds(facts, TINY.numbers)]
    assert not oracle.must(condition, facts.__getitem__) or all(in_worlds), "it must hold, and there is a world in which it does not"
    assert oracle.may(condition, facts.__getitem__) or not any(in_worlds), "it may not hold, and there is a world in which it does"


@examples(300)
@given(tiny(small.tests(TINY)))
def test_of_a_single_test_the_oracle_is_never_too_cautious(case: tuple[Condition, Mapping[str, Possible]]) -> None:
    test, facts = case
    assert isinstance(test, Test)
    assume(
        not (isinstance(test.operand, Answer) and test.operand.fact == test.fact)
    )  # both sides are one unknown: no table of single tests sees that
    oracle = Oracle(TINY.groups)
    in_worlds = [holds(test, world, TINY.groups) for world in worlds(facts, TINY.numbers)]
    assert oracle.must(test, facts.__getitem__) == all(in_worlds)
    assert oracle.may(test, facts.__getitem__) == any(in_worlds)


# ---------------------------------------------------------------------- the rows of the table, one by one
Row: TypeAlias = tuple[Possible, Operator, Possible, bool, bool]
SOME = Members(frozenset({"a"}), frozenset({"a", "b"}))
ROWS: list[Row] = [
    (Interval(1, 3), "at_most", Interval(3, 3), True, True),
    (Interval(1, 3), "at_most", Interval(2, 2), False, True),
    (Interval(1, 3), "below", Interval(3, 3), False, True),
    (Interval(3, 4), "below", Interval(3, 3), False, False),
    (Interval(1, 3), "at_least", Interval(1, 2), False, True),
    (Interval(1, 3), "above", Interval(3, 3), False, False),
    (Interval(-math.inf, math.inf), "at_most", Interval(5, 5), False, True),
    (choice("a", "b"), "one_of", exactly("a", "b"), True, True),
    (choice("a", "b"), "one_of", exactly("a"), False, True),
    (choice("a"), "is", choice("a", "b"), False, True),
    (choice("a"), "one_of", exactly(), False, False),
    (SOME, "has", exactly("a"), True, True),
    (SOME, "has", exactly("b"), False, True),
    (SOME, "has", exactly("c"), False, False),
    (SOME, "has_all", exactly("a", "b"), False, True),
    (SOME, "has_all", exactly(), True, True),
    (SOME, "has_any", exactly(), False, False),
    (SOME, "has_all", SOME, False, True),
    (SOME, "has_any", SOME, True, True),
    (SOME, "within", exactly("a", "b"), True, True),
    (SOME, "within", exactly("a"), False, True),
    (SOME, "within", exactly("b"), False, False),
    (exactly(), "within", exactly(), True, True),
    (SOME, "outside", exactly("b"), False, True),
    (SOME, "outside", exactly("a"), False, False),
    (exactly("a"), "within", choice("a"), True, True),
    (exactly("a", "b"), "within", choice("a"), False, False),
    (exactly("a"), "within", choice("a", "b"), False, True),
    (exactly("a"), "outside", choice("a"), False, False),
    (exactly("a"), "outside", choice("b", "c"), True, True),
]


def words(value: Possible) -> str:
    match value:
        case Interval(lo, hi):
            return f"{lo:g}..{hi:g}"
        case Choice(possible):
            return "or".join(sorted(possible))
        case Members(certain, possible):
            return "{" + ",".join(v if v in certain else f"{v}?" for v in sorted(possible)) + "}"


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{words(row[0])} {row[1]} {words(row[2])}") for row in ROWS])
def test_a_row_of_the_table_reads_as_written_by_hand(row: Row) -> None:
    fact, operator, operand, must, may = row
    assert (must_test(fact, operator, operand), may_test(fact, operator, operand)) == (must, may)
    assert truth(fact, operator, operand) == Truth(must, may)


# ---------------------------------------------------------------------- bit masks
UNKNOWN = Situation(
    ({n: LARGE.vocabulary.unknown(FACTS[n]) for n in small.OF_OPTIONS},), {n: LARGE.vocabulary.unknown(FACTS[n]) for n in small.OF_ANSWERS}
)


def test_a_large_vocabulary_takes_several_words() -> None:
    layout = layouts(LARGE.vocabulary)["option.tags"]
    assert layout.words == 3
    assert layout.columns == ("tags_c0", "tags_c1", "tags_c2", "tags_p0", "tags_p1", "tags_p2")


@given(st.frozensets(st.sampled_from(sorted(LARGE.vocabulary.domains["colours"]))))
def test_a_set_is_read_back_from_its_mask(values: frozenset[str]) -> None:
    layout = layouts(LARGE.vocabulary)["option.tags"]
    masks = layout.masks(values)
    assert all(0 <= mask < 2**62 for mask in masks)
    assert {v for v, bit in layout.bits.items() if masks[bit // 62] >> (bit % 62) & 1} == values


def test_an_empty_table_has_no_verdicts_and_does_not_fail() -> None:
    arm = Arm(None, None, SOURCE, All(()), Test("option.size", "at_most", Limit(1)), {})
    rule = Rule("a", "A made-up rule", "require", "XX", "none", (arm,), (), "reason", "remedy", None, (), "none", "a")
    nothing = Situation((), UNKNOWN.said)
    assessment = assess(small.answers(LARGE, nothing.said), table_of(nothing), Rulebook({"a": rule}), AS_OF, nothing.derived)
    assert assessment.verdicts.shape == (1, 0)
    assert assessment.standing.shape == (0,)


@pytest.mark.parametrize("values", [(), ("c000",), ("c000", "c062", "c124")], ids=["none", "one", "one in each word"])
def test_a_choice_is_stored_and_asked_across_words(values: tuple[str, ...]) -> None:
    options = tuple({**UNKNOWN.options[0], "option.colour": Choice(frozenset({colour}))} for colour in LARGE.colours)
    found = sql_truths(Test("option.colour", "one_of", Values(values)), table_of(Situation(options, UNKNOWN.said)), UNKNOWN.said)
    assert [answer.must for answer in found] == [colour in values for colour in LARGE.colours]
