"""Every lint fires where it should, with its place and code, and nothing fires on a rule that is well written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from advisor.library import load_library, roots, shipped
from advisor.rulebook.lint_codes import CODES
from advisor.rulebook.lint_files import modeline
from advisor.rulebook.lints import Lint, case_names, rulebook_lints
from advisor.rulebook.load import load_rulebook
from tests.conftest import Advisor
from tests.made_up import shipped_vocabulary

AS_OF = date(2026, 11, 24)

WELL = """\
# yaml-language-server: $schema=../../rule.schema.json
id: xx-act-4
title: Prompts with personal data are kept at most 30 days
effect: require
place: XX
topic: retention
arms:
  - in_force: {from: 2026-01-01}
    source: {cite: Example Act s. 4, url: "https://law.example/4", checked: read, verified: 2026-11-20}
    applies_when: {fact: use.data_classes, has: personal}
    requires: {fact: option.retention_days, at_most: 30}
exceptions:
  - id: own
    title: Own machines
    when: {fact: option.premises, is: own}
    source: {cite: Example Act s. 5, url: "https://law.example/5", checked: read, verified: 2026-11-20}
    examples:
      - name: own machines are out of scope
        given: {use.data_classes: [personal], option.premises: own}
        verdict: not_applicable
reason: Prompts would be kept for {option.retention_days}.
remedy: Choose another endpoint.
examples:
  - {name: kept for 30 days, given: {use.data_classes: [personal], option.premises: host, option.retention_days: 30}, verdict: complies}
  - {name: kept for 31 days, given: {use.data_classes: [personal], option.premises: host, option.retention_days: 31}, verdict: breaches}
  - {name: no personal data, given: {use.data_classes: [], option.premises: host}, verdict: not_applicable}
  - {name: not known, given: {use.data_classes: [personal]}, verdict: unknown}
  - {name: the last day without the act, given: {}, verdict: not_in_force, as_of: 2025-12-31}
  - {name: the first day of the act, given: {}, verdict: unknown, as_of: 2026-01-01}
review: not yet reviewed by a lawyer
"""
SCOPE = "{fact: use.data_classes, has: personal}"
NEED = "{fact: option.retention_days, at_most: 30}"
PROVISIONS = """\
# yaml-language-server: $schema=../../provisions.schema.json
law: Example Act
place: XX
provisions:
  - {id: xx-act-4, provision: s. 4, title: Retention, consequence: blocks, status: covered_by, rules: [xx-act-4], case: a-case}
