"""
Every error the advisor raises on purpose.

    AdvisorError          could not run: exit code 2
    ├── BrokenInput       a file does not say what it should; carries all its problems
    ├── NotFound          the option, rule, model or host that was asked for does not exist
    └── CouldNotWrite     a result could not be saved; nothing was left half-written

A breach of a rule is a finding, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place, and what to do about it."""

    path: str
    line: int
    """Counted from 1; 0 when the problem concerns the whole file."""
    where: str
    """Place inside the document, such as `arms[0].requires.any[1].fact`; empty for the whole file."""
    what: str
    next_move: str = ""
    column: int = 0
    """Counted from 1; 0 when it is not known."""

    def __str__(self) -> str:
        spot = [self.path, *([str(self.line)] if self.line else []), *([str(self.column)] if self.line and self.column else [])]
        place = ":".join(spot)
        head = f"{place}: {self.where}: {self.what}" if self.where else f"{place}: {self.what}"
        return f"{head}\n  {self.next_move}" if self.next_move else head


class AdvisorError(Exception):
    """The advisor could not do what was asked."""


class BrokenInput(AdvisorError):
    """One or more files are wrong. All problems are reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.path, p.line, p.column, p.where, p.what)))
        super().__init__("\n".join(map(str, self.problems)))


class NotFound(AdvisorError):
    """A name that was asked for does not exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"there is no {kind} {name!r}{suggestion(name, known)}")


class CouldNotWrite(AdvisorError):
    """A file could not be written."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known name, or nothing."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def shortened(value: object, length: int = 60) -> str:
    """A value as it may stand in a message: quoted, on one line, and never long."""
    text = repr(value)
    return text if len(text) <= length else f"{text[: length - 1]}…"
