"""
The rulebook: every rule, every provision that was looked at, every waiver, as loaded from the folders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.errors import NotFound, Problem
from advisor.rulebook.provisions import Provision
from advisor.rulebook.reviews import SourceClass
from advisor.rulebook.rule import Rule
from advisor.rulebook.waivers import Waiver


@dataclass(frozen=True)
class Rulebook:
    """All rules by id, in the order of their ids."""

    rules: Mapping[str, Rule]
    overridden: tuple[str, ...] = ()
    """Rules of an earlier folder that a later folder replaces."""
    provisions: tuple[Provision, ...] = ()
    """By place, law and id."""
    waivers: tuple[Waiver, ...] = ()
    void: tuple[Problem, ...] = ()
    """Waiver files that cannot be read; they waive nothing."""
    freshness: tuple[SourceClass, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        if rule_id not in self.rules:
            raise NotFound("rule", rule_id, self.rules)
        return self.rules[rule_id]
