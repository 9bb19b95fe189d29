"""
A case that the solver found, written as an example that can be pasted into a rule file and reads back to the same case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from advisor.possible import Possible
from advisor.rulebook.printing import example_lines
from advisor.rulebook.rule import Example, Verdict
from advisor.vocabulary import Vocabulary


def as_yaml(given: Mapping[str, Possible], vocabulary: Vocabulary, verdict: Verdict, name: str, as_of: date | None = None) -> str:
    """An example block in the style of the rule files. Facts of which nothing is known are left out, as an example leaves them out."""
    known = {fact: value for fact, value in sorted(given.items()) if value != vocabulary.unknown(vocabulary.facts[fact])}
    return "\n".join(example_lines(Example(name, known, verdict, as_of), vocabulary, indent=0)) + "\n"
