"""Freshness: what is older than its kind allows is flagged, undated first, oldest next; a flag takes nothing away."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalogue.files import HostFile
from advisor.curation.freshness import Age, ages, load_allowances
from advisor.curation.statements import KIND_OF_FACT, statements
from advisor.errors import BrokenInput
from advisor.library import shipped
from tests import made_up
from tests.conftest import AS_OF, Advisor
from tests.curation.worlds import on_shelf, small, with_host
from tests.made_up import claim, serving

ALLOWED = load_allowances([shipped("data")])
RECORD = {"value": 3, "by": "A. Curator", "on": "2026-11-20", "reason": "Asked the host.", "source": "A letter"}


def aged(at: Path, **facts: object) -> dict[str, Age]:
    known = on_shelf(at, hosts__x=serving(facts=facts))
    return {a.statement.about.split()[0]: a for a in ages(known, ALLOWED, AS_OF) if "made-up" in a.statement.owner}


def days_ago(days: int) -> str:
    return str(AS_OF - timedelta(days=days))


def test_every_kind_of_claim_has_an_age_and_every_age_a_reason() -> None:
    assert {s.kind for s in statements(small().catalogue)} <= ALLOWED.keys()
    assert set(KIND_OF_FACT.values()) <= ALLOWED.keys()
    assert all(allowance.why for allowance in ALLOWED.values())


@pytest.mark.parametrize(("more", "stale"), [(0, False), (1, True)])
def test_a_claim_is_old_the_day_after_its_age(more: int, stale: bool, tmp_path: Path) -> None:
    age = aged(tmp_path, retention_days=[claim(3, as_of=days_ago(ALLOWED["handling"].days + more))])["retention_days"]
    assert (age.stale, age.days) == (stale, ALLOWED["handling"].days + more)


def test_the_newest_claim_that_counts_gives_the_age(tmp_path: Path) -> None:
    page, blog = claim(3, as_of=days_ago(400)), claim(3, source="A blog", as_of=days_ago(10))
    assert aged(tmp_path / "two", retention_days=[page, blog])["retention_days"].days == 10
    remembered = claim(3, source="Memory", grade="memory", as_of=days_ago(10))
    assert aged(tmp_path / "memory", retention_days=[page, remembered])["retention_days"].days == 400
    to_come = claim(3, source="A plan", as_of=str(AS_OF + timedelta(days=1)))
    assert aged(tmp_path / "to come", retention_days=[page, to_come])["retention_days"].days == 400


def test_a_settlement_counts_as_a_reading_from_its_day_on(tmp_path: Path) -> None:
    old = [claim(3, as_of=days_ago(400))]
    assert aged(tmp_path / "now", retention_days={"claims": old, "settled": RECORD})["retention_days"].days == 4
    later = {**RECORD, "on": "2027-01-01"}
    assert aged(tmp_path / "later", retention_days={"claims": old, "settled": later})["retention_days"].days == 400


def test_what_nobody_states_has_no_age(tmp_path: Path) -> None:
    assert "retention_days" not in aged(tmp_path, retention_days=[claim(3, grade="memory")])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 900)), min_size=2, max_size=4))
def test_undated_ones_lead_and_then_the_oldest_against_its_kind(days: list[int | None]) -> None:
    names = ("retention_days", "context_tokens", "trains_on_prompts", "controlling_country")
    values = {"retention_days": 3, "context_tokens": 9000, "trains_on_prompts": "no", "controlling_country": "DE"}
    facts = {name: [claim(values[name], as_of="" if d is None else days_ago(d))] for name, d in zip(names, days, strict=False)}
    host = HostFile.model_validate(serving(facts=facts))
    found = ages(with_host(small(), host).catalogue, ALLOWED, AS_OF)
    assert sorted(found, key=lambda age: age.days is not None) == found
    parts = [
        (age.days is not None, -(age.days or 0) / age.allowed)
        for age in found
        if age.statement.owner == "host made-up" and age.statement.about.split()[0] in facts
    ]
    assert len(parts) == len(days)
    assert parts == sorted(parts)


def test_without_any_age_there_is_no_board(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="no kind of claim has an age"):
        load_allowances([made_up.folder(tmp_path, freshness={"kinds": []})])


def test_an_overlay_changes_the_age_of_a_kind(tmp_path: Path) -> None:
    at = made_up.folder(tmp_path, freshness={"kinds": [{"kind": "price", "days": 7, "why": "ours"}]})
    found = load_allowances([shipped("data"), at])
    assert found["price"].days == 7
    assert found["rent"] == ALLOWED["rent"]


def test_the_command_lists_the_old_ones_and_on_request_all(advisor: Advisor) -> None:
    old = advisor("catalogue", "ages", "--as-of", "2026-11-24", "--format", "json").json["ages"]
    every = advisor("catalogue", "ages", "--all", "--as-of", "2026-11-24", "--format", "json").json["ages"]
    assert all(age["stale"] for age in old)
    assert [age for age in every if age["stale"]] == old
    assert len(every) > len(old)
    assert date.fromisoformat(next(age["newest"] for age in every if age["newest"])) < AS_OF
