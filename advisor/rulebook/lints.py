"""
What a careful reviewer would want mended in rules that load: every lint of every file at once, each with its place and its code.

In: the folders, the rulebook read from them, the vocabulary, a date. What the codes mean stands in `lint_codes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from advisor import records
from advisor.rulebook.condition import ALWAYS, Condition, Group, tests
from advisor.rulebook.fingerprint import tree_fingerprint
from advisor.rulebook.lint_codes import CODES, Severity
from advisor.rulebook.lint_conditions import Found, certain, condition_lints
from advisor.rulebook.lint_examples import NAMES_THE_OPTION, conditions_of, example_lints, facts_of_arms
from advisor.rulebook.lint_files import file_lints
from advisor.rulebook.load import PLACEHOLDER
from advisor.rulebook.provisions import Manual, Provision
from advisor.rulebook.reviews import class_of, due_on, state
from advisor.rulebook.rule import Arm, Rule, RuleException, Source
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import void_because
from advisor.strict_yaml import Document, Place, read
from advisor.vocabulary import Vocabulary

LONGEST_TITLE = 120
ENDS = (".", "?", "!")
OWN = ("own", "weighing")
"""Folders that state no law: an organisation's demands, and weights."""


@dataclass(frozen=True, slots=True, order=True)
class Lint:
    """One thing to mend, and where."""

    path: str
    line: int
    column: int
    code: str
    what: str

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    def __str__(self) -> str:
        spot = ":".join(map(str, (self.path, *((self.line, self.column) if self.line else ()))))
        return f"{spot}: {self.what} [{self.code}]"


def rulebook_lints(roots: Sequence[Path], book: Rulebook, vocabulary: Vocabulary, cases: frozenset[str], as_of: date) -> list[Lint]:
    """All lints, by file and line. `cases` are the names of the files in `data/cases/`, without their ending."""
    documents: dict[str, Document] = {}
    found: list[Lint] = []
    for n, root in enumerate(roots):
        for path, name in records.paths([root], "**/*.yaml"):
            inside = path.relative_to(root).as_posix()
            if name not in {problem.path for problem in book.void}:
                documents[name] = read(path, name)
                spots = file_lints(inside, path.read_text(encoding="utf-8-sig"), shipped=n == 0)
                found += [Lint(name, spot.mark.line, spot.mark.column, spot.code, spot.what) for spot in spots]
    covered = {rule for provision in book.provisions for rule in provision.rules}
    for rule in book.rules.values():
        document = documents[rule.path]
        for item in _rule(rule, book, vocabulary, covered, as_of):
            mark = document.mark(item.place)
            found.append(Lint(rule.path, mark.line, mark.column, item.code, item.what))
    found += _provisions(book, cases, documents, vocabulary)
    found += _waivers(book, documents, as_of)
    return sorted(set(found))


def case_names(data_roots: Sequence[Path]) -> frozenset[str]:
    """The names of the answers files in `cases/` below the data folders."""
    return frozenset(path.stem for root in data_roots for path in root.glob("cases/*.yaml"))


def _rule(rule: Rule, book: Rulebook, vocabulary: Vocabulary, covered: set[str], as_of: date) -> Iterator[Found]:
    yield from _conditions(rule, vocabulary)
    yield from _empty_groups(rule, vocabulary)
    yield from _texts(rule)
    yield from _sources(rule, book, as_of)
    yield from example_lints(rule, vocabulary)
    for n, related in enumerate(rule.related):
        if related.rule not in book.rules:
            yield Found("unknown-related", ("related", n, "rule"), f"there is no rule {related.rule!r}")
    if rule.id not in covered and not _is_own(rule):
        yield Found("rule-without-provision", ("id",), f"no provision names the rule {rule.id}")
    if state(rule, book.freshness, as_of) == "void":
        yield Found(
            "void-review", ("reviews",), f"no review covers the conditions {tree_fingerprint(rule)[:12]} and the citation as they stand"
        )


def _is_own(rule: Rule) -> bool:
    return any(folder in rule.path.split("/")[:-1] for folder in OWN)


