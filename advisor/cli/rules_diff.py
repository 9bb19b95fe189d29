"""
`advisor rules diff`: what a change of the rules alters, rule by rule.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from advisor.audit.changes import diff_text
from advisor.audit.changes.differences import Difference, candidates, difference
from advisor.audit.changes.revisions import Edition, opened
from advisor.cli.rules import FORMATS, app
from advisor.cli.shared import DataOption, FormatOption, RulesOption, choice, emit, emit_json, progress

OldArgument = Annotated[str, typer.Argument(metavar="OLD", help="A folder of rules, a checkout, or a Git revision such as HEAD.")]
NewArgument = Annotated[str, typer.Argument(metavar="NEW", help="The same, to compare with; `.` is the checkout you are in.")]


@app.command("diff")
def show_differences(
    old: OldArgument, new: NewArgument, format: FormatOption = "text", rules: RulesOption = None, data: DataOption = None
) -> None:
    """What changed between two versions of the rules, with a case for each change of meaning. --rules and --data go on top of NEW."""
    choice("format", format, FORMATS)
    with opened(old) as before, opened(new, rules or (), data or ()) as after:
        found = _found(before, after)
        document = diff_text.json(found, before, after) if format == "json" else None
        words = diff_text.text(found, before, after) if format == "text" else ""
    if document is None:  # printed last: a reader who stops reading ends the command, and nothing may be left behind
        emit(words)
    else:
        emit_json(document)


def _found(before: Edition, after: Edition) -> list[Difference]:
    """The differences, with a line that says how far it is."""
    ids = candidates(before, after)
    found = []
    for n, rule_id in enumerate(ids, start=1):
        with progress(f"Comparing rules ({n} of {len(ids)})") if n % 10 == 1 else nullcontext():
            if item := difference(rule_id, before, after):
                found.append(item)
    return found
