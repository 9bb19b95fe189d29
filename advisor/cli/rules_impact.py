"""
`advisor rules impact`: what a change of the rules does to options and recommendations, over many cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Annotated

import typer

from advisor.audit.changes.revisions import Edition, opened
from advisor.audit.effects import impact_text
from advisor.audit.effects.impact import Case, Impact, World, impact
from advisor.audit.effects.trial_cases import drawn_cases, written_cases
from advisor.cli.rules import FORMATS, app
from advisor.cli.shared import AsOfOption, DataOption, FiguresOption, FormatOption, RulesOption, choice, day, emit, emit_json, progress
from advisor.errors import AdvisorError

FIGURES = ("best", "comparison-document")
KEPT = 50
"""Example cases of a rule, at most."""
MOST_CASES = 100_000

OldArgument = Annotated[str, typer.Argument(metavar="OLD", help="A folder of rules, a checkout, or a Git revision such as HEAD.")]
NewArgument = Annotated[str, typer.Argument(metavar="NEW", help="The same, to compare with; `.` is the checkout you are in.")]


@app.command("impact")
def show_impact(
    old: OldArgument,
    new: NewArgument,
    size: Annotated[int, typer.Option("--population", min=0, max=MOST_CASES, help="How many answer sets to draw.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same answer sets.")] = 1,
    show: Annotated[int, typer.Option("--show", min=0, max=KEPT, help=f"Cases to show for each rule; JSON holds up to {KEPT}.")] = 10,
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Which options and recommendations a change of the rules flips, by which rule. --rules and --data go on top of NEW."""
    choice("format", format, FORMATS)
    choice("figures", figures, FIGURES)
    on = day(as_of)
    with ExitStack() as stack:
        with progress("Reading both sides"):
            before = stack.enter_context(opened(old))
            after = stack.enter_context(opened(new, rules or (), data or ()))
            written = written_cases(after.data_roots, after.vocabulary)
        if after.catalogue is None:
            raise AdvisorError(f"{new}: no catalogue was read with these rules, so there are no options to try them on.")
        with progress(f"Drawing {size:,} answer sets"):
            drawn = drawn_cases(after.data_roots, after.vocabulary, size, seed)
        world = World(after.catalogue, on, figures)
        found = _watched(before, after, [*written, *drawn], world, KEPT if format == "json" else show)
    tried = impact_text.Tried(old, new, len(written), size, seed)
    if format == "json":
        emit_json(impact_text.json(found, tried, KEPT))
    else:
        emit(impact_text.text(found, tried, show))


def _watched(before: Edition, after: Edition, cases: Sequence[Case], world: World, kept: int) -> Impact:
    """The impact, with a line on stderr that says how far it is."""
    with ExitStack() as line:

        def watch(words: str) -> None:
            line.close()
            line.enter_context(progress(words))

        return impact(before, after, cases, world, kept, watch)
