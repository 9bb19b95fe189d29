"""
Editions of the rulebook: the rules and the data of a folder or of a Git revision, read side by side with those in use.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.catalogue.load import Catalogue, load_catalogue
from advisor.errors import BrokenInput, Problem, shortened, suggestion
from advisor.library import roots, shipped
from advisor.rulebook.load import load_rulebook
from advisor.rulebook.rulebook import Rulebook
from advisor.vocabulary import Vocabulary, load_vocabulary

RULES, DATA = "rules", "data"
READ = (".yaml", ".csv")
"""Endings of the files that an edition is read from; nothing else is taken out of a revision."""
MOST_ENTRIES = 20_000
"""A folder of rules is never so large; the root of a disk is."""
PATIENCE = 60
"""Seconds that Git may take for one step."""
EITHER = "Name a folder of rules, a checkout with a folder `rules/`, or a Git revision such as HEAD~1, a tag or a branch."


@dataclass(frozen=True)
class Edition:
    """The rules as they stand in one place, with the vocabulary and places that they are read with."""

    name: str
    """As it was asked for: a folder, or a Git revision."""
    rulebook: Rulebook
    vocabulary: Vocabulary
    rules_root: Path
    """The folder of the rules; for a Git revision a temporary one, which is gone once the edition is closed."""
    data_roots: tuple[Path, ...]
    catalogue: Catalogue | None = None
    """What the data folders say of models and hosts; None: it was not read."""


@contextmanager
def opened(spec: str, rules: Sequence[Path] = (), data: Sequence[Path] = (), repository: Path | None = None) -> Iterator[Edition]:
    """
    The edition that `spec` names, until the block ends.

    `spec`: a checkout (a folder with `rules/`, read with its own `data/` where it has one), a folder of rules (read with the data in use),
    or a Git revision of `repository`, by default the one that holds the shipped rules. `rules` and `data` are further folders on top.
    Raises BrokenInput, also where the name is that of nothing.
    """
    folder = _folder(spec)
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="advisor-edition-") as place:
            _unpacked(spec, repository or shipped(RULES).parent, Path(place))
            yield _revision(spec, Path(place), rules, data)
    elif (folder / RULES).is_dir():
        _check(folder / RULES, spec)
        own = folder / DATA
        yield _read(spec, folder / RULES, rules, (own, *data) if own.is_dir() else roots(DATA, "ADVISOR_DATA", data))
    else:
        _check(folder, spec)
        yield _read(spec, folder, rules, roots(DATA, "ADVISOR_DATA", data))


def _read(name: str, root: Path, rules: Sequence[Path], data: Sequence[Path]) -> Edition:
    catalogue = load_catalogue(data, load_vocabulary(data))
    rulebook = load_rulebook([root, *rules], catalogue.vocabulary)
    if not rulebook.rules:
        raise _broken(name, "no rules are in it", EITHER)
    return Edition(name, rulebook, catalogue.vocabulary, root, tuple(data), catalogue)


# ---------------------------------------------------------------------- folders
def _folder(spec: str) -> Path | None:
    """The folder of this name, if there is one."""
    if not spec.strip() or not spec.isprintable():
        raise _no_such(spec)
    try:
        return Path(spec) if Path(spec).is_dir() else None
    except OSError:  # a name that no file can have may still be a revision
        return None


def _check(folder: Path, spec: str) -> None:
    """Refuses a folder that cannot be one of rules before every file below it is read."""
    seen, found = 0, False
    for _, inner, files in os.walk(folder):
        seen += len(inner) + len(files)
        found = found or any(name.endswith(".yaml") for name in files)
        if seen > MOST_ENTRIES:
            raise _broken(spec, f"more than {MOST_ENTRIES:,} files lie below it, so it is no folder of rules", EITHER)
    if not found:
        raise _broken(spec, "no rules are in it", EITHER)


# ---------------------------------------------------------------------- revisions
def _revision(spec: str, place: Path, rules: Sequence[Path], data: Sequence[Path]) -> Edition:
    """An unpacked revision. What is shown of it names the revision, not the folder where it lies for a moment."""
    own = place / DATA
    try:
        edition = _read(spec, place / RULES, rules, (own, *data) if own.is_dir() else roots(DATA, "ADVISOR_DATA", data))
    except BrokenInput as error:
        raise BrokenInput(replace(p, path=p.path.replace(f"{place}{os.sep}", f"{spec}:")) for p in error.problems) from error
    named = {rule_id: replace(rule, path=rule.path.removeprefix(f"{place}{os.sep}")) for rule_id, rule in edition.rulebook.rules.items()}
    return replace(edition, rulebook=replace(edition.rulebook, rules=named))


def _unpacked(spec: str, repository: Path, place: Path) -> None:
    """Puts the rules and data of a revision into a folder."""
    commit = _commit(spec, repository)
    listed = _git(repository, "ls-tree", "-z", "--name-only", commit, "--", RULES, DATA).decode().split("\0")
    if RULES not in listed:
        raise _broken(spec, "this revision has no folder `rules/`", "Name a later revision.")
    folders = [name for name in (RULES, DATA) if name in listed]
    archive = _git(repository, "archive", "--format=tar", commit, "--", *folders)
    committed = _git(repository, "ls-tree", "-r", "-z", "--name-only", commit, "--", *folders).decode().split("\0")
    missing = {name for name in committed if name.endswith(READ)}
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for member in tar:
                missing.discard(member.name)
                if member.isfile() and member.name.endswith(READ):
                    tar.extract(member, place, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise _broken(spec, f"cannot be unpacked: {error}", "Check the revision with `git archive`.") from error
    if missing:  # an attribute such as `export-ignore` would hide rules from the comparison
        raise _broken(spec, f"Git leaves {min(missing)} out of an archive of it", "Remove `export-ignore` from .gitattributes.")


def _commit(spec: str, repository: Path) -> str:
    """The full name of the commit. Options cannot be smuggled in: what stands after `--end-of-options` is a name."""
    if not _succeeds(repository, "rev-parse", "--git-dir"):
        raise _broken(
            spec, "there is no such folder, and the rules in use do not lie in a Git repository that can be read", "Name a folder of rules."
        )
    found = _run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{spec}^{{commit}}")
    if found.returncode:
        raise _no_such(spec, _names(repository))
    return found.stdout.decode().split()[-1]


def _names(repository: Path) -> list[str]:
    """Branches and tags, for a better name than one that does not exist."""
    listed = _run(repository, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    return ["HEAD", *listed.stdout.decode(errors="replace").split()]


def _succeeds(repository: Path, *arguments: str) -> bool:
    return _run(repository, *arguments).returncode == 0


def _git(repository: Path, *arguments: str) -> bytes:
    done = _run(repository, *arguments)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it did not say why"]
        raise _broken("git", f"`git {arguments[0]}` failed: {said[-1]}", "Name a folder of rules instead.")
    return done.stdout


def _run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs Git without a shell, without questions, and without touching the repository."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}  # in a hook they name another repository
    quiet = {**own, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", "-C", str(repository), *arguments],
            capture_output=True,
            check=False,
            env=quiet,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise _broken("git", "there is no such folder, and Git is not installed", "Install Git, or name a folder of rules.") from error
    except subprocess.TimeoutExpired as error:
        raise _broken("git", f"Git did not answer within {PATIENCE} seconds", "Name a folder of rules instead.") from error


def _no_such(spec: str, known: Sequence[str] = ()) -> BrokenInput:
    return _broken(shortened(spec), f"there is no folder and no Git revision of this name{suggestion(spec, known)}", EITHER)


def _broken(path: str, what: str, next_move: str) -> BrokenInput:
    return BrokenInput([Problem(path, 0, "", what, next_move)])
