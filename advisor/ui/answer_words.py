"""
Answers in words, as they stand on the pages: the same words as the questions use.
"""

from __future__ import annotations

from collections.abc import Mapping

from advisor.answers import Value
from advisor.catalogue.load import Catalogue
from advisor.questions import QuestionField
from advisor.rulebook.english import joined, quantity
from advisor.ui.state import Draft
from advisor.vocabulary import Fact

UNSURE = "I do not know yet"
NOT_ANSWERED = "Not answered"
NONE = "None"

BARE_UNITS = ("share", "factor a year", "peak hour over average hour")


def answer_words(item: QuestionField, draft: Draft, catalogue: Catalogue) -> str:
    """The answer to one field."""
    value = draft.known.get(item.key)
    if value is None:
        return UNSURE if item.key in draft.unsure else NOT_ANSWERED
    return value_words(item, catalogue.vocabulary.facts[f"use.{item.key}"], value, catalogue)


def value_words(item: QuestionField, fact: Fact, value: Value, catalogue: Catalogue) -> str:
    """A value in the words of its question."""
    labels = {o.value: o.label for o in item.options}
    match value:
        case str():
            return labels.get(value) or catalogue.vocabulary.words(fact, value)
        case tuple():
            return "; ".join(labels.get(v) or catalogue.vocabulary.words(fact, v) for v in value) or NONE
        case Mapping() if item.key == "gpus_owned":
            return joined([f"{count} × {hardware_name(kind, catalogue)}" for kind, count in value.items() if count], "and") or NONE
        case Mapping():
            return ", ".join(f"{name} {weight}" for name, weight in value.items())
        case _:
            return number_words(fact, value)


def number_words(fact: Fact, value: float) -> str:
    """A number with its unit; shares and factors stand alone."""
    return quantity(value, "" if fact.unit in BARE_UNITS else fact.unit)


def hardware_name(kind: str, catalogue: Catalogue) -> str:
    found = catalogue.hardware.get(kind)
    return found.name if found else kind