# ---------------------------------------------------------------------- conditions
def _conditions(rule: Rule, vocabulary: Vocabulary) -> Iterator[Found]:
    if not rule.facts and rule.effect != "weigh":
        yield Found("reads-nothing", ("arms",), "the rule tests no fact")
    scopes = [certain(arm.applies, vocabulary) for arm in rule.arms]
    for place, condition in conditions_of(rule):
        if place[0] == "arms" and isinstance(place[1], int):
            known = scopes[place[1]] if place[-1] == "requires" else ()
        else:
            known = scopes[0] if len(scopes) == 1 and place[-1] == "when" and place[0] == "obligation" else ()
        if not _is_default(condition, place):
            yield from condition_lints(condition, place, vocabulary, known)
    for n, exception in enumerate(rule.exceptions):
        when = certain(exception.when, vocabulary)
        if all(any(left.excludes(right) for left in scope for right in when) for scope in scopes):
            yield Found(
                "unreachable-exception", ("exceptions", n, "when"), f"the exception {exception.id!r} contradicts the scope of the rule"
            )


def _is_default(condition: Condition, place: Place) -> bool:
    """A condition that is left out holds always; it is not written, so nothing is wrong with its writing."""
    return getattr(condition, "parts", None) == () and place[-1] in ("applies_when", "when") and place[0] != "exceptions"


def _empty_groups(rule: Rule, vocabulary: Vocabulary) -> Iterator[Found]:
    for n, arm in enumerate(rule.arms):
        conditions = [(("arms", n, "applies_when"), arm.applies), (("arms", n, "requires"), arm.requires)]
        others = [(place, condition) for place, condition in conditions_of(rule) if place[0] != "arms"]
        for place, condition in (*conditions, *others):
            for name in sorted({test.operand.name for test in tests(condition) if isinstance(test.operand, Group)}):
                if (day := _day_without_members(name, arm, vocabulary)) is not None:
                    yield Found("empty-group", place, f"the group {name!r} has no members on {day}")


def _day_without_members(name: str, arm: Arm, vocabulary: Vocabulary) -> date | None:
    """The first day of an arm on which a group has no members; only days on which some span begins or ends can be the first."""
    spans = [span for group in vocabulary.places.groups.values() for span in group.spans]
    days = {arm.since or date.min, *(day for span in spans for day in (span.since, span.until) if day)}
    return next((day for day in sorted(days) if arm.in_force(day) and not vocabulary.places.members(name, day)), None)


# ---------------------------------------------------------------------- texts and sources
def _texts(rule: Rule) -> Iterator[Found]:
    if len(rule.title) > LONGEST_TITLE:
        yield Found("long-title", ("title",), f"the title has {len(rule.title)} characters")
    texts: dict[Place, str] = {("reason",): rule.reason, ("remedy",): rule.remedy}
    if rule.obligation:
        texts["obligation", "text"] = rule.obligation.text
    for place, text in texts.items():
        if text and text.rstrip('”")’')[-1:] not in ENDS:
            yield Found("no-full-stop", place, f"ends with {text[-12:]!r}")
    if rule.effect == "weigh":
        return
    decided = {*facts_of_arms(rule), *NAMES_THE_OPTION}
    for place, text in texts.items():
        for name in dict.fromkeys(PLACEHOLDER.findall(text)):
            if name not in decided:
                code = "placeholder-of-an-exception" if name in rule.facts else "unread-placeholder"
                yield Found(code, place, f"names {name}, which neither scope nor requirement reads")


def _sources(rule: Rule, book: Rulebook, as_of: date) -> Iterator[Found]:
    kind = class_of(rule, book.freshness)
    for place, source in _all_sources(rule):
        if not source.url and not _is_own(rule):
            yield Found("missing-address", place, f"no address for {source.cite}")
        if source.verified is None and source.checked != "memory" and not _is_own(rule):
            yield Found("never-verified", place, f"no day on which {source.cite} was compared")
        if source.checked == "memory" and rule.effect == "require":
            yield Found("memory-source", place, f"from memory: {source.cite}")
    due = due_on(rule, book.freshness)
    if kind and due is not None and date.min < due <= as_of:
        yield Found("stale-source", ("arms",), f"the source was to be compared again by {due} ({kind.name}: every {kind.days} days)")


