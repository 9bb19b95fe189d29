"""One option told whole: what counts and what does not, settlements, prices by size and way, retirement; on screen and in 80 columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import build_options
from advisor.curation.dossier import Dossier, Item, by_source, dollars_exact, dossier, price_lines, ways
from advisor.curation.side_by_side import side_by_side
from advisor.option_text import option_page
from tests import made_up
from tests.conftest import AS_OF

SETTLED = {"value": 0, "by": "C. Curator", "on": "2026-10-01", "reason": "the contract says so", "source": "Terms, clause 4"}
FACTS = {
    "retention_days": {"claims": [made_up.claim(0), made_up.claim(30, source="A blog", grade="secondary")], "settled": SETTLED},
    "trains_on_prompts": [made_up.claim("no"), {"value": "yes", "source": "hearsay", "grade": "memory"}],
    "human_review": [made_up.claim("no"), made_up.claim("yes", source="A forum", grade="secondary")],
    "context_tokens": [
        made_up.claim(8_000, as_of="2025-01-01"), made_up.claim(16_000, as_of="2026-01-01"),
        made_up.claim(64_000, source="A notice", as_of="2027-02-01"),
    ],
}  # fmt: skip
PRICE = {
    "input_usd_per_mtok": [made_up.claim(0.075), made_up.claim(0.1, source="A blog", grade="secondary")],
    "output_usd_per_mtok": [made_up.claim(3)],
    "batch_input_usd_per_mtok": [made_up.claim(0.04)],
    "tiers": [{"above_tokens": 200_000, "input_usd_per_mtok": [made_up.claim(0.15)]}],
}
HOST = made_up.serving(
    own_limits="yes", facts=FACTS, price=PRICE, retires=[made_up.claim("2027-03-05")], preconditions=[{"text": "Sign the addendum"}]
)
ID = "gpt-oss-120b@made-up/api"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return made_up.catalogue(tmp_path_factory.mktemp("data"), hosts__made_up=HOST)


def told(catalogue: Catalogue, name: str = ID, as_of: date = AS_OF) -> Dossier:
    return dossier(next(o for o in build_options(catalogue, as_of) if o.id == name), catalogue, as_of)


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> Dossier:
    return told(catalogue)


def fact(found: Dossier, name: str) -> Item:
    return next(item for item in found.facts if item.name == f"option.{name}")


def test_a_settled_fact_shows_its_record_and_is_in_no_open_dispute(found: Dossier) -> None:
    item = fact(found, "retention_days")
    assert item.settled == "C. Curator, 2026-10-01, on Terms, clause 4: the contract says so"
    assert item.known == "0 days"
    assert "retention_days" not in {d.name.partition(".")[2] for d in found.disputed}


def test_claims_that_differ_are_a_dispute_and_one_from_memory_is_none(found: Dossier) -> None:
    assert [d.name for d in fact(found, "human_review").disputes] == ["option.human_review"]
    assert fact(found, "trains_on_prompts").disputes == ()
    assert [t.claim.source for t in fact(found, "trains_on_prompts").aside] == ["hearsay"]


def test_history_is_apart_from_what_counts(found: Dossier, catalogue: Catalogue) -> None:
    item = fact(found, "context_tokens")
    assert [c.value for c in item.counted if c.source in ("A page", "A notice")] == [16_000]
    aside = {t.claim.value: t.aside for t in item.aside if t.claim.source in ("A page", "A notice")}
    assert aside == {8_000: "superseded by the same source, 2026-01-01", 64_000: "dated later: 2027-02-01"}
    later = fact(told(catalogue, as_of=date(2027, 2, 2)), "context_tokens")
    assert [c.value for c in later.counted if c.source in ("A page", "A notice")] == [16_000, 64_000]


def test_prices_stand_by_size_and_way(found: Dossier) -> None:
    assert found.option.prices is not None
    assert ways(found.option.prices) == ("standard", "batch")
    lines = [
        (line.size, line.kind, [p and dollars_exact(p.range.expected) for p in line.cells]) for line in price_lines(found.option.prices)
    ]
    assert lines[:2] == [("up to 200,000 tokens", "input", ["$0.075", "$0.04"]), ("up to 200,000 tokens", "output", ["$3.00", None])]
    assert ("above 200,000 tokens", "input") in [(size, kind) for size, kind, _ in lines]
    page = next(one for one in by_source(found.prices) if one.claims[0].source == "A page")
    assert "input, requests above 200,000 tokens $0.15" in page.says


def test_every_claim_of_every_price_is_under_its_source(found: Dossier) -> None:
    stated = {(t.claim.source, dollars_exact(t.claim.value)) for item in found.prices for t in item.claims}
    shown = {(c.source, says.rpartition(" ")[2]) for one in by_source(found.prices) for c in one.claims for says in one.says}
    assert shown == stated


def test_retirement_and_what_is_asked_for_first_are_told(found: Dossier) -> None:
    assert [c.value for c in found.ends] == ["2027-03-05"]
    text = option_page(found)
    assert "announced for 2027-03-05" in text
    assert "Sign the addendum (the host)" in text
    assert "settled by C. Curator" in text
    assert "x yes – hearsay" in text
    assert "from memory: shown, never counted" in " ".join(text.split())


def test_the_page_fits_80_columns_wherever_words_can_break(found: Dossier) -> None:
    for line in option_page(found).splitlines():
        assert len(line) <= 80 or max(map(len, line.split())) > 60, line


def test_what_differs_side_by_side_is_said_in_words(found: Dossier, catalogue: Catalogue) -> None:
    other = told(catalogue, "gpt-5.4@openai-api/global")
    rows = {row.label: row for row in side_by_side([found, other], catalogue.vocabulary)}
    assert rows["The model"].differs
    assert rows["The retention of prompts and answers"].cells[0] == "0 days (settled)"
    assert rows["People at the host may read prompts"].cells[0].endswith("(sources differ)")
    assert rows["Batch input"].cells[0] == "$0.04"
    assert rows["Input, requests above 200,000 tokens"].cells == ("$0.15", "not stated")
    alone = side_by_side([found], catalogue.vocabulary)
    assert not any(row.differs for row in alone)


@pytest.mark.parametrize(
    ("value", "text"), [("0.143", "$0.143"), (10, "$10.00"), ("1234567.5", "$1,234,567.50"), ("0.00000001", "$0.00000001")]
)
def test_prices_keep_all_their_digits(value: object, text: str) -> None:
    assert dollars_exact(value) == text


def test_the_command_prints_the_same_claims_as_data(advisor: object, tmp_path: Path) -> None:
    made_up.folder(tmp_path, hosts__made_up=HOST)
    ran = advisor("catalogue", "show", ID, "--data", str(tmp_path), "--as-of", str(AS_OF), "--format", "json")  # type: ignore[operator]
    option = ran.json["options"][0]
    assert option["not_counted"]["option.trains_on_prompts"][0]["reason"] == "from memory: shown, never counted"
    assert option["facts"]["option.retention_days"]["settled"].startswith("C. Curator")
    assert option["prices"]["input_above_200000_usd_per_mtok"]["known"] == "$0.15"
    assert option["ends"][0]["value"] == "2027-03-05"
