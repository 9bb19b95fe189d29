"""Making a price snapshot: each package's form, what is refused or left out, and an old snapshot that stands when a new one fails."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from advisor.catalogue.feeds import Feed, load_feeds
from advisor.catalogue.moved import moved, summary
from advisor.catalogue.packages.reading import Reading
from advisor.catalogue.refresh import Source, given, installed, named, reading, snapshot, write_snapshot
from advisor.errors import BrokenInput, CouldNotWrite
from advisor.library import Library
from tests import made_up
from tests.conftest import AS_OF, Advisor

LITELLM: dict[str, dict[str, object]] = {
    "m": {
        "mode": "chat", "litellm_provider": "p", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1.5e-05,
        "input_cost_per_token_batches": 1.25e-06, "output_cost_per_token_batches": 7.5e-06, "cache_read_input_token_cost": 2.5e-07,
        "input_cost_per_token_above_272k_tokens": 5e-06, "output_cost_per_token_above_272k_tokens": 2.25e-05,
        "input_cost_per_token_flex": 1e-06, "max_input_tokens": 1_050_000, "max_output_tokens": 128_000, "supports_vision": True,
        "deprecation_date": "2027-03-30", "regional_processing_uplift_multiplier_eu": 1.1,
    },
    "painter": {"mode": "image_generation", "input_cost_per_token": 1e-06},
    "silent": {"mode": "chat"},
}  # fmt: skip
FAST = {"cost": {"input": 4, "output": 20}, "provider": {"body": {"service_tier": "priority"}}}
MODELS_DEV = {
    "p": {
        "models": {
            "m": {
                "name": "M", "last_updated": "2026-05-20", "limit": {"context": 1000, "input": 900, "output": 0},
                "modalities": {"input": ["text", "image"], "output": ["text"]},
                "cost": {
                    "input": 2, "output": 10, "cache_read": 0.2, "context_over_200k": {"input": 4},
                    "tiers": [{"input": 4, "tier": {"type": "context", "size": 272_000}}],
                },
                "experimental": {"modes": {"fast": FAST}},
            },
            "old": {"modalities": {"output": ["text"]}, "cost": {"input": 1, "output": 1, "context_over_200k": {"input": 2}}},
        }
    }
}  # fmt: skip
AZURE = {
    "fetched_at": "2026-08-11T00:57:47",
    "items": [
        {"productName": "P", "meterName": "in", "unitOfMeasure": "1K", "retailPrice": 0.0025, "regions": ["eastus", "francecentral"]},
        {"productName": "P", "meterName": "in", "unitOfMeasure": "1K", "retailPrice": 0.003, "regions": ["japaneast"]},
        {"productName": "P", "meterName": "out", "unitOfMeasure": "1M", "retailPrice": 15, "regions": ["eastus", "usgovvirginia"]},
        {"productName": "P", "meterName": "hours", "unitOfMeasure": "1 Hour", "retailPrice": 3, "regions": ["eastus"]},
        {"productName": "P", "meterName": "other", "unitOfMeasure": "1M", "retailPrice": 3, "regions": ["eastus"]},
    ],
}
METERS = (
    "key,productName,meterName,kind,processing,above_tokens\n"
    "m/data-zone,P,in,input,standard,\nm/global,P,in,input,standard,\nm/regional/japaneast,P,in,input,standard,\n"
    "m/global,P,out,output,standard,\nm/global,P,gone,cache_read,standard,\n"
)


def read(at: Path, feed: str, content: object) -> Reading:
    """What a made-up file of a package says."""
    folder = at / "feeds"
    folder.mkdir(exist_ok=True)
    (folder / "azure-meters.csv").write_text(METERS, encoding="utf-8")
    path = at / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return reading(given(feed, path, "1.0.0"), AS_OF, folder / "azure-meters.csv")


def rows(made: Reading) -> list[str]:
    """Its prices, short: `key processing >size input output cache_read`."""
    return [" ".join(cell for cell in (row[0], row[3], row[4] and f">{row[4]}", *row[5:8]) if cell) for row in made.tables()[1]]


def refused(at: Path, feed: str, content: object) -> list[str]:
    with pytest.raises(BrokenInput) as raised:
        read(at, feed, content).tables()
    return [str(problem) for problem in raised.value.problems]


# ---------------------------------------------------------------------- each package's form
def test_litellm_prices_for_a_token_become_prices_for_a_million(tmp_path: Path) -> None:
    made = read(tmp_path, "litellm", LITELLM)
    assert rows(made) == ["m standard 2.5 15 0.25", "m standard >272000 5 22.5 0.25", "m batch 1.25 7.5 0.25"]
    assert made.listings["m"] == {
        "key": "m", "name": "m", "provider": "p", "input_tokens": "1050000", "output_tokens": "128000", "inputs": "text image",
        "uplift_eu": "1.1", "retires_on": "2027-03-30",
    }  # fmt: skip
    assert list(made.listings) == ["m", "silent"]
    assert made.left_out["models that do not answer text"] == 1


def test_the_date_of_litellms_data_is_the_newest_day_on_which_it_says_that_something_was_read(tmp_path: Path) -> None:
    noted = {**LITELLM["m"], "metadata": {"comment": "price checked 2026-10-29; retiring 2026-11-19; to be read on 2027-01-01"}}
    assert str(read(tmp_path, "litellm", {"m": noted}).data_until) == "2026-10-29"
    assert read(tmp_path, "litellm", LITELLM).data_until is None


def test_a_threshold_that_is_reached_counts_as_exceeded_at_one_provider(tmp_path: Path) -> None:
    """LiteLLM prices xAI's requests of exactly 200,000 tokens by the higher price; at others only those above."""
    model = {"mode": "chat", "litellm_provider": "xai", "input_cost_per_token": 1e-6, "input_cost_per_token_above_200k_tokens": 2e-6}
    assert rows(read(tmp_path, "litellm", {"m": model})) == ["m standard 1", "m standard >199999 2"]


