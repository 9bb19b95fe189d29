"""Suggested examples are true, few and readable, close every gap, and go into a rule file without touching the rest of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import advisor.cli.rules_coverage  # noqa: F401  # brings the commands
from advisor.audit.examples.cases import Bench
from advisor.audit.examples.coverage import cover
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.mutants import mutate
from advisor.audit.examples.mutations import Mutator
from advisor.audit.examples.suggest import Suggestions, suggest, write_suggestions
from advisor.errors import CouldNotWrite
from advisor.possible import Choice, Interval, Members, Possible, choice, exactly, is_settled, number
from advisor.rulebook.english import English
from advisor.rulebook.judge import example_facts, example_verdict
from advisor.rulebook.load import read_rule
from advisor.rulebook.parse import Parser
from advisor.rulebook.printing import WIDTH, example_lines, with_examples
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Rule
from advisor.strict_yaml import parse
from tests import small_world as small
from tests.audit.made_rules import EXAMPLE, FINDER, GROUPS, MUTATOR, TRANSFER, VOCABULARY, made, rule
from tests.conftest import Advisor
from tests.rulebook.made_conditions import examples
from tests.small_world import FACTS, LARGE

EXCEPTIONS = (
    "[{id: public, title: Public bodies, when: {fact: use.public, is: yes}, source: SOURCE, examples: [EXAMPLE-1], exceptions: ["
    "{id: abroad, title: abroad, when: {fact: use.home, one_of: {group: west}}, source: SOURCE, examples: [EXAMPLE-2]}]}]"
).replace("EXAMPLE-1", EXAMPLE.replace("made up", "first")).replace("EXAMPLE-2", EXAMPLE.replace("made up", "second"))  # fmt: skip
TWO_ARMS = (
    "{in_force: {from: 2020-01-01, until: 2025-01-01}, source: SOURCE, applies_when: {fact: use.data, has_any: [personal, health]},"
    " requires: {any: [{fact: option.days, at_most: 30}, {fact: option.terms, has_all: [contract, seal]}]}},"
    "{in_force: {from: 2025-01-01}, source: SOURCE, applies_when: {not: {fact: use.home, one_of: {group: union}}},"
    " requires: {all: [{fact: option.days, at_most: {answer: longest}}, {fact: option.share, below: 0.25}]}}"
)
RULES = {
    "one arm": rule(TRANSFER),
    "two arms and exceptions": made(TWO_ARMS, exceptions=EXCEPTIONS),
    "nothing required": made("{in_force: {}, source: SOURCE, applies_when: {fact: use.public, is: yes}, requires: {all: []}}"),
    "weighing": made("{in_force: {}, source: SOURCE, applies_when: {fact: use.home, is: DE}, points: {cost: 1}}", effect="weigh"),
}


def suggested(of: Rule) -> Suggestions:
    return suggest(of, MUTATOR, FINDER)


@cache
def of_named(name: str) -> Suggestions:
    return suggested(RULES[name])


def completed(name: str) -> Rule:
    of = RULES[name]
    return replace(of, examples=(*of.examples, *(suggestion.example for suggestion in of_named(name).found)))


# ---------------------------------------------------------------------- what is suggested
@pytest.mark.parametrize("name", RULES)
def test_nothing_is_left_open(name: str) -> None:
    whole = completed(name)
    assert of_named(name).left == ()
    assert cover(whole, VOCABULARY, FINDER).untested == ()
    assert mutate(whole, MUTATOR, FINDER).survivors == ()
    assert suggested(whole).found == ()


@pytest.mark.parametrize("name", RULES)
def test_every_suggestion_is_true_needed_and_has_its_own_name(name: str) -> None:
    of = RULES[name]
    found = of_named(name).found
    for suggestion in found:
        example = suggestion.example
        assert example_verdict(of, example, VOCABULARY, EXAMPLE_DATE) == example.verdict
        assert suggestion.shows
        assert set(example.given) <= set(of.facts)
        rest = replace(of, examples=(*of.examples, *(other.example for other in found if other is not suggestion)))
        assert cover(rest, VOCABULARY, FINDER).untested or mutate(rest, MUTATOR, FINDER).survivors, example.name
    names = [example.name for example in completed(name).all_examples()]
    assert len(set(names)) == len(names)
    assert all(len(name) >= 3 for name in names)


def test_facts_are_known_unless_the_example_is_about_one_that_is_not() -> None:
    for suggestion in of_named("one arm").found:
        facts = example_facts(suggestion.example, VOCABULARY)
        unsettled = [fact for fact in RULES["one arm"].facts if not is_settled(facts(fact))]
        assert len(unsettled) == (1 if suggestion.example.verdict == "unknown" else 0)


def test_suggestions_look_like_this() -> None:
    lines = [line for suggestion in of_named("one arm").found for line in example_lines(suggestion.example, VOCABULARY)]
    assert lines == [
        "  - name: processing in Norway",
        '    given: {use.data: [personal], option.places: ["NO"], option.terms: []}',
        "    verdict: complies",
        "  - name: the terms on offer are clauses",
        "    given: {use.data: [personal], option.places: [US], option.terms: [clauses]}",
        "    verdict: complies",
        "  - name: the day on which it begins, on 1 January 2020",
        "    as_of: 2020-01-01",
        "    given: {use.data: [personal], option.places: [CH], option.terms: []}",
        "    verdict: breaches",
        "  - name: the data is open data",
        "    given: {use.data: [open], option.places: [DE], option.terms: []}",
        "    verdict: not_applicable",
        "  - name: the data is not known",
        "    given: {option.places: [US], option.terms: []}",
        "    verdict: unknown",
        "  - name: the places of processing are not known",
        "    given: {use.data: [personal], option.terms: []}",
        "    verdict: unknown",
        "  - name: the terms on offer are not known",
        "    given: {use.data: [personal], option.places: [US]}",
        "    verdict: unknown",
        "  - name: the day before it begins, on 31 December 2019",
        "    as_of: 2019-12-31",
        "    given: {use.data: [personal], option.places: [US], option.terms: []}",
        "    verdict: not_in_force",
    ]


def test_the_same_rule_gets_the_same_suggestions() -> None:
    fresh = Finder(Bench(VOCABULARY))
    assert suggest(RULES["one arm"], Mutator(fresh.bench, English(VOCABULARY), sorted(GROUPS)), fresh) == of_named("one arm")


# ---------------------------------------------------------------------- how it is printed
@st.composite
def states(draw: st.DrawFn) -> dict[str, Possible]:
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, max_size=5))
    return {name: draw(small.possibles(LARGE, FACTS[name])) for name in names}


@examples(150)
@given(states(), st.text(alphabet="ab :#'\"-,[]{}é“\\0%&*?|>", min_size=3, max_size=40).filter(str.strip))
def test_a_printed_example_reads_back(state: dict[str, Possible], name: str) -> None:
    tokens = set(LARGE.vocabulary.places.tokens)
    written = {n: v for n, v in state.items() if FACTS[n].kind != "places" or not isinstance(v, Members) or not v.possible & tokens}
    lines = example_lines(Example(name, written, "unknown"), LARGE.vocabulary, 2)
    assert all(len(line) <= WIDTH for line in lines if not line.lstrip().startswith("- name"))
    document = parse("\n".join(["examples:", *lines]), "made_up.yaml")
    assert not document.faults
    data: Any = document.data
    (block,) = data["examples"]
    assert (block["name"], block["verdict"]) == (name, "unknown")
    parser = Parser(document, LARGE.vocabulary)
    read = {n: parser.possible(FACTS[n], value, (), EXAMPLE_DATE) for n, value in block["given"].items()}
    assert not parser.problems
    assert read == written


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("use.data", exactly("health", "personal"), "[health]"),
        ("use.data", Members(frozenset({"personal"}), frozenset({"health", "personal"})), "{certain: [personal], possible: [health]}"),
        ("option.places", exactly("DE", "FR", "NO", "CH", "US"), "[global]"),
        ("option.places", exactly("DE", "FR"), "[EU]"),
        ("option.places", exactly("NO", "DE"), '[DE, "NO"]'),
        ("option.terms", exactly(), "[]"),
        ("use.home", Choice(frozenset({"US", "DE"})), "[DE, US]"),
        ("use.public", choice("yes"), "yes"),
        ("option.share", number(0.25), "0.25"),
        ("option.days", Interval(3, float("inf")), "[3, .inf]"),
    ],
)
def test_values_are_written_as_people_write_them(fact: str, value: Possible, text: str) -> None:
    assert example_lines(Example("abc", {fact: value}, "unknown"), VOCABULARY)[1] == f"    given: {{{fact}: {text}}}"


# ---------------------------------------------------------------------- where it is put
REVIEW_FIRST = TRANSFER.split("# a word")[0].replace("reason:", "review: not yet reviewed by a lawyer\nreason:")


def written(text: str, tmp_path: Path) -> str:
    path = tmp_path / "made_up.yaml"
    path.write_bytes(text.encode("utf-8"))
    write_suggestions(suggested(rule(text)), path, VOCABULARY)
    return path.read_bytes().decode("utf-8")


def test_a_rule_in_a_folder_of_its_law_takes_its_examples(tmp_path: Path) -> None:
    path = tmp_path / "made_up.yaml"
    path.write_text(TRANSFER, encoding="utf-8")
    write_suggestions(suggested(replace(rule(TRANSFER), folders=("eu", "gdpr"))), path, VOCABULARY)
    assert cover(rule(path.read_text(encoding="utf-8")), VOCABULARY, FINDER).untested == ()


def test_the_rest_of_the_file_stays_byte_for_byte(tmp_path: Path) -> None:
    after = written(TRANSFER, tmp_path)
    head, tail = TRANSFER.split("# a word before")
    assert after.startswith(head)
    assert after.endswith(f"# a word before{tail}")
    again = rule(after)
    assert cover(again, VOCABULARY, FINDER).untested == ()
    assert [example.verdict for example in again.examples] == [
        example_verdict(again, example, VOCABULARY, EXAMPLE_DATE) for example in again.examples
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("examples at the end", REVIEW_FIRST),
        ("no line ending at the end", REVIEW_FIRST.rstrip()),
        ("Windows line endings", TRANSFER.replace("\n", "\r\n")),
        (
            "items without indentation",
            TRANSFER.replace("  - name", "- name").replace("    given", "  given").replace("    verdict", "  verdict"),
        ),
        ("a comment behind the last item", TRANSFER.replace("# a word", "  # more to come\n\n# a word")),
    ],
)
def test_other_ways_to_write_the_list(name: str, text: str, tmp_path: Path) -> None:
    after = written(text, tmp_path)
    assert len(rule(after).examples) > len(rule(text).examples), name
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in text else 0)
    kept = after.splitlines()
    assert [line for line in text.splitlines() if line not in kept] == []


def test_a_list_in_brackets_is_left_alone(tmp_path: Path) -> None:
    start, end = TRANSFER.index("examples:"), TRANSFER.index("# a word")
    text = f"{TRANSFER[:start]}examples: [{{name: abc, given: {{}}, verdict: unknown}}]\n{TRANSFER[end:]}"
    path = tmp_path / "made_up.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CouldNotWrite, match="Nothing was changed"):
        write_suggestions(suggested(rule(text)), path, VOCABULARY)
    assert path.read_text(encoding="utf-8") == text
    assert with_examples(text, [], VOCABULARY) is None


def test_a_file_that_is_another_rule_by_now_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "made_up.yaml"
    changed = TRANSFER.replace("has: clauses", "has: seal")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(CouldNotWrite, match="would not say the same"):
        write_suggestions(suggested(rule(TRANSFER)), path, VOCABULARY)
    path.write_text(changed.replace("requires:", "require:"), encoding="utf-8")
    with pytest.raises(CouldNotWrite, match="would no longer load"):
        write_suggestions(suggested(rule(TRANSFER)), path, VOCABULARY)
    assert "require:" in path.read_text(encoding="utf-8")
    with pytest.raises(CouldNotWrite, match="cannot be read"):
        write_suggestions(suggested(rule(TRANSFER)), tmp_path / "gone.yaml", VOCABULARY)


# ---------------------------------------------------------------------- the command
KEEPING = """\
id: made-up-keeping
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {}
    source: {cite: Example Act s. 1, url: "", checked: read}
    requires: {fact: option.retention_days, at_most: 30}
