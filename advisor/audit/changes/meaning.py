"""
Two wordings of a rule compared in every case on every date: where the new one goes further, where less far, where it only reads otherwise.

Each answer is a proof by the solver, or a case that the judges of both sides confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from advisor.audit.changes.outcomes import (
    ABSENT,
    CAUTION,
    EXCLUDED,
    NOTHING,
    OBLIGATION,
    UNCONFIRMED,
    WAYS,
    Comparison,
    Outcome,
    Way,
    Witness,
    outcome,
    parts,
)
from advisor.audit.changes.spans import days, on_day, reading_key
from advisor.audit.examples.plain import plainer
from advisor.audit.logic.logic import Logic, facts_of
from advisor.audit.logic.solver import EFFORT, NotDecided
from advisor.audit.logic.states import Term, both, either, opposite, ref
from advisor.possible import Possible
from advisor.rulebook.condition import Condition
from advisor.rulebook.judge import Facts, example_facts
from advisor.rulebook.rule import EXAMPLE_DATE, Criterion, Example, Rule
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True)
class Pair:
    """Two wordings, each with the vocabulary it is judged by, and the vocabulary of the cases that are looked at."""

    old: Rule
    new: Rule
    old_vocabulary: Vocabulary
    new_vocabulary: Vocabulary
    vocabulary: Vocabulary
    effort: int = EFFORT

    def compare(self) -> Comparison:
        """Raises AssertionError if solver and judge disagree, which would be a fault of this program."""
        found = Comparison()
        self._printed(found)
        seen = set()
        for on in days([(self.old, self.old_vocabulary.places), (self.new, self.new_vocabulary.places)]):
            sides = on_day(self.old, self.old_vocabulary.places, on), on_day(self.new, self.new_vocabulary.places, on)
            key = tuple(map(reading_key, sides))
            if key not in seen and key[0] != key[1]:
                self._day(found, _Day.of(self.vocabulary, on, *sides, self.effort))
            seen.add(key)
        return found

    # ------------------------------------------------------------------ printed examples
    def _printed(self, found: Comparison) -> None:
        """Printed examples that show a difference: a reader knows them already. The one that shows most, with least unknown, is taken."""
        for way in WAYS:
            shown = [w for w in self.parted() if parts(w.old, w.new, way)]
            if shown:
                found.witnesses[way] = max(shown, key=_telling)  # the first of equals

    def parted(self) -> Iterator[Witness]:
        """Every printed example of either wording, as both sides judge it."""
        for example in (*self.new.all_examples(), *self.old.all_examples()):
            if all(name in self.vocabulary.facts for name in example.given):
                yield self.witness(example.given, example.as_of or EXAMPLE_DATE, example.name)

    def witness(self, given: Mapping[str, Possible], on: date, name: str = "") -> Witness:
        """A case as both sides judge it."""
        facts = self._facts(given)
        read = dict.fromkeys((*self.old.facts, *self.new.facts))
        known = {fact: given[fact] for fact in given if fact in read}
        old, new = outcome(self.old, self.old_vocabulary, on, facts), outcome(self.new, self.new_vocabulary, on, facts)
        return Witness(on, known, tuple(fact for fact in read if fact not in given and self._read_on(fact, on)), old, new, name)

    def _read_on(self, fact: str, on: date) -> bool:
        return any(fact in _facts_on(rule, on) for rule in (self.old, self.new))

    def _facts(self, given: Mapping[str, Possible]) -> Facts:
        return example_facts(Example("", given, "unknown"), self.vocabulary)

    # ------------------------------------------------------------------ the solver
    def _day(self, found: Comparison, day: _Day) -> None:
        try:
            if not day.possible(either(day.parting(way) for way in WAYS)):
                return
        except NotDecided:
            found.undecided = True
        for way in WAYS:
            self._look(found, day, way)
        self._count_points(found, day)

    def _look(self, found: Comparison, day: _Day, way: Way) -> None:
        """A case that parts them this way on this day, the exclusion of an option before anything milder. One at hand may be enough."""
        parting = day.parting(way)
        excluded = either([day.old.levels[EXCLUDED], day.new.levels[EXCLUDED]])
        earlier = found.witnesses.get(way)
        if earlier and (way == "other" or EXCLUDED in (earlier.old.level, earlier.new.level)):
            return
        for wanted in (both([parting, excluded]), *(() if earlier else (parting,))):
            try:
                state = day.witness(wanted) if day.possible(wanted) else None
            except NotDecided:
                found.undecided = found.undecided or earlier is None
                continue
            if state is not None:
                found.witnesses[way] = self._confirmed(state, day.on, way)
                return

    def _confirmed(self, state: Mapping[str, Possible], on: date, way: Way) -> Witness:
        """The case in plain figures, judged by both sides."""

        def good(given: Mapping[str, Possible]) -> bool:
            witness = self.witness(given, on)
            levels = witness.old.level, witness.new.level
            return parts(witness.old, witness.new, way) and (wanted is None or levels == wanted)

        wanted = None
        if not good(state):
            raise AssertionError(f"{self.new.id}: the solver and the judges disagree about {state} on {on}")
        first = self.witness(state, on)
        wanted = first.old.level, first.new.level
        printed = [example.given for rule in (self.new, self.old) for example in rule.all_examples()]
        usable = [given for given in printed if all(name in self.vocabulary.facts for name in given)]
        return self.witness(plainer(state, good, usable, self.vocabulary), on)

    def _count_points(self, found: Comparison, day: _Day) -> None:
        """Which criteria gain and which lose on this day."""
        for old_counts, new_counts, change in day.points():
            try:
                if change and day.possible(both([old_counts, new_counts])):
                    found.gains |= {name for name, points in change.items() if points > 0}
                    found.losses |= {name for name, points in change.items() if points < 0}
            except NotDecided:
                found.undecided = True


def _facts_on(rule: Rule, on: date) -> tuple[str, ...]:
    arm = rule.arm(on)
    return facts_of(*_conditions(rule, rule.applies(arm), arm.requires)) if arm else ()


def _conditions(rule: Rule, *more: Condition) -> list[Condition]:
    duty = rule.obligation
    return [*more, *([duty.when, *([duty.done_when] if duty.done_when else [])] if duty else [])]


# ---------------------------------------------------------------------- one day, in logic
@dataclass(frozen=True)
class _Side:
    """When a rule gives which verdict, and when it goes how far."""

    verdicts: Mapping[str, Term]
    levels: tuple[Term, ...]
    counts: Term
    """The points of a `weigh` rule count."""
    points: Mapping[Criterion, int]


@dataclass(frozen=True)
class _Day:
    """Both wordings on one day."""

    on: date
    logic: Logic
    facts: tuple[str, ...]
    old: _Side
    new: _Side

    @classmethod
    def of(cls, vocabulary: Vocabulary, on: date, old: Rule | None, new: Rule | None, effort: int) -> _Day:
        conditions = [c for rule in (old, new) if rule for c in _conditions(rule, rule.arms[0].applies, rule.arms[0].requires)]
        logic = Logic(vocabulary, on, conditions, effort=effort)
        return cls(on, logic, facts_of(*conditions), _side(logic, old), _side(logic, new))

    def parting(self, way: Way) -> Term:
        """The outcomes part in this way. Says the same as `parts`."""
        pairs = [(n, m) for n in range(len(self.old.levels)) for m in range(len(self.new.levels))]
        match way:
            case "higher":
                return either(both([self.old.levels[n], self.new.levels[m]]) for n, m in pairs if m > n)
            case "lower":
                return either(both([self.old.levels[n], self.new.levels[m]]) for n, m in pairs if m < n)
            case "other":
                alike = either(both([self.old.levels[n], self.new.levels[m]]) for n, m in pairs if m == n)
                verdict = either(both([self.old.verdicts[v], opposite(self.new.verdicts[v])]) for v in self.old.verdicts)
                return both([alike, either([verdict, *(both([o, n]) for o, n, change in self.points() if change)])])

    def points(self) -> Iterator[tuple[Term, Term, dict[Criterion, int]]]:
        """Whose points count, and what the new wording then gives each criterion more or less; nothing where they are the same."""
        old, new = self.old, self.new
        yield old.counts, new.counts, _change(old.points, new.points)
        yield old.counts, opposite(new.counts), _change(old.points, {})
        yield opposite(old.counts), new.counts, _change({}, new.points)

    def possible(self, term: Term) -> bool:
        return term is not False and self.logic.possible(ref(term), facts=self.facts)

    def witness(self, term: Term) -> dict[str, Possible] | None:
        return self.logic.witness(ref(term), facts=self.facts)


def _change(old: Mapping[Criterion, int], new: Mapping[Criterion, int]) -> dict[Criterion, int]:
    return {name: change for name in sorted({*old, *new}) if (change := new.get(name, 0) - old.get(name, 0))}


def _side(logic: Logic, rule: Rule | None) -> _Side:
    if rule is None:
        never = dict.fromkeys(("complies", "breaches", "unknown", "not_applicable", "waived"), False)
        return _Side({**never, "not_in_force": True}, (True, False, False, False, False), False, {})
    verdicts: dict[str, Term] = {str(verdict): term for verdict, term in logic.verdicts(rule).items()}
    levels = dict(_levels(logic, rule, verdicts))
    other = opposite(either(levels.values()))
    return _Side(
        verdicts,
        tuple(other if level == NOTHING else levels.get(level, False) for level in range(EXCLUDED + 1)),
        verdicts["complies"] if rule.effect == "weigh" else False,
        rule.arms[0].points if rule.effect == "weigh" else {},
    )


def _levels(logic: Logic, rule: Rule, verdicts: Mapping[str, Term]) -> Iterator[tuple[int, Term]]:
    """When the rule goes how far; nothing follows otherwise. Says the same as `outcome`."""
    breaches, unknown = verdicts["breaches"], verdicts["unknown"]
    duty = rule.obligation
    open_duty: Term = False
    if duty:
        done: Term = logic.reading(duty.done_when).must if duty.done_when else False
        open_duty = both([verdicts["complies"], logic.reading(duty.when).may, opposite(done)])
    match rule.effect:
        case "require" if rule.arms[0].source.checked == "memory":
            yield UNCONFIRMED, either([unknown, breaches])
        case "require":
            yield EXCLUDED, breaches
            yield UNCONFIRMED, unknown
        case "advise":
            yield CAUTION, either([breaches, unknown])
        case "mitigate":
            open_duty = either([open_duty, breaches, unknown])
        case "weigh":
            pass
    yield OBLIGATION, open_duty


# ---------------------------------------------------------------------- rules that stand alone
def bite(rule: Rule, vocabulary: Vocabulary, effort: int = EFFORT) -> Witness | None:
    """
    A case in which a rule that was not there before goes as far as it can, a printed one if there is any.

    None where it does nothing in any case. Raises NotDecided.
    """
    pair = Pair(rule, rule, vocabulary, vocabulary, vocabulary, effort)
    best = max((w for w in pair.parted() if _matters(w.new)), key=_telling, default=None)
    for on in days([(rule, vocabulary.places)]):
        standing = on_day(rule, vocabulary.places, on)
        if standing is None:
            continue
        day = _Day.of(vocabulary, on, None, standing, effort)
        further = day.new.levels[best.new.level + 1 if best else CAUTION :]
        wanted = next((t for t in (*reversed(further), *(() if best else (day.new.counts,))) if day.possible(t)), None)
        state = day.witness(wanted) if wanted is not None else None
        if state is not None:
            best = pair.witness(state, on)
    if best is None:
        return None
    if not _matters(best.new):
        raise AssertionError(f"{rule.id}: the solver and the judge disagree about {best.given} on {best.as_of}")
    return replace(best, old=ABSENT)


def _telling(witness: Witness) -> tuple[int, int]:
    """How much a case shows: first how far it goes, then how much of it is known."""
    return max(witness.old.level, witness.new.level), -len(witness.unknown)


def _matters(found: Outcome) -> bool:
    return found.level > NOTHING or bool(found.points)
