"""The command `costs`: ways side by side as text, JSON and CSV; every line recomputes from its inputs; what cannot be meant is refused."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from advisor.library import shipped
from tests.conftest import AS_OF, Advisor

EXAMPLES = shipped("data") / "examples"
HOSPITAL = str(EXAMPLES / "hospital-de.yaml")
DAY = ("--as-of", str(AS_OF))
GPT = "gpt-5.4@openai-api/eu"
HOSTED = "llama-4-maverick@azure-openai/germanywestcentral"
OWN = "llama-4-maverick@selfhost-runpod/eu/8xh100-fp8"
SIDES = ("low", "expected", "high")
OTHER_END = {"low": "high", "expected": "expected", "high": "low"}


@pytest.fixture
def named(advisor: Advisor) -> Any:
    return advisor("costs", HOSPITAL, "--options", f"{GPT},{HOSTED}", "--options", OWN, "--format", "json", *DAY).json


# ---------------------------------------------------------------------- text
def test_the_text_has_summary_load_ways_break_even_and_lines(advisor: Advisor) -> None:
    out = advisor("costs", HOSPITAL, *DAY).out
    words = " ".join(out.split())
    for part in (
        "Cost a month of each way", "From which volume on machines pay off", "The load, and the rates that follow from it",
        "Requests a month: 10 million", "How many machines", "US dollars for a million tokens", "random draws in floating point, seed",
        "2,000,000 requests × 1,500 tokens", "Together: $",
    ):  # fmt: skip
        assert part in words, part
    assert max(map(len, out.splitlines())) <= 120


def test_named_options_alone_are_shown_with_other_ways_to_pay(advisor: Advisor) -> None:
    rented = "llama-4-maverick@selfhost-aws/eu-north-1/8xh100-fp8"
    out = advisor("costs", HOSPITAL, "--options", f"{GPT},{rented}", *DAY).out
    assert [line.strip() for line in out.splitlines() if "@" in line] == [GPT, rented]
    assert "you named it" in out


def test_what_cannot_hold_a_request_is_left_out_of_text_and_json(advisor: Advisor, tmp_path: Path) -> None:
    """A model that takes a million tokens has no cost for five million, however its price times them reads."""
    path = tmp_path / "answers.yaml"
    kept = [text for text in Path(HOSPITAL).read_text(encoding="utf-8").splitlines() if "input_tokens" not in text]
    path.write_text("\n".join([*kept, "input_tokens_per_request: 5000000", "longest_input_tokens: 5000000"]), encoding="utf-8")
    out = advisor("costs", str(path), "--options", f"{GPT},{OWN}", *DAY).out
    assert "takes at most" in out
    assert "Together: $" not in out
    assert "costs least" not in out
    found = advisor("costs", str(path), "--options", f"{GPT},{OWN}", "--format", "json", *DAY).json
    assert len(found["left_out"]) == 2
    assert found["ways"] == found["break_even"] == []
    assert [option["usd_per_month"] for option in found["options"]] == [None, None]
    assert all("takes at most" in option["missing"] for option in found["options"])


def test_without_a_load_the_text_says_so_and_shows_no_number_as_a_whole(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("tasks: [summarising]\n", encoding="utf-8")
    ran = advisor("costs", str(path), "--options", GPT, *DAY)
    assert ran.code == 0
    assert ran.out.startswith("Nothing to compare")
    assert "not known: the number or the size of requests is not known" in " ".join(ran.out.split())


def test_no_requests_are_nothing_to_compare(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    text = Path(HOSPITAL).read_text(encoding="utf-8").replace("requests_per_month: 2000000", "requests_per_month: 0")
    path.write_text(text, encoding="utf-8")
    assert advisor("costs", str(path), *DAY).out.startswith("Nothing to compare: There are no requests in a month")
    found = advisor("costs", str(path), "--format", "json", *DAY).json
    assert found["nothing_to_compare"]
    assert found["ways"] == found["curve"] == []


# ---------------------------------------------------------------------- JSON
def test_every_line_is_the_product_of_its_inputs(named: Any, advisor: Advisor) -> None:
    whole = advisor("costs", HOSPITAL, "--format", "json", *DAY).json
    lines = [line for found in (named, whole) for option in found["options"] for line in option["lines"]]
    assert len(lines) > 50
    for line in lines:
        for side in SIDES:
            assert _product(line["inputs"], side).quantize(Decimal("0.01")) == pytest.approx(Decimal(line[side]), abs=Decimal("0.01"))


def _product(inputs: list[dict[str, Any]], side: str) -> Decimal:
    """As the head of `advisor/cost_export.py` says."""
    amount = Decimal(1)
    for item in inputs:
        scale = Decimal(item["scale"])
        amount *= scale / Decimal(item[OTHER_END[side]]) if item["divides"] else Decimal(item[side]) * scale
    return amount


def test_an_option_costs_the_sum_of_its_lines_and_a_way_what_its_option_costs(named: Any) -> None:
    ways = {way["id"]: way for way in named["ways"]}
    assert list(ways) == [option["id"] for option in named["options"]] == [GPT, HOSTED, OWN]
    for option in named["options"]:
        assert ways[option["id"]]["usd_per_month"] == option["usd_per_month"]
        for side in SIDES:
            total = sum(Decimal(line[side]) for line in option["lines"])
            assert abs(total - Decimal(option["usd_per_month"][side])) < Decimal("0.1")


def test_the_json_has_percentiles_drivers_curve_break_even_and_how_it_was_drawn(named: Any) -> None:
    assert (named["draws"], named["drawn_in"]) == (5_000, "float64")
    assert isinstance(named["seed"], int)
    for way in named["ways"]:
        drawn = way["percentiles"]
        assert drawn["p10"] <= drawn["p50"] <= drawn["p90"]
        assert 1 <= len(way["drivers"]) <= 3
    volumes = [point["requests_per_month"] for point in named["curve"] if point["option"] == GPT]
    assert (volumes[0], volumes[-1], len(volumes)) == (1_000, 10**9, 61)
    pairs = {pair["service"]: pair for pair in named["break_even"]}
    assert pairs[HOSTED]["same_model"]
    assert not pairs[GPT]["same_model"]
    assert pairs[GPT]["first"] <= pairs[GPT]["for_good"]
    assert pairs[HOSTED]["first"] is None
    assert named["load"]["requests_per_month"] == "2000000"


def test_the_same_answers_give_the_same_bytes(advisor: Advisor) -> None:
    command = ("costs", HOSPITAL, "--format", "json", *DAY)
    assert advisor(*command).out == advisor(*command).out


def test_an_amount_that_is_not_known_in_full_is_null(advisor: Advisor) -> None:
    everything = advisor("recommend", HOSPITAL, "--options", "all", "--format", "json", *DAY).json["options"]
    name = next(o["id"] for o in everything if o["cost"]["missing"] and o["mode"] != "self-hosted")
    found = advisor("costs", HOSPITAL, "--options", f"{name},{GPT}", "--format", "json", *DAY).json
    way = found["ways"][0]
    assert (way["usd_per_month"], way["percentiles"]) == (None, None)
    assert way["missing"]
    assert {point["option"] for point in found["curve"]} == {GPT}
    rows = _rows(advisor("costs", HOSPITAL, "--options", name, "--volume-range", "10", "100", "--format", "csv", *DAY).out)
    assert [(row["expected_usd_per_month"], row["missing"]) for row in rows] == [("", way["missing"])]


# ---------------------------------------------------------------------- CSV
def test_the_csv_has_a_row_a_line(advisor: Advisor) -> None:
    rows = _rows(advisor("costs", HOSPITAL, "--options", GPT, "--format", "csv", *DAY).out)
    found = advisor("costs", HOSPITAL, "--options", GPT, "--format", "json", *DAY).json["options"][0]["lines"]
    assert [(row["line"], row["expected_usd_per_month"]) for row in rows] == [(line["label"], line["expected"]) for line in found]


def test_with_a_range_of_volumes_the_csv_has_a_row_a_volume_and_way(advisor: Advisor) -> None:
    rows = _rows(advisor("costs", HOSPITAL, "--options", f"{GPT},{OWN}", "--volume-range", "1000", "100000", "--format", "csv", *DAY).out)
    for name in (GPT, OWN):
        volumes = [int(row["requests_per_month"]) for row in rows if row["option"] == name]
        assert (volumes[0], volumes[-1], volumes) == (1_000, 100_000, sorted(volumes))
    assert all(float(row["p10_usd_per_month"]) <= float(row["p90_usd_per_month"]) for row in rows)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--volume-range", "0", "10"), "too few"),
        (("--volume-range", "-5", "10"), "too few"),
        (("--volume-range", "100", "10"), "turned round"),
        (("--volume-range", "1", "1000000000001"), "too many"),
        (("--volume-range", "1", "9" * 400), "too many"),
        (("--volume-range", "few", "many"), "valid integer"),
        (("--volume-range", "1.5", "10"), "valid integer"),
        (("--volume-range", "nan", "inf"), "valid integer"),
        (("--volume-range", "10"), "requires 2 arguments"),
        (("--options", "gpt-5.4@openai-api/europe"), "there is no option"),
        (("--options", ","), "no option is named"),
        (("--options", "a,b,c,d,e"), "too many to compare"),
        (("--format", "xlsx"), "is not one of"),
        (("--figures", "nicest"), "is not one of"),
        (("--as-of", "soon"), "is not a date"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], message: str, advisor: Advisor) -> None:
    ran = advisor("costs", HOSPITAL, *(DAY if "--as-of" not in arguments else ()), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize("volumes", [("1", "1"), ("1", "1000000000000"), ("999", "1000")])
def test_the_widest_and_the_narrowest_range_work(volumes: tuple[str, str], advisor: Advisor) -> None:
    ran = advisor("costs", HOSPITAL, "--options", f"{GPT},{OWN}", "--volume-range", *volumes, "--format", "json", *DAY)
    points = [point["requests_per_month"] for point in json.loads(ran.out)["curve"] if point["option"] == GPT]
    assert (points[0], points[-1]) == tuple(map(int, volumes))


def test_a_table_over_volume_without_a_load_is_refused(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("tasks: [summarising]\n", encoding="utf-8")
    ran = advisor("costs", str(path), "--volume-range", "10", "100", "--format", "csv", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "size of requests is not known" in ran.err
