"""The rules as shipped: every printed example is true, and nothing is missing."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache

import pytest

from advisor.library import load_library
from advisor.rulebook.condition import facts_read
from advisor.rulebook.english import English
from advisor.rulebook.judge import example_facts, example_verdict
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Rule
from tests.oracle import Oracle

LIBRARY = load_library()
RULES = list(LIBRARY.rulebook.rules.values())


@cache
def oracle(as_of: date) -> Oracle:
    places = LIBRARY.vocabulary.places
    return Oracle({name: places.elements(name, as_of) for name in places.groups})


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(rule, ex, id=f"{rule.id}: {ex.name}") for rule in RULES for ex in rule.all_examples()]
)
def test_every_printed_example_is_true(rule: Rule, example: Example) -> None:
    assert example_verdict(rule, example, LIBRARY.vocabulary, EXAMPLE_DATE) == example.verdict
    as_of = example.as_of or EXAMPLE_DATE
    assert oracle(as_of).verdict(rule, rule.arm(as_of), example_facts(example, LIBRARY.vocabulary)) == example.verdict


def test_every_require_rule_shows_all_four_verdicts() -> None:
    needed = {"complies", "breaches", "not_applicable", "unknown"}
    assert {rule.id for rule in RULES if rule.effect == "require" and not needed <= {ex.verdict for ex in rule.all_examples()}} == set()


def test_there_are_at_least_25_rules_in_force() -> None:
    assert sum(rule.arm(EXAMPLE_DATE) is not None for rule in RULES) >= 25
    assert {rule.effect for rule in RULES} == {"require", "mitigate", "advise", "weigh"}


def test_every_exception_has_an_example_in_which_it_changes_the_verdict() -> None:
    lonely = [
        f"{rule.id}/{e.id}" for rule in RULES for e in rule.all_exceptions() if not any(ex.verdict == "not_applicable" for ex in e.examples)
    ]
    nested = {f"{rule.id}/{inner.id}" for rule in RULES for outer in rule.all_exceptions() for inner in outer.exceptions}
    assert set(lonely) <= nested  # an exception to an exception brings the rule back


def test_no_rule_claims_a_review_that_nobody_made() -> None:
    assert Counter(rule.review for rule in RULES) == {"not yet reviewed by a lawyer": len(RULES)}


def test_no_two_rules_read_alike() -> None:
    english = English(LIBRARY.vocabulary)
    read_as = Counter(
        (english.sentence(rule.applies(arm)), english.sentence(arm.requires), rule.effect, str(sorted(arm.points.items())))
        for rule in RULES
        if (arm := rule.arm(EXAMPLE_DATE))
    )
    assert [words for words, count in read_as.items() if count > 1] == []


def test_every_arm_names_a_source_and_read_sources_have_an_address() -> None:
    law = [rule for rule in RULES if not rule.id.startswith(("own-", "weigh-"))]
    assert [rule.id for rule in law for arm in rule.arms if not arm.source.url] == []
    assert [rule.id for rule in RULES for arm in rule.arms if not arm.source.cite] == []


def test_every_reason_can_be_filled_with_facts_the_rule_reads() -> None:
    """A reason that speaks of a fact which the rule does not read would explain nothing; model and host only name the option."""
    names = {"option.model", "option.host"}
    strangers = {}
    for rule in (rule for rule in RULES if rule.effect == "require"):
        read_facts = {name for arm in rule.arms for c in (rule.applies(arm), arm.requires) for name in facts_read(c)}
        if extra := set(re.findall(r"\{((?:use|option)\.[a-z_]+)\}", rule.reason)) - read_facts - names:
            strangers[rule.id] = extra
    assert strangers == {}
