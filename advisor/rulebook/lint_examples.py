"""
Lints of the examples of a rule: whether they show every verdict, both sides of every limit and date, and every exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from advisor.possible import Interval, is_settled
from advisor.rulebook.condition import Answer, Condition, Limit, Test, facts_read, tests
from advisor.rulebook.english import exact
from advisor.rulebook.judge import Judge, example_facts
from advisor.rulebook.lint_conditions import Found
from advisor.rulebook.rule import EXAMPLE_DATE, VERDICT_WORDS, Example, Rule, RuleException, Verdict
from advisor.strict_yaml import Place
from advisor.vocabulary import Vocabulary

NEEDED: tuple[Verdict, ...] = ("complies", "breaches", "not_applicable", "unknown")
NAMES_THE_OPTION = ("option.model", "option.host")


def example_lints(rule: Rule, vocabulary: Vocabulary) -> Iterator[Found]:
    """Everything that is missing in the examples of a rule, or says nothing."""
    yield from _verdicts(rule)
    yield from _given(rule)
    yield from _repeated(rule)
    yield from _limits(rule, vocabulary)
    yield from _dates(rule)
    yield from _exceptions(rule, rule.exceptions, ("exceptions",), vocabulary)


def places_of_examples(rule: Rule) -> Iterator[tuple[Place, Example]]:
    """Every example with its place in the file."""
    yield from ((("examples", n), example) for n, example in enumerate(rule.examples))
    yield from _inside(rule.exceptions, ("exceptions",))


def _inside(exceptions: tuple[RuleException, ...], place: Place) -> Iterator[tuple[Place, Example]]:
    for n, exception in enumerate(exceptions):
        yield from (((*place, n, "examples", m), example) for m, example in enumerate(exception.examples))
        yield from _inside(exception.exceptions, (*place, n, "exceptions"))


def _verdicts(rule: Rule) -> Iterator[Found]:
    shown = {example.verdict for example in rule.all_examples()}
    missing = [VERDICT_WORDS[v] for v in NEEDED if v not in shown] if rule.effect == "require" else []
    if missing:
        yield Found("missing-verdict", ("examples",), f"no example in which the rule {', '.join(missing)}")


def _given(rule: Rule) -> Iterator[Found]:
    """A fact that the rule does not read cannot change a verdict; an example that gives it says something it does not test."""
    known = {*rule.facts, *NAMES_THE_OPTION}
    for place, example in places_of_examples(rule):
        for name in example.given:
            if name not in known:
                yield Found("unread-given", (*place, "given", name), f"the rule does not read {name}")


def _repeated(rule: Rule) -> Iterator[Found]:
    seen: dict[object, str] = {}
    for place, example in places_of_examples(rule):
        given = {name: value for name, value in example.given.items() if name in rule.facts}
        case = (repr(sorted(given.items(), key=lambda item: item[0])), example.as_of or EXAMPLE_DATE)
        if case in seen:
            yield Found("repeated-example", place, f"gives what {seen[case]!r} gives already")
        seen.setdefault(case, example.name)


# ---------------------------------------------------------------------- limits and dates
def _limits(rule: Rule, vocabulary: Vocabulary) -> Iterator[Found]:
    """A limit of 30 days is shown by a case with 30, and by one on the other side."""
    asked: dict[Test, Place] = {}
    for place, condition in conditions_of(rule):
        for test in tests(condition):
            if vocabulary.facts[test.fact].kind == "number":
                asked.setdefault(test, place)
    examples = list(rule.all_examples())
    for test, place in asked.items():
        sides = {side for example in examples if (side := _side(test, example)) is not None}
        beyond = 1 if test.operator in ("at_most", "above") else -1
        missing = [words for side, words in ((0, "at"), (beyond, "above" if beyond > 0 else "below")) if side not in sides]
        if missing:
            fact = vocabulary.facts[test.fact]
            limit = f"the answer {test.operand.key}" if isinstance(test.operand, Answer) else exact(_number(test), fact.unit)
            yield Found("limit-without-example", place, f"no example with {fact.name} {' and none '.join(missing)} {limit}")


def _number(test: Test) -> float:
    return test.operand.value if isinstance(test.operand, Limit) else 0.0


def _side(test: Test, example: Example) -> int | None:
    """Where the number of an example lies: 0 at the limit, 1 above, -1 below; None where it is not settled."""
    value = example.given.get(test.fact)
    limit = example.given.get(test.operand.fact) if isinstance(test.operand, Answer) else Interval(_number(test), _number(test))
    if not isinstance(value, Interval) or not isinstance(limit, Interval) or not is_settled(value) or not is_settled(limit):
        return None
    return (value.lo > limit.lo) - (value.lo < limit.lo)


def _dates(rule: Rule) -> Iterator[Found]:
    """Every first day is shown by a case on it and by one on the day before."""
    shown = {example.as_of or EXAMPLE_DATE for example in rule.all_examples()}
    days = {day: ("arms", n, "in_force") for n, arm in enumerate(rule.arms) for day in (arm.until, arm.since) if day}
    for day, place in sorted(days.items()):
        missing = [str(wanted) for wanted in (day - timedelta(days=1), day) if wanted not in shown]
        if missing:
            yield Found("date-without-example", place, f"no example on {' and none on '.join(missing)}")


# ---------------------------------------------------------------------- exceptions
def _exceptions(rule: Rule, items: tuple[RuleException, ...], place: Place, vocabulary: Vocabulary) -> Iterator[Found]:
    """An exception is shown by a case inside it that changes the verdict, and by one outside it to which the rule applies."""
    for n, item in enumerate(items):
        at = (*place, n)
        inside = outside = False
        for example in rule.all_examples():
            judge, facts = Judge(vocabulary, example.as_of or EXAMPLE_DATE), example_facts(example, vocabulary)
            truth = judge.truth(item.when, facts)
            inside |= truth.must
            outside |= not truth.may and example.verdict in ("complies", "breaches", "unknown")
        if not inside:
            yield Found("exception-without-example", at, f"no example lies inside the exception {item.id!r}")
        if not outside:
            yield Found("exception-without-counter-example", at, f"no example outside the exception {item.id!r} to which the rule applies")
        yield from _exceptions(rule, item.exceptions, (*at, "exceptions"), vocabulary)


# ---------------------------------------------------------------------- conditions
def conditions_of(rule: Rule) -> Iterator[tuple[Place, Condition]]:
    """Every condition of a rule with its place in the file, in the order of the file."""
    for n, arm in enumerate(rule.arms):
        yield ("arms", n, "applies_when"), arm.applies
        yield ("arms", n, "requires"), arm.requires
    yield from _whens(rule.exceptions, ("exceptions",))
    if rule.obligation:
        yield ("obligation", "when"), rule.obligation.when
        if rule.obligation.done_when:
            yield ("obligation", "done_when"), rule.obligation.done_when


def _whens(items: tuple[RuleException, ...], place: Place) -> Iterator[tuple[Place, Condition]]:
    for n, item in enumerate(items):
        yield (*place, n, "when"), item.when
        yield from _whens(item.exceptions, (*place, n, "exceptions"))


def facts_of_arms(rule: Rule) -> frozenset[str]:
    """What the scope and the requirement read, without the exceptions."""
    return frozenset(name for arm in rule.arms for c in (arm.applies, arm.requires) for name in facts_read(c))
