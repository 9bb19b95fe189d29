"""A made-up rulebook in text, over a small made-up vocabulary, for tests of what examples show."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.audit.examples.cases import Bench
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.mutations import Mutator
from advisor.places import Group, GroupSpan, Places
from advisor.rulebook.english import English
from advisor.rulebook.load import read_rule
from advisor.rulebook.rule import Rule
from advisor.strict_yaml import parse
from advisor.vocabulary import COUNTRY, COUNTRY_OR_GROUP, Fact, Vocabulary

COUNTRIES = {"DE": "Germany", "FR": "France", "NO": "Norway", "CH": "Switzerland", "US": "United States"}
GROUPS = {
    "union": Group(words="the Union", token="EU", spans=(GroupSpan(members=("DE", "FR"), cite="Treaty"),)),
    "area": Group(words="the Area", spans=(GroupSpan(includes=("union",), members=("NO",), cite="Treaty"),)),
    "wide": Group(words="the Area and Switzerland", spans=(GroupSpan(includes=("area",), members=("CH",), cite="Treaty"),)),
    "west": Group(words="the West", spans=(GroupSpan(members=("US",), cite="Treaty"),)),
}
FACTS: tuple[Fact, ...] = (
    Fact(name="use.data", kind="held", domain="data", phrase="the data"),
    Fact(name="use.home", kind="choice", domain=COUNTRY, phrase="your home"),
    Fact(name="use.public", kind="yes-no", phrase="you are a public body", negative="you are not a public body"),
    Fact(name="use.longest", kind="number", whole="yes", least=0, unit="days", phrase="the longest you allow"),
    Fact(name="option.days", kind="number", whole="yes", least=0, unit="days", phrase="the retention"),
    Fact(name="option.share", kind="number", least=0, most=1, phrase="the share"),
    Fact(name="option.places", kind="places", domain=COUNTRY, phrase="the places of processing", plural="yes"),
    Fact(name="option.terms", kind="held", domain="terms", phrase="the terms on offer", plural="yes"),
)


def vocabulary() -> Vocabulary:
    places = Places(COUNTRIES, GROUPS, {})
    domains: Mapping[str, Mapping[str, str]] = {
        "yes-no": {"yes": "yes", "no": "no"},
        "data": {"open": "open data", "personal": "personal data", "health": "health data"},
        "terms": {"clauses": "clauses", "contract": "a contract", "seal": "a seal"},
        COUNTRY: COUNTRIES, COUNTRY_OR_GROUP: {**COUNTRIES, **places.tokens},
    }  # fmt: skip
    return Vocabulary({fact.name: fact for fact in FACTS}, domains, {"use.data": {"health": ["personal"]}}, places)


VOCABULARY = vocabulary()
FINDER = Finder(Bench(VOCABULARY))
MUTATOR = Mutator(FINDER.bench, English(VOCABULARY), sorted(GROUPS))

SOURCE = '{cite: Example Act s. 1, url: "", checked: read}'
EXAMPLE = "{name: made up, given: {}, verdict: unknown}"

TRANSFER = f"""\
# yaml-language-server: $schema=../rule.schema.json
id: made-up-transfer
title: Personal data stays in the Area or moves under clauses
effect: require
place: the Area
topic: transfers
arms:
  - in_force: {{from: 2020-01-01}}
    source: {SOURCE}
    applies_when: {{fact: use.data, has: personal}}
    requires:
      any:
        - {{fact: option.places, within: {{group: area}}}}
        - {{fact: option.terms, has: clauses}}
reason: It leaves the Area.   # a comment that stays
remedy: Choose another place.
examples:
  - name: processing in Germany
    given: {{use.data: [personal], option.places: [DE], option.terms: []}}
    verdict: complies
# a word before the review
review: not yet reviewed by a lawyer
"""


def rule(text: str) -> Rule:
    """A rule file in text as a rule; `line` of its examples as in the text."""
    return read_rule(parse(text, "rules/made_up.yaml"), VOCABULARY)


def made(arms: str, *, effect: str = "require", exceptions: str = "[]", examples: str = f"[{EXAMPLE}]", more: str = "") -> Rule:
    """A rule with these parts in flow style; `arms` is one arm without its source."""
    lines = [
        "id: made-up", "title: A made-up rule", f"effect: {effect}", "place: nowhere", "topic: none",
        f"arms: [{arms.replace('SOURCE', SOURCE)}]", f"exceptions: {exceptions.replace('SOURCE', SOURCE)}", f"examples: {examples}",
        "reason: It is so.", "remedy: Change it.", "review: not yet reviewed by a lawyer", more,
    ]  # fmt: skip
    return rule("\n".join(lines) + "\n")
