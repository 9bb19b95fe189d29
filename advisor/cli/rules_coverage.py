"""
`advisor rules coverage`, `mutate` and `suggest`: do the printed examples of a rule hold it to what it says?
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor import records
from advisor.audit.examples.cases import Bench
from advisor.audit.examples.coverage import Coverage, cover
from advisor.cli.rules import FORMATS, app
from advisor.cli.shared import PROBLEMS_FOUND, DataOption, FormatOption, RulesOption, choice, emit, emit_json, library, progress
from advisor.errors import AdvisorError
from advisor.library import Library, roots
from advisor.rulebook.printing import example_data, example_lines
from advisor.rulebook.rule import Example, Rule
from advisor.strict_yaml import Document, Place, read

if TYPE_CHECKING:
    from advisor.audit.examples.finder import Finder
    from advisor.audit.examples.mutants import MutantReport, Survivor
    from advisor.audit.examples.suggest import Suggestions

RulesArgument = Annotated[list[str] | None, typer.Argument(metavar="[RULE …]", help="Ids of rules. Default: all rules.")]


@app.command("coverage")
def show_coverage(chosen: RulesArgument = None, format: FormatOption = "text", rules: RulesOption = None, data: DataOption = None) -> None:
    """What the examples of each rule show: verdicts, duties, every part of a condition, open facts, limits, dates, exceptions."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    files = _Files.of(rules)
    finder = _finder(lib)
    found = [cover(rule, lib.vocabulary, finder) for rule in _watched("Counting what is shown of", _chosen(lib, chosen))]
    if format == "json":
        emit_json(_coverage_json(found, files))
    else:
        for coverage in found:
            _print_coverage(coverage, files)
        shown, total = sum(len(c.covered) for c in found), sum(c.total for c in found)
        emit(f"{_count(len(found), 'rule')}: {shown:,} of {total:,} outcomes are shown, {total - shown:,} are untested.")
    if any(coverage.untested for coverage in found):
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("mutate")
def show_mutants(chosen: RulesArgument = None, format: FormatOption = "text", rules: RulesOption = None, data: DataOption = None) -> None:
    """Changes each rule in one place at a time and says which changes no example notices."""
    from advisor.audit.examples.mutants import mutate, mutators

    choice("format", format, FORMATS)
    lib = library(rules, data)
    files = _Files.of(rules)
    finder = _needed_finder(lib)
    mutator = mutators(lib.rulebook.rules.values(), finder)
    found = [mutate(rule, mutator, finder) for rule in _watched("Changing", _chosen(lib, chosen))]
    if format == "json":
        emit_json(_mutants_json(found, files, lib))
    else:
        for report in found:
            _print_mutants(report, files, lib)
        caught, total = sum(report.killed for report in found), sum(report.total for report in found)
        same = sum(len(report.excused) for report in found)
        emit(
            f"{_count(len(found), 'rule')}: {caught:,} of {_count(total, 'change')} are noticed, {total - caught:,} are not; "
            f"{same:,} more change nothing and are excused."
        )
    if any(report.survivors for report in found):
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("suggest")
def show_suggestions(
    chosen: Annotated[list[str], typer.Argument(metavar="RULE …", help="Ids of rules.")],
    write: Annotated[bool, typer.Option("--write", help="Add the examples to the rule files instead of printing them.")] = False,
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Ready examples for all that `coverage` and `mutate` find missing. The verdicts are those of the rule as it is written."""
    from advisor.audit.examples.mutants import mutators
    from advisor.audit.examples.suggest import CHECK, suggest, write_suggestions

    lib = library(rules, data)
    files = _Files.of(rules)
    finder = _needed_finder(lib)
    mutator = mutators(lib.rulebook.rules.values(), finder)
    emit(f"# {CHECK}")
    left = False
    for rule in _watched("Looking for examples of", _chosen(lib, chosen)):
        suggestions = suggest(rule, mutator, finder)
        left = left or bool(suggestions.left)
        if write and (suggestions.found or suggestions.stated):
            write_suggestions(suggestions, files.path(rule), lib.vocabulary)
        _print_suggestions(suggestions, lib, write)
    if left:
        raise typer.Exit(PROBLEMS_FOUND)


# ---------------------------------------------------------------------- what the commands share
@dataclass(frozen=True)
class _Files:
    """Where the rules stand that are in use: the file of a later folder wins by id."""

    paths: dict[str, Path]
    """By the name under which a file is shown."""
    _read: dict[str, Document]

    @classmethod
    def of(cls, rules: list[Path] | None) -> _Files:
        folders = roots("rules", "ADVISOR_RULES", rules or ())
        return cls({name: path for path, name in records.paths(folders, "**/*.yaml")}, {})

    def path(self, rule: Rule) -> Path:
        return self.paths[rule.path]

    def line(self, rule: Rule, place: Place) -> int:
        if rule.path not in self._read:
            self._read[rule.path] = read(self.path(rule), rule.path)
        return self._read[rule.path].line(place)


def _chosen(lib: Library, chosen: Sequence[str] | None) -> list[Rule]:
    """The rules asked for, all without a choice. Raises NotFound."""
    return [lib.rulebook.rule(rule_id) for rule_id in dict.fromkeys(chosen)] if chosen else list(lib.rulebook.rules.values())


def _watched(what: str, rules: Sequence[Rule]) -> Iterator[Rule]:
    """The rules one by one, with a line that says how far it is."""
    for n, rule in enumerate(rules, start=1):
        with progress(f"{what} {rule.id} ({n} of {len(rules)})"):
            yield rule


def _finder(lib: Library) -> Finder | None:
    """What looks for cases; None, with a word on stderr, where the solver is not installed."""
    try:
        return _needed_finder(lib)
    except AdvisorError as error:
        print(f"Outcomes that cannot happen are counted as untested. {error}", file=sys.stderr)
        return None


def _needed_finder(lib: Library) -> Finder:
    from advisor.audit.examples.finder import Finder

    return Finder(Bench(lib.vocabulary))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# ---------------------------------------------------------------------- coverage
def _print_coverage(coverage: Coverage, files: _Files) -> None:
    rule = coverage.rule
    emit(f"{rule.id}: {len(coverage.covered)} of {coverage.total}")
    for item in coverage.untested:
        emit(f"  {rule.path}:{files.line(rule, item.place)}: no example {item.words}")
    if coverage.excused:
        emit(f"  cannot happen: {'; '.join(item.name for item in coverage.excused)}")


def _coverage_json(found: Sequence[Coverage], files: _Files) -> dict[str, object]:
    return {
        "schema": "rules-coverage/1", "covered": sum(len(c.covered) for c in found), "total": sum(c.total for c in found),
        "rules": [
            {
                "rule": c.rule.id, "path": c.rule.path, "covered": len(c.covered), "total": c.total,
                "untested": [
                    {"item": item.name, "what": f"no example {item.words}", "line": files.line(c.rule, item.place)} for item in c.untested
                ],
                "cannot_happen": [item.name for item in c.excused],
            }
            for c in found
        ],
    }  # fmt: skip


# ---------------------------------------------------------------------- mutants
def _print_mutants(report: MutantReport, files: _Files, lib: Library) -> None:
    rule = report.rule
    emit(f"{rule.id}: {report.killed} of {report.total}")
    for survivor in report.survivors:
        emit(f"  {rule.path}:{files.line(rule, survivor.mutant.place)}: no example notices this change: {survivor.mutant.words}")
        emit(f"    {survivor.mutant.name}")
        if survivor.witness is None:
            emit("    The solver gave up before it found a case that would, or a proof that there is none.")
            continue
        emit(f"    This would; with the change {_changed(survivor)}:")
        for line in _example(survivor.witness, lib, 4, "a case that tells them apart"):
            emit(line)
    if report.excused:
        names = "; ".join(mutant.name for mutant in report.excused)
        emit(f"  proved to give the same verdict, and to leave the same duty, in every case on every date: {names}")


def _changed(survivor: Survivor) -> str:
    """What the change makes of the case that would notice it."""
    if survivor.witness and survivor.mutant_verdict == survivor.witness.verdict:
        return f"it is duty: {survivor.mutant_duty}"
    return f"it is {survivor.mutant_verdict}"


def _example(example: Example, lib: Library, indent: int, name: str) -> list[str]:
    return example_lines(replace(example, name=example.name or name), lib.vocabulary, indent)


def _mutants_json(found: Sequence[MutantReport], files: _Files, lib: Library) -> dict[str, object]:
    return {
        "schema": "rules-mutants/1", "noticed": sum(r.killed for r in found), "total": sum(r.total for r in found),
        "rules": [
            {
                "rule": r.rule.id, "path": r.rule.path, "noticed": r.killed, "total": r.total,
                "unnoticed": [
                    {
                        "mutant": s.mutant.name, "what": s.mutant.words, "line": files.line(r.rule, s.mutant.place),
                        "witness": _example_json(s.witness, lib), "verdict_with_the_change": s.mutant_verdict,
                        "duty_with_the_change": s.mutant_duty,
                    }
                    for s in r.survivors
                ],
                "excused": [mutant.name for mutant in r.excused],
            }
            for r in found
        ],
    }  # fmt: skip


def _example_json(example: Example | None, lib: Library) -> dict[str, object] | None:
    return example_data(example, lib.vocabulary) if example else None


# ---------------------------------------------------------------------- suggestions
def _print_suggestions(suggestions: Suggestions, lib: Library, written: bool) -> None:
    rule = suggestions.rule
    if written:
        stated = f"; {_count(len(suggestions.stated), 'printed example')} now with a duty" if suggestions.stated else ""
        emit(f"{rule.path}: {_count(len(suggestions.found), 'example')} added{stated}")
        for suggestion in (*suggestions.stated, *suggestions.found):
            duty = f", duty: {suggestion.example.duty}" if suggestion.example.duty else ""
            emit(f"  {suggestion.example.name}: {suggestion.example.verdict}{duty}")
    else:
        for suggestion in suggestions.stated:
            emit(f"# {rule.path}:{suggestion.example.line}: add `duty: {suggestion.example.duty}` to “{suggestion.example.name}”")
        emit(f"# {rule.path}: {_count(len(suggestions.found), 'example')}")
        for suggestion in suggestions.found:
            for line in _example(suggestion.example, lib, 2, ""):
                emit(line)
    for name in suggestions.left:
        emit(f"# nothing was found for {name}")
