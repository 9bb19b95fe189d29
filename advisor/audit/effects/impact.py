"""
Impact of a change of the rules: which options and which recommendations turn out otherwise, over many cases, and by which rule.

Each changed rule is tried alone (all others as they were), then all together. Every case is judged against every option; the answers
and options are the same on both sides, each side reads them with its own lists of countries and its own implications.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, Protocol, TypeAlias

import numpy as np

from advisor.answers import Answers
from advisor.assessment import STANDINGS, LiveRule, Standing
from advisor.audit.effects.shelf import Indices
from advisor.audit.effects.sides import Comparison, Outcome, Sides
from advisor.audit.effects.tally import USABLE, Seen, Tally
from advisor.audit.examples.cases import groups_used
from advisor.catalogue.load import Catalogue
from advisor.rulebook.fingerprint import tree_fingerprint
from advisor.rulebook.rule import Effect, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import Waiver, void_because
from advisor.vocabulary import Vocabulary

Kind: TypeAlias = Literal["new", "removed", "changed", "countries", "implications", "waivers"]

KIND_WORDS: Mapping[Kind, str] = {
    "new": "new",
    "removed": "removed",
    "changed": "its conditions, dates or effect changed",
    "countries": "a group of countries that it uses has other members",
    "implications": "what one kind of answer implies has changed",
    "waivers": "other waivers are live",
}

SHOWN_FLIPS = 20
SHOWN_OPTIONS = 20


class Edition(Protocol):
    """One state of the rules, with the vocabulary and lists of countries it is read with."""

    @property
    def rulebook(self) -> Rulebook: ...

    @property
    def vocabulary(self) -> Vocabulary: ...


@dataclass(frozen=True)
class Case:
    """One set of answers with the name it is reported under, and one line that says what kind of case it is."""

    name: str
    words: str
    answers: Answers


@dataclass(frozen=True)
class Change:
    """A rule that is not the same on both sides."""

    rule: str
    title: str
    effect: Effect
    kind: Kind
    in_force: bool
    """On the date, on at least one side."""


@dataclass(frozen=True)
class Flip:
    """One option whose standing in a case is another."""

    option: str
    old: Standing
    new: Standing


@dataclass(frozen=True)
class CaseImpact:
    """What becomes of one case."""

    case: str
    words: str
    old_recommended: str | None
    """Id of the option that leads; None: nothing can be recommended."""
    new_recommended: str | None
    lost: int
    """Options that may no longer be used."""
    gained: int
    total: int
    """Options with another standing."""
    flips: tuple[Flip, ...]
    """Those that lose or gain use first; at most SHOWN_FLIPS."""

    @property
    def recommendation_flips(self) -> bool:
        return self.old_recommended != self.new_recommended


@dataclass(frozen=True)
class OptionImpact:
    """In how many cases the standing of one option is another."""

    option: str
    lost: int
    gained: int
    total: int


@dataclass(frozen=True)
class Effects:
    """All that is otherwise, counted, with examples."""

    standings: int
    """Pairs of a case and an option with another standing."""
    lost: int
    """Pairs in which the option may no longer be used."""
    gained: int
    cases: int
    """Cases in which anything is otherwise."""
    recommendations: int
    """Cases in which another option, or none, leads."""
    moves: tuple[tuple[Standing, Standing, int], ...]
    """Old standing, new standing, pairs."""
    options: tuple[OptionImpact, ...]
    """Those that change in most cases first; at most SHOWN_OPTIONS."""
    options_total: int
    examples: tuple[CaseImpact, ...]
    """The most telling cases: another recommendation, then most options lost or gained. At most as many as were asked for."""


@dataclass(frozen=True)
class RuleImpact:
    """What one changed rule does alone."""

    change: Change
    effects: Effects


@dataclass(frozen=True)
class Impact:
    """The result for one pair of editions."""

    as_of: date
    cases: int
    options: int
    """Options of one case, at most."""
    pairs: int
    rules: tuple[RuleImpact, ...]
    """Those that change most recommendations first, then most uses, then most standings."""
    together: Effects


@dataclass(frozen=True)
class World:
    """What both sides are tried on: options from this catalogue, on this date, with these figures."""

    catalogue: Catalogue
    as_of: date
    figures: str = "best"


def impact(
    old: Edition, new: Edition, cases: Sequence[Case], world: World, kept: int = 50, watch: Callable[[str], None] = lambda words: None
) -> Impact:
    """
    What the change from `old` to `new` does to the cases.

    `kept`: how many example cases to keep for each rule. `watch` is told from time to time how far it is.
    """
    changes = changed_rules(old, new, world.as_of)
    watch("Laying out options and answers")
    sides = Sides(
        _live(old.rulebook, world.as_of), _live(new.rulebook, world.as_of), old.vocabulary, new.vocabulary,
        _waivers(old.rulebook, world.as_of), _waivers(new.rulebook, world.as_of), frozenset(c.rule for c in changes),
    )  # fmt: skip
    comparison = Comparison(sides, [case.answers for case in cases], world.catalogue, world.as_of, world.figures)
    width = len(comparison.shelf.options)
    alone = {change.rule: Tally(width, kept) for change in changes}
    together = Tally(width, kept)
    pairs = most = done = 0
    for outcome in comparison.outcomes():
        _count(outcome, alone, together)
        done, pairs, most = done + len(outcome.part.cases), pairs + outcome.old.size, max(most, outcome.old.shape[1])
        watch(f"{done:,} of {len(cases):,} cases")
    shown = _Shown(cases, [option.id for option in comparison.shelf.options])
    rules = [RuleImpact(change, shown.effects(alone[change.rule])) for change in changes]
    return Impact(world.as_of, len(cases), most, pairs, tuple(sorted(rules, key=_telling)), shown.effects(together))


def _telling(item: RuleImpact) -> tuple[int, int, int, str]:
    return (-item.effects.recommendations, -item.effects.lost - item.effects.gained, -item.effects.standings, item.change.rule)


def _count(outcome: Outcome, alone: Mapping[str, Tally], together: Tally) -> None:
    for single in outcome.alone():
        alone[single.rule].add(outcome.part, single)
    if (whole := outcome.together()) is not None:
        together.add(outcome.part, whole)


# ---------------------------------------------------------------------- what changed
def changed_rules(old: Edition, new: Edition, as_of: date) -> list[Change]:
    """The rules that may judge otherwise on a date, by id. A rule with other words only is not among them."""
    before, after = old.rulebook.rules, new.rulebook.rules
    found = []
    for name in sorted({*before, *after}):
        kind = _kind(before.get(name), after.get(name), old, new, as_of)
        rule = after.get(name) or before[name]
        if kind is not None:
            in_force = any(r is not None and r.arm(as_of) is not None for r in (before.get(name), after.get(name)))
            found.append(Change(name, rule.title, rule.effect, kind, in_force))
    return found


def _kind(before: Rule | None, after: Rule | None, old: Edition, new: Edition, as_of: date) -> Kind | None:
    if before is None or after is None:
        return "new" if before is None else "removed"
    if before != after and tree_fingerprint(before) != tree_fingerprint(after):
        return "changed"
    if any(_members(old, name, as_of) != _members(new, name, as_of) for name in groups_used(after)):
        return "countries"
    if any(_implied(old, name) != _implied(new, name) for name in after.facts):
        return "implications"
    if any(_stated_places(old, name, as_of) != _stated_places(new, name, as_of) for name in after.facts):
        return "countries"
    if [w for w in _waivers(old.rulebook, as_of) if w.rule == after.id] != [w for w in _waivers(new.rulebook, as_of) if w.rule == after.id]:
        return "waivers"
    return None


def _members(edition: Edition, group: str, as_of: date) -> frozenset[str] | None:
    places = edition.vocabulary.places
    return places.elements(group, as_of) if group in places.groups else None


def _implied(edition: Edition, fact: str) -> Mapping[str, tuple[str, ...]]:
    return {value: tuple(implied) for value, implied in edition.vocabulary.implications.get(fact, {}).items()}


def _stated_places(edition: Edition, fact: str, as_of: date) -> Mapping[str, frozenset[str]]:
    """What the names of groups, such as `EEA`, stand for in answers that a rule reads."""
    declared = edition.vocabulary.facts.get(fact)
    if declared is None or declared.of_option or declared.domain != "country-or-group":
        return {}
    places = edition.vocabulary.places
    return {token: places.expanded((token,), as_of) for token in places.tokens}


def _live(rulebook: Rulebook, as_of: date) -> dict[str, LiveRule]:
    return {rule.id: LiveRule(rule, arm) for rule in rulebook.rules.values() if (arm := rule.arm(as_of))}


def _waivers(rulebook: Rulebook, as_of: date) -> tuple[Waiver, ...]:
    return tuple(w for w in rulebook.waivers if not void_because(w, rulebook.rules, as_of))


# ---------------------------------------------------------------------- what is shown
@dataclass(frozen=True)
class _Shown:
    """Counts with the names of cases and options."""

    cases: Sequence[Case]
    options: Sequence[str]

    def effects(self, tally: Tally) -> Effects:
        return Effects(
            standings=int(tally.moves.sum()),
            lost=int(tally.lost.sum()),
            gained=int(tally.gained.sum()),
            cases=tally.cases,
            recommendations=tally.recommendations,
            moves=tuple(
                (STANDINGS[a], STANDINGS[b], int(tally.moves[a, b])) for a in range(4) for b in range(4) if tally.moves[a, b]
            ),
            options=tuple(self._options(tally)),
            options_total=int((tally.total > 0).sum()),
            examples=tuple(self._case(seen) for seen in tally.seen),
        )  # fmt: skip

    def _options(self, tally: Tally) -> Iterator[OptionImpact]:
        touched = [int(n) for n in tally.total.nonzero()[0]]
        ordered = sorted(touched, key=lambda n: (-int(tally.lost[n] + tally.gained[n]), -int(tally.total[n]), self.options[n]))
        for n in ordered[:SHOWN_OPTIONS]:
            yield OptionImpact(self.options[n], int(tally.lost[n]), int(tally.gained[n]), int(tally.total[n]))

    def _case(self, seen: Seen) -> CaseImpact:
        """The options whose use changes come first; thousands may change and a few are named."""
        lost, gained = (seen.old <= USABLE) & (seen.new > USABLE), (seen.old > USABLE) & (seen.new <= USABLE)
        first = np.lexsort((self._places[seen.options], ~(lost | gained)))[:SHOWN_FLIPS]
        flips = (Flip(self.options[seen.options[n]], STANDINGS[seen.old[n]], STANDINGS[seen.new[n]]) for n in first)
        case = self.cases[seen.case]
        return CaseImpact(
            case.name, case.words, self._name(seen.old_best), self._name(seen.new_best),
            int(lost.sum()), int(gained.sum()), len(seen.options), tuple(flips),
        )  # fmt: skip

    @cached_property
    def _places(self) -> Indices:
        """Where each option stands among all, by name."""
        return np.argsort(np.argsort(np.array(self.options)))

    def _name(self, option: int) -> str | None:
        return self.options[option] if option >= 0 else None
