"""
Disputes: facts, prices, scores and rents on which live sources differ, each once, with the options it touches and the size of the gap.

In: options on a date and the catalogue they were built from. Out: disputes, those that touch most options first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from advisor.catalogue.claims import COMPARISON, Claim, live
from advisor.catalogue.evidence import UNKNOWN, Known, covers_service, in_force
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import BOUNDS, Option
from advisor.ranking.quality import all_claims, countable

Kind: TypeAlias = Literal["fact", "price", "score", "rent"]
KIND_WORDS: Mapping[Kind, str] = {"fact": "fact", "price": "price", "score": "benchmark result", "rent": "rent"}


@dataclass(frozen=True)
class Dispute:
    """Live claims of one thing that differ."""

    kind: Kind
    name: str
    """A fact, a class of price, a benchmark; for a rent the hardware."""
    member: str
    """Of a fact that is a set: the member; else empty."""
    claims: tuple[Claim, ...]
    """The live ones."""
    models: tuple[str, ...]
    hosts: tuple[str, ...]
    """Empty for a score, which belongs to the model."""
    endpoints: tuple[str, ...]
    options: tuple[str, ...]
    settled: str = ""
    """Who settled it, when, why and by what; it then changes nothing."""

    @property
    def values(self) -> tuple[object, ...]:
        """The different values, in the order in which they are claimed."""
        return distinct(self.claims)

    @property
    def factor(self) -> float | None:
        """Largest over smallest value where all are numbers above zero, else None."""
        numbers = [float(str(v)) for v in self.values if _is_number(v)]
        if len(numbers) < len(self.values) or min(numbers) <= 0:
            return None
        return max(numbers) / min(numbers)

    @property
    def gap(self) -> str:
        """How far apart the sources are, in words."""
        numbers = [float(str(v)) for v in self.values if _is_number(v)]
        if len(numbers) < len(self.values):
            return f"{len(self.values)} values"
        if self.kind == "score":
            return f"{max(numbers) - min(numbers):.1f} points"
        return f"{self.factor:.2f} times" if self.factor else f"{max(numbers) - min(numbers):g}"


def distinct(claims: Sequence[Claim]) -> tuple[object, ...]:
    """Different values of claims; numbers are the same however they are written."""
    found: dict[object, object] = {}
    for claim in claims:
        found.setdefault(_plain(claim.value), claim.value)
    return tuple(found.values())


def disputes(options: Sequence[Option], catalogue: Catalogue, as_of: date) -> tuple[Dispute, ...]:
    """Every dispute that touches an option, settled ones included."""
    seen: dict[object, tuple[_Found, list[Option]]] = {}

    def note(found: _Found, touched: Sequence[Option]) -> None:
        seen.setdefault(found.key, (found, []))[1].extend(touched)

    for option in options:
        for found in _of_option(option, as_of):
            note(found, [option])
    by_model: dict[str, list[Option]] = {}
    for option in options:
        by_model.setdefault(option.model.id, []).append(option)
    for model_id, served in by_model.items():
        for found in _of_scores(catalogue, model_id, as_of):
            note(found, served)
    every = [_dispute(found, touched) for found, touched in seen.values()]
    return tuple(sorted(every, key=lambda d: (-len(d.options), d.kind, d.name, d.member, d.options)))


@dataclass(frozen=True, slots=True)
class _Found:
    """Differing claims as one option shows them."""

    kind: Kind
    name: str
    claims: tuple[Claim, ...]
    member: str = ""
    settled: str = ""
    of: str = ""
    """The model that a score belongs to."""

    @property
    def key(self) -> object:
        """The same for all options that share the claims."""
        said = tuple((c.source, c.scope, c.as_of, c.grade, c.note, _plain(c.value)) for c in self.claims)
        return (self.kind, self.name, self.member, self.settled, self.of, said)


def _dispute(found: _Found, options: Sequence[Option]) -> Dispute:
    hosts = () if found.kind == "score" else tuple(sorted({o.host.id for o in options}))
    return Dispute(
        found.kind, found.name, found.member, found.claims,
        tuple(sorted({o.model.id for o in options})), hosts, tuple(sorted({o.endpoint.id for o in options})) if hosts else (),
        tuple(o.id for o in options), found.settled,
    )  # fmt: skip


def _of_option(option: Option, as_of: date) -> Iterator[_Found]:
    for name, known in option.facts.items():
        if known.disputes or known.settlements:
            yield from _of_fact(name, known, as_of)
    if option.prices:
        for name, price in option.prices.classes.items():
            claims = tuple(live(price.claims, as_of)) if price.settled or price.range.low != price.range.high else ()
            if len(distinct(claims)) > 1:
                yield _Found("price", name, claims, settled=price.settled)
    if option.deployment:
        rents, settled = tuple(live(option.deployment.rent, as_of)), option.deployment.settled
        if len(distinct(rents)) > 1:
            yield _Found("rent", option.deployment.machine.hardware.id, rents, settled=settled.words if settled else "")


def _of_fact(name: str, known: Known, as_of: date) -> Iterator[_Found]:
    settled = dict(known.settlements)
    for member in sorted({*known.disputes, *settled}):
        about = [c for c in known.claims if c.member == member and c.scope not in BOUNDS and (not member or covers_service(c))]
        claims = tuple(live(about, as_of, comparison=not member))
        if len(distinct(claims)) > 1:
            yield _Found("fact", name, claims, member, settled.get(member, ""))


def _of_scores(catalogue: Catalogue, model_id: str, as_of: date) -> Iterator[_Found]:
    """Benchmarks on which results that count lie further apart than re-runs of one test do."""
    model, sources = catalogue.models[model_id], catalogue.sources[model_id]
    settled = in_force(model.settled, as_of)
    for benchmark in catalogue.benchmarks.values():
        claims = tuple(countable(all_claims(model, benchmark.id, sources), as_of))
        numbers = [float(str(c.value)) for c in claims]
        if numbers and max(numbers) - min(numbers) > float(benchmark.tolerance):
            record = settled.get(benchmark.id)
            yield _Found("score", benchmark.id, claims, settled=record.words if record else "", of=model_id)


def usable(dispute: Dispute) -> tuple[object, ...]:
    """The values that one could calculate with: every claimed one but `unknown`."""
    return tuple(v for v in dispute.values if v != UNKNOWN)


def involves_comparison(dispute: Dispute) -> bool:
    """Whether the comparison document takes part."""
    return any(claim.grade == COMPARISON for claim in dispute.claims)


def _plain(value: object) -> object:
    if _is_number(value):
        return float(str(value))
    return tuple(map(str, value)) if isinstance(value, list) else value


def _is_number(value: object) -> bool:
    if isinstance(value, bool | list):
        return False
    try:
        float(str(value))
    except ValueError:
        return False
    return True
