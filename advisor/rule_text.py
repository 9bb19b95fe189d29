"""
Rules as text for a terminal: the list of them, and one rule in numbered sentences with its source, reviews and examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from advisor.findings import PLACEHOLDER
from advisor.lines import section, wrapped
from advisor.rulebook.numbered import Sentence, reading
from advisor.rulebook.rule import NOT_REVIEWED, OWED_WORDS, VERDICT_WORDS, Example, Rule, Source
from advisor.vocabulary import Vocabulary
from advisor.wording import checked_words


def rule_list(rules: Sequence[Rule], as_of: date) -> str:
    lines = []
    for rule in rules:
        arm = rule.arm(as_of)
        change = rule.next_change(as_of)
        state = "in force" if arm else f"not in force; begins {change}" if change else "no longer in force"
        source = (arm or rule.arms[0]).source
        lines += [
            f"{rule.id}  [{rule.effect}, {state}]",
            wrapped(rule.title, 4),
            wrapped(f"{source.cite} ({checked_words(source)})", 4, 6),
        ]
    return "\n".join([*lines, "", _reviewed(rules)])


def _reviewed(rules: Sequence[Rule]) -> str:
    waiting = sum(rule.review == NOT_REVIEWED for rule in rules)
    state = "none has been reviewed by a lawyer yet" if waiting == len(rules) else f"{waiting} not yet reviewed by a lawyer"
    return f"{len(rules)} rules; {state}."


def rule_page(rule: Rule, vocabulary: Vocabulary, as_of: date) -> str:
    """One rule as numbered sentences, one set of them for each span of time."""
    lines = [wrapped(rule.title), f"{rule.id}  [{rule.effect}]  {rule.path}", f"Review: {rule.review}"]
    for arm in rule.arms:
        span = f"from {arm.since or 'the beginning'}" + (f" until {arm.until}" if arm.until else "")
        now = " (in force)" if arm.in_force(as_of) else ""
        body = [*_source(arm.source), *numbered(reading(rule, arm, vocabulary, as_of))]
        lines += section(f"In force {span}{now}", body)
    for exception in rule.all_exceptions():
        lines += section(f"Exception {exception.id}: {exception.title}", _source(exception.source))
    if rule.reason:
        reason, remedy = (_spoken(text, vocabulary) for text in (rule.reason, rule.remedy))
        lines += section("When it is breached", [wrapped(reason, 2), wrapped(f"Next move: {remedy}", 2, 4)])
    told = [(_outcome(example), example.name) for example in rule.all_examples()]
    width = max(18, *(len(words) for words, _ in told))
    lines += section("Examples", [f"  {words:<{width}} {name}" for words, name in told])
    return "\n".join(lines)


def _outcome(example: Example) -> str:
    """`complies, duty open`: what an example must give."""
    return f"{VERDICT_WORDS[example.verdict]}{f', {OWED_WORDS[example.duty]}' if example.duty else ''}"


def paragraph(text: str) -> list[str]:
    return wrapped(text, 2).splitlines()


def numbered(sentences: Iterable[Sentence]) -> list[str]:
    """Sentences as indented lines; a term hangs under its heading."""
    return [wrapped(f"{s.number} {s.text}".strip(), 2 + 4 * s.depth, 2 + 4 * s.depth + max(2, len(s.number) + 1)) for s in sentences]


def _source(source: Source) -> list[str]:
    lines = [wrapped(f"Source: {source.cite} {source.url} ({checked_words(source)})", 2, 4)]
    return [*lines, *([wrapped(f"Note: {source.note}", 2, 4)] if source.note else [])]


def _spoken(text: str, vocabulary: Vocabulary) -> str:
    """A sentence of a rule with the names of facts where a finding has their values."""
    return PLACEHOLDER.sub(lambda match: f"[{vocabulary.facts[match.group(1)].phrase}]", text)
