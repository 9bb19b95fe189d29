"""The list of rules: their laws, whether they are in force, where they stand in review, and what a filter leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from advisor.audit.views.listing import FORCES, REVIEWS, Entry, Wanted, by_place, entries, force, force_words
from advisor.library import Library
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.rule import Review, Rule
from advisor.rulebook.rulebook import Rulebook
from tests.audit import made_editions as made
from tests.conftest import AS_OF


def dated(since: str, until: str | None = None) -> Rule:
    arm = made.arm(since=since)
    arm["in_force"] = {"from": since, **({"until": until} if until else {})}
    return made.rule(arms=[arm])


@pytest.mark.parametrize(
    ("rule", "wanted", "words"),
    [
        (dated("2020-01-01"), "in force", "in force"),
        (dated("2020-01-01", "2030-01-01"), "in force", "in force; changes on 2030-01-01"),
        (dated("2029-01-01"), "coming", "not in force; begins 2029-01-01"),
        (dated("2020-01-01", "2021-01-01"), "ended", "no longer in force"),
    ],
)
def test_a_rule_is_in_force_coming_or_ended(rule: Rule, wanted: str, words: str) -> None:
    assert force(rule, AS_OF) == wanted
    assert force_words(rule, AS_OF) == words


def test_every_shipped_rule_stands_once_under_a_law(library: Library) -> None:
    found = entries(library.rulebook, AS_OF)
    assert sorted(entry.rule.id for entry in found) == sorted(library.rulebook.rules)
    assert {entry.review for entry in found} == {"not reviewed"}
    assert all(entry.law in entry.laws for entry in found)
    grouped = by_place(found)
    assert [entry for laws in grouped.values() for group in laws.values() for entry in group] == found
    transfer = next(entry for entry in found if entry.rule.id == "eu-gdpr-44-transfer")
    assert transfer.law.startswith("Regulation (EU) 2016/679"), "the law of its own folder, whichever others name it"


def test_filters_leave_what_fits_all_of_them(library: Library) -> None:
    found = entries(library.rulebook, AS_OF)

    def left(**wanted: str) -> set[str]:
        return {entry.rule.id for entry in found if Wanted(**wanted).keeps(entry)}

    assert left() == set(library.rulebook.rules)
    assert left(effect="weigh") == {r.id for r in library.rulebook.rules.values() if r.effect == "weigh"}
    assert set.union(*(left(force=value) for value in FORCES)) == left()
    assert left(review="reviewed") == set()
    assert set.union(*(left(review=value) for value in REVIEWS)) == left()
    assert "eu-gdpr-44-transfer" in left(text="ADEQUATE eea", place="EEA", topic="transfers", effect="require")
    assert left(text="transfer_safeguards gdpr") <= left(text="gdpr")
    assert left(text="xyzzy") == set()


def test_the_state_of_review_follows_the_fingerprints() -> None:
    rule = made.rule()
    review = Review("Remy Reviewer", "counsel", date(2026, 11, 1), tree_fingerprint(rule), cite_fingerprint(rule), "all", "", ())
    signed = replace(rule, author="Ada Author", reviews=(review,))

    def state(item: Rule) -> Entry:
        return entries(Rulebook({item.id: item}), AS_OF)[0]

    assert state(signed).review == "reviewed"
    assert state(replace(signed, reviews=(replace(review, tree="0" * 64),))).review == "void"
    assert state(signed).law == "Xx", "the folder, where no law is named"
