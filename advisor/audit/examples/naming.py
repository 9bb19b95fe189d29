"""
Names for suggested examples: a short plain phrase that says what the case is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import assert_never

from advisor.audit.examples.cases import DAY
from advisor.audit.examples.goals import At, Holds, Leaves, On, Open, Reaches
from advisor.audit.examples.items import Item, arm_of, at_limit, day, exact, unsettled
from advisor.audit.examples.mutations import Mutant
from advisor.possible import Choice, Interval, Members, Possible, is_settled
from advisor.rulebook.condition import Not, Test, Values, facts_read
from advisor.rulebook.english import English
from advisor.rulebook.printing import without_implied
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed, Rule, Verdict
from advisor.vocabulary import YES_NO

LONGEST = 90
PLACES_OF = "the places of "

PLAIN: Mapping[Verdict, str] = {
    "complies": "the requirement is met",
    "breaches": "the requirement is not met",
    "not_applicable": "out of scope",
    "unknown": "a deciding fact is not known",
    "not_in_force": "the rule is not in force",
    "waived": "waived",
}
LEAVING: Mapping[Owed, str] = {"open": "with a duty", "done": "with a duty that is done", "none": "without a duty"}


def name_for(reason: Item | Mutant, rule: Rule, example: Example, english: English, taken: Collection[str]) -> str:
    """A name that no other example has. It says what the example is there for, then what sets it apart, its duty and date."""
    differing = list(_differing(rule, example, english))
    first = next((text for text in _phrases(reason, example, english, differing) if len(text) <= LONGEST), "") or PLAIN[example.verdict]
    dated = f"{f', {LEAVING[example.duty]}' if example.duty else ''}{_date(rule, example)}"
    tails = ["", *(f", {more}" for more in differing if more not in first)]
    for tail in tails:
        if len(first + tail) <= LONGEST and (name := f"{first}{tail}{dated}") not in taken:
            return name
    return next(name for n in range(2, len(taken) + 3) if (name := f"{first}{dated}, case {n}") not in taken)


def _phrases(reason: Item | Mutant, example: Example, english: English, differing: Sequence[str]) -> Iterator[str]:
    if isinstance(reason, Mutant):
        yield from _for_mutant(reason, example, english, differing)
        return
    goal = reason.goal
    match goal:
        case Reaches(verdict):
            yield PLAIN[verdict]
        case Leaves():
            yield from differing
        case Holds(Test() as test, wanted):
            yield english.sentence(test if wanted else Not(test))
        case Holds(condition):
            if reason.name.endswith("taken"):
                yield reason.words.removeprefix("in which ").partition(":")[0].replace("`", "")
            yield from (_told(name, example, english) for name in facts_read(condition))
        case Open(fact):
            yield unsettled(english.vocabulary.facts[fact])
        case At(fact, limit, offset):
            yield at_limit(english, fact, limit, offset)
        case On():
            yield reason.words.partition(", ")[2]
        case _:
            assert_never(goal)


def _for_mutant(mutant: Mutant, example: Example, english: English, differing: Sequence[str]) -> Iterator[str]:
    """What is special about the part that was changed; where nothing is, what sets the example apart from the printed ones."""
    names = facts_read(mutant.part) if mutant.part is not None else ()
    told = [_told(name, example, english) for name in names]
    if isinstance(mutant.part, Test):
        yield told[0]
        value = example.given.get(mutant.part.fact)
        match mutant.part.operand, value:
            case Values((only,)), Members(certain, _) if only in certain:
                yield english.sentence(mutant.part)
    yield from (text for text in told if text in differing)
    yield from differing
    yield from told


def _differing(rule: Rule, example: Example, english: English) -> Iterator[str]:
    """The facts in which an example differs from the printed one that is most like it, told in words."""
    others = [other for other in rule.all_examples() if arm_of(rule, other) == arm_of(rule, example)] or list(rule.all_examples())
    nearest = min(others, key=lambda other: sum(other.given.get(n) != v for n, v in example.given.items()), default=None)
    model = nearest.given if nearest else {}
    for name in (*example.given, *(n for n in model if n not in example.given)):
        if example.given.get(name) != model.get(name):
            yield _told(name, example, english)


def _told(name: str, example: Example, english: English) -> str:
    """`the places of storage are Norway`."""
    fact = english.vocabulary.facts[name]
    value = example.given.get(name)
    if value is None or value == english.vocabulary.unknown(fact):
        return unsettled(fact)
    if fact.kind == YES_NO and isinstance(value, Choice) and is_settled(value):
        return fact.phrase if "yes" in value.possible else fact.negative or f"it is not so that {fact.phrase}"
    if fact.phrase.startswith(PLACES_OF):
        if value == Members(frozenset(), frozenset()):
            return f"no {fact.phrase.removeprefix(PLACES_OF)} at all"
        return f"{fact.phrase.removeprefix(PLACES_OF)} in {_value(name, value, english)}"
    return f"{fact.phrase} {'are' if fact.plural == 'yes' else 'is'} {_value(name, value, english)}"


def _value(name: str, value: Possible, english: English) -> str:
    fact = english.vocabulary.facts[name]
    if isinstance(value, Interval) and is_settled(value):
        return exact(value.lo, fact.unit)
    if isinstance(value, Members) and is_settled(value):
        few = without_implied(fact, value.certain, english.vocabulary)
        value = Members(few, few)
    return english.value(fact, value).replace("“", "").replace("”", "")


def _date(rule: Rule, example: Example) -> str:
    """Which arm the example is for, or its date where that is not the usual one."""
    on = example.as_of or EXAMPLE_DATE
    arm = rule.arm(on)
    if arm is None or len(rule.arms) == 1:
        return f", on {day(on)}" if example.as_of else ""
    until: date | None = arm.until
    if until:
        return f", until {day(until - DAY)}"
    return f", since {day(arm.since)}" if arm.since else ""
