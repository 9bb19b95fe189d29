"""
Coverage of rules by their printed examples, counted in whole outcomes: what is shown, what is not, and what cannot happen.

In: a rule, and the solver where it is installed, which tells what no case can show. Out: counts, and each gap in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.audit.examples.cases import Bench, Case
from advisor.audit.examples.goals import shown
from advisor.audit.examples.items import Item, items
from advisor.rulebook.english import English
from advisor.rulebook.rule import Rule
from advisor.vocabulary import Vocabulary

if TYPE_CHECKING:
    from advisor.audit.examples.finder import Finder


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the examples of one rule show."""

    rule: Rule
    covered: tuple[Item, ...]
    untested: tuple[Item, ...]
    excused: tuple[Item, ...]
    """What no case at all can show; not counted."""

    @property
    def total(self) -> int:
        return len(self.covered) + len(self.untested)


def cover(rule: Rule, vocabulary: Vocabulary, finder: Finder | None) -> Coverage:
    """
    The coverage of a rule. Without a finder nothing is excused, and what cannot happen counts as untested.

    Items are counted over all examples, each under the arm that is in force on its date.
    """
    bench = finder.bench if finder else Bench(vocabulary)
    wanted = items(rule, English(vocabulary))
    covered, missing = split(rule, wanted, bench.cases(rule))
    excused = [item for item in missing if finder and not finder.possible(item.goal, rule)]
    untested = [item for item in missing if item not in excused]
    return Coverage(rule, tuple(covered), tuple(untested), tuple(excused))


def split(rule: Rule, wanted: Sequence[Item], cases: Sequence[Case]) -> tuple[list[Item], list[Item]]:
    """The items that some case shows, and those that none does."""
    covered = [item for item in wanted if any(shown(item.goal, rule, case) for case in cases)]
    done = {item.name for item in covered}
    return covered, [item for item in wanted if item.name not in done]
