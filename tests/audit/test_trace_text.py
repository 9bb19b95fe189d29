"""`advisor rules show RULE --example NAME`: how a rule comes to its verdict, for people and for machines."""

from __future__ import annotations

import pytest

from advisor.audit.views.trace_text import because, data, lead, printed, text
from advisor.errors import NotFound
from advisor.library import Library
from advisor.rulebook.judge import example_facts
from advisor.rulebook.rule import VERDICT_WORDS
from advisor.rulebook.trace import trace
from tests.audit.made_rules import TRANSFER, VOCABULARY, rule
from tests.conftest import AS_OF, Advisor

RULE = "eu-gdpr-44-transfer"
SET_ASIDE = (
    TRANSFER.split("reason:", maxsplit=1)[0]
    + """\
exceptions:
  - id: public
    title: Public bodies
    when: {fact: use.public, is: yes}
    source: {cite: Example Act s. 2, url: "", checked: read}
    examples: [{name: a public body, given: {use.public: yes, option.terms: [seal]}, verdict: unknown}]
    exceptions:
      - id: sealed
        title: Sealed offers
        when: {fact: option.terms, has: seal}
        source: {cite: Example Act s. 3, url: "", checked: read}
        examples: [{name: a sealed offer, given: {option.terms: [seal]}, verdict: unknown}]
reason: It leaves the Area.
remedy: Choose another place.
examples:
  - name: processing in Germany
    given: {use.data: [personal], option.places: [DE], option.terms: []}
    verdict: complies
review: not yet reviewed by a lawyer
"""
)


def test_every_part_says_its_answer_and_what_is_known() -> None:
    item = rule(TRANSFER)
    told = text(item, item.examples[0], VOCABULARY)
    assert told.splitlines()[1] == "On 2026-11-24: complies. What it requires surely holds."
    assert "Does the rule apply? Yes\n  yes: the data includes personal data (the data: personal data)" in told
    assert "    no: the terms on offer include clauses (the terms on offer: none)" in told
    assert "keeps the verdict open" not in told


def test_an_exception_that_is_set_aside_says_so() -> None:
    item = rule(SET_ASIDE)
    example = printed(item, "a public body")
    found = trace(item, item.arms[0], example_facts(example, VOCABULARY), VOCABULARY, AS_OF)
    leads = [lead(branch) for branch in found.branches]
    assert leads[2] == "Does an exception take the case out? Public bodies: yes, but it is set aside by an exception to it"
    assert leads[3] == "Does an exception to that exception bring it back? Sealed offers: yes"
    assert all(not node.open for branch in found.branches[2:] for node in [branch.node])


def test_the_command_traces_an_example(advisor: Advisor, library: Library) -> None:
    item = library.rulebook.rules[RULE]
    example = item.examples[0]
    ran = advisor("rules", "show", RULE, "--example", example.name)
    assert ran.code == 0
    assert f"{VERDICT_WORDS[example.verdict]}. {because(item, example.verdict)}" in " ".join(ran.out.split())
    ran = advisor("rules", "show", RULE, "--example", example.name, "--format", "json")
    assert ran.json == data(item, example, library.vocabulary)
    assert ran.json["verdict"] == example.verdict


def test_an_example_that_is_not_there_is_named_with_the_nearest(advisor: Advisor, library: Library) -> None:
    name = library.rulebook.rules[RULE].examples[0].name
    ran = advisor("rules", "show", RULE, "--example", f"{name}s")
    assert ran.code == 2
    assert f"did you mean {name!r}" in ran.err
    with pytest.raises(NotFound):
        printed(library.rulebook.rules[RULE], "nothing of the kind")


def test_every_shipped_example_can_be_told(library: Library) -> None:
    for item in library.rulebook.rules.values():
        for example in item.all_examples():
            assert VERDICT_WORDS[example.verdict] in " ".join(text(item, example, library.vocabulary).split()), (item.id, example.name)
