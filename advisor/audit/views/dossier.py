"""
All that an auditor asks about one rule: its arms over time, the facts it reads, its examples side by side, what it states and relates to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from advisor.possible import is_settled
from advisor.questions import Question
from advisor.rulebook.condition import facts_read
from advisor.rulebook.english import English
from advisor.rulebook.judge import example_facts
from advisor.rulebook.provisions import Provision
from advisor.rulebook.rule import Arm, Example, Relation, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import Waiver, void_because
from advisor.vocabulary import Fact, Vocabulary

When: TypeAlias = Literal["past", "now", "coming"]

NOT_KNOWN = "not known"
PARTLY = "(partly known)"
MOST_LETTERS = 70

KIND_WORDS = {
    "number": "a number", "yes-no": "yes or no", "choice": "one of a list", "held": "any of a list", "places": "countries", "text": "text",
}  # fmt: skip
NAMES = {"{endpoint}": "the endpoint", "{model}": "the model", "{host}": "the host", "{value}": "what the rule asks for"}
RELATION_WORDS: Mapping[Relation, tuple[str, str]] = {
    "contradicts": ("contradicts", "is contradicted by"),
    "subsumes": ("also covers all cases of", "is covered whole by"),
    "duplicates": ("says the same as", "says the same as"),
}
"""How a relation reads from the rule that states it, and from the other one."""


# ---------------------------------------------------------------------- time
@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of time; without an arm the rule is not in force."""

    since: date | None
    until: date | None
    """First day after it."""
    arm: Arm | None
    when: When


def timeline(rule: Rule, as_of: date) -> list[Stretch]:
    """The arms of a rule in time, with the gaps between them; before the first and after the last there is nothing to say."""
    found: list[Stretch] = []
    for arm in sorted(rule.arms, key=lambda arm: arm.since or date.min):
        if found and found[-1].until and arm.since and found[-1].until < arm.since:
            found.append(_stretch(found[-1].until, arm.since, None, as_of))
        found.append(_stretch(arm.since, arm.until, arm, as_of))
    return found


def _stretch(since: date | None, until: date | None, arm: Arm | None, as_of: date) -> Stretch:
    when: When = "coming" if since and as_of < since else "past" if until and until <= as_of else "now"
    return Stretch(since, until, arm, when)


def span_words(since: date | None, until: date | None) -> str:
    """`from 2 August 2025 up to and including 1 December 2027`."""
    begin = f"from {day(since)}" if since else "since ever"
    return f"{begin} up to and including {day(until - timedelta(days=1))}" if until else f"{begin}, no end is set"


def day(value: date) -> str:
    """`1 July 2025`."""
    return f"{value.day} {value:%B %Y}"


# ---------------------------------------------------------------------- facts
@dataclass(frozen=True, slots=True)
class Used:
    """One fact that a rule reads."""

    fact: Fact
    read_by: tuple[str, ...]
    """`scope`, `requirement`, `exception`, `duty`."""
    supplied_by: str
    asks: str
    """The question that settles it; empty where nothing asks for it."""


def facts_used(rule: Rule, vocabulary: Vocabulary, questions: Sequence[Question]) -> list[Used]:
    """The facts a rule reads on any date, answers first, in reading order."""
    asked = {item.key: question for question in questions for item in question.fields}
    found: dict[str, dict[str, None]] = {}
    for role, name in _read_by(rule):
        found.setdefault(name, {})[role] = None
    used = []
    for name, roles in found.items():
        fact = vocabulary.facts[name]
        if fact.of_option:
            worked_out = fact.derived == "yes"
            used.append(Used(fact, tuple(roles), fact.who or ("worked out" if worked_out else "the catalogue"), _asked(fact.question)))
        else:
            used.append(Used(fact, tuple(roles), "you", asked[fact.key].title if fact.key in asked else ""))
    return sorted(used, key=lambda item: item.fact.of_option)


def _asked(question: str) -> str:
    """A question with words where a letter has names."""
    for name, words in NAMES.items():
        question = question.replace(name, words)
    return question


