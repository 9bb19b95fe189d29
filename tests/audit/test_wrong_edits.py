"""Ten wrong edits of ten shipped rules: each is noticed by the checks beside the rules, and shows in the diff and in the impact."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from advisor.answers import load_answers
from advisor.audit.changes.differences import differences
from advisor.audit.changes.revisions import Edition
from advisor.audit.effects.impact import Case, World, impact
from advisor.audit.effects.population import population
from advisor.errors import BrokenInput
from advisor.library import load_library, shipped
from advisor.rulebook.examples import run_examples
from advisor.rulebook.lints import case_names, rulebook_lints
from advisor.rulebook.load import load_rulebook
from tests.conftest import AS_OF

LIBRARY = load_library()


@dataclass(frozen=True)
class Edit:
    """One slip of the pen in one rule file, where the text stands last."""

    name: str
    path: str
    old: str
    new: str
    kinds: tuple[str, ...]
    """What the diff may call it."""
    as_of: date = AS_OF
    """A day on which it matters."""


TIGHTER = ("stricter", "incomparable")
IN_INDIA = "storage_places, within: [IN]}\n        - {fact: option.ret"
EDITS = (
    Edit("another contract", "eu/gdpr/art-28-processor.yaml", "offers, has: dpa}", "offers, has: baa}", ("incomparable",)),
    Edit("wrong group", "own/residency-processing.yaml", "within: {group: eu-adequate}", "within: {group: eea}", TIGHTER),
    Edit("date a year late", "eu/ehds/art-73-*.yaml", "from: 2029-03-26}", "from: 2030-03-26}", ("looser",), date(2029, 4, 1)),
    Edit("exception lost", "licences/llama/use-policy-eu.yaml", r"RE:exceptions:\n(?:  .*\n)+", "exceptions: []\n", ("stricter",)),
    Edit("operator turned round", "own/retention.yaml", "at_most: {answer", "at_least: {answer", ("incomparable",)),
    Edit("way out lost", "us/hipaa/164-504-e-baa.yaml", "        - {fact: option.premises, is: own}\n", "", ("stricter",)),
    Edit("a nought too few", "licences/llama/700-million-users.yaml", "at_most: 700000000}", "at_most: 70000000}", ("stricter",)),
    Edit("inside turned out", "in/rbi/circular-*.yaml", IN_INDIA, IN_INDIA.replace("within", "outside"), ("incomparable",)),
    Edit("yes for no", "own/training.yaml", "trains_on_prompts, is: no}", "trains_on_prompts, is: yes}", ("incomparable",)),
    Edit("no longer binding", "fr/csp/art-l1111-8-hds.yaml", "effect: require", "effect: advise", ("looser",)),
)  # fmt: skip


def edited(edit: Edit, folder: Path) -> Path:
    """A copy of the shipped rules with the edit made in it, once."""
    rules = folder / "rules"
    shutil.copytree(shipped("rules"), rules)
    (path,) = rules.glob(edit.path)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(edit.old[3:], edit.new, text, count=1) if edit.old.startswith("RE:") else edit.new.join(text.rsplit(edit.old, 1))
    assert changed != text, f"{edit.path} no longer holds what the edit replaces"
    path.write_text(changed, encoding="utf-8")
    return rules


def edition(name: str, rules: Path) -> Edition:
    book = load_rulebook([rules], LIBRARY.vocabulary)
    return Edition(name, book, LIBRARY.vocabulary, rules, (shipped("data"),))


@cache
def cases() -> tuple[Case, ...]:
    """Every example and case, and 2,000 answer sets."""
    paths = [path for folder in ("examples", "cases") for path in sorted((shipped("data") / folder).glob("*.yaml"))]
    written = [Case(path.stem, "", load_answers(path, LIBRARY.vocabulary)) for path in paths]
    drawn = population(LIBRARY.vocabulary, LIBRARY.questions, 2_000, 1)
    return (*written, *(Case(f"drawn {n}", "", answers) for n, answers in enumerate(drawn, 1)))


def noticed(rules: Path) -> list[str]:
    """What the checks beside the rules say: broken files, wrong examples, lints that are problems."""
    try:
        book = load_rulebook([rules], LIBRARY.vocabulary)
    except BrokenInput as error:
        return [str(problem) for problem in error.problems]
    wrong = [str(fault) for fault in run_examples(book, LIBRARY.vocabulary)[1]]
    lints = rulebook_lints([rules], book, LIBRARY.vocabulary, case_names([shipped("data")]), AS_OF)
    return [*wrong, *(str(lint) for lint in lints if lint.severity == "problem")]


def test_the_shipped_rules_give_no_cause() -> None:
    assert noticed(shipped("rules")) == []


@pytest.mark.soak
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_a_wrong_edit_is_noticed_and_shows_in_diff_and_impact(edit: Edit, tmp_path: Path) -> None:
    rules = edited(edit, tmp_path)
    assert noticed(rules), "neither check nor test says anything"
    old, new = edition("old", shipped("rules")), edition("new", rules)
    (found,) = differences(old, new)
    assert found.kind in edit.kinds
    assert found.witnesses
    result = impact(old, new, cases(), World(LIBRARY.catalogue, edit.as_of))
    (changed,) = result.rules
    assert changed.change.rule == found.rule
    assert changed.effects.standings > 0
    assert changed.effects.examples
