"""What the tests share: the shipped rules and catalogue, read once; one date; and the command line, run in this process."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from advisor.answers import Answers, answers_from
from advisor.cli.main import run
from advisor.library import Library, load_library
from advisor.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 11, 24)

Stated: TypeAlias = Callable[..., Answers]


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


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Advisor: TypeAlias = Callable[..., Ran]


@pytest.fixture
def advisor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Advisor]:
    """Runs a command in this process, the way the console script does."""
    pipe = signal.getsignal(signal.SIGPIPE)

    def call(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["advisor", *arguments])
        capsys.readouterr()
        code: object = 0
        try:
            run()
        except SystemExit as stop:
            code = stop.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return Ran(code, out, err)

    yield call
    signal.signal(signal.SIGPIPE, pipe)
