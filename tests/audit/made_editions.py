"""Small made-up editions of a rulebook over the shipped vocabulary, for tests of what a change alters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from advisor.audit.changes.revisions import Edition
from advisor.places import Group, GroupSpan
from advisor.rulebook.load import read_rule
from advisor.rulebook.rule import Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary
from tests.made_up import shipped_vocabulary

SOURCE: Mapping[str, object] = {"cite": "Example Act s. 4", "url": "", "checked": "read", "verified": "2026-11-01"}
PERSONAL: Mapping[str, object] = {"fact": "use.data_classes", "has": "personal"}
NO_TRAINING: Mapping[str, object] = {"fact": "option.trains_on_prompts", "is": "no"}
OFFERED: Mapping[str, object] = {"fact": "option.contract_offers", "has": "dpa"}
AT_HOME: Mapping[str, object] = {"fact": "option.processing_places", "within": {"group": "made-up"}}


def arm(requires: object = NO_TRAINING, applies: object = PERSONAL, since: str = "2025-01-01", **source: object) -> dict[str, object]:
    return {"in_force": {"from": since}, "source": {**SOURCE, **source}, "applies_when": applies, "requires": requires}


def rule_data(**changes: object) -> dict[str, object]:
    """A rule file that requires that the host does not train on personal data; keyword arguments replace parts of it."""
    whole: dict[str, object] = {
        "id": "made-up", "title": "A made-up rule for these tests", "effect": "require", "place": "XX", "topic": "tests",
        "arms": [arm()], "reason": "It trains.", "remedy": "Choose another.", "review": "not yet reviewed by a lawyer",
        "examples": [{"name": "nothing is known", "given": {}, "verdict": "unknown"}],
    }  # fmt: skip
    return {**whole, **changes}


def rule(vocabulary: Vocabulary | None = None, **changes: object) -> Rule:
    return read_rule(parse(json.dumps(rule_data(**changes)), "rules/xx/made-up.yaml"), vocabulary or with_group("DE", "FR"))


def edition(*rules: Rule, vocabulary: Vocabulary | None = None, name: str = "made up") -> Edition:
    return Edition(name, Rulebook({item.id: item for item in rules}), vocabulary or with_group("DE", "FR"), Path("rules"), (Path("data"),))


def with_group(*members: str, later: tuple[str, ...] = (), until: str | None = None) -> Vocabulary:
    """The shipped vocabulary with a group `made-up` of these countries; those in `later` join on 1 January 2027."""
    vocabulary = shipped_vocabulary()
    spans = [GroupSpan.model_validate({"members": members, "until": until, "cite": "Treaty"})]
    if later:
        spans.append(GroupSpan.model_validate({"from": "2027-01-01", "members": later, "cite": "Accession"}))
    group = Group(words="the made-up union", spans=tuple(spans))
    return replace(vocabulary, places=replace(vocabulary.places, groups={**vocabulary.places.groups, "made-up": group}))
