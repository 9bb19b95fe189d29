"""
The grid: what a rule makes of every case and every option at once, without looking at any pair alone.

Each test of a rule is put to the distinct values of its fact only; cases that a rule cannot tell apart share a row of its table, and
options share a column. The table of tests is `advisor.rulebook.truth`; nothing of it is stated again here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from advisor.answers import Answers
from advisor.assessment import Codes, Flags, LiveRule
from advisor.audit.effects.shelf import Indices, Shelf
from advisor.catalogue.options import Option
from advisor.possible import Interval, Possible
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Not, Test, tests
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Rule
from advisor.rulebook.truth import compared, truth
from advisor.vocabulary import Vocabulary

FREE, DUTY, OPEN, OUT = range(4)
"""What a rule does to an option: nothing, an open duty, it cannot be confirmed, it is excluded. The worst of all rules is the standing."""

MOST_CODES = 1 << 40
Pair: TypeAlias = tuple[Flags, Flags]
"""Must hold and may hold, over rows and columns; a side on which it does not depend has length 1."""


@dataclass(frozen=True, eq=False)
class Known:
    """Distinct values of a fact, and which of them each case or option has."""

    numbers: Indices
    distinct: Sequence[Possible]

    @cached_property
    def ends(self) -> NDArray[np.float64] | None:
        """Least and most of each value, shape (2, values), where all are numbers: thousands of costs are tested at once."""
        found = [(value.lo, value.hi) for value in self.distinct if isinstance(value, Interval)]
        return np.array(found).T if found and len(found) == len(self.distinct) else None

    def codes(self, test: Test, operand: Possible) -> Indices:
        """The test of each value: 0 for no, 1 for perhaps, 2 for yes."""
        if self.ends is None or not isinstance(operand, Interval):
            return np.array([_code(test, value, operand) for value in self.distinct], dtype=np.int64)
        must, may = compared(self.ends[0], self.ends[1], test.operator, operand)
        found: Indices = must.astype(np.int64) + may.astype(np.int64)
        return found


@dataclass(frozen=True, eq=False)
class Table:
    """One rule for all cases and options: `levels[row_of_case, column_of_option]`."""

    rows: Indices
    columns: Indices
    levels: Codes


@dataclass(eq=False)
class Cases:
    """Answers of many cases as one side of a comparison reads them."""

    judge: Judge
    answers: Sequence[Answers]
    """In the vocabulary of that side."""
    _known: dict[str, Known] = field(default_factory=dict)

    def known(self, fact: str) -> Known:
        """What is possible of an answer, for each case. An answer is read once for each distinct value."""
        if fact not in self._known:
            key = fact.partition(".")[2]
            seen: dict[object, int] = {}
            distinct: list[Possible] = []
            numbers = np.empty(len(self.answers), dtype=np.int64)
            for n, answers in enumerate(self.answers):
                raw = answers.known.get(key)
                stated = tuple(sorted(raw.items())) if isinstance(raw, Mapping) else (type(raw), raw)
                if stated not in seen:
                    seen[stated] = len(distinct)
                    distinct.append(answers.possible(fact, self.judge.as_of))
                numbers[n] = seen[stated]
            self._known[fact] = Known(numbers, distinct)
        return self._known[fact]


@dataclass(eq=False)
class Facts:
    """Facts of many options."""

    options: Sequence[Option]
    vocabulary: Vocabulary
    _known: dict[str, Known] = field(default_factory=dict)

    def known(self, fact: str) -> Known:
        """What is possible of a fact of the catalogue, for each option."""
        if fact not in self._known:
            self._known[fact] = numbered([self._possible(n, fact) for n in range(len(self.options))])
        return self._known[fact]

    def _possible(self, option: int, fact: str) -> Possible:
        stated = self.options[option].facts.get(fact)
        return stated.possible if stated else self.vocabulary.unknown(self.vocabulary.facts[fact])


def derived_known(values: Sequence[Possible], shelf: Shelf) -> Known:
    """A worked-out fact of every option, from its values over the shelf's pattern."""
    known = numbered(values)
    return Known(known.numbers[shelf.pattern], known.distinct)


