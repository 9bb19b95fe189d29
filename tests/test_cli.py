"""The command line: every command helps, prints what it promises to stdout and nothing else, and exits as documented."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import jsonschema
import pytest

from advisor.library import shipped
from advisor.strict_yaml import read
from tests.conftest import AS_OF, Advisor

EXAMPLES = shipped("data") / "examples"
HOSPITAL = str(EXAMPLES / "hospital-de.yaml")
DAY = ("--as-of", str(AS_OF))
FIGURES = ("best", "comparison-document")


# ---------------------------------------------------------------------- help
COMMANDS = [
    "questions", "recommend", "why", "compare", "costs", "memo", "app",
    "rules list", "rules show", "rules check", "rules test", "rules schema", "rules coverage", "rules mutate", "rules suggest",
    "rules prove", "rules diff", "rules impact", "rules review",
    "catalogue list", "catalogue show", "catalogue check", "catalogue refresh", "catalogue unmapped", "catalogue disputes",
    "catalogue missing", "catalogue questions", "catalogue ages", "catalogue diff", "catalogue schema",
]  # fmt: skip


@pytest.mark.parametrize("command", ["", "rules", "catalogue", *COMMANDS])
def test_every_command_helps(command: str, advisor: Advisor) -> None:
    helped = advisor(*command.split(), "--help")
    assert helped.code == 0
    assert helped.out.startswith("Usage: ")
    assert len(helped.out.splitlines()) > 5


def test_every_command_that_exists_is_tested_here(advisor: Advisor) -> None:
    found = []
    for group in ("", "rules", "catalogue"):
        listed = advisor(*group.split(), "--help").out.partition("Commands:")[2]
        names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "]
        found += [f"{group} {name}".strip() for name in names if name not in ("rules", "catalogue")]
    assert sorted(found) == sorted(COMMANDS)


def test_an_unknown_command_could_not_run(advisor: Advisor) -> None:
    assert advisor("recomend", HOSPITAL).code == 2


# ---------------------------------------------------------------------- recommend
KEYS = {
    "schema", "as_of", "engine_version", "figures", "digests", "outcome", "recommended", "runner_up", "counts", "options", "reasons",
    "obligations", "cautions", "evidence_requests", "disputes", "stability", "flips", "horizon", "open_questions",
}  # fmt: skip
OPTION_KEYS = {
    "id", "name", "model", "host", "endpoint", "mode", "processing_places", "storage_places", "standing", "rank", "score", "criteria",
    "cost", "preconditions", "open_obligations", "evidence_requests", "findings",
}  # fmt: skip
FINDING_KEYS = {"rule", "title", "effect", "verdict", "reason", "cite", "url", "checked", "facts"}


@pytest.mark.parametrize("name", ["hospital-de", "startup-us"])
def test_a_recommendation_has_every_documented_key(name: str, advisor: Advisor) -> None:
    ran = advisor("recommend", str(EXAMPLES / f"{name}.yaml"), "--format", "json", *DAY)
    assert (ran.code, ran.err) == (0, "")
    found = ran.json
    assert found["schema"] == "recommendation/1"
    assert found.keys() >= KEYS
    assert found["digests"].keys() == {"answers", "catalogue", "rulebook"}
    assert all(len(digest) == 64 for digest in found["digests"].values())
    assert found["counts"].keys() == {"options", "eligible", "conditional", "unconfirmed", "excluded"}
    assert found["counts"]["options"] == sum(count for key, count in found["counts"].items() if key != "options")
    assert found["outcome"] in ("recommended", "conditional", "unconfirmed-only", "none")
    for option in found["options"]:
        assert option.keys() >= OPTION_KEYS
        assert set(option["criteria"]) == {"quality", "cost", "control", "operations", "speed"}
        assert all(c.keys() >= {"low", "expected", "high", "value", "weight"} for c in option["criteria"].values())
        assert all(f.keys() >= FINDING_KEYS for f in option["findings"])
        assert all(fact.keys() >= {"values", "unknown", "claims"} for f in option["findings"] for fact in f["facts"].values())


def test_an_option_says_where_it_processes_and_where_it_stores(advisor: Advisor) -> None:
    def shown(option: str) -> tuple[object, object]:
        found = advisor("why", HOSPITAL, option, "--format", "json", *DAY).json
        return found["processing_places"], found["storage_places"]

    assert shown("gpt-oss-120b@deepinfra/api") == (["US"], "unknown")
    assert shown("llama-4-maverick@on-premises/DE/8xh100-fp8") == (["DE"], ["DE"])
    assert len(shown("gpt-5.4@openai-api/global")[0]) > 200  # type: ignore[arg-type]


def test_money_is_written_as_decimal_text(advisor: Advisor) -> None:
    found = advisor("recommend", HOSPITAL, "--format", "json", *DAY).json
    priced = [option["cost"] for option in found["options"] if option["cost"]["usd_per_month"]]
    assert priced
    amounts = [v for cost in priced for v in cost["usd_per_month"].values()]
    amounts += [line[side] for cost in priced for line in cost["lines"] for side in ("low", "expected", "high")]
    assert all(isinstance(amount, str) and len(amount.partition(".")[2]) == 2 for amount in amounts)


def test_all_options_are_shown_on_request_each_once_and_ranked_without_gaps(advisor: Advisor) -> None:
    few, every = (advisor("recommend", HOSPITAL, "--format", "json", "--options", which, *DAY).json for which in ("shortlist", "all"))
    ids = [option["id"] for option in every["options"]]
    assert len(ids) == len(set(ids)) == every["counts"]["options"]
    assert {option["id"] for option in few["options"]} < set(ids)
    excluded = [option for option in every["options"] if option["standing"] == "excluded"]
    assert all(any(f["verdict"] == "breaches" and f["effect"] == "require" for f in option["findings"]) for option in excluded)
    ranks = sorted(option["rank"] for option in every["options"] if option["rank"] is not None)
    assert ranks == list(range(1, every["counts"]["eligible"] + every["counts"]["conditional"] + 1))
    assert every["recommended"] == next((o["id"] for o in every["options"] if o["rank"] == 1), None)


def test_the_text_of_a_recommendation_says_it_is_no_legal_advice_once_and_fits_a_terminal(advisor: Advisor) -> None:
    ran = advisor("recommend", HOSPITAL, *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("not legal advice") == 1
    assert f"As of {AS_OF}" in ran.out


def test_nothing_recommended_is_a_finding_and_exits_well(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "residency: listed\nresidency_places: []\nforeign_control: no\nlongest_input_tokens: 900000000\n", encoding="utf-8"
    )
    ran = advisor("recommend", str(tmp_path / "a.yaml"), "--format", "json", *DAY)
    assert ran.code == 0
    assert ran.json["recommended"] is None
    assert ran.json["outcome"] in ("none", "unconfirmed-only")


def test_the_figures_of_the_comparison_document_change_the_numbers_and_are_named(advisor: Advisor) -> None:
    best, theirs = (advisor("compare", "gpt-5.4@openai-api/global", "--format", "json", "--figures", f, *DAY).json for f in FIGURES)
    prices = [next(row["cells"][0] for row in found["rows"] if row["label"] == "List price") for found in (best, theirs)]
    assert (best["figures"], theirs["figures"]) == FIGURES
    assert best["digests"] == theirs["digests"]
    assert prices[0].startswith("2.5")
    assert prices[1] == "10 / 30"


def test_an_earlier_date_selects_other_arms_and_is_stamped_with_what_was_known(advisor: Advisor) -> None:
    now, before = (advisor("recommend", HOSPITAL, "--format", "json", "--as-of", day).json for day in ("2026-11-24", "2018-05-24"))
    assert (before["as_of"], before["known_on"]) == ("2018-05-24", now["known_on"])
    rules = [{f["rule"] for option in found["options"] for f in option["findings"]} for found in (now, before)]
    assert "eu-gdpr-44-transfer" in rules[0] - rules[1]
    assert {"date": "2018-05-25", "rule": "eu-gdpr-44-transfer"}.items() <= next(
        item for item in before["horizon"] if item["rule"] == "eu-gdpr-44-transfer"
    ).items()


# ---------------------------------------------------------------------- why, compare, costs
def test_why_gives_every_finding_of_one_option(advisor: Advisor) -> None:
    ran = advisor("why", HOSPITAL, "gpt-5.4@openai-api/eu", "--format", "json", *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["schema"], ran.json["id"]) == ("why/1", "gpt-5.4@openai-api/eu")
    assert {f["verdict"] for f in ran.json["findings"]} > {"complies"}
    assert advisor("why", HOSPITAL, "gpt-5.4@openai-api/eu", *DAY).out.count("http") >= 3


def test_why_of_an_option_that_is_none_suggests_one(advisor: Advisor) -> None:
    ran = advisor("why", HOSPITAL, "gpt-5.4@openai-api/uk", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no option 'gpt-5.4@openai-api/uk'; did you mean 'gpt-5.4@openai-api/" in ran.err


def test_compare_without_names_shows_the_three_systems_of_the_comparison_document(advisor: Advisor) -> None:
    ran = advisor("compare", "--format", "json", *DAY)
    assert (ran.code, ran.err) == (0, "")
    closed, self_hosted, hosted = ran.json["options"]
    assert closed.startswith("gpt-5.4@openai-api/")
    assert self_hosted.startswith("llama-4-maverick@")
    assert "x" in self_hosted.rpartition("/")[2]
    assert hosted.startswith("llama-4-maverick@")
    topics = {row["topic"] for row in ran.json["rows"]}
    assert len(topics) >= 5
    assert all(len(row["cells"]) == 3 for row in ran.json["rows"])
    assert len(ran.json["choose"]) == 3


@pytest.mark.parametrize("names", [("gpt-5.4", "gpt-oss-120b"), ("gpt-5.4@openai-api/eu",)])
def test_compare_takes_models_and_options_with_and_without_answers(names: tuple[str, ...], advisor: Advisor) -> None:
    for first in ((), (HOSPITAL,)):
        found = advisor("compare", *first, *names, "--format", "json", *DAY).json
        assert [option.startswith(name) for option, name in zip(found["options"], names, strict=True)] == [True] * len(names)


def test_compare_of_an_unknown_name_could_not_run(advisor: Advisor) -> None:
    ran = advisor("compare", "gpt-54", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'gpt-5.4'" in ran.err


def test_costs_come_as_text_json_and_a_table(advisor: Advisor) -> None:
    found = advisor("costs", HOSPITAL, "--format", "json", *DAY).json
    assert found["options"]
    rows = list(csv.DictReader(io.StringIO(advisor("costs", HOSPITAL, "--format", "csv", *DAY).out)))
    assert rows
    assert {row[next(iter(row))] for row in rows} <= {option["id"] for option in found["options"]}
    assert "$" in advisor("costs", HOSPITAL, *DAY).out


# ---------------------------------------------------------------------- questions
def test_the_schema_of_an_answers_file_is_valid_and_accepts_every_example(advisor: Advisor, tmp_path: Path) -> None:
    asked = advisor("questions", "--format", "json").json
    schema = asked["answers_schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted(EXAMPLES.glob("*.yaml"))
    assert len(files) == 8
    assert [f"{path.name}: {e.message[:200]}" for path in files for e in validator.iter_errors(read(path).data)] == []
    assert validator.is_valid({"tasks": "unknown", "owner": None, "requests_per_month": 5})


@pytest.mark.parametrize(
    "wrong",
    [
        {"taks": []},
        {"tasks": ["chta"]},
        {"tasks": ["chat", "chat"]},
        {"organisation_country": "XX"},
        {"people_countries": "DE"},
        {"requests_per_month": -1},
        {"requests_per_month": 1.5},
        {"cached_share": 2},
        {"priorities": {"quality": 101}},
        {"use_case": "x" * 2001},
    ],
)
def test_the_schema_of_an_answers_file_refuses_what_the_reader_refuses(wrong: dict[str, object], advisor: Advisor) -> None:
    schema = advisor("questions", "--format", "json").json["answers_schema"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)


def test_every_question_has_a_reason_and_its_values(advisor: Advisor) -> None:
    asked = advisor("questions", "--format", "json").json["questions"]
    assert all(q["title"] and q["why"] and q["who"] and q["fields"] for q in asked)
    keys = {field["key"] for q in asked for field in q["fields"]}
    text = advisor("questions").out
    assert [key for key in keys if key not in text] == []
