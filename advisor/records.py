"""
Files to records: reads the documents of one or more folders and checks them against a pydantic model.

Every problem of every file is reported at once, with file, line and place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from advisor.errors import BrokenInput, Problem, shortened, suggestion
from advisor.strict_yaml import Document, Place, read

Record = TypeVar("Record", bound=BaseModel)
Result = TypeVar("Result")


def paths(roots: Sequence[Path], pattern: str) -> list[tuple[Path, str]]:
    """Files that match a pattern below each root, in root order, each with the name to show for it."""
    found = []
    for root in roots:
        if not root.is_dir():
            raise BrokenInput([Problem(str(root), 0, "", "this folder does not exist", "Check the path, or leave the setting out.")])
        inside = root.resolve()
        for path in sorted(root.glob(pattern)):
            if path.is_file() and path.resolve().is_relative_to(inside):
                found.append((path, f"{_shown(root)}/{path.relative_to(root).as_posix()}"))
    return found


def _shown(root: Path) -> str:
    """A shipped folder by its name; an overlay by its path, so that the two are told apart."""
    own = Path(__file__).resolve().parent
    return root.name if root.resolve().parent in (own.parent, own / "_shipped") else str(root)


def documents(roots: Sequence[Path], pattern: str) -> list[Document]:
    """Every document that matches a pattern below each root. Raises BrokenInput with the problems of all of them."""
    return gathered(partial(read, path, name) for path, name in paths(roots, pattern))


def gathered(steps: Iterable[Callable[[], Result]]) -> list[Result]:
    """The results of all steps; the problems of all steps that fail are raised together."""
    results: list[Result] = []
    problems: list[Problem] = []
    for step in steps:
        try:
            results.append(step())
        except BrokenInput as error:
            problems += error.problems
    if problems:
        raise BrokenInput(problems)
    return results


def checked(model: type[Record], document: Document, place: Place = (), data: object = None) -> Record:
    """A document, or the part of it at `place`, as a record. Raises BrokenInput."""
    value = document.data if data is None else data
    if not isinstance(value, dict):
        fault = document.problem(place, f"expected a mapping, found {shortened(value)}", "Write `key: value` lines.")
        raise BrokenInput([*document.faults, fault])
    try:
        record = model.model_validate(value, strict=False)
    except ValidationError as error:
        told = {fault.line for fault in document.faults}
        found = [_problem(detail, model, document, place) for detail in error.errors()]
        raise BrokenInput([*document.faults, *(p for p in found if not p.line or p.line not in told)]) from error
    if document.faults:
        raise BrokenInput(document.faults)
    return record


def _problem(detail: ErrorDetails, model: type[BaseModel], document: Document, place: Place) -> Problem:
    inside: Place = tuple(step for step in detail["loc"] if not (isinstance(step, str) and ("[" in step or step.startswith("function-"))))
    at = (*place, *inside)
    if detail["type"] == "extra_forbidden":
        known = set(model.model_fields) if len(inside) == 1 else set()
        return document.problem(
            at, f"unknown key {shortened(inside[-1])}{suggestion(str(inside[-1]), known)}", "Remove it or correct its name."
        )
    if detail["type"] == "missing":
        return document.problem(at[:-1], f"the key {shortened(at[-1])} is missing", "Add it.")
    message = detail["msg"].removeprefix("Value error, ")
    return document.problem(at, f"{message[0].lower()}{message[1:]}; found {shortened(detail['input'])}")
