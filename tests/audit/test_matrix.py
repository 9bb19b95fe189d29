"""The coverage matrix: a row for every provision, totals that count a rule once, and a CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from advisor.audit.examples.coverage import Coverage, cover
from advisor.audit.views.matrix import COLUMNS, Asked, Row, as_csv, by_law, rows, totals, unnamed
from advisor.library import Library
from advisor.rulebook.provisions import Provision
from advisor.rulebook.rulebook import Rulebook
from tests.audit.made_rules import FINDER, TRANSFER, VOCABULARY, made, rule
from tests.conftest import AS_OF

FIRST = rule(TRANSFER)
SECOND = made("{in_force: {from: 2020-01-01}, source: SOURCE, applies_when: {all: []}, requires: {fact: use.public, is: yes}}")


def provision(name: str, **changes: object) -> Provision:
    whole = Provision(name, "Example Act", "XX", "s. 1", "A title", "blocks", "covered_by", (FIRST.id,), None, "", None, "p.yaml", 1)
    return replace(whole, **changes)  # type: ignore[arg-type]


PROVISIONS = (
    provision("one"),
    provision("two", rules=(FIRST.id, SECOND.id), consequence="caution"),
    provision("three", law="Other Act", status="manual", rules=(), why="=SUM(A1)"),
    provision("four", law="Other Act", place="YY", status="out_of_scope", rules=(), why="It is about bees, or “wasps”,\nnot models."),
)
RULEBOOK = Rulebook({FIRST.id: FIRST, SECOND.id: SECOND}, provisions=PROVISIONS)


@pytest.fixture(scope="module")
def covers() -> dict[str, Coverage]:
    return {item.id: cover(item, VOCABULARY, FINDER) for item in (FIRST, SECOND)}


def test_a_row_counts_the_examples_and_gaps_of_its_rules(covers: dict[str, Coverage]) -> None:
    found = rows(RULEBOOK, covers, AS_OF)
    assert [row.provision.id for row in found] == ["one", "two", "three", "four"]
    assert [row.examples for row in found] == [1, 2, 0, 0]
    assert found[0].outcomes == covers[FIRST.id].total
    assert found[1].untested == sum(len(cover.untested) for cover in covers.values())
    assert [row.review for row in found] == ["not reviewed", "not reviewed", "", ""]


def test_totals_count_a_rule_once(covers: dict[str, Coverage]) -> None:
    found = totals(rows(RULEBOOK, covers, AS_OF), covers)
    assert (found.provisions, found.covered, found.manual, found.out_of_scope) == (4, 2, 1, 1)
    assert (found.rules, found.reviewed, found.examples) == (2, 0, 2)
    assert found.outcomes == sum(cover.total for cover in covers.values())
    groups = by_law(rows(RULEBOOK, covers, AS_OF))
    assert list(groups) == [("XX", "Example Act"), ("XX", "Other Act"), ("YY", "Other Act")]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Asked(), ["one", "two", "three", "four"]),
        (Asked(law="Other Act", place="YY"), ["four"]),
        (Asked(status="covered_by", consequence="caution"), ["two"]),
        (Asked(place="ZZ"), []),
    ],
)
def test_filters_leave_what_fits_all_of_them(asked: Asked, left: list[str], covers: dict[str, Coverage]) -> None:
    assert [row.provision.id for row in rows(RULEBOOK, covers, AS_OF) if asked.keeps(row)] == left


def test_the_csv_holds_every_cell_and_no_formula(covers: dict[str, Coverage]) -> None:
    found = rows(RULEBOOK, covers, AS_OF)
    read = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert tuple(read[0]) == COLUMNS
    assert [line["id"] for line in read] == ["one", "two", "three", "four"]
    assert read[1]["rules"] == f"{FIRST.id} {SECOND.id}"
    assert read[2]["why"] == "'=SUM(A1)"
    assert read[3]["why"] == PROVISIONS[3].why
    assert as_csv(()) == ",".join(COLUMNS) + "\r\n"


def test_rules_without_a_provision_are_named(covers: dict[str, Coverage]) -> None:
    assert unnamed(RULEBOOK) == []
    assert unnamed(replace(RULEBOOK, provisions=PROVISIONS[:1])) == [SECOND]


def test_every_shipped_provision_has_a_row(library: Library) -> None:
    found: list[Row] = rows(library.rulebook, {}, AS_OF)
    assert [row.provision for row in found] == list(library.rulebook.provisions)
    for row in found:
        assert bool(row.rules) == (row.provision.status == "covered_by"), row.provision.id
