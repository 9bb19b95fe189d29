"""What changed beside the rules is said, and what a fact implies counts as part of its meaning."""

from __future__ import annotations

from dataclasses import replace

from advisor.audit.changes.beside import beside
from advisor.audit.changes.differences import difference
from advisor.audit.changes.revisions import Edition
from advisor.library import load_library, shipped

LIBRARY = load_library()
NOW = Edition("now", LIBRARY.rulebook, LIBRARY.vocabulary, shipped("rules"), (shipped("data"),))


def test_provisions_waivers_and_freshness_are_compared() -> None:
    book = LIBRARY.rulebook
    first, *others = book.provisions
    changed = replace(others[0], title="Another title")
    then = replace(NOW, name="then", rulebook=replace(book, provisions=(changed, *others[1:]), freshness=()))
    assert beside(NOW, NOW) == ()
    assert beside(NOW, then) == (
        f"Provision removed: {first.id}.", f"Provision changed: {changed.id}.",
        "How long a comparison with a source holds has changed (freshness.yaml).",
    )  # fmt: skip


def test_a_changed_implication_is_no_editorial_change_and_nothing_is_proved() -> None:
    implied = {**LIBRARY.vocabulary.implications["use.data_classes"], "biometric": []}
    other = replace(LIBRARY.vocabulary, implications={**LIBRARY.vocabulary.implications, "use.data_classes": implied})
    found = difference("eu-gdpr-28-processor", NOW, replace(NOW, name="then", vocabulary=other))
    assert found is not None
    assert found.kind == "incomparable"
    assert "what a value of use.data_classes implies" in found.why
