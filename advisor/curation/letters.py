"""
Letters: the open questions for one host, as a text to send. Markdown, and a Word document with the same words.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from advisor.curation.gaps import Gap, clauses
from advisor.rulebook.rule import Rule

OPENING = (
    "We are assessing whether we may use your service. The points below are not established by the sources at hand, and the law or "
    "our own rules make each of them matter. Please answer each one, and name the document and clause that says so: a public page, "
    "your contract, or an attestation with its scope and period."
)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip archive can name."""
CLOSING = "An answer counts from the day of the document that it names. Where the honest answer is no, that helps us too."


@dataclass(frozen=True, slots=True)
class Item:
    """One question with what makes it matter."""

    question: str
    clauses: tuple[tuple[str, str], ...]
    """Citation and address."""
    concerns: tuple[str, ...]
    """Endpoints and models that it is asked of, where there are several."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The questions for one host, in the order in which they matter."""

    host: str
    on: date
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        return f"Questions for {self.host}"


def letter(host: str, found: Sequence[Gap], rules: Mapping[str, Rule], on: date) -> Letter:
    """`host`: its name. `found`: gaps of this host."""
    return Letter(host, on, tuple(Item(gap.question, tuple(clauses(gap, rules)), tuple(concerns(gap))) for gap in found))


def concerns(gap: Gap) -> Iterator[str]:
    """The endpoints and models that a question is asked of, where there are several."""
    if gap.names_endpoints and len(gap.endpoints) > 1:
        yield f"Endpoints: {'; '.join(sorted(gap.endpoints))}"
    if gap.names_models and len(gap.models) > 1:
        yield f"Models: {'; '.join(sorted(gap.models))}"


def markdown(item: Letter) -> str:
    """The letter as Markdown."""
    lines = [f"# {_plain(item.title)}", "", str(item.on), "", OPENING, ""]
    for number, one in enumerate(item.items, 1):
        lines.append(f"{number}. {_plain(one.question)}")
        lines += [f"   - Why: {_plain(cite)}{f' (<{url}>)' if url else ''}" for cite, url in one.clauses]
        lines += [f"   - {_plain(line)}" for line in one.concerns]
    return "\n".join([*lines, "", CLOSING, ""])


def word(item: Letter) -> bytes:
    """The letter as a Word document. The same letter gives the same bytes."""
    from docx import Document

    document = Document()
    document.core_properties.title = item.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    written = datetime.combine(item.on, time())
    document.core_properties.created = document.core_properties.modified = written
    document.add_heading(item.title, level=1)
    document.add_paragraph(str(item.on))
    document.add_paragraph(OPENING)
    for one in item.items:
        document.add_paragraph(_printable(one.question), style="List Number")
        for cite, url in one.clauses:
            document.add_paragraph(_printable(f"Why: {cite}{f' ({url})' if url else ''}"), style="List Bullet 2")
        for line in one.concerns:
            document.add_paragraph(_printable(line), style="List Bullet 2")
    document.add_paragraph(CLOSING)
    buffer = io.BytesIO()
    document.save(buffer)
    return _undated(buffer.getvalue())


def _undated(archive: bytes) -> bytes:
    """The same archive with no times of writing in it, so that the bytes follow from the words alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _plain(text: str) -> str:
    """Text that Markdown prints as it stands."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", _printable(text))


def _printable(text: str) -> str:
    """Without control characters, which no document format holds."""
    return "".join(ch for ch in text if ch.isprintable())
