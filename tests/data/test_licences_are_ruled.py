"""No licence passes in silence: a rule reads each one that a model carries, or a provision says why no rule states it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from advisor.catalogue.files import LicenceFile
from advisor.library import load_library
from advisor.rulebook import condition
from advisor.rulebook.condition import Condition, Values
from advisor.rulebook.provisions import Provision
from advisor.rulebook.rule import Rule, RuleException

LIBRARY = load_library()
LICENCES = LIBRARY.catalogue.licences
CARRIED = sorted({model.licence for model in LIBRARY.catalogue.models.values()})
LEFT_TO_PEOPLE = [item for item in LIBRARY.rulebook.provisions if item.status != "covered_by"]
NON_COMMERCIAL = [name for name in CARRIED if LICENCES[name].kind == "non-commercial"]


def conditions(rule: Rule) -> Iterator[Condition]:
    """All that decides whether a rule applies, is met, or leaves a duty."""
    for arm in rule.arms:
        yield from (arm.applies, arm.requires)
    yield from _excepted(rule.exceptions)
    if rule.obligation:
        yield from rule.obligation.conditions


def _excepted(exceptions: Sequence[RuleException]) -> Iterator[Condition]:
    for exception in exceptions:
        yield exception.when
        yield from _excepted(exception.exceptions)


def licences_read(rule: Rule) -> set[str]:
    """The licences that a rule names, in whatever place."""
    found = (test for part in conditions(rule) for test in condition.tests(part) if test.fact == "option.licence")
    return {value for test in found if isinstance(test.operand, Values) for value in test.operand.values}


def named_in(item: Provision, licence: LicenceFile) -> bool:
    """Whether a provision names a licence in full: `MIT License` does not stand in `Modified MIT License`."""
    return any(re.fullmatch(rf"(the )?{re.escape(licence.name)}(,? with .*)?", part) for part in re.split(r"; ", item.provision))


RULED = {name: {rule.id for rule in LIBRARY.rulebook.rules.values() if name in licences_read(rule)} for name in LICENCES}


@pytest.mark.parametrize("name", CARRIED)
def test_a_licence_that_a_model_carries_is_read_by_a_rule_or_stands_in_a_provision(name: str) -> None:
    assert RULED[name] or [item.id for item in LEFT_TO_PEOPLE if named_in(item, LICENCES[name])]


@pytest.mark.parametrize("name", CARRIED)
def test_a_licence_that_a_rule_reads_is_not_said_to_ask_nothing(name: str) -> None:
    silent = [item.id for item in LEFT_TO_PEOPLE if item.status == "out_of_scope" and named_in(item, LICENCES[name])]
    assert not (RULED[name] and silent)


@pytest.mark.parametrize("name", NON_COMMERCIAL)
def test_a_licence_without_commercial_use_excludes_own_machines_and_questions_hosts(name: str) -> None:
    effects = {LIBRARY.rulebook.rules[rule].effect for rule in RULED[name]}
    assert effects >= {"require", "mitigate"}
    assert "licence-hosted-rights" in RULED[name]


def test_a_licence_that_nobody_ruled_would_be_found() -> None:
    unknown = LICENCES["mit"].model_copy(update={"id": "made-up", "name": "Made-up License"})
    assert not [item.id for item in LEFT_TO_PEOPLE if named_in(item, unknown)]
    modified = unknown.model_copy(update={"name": "Modified MIT License"})
    assert not [item.id for item in LEFT_TO_PEOPLE if named_in(item, modified)]
    assert [item.id for item in LEFT_TO_PEOPLE if named_in(item, LICENCES["mit"])] == ["licence-permissive"]
