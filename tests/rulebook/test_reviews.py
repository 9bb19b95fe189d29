"""Reviews: a sign-off holds for the conditions and the citation that were signed, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from advisor.errors import BrokenInput
from advisor.library import load_library
from advisor.rulebook.condition import All, AnyOf, Limit, Not, Test, Values
from advisor.rulebook.fingerprint import as_data, cite_fingerprint, tree_fingerprint
from advisor.rulebook.load import read_rule
from advisor.rulebook.reviews import SourceClass, class_of, due_on, standing_reviews, state, words
from advisor.rulebook.rule import NOT_REVIEWED, Review, Rule
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary

CLASSES = (SourceClass("terms", ("licences",), 180), SourceClass("own", ("own",), None), SourceClass("law", (), 365))
A = Test("use.data_classes", "has", Values(("personal",)))
B = Test("option.retention_days", "at_most", Limit(30.0))


def rule() -> Rule:
    return load_library().rulebook.rules["eu-gdpr-28-processor"]


def signed(item: Rule, **changes: object) -> Rule:
    """The rule with a made-up review of its present state."""
    review = Review("Remy Reviewer", "counsel", date(2026, 11, 1), tree_fingerprint(item), cite_fingerprint(item), "text and dates", "", ())
    return replace(item, author="Ada Author", reviews=(replace(review, **changes),))  # type: ignore[arg-type]


def test_no_shipped_rule_claims_a_review() -> None:
    for item in load_library().rulebook.rules.values():
        assert item.reviews == ()
        assert item.review == NOT_REVIEWED


def test_the_fingerprint_does_not_hang_on_order_brackets_or_text() -> None:
    assert as_data(All((A, B))) == as_data(All((B, A))) == as_data(All((All((A,)), AnyOf((B,)), A)))
    assert as_data(Not(Not(A))) == as_data(A)
    assert as_data(All((A, B))) != as_data(AnyOf((A, B)))
    assert as_data(A) != as_data(Not(A))
    item = rule()
    assert tree_fingerprint(replace(item, title="Another title", reason="Another reason")) == tree_fingerprint(item)


@pytest.mark.parametrize("change", ["requires", "applies", "since", "effect", "points"])
def test_the_fingerprint_changes_with_the_meaning(change: str) -> None:
    item = rule()
    arm = item.arms[0]
    changed = {
        "requires": replace(item, arms=(replace(arm, requires=Not(arm.requires)),)),
        "applies": replace(item, arms=(replace(arm, applies=A),)),
        "since": replace(item, arms=(replace(arm, since=date(2018, 5, 26)),)),
        "effect": replace(item, effect="advise"),
        "points": replace(item, arms=(replace(arm, points={"cost": 1}),)),
    }[change]
    assert tree_fingerprint(changed) != tree_fingerprint(item)
    assert cite_fingerprint(changed) == cite_fingerprint(item) or change == "since"


def test_a_review_holds_until_the_conditions_or_the_citation_change() -> None:
    item = signed(rule())
    as_of = date(2026, 11, 24)
    assert state(item, CLASSES, as_of) == "reviewed"
    assert words(item) == "reviewed by Remy Reviewer (counsel) on 2026-11-01"
    arm = item.arms[0]
    meaning = replace(item, arms=(replace(arm, requires=Not(arm.requires)),))
    cite = replace(item, arms=(replace(arm, source=replace(arm.source, cite="Another Act")),))
    editorial = replace(item, title="Another title", remedy="Another remedy")
    assert [state(x, CLASSES, as_of) for x in (meaning, cite, editorial)] == ["void", "void", "reviewed"]
    assert words(meaning) == "reviewed, but changed since, so the review is void"


def test_a_review_is_carried_over_a_change_that_was_proved_to_mean_the_same() -> None:
    item = rule()
    old = signed(item)
    arm = item.arms[0]
    rewritten = replace(old, arms=(replace(arm, requires=AnyOf((arm.requires, All((arm.requires, A))))),))
    assert standing_reviews(rewritten) == ()
    carried = ((tree_fingerprint(rewritten), date(2026, 11, 20)),)
    assert len(standing_reviews(replace(rewritten, reviews=(replace(old.reviews[0], carried=carried),)))) == 1


@pytest.mark.parametrize(
    ("folders", "verified", "due"),
    [
        ("eu/gdpr", date(2026, 1, 1), date(2027, 1, 1)),
        ("licences/llama", date(2026, 1, 1), date(2026, 6, 30)),
        ("own", None, None),
        ("eu/gdpr", None, date.min),
    ],
)
def test_the_folder_decides_how_long_a_comparison_with_the_source_holds(folders: str, verified: date | None, due: date | None) -> None:
    item = rule()
    arm = item.arms[0]
    dated = replace(
        item,
        path="own/rules/a.yaml",
        folders=tuple(folders.split("/")),
        arms=(replace(arm, source=replace(arm.source, verified=verified)),),
    )
    assert due_on(dated, CLASSES) == due
    if due not in (None, date.min):
        assert due is not None
        assert state(signed(dated, on=date(2026, 1, 1)), CLASSES, due) == "review due"
        assert state(signed(dated, on=date(2026, 1, 1)), CLASSES, date.fromordinal(due.toordinal() - 1)) == "reviewed"


def test_the_shipped_classes_cover_every_rule() -> None:
    book = load_library().rulebook
    assert all(class_of(item, book.freshness) for item in book.rules.values())


def test_what_was_signed_or_carried_later_does_not_count_yet() -> None:
    item = signed(rule())
    assert state(item, CLASSES, date(2026, 10, 31)) == "not reviewed"
    arm = item.arms[0]
    changed = replace(item, arms=(replace(arm, applies=A),))
    carried = replace(item.reviews[0], carried=((tree_fingerprint(changed), date(2026, 11, 20)),))
    later = replace(changed, reviews=(carried,))
    assert [state(later, CLASSES, date(2026, 11, day)) for day in (19, 20)] == ["void", "reviewed"]


TEXT = """
id: made-up
title: A made-up rule for this test
effect: advise
place: XX
topic: test
author: Ada Author
arms:
  - in_force: {from: 2025-01-01}
    source: {cite: Example Act s. 4, url: "", checked: memory}
    requires: {fact: option.trains_on_prompts, is: no}
