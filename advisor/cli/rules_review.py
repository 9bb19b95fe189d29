"""
`advisor rules review`: which rules wait for a sign-off, and what a reviewer needs.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from advisor import records
from advisor.audit.changes import diff_text
from advisor.audit.changes.carrying import Carrying, carrying, write_carried
from advisor.audit.changes.revisions import Edition, opened
from advisor.audit.changes.signoffs import Covered, Waiting, counts, coverage_words, covered, queue, record
from advisor.cli.rules import FORMATS, app
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
from advisor.errors import BrokenInput, Problem
from advisor.library import Library, roots
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.reviews import STATE_WORDS, due_on, state
from advisor.rulebook.rule import Rule

CarryOption = Annotated[
    str | None,
    typer.Option("--carry-from", metavar="OLD", help="A folder or Git revision where a sign-off stood; is the meaning the same?"),
]
WriteOption = Annotated[bool, typer.Option("--write", help="With --carry-from: add the proof to the rule file.")]


@app.command("review")
def review(
    rule_id: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The rule to review. Default: the queue of all.")] = None,
    as_of: AsOfOption = None,
    carry_from: CarryOption = None,
    write: WriteOption = False,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """The rules that wait for a review; with RULE what a reviewer signs, and what earlier sign-offs still cover."""
    choice("format", format, FORMATS)
    if rule_id is None and carry_from is not None:
        raise BrokenInput([Problem("--carry-from", 0, "", "no rule is named", "Write `advisor rules review RULE --carry-from OLD`.")])
    if write and carry_from is None:
        raise BrokenInput([Problem("--write", 0, "", "there is nothing to write", "It goes with --carry-from.")])
    lib, today = library(rules, data), day(as_of)
    if rule_id is None:
        _show_queue(queue(lib.rulebook, today), today, format)
    elif carry_from is None:
        _show_rule(lib.rulebook.rule(rule_id), lib, today, format)
    else:
        lib.rulebook.rule(rule_id)
        folders = roots("rules", "ADVISOR_RULES", rules or ())
        now = Edition(
            "the rules in use", lib.rulebook, lib.vocabulary, folders[0], roots("data", "ADVISOR_DATA", data or ()), lib.catalogue
        )
        files = {name: path for path, name in records.paths(folders, "**/*.yaml")} if write else None
        item, differs = _carry(rule_id, carry_from, now, files, today)
        _show_carried(item, differs, today, format, write)
        if not item.numbers:
            raise typer.Exit(PROBLEMS_FOUND)


# ---------------------------------------------------------------------- the queue
def _show_queue(waiting: list[Waiting], today: date, format: str) -> None:
    if format == "json":
        listed = [
            {
                "rule": w.rule.id, "title": w.rule.title, "effect": w.rule.effect, "state": w.state, "source_due": due_data(w.due),
                "path": w.rule.path,
            }
            for w in waiting
        ]  # fmt: skip
        emit_json({"schema": "rules-review/1", "as_of": str(today), "counts": counts(waiting), "rules": listed})
        return
    shown = ""
    for item in waiting:
        if item.state != shown:
            emit(f"{chr(10) if shown else ''}{STATE_WORDS[item.state].capitalize()}")
            shown = item.state
        emit(f"  {item.rule.id}  [{item.rule.effect}]  source {due_words(item.due, today)}")
    numbers = ", ".join(f"{number} {name}" for name, number in counts(waiting).items())
    emit(f"\n{len(waiting)} rules as of {today}: {numbers}.")


def due_words(due: date | None, today: date) -> str:
    """When a source has to be compared again, in words."""
    if due is None:
        return "never due"
    if due == date.min:
        return "never compared, due now"
    return f"due since {due}" if due <= today else f"due on {due}"


def due_data(due: date | None) -> str | None:
    """The same for machines: `now` where it was never compared, null where it is never due."""
    return None if due is None else "now" if due == date.min else str(due)


# ---------------------------------------------------------------------- one rule
def _show_rule(rule: Rule, lib: Library, today: date, format: str) -> None:
    classes = lib.rulebook.freshness
    standing, due = state(rule, classes, today), due_on(rule, classes)
    tree, cite = tree_fingerprint(rule), cite_fingerprint(rule)
    if format == "json":
        emit_json(
            {
                "schema": "rule-review/1", "as_of": str(today), "rule": rule.id, "title": rule.title, "effect": rule.effect,
                "path": rule.path, "state": standing, "source_due": due_data(due), "tree": tree, "cite": cite,
                "reviews": [_signed_json(item) for item in covered(rule)], "record": record(rule),
            }
        )  # fmt: skip
        return
    emit(f"{rule.id}  [{rule.effect}]  {rule.path}\n{rule.title}\n")
    emit(f"State on {today}: {STATE_WORDS[standing]}; source {due_words(due, today)}.")
    emit(f"Fingerprint of the conditions (tree): {tree}\nFingerprint of the citation (cite):   {cite}")
    for item in covered(rule):
        _show_signed(item)
    emit(f"\nRead the rule with `advisor rules show {rule.id}`.")
    emit(f"A reviewer who agrees fills this in and adds it to {rule.path}{' under `reviews:`' if rule.reviews else ''}:\n")
    emit(record(rule))


def _show_signed(item: Covered) -> None:
    signed = item.review
    emit(f"\nSigned by {signed.reviewer} ({signed.role}) on {signed.on}: {signed.scope}")
    emit(f"  {coverage_words(item)}")
    if signed.limits:
        emit(f"  not looked at: {signed.limits}")
    for tree, on in signed.carried:
        emit(f"  carried on {on} to conditions {tree[:12]}…, which were proved to mean the same")


def _signed_json(item: Covered) -> dict[str, object]:
    signed = item.review
    return {
        "reviewer": signed.reviewer, "role": signed.role, "on": str(signed.on), "scope": signed.scope, "limits": signed.limits,
        "covers_conditions": item.tree, "covers_citation": item.cite, "what": coverage_words(item),
        "carried": [{"tree": tree, "on": str(on)} for tree, on in signed.carried],
    }  # fmt: skip


# ---------------------------------------------------------------------- carrying over
def _carry(rule_id: str, carry_from: str, now: Edition, files: dict[str, Path] | None, today: date) -> tuple[Carrying, str]:
    """What can be carried, and what was found to differ, in words. Written where `files` are given."""
    with opened(carry_from) as old, progress(f"Comparing {rule_id} with {carry_from}"):
        item = carrying(rule_id, old, now)
        differs = diff_text.text([item.found], old, now) if item.found and not item.numbers else ""
    if files is not None and item.numbers:
        write_carried(item, files[item.rule.path], now.vocabulary, today)
    return item, differs


def _show_carried(item: Carrying, differs: str, today: date, format: str, written: bool) -> None:
    names = [f"{item.rule.reviews[n].reviewer} on {item.rule.reviews[n].on}" for n in item.numbers]
    tree = tree_fingerprint(item.rule)
    if format == "json":
        emit_json(
            {
                "schema": "rule-review-carry/1", "rule": item.rule.id, "carried": names, "tree": tree, "on": str(today), "why": item.why,
                "written": written and bool(names),
            }
        )  # fmt: skip
        return
    emit(f"{item.rule.id}: {item.why}.")
    for name in names:
        emit(f"  {'Carried' if written else 'Can be carried'}: the sign-off by {name}")
    if names and not written:
        emit(f"\nWith --write this is added to {'it' if len(names) == 1 else 'each'} in {item.rule.path}, and nothing else changes:\n")
        emit(f"    carried:\n      - {{tree: {tree}, on: {today}}}")
    elif names:
        emit(f"Added to {item.rule.path}.")
    if differs:
        emit(f"\n{differs}")
