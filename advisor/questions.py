"""
The questionnaire: one file a question, in `data/questions/`, from which app, command line and JSON Schema derive.

In: question files and the vocabulary. Out: questions in order, each with the answer keys it sets and when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from advisor import records
from advisor.errors import BrokenInput, Problem
from advisor.rulebook.condition import ALWAYS, Condition
from advisor.rulebook.parse import Parser
from advisor.strict_yaml import Document, Place
from advisor.vocabulary import Vocabulary


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Option(_Strict):
    """One possible answer in plain words."""

    value: str
    label: str
    caption: str = ""


class Preset(_Strict):
    """A number that many people mean, with its words."""

    value: float
    label: str


class FieldFile(_Strict):
    """One answer key that a question sets."""

    key: str
    label: str = ""
    """Needed where a question has several fields; else the title serves."""
    hint: str = ""
    options: list[Option] = Field(default_factory=list)
    """For choices and lists: every value, in the order to show. Left out for countries and languages, which come from their lists."""
    presets: list[Preset] = Field(default_factory=list)
    default: float | str | None = None
    """Shown as a suggestion, never taken as an answer."""
    show_when: object = None


class QuestionFile(_Strict):
    """One question page."""

    id: str
    order: int
    section: str
    title: str
    """The question itself."""
    hint: str = ""
    why: str
    """One sentence: why we ask."""
    who: str
    """Who in the organisation can answer."""
    fields: list[FieldFile] = Field(min_length=1)
    show_when: object = None
    """A condition on earlier answers; the page is skipped where it cannot hold."""


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One answer key on a page."""

    key: str
    label: str
    hint: str
    options: tuple[Option, ...]
    presets: tuple[Preset, ...]
    default: float | str | None
    show_when: Condition


@dataclass(frozen=True, slots=True)
class Question:
    """One question page."""

    id: str
    order: int
    section: str
    title: str
    hint: str
    why: str
    who: str
    fields: tuple[QuestionField, ...]
    show_when: Condition


def load_questions(roots: Sequence[Path], vocabulary: Vocabulary) -> tuple[Question, ...]:
    """All questions in order; a later folder replaces by id. Raises BrokenInput with all problems."""
    found: dict[str, Question] = {}
    problems: list[Problem] = []
    for document in records.documents(roots, "questions/*.yaml"):
        try:
            question = _question(document, vocabulary)
            found[question.id] = question
        except BrokenInput as error:
            problems += error.problems
    if problems:
        raise BrokenInput(problems)
    return tuple(sorted(found.values(), key=lambda q: (q.order, q.id)))


def _question(document: Document, vocabulary: Vocabulary) -> Question:
    file = records.checked(QuestionFile, document)
    parser = Parser(document, vocabulary)

    def condition(data: object, place: Place) -> Condition:
        return ALWAYS if data is None else parser.condition(data, place) or ALWAYS

    fields = tuple(_field(f, n, parser, condition(f.show_when, ("fields", n, "show_when"))) for n, f in enumerate(file.fields))
    question = Question(
        file.id, file.order, file.section, file.title, file.hint, file.why, file.who, fields, condition(file.show_when, ("show_when",))
    )
    if parser.problems:
        raise BrokenInput(parser.problems)
    return question


def _field(file: FieldFile, number: int, parser: Parser, show_when: Condition) -> QuestionField:
    place: Place = ("fields", number)
    fact = parser.fact(f"use.{file.key}", (*place, "key"))
    if fact is not None:
        known = parser.vocabulary.values(fact)
        for n, option in enumerate(file.options):
            if option.value not in known:
                parser.complain((*place, "options", n, "value"), f"{option.value!r} is not a value of {fact.name}")
        if file.options and (missing := known - {o.value for o in file.options}):
            parser.complain(
                (*place, "options"), f"no words for {', '.join(sorted(missing))}", "Give every value of the vocabulary an option."
            )
    return QuestionField(file.key, file.label, file.hint, tuple(file.options), tuple(file.presets), file.default, show_when)
