"""
Reading as a numbered text: one arm of a rule, its exceptions and its duty as sentences a lawyer can check one by one, with its terms.

Every sentence carries the place of the condition it says, so that a trace can be laid beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import assert_never

from advisor.rulebook.condition import ALWAYS, All, AnyOf, Condition, Not, Test
from advisor.rulebook.english import HEADS, English, joined
from advisor.rulebook.rule import Arm, Rule, RuleException
from advisor.rulebook.terms import terms
from advisor.vocabulary import Vocabulary

WHAT_FOLLOWS = {
    "require": "An option that does not meet this may not be used; where it is not known whether one does, it stays unconfirmed.",
    "mitigate": "Where that does not hold, or is not known, an obligation is open until it is settled; the option may be used meanwhile.",
    "advise": "Where that does not hold, or is not known, a caution is shown; the option may be used.",
    "weigh": "",
}
FROM_MEMORY = "Its source was cited from memory, so an option that does not meet this stays unconfirmed and is not excluded."
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a reading."""

    number: str
    """`1`, `(a)`, `(i)`; empty for a heading and for a term."""
    text: str
    depth: int
    """0 for a sentence, 1 for its parts, and so on."""
    path: str
    """The place it says: `arms[0].requires.any[1]`; empty for a heading and for a term."""


def reading(rule: Rule, arm: Arm, vocabulary: Vocabulary, as_of: date) -> tuple[Sentence, ...]:
    """One arm of a rule as numbered sentences; the terms are explained as they stand on `as_of`."""
    writer = _Writer(English(vocabulary))
    place = f"arms[{rule.arms.index(arm)}]"
    writer.say(_dates(arm), f"{place}.in_force")
    if arm.applies == ALWAYS:
        writer.say("It applies in every case.", f"{place}.applies_when")
    else:
        writer.condition("It applies when", arm.applies, f"{place}.applies_when")
    if rule.effect == "weigh":
        given = [f"{criterion} {points:+d}".replace("-", "minus ") for criterion, points in arm.points.items()]
        writer.say(f"It then gives these points to the criteria: {joined(given, 'and')}.", f"{place}.points")
    elif arm.requires == ALWAYS:
        writer.say("It then asks nothing of the option itself.", f"{place}.requires")
    else:
        writer.condition("It then requires that", arm.requires, f"{place}.requires")
        memory = rule.effect == "require" and arm.source.checked == "memory"
        writer.say(FROM_MEMORY if memory else WHAT_FOLLOWS[rule.effect], f"{place}.requires")
    writer.exceptions(rule.exceptions, "")
    writer.duty(rule)
    return (*writer.sentences, *_terms(rule, arm, vocabulary, as_of))


def outlined(condition: Condition, vocabulary: Vocabulary, lead: str, place: str) -> tuple[Sentence, ...]:
    """One condition as a numbered sentence that begins with `lead`."""
    writer = _Writer(English(vocabulary))
    writer.condition(lead, condition, place)
    return tuple(writer.sentences)


def without_brackets(condition: Condition, place: str) -> tuple[Test | All | AnyOf, str, bool]:
    """What stands inside brackets around one part and inside denials; its place, and whether it is denied."""
    negative = False
    while not isinstance(condition, Test):
        match condition:
            case Not(part):
                condition, place, negative = part, f"{place}.not", not negative
            case All((part,)):
                condition, place = part, f"{place}.all[0]"
            case AnyOf((part,)):
                condition, place = part, f"{place}.any[0]"
            case All() | AnyOf():
                break
            case other:
                assert_never(other)
    return condition, place, negative


