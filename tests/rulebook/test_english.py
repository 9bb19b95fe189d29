"""What a rule says in English: no two conditions read alike, every sentence knows its place, and the terms are those of the date."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.library import Library
from advisor.possible import Interval
from advisor.rulebook.condition import (
    Answer,
    Condition,
    Group,
    Limit,
    Not,
    Test,
    Values,
)
from advisor.rulebook.english import English, exact, quantity
from advisor.rulebook.load import read_rule
from advisor.rulebook.numbered import Sentence, numeral, outlined, reading
from advisor.rulebook.rule import Rule
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary
from tests.conftest import Advisor
from tests.made_up import shipped_vocabulary
from tests.rulebook.made_conditions import examples
from tests.small_world import LARGE, conditions

AS_OF = date(2026, 11, 24)
SHIPPED = shipped_vocabulary().with_domains(model={"m": "Model M"}, host={"h": "Host H", "g": "Host G"}, licence={"l": "MIT"})


def outline(condition: Condition, vocabulary: Vocabulary) -> list[tuple[int, str]]:
    return English(vocabulary).outline(condition)


# ---------------------------------------------------------------------- clauses
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Test("option.retention_days", "at_most", Limit(30)), "the retention of prompts and answers is at most 30 days"),
        (Test("option.retention_days", "at_most", Limit(1)), "the retention of prompts and answers is at most 1 day"),
        (Test("use.annual_revenue_usd", "above", Limit(20_000_000)), "your yearly revenue is more than 20,000,000 US dollars a year"),
        (Test("use.batch_share", "at_least", Limit(0.3)), "the share of work that can wait is at least 30%"),
        (Test("use.peak_factor", "above", Limit(2.5)), "the peak factor is more than 2.5 times the average hour"),
        (
            Test("option.processing_places", "within", Group("eea")),
            "the places of processing all lie in the European Economic Area",
        ),
        (
            Not(Test("option.processing_places", "outside", Values(("US", "BA")))),
            "at least one of the places of processing lies in “Bosnia and Herzegovina” or the United States",
        ),
        (
            Test("use.people_countries", "has", Values(("EEA",))),
            "the countries of the people in the data include the European Economic Area as a whole (“EEA”)",
        ),
        (
            Not(Test("option.contract_offers", "has_any", Values(("dpa", "baa")))),
            "the contract terms on offer include none of a data-processing agreement and a HIPAA business associate agreement",
        ),
        (
            Test("option.certificates", "has_all", Answer("attestations")),
            "the verified certificates of the service include all of the attestations you demand",
        ),
        (Test("option.trains_on_prompts", "is", Values(("no",))), "the host does not train models on your prompts"),
        (Test("use.decision_role", "is", Values(("decides-alone",))), "the role in decisions about people is “decides alone”"),
        (
            Test("option.controlling_country", "is", Answer("organisation_country")),
            "the country that controls the host is the same as your main office's country",
        ),
    ],
)  # fmt: skip
def test_a_test_reads_as_a_clause(condition: Condition, words: str) -> None:
    assert outline(condition, SHIPPED) == [(0, words)]
    assert English(SHIPPED).sentence(condition) == words


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
@example(1000.4, 1000.0)
@example(1e15, 1e15 + 0.125)
def test_numbers_of_rules_keep_every_digit(left: float, right: float) -> None:
    assert (exact(left) == exact(right)) == (repr(left) == repr(right))


def test_a_range_is_said_with_its_unit() -> None:
    english = English(SHIPPED)
    days = SHIPPED.facts["option.retention_days"]
    assert english.value(days, Interval(7, 30)) == "between 7 and 30 days"
    assert quantity(1234567, "tokens") == "1,234,567 tokens"


# ---------------------------------------------------------------------- numbered sentences
RULE = """
id: made-up-transfer
title: Personal data stays in the EEA unless clauses are signed
effect: require
place: EEA
topic: transfers
arms:
  - in_force: {until: 2020-01-01}
    source: {cite: Example Act s. 1, url: "", checked: memory}
    requires: {all: []}
  - in_force: {from: 2020-01-01, until: 2030-01-01}
    source: {cite: Example Act s. 1, url: "", checked: read}
    applies_when:
      all:
        - {fact: use.data_classes, has: personal}
        - any:
            - {fact: use.organisation_country, one_of: {group: eea}}
            - {fact: use.people_countries, has_any: {group: eea}}
            - {fact: use.sector, has: health}
    requires:
      any:
        - not: {not: {all: [{fact: option.processing_places, within: {group: eu-adequate}}]}}
        - {fact: option.transfer_safeguards, has: scc}
