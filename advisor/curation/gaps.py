"""
Gaps: what nobody has established and what hangs on it, ranked by how many cases each keeps from a confirmed answer.

Each gap is also a question for the host, with the clause that makes it matter; the questions for one host make a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advisor.audit.effects.impact import Case
from advisor.findings import EvidenceRequest
from advisor.recommendation import Ranked, Recommendation
from advisor.rulebook.rule import Rule

MOST_NEAREST = 40
"""Unconfirmed options of a case that are looked at, nearest first: what is far from confirmed hangs on much else too."""


OUR_WORDS = {"you": "we", "your": "our", "You": "We", "Your": "Our"}
OUR_WORD = re.compile(rf"\b({'|'.join(OUR_WORDS)})\b")


@dataclass
class Gap:
    """One question to one host, and all that waits for the answer."""

    fact: str
    template: str
    """In plain words, with `{endpoint}` and `{model}` where it names them: one question serves all endpoints and models."""
    host: str
    who: str
    rules: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    """In words."""
    models: set[str] = field(default_factory=set)
    """Their names."""
    options: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    blocks: set[str] = field(default_factory=set)
    """Cases in which no option at all is confirmed, so that the answer may decide."""

    @property
    def weight(self) -> tuple[int, int, int]:
        """Cases that have nothing confirmed, cases in all, options: more of each matters more."""
        return (len(self.blocks), len(self.cases), len(self.options))

    @property
    def question(self) -> str:
        """The question as it is asked: of several endpoints or models, of each."""
        endpoint = next(iter(self.endpoints)) if len(self.endpoints) == 1 else "each endpoint named below"
        model = next(iter(self.models)) if len(self.models) == 1 else "each model named below"
        text = self.template
        if len(self.endpoints) > 1:
            text = text.replace("the service {endpoint}", "each service named below")
        return text.replace("{endpoint}", endpoint).replace("{model}", model)

    @property
    def names_endpoints(self) -> bool:
        return "{endpoint}" in self.template

    @property
    def names_models(self) -> bool:
        return "{model}" in self.template


def gaps(results: Iterable[tuple[Case, Recommendation]]) -> list[Gap]:
    """What is missing over some cases, what matters most first."""
    found: dict[tuple[str, str], Gap] = {}
    for case, result in results:
        for ranked in nearest(result):
            for request in result.requests(ranked):
                if request.fact.startswith("option."):
                    _note(found, request, ranked, case, result)
    return sorted(found.values(), key=lambda gap: (*(-n for n in gap.weight), gap.host, gap.fact, gap.template))


def nearest(result: Recommendation) -> tuple[Ranked, ...]:
    """The unconfirmed options of a case that lack least."""
    return result.unconfirmed[:MOST_NEAREST]


def _note(found: dict[tuple[str, str], Gap], request: EvidenceRequest, ranked: Ranked, case: Case, result: Recommendation) -> None:
    option = ranked.option
    template = request.question.replace(option.where, "{endpoint}").replace(option.model.name, "{model}")
    gap = found.setdefault((request.host, template), Gap(request.fact, template, request.host, request.who))
    gap.rules |= set(request.rules)
    gap.endpoints.add(option.where)
    gap.models.add(option.model.name)
    gap.options.add(option.id)
    gap.cases.add(case.name)
    if not result.ranked:
        gap.blocks.add(case.name)


THE_HOST = "the host"


def asked_of(found: Iterable[Gap], host: str) -> list[Gap]:
    """The gaps that a host itself can close, by its id: what its letter asks."""
    return [gap for gap in found if gap.host == host and gap.who == THE_HOST]


def clauses(gap: Gap, rules: Mapping[str, Rule]) -> list[tuple[str, str]]:
    """The provisions that make the question matter, each with its address, once."""
    cited: dict[str, str] = {}
    for rule_id in sorted(gap.rules):
        rule = rules[rule_id]
        source = rule.arms[-1].source
        cited.setdefault(source.cite if source.url else f"our own requirement: {as_we_say(rule.title)}", source.url)
    return list(cited.items())


def as_we_say(title: str) -> str:
    """The title of a demand of the organisation, which speaks to it, as the organisation says it to a host."""
    return OUR_WORD.sub(lambda match: OUR_WORDS[match.group(0)], title)
