"""
Reading as English: a condition to a sentence, a fact to words. The same words stand in the app, the memo and the rule pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, YES_NO, Fact, Vocabulary

COMPARED = {"at_most": "at most", "at_least": "at least", "below": "less than", "above": "more than"}
MANY = 6


@dataclass(frozen=True)
class English:
    """Words for conditions and values."""

    vocabulary: Vocabulary

    # ------------------------------------------------------------------ conditions
    def sentence(self, condition: Condition) -> str:
        """A condition as one clause."""
        match condition:
            case All(()):
                return "nothing of the option itself"
            case AnyOf(()):
                return "never"
            case All(parts) | AnyOf(parts):
                word = "and" if isinstance(condition, All) else "or"
                return joined([self._part(part) for part in parts], word)
            case Not(part):
                return self._test(part, negative=True) if isinstance(part, Test) else f"it is not so that {self._part(part)}"
            case Test():
                return self._test(condition)
            case _:
                assert_never(condition)

    def outline(self, condition: Condition, depth: int = 0) -> list[tuple[int, str]]:
        """A condition as an indented list: depth and line."""
        match condition:
            case All(parts) | AnyOf(parts) if len(parts) > 1:
                head = "all of these hold:" if isinstance(condition, All) else "at least one of these holds:"
                return [(depth, head), *(line for part in parts for line in self.outline(part, depth + 1))]
            case All((part,)) | AnyOf((part,)):
                return self.outline(part, depth)
            case Not(part) if not isinstance(part, Test):
                return [(depth, "none of this holds:"), *self.outline(part, depth + 1)]
            case _:
                return [(depth, self.sentence(condition))]

    def _part(self, condition: Condition) -> str:
        text = self.sentence(condition)
        compound = isinstance(condition, All | AnyOf) and len(condition.parts) > 1
        return f"({text})" if compound else text

    def _test(self, test: Test, negative: bool = False) -> str:
        fact = self.vocabulary.facts[test.fact]
        are, do = ("are", "do") if fact.plural == "yes" else ("is", "does")
        either = fact.kind in ("choice", YES_NO) or test.operator == "has_any"
        operand = self.operand(fact, test.operand, "or" if either else "and")
        nope = " not" if negative else ""
        match test.operator:
            case "is" | "one_of":
                if fact.kind == YES_NO:
                    return self._yes_no(fact, test.operand, negative)
                if isinstance(test.operand, Group):
                    return f"{fact.phrase} {'lie' if fact.plural == 'yes' else 'lies'}{' outside' if negative else ' in'} {operand}"
                return f"{fact.phrase} {are}{' something other than' if negative else ''} {operand}"
            case "at_most" | "at_least" | "below" | "above":
                return f"{fact.phrase} {are}{nope} {COMPARED[test.operator]} {operand}"
            case "has" | "has_any" | "has_all":
                verb = f"{do} not include" if negative else "include" if fact.plural == "yes" else "includes"
                quantity = {"has": "", "has_any": "any of ", "has_all": "all of "}[test.operator]
                if isinstance(test.operand, Group):
                    return f"{fact.phrase} {verb} {'every' if test.operator == 'has_all' else 'a'} country of {operand}"
                several = isinstance(test.operand, Values) and len(test.operand.values) == 1
                return f"{fact.phrase} {verb} {'' if several else quantity}{operand}"
            case "within":
                return f"{fact.phrase} {are}{nope} all within {operand}"
            case "outside":
                return f"{fact.phrase} {are}{nope} all outside {operand}"
            case _:
                assert_never(test.operator)

    def _yes_no(self, fact: Fact, operand: Operand, negative: bool) -> str:
        if isinstance(operand, Values) and len(operand.values) == 1:
            says_yes = (operand.values == ("yes",)) != negative
            return fact.phrase if says_yes else fact.negative or f"it is not so that {fact.phrase}"
        return f"whether {fact.phrase} equals {self.operand(fact, operand)}"

    def operand(self, fact: Fact, operand: Operand, word: str = "or") -> str:
        """The right-hand side of a test; `word` joins several values."""
        match operand:
            case Values(values):
                return self._listed(fact, values, word)
            case Limit(value):
                return quantity(value, fact.unit)
            case Group(name):
                return self.vocabulary.places.groups[name].words
            case Answer():
                return self.vocabulary.facts[operand.fact].phrase
            case _:
                assert_never(operand)

    def _listed(self, fact: Fact, values: Iterable[str], word: str) -> str:
        """Values in the order of their list; words that hold a comma stand in quotation marks."""
        named = list(values)
        if len(named) > 1:
            order = {value: n for n, value in enumerate(self.vocabulary.domain(fact))}
            named.sort(key=lambda v: (order.get(v, len(order)), v))
        texts = [self._word(fact, v) for v in named]
        return joined([f"“{text}”" if "," in text and len(texts) > 1 else text for text in texts], word)

    def _word(self, fact: Fact, value: str) -> str:
        return self._country(value) if fact.domain in (COUNTRY, COUNTRY_OR_GROUP) else self.vocabulary.words(fact, value)

    # ------------------------------------------------------------------ values
    def value(self, fact: Fact, value: Possible) -> str:
        """What is known of a fact, in words."""
        match value:
            case Interval(lo, hi):
                return self._interval(fact, lo, hi)
            case Choice(possible):
                if possible == self.vocabulary.values(fact) and len(possible) > 1:
                    return "not known"
                return self._listed(fact, possible, "or")
            case Members(certain, possible):
                return self._members(fact, certain, possible)
            case _:
                assert_never(value)

    def _interval(self, fact: Fact, lo: float, hi: float) -> str:
        if lo == hi:
            return quantity(lo, fact.unit)
        bounded = lo > 0 and math.isfinite(lo), math.isfinite(hi)
        match bounded:
            case True, True:
                return f"between {quantity(lo)} and {quantity(hi, fact.unit)}"
            case True, False:
                return f"at least {quantity(lo, fact.unit)}"
            case False, True:
                return f"at most {quantity(hi, fact.unit)}"
        return "not known"

    def _members(self, fact: Fact, certain: frozenset[str], possible: frozenset[str]) -> str:
        if fact.kind == "places":
            return self.places(certain, possible)
        named = self._listed(fact, certain, "and")
        if certain == possible:
            return named or "none"
        return f"{named}, and perhaps others" if certain else "none established"

    def places(self, certain: frozenset[str], possible: frozenset[str]) -> str:
        """Countries in words: groups and long lists by name or number."""
        everywhere = frozenset(self.vocabulary.places.countries)
        if certain == possible:
            return self._countries(certain, everywhere)
        if not certain:
            return "places that are not established"
        return f"{self._countries(certain, everywhere)} and perhaps elsewhere"

    def _countries(self, codes: frozenset[str], everywhere: frozenset[str]) -> str:
        if codes == everywhere:
            return "any country"
        for name in ("eea", "eu"):
            group = self.vocabulary.places.groups.get(name)
            if group and len(codes) >= MANY and group.spans and (members := self._members_now(name)) <= codes:
                rest = [self._country(c) for c in sorted(codes - members)]
                if len(rest) <= MANY:
                    return joined([group.words, *rest], "and")
        if len(codes) > MANY:
            return f"{len(codes)} countries"
        return joined([self._country(c) for c in sorted(codes)], "and") or "nowhere"

    def _country(self, code: str) -> str:
        """A country in a sentence, with its article."""
        name = self.vocabulary.places.countries.get(code) or self.vocabulary.places.tokens.get(code, code)
        return f"the {name}" if name.startswith(("United ", "Netherlands", "Philippines", "Czech Rep")) else name

    def _members_now(self, group: str) -> frozenset[str]:
        """The members of a group whose membership has no end."""
        places = self.vocabulary.places
        spans = [span for span in places.groups[group].spans if span.until is None]
        return frozenset(m for span in spans for m in (*span.members, *(x for g in span.includes for x in self._members_now(g))))


def quantity(value: float, unit: str = "") -> str:
    """A number with thousands separators and its unit; no unit for shares."""
    whole = math.isfinite(value) and (value == int(value) or abs(value) >= 1000)
    text = f"{value:,.0f}" if whole else f"{value:,.4g}"
    return f"{text} {unit}".strip()


def joined(parts: Iterable[str], word: str) -> str:
    """`a, b and c`."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
