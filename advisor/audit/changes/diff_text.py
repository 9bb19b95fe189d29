"""
Differences of rulebooks as text for a reader and as JSON for a machine; the same words stand on the page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from advisor.audit.changes.beside import beside
from advisor.audit.changes.differences import KINDS, Difference, Kind, ReviewFate
from advisor.audit.changes.outcomes import CONSEQUENCES, Outcome, Witness
from advisor.audit.changes.revisions import Edition
from advisor.rulebook.english import English
from advisor.rulebook.printing import value_data
from advisor.rulebook.rule import VERDICT_WORDS
from advisor.vocabulary import Vocabulary

WIDTH = 100

KIND_WORDS: dict[Kind, str] = {
    "new": "a new rule",
    "removed": "no longer there",
    "stricter": "in some case it goes further than before, and in none less far; proved for every case on every date",
    "looser": "in some case it goes less far than before, and in none further; proved for every case on every date",
    "incomparable": "neither the same nor only stricter or looser",
    "equivalent": "written otherwise, and proved to mean the same in every case on every date",
    "editorial": "its conditions are the same, only its texts differ",
}
REVIEW_WORDS: dict[ReviewFate, str] = {
    "none": "no sign-off stood, so none is lost",
    "kept": "a sign-off covers the rule as it is now",
    "may be carried": "the sign-off may be carried over: `advisor rules review {rule} --carry-from {old}`",
    "voided": "the sign-off is void; the rule has to be reviewed again",
}
CITE_VOID = "the sign-off is void, for the citation changed"
LOOK_AGAIN = "a sign-off covers the words of the rule as they are now, but a list of countries changed what they mean; look at it again"
PROSE = ("title", "reason", "remedy", "duty", "citation", "note")
"""Texts that are shown as they were and are; of all others only what they are is named."""


# ---------------------------------------------------------------------- words
def kind_words(found: Difference) -> str:
    """What kind of difference it is, in a sentence without a full stop."""
    return found.why if found.kind == "incomparable" and found.why else KIND_WORDS[found.kind]


def review_words(found: Difference, old_name: str) -> str:
    """What becomes of sign-offs, in a sentence without a full stop."""
    if found.review == "voided" and found.cite_changed:
        return CITE_VOID
    if found.review == "kept" and found.lists_changed:
        return LOOK_AGAIN
    return REVIEW_WORDS[found.review].format(rule=found.rule, old=old_name)


def outcome_words(found: Outcome) -> str:
    """`breaches, excluded`."""
    if found.verdict is None:
        return "no such rule"
    points = ", ".join(f"{name} {points:+d}" for name, points in found.points)
    return f"{VERDICT_WORDS[found.verdict]}, so {points or CONSEQUENCES[found.level]}"


def case_words(witness: Witness, vocabulary: Vocabulary) -> list[str]:
    """What is known in a case, fact by fact, and then what is not."""
    english = English(vocabulary)
    known = [f"{vocabulary.facts[name].phrase}: {english.value(vocabulary.facts[name], value)}" for name, value in witness.given.items()]
    return [*known, *(f"{vocabulary.facts[name].phrase}: not known" for name in witness.unknown)]


def vocabulary_of(witness: Witness, old: Edition, new: Edition) -> Vocabulary:
    """The vocabulary that knows every fact of a case; that of the new edition, wherever it does."""
    names = {*witness.given, *witness.unknown}
    return new.vocabulary if names <= set(new.vocabulary.facts) else old.vocabulary


# ---------------------------------------------------------------------- text
def text(found: Sequence[Difference], old: Edition, new: Edition) -> str:
    """All differences, those that change what may be used first."""
    lines = [f"From {old.name} to {new.name}: {counts_words(found)}."]
    for kind in KINDS:
        for item in found:
            if item.kind == kind:
                lines += ["", *_rule(item, old, new)]
    if others := beside(old, new):
        lines += ["", "Beside the rules:", *(_filled(f"- {words}", 2, 4) for words in others)]
    return "\n".join(lines)


def counts(found: Sequence[Difference]) -> dict[Kind, int]:
    return {kind: sum(item.kind == kind for item in found) for kind in KINDS}


def counts_words(found: Sequence[Difference]) -> str:
    """`3 rules differ: 1 new, 2 editorial`."""
    if not found:
        return "no rule differs"
    named = ", ".join(f"{number} {kind}" for kind, number in counts(found).items() if number)
    return f"{len(found)} {'rule differs' if len(found) == 1 else 'rules differ'}: {named}"


def _rule(found: Difference, old: Edition, new: Edition) -> Iterator[str]:
    yield f"{found.rule}: {found.kind}  ({found.path})"
    yield _filled(found.title, 2)
    yield _filled(f"{_capital(kind_words(found))}.", 2)
    if found.why and found.kind != "incomparable":
        yield _filled(f"{_capital(found.why)}.", 2)
    for witness in found.witnesses:
        yield from _case(witness, vocabulary_of(witness, old, new))
    if found.lines:
        yield "  It reads otherwise:"
        yield from (_filled(f"{line.sign} {'  ' * line.depth}{line.text}", 4, 8 + 2 * line.depth) for line in found.lines)
    if found.texts:
        yield "  Texts that differ:"
        yield from _texts(found)
    if found.review != "none":
        yield _filled(f"{_capital(review_words(found, old.name))}.", 2)


def _case(witness: Witness, vocabulary: Vocabulary) -> Iterator[str]:
    name = f", the printed example “{witness.name}”" if witness.name else ""
    yield _filled(f"A case on {witness.as_of}{name}:", 2, 4)
    yield from (_filled(f"- {words}", 4, 6) for words in case_words(witness, vocabulary))
    yield _filled(f"before: {outcome_words(witness.old)}", 4, 6)
    yield _filled(f"now: {outcome_words(witness.new)}", 4, 6)


def _texts(found: Difference) -> Iterator[str]:
    for change in found.texts:
        if change.key.split(" (")[0] not in PROSE:
            state = "added" if not change.old and change.new else "removed" if change.old and not change.new else "changed"
            yield _filled(f"{change.key}: {state}", 4, 6)
            continue
        yield f"    {change.key}:"
        yield from (_filled(f"{sign} {words}", 6, 8) for sign, words in (("-", change.old), ("+", change.new)) if words)


def _filled(words: str, indent: int, hang: int | None = None) -> str:
    rest = " " * (indent if hang is None else hang)
    flat = words.replace("\n", " ")
    return textwrap.fill(flat, WIDTH, initial_indent=" " * indent, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------------- JSON
def json(found: Sequence[Difference], old: Edition, new: Edition) -> dict[str, object]:
    """All differences as plain data, by rule id."""
    return {
        "schema": "rules-diff/1", "old": old.name, "new": new.name, "counts": counts(found),
        "rules": [_rule_json(item, old, new) for item in found], "beside": list(beside(old, new)),
    }  # fmt: skip


def _rule_json(found: Difference, old: Edition, new: Edition) -> dict[str, object]:
    return {
        "rule": found.rule, "kind": found.kind, "title": found.title, "path": found.path, "what": kind_words(found), "why": found.why,
        "witnesses": [_witness_json(witness, vocabulary_of(witness, old, new)) for witness in found.witnesses],
        "texts": [{"key": change.key, "old": change.old, "new": change.new} for change in found.texts],
        "lines": [{"sign": line.sign, "depth": line.depth, "text": line.text} for line in found.lines],
        "review": found.review, "review_words": review_words(found, old.name), "citation_changed": found.cite_changed,
        "lists_changed": found.lists_changed,
    }  # fmt: skip


def _witness_json(witness: Witness, vocabulary: Vocabulary) -> dict[str, object]:
    facts = vocabulary.facts
    return {
        "as_of": str(witness.as_of), "example": witness.name,
        "given": {name: value_data(facts[name], value, vocabulary, witness.as_of) for name, value in witness.given.items()},
        "not_known": list(witness.unknown), "words": case_words(witness, vocabulary),
        "old": _outcome_json(witness.old), "new": _outcome_json(witness.new),
    }  # fmt: skip


def _outcome_json(found: Outcome) -> dict[str, object]:
    return {
        "verdict": found.verdict, "consequence": CONSEQUENCES[found.level], "points": dict(found.points), "words": outcome_words(found),
    }  # fmt: skip
