"""
`advisor catalogue`: for curators.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor import text
from advisor.catalogue.refresh import genai_prices_rows, litellm_rows, write_snapshot
from advisor.cli.shared import AsOfOption, DataOption, FormatOption, RulesOption, choice, day, emit, emit_json, library, progress
from advisor.errors import BrokenInput, NotFound, Problem
from advisor.export import claim, places, values
from advisor.library import shipped

app = typer.Typer(help="The catalogue: list, read and check it.", no_args_is_help=True)

FORMATS = ("text", "json")
PlaceOption = Annotated[list[str] | None, typer.Option("--premises", help="Country of your own premises; may be repeated.")]


@app.command("list")
def list_options(
    as_of: AsOfOption = None,
    premises: PlaceOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """Every option on a date."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    options = lib.table(day(as_of), premises or ()).options
    if format == "json":
        rows = [
            {
                "id": o.id,
                "name": o.name,
                "model": o.model.id,
                "host": o.host.id,
                "mode": o.mode,
                "processing_places": places(o.possible("option.processing_places")),
            }
            for o in options
        ]
        emit_json({"schema": "catalogue/1", "catalogue": lib.catalogue_digest, "known_on": str(lib.catalogue_date), "options": rows})
    else:
        emit(text.option_list(options, lib))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="OPTION, MODEL or HOST")],
    as_of: AsOfOption = None,
    premises: PlaceOption = None,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """One option: every fact with all its claims. A model or host: its options (as JSON with all their facts)."""
    choice("format", format, FORMATS)
    lib = library(rules, data)
    options = lib.table(day(as_of), premises or ()).options
    found = [o for o in options if o.id == name]
    if not found:
        found = [o for o in options if name in (o.model.id, o.host.id)]
        if not found:
            raise NotFound("option, model or host", name, [*lib.catalogue.models, *lib.catalogue.hosts, *(o.id for o in options)])
        if format == "text":
            emit(text.option_list(found, lib))
            return
    if format == "json":
        emit_json(
            {
                "options": [
                    {
                        "id": o.id,
                        "facts": {n: {"values": values(k.possible), "claims": [claim(c) for c in k.claims]} for n, k in o.facts.items()},
                    }
                    for o in found
                ]
            }
        )
    else:
        emit(text.option_page(found[0], lib.vocabulary))


@app.command()
def refresh(
    source: Annotated[Path | None, typer.Option("--from", help="LiteLLM's price file; its version is given with --version.")] = None,
    version: Annotated[str, typer.Option("--version", help="Version of the package the file comes from.")] = "",
    into: Annotated[Path | None, typer.Option("--into", help="Data folder to write to. Default: the shipped one.")] = None,
) -> None:
    """Makes new price snapshots from the installed genai-prices package, or from LiteLLM's price file."""
    folder = (into or shipped("data")) / "feeds"
    with progress("Reading prices"):
        if source is None:
            made, rows = genai_prices_rows()
            path = write_snapshot(folder, "genai-prices", made, day(None), rows)
        elif not version:
            raise BrokenInput(
                [Problem("--version", 0, "", "the version of the package is missing", "Give it, such as `--version 1.106.2`.")]
            )
        else:
            rows = litellm_rows(source)
            path = write_snapshot(folder, "litellm", version, day(None), rows)
    print(f"wrote {len(rows)} rows to {path}", file=sys.stderr)
