"""The curator's guide is true: its examples load, and the program prints what the guide shows of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from advisor.catalogue.load import Catalogue, load_catalogue
from advisor.catalogue.options import Option, build_options
from advisor.curation import words
from advisor.curation.disputes import disputes
from advisor.curation.dossier import dossier
from advisor.curation.freshness import ages, load_allowances
from advisor.option_text import option_page
from advisor.vocabulary import load_vocabulary
from tests.conftest import AS_OF, ROOT, Advisor
from tests.curation.worlds import shelf

GUIDE = (ROOT / "docs" / "curators-guide.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```yaml\n# my/data/(\S+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("guide")
    for name, content in FILES.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(content, encoding="utf-8")
    return at


@pytest.fixture(scope="module")
def catalogue(overlay: Path) -> Catalogue:
    roots = [shelf(), overlay]
    return load_catalogue(roots, load_vocabulary(roots))


@pytest.fixture(scope="module")
def options(catalogue: Catalogue) -> tuple[Option, ...]:
    return build_options(catalogue, AS_OF)


def shown(command: str) -> list[str]:
    """The lines that the guide shows of a command."""
    match = re.search(rf"^\$ advisor catalogue {re.escape(command)}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert match, f"the guide no longer shows {command}"
    lines = [line for line in match.group(1).splitlines() if line != "[…]"]
    assert lines
    return lines


def test_every_example_loads(catalogue: Catalogue) -> None:
    assert {"acme-cloud", "acme-batch"} <= catalogue.hosts.keys()
    assert "acme-small-1" in catalogue.models
    assert {"licences/acme-weights-1.0.yaml", "freshness.yaml", "benchmarks.yaml"} <= FILES.keys()


def test_the_guide_shows_an_option_as_the_command_does(catalogue: Catalogue, options: tuple[Option, ...]) -> None:
    (one,) = [option for option in options if option.id == "gpt-oss-120b@acme-batch/de"]
    printed = option_page(dossier(one, catalogue, AS_OF)).splitlines()
    assert [line for line in shown("show gpt-oss-120b@acme-batch/de --data my/data") if line not in printed] == []


def test_the_guide_shows_disputes_as_the_command_does(catalogue: Catalogue, options: tuple[Option, ...]) -> None:
    found = disputes(options, catalogue, AS_OF)
    printed = [line for dispute in found for line in words.dispute_lines(dispute, catalogue, [])]
    assert [line for line in shown("disputes --data my/data") if line not in printed] == []


def test_the_guide_shows_ages_as_the_command_does(catalogue: Catalogue, overlay: Path) -> None:
    found = ages(catalogue, load_allowances([shelf(), overlay]), AS_OF)
    printed = [words.age_line(age) for age in found]
    assert [line for line in shown("ages --data my/data") if line not in printed] == []


def test_the_guide_knows_every_command_for_curators(advisor: Advisor) -> None:
    listed = advisor("catalogue", "--help").out
    named = set(re.findall(r"advisor catalogue (\w+)", GUIDE))
    assert named
    assert all(name in listed for name in named)
    assert {"check", "disputes", "missing", "questions", "ages", "diff", "schema", "show", "refresh"} <= named