def numbered(values: Sequence[Possible]) -> Known:
    """The values of a fact for each option, each distinct one kept once."""
    same: dict[int, int] = {}  # options share most objects; hashing large sets again and again is slow
    seen: dict[Possible, int] = {}
    numbers = np.empty(len(values), dtype=np.int64)
    for n, value in enumerate(values):
        number = same.get(id(value))
        if number is None:
            number = same[id(value)] = seen.setdefault(value, len(seen))
        numbers[n] = number
    return Known(numbers, tuple(seen))


# ---------------------------------------------------------------------- tests
@dataclass(frozen=True, eq=False)
class Board:
    """The tests of one rule over distinct rows of cases and columns of options."""

    rows: Indices
    """For each case its row."""
    columns: Indices
    """For each option its column."""
    pairs: Mapping[Test, Pair]

    def reading(self, condition: Condition) -> Pair:
        """Must and may of a condition, over rows and columns."""
        match condition:
            case Test():
                return self.pairs[condition]
            case Not(part):
                must, may = self.reading(part)
                return ~may, ~must
            case All(parts):
                return _joined([self.reading(part) for part in parts], np.logical_and, True)
            case AnyOf(parts):
                return _joined([self.reading(part) for part in parts], np.logical_or, False)
            case _:
                assert_never(condition)


def _joined(pairs: Sequence[Pair], join: Callable[[Flags, Flags], Flags], empty: bool) -> Pair:
    start: Flags = np.full((1, 1), empty)
    return reduce(join, (must for must, _ in pairs), start), reduce(join, (may for _, may in pairs), start)


@dataclass(eq=False)
class Grid:
    """Rules of one side over its cases and the options of the shelf."""

    cases: Cases
    facts: Facts
    _codes: dict[Test, Indices] = field(default_factory=dict)
    """For tests of one side only: 0 does not hold, 1 may hold, 2 must hold."""

    def table(self, item: LiveRule, derived: Mapping[str, Known]) -> Table:
        """The levels of a rule. `derived`: worked-out facts of the options; needed where the rule reads one."""
        board = self.board(_conditions(item), derived)
        applies, requires = board.reading(item.rule.applies(item.arm)), board.reading(item.arm.requires)
        shape = (int(board.rows.max(initial=-1)) + 1, int(board.columns.max(initial=-1)) + 1)
        return Table(board.rows, board.columns, np.broadcast_to(_levels(item, applies, requires, board), shape).copy())

    def holds(self, condition: Condition) -> Flags:
        """For each case whether a condition on answers surely holds."""
        board = self.board([condition], {})
        must: Flags = np.broadcast_to(board.reading(condition)[0], (int(board.rows.max(initial=-1)) + 1, 1))[board.rows, 0]
        return must

    def board(self, conditions: Sequence[Condition], derived: Mapping[str, Known]) -> Board:
        """Lays out all tests of some conditions."""
        asked = list(dict.fromkeys(t for c in conditions for t in tests(c)))
        of_cases = [t for t in asked if not t.fact.startswith("option.")]
        mixed = [t for t in asked if t.fact.startswith("option.") and isinstance(t.operand, Answer)]
        of_options = [t for t in asked if t.fact.startswith("option.") and t not in mixed]
        left = [self._case_codes(t) for t in of_cases]
        right = [self._option_codes(t, derived) for t in of_options]
        left += [self.cases.known(t.operand.fact).numbers for t in mixed if isinstance(t.operand, Answer)]
        right += [self._option(t.fact, derived).numbers for t in mixed]
        rows, first_row = _distinct(left, len(self.cases.answers))
        columns, first_column = _distinct(right, len(self.facts.options))
        pairs: dict[Test, Pair] = {}
        for test, codes in zip(of_cases, left, strict=False):
            pairs[test] = _pair(codes[first_row][:, None])
        for test, codes in zip(of_options, right, strict=False):
            pairs[test] = _pair(codes[first_column][None, :])
        for test in mixed:
            pairs[test] = self._mixed(test, first_row, first_column, derived)
        return Board(rows, columns, pairs)

    def _option(self, fact: str, derived: Mapping[str, Known]) -> Known:
        return derived[fact] if fact in derived else self.facts.known(fact)

    def _case_codes(self, test: Test) -> Indices:
        """A test of an answer, against a constant or another answer, for each case."""
        if test in self._codes:
            return self._codes[test]
        judge, known = self.cases.judge, self.cases.known(test.fact)
        if isinstance(test.operand, Answer):
            other = self.cases.known(test.operand.fact)
            both, first = _distinct([known.numbers, other.numbers], len(self.cases.answers))
            found = [
                _code(test, known.distinct[a], other.distinct[b]) for a, b in zip(known.numbers[first], other.numbers[first], strict=True)
            ]
            codes = np.array(found, dtype=np.int64)[both]
        else:
            operand = judge.operand(test.operand, _no_fact)
            codes = known.codes(test, operand)[known.numbers]
        self._codes[test] = codes
        return codes

    def _option_codes(self, test: Test, derived: Mapping[str, Known]) -> Indices:
        """A test of a fact of the option against a constant, for each option."""
        if test in self._codes:
            return self._codes[test]
        known = self._option(test.fact, derived)
        operand = self.cases.judge.operand(test.operand, _no_fact)
        codes: Indices = known.codes(test, operand)[known.numbers]
        if test.fact not in derived:
            self._codes[test] = codes
        return codes

    def _mixed(self, test: Test, rows: Indices, columns: Indices, derived: Mapping[str, Known]) -> Pair:
        """A test of a fact of the option against an answer, for each row and column."""
        if not isinstance(test.operand, Answer):
            raise TypeError("not a test against an answer")
        answers, facts = self.cases.known(test.operand.fact), self._option(test.fact, derived)
        left, right = answers.numbers[rows], facts.numbers[columns]
        wanted, row = np.unique(left, return_inverse=True)
        codes = np.array([facts.codes(test, answers.distinct[a])[right] for a in wanted], dtype=np.int64)
        return _pair(codes.reshape(len(wanted), len(right))[row])


