"""
The cases that a change of the rules is tried on: the ready answer files, and answer sets drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath

from advisor import records
from advisor.answers import answers_in
from advisor.audit.effects.impact import Case
from advisor.audit.effects.population import in_words, population
from advisor.questions import load_questions
from advisor.strict_yaml import Document
from advisor.vocabulary import Vocabulary

WRITTEN = ("examples/*.yaml", "cases/*.yaml")


def written_cases(data_roots: Sequence[Path], vocabulary: Vocabulary) -> list[Case]:
    """The ready answer files of some data folders, named `examples/hospital-de.yaml`. Raises BrokenInput with the problems of all."""
    documents = [document for pattern in WRITTEN for document in records.documents(data_roots, pattern)]
    return records.gathered(partial(_case, document, vocabulary) for document in documents)


def _case(document: Document, vocabulary: Vocabulary) -> Case:
    answers = answers_in(document, vocabulary)
    return Case("/".join(PurePath(document.path).parts[-2:]), in_words(answers), answers)


def drawn_cases(data_roots: Sequence[Path], vocabulary: Vocabulary, size: int, seed: int) -> list[Case]:
    """The population of a seed, numbered from 1: `drawn 1`. Raises BrokenInput where the questions cannot be read."""
    drawn = population(vocabulary, load_questions(data_roots, vocabulary), size, seed)
    return [Case(f"drawn {n}", in_words(answers), answers) for n, answers in enumerate(drawn, start=1)]
