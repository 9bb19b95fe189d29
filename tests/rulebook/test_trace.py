"""The trace of a rule: it says what judge and oracle say, stands beside the numbered reading, and marks what keeps a verdict open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.errors import BrokenInput
from advisor.library import Library
from advisor.possible import Choice, Interval, Members, exactly, number
from advisor.rulebook.condition import ALWAYS, Condition, facts_read
from advisor.rulebook.given import given_facts
from advisor.rulebook.judge import Judge, example_facts
from advisor.rulebook.numbered import reading
from advisor.rulebook.rule import EXAMPLE_DATE, NOT_REVIEWED, Arm, Rule, RuleException, Source
from advisor.rulebook.trace import is_open, trace, walk
from advisor.rulebook.truth import FALSE, TRUE
from advisor.vocabulary import Vocabulary
from tests import small_world as small
from tests.oracle import Oracle
from tests.small_world import FACTS, LARGE

SOURCE = Source("Example Act s. 1", "", "read", None)
CONDITIONS = small.conditions(LARGE, 5)
JUDGE = Judge(LARGE.vocabulary, small.AS_OF)


def exception(name: str, when: Condition, *inner: RuleException) -> RuleException:
    return RuleException(name, f"Exception {name}", when, SOURCE, (), inner)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    arm = Arm(None, None, SOURCE, draw(CONDITIONS), draw(CONDITIONS), {})
    inner = [exception("inner", draw(CONDITIONS))] if draw(st.booleans()) else []
    outer = (exception("outer", draw(CONDITIONS), *inner), exception("other", draw(CONDITIONS))) if draw(st.booleans()) else ()
    return Rule("made-up", "Made up", "require", "X", "t", (arm,), outer, "It is so.", "Change it.", None, (), NOT_REVIEWED, "rules/x.yaml")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules(), st.data())
def test_every_line_says_what_is_true_and_an_open_verdict_has_an_open_test(rule: Rule, data: st.DataObject) -> None:
    known = {name: data.draw(small.possibles(LARGE, FACTS[name])) for name in sorted(rule.facts)}
    found = trace(rule, rule.arms[0], known.__getitem__, LARGE.vocabulary, small.AS_OF)
    oracle = Oracle(LARGE.groups)
    assert found.verdict == oracle.verdict(rule, rule.arms[0], known.__getitem__)
    for node in found.nodes():
        assert node.truth == JUDGE.truth(node.condition, known.__getitem__)
        assert {name for name, _ in node.read} <= set(facts_read(node.condition))
        assert not node.open or is_open(node.truth)
    assert any(node.open for node in found.nodes()) == (found.verdict == "unknown")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules())
def test_the_lines_stand_beside_those_of_the_reading(rule: Rule) -> None:
    unknown = {name: LARGE.vocabulary.unknown(FACTS[name]) for name in rule.facts}
    arm = rule.arms[0]
    found = trace(rule, arm, unknown.__getitem__, LARGE.vocabulary, small.AS_OF)
    sentences = reading(rule, arm, LARGE.vocabulary, small.AS_OF)
    for branch in found.branches:
        if branch.node.condition == ALWAYS:
            continue  # the reading has a sentence of its own for that
        for node in walk(branch.node):
            assert any(node.words in sentence.text for sentence in sentences if sentence.path == node.path)


def test_every_shipped_example_is_traced_to_its_verdict(library: Library) -> None:
    for rule in library.rulebook.rules.values():
        for example in rule.all_examples():
            arm = rule.arm(example.as_of or EXAMPLE_DATE)
            if arm is not None:
                facts = example_facts(example, library.vocabulary)
                found = trace(rule, arm, facts, library.vocabulary, example.as_of or EXAMPLE_DATE)
                assert found.verdict == example.verdict, (rule.id, example.name)


def test_a_decided_group_hides_what_is_open_inside_it(library: Library) -> None:
    rule = library.rulebook.rules["eu-gdpr-44-transfer"]
    given_here = {"use.data_classes": exactly("personal"), "use.people_countries": exactly("DE"), "option.transfer_safeguards": exactly()}
    example = replace(rule.examples[0], given=given_here)
    found = trace(rule, rule.arms[0], example_facts(example, library.vocabulary), library.vocabulary, EXAMPLE_DATE)
    assert found.verdict == "unknown"
    office = next(node for node in found.nodes() if node.read and node.read[0][0] == "use.organisation_country")
    assert is_open(office.truth)
    assert not office.open, "the countries of the people alone bring the rule to bear"
    assert {node.answer for node in found.nodes()} == {"yes", "no", "cannot be decided"}


# ---------------------------------------------------------------------- cases put together by hand
def test_a_case_by_hand_is_read_as_an_example_is(vocabulary: Vocabulary) -> None:
    data: dict[str, object] = {
        "use.data_classes": ["personal"], "option.retention_days": [0, 30], "option.trains_on_prompts": "no",
        "option.processing_places": {"certain": ["DE"], "possible": ["EU"]}, "use.residency": ["listed", "adequate"],
    }  # fmt: skip
    found = given_facts(data, vocabulary, date(2026, 11, 24))
    assert found["use.data_classes"] == exactly("personal")
    assert found["option.retention_days"] == Interval(0, 30)
    assert found["option.trains_on_prompts"] == Choice(frozenset({"no"}))
    assert found["use.residency"] == Choice(frozenset({"listed", "adequate"}))
    places = found["option.processing_places"]
    assert isinstance(places, Members)
    assert places.certain == {"DE"}
    assert len(places.possible) == 27


def test_a_case_by_hand_that_makes_no_sense_says_all_that_is_wrong(vocabulary: Vocabulary) -> None:
    with pytest.raises(BrokenInput) as caught:
        given_facts({"option.retention": 3, "use.sector": ["wealth"], "option.retention_days": "long"}, vocabulary, EXAMPLE_DATE)
    words = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "did you mean 'health'" in words


def test_nothing_is_known_of_what_is_left_out(library: Library) -> None:
    rule = library.rulebook.rules["eu-gdpr-28-processor"]
    example = replace(rule.examples[0], given={"option.retention_days": number(3)})
    found = trace(rule, rule.arms[0], example_facts(example, library.vocabulary), library.vocabulary, EXAMPLE_DATE)
    assert found.verdict == "unknown"
    assert TRUE not in (found.applies, found.requires)
    assert FALSE not in (found.applies, found.requires)
