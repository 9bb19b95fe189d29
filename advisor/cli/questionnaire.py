"""
`advisor questions`: the questionnaire, and the JSON Schema of an answers file.
"""

from __future__ import annotations

import typer

from advisor import text
from advisor.answers_schema import answers_schema, questionnaire
from advisor.cli.shared import DataOption, FormatOption, RulesOption, choice, emit, emit_json, library


def questions(format: FormatOption = "text", rules: RulesOption = None, data: DataOption = None) -> None:
    """Every question with its key and values; as JSON also the schema of an answers file."""
    choice("format", format, ("text", "json"))
    lib = library(rules, data)
    if format == "json":
        emit_json(
            {
                "schema": "questions/1",
                "questions": questionnaire(lib.questions, lib.vocabulary),
                "answers_schema": answers_schema(lib.questions, lib.vocabulary),
            }
        )
    else:
        emit(text.questions(lib.questions, lib.vocabulary))


def register(to: typer.Typer) -> None:
    to.command("questions")(questions)