"""
WEIGH = """\
# yaml-language-server: $schema=../rule.schema.json
id: weigh-x
title: Quality counts for every choice there is
effect: weigh
place: anywhere
topic: weights
arms: [{in_force: {}, source: {cite: made up, url: "", checked: read}, points: {quality: 5}}]
examples: [{name: always, given: {}, verdict: complies}]
review: not yet reviewed by a lawyer
"""
FRESHNESS = "classes: [{name: laws, days: 365}]\n"
WAIVER = """\
# yaml-language-server: $schema=waiver.schema.json
id: w-1
rule: xx-act-4
scope: {options: ["m@h/*"], use_case: letters}
reason: The endpoint is being replaced this winter.
compensating_control: Prompts are deleted by hand each month.
author: {name: Ann Example, role: owner}
approver: {name: Bo Example, role: counsel}
approved_on: 2026-06-01
expires: 2027-01-01
"""


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., list[Lint]]:
    """The lints of a small rulebook; keyword arguments replace its files."""

    def run(rule: str = WELL, *, as_of: date = AS_OF, cases: frozenset[str] = frozenset({"a-case"}), **files: str) -> list[Lint]:
        whole = {"xx/act/provisions.yaml": PROVISIONS, "freshness.yaml": FRESHNESS, "xx/act/rule.yaml": rule}
        whole |= {f"{name.replace('__', '/')}.yaml": text for name, text in files.items()}
        for name, text in whole.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        book = load_rulebook([tmp_path], shipped_vocabulary())
        return rulebook_lints([tmp_path], book, shipped_vocabulary(), cases, as_of)

    return run


def codes(found: list[Lint]) -> list[str]:
    return sorted({lint.code for lint in found})


def test_a_well_written_rulebook_has_nothing_to_mend(check: Callable[..., list[Lint]]) -> None:
    assert [str(lint) for lint in check(weighing__x=WEIGH)] == []


def test_a_lint_names_file_line_column_and_code(check: Callable[..., list[Lint]]) -> None:
    (lint,) = check(WELL.replace(NEED, f"{{all: [{NEED}]}}"))
    assert str(lint).endswith("xx/act/rule.yaml:11:5: `all` has one part only [single-part]")
    assert lint.severity == "problem"


# ---------------------------------------------------------------------- conditions
PERSONAL, CHILD = SCOPE, "{fact: use.data_classes, has: child}"
OWN, RENTED = "{fact: option.premises, is: own}", "{fact: option.premises, is: rented}"
SHIPPED_TESTS = "{fact: option.trains_on_prompts, is: no}"
HOST = "{fact: option.premises, is: host}"
NO_LOGS = "{fact: option.human_review, is: no}"


def limit(operator: str, number: int) -> str:
    return f"{{fact: option.retention_days, {operator}: {number}}}"


@pytest.mark.parametrize(
    ("requires", "code"),
    [
        (f"{{any: [{NEED}, {{all: []}}]}}", "constant-condition"),
        ("{any: []}", "constant-condition"),
        (f"{{all: [{NEED}, {{not: {NEED}}}]}}", "constant-condition"),
        (f"{{any: [{NEED}, {{not: {NEED}}}]}}", "constant-condition"),
        (f"{{all: [{limit('at_most', 5)}, {limit('at_least', 6)}]}}", "constant-condition"),
        (f"{{all: [{limit('below', 5)}, {limit('at_least', 5)}]}}", "constant-condition"),
        (f"{{any: [{limit('at_most', 5)}, {limit('above', 3)}]}}", "constant-condition"),
        (f"{{all: [{OWN}, {RENTED}]}}", "constant-condition"),
        (f"{{any: [{OWN}, {{not: {OWN}}}]}}", "constant-condition"),
        (f"{{any: [{NEED}, {{fact: option.premises, one_of: [own, rented, host]}}]}}", "constant-condition"),
        (f"{{any: [{NEED}, {{fact: option.premises, one_of: []}}]}}", "constant-condition"),
        (f"{{any: [{NEED}, {{fact: use.people_count, below: 0}}]}}", "constant-condition"),
        (f"{{any: [{NEED}, {{fact: option.contract_offers, has_all: []}}]}}", "constant-condition"),
        (f"{{all: [{NEED}, {NEED}]}}", "repeated-part"),
        (f"{{any: [{OWN}, {{fact: option.premises, one_of: [own]}}]}}", "repeated-part"),
        (f"{{all: [{limit('at_most', 5)}, {limit('at_most', 30)}]}}", "implied-part"),
        (f"{{any: [{limit('at_most', 5)}, {limit('at_most', 30)}]}}", "implied-part"),
        (f"{{any: [{OWN}, {{fact: option.premises, one_of: [own, host]}}]}}", "implied-part"),
        (f"{{any: [{NEED}, {{all: [{NEED}, {OWN}]}}]}}", "unreachable-part"),
        (f"{{all: [{NEED}, {{any: [{NEED}, {OWN}]}}]}}", "implied-part"),
        ("{all: [{fact: option.contract_offers, has: dpa}, {fact: option.contract_offers, has_any: [dpa, baa]}]}", "implied-part"),
        (f"{{all: [{NEED}, {{any: [{OWN}, {{all: [{PERSONAL}, {HOST}]}}]}}]}}", "implied-part"),
        (f"{{all: [{OWN}, {{any: [{NEED}, {RENTED}]}}]}}", "unreachable-part"),
        (f"{{any: [{NEED}, {{not: {SCOPE}}}]}}", "unreachable-part"),
        (f"{{all: [{NEED}, {{not: {{any: [{limit('above', 40)}, {HOST}]}}}}]}}", "implied-part"),
        (f"{{all: [{NEED}, {{not: {{any: [{limit('below', 20)}, {HOST}]}}}}]}}", ""),
        (f"{{any: [{NEED}, {{not: {{not: {OWN}}}}}]}}", "double-not"),
        (f"{{any: [{NEED}]}}", "single-part"),
        (f"{{any: [{NEED}, {SHIPPED_TESTS}, {NO_LOGS}]}}", ""),
        ("{all: []}", ""),
    ],
)  # fmt: skip
def test_what_shows_in_a_condition(requires: str, code: str, check: Callable[..., list[Lint]]) -> None:
    found = check(WELL.replace(NEED, requires))
    here = {"constant-condition", "repeated-part", "implied-part", "unreachable-part", "double-not", "single-part"}
    assert {lint.code for lint in found} & here == ({code} if code else set()), "\n".join(map(str, found))
    assert all(lint.line == 11 for lint in found if lint.code == code)


def test_data_that_implies_other_data_is_seen(check: Callable[..., list[Lint]]) -> None:
    found = check(WELL.replace(f"applies_when: {SCOPE}", f"applies_when: {{all: [{CHILD}, {PERSONAL}]}}"))
    assert "implied-part" in codes(found)
    assert "implied-part" not in codes(check(WELL.replace(f"applies_when: {SCOPE}", f"applies_when: {{all: [{CHILD}, {OWN}]}}")))


def test_a_part_of_a_negative_range_is_no_contradiction(check: Callable[..., list[Lint]]) -> None:
    found = check(WELL.replace(NEED, f"{{all: [{limit('above', 5)}, {limit('at_most', 30)}]}}"))
    assert "constant-condition" not in codes(found)


def test_an_exception_that_contradicts_the_scope_is_unreachable(check: Callable[..., list[Lint]]) -> None:
    found = check(WELL.replace(f"applies_when: {SCOPE}", f"applies_when: {{all: [{SCOPE}, {{fact: option.premises, is: host}}]}}"))
    assert "unreachable-exception" in codes(found)


def test_a_group_without_members_while_the_arm_is_in_force(check: Callable[..., list[Lint]]) -> None:
    narrow = "{fact: option.processing_places, within: {group: us-countries-of-concern}}"
    found = check(WELL.replace(NEED, narrow).replace("from: 2026-01-01", "from: 1900-01-01"))
    spans = shipped_vocabulary().places.groups["us-countries-of-concern"].spans
    assert ("empty-group" in codes(found)) == all(span.since is not None for span in spans)


# ---------------------------------------------------------------------- texts, sources, examples
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Prompts with personal data are kept", "Prompts with personal data are kept " + "x" * 90, "long-title"),
        ("Choose another endpoint.", "Choose another endpoint", "no-full-stop"),
        ("{option.retention_days}.", "{option.mode}.", "unread-placeholder"),
        ("{option.retention_days}.", "{option.premises}.", "placeholder-of-an-exception"),
        ('"https://law.example/4"', '""', "missing-address"),
        ('"https://law.example/5"', '""', "missing-address"),
        ("read, verified: 2026-11-20}\n    applies", "read}\n    applies", "never-verified"),
        ("verified: 2026-11-20}\n    applies", "verified: 2025-11-24}\n    applies", "stale-source"),
        ("checked: read, verified: 2026-11-20}\n    applies", "checked: memory, verified: 2026-11-20}\n    applies", "memory-source"),
        ("verdict: breaches}", "verdict: complies}", "missing-verdict"),
        ("[], option.premises: host}", "[], option.premises: host, option.mode: unknown}", "unread-given"),
        ("- {name: not known, given: {use.data_classes: [personal]}",
         "- {name: not known, given: {use.data_classes: [personal], option.premises: host, option.retention_days: 30}", "repeated-example"),
        ("option.retention_days: 30}", "option.retention_days: 29}", "limit-without-example"),
        ("option.retention_days: 31}", "option.retention_days: unknown}", "limit-without-example"),
        ("as_of: 2026-01-01", "as_of: 2026-01-02", "date-without-example"),
        ("as_of: 2025-12-31", "as_of: 2025-12-30", "date-without-example"),
        ("option.premises: own}", "option.premises: unknown}", "exception-without-example"),
        ("option.premises: host", "option.premises: unknown", "exception-without-counter-example"),
        ("review: not", "related: [{rule: nowhere, as: duplicates, why: It says the same.}]\nreview: not", "unknown-related"),
        ("# yaml-language-server: $schema=../../rule.schema.json\n", "", "missing-modeline"),
        ("$schema=../../rule", "$schema=../rule", "missing-modeline"),
        ("[], option.premises: host}", "[], use.people_countries: [NO]}", "other-readers"),
        ("place: XX", "place: NO", "other-readers"),
    ],
)  # fmt: skip
def test_what_shows_in_a_rule(old: str, new: str, code: str, check: Callable[..., list[Lint]]) -> None:
    assert old in WELL
    assert code in codes(check(WELL.replace(old, new)))
    assert CODES[code].meaning


def test_quoted_and_plain_yes_are_fine(check: Callable[..., list[Lint]]) -> None:
    text = WELL.replace("given: {use.data_classes: [], option.premises: host}", "given: {use.data_classes: [], option.premises: host}")
    text = text.replace("place: XX", 'place: "NO"').replace(NEED, f"{{any: [{NEED}, {{fact: option.human_review, is: no}}]}}")
    assert "other-readers" not in codes(check(text))


def test_a_source_is_stale_on_the_day_it_is_due(check: Callable[..., list[Lint]]) -> None:
    assert "stale-source" not in codes(check(as_of=date(2027, 11, 19)))
    assert "stale-source" in codes(check(as_of=date(2027, 11, 20)))


def test_a_rule_that_reads_nothing(check: Callable[..., list[Lint]]) -> None:
    text = WELL.replace(f"    applies_when: {SCOPE}\n", "").replace(NEED, "{all: []}")
    start, end = text.index("exceptions:"), text.index("reason:")
    assert "reads-nothing" in codes(check(text[:start] + text[end:]))


def test_a_void_review(check: Callable[..., list[Lint]]) -> None:
    review = f"reviews: [{{reviewer: Dana Example, role: counsel, on: 2026-11-01, tree: {'a' * 64}, cite: {'a' * 64}, scope: all of it}}]\n"
    assert "void-review" in codes(check(WELL.replace("review: not", f"author: Ann Example\n{review}review: not")))


# ---------------------------------------------------------------------- provisions and waivers
def test_what_belongs_together(check: Callable[..., list[Lint]]) -> None:
    assert codes(check(xx__act__provisions=PROVISIONS.replace("[xx-act-4]", "[weigh-x]"), weighing__x=WEIGH)) == [
        "blocks-without-require", "provision-covered-by-weighing", "rule-without-provision",
    ]  # fmt: skip
    assert codes(check(weighing__x=WEIGH, cases=frozenset())) == ["missing-case"]


MANUAL = """\
  - id: xx-act-5
    provision: s. 5
    title: Records
    consequence: documentation-duty
    status: manual
    why: No fact records it.
    shows: obligation
    applies_when: {any: [{fact: use.data_classes, has: personal}]}
    text: Keep a record
    source: {cite: Example Act s. 5, url: "", checked: read}
