"""
`recommend`, `why`, `compare`, `memo`, `app`: answers in, a decision out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor import export, text
from advisor.answers import answers_from, load_answers
from advisor.cli.costs import costs
from advisor.cli.shared import (
    AnswersArgument,
    AsOfOption,
    DataOption,
    FiguresOption,
    FormatOption,
    RulesOption,
    choice,
    emit,
    emit_json,
    find,
    library,
    result,
)
from advisor.comparison import compare as compare_options
from advisor.errors import BrokenInput, Problem
from advisor.library import write_text

FORMATS = ("text", "json")


def recommend(
    answers: AnswersArgument,
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    options: Annotated[str, typer.Option("--options", help="shortlist or all.")] = "shortlist",
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """The recommendation: what you may use, in order, with reasons, costs and what was ruled out."""
    choice("format", format, FORMATS)
    choice("options", options, ("shortlist", "all"))
    lib = library(rules, data)
    found = result(lib, load_answers(answers, lib.vocabulary), as_of, figures)
    if format == "json":
        emit_json(export.document(found, everything=options == "all"), compact=options == "all")
    else:
        emit(text.recommendation(found, everything=options == "all"))


def why(
    answers: AnswersArgument,
    option: Annotated[str, typer.Argument(metavar="OPTION", help="An option id, such as gpt-5.4@openai-api/eu.")],
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Every finding of one option: each rule that applies, its verdict, the facts it read and their sources."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    found = result(lib, load_answers(answers, lib.vocabulary), as_of, figures)
    ranked = find(found, option)
    if format == "json":
        rank = next((n for n, r in enumerate(found.ranked, 1) if r is ranked), None)
        emit_json(
            {
                "schema": "why/1",
                "as_of": str(found.as_of),
                "digests": export.digests(found),
                **export.option(found, ranked, rank, full=True),
            }
        )
    else:
        emit(text.why(found, ranked))


def compare(
    args: Annotated[list[str] | None, typer.Argument(metavar="[ANSWERS.yaml] [MODEL or OPTION …]")] = None,
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Options head to head; without names the three systems of the comparison document."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    names = list(args or ())
    has_file = bool(names) and names[0].endswith((".yaml", ".yml", ".json"))
    answers = load_answers(Path(names.pop(0)), lib.vocabulary) if has_file else answers_from({}, lib.vocabulary)
    found = result(lib, answers, as_of, figures)
    comparison = compare_options(found, names)
    if format == "json":
        emit_json(
            {
                "schema": "comparison/1",
                "as_of": str(found.as_of),
                "figures": figures,
                "digests": export.digests(found),
                "options": [r.option.id for r in comparison.options],
                "rows": [{"topic": r.topic, "label": r.label, "cells": list(r.cells), "note": r.note} for r in comparison.rows],
                "choose": list(comparison.choose),
            }
        )
    else:
        emit(text.comparison(comparison))


def memo(
    answers: AnswersArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write; .md or .json.")],
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Writes the decision memo."""
    from advisor.memo.document import memo_json, memo_markdown  # only this command needs the template engine

    writers = {".md": memo_markdown, ".json": memo_json}
    if output.suffix not in writers:
        raise BrokenInput([Problem(str(output), 0, "", f"memos are written as {', '.join(writers)}", "Choose one of these endings.")])
    lib = library(rules, data)
    found = result(lib, load_answers(answers, lib.vocabulary), as_of, figures)
    write_text(output, writers[output.suffix](found))
    print(f"wrote {output}", file=sys.stderr)


def app(port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = 8501) -> None:
    """Opens the advisor in the browser."""
    print(f"The advisor is at http://localhost:{port} (stop it with Ctrl+C)", file=sys.stderr, flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "advisor.ui.server", "--port", str(port)])


def register(to: typer.Typer) -> None:
    for command in (recommend, why, compare, costs, memo, app):
        to.command(command.__name__)(command)
