"""A curator's settlement is used from its day on, leaves one value, keeps the claims, and shows wherever the value does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from advisor import comparison, export, text
from advisor.answers import Answers
from advisor.catalogue.files import BenchmarkFile, ModelFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Option, build_options
from advisor.catalogue.prices import Price, Range
from advisor.cost.lines import Cost
from advisor.cost.option import option_costs
from advisor.curation.disputes import disputes
from advisor.curation.dossier import dossier
from advisor.errors import BrokenInput
from advisor.library import load_library
from advisor.option_text import option_page
from advisor.possible import Choice, Interval, Members
from advisor.ranking.quality import scores
from advisor.recommendation import recommend
from tests import made_up
from tests.conftest import AS_OF
from tests.curation.worlds import FEED_ROW, on_shelf
from tests.made_up import claim

ON = date(2026, 11, 20)
BEFORE = ON - timedelta(days=1)
RECORD = {"value": 3, "by": "A. Curator", "on": str(ON), "reason": "Asked the host.", "source": "A letter"}
WORDS = "A. Curator, 2026-11-20, on A letter: Asked the host."
CITED = "A letter (settled by A. Curator, 2026-11-20)"
BLOG = {"source": "A blog", "grade": "secondary"}
INPUT, OUTPUT, BATCH = "input_usd_per_mtok", "output_usd_per_mtok", "batch_input_usd_per_mtok"
PRICES = {INPUT: [claim(2), claim(4, **BLOG)], OUTPUT: [claim(8)], BATCH: [claim(1)], "cache_read_usd_per_mtok": [claim(0.2)]}


def record(value: object, **more: object) -> dict[str, object]:
    return {**RECORD, "value": value, **more}


def catalogue(at: Path, **parts: object) -> Catalogue:
    return on_shelf(at, hosts__made_up=made_up.serving(**{"price": PRICES, **parts}))


def option(known: Catalogue, as_of: date = AS_OF, figures: str = "best") -> Option:
    (found,) = [o for o in build_options(known, as_of, figures=figures) if o.host.id == "made-up"]
    return found


def price(found: Option, name: str = INPUT) -> Price:
    assert found.prices is not None
    stated = found.prices.price(name)
    assert stated is not None
    return stated


def exactly(value: int | str) -> Range:
    return Range(*(Decimal(value),) * 3)


def billed(cost: Cost) -> Mapping[str, Range]:
    """What the host bills for input and output; people, logs and thinking have lines of their own."""
    return {line.label: line.usd for line in cost.lines if line.label.endswith(("nput tokens", "utput tokens"))}


LOAD = {"requests_per_month": 1000, "input_tokens_per_request": 1000, "output_tokens_per_request": 1000}


def answers(**more: object) -> Answers:
    return made_up.answers(**LOAD, **more)


# ---------------------------------------------------------------------- prices
def test_a_settled_price_is_the_one_used_and_keeps_its_claims(tmp_path: Path) -> None:
    known = catalogue(tmp_path, settled={INPUT: RECORD})
    found = price(option(known))
    assert (found.range, found.source, found.settled) == (exactly(3), CITED, WORDS)
    assert sorted(float(str(c.value)) for c in found.claims) == [2, 4]
    assert price(option(known), OUTPUT).settled == ""


def test_a_settled_price_is_what_the_cost_is_made_of_and_the_line_says_so(tmp_path: Path) -> None:
    known = catalogue(tmp_path, settled={INPUT: RECORD})
    (cost,) = option_costs([option(known)], answers(batch_share=0, cached_share=0), known, AS_OF)
    assert cost.known
    assert billed(cost) == {"Input tokens": exactly(3), "Output tokens": exactly(8)}  # one million tokens each way
    assert CITED in {line.source for line in cost.lines}


def test_a_settlement_of_a_later_day_says_nothing_yet(tmp_path: Path) -> None:
    known = catalogue(tmp_path, settled={INPUT: RECORD})
    before = price(option(known, BEFORE))
    assert (before.range, before.settled) == (Range(Decimal(2), Decimal(2), Decimal(4)), "")
    assert price(option(known, ON)).range == exactly(3)


def test_the_price_above_a_size_is_settled_by_itself(tmp_path: Path) -> None:
    above = "input_above_200000_usd_per_mtok"
    tiers = [{"above_tokens": 200_000, INPUT: [claim(5), claim(6, **BLOG)]}]
    known = catalogue(tmp_path, price={**PRICES, "tiers": tiers}, settled={above: record(6)})
    assert price(option(known), above).range == exactly(6)
    assert price(option(known)).range == Range(Decimal(2), Decimal(2), Decimal(4))


def test_the_figures_of_the_comparison_document_stand_as_it_wrote_them(tmp_path: Path) -> None:
    document = claim(10, source="The document", grade="comparison-document")
    known = catalogue(tmp_path, price={**PRICES, INPUT: [*PRICES[INPUT], document]}, settled={INPUT: RECORD})
    assert price(option(known, figures="comparison-document")).range == exactly(10)
    assert price(option(known)).range == exactly(3)


def test_a_settled_uplift_multiplies_the_prices_of_feeds(tmp_path: Path) -> None:
    row = FEED_ROW
    sides = {"feeds": [row], "price": {}, "uplift": [claim(1.1), claim(1.3, **BLOG)]}
    plain = price(option(catalogue(tmp_path / "plain", feeds=[row], price={})))
    open_still = price(option(catalogue(tmp_path / "open", **sides)))
    settled = price(option(catalogue(tmp_path / "settled", **sides, settled={"uplift": record(1.2)})))
    assert open_still.range.low < open_still.range.high
    assert settled.range == plain.range.times(Decimal("1.2"))
    assert f"× 1.2 ({CITED})" in settled.source


# ---------------------------------------------------------------------- ways of buying that cannot be had
@pytest.mark.parametrize(
    ("without", "gone"),
    [
        ([], set()),
        (["batch"], {BATCH}),
        (["cache"], {"cache_read_usd_per_mtok"}),
        (["batch", "cache"], {BATCH, "cache_read_usd_per_mtok"}),
        (["flex", "priority"], set()),
    ],
)
def test_a_way_of_buying_that_cannot_be_had_has_no_price(without: list[str], gone: set[str], tmp_path: Path) -> None:
    found = option(catalogue(tmp_path, without=without))
    assert found.prices is not None
    assert set(found.prices.classes) == set(PRICES) - gone


def test_batches_that_cannot_be_had_are_not_reckoned_with(tmp_path: Path) -> None:
    price_of_batches = {**PRICES, "batch_output_usd_per_mtok": [claim(4)]}
    costs = []
    for name, without in (("with", []), ("without", ["batch"])):
        known = catalogue(tmp_path / name, price=price_of_batches, without=without)
        costs += option_costs([option(known)], answers(batch_share=1, cached_share=0), known, AS_OF)
    assert billed(costs[0]) == {"Batch input tokens": exactly(1), "Batch output tokens": exactly(4)}
    assert {label: usd.expected for label, usd in billed(costs[1]).items()} == {"Input tokens": 2, "Output tokens": 8}


# ---------------------------------------------------------------------- offered, retired, rented
SEVERAL = [claim("yes"), claim("no", **BLOG)]


@pytest.mark.parametrize(("value", "possible"), [("yes", {"yes"}), ("no", {"no"}), ("unknown", {"yes", "no"})])
def test_whether_a_model_is_offered_can_be_settled(value: str, possible: set[str], tmp_path: Path) -> None:
    known = catalogue(tmp_path, listed=SEVERAL, settled={"offered": record(value)})
    found = option(known).facts["option.offered"]
    assert (found.possible, found.settled, found.disputed) == (Choice(frozenset(possible)), WORDS, False)
    assert len(found.claims) == 2
    assert option(known, BEFORE).facts["option.offered"].disputed


def test_the_day_of_retirement_can_be_settled(tmp_path: Path) -> None:
    days = [claim("2027-03-05"), claim("2028-03-05", **BLOG)]
    known = catalogue(tmp_path, retires=days, settled={"retires": record("2027-03-05")})
    found = option(known).facts["option.months_to_retirement"]
    assert isinstance(found.possible, Interval)
    assert found.possible.lo == found.possible.hi
    assert (found.settled, found.disputed) == (WORDS, False)
    assert option(known, BEFORE).facts["option.months_to_retirement"].disputed


def rented(at: Path, as_of: date = AS_OF, **parts: object) -> tuple[Catalogue, Option]:
    rent = {"hardware": "h100", "endpoints": ["api"], "node_sizes": [8], "usd_per_gpu_hour": [claim(2), claim(4, **BLOG)], **parts}
    known = on_shelf(at, hosts__made_up=made_up.host(kind="gpu-cloud", serves=[], rents=[rent]))
    return known, next(o for o in build_options(known, as_of) if o.host.id == "made-up" and o.model.id == "gpt-oss-120b")


def test_a_settled_rent_is_the_one_that_machines_cost(tmp_path: Path) -> None:
    costs = []
    for name, parts in (("settled", {"settled": RECORD}), ("said", {"usd_per_gpu_hour": [claim(3)]})):
        known, found = rented(tmp_path / name, **parts)
        costs += option_costs([found], answers(), known, AS_OF)
    assert costs[0].usd == costs[1].usd
    assert CITED in " ".join(line.source for line in costs[0].lines if line.label.startswith("Rent"))
    known, found = rented(tmp_path / "settled", BEFORE, settled=RECORD)
    assert found.deployment is not None
    assert found.deployment.settled is None


# ---------------------------------------------------------------------- results
RESULTS = [{"benchmark": "made-up-test", **claim(60)}, {"benchmark": "made-up-test", **claim(80, **BLOG)}]
TEST = BenchmarkFile.model_validate(
    {"id": "made-up-test", "name": "T", "zero": 0, "hundred": 100, "trust": 1, "tasks": ["any"], "why": "A test."}
)  # fmt: skip


def with_results(**parts: object) -> ModelFile:
    return ModelFile.model_validate({**made_up.MODEL, "scores": RESULTS, **parts})


def test_a_settled_result_is_the_one_used_and_keeps_its_claims() -> None:
    model = with_results(settled={"made-up-test": record(70)})
    (found,) = scores(model, {TEST.id: TEST}, {}, AS_OF, "best")
    assert (found.low, found.expected, found.high, found.settled) == (70, 70, 70, WORDS)
    assert len(found.claims) == 2
    (before,) = scores(model, {TEST.id: TEST}, {}, BEFORE, "best")
    assert (before.low, before.expected, before.high, before.settled) == (60, 60, 80, "")


# ---------------------------------------------------------------------- facts
def test_a_settled_fact_of_a_later_day_says_nothing_yet(tmp_path: Path) -> None:
    facts: Mapping[str, object] = {
        "retention_days": {"claims": [claim(0), claim(30, **BLOG)], "settled": record(30)},
        "context_tokens": {"claims": [claim(32_000), claim(64_000, **BLOG)], "settled": record(32_000)},
        "contract_offers": {"dpa": {"claims": [claim("yes"), claim("no", **BLOG)], "settled": record("no")}, "baa": [claim("yes")]},
    }
    known = catalogue(tmp_path, facts=facts)
    before, after = option(known, BEFORE), option(known)
    assert before.possible("option.retention_days") == Interval(0, 30)
    assert after.possible("option.retention_days") == Interval(30, 30)
    assert before.possible("option.context_tokens") == Interval(32_000, 64_000)
    assert after.possible("option.context_tokens") == Interval(32_000, 32_000)
    for found, offered in ((before, True), (after, False)):
        held = found.possible("option.contract_offers")
        assert isinstance(held, Members)
        assert ("dpa" in held.possible, "baa" in held.certain) == (offered, True)
    assert before.facts["option.contract_offers"].disputes == {"dpa"}
    assert after.facts["option.contract_offers"].settled == f"dpa: {WORDS}"


def test_a_settlement_of_a_models_longest_input_is_named_on_machines_too(tmp_path: Path) -> None:
    facts = {"context_tokens": {"claims": [claim(8_000), claim(9_000, **BLOG)], "settled": record(8_000)}}
    parts = {"total_params_b": 7, "active_params_b": 7, "kv_bytes_per_token": 1000, "precisions": {"bf16": 2}, "source": "A page"}
    known = on_shelf(tmp_path, models__x=made_up.model(facts=facts, architecture=parts))
    own = [o for o in build_options(known, AS_OF) if o.model.id == "made-up-model" and o.deployment]
    assert own
    assert {o.facts["option.context_tokens"].settled for o in own} == {WORDS}


# ---------------------------------------------------------------------- where it shows
def test_a_settlement_shows_on_the_option_page_in_disputes_and_in_findings(tmp_path: Path) -> None:
    facts = {"retention_days": {"claims": [claim(0), claim(30, **BLOG)], "settled": record(30)}, "context_tokens": [claim(131_072)]}
    served = made_up.serving(price=PRICES, settled={INPUT: RECORD}, facts=facts)
    library = load_library(data=[made_up.folder(tmp_path, hosts__made_up=served)])
    shown = option(library.catalogue)
    page = " ".join(option_page(dossier(shown, library.catalogue, AS_OF)).split())
    assert page.count(WORDS) == 2
    assert export.known(shown.facts["option.retention_days"])["settled"] == WORDS

    settled = [d for d in disputes([shown], library.catalogue, AS_OF) if d.settled]
    assert {(d.kind, d.name, len(d.claims)) for d in settled} == {("fact", "option.retention_days", 2), ("price", INPUT, 2)}

    result = recommend(answers(retention_days_max=20), library, AS_OF)
    ranked = next(r for r in result.all if r.option.id == shown.id)
    reads = [read for finding in result.findings(ranked) for read in finding.facts if read.fact.key == "retention_days"]
    assert reads
    assert {read.settled for read in reads} == {WORDS}
    assert {export.fact(read)["settled"] for read in reads} == {WORDS}
    assert WORDS in " ".join(text.why(result, ranked).split())


def test_head_to_head_shows_the_settled_result_first(tmp_path: Path) -> None:
    library = load_library()
    model = with_results(settled={"made-up-test": record(70)})
    result = replace(recommend(answers(), library, AS_OF), library=library)
    cell = comparison._score("made-up-test", model, [*(s.claim({}) for s in model.scores)], result)
    assert cell == f"70 ({CITED}); also claimed: 60 (A page); 80 (A blog)"


# ---------------------------------------------------------------------- what cannot be settled
WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no such price": ({"inputs_usd_per_mtok": RECORD}, "did you mean 'input_usd_per_mtok'"),
    "price of nothing": ({INPUT: record(0)}, "0 is not a number above 0"),
    "price in words": ({INPUT: record("cheap")}, "'cheap' is not a number above 0"),
    "unknown price": ({INPUT: record("unknown")}, "'unknown' is not a number above 0"),
    "perhaps offered": ({"offered": record("perhaps")}, "'perhaps' does not say whether"),
    "some day": ({"retires": record("2027")}, "'2027' is not a day"),
    "nobody": ({INPUT: record(3, by="")}, "by"),
    "no reason": ({INPUT: record(3, reason="")}, "reason"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_settled_is_refused_where_it_stands(wrong: str, tmp_path: Path) -> None:
    settled, expected = WRONG[wrong]
    with pytest.raises(BrokenInput, match=r"settled") as raised:
        catalogue(tmp_path, settled=settled)
    (problem,) = raised.value.problems
    assert expected in str(problem)
    assert problem.line > 1


def test_a_result_of_an_unknown_benchmark_cannot_be_settled(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput, match="did you mean 'gpqa-diamond'"):
        on_shelf(tmp_path, models__x=made_up.model(settled={"gpqa-diamonds": record(70)}))


def test_the_shipped_data_hold_no_settlement_by_anybody() -> None:
    from advisor.curation.statements import statements

    assert [s.key for s in statements(load_library().catalogue) if s.settlement] == []
