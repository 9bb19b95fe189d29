"""
Two sides of a change, over the same cases and options: the standing of every option and the leading option of every case.

Standings are kept as counts: how many rules exclude an option, how many leave it unconfirmed, how many leave a duty. So one rule can be
exchanged for its new text by adding and taking away, and no other rule is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from advisor.answers import Answers
from advisor.assessment import Codes, Flags, LiveRule
from advisor.audit.effects.grid import Cases, Facts, Grid, Known, Table, derived_known, reads_derived
from advisor.audit.effects.shelf import Indices, Load, Shelf, load, shelf, workload_key
from advisor.audit.effects.tally import USABLE, Part, Turn
from advisor.catalogue.load import Catalogue
from advisor.ranking.criteria import CRITERIA
from advisor.ranking.weights import weights
from advisor.rulebook.judge import Judge
from advisor.rulebook.waivers import Waiver
from advisor.vocabulary import Vocabulary

COUNT_OF = np.array([0, 1, 1 << 20, 1 << 40], dtype=np.int64)
"""What a rule adds to the count of an option, by its level. Up to a million rules fit."""

PART_CASES = 256
SCORE_DIGITS = 6
ID_BITS = 20
"""Room for the order of ids below a score, so that one whole number says all that decides the lead."""


@dataclass(frozen=True)
class Sides:
    """Rules in force, vocabulary and live waivers of both sides, and the ids of the rules that differ."""

    old: Mapping[str, LiveRule]
    new: Mapping[str, LiveRule]
    old_vocabulary: Vocabulary
    new_vocabulary: Vocabulary
    old_waivers: Sequence[Waiver]
    new_waivers: Sequence[Waiver]
    changed: frozenset[str]


@dataclass(frozen=True, eq=False)
class _Layer:
    """One rule on one side, ready to be laid over a part."""

    table: Table
    shared: Indices
    """Counts for the options that all cases share, shape (rows of the table, shared)."""
    counts: Indices
    """Counts, shape of the table."""
    bites: Flags
    """For each row of the table whether it does anything."""
    waived: Sequence[tuple[Flags, Flags]]
    """For each waiver: the cases and the options it covers."""

    def over(self, part: Part) -> tuple[Indices, Indices] | None:
        """The cases of a part that the rule does anything to, and what it adds to the count of each of their options."""
        rows = self.table.rows[part.cases]
        here = np.flatnonzero(self.bites[rows])
        if not len(here):
            return None
        own = part.columns[here, self.shared.shape[1] :]
        of_own = self.counts[rows[here][:, None], self.table.columns[own]]
        found: Indices = np.concatenate([self.shared[rows[here]], of_own], axis=1)
        for cases, options in self.waived:
            if cases[part.cases[here]].any():
                covered = cases[part.cases[here]][:, None] & options[part.columns[here]]
                found[covered & (found > COUNT_OF[1])] = COUNT_OF[1]  # a waiver leaves a duty in the place of a breach or an unknown
        return here, found


class _Side:
    """One side: its rules as layers, and the weights of each case."""

    def __init__(self, rules: Mapping[str, LiveRule], waivers: Sequence[Waiver], cases: Cases, on: Shelf) -> None:
        self.rules = {name: item for name, item in rules.items() if item.rule.effect != "weigh"}
        self.weighing = {name: item for name, item in rules.items() if item.rule.effect == "weigh"}
        self.waivers = waivers
        self.grid = Grid(cases, Facts(on.options, cases.judge.vocabulary))
        self.shelf = on
        self.cases = cases
        self._moving = frozenset(n for n, item in self.rules.items() if reads_derived(item.rule, cases.judge.vocabulary))
        self._layers: dict[str, _Layer] = {}
        self._derived: Mapping[str, Known] = {}

    def enter(self, derived: Mapping[str, Known]) -> None:
        """Turns to another workload: rules that read a worked-out fact are laid out anew."""
        self._derived = derived
        self._layers = {name: layer for name, layer in self._layers.items() if name not in self._moving}

    def layer(self, name: str) -> _Layer:
        """A rule over all cases and options, laid out once."""
        if name not in self._layers:
            self._layers[name] = self._lay(self.rules[name])
        return self._layers[name]

    def _lay(self, item: LiveRule) -> _Layer:
        table = self.grid.table(item, self._derived)
        counts = COUNT_OF[table.levels]
        shared = counts[:, table.columns[: self.shelf.shared]]
        bites: Flags = np.any(counts > 0, axis=1, keepdims=False)
        return _Layer(table, shared, counts, bites, self._waived(item.rule.id))

    def _waived(self, rule: str) -> list[tuple[Flags, Flags]]:
        found = []
        for waiver in self.waivers:
            ids = [option.id for option in self.shelf.options] if waiver.rule == rule else []
            covered = [name for name in ids if waiver.covers(name, waiver.use_case)]
            if covered:
                cases = [waiver.covers(covered[0], answers.text("use_case") or "") for answers in self.cases.answers]
                held = set(covered)
                found.append((np.array(cases, dtype=np.bool_), np.array([name in held for name in ids], dtype=np.bool_)))
        return found

    def weights(self, weighing: Mapping[str, LiveRule]) -> list[tuple[float, ...]]:
        """The weights of every case under some weigh rules. Cases that the rules cannot tell apart are weighed once."""
        holds = {name: self.grid.holds(item.rule.applies(item.arm)) for name, item in weighing.items()}
        rules = [weighing[name] for name in sorted(weighing)]
        marks = np.stack([holds[name] for name in sorted(weighing)], axis=1) if weighing else np.zeros((len(self.cases.answers), 0))
        seen: dict[object, tuple[float, ...]] = {}
        found = []
        for n, answers in enumerate(self.cases.answers):
            own = answers.weights("priorities")
            key = (marks[n].tobytes(), tuple(sorted(own.items())) if own is not None else None)
            if key not in seen:
                values = weights(answers, rules, self.cases.judge).values
                seen[key] = tuple(values[name] for name in CRITERIA)
            found.append(seen[key])
        return found


@dataclass(eq=False)
class Comparison:
    """Both sides over all cases."""

    sides: Sides
    answers: Sequence[Answers]
    catalogue: Catalogue
    as_of: date
    figures: str

    @cached_property
    def shelf(self) -> Shelf:
        return shelf(self.catalogue, self.answers, self.as_of, self.figures)

    @cached_property
    def old(self) -> _Side:
        return self._side(self.sides.old, self.sides.old_waivers, self.sides.old_vocabulary)

    @cached_property
    def new(self) -> _Side:
        return self._side(self.sides.new, self.sides.new_waivers, self.sides.new_vocabulary)

    def _side(self, rules: Mapping[str, LiveRule], waivers: Sequence[Waiver], vocabulary: Vocabulary) -> _Side:
        cases = Cases(Judge(vocabulary, self.as_of), [Answers(answers.known, vocabulary) for answers in self.answers])
        return _Side(rules, waivers, cases, self.shelf)

    @cached_property
    def weighed(self) -> dict[str, list[tuple[float, ...]]]:
        """The weights of every case: `""` before, `"*"` after all changes, and for each changed weigh rule alone."""
        before, after = self.old.weighing, self.new.weighing
        found = {"": self.old.weights(before), "*": self.new.weights(after)}
        for name in sorted(self.sides.changed & {*before, *after}):
            alone = {**{n: item for n, item in before.items() if n != name}, **({name: after[name]} if name in after else {})}
            side = self.new if name in after else self.old
            found[name] = side.weights(alone)
        return found

    def outcomes(self) -> Iterator[Outcome]:
        """Both sides for some cases at a time, until all are done."""
        loads: dict[object, dict[int, list[int]]] = {}
        sites = [self.shelf.sites(answers) for answers in self.answers]
        for n, answers in enumerate(self.answers):
            loads.setdefault(workload_key(answers, self.as_of), {}).setdefault(len(sites[n]), []).append(n)
        for groups in loads.values():
            of_load = load(self.answers[next(iter(groups.values()))[0]], self.shelf)
            derived = {name: derived_known(values, self.shelf) for name, values in of_load.derived.items()}
            self.old.enter(derived)
            self.new.enter(derived)
            for members in groups.values():
                for start in range(0, len(members), PART_CASES):
                    chosen = members[start : start + PART_CASES]
                    columns = np.stack([self.shelf.columns(sites[n]) for n in chosen])
                    yield Outcome(self, of_load, Part(np.array(chosen, dtype=np.int64), columns))


class Outcome:
    """Both sides for the cases of one part."""

    def __init__(self, comparison: Comparison, of_load: Load, part: Part) -> None:
        self.comparison, self.load, self.part = comparison, of_load, part
        self._counts = self._precondition_counts()
        self._deltas: dict[str, tuple[Indices, Indices]] = {}
        self._scores: dict[tuple[float, ...], Indices] = {}
        sides = comparison.sides
        for name in comparison.new.rules:
            if name not in sides.changed:
                self._lay(comparison.new, name)
        for name in sorted(sides.changed & {*comparison.old.rules, *comparison.new.rules}):
            self._exchange(name)
        self.old = standings(self._counts)
        self.old_best = self._lead(self.old, self._keys("", np.arange(len(part.cases))))

    def _precondition_counts(self) -> Indices:
        found: Indices = self.comparison.shelf.asks[self.part.columns] * COUNT_OF[1]
        return found

    def _lay(self, side: _Side, name: str) -> None:
        if (laid := side.layer(name).over(self.part)) is not None:
            self._counts[laid[0]] += laid[1]

    def _exchange(self, name: str) -> None:
        """Lays a changed rule as it was, and notes what its new text adds and takes away where it differs."""
        old, new = self.comparison.old, self.comparison.new
        before = old.layer(name).over(self.part) if name in old.rules else None
        after = new.layer(name).over(self.part) if name in new.rules else None
        if before is not None:
            self._counts[before[0]] += before[1]
        rows = np.union1d(*(laid[0] if laid is not None else np.empty(0, dtype=np.int64) for laid in (before, after)))
        delta = np.zeros((len(rows), self._counts.shape[1]), dtype=np.int64)
        for laid, sign in ((before, -1), (after, 1)):
            if laid is not None:
                delta[np.searchsorted(rows, laid[0])] += sign * laid[1]
        kept = np.flatnonzero(delta.any(axis=1))
        if len(kept):
            self._deltas[name] = (rows[kept], delta[kept])

    # ------------------------------------------------------------------ changes
    def alone(self) -> Iterator[Turn]:
        """Each changed rule that does anything here, alone."""
        for name, (rows, delta) in self._deltas.items():
            old, new = self.old[rows], standings(self._counts[rows] + delta)
            touched = np.flatnonzero((old != new).any(axis=1))
            if len(touched):
                yield self._turn(name, rows[touched], new[touched], "")
        for name in self.comparison.weighed:
            if name not in ("", "*") and len(rows := self._reweighed(name)):
                yield self._turn(name, rows, self.old[rows], name)

    def together(self) -> Turn | None:
        """All changes at once; None when nothing is otherwise."""
        counts = self._counts.copy()
        for rows, delta in self._deltas.values():
            counts[rows] += delta
        new = standings(counts)
        touched: Flags = (new != self.old).any(axis=1)
        touched[self._reweighed("*")] = True
        rows = np.flatnonzero(touched)
        return self._turn("", rows, new[rows], "*") if len(rows) else None

    def _turn(self, name: str, rows: Indices, new: Codes, weighed: str) -> Turn:
        lead = self._lead(new, self._keys(weighed, rows), rows)
        return Turn(name, rows, self.old[rows], new, self.old_best[rows], lead)

    def _reweighed(self, name: str) -> Indices:
        before, after = self.comparison.weighed[""], self.comparison.weighed[name]
        return np.array([row for row, n in enumerate(self.part.cases) if before[n] != after[n]], dtype=np.int64)

    # ------------------------------------------------------------------ the lead
    def _keys(self, weighed: str, rows: Indices) -> Indices:
        """For each case and option one number: the better its score, and the earlier its id among equals, the larger."""
        values = [self.comparison.weighed[weighed][n] for n in self.part.cases[rows]]
        distinct = {value: n for n, value in enumerate(dict.fromkeys(values))}
        table = np.stack([self._score(value) for value in distinct])
        numbers = np.array([distinct[value] for value in values], dtype=np.int64)
        columns, on = self.part.columns[rows], self.comparison.shelf
        found: Indices = (table[numbers[:, None], on.pattern[columns]] << (ID_BITS + 1)) + ((1 << ID_BITS) - 1 - on.rank[columns])
        return found

    def _score(self, values: tuple[float, ...]) -> Indices:
        """The scores over the shelf's pattern under some weights, in millionths, rounded as the ranking rounds them."""
        if values not in self._scores:
            rows = self.load.worth.tolist()
            exact = [round(sum(w * v for w, v in zip(values, worth, strict=True)), SCORE_DIGITS) for worth in rows]
            self._scores[values] = np.array([round(score * 10**SCORE_DIGITS) for score in exact], dtype=np.int64)
        return self._scores[values]

    def _lead(self, standing: Codes, keys: Indices, rows: Indices | None = None) -> Indices:
        """The column of the option that leads in each case: best score, eligible before conditional, then by id; -1 for none."""
        if not standing.shape[1]:
            return np.full(len(standing), -1, dtype=np.int64)
        eligible = (standing == 0).astype(np.int64) << ID_BITS
        ranked = np.where(standing <= USABLE, keys + eligible, -1)
        best = ranked.argmax(axis=1)
        columns = self.part.columns if rows is None else self.part.columns[rows]
        at = np.arange(len(standing))
        found: Indices = np.where(ranked[at, best] >= 0, columns[at, best], -1)
        return found


def standings(counts: Indices) -> Codes:
    """The standing behind each count, as positions in STANDINGS."""
    found: Codes = (counts >= COUNT_OF[1]).astype(np.uint8)
    found += counts >= COUNT_OF[2]
    found += counts >= COUNT_OF[3]
    return found
