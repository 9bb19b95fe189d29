"""
Reading as English: a condition to a sentence, a fact to words. The same words stand in the app, the memo and the rule pages.

No two conditions that differ in more than order, brackets and repeats have the same outline.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from advisor.possible import Choice, Interval, Members, Possible
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, YES_NO, Fact, Vocabulary

COMPARED = {"at_most": "at most", "at_least": "at least", "below": "less than", "above": "more than"}
MANY = 6
ALWAYS_HOLDS, NEVER_HOLDS = "this holds in every case", "this holds in no case"
HEADS = {
    (All, False): "all of these hold:",
    (AnyOf, False): "at least one of these holds:",
    (All, True): "at least one of these does not hold:",
    (AnyOf, True): "none of these holds:",
}
"""How a list of parts begins, as it stands and denied."""
UNIT_PHRASES = {"share": "{percent}%", "factor a year": "{} times a year", "peak hour over average hour": "{} times the average hour"}
JOINS = re.compile(r",| and | or |[“”]|^not |^(?:any|all|none) of |country of ")
"""What makes words look like more than one thing, or like a part of the sentence around them."""
EMPTY = "an empty list"
WITH_ARTICLE = re.compile(
    r"(?:United |Netherlands$|Philippines$|Isle of|Bahamas|Gambia|Maldives|Comoros|Holy See|Russian Fed).*"
    r"|[^,]*(?:Islands|Republic|Territory)$"
)
IN_BRACKETS = re.compile(r"\([^()]*\)")


def bare(condition: Condition) -> Condition:
    """The same condition without brackets around a single part and without double denial."""
    match condition:
        case All((part,)) | AnyOf((part,)):
            return bare(part)
        case Not(part):
            inner = bare(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case All(parts):
            return All(tuple(map(bare, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(bare, parts)))
        case Test():
            return condition
        case _:
            assert_never(condition)


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
                return self.test(part, negative=True) if isinstance(part, Test) else f"it is not so that {self._part(part)}"
            case Test():
                return self.test(condition)
            case _:
                assert_never(condition)

    def outline(self, condition: Condition, depth: int = 0) -> list[tuple[int, str]]:
        """A condition as an indented list: depth and line."""
        match bare(condition):
            case All(()) | Not(AnyOf(())):
                return [(depth, ALWAYS_HOLDS)]
            case AnyOf(()) | Not(All(())):
                return [(depth, NEVER_HOLDS)]
            case Test() as test:
                return [(depth, self.test(test))]
            case Not(Test() as test):
                return [(depth, self.test(test, negative=True))]
            case Not(All(parts) | AnyOf(parts) as group):
                return [(depth, HEADS[type(group), True]), *(line for part in parts for line in self.outline(part, depth + 1))]
            case All(parts) | AnyOf(parts) as group:
                return [(depth, HEADS[type(group), False]), *(line for part in parts for line in self.outline(part, depth + 1))]
            case Not():
                raise TypeError("a double denial is left")
            case other:
                assert_never(other)

    def _part(self, condition: Condition) -> str:
        text = self.sentence(condition)
        compound = isinstance(condition, All | AnyOf) and len(condition.parts) > 1
        return f"({text})" if compound else text

    def test(self, test: Test, negative: bool = False) -> str:
        """One test, or its denial, as one clause."""
        fact = self.vocabulary.facts[test.fact]
        are, do = ("are", "do") if fact.plural == "yes" else ("is", "does")
        nope = " not" if negative else ""
        match test.operator:
            case "is" | "one_of":
                return self._yes_no(fact, test.operand, negative) if fact.kind == YES_NO else self._choice(fact, test.operand, negative)
            case "at_most" | "at_least" | "below" | "above":
                return f"{fact.phrase} {are}{nope} {COMPARED[test.operator]} {self.operand(fact, test.operand)}"
            case "has" | "has_any" | "has_all":
                include = "include" if fact.plural == "yes" else "includes"
                several = isinstance(test.operand, Values) and len(set(test.operand.values)) > 1
                if negative and several and test.operator != "has_all":
                    return f"{fact.phrase} {include} none of {self.operand(fact, test.operand, 'and')}"
                return f"{fact.phrase} {f'{do} not include' if negative else include} {self._included(fact, test)}"
            case "within":
                lie = f"{do} not all lie" if negative else "all lie" if fact.plural == "yes" else "lies wholly"
                return f"{fact.phrase} {lie} {self._there(fact, test.operand)}"
            case "outside":
                either = "at least one" if negative else "none"
                return f"{either} of {fact.phrase} lies {self._there(fact, test.operand)}"
            case _:
                assert_never(test.operator)

    def _choice(self, fact: Fact, operand: Operand, negative: bool) -> str:
        are, lie = ("are", "lie") if fact.plural == "yes" else ("is", "lies")
        nope = " not" if negative else ""
        match operand:
            case Group():
                return f"{fact.phrase} {lie} {'outside' if negative else 'in'} {self.operand(fact, operand)}"
            case Answer() if self.vocabulary.facts[operand.fact].kind != "choice":
                return f"{fact.phrase} {are}{nope} among {self.operand(fact, operand)}"
            case Answer():
                return f"{fact.phrase} {are}{nope} the same as {self.operand(fact, operand)}"
        if negative and isinstance(operand, Values) and len(set(operand.values)) > 1:
            return f"{fact.phrase} {are} none of {self.operand(fact, operand, 'and')}"
        return f"{fact.phrase} {are}{nope} {self.operand(fact, operand)}"

    def _included(self, fact: Fact, test: Test) -> str:
        every = test.operator == "has_all"
        operand = self.operand(fact, test.operand, "and" if every else "or")
        match test.operand:
            case Group():
                return f"{'every' if every else 'a'} country of {operand}"
            case Values(values) if len(set(values)) == 1 or (values and not every):
                return operand
            case Answer() if self.vocabulary.facts[test.operand.fact].kind == "choice":
                return f"{'all of ' if every else ''}{operand}"
        return f"{'all' if every else 'any'} of {operand}"

    def _there(self, fact: Fact, operand: Operand) -> str:
        words = self.operand(fact, operand)
        return f"among {words}" if isinstance(operand, Answer) else f"in {words}"

    def _yes_no(self, fact: Fact, operand: Operand, negative: bool) -> str:
        match operand:
            case Values(values) if len(set(values)) == 1:
                says_yes = (values[0] == "yes") != negative
                return fact.phrase if says_yes else fact.negative or f"it is not so that {fact.phrase}"
            case Answer():
                other = self.operand(fact, operand)
                return f"it is {'not ' if negative else ''}so that the statements “{fact.phrase}” and “{other}” are both true or both false"
        return f"it is {'not ' if negative else ''}so that the answer to “{fact.phrase}” is {self.operand(fact, operand)}"

    def operand(self, fact: Fact, operand: Operand, word: str = "or") -> str:
        """The right-hand side of a test; `word` joins several values."""
        match operand:
            case Values(()):
                return EMPTY
            case Values(values):
                return self._listed(fact, dict.fromkeys(values), word)
            case Limit(value):
                return exact(value, fact.unit)
            case Group(name):
                return self.group(name)
            case Answer():
                return self.vocabulary.facts[operand.fact].phrase
            case _:
                assert_never(operand)

    def group(self, name: str) -> str:
        """A group of countries in a sentence; with its short name where its words alone could mean something else."""
        places = self.vocabulary.places
        words = places.groups[name].words
        shared = any(other != name and group.words == words for other, group in places.groups.items())
        if shared or "“" in words or "”" in words or words in {self.country(code) for code in places.countries}:
            return f"“{words}” (the group “{name}”)"
        return f"“{words}”" if JOINS.search(words) else words

    def _listed(self, fact: Fact, values: Iterable[str], word: str) -> str:
        """Values in the order of their list; words that hold a comma, an `and` or an `or` stand in quotation marks."""
        named = list(values)
        if len(named) > 1:
            order = {value: n for n, value in enumerate(self.vocabulary.domain(fact))}
            named.sort(key=lambda v: (order.get(v, len(order)), v))
        return joined([self._quoted(fact, v) for v in named], word)

    def _quoted(self, fact: Fact, value: str) -> str:
        """The words of a value, so marked that nobody takes them for two values. What was chosen in an answer is always quoted."""
        text = self._word(fact, value)
        if fact.domain == COUNTRY_OR_GROUP and value in self.vocabulary.places.tokens:
            return f"{text} as a whole (“{value}”)"
        plain = IN_BRACKETS.sub("", text)
        if "“" in text or "”" in text:
            return f"“{text}” (“{value}”)"
        if text == EMPTY or any(text == other.phrase for other in self.vocabulary.answer_facts):
            return f"“{text}”"
        chosen = fact.kind == "choice" and not fact.of_option and fact.domain not in (COUNTRY, COUNTRY_OR_GROUP)
        return f"“{text}”" if chosen or JOINS.search(plain) else text

    def _word(self, fact: Fact, value: str) -> str:
        return self.country(value) if fact.domain in (COUNTRY, COUNTRY_OR_GROUP) else self.vocabulary.words(fact, value)

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
                rest = [self.country(c) for c in sorted(codes - members)]
                if len(rest) <= MANY:
                    return joined([group.words, *rest], "and")
        if len(codes) > MANY:
            return f"{len(codes)} countries"
        return joined([self.country(c) for c in sorted(codes)], "and") or "nowhere"

    def country(self, code: str) -> str:
        """A country in a sentence, with its article."""
        name = self.vocabulary.places.countries.get(code) or self.vocabulary.places.tokens.get(code, code)
        return f"the {name}" if WITH_ARTICLE.fullmatch(name) else name

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


def exact(value: float, unit: str = "") -> str:
    """A number of a rule with all its digits and its unit, so that no two read alike."""
    if unit in UNIT_PHRASES:
        return UNIT_PHRASES[unit].format(_digits(value), percent=_digits(value, 100))
    if value == 1:
        unit = re.sub(r"^(US )?(\w+)s\b", r"\1\2", unit)
    return f"{_digits(value)} {unit}".strip()


def _digits(value: float, times: int = 1) -> str:
    number = Decimal(repr(value)) * times
    if number and not 1e-6 <= abs(value) < 1e15:
        return f"{number.normalize():e}"
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def joined(parts: Iterable[str], word: str) -> str:
    """`a, b and c`."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
