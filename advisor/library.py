"""
Everything the advisor knows, loaded once: vocabulary, catalogue, rulebook, questions, and the digests that name them.

In: the shipped folders and an organisation's own. Only this module and the edges of the program know where files lie.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from advisor import records
from advisor.assessment import OptionTable
from advisor.canonical import digest
from advisor.catalogue.load import Catalogue, load_catalogue
from advisor.catalogue.options import build_options
from advisor.errors import BrokenInput, CouldNotWrite, Problem
from advisor.questions import Question, load_questions
from advisor.rulebook.load import load_rulebook
from advisor.rulebook.rulebook import Rulebook
from advisor.vocabulary import Vocabulary, load_vocabulary

PACKAGE = Path(__file__).resolve().parent
MOST_TABLES = 4
"""Tables of options kept; each holds tens of megabytes."""
NOT_CATALOGUE = ("questions/", "examples/", "cases/")


@dataclass(frozen=True)
class Library:
    """Catalogue, rulebook and questions, with the digests of what they were read from."""

    catalogue: Catalogue
    rulebook: Rulebook
    questions: tuple[Question, ...]
    catalogue_digest: str
    rulebook_digest: str
    catalogue_date: date
    """Day of the newest price snapshot: what is known was known by then."""
    _tables: dict[tuple[date, tuple[str, ...], str], OptionTable] = field(default_factory=dict, compare=False, repr=False)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.catalogue.vocabulary

    def table(self, as_of: date, premises: Sequence[str] = (), figures: str = "best") -> OptionTable:
        """The options on a date as a table, made once for each date and place of own premises."""
        key = (as_of, tuple(sorted(premises)), figures)
        if key not in self._tables:
            if len(self._tables) >= MOST_TABLES:
                self._tables.clear()
            with nothing_to_collect():
                self._tables[key] = OptionTable(build_options(self.catalogue, as_of, key[1], figures), self.vocabulary)
        return self._tables[key]


def shipped(folder: str) -> Path:
    """A folder that comes with the advisor: beside the package in a checkout, inside it once installed."""
    inside = PACKAGE / "_shipped" / folder
    return inside if inside.is_dir() else PACKAGE.parent / folder


def roots(folder: str, variable: str, extra: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The shipped folder, then those of the environment variable, then those given; later ones win by id."""
    named = [Path(part) for part in os.environ.get(variable, "").split(os.pathsep) if part]
    return (shipped(folder), *named, *extra)


_LOADED: dict[tuple[str, ...], Library] = {}


def load_library(rules: Sequence[Path] = (), data: Sequence[Path] = ()) -> Library:
    """The library of the shipped folders and overlays; the same files are parsed once. Raises BrokenInput with all problems."""
    rule_roots, data_roots = roots("rules", "ADVISOR_RULES", rules), roots("data", "ADVISOR_DATA", data)
    rule_files, data_files = _manifest(rule_roots), _manifest(data_roots)
    catalogue_files = {name: digest for name, digest in data_files.items() if not name.partition(":")[2].startswith(NOT_CATALOGUE)}
    digests = (digest(rule_files), digest(catalogue_files))
    key = (*digests, digest(data_files), *map(str, (*rule_roots, *data_roots)))  # the same files elsewhere are shown by other paths
    if key not in _LOADED:
        _LOADED.clear()
        with nothing_to_collect():
            _LOADED[key] = _load(rule_roots, data_roots, *digests)
    return _LOADED[key]


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """
    Leaves the garbage collector off while many small records are made that all stay: it would look through them again and again, which
    takes a third of the time, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(rule_roots: Sequence[Path], data_roots: Sequence[Path], rules: str, data: str) -> Library:
    vocabulary = load_vocabulary(data_roots)
    catalogue = load_catalogue(data_roots, vocabulary)
    parts = records.gathered([lambda: load_rulebook(rule_roots, catalogue.vocabulary)])
    questions = load_questions(data_roots, catalogue.vocabulary)
    newest = max((feed.provenance.made_on for feed in catalogue.feeds.values()), default=date.min)
    return Library(catalogue, parts[0], questions, data, rules, newest)


def _manifest(folders: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of every file that is read, by folder number and name."""
    found: dict[str, str] = {}
    for number, folder in enumerate(folders):
        if not folder.is_dir():
            raise BrokenInput([Problem(str(folder), 0, "", "this folder does not exist", "Check the path, or leave the setting out.")])
        for path in sorted(p for suffix in ("*.yaml", "*.csv") for p in folder.rglob(suffix) if p.is_file()):
            try:
                content = path.read_bytes()
            except OSError as error:
                if "waivers" in path.relative_to(folder).parts:  # it waives nothing, and stops nothing
                    content = b"unreadable"
                    found[f"{number}:{path.relative_to(folder).as_posix()}"] = hashlib.sha256(content).hexdigest()
                    continue
                raise BrokenInput(
                    [Problem(str(path), 0, "", f"cannot be read: {error.strerror or error}", "Check its permissions.")]
                ) from error
            found[f"{number}:{path.relative_to(folder).as_posix()}"] = hashlib.sha256(content).hexdigest()
    return found


def write_text(path: Path, text: str) -> None:
    """Writes a file whole or not at all. Raises CouldNotWrite; what was there before then stands."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all. Raises CouldNotWrite; what was there before then stands."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(content)
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    except OSError as error:
        if path.parent.is_dir():
            fresh.unlink(missing_ok=True)
        raise CouldNotWrite(f"{path}: cannot be written: {error.strerror or error}. Nothing was changed.") from error
