"""
The way through the questionnaire: which questions to show, what an answer changes, which rules read it.

No widgets here: answers in, questions out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from advisor.answers import Answers, Value, answers_from, contradictions
from advisor.errors import BrokenInput
from advisor.library import Library
from advisor.questions import Question, QuestionField
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Rule
from advisor.ui.state import Draft
from advisor.vocabulary import Vocabulary


def answers(draft: Draft, vocabulary: Vocabulary) -> Answers:
    """The answers so far, contradictions included."""
    return Answers(dict(draft.known), vocabulary)


def shown(lib: Library, known: Mapping[str, Value], as_of: date) -> tuple[Question, ...]:
    """The questions that may still matter, in order, each with the fields that may."""
    facts = partial(Answers(known, lib.vocabulary).possible, as_of=as_of)
    judge = Judge(lib.vocabulary, as_of)
    return tuple(q for q in lib.questions if judge.truth(q.show_when, facts).may)


def fields(lib: Library, question: Question, known: Mapping[str, Value], as_of: date) -> tuple[QuestionField, ...]:
    """The fields of a question that may matter."""
    facts = partial(Answers(known, lib.vocabulary).possible, as_of=as_of)
    judge = Judge(lib.vocabulary, as_of)
    return tuple(f for f in question.fields if judge.truth(f.show_when, facts).may)


def is_open(question: Question, draft: Draft) -> bool:
    """Whether nothing was said to a question yet."""
    return not any(f.key in draft.known or f.key in draft.unsure for f in question.fields)


def neighbour(questions: Sequence[Question], question: Question, step: int) -> Question | None:
    """The question before (-1) or after (1) another one; the other one itself need not be among them."""
    if step > 0:
        return next((q for q in questions if (q.order, q.id) > (question.order, question.id)), None)
    return next((q for q in reversed(questions) if (q.order, q.id) < (question.order, question.id)), None)


def problem(key: str, value: object, vocabulary: Vocabulary) -> str:
    """What the engine says is wrong with an answer; empty when it is fine."""
    try:
        answers_from({key: value}, vocabulary)
    except BrokenInput as broken:
        return " ".join(_sentence(part) for p in broken.problems for part in (p.what, p.next_move) if part)
    return ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}".rstrip(".") + "."


def take(draft: Draft, lib: Library, key: str, value: object, unsure: bool, as_of: date) -> None:
    """
    Notes one answer, if it is a sound one. None: not answered.

    Answers to questions that no longer apply are set aside, and come back as soon as the questions do.
    """
    if problem(key, value, lib.vocabulary):
        return
    before = _keys(lib, draft.known, as_of)
    known = answers_from({key: value}, lib.vocabulary).known
    draft.known.pop(key, None)
    draft.known.update(known)
    draft.unsure.discard(key)
    if unsure and key not in known:
        draft.unsure.add(key)
    while (after := _keys(lib, draft.known, as_of)) != before:
        for gone in (before - after) & draft.known.keys():
            draft.aside[gone] = draft.known.pop(gone)
        for back in (after - before) & draft.aside.keys():
            draft.known[back] = draft.aside.pop(back)
        before = after


def _keys(lib: Library, known: Mapping[str, Value], as_of: date) -> frozenset[str]:
    return frozenset(f.key for q in shown(lib, known, as_of) for f in fields(lib, q, known, as_of))


def reading_rules(lib: Library, question: Question) -> list[Rule]:
    """The rules that read an answer to a question, on any date."""
    keys = {f"use.{f.key}" for f in question.fields}
    return [rule for rule in lib.rulebook.rules.values() if keys & set(rule.facts)]


def question_of(lib: Library, key: str) -> Question | None:
    """The question that sets a key."""
    return next((q for q in lib.questions if any(f.key == key for f in q.fields)), None)


def contradictions_in(draft: Draft) -> list[tuple[str, str]]:
    """Answers that cannot both be true, as key and sentence."""
    return contradictions(draft.known)
