"""
Provisions: what became of every article that was looked at. A rule states it, a person has to look, or it is out of scope.

In: `provisions.yaml` beside the rules of a law. Those left to a person are shown to everyone they may apply to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from advisor import records
from advisor.errors import BrokenInput, Problem, suggestion
from advisor.rulebook.condition import ALWAYS, Condition, facts_read
from advisor.rulebook.form import Consequence, ProvisionFile, ProvisionsFile, ProvisionStatus
from advisor.rulebook.judge import Facts, Judge
from advisor.rulebook.parse import Parser
from advisor.rulebook.rule import Rule, Source
from advisor.strict_yaml import Document, Place
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Manual:
    """What a person has to look at, because no rule can state it."""

    shows: Literal["obligation", "caution"]
    applies: Condition
    """Reads answers only."""
    since: date | None
    until: date | None
    text: str
    source: Source

    @property
    def words(self) -> str:
        """What to do; a caution says that it is one."""
        return f"Caution: {self.text}" if self.shows == "caution" else self.text

    def in_force(self, as_of: date) -> bool:
        return (self.since is None or self.since <= as_of) and (self.until is None or as_of < self.until)


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of a law."""

    id: str
    law: str
    place: str
    provision: str
    title: str
    consequence: Consequence
    status: ProvisionStatus
    rules: tuple[str, ...]
    case: str | None
    """Name of the answers file in `data/cases/` in which a rule changes what may be used."""
    why: str
    manual: Manual | None
    path: str
    line: int


def read_provisions(document: Document, vocabulary: Vocabulary) -> list[Provision]:
    """One document as provisions. Raises BrokenInput with all its problems."""
    file = records.checked(ProvisionsFile, document)
    parser = Parser(document, vocabulary)
    found = [_provision(item, file, ("provisions", n), parser) for n, item in enumerate(file.provisions)]
    if parser.problems:
        raise BrokenInput(parser.problems)
    return found


def _provision(item: ProvisionFile, file: ProvisionsFile, place: Place, parser: Parser) -> Provision:
    match item.status:
        case "covered_by":
            if not item.rules:
                parser.complain(place, "a provision that is covered names its rules", "Add `rules: [...]`, or change the status.")
        case "manual" | "out_of_scope":
            if item.rules:
                parser.complain((*place, "rules"), f"a provision that is `{item.status}` has no rules", "Use `covered_by`, or remove them.")
            if not item.why:
                parser.complain(place, "the key 'why' is missing", "Say in one sentence why no rule states it.")
    manual = _manual(item, place, parser)
    return Provision(
        item.id, file.law, file.place, item.provision, item.title, item.consequence, item.status, tuple(item.rules), item.case,
        item.why or "", manual, parser.document.path, parser.document.line(place),
    )  # fmt: skip


def _manual(item: ProvisionFile, place: Place, parser: Parser) -> Manual | None:
    keys = ("shows", "text", "source")
    given = [key for key in (*keys, "applies_when", "in_force") if getattr(item, key) is not None]
    if item.status != "manual":
        for key in given:
            parser.complain((*place, key), f"the key {key!r} belongs to a provision that is `manual`", "Remove it.")
        return None
    missing = [key for key in keys if getattr(item, key) is None]
    for key in missing:
        parser.complain(place, f"the key {key!r} is missing", "A manual provision says what to do, how it is shown, and its source.")
    at = (*place, "applies_when")
    applies = ALWAYS if item.applies_when is None else parser.condition(item.applies_when, at)
    if applies is not None and any(not name.startswith("use.") for name in facts_read(applies)):
        parser.complain(at, "a manual provision reads answers only", "Use facts that begin with `use.`, or write a rule.")
    if missing or applies is None or item.shows is None or item.text is None or item.source is None:
        return None
    source = Source(item.source.cite, item.source.url, item.source.checked, item.source.verified, item.source.note)
    span = item.in_force
    if span and span.since and span.until and span.since >= span.until:
        parser.complain((*place, "in_force"), f"begins on {span.since} and ends on {span.until}, so it never holds")
    return Manual(item.shows, applies, span.since if span else None, span.until if span else None, item.text, source)


@dataclass(frozen=True, slots=True)
class Duty:
    """A provision that is left to a person and concerns these answers."""

    provision: Provision
    manual: Manual
    sure: bool
    """False: whether it applies depends on answers that are not known."""


def duties(provisions: Sequence[Provision], vocabulary: Vocabulary, facts: Facts, as_of: date) -> list[Duty]:
    """The manual provisions that may apply on a date, those that surely do first."""
    judge = Judge(vocabulary, as_of)
    found = []
    for item in provisions:
        if item.manual and item.manual.in_force(as_of) and (truth := judge.truth(item.manual.applies, facts)).may:
            found.append(Duty(item, item.manual, truth.must))
    return sorted(found, key=lambda duty: (not duty.sure, duty.provision.place, duty.provision.law, duty.provision.id))


def fit_together(provisions: Sequence[Provision], rules: Mapping[str, Rule]) -> list[Problem]:
    """What is wrong between provisions and rules."""
    problems: list[Problem] = []
    for item in provisions:
        where = f"provisions, {item.id}"
        for rule in item.rules:
            if rule not in rules:
                problems.append(Problem(item.path, item.line, where, f"there is no rule {rule!r}{suggestion(rule, rules)}", ""))
    return problems
