"""
A YAML reader for files that people sign: text in, plain data with line numbers out.

It reads the core of YAML 1.2 and refuses what makes two readers disagree or one reader suffer: duplicate keys,
aliases, tags, several documents, deep nesting, very large files. `NO` is Norway and `yes` is text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import yaml

from advisor.errors import BrokenInput, Problem, shortened

MOST_BYTES = 4_000_000
MOST_DEPTH = 40
MOST_DIGITS = 30

Place: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "None | bool | int | float | str | list[Data] | dict[str, Data]"

UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that YAML refuses by itself and JSON lets in by escapes."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_STARTS_NUMBER = frozenset("+-.0123456789")
_SPECIAL: Mapping[str, None | bool | float] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
    ".inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan"),
}  # fmt: skip


class Mark(NamedTuple):
    """A spot in a file, both counted from 1; 0 where it is not known."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: its data, and where each part of it stands."""

    path: str
    data: Data
    marks: Mapping[Place, Mark]
    faults: tuple[Problem, ...] = ()
    """What is wrong with the form and does not keep the rest from being read: a key that stands twice, an alias, a tag."""

    def mark(self, place: Place) -> Mark:
        """Where a place stands, or the nearest part of the document that holds it."""
        for length in range(len(place), -1, -1):
            if (mark := self.marks.get(place[:length])) is not None:
                return mark
        return Mark(1, 1) if self.marks else Mark(0, 0)

    def line(self, place: Place) -> int:
        return self.mark(place).line

    def problem(self, place: Place, what: str, next_move: str = "") -> Problem:
        mark = self.mark(place)
        return Problem(self.path, mark.line, where(place), what, next_move, mark.column)