def test_tables_of_tiers_and_off_peak_hours_are_read(tmp_path: Path) -> None:
    tiers = [{"range": [0, 32000.0], "input_cost_per_token": 1e-6}, {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-6}]
    hours = {"input_cost_per_token": 5e-7, "windows": [{"hours_utc": ["00:00-01:00", "04:00-06:00"], "weekdays": [1, 7]}]}
    made = read(
        tmp_path,
        "litellm",
        {
            "tiers": {"mode": "chat", "tiered_pricing": tiers},
            "hours": {"mode": "chat", "input_cost_per_token": 1e-6, "off_peak_pricing": hours},
        },
    )
    assert rows(made) == ["hours standard 1", "hours standard 0.5", "tiers standard 1", "tiers standard >32000 2"]
    assert made.tables()[1][1][2] == "Mon Sun 00:00-01:00 04:00-06:00 UTC"


def test_models_dev_sizes_come_from_tiers_and_the_older_field_counts_only_without_them(tmp_path: Path) -> None:
    made = read(tmp_path, "models-dev", MODELS_DEV)
    assert rows(made) == [
        "p/m standard 2 10 0.2", "p/m standard >272000 4 10 0.2", "p/m priority 4 20",
        "p/old standard 1 1", "p/old standard >200000 2 1",
    ]  # fmt: skip
    assert str(made.data_until) == "2026-05-20"
    assert made.listings["p/m"]["context_tokens"] == "1000"
    assert "output_tokens" not in made.listings["p/m"], "a limit of 0 says nothing"


def test_azure_meters_are_priced_where_they_are_reviewed_and_their_regions_agree(tmp_path: Path) -> None:
    made = read(tmp_path, "azure-genai-prices", AZURE)
    assert rows(made) == ["m/data-zone standard 2.5", "m/global standard 15", "m/regional/japaneast standard 3"]
    assert made.left_out == {
        "reviewed meters whose prices differ by region": 1,
        "reviewed meters whose prices are no longer listed": 1,
        "meters of tokens that nobody has mapped": 1,
    }
    assert str(made.data_until) == "2026-08-11"


def test_a_reviewed_meter_that_is_written_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "azure-meters.csv").write_text(f"{METERS}m,P,in,input,standard,\nm/global,P,in,money,slow,\n", encoding="utf-8")
    with pytest.raises(BrokenInput) as raised:
        reading(given("azure-genai-prices", tmp_path / "x", "1.0"), AS_OF, tmp_path / "feeds" / "azure-meters.csv")
    assert [problem.line for problem in raised.value.problems] == [7, 8]


def test_the_shipped_snapshot_is_what_the_installed_package_says(library: Library, tmp_path: Path) -> None:
    source = installed("genai-prices")
    feed = library.catalogue.feeds["genai-prices"]
    assert source is not None
    assert source.version == feed.provenance.version, "Run `advisor catalogue refresh --feed genai-prices` after a new version is locked."
    new = write_snapshot(tmp_path, source, AS_OF, reading(source, AS_OF, tmp_path))
    assert summary(moved(feed, new)) == ["  0 rows added", "  0 rows gone", "  0 prices changed", "  0 retirement dates changed"]


# ---------------------------------------------------------------------- what cannot be true
@pytest.mark.parametrize("feed", ["litellm", "models-dev", "azure-genai-prices"])
@pytest.mark.parametrize("content", ["not json", "[1, 2]", '{"m": 5}', "", "{}", '{"m": {}, "m": {}}', '{"m": {"mode": "chat"'])
def test_a_file_of_another_form_is_refused(feed: str, content: str, tmp_path: Path) -> None:
    assert all(str(tmp_path) in problem for problem in refused(tmp_path, feed, content))


