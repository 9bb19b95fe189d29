"""A case that was found is written as an example, and reads back to the same case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.audit.logic.logic import Logic
from advisor.audit.logic.solver import z3
from advisor.audit.logic.witness import as_yaml
from advisor.possible import Choice, Interval, Members, Possible, choice, exactly, number
from advisor.rulebook.judge import example_facts
from advisor.rulebook.parse import Parser
from advisor.rulebook.rule import Example
from advisor.strict_yaml import parse
from advisor.vocabulary import Fact, Vocabulary
from tests import small_world as small
from tests.made_up import shipped_vocabulary
from tests.rulebook.made_conditions import examples
from tests.small_world import AS_OF, FACTS, LARGE


def read_back(text: str, vocabulary: Vocabulary) -> dict[str, Possible]:
    """The facts of a printed example, by the parser of rule files; what it leaves out is unknown."""
    document = parse(text, "example.yaml")
    assert not document.faults
    assert isinstance(document.data, list)
    (block,) = document.data
    assert isinstance(block, dict)
    stated = block["given"]
    assert isinstance(stated, dict)
    parser = Parser(document, vocabulary)
    found = {name: parser.possible(vocabulary.facts[name], data, ("given", name), AS_OF) for name, data in stated.items()}
    assert not parser.problems
    return {name: value for name, value in found.items() if value is not None}


def assert_reads_back(given_facts: Mapping[str, Possible], vocabulary: Vocabulary) -> None:
    text = as_yaml(given_facts, vocabulary, "unknown", "made up", AS_OF)
    assert all(len(line) <= 140 for line in text.splitlines())
    facts = example_facts(Example("made up", read_back(text, vocabulary), "unknown"), vocabulary)
    assert {name: facts(name) for name in given_facts} == given_facts


@st.composite
def states(draw: st.DrawFn) -> Mapping[str, Possible]:
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, min_size=1, max_size=5))
    return {name: draw(small.possibles(LARGE, FACTS[name])) for name in names}


def writable(fact: Fact, value: Possible) -> bool:
    """Whether the files can say it: in places, the short name of a group is written out as its countries."""
    if fact.kind != "places" or not isinstance(value, Members) or value == LARGE.vocabulary.unknown(fact):
        return True
    return not value.possible & set(LARGE.vocabulary.places.tokens)


@examples(150)
@given(states())
def test_a_case_reads_back_to_itself(state: Mapping[str, Possible]) -> None:
    assert_reads_back({name: value for name, value in state.items() if writable(FACTS[name], value)}, LARGE.vocabulary)


SHIPPED: Mapping[str, Possible] = {
    "use.data_classes": exactly("personal", "special-category", "us-phi"),
    "use.people_countries": Members(frozenset({"EEA"}), frozenset({"EEA", "DE", "NO"})),
    "use.commercial_use": choice("no"),
    "use.sector": exactly(),
    "use.requests_per_month": Interval(0, 1_000_000),
    "use.residency": choice("anywhere", "listed"),
    "option.context_tokens": Interval(131_072, math.inf),
    "option.usd_per_month": number(0.30000000000000004),
    "option.processing_places": Members(frozenset({"DE"}), frozenset(shipped_vocabulary().places.countries)),
    "option.storage_places": exactly(*shipped_vocabulary().places.countries),
    "option.controlling_country": Choice(shipped_vocabulary().values(shipped_vocabulary().facts["option.controlling_country"]) - {"NO"}),
    "option.human_review": choice("yes", "no"),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_fact_reads_back_to_itself(name: str) -> None:
    assert_reads_back({name: SHIPPED[name]}, shipped_vocabulary())


def test_many_facts_and_long_lists_are_folded() -> None:
    assert_reads_back(SHIPPED, shipped_vocabulary())


def test_the_block_is_in_the_style_of_the_rule_files() -> None:
    facts: dict[str, Possible] = {
        "use.data_classes": exactly("personal"),
        "option.processing_places": Members(frozenset({"DE"}), frozenset({"DE", "NO"})),
        "option.retention_days": Interval(-math.inf, math.inf),
    }
    assert as_yaml(facts, shipped_vocabulary(), "breaches", "Germany, perhaps Norway: a breach", date(2027, 1, 1)) == (
        '- name: "Germany, perhaps Norway: a breach"\n'
        "  as_of: 2027-01-01\n"
        '  given: {option.processing_places: {certain: [DE], possible: [DE, "NO"]}, use.data_classes: [personal]}\n'
        "  verdict: breaches\n"
    )


@pytest.mark.parametrize("name", ["use.data_classes", "use.people_countries", "use.residency_places", "option.context_tokens"])
def test_every_state_the_solver_may_find_can_be_written(name: str) -> None:
    """Whatever is neither settled nor unknown: the solver's own choice of it."""
    logic = Logic(shipped_vocabulary(), AS_OF)
    state = logic.witness(z3.Not(logic.settled([name])), z3.Not(logic.unknown(name)), facts=[name])
    assert state is not None
    assert_reads_back(state, shipped_vocabulary())
