"""The README is true: its example prints what it shows, its counts are those of the shipped data, its links lead somewhere."""

from __future__ import annotations

import re

from advisor import text
from advisor.answers import load_answers
from advisor.library import Library, shipped
from advisor.recommendation import recommend
from tests.conftest import AS_OF, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CUT = "[…]"


def test_the_example_prints_what_the_readme_shows(library: Library) -> None:
    answers = load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary)
    printed = iter(text.recommendation(recommend(answers, library, AS_OF)).splitlines())
    (block,) = re.findall(r"shortened at \[…\]\):\n\n```\n(.*?)```", README, flags=re.DOTALL)
    missing = [line for line in block.splitlines() if line not in ("", CUT) and line not in printed]
    assert not missing


def test_the_counts_are_those_of_the_shipped_data(library: Library) -> None:
    rules = library.rulebook.rules.values()
    checked = [rule.arms[-1].source.checked for rule in rules]
    options = len(recommend(load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary), library, AS_OF).all)
    assert f"**The rules.** {len(rules)} of them" in README
    assert f"{checked.count('memory')} rest on memory and {checked.count('secondary')} on somebody else's account" in README
    assert f"{len(library.catalogue.models)} models and {len(library.catalogue.hosts)} hosts, that is {options} options" in README


def test_every_link_in_the_documents_leads_to_a_file() -> None:
    for path in (ROOT / "README.md", ROOT / "rules" / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
