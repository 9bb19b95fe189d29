"""
Reading for one case: a condition, and everything still possible of each fact, to a truth; a rule to a verdict.

Also explains: which part of a condition holds, which does not, which is open, and which facts decide.
The engine reads conditions as SQL for all options at once; this reads them for the few that are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never

from advisor.possible import Members, Possible, exactly, number
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values
from advisor.rulebook.rule import Arm, Example, Owed, Rule, Verdict
from advisor.rulebook.truth import FALSE, TRUE, Truth, truth
from advisor.vocabulary import Vocabulary

Facts: TypeAlias = Callable[[str], Possible]
"""What is possible of a fact, by its name."""


@dataclass(frozen=True)
class Judge:
    """Judges conditions and rules on one date."""

    vocabulary: Vocabulary
    as_of: date

    def operand(self, operand: Operand, facts: Facts) -> Possible:
        """What is possible of the right-hand side of a test."""
        match operand:
            case Values(values):
                return exactly(*values)
            case Limit(value):
                return number(value)
            case Group(name):
                return exactly(*self.vocabulary.places.elements(name, self.as_of))
            case Answer():
                return facts(operand.fact)
            case _:
                assert_never(operand)

    def test(self, test: Test, facts: Facts) -> Truth:
        return truth(facts(test.fact), test.operator, self.operand(test.operand, facts))

    def truth(self, condition: Condition, facts: Facts) -> Truth:
        """Whether a condition must and may hold."""
        match condition:
            case Test():
                return self.test(condition, facts)
            case Not(part):
                return ~self.truth(part, facts)
            case All(parts):
                values = [self.truth(part, facts) for part in parts]
                return Truth(all(v.must for v in values), all(v.may for v in values))
            case AnyOf(parts):
                values = [self.truth(part, facts) for part in parts]
                return Truth(any(v.must for v in values), any(v.may for v in values))
            case _:
                assert_never(condition)

    def verdict(self, rule: Rule, facts: Facts) -> Verdict:
        """The verdict of a rule, without waivers. For `weigh`: `complies` when its points count."""
        arm = rule.arm(self.as_of)
        if arm is None:
            return "not_in_force"
        applies = self.truth(rule.applies(arm), facts)
        requires = applies if rule.effect == "weigh" else self.truth(arm.requires, facts)
        return verdict_of(applies, requires)

    def duty(self, rule: Rule, facts: Facts) -> Owed:
        """What becomes of the duty of a rule. `none` also where the rule carries none or is not met: only a met rule leaves a duty."""
        duty = rule.obligation
        if duty is None or self.verdict(rule, facts) != "complies" or not self.truth(duty.when, facts).may:
            return "none"
        done = duty.done_when is not None and self.truth(duty.done_when, facts).must
        return "done" if done else "open"

    def deciding(self, condition: Condition, facts: Facts) -> list[Test]:
        """The tests that keep a condition from surely holding, in reading order; those already settled in its favour are left out."""
        match condition:
            case Test():
                return [] if self.test(condition, facts).must else [condition]
            case Not(part):
                return self._deciding_against(part, facts)
            case All(parts):
                return [t for part in parts for t in self.deciding(part, facts)]
            case AnyOf(parts):
                if self.truth(condition, facts).must:
                    return []
                return [t for part in parts for t in self.deciding(part, facts)]
            case _:
                assert_never(condition)

    def _deciding_against(self, condition: Condition, facts: Facts) -> list[Test]:
        """The tests that keep a condition from surely failing."""
        match condition:
            case Test():
                return [] if not self.test(condition, facts).may else [condition]
            case Not(part):
                return self.deciding(part, facts)
            case All(parts):
                if not self.truth(condition, facts).may:
                    return []
                return [t for part in parts for t in self._deciding_against(part, facts)]
            case AnyOf(parts):
                return [t for part in parts for t in self._deciding_against(part, facts)]
            case _:
                assert_never(condition)

    def open_tests(self, rule: Rule, arm: Arm, facts: Facts) -> list[Test]:
        """The undecided tests behind an unknown verdict: of the requirement, then of the scope."""
        found = self.deciding(arm.requires, facts) + self._deciding_against(rule.applies(arm), facts)
        return list(dict.fromkeys(t for t in found if self.test(t, facts) not in (TRUE, FALSE)))


def verdict_of(applies: Truth, requires: Truth) -> Verdict:
    """The verdict, in the order of the law: outside its scope, met, breached, else unknown."""
    if not applies.may:
        return "not_applicable"
    if requires.must:
        return "complies"
    if applies.must and not requires.may:
        return "breaches"
    return "unknown"


def example_facts(example: Example, vocabulary: Vocabulary) -> Facts:
    """The facts of an example: what it gives, with what that implies; everything else unknown."""
    given: Mapping[str, Possible] = example.given

    def facts(name: str) -> Possible:
        value = given.get(name)
        if value is None:
            return vocabulary.unknown(vocabulary.facts[name])
        if isinstance(value, Members) and name in vocabulary.implications:
            return Members(vocabulary.implied(name, value.certain), vocabulary.implied(name, value.possible))
        return value

    return facts


def example_verdict(rule: Rule, example: Example, vocabulary: Vocabulary, default_date: date) -> Verdict:
    """The verdict a rule gives for one of its printed examples."""
    return Judge(vocabulary, example.as_of or default_date).verdict(rule, example_facts(example, vocabulary))


def example_duty(rule: Rule, example: Example, vocabulary: Vocabulary, default_date: date) -> Owed:
    """What becomes of the duty of a rule in one of its printed examples."""
    return Judge(vocabulary, example.as_of or default_date).duty(rule, example_facts(example, vocabulary))
