"""
What a rule must have beyond its form: examples for every verdict, and examples that are true.
"""

from __future__ import annotations

from dataclasses import dataclass

from advisor.rulebook.judge import example_verdict
from advisor.rulebook.load import EXAMPLE_DATE, Rulebook
from advisor.rulebook.rule import VERDICT_WORDS, Rule, Verdict
from advisor.vocabulary import Vocabulary

NEEDED: tuple[Verdict, ...] = ("complies", "breaches", "not_applicable", "unknown")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend in a rule."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


def check_rules(rulebook: Rulebook) -> list[Fault]:
    """Every `require` rule has an example for each verdict, and every exception has one of its own."""
    faults = []
    for rule in rulebook.rules.values():
        shown = {example.verdict for example in rule.all_examples()}
        missing = [VERDICT_WORDS[v] for v in NEEDED if v not in shown] if rule.effect == "require" else []
        if missing:
            faults.append(Fault(rule.path, 0, f"no example in which the rule {', '.join(missing)}"))
        faults += [Fault(rule.path, 0, f"nothing is read: {what}") for what in _empty(rule)]
    return faults


def _empty(rule: Rule) -> list[str]:
    return ["the rule tests no fact"] if not rule.facts and rule.effect != "weigh" else []


def run_examples(rulebook: Rulebook, vocabulary: Vocabulary) -> tuple[int, list[Fault]]:
    """How many examples there are, and those that give another verdict than they print."""
    count, faults = 0, []
    for rule in rulebook.rules.values():
        for example in rule.all_examples():
            count += 1
            verdict = example_verdict(rule, example, vocabulary, EXAMPLE_DATE)
            if verdict != example.verdict:
                faults.append(Fault(rule.path, example.line, f"{example.name!r} says {example.verdict}, the rule gives {verdict}"))
    return count, faults
