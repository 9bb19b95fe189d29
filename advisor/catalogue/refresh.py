"""
Price packages to snapshots in `data/feeds/`: from the installed packages or files of them, never over the network.

A package's file is found beside its code and read without running it. A snapshot that cannot be made leaves the old one as it was.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

from advisor.catalogue.feeds import LISTING_COLUMNS, PRICE_COLUMNS, Feed, Provenance, feed_at, feed_of
from advisor.catalogue.moved import moved, summary
from advisor.catalogue.packages import azure, genai_prices, litellm, models_dev
from advisor.catalogue.packages.reading import Reading
from advisor.errors import BrokenInput, CouldNotWrite, Problem
from advisor.strict_yaml import read

FILES = {
    "litellm": ("litellm", litellm.FILE),
    "models-dev": ("models_dev", models_dev.FILE),
    "azure-genai-prices": ("azure_genai_prices", f"data/{azure.FILE}"),
}
"""Module and file of the packages that are read from a file."""

FEEDS = ("genai-prices", *FILES)
METERS = azure.MAPPING
VERSION = re.compile(r"\d+(\.\d+)+([a-z0-9.+-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a snapshot is made from."""

    feed: str
    version: str
    path: Path | None
    """The file; None for genai-prices, whose prices are code."""


def installed(feed: str) -> Source | None:
    """The installed package; None when it is not installed. Nothing of it runs."""
    module, inside = FILES.get(feed, ("genai_prices", ""))
    spec = importlib.util.find_spec(module)
    try:
        version = metadata.version(feed)
    except metadata.PackageNotFoundError:
        return None
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / inside if inside else None
    return Source(feed, version, path) if path is None or path.is_file() else None


def named(path: Path) -> str:
    """The feed whose file has this name. Raises BrokenInput for another name."""
    for feed, (_, inside) in FILES.items():
        if path.name == Path(inside).name:
            return feed
    names = ", ".join(Path(inside).name for _, inside in FILES.values())
    raise BrokenInput(
        [Problem("--feed", 0, "", f"{path.name!r} is none of {names}", "Say which package the file is of: `--feed litellm`.")]
    )


def given(feed: str, path: Path, version: str) -> Source:
    """A file of a package, with the version that only the person knows. Raises BrokenInput."""
    if feed not in FILES:
        can = ", ".join(FILES)
        raise BrokenInput([Problem("--feed", 0, "", f"{feed!r} is not read from a file; {can} are", "Name the feed that the file is of.")])
    if not VERSION.fullmatch(version):
        what = f"{version!r} is not the version of a package" if version else "the version of the package is missing"
        raise BrokenInput([Problem("--version", 0, "", what, "Give it, such as `--version 1.110.2`.")])
    return Source(feed, version, path)


def reading(source: Source, made_on: date, meters: Path) -> Reading:
    """What the source says, in the form of a snapshot; `meters` is the reviewed list of Azure's. Raises BrokenInput."""
    if source.path is None:
        return genai_prices.read(made_on)
    match source.feed:
        case "litellm":
            return litellm.read(source.path, made_on)
        case "models-dev":
            return models_dev.read(source.path, made_on)
        case _:
            return azure.read(source.path, azure.mapping(meters))


def snapshot(folder: Path, feed: str) -> Feed | None:
    """The snapshot as it stands; None when there is none, or it cannot be read."""
    path = folder / f"{feed}.yaml"
    try:
        return feed_at(folder, read(path, path.name)) if path.is_file() else None
    except BrokenInput:
        return None


def write_snapshot(folder: Path, source: Source, made_on: date, made: Reading) -> Feed:
    """Writes the three files of a snapshot, once they read back well. Raises BrokenInput or CouldNotWrite; the old one then stands."""
    listings, prices = made.tables()
    feed = source.feed
    provenance = Provenance(
        feed=feed, package=feed, version=source.version, made_on=made_on, data_until=made.data_until or made_on,
        listings=len(listings), prices=len(prices),
    )  # fmt: skip
    new = feed_of(provenance, f"{feed}.csv", listings, f"{feed}.prices.csv", prices)
    texts = {
        f"{feed}.csv": _table(LISTING_COLUMNS, listings),
        f"{feed}.prices.csv": _table(PRICE_COLUMNS, prices),
        f"{feed}.yaml": "".join(f"{name}: {value}\n" for name, value in provenance),
    }
    _replace_all(folder, texts)
    return new


def told(source: Source, made: Reading, before: Feed | None, after: Feed) -> list[str]:
    """What a refresh did, in words."""
    head = f"{source.feed} {source.version}: {len(made.listings):,} models, {len(made.prices):,} rows of prices"
    difference = summary(moved(before, after)) if before else ["  the first snapshot, or the old one could not be read"]
    return [head, *made.remarks(), *difference]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _replace_all(folder: Path, texts: dict[str, str]) -> None:
    """Writes every file beside its place first, then moves them all there; what cannot be finished is undone."""
    old: dict[str, bytes] = {}
    moved: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.new").write_text(text, encoding="utf-8")
            if (folder / name).exists():
                old[name] = (folder / name).read_bytes()
        for name in texts:
            (folder / f"{name}.new").replace(folder / name)
            moved.append(name)
    except OSError as error:
        with suppress(OSError):  # the folder may take nothing any more
            for name in moved:
                _put_back(folder / name, old.get(name))
            for name in texts:
                (folder / f"{name}.new").unlink(missing_ok=True)
        raise CouldNotWrite(f"{folder}: {error.strerror or error}; the old snapshot stands") from error


def _put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)