def test_a_gzip_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.json.gz"
    path.write_bytes(gzip.compress(json.dumps(MODELS_DEV).encode())[:-20])
    with pytest.raises(BrokenInput, match="is not a whole gzip file"):
        reading(given("models-dev", path, "1.0.0"), AS_OF, tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="cannot be read"):
        reading(given("litellm", tmp_path / "none.json", "1.0.0"), AS_OF, tmp_path)


@pytest.mark.parametrize(
    ("price", "said"), [("1e9", "1E+15"), ("-1e-6", "-1 US"), ("NaN", "NaN"), ("Infinity", "Infinity"), ('"free"', "free")]
)
def test_a_price_that_cannot_be_true_is_refused_by_key_and_value(price: str, said: str, tmp_path: Path) -> None:
    (problem,) = refused(
        tmp_path, "litellm", f'{{"m": {{"mode": "chat", "input_cost_per_token": {price}, "output_cost_per_token": 1e-6}}}}'
    )
    assert "m: the price of input is" in problem
    assert said in problem


def test_every_price_that_cannot_be_true_is_named(tmp_path: Path) -> None:
    wrong = {"mode": "chat", "input_cost_per_token": 1e9, "output_cost_per_token": -1}
    assert len(refused(tmp_path, "litellm", {"a": wrong, "b": wrong})) == 4


def test_a_price_of_zero_means_nothing_and_is_counted(tmp_path: Path) -> None:
    made = read(tmp_path, "litellm", {"m": {"mode": "chat", "input_cost_per_token": 0.0, "output_cost_per_token": 1e-6}})
    assert [row[5:7] for row in made.tables()[1]] == [["", "1"]]
    assert made.remarks() == ["  left out: 1 prices of 0, which mean that none is known"]


def test_a_file_in_which_nothing_has_a_price_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "litellm", {"m": {"mode": "chat"}})
    assert "lists no price at all" in problem


ODD = ({"tiered_pricing": [{"range": ["x", 1]}]}, {"off_peak_pricing": {"windows": [5]}})


@pytest.mark.parametrize("model", ODD)
def test_a_model_of_another_form_is_named(model: Mapping[str, object], tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "litellm", {"odd": {"mode": "chat", **model}})
    assert "odd: is of another form" in problem


@pytest.mark.parametrize("version", ["", "new", "v1.2.3", "1", "1.2.3 "])
def test_a_version_of_another_form_is_refused(version: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="version"):
        given("litellm", tmp_path, version)


def test_a_feed_is_known_by_the_name_of_its_file() -> None:
    assert named(Path("x/model_prices_and_context_window_backup.json")) == "litellm"
    assert named(Path("data.json.gz")) == "models-dev"
    with pytest.raises(BrokenInput, match="--feed"):
        named(Path("prices.json"))


def test_genai_prices_is_read_from_its_package_and_never_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="not read from a file"):
        given("genai-prices", tmp_path, "1.0.0")


# ---------------------------------------------------------------------- writing
SOURCE = Source("mine", "9.9.9", None)


def made(*prices: tuple[str, str]) -> Reading:
    found = Reading("made up")
    for key, amount in prices:
        found.list_model(key, "p", key)
        found.price(key, {"input": amount})
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_snapshot_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    new = write_snapshot(tmp_path / "feeds", SOURCE, AS_OF, made(("b", "2"), ("a", "1.50")))
    feed = load_feeds([tmp_path])["mine"]
    assert feed == new
    assert list(feed.listings) == ["a", "b"]
    assert (feed.provenance.version, feed.provenance.made_on, feed.provenance.listings) == ("9.9.9", AS_OF, 2)
    assert sorted(files(tmp_path / "feeds")) == ["mine.csv", "mine.prices.csv", "mine.yaml"]


def test_the_same_rows_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "1", SOURCE, AS_OF, made(("a", "1"), ("b", "2")))
    write_snapshot(tmp_path / "2", SOURCE, AS_OF, made(("b", "2"), ("a", "1")))
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_snapshot_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("in the way", encoding="utf-8")
    with pytest.raises(CouldNotWrite):
        write_snapshot(tmp_path / "feeds", SOURCE, AS_OF, made(("a", "1")))
    assert (tmp_path / "feeds").read_text(encoding="utf-8") == "in the way"


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_folder_that_stops_taking_files_keeps_the_old_snapshot(moves: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "1")))
    before, replace = files(tmp_path), Path.replace
    done: list[Path] = []

    def stops(self: Path, target: Path) -> Path:
        if len(done) == moves:
            raise PermissionError(13, "Permission denied")
        done.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises(CouldNotWrite, match="the old snapshot stands"):
        write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "2"), ("b", "3")))
    assert files(tmp_path) == before


