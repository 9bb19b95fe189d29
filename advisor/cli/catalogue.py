"""
`advisor catalogue`: for curators.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from advisor import text
from advisor.catalogue import refresh as packages
from advisor.catalogue.unmapped import unmapped as unmapped_rows
from advisor.cli.shared import AsOfOption, DataOption, FormatOption, RulesOption, choice, day, emit, emit_json, library, progress
from advisor.curation.dossier import Dossier, Item, dossier
from advisor.errors import NotFound
from advisor.export import claim, known, places
from advisor.library import Library, shipped
from advisor.option_text import option_page
from advisor.records import gathered

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
    options = lib.table(day(as_of), _countries(premises, lib)).options
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
    on = day(as_of)
    options = lib.table(on, _countries(premises, lib)).options
    found = [o for o in options if o.id == name]
    if not found:
        found = [o for o in options if name in (o.model.id, o.host.id)]
        if not found:
            raise NotFound("option, model or host", name, [*lib.catalogue.models, *lib.catalogue.hosts, *(o.id for o in options)])
        if format == "text":
            emit(text.option_list(found, lib))
            return
    if format == "json":
        emit_json({"options": [dossier_data(dossier(o, lib.catalogue, on)) for o in found]})
    else:
        emit(option_page(dossier(found[0], lib.catalogue, on)))


def _countries(premises: list[str] | None, lib: Library) -> tuple[str, ...]:
    """Countries that exist. Raises NotFound."""
    known = lib.vocabulary.places.countries
    for country in premises or ():
        if country not in known:
            raise NotFound("country", country, known)
    return tuple(premises or ())


def dossier_data(found: Dossier) -> dict[str, object]:
    """One option as plain data: under `facts` what the engine knows, beside it prices, rent, scores and what is asked for first."""
    option = found.option
    facts = {name: known(found_of) for name, found_of in option.facts.items()}
    aside = {item.name: _aside(item) for item in found.facts if item.aside}
    return {
        "id": option.id, "name": option.name, "facts": facts, "not_counted": aside,
        "disputed": sorted({d.name for d in found.disputed}), "prices": {i.name: _item_data(i) for i in found.prices},
        "rent": _item_data(found.rent) if found.rent else None, "scores": {i.name: _item_data(i) for i in found.scores},
        "preconditions": [{"text": p.text, "who": p.who} for p in option.preconditions], "ends": [claim(c) for c in found.ends],
        "replaced": list(found.replaced),
    }  # fmt: skip


def _item_data(item: Item) -> dict[str, object]:
    settled = {"settled": item.settled} if item.settled else {}
    return {"known": item.known, **settled, "claims": [claim(c) for c in item.counted], "not_counted": _aside(item)}


def _aside(item: Item) -> list[dict[str, object]]:
    return [{**claim(t.claim), "reason": t.aside} for t in item.aside]


@app.command()
def refresh(
    source: Annotated[Path | None, typer.Option("--from", help="A package's data file in place of the installed package.")] = None,
    feed: Annotated[str, typer.Option("--feed", help=f"Only this one: {', '.join(packages.FEEDS)}.")] = "",
    version: Annotated[str, typer.Option("--version", help="With --from: the version of the package the file comes from.")] = "",
    into: Annotated[Path | None, typer.Option("--into", help="Data folder to write to. Default: the shipped one.")] = None,
) -> None:
    """Makes new price snapshots from the installed price packages, or from a file of one, and says what moved."""
    if feed:
        choice("feed", feed, packages.FEEDS)
    folder = (into or shipped("data")) / "feeds"
    own, today = folder / packages.METERS, day(None)
    meters = own if own.is_file() else shipped("data") / "feeds" / packages.METERS
    if source is None:
        found = {name: packages.installed(name) for name in ([feed] if feed else packages.FEEDS)}
    else:
        name = feed or packages.named(source)
        found = {name: packages.given(name, source, version)}
    for name in [name for name, package in found.items() if package is None]:
        emit(f"{name}: the package is not installed; its snapshot stays as it is")
    sources = [package for package in found.values() if package]
    with progress(f"Reading {', '.join(package.feed for package in sources)}"):
        readings = gathered(partial(packages.reading, package, today, meters) for package in sources)
    for package, read in zip(sources, readings, strict=True):
        before = packages.snapshot(folder, package.feed)
        with progress(f"Writing the snapshot of {package.feed}"):
            after = packages.write_snapshot(folder, package, today, read)
        emit("\n".join(packages.told(package, read, before, after)))


@app.command()
def unmapped(
    feed: Annotated[str, typer.Option("--feed", help="Only rows of this price snapshot.")] = "",
    host: Annotated[str, typer.Option("--host", help="Only rows of providers that this host maps.")] = "",
    format: FormatOption = "text",
    data: DataOption = None,
) -> None:
    """Rows of price snapshots that no host maps, at providers that some host maps."""
    choice("format", format, FORMATS)
    catalogue = library(None, data).catalogue
    if feed:
        choice("feed", feed, tuple(catalogue.feeds))
    if host:
        catalogue.host(host)
    groups = [
        group
        for group in unmapped_rows(catalogue.feeds, catalogue.hosts.values())
        if (not feed or group.feed == feed) and (not host or host in group.hosts)
    ]
    if format == "json":
        emit_json({"unmapped": [asdict(group) for group in groups]})
        return
    for group in groups:
        emit(f"{group.feed}, provider {group.provider} ({', '.join(group.hosts)}): {group.mapped} mapped, {len(group.keys)} not")
        emit("".join(f"  {group.feed}:{key}\n" for key in group.keys) or "  none")
