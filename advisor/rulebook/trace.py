"""
The trace of a rule for one case: every part of its conditions with what it says, whether it holds, and the facts behind it.

In: a rule, one of its arms, facts, a date. Out: the verdict and a tree that stands line by line beside the numbered reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from advisor.possible import Possible
from advisor.rulebook.condition import ALWAYS, All, Answer, Condition, Not, Test
from advisor.rulebook.english import HEADS, English
from advisor.rulebook.judge import Facts, Judge, verdict_of
from advisor.rulebook.numbered import without_brackets
from advisor.rulebook.rule import Arm, Rule, RuleException, Verdict
from advisor.rulebook.truth import Truth
from advisor.vocabulary import Vocabulary

Role: TypeAlias = Literal["applies", "exception", "counter-exception", "requires", "duty", "done"]

TRUTH_WORDS = {"yes": "yes", "no": "no", "unknown": "cannot be decided"}


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a condition in one case."""

    path: str
    """Its place in the file: `arms[0].requires.any[1]`; the same as in the numbered reading."""
    condition: Condition
    truth: Truth
    words: str
    """What it says: a whole clause for a test, the head of a list for a group."""
    parts: tuple[Node, ...] = ()
    read: tuple[tuple[str, Possible], ...] = ()
    """For a test: the names of the facts it compares, with what is known of them."""
    open: bool = False
    """Whether this test keeps the verdict from being decided: it is open, and so is everything around it."""

    @property
    def answer(self) -> str:
        """`yes`, `no` or `cannot be decided`."""
        return TRUTH_WORDS[self.truth.word]


@dataclass(frozen=True, slots=True)
class Branch:
    """One whole condition of the rule in one case."""

    role: Role
    node: Node
    exception: RuleException | None = None
    depth: int = 0
    """For an exception: inside how many other exceptions it stands."""
    stands: Truth | None = None
    """For an exception: whether it counts once its own exceptions are taken off."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One rule under one arm in one case."""

    verdict: Verdict
    applies: Truth
    """Whether the rule reaches the case, exceptions taken off."""
    requires: Truth
    branches: tuple[Branch, ...]
    """In the order of the reading: scope, requirement, exceptions, duty."""

    def nodes(self) -> Iterator[Node]:
        """Every part of every condition, in reading order."""
        for branch in self.branches:
            yield from walk(branch.node)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from walk(part)


def trace(rule: Rule, arm: Arm, facts: Facts, vocabulary: Vocabulary, as_of: date) -> Trace:
    """The trace of a rule under one of its arms; groups of countries are taken as they are on `as_of`."""
    judge = Judge(vocabulary, as_of)
    applies = judge.truth(rule.applies(arm), facts)
    requires = applies if rule.effect == "weigh" else judge.truth(arm.requires, facts)
    verdict = verdict_of(applies, requires)
    tracer = _Tracer(judge, English(vocabulary), facts)
    place = f"arms[{rule.arms.index(arm)}]"
    waits = verdict == "unknown"
    scope = waits and is_open(applies)
    branches = [Branch("applies", tracer.node(arm.applies, f"{place}.applies_when", scope))]
    if rule.effect != "weigh":
        branches.append(Branch("requires", tracer.node(arm.requires, f"{place}.requires", waits)))
    branches += tracer.exceptions(rule.exceptions, "", 0, scope)
    if rule.obligation and rule.obligation.when != ALWAYS:
        branches.append(Branch("duty", tracer.node(rule.obligation.when, "obligation.when", False)))
    if rule.obligation and rule.obligation.done_when is not None:
        branches.append(Branch("done", tracer.node(rule.obligation.done_when, "obligation.done_when", False)))
    return Trace(verdict, applies, requires, tuple(branches))


def is_open(truth: Truth) -> bool:
    """Whether it may hold and need not."""
    return truth.may and not truth.must


@dataclass(frozen=True, slots=True)
class _Tracer:
    """Traces conditions of one case. `waits`: the verdict hangs on the condition, unless it is decided."""

    judge: Judge
    english: English
    facts: Facts

    def exceptions(self, items: Sequence[RuleException], above: str, depth: int, waits: bool) -> Iterator[Branch]:
        for n, item in enumerate(items):
            place = f"{above}exceptions[{n}]"
            role: Role = "counter-exception" if depth else "exception"
            stands = self.judge.truth(item.condition, self.facts)
            hangs = waits and is_open(stands)
            yield Branch(role, self.node(item.when, f"{place}.when", hangs), item, depth, stands)
            yield from self.exceptions(item.exceptions, f"{place}.", depth + 1, hangs)

    def node(self, condition: Condition, place: str, waits: bool) -> Node:
        """A condition as the reading says it: brackets around one part and double denial are passed over."""
        condition, place, negative = without_brackets(condition, place)
        said = Not(condition) if negative else condition
        truth = self.judge.truth(said, self.facts)
        if isinstance(condition, Test):
            return Node(place, said, truth, self.english.test(condition, negative), (), self._read(condition), waits and is_open(truth))
        if not condition.parts:
            return Node(place, said, truth, self.english.outline(said)[0][1])
        key = "all" if isinstance(condition, All) else "any"
        hangs = waits and is_open(truth)
        parts = tuple(self.node(part, f"{place}.{key}[{n}]", hangs) for n, part in enumerate(condition.parts))
        return Node(place, said, truth, HEADS[type(condition), negative], parts)

    def _read(self, test: Test) -> tuple[tuple[str, Possible], ...]:
        names = [test.fact, *([test.operand.fact] if isinstance(test.operand, Answer) else [])]
        return tuple((name, self.facts(name)) for name in dict.fromkeys(names))
