"""The difference of two catalogues: of a catalogue with itself it is empty, and it names every change that is made to its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any, TypeAlias

import pytest

from advisor.answers import load_answers
from advisor.audit.changes.revisions import Edition
from advisor.audit.effects.impact import Case
from advisor.catalogue.files import ClaimFile, Facts, HostFile, PriceFile
from advisor.curation import words
from advisor.curation.difference import Difference, difference
from advisor.curation.particulars import particulars
from advisor.curation.statements import statements
from advisor.library import Library, shipped
from advisor.recommendation import recommend
from tests import made_up
from tests.conftest import AS_OF, Advisor
from tests.curation.worlds import FEED_ROW, changed, settlement, shelf, small, with_catalogue, with_host, with_model


def edition(library: Library) -> Edition:
    return Edition("made up", library.rulebook, library.vocabulary, Path("rules"), (shipped("data"),), library.catalogue)


@cache
def cases() -> tuple[Case, ...]:
    return (Case("plain", "", load_answers(shipped("data") / "cases" / "ch-retailer.yaml", small().vocabulary)),)


def between(old: Library, new: Library, tries: tuple[Case, ...] = ()) -> Difference:
    return difference(edition(old), edition(new), tries, AS_OF)


def host(name: str = "openai-api") -> HostFile:
    return small().catalogue.hosts[name]


def test_a_catalogue_does_not_differ_from_itself() -> None:
    found = between(small(), small(), cases())
    assert found.empty
    assert list(words.difference_lines(found)) == ["0 of 1 cases are recommended something else."]


def test_no_statement_and_no_particular_hides_another() -> None:
    listed = [statement.key for statement in statements(small().catalogue)]
    assert len(listed) == len(set(listed))
    assert {"licence", "endpoints eu", "operator"} <= {about for _, about in particulars(small().catalogue)}


# ---------------------------------------------------------------------- every change is named
def serving(**parts: object) -> Library:
    first, *rest = host().serves
    return with_host(small(), changed(host(), serves=[changed(first, **parts), *rest]))


def facts(value: object) -> Facts:
    claim = ClaimFile.model_validate({"value": value, "source": "A page", "grade": "primary", "as_of": "2026-11"})
    return {**host().facts, "retention_days": [claim]}


def prices(amount: float) -> PriceFile:
    stated = [ClaimFile.model_validate({"value": amount, "source": "A page", "grade": "contract", "as_of": "2026-11"})]
    return PriceFile(input_usd_per_mtok=stated)


def without(**records: str) -> Library:
    catalogue = small().catalogue
    left: dict[str, Any] = {kind: {n: r for n, r in getattr(catalogue, kind).items() if n != name} for kind, name in records.items()}
    return with_catalogue(small(), replace(catalogue, **left))


def without_model(name: str) -> Library:
    catalogue = without(models=name).catalogue
    hosts = {n: changed(h, serves=[s for s in h.serves if s.model != name]) for n, h in catalogue.hosts.items()}
    return with_catalogue(small(), replace(catalogue, hosts=hosts))


def model_with(**parts: object) -> Library:
    return with_model(small(), changed(small().catalogue.models["gpt-oss-120b"], **parts))


def sizing() -> Library:
    catalogue = small().catalogue
    name, figure = next(iter(catalogue.sizing.figures.items()))
    figures = {**catalogue.sizing.figures, name: figure.model_copy(update={"note": "changed"})}
    return with_catalogue(small(), replace(catalogue, sizing=replace(catalogue.sizing, figures=figures)))


def tiers() -> PriceFile:
    return PriceFile.model_validate(
        {"tiers": [{"above_tokens": 5000, "input_usd_per_mtok": [{"value": 9, "source": "A page", "grade": "primary", "as_of": "2026"}]}]}
    )


Change: TypeAlias = tuple[Callable[[], Library], tuple[str, ...]]
SERVED = host().serves[0]
OF = f"of {SERVED.model} at {', '.join(SERVED.endpoints)}"
CHANGES: dict[str, Change] = {
    "a claim": (lambda: with_host(small(), changed(host(), facts=facts(77))), ("host openai-api: retention_days", "+ 77: A page")),
    "a price": (lambda: serving(price=prices(7.77)), (f"input_usd_per_mtok {OF}", "+ 7.77: A page", "price: input $")),
    "a price above a size": (lambda: serving(price=tiers()), (f"input_above_5000_usd_per_mtok {OF}", "+ 9: A page")),
    "a settled price": (
        lambda: serving(settled={"input_usd_per_mtok": settlement(1.5)}),
        (f"input_usd_per_mtok {OF}", "settled: by nobody → 1.5, by A. Curator, 2026-11-20", "→ $1.5"),
    ),
    "a settlement of whether it is offered": (
        lambda: serving(settled={"offered": settlement("yes")}),
        (f"offered {OF}", "settled: by nobody → yes, by A. Curator"),
    ),
    "a settled result": (
        lambda: model_with(settled={"gpqa-diamond": settlement(70)}),
        ("model gpt-oss-120b: gpqa-diamond", "settled: by nobody → 70, by A. Curator"),
    ),
    "a model that is gone": (lambda: without_model("llama-3.3-70b"), ("models: gone llama-3.3-70b",)),
    "a host that is gone": (lambda: without(hosts="groq"), ("hosts: gone groq", "options: 0 new,")),
    "a licence that is gone": (lambda: without(licences="falcon-llm-1.0"), ("licences: gone falcon-llm-1.0",)),
    "a benchmark that is gone": (lambda: without(benchmarks="gpqa-diamond"), ("benchmarks: gone gpqa-diamond",)),
    "another licence": (lambda: model_with(licence="mit"), ("model gpt-oss-120b: licence: apache-2.0 → mit",)),
    "another country": (lambda: model_with(developer_country="DE"), ("model gpt-oss-120b: developer_country: US → DE",)),
    "an endpoint that is renamed": (
        lambda: with_host(small(), changed(host(), endpoints=[changed(e, name="New") for e in host().endpoints])),
        (f"host openai-api: endpoints {host().endpoints[0].id}.name:", "→ New"),
    ),
    "a way of buying that cannot be had": (lambda: serving(without=["priority"]), (".without: not said → priority",)),
    "a figure for sizing": (sizing, ("sizing ", "note: ", "→ changed")),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_named_in_both_directions(change: str) -> None:
    make, expected = CHANGES[change]
    new = make()
    found = between(small(), new)
    assert not found.empty
    lines = "\n".join(words.difference_lines(found))
    for text in expected:
        assert text in lines
    assert not between(new, small()).empty


def test_a_change_of_one_claim_is_all_that_is_named() -> None:
    found = between(small(), with_host(small(), changed(host(), facts=facts(77))))
    assert [(item.owner, item.about) for item in found.statements] == [("host openai-api", "retention_days")]
    assert found.edits == ()
    assert found.prices == ()
    assert found.options == ((), ())


def test_moved_prices_come_with_their_options_the_greatest_move_first() -> None:
    found = between(small(), serving(price=prices(500)))
    (move,) = [move for move in found.prices if move.name == "input_usd_per_mtok"]
    assert move.new is not None
    assert (move.new.low, move.new.expected) == (Decimal("2.5"), Decimal(500))
    assert move.options == tuple(sorted(f"{SERVED.model}@openai-api/{name}" for name in SERVED.endpoints))


def test_a_price_that_only_another_source_moves_is_named_too() -> None:
    """What one calculates with stays; what it may be is wider, and a budget is held to that."""
    wider = {"input_usd_per_mtok": [{"value": 500, "source": "blog", "grade": "secondary", "as_of": "2026-10-01"}]}
    found = between(small(), serving(price=wider))
    (move,) = [move for move in found.prices if move.name == "input_usd_per_mtok"]
    assert move.old is not None
    assert move.new is not None
    assert (move.old.high, move.new.expected, move.new.high) == (Decimal("2.5"), Decimal("2.5"), Decimal(500))


def test_a_case_that_is_recommended_something_else_is_named() -> None:
    old = between(small(), small(), cases())
    assert old.moved == ()
    best = next(iter(cases()))
    first = recommend(best.answers, small(), AS_OF).best
    assert first is not None
    found = between(small(), without(hosts=first.option.host.id), cases())
    (moved,) = found.moved
    assert (moved.case, moved.recommended[0]) == ("plain", first.option.id)
    assert moved.recommended[1] != first.option.id
    assert "1 of 1 cases are recommended something else." in list(words.difference_lines(found))
    assert words.difference_data(found)["moved"]


def test_the_command_compares_two_checkouts(advisor: Advisor, tmp_path: Path) -> None:
    for name in ("old", "new"):
        copytree(shelf(), tmp_path / name / "data")
        copytree(shipped("rules") / "weighing", tmp_path / name / "rules" / "weighing")
    line = ("catalogue", "diff", str(tmp_path / "old"), str(tmp_path / "new"), "--as-of", "2026-11-24")
    same = advisor(*line)
    assert (same.code, same.out) == (0, "0 of 0 cases are recommended something else.\n")
    prices = tmp_path / "new" / "data" / "feeds" / "litellm.prices.csv"
    prices.write_text(prices.read_text(encoding="utf-8").replace(",2,8,", ",3,8,"), encoding="utf-8")
    host = made_up.host(serves=[{"model": "gpt-oss-120b", "endpoints": ["api"], "feeds": [FEED_ROW]}])
    for name in ("old", "new"):
        made_up.folder(tmp_path / name / "data", hosts__x=host)
    moved = advisor(*line, "--format", "json")
    assert moved.code == 1
    old, new = ({"low": usd, "expected": usd, "high": usd} for usd in ("2", "3"))
    assert moved.json["prices"] == [{"class": "input_usd_per_mtok", "old": old, "new": new, "options": ["gpt-oss-120b@made-up/api"]}]
