"""
What a reader sees change between two versions of a rule: the texts that differ, and the lines of its reading in English.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from advisor.audit.changes.spans import days
from advisor.audit.examples.cases import groups_used
from advisor.places import Places
from advisor.rulebook.english import English
from advisor.rulebook.printing import value_data
from advisor.rulebook.rule import EXAMPLE_DATE, Arm, Effect, Example, Rule, RuleException, Source
from advisor.vocabulary import Vocabulary

Sign: TypeAlias = Literal[" ", "-", "+"]

EFFECT_WORDS: dict[Effect, str] = {
    "require": "a breach excludes the option",
    "mitigate": "a breach is an obligation",
    "advise": "a breach is a caution",
    "weigh": "it gives points",
}


@dataclass(frozen=True, slots=True)
class TextChange:
    """A part of a rule that decides nothing, and that reads otherwise now."""

    key: str
    """Which part, in words: `title`, `citation (in force from 2018-05-25)`."""
    old: str
    """Empty where it was not there."""
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the reading of a rule in English: as it was, as it is, or as it stays around those."""

    sign: Sign
    depth: int
    text: str


# ---------------------------------------------------------------------- texts
def texts_changed(old: Rule, old_vocabulary: Vocabulary, new: Rule, new_vocabulary: Vocabulary) -> tuple[TextChange, ...]:
    """Every text, source and example that differs, in the order of the file."""
    before, after = dict(_texts(old, old_vocabulary)), dict(_texts(new, new_vocabulary))
    keys = [*after, *(key for key in before if key not in after)]
    found = [TextChange(key, before.get(key, ""), after.get(key, "")) for key in keys if before.get(key, "") != after.get(key, "")]
    return tuple(found)


def _texts(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    yield from (("title", rule.title), ("place", rule.place), ("topic", rule.topic))
    for arm in rule.arms:
        yield from _source(arm.source, _since(arm))
    for exception in rule.all_exceptions():
        yield f"title (exception {exception.id})", exception.title
        yield from _source(exception.source, f"exception {exception.id}")
        yield f"stands alongside (exception {exception.id})", ", ".join(exception.alongside)
    yield from (("reason", rule.reason), ("remedy", rule.remedy), ("duty", rule.obligation.text if rule.obligation else ""))
    for example in rule.all_examples():
        yield f"example “{example.name}”", _example(example, vocabulary)
    for item in rule.related:
        yield f"related rule {item.rule}", f"{item.relation}: {item.why}"
    yield "author", rule.author
    yield "reviews", "; ".join(f"{r.reviewer} on {r.on}, {r.scope}, {r.limits}, {len(r.carried)} carried" for r in rule.reviews)


def _since(arm: Arm) -> str:
    return f"in force from {arm.since or 'the beginning'}"


def _source(source: Source, where: str) -> Iterator[tuple[str, str]]:
    yield f"citation ({where})", source.cite
    yield f"address of the source ({where})", source.url
    yield f"how the source was checked ({where})", source.checked
    yield f"day the source was compared ({where})", str(source.verified or "")
    yield f"note ({where})", source.note


def _example(example: Example, vocabulary: Vocabulary) -> str:
    as_of = example.as_of or EXAMPLE_DATE
    given = {name: value_data(vocabulary.facts[name], value, vocabulary, as_of) for name, value in sorted(example.given.items())}
    return json.dumps({"as_of": str(as_of), "given": given, "verdict": example.verdict, "duty": example.duty}, ensure_ascii=False)


# ---------------------------------------------------------------------- the reading in English
def lines_changed(old: Rule | None, old_vocabulary: Vocabulary, new: Rule | None, new_vocabulary: Vocabulary) -> tuple[Line, ...]:
    """The lines of the reading that differ, with those they stand under."""
    groups = _groups_changed(old, old_vocabulary.places, new, new_vocabulary.places)
    before = [*_reading(old, English(old_vocabulary)), *_members(groups, old_vocabulary.places, old)]
    after = [*_reading(new, English(new_vocabulary)), *_members(groups, new_vocabulary.places, new)]
    return tuple(_with_heads(list(_merged(before, after))))


def _merged(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Iterator[Line]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line(" ", *line) for line in after[k:m])
        else:
            yield from (Line("-", *line) for line in before[i:j])
            yield from (Line("+", *line) for line in after[k:m])


def _with_heads(merged: Sequence[Line]) -> Iterator[Line]:
    """Changed lines, and the unchanged ones that they stand under."""
    wanted: set[int] = set()
    for n, line in enumerate(merged):
        if line.sign == " ":
            continue
        wanted.add(n)
        depth = line.depth
        for m in range(n - 1, -1, -1):
            if merged[m].depth < depth and merged[m].sign in (" ", line.sign):
                wanted.add(m)
                depth = merged[m].depth
    return (merged[n] for n in sorted(wanted))


def _reading(rule: Rule | None, english: English) -> Iterator[tuple[int, str]]:
    """A rule as lines with their depth, all that decides and nothing else."""
    if rule is None:
        return
    yield 0, f"effect: {EFFECT_WORDS[rule.effect]}"
    for arm in sorted(rule.arms, key=lambda arm: arm.since or date.min):
        until = f" until the day before {arm.until}" if arm.until else ""
        memory = "; the source is not read yet, so it excludes nothing" if arm.source.checked == "memory" else ""
        yield 0, f"{_since(arm)}{until}{memory}"
        yield 1, "applies when:"
        yield from english.outline(arm.applies, 2)
        if rule.effect == "weigh":
            yield 1, "points: " + ", ".join(f"{name} {points:+d}" for name, points in sorted(arm.points.items()))
        else:
            yield 1, "requires:"
            yield from english.outline(arm.requires, 2)
    yield from _exceptions(rule.exceptions, english, 0)
    if rule.obligation:
        yield 0, "its duty arises when the rule is met and:"
        yield from english.outline(rule.obligation.when, 1)
        if rule.obligation.done_when:
            yield 0, "its duty is done when:"
            yield from english.outline(rule.obligation.done_when, 1)


def _exceptions(exceptions: tuple[RuleException, ...], english: English, depth: int) -> Iterator[tuple[int, str]]:
    for exception in exceptions:
        yield depth, f"{'but it does' if depth % 2 else 'it does not apply'} when ({exception.id}):"
        yield from english.outline(exception.when, depth + 1)
        yield from _exceptions(exception.exceptions, english, depth + 1)


# ---------------------------------------------------------------------- groups of countries
def _groups_changed(old: Rule | None, old_places: Places, new: Rule | None, new_places: Places) -> dict[str, date]:
    """Groups that both versions use and that have other members while either is in force, each with a day on which that is so."""
    if old is None or new is None:
        return {}
    found: dict[str, date] = {}
    for on in days([(old, old_places), (new, new_places)]):
        if old.arm(on) is None and new.arm(on) is None:
            continue
        for name in {*groups_used(old)} & {*groups_used(new)}:
            if old_places.elements(name, on) != new_places.elements(name, on):
                found.setdefault(name, on)
    return dict(sorted(found.items()))


def groups_differ(old: Rule, old_places: Places, new: Rule, new_places: Places) -> bool:
    """Whether a group that both use has other members on any date on which either is in force."""
    return bool(_groups_changed(old, old_places, new, new_places))


def _members(groups: dict[str, date], places: Places, rule: Rule | None) -> Iterable[tuple[int, str]]:
    for name, on in groups.items() if rule else ():
        yield 0, f"{places.groups[name].words}, its members on {on}:"
        yield from ((1, places.countries.get(code) or places.tokens.get(code, code)) for code in sorted(places.elements(name, on)))
