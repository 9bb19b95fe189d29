"""
`advisor catalogue check|disputes|missing|questions|ages|diff`: what a curator asks of the catalogue.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from advisor.audit.changes.revisions import opened
from advisor.audit.effects.impact import Case
from advisor.audit.effects.trial_cases import written_cases
from advisor.cli.catalogue import FORMATS, app
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
)  # fmt: skip
from advisor.curation import schemas, words
from advisor.curation.difference import difference
from advisor.curation.disputes import disputes
from advisor.curation.freshness import ages, load_allowances
from advisor.curation.gaps import Gap, asked_of, gaps
from advisor.curation.integrity import problems
from advisor.curation.letters import letter, markdown, word
from advisor.curation.remarks import remarks
from advisor.curation.survey import chosen, survey
from advisor.errors import BrokenInput
from advisor.library import Library, roots, shipped, write_bytes, write_text
from advisor.recommendation import Recommendation, recommend

CASES = ("examples", "all")
CasesOption = Annotated[str, typer.Option("--cases", help="Cases to try: the ready examples, or all ready answer files.")]
AnswersOption = Annotated[Path | None, typer.Option("--answers", help="Only what matters for these answers, in place of ready cases.")]
MOST_STALE = 20


def ready_cases(lib: Library, data: Sequence[Path] | None, which: str) -> list[Case]:
    """The ready answer files of the data folders."""
    choice("cases", which, CASES)
    found = written_cases(roots("data", "ADVISOR_DATA", data or ()), lib.vocabulary)
    return chosen(found, which)


def results(lib: Library, cases: Sequence[Case], as_of: date) -> Iterator[tuple[Case, Recommendation]]:
    """Each case with its recommendation, with a line on stderr that says how far it is."""
    for number, case in enumerate(cases, 1):
        with progress(f"Trying {case.name} ({number} of {len(cases)})"):
            found = recommend(case.answers, lib, as_of)
        yield case, found


@app.command()
def check(as_of: AsOfOption = None, format: FormatOption = "text", rules: RulesOption = None, data: DataOption = None) -> None:
    """Form, references and evidence of every catalogue file; says what is counted and what is old. Exit 1 where something is wrong."""
    choice("format", format, FORMATS)
    on, folders = day(as_of), roots("data", "ADVISOR_DATA", data or ())
    lib = _loaded(rules, data, folders)
    with progress("Checking evidence"):
        found = problems(folders, lib.catalogue)
        noted = remarks(folders, lib.catalogue, lib.table(on).options, on)
        old = [age for age in ages(lib.catalogue, load_allowances(folders), on) if age.stale]
        counts = _counts(lib, on)
    if format == "json":
        told = {"problems": [words.problem_data(p) for p in found], "remarks": [words.problem_data(p) for p in noted]}
        emit_json({"counts": counts, **told, "old": [words.age_data(age) for age in old], "overridden": lib.catalogue.overridden})
    else:
        for problem in found:
            print(problem, file=sys.stderr)
        emit(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for remark in noted:
            emit(f"worth a look: {remark}")
        emit(f"{words.counted(len(found), 'problem')}, {words.counted(len(noted), 'remark')}")
        emit(f"{words.counted(len(old), 'statement')} older than the kind allows (`advisor catalogue ages` lists them)")
        for name in lib.catalogue.overridden:
            emit(f"your own data replace the shipped {name}")
    if found:
        raise typer.Exit(PROBLEMS_FOUND)


def _loaded(rules: list[Path] | None, data: list[Path] | None, folders: Sequence[Path]) -> Library:
    """The library; where it does not load, what else is wrong with the files is said with it."""
    try:
        return library(rules, data)
    except BrokenInput as error:
        told = set(error.problems)
        raise BrokenInput([*error.problems, *(p for p in problems(folders, None) if p not in told)]) from error


def _counts(lib: Library, as_of: date) -> dict[str, int]:
    options = lib.table(as_of).options
    hosted = [option for option in options if option.prices is not None]
    return {
        "models": len(lib.catalogue.models), "hosts": len(lib.catalogue.hosts), "licences": len(lib.catalogue.licences),
        "endpoints": sum(len(host.endpoints) for host in lib.catalogue.hosts.values()),
        "hosted options": len(hosted), "models in hosted options": len({o.model.id for o in hosted}),
        "hosts of hosted options": len({o.host.id for o in hosted}), "self-hosted options": len(options) - len(hosted),
        "price rows": sum(len(feed.listings) for feed in lib.catalogue.feeds.values()),
        "disputes": len(disputes(options, lib.catalogue, as_of)),
    }  # fmt: skip


@app.command("disputes")
def show_disputes(
    deciding: Annotated[bool, typer.Option("--deciding", help="Only those that change a case.")] = False,
    cases: CasesOption = "examples",
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Every fact, price, score and rent on which sources differ: the claims, the gap, and the cases that it can change."""
    choice("format", format, FORMATS)
    lib, on = library(rules, data), day(as_of)
    found = survey(lib, results(lib, ready_cases(lib, data, cases), on), on)
    shown = [(dispute, changes) for dispute, changes in found.ranked() if changes or not deciding]
    if format == "json":
        emit_json({"schema": "disputes/1", "as_of": str(on), "disputes": [words.dispute_data(d, changes) for d, changes in shown]})
        return
    for dispute, changes in shown:
        emit("\n".join(words.dispute_lines(dispute, lib.catalogue, changes)))
    emit(f"\n{len(found.disputes)} disputes; {len(found.changed)} of them change a case.")


