"""
The outcome of proofs in words for people, and as plain data for machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import indent

from advisor.audit.logic.witness import as_yaml
from advisor.audit.proving.proofs import Flaw, Proof, Shown
from advisor.rulebook.rule import Rule
from advisor.vocabulary import Vocabulary


def proof_text(proof: Proof, rules: Mapping[str, Rule], vocabulary: Vocabulary) -> str:
    """Problems with the cases that show them, relations that are meant, and what was not decided; empty where there is nothing to say."""
    parts = [*(_problem(flaw, rules, vocabulary) for flaw in proof.problems)]
    if proof.meant:
        parts.append("Acknowledged in the rule files:\n" + "\n".join(f"  {flaw.what}\n    {flaw.why}" for flaw in proof.meant))
    if proof.undecided:
        parts.append("Not decided, and so not proved:\n" + "\n".join(f"  {line}" for line in proof.undecided))
    return "\n\n".join(parts)


def _problem(flaw: Flaw, rules: Mapping[str, Rule], vocabulary: Vocabulary) -> str:
    files = ", ".join(dict.fromkeys(rules[name].path for name in flaw.rules if name in rules))
    head = f"{files}: {' and '.join(flaw.rules)}, from {flaw.as_of}\n  {flaw.what}"
    return "\n".join([head, *_cases(flaw, vocabulary)])


def _cases(flaw: Flaw, vocabulary: Vocabulary) -> Iterator[str]:
    for case in flaw.shown:
        yield f"  A test of {case.rule}:\n{indent(_yaml(case, vocabulary), '    ').rstrip()}"


def _yaml(case: Shown, vocabulary: Vocabulary) -> str:
    return as_yaml(case.given, vocabulary, case.verdict, case.name, case.as_of)


def proof_summary(proof: Proof, count: int) -> str:
    """One line: how much was proved, and of how much there is something to say."""
    parts = [f"{count} rule{'' if count == 1 else 's'}, {proof.questions} statements decided: {_number(len(proof.problems), 'problem')}"]
    if proof.meant:
        parts.append(f"{_number(len(proof.meant), 'relation')} acknowledged")
    if proof.undecided:
        parts.append(f"{len(proof.undecided)} not decided")
    return ", ".join(parts)


def _number(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"


def proof_data(proof: Proof, vocabulary: Vocabulary) -> dict[str, object]:
    """The outcome as plain data: `problems`, `acknowledged`, `not_decided`, and how many statements were decided."""
    return {
        "decided": proof.questions,
        "problems": [_data(flaw, vocabulary) for flaw in proof.problems],
        "acknowledged": [_data(flaw, vocabulary) for flaw in proof.meant],
        "not_decided": list(proof.undecided),
    }


def _data(flaw: Flaw, vocabulary: Vocabulary) -> dict[str, object]:
    tests = [{"rule": c.rule, "verdict": c.verdict, "as_of": str(c.as_of), "yaml": _yaml(c, vocabulary)} for c in flaw.shown]
    data: dict[str, object] = {"kind": flaw.kind, "rules": list(flaw.rules), "as_of": str(flaw.as_of), "what": flaw.what, "tests": tests}
    return data | ({"exception": flaw.part} if flaw.part else {}) | ({"why": flaw.why} if flaw.why else {})