def _no_fact(fact: str) -> Possible:
    raise KeyError(fact)


def _code(test: Test, value: Possible, operand: Possible) -> int:
    found = truth(value, test.operator, operand)
    return int(found.must) + int(found.may)


def _pair(codes: Indices) -> Pair:
    return codes == 2, codes >= 1


def _distinct(parts: Sequence[Indices], count: int) -> tuple[Indices, Indices]:
    """Which of the distinct combinations each position has, and where each combination stands first."""
    codes: Indices = np.zeros(count, dtype=np.int64)
    size = 1
    for part in parts:
        base = int(part.max(initial=0)) + 1
        if size * base > MOST_CODES:
            _, codes = np.unique(codes, return_inverse=True)
            size = int(codes.max(initial=0)) + 1
        codes = codes * base + part
        size *= base
    _, first, numbers = np.unique(codes, return_index=True, return_inverse=True)
    return numbers.astype(np.int64), first.astype(np.int64)


# ---------------------------------------------------------------------- levels
def _conditions(item: LiveRule) -> list[Condition]:
    duty = item.rule.obligation
    parts = [item.rule.applies(item.arm), item.arm.requires]
    return parts + ([duty.when] if duty else []) + ([duty.done_when] if duty and duty.done_when else [])


def _levels(item: LiveRule, applies: Pair, requires: Pair, board: Board) -> Codes:
    """
    The level a rule gives, over rows and columns.

    A breach of a `require` rule excludes, unless its source is from memory; undecided, it cannot be confirmed. A `mitigate` rule that
    is breached or undecided leaves a duty, and so does a duty of a met rule of any effect that is not shown to be done.
    """
    met = applies[1] & requires[0]
    breached = applies[0] & ~requires[1] & ~met
    undecided = applies[1] & ~met & ~breached
    found: Codes = np.zeros(np.broadcast_shapes(met.shape, breached.shape), dtype=np.uint8)
    if item.rule.effect == "require":
        found[undecided] = OPEN
        found[breached] = OPEN if item.arm.source.checked == "memory" else OUT
    elif item.rule.effect == "mitigate":
        found[breached | undecided] = DUTY
    if duty := item.rule.obligation:
        arises = board.reading(duty.when)[1]
        done = board.reading(duty.done_when)[0] if duty.done_when else np.zeros((1, 1), dtype=np.bool_)
        due = met & arises & ~done
        found = np.maximum(found, np.where(due, np.uint8(DUTY), np.uint8(FREE)))
    return found


def reads_derived(rule: Rule, vocabulary: Vocabulary) -> bool:
    """Whether a rule reads a fact that is worked out for each workload."""
    return any(vocabulary.facts[name].derived == "yes" for name in rule.facts if name in vocabulary.facts)