@app.command()
def missing(
    cases: CasesOption = "examples",
    answers: AnswersOption = None,
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Evidence that nobody has and that matters, ranked by how many cases wait for it."""
    choice("format", format, FORMATS)
    lib, on = library(rules, data), day(as_of)
    found = _gaps(lib, cases, answers, on, data)
    if format == "json":
        emit_json({"schema": "missing/1", "as_of": str(on), "missing": [words.gap_data(gap, lib.rulebook.rules) for gap in found]})
        return
    for gap in found:
        emit("\n".join(words.gap_lines(gap, lib.rulebook.rules)))
    emit(f"\n{len(found)} questions are open.")


def _gaps(lib: Library, cases: str, answers: Path | None, as_of: date, data: Sequence[Path] | None) -> list[Gap]:
    from advisor.answers import load_answers

    chosen = [Case(str(answers), "", load_answers(answers, lib.vocabulary))] if answers else ready_cases(lib, data, cases)
    return gaps(results(lib, chosen, as_of))


@app.command()
def questions(
    host: Annotated[str, typer.Argument(metavar="HOST")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file: .md or .docx.")] = None,
    cases: CasesOption = "examples",
    answers: AnswersOption = None,
    as_of: AsOfOption = None,
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """The open questions for one host as a letter, each with the clause that makes it matter: over ready cases, or for your answers."""
    lib, on = library(rules, data), day(as_of)
    name = lib.catalogue.host(host).name
    suffix = _suffix(output)
    found = asked_of(_gaps(lib, cases, answers, on, data), host)
    if not found:
        over = str(answers) if answers else f"the ready cases ({cases})"
        print(f"No question to {name} is open over {over}; there is no letter to write.", file=sys.stderr)
        return
    text = letter(name, found, lib.rulebook.rules, on)
    if output is None:
        emit(markdown(text))
        return
    write_bytes(output, word(text) if suffix == ".docx" else markdown(text).encode())
    print(f"wrote {len(found)} question{'s' if len(found) != 1 else ''} to {output}", file=sys.stderr)


def _suffix(output: Path | None) -> str:
    from advisor.errors import BrokenInput, Problem

    suffix = output.suffix.lower() if output else ".md"
    if suffix not in (".md", ".docx"):
        raise BrokenInput([Problem("--output", 0, "", f"{suffix or 'no ending'} is not a form of letter", "End it in .md or .docx.")])
    return suffix


@app.command("schema")
def show_schema(
    kind: Annotated[str, typer.Argument(metavar="[host|developer|licence|hardware]")] = "host",
    write: Annotated[bool, typer.Option("--write", help="Write the file below data/ instead of printing.")] = False,
) -> None:
    """The JSON Schema of a host, developer, licence or hardware file, for editors."""
    choice("kind", kind, tuple(schemas.FORMS))
    document = schemas.schema_text(kind, library().vocabulary)
    if write:
        write_text(shipped("data") / schemas.file_name(kind), document)
    else:
        emit(document)


@app.command("ages")
def show_ages(
    everything: Annotated[bool, typer.Option("--all", help="Also what is still fresh.")] = False,
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """How old the newest claim behind each statement is, oldest first against what its kind allows."""
    choice("format", format, FORMATS)
    lib, on = library(rules, data), day(as_of)
    found = [a for a in ages(lib.catalogue, load_allowances(roots("data", "ADVISOR_DATA", data or ())), on) if a.stale or everything]
    if format == "json":
        emit_json({"schema": "ages/1", "as_of": str(on), "ages": [words.age_data(age) for age in found]})
        return
    for age in found:
        emit(words.age_line(age))
    emit(f"\n{sum(age.stale for age in found)} statements are older than their kind allows.")


EditionArgument = typer.Argument(help="A checkout, or a Git revision such as HEAD~1; `.` is the checkout you are in.")


@app.command()
def diff(
    old: Annotated[str, EditionArgument],
    new: Annotated[str, EditionArgument],
    cases: CasesOption = "examples",
    as_of: AsOfOption = None,
    format: FormatOption = "text",
    data: DataOption = None,
) -> None:
    """Every fact and price that changed from one catalogue to the other, and every case that is recommended something else."""
    choice("format", format, FORMATS)
    choice("cases", cases, CASES)
    on = day(as_of)
    with ExitStack() as stack:
        with progress("Reading both sides"):
            before, after = stack.enter_context(opened(old)), stack.enter_context(opened(new, (), data or ()))
            tries = [c for c in written_cases(after.data_roots, after.vocabulary) if cases == "all" or c.name.startswith("examples/")]
        with progress(f"Trying {len(tries)} cases on both"):
            found = difference(before, after, tries, on)
    if format == "json":
        emit_json({"schema": "catalogue-diff/1", "as_of": str(on), "old": old, "new": new, **words.difference_data(found)})
    else:
        emit("\n".join(words.difference_lines(found)))
    if not found.empty:
        raise typer.Exit(PROBLEMS_FOUND)