def where(place: Place) -> str:
    """A place in words: `arms[0].requires.any[1]`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read(path: Path, shown_as: str | None = None) -> Document:
    """The document in a file. Raises BrokenInput for a file that is missing, unreadable, too large or not plain YAML."""
    name = shown_as or str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _broken(name, 0, f"the file is larger than {MOST_BYTES // 1_000_000} MB", "Split it, or check that it is the right file.")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)  # a device may have no size and no end
    except OSError as error:
        raise _broken(name, 0, f"cannot be read: {error.strerror or error}", "Check the path and its permissions.") from error
    return parse(raw, name)


def parse(raw: bytes | str, name: str) -> Document:
    """The document in a text. Raises BrokenInput when it cannot be read at all; smaller faults stand in the document."""
    if len(raw) > MOST_BYTES:
        raise _broken(name, 0, f"the text is larger than {MOST_BYTES // 1_000_000} MB", "Split it, or check that it is the right file.")
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1 if isinstance(raw, bytes) else 0
        raise _broken(name, line, "the file is not UTF-8 text", "Save it as UTF-8.") from error
    if name.endswith(".json"):
        return _parse_json(text, name)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what, next_move = f"not valid YAML: {error.problem or error.context}", "Check quotes, colons and indentation there."
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise BrokenInput([Problem(name, line, "", what, next_move, column)]) from error
    except (yaml.reader.ReaderError, yaml.YAMLError) as error:
        raise _broken(
            name, 0, f"not valid YAML: {str(error).splitlines()[0]}", "Remove control characters and save as plain UTF-8 text."
        ) from error
    return Document(name, builder.root, builder.marks or {(): Mark(1, 1)}, tuple(builder.problems))


def _parse_json(text: str, name: str) -> Document:
    """JSON by its own rules, which escape characters otherwise than YAML does; lines are not known."""
    twice: list[Problem] = []

    def mapping(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
        keys = [key for key, _ in pairs]
        repeated = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
        twice.extend(Problem(name, 0, key, "the key stands twice", "Keep one of them.") for key in repeated)
        return dict(pairs)

    def whole(digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            raise ValueError(f"a number of {len(digits)} characters is too long")
        return int(digits)

    try:
        data: Data = json.loads(text, object_pairs_hook=mapping, parse_int=whole)
    except json.JSONDecodeError as error:
        raise _broken(name, error.lineno, f"not valid JSON: {error.msg}", "Check quotes, commas and brackets there.") from error
    except ValueError as error:
        raise _broken(name, 0, str(error), f"Use at most {MOST_DIGITS} characters.") from error
    except RecursionError as error:
        raise _broken(name, 0, f"nested deeper than {MOST_DEPTH} levels", "Flatten the document.") from error
    if any(UNREADABLE.search(text) for text in _texts(data)):
        raise _broken(name, 0, "a text holds control characters or half a character", "Remove them.")
    return Document(name, data, {}, tuple(twice))


def _texts(data: Data) -> Iterator[str]:
    """Every text in a piece of data, keys included."""
    waiting: list[Data] = [data]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as items:
                waiting += items
            case dict() as mapping:
                waiting += [*mapping, *mapping.values()]


def _broken(name: str, line: int, what: str, next_move: str) -> BrokenInput:
    return BrokenInput([Problem(name, line, "", what, next_move)])


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read."""

    value: list[Data] | dict[str, Data]
    place: Place
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Takes parser events one by one; an explicit stack, so that deep nesting costs no recursion."""

    name: str
    root: Data = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            return
        start = event.start_mark
        mark = Mark(start.line + 1, start.column + 1) if start else Mark(0, 0)
        match event:
            case yaml.ScalarEvent():
                if event.tag is not None or event.anchor is not None:
                    self._refuse_tag(event, mark)
                self._scalar(event, mark)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if event.tag is not None or event.anchor is not None:
                    self._refuse_tag(event, mark)
                self._start({} if isinstance(event, yaml.MappingStartEvent) else [], mark)
            case yaml.AliasEvent():
                self._complain(mark, f"aliases (*{event.anchor}) are not read", "Write the value out.")
                self._put(None, mark)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise _broken(self.name, mark.line, "the file holds more than one document", "Keep one document in a file.")

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            if event.value in top.value:
                self._complain(mark, f"the key {shortened(event.value)} stands twice", "Keep one of them.", (*top.place, event.value))
            top.key = event.value
            self.marks[(*top.place, event.value)] = mark
            return
        self._put(self._meaning(event, mark), mark)

    def _meaning(self, event: yaml.ScalarEvent, mark: Mark) -> Data:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _SPECIAL:
            return _SPECIAL[text]
        if text[0] not in _STARTS_NUMBER:
            return text
        if _INTEGER.fullmatch(text) or _NUMBER.fullmatch(text):
            if len(text) > MOST_DIGITS:
                self._complain(mark, f"a number of {len(text)} characters is too long", f"Use at most {MOST_DIGITS}.")
                return None
            return int(text) if _INTEGER.fullmatch(text) else float(text)
        return text

    def _start(self, value: list[Data] | dict[str, Data], mark: Mark) -> None:
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            raise _broken(self.name, mark.line, "a key must be plain text", "Quote the key.")
        place = self._put(value, mark)
        if len(self.stack) >= MOST_DEPTH:
            raise _broken(self.name, mark.line, f"nested deeper than {MOST_DEPTH} levels", "Flatten the document.")
        self.stack.append(_Open(value, place))

    def _put(self, value: Data, mark: Mark) -> Place:
        if not self.stack:
            self.root = value
            self.marks[()] = mark
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            place: Place = (*top.place, len(top.value))
            top.value.append(value)
            self.marks[place] = mark
            return place
        key = top.key if top.key is not None else ""
        top.key = None
        top.value[key] = value
        return (*top.place, key)

    def _refuse_tag(self, event: yaml.NodeEvent, mark: Mark) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._complain(
                mark, f"the tag {shortened(tag)} is not read", "Remove the tag; values are plain text, numbers, lists and mappings."
            )
        if event.anchor is not None:
            self._complain(mark, f"anchors (&{event.anchor}) are not read", "Write the value out where it is used.")

    def _complain(self, mark: Mark, what: str, next_move: str, place: Place = ()) -> None:
        if len(self.problems) < 100:
            self.problems.append(Problem(self.name, mark.line, where(place), what, next_move, mark.column))
