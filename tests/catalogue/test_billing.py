"""What a list of prices leaves out: thinking tokens, the fee of an intermediary, the currency of a host's own list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.catalogue.billing import fee_of, list_currency_of, reasoning_of
from advisor.catalogue.load import Catalogue
from advisor.curation.statements import statements
from advisor.errors import BrokenInput
from tests.conftest import AS_OF
from tests.curation.worlds import on_shelf
from tests.made_up import claim, host, model

API = {"id": "api", "name": "api"}
FEED = {"source": "A package", "grade": "feed", "as_of": "2026-10-01"}
REMEMBERED = {"value": "EUR", "source": "from memory", "grade": "memory"}


def thinking(at: Path, *claims: Mapping[str, object]) -> Catalogue:
    return on_shelf(at, models__x=model(reasoning=list(claims)))


def billed(at: Path, **parts: object) -> Catalogue:
    return on_shelf(at, hosts__x=host(**parts))


def told(catalogue: Catalogue, as_of: date = AS_OF) -> str | None:
    return reasoning_of(catalogue.models["made-up-model"], catalogue.sources["made-up-model"], as_of)


@pytest.mark.parametrize("value", ["always", "optional", "no"])
def test_whether_a_model_thinks_is_what_its_claim_says(tmp_path: Path, value: str) -> None:
    assert told(thinking(tmp_path, claim(value))) == value


def test_nothing_is_known_without_a_live_claim_that_says_something(tmp_path: Path) -> None:
    assert told(thinking(tmp_path / "empty")) is None
    assert told(thinking(tmp_path / "unknown", claim("unknown"))) is None
    assert told(thinking(tmp_path / "memory", claim("always", grade="memory"))) is None
    assert told(thinking(tmp_path / "later", claim("always", as_of="2026-06-01")), date(2026, 5, 1)) is None


def test_a_page_of_the_maker_goes_before_a_package(tmp_path: Path) -> None:
    assert told(thinking(tmp_path, {"value": "optional", **FEED}, claim("always"))) == "always"


def fee(catalogue: Catalogue) -> Decimal | None:
    of = catalogue.hosts["made-up"]
    found = fee_of(of, of.endpoints[0], catalogue.sources["made-up"], AS_OF)
    return Decimal(str(found.value)) if found else None


def test_the_fee_of_an_endpoint_replaces_that_of_the_host(tmp_path: Path) -> None:
    assert fee(billed(tmp_path / "none")) is None
    assert fee(billed(tmp_path / "host", fee=[claim(0.055)])) == Decimal("0.055")
    own = [{**API, "fee": [claim(0.08)]}]
    assert fee(billed(tmp_path / "endpoint", fee=[claim(0.055)], endpoints=own)) == Decimal("0.08")
    assert fee(billed(tmp_path / "free", fee=[claim(0)])) == 0


def test_an_endpoint_whose_fee_is_not_known_does_not_take_that_of_the_host(tmp_path: Path) -> None:
    own = [{**API, "fee": [claim("unknown")]}]
    assert fee(billed(tmp_path, fee=[claim(0.055)], endpoints=own)) is None


def test_the_currency_of_a_list_counts_when_a_page_says_it(tmp_path: Path) -> None:
    for name, claims, expected in (("page", [claim("CHF")], "CHF"), ("memory", [REMEMBERED], None), ("none", [], None)):
        found = billed(tmp_path / name, list_currency=claims)
        assert list_currency_of(found.hosts["made-up"], found.sources["made-up"], AS_OF) == expected


WRONG: dict[str, tuple[dict[str, Mapping[str, object]], str]] = {
    "no such way of thinking": ({"models__x": model(reasoning=[claim("sometimes")])}, "'sometimes' is none of always, optional, no"),
    "thinking as a number": ({"models__x": model(reasoning=[claim(1)])}, "1 is none of always"),
    "thinking as a truth": ({"models__x": model(reasoning=[claim(True)])}, "is none of always"),
    "percent for a share": ({"hosts__x": host(fee=[claim(5.5)])}, "5.5 is no share from 0 to below 1"),
    "all of it": ({"hosts__x": host(fee=[claim(1)])}, "1 is no share"),
    "a fee below nothing": ({"hosts__x": host(fee=[claim(-0.01)])}, "-0.01 is no share"),
    "no number": ({"hosts__x": host(fee=[claim(float("nan"))])}, "nan is no share"),
    "a fee in words": ({"hosts__x": host(fee=[claim("little")])}, "'little' is no share"),
    "a truth for a fee": ({"hosts__x": host(fee=[claim(False)])}, "is no share"),
    "fee of an endpoint": ({"hosts__x": host(endpoints=[{**API, "fee": [claim(8)]}])}, "8 is no share"),
    "another currency": ({"hosts__x": host(list_currency=[claim("PLN")])}, "'PLN' is none of USD, EUR, GBP, CHF, unknown"),
    "thinking by nobody": ({"models__x": model(reasoning=[{"value": "no", "source": "nobody"}])}, "the source 'nobody'"),
    "fee by nobody": ({"hosts__x": host(fee=[{"value": 0, "source": "nobody"}])}, "the source 'nobody'"),
    "fee of an endpoint by nobody": (
        {"hosts__x": host(endpoints=[{**API, "fee": [{"value": 0, "source": "nobody"}]}])}, "the source 'nobody'",
    ),
    "currency by nobody": ({"hosts__x": host(list_currency=[{"value": "EUR", "source": "nobody"}])}, "the source 'nobody'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_file_and_line(tmp_path: Path, name: str) -> None:
    files, words = WRONG[name]
    with pytest.raises(BrokenInput) as refused:
        on_shelf(tmp_path, **files)
    assert words in str(refused.value)
    (problem,) = refused.value.problems
    assert problem.path.endswith("x.yaml")
    assert problem.line


def test_each_is_a_statement_with_an_age(tmp_path: Path) -> None:
    own = [{**API, "fee": [claim(0.08)]}]
    found = on_shelf(
        tmp_path, models__x=model(reasoning=[claim("no")]),
        hosts__x=host(fee=[claim(0)], list_currency=[claim("EUR")], endpoints=own),
    )  # fmt: skip
    about = {(s.owner, s.about): s.kind for s in statements(found)}
    assert about["model made-up-model", "reasoning"] == "architecture"
    assert about["host made-up", "fee"] == about["host made-up", "fee at api"] == "price"
    assert about["host made-up", "list_currency"] == "contract"