def day_words(day: date) -> str:
    """`24 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def last_day(until: date) -> str:
    """The last day before an end that is not included, in words."""
    return day_words(until - timedelta(days=1))


def _dates(arm: Arm) -> str:
    begin = f"from {day_words(arm.since)}" if arm.since else ""
    if arm.until is None:
        return f"This rule is in force {begin}; no end is set." if begin else "This rule is always in force."
    end = f"up to and including {last_day(arm.until)}"
    return f"This rule is in force {begin} {end}.".replace("  ", " ")


def _terms(rule: Rule, arm: Arm, vocabulary: Vocabulary, as_of: date) -> Iterator[Sentence]:
    conditions = [rule.applies(arm), arm.requires]
    if rule.obligation:
        conditions += [rule.obligation.when, *([rule.obligation.done_when] if rule.obligation.done_when else [])]
    found = terms(conditions, vocabulary, as_of)
    if found:
        yield Sentence("", f"Terms, as they stand on {day_words(as_of)}:", 0, "")
        yield from (Sentence("", text, 1, "") for text in found)


@dataclass
class _Writer:
    """Numbers sentences as they are said."""

    english: English
    sentences: list[Sentence] = field(default_factory=list)
    count: int = 0

    def say(self, text: str, place: str) -> None:
        """A sentence of its own."""
        if text:
            self.count += 1
            self.sentences.append(Sentence(f"{self.count}.", text, 0, place))

    def condition(self, lead: str, condition: Condition, place: str) -> None:
        """A sentence that begins with `lead` and says a condition."""
        self.count += 1
        self._part(condition, place, 0, f"{self.count}.", f"{lead} ", ".")

    def exceptions(self, items: Sequence[RuleException], above: str, outer: str = "") -> None:
        """Exceptions, each followed by what sets it aside."""
        for n, item in enumerate(items):
            place = f"{above}exceptions[{n}]"
            name = f"(exception “{item.id}”: {item.source.cite})"
            lead = f"The exception “{outer}” does not count {name} when" if outer else f"It does not apply {name} when"
            self.condition(lead, item.when, f"{place}.when")
            if item.alongside:
                self.say(f"The exception “{item.id}” stands also where {_named(item.alongside)} is set aside.", f"{place}.alongside")
            self.exceptions(item.exceptions, f"{place}.", item.id)

    def duty(self, rule: Rule) -> None:
        duty = rule.obligation
        if duty is None:
            return
        if duty.when == ALWAYS:
            self.say(f"Where it is met, a duty stands: {duty.text}", "obligation.text")
        else:
            self.say(f"Where it is met, a duty may stand: {duty.text}", "obligation.text")
            self.condition("That duty arises when", duty.when, "obligation.when")
        if duty.done_when is not None:
            self.condition("It counts as done when", duty.done_when, "obligation.done_when")

    def _part(self, condition: Condition, place: str, depth: int, number: str, lead: str, end: str) -> None:
        """A condition at a place of the file; brackets around one part and double denial are passed over."""
        condition, place, negative = without_brackets(condition, place)
        if isinstance(condition, Test):
            self._line(number, f"{lead}{self.english.test(condition, negative)}{end}", depth, place)
        elif not condition.parts:
            text = self.english.outline(Not(condition) if negative else condition)[0][1]
            self._line(number, f"{lead}{text}{end}", depth, place)
        else:
            self._group(condition, negative, (place, depth, number), lead, end)

    def _group(self, group: All | AnyOf, negative: bool, at: tuple[str, int, str], lead: str, end: str) -> None:
        place, depth, number = at
        self._line(number, f"{lead}{HEADS[type(group), negative]}", depth, place)
        key, word = ("all", "; and") if isinstance(group, All) else ("any", "; or")
        last = len(group.parts) - 1
        for n, part in enumerate(group.parts):
            after = end if n == last else word if n == last - 1 else ";"
            self._part(part, f"{place}.{key}[{n}]", depth + 1, numeral(n, depth + 1), "", after)

    def _line(self, number: str, text: str, depth: int, place: str) -> None:
        self.sentences.append(Sentence(number, text, depth, place))


def _named(ids: Sequence[str]) -> str:
    return joined([f"“{name}”" for name in ids], "or")


def numeral(n: int, depth: int) -> str:
    """The number of the part `n`, counted from 0, at a depth: `(a)`, `(i)`, `(A)`, `(1)`, and again from `(a)`."""
    match (depth - 1) % 4:
        case 0 | 2 as kind:
            letter = chr(ord("a") + n % 26) * (n // 26 + 1)
            return f"({letter})" if kind == 0 else f"({letter.upper()})"
        case 1:
            return f"({ROMAN[n] if n < len(ROMAN) else n + 1})"
        case _:
            return f"({n + 1})"
