"""
Options: every model at every host and endpoint that serves it, and every open model on every machine that holds it.

In: a Catalogue, a date, and the countries of the organisation's own premises. Out: options with their facts and evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from advisor.catalogue.claims import Claim, day_of, live
from advisor.catalogue.evidence import Known, Reader, begun, claims_of, in_force, stated
from advisor.catalogue.files import (
    EndpointFile,
    Facts,
    HostFile,
    ModelFile,
    Precondition,
    RentFile,
    ServesFile,
    SettledFact,
    Settlement,
    SourceFile,
)
from advisor.catalogue.load import Catalogue
from advisor.catalogue.machines import Machine, cut_down, machines, worth_offering
from advisor.catalogue.prices import Prices, prices
from advisor.catalogue.retirement import announced, elsewhere, retirement_facts
from advisor.possible import Interval, Members, Possible, choice
from advisor.vocabulary import NEVER_MONTHS

STAYS_ON = Known(choice("no"))
STAYS = Known(Interval(NEVER_MONTHS, NEVER_MONTHS))
"""Weights that you run yourselves are not switched off by anybody else."""

OF_MODEL = "the model, not this endpoint"
OF_TOTAL = "input and output together"
OF_MEMORY = "what the memory holds"
LOOSE_BOUNDS = (OF_MODEL, OF_TOTAL)
BOUNDS = (*LOOSE_BOUNDS, OF_MEMORY)
"""Scopes of claims that bound the longest input and do not state it: they take no part in a dispute."""

UNSTATED = "unstated"
"""Stands for the country of your own premises while the organisation's country is not known."""


@dataclass(frozen=True)
class Deployment:
    """How a self-hosted option runs: the machine, and what an hour of one of its GPUs costs to rent."""

    machine: Machine
    rent: tuple[Claim, ...]
    """US dollars per GPU-hour; empty on your own premises."""
    settled: Settlement | None = None
    """A curator's settlement of the rent that counts on the date."""


@dataclass(frozen=True, eq=False)
class Option:
    """One thing that can be chosen."""

    id: str
    model: ModelFile
    host: HostFile
    endpoint: EndpointFile
    mode: str
    place: str
    """Slug of the endpoint, or the country of your own premises."""
    facts: Mapping[str, Known]
    preconditions: tuple[Precondition, ...]
    prices: Prices | None
    deployment: Deployment | None
    note: str = ""

    @property
    def name(self) -> str:
        if self.deployment:
            country = "" if self.place == UNSTATED else f" ({self.place})"
            at = f"on your own premises{country}" if self.host.kind == "own" else self.where
            return f"{self.model.name} on {self.deployment.machine.words}, {at}"
        return f"{self.model.name} at {self.where}"

    @property
    def where(self) -> str:
        """Host and endpoint in words, nothing said twice."""
        parts = [part for part in self.endpoint.name.split(", ") if part not in self.host.name]
        return ", ".join([self.host.name, *parts])

    @property
    def family(self) -> tuple[str, str]:
        """Options of one model at one host fold into one row."""
        return (self.model.id, self.host.id)

    def possible(self, fact: str) -> Possible:
        return self.facts[fact].possible


