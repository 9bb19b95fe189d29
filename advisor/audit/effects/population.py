"""
A population of plausible answer sets, drawn from a seed: what many different organisations might answer.

It is drawn from the vocabulary and the questions, never from rules, so that a change of a rule cannot change what it is tried on.
Nothing here says how often a case occurs in the world; it only makes sure that all kinds of cases are there.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from advisor.answers import Answers, answers_from
from advisor.audit.effects import likely
from advisor.audit.effects.workloads import Draw, profiles
from advisor.questions import Question
from advisor.vocabulary import COUNTRY, Vocabulary

UNKNOWN_SHARE = 0.02
"""Share of answers that are not known in most sets."""
OPEN_SETS, OPEN_SHARE = 0.08, 0.45
"""Share of sets of somebody who has only begun, and of their answers that are not known."""
NONE_SHARE = 0.1
"""Share of lists that are stated to be empty where that is unusual."""


def population(vocabulary: Vocabulary, questions: Sequence[Question], size: int, seed: int) -> tuple[Answers, ...]:
    """`size` answer sets. The same vocabulary, questions and seed give the same sets; every set passes the checks of an answers file."""
    source = _Population(vocabulary, questions, Draw(random.Random(seed)))  # a game of chance, not a secret
    return tuple(answers_from(source.answers(n), vocabulary) for n in range(size))


@dataclass
class _Population:
    vocabulary: Vocabulary
    questions: Sequence[Question]
    draw: Draw
    _near: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def workloads(self) -> list[dict[str, object]]:
        return profiles(self.vocabulary, self.questions, self.draw)

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[float]]:
        """Numbers that the questions offer, by answer key."""
        return {f.key: [p.value for p in f.presets] for question in self.questions for f in question.fields if f.presets}

    @cached_property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """Every group of countries with all members it ever had, those of the groups it includes too."""
        groups = self.vocabulary.places.groups

        def members(name: str) -> frozenset[str]:
            spans = groups[name].spans
            return frozenset(c for span in spans for c in span.members).union(*(members(n) for span in spans for n in span.includes))

        return {name: members(name) for name in sorted(groups)}

    @cached_property
    def blocs(self) -> Mapping[str, frozenset[str]]:
        """The groups that may stand where a country may, such as `EEA`, by that name."""
        return {group.token: self.groups[name] for name, group in sorted(self.vocabulary.places.groups.items()) if group.token}

    @property
    def europe(self) -> frozenset[str]:
        """The members of the European Union, as far as the lists of countries know it."""
        return self.groups.get("eu", frozenset())

    @cached_property
    def country_weights(self) -> dict[str, float]:
        """Any country may be drawn; those in groups, and those whose states or roles the vocabulary names, more often."""
        weights = {c: 1.0 + 4.0 * sum(c in group for group in self.groups.values()) for c in sorted(self.vocabulary.domains[COUNTRY])}
        for domain in ("region", "special-role"):
            for value in sorted(self.vocabulary.domains.get(domain, {})):
                for country in self.countries_of(value):
                    weights[country] = weights.get(country, 0.0) + (60.0 if country not in self.europe else 1.0)
        return {country: weight for country, weight in weights.items() if country in self.vocabulary.domains[COUNTRY]}

    def countries_of(self, value: str) -> Iterable[str]:
        """The countries that a value such as `us-ca` or `eu-health-data-permit` speaks of."""
        prefix = value.partition("-")[0]
        return sorted(self.europe) if prefix == "eu" else [likely.COUNTRY_OF_PREFIX.get(prefix, prefix.upper())]

    # ------------------------------------------------------------------ one set
    def answers(self, number: int) -> dict[str, object]:
        """One set of answers. The workload is one of a few, so that costs are worked out once for each."""
        country = self.draw.one(self.country_weights)
        organisation = self._organisation(country)
        people = self._people(country)
        data = self._data(country, organisation)
        found: dict[str, object] = {
            **organisation,
            **people,
            **data,
            **self._decisions(),
            **self._places(country),
            **self._contracts(data["data_classes"]),
            **self._money(),
        }
        found |= self._where_asked(country, people["people_countries"], organisation["sector"])
        share = OPEN_SHARE if self.draw.chance(OPEN_SETS) else UNKNOWN_SHARE
        known = {key: value for key, value in found.items() if not self.draw.chance(share)}
        if known.get("residency") not in (None, "listed"):
            known.pop("residency_places", None)
        workload = self.workloads[number % len(self.workloads)]
        return {key: v for key, v in {**known, **workload}.items() if f"use.{key}" in self.vocabulary.facts}

    def values(self, fact: str) -> list[str]:
        """The values of an answer, in a fixed order."""
        return sorted(self.vocabulary.values(self.vocabulary.facts[fact])) if fact in self.vocabulary.facts else []

    def some(self, fact: str, usual: Iterable[str], most: int, stray: float = 0.03) -> list[str]:
        """Some of the usual values of a list, and now and then one that is not usual."""
        every = self.values(fact)
        pool = [v for v in every if v in set(usual)]
        chosen = set(self.draw.sample(pool, self.draw.whole(1, most)))
        if every and (self.draw.chance(stray) or not pool):
            chosen.add(self.draw.any(every))
        return sorted(chosen)

    def _organisation(self, country: str) -> dict[str, object]:
        sectors = [self.draw.one(self._weighted("use.sector", likely.SECTORS))]
        if self.draw.chance(0.15):
            sectors.append(self.draw.any(self.values("use.sector")))
        public = bool(likely.PUBLIC_SECTORS & set(sectors))
        levels = self._weighted("use.public_body_level", likely.PUBLIC_LEVELS if public else likely.PRIVATE_LEVELS)
        if country not in self.europe:
            levels = {level: weight for level, weight in levels.items() if not level.startswith("eu-")}
        return {
            "organisation_country": country,
            "sector": sorted(set(sectors)),
            "public_body_level": self.draw.one(levels),
            "commercial_use": "no" if self.draw.chance(0.7 if public else 0.1) else "yes",
        }

    def _weighted(self, fact: str, weights: Mapping[str, float]) -> dict[str, float]:
        """The weight of every value of a choice; one that no table names is possible too."""
        return {value: weights.get(value, 1.0) for value in self.values(fact)}

    def near(self, country: str) -> list[str]:
        """The other countries of the smallest bloc that a country is in; none for most."""
        if country not in self._near:
            around = [bloc for bloc in self.blocs.values() if country in bloc]
            self._near[country] = sorted(min(around, key=lambda bloc: (len(bloc), sorted(bloc)), default=frozenset()) - {country})
        return self._near[country]

    def _people(self, country: str) -> dict[str, list[str]]:
        if self.draw.chance(NONE_SHARE):
            return {"people_countries": []}
        people = {country} if self.draw.chance(0.95) else set()
        if self.near(country) and self.draw.chance(0.4):
            people.update(self.draw.sample(self.near(country), self.draw.whole(1, 3)))
        if self.draw.chance(0.25):
            people.add(self.draw.one(self.country_weights))
        around = self._tokens(country)
        if around and self.draw.chance(0.12):
            people.add(self.draw.any(around))
        return {"people_countries": sorted(people or {country})}

    def _tokens(self, country: str) -> list[str]:
        """Names of blocs that hold the country."""
        return sorted(token for token, bloc in self.blocs.items() if country in bloc)

    def _data(self, country: str, organisation: Mapping[str, object]) -> dict[str, list[str]]:
        if self.draw.chance(0.04):
            return {"data_classes": []}
        sectors = organisation["sector"] if isinstance(organisation["sector"], list) else []
        usual = {c for sector in sectors for c in likely.DATA_OF_SECTOR.get(sector, ())} | likely.DATA_OF_ALL
        fitting = [c for c in usual if likely.DATA_OF_COUNTRY.get(c, country) == country]
        return {"data_classes": sorted(self.some("use.data_classes", fitting, 3, stray=0.06))}

    def _decisions(self) -> dict[str, object]:
        role = self.draw.one(self._weighted("use.decision_role", likely.DECISION_ROLES))
        areas = self._weighted("use.high_risk_area", {"none": 12.0})
        area = "none" if role == "none" else self.draw.one(areas)
        found: dict[str, object] = {"decision_role": role, "high_risk_area": area}
        found["profiles_people"] = "yes" if self.draw.chance(0.05 if role == "none" else 0.3) else "no"
        if area not in ("none", "medical-device"):
            found["annex_iii_exception"] = self.draw.one(self._weighted("use.annex_iii_exception", {"none": 4.0}))
        return found

    def _places(self, country: str) -> dict[str, object]:
        residency = self.draw.one(self._weighted("use.residency", likely.RESIDENCY))
        if residency == "adequate" and country not in self.europe and self.draw.chance(0.7):
            residency = "anywhere"
        found: dict[str, object] = {"residency": residency}
        if residency == "listed":
            around = self._tokens(country)
            wide = [self.draw.any(around)] if around and self.draw.chance(0.5) else [country]
            more = self.draw.sample(self.near(country), 1) if self.draw.chance(0.2) else []
            found["residency_places"] = sorted({*wide, *more})
        if residency != "anywhere":
            found["logs_elsewhere"] = self.draw.one(self._weighted("use.logs_elsewhere", {}))
        found["foreign_control"] = self.draw.one(self._weighted("use.foreign_control", likely.FOREIGN_CONTROL))
        return found

    def _contracts(self, data_classes: Sequence[str]) -> dict[str, object]:
        sensitive = bool(set(data_classes) - {"public", "internal"})
        agreements = self.values("use.agreements") if self.draw.chance(0.5) else self.some("use.agreements", likely.AGREEMENTS, 3)
        if self.draw.chance(NONE_SHARE):
            agreements = []
        wanted = self.some("use.attestations", likely.ATTESTATIONS, 1, stray=0.2) if self.draw.chance(0.15) else []
        return {
            "provider_training": self.draw.one(self._weighted("use.provider_training", {"never": 9.0 if sensitive else 2.0})),
            "retention_days_max": self.draw.any([*map(int, self.numbers.get("retention_days_max", ())), 7, 30, 90, 365, 36500]),
            "attestations": wanted,
            "agreements": agreements,
            "languages": self.some("use.languages", ("en",), 1, stray=0.4),
        }

    def _money(self) -> dict[str, object]:
        found: dict[str, object] = {
            "api_independence": self.draw.one(self._weighted("use.api_independence", {"not-needed": 2.0})),
            "monthly_budget_usd": self._near_number("monthly_budget_usd", 2),
            "annual_revenue_usd": self._near_number("annual_revenue_usd", 10),
            "monthly_active_users": self._near_number("monthly_active_users", 10),
            "people_count": self._near_number("people_count", 10),
        }
        if self.draw.chance(0.15):
            found["priorities"] = {name: 10 * self.draw.whole(0 if n else 1, 10) for n, name in enumerate(likely.PRIORITIES)}
        return found

    def _near_number(self, key: str, spread: float) -> int:
        """A round number between those the question offers, and up to `spread` times beyond them."""
        offered = self.numbers.get(key, (1_000.0, 1_000_000.0))
        return self.draw.round_number(max(1.0, min(offered)) / spread, max(offered) * spread)

    def _where_asked(self, country: str, people: Iterable[str], sectors: object) -> dict[str, object]:
        """Answers to the questions that only some countries are asked."""
        concerned = {country, *people}
        found: dict[str, object] = {}
        regions = [r for r in self.values("use.regions") if concerned & set(self.countries_of(r))]
        if regions:
            found["regions"] = self.draw.sample(regions, self.draw.whole(0, 2))
        roles = [r for r in self.values("use.special_roles") if country in self.countries_of(r)]
        health = "health" in sectors if isinstance(sectors, list) else False
        fitting = [r for r in roles if health or not likely.NEEDS_HEALTH & set(r.split("-"))]
        if roles:
            found["special_roles"] = self.draw.sample(fitting, 1) if fitting and self.draw.chance(0.35) else []
        if country in self.europe:
            found["licence_end_user"] = "yes" if self.draw.chance(0.6) else "no"
        return found


def in_words(answers: Answers) -> str:
    """One line that says what kind of case a set of answers is; what is not known is left out."""
    vocabulary = answers.vocabulary

    def words(key: str) -> str:
        fact = vocabulary.facts.get(f"use.{key}")
        value = answers.known.get(key)
        if fact is None or value is None:
            return ""
        return ", ".join(vocabulary.words(fact, v) for v in (value if isinstance(value, tuple) else (str(value),)))

    requests = answers.number("requests_per_month")
    level, decides = answers.text("public_body_level"), answers.text("decision_role")
    parts = [
        words("sector") or "sector not known",
        f"in {words('organisation_country')}" if words("organisation_country") else "country not known",
        f"public body, {words('public_body_level')}" if level not in (None, "none") else "",
        f"people in {words('people_countries')}" if words("people_countries") else "",
        f"data: {words('data_classes') or 'none'}" if answers.listed("data_classes") is not None else "data not known",
        f"{words('decision_role')} ({words('high_risk_area')})" if decides not in (None, "none") else "",
        f"may be processed: {words('residency_places') or words('residency')}" if words("residency") else "",
        f"tasks: {words('tasks')}" if words("tasks") else "",
        f"{requests:,.0f} requests a month" if requests is not None else "volume not known",
        f"quality: {answers.text('quality_need')}" if answers.text("quality_need") else "",
    ]
    return "; ".join(part for part in parts if part)
