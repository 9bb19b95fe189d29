"""
The list of all that the examples of a rule should show: verdicts, duties, parts of conditions, open facts, limits, dates, exceptions.

In: one rule. Out: items in the order of the file, each with what an example must show and a sentence for when none does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from advisor.audit.examples.cases import DAY, arm_number, facts_of, outside
from advisor.audit.examples.goals import At, Goal, Holds, Leaves, On, Open, Reaches, step
from advisor.audit.examples.tree import Root, parts, roots
from advisor.rulebook.condition import ALWAYS, All, Answer, AnyOf, Condition, Limit, Not, Test
from advisor.rulebook.english import COMPARED, English, quantity
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed, Rule, RuleException, Verdict
from advisor.strict_yaml import Place, where
from advisor.vocabulary import YES_NO, Fact

VERDICTS: tuple[Verdict, ...] = ("complies", "breaches", "not_applicable", "unknown")

REACHED = {
    "complies": "in which the rule is met",
    "breaches": "in which the rule is breached",
    "not_applicable": "to which the rule does not apply",
    "unknown": "that cannot be decided",
}
WEIGHED = {"complies": "in which the points count", "not_applicable": "in which the points do not count", "unknown": REACHED["unknown"]}

LEFT: dict[Owed, str] = {
    "open": "the rule is met and its duty is open",
    "done": "the rule is met and its duty is done",
    "none": "the rule is met and leaves no duty",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that some example should show."""

    name: str
    """Stable: its place in the file and what is looked for, such as `arms[0].requires.any[1]: false`."""
    words: str
    """What an example would be, after `no example`: `in which the rule is breached`."""
    place: Place
    goal: Goal


def items(rule: Rule, english: English) -> list[Item]:
    """All items of a rule, in a fixed order; each stands once."""
    found: dict[str, Item] = {}
    for item in (
        *_verdicts(rule),
        *_duties(rule),
        *_outcomes(rule, english),
        *_exceptions(rule),
        *_open(rule, english),
        *_limits(rule, english),
        *_dates(rule),
    ):
        found.setdefault(item.name, item)
    return list(found.values())


def in_arm(rule: Rule, number: int | None) -> str:
    """Which arm is meant, in words; nothing where there is only one."""
    if number is None or len(rule.arms) == 1:
        return ""
    arm = rule.arms[number]
    since = f" from {day(arm.since)}" if arm.since else ""
    until = f" until {day(arm.until)}" if arm.until else ""
    return f", under the arm in force{since}{until}"


def arm_of(rule: Rule, example: Example) -> int | None:
    """Which arm an example is for."""
    return arm_number(rule, example.as_of or EXAMPLE_DATE)


def day(value: date) -> str:
    """`1 July 2025`."""
    return f"{value.day} {value:%B %Y}"


# ---------------------------------------------------------------------- verdicts
def _verdicts(rule: Rule) -> Iterator[Item]:
    words = WEIGHED if rule.effect == "weigh" else REACHED
    for n in range(len(rule.arms)):
        for verdict in VERDICTS:
            if verdict in words:
                yield Item(f"arms[{n}]: {verdict}", f"{words[verdict]}{in_arm(rule, n)}", ("arms", n), Reaches(verdict, n))
    if outside(rule):
        yield Item("arms: not_in_force", "from a time when the rule is not in force", ("arms",), Reaches("not_in_force", None))


# ---------------------------------------------------------------------- duties
def _duties(rule: Rule) -> Iterator[Item]:
    """A duty that simply stands is stated once; one that hangs on something is stated in every way in which it can be."""
    duty = rule.obligation
    if duty is None:
        return
    wanted: dict[Owed, bool] = {"open": True, "done": duty.done_when is not None, "none": duty.when != ALWAYS}
    for owed, asked in wanted.items():
        if asked:
            yield Item(f"obligation: {owed}", f"that states `duty: {owed}`: {LEFT[owed]}", ("obligation",), Leaves(owed))


# ---------------------------------------------------------------------- parts of conditions
def _outcomes(rule: Rule, english: English) -> Iterator[Item]:
    """Every test and every group of tests, once surely true and once surely false."""
    for root in roots(rule):
        for part in parts(root.condition, root.place):
            if isinstance(part.condition, Not) or part.condition in (All(()), AnyOf(())):
                continue  # `not` is true where its part is false; an empty group never changes
            for wanted in (True, False):
                word = "true" if wanted else "false"
                of_duty = root.role in ("duty", "done")
                start = "that states its duty and in which" if of_duty else "in which"
                words = f"{start} this surely is {word}: {saying(part.condition, english)}{in_arm(rule, root.arm)}"
                goal = Holds(part.condition, wanted, root.arm, of_duty=of_duty)
                yield Item(f"{where(part.place)}: {word}", words, part.place, goal)


