"""
Suggested examples of a rule: few, one for all that its own examples do not show and for every mutant that they do not catch.

In: a rule and the solver. Out: printed examples that need only say what becomes of the duty, and ready new ones, with the verdict that the
rule gives as it is written; a person checks them against the law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from advisor.audit.examples.cases import Bench, Case
from advisor.audit.examples.coverage import cover
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.goals import At, Holds, Leaves, On, Open, Reaches, shown
from advisor.audit.examples.items import Item
from advisor.audit.examples.mutants import mutate
from advisor.audit.examples.mutations import Mutant, Mutator
from advisor.audit.examples.naming import name_for
from advisor.errors import BrokenInput, CouldNotWrite
from advisor.library import write_text
from advisor.possible import is_settled
from advisor.rulebook.condition import facts_read
from advisor.rulebook.english import English
from advisor.rulebook.lint_examples import places_of_examples
from advisor.rulebook.load import read_rule
from advisor.rulebook.printing import with_duties, with_examples
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Owed, Rule, RuleException, Verdict
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary

CHECK = "Check each against the law before you keep it: the verdict is what the rule says as it is written, right or wrong."

ORDER: tuple[Verdict, ...] = ("complies", "breaches", "not_applicable", "unknown", "not_in_force")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A ready example, and the names of the items and mutants that it is there for."""

    example: Example
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What would complete the examples of one rule."""

    rule: Rule
    found: tuple[Suggestion, ...]
    left: tuple[str, ...]
    """What no example was found for: the solver gave up."""
    stated: tuple[Suggestion, ...] = ()
    """Printed examples that need only say what becomes of the duty."""

    @property
    def duties(self) -> Mapping[str, Owed]:
        """What each of these printed examples has to say, by its name."""
        return {item.example.name: item.example.duty for item in self.stated if item.example.duty}


@dataclass(frozen=True, slots=True)
class _Task:
    """Something that an example should show, and whether a case does."""

    reason: Item | Mutant
    served: Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class _Candidate:
    example: Example
    serves: frozenset[int]
    """Numbers of the tasks."""
    reason: Item | Mutant | None = None
    """What it was looked for; None: it is printed already."""


def suggest(rule: Rule, mutator: Mutator, finder: Finder) -> Suggestions:
    """The fewest examples that a simple search finds for all that is open. Each keeps the reason it was found for in its name."""
    open_items = cover(rule, finder.bench.vocabulary, finder).untested
    survivors = mutate(rule, mutator, finder).survivors
    reasons: list[Item | Mutant] = [*(survivor.mutant for survivor in survivors), *open_items]
    tasks = [_Task(reason, _served(rule, reason)) for reason in reasons]
    stated = _fewest(list(_printed(rule, tasks, finder.bench)), set(range(len(tasks))))
    rest = set(range(len(tasks))) - _reached(stated)
    witnesses = {n: survivor.witness for n, survivor in enumerate(survivors)}
    found = [(n, witnesses[n] if n in witnesses else _found(finder, rule, tasks[n].reason)) for n in sorted(rest)]
    days = [item.goal.day for item in open_items if isinstance(item.goal, On)]
    picked = _fewest(list(_candidates(rule, found, tasks, days, finder)), rest)
    left = tuple(tasks[n].reason.name for n in sorted(rest - _reached(picked)))
    told = tuple(Suggestion(one.example, _names(one, tasks)) for one in stated)
    return Suggestions(rule, tuple(_named(rule, picked, tasks, English(finder.bench.vocabulary))), left, told)


def _found(finder: Finder, rule: Rule, reason: Item | Mutant) -> Example | None:
    return finder.find(reason.goal, rule) if isinstance(reason, Item) else None


def _reached(picked: Sequence[_Candidate]) -> frozenset[int]:
    return frozenset().union(*(candidate.serves for candidate in picked))


def _names(candidate: _Candidate, tasks: Sequence[_Task]) -> tuple[str, ...]:
    return tuple(tasks[n].reason.name for n in sorted(candidate.serves))


def _served(rule: Rule, reason: Item | Mutant) -> Callable[[Case], bool]:
    if isinstance(reason, Item):
        return lambda case: shown(reason.goal, rule, case)
    return lambda case: case.tells(rule) != case.tells(reason.rule)


def _printed(rule: Rule, tasks: Sequence[_Task], bench: Bench) -> Iterator[_Candidate]:
    """The printed examples as they would be if they said what becomes of the duty; those that know all it hangs on come first."""
    reads = [name for condition in (rule.obligation.conditions if rule.obligation else ()) for name in facts_read(condition)]
    silent = [case for case in bench.cases(rule) if case.example.duty is None and case.gives(rule) == case.example.verdict]
    for case in sorted(silent, key=lambda case: not all(is_settled(case.known[name]) for name in reads)):
        stating = case.stating(rule)
        serves = frozenset(n for n, task in enumerate(tasks) if stating.example.duty and task.served(stating))
        if serves:
            yield _Candidate(stating.example, serves)


def _candidates(
    rule: Rule, found: Sequence[tuple[int, Example | None]], tasks: Sequence[_Task], days: Sequence[date], finder: Finder
) -> Iterator[_Candidate]:
    """The examples that were found, and the same on the days on which an example is wanted anyway."""
    seen: set[tuple[object, ...]] = set()
    for number, example in found:
        if example is None:
            continue
        clear = example.verdict in ("complies", "breaches")  # on a first or last day a reader wants to see what the rule does
        for on in (example.as_of or EXAMPLE_DATE, *(days if clear else ())):
            dated = replace(example, as_of=None if on == EXAMPLE_DATE else on)
            key = (on, dated.duty is not None, *sorted(dated.given.items()))
            if key in seen:
                continue
            seen.add(key)
            case = finder.bench.case(rule, replace(dated, duty=None))
            case = case.stating(rule) if dated.duty else case
            serves = frozenset(n for n, task in enumerate(tasks) if task.served(case))
            if serves:
                yield _Candidate(replace(case.example, verdict=case.gives(rule)), serves, tasks[number].reason)


def _fewest(candidates: Sequence[_Candidate], wanted: Set[int]) -> list[_Candidate]:
    """Again and again the candidate that serves most of what is still open; at the end those that became needless are left out."""
    open_tasks = wanted
    picked: list[_Candidate] = []
    while True:
        best = max(candidates, key=lambda c: len(c.serves & open_tasks), default=None)  # the first of equals
        if best is None or not best.serves & open_tasks:
            break
        picked.append(best)
        open_tasks = open_tasks - best.serves
    for candidate in list(picked):
        if candidate.serves & wanted <= _reached([c for c in picked if c is not candidate]):
            picked.remove(candidate)
    return sorted(picked, key=lambda c: (ORDER.index(c.example.verdict), candidates.index(c)))


def _named(rule: Rule, picked: Sequence[_Candidate], tasks: Sequence[_Task], english: English) -> Iterator[Suggestion]:
    taken, told = {example.name for example in rule.all_examples()}, set[str]()
    for candidate in picked:
        served = [tasks[n].reason for n in sorted(candidate.serves)]
        fresh = [reason for reason in served if reason.name not in told] or served
        reason = min(fresh, key=lambda r: (_plainness(r), r is not candidate.reason))
        told.add(reason.name)
        name = name_for(reason, rule, candidate.example, english, taken)
        taken.add(name)
        yield Suggestion(replace(candidate.example, name=name), _names(candidate, tasks))


def _plainness(reason: Item | Mutant) -> int:
    """Of several reasons for an example, the one that says most plainly what it is."""
    if isinstance(reason, Mutant):
        return 3
    return {Open: 0, On: 1, At: 2, Holds: 4, Reaches: 5, Leaves: 5}[type(reason.goal)]


def write_suggestions(suggestions: Suggestions, path: Path, vocabulary: Vocabulary) -> None:
    """
    Adds the examples to the file of the rule. Raises CouldNotWrite, and then leaves the file as it was.

    The new text is read as a rule first; it must hold the same rule, with exactly these examples and duties more.
    """
    rule, fresh = suggestions.rule, [suggestion.example for suggestion in suggestions.found]
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotWrite(f"{path}: cannot be read as text: {error}. Nothing was changed.") from error
    stated = _with_stated(text, suggestions, path, vocabulary)
    longer = with_examples(stated, fresh, vocabulary) if fresh else stated
    if longer is None:
        raise CouldNotWrite(f"{path}: its `examples:` are not a list of lines that begin with `- `. Nothing was changed.")
    try:
        again = replace(read_rule(parse(longer.encode("utf-8"), rule.path), vocabulary), folders=rule.folders)
    except BrokenInput as error:
        raise CouldNotWrite(f"{path}: would no longer load with the examples added: {error} Nothing was changed.") from error
    wanted = _with_duties(rule, suggestions.duties)
    if _without_lines(again) != _without_lines(replace(wanted, examples=(*wanted.examples, *fresh))):
        raise CouldNotWrite(f"{path}: would not say the same with the examples added. Nothing was changed.")
    write_text(path, longer)


def _with_stated(text: str, suggestions: Suggestions, path: Path, vocabulary: Vocabulary) -> str:
    """The text with what printed examples are to say of the duty. Raises CouldNotWrite."""
    if not suggestions.stated:
        return text
    try:
        document = parse(text.encode("utf-8"), suggestions.rule.path)
        rule = read_rule(document, vocabulary)
    except BrokenInput as error:
        raise CouldNotWrite(f"{path}: cannot be read as a rule: {error} Nothing was changed.") from error
    lines = {
        document.line((*place, "verdict")): suggestions.duties[example.name]
        for place, example in places_of_examples(rule) if example.name in suggestions.duties
    }  # fmt: skip
    stated = with_duties(text, lines)
    if stated is None:
        names = ", ".join(repr(name) for name in suggestions.duties)
        what = f"the verdict of an example does not stand plainly on a line; add `duty:` by hand to {names}"
        raise CouldNotWrite(f"{path}: {what}. Nothing was changed.")
    return stated


def _with_duties(rule: Rule, duties: Mapping[str, Owed]) -> Rule:
    def changed(examples: Sequence[Example]) -> tuple[Example, ...]:
        return tuple(replace(example, duty=duties.get(example.name, example.duty)) for example in examples)

    def inside(exceptions: Sequence[RuleException]) -> tuple[RuleException, ...]:
        return tuple(replace(one, examples=changed(one.examples), exceptions=inside(one.exceptions)) for one in exceptions)

    return replace(rule, examples=changed(rule.examples), exceptions=inside(rule.exceptions))


def _without_lines(rule: Rule) -> Rule:
    """A rule without the lines on which its examples stand, which move, and without the state of its review, which may end by it."""
    exceptions = tuple(_exception_without_lines(exception) for exception in rule.exceptions)
    return replace(rule, examples=_plain_examples(rule.examples), exceptions=exceptions, review="")


def _exception_without_lines(exception: RuleException) -> RuleException:
    inner = tuple(_exception_without_lines(one) for one in exception.exceptions)
    return replace(exception, examples=_plain_examples(exception.examples), exceptions=inner)


def _plain_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    return tuple(replace(example, line=0) for example in examples)
