"""
`rules/` to a Rulebook: reads every rule file, checks it, and reports all problems of all files at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from advisor import records
from advisor.errors import BrokenInput, NotFound, Problem
from advisor.possible import Possible
from advisor.rulebook.condition import ALWAYS, Condition
from advisor.rulebook.parse import Parser
from advisor.rulebook.rule import (
    NOTHING_REQUIRED,
    Arm,
    Checked,
    Criterion,
    Effect,
    Example,
    Obligation,
    Rule,
    RuleException,
    Source,
    Verdict,
)
from advisor.strict_yaml import Document, Place, read
from advisor.vocabulary import Vocabulary

ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
EXAMPLE_DATE = date(2026, 11, 24)
"""The date on which an example without `as_of` is judged."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class SourceFile(_Strict):
    cite: str = Field(min_length=3)
    """The exact provision."""
    url: str = Field(pattern=r"^https?://\S+$|^$")
    checked: Checked
    """read: the text or a mirror of it was read; secondary: a third party's account; memory: neither yet."""
    verified: date | None = None
    """The day on which the source was last compared with the rule."""
    note: str = ""


class SpanFile(_Strict):
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    """First day on which the arm no longer holds."""


class ExampleFile(_Strict):
    name: str = Field(min_length=3)
    given: dict[str, object]
    """What is known; every other fact is unknown."""
    verdict: Verdict
    as_of: date | None = None


class ExceptionFile(_Strict):
    id: str = Field(pattern=ID.pattern)
    title: str
    when: object
    source: SourceFile
    examples: list[ExampleFile] = Field(min_length=1)
    exceptions: list[ExceptionFile] = Field(default_factory=list)


class ObligationFile(_Strict):
    text: str
    when: object = None
    """For which options the duty arises; absent: whenever the rule is met."""
    done_when: object = None
    """A condition on answers that shows the duty is done."""


class ArmFile(_Strict):
    in_force: SpanFile
    source: SourceFile
    applies_when: object = None
    """Scope; absent: always."""
    requires: object = None
    points: dict[Criterion, int] = Field(default_factory=dict)
    """Only for `weigh`: points for each criterion."""


class RuleFile(_Strict):
    """One rule: a checkable statement of one provision."""

    id: str = Field(pattern=ID.pattern)
    """Never reused."""
    title: str = Field(min_length=10)
    effect: Effect
    """require: a breach excludes; mitigate: a breach or unknown is an obligation; advise: a caution; weigh: points for criteria."""
    place: str
    topic: str
    arms: list[ArmFile] = Field(min_length=1)
    exceptions: list[ExceptionFile] = Field(default_factory=list)
    reason: str = ""
    """What a breach means; {option.…} stands for what is known of the fact."""
    remedy: str = ""
    obligation: ObligationFile | None = None
    examples: list[ExampleFile] = Field(min_length=1)
    review: str = Field(min_length=3)


@dataclass(frozen=True)
class Rulebook:
    """All rules by id, in the order of their ids."""

    rules: Mapping[str, Rule]
    overridden: tuple[str, ...] = ()
    """Rules of an earlier folder that a later folder replaces."""

    def rule(self, rule_id: str) -> Rule:
        if rule_id not in self.rules:
            raise NotFound("rule", rule_id, self.rules)
        return self.rules[rule_id]


def load_rulebook(roots: Sequence[Path], vocabulary: Vocabulary) -> Rulebook:
    """Every rule below the folders; a later folder wins by id. Raises BrokenInput with all problems."""
    found: dict[str, tuple[Rule, int]] = {}
    overridden: list[str] = []
    problems: list[Problem] = []
    for number, root in enumerate(roots):
        for path, name in records.paths([root], "**/*.yaml"):
            if path.name == "provisions.yaml" or "waivers" in path.relative_to(root).parts:
                continue
            try:
                document = read(path, name)
                rule = read_rule(document, vocabulary)
            except BrokenInput as error:
                problems += error.problems
                continue
            if rule.id in found and found[rule.id][1] == number:
                problems.append(
                    document.problem(("id",), f"the id {rule.id!r} is also used by {found[rule.id][0].path}", "Give each rule its own id.")
                )
            elif rule.id in found:
                overridden.append(rule.id)
            found[rule.id] = (rule, number)
    if problems:
        raise BrokenInput(problems)
    return Rulebook({rule_id: found[rule_id][0] for rule_id in sorted(found)}, tuple(sorted(overridden)))


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
        )  # fmt: skip
        self._texts(rule)
        return rule

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
        return Example(file.name, given, file.verdict, file.as_of, self.document.line(place))

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
