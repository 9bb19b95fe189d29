"""Each rule of integrity: a file that breaks it, a file that keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest

from advisor.curation.integrity import problems
from advisor.curation.remarks import remarks
from tests import made_up
from tests.conftest import AS_OF
from tests.curation.worlds import FEED_ROW, on_shelf, shelf
from tests.made_up import claim, host, model, serving

Files: TypeAlias = dict[str, made_up.Form]
RECORD = {"value": 3, "by": "A. Curator", "on": "2026-11-20", "reason": "Asked the host.", "source": "A letter"}
CHOICE = {"source": "A choice of this project", "as_of": "2026-11-24", "grade": "memory"}
SHAPE = {"total_params_b": 7, "active_params_b": 7, "kv_bytes_per_token": 1000, "precisions": {"bf16": 2}, "source": "card"}
CARD = {"card": {"grade": "primary", "as_of": "2026-01"}}
FIGURE = {"id": "made-up", "low": 1, "expected": 2, "high": 3, "unit": "posts"}
PAGE = "https://example.com/attestation"


def sourced(name: str = "card", **source: object) -> Files:
    return {"models__x": {**model(architecture={**SHAPE, "source": name}), "sources": {"card": source}}}


def held(*claims: object) -> Files:
    return {"hosts__x": host(facts={"certificates": {"soc2": [*claims]}})}


def row_of(*models: str) -> Files:
    serves = [{"model": name, "endpoints": ["api"], "feeds": [FEED_ROW]} for name in models]
    files: Files = {"models__x": model()}
    return files | {f"hosts__h{n}": host(id=f"h{n}", serves=[one]) for n, one in enumerate(serves)}


def served_with(**facts: object) -> Files:
    return {"hosts__x": serving(facts=facts)}


CASES: dict[str, tuple[Files, Files, str]] = {
    "source": (sourced("nobody", grade="primary", as_of="2026"), sourced(grade="primary", as_of="2026"), "a number without date and grade"),
    "date": (sourced(grade="primary"), sourced(grade="primary", as_of="2026"), "a number without date"),
    "date of a memory": (sourced(grade="secondary"), sourced(grade="memory"), "a number without date"),
    "figure of your own": (
        {"sizing__x": {"figures": [{**FIGURE, "source": "A guess", "grade": "secondary"}]}},
        {"sizing__x": {"figures": [{**FIGURE, **CHOICE}]}},
        "a number without date",
    ),
    "size of a tier": (
        {"hosts__x": serving(price={"input_usd_per_mtok": [claim(5, as_of="")]})},
        {"hosts__x": serving(price={"tiers": [{"above_tokens": 200_000, "input_usd_per_mtok": [claim(5)]}]})},
        "a number without date",
    ),
    "settled number": (
        {"hosts__x": serving(facts={"retention_days": {"claims": [claim(3, as_of="")], "settled": RECORD}})},
        {"hosts__x": serving(facts={"retention_days": {"claims": [claim(3)], "settled": RECORD}})},
        "a number without date",
    ),
    "certificate": (held(claim("yes")), held(claim("yes", url=PAGE)), "no address leads to its evidence"),
    "certificate that is remembered": (held(claim("yes")), held(claim("yes", grade="memory")), "no address leads to its evidence"),
    "certificate that is not held": (held(claim("yes")), held(claim("no")), "no address leads to its evidence"),
    "certificate without any claim": (held(), held(claim("unknown")), "a certificate without any claim"),
    "dear price": (
        {"hosts__x": serving(price={"input_usd_per_mtok": [claim(5_000)]})},
        {"hosts__x": serving(price={"input_usd_per_mtok": [claim(600)]})},
        "is not between 0 and 2,000",
    ),
    "dear settled price": (
        {"hosts__x": serving(settled={"input_usd_per_mtok": {**RECORD, "value": 3000}})},
        {"hosts__x": serving(settled={"input_usd_per_mtok": RECORD})},
        "3000 is not between 0 and 2,000",
    ),
    "long input": (served_with(context_tokens=[claim(10**9)]), served_with(context_tokens=[claim(10**7)]), "is not between 0 and"),
    "no input": (served_with(context_tokens=[claim(0)]), served_with(context_tokens=[claim([1, 9])]), "0 is not between 0 and"),
    "long settled input": (
        served_with(context_tokens={"claims": [], "settled": {**RECORD, "value": 10**9}}),
        served_with(context_tokens={"claims": [], "settled": RECORD}),
        "is not between 0 and",
    ),
    "closed with weights": (
        {"models__x": {**model(open_weights="no", licence="proprietary-api", architecture=SHAPE), "sources": CARD}},
        {"models__x": {**model(architecture=SHAPE), "sources": CARD}},
        "made-up-model is closed and yet has weights to run",
    ),
    "closed under an open licence": (
        {"models__x": model(open_weights="no")},
        {"models__x": model(open_weights="no", licence="proprietary-api")},
        "closed weights under the open-source licence mit",
    ),
    "open under a closed licence": (
        {"models__x": model(licence="proprietary-api")},
        {"models__x": model()},
        "open weights under the closed licence proprietary-api",
    ),
    "row of two models": (
        row_of("gpt-oss-120b", "made-up-model"),
        row_of("gpt-oss-120b", "gpt-oss-120b"),
        f"the row {FEED_ROW} is mapped to made-up-model and to gpt-oss-120b",
    ),
}  # fmt: skip


def found(at: Path, files: Files) -> list[str]:
    catalogue = on_shelf(at, **files)
    return [str(problem) for problem in problems([shelf(), at], catalogue) if str(at) in problem.path]


@pytest.mark.parametrize("rule", CASES)
def test_what_breaks_a_rule_is_named_with_its_line_and_what_keeps_it_is_not(rule: str, tmp_path: Path) -> None:
    wrong, right, expected = CASES[rule]
    told = found(tmp_path / "wrong", wrong)
    assert any(expected in text for text in told), told
    assert all(int(text.removeprefix(str(tmp_path)).split(":")[1]) > 1 for text in told)
    assert found(tmp_path / "right", right) == []


def test_what_does_not_load_is_checked_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    at = made_up.folder(tmp_path, **held(claim("yes")), hosts__y={"id": "no host"})
    (at / "models").mkdir()
    (at / "models" / "z.yaml").write_text("models: [", encoding="utf-8")
    assert [problem.path for problem in problems([at], None)] == [f"{at}/hosts/x.yaml"]


# ---------------------------------------------------------------------- remarks
def noted(at: Path, **files: made_up.Form) -> list[str]:
    catalogue = on_shelf(at, **files)
    from advisor.catalogue.options import build_options

    found = remarks([shelf(), at], catalogue, build_options(catalogue, AS_OF), AS_OF)
    return [str(remark) for remark in found if "licence" not in remark.what]


def test_sources_that_nothing_names_are_worth_a_look(tmp_path: Path) -> None:
    sources = {"page": {"grade": "primary"}, "blog": {"grade": "secondary"}}
    facts = {"retention_days": [{"value": 3, "source": "page"}]}
    (remark,) = noted(tmp_path, hosts__x=host(sources=sources, facts=facts))
    assert "nothing in this file names the source 'blog'" in remark


def test_models_that_cannot_be_chosen_are_worth_a_look(tmp_path: Path) -> None:
    (remark,) = noted(tmp_path, models__x=model())
    assert "no host serves made-up-model" in remark
    assert noted(tmp_path / "shaped", models__x={**model(architecture=SHAPE), "sources": CARD}) == []


def test_licences_that_no_model_has_are_worth_a_look(tmp_path: Path) -> None:
    catalogue = on_shelf(tmp_path, models__x=model())
    whats = [remark.what for remark in remarks([shelf()], catalogue, (), AS_OF)]
    assert "no model has the licence llama-4" in whats
    assert "no model has the licence mit" not in whats


def test_settlements_that_wait_or_change_nothing_are_worth_a_look(tmp_path: Path) -> None:
    price = {"input_usd_per_mtok": [claim(2)]}
    later = {**RECORD, "on": "2027-01-01"}
    settled = {"input_usd_per_mtok": later, "output_usd_per_mtok": RECORD}
    waits, nothing = noted(tmp_path, hosts__x=serving(price=price, settled=settled))
    assert "counts from 2027-01-01 on" in waits or "counts from 2027-01-01 on" in nothing
    assert "output_usd_per_mtok of gpt-oss-120b is settled and no source states it" in waits + nothing
    assert noted(tmp_path / "good", hosts__x=serving(price=price, settled={"input_usd_per_mtok": RECORD})) == []
