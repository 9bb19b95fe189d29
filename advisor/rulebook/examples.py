"""
The printed examples of the rules: whether each gives the verdict it prints, and the duty where it states one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.rulebook.judge import example_duty, example_verdict
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.vocabulary import Vocabulary

LEAVES: Mapping[Owed, str] = {
    "open": "it may arise and is not surely done",
    "done": "it may arise and surely is done",
    "none": "it surely does not arise",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """An example that is not true."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


def run_examples(rulebook: Rulebook, vocabulary: Vocabulary) -> tuple[int, list[Fault]]:
    """How many examples there are, and those that give another verdict or leave another duty than they print."""
    count, faults = 0, []
    for rule in rulebook.rules.values():
        for example in rule.all_examples():
            count += 1
            verdict = example_verdict(rule, example, vocabulary, EXAMPLE_DATE)
            if verdict != example.verdict:
                faults.append(Fault(rule.path, example.line, f"{example.name!r} says {example.verdict}, the rule gives {verdict}"))
            elif example.duty is not None:
                faults += _wrong_duty(rule, example, vocabulary)
    return count, faults


def _wrong_duty(rule: Rule, example: Example, vocabulary: Vocabulary) -> list[Fault]:
    duty = example_duty(rule, example, vocabulary, EXAMPLE_DATE)
    if duty == example.duty:
        return []
    what = f"{example.name!r} says duty: {example.duty}, by the obligation of the rule it is duty: {duty} ({LEAVES[duty]})"
    return [Fault(rule.path, example.line, what)]