exceptions:
  - id: own
    title: Own machines
    when: {fact: option.premises, is: own}
    source: {cite: Example Act s. 2, url: "", checked: read}
    examples: [{name: own, given: {option.premises: own}, verdict: not_applicable}]
    exceptions:
      - id: abroad
        title: Own machines abroad
        when: {not: {any: [{fact: option.mode, is: self-hosted}, {fact: option.storage_places, outside: [US]}]}}
        source: {cite: Example Act s. 3, url: "", checked: read}
        examples: [{name: abroad, given: {option.premises: own}, verdict: unknown}]
reason: No.
remedy: Choose another.
obligation: {text: Sign the clauses., when: {fact: option.mode, is: closed-api}, done_when: {fact: use.agreements, has: scc}}
examples: [{name: one, given: {}, verdict: unknown}]
review: not yet reviewed by a lawyer
"""


def rule(text: str = RULE) -> Rule:
    return read_rule(parse(text, "made-up/rule.yaml"), SHIPPED)


def lines(sentences: tuple[Sentence, ...]) -> list[str]:
    return [f"{'  ' * s.depth}{s.number} {s.text}" for s in sentences]


def test_a_rule_reads_as_numbered_sentences() -> None:
    told = reading(rule(), rule().arms[1], SHIPPED, AS_OF)
    assert lines(told)[:16] == [
        "1. This rule is in force from 1 January 2020 up to and including 31 December 2029.",
        "2. It applies when all of these hold:",
        "  (a) the data includes personal data; and",
        "  (b) at least one of these holds:",
        "    (i) your main office's country lies in the European Economic Area;",
        "    (ii) the countries of the people in the data include a country of the European Economic Area; or",
        "    (iii) your sectors include health care.",
        "3. It then requires that at least one of these holds:",
        "  (a) the places of processing all lie in “the EEA and the countries with an EU adequacy decision”; or",
        "  (b) the transfer safeguards on offer include standard contractual clauses.",
        "4. An option that does not meet this may not be used; where it is not known whether one does, it stays unconfirmed.",
        "5. It does not apply (exception “own”: Example Act s. 2) when the place that runs the model is your own premises.",
        "6. The exception “own” does not count (exception “abroad”: Example Act s. 3) when none of these holds:",
        "  (a) the way of running is self-hosted open weights; or",
        "  (b) none of the places of storage lies in the United States.",
        "7. Where it is met, a duty may stand: Sign the clauses.",
    ]


def test_every_sentence_names_the_place_it_says() -> None:
    told = reading(rule(), rule().arms[1], SHIPPED, AS_OF)
    places = [s.path for s in told if s.path]
    assert places[1:10] == [
        "arms[1].applies_when",
        "arms[1].applies_when.all[0]",
        "arms[1].applies_when.all[1]",
        "arms[1].applies_when.all[1].any[0]",
        "arms[1].applies_when.all[1].any[1]",
        "arms[1].applies_when.all[1].any[2]",
        "arms[1].requires",
        "arms[1].requires.any[0].not.not.all[0]",
        "arms[1].requires.any[1]",
    ]
    assert "exceptions[0].exceptions[0].when.not.any[1]" in places
    assert "obligation.done_when" in places


def test_an_arm_that_asks_nothing_and_was_cited_from_memory_says_so() -> None:
    told = lines(reading(rule(), rule().arms[0], SHIPPED, AS_OF))
    assert told[:3] == [
        "1. This rule is in force up to and including 31 December 2019.",
        "2. It applies in every case.",
        "3. It then asks nothing of the option itself.",
    ]
    memory = rule(RULE.replace("checked: read}\n    applies_when", "checked: memory}\n    applies_when"))
    assert any("stays unconfirmed and is not excluded" in line for line in lines(reading(memory, memory.arms[1], SHIPPED, AS_OF)))


def test_terms_say_what_a_group_means_on_the_date() -> None:
    def terms_on(day: date) -> list[str]:
        return [s.text for s in reading(rule(), rule().arms[1], SHIPPED, day) if not s.path]

    told = terms_on(AS_OF)
    assert told[0] == "Terms, as they stand on 24 November 2026:"
    (eea,) = [text for text in told if text.startswith("“the European Economic Area” means")]
    assert "the countries of “the European Union”, Iceland, Liechtenstein and Norway (Agreement on the European Economic Area" in eea
    adequate = "“the EEA and the countries with an EU adequacy decision” means"
    (now,) = [text for text in told if text.startswith(adequate)]
    assert "the United Kingdom, up to and including 27 December 2031" in now
    (later,) = [text for text in terms_on(date(2032, 1, 1)) if text.startswith(adequate)]
    assert "United Kingdom" not in later
    (before,) = [text for text in terms_on(date(2026, 1, 1)) if text.startswith(adequate)]
    assert "from 26 January 2026 also Brazil" in before
    assert any(text.startswith("“personal data” covers also") and "“data of children”" in text for text in told)


@examples(200)
@given(conditions(LARGE))
def test_numbered_sentences_say_the_outline_and_end_well(condition: Condition) -> None:
    told = outlined(condition, LARGE.vocabulary, "It applies when", "arms[0].applies_when")
    plain = [(s.depth, re.sub(r"(; and|; or|;|\.)$", "", s.text).removeprefix("It applies when ")) for s in told]
    assert plain == outline(condition, LARGE.vocabulary)
    assert len({s.path for s in told}) == len(told)
    assert [s.text.endswith(".") for s in told] == [n == len(told) - 1 for n in range(len(told))] or told[-1].text.endswith(":")


def test_numbers_of_parts() -> None:
    assert [numeral(n, 1) for n in (0, 25, 26)] == ["(a)", "(z)", "(aa)"]
    assert [numeral(3, depth) for depth in (1, 2, 3, 4, 5)] == ["(d)", "(iv)", "(D)", "(4)", "(d)"]
    assert len({numeral(n, 2) for n in range(60)}) == 60


def test_the_command_shows_the_numbered_sentences(advisor: Advisor) -> None:
    shown = advisor("rules", "show", "own-retention", "--as-of", "2026-11-24")
    words = " ".join(shown.out.split())
    assert "3. It then requires that the retention of prompts and answers is at most the longest retention you allow." in words
    (arm,) = advisor("rules", "show", "own-retention", "--as-of", "2026-11-24", "--format", "json").json["reading"]
    assert {"number": "3.", "depth": 0, "path": "arms[0].requires"}.items() <= arm["sentences"][2].items()


def test_every_shipped_rule_reads_in_sentences(library: Library) -> None:
    for shipped in library.rulebook.rules.values():
        for arm in shipped.arms:
            told = reading(shipped, arm, library.vocabulary, AS_OF)
            assert all(re.search(r"[.:;”]$|; and$|; or$", s.text) for s in told), shipped.id
            assert not any(re.search(r"\b(is is|are is|the the|a a)\b|  |None|\{\w+\.", s.text) for s in told), shipped.id
            assert len({s.path for s in told if s.path}) >= 3
