"""The shipped catalogue holds what `advisor catalogue check` asks of it. This says something of the data, not of the code."""

from __future__ import annotations

from advisor.curation.integrity import problems
from advisor.library import Library, shipped


def test_every_number_and_certificate_has_its_evidence_and_nothing_contradicts_itself(library: Library) -> None:
    assert [str(problem) for problem in problems([shipped("data")], library.catalogue)] == []
