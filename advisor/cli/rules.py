"""
`advisor rules`: for auditors and curators.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, get_args

import typer

from advisor import text
from advisor.cli.shared import PROBLEMS_FOUND, AsOfOption, DataOption, FormatOption, RulesOption, choice, day, emit, emit_json, library
from advisor.library import Library, shipped, write_text
from advisor.rulebook.check import Fault, check_rules, run_examples
from advisor.rulebook.english import English
from advisor.rulebook.rule import Effect, Rule
from advisor.rulebook.schema import rule_schema

app = typer.Typer(help="The rules: list, read, check and test them.", no_args_is_help=True)

FORMATS = ("text", "json")


@app.command("list")
def list_rules(
    as_of: AsOfOption = None,
    effect: Annotated[str | None, typer.Option("--effect", help="require, mitigate, advise or weigh.")] = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """All rules with effect, place, source and whether they are in force."""
    choice("format", format, FORMATS)
    if effect is not None:
        choice("effect", effect, get_args(Effect))
    lib = library(rules, data)
    today = day(as_of)
    shown = [rule for rule in lib.rulebook.rules.values() if effect in (None, rule.effect)]
    if format == "json":
        emit_json(
            {"schema": "rules/1", "as_of": str(today), "rulebook": lib.rulebook_digest, "rules": [_summary(r, lib, as_of) for r in shown]}
        )
    else:
        emit(text.rule_list(shown, today))
        if lib.rulebook.overridden:
            emit(f"Replaced by your own: {', '.join(lib.rulebook.overridden)}.")


def _summary(rule: Rule, lib: Library, as_of: str | None) -> dict[str, object]:
    today = day(as_of)
    arm = rule.arm(today)
    source = (arm or rule.arms[0]).source
    english = English(lib.vocabulary)
    return {
        "id": rule.id, "title": rule.title, "effect": rule.effect, "place": rule.place, "topic": rule.topic, "in_force": arm is not None,
        "next_change": str(rule.next_change(today) or ""), "cite": source.cite, "url": source.url, "checked": source.checked,
        "applies_when": english.sentence(rule.applies(arm)) if arm else "", "requires": english.sentence(arm.requires) if arm else "",
        "review": rule.review, "path": rule.path, "examples": sum(1 for _ in rule.all_examples()),
    }  # fmt: skip


@app.command()
def show(
    rule_id: Annotated[str, typer.Argument(metavar="RULE")],
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """One rule in plain English, with its source, dates, exceptions and examples."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    rule = lib.rulebook.rule(rule_id)
    if format == "json":
        emit_json(_summary(rule, lib, as_of))
    else:
        emit(text.rule_page(rule, lib.vocabulary, day(as_of)))


@app.command("check")
def check_files(rules: RulesOption = None, data: DataOption = None) -> None:
    """Checks the form of every rule file and that each rule has the examples it needs."""
    lib = library(rules, data)
    _report(check_rules(lib.rulebook), f"{len(lib.rulebook.rules)} rules are well formed")


@app.command("test")
def run_tests(rules: RulesOption = None, data: DataOption = None) -> None:
    """Runs every example printed in the rule files."""
    lib = library(rules, data)
    count, faults = run_examples(lib.rulebook, lib.vocabulary)
    _report(faults, f"{count} examples of {len(lib.rulebook.rules)} rules hold")


@app.command()
def schema(write: Annotated[bool, typer.Option("--write", help="Write rules/rule.schema.json instead of printing.")] = False) -> None:
    """The JSON Schema of a rule file, for editors."""
    lib = library()
    document = json.dumps(rule_schema(lib.vocabulary), indent=1, ensure_ascii=False) + "\n"
    if write:
        write_text(shipped("rules") / "rule.schema.json", document)
    else:
        emit(document)


def _report(faults: list[Fault], well: str) -> None:
    for fault in faults:
        emit(str(fault))
    if faults:
        print(f"{len(faults)} problem{'s' if len(faults) != 1 else ''}", file=sys.stderr)
        raise typer.Exit(PROBLEMS_FOUND)
    print(well, file=sys.stderr)
