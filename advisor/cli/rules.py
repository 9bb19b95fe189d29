"""
`advisor rules`: for auditors and curators.
"""

from __future__ import annotations

import sys
from typing import Annotated, get_args

import typer

from advisor import rule_text
from advisor.audit.views import trace_text
from advisor.cli.shared import (
    PROBLEMS_FOUND,
    AsOfOption,
    DataOption,
    FormatOption,
    RulesOption,
    choice,
    day,
    emit,
    emit_json,
    library,
    progress,
)
from advisor.errors import NotFound
from advisor.library import Library, roots, shipped, write_text
from advisor.rulebook.english import English
from advisor.rulebook.examples import Fault, run_examples
from advisor.rulebook.lint_codes import CODES
from advisor.rulebook.lints import Lint, case_names, rulebook_lints
from advisor.rulebook.numbered import reading
from advisor.rulebook.rule import Effect, Rule
from advisor.rulebook.schema import SCHEMAS, schema_text

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
        emit(rule_text.rule_list(shown, today))
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
    example: Annotated[str | None, typer.Option("--example", help="Trace one printed example, by its name, part by part.")] = None,
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """One rule in plain English, with its source, dates, exceptions and examples; or how it judges one example."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    rule = lib.rulebook.rule(rule_id)
    if example is not None:
        case = trace_text.printed(rule, example)
        if format == "json":
            emit_json(trace_text.data(rule, case, lib.vocabulary))
        else:
            emit(trace_text.text(rule, case, lib.vocabulary))
        return
    if format == "json":
        emit_json({**_summary(rule, lib, as_of), "reading": _readings(rule, lib, as_of)})
    else:
        emit(rule_text.rule_page(rule, lib.vocabulary, day(as_of)))


def _readings(rule: Rule, lib: Library, as_of: str | None) -> list[dict[str, object]]:
    """The numbered sentences of every arm."""
    return [
        {
            "from": str(arm.since or ""),
            "until": str(arm.until or ""),
            "sentences": [
                {"number": s.number, "text": s.text, "depth": s.depth, "path": s.path}
                for s in reading(rule, arm, lib.vocabulary, day(as_of))
            ],
        }
        for arm in rule.arms
    ]


@app.command("check")
def check_files(
    as_of: AsOfOption = None,
    notes: Annotated[bool, typer.Option("--notes", help="Show also what is only worth knowing.")] = False,
    explain: Annotated[str | None, typer.Option("--explain", metavar="CODE", help="What a code in brackets means, and what to do.")] = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Checks every rule file: form, conditions, sources, examples, provisions, waivers. All problems are shown at once."""
    choice("format", format, FORMATS)
    if explain is not None:
        _explain(explain, format)
        return
    lib = library(rules, data)
    rule_roots, data_roots = roots("rules", "ADVISOR_RULES", rules or ()), roots("data", "ADVISOR_DATA", data or ())
    with progress("Checking rules"):
        found = rulebook_lints(rule_roots, lib.rulebook, lib.vocabulary, case_names(data_roots), day(as_of))
    shown = [lint for lint in found if notes or lint.severity == "problem"]
    problems = sum(lint.severity == "problem" for lint in found)
    if format == "json":
        emit_json({"schema": "rules-check/1", "as_of": str(day(as_of)), "found": [_lint(lint) for lint in shown]})
    else:
        for lint in shown:
            emit(f"{lint}{' (note)' if lint.severity == 'note' else ''}")
    _close(problems, len(found) - problems, len(lib.rulebook.rules))


def _close(problems: int, notes: int, rules: int) -> None:
    kept = f"; {notes} note{'s' if notes != 1 else ''}" if notes else ""
    if problems:
        print(f"{problems} problem{'s' if problems != 1 else ''}{kept}", file=sys.stderr)
        raise typer.Exit(PROBLEMS_FOUND)
    print(f"{rules} rules are well formed{kept}", file=sys.stderr)


def _lint(lint: Lint) -> dict[str, object]:
    return {
        "code": lint.code, "severity": lint.severity, "path": lint.path, "line": lint.line, "column": lint.column, "what": lint.what,
    }  # fmt: skip


def _explain(code: str, format: str) -> None:
    if code not in CODES:
        raise NotFound("code", code, CODES)
    item = CODES[code]
    if format == "json":
        emit_json({"code": code, "severity": item.severity, "meaning": item.meaning, "what_to_do": item.what_to_do})
    else:
        emit("\n".join([f"{code} ({item.severity})", *rule_text.paragraph(item.meaning), *rule_text.paragraph(item.what_to_do)]))


@app.command("test")
def run_tests(rules: RulesOption = None, data: DataOption = None) -> None:
    """Runs every example printed in the rule files."""
    lib = library(rules, data)
    count, faults = run_examples(lib.rulebook, lib.vocabulary)
    _report(faults, f"{count} examples of {len(lib.rulebook.rules)} rules hold")


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="[rule|provisions|waiver]")] = "rule",
    write: Annotated[bool, typer.Option("--write", help="Write the file below rules/ instead of printing.")] = False,
) -> None:
    """The JSON Schema of a rule file, of a provisions.yaml or of a waiver, for editors."""
    choice("kind", kind, tuple(SCHEMAS))
    lib = library()
    document = schema_text(kind, lib.vocabulary)
    if write:
        write_text(shipped("rules") / SCHEMAS[kind], document)
    else:
        emit(document)


def _report(faults: list[Fault], well: str) -> None:
    for fault in faults:
        emit(str(fault))
    if faults:
        print(f"{len(faults)} problem{'s' if len(faults) != 1 else ''}", file=sys.stderr)
        raise typer.Exit(PROBLEMS_FOUND)
    print(well, file=sys.stderr)
