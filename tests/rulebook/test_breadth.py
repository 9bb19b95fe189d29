"""Every researched requirement has become a rule, a duty for a person, or a written reason; the blocking ones decide a shipped case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from advisor.answers import load_answers
from advisor.library import load_library, shipped
from advisor.recommendation import Recommendation, recommend
from advisor.rulebook.provisions import Provision
from tests.conftest import AS_OF

RESEARCHED = dict(line.split() for line in (Path(__file__).parent / "researched.txt").read_text(encoding="utf-8").splitlines())
"""The requirements that were researched in November 2026, each with what it can do to a choice."""

LIBRARY = load_library()
PROVISIONS = {item.id: item for item in LIBRARY.rulebook.provisions}
CASES = sorted(path.stem for path in (shipped("data") / "cases").glob("*.yaml"))
BLOCKING = [item for item in LIBRARY.rulebook.provisions if item.consequence == "blocks" and item.status == "covered_by"]
SOFTENED = {"uk-nhs-dspt": "the newer check found guidance, not a ban"}
"""Requirements whose consequence a newer check corrected."""
NO_OPTION_YET = "No model under this licence stands in the catalogue yet"


@cache
def judged(case: str, as_of: date) -> Recommendation:
    return recommend(load_answers(shipped("data") / "cases" / f"{case}.yaml", LIBRARY.vocabulary), LIBRARY, as_of)


def first_day(item: Provision) -> date:
    """Today, or the day on which the first rule of a law to come begins."""
    rules = [LIBRARY.rulebook.rules[name] for name in item.rules if LIBRARY.rulebook.rules[name].effect == "require"]
    return AS_OF if any(rule.arm(AS_OF) for rule in rules) else min(d for rule in rules if (d := rule.next_change(AS_OF)))


def test_all_120_requirements_have_been_dealt_with() -> None:
    assert len(RESEARCHED) == 120
    assert Counter(RESEARCHED.values()) == {"blocks": 54, "needs-safeguard": 43, "documentation-duty": 17, "caution": 6}
    assert not RESEARCHED.keys() - PROVISIONS.keys()


@pytest.mark.parametrize("name", RESEARCHED)
def test_a_requirement_keeps_its_consequence(name: str) -> None:
    assert PROVISIONS[name].consequence == RESEARCHED[name] or name in SOFTENED


@pytest.mark.parametrize("item", LIBRARY.rulebook.provisions, ids=lambda item: item.id)
def test_what_no_rule_states_has_a_written_reason(item: Provision) -> None:
    if item.status == "covered_by":
        assert item.rules
    else:
        assert len(item.why) > 40
        assert (item.manual is not None) == (item.status == "manual")


@pytest.mark.parametrize("item", BLOCKING, ids=lambda item: item.id)
def test_a_blocking_provision_is_decided_by_a_rule_that_changes_a_standing_in_its_case(item: Provision) -> None:
    requiring = [name for name in item.rules if LIBRARY.rulebook.rules[name].effect == "require"]
    assert requiring, "a provision that blocks needs a rule that can exclude"
    if item.case is None:
        assert NO_OPTION_YET in item.why, "a provision that blocks names a case in data/cases, or says that no option exists yet"
        assert item.id not in RESEARCHED
        return
    assessment = judged(item.case, first_day(item)).assessment
    changed = {name: int((assessment.standing_without(name) != assessment.standing).sum()) for name in requiring}
    assert any(changed.values()), f"without {requiring} every option of {item.case} stands as it does"


@pytest.mark.parametrize("case", CASES)
def test_every_case_belongs_to_a_provision(case: str) -> None:
    assert case in {item.case for item in LIBRARY.rulebook.provisions}


def test_every_rule_of_law_or_licence_states_a_provision() -> None:
    stated = {name for item in LIBRARY.rulebook.provisions for name in item.rules}
    weighing = {rule.id for rule in LIBRARY.rulebook.rules.values() if rule.effect == "weigh"}
    assert LIBRARY.rulebook.rules.keys() - stated - weighing == set()