def test_a_reading_with_something_refused_writes_nothing(tmp_path: Path) -> None:
    write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "1")))
    before = files(tmp_path)
    with pytest.raises(BrokenInput):
        write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "1e9"), ("b", "1")))
    assert files(tmp_path) == before


def test_a_broken_old_snapshot_does_not_stop_a_new_one(tmp_path: Path) -> None:
    write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "1")))
    (tmp_path / "mine.csv").write_text("broken", encoding="utf-8")
    assert snapshot(tmp_path, "mine") is None
    assert snapshot(tmp_path, "none") is None
    write_snapshot(tmp_path, SOURCE, AS_OF, made(("a", "1")))
    assert snapshot(tmp_path, "mine") is not None


# ---------------------------------------------------------------------- what moved
def snapshots(*rows: Mapping[str, str]) -> Feed:
    return made_up.feed(*rows)["made-up"]


def test_what_moved_is_told_with_its_size_largest_first() -> None:
    price = "input_usd_per_mtok"
    old = snapshots({"key": "a", price: "1"}, {"key": "b", price: "2"}, {"key": "c", price: "3"}, {"key": "d", price: "1"})
    new = snapshots(
        {"key": "a", price: "1.1", "retires_on": "2027-01-01"}, {"key": "b", price: "1"}, {"key": "e", price: "1"},
        {"key": "d", price: "1"},
        {"key": "d", price: "2", "processing": "batch", "above_tokens": "9", "from": "2026-01-01"},
    )  # fmt: skip
    assert summary(moved(old, new)) == [
        "  1 rows added", "    e",
        "  1 rows gone", "    c",
        "  3 prices changed",
        "    d, input, batch, above 9 tokens, from 2026-01-01: new, 2",
        "    b, input: 2 to 1 (-50.0 %)",
        "    a, input: 1 to 1.1 (+10.0 %)",
        "  1 retirement dates changed", "    a: none to 2027-01-01",
    ]  # fmt: skip


def test_the_command_makes_a_snapshot_and_says_what_moved(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "model_prices_and_context_window_backup.json"
    path.write_text(json.dumps(LITELLM), encoding="utf-8")
    command = ("catalogue", "refresh", "--from", str(path), "--version", "1.2.3", "--into", str(tmp_path / "data"))
    first = advisor(*command)
    assert (first.code, first.err) == (0, "")
    assert "litellm 1.2.3: 2 models, 3 rows of prices" in first.out
    path.write_text(json.dumps({"m": {**LITELLM["m"], "input_cost_per_token": 5e-06}}), encoding="utf-8")
    second = advisor(*command)
    assert "m, input: 2.5 to 5 (+100.0 %)" in second.out
    assert "  1 rows gone\n    silent" in second.out
    before = files(tmp_path / "data" / "feeds")
    path.write_text(json.dumps({"m": {**LITELLM["m"], "input_cost_per_token": 1e9}}), encoding="utf-8")
    third = advisor(*command)
    assert (third.code, third.out) == (2, "")
    assert "nothing was written" in third.err
    assert files(tmp_path / "data" / "feeds") == before


def test_an_overlay_takes_the_shipped_list_of_azures_meters(advisor: Advisor, tmp_path: Path) -> None:
    item = {"productName": "Azure Llama Models", "unitOfMeasure": "1K", "regions": ["germanywestcentral"], "retailPrice": 0.000303}
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps({"items": [{**item, "meterName": "Llama 4 Maverick 17B Inp regnl Tokens"}]}), encoding="utf-8")
    ran = advisor("catalogue", "refresh", "--from", str(path), "--version", "9.9.9", "--into", str(tmp_path / "data"))
    assert (ran.code, ran.err) == (0, "")
    assert "azure-genai-prices 9.9.9: 5 models, 1 rows of prices" in ran.out
    feed = load_feeds([tmp_path / "data"])["azure-genai-prices"]
    (made,) = feed.in_force("llama-4-maverick/regional/germanywestcentral", AS_OF)
    assert {kind: str(amount) for kind, amount in made.amounts.items()} == {"input": "0.303"}


def test_rows_that_nobody_maps_are_listed_at_providers_that_somebody_maps(advisor: Advisor) -> None:
    ran = advisor("catalogue", "unmapped", "--feed", "litellm", "--host", "openai-api", "--format", "json")
    (group,) = json.loads(ran.out)["unmapped"]
    assert (group["feed"], group["provider"], group["hosts"]) == ("litellm", "openai", ["openai-api"])
    assert "gpt-5.4" not in group["keys"]
    assert len(group["keys"]) > 10
    assert "litellm:" in advisor("catalogue", "unmapped", "--feed", "litellm", "--host", "openai-api").out
