"""What the tests share: the shipped rules and catalogue, read once, and one date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from advisor.answers import Answers, answers_from
from advisor.library import Library, load_library
from advisor.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 11, 24)

Stated = Callable[..., Answers]


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def vocabulary(library: Library) -> Vocabulary:
    return library.vocabulary


@pytest.fixture(scope="session")
def stated(vocabulary: Vocabulary) -> Stated:
    """Answers from keyword arguments; what is left out is unknown."""

    def make(**values: object) -> Answers:
        given: Mapping[str, object] = values
        return answers_from(given, vocabulary)

    return make
