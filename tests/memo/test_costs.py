"""A memo carries the costs: ways side by side, break-even, ranges, sizing and the seed; or why it cannot."""

from __future__ import annotations

import json
from datetime import date

import pytest

from advisor import cost_words as words
from advisor.answers import load_answers
from advisor.library import Library, shipped
from advisor.memo.document import memo_json, memo_markdown
from advisor.memo.escape import md
from advisor.recommendation import recommend
from advisor.three_ways import three_ways
from tests.conftest import Stated

AS_OF = date(2026, 11, 24)


def test_both_forms_carry_the_comparison_of_the_page(library: Library) -> None:
    result = recommend(load_answers(shipped("data") / "examples/hospital-us.yaml", library.vocabulary), library, AS_OF)
    three = three_ways(result)
    assert three is not None
    text, costs = memo_markdown(result), json.loads(memo_json(result))["costs"]
    assert md(words.summary(three)) in text
    assert costs["summary"] == words.summary(three)
    assert (costs["seed"], costs["draws"]) == (three.seed, three.draws)
    assert f"seed {three.seed}" in text
    for pair in words.pairs(three):
        assert f"- {md(words.pair_words(three, pair))}\n" in text
    for table in (words.ways_table(three), words.curve_table(three), words.drivers_table(three)):
        for row in table.rows:
            assert f"| {' | '.join(map(md, row))} |\n" in text
    for way, told in zip(three.ways, costs["ways"], strict=True):
        assert told["id"] == way.id
        assert float(told["usd_per_month"]["low"]) <= float(told["usd_per_month"]["expected"]) <= float(told["usd_per_month"]["high"])
        assert float(told["drawn_usd_per_month"]["p10"]) <= float(told["drawn_usd_per_month"]["p90"])
    reached = [pair["requests_per_month"] for pair in costs["break_even"]]
    assert reached == [pair.expected.first for pair in words.pairs(three)]


def test_the_same_inputs_give_the_same_bytes(library: Library) -> None:
    answers = load_answers(shipped("data") / "examples/law-firm-us.yaml", library.vocabulary)
    first, second = (recommend(answers, library, AS_OF) for _ in range(2))
    assert memo_json(first) == memo_json(second)
    assert memo_markdown(first) == memo_markdown(second)


@pytest.mark.parametrize(
    ("load", "said"),
    [
        ({}, "Not known: the number or the size of requests is not known."),
        ({"requests_per_month": 0}, "There are no requests in a month."),
        ({"requests_per_month": 10**12}, "More than 1,000 million requests a month"),
    ],
)
def test_a_load_without_a_cost_is_said_and_has_no_figures(library: Library, stated: Stated, load: dict[str, int], said: str) -> None:
    sizes = {"input_tokens_per_request": 500, "output_tokens_per_request": 100} if load else {}
    result = recommend(stated(tasks=["chat"], **sizes, **load), library, AS_OF)
    costs = json.loads(memo_json(result))["costs"]
    assert list(costs) == ["missing"]
    assert costs["missing"].startswith(said)
    section = memo_markdown(result).partition("## Costs: ways to run it, side by side\n")[2].partition("\n## ")[0]
    assert said in section
    assert "$" not in section


def test_a_memo_whose_lead_has_a_part_of_a_cost_never_shows_it_as_the_whole(library: Library, stated: Stated) -> None:
    load = {"requests_per_month": 10**12, "input_tokens_per_request": 500, "output_tokens_per_request": 100}
    result = recommend(stated(tasks=["chat"], **load), library, AS_OF)
    lead = result.best or result.nearest[0]
    section = memo_markdown(result).partition("\n## Cost a month of")[2].partition("\n## ")[0]
    assert bool(lead.cost.missing) == ("+ unknown" in section)
    if lead.cost.missing:
        assert f"Not known: {md(lead.cost.missing)}." in section
        assert all("+ unknown" in cell for cell in section.partition("**Together** |")[2].split("|")[:3])
