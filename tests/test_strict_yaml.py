"""The reader of signed files: plain data as two careful readers would agree on it, with the line of every part."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import BrokenInput, Problem
from advisor.strict_yaml import MOST_BYTES, MOST_DEPTH, Data, parse, where

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9), TEXTS)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("010", 10),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-11-24", "2026-11-24"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_plain_value_means_what_it_says(text: str, value: Data) -> None:
    found = parse(f"key: {text}", "a.yaml").data
    assert found == {"key": value}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(value)


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
@given(tree=TREES)
def test_every_json_document_is_read_as_json_reads_it(name: str, tree: object) -> None:
    assert parse(json.dumps(tree, ensure_ascii=name == "a.json"), name).data == tree


def test_every_part_has_its_line() -> None:
    document = parse("a: 1\nb:\n  - x\n  - c: 2\n    d: [3,\n        4]\n", "a.yaml")
    places = [("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "d"), ("b", 1, "d", 1)]
    assert [document.line(place) for place in places] == [1, 2, 3, 4, 5, 6]
    assert document.line(("b", 1, "nothing", 7)) == 4
    assert document.line(("nothing",)) == 1


def test_a_place_is_written_as_people_read_it() -> None:
    assert where(("arms", 0, "requires", "any", 1, "fact")) == "arms[0].requires.any[1].fact"
    assert where((0, "id")) == "[0].id"
    assert where(()) == ""


def test_nesting_is_allowed_up_to_the_limit_and_not_beyond() -> None:
    assert parse("[" * MOST_DEPTH + "]" * MOST_DEPTH, "a.yaml").data is not None
    with pytest.raises(BrokenInput, match="nested deeper"):
        parse("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1), "a.yaml")


def test_a_text_at_the_limit_of_size_is_read_and_one_beyond_is_not() -> None:
    assert parse(b"a: " + b"x" * (MOST_BYTES - 3), "a.yaml").data
    with pytest.raises(BrokenInput, match="larger than 4 MB"):
        parse(b"a: " + b"x" * (MOST_BYTES - 2), "a.yaml")


@pytest.mark.parametrize("text", ["", "# nothing here\n", "---\n", "\ufeff"])
def test_an_empty_document_holds_nothing(text: str) -> None:
    assert parse(text.encode(), "a.yaml").data is None


def test_every_duplicate_alias_and_tag_of_a_file_is_reported() -> None:
    faults = parse("a: 1\na: 2\nb: &x [1]\nc: *x\nd: !!set {}\n", "a.yaml").faults
    assert [(p.line, p.what.split(" ")[-1]) for p in faults] == [(2, "twice"), (3, "read"), (4, "read"), (5, "read")]
    assert str(faults[0]) == "a.yaml:2:1: a: the key 'a' stands twice\n  Keep one of them."


def test_a_key_that_stands_twice_in_json_is_reported_too() -> None:
    (fault,) = parse('{"a": {"b": 1, "b": 2}}', "a.json").faults
    assert "stands twice" in fault.what


def test_problems_come_sorted_and_each_once() -> None:
    late, early = Problem("b.yaml", 2, "", "late"), Problem("a.yaml", 9, "", "early")
    assert BrokenInput([late, early, late]).problems == (early, late)
