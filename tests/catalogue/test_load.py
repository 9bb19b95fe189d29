"""A broken catalogue file is refused with file and line, whatever is wrong in it; nothing wrong loads, and nothing crashes."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest

from advisor.errors import BrokenInput, NotFound
from advisor.library import load_library
from advisor.recommendation import recommend
from tests import made_up
from tests.conftest import AS_OF
from tests.made_up import claim, host, model

GPU = {
    "id": "h100", "name": "H", "memory_gib": 80, "bandwidth_gb_per_s": 3000, "tflops_bf16": 900, "precisions": ["fp8"],
    "watts_per_gpu": 700, "node_sizes": [8], "source": "A page",
}  # fmt: skip
RENT = {"hardware": "h100", "endpoints": ["api"], "node_sizes": [8], "usd_per_gpu_hour": [claim(2)]}
SERVED = {"model": "gpt-oss-120b", "endpoints": ["api"], "listed": made_up.LISTED}
BENCHMARK = {"id": "mmlu", "name": "MMLU", "zero": 25, "hundred": 95, "trust": 1, "tasks": ["any"], "why": "why"}

Files: TypeAlias = dict[str, made_up.Form]


def stating(**facts: object) -> Files:
    return {"hosts__x": host(facts=facts, sources={"page": {"grade": "primary"}})}


def listing(**parts: object) -> Files:
    return {"hosts__x": host(serves=[{"model": "gpt-oss-120b", "endpoints": ["api"], "listed": made_up.LISTED, **parts}])}


def renting(**parts: object) -> Files:
    return {"hosts__x": host(kind="gpu-cloud", serves=[], rents=[{**RENT, **parts}])}


def priced(value: object) -> Files:
    return listing(price={"input_usd_per_mtok": [claim(value)]})


TWO_ENDPOINTS = [{"id": "api", "name": "a"}, {"id": "api", "name": "b"}]
FEW = {"claims": [], "settled": {"value": "few", "by": "me", "on": "2026", "reason": "because"}}
UNGRADED = [{"value": 5, "source": "nobody"}]
FALLING = {"id": "power-price", "low": 3, "expected": 2, "high": 4, "unit": "USD", "source": "A page", "grade": "memory"}
NOTHING_HELD = {"total_params_b": 0, "active_params_b": 1, "source": "x"}

BROKEN: dict[str, tuple[Files, str]] = {
    "unknown fact": (stating(retention_day=[claim(3)]), "did you mean 'retention_days'"),
    "fact that is worked out": (stating(usd_per_month=[claim(3)]), "option.usd_per_month is worked out from other facts"),
    "word for a number": (stating(retention_days=[claim("short")]), "'short' is not a value"),
    "no number": (stating(retention_days=[claim(float("nan"))]), "nan is not a value"),
    "range upside down": (stating(retention_days=[claim([30, 7])]), "[30, 7] is not a value"),
    "no such choice": (stating(residency_commitment=[claim("promised")]), "'promised' is not a value"),
    "no such country": (stating(processing_places=[claim(["XX"])]), "['XX'] is not a value"),
    "held as a list": (stating(certificates=[claim("soc2")]), "claims for each member"),
    "no such certificate": (stating(certificates={"soc9": [claim("yes")]}), "'soc9' is not a value"),
    "perhaps held": (stating(certificates={"soc2": [claim("perhaps")]}), "'perhaps' is not a value"),
    "source that is not named": (stating(retention_days=[{"value": 3, "source": "pge"}]), "did you mean 'page'"),
    "unknown grade": (stating(retention_days=[claim(3, grade="certain")]), "grade"),
    "settled on no value": (stating(retention_days=FEW), "'few'"),
    "unknown key": ({"hosts__x": host(nick="x")}, "unknown key 'nick'"),
    "endpoint twice": ({"hosts__x": host(endpoints=TWO_ENDPOINTS)}, "'api'"),
    "unlisted": (listing(listed=[]), "nothing says that gpt-oss-120b is served there"),
    "no such model": (listing(model="gpt-oss-12b"), "there is no model 'gpt-oss-12b'"),
    "no such endpoint": (listing(endpoints=["eu"]), "there is no endpoint 'eu'"),
    "no such feed row": (listing(feeds=["litellm:nothing"]), "no price snapshot has the row"),
    "no such feed": (listing(feeds=["nothing"]), "no price snapshot has the row"),
    "uplift in words": (listing(uplift=[claim("ten percent")]), "'ten percent'"),
    "price below zero": (priced(-3), "-3"),
    "price in words": (priced("three"), "'three'"),
    "rent of no hardware": (renting(hardware="h1000"), "there is no hardware 'h1000'"),
    "rent at no endpoint": (renting(endpoints=["eu"]), "there is no endpoint 'eu'"),
    "rent in words": (renting(usd_per_gpu_hour=[claim("cheap")]), "'cheap'"),
    "rent below zero": (renting(usd_per_gpu_hour=[claim(-2)]), "-2"),
    "no such licence": ({"models__x": model(licence="nope")}, "there is no licence 'nope'"),
    "developer from nowhere": ({"models__x": model(developer_country="QQ")}, "'QQ'"),
    "no such benchmark": ({"models__x": model(scores=[{"benchmark": "nope", **claim(5)}])}, "there is no benchmark 'nope'"),
    "score in words": ({"models__x": model(scores=[{"benchmark": "mmlu", **claim("high")}])}, "'high' is not a finite number"),
    "weights of nothing": ({"models__x": model(architecture=NOTHING_HELD)}, "greater than 0"),
    "model twice": ({"models__x": {"models": [made_up.MODEL, made_up.MODEL]}}, "the model 'made-up-model' stands twice"),
    "purchase from no source": ({"hardware": {"hardware": [{**GPU, "purchase_usd_per_gpu": UNGRADED}]}}, "nobody"),
    "figure out of order": ({"sizing__x": {"figures": [FALLING]}}, "must rise from low to expected to high"),
    "benchmark with one end": ({"benchmarks": {"benchmarks": [{**BENCHMARK, "zero": 95}], "floors": []}}, "mmlu"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_and_its_place_is_named(name: str, tmp_path: Path) -> None:
    files, words = BROKEN[name]
    with pytest.raises(BrokenInput) as caught:
        made_up.catalogue(tmp_path / "mine", **files)
    text = str(caught.value)
    assert words in text
    (file,) = files
    assert all(problem.path.endswith(f"mine/{file.replace('__', '/')}.yaml") and problem.line for problem in caught.value.problems), text


def test_the_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(BrokenInput) as caught:
        made_up.catalogue(
            tmp_path, hosts__a=host(id="a", nick="x"), hosts__b=host(id="b", facts={"nothing": []}), models__c=model(nick="x")
        )
    assert {problem.path.rpartition("/")[2] for problem in caught.value.problems} == {"a.yaml", "b.yaml", "c.yaml"}


def test_a_later_folder_replaces_a_host_and_says_so(tmp_path: Path) -> None:
    catalogue = made_up.catalogue(tmp_path, hosts__deepinfra=host(id="deepinfra", name="DeepInfra under our contract"))
    assert catalogue.host("deepinfra").name == "DeepInfra under our contract"
    assert catalogue.overridden == ("host deepinfra",)


def test_a_later_folder_adds_a_model_that_rules_may_name(tmp_path: Path) -> None:
    catalogue = made_up.catalogue(tmp_path, models__mine=model())
    assert catalogue.model("made-up-model").licence == "mit"
    assert "made-up-model" in catalogue.vocabulary.values(catalogue.vocabulary.facts["option.model"])
    assert catalogue.overridden == ()


@pytest.mark.parametrize(("kind", "name", "near"), [("model", "gpt-54", "gpt-5.4"), ("host", "openai", "openai-api")])
def test_an_unknown_name_is_not_found_with_a_suggestion(kind: str, name: str, near: str, tmp_path: Path) -> None:
    catalogue = made_up.catalogue(tmp_path)
    with pytest.raises(NotFound, match=f"there is no {kind} '{name}'; did you mean '{near}'"):
        getattr(catalogue, kind)(name)


def test_a_claim_of_unknown_is_of_the_right_form_everywhere(tmp_path: Path) -> None:
    """`unknown` says that a source does not establish the value; it may stand wherever a value may."""
    nothing = [claim("unknown")]
    facts = {"retention_days": nothing, "certificates": {"soc2": nothing}, "processing_places": nothing}
    files = {
        "hosts__a": host(serves=[{**SERVED, "uplift": nothing, "price": {"input_usd_per_mtok": nothing}, "facts": facts}]),
        "hosts__b": host(id="b", kind="gpu-cloud", serves=[], rents=[{**RENT, "usd_per_gpu_hour": nothing}]),
        "models__c": model(scores=[{"benchmark": "mmlu", **claim("unknown")}]),
    }
    library = load_library((), [made_up.folder(tmp_path, **files)])
    answers = made_up.answers(requests_per_month=1000, input_tokens_per_request=1000, output_tokens_per_request=100)
    found = {r.option.id: r for r in recommend(answers, library, AS_OF).all}
    assert found["gpt-oss-120b@made-up/api"].cost.usd is None
    assert {r.cost.usd for name, r in found.items() if "@b/" in name} == {None}
