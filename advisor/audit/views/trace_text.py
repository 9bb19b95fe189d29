"""
The trace of a rule for one case as text for a terminal: the verdict, and how each part of the rule comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.errors import NotFound
from advisor.lines import wrapped
from advisor.rulebook.english import English
from advisor.rulebook.judge import example_facts
from advisor.rulebook.rule import EXAMPLE_DATE, VERDICT_WORDS, Example, Rule, Verdict
from advisor.rulebook.trace import Branch, Node, Role, Trace, trace
from advisor.vocabulary import Vocabulary

LEADS: Mapping[Role, str] = {
    "applies": "Does the rule apply?",
    "requires": "Is what it requires met?",
    "exception": "Does an exception take the case out?",
    "counter-exception": "Does an exception to that exception bring it back?",
    "duty": "Does the duty arise?",
    "done": "Does the duty count as done?",
}
BECAUSE: Mapping[Verdict, str] = {
    "complies": "What it requires surely holds.",
    "breaches": "The rule surely applies, and what it requires surely does not hold.",
    "unknown": "Something that is not known could turn it either way; the tests that keep it open are marked below.",
    "not_applicable": "Something that the rule needs in order to apply surely does not hold, or an exception surely takes the case out.",
    "not_in_force": "No arm of the rule is in force on that day.",
    "waived": "A live waiver accepts it.",
}
KEEPS_OPEN = "this keeps the verdict open"


def because(rule: Rule, verdict: Verdict) -> str:
    """Why a verdict is what it is, in one sentence."""
    return "Its points count." if (rule.effect, verdict) == ("weigh", "complies") else BECAUSE[verdict]


def lead(branch: Branch) -> str:
    """The question that a branch answers, with its answer."""
    if branch.exception is None:
        return f"{LEADS[branch.role]} {branch.node.answer.capitalize()}"
    text = f"{LEADS[branch.role]} {branch.exception.title}: {branch.node.answer}"
    set_aside = branch.node.truth.must and branch.stands is not None and not branch.stands.may
    return f"{text}, but it is set aside by an exception to it" if set_aside else text


def known_words(node: Node, vocabulary: Vocabulary) -> str:
    """What is known of the facts that a test compares; empty for a group."""
    english = English(vocabulary)
    return "; ".join(f"{vocabulary.facts[name].phrase}: {english.value(vocabulary.facts[name], value)}" for name, value in node.read)


def printed(rule: Rule, name: str) -> Example:
    """The printed example of this name. Raises NotFound."""
    found = {example.name: example for example in rule.all_examples()}
    if name not in found:
        raise NotFound("example", name, found)
    return found[name]


def example_trace(rule: Rule, example: Example, vocabulary: Vocabulary) -> Trace | None:
    """How a rule comes to its verdict for one of its examples; None: no arm is in force on its date."""
    on = example.as_of or EXAMPLE_DATE
    arm = rule.arm(on)
    return trace(rule, arm, example_facts(example, vocabulary), vocabulary, on) if arm else None


def text(rule: Rule, example: Example, vocabulary: Vocabulary) -> str:
    """The trace of one example as lines."""
    found = example_trace(rule, example, vocabulary)
    verdict: Verdict = found.verdict if found else "not_in_force"
    lines = [wrapped(f"{rule.id}: {example.name}")]
    lines.append(wrapped(f"On {example.as_of or EXAMPLE_DATE}: {VERDICT_WORDS[verdict]}. {because(rule, verdict)}"))
    for branch in found.branches if found else ():
        lines += ["", wrapped(lead(branch)), *_lines(branch.node, 1, vocabulary)]
    return "\n".join(lines)


def _lines(node: Node, depth: int, vocabulary: Vocabulary) -> Iterator[str]:
    known = known_words(node, vocabulary)
    more = f" ({known})" if known else ""
    waits = f" <- {KEEPS_OPEN}" if node.open else ""
    yield wrapped(f"{node.answer}: {node.words}{more}{waits}", 2 * depth, 2 * depth + 4)
    for part in node.parts:
        yield from _lines(part, depth + 1, vocabulary)


def data(rule: Rule, example: Example, vocabulary: Vocabulary) -> dict[str, object]:
    """The trace of one example as plain data."""
    found = example_trace(rule, example, vocabulary)
    return {
        "schema": "rule-trace/1", "rule": rule.id, "example": example.name, "as_of": str(example.as_of or EXAMPLE_DATE),
        "verdict": found.verdict if found else "not_in_force",
        "branches": [
            {"role": branch.role, "exception": branch.exception.id if branch.exception else "", "node": _node(branch.node, vocabulary)}
            for branch in (found.branches if found else ())
        ],
    }  # fmt: skip


def _node(node: Node, vocabulary: Vocabulary) -> dict[str, object]:
    return {
        "path": node.path, "answer": node.answer, "words": node.words, "known": known_words(node, vocabulary), "keeps_open": node.open,
        "parts": [_node(part, vocabulary) for part in node.parts],
    }  # fmt: skip
