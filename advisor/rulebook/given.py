"""
A case put together by hand: plain data as a rule file holds it under `given`, to what is possible of each fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from advisor.errors import BrokenInput
from advisor.possible import Possible
from advisor.rulebook.parse import Parser
from advisor.strict_yaml import Document
from advisor.vocabulary import Vocabulary

SHOWN_AS = "the case"


def given_facts(data: Mapping[str, object], vocabulary: Vocabulary, as_of: date) -> dict[str, Possible]:
    """What is possible of each fact; a fact that is left out is unknown. Raises BrokenInput with all that is wrong."""
    parser = Parser(Document(SHOWN_AS, None, {}), vocabulary)
    found: dict[str, Possible] = {}
    for name, value in data.items():
        fact = parser.fact(name, (name,))
        possible = parser.possible(fact, value, (name,), as_of) if fact else None
        if possible is not None:
            found[name] = possible
    if parser.problems:
        raise BrokenInput(parser.problems)
    return found
