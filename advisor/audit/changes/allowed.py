"""
Which editions of the rules a page may open: a Git revision, or a folder that the advisor was told of or started in. Nothing else.

A name typed into a page makes the server read what it names, so what lies elsewhere is refused before anybody looks whether it exists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from advisor.errors import BrokenInput, Problem
from advisor.library import roots

REVISION = re.compile(r"[A-Za-z0-9][\w./^~@{}+-]{0,199}")
NAMES = "Name a Git revision such as HEAD~1, a tag or a branch, or a folder of rules below the one in which the advisor was started."


def folders() -> tuple[Path, ...]:
    """The folders that may be read: the shipped rules, those of the setting, and the one in which the advisor was started."""
    named = roots("rules", "ADVISOR_RULES")
    here = Path.cwd()
    return (*named, *([here] if here != Path(here.anchor) else []))


def allowed(spec: str, inside: Sequence[Path]) -> str:
    """
    The name of an edition that may be opened: the full path of a folder, or a Git revision.

    `inside` are the folders that may be read, themselves and what lies below them; without any, only revisions may be opened. Raises
    BrokenInput for any other name; the message is the same whether or not there is something of that name.
    """
    name = spec.strip()
    if not name or not name.isprintable():
        raise _refused(spec, "this is no name")
    try:
        folder = Path(name).resolve()
        exists = folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise _refused(name, "this is no name") from error
    near = any(folder.is_relative_to(root.resolve()) for root in inside)
    if near and exists:
        return str(folder)
    if not REVISION.fullmatch(name) or ".." in name or (exists and not near):
        raise _refused(name, "the app does not open this: it is no Git revision, and no folder that the app may read")
    return name


def _refused(name: str, what: str) -> BrokenInput:
    return BrokenInput([Problem(name[:80] or "(empty)", 0, "", what, NAMES)])
