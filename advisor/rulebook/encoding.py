"""
Facts of options as numbers in columns: intervals as two doubles, sets as bit masks of 62 bits a word.

Every value of a closed list has one bit. The layout follows from the vocabulary alone, so that SQL and table always agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.possible import Choice, Interval, Members, Possible
from advisor.vocabulary import Fact, Vocabulary

BITS = 62


@dataclass(frozen=True, slots=True)
class Layout:
    """How one fact is stored."""

    fact: Fact
    bits: Mapping[str, int]
    """Bit of each value, counted over all words."""

    @property
    def words(self) -> int:
        return max(1, -(-len(self.bits) // BITS))

    @property
    def stem(self) -> str:
        return self.fact.key

    def possible_column(self, word: int) -> str:
        return f"{self.stem}_p{word}"

    def certain_column(self, word: int) -> str:
        return f"{self.stem}_c{word}"

    @property
    def columns(self) -> tuple[str, ...]:
        if self.fact.kind == "number":
            return (f"{self.stem}_lo", f"{self.stem}_hi")
        possible = tuple(self.possible_column(w) for w in range(self.words))
        if self.fact.kind in ("held", "places"):
            return (*(self.certain_column(w) for w in range(self.words)), *possible)
        return possible

    def masks(self, values: Iterable[str]) -> tuple[int, ...]:
        """A set of values as one mask a word; values without a bit are left out, since no option can have them."""
        masks = [0] * self.words
        for value in values:
            if (bit := self.bits.get(value)) is not None:
                masks[bit // BITS] |= 1 << (bit % BITS)
        return tuple(masks)

    def row(self, value: Possible) -> tuple[float | int, ...]:
        """What is possible of the fact, in the order of the columns."""
        match value:
            case Interval(lo, hi):
                return (lo, hi)
            case Choice(possible):
                return self.masks(possible)
            case Members(certain, possible):
                return (*self.masks(certain), *self.masks(possible))


def layouts(vocabulary: Vocabulary) -> dict[str, Layout]:
    """The layout of every fact of options, by name."""
    return {
        fact.name: Layout(fact, {value: bit for bit, value in enumerate(sorted(vocabulary.values(fact)))})
        for fact in vocabulary.option_facts
        if fact.kind != "text"
    }
