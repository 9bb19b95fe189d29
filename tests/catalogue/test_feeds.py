"""Price snapshots: rows that hold on a date, retirement, provenance, and the making of a new snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.catalogue.feeds import COLUMNS, Feed, load_feeds
from advisor.catalogue.files import HostFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import build_options
from advisor.catalogue.refresh import genai_prices_rows, litellm_rows, write_snapshot
from advisor.errors import BrokenInput, CouldNotWrite
from advisor.library import Library, shipped
from advisor.possible import choice
from tests import made_up
from tests.conftest import AS_OF

ROWS = (
    {"key": "m", "from": "", "name": "old"},
    {"key": "m", "from": "2026-06-01", "name": "new"},
    {"key": "m", "hours": "01:00-04:00 UTC", "name": "night"},
)


def names(day: date) -> list[str]:
    return [row["name"] for row in made_up.feed(*ROWS)["made-up"].in_force("m", day)]


def test_the_newest_row_that_has_begun_holds_beside_those_for_hours() -> None:
    assert names(date(2026, 5, 31)) == ["old", "night"]
    assert names(date(2026, 6, 1)) == ["new", "night"]


def test_an_unknown_row_does_not_hold() -> None:
    assert made_up.feed(*ROWS)["made-up"].in_force("another", AS_OF) == []


@pytest.mark.parametrize(("day", "offered"), [(date(2027, 3, 29), "yes"), (date(2027, 3, 30), "no"), (date(2028, 1, 1), "no")])
def test_a_model_is_not_offered_from_the_day_of_its_retirement(day: date, offered: str, library: Library) -> None:
    feed = made_up.feed({"key": "m", "input_usd_per_mtok": "1", "retires_on": "2027-03-30"})
    assert feed["made-up"].retired_on("m") == date(2027, 3, 30)
    served = made_up.host(serves=[{"model": "gpt-oss-120b", "endpoints": ["api"], "feeds": ["made-up:m"]}])
    catalogue = _with(library, served, feed)
    (option,) = [o for o in build_options(catalogue, day) if o.host.id == "made-up"]
    assert option.possible("option.offered") == choice(offered)


def test_a_page_that_still_lists_a_retired_model_is_a_dispute(library: Library) -> None:
    feed = made_up.feed({"key": "m", "input_usd_per_mtok": "1", "retires_on": "2026-01-01"})
    served = made_up.host(serves=[{"model": "gpt-oss-120b", "endpoints": ["api"], "feeds": ["made-up:m"], "listed": made_up.LISTED}])
    (option,) = [o for o in build_options(_with(library, served, feed), AS_OF) if o.host.id == "made-up"]
    assert option.possible("option.offered") == choice("yes", "no")
    assert option.facts["option.offered"].disputed


def _with(library: Library, served: Mapping[str, object], feed: Mapping[str, Feed]) -> Catalogue:
    """The shipped catalogue with one more host and one more snapshot."""
    host, known = HostFile.model_validate(served), library.catalogue
    sources = {**known.sources, host.id: {}}
    return replace(known, hosts={**known.hosts, host.id: host}, sources=sources, feeds={**known.feeds, **feed})


# ---------------------------------------------------------------------- as shipped
@pytest.mark.parametrize("feed", ["genai-prices", "litellm"])
def test_a_shipped_snapshot_names_its_package_version_and_day(feed: str, library: Library) -> None:
    provenance = library.catalogue.feeds[feed].provenance
    assert provenance.package == feed
    assert provenance.version.count(".") == 2
    assert provenance.source == f"{feed} {provenance.version}"
    assert provenance.made_on <= AS_OF
    assert library.catalogue_date == max(f.provenance.made_on for f in library.catalogue.feeds.values())


def test_no_snapshot_names_an_address_it_came_from() -> None:
    for path in (shipped("data") / "feeds").iterdir():
        assert "://" not in path.read_text(encoding="utf-8")


def test_every_price_of_a_snapshot_is_a_plain_number(library: Library) -> None:
    money = [name for name in COLUMNS if name.endswith("_usd_per_mtok")]
    wrong = []
    for feed in library.catalogue.feeds.values():
        for rows in feed.rows.values():
            wrong += [(row["key"], name, row[name]) for row in rows for name in money if row[name] and not Decimal(row[name]) >= 0]
    assert wrong == []


# ---------------------------------------------------------------------- files
def test_a_snapshot_with_other_columns_is_refused(tmp_path: Path) -> None:
    made_up.folder(tmp_path, feeds__mine={"feed": "mine", "package": "mine", "version": "1", "made_on": "2026-01-01"})
    (tmp_path / "feeds" / "mine.csv").write_text("key,price\nm,1\n", encoding="utf-8")
    with pytest.raises(BrokenInput, match="the columns are not those of a price snapshot"):
        load_feeds([tmp_path])


def test_a_snapshot_without_its_table_is_refused(tmp_path: Path) -> None:
    made_up.folder(tmp_path, feeds__mine={"feed": "mine", "package": "mine", "version": "1", "made_on": "2026-01-01"})
    with pytest.raises(BrokenInput, match="cannot be read"):
        load_feeds([tmp_path])


def test_a_new_snapshot_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    rows = [{"key": "b", "input_usd_per_mtok": "2"}, {"key": "a", "input_usd_per_mtok": "1"}, {"key": "c", "input_usd_per_mtok": "3"}]
    write_snapshot(tmp_path / "feeds", "mine", "9.9.9", AS_OF, rows, covers=lambda key: key != "c")
    feed = load_feeds([tmp_path])["mine"]
    assert list(feed.rows) == ["a", "b"]
    assert feed.rows["b"][0]["input_usd_per_mtok"] == "2"
    assert (feed.provenance.version, feed.provenance.made_on) == ("9.9.9", AS_OF)
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == ["mine.csv", "mine.yaml"]


def test_the_same_rows_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    rows = [{"key": "a", "from": "2026-01-01"}, {"key": "a", "from": ""}, {"key": "b"}]
    first = write_snapshot(tmp_path / "1", "mine", "1", AS_OF, rows).read_bytes()
    second = write_snapshot(tmp_path / "2", "mine", "1", AS_OF, rows[::-1]).read_bytes()
    assert first == second


def test_a_snapshot_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("in the way", encoding="utf-8")
    with pytest.raises(CouldNotWrite):
        write_snapshot(tmp_path / "feeds", "mine", "1", AS_OF, [])
    assert (tmp_path / "feeds").read_text(encoding="utf-8") == "in the way"


def test_litellm_prices_for_a_token_become_prices_for_a_million(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    row = {
        "mode": "chat", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1.5e-05, "input_cost_per_token_batches": 1.25e-06,
        "input_cost_per_token_above_272k_tokens": 5e-06, "output_cost_per_token_above_272k_tokens": 2.25e-05,
        "max_input_tokens": 1_050_000, "supports_vision": True, "deprecation_date": "2027-03-30",
    }  # fmt: skip
    path.write_text(json.dumps({"m": row, "painter": {**row, "mode": "image_generation"}, "free": {"mode": "chat"}}), encoding="utf-8")
    (made,) = litellm_rows(path)
    assert made["key"] == "m"
    assert (made["input_usd_per_mtok"], made["output_usd_per_mtok"], made["batch_input_usd_per_mtok"]) == ("2.5", "15", "1.25")
    assert (made["tier_above_tokens"], made["tier_input_usd_per_mtok"], made["tier_output_usd_per_mtok"]) == ("272000", "5", "22.5")
    assert (made["context_tokens"], made["inputs"], made["retires_on"]) == ("1050000", "text image", "2027-03-30")


@pytest.mark.parametrize("content", ["not json", "[1, 2]", '{"m": 5}', ""])
def test_a_price_file_of_another_form_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BrokenInput, match="not a readable price file"):
        litellm_rows(path)


def test_the_shipped_snapshot_is_what_the_installed_package_says(library: Library) -> None:
    version, rows = genai_prices_rows()
    feed = library.catalogue.feeds["genai-prices"]
    if version != feed.provenance.version:
        pytest.skip(f"the snapshot is of {feed.provenance.version}, {version} is installed")
    installed = {(row["key"], row["from"], row["hours"]): row["input_usd_per_mtok"] for row in rows}
    stored = {(row["key"], row["from"], row["hours"]): row["input_usd_per_mtok"] for group in feed.rows.values() for row in group}
    assert {key: value for key, value in stored.items() if installed.get(key) != value} == {}
