"""
The terms of a rule: what its groups of countries, its kinds of data and its proofs mean on a date, and what says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from advisor.places import GroupSpan
from advisor.rulebook.condition import Condition, Group, Test, Values, tests
from advisor.rulebook.english import English, joined
from advisor.vocabulary import COUNTRY_OR_GROUP, Vocabulary


def terms(conditions: Iterable[Condition], vocabulary: Vocabulary, as_of: date) -> list[str]:
    """What the words of these conditions mean on a date, one sentence each, in the order in which they come up."""
    read = [test for condition in conditions for test in tests(condition)]
    found: dict[str, None] = {}
    for test in read:
        for name in _groups(test, vocabulary):
            for group in _with_included(name, vocabulary, as_of):
                found[_group(group, vocabulary, as_of)] = None
    for test in read:
        found |= dict.fromkeys(_implied(test, vocabulary))
    for test in read:
        found |= dict.fromkeys(_proven(test, vocabulary))
    return list(found)


def _groups(test: Test, vocabulary: Vocabulary) -> Iterator[str]:
    """The groups a test names, by name or by the short name that may stand for one among countries."""
    if isinstance(test.operand, Group):
        yield test.operand.name
    if isinstance(test.operand, Values) and vocabulary.facts[test.fact].domain == COUNTRY_OR_GROUP:
        yield from (name for name, group in vocabulary.places.groups.items() if group.token and group.token in test.operand.values)


def _with_included(name: str, vocabulary: Vocabulary, as_of: date) -> list[str]:
    """A group and the groups inside it on a date, outermost first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        group = waiting.pop(0)
        if group not in found:
            found[group] = None
            waiting += [inner for span in _current(group, vocabulary, as_of) for inner in span.includes]
    return list(found)


def _current(name: str, vocabulary: Vocabulary, as_of: date) -> list[GroupSpan]:
    spans = vocabulary.places.groups[name].spans
    return [span for span in spans if (span.since is None or span.since <= as_of) and (span.until is None or as_of < span.until)]


def _group(name: str, vocabulary: Vocabulary, as_of: date) -> str:
    """A group with its members on a date, those that leave with their last day, those that come with their first, and its sources."""
    english = English(vocabulary)
    groups = vocabulary.places.groups
    parts = []
    for span in _current(name, vocabulary, as_of):
        inner = [f"the countries of “{groups[g].words}”" for g in span.includes]
        members = sorted((english.country(code) for code in span.members), key=lambda name: name.removeprefix("the "))
        words = joined([*inner, *members], "and")
        leaving = f", up to and including {_day(span.until - timedelta(days=1))}" if span.until else ""
        parts.append(f"{words}{leaving} ({span.cite})")
    coming = [span for span in groups[name].spans if span.since and span.since > as_of]
    later = [f"from {_day(span.since)} also {_listed(span, english)}" for span in coming if span.since]
    text = "; ".join(parts) or "no country"
    return f"“{groups[name].words}” means {text}{'; ' + '; '.join(later) if later else ''}."


def _listed(span: GroupSpan, english: English) -> str:
    groups = english.vocabulary.places.groups
    words = [f"the countries of “{groups[g].words}”" for g in span.includes] + [english.country(code) for code in span.members]
    return f"{joined(words, 'and')} ({span.cite})"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _implied(test: Test, vocabulary: Vocabulary) -> Iterator[str]:
    """Values that count as another one: health information is personal data too."""
    if not isinstance(test.operand, Values) or test.fact not in vocabulary.implications:
        return
    fact = vocabulary.facts[test.fact]
    for value in test.operand.values:
        narrower = [
            other for other in vocabulary.domain(fact) if other != value and value in vocabulary.implied(test.fact, frozenset({other}))
        ]
        if narrower:
            words = joined([f"“{vocabulary.words(fact, other)}”" for other in narrower], "and")
            yield f"“{vocabulary.words(fact, value)}” covers also {words}."


def _proven(test: Test, vocabulary: Vocabulary) -> Iterator[str]:
    fact = vocabulary.facts[test.fact]
    grades = {"contract": "your own contract", "primary": "the host's own documents"}
    if fact.verified_by:
        yield f"“{fact.phrase}” counts only what is shown by {joined([grades.get(g, g) for g in fact.verified_by], 'or')}."