reason: It trains.
remedy: Choose another.
examples:
  - {name: trains, given: {option.trains_on_prompts: yes}, verdict: breaches}
reviews:
  - {reviewer: NAME, role: counsel, on: 2026-11-01, tree: TREE, cite: TREE, scope: all of it}
review: WORDS
"""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"NAME": "ada  author"}, "the author of a rule cannot review it"),
        ({"author: Ada Author\n": ""}, "a rule with a review names its author"),
        ({"TREE": "abc"}, "found 'abc'"),
        ({"  - {reviewer: NAME, role: counsel, on: 2026-11-01, tree: TREE, cite: TREE, scope: all of it}\n": "  []\n"}, "no review stands"),
    ],
)
def test_a_review_that_cannot_be_one_is_refused(changes: dict[str, str], problem: str, vocabulary: Vocabulary) -> None:
    text = TEXT
    for old, new in changes.items():
        text = text.replace(old, new)
    text = text.replace("NAME", "Remy Reviewer").replace("TREE", "ab" * 32).replace("WORDS", "reviewed")
    with pytest.raises(BrokenInput, match=problem):
        read_rule(parse(text, "made-up.yaml"), vocabulary)


def test_a_review_of_another_tree_is_kept_and_void(vocabulary: Vocabulary) -> None:
    text = TEXT.replace("NAME", "Remy Reviewer").replace("TREE", "ab" * 32).replace("WORDS", "reviewed")
    item = read_rule(parse(text, "made-up.yaml"), vocabulary)
    assert state(item, CLASSES, date(2026, 11, 24)) == "void"
    assert item.review == "reviewed, but changed since, so the review is void"