def _source(source: Source, place: Place) -> Iterator[Found]:
    if not source.url:
        yield Found("missing-address", place, f"no address for {source.cite}")
    if source.verified is None and source.checked != "memory":
        yield Found("never-verified", place, f"no day on which {source.cite} was compared")


def _all_sources(rule: Rule) -> Iterator[tuple[Place, Source]]:
    yield from ((("arms", n, "source"), arm.source) for n, arm in enumerate(rule.arms))
    yield from _exception_sources(rule.exceptions, ("exceptions",))


def _exception_sources(items: tuple[RuleException, ...], place: Place) -> Iterator[tuple[Place, Source]]:
    for n, item in enumerate(items):
        yield (*place, n, "source"), item.source
        yield from _exception_sources(item.exceptions, (*place, n, "exceptions"))


# ---------------------------------------------------------------------- provisions and waivers
def _provisions(book: Rulebook, cases: frozenset[str], documents: Mapping[str, Document], vocabulary: Vocabulary) -> Iterator[Lint]:
    for provision in book.provisions:
        for code, what in _provision(provision, book.rules, cases):
            yield Lint(provision.path, provision.line, 1, code, f"{provision.id}: {what}")
        if provision.manual:
            document = documents[provision.path]
            for item in _manual(provision.manual, _place_of(provision, document), vocabulary):
                mark = document.mark(item.place)
                yield Lint(provision.path, mark.line, mark.column, item.code, f"{provision.id}: {item.what}")


def _place_of(provision: Provision, document: Document) -> Place:
    """Where a provision stands in its file."""
    starts = {document.line(("provisions", n)): n for n in range(len(_list(document)))}
    return "provisions", starts.get(provision.line, 0)


def _list(document: Document) -> list[object]:
    data = document.data.get("provisions") if isinstance(document.data, dict) else None
    return list(data) if isinstance(data, list) else []


def _manual(manual: Manual, place: Place, vocabulary: Vocabulary) -> Iterator[Found]:
    """What a person has to look at rests on a source and a condition as a rule does."""
    if manual.applies != ALWAYS:
        yield from condition_lints(manual.applies, (*place, "applies_when"), vocabulary)
    if manual.text[-1:] not in ENDS:
        yield Found("no-full-stop", (*place, "text"), f"ends with {manual.text[-12:]!r}")
    yield from _source(manual.source, (*place, "source"))


def _provision(item: Provision, rules: Mapping[str, Rule], cases: frozenset[str]) -> Iterator[tuple[str, str]]:
    effects = {name: rules[name].effect for name in item.rules if name in rules}
    for name in (name for name, effect in effects.items() if effect == "weigh"):
        yield "provision-covered-by-weighing", f"is covered by {name}, which only gives points"
    if item.consequence == "blocks" and item.status == "covered_by" and "require" not in effects.values():
        yield "blocks-without-require", f"can block an option, but no rule that covers it requires anything ({', '.join(sorted(effects))})"
    if item.case and item.case not in cases:
        yield "missing-case", f"there is no case {item.case!r}"


def _waivers(book: Rulebook, documents: Mapping[str, Document], as_of: date) -> Iterator[Lint]:
    for problem in book.void:
        yield Lint(problem.path, problem.line, problem.column, "void-waiver", f"cannot be read: {problem.what}")
    for waiver in book.waivers:
        if because := void_because(waiver, book.rules, as_of):
            lapsed = not void_because(waiver, book.rules, waiver.approved_on)  # all was well on the day it was signed
            mark = documents[waiver.path].mark(("expires",) if lapsed else ("id",))
            yield Lint(waiver.path, mark.line, mark.column, "lapsed-waiver" if lapsed else "void-waiver", f"{waiver.id}: {because}")
