"""The shipped options on the day of the tests, and what a rule says of one of them for a few answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from advisor.answers import answers_from
from advisor.assessment import Assessment, assess
from advisor.catalogue.claims import Claim
from advisor.catalogue.options import Option
from advisor.library import Library
from advisor.possible import Choice, Interval, Members
from advisor.rulebook.rule import Verdict
from tests.conftest import AS_OF


@dataclass(frozen=True)
class Shelf:
    """Every option of the shipped catalogue, by id."""

    library: Library
    _assessed: dict[str, Assessment] = field(default_factory=dict, repr=False)

    @cached_property
    def options(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.library.table(AS_OF).options}

    def hosted(self, model: str = "", host: str = "") -> Iterator[Option]:
        """The options that a host serves: all, those of a model, those at a host."""
        for option in self.options.values():
            if option.mode != "self-hosted" and model in ("", option.model.id) and host in ("", option.host.id):
                yield option

    def places(self, option: str, fact: str = "processing_places") -> Members:
        known = self.options[option].possible(f"option.{fact}")
        assert isinstance(known, Members)
        return known

    def days(self, option: str) -> Interval:
        """How long prompts and answers may be kept."""
        known = self.options[option].possible("option.retention_days")
        assert isinstance(known, Interval)
        return known

    def said(self, option: str, fact: str) -> frozenset[str]:
        """What a choice, or a yes or no, may be."""
        known = self.options[option].possible(f"option.{fact}")
        assert isinstance(known, Choice)
        return known.possible

    def claims(self, option: str, fact: str, member: str = "") -> list[Claim]:
        return [c for c in self.options[option].facts[f"option.{fact}"].claims if c.member == member]

    def needs(self, option: str) -> str:
        """What has to be asked for or signed, in one text."""
        return " ".join(p.text for p in self.options[option].preconditions)

    def countries(self, *places: str) -> frozenset[str]:
        """Countries and short names of groups (`EEA`, `global`) as countries."""
        return self.library.vocabulary.places.expanded(places, AS_OF)

    def verdict(self, option: str, rule: str, **answers: object) -> Verdict:
        """What a rule says of an option for these answers, the others not known."""
        assessment = self._assess(answers)
        position = next(n for n, o in enumerate(assessment.options) if o.id == option)
        number = next(n for n, live in enumerate(assessment.rules) if live.rule.id == rule)
        return assessment.verdict(number, position)

    def standing(self, option: str, **answers: object) -> str:
        """Whether an option may be used for these answers."""
        assessment = self._assess(answers)
        return assessment.standing_of(next(n for n, o in enumerate(assessment.options) if o.id == option))

    def _assess(self, answers: Mapping[str, object]) -> Assessment:
        key = repr(sorted(answers.items()))
        if key not in self._assessed:
            stated = answers_from(answers, self.library.vocabulary)
            self._assessed[key] = assess(stated, self.library.table(AS_OF), self.library.rulebook, AS_OF, {})
        return self._assessed[key]
