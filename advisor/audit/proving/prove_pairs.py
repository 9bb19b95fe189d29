"""
Proofs about two rules that exclude: one says the same as the other, one refuses all that the other refuses, or both cannot be met.

    duplicates   the same verdict in every case
    subsumes     whatever breaches the other breaches this one too, so that the other excludes nothing of its own
    contradicts  there are answers, fully known, for which some option breaches not the one and some not the other, and none neither

Options are all that can be thought of, not those of a catalogue, so two rules that do not contradict each other may still leave none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations, permutations

from advisor.audit.logic.logic import Logic, conditions_of, facts_of
from advisor.audit.logic.solver import EFFORT, NotDecided, z3
from advisor.audit.proving.options import Options, Standing
from advisor.audit.proving.proofs import Flaw, Link, Proof, Shown, confirmed, mirrored, what_it_says
from advisor.possible import Possible
from advisor.rulebook.judge import Facts, Judge
from advisor.rulebook.rule import Rule
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True)
class Pairs:
    """What was found of pairs of rules."""

    found: Mapping[Link, Flaw]
    undecided: Mapping[Link, str]
    """With what the solver says of it."""
    questions: int


def prove_pairs(
    rules: Sequence[Rule],
    vocabulary: Vocabulary,
    days: Sequence[date],
    *,
    about: frozenset[str] | None = None,
    effort: int = EFFORT,
) -> Pairs:
    """
    The relations between `require` rules on these days, each shown on the first day on which it holds.

    A pair is looked at again only on days on which an arm or a group of one of the two has changed. `about`: only pairs with one of these.
    """
    listed = sorted((rule for rule in rules if rule.effect == "require"), key=lambda rule: rule.id)
    by_id = {rule.id: rule for rule in listed}
    found: dict[Link, Flaw] = {}
    undecided: dict[Link, str] = {}
    seen: set[object] = set()
    questions = 0
    for day in days:
        work = _Day(listed, vocabulary, day, effort, about, seen)
        for link, flaw in work.relations():
            found.setdefault(link, confirmed(flaw, by_id, vocabulary))
        undecided |= work.undecided
        questions += work.questions
    return Pairs(found, undecided, questions)


def held_to(
    pairs: Pairs, acknowledged: Mapping[Link, str], rules: Mapping[str, Rule], as_of: date, about: frozenset[str] | None = None
) -> Proof:
    """
    What was found, apart by whether it is `acknowledged`, with the reason given there.

    An acknowledgement of what is not so is a problem, unless that could not be decided. `about`: only the files of these are held to it.
    """
    problems, known = [], []
    for link, flaw in sorted(pairs.found.items()):
        why = acknowledged.get(link, acknowledged.get(mirrored(link)))
        if why is None:
            problems.append(flaw)
        else:
            known.append(replace(flaw, why=why))
    for link in sorted(acknowledged):
        one, relation, other = link
        so = {link, mirrored(link), *([(one, "duplicates", other), (other, "duplicates", one)] if relation == "subsumes" else [])}
        if (about is None or one in about) and not so & {*pairs.found, *pairs.undecided}:
            problems.append(
                Flaw("not-so", (one, other), as_of, f"The file of {one} says that it {relation} {other}. {_why_not(link, rules)}")
            )
    open_ones = tuple(f"whether {one} {relation} {other}: {said}" for (one, relation, other), said in sorted(pairs.undecided.items()))
    return Proof(tuple(problems), tuple(known), open_ones, pairs.questions)


def _why_not(link: Link, rules: Mapping[str, Rule]) -> str:
    for name in (link[0], link[2]):
        if name not in rules:
            return f"There is no rule {name}."
        if rules[name].effect != "require":
            return f"Only rules that exclude are compared, and {name} does not."
    return "That is not so."


@dataclass
class _Day:
    """All pairs on one day."""

    rules: Sequence[Rule]
    vocabulary: Vocabulary
    day: date
    effort: int
    about: frozenset[str] | None
    seen: set[object]
    """Pairs that were looked at on an earlier day on which both said what they say now."""
    undecided: dict[Link, str] = field(default_factory=dict)
    questions: int = 0

    @property
    def judge(self) -> Judge:
        return Judge(self.vocabulary, self.day)

    def relations(self) -> Iterator[tuple[Link, Flaw]]:
        standing = [rule for rule in self.rules if rule.arm(self.day)]
        says = {rule.id: (rule.id, what_it_says(rule, self.vocabulary, self.day)) for rule in standing}
        read = {rule.id: set(facts_of(*conditions_of(rule, self.day))) for rule in standing}
        asked = [pair for pair in combinations(standing, 2) if self.about is None or self.about & {rule.id for rule in pair}]
        fresh = [
            (one, other) for one, other in asked
            if read[one.id] & read[other.id]  # with no fact in common, only a rule that refuses everything subsumes, a problem in itself
            and (says[one.id], says[other.id]) not in self.seen
        ]  # fmt: skip
        self.seen |= {(says[one.id], says[other.id]) for one, other in fresh}
        concerned = {rule.id: rule for pair in fresh for rule in pair}
        conditions = [c for rule in concerned.values() for c in conditions_of(rule, self.day)]
        logic = Logic(self.vocabulary, self.day, conditions, effort=self.effort, copies=2)
        sides = {rule.id: self._standing(logic, rule) for rule in concerned.values()}
        pairs = [(sides[one.id], sides[other.id]) for one, other in fresh]
        yield from self._inclusions(logic, sides, pairs)
        yield from self._contradictions(logic, pairs)

    def _standing(self, logic: Logic, rule: Rule) -> Standing:
        facts = facts_of(*conditions_of(rule, self.day))
        of_option = tuple(name for name in facts if self.vocabulary.facts[name].of_option)
        return Standing(rule, logic.verdicts(rule)["breaches"], tuple(name for name in facts if name not in of_option), of_option)

    # ------------------------------------------------------------------ duplicates and subsumes
    def _inclusions(
        self, logic: Logic, sides: Mapping[str, Standing], pairs: Sequence[tuple[Standing, Standing]]
    ) -> Iterator[tuple[Link, Flaw]]:
        """
        First one breach of each rule, with all else unknown, is shown to all others: a rule that does not breach there does not subsume.
        Nearly all pairs end there, and only the rest is put to the solver.
        """
        breaches = {name: self._breach(logic, side) for name, side in sides.items()}
        for one, other in pairs:
            within = {
                (special.rule.id, general.rule.id): self._within(logic, special, general, breaches[special.rule.id])
                for special, general in permutations((one, other))
            }
            if all(within.values()) and self._same(logic, one, other):
                link: Link = (one.rule.id, "duplicates", other.rule.id)
                what = f"{one.rule.id} and {other.rule.id} give the same verdict in every case."
                yield link, self._flaw(logic, link, what, one, other)
                continue
            for (special_id, general_id), so in within.items():
                if so:
                    link = (general_id, "subsumes", special_id)
                    what = f"Whatever breaches {special_id} breaches {general_id} too, so {special_id} excludes nothing of its own."
                    yield link, self._flaw(logic, link, what, sides[special_id], sides[general_id])

    def _breach(self, logic: Logic, side: Standing) -> tuple[Mapping[str, Possible], ...] | None:
        """One case that breaches a rule, or no case; None if there is no telling."""
        try:
            case = logic.witness(side.breaches, facts=side.facts, plain=False)
        except NotDecided:
            return None
        return () if case is None else (case,)

    def _facts(self, case: Mapping[str, Possible]) -> Facts:
        """The facts of a case; all others are unknown."""
        return lambda name: case[name] if name in case else self.vocabulary.unknown(self.vocabulary.facts[name])

    def _within(self, logic: Logic, special: Standing, general: Standing, breach: tuple[Mapping[str, Possible], ...] | None) -> bool:
        """Whether every breach of the one is a breach of the other. One that is never breached is within no other."""
        self.questions += 1
        if breach is not None and not any(self.judge.verdict(general.rule, self._facts(case)) == "breaches" for case in breach):
            return False
        try:
            return not logic.possible(special.breaches, z3.Not(general.breaches), facts={*special.facts, *general.facts})
        except NotDecided as error:
            return self._not_decided((general.rule.id, "subsumes", special.rule.id), error)

    def _same(self, logic: Logic, one: Standing, other: Standing) -> bool:
        """Whether two rules give the same verdict in every case."""
        self.questions += 1
        first, second = logic.verdicts(one.rule), logic.verdicts(other.rule)
        try:
            return not logic.possible(z3.Or([z3.And(first[v], z3.Not(second[v])) for v in first]), facts={*one.facts, *other.facts})
        except NotDecided as error:
            return self._not_decided((one.rule.id, "duplicates", other.rule.id), error)

    def _not_decided(self, link: Link, error: NotDecided) -> bool:
        self.undecided[link] = str(error)
        self.questions -= 1
        return False

    def _flaw(self, logic: Logic, link: Link, what: str, special: Standing, general: Standing) -> Flaw:
        try:
            given = logic.witness(special.breaches, general.breaches, facts={*special.facts, *general.facts})
        except NotDecided:
            given = None  # that it is so is decided all the same
        shown = tuple(
            Shown(side.rule.id, f"what breaches {rest.rule.id} breaches this rule", given, "breaches", self.day)
            for side, rest in ((special, general), (general, special)) if given is not None
        )  # fmt: skip
        return Flaw(link[1], (link[0], link[2]), self.day, what, shown)

    # ------------------------------------------------------------------ contradicts
    def _contradictions(self, logic: Logic, pairs: Sequence[tuple[Standing, Standing]]) -> Iterator[tuple[Link, Flaw]]:
        options = Options(logic, sorted({name for pair in pairs for side in pair for name in side.option_facts}))
        for one, other in pairs:
            if not set(one.option_facts) & set(other.option_facts):
                continue  # an option that suits the one and an option that suits the other make one that suits both
            link: Link = (one.rule.id, "contradicts", other.rule.id)
            self.questions += 1
            try:
                shown = options.contradiction(one, other)
            except NotDecided as error:
                self._not_decided(link, error)
                continue
            if shown is not None:
                what = (
                    f"There are answers for which every option breaches {one.rule.id} or {other.rule.id}, though either can be met alone."
                )
                yield link, Flaw("contradicts", (one.rule.id, other.rule.id), self.day, what, shown)
