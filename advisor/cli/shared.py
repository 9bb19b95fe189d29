"""
What all commands share: options, loading with a progress line, printing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from advisor.answers import Answers
from advisor.errors import AdvisorError, BrokenInput, NotFound, Problem
from advisor.library import Library, load_library
from advisor.recommendation import Ranked, Recommendation, recommend

AnswersArgument = Annotated[Path, typer.Argument(metavar="ANSWERS.yaml", help="Your answers; see `advisor questions`.")]
RulesOption = Annotated[list[Path] | None, typer.Option("--rules", help="A folder of your own rules; may be repeated, later ones win.")]
DataOption = Annotated[list[Path] | None, typer.Option("--data", help="A folder of your own data; may be repeated, later ones win.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="The date to judge on, such as 2027-12-02. Default: today.")]
FiguresOption = Annotated[str, typer.Option("--figures", help="Scores and prices to calculate with: best, or comparison-document.")]
FormatOption = Annotated[str, typer.Option("--format", help="text or json.")]

FIGURES = ("best", "comparison-document")
PROBLEMS_FOUND = 1
COULD_NOT_RUN = 2


def library(rules: list[Path] | None = None, data: list[Path] | None = None) -> Library:
    with progress("Reading rules and catalogue"):
        return load_library(rules or (), data or ())


def result(lib: Library, answers: Answers, as_of: str | None, figures: str) -> Recommendation:
    choice("figures", figures, FIGURES)
    with progress("Judging every option"):
        return recommend(answers, lib, day(as_of), figures)


def find(found: Recommendation, name: str) -> Ranked:
    ranked = found.find(name)
    if ranked is None:
        raise NotFound("option", name, [r.option.id for r in found.all])
    return ranked


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A line on stderr while something runs, only where a person watches."""
    watched = sys.stderr.isatty()
    if watched:
        print(f"{what} …", end="\r", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if watched:
            print(" " * (len(what) + 2), end="\r", file=sys.stderr, flush=True)


def day(text: str | None) -> date:
    """A date argument; today when it is left out. The only place that reads the clock for a command."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BrokenInput([Problem("--as-of", 0, "", f"{text!r} is not a date", "Write it as 2026-11-24.")]) from error


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BrokenInput([Problem(f"--{name}", 0, "", f"{value!r} is not one of {', '.join(allowed)}", "")])
    return value


def emit(text: str) -> None:
    """Writes to stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def emit_json(document: object, compact: bool = False) -> None:
    """Writes one JSON document to stdout; `compact`: on one line, for documents that nobody reads by eye."""
    emit(json.dumps(document, ensure_ascii=False, indent=None if compact else 2, allow_nan=False))


def fail(error: AdvisorError) -> int:
    """Prints an error to stderr, all problems of broken input together; returns exit code 2."""
    if isinstance(error, BrokenInput):
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        print(f"{count} problem{'s' if count != 1 else ''}; nothing was written.", file=sys.stderr)
    else:
        print(error, file=sys.stderr)
    return COULD_NOT_RUN