def _read_by(rule: Rule) -> Iterator[tuple[str, str]]:
    for arm in rule.arms:
        yield from (("scope", name) for name in facts_read(arm.applies))
        yield from (("requirement", name) for name in facts_read(arm.requires))
    for exception in rule.all_exceptions():
        yield from (("exception", name) for name in facts_read(exception.when))
    if rule.obligation:
        yield from (("duty", name) for name in facts_read(rule.obligation.when))
        if rule.obligation.done_when:
            yield from (("duty", name) for name in facts_read(rule.obligation.done_when))


def values_words(fact: Fact) -> str:
    """What kind of value a fact has, with its unit."""
    return f"{KIND_WORDS[fact.kind]}{f' ({fact.unit})' if fact.unit else ''}"


# ---------------------------------------------------------------------- examples
@dataclass(frozen=True, slots=True)
class Line:
    """One example in the table: its values in the order of the columns."""

    number: int
    """Its place among all examples of the rule, from 1."""
    example: Example
    of: str
    """Id of the exception it is printed under; empty for an example of the rule itself."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TruthTable:
    """The printed examples of a rule: a line for each, a column for each fact that some example gives."""

    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    never_given: tuple[Fact, ...]
    """Facts that the rule reads and no example gives."""


def truth_table(rule: Rule, vocabulary: Vocabulary) -> TruthTable:
    """The examples of a rule side by side. Long values are shortened, and what is not known says so."""
    examples = list(all_examples(rule))
    given = {name for _, example in examples for name in example.given}
    order = sorted({*rule.facts, *given}, key=lambda name: (vocabulary.facts[name].of_option, _place(rule, name), name))
    columns = tuple(vocabulary.facts[name] for name in order if name in given)
    lines = tuple(
        Line(n, example, exception, tuple(cell(example, fact, vocabulary) for fact in columns))
        for n, (exception, example) in enumerate(examples, start=1)
    )
    return TruthTable(columns, lines, tuple(vocabulary.facts[name] for name in order if name not in given))


def all_examples(rule: Rule) -> Iterator[tuple[str, Example]]:
    """Every printed example with the id of the exception it stands under, in the order of `Rule.all_examples`."""
    yield from (("", example) for example in rule.examples)
    for exception in rule.all_exceptions():
        yield from ((exception.id, example) for example in exception.examples)


def cell(example: Example, fact: Fact, vocabulary: Vocabulary) -> str:
    """What an example says of a fact, short."""
    if fact.name not in example.given:
        return NOT_KNOWN
    value = example_facts(example, vocabulary)(fact.name)
    words = English(vocabulary).value(fact, value)
    if value == vocabulary.unknown(fact):
        return NOT_KNOWN
    short = shortened(words)
    return short if is_settled(value) or fact.kind == "number" else f"{short} {PARTLY}"


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """A text cut at a word where it is long."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def _place(rule: Rule, name: str) -> int:
    return rule.facts.index(name) if name in rule.facts else len(rule.facts)


# ---------------------------------------------------------------------- what it stands beside
@dataclass(frozen=True, slots=True)
class Beside:
    """A relation to another rule, as it reads from this one."""

    rule: str
    words: str
    why: str


def provisions_of(rule: Rule, rulebook: Rulebook) -> list[Provision]:
    """The provisions that name the rule."""
    return [item for item in rulebook.provisions if rule.id in item.rules]


def related(rule: Rule, rulebook: Rulebook) -> list[Beside]:
    """Relations that the rule states, and those that others state to it."""
    found = [Beside(item.rule, RELATION_WORDS[item.relation][0], item.why) for item in rule.related]
    for other in rulebook.rules.values():
        found += [Beside(other.id, RELATION_WORDS[item.relation][1], item.why) for item in other.related if item.rule == rule.id]
    return found


def neighbours(rule: Rule, rulebook: Rulebook) -> list[Rule]:
    """Other rules that state the same provisions."""
    named = {rule_id for item in provisions_of(rule, rulebook) for rule_id in item.rules} - {rule.id}
    return [rulebook.rules[rule_id] for rule_id in sorted(named) if rule_id in rulebook.rules]


def waivers_of(rule: Rule, rulebook: Rulebook, as_of: date) -> list[tuple[Waiver, str]]:
    """Waivers of the rule, each with why it holds nothing on that date; empty: it is live."""
    return [(item, void_because(item, rulebook.rules, as_of)) for item in rulebook.waivers if item.rule == rule.id]