"""


def test_a_provision_left_to_a_person_is_checked_like_a_rule(check: Callable[..., list[Lint]]) -> None:
    found = check(xx__act__provisions=PROVISIONS + MANUAL)
    assert [(lint.code, lint.line) for lint in found] == [
        ("single-part", 13), ("no-full-stop", 14), ("missing-address", 15), ("never-verified", 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        ("name: Bo Example", "name: ann  example", ["void-waiver"]),
        ("rule: xx-act-4", "rule: xx-act-5", ["void-waiver"]),
        ("expires: 2027-01-01", "expires: 2026-11-24", ["lapsed-waiver"]),
        ("expires: 2027-01-01", "expires: never", ["void-waiver"]),
        ("expires: 2027-01-01", "expires: 2028-01-01", ["void-waiver"]),
    ],
)
def test_waivers_that_hold_nothing_are_shown(old: str, new: str, found: list[str], check: Callable[..., list[Lint]]) -> None:
    assert codes(check(waivers__w=WAIVER.replace(old, new))) == found


# ---------------------------------------------------------------------- codes, files, command
def test_every_code_is_explained_in_plain_sentences() -> None:
    for code, item in CODES.items():
        assert item.meaning.endswith(".")
        assert item.what_to_do.endswith(".")
        assert code == code.lower().replace("_", "-")
        assert len(item.paragraph) < 500


def test_every_code_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CODES if f'"{code}"' not in tried] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("eu/gdpr/art-44.yaml", "../../rule.schema.json"),
        ("weighing/base.yaml", "../rule.schema.json"),
        ("eu/gdpr/provisions.yaml", "../../provisions.schema.json"),
        ("waivers/w.yaml", "waiver.schema.json"),
        ("waivers/team/w.yaml", "../waiver.schema.json"),
    ],
)
def test_the_first_line_of_each_file(name: str, line: str) -> None:
    assert modeline(name) == f"# yaml-language-server: $schema={line}"
    assert modeline("freshness.yaml") == ""


def test_the_shipped_files_begin_with_the_right_line_and_their_conditions_show_nothing() -> None:
    lib = load_library()
    found = rulebook_lints([shipped("rules")], lib.rulebook, lib.vocabulary, case_names(roots("data", "ADVISOR_DATA")), AS_OF)
    assert [str(lint) for lint in found if lint.code == "missing-modeline"] == []


def test_the_command_prints_lints_notes_and_explanations(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    text = WELL.replace("checked: read, verified: 2026-11-20}\n    applies", "checked: memory, verified: 2026-11-20}\n    applies")
    (tmp_path / "xx" / "rule.yaml").write_text(text.replace(NEED, f"{{all: [{NEED}]}}"), encoding="utf-8")
    ran = advisor("rules", "check", "--rules", str(tmp_path), "--as-of", "2026-11-24")
    assert ran.code == 1
    mine = [line for line in ran.out.splitlines() if line.startswith(str(tmp_path))]
    assert [line.rpartition(" ")[2] for line in mine] == ["[rule-without-provision]", "[single-part]"]
    noted = advisor("rules", "check", "--rules", str(tmp_path), "--as-of", "2026-11-24", "--notes", "--format", "json").json
    assert {"memory-source"} <= {item["code"] for item in noted["found"] if item["severity"] == "note"}
    told = advisor("rules", "check", "--explain", "single-part")
    assert (told.code, told.out.splitlines()[0]) == (0, "single-part (problem)")
    assert advisor("rules", "check", "--explain", "single-parts").code == 2
