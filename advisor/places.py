"""
Countries, dated groups of countries, and languages.

In: `data/places.yaml`, `data/languages.yaml`. Groups are lists with a beginning and an end, because law is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from advisor import records
from advisor.errors import BrokenInput, Problem, suggestion
from advisor.strict_yaml import Document

EVERYWHERE = "global"


class GroupSpan(BaseModel):
    """The members of a group during one span of time, and what says so."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    """First day on which it no longer holds."""
    members: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    """Names of other groups whose members belong to this one on the same date."""
    cite: str
    url: str = ""
    checked: str = "memory"
    note: str = ""


class Group(BaseModel):
    """A named group of countries over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str
    """How a sentence names it: `the European Economic Area`."""
    token: str | None = None
    """Short name that may stand for the group in an answers or host file, such as `EEA`."""
    spans: tuple[GroupSpan, ...]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    countries: dict[str, str] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)


class _Languages(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: dict[str, str]


@dataclass(frozen=True)
class Places:
    """All countries, groups and languages, each with its English name."""

    countries: Mapping[str, str]
    groups: Mapping[str, Group]
    languages: Mapping[str, str]

    @property
    def tokens(self) -> dict[str, str]:
        """Group names that may stand where a country may, such as `EEA`, each with its words."""
        return {group.token: group.words for group in self.groups.values() if group.token}

    def members(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a date."""
        found: set[str] = set()
        for span in self.groups[group].spans:
            if (span.since is None or span.since <= as_of) and (span.until is None or as_of < span.until):
                found.update(span.members)
                found.update(*(self.members(other, as_of) for other in span.includes))
        return frozenset(found)

    def elements(self, group: str, as_of: date) -> frozenset[str]:
        """The countries of a group on a date, and the tokens of all groups that lie within it."""
        members = self.members(group, as_of)
        inside = {g.token for name, g in self.groups.items() if g.token and (own := self.members(name, as_of)) and own <= members}
        return members | inside

    def expanded(self, values: Sequence[str] | frozenset[str], as_of: date) -> frozenset[str]:
        """Countries and group tokens as countries; `global` is every country."""
        by_token = {group.token: name for name, group in self.groups.items() if group.token}
        found: set[str] = set()
        for value in values:
            if value == "global":
                found.update(self.countries)
            elif value in by_token:
                found |= self.members(by_token[value], as_of)
            else:
                found.add(value)
        return frozenset(found)


def load_places(roots: Sequence[Path]) -> Places:
    """The places of the data folders; a later folder may add or replace groups. Raises BrokenInput with all problems."""
    countries: dict[str, str] = {}
    groups: dict[str, Group] = {}
    documents: dict[str, Document] = {}
    languages: dict[str, str] = {}
    for document in records.documents(roots, "places.yaml"):
        file = records.checked(_File, document)
        countries |= file.countries
        groups |= file.groups
        documents |= dict.fromkeys(file.groups, document)
    for document in records.documents(roots, "languages.yaml"):
        languages |= records.checked(_Languages, document).languages
    places = Places(countries, groups, languages)
    if problems := [problem for name in groups for problem in _faults(name, places, documents[name])]:
        raise BrokenInput(problems)
    return places


def _faults(name: str, places: Places, document: Document) -> Iterator[Problem]:
    """What is wrong with one group among all places."""
    group = places.groups[name]
    at = ("groups", name)
    if group.token is not None:
        others = {other.token for key, other in places.groups.items() if key != name}
        if group.token in others | {*places.countries, EVERYWHERE}:
            what = f"the short name {group.token!r} already stands for something else"
            yield document.problem((*at, "token"), what, "Choose another one.")
    if not group.spans:
        yield document.problem((*at, "spans"), "a group needs at least one span", "Say who belongs to it, since when, and what says so.")
    for n, span in enumerate(group.spans):
        here = (*at, "spans", n)
        if span.since and span.until and span.since >= span.until:
            yield document.problem(here, f"begins on {span.since} and ends on {span.until}, so it never holds", "Correct the dates.")
        if not span.members and not span.includes:
            yield document.problem(
                here, "a span without members and without included groups holds nobody", "Name them, or remove the span."
            )
        for m, code in enumerate(span.members):
            if code not in places.countries:
                yield document.problem((*here, "members", m), f"there is no country {code!r}", "Use ISO 3166-1 codes of two letters.")
            if code in span.members[:m]:
                yield document.problem((*here, "members", m), f"the country {code!r} stands twice", "Remove one.")
        for m, other in enumerate(span.includes):
            if other not in places.groups:
                what = f"there is no group {other!r}{suggestion(other, places.groups)}"
                yield document.problem((*here, "includes", m), what, "Groups stand under `groups`.")
            elif other == name or name in _included(other, places.groups):
                what = f"the group {name!r} includes itself by way of {other!r}"
                yield document.problem((*here, "includes", m), what, "Break the circle.")


def _included(name: str, groups: Mapping[str, Group]) -> set[str]:
    """All groups inside a group, at any depth and on any date; a circle ends the search."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        inner = {other for span in groups[waiting.pop()].spans for other in span.includes if other in groups} - found
        found |= inner
        waiting += inner
    return found
