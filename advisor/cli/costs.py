"""
`costs`: what each way of running costs a month, over volume, and from which volume on machines pay off.
"""

from __future__ import annotations

from typing import Annotated

import typer

from advisor import cost_export, cost_text
from advisor.answers import load_answers
from advisor.cli.shared import (
    AnswersArgument,
    AsOfOption,
    DataOption,
    FiguresOption,
    RulesOption,
    choice,
    emit,
    emit_json,
    find,
    library,
    result,
)
from advisor.errors import BrokenInput, Problem
from advisor.recommendation import Ranked, Recommendation
from advisor.sizing_words import load_problem, without_too_long
from advisor.three_ways import LEAST_VOLUME, MOST_VOLUME, MOST_WAYS, ThreeWays, three_ways

MOST_ASKED = 10**12
"""Requests a month; more than all people of the world together make."""

OptionsOption = Annotated[
    list[str] | None,
    typer.Option("--options", help=f"Ids of the options to compare, with commas between them or repeated; {MOST_WAYS} at most."),
]
VolumeOption = Annotated[
    tuple[int, int] | None,
    typer.Option("--volume-range", metavar="LOW HIGH", help="Requests a month to compare over. Default: 1000 1000000000."),
]
OutputOption = Annotated[
    str,
    typer.Option("--format", help="text, json or csv. csv: one row a cost line; with --volume-range one row a volume and way."),
]


def costs(
    answers: AnswersArgument,
    options: OptionsOption = None,
    volume_range: VolumeOption = None,
    as_of: AsOfOption = None,
    figures: FiguresOption = "best",
    format: OutputOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """What each way of running costs a month, line by line, over volume, with ranges and sources."""
    choice("format", format, ("text", "json", "csv"))
    names, volumes = _names(options or []), _volumes(volume_range)
    lib = library(rules, data)
    found = result(lib, load_answers(answers, lib.vocabulary), as_of, figures)
    named = [find(found, name) for name in names]
    three = three_ways(found, names, volumes)
    shown = named or _listed(found, three)
    if format == "json":
        emit_json(cost_export.document(found, three, shown))
    elif format == "csv":
        emit(cost_text.volumes_csv(_comparable(three)) if volume_range else cost_text.costs_csv(three, shown))
    else:
        emit(cost_text.costs(three, shown))


def _listed(found: Recommendation, three: ThreeWays | None) -> list[Ranked]:
    """The ways that are compared, then the list of the recommendation."""
    ways = [way.ranked for way in three.ways] if three else []
    return list({ranked.option.id: ranked for ranked in (*ways, *found.shortlist, *found.nearest)}.values())


# ---------------------------------------------------------------------- what was asked
def _names(options: list[str]) -> list[str]:
    names = list(dict.fromkeys(name.strip() for text in options for name in text.split(",") if name.strip()))
    if options and not names:
        raise _wrong("--options", "no option is named", "Name an option, such as gpt-5.4@openai-api/eu.")
    if len(names) > MOST_WAYS:
        raise _wrong("--options", f"{len(names)} options are too many to compare", f"Name {MOST_WAYS} at most.")
    return names


def _volumes(asked: tuple[int, int] | None) -> tuple[int, int]:
    if asked is None:
        return LEAST_VOLUME, MOST_VOLUME
    low, high = asked
    if low < 1:
        raise _wrong("--volume-range", f"{low} requests a month are too few", "Start at 1 or more.")
    if high > MOST_ASKED:
        raise _wrong("--volume-range", f"{high:,} requests a month are too many", f"End at {MOST_ASKED:,} or less.")
    if low > high:
        raise _wrong("--volume-range", f"from {low:,} to {high:,} is turned round", f"Write it as --volume-range {high} {low}.")
    return low, high


def _comparable(three: ThreeWays | None) -> ThreeWays:
    """A table over volume has no other place to say why it would be empty."""
    wrong = load_problem(three.load) if three else cost_text.NO_COMPARISON
    if three is None or wrong:
        raise _wrong("--volume-range", wrong, "Answer how many requests you expect, and how long they are.")
    kept, left_out = without_too_long(three)
    if kept is None:
        raise _wrong("--volume-range", " ".join(left_out), "Shorten the usual request, or name other options.")
    return kept


def _wrong(option: str, what: str, remedy: str) -> BrokenInput:
    return BrokenInput([Problem(option, 0, "", what, remedy)])
