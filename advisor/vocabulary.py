"""
The declared list of facts: what a rule may test, in which unit, over which values, and who can settle it.

In: `data/vocabulary.yaml`, `data/places.yaml`, `data/languages.yaml`. Out: one Vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from advisor import records
from advisor.errors import BrokenInput, Problem, suggestion
from advisor.places import Places, load_places
from advisor.possible import ANY_NUMBER, Choice, Interval, Members, Possible
from advisor.strict_yaml import Document

Kind: TypeAlias = Literal["number", "yes-no", "choice", "held", "places", "text"]

NAME = re.compile(r"(use|option)\.[a-z][a-z0-9_]{0,60}")
NAME_FAULT = ("this is not a name for a fact", "Write `use.` or `option.` and small letters, digits and underscores.")

YES_NO = "yes-no"
COUNTRY = "country"
COUNTRY_OR_GROUP = "country-or-group"


class Fact(BaseModel):
    """One declared fact."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = ""
    kind: Kind
    phrase: str
    """How a sentence names it: `the retention of prompts and answers`."""
    negative: str = ""
    """For `yes-no` facts: how a sentence says that it is not so."""
    plural: Literal["yes", "no"] = "no"
    domain: str | None = None
    unit: str = ""
    whole: Literal["yes", "no"] = "no"
    least: float | None = None
    most: float | None = None
    verified_by: tuple[str, ...] = ()
    """For `held` facts: only a claim of one of these grades makes a member certain; empty: any grade that counts."""
    derived: Literal["yes", "no"] = "no"
    """`yes` when it is worked out from answers and catalogue, and no host or model file may state it."""
    who: str = ""
    """Who can settle it when it is not known."""
    question: str = ""
    """What to ask them; `{value}` stands for the value the rule needs."""

    @property
    def of_option(self) -> bool:
        return self.name.startswith("option.")

    @property
    def key(self) -> str:
        """The name without its prefix: the key in an answers file or a catalogue file."""
        return self.name.partition(".")[2]


MONTHS_AHEAD = "months from now"
"""Unit of a day in the future: months from the date of assessment, so that it compares with a number of months."""
DAYS_PER_MONTH = 30.4375
NEVER_MONTHS = 1200.0
"""In place of a day that nobody names."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    domains: dict[str, dict[str, str]]
    implications: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Vocabulary:
    """All facts, all closed lists of values with their words, all places."""

    facts: Mapping[str, Fact]
    domains: Mapping[str, Mapping[str, str]]
    implications: Mapping[str, Mapping[str, Sequence[str]]]
    places: Places
    _whole: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def domain(self, fact: Fact) -> Mapping[str, str]:
        """The allowed values of a fact, each with its words; empty for numbers and text."""
        if fact.kind == YES_NO:
            return self.domains[YES_NO]
        return self.domains[fact.domain] if fact.domain else {}

    def values(self, fact: Fact) -> frozenset[str]:
        """The allowed values of a fact as a set."""
        if fact.name not in self._whole:
            self._whole[fact.name] = frozenset(self.domain(fact))
        return self._whole[fact.name]

    def words(self, fact: Fact, value: str) -> str:
        """A value of a fact as it stands in a sentence."""
        return self.domain(fact).get(value, value)

    def unknown(self, fact: Fact) -> Possible:
        """Everything that is possible when nothing is known of a fact."""
        match fact.kind:
            case "number":
                return ANY_NUMBER if fact.least is None else Interval(fact.least, ANY_NUMBER.hi)
            case "yes-no" | "choice":
                return Choice(self.values(fact))
            case _:
                return Members(frozenset(), self.values(fact))

    def implied(self, fact: str, values: frozenset[str]) -> frozenset[str]:
        """The values together with all that they imply (`us-phi` implies `personal`)."""
        rules = self.implications.get(fact, {})
        closed = set(values)
        while more := {w for v in closed for w in rules.get(v, ())} - closed:
            closed |= more
        return frozenset(closed)

    def with_domains(self, **domains: Mapping[str, str]) -> Vocabulary:
        """The same vocabulary once the catalogue has said which models, hosts and licences there are."""
        return replace(self, domains={**self.domains, **domains}, _whole={})

    @property
    def answer_facts(self) -> list[Fact]:
        return [fact for fact in self.facts.values() if not fact.of_option]

    @property
    def option_facts(self) -> list[Fact]:
        return [fact for fact in self.facts.values() if fact.of_option]


def load_vocabulary(roots: Sequence[Path]) -> Vocabulary:
    """The vocabulary of the data folders; a later folder may add facts and values. Raises BrokenInput."""
    places = load_places(roots)
    domains: dict[str, dict[str, str]] = {}
    implications: dict[str, dict[str, Sequence[str]]] = {}
    facts: dict[str, Fact] = {}
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for document in records.documents(roots, "vocabulary.yaml"):
        file = records.checked(_File, document)
        for name, values in file.domains.items():
            domains.setdefault(name, {}).update(values)
        for name, implied in file.implications.items():
            implications.setdefault(name, {}).update(implied)
        facts |= {name: fact.model_copy(update={"name": name}) for name, fact in file.facts.items()}
        problems += [document.problem(("facts", name), *NAME_FAULT) for name in file.facts if not NAME.fullmatch(name)]
        documents |= dict.fromkeys(file.facts, document)
    domains["language"] = dict(places.languages)
    domains[COUNTRY] = dict(places.countries)
    domains[COUNTRY_OR_GROUP] = {**places.countries, **places.tokens}
    domains = {"model": {}, "host": {}, "licence": {}, **domains}
    problems += [problem for name, fact in facts.items() for problem in _domain_faults(fact, domains, documents[name])]
    if problems:
        raise BrokenInput(problems)
    return Vocabulary(facts, domains, implications, places)


def _domain_faults(fact: Fact, domains: Mapping[str, Mapping[str, str]], document: Document) -> Iterator[Problem]:
    place = ("facts", fact.name)
    if fact.domain is not None and fact.domain not in domains:
        what = f"there is no domain {fact.domain!r}{suggestion(fact.domain, domains)}"
        yield document.problem((*place, "domain"), what, "Declare it under `domains`.")
    if fact.domain is None and fact.kind in ("choice", "held", "places"):
        yield document.problem(place, f"a fact of kind `{fact.kind}` needs a domain", "Name a closed list of values.")
