"""The solver's reading of rules: verdicts, states that can be, plain cases, and what it refuses to be asked."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from advisor.audit.logic.logic import Logic, conditions_of, different_truths, different_verdicts, facts_of, holds_always
from advisor.audit.logic.solver import NotDecided, z3
from advisor.possible import ANY_NUMBER, Choice, Interval, Members, Possible, choice, exactly, number
from advisor.rulebook.condition import ALWAYS, All, Answer, AnyOf, Condition, Group, Limit, Not, Test, Values
from advisor.rulebook.rule import Effect
from tests.audit.made_rules import VOCABULARY, made
from tests.made_up import shipped_vocabulary

AS_OF = date(2026, 11, 24)
PERSONAL = Test("use.data", "has", Values(("personal",)))
IN_AREA = Test("option.places", "within", Group("area"))
RULE = made("{in_force: {until: 2027-01-01}, source: SOURCE, applies_when: {fact: use.data, has: personal}, "
            "requires: {fact: option.places, within: {group: area}}}")  # fmt: skip


def logic(*conditions: Condition, as_of: date = AS_OF) -> Logic:
    return Logic(VOCABULARY, as_of, conditions)


def plainest(*conditions: Condition, side: str = "must") -> dict[str, Possible] | None:
    """The case that is shown for the first condition; the others are read along."""
    made_for = logic(*conditions)
    return made_for.witness(getattr(made_for.reading(conditions[0]), side), facts=facts_of(*conditions))


# ---------------------------------------------------------------------- verdicts
def test_of_a_rule_every_verdict_has_a_case_and_no_two_share_one() -> None:
    reading = logic(*conditions_of(RULE))
    facts, verdicts = facts_of(*conditions_of(RULE)), reading.verdicts(RULE)
    reached = {verdict for verdict, term in verdicts.items() if reading.possible(term, facts=facts)}
    assert reached == {"complies", "breaches", "unknown", "not_applicable"}
    assert not reading.possible(z3.Not(z3.Or(list(verdicts.values()))), facts=facts)
    assert not reading.possible(z3.Not(z3.AtMost(*verdicts.values(), 1)), facts=facts)


def test_outside_its_arms_a_rule_is_not_in_force_whatever_the_facts() -> None:
    reading = logic(*conditions_of(RULE), as_of=date(2027, 1, 1))
    assert [v for v, term in reading.verdicts(RULE).items() if reading.possible(term, facts=facts_of(*conditions_of(RULE)))] == [
        "not_in_force"
    ]


def test_a_weigh_rule_complies_when_its_points_count() -> None:
    effect: Effect = "weigh"
    reading = logic(*conditions_of(RULE))
    verdicts = reading.verdicts(replace(RULE, effect=effect))
    state = reading.witness(verdicts["complies"], facts=facts_of(*conditions_of(RULE)))
    assert state is not None
    assert state["use.data"] == exactly("personal")
    assert not reading.possible(verdicts["breaches"], facts=facts_of(*conditions_of(RULE)))


def test_rules_and_conditions_that_differ_are_told_apart_by_a_case() -> None:
    wider = replace(RULE, arms=(replace(RULE.arms[0], applies=ALWAYS),))
    reading = logic(*conditions_of(RULE), *conditions_of(wider))
    state = different_verdicts(reading, RULE, wider)
    assert state is not None
    assert isinstance(state["use.data"], Members)
    assert "personal" not in state["use.data"].certain
    assert different_verdicts(reading, RULE, RULE) is None
    assert different_truths(reading, PERSONAL, All((PERSONAL, AnyOf((PERSONAL,))))) is None
    assert different_truths(reading, PERSONAL, Not(PERSONAL)) is not None


def test_what_holds_always_is_known() -> None:
    whole = Test("use.longest", "at_least", Limit(0))
    assert holds_always(logic(whole), whole)
    assert not holds_always(logic(PERSONAL), PERSONAL)


# ---------------------------------------------------------------------- plain cases
@pytest.mark.parametrize(
    ("condition", "fact", "value"),
    [
        (PERSONAL, "use.data", exactly("personal")),
        (Test("use.data", "has", Values(("health",))), "use.data", exactly("health", "personal")),
        (Not(PERSONAL), "use.data", exactly()),
        (IN_AREA, "option.places", exactly()),
        (Not(IN_AREA), "option.places", exactly("US")),
        (Not(Test("option.places", "outside", Group("area"))), "option.places", exactly("DE")),
        (Test("use.home", "one_of", Group("area")), "use.home", choice("DE")),
        (Test("option.days", "above", Limit(30)), "option.days", number(31)),
        (Test("option.days", "at_least", Limit(30)), "option.days", number(30)),
        (Test("option.share", "below", Limit(0.25)), "option.share", number(0)),
        (All((Test("option.share", "above", Limit(0.1)), Test("option.share", "below", Limit(math.nextafter(0.1, 1) + 1e-17)))),
         "option.share", number(math.nextafter(0.1, 1))),
    ],
    ids=lambda value: repr(value)[:60] if isinstance(value, Test | Not | All) else "",  # a set has no fixed order in words
)  # fmt: skip
def test_the_plainest_case_is_shown(condition: Condition, fact: str, value: Possible) -> None:
    assert plainest(condition) == {fact: value}


def test_where_facts_must_be_open_they_are_wholly_unknown_if_that_will_do() -> None:
    reading = logic(IN_AREA)
    formula = reading.reading(IN_AREA)
    state = reading.witness(formula.may, z3.Not(formula.must), facts=["option.places"])
    assert state == {"option.places": Members(frozenset(), frozenset(VOCABULARY.domains["country"]))}


def test_a_fact_that_can_be_known_is_known_beside_one_that_cannot() -> None:
    reading = logic(PERSONAL, IN_AREA)
    formula = reading.reading(IN_AREA)
    state = reading.witness(formula.may, z3.Not(formula.must), facts=["option.places", "use.data"])
    assert state is not None
    assert state["use.data"] == exactly()


def test_the_same_question_has_the_same_answer() -> None:
    condition = All((Not(IN_AREA), Not(Test("option.places", "within", Group("wide"))), PERSONAL))
    assert plainest(condition) == plainest(condition) == {"option.places": exactly("US"), "use.data": exactly("personal")}


def test_any_case_may_be_had_faster() -> None:
    reading = logic(PERSONAL)
    state = reading.witness(reading.reading(PERSONAL).must, facts=["use.data"], plain=False)
    assert state is not None
    assert isinstance(state["use.data"], Members)
    assert "personal" in state["use.data"].certain


# ---------------------------------------------------------------------- states that can be
@pytest.mark.parametrize(
    ("name", "value", "can_be"),
    [
        ("use.longest", number(3), True),
        ("use.longest", number(3.5), False),  # whole days
        ("use.longest", number(-1), False),
        ("use.longest", Interval(0, math.inf), True),
        ("use.longest", ANY_NUMBER, False),  # nothing is below the least
        ("use.longest", Interval(5, 3), False),
        ("option.share", number(0.5), True),
        ("option.share", number(1.5), False),
        ("option.share", Interval(0.25, math.inf), True),
        ("use.home", Choice(frozenset()), False),
        ("use.home", choice("DE", "US"), True),
        ("use.data", exactly("health"), False),  # implies personal data
        ("use.data", Members(frozenset(), frozenset({"health"})), False),
        ("use.data", Members(frozenset({"personal"}), frozenset({"personal", "health"})), True),
        ("use.data", Members(frozenset({"personal"}), frozenset()), False),
        ("option.places", exactly(), True),
    ],
)
def test_a_state_is_one_that_what_is_known_can_have(name: str, value: Possible, can_be: bool) -> None:
    reading = Logic(VOCABULARY, AS_OF)
    assert reading.possible(reading.fixed(name, value), facts=[name]) == can_be


def test_in_places_the_short_name_of_a_group_is_left_over_only_where_nothing_is_known() -> None:
    vocabulary = shipped_vocabulary()
    reading, name = Logic(vocabulary, AS_OF), "use.residency_places"
    everywhere = frozenset(vocabulary.places.countries)
    assert reading.possible(reading.unknown(name), facts=[name])
    assert reading.possible(reading.fixed(name, exactly(*everywhere)), facts=[name])
    assert not reading.possible(reading.fixed(name, exactly("EEA")), facts=[name])
    assert not reading.possible(reading.fixed(name, Members(frozenset({"DE"}), everywhere | {"EU", "EEA"})), facts=[name])


TESTED = [f.name for f in shipped_vocabulary().facts.values() if f.kind == "number" or shipped_vocabulary().values(f)]


@pytest.mark.parametrize("name", TESTED)
def test_of_every_shipped_fact_all_may_be_known_and_nothing(name: str) -> None:
    reading = Logic(shipped_vocabulary(), AS_OF)
    assert reading.possible(reading.unknown(name), facts=[name])
    state = reading.witness(facts=[name])
    assert state is not None
    assert reading.possible(reading.fixed(name, state[name]), reading.settled([name]), facts=[name])


def test_facts_that_no_rule_tests_have_no_state() -> None:
    assert Logic(shipped_vocabulary(), AS_OF).witness(facts=["use.owner"]) == {}


# ---------------------------------------------------------------------- what it refuses
def test_a_test_that_it_was_not_made_for_is_refused() -> None:
    with pytest.raises(ValueError, match="not among the conditions"):
        logic(PERSONAL).reading(IN_AREA)


def test_a_value_that_it_does_not_look_at_is_refused_unless_it_is_named() -> None:
    vocabulary = shipped_vocabulary()
    eea = Test("option.processing_places", "within", Group("eea"))
    value = exactly("MT")
    with pytest.raises(ValueError, match="not told apart"):
        Logic(vocabulary, AS_OF, [eea]).fixed("option.processing_places", value)
    named = Logic(vocabulary, AS_OF, [eea], apart=["MT"])
    assert named.possible(named.fixed("option.processing_places", value), named.reading(eea).must, facts=["option.processing_places"])


@pytest.mark.parametrize(("name", "value"), [("use.home", choice("XX")), ("option.days", Interval(math.inf, math.inf))])
def test_a_value_that_the_fact_cannot_have_is_refused(name: str, value: Possible) -> None:
    with pytest.raises(ValueError, match=r"has no value|cannot end"):
        Logic(VOCABULARY, AS_OF).fixed(name, value)


@pytest.mark.parametrize(
    "test",
    [
        Test("option.days", "has", Limit(3)),
        Test("option.days", "within", Answer("longest")),
        Test("option.terms", "is", Values(("seal",))),
        Test("use.data", "at_most", Answer("data")),
        Test("option.places", "above", Answer("home")),
    ],
)
def test_an_operator_of_another_kind_is_refused(test: Test) -> None:
    with pytest.raises(TypeError):
        Logic(VOCABULARY, AS_OF).reading(test)


def test_a_question_that_takes_too_long_is_not_decided() -> None:
    reading = Logic(VOCABULARY, AS_OF, conditions_of(RULE), effort=1)
    with pytest.raises(NotDecided, match="gave up"):
        reading.possible(reading.verdicts(RULE)["breaches"], facts=facts_of(*conditions_of(RULE)))
