"""
Counting: how many standings and recommendations are otherwise, and which cases show it best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.assessment import Codes
from advisor.audit.effects.shelf import Indices

USABLE = 1
"""Position in STANDINGS of the last standing with which an option may be used."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some cases that share a workload and a number of own premises, with the columns of the shelf that each of them sees."""

    cases: Indices
    """Shape (cases)."""
    columns: Indices
    """Shape (cases, options)."""


@dataclass(frozen=True, eq=False)
class Turn:
    """Some cases of a part before and after a change."""

    rule: str
    """Empty: all changes together."""
    rows: Indices
    """Positions in the part, shape (cases)."""
    old: Codes
    """Standings, shape (cases, options)."""
    new: Codes
    old_best: Indices
    """Column of the leading option, -1 for none; shape (cases)."""
    new_best: Indices


@dataclass(frozen=True, eq=False)
class Seen:
    """One case in which something is otherwise."""

    order: tuple[int, int, int, int]
    """The most telling first."""
    case: int
    old_best: int
    new_best: int
    options: Indices
    """Columns of the options with another standing."""
    old: Codes
    new: Codes


class Tally:
    """Counts over all cases, for one changed rule or for all together."""

    def __init__(self, options: int, kept: int) -> None:
        self.moves = np.zeros((4, 4), dtype=np.int64)
        self.lost, self.gained, self.total = (np.zeros(options, dtype=np.int64) for _ in range(3))
        self.cases = 0
        self.recommendations = 0
        self.seen: list[Seen] = []
        self._kept = kept

    def add(self, part: Part, turn: Turn) -> None:
        """Counts some cases; those in which nothing is otherwise may be among them."""
        flips = turn.old != turn.new
        lead = turn.old_best != turn.new_best
        touched = np.flatnonzero(flips.any(axis=1) | lead)
        if not len(touched):
            return
        flips, lead = flips[touched], lead[touched]
        old, new, columns = turn.old[touched], turn.new[touched], part.columns[turn.rows[touched]]
        lost, gained = (old <= USABLE) & (new > USABLE), (old > USABLE) & (new <= USABLE)
        self.cases += len(touched)
        self.recommendations += int(lead.sum())
        self.moves += np.bincount(old[flips].astype(np.int64) * 4 + new[flips], minlength=16).reshape(4, 4)
        self.lost += np.bincount(columns[lost], minlength=len(self.lost))
        self.gained += np.bincount(columns[gained], minlength=len(self.gained))
        self.total += np.bincount(columns[flips], minlength=len(self.total))
        uses = (lost | gained).sum(axis=1)
        order = np.stack([(~lead).astype(np.int64), -uses, -flips.sum(axis=1), part.cases[turn.rows[touched]]])
        for n in np.lexsort(order[::-1])[: self._kept]:
            telling = (int(order[0, n]), int(order[1, n]), int(order[2, n]), int(order[3, n]))
            if len(self.seen) >= self._kept and telling >= self.seen[-1].order:
                break
            here, at = np.flatnonzero(flips[n]), touched[n]
            bests = int(turn.old_best[at]), int(turn.new_best[at])
            self.seen.append(Seen(telling, telling[3], *bests, columns[n, here], old[n, here], new[n, here]))
            self.seen.sort(key=lambda s: s.order)
            del self.seen[self._kept :]