@dataclass(frozen=True)
class _Builder:
    catalogue: Catalogue
    as_of: date
    figures: str
    reader: Reader
    _unknown: Mapping[str, Known]
    """Every fact that files may state, with nothing known of it."""
    _known: dict[tuple[str, ...], dict[str, Known]] = field(default_factory=dict, compare=False)
    """Facts that many options share, read once: those of a host's endpoint, of a model, of a model on a machine."""
    _machines: dict[str, list[Machine]] = field(default_factory=dict, compare=False)
    _rents: dict[int, tuple[Claim, ...]] = field(default_factory=dict, compare=False)

    def options(self, premises: Sequence[str]) -> Iterator[Option]:
        for host in self.catalogue.hosts.values():
            endpoints = {e.id: e for e in host.endpoints}
            for serves in host.serves:
                listed = prices(serves, self.catalogue.sources[host.id], self.catalogue.feeds, self.as_of, self.figures)
                for name in serves.endpoints:
                    yield self.served(host, endpoints[name], serves, listed)
            if host.kind != "service":
                for model in self.catalogue.models.values():
                    if model.open_weights == "yes" and model.architecture:
                        yield from self.self_hosted(model, host, endpoints, premises)

    # ------------------------------------------------------------------ served
    def offered(self, serves: ServesFile, sources: Mapping[str, SourceFile]) -> Known:
        """Whether the model is served there: pages and price packages that list it, against packages that name a day of retirement."""
        claims = [c if c.value in ("no", "unknown") else replace(c, value="yes") for c in claims_of(serves.listed, sources)]
        for key in serves.feeds:
            feed_name, _, row_key = key.partition(":")
            feed = self.catalogue.feeds[feed_name]
            retired = feed.retired_on(row_key)
            gone = retired is not None and retired <= self.as_of
            note = f"{row_key} retires on {retired}" if retired else row_key
            day = str(feed.listing(row_key).as_of)
            claims.append(Claim("no" if gone else "yes", feed.provenance.source, "feed", day, note=note, since=date.min, scope=row_key))
        claims += [
            replace(c, value="no", note=f"retires on {c.value}") for c in claims_of(serves.retires, sources) if _begun(c, self.as_of)
        ]
        fact, settled = self.catalogue.vocabulary.facts["option.offered"], in_force(serves.settled, self.as_of).get("offered")
        if settled:
            return Known(self.reader.value(fact, settled.value), tuple(claims), settlements=(("", settled.words),))
        return self.reader.united(fact, claims)

    def retirement(self, host: HostFile, serves: ServesFile) -> dict[str, Known]:
        """When sources say that the model is switched off there."""
        catalogue, model = self.catalogue, self.catalogue.models[serves.model]
        own = announced(serves, catalogue.sources[host.id], catalogue.feeds)
        settled = in_force(serves.settled, self.as_of).get("retires")
        if not own and not settled:
            own = elsewhere(host, serves, model, catalogue)
        return retirement_facts(own, settled, self.as_of)

    def served(self, host: HostFile, endpoint: EndpointFile, serves: ServesFile, listed: Prices) -> Option:
        model = self.catalogue.models[serves.model]
        mode = "hosted-open" if model.open_weights == "yes" else "closed-api"
        sources = self.catalogue.sources[host.id]
        facts = {
            **self.common(model, host, mode, "host"),
            **self.endpoint_facts(host, endpoint),
            **self.layered(host, serves.facts),
            "option.context_tokens": self.served_context(model, host, endpoint, serves),
            "option.offered": self.offered(serves, sources),
            **self.retirement(host, serves),
        }
        return Option(
            f"{model.id}@{host.id}/{endpoint.id}", model, host, endpoint, mode, endpoint.id, self.complete(facts),
            (*endpoint.preconditions, *serves.preconditions), listed, None, serves.note,
        )  # fmt: skip

    def served_context(self, model: ModelFile, host: HostFile, endpoint: EndpointFile, serves: ServesFile) -> Known:
        """
        The longest input at an endpoint.

        Of a closed model its developer's own claims count everywhere. What open weights can take is only an upper bound
        for a host, which may serve less: without a claim for the endpoint nothing more is known.
        """
        fact = self.catalogue.vocabulary.facts["option.context_tokens"]
        entries = [entry for facts in (serves.facts, endpoint.facts, host.facts) if (entry := facts.get("context_tokens"))]
        settled = [entry for entry in entries if isinstance(entry, SettledFact) and begun(entry.settled, self.as_of)]
        if settled:
            return self.reader.known(fact, settled[0], self.catalogue.sources[host.id])
        lists = [entry.claims if isinstance(entry, SettledFact) else entry for entry in entries]
        own = claims_of([claim for claims in lists if isinstance(claims, list) for claim in claims], self.catalogue.sources[host.id])
        of_model = self.model_context(model)
        bounds = tuple(replace(c, scope=OF_MODEL) for c in of_model.claims)
        if serves.own_limits == "yes":
            return replace(self.reader.united(fact, own), claims=(*own, *bounds))
        listed, totals = self.feed_contexts(serves)
        claims = [*own, *listed]
        if model.open_weights == "no":
            known = of_model if of_model.settled else self.reader.united(fact, [*of_model.claims, *claims])
            return replace(known, claims=(*known.claims, *totals))
        known = self.reader.united(fact, claims)
        if not isinstance(known.possible, Interval) or not isinstance(of_model.possible, Interval):
            raise TypeError("context_tokens is a number")
        everything = (*known.claims, *totals, *bounds)
        if live(claims, self.as_of):
            return replace(known, claims=everything)
        possible = Interval(known.possible.lo, of_model.possible.hi)
        return replace(known, possible=possible, claims=everything, settlements=of_model.settlements)

    def feed_contexts(self, serves: ServesFile) -> tuple[list[Claim], list[Claim]]:
        """
        What the price snapshots say of the longest input, one claim for each row; and apart what bounds it without saying it.

        Some packages give input and output together. That is no other opinion of the input, unless it is smaller: where a row
        states the input, a total that has room for it is a bound.
        """
        inputs: list[Claim] = []
        totals: list[Claim] = []
        for key in serves.feeds:
            feed_name, _, row_key = key.partition(":")
            feed = self.catalogue.feeds[feed_name]
            listing = feed.listing(row_key)
            if value := listing.longest_input:
                claim = Claim(value, feed.provenance.source, "feed", str(listing.as_of), note=row_key, since=date.min, scope=row_key)
                (inputs if listing.input_tokens else totals).append(claim)
        least = min((float(str(c.value)) for c in inputs), default=math.inf)
        roomy = [c for c in totals if inputs and float(str(c.value)) >= least]
        return [*inputs, *(c for c in totals if c not in roomy)], [replace(c, scope=OF_TOTAL) for c in roomy]

    # ------------------------------------------------------------------ self-hosted
    def self_hosted(
        self, model: ModelFile, host: HostFile, endpoints: Mapping[str, EndpointFile], premises: Sequence[str]
    ) -> Iterator[Option]:
        if host.kind == "own":
            for machine in worth_offering(self.machines_of(model), self.longest(model)):
                for endpoint in host.endpoints:
                    for place in premises or (UNSTATED,):
                        yield self.deployed(model, host, endpoint, place, Deployment(machine, ()))
            return
        for name, endpoint in endpoints.items():
            rents = [rent for rent in host.rents if name in rent.endpoints and rent.commitment == "on-demand"]
            price = {(rent.hardware, size): rent for rent in rents for size in rent.node_sizes}
            here = [machine for machine in self.machines_of(model) if (machine.hardware.id, machine.gpus) in price]
            for machine in worth_offering(here, self.longest(model)):
                rented = self.rented(machine, price[machine.hardware.id, machine.gpus], self.catalogue.sources[host.id])
                yield self.deployed(model, host, endpoint, name, rented)

    def rented(self, machine: Machine, rent: RentFile, sources: Mapping[str, SourceFile]) -> Deployment:
        """A machine with what is said of its rent, and with the settlement of it, if one counts yet."""
        settled = rent.settled if rent.settled and begun(rent.settled, self.as_of) else None
        if id(rent) not in self._rents:
            self._rents[id(rent)] = claims_of(rent.usd_per_gpu_hour, sources)
        return Deployment(machine, self._rents[id(rent)], settled)

    def machines_of(self, model: ModelFile) -> list[Machine]:
        if model.id not in self._machines:
            self._machines[model.id] = list(machines(model, self.catalogue.hardware, self.catalogue.sizing))
        return self._machines[model.id]

    def longest(self, model: ModelFile) -> float:
        """The longest input that the weights may take, in tokens."""
        context = self.model_context(model).possible
        return context.hi if isinstance(context, Interval) else math.inf

    def deployed(self, model: ModelFile, host: HostFile, endpoint: EndpointFile, place: str, deployment: Deployment) -> Option:
        facts = {
            **self.common(model, host, "self-hosted", "own" if host.kind == "own" else "rented"),
            **self.endpoint_facts(host, endpoint),
            **self.machine_facts(model, deployment.machine),
            "option.retirement_announced": STAYS_ON,
            "option.months_to_retirement": STAYS,
        }
        if host.kind == "own":
            facts |= self.own_places(place)
        return Option(
            id=f"{model.id}@{host.id}/{place}/{deployment.machine.slug}",
            model=model,
            host=host,
            endpoint=endpoint,
            mode="self-hosted",
            place=place,
            facts=self.complete(facts),
            preconditions=tuple(endpoint.preconditions),
            prices=None,
            deployment=deployment,
        )

    def own_places(self, place: str) -> dict[str, Known]:
        """Processing and storage on your own premises: your own country."""
        names = ("option.processing_places", "option.storage_places")
        if place == UNSTATED:
            return {name: Known(self.catalogue.vocabulary.unknown(self.catalogue.vocabulary.facts[name])) for name in names}
        here = Known(Members(frozenset({place}), frozenset({place})), (Claim([place], "Your own premises", "primary"),))
        return dict.fromkeys(names, here)

    def machine_facts(self, model: ModelFile, machine: Machine) -> dict[str, Known]:
        key = ("machine", model.id, machine.slug)
        if key not in self._known:
            four_bit = bool(model.architecture and cut_down(model.architecture, machine.precision))
            self._known[key] = {
                "option.context_tokens": self.machine_context(model, machine),
                "option.cut_to_four_bits": stated("yes" if four_bit else "no", f"model entry {model.id}"),
            }
        return self._known[key]

    def machine_context(self, model: ModelFile, machine: Machine) -> Known:
        """The longest input on a machine: what the weights take, and what its memory holds."""
        weights, memory = self.model_context(model), machine.context
        known = replace(weights, possible=on_machine(weights.possible, machine))
        if memory is None:
            return known
        said = [memory.low, memory.high] if memory.low != memory.high else memory.low
        claim = Claim(said, memory.source, memory.grade, memory.as_of, memory.url, scope=OF_MEMORY)
        return replace(known, claims=(*weights.claims, claim))

    # ------------------------------------------------------------------ facts
    def common(self, model: ModelFile, host: HostFile, mode: str, premises: str) -> dict[str, Known]:
        entry = f"model entry {model.id}"
        return {
            "option.model": stated(model.id, entry),
            "option.licence": stated(model.licence, entry),
            "option.open_weights": stated(model.open_weights, entry),
            "option.developer_country": stated(model.developer_country, entry),
            "option.host": stated(host.id, f"host entry {host.id}"),
            "option.mode": stated(mode, f"host entry {host.id}"),
            "option.premises": stated(premises, f"host entry {host.id}"),
            **self.model_facts(model),
        }

    def endpoint_facts(self, host: HostFile, endpoint: EndpointFile) -> dict[str, Known]:
        """Facts of the host, replaced by those of the endpoint."""
        key = ("endpoint", host.id, endpoint.id)
        if key not in self._known:
            self._known[key] = self.layered(host, host.facts, endpoint.facts)
        return self._known[key]

    def model_facts(self, model: ModelFile) -> dict[str, Known]:
        key = ("model", model.id)
        if key not in self._known:
            facts, sources = self.catalogue.vocabulary.facts, self.catalogue.sources[model.id]
            self._known[key] = {f"option.{k}": self.reader.known(facts[f"option.{k}"], entry, sources) for k, entry in model.facts.items()}
        return self._known[key]

    def layered(self, host: HostFile, *layers: Facts) -> dict[str, Known]:
        """Facts of the host, replaced by those of the endpoint, replaced by those of the model there."""
        merged = {key: entry for layer in layers for key, entry in layer.items()}
        facts = self.catalogue.vocabulary.facts
        return {
            f"option.{key}": self.reader.known(facts[f"option.{key}"], entry, self.catalogue.sources[host.id])
            for key, entry in merged.items()
        }

    def complete(self, facts: Mapping[str, Known]) -> dict[str, Known]:
        """Every declared fact; what no file states is unknown."""
        return {name: facts.get(name) or unknown for name, unknown in self._unknown.items()}

    def model_context(self, model: ModelFile) -> Known:
        """What the model's developer and others say of its longest input."""
        fact = self.catalogue.vocabulary.facts["option.context_tokens"]
        return self.reader.known(fact, model.facts.get("context_tokens", []), self.catalogue.sources[model.id])


def build_options(catalogue: Catalogue, as_of: date, premises: Sequence[str] = (), figures: str = "best") -> tuple[Option, ...]:
    """Every option on a date, in the order of their ids. `premises`: countries of your own premises; none given: not known."""
    vocabulary = catalogue.vocabulary
    unknown = {f.name: Known(vocabulary.unknown(f)) for f in vocabulary.option_facts if f.derived == "no"}
    builder = _Builder(catalogue, as_of, figures, Reader(vocabulary, as_of), unknown)
    found = {option.id: option for option in builder.options(tuple(premises))}
    return tuple(found[option_id] for option_id in sorted(found))


def on_machine(weights: Possible, machine: Machine) -> Possible:
    """The longest input on a machine, from what the weights take: no more than its memory holds."""
    memory = machine.context
    if not isinstance(weights, Interval):
        raise TypeError("context_tokens is a number")
    if memory is None:
        return Interval(0, weights.hi)
    return Interval(float(min(weights.lo, memory.low)), float(min(weights.hi, memory.high)))


def _begun(claim: Claim, as_of: date) -> bool:
    """Whether a claimed day of retirement has come."""
    day = day_of(str(claim.value))
    return day is not None and day <= as_of
