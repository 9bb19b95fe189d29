"""`advisor catalogue check`: everything wrong at once, with lines; what an overlay replaces; remarks apart from problems."""

from __future__ import annotations

from pathlib import Path

from tests import made_up
from tests.conftest import Advisor
from tests.made_up import claim, host, model


def test_all_that_is_wrong_is_said_at_once_with_lines(advisor: Advisor, tmp_path: Path) -> None:
    facts = {
        "certificates": {"iso27001x": [claim("yes")], "soc2": [claim("yes")]},
        "processing_places": [claim(["Atlantis"])],
        "mode": [claim("self-hosted")],
    }
    served = {"model": "gpt-oss-120b", "endpoints": ["apu"], "listed": made_up.LISTED}
    prices = {"input_usd_per_mtok": [claim(0)], "output_usd_per_mtok": [claim(-1)], "cache_read_usd_per_mtok": [claim(1e9)]}
    at = made_up.folder(
        tmp_path,
        hosts__a=host(id="twice", facts=facts, serves=[{**served, "price": prices}]),
        hosts__b=host(id="twice", serves=[{"model": "gpt-oss-121b", "endpoints": ["api"], "feeds": ["litellm:gpt-5.44"]}]),
        models__x={"models": [*model()["models"], *model(licence="mitt")["models"]]},  # type: ignore[misc]
    )
    ran = advisor("catalogue", "check", "--data", str(at))
    assert ran.code == 2
    for expected in (
        "'iso27001x' is not a value of option.certificates; did you mean 'iso27001'",
        "['Atlantis'] is not a value of option.processing_places",
        "option.mode follows from how the option is built",
        "0 is not a number above 0",
        "-1 is not a number above 0",
        "is not between 0 and 2,000",
        "no address leads to its evidence",
        "the host 'twice' stands twice",
        "the model 'made-up-model' stands twice",
        "there is no model 'gpt-oss-121b'; did you mean 'gpt-oss-120b'",
        "no price snapshot has the row 'litellm:gpt-5.44'",
        "there is no licence 'mitt'; did you mean 'mit'",
    ):
        assert expected in ran.err
    heads = [line for line in ran.err.splitlines() if line.startswith(str(at))]
    assert all(line.removeprefix(str(at)).split(":")[1].isdigit() for line in heads)


def test_an_overlay_that_replaces_records_is_told_and_remarks_stand_apart(advisor: Advisor, tmp_path: Path) -> None:
    groq = host(id="groq", sources={"page": {"grade": "primary"}})
    at = made_up.folder(tmp_path, hosts__groq=groq)
    ran = advisor("catalogue", "check", "--data", str(at), "--as-of", "2026-11-24")
    assert str(at) not in ran.err
    assert "your own data replace the shipped host groq" in ran.out
    assert "worth a look" in ran.out
    assert "nothing in this file names the source 'page'" in ran.out
    told = advisor("catalogue", "check", "--data", str(at), "--as-of", "2026-11-24", "--format", "json").json
    assert told["overridden"] == ["host groq"]
    assert [problem for problem in told["problems"] if str(at) in problem["path"]] == []
    assert [r["line"] > 1 for r in told["remarks"] if "'page'" in r["what"]] == [True]


def test_problems_end_in_exit_1_and_stand_on_stderr(advisor: Advisor, tmp_path: Path) -> None:
    at = made_up.folder(tmp_path, hosts__x=host(facts={"certificates": {"soc2": [claim("yes")]}}))
    ran = advisor("catalogue", "check", "--data", str(at), "--as-of", "2026-11-24")
    assert ran.code == 1
    assert "no address leads to its evidence" in ran.err
    assert "remark" in ran.out
