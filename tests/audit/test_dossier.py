"""What an auditor asks about one rule: time, facts, examples side by side, relations, waivers."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from advisor.audit.views.dossier import (
    NOT_KNOWN,
    all_examples,
    facts_used,
    neighbours,
    provisions_of,
    related,
    shortened,
    span_words,
    timeline,
    truth_table,
    values_words,
    waivers_of,
)
from advisor.library import Library
from advisor.rulebook.rule import Related
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import Person, Waiver
from tests.audit.made_rules import TRANSFER, VOCABULARY, made, rule
from tests.conftest import AS_OF


def test_the_timeline_holds_arms_and_the_gaps_between_them() -> None:
    spans = ("{from: 2020-01-01, until: 2021-01-01}", "{from: 2022-01-01, until: 2027-01-01}", "{from: 2027-01-01}")
    arms = ", ".join(f"{{in_force: {s}, source: SOURCE, applies_when: {{all: []}}, requires: {{all: []}}}}" for s in spans)
    found = timeline(made(arms), AS_OF)
    assert [(stretch.arm is None, stretch.when) for stretch in found] == [
        (False, "past"),
        (True, "past"),
        (False, "now"),
        (False, "coming"),
    ]
    assert span_words(found[2].since, found[2].until) == "from 1 January 2022 up to and including 31 December 2026"
    assert span_words(None, None) == "since ever, no end is set"
    assert all(before.until == after.since for before, after in itertools.pairwise(found))


def test_the_facts_say_who_supplies_them_and_what_asks_for_them(library: Library) -> None:
    item = library.rulebook.rules["eu-gdpr-44-transfer"]
    found = {used.fact.name: used for used in facts_used(item, library.vocabulary, library.questions)}
    assert set(found) == set(item.facts)
    assert (found["use.data_classes"].supplied_by, found["use.data_classes"].asks) == ("you", "What information will the AI see?")
    assert found["option.storage_places"].supplied_by == "the host"
    assert found["option.premises"].read_by == ("exception",)
    assert found["option.storage_places"].read_by == ("requirement", "duty")
    assert values_words(library.vocabulary.facts["option.retention_days"]) == "a number (days)"
    for other in library.rulebook.rules.values():
        for used in facts_used(other, library.vocabulary, library.questions):
            assert used.asks or used.supplied_by in ("the catalogue", "worked out"), (other.id, used.fact.name)


def test_the_examples_stand_side_by_side() -> None:
    examples = (
        "[{name: known, given: {use.data: [health], option.places: [DE], option.terms: []}, verdict: complies}, "
        "{name: half known, given: {use.data: [personal], option.places: {certain: [US], possible: [US, DE]}}, verdict: unknown}]"
    )
    item = rule(TRANSFER.split("examples:", maxsplit=1)[0] + f"examples: {examples}\nreview: not yet reviewed by a lawyer\n")
    found = truth_table(item, VOCABULARY)
    assert [fact.name for fact in found.facts] == ["use.data", "option.places", "option.terms"]
    first, second = (line.cells for line in found.lines)
    assert first[0] == "personal data and health data"
    assert first[1:] == ("Germany", "none")
    assert second[1].endswith("(partly known)")
    assert second[2] == NOT_KNOWN
    assert [line.number for line in found.lines] == [1, 2]


def test_every_shipped_example_has_a_line(library: Library) -> None:
    for item in library.rulebook.rules.values():
        found = truth_table(item, library.vocabulary)
        assert [line.example for line in found.lines] == list(item.all_examples()), item.id
        assert [example for _, example in all_examples(item)] == list(item.all_examples())
        assert all(len(line.cells) == len(found.facts) for line in found.lines)


def test_relations_read_from_both_sides() -> None:
    first, second = rule(TRANSFER), made("{in_force: {from: 2020-01-01}, source: SOURCE, applies_when: {all: []}, requires: {all: []}}")
    first = replace(first, related=(Related(second.id, "subsumes", "It is wider."),))
    book = Rulebook({first.id: first, second.id: second})
    assert [(item.rule, item.words) for item in related(first, book)] == [(second.id, "also covers all cases of")]
    assert [(item.rule, item.words) for item in related(second, book)] == [(first.id, "is covered whole by")]


def test_provisions_lead_to_the_rules_beside(library: Library) -> None:
    item = library.rulebook.rules["eu-gdpr-44-transfer"]
    assert all(item.id in provision.rules for provision in provisions_of(item, library.rulebook))
    assert item not in neighbours(item, library.rulebook)


def test_waivers_say_why_they_hold_nothing() -> None:
    item = rule(TRANSFER)
    author, approver = Person("Ada Author", "architect"), Person("Bo Boss", "head of risk")
    days = date(2026, 1, 1), date(2026, 12, 1)
    live = Waiver("w-1", item.id, None, ("m@h/*",), "a use", "A reason that is long", "Another control", author, approver, *days, "w.yaml")
    gone = replace(live, id="w-2", expires=date(2026, 2, 1))
    other = replace(live, id="w-3", rule="another")
    found = waivers_of(item, Rulebook({item.id: item}, waivers=(live, gone, other)), AS_OF)
    assert [(waiver.id, bool(void)) for waiver, void in found] == [("w-1", False), ("w-2", True)]


def test_long_text_is_cut_at_a_word() -> None:
    assert shortened("short") == "short"
    assert shortened("one two three", 8) == "one two …"
    assert shortened("x" * 90, 10).endswith("…")