reason: Prompts are kept too long.
remedy: Choose another endpoint.
examples:
  - name: kept for a month
    given: {option.retention_days: 30}
    verdict: complies
review: not yet reviewed by a lawyer
"""


def test_the_command_prints_or_writes(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "keeping.yaml"
    path.write_text(KEEPING, encoding="utf-8")
    ran = advisor("rules", "suggest", "made-up-keeping", "--rules", str(tmp_path))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "# Check each against the law before you keep it: the verdict is what the rule says as it is written, right or wrong.",
        f"# {path}: 2 examples",
        "  - name: the retention of prompts and answers is exactly 31 days",
        "    given: {option.retention_days: 31}",
        "    verdict: breaches",
        "  - name: the retention of prompts and answers is not known",
        "    given: {}",
        "    verdict: unknown",
    ]
    assert path.read_text(encoding="utf-8") == KEEPING
    ran = advisor("rules", "suggest", "made-up-keeping", "--rules", str(tmp_path), "--write")
    assert ran.code == 0
    assert f"{path}: 2 examples added" in ran.out
    assert path.read_text(encoding="utf-8").count("  - name: ") == 3
    assert advisor("rules", "mutate", "made-up-keeping", "--rules", str(tmp_path)).code == 0
    assert advisor("rules", "coverage", "made-up-keeping", "--rules", str(tmp_path)).code == 0


def test_a_written_file_reads_as_a_rule() -> None:
    longer = with_examples(TRANSFER, [suggestion.example for suggestion in suggested(rule(TRANSFER)).found], VOCABULARY)
    assert longer is not None
    assert read_rule(parse(longer, "rules/made_up.yaml"), VOCABULARY).id == "made-up-transfer"
