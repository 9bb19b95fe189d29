"""
`rules/` to a Rulebook: reads every file, checks it, and reports all problems of all files at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from advisor import records
from advisor.errors import BrokenInput, Problem
from advisor.possible import Possible
from advisor.rulebook.condition import ALWAYS, Condition
from advisor.rulebook.form import ArmFile, ExampleFile, ExceptionFile, FreshnessFile, ObligationFile, ReviewFile, RuleFile, SourceFile
from advisor.rulebook.parse import Parser
from advisor.rulebook.people import same_person
from advisor.rulebook.provisions import Provision, fit_together, read_provisions
from advisor.rulebook.reviews import SourceClass, words
from advisor.rulebook.rule import (
    EXAMPLE_DATE,
    NOT_REVIEWED,
    NOTHING_REQUIRED,
    Arm,
    Effect,
    Example,
    Obligation,
    Related,
    Review,
    Rule,
    RuleException,
    Source,
)
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import Waiver, read_waiver
from advisor.strict_yaml import Document, Place, read
from advisor.vocabulary import Vocabulary

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PROVISIONS, FRESHNESS, WAIVERS = "provisions.yaml", "freshness.yaml", "waivers"

Result = TypeVar("Result")


def load_rulebook(roots: Sequence[Path], vocabulary: Vocabulary) -> Rulebook:
    """Everything below the folders; a later folder wins by id. Raises BrokenInput with all problems, then loads nothing."""
    found = _Found()
    for number, root in enumerate(roots):
        for path, name in records.paths([root], "**/*.yaml"):
            if WAIVERS in path.relative_to(root).parts:
                found.waiver(path, name, number)
            elif path.name == PROVISIONS:
                for item in found.read(partial(_provisions, path, name, vocabulary)) or []:
                    found.provision(item, number)
            elif path.name == FRESHNESS:
                found.freshness = found.read(partial(_freshness, path, name)) or found.freshness
            else:
                found.rule(path, name, number, vocabulary, path.relative_to(root).parent.parts)
    return found.rulebook()


@dataclass
class _Found:
    """What was read so far, and what was wrong with it."""

    rules: dict[str, tuple[Rule, int]] = field(default_factory=dict)
    overridden: list[str] = field(default_factory=list)
    provisions: dict[str, tuple[Provision, int]] = field(default_factory=dict)
    waivers: dict[str, tuple[Waiver, int]] = field(default_factory=dict)
    void: list[Problem] = field(default_factory=list)
    freshness: tuple[SourceClass, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def read(self, step: Callable[[], Result]) -> Result | None:
        try:
            return step()
        except BrokenInput as error:
            self.problems += error.problems
            return None

    def rule(self, path: Path, name: str, number: int, vocabulary: Vocabulary, folders: tuple[str, ...]) -> None:
        try:
            document = read(path, name)
            rule = replace(read_rule(document, vocabulary), folders=folders)
        except BrokenInput as error:
            self.problems += error.problems
            return
        earlier = self.rules.get(rule.id)
        if earlier and earlier[1] == number:
            what = f"the id {rule.id!r} is also used by {earlier[0].path}"
            self.problems.append(document.problem(("id",), what, "Give each rule its own id."))
        elif earlier:
            self.overridden.append(rule.id)
        self.rules[rule.id] = (rule, number)

    def provision(self, item: Provision, number: int) -> None:
        earlier = self.provisions.get(item.id)
        if earlier and earlier[1] == number:
            what = f"the id is also used in {earlier[0].path}"
            self.problems.append(Problem(item.path, item.line, f"provisions, {item.id}", what, "Give each provision its own id."))
        elif earlier:
            self.overridden.append(f"provision {item.id}")
        self.provisions[item.id] = (item, number)

    def waiver(self, path: Path, name: str, number: int) -> None:
        """A waiver that cannot be read waives nothing; it must not keep the rules from being applied either."""
        try:
            waiver = read_waiver(read(path, name))
        except BrokenInput as error:
            self.void += error.problems
            return
        earlier = self.waivers.get(waiver.id)
        if earlier and earlier[1] == number:  # nobody can say which of the two was signed, so neither holds
            what = f"the id {waiver.id!r} is also used by {earlier[0].path}"
            self.void.append(Problem(name, 0, "", what, "Give each waiver its own id; until then neither holds."))
            waiver = replace(waiver, withdrawn="its id is used twice")
        elif earlier:
            self.overridden.append(f"waiver {waiver.id}")
        self.waivers[waiver.id] = (waiver, number)

    def rulebook(self) -> Rulebook:
        rules = {rule_id: self.rules[rule_id][0] for rule_id in sorted(self.rules)}
        if not self.problems:
            self.problems += fit_together([item for item, _ in self.provisions.values()], rules)
        if self.problems:
            raise BrokenInput(self.problems)
        provisions = tuple(sorted((item for item, _ in self.provisions.values()), key=lambda p: (p.place, p.law, p.id)))
        waivers = tuple(self.waivers[name][0] for name in sorted(self.waivers))
        return Rulebook(rules, tuple(sorted(self.overridden)), provisions, waivers, tuple(self.void), self.freshness)


def _provisions(path: Path, name: str, vocabulary: Vocabulary) -> list[Provision]:
    return read_provisions(read(path, name), vocabulary)


def _freshness(path: Path, name: str) -> tuple[SourceClass, ...]:
    file = records.checked(FreshnessFile, read(path, name))
    return tuple(SourceClass(item.name, tuple(item.folders), item.days) for item in file.classes)


def read_rule(document: Document, vocabulary: Vocabulary) -> Rule:
    """One document as a rule. Raises BrokenInput with all its problems, of form and of meaning."""
    reader = _Reader(document, vocabulary, Parser(document, vocabulary))
    try:
        file = records.checked(RuleFile, document)
    except BrokenInput as error:
        raise BrokenInput([*error.problems, *reader.meaning(document.data)]) from error
    rule = reader.rule(file)
    if reader.parser.problems:
        raise BrokenInput(reader.parser.problems)
    return rule


@dataclass
class _Reader:
    document: Document
    vocabulary: Vocabulary
    parser: Parser

    def rule(self, file: RuleFile) -> Rule:
        arms = tuple(self._arm(arm, file.effect, ("arms", n)) for n, arm in enumerate(file.arms))
        self._windows(arms)
        rule = Rule(
            id=file.id, title=file.title, effect=file.effect, place=file.place, topic=file.topic, arms=arms,
            exceptions=self._exceptions(file.exceptions, ("exceptions",)),
            reason=file.reason, remedy=file.remedy, obligation=self._obligation(file.obligation),
            examples=self._examples(file.examples, ("examples",)), review=file.review, path=self.document.path,
            related=tuple(Related(item.rule, item.relation, item.why) for item in file.related), author=file.author,
            reviews=tuple(_review(item) for item in file.reviews),
        )  # fmt: skip
        self._texts(rule)
        self._reviews(rule)
        return replace(rule, review=words(rule))

    def meaning(self, data: object) -> list[Problem]:
        """What is wrong with the conditions of a file whose form is wrong elsewhere."""
        arms = data.get("arms") if isinstance(data, dict) else None
        for n, arm in enumerate(arms if isinstance(arms, list) else ()):
            for key in ("applies_when", "requires"):
                if isinstance(arm, dict) and arm.get(key) is not None:
                    self.parser.condition(arm[key], ("arms", n, key))
        return self.parser.problems

    def _condition(self, data: object, place: Place, default: Condition = ALWAYS) -> Condition:
        if data is None:
            return default
        return self.parser.condition(data, place) or default

    def _arm(self, file: ArmFile, effect: Effect, place: Place) -> Arm:
        if effect == "weigh":
            if not file.points or file.requires is not None:
                self.parser.complain(place, "a `weigh` arm gives `points` and requires nothing")
        elif file.points:
            self.parser.complain((*place, "points"), "only `weigh` rules give points")
        elif file.requires is None:
            self.parser.complain(place, "the key 'requires' is missing", f"A `{effect}` rule says what must hold.")
        return Arm(
            file.in_force.since,
            file.in_force.until,
            self._source(file.source),
            self._condition(file.applies_when, (*place, "applies_when")),
            self._condition(file.requires, (*place, "requires"), NOTHING_REQUIRED),
            file.points,
        )

    def _source(self, file: SourceFile) -> Source:
        return Source(file.cite, file.url, file.checked, file.verified, file.note)

    def _exceptions(self, files: list[ExceptionFile], place: Place) -> tuple[RuleException, ...]:
        return tuple(
            RuleException(
                file.id, file.title, self._condition(file.when, (*place, n, "when")), self._source(file.source),
                self._examples(file.examples, (*place, n, "examples")), self._exceptions(file.exceptions, (*place, n, "exceptions")),
                tuple(file.alongside),
            )
            for n, file in enumerate(files)
        )  # fmt: skip

    def _obligation(self, file: ObligationFile | None) -> Obligation | None:
        if file is None:
            return None
        place: Place = ("obligation",)
        done = None if file.done_when is None else self._condition(file.done_when, (*place, "done_when"))
        return Obligation(file.text, self._condition(file.when, (*place, "when")), done)

    def _examples(self, files: list[ExampleFile], place: Place) -> tuple[Example, ...]:
        return tuple(self._example(file, (*place, n)) for n, file in enumerate(files))

    def _example(self, file: ExampleFile, place: Place) -> Example:
        given: dict[str, Possible] = {}
        for name, data in file.given.items():
            at = (*place, "given", name)
            if (fact := self.parser.fact(name, at)) and (
                value := self.parser.possible(fact, data, at, file.as_of or EXAMPLE_DATE)
            ) is not None:
                given[name] = value
        if file.duty is not None:
            self._stated_duty(file, (*place, "duty"))
        return Example(file.name, given, file.verdict, file.as_of, self.document.line(place), file.duty)

    def _stated_duty(self, file: ExampleFile, place: Place) -> None:
        """Only a rule that is met and carries a duty leaves one."""
        data = self.document.data
        if not isinstance(data, dict) or data.get("obligation") is None:
            self.parser.complain(place, "the rule has no obligation, so no example can say what becomes of its duty", "Leave it out.")
        elif file.verdict != "complies":
            what = f"only an example that complies says what becomes of the duty, and this one says {file.verdict}"
            self.parser.complain(place, what, "Leave it out.")

    def _windows(self, arms: tuple[Arm, ...]) -> None:
        """Arms follow one another; two in force on one day would be two answers."""
        for n, arm in enumerate(arms):
            if arm.since and arm.until and arm.since >= arm.until:
                self.parser.complain(("arms", n, "in_force"), f"begins on {arm.since} and ends on {arm.until}, so it never holds")
        ordered = sorted(arms, key=lambda arm: arm.since or date.min)
        for earlier, later in pairwise(ordered):
            if earlier.until is None or (later.since or date.min) < earlier.until:
                self.parser.complain(
                    ("arms", arms.index(later), "in_force"),
                    f"overlaps the arm that begins on {earlier.since}",
                    "End the earlier arm first.",
                )

    def _texts(self, rule: Rule) -> None:
        if rule.effect in ("require", "mitigate", "advise"):
            for key in ("reason", "remedy"):
                if not getattr(rule, key):
                    self.parser.complain((), f"the key {key!r} is missing", "Say it in one plain sentence.")
        for key in ("reason", "remedy"):
            for name in PLACEHOLDER.findall(getattr(rule, key)):
                self.parser.fact(name, (key,))
        names = [e.name for e in rule.all_examples()]
        for name in {n for n in names if names.count(n) > 1}:
            self.parser.complain(("examples",), f"two examples are called {name!r}", "Give each its own name.")
        if rule.effect == "weigh" and any(not f.startswith("use.") for f in rule.facts):
            self.parser.complain(("arms",), "a `weigh` rule reads answers only")
        ids = [exception.id for exception in rule.all_exceptions()]
        for exception in rule.all_exceptions():
            for other in exception.alongside:
                if other not in ids or other == exception.id:
                    what = f"{exception.id!r} stands alongside {other!r}, which is no other exception of this rule"
                    self.parser.complain(("exceptions",), what)
        for name in {n for n in ids if ids.count(n) > 1}:
            self.parser.complain(("exceptions",), f"two exceptions have the id {name!r}", "Give each its own id.")

    def _reviews(self, rule: Rule) -> None:
        """Nobody reviews their own rule, and a rule without a review says so."""
        if not rule.reviews and rule.review != NOT_REVIEWED:
            what = f"no review stands in the file, so it says {NOT_REVIEWED!r}"
            self.parser.complain(("review",), what, "A review is a record with a name.")
        if rule.reviews and not rule.author:
            self.parser.complain(("reviews",), "a rule with a review names its author", "Add `author:`; the reviewer is somebody else.")
        for n, review in enumerate(rule.reviews):
            if any(on < review.on for _, on in review.carried):
                self.parser.complain(("reviews", n, "carried"), "carried before it was signed", "Correct the dates.")
            if same_person(review.reviewer, rule.author):
                self.parser.complain(("reviews", n, "reviewer"), "the author of a rule cannot review it", "Ask somebody else.")


def _review(file: ReviewFile) -> Review:
    carried = tuple((item.tree, item.on) for item in file.carried)
    return Review(file.reviewer, file.role, file.on, file.tree, file.cite, file.scope, file.limits, carried)