def saying(condition: Condition, english: English, most: int = 160) -> str:
    """A condition in quotation marks, cut where it is long."""
    text = english.sentence(condition)
    return f"“{text if len(text) <= most else text[:most].rsplit(' ', 1)[0] + ' …'}”"


def _exceptions(rule: Rule) -> Iterator[Item]:
    """Every exception where its case is at hand and where it is not, always within what it is an exception to."""
    for root in roots(rule):
        if root.exception is None:
            continue
        others = tuple(outer.when for outer in root.around)
        title, what = _named(root, root.exception)
        for wanted, words in ((True, f"{what} applies"), (False, f"{what} could matter and does not apply")):
            name = f"{where(root.place[:-1])}: {'taken' if wanted else 'not taken'}"
            goal = Holds(root.exception.condition, wanted, None, others, in_scope=True)
            yield Item(name, f"in which {words}: {title}", root.place[:-1], goal)


def _named(root: Root, exception: RuleException) -> tuple[str, str]:
    kind = f"the exception to the exception `{root.around[-1].id}`" if root.around else "the exception"
    return f"“{exception.title}”", f"{kind} `{exception.id}`" if not root.around else f"`{exception.id}`, {kind},"


# ---------------------------------------------------------------------- open facts
def _open(rule: Rule, english: English) -> Iterator[Item]:
    for n, arm in enumerate(rule.arms):
        for name in facts_of(rule, arm):
            words = f"that cannot be decided only because {unsettled(english.vocabulary.facts[name])}{in_arm(rule, n)}"
            yield Item(f"arms[{n}]: only {name} open", words, ("arms", n), Open(name, n))


def unsettled(fact: Fact) -> str:
    """`the places of storage are not known`."""
    if fact.kind == YES_NO:
        return f"it is not known whether {fact.phrase}"
    return f"{fact.phrase} {'are' if fact.plural == 'yes' else 'is'} not known"


# ---------------------------------------------------------------------- limits
def _limits(rule: Rule, english: English) -> Iterator[Item]:
    """For every comparison: the limit itself and the next value on the other side of the line."""
    for root in roots(rule):
        for part in parts(root.condition, root.place):
            match part.condition:
                case Test(fact, "at_most" | "at_least" | "below" | "above" as operator, (Limit() | Answer()) as limit):
                    # The line runs just above `at_most` and `above`, just below `at_least` and `below`.
                    sign = 1.0 if operator in ("at_most", "above") else -1.0
                    place = (*part.place, operator)
                    for offset in (0.0, sign * _step(english, fact, limit)):
                        yield Item(
                            f"{where(place)}: {_offset(offset)}",
                            f"in which {at_limit(english, fact, limit, offset)} ({COMPARED[operator]} is asked){in_arm(rule, root.arm)}",
                            place,
                            At(fact, limit, offset, root.arm),
                        )


def _offset(offset: float) -> str:
    return f"limit {'+' if offset > 0 else '-'} {abs(offset):g}" if offset else "limit"


def _step(english: English, fact: str, limit: Limit | Answer) -> float:
    facts = english.vocabulary.facts
    if isinstance(limit, Answer):
        return 1.0
    return step(limit.value, facts[fact].whole == "yes")


def at_limit(english: English, name: str, limit: Limit | Answer, offset: float) -> str:
    """`the retention of prompts and answers is exactly 31 days`."""
    fact = english.vocabulary.facts[name]
    are = "are" if fact.plural == "yes" else "is"
    if isinstance(limit, Limit):
        return f"{fact.phrase} {are} exactly {exact(limit.value + offset, fact.unit)}"
    answer = english.vocabulary.facts[limit.fact].phrase
    side = f"just {'above' if offset > 0 else 'below'}" if offset else "exactly"
    return f"{fact.phrase} {are} {side} {answer}"


def exact(value: float, unit: str) -> str:
    """A number with all its digits: one that stands beside a limit must not be rounded to it."""
    if value == int(value):
        return quantity(value, unit)
    return f"{round(value, 10):,.10f}".rstrip("0") + (f" {unit}" if unit else "")


# ---------------------------------------------------------------------- dates
def _dates(rule: Rule) -> Iterator[Item]:
    for n, arm in enumerate(rule.arms):
        what = "it" if len(rule.arms) == 1 else "the arm"
        place: Place = ("arms", n, "in_force")
        dates: list[tuple[date, str]] = []
        if arm.since:
            before = [] if rule.arm(arm.since - DAY) else [(arm.since - DAY, f"the day before {what} begins")]
            dates += [*before, (arm.since, f"the day on which {what} begins")]
        if arm.until:
            after = [] if rule.arm(arm.until) else [(arm.until, f"the day after {what} ends")]
            dates += [(arm.until - DAY, f"the last day on which {what} holds"), *after]
        for on, words in dates:
            yield Item(f"date {on.isoformat()}", f"dated {day(on)}, {words}", place, On(on))
