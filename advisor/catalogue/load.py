"""
`data/` to a Catalogue: models, hosts, licences, hardware, benchmarks, price snapshots. All problems of all files at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from advisor import records
from advisor.catalogue.claims import day_of
from advisor.catalogue.evidence import UNKNOWN
from advisor.catalogue.feeds import HIGHEST, Feed, load_feeds
from advisor.catalogue.files import (
    BenchmarkFile,
    BenchmarkList,
    ClaimFile,
    DeveloperFile,
    Facts,
    FloorFile,
    HardwareFile,
    HardwareList,
    HostFile,
    LicenceFile,
    ModelFile,
    Record,
    SettledFact,
    Settlement,
    SourceFile,
)
from advisor.catalogue.meters import METERS, is_meter
from advisor.catalogue.sizing import Sizing, load_sizing
from advisor.errors import BrokenInput, NotFound, Problem, shortened, suggestion
from advisor.strict_yaml import Document, Place, read
from advisor.vocabulary import Fact, Vocabulary

Sources = Mapping[str, SourceFile]
AnyRecord = TypeVar("AnyRecord", bound=Record)
BY_CONSTRUCTION = frozenset(
    f"option.{name}"
    for name in (
        "model", "host", "licence", "open_weights", "developer_country", "mode", "premises",
        "offered", "retirement_announced", "months_to_retirement",
    )
)  # fmt: skip
"""Facts that follow from where a record stands, and from what is listed and retired; no file states them under `facts`."""
DAY_FORM = "Write it as '2027-03-05'."


@dataclass(frozen=True)
class Catalogue:
    """Everything that is known of models, hosts and prices; every record by its id."""

    models: Mapping[str, ModelFile]
    hosts: Mapping[str, HostFile]
    licences: Mapping[str, LicenceFile]
    hardware: Mapping[str, HardwareFile]
    benchmarks: Mapping[str, BenchmarkFile]
    floors: Sequence[FloorFile]
    feeds: Mapping[str, Feed]
    sizing: Sizing
    sources: Mapping[str, Mapping[str, SourceFile]]
    """The named sources of each file, by the id of the model or host, and `hardware`."""
    vocabulary: Vocabulary
    """With the ids of models, hosts and licences as values."""
    overridden: tuple[str, ...] = ()

    def model(self, model_id: str) -> ModelFile:
        if model_id not in self.models:
            raise NotFound("model", model_id, self.models)
        return self.models[model_id]

    def host(self, host_id: str) -> HostFile:
        if host_id not in self.hosts:
            raise NotFound("host", host_id, self.hosts)
        return self.hosts[host_id]


def load_catalogue(roots: Sequence[Path], vocabulary: Vocabulary) -> Catalogue:
    """The catalogue of the data folders; a later folder wins by id. Raises BrokenInput with all problems."""
    reader = _Reader(vocabulary)
    for number, root in enumerate(roots):
        reader.take(root, number)
    try:
        feeds = load_feeds(roots)
    except BrokenInput as error:  # without them no row that a host names can be looked up
        raise BrokenInput([*reader.problems, *error.problems]) from error
    catalogue = Catalogue(
        dict(sorted(reader.models.items())), dict(sorted(reader.hosts.items())), dict(sorted(reader.licences.items())), reader.hardware,
        reader.benchmarks, tuple(reader.floors), feeds, load_sizing(roots), reader.sources,
        vocabulary.with_domains(
            model={m.id: m.name for m in reader.models.values()},
            host={h.id: h.name for h in reader.hosts.values()},
            licence={x.id: x.name for x in reader.licences.values()},
            hardware={x.id: x.name for x in reader.hardware.values()},
        ),
        tuple(sorted(reader.overridden)),
    )  # fmt: skip
    problems = reader.problems + list(_links(catalogue, reader.documents))
    if problems:
        raise BrokenInput(problems)
    return catalogue


class _Reader:
    """Gathers the records of one folder after another."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.models: dict[str, ModelFile] = {}
        self.hosts: dict[str, HostFile] = {}
        self.licences: dict[str, LicenceFile] = {}
        self.hardware: dict[str, HardwareFile] = {}
        self.benchmarks: dict[str, BenchmarkFile] = {}
        self.floors: list[FloorFile] = []
        self.sources: dict[str, Mapping[str, SourceFile]] = {}
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []
        self.overridden: list[str] = []
        self._root_of: dict[tuple[str, str], int] = {}

    def take(self, root: Path, number: int) -> None:
        for document, developer in self._files(root, "models/*.yaml", DeveloperFile):
            for place, model in enumerate(developer.models):
                self._keep("model", model.id, document, number)
                self.models[model.id] = model
                self.sources[model.id] = developer.sources
                self._facts(document, model.facts, developer.sources, ("models", place, "facts"))
                self._amounts(document, model.scores, developer.sources, ("models", place, "scores"), least=-math.inf)
                self._days(document, model.retires, developer.sources, ("models", place, "retires"))
                self._claims(document, model.reasoning, developer.sources, ("models", place, "reasoning"))
                for name, record in model.settled.items():
                    self._settled(document, record, ("models", place, "settled", name), least=-math.inf)
                if model.developer_country not in self.vocabulary.places.countries:
                    what = f"{model.developer_country!r} is not a country"
                    self.problems.append(document.problem(("models", place, "developer_country"), what, "Use ISO 3166-1 codes."))
        for document, host in self._files(root, "hosts/*.yaml", HostFile):
            self._keep("host", host.id, document, number)
            self.hosts[host.id] = host
            self.sources[host.id] = host.sources
            self._host(document, host)
        for document, licence in self._files(root, "licences/*.yaml", LicenceFile):
            self._keep("licence", licence.id, document, number)
            self.licences[licence.id] = licence
        for document, hardware in self._files(root, "hardware.yaml", HardwareList):
            for place, gpu in enumerate(hardware.hardware):
                self._keep("hardware", gpu.id, document, number)
                self._amounts(document, gpu.purchase_usd_per_gpu, hardware.sources, ("hardware", place))
            self.hardware |= {h.id: h for h in hardware.hardware}
            self.sources["hardware"] = hardware.sources
        for document, file in self._files(root, "benchmarks.yaml", BenchmarkList):
            for place, benchmark in enumerate(file.benchmarks):
                self._keep("benchmark", benchmark.id, document, number)
                if benchmark.zero == benchmark.hundred:
                    what = f"{benchmark.id} has the same value for `zero` and `hundred`, so it measures nothing"
                    self.problems.append(document.problem(("benchmarks", place), what))
            self.benchmarks |= {b.id: b for b in file.benchmarks}
            self.floors = list(file.floors) or self.floors

    def _files(self, root: Path, pattern: str, form: type[AnyRecord]) -> Iterator[tuple[Document, AnyRecord]]:
        for path, name in records.paths([root], pattern):
            try:
                document = read(path, name)
                yield document, records.checked(form, document)
            except BrokenInput as error:
                self.problems += error.problems

    def _keep(self, kind: str, record_id: str, document: Document, number: int) -> None:
        earlier = self._root_of.get((kind, record_id))
        if earlier == number:
            self.problems.append(document.problem((), f"the {kind} {record_id!r} stands twice", "Give each its own id."))
        elif earlier is not None:
            self.overridden.append(f"{kind} {record_id}")
        self._root_of[kind, record_id] = number
        self.documents[f"{kind} {record_id}"] = document

    def _host(self, document: Document, host: HostFile) -> None:
        names = [endpoint.id for endpoint in host.endpoints]
        for name in {n for n in names if names.count(n) > 1}:
            self.problems.append(document.problem(("endpoints",), f"the endpoint {name!r} stands twice", "Give each its own id."))
        self._facts(document, host.facts, host.sources, ("facts",))
        self._claims(document, host.fee, host.sources, ("fee",))
        self._claims(document, host.list_currency, host.sources, ("list_currency",))
        for n, endpoint in enumerate(host.endpoints):
            self._facts(document, endpoint.facts, host.sources, ("endpoints", n, "facts"))
            self._claims(document, endpoint.fee, host.sources, ("endpoints", n, "fee"))
        for n, serves in enumerate(host.serves):
            self._facts(document, serves.facts, host.sources, ("serves", n, "facts"))
            prices = [c for _, claims in serves.price.stated() for c in claims]
            self._claims(document, serves.listed, host.sources, ("serves", n))
            self._days(document, serves.retires, host.sources, ("serves", n, "retires"))
            self._amounts(document, serves.uplift, host.sources, ("serves", n, "uplift"))
            self._amounts(document, prices, host.sources, ("serves", n, "price"), most=HIGHEST)
            for name, record in serves.settled.items():
                self._settled_served(document, name, record, ("serves", n, "settled", name))
        for n, rent in enumerate(host.rents):
            self._amounts(document, rent.usd_per_gpu_hour, host.sources, ("rents", n))
            if rent.settled:
                self._settled(document, rent.settled, ("rents", n, "settled"))

    def _amounts(
        self, document: Document, claims: Sequence[ClaimFile], sources: Sources, place: Place, least: float = 0.0, most: float = math.inf
    ) -> None:
        """Claims of a figure: a number above `least` and up to `most`, or `unknown`."""
        self._claims(document, claims, sources, place)
        for claim in claims:
            if _is_number(claim.value, least) and float(str(claim.value)) > most:
                what = f"{shortened(claim.value)} is more than {most:,.0f} US dollars per million tokens"
                self.problems.append(document.problem(place, what, "Check the unit."))
            if claim.value != UNKNOWN and not _is_number(claim.value, least):
                what = f"{shortened(claim.value)} is not {_number_words(least)}"
                self.problems.append(document.problem(place, what, "Give a number, or `unknown`."))

    def _settled(self, document: Document, record: Settlement, place: Place, least: float = 0.0) -> None:
        """A settlement of a figure: it leaves one number."""
        if not _is_number(record.value, least):
            self.problems.append(
                document.problem(place, f"{shortened(record.value)} is not {_number_words(least)}", "Give the number that is right.")
            )

    def _settled_served(self, document: Document, name: str, record: Settlement, place: Place) -> None:
        """A settlement of something that is said of a served model."""
        if name == "offered":
            if record.value not in ("yes", "no", UNKNOWN):
                what = f"{shortened(record.value)} does not say whether the model is offered"
                self.problems.append(document.problem(place, what, "Write `yes`, `no` or `unknown`."))
        elif name == "retires":
            if not _is_day(record.value):
                self.problems.append(document.problem(place, f"{shortened(record.value)} is not a day", DAY_FORM))
        elif name == "uplift" or is_meter(name):
            self._settled(document, record, place)
        else:
            hint = suggestion(name, [*METERS, "uplift", "retires", "offered"])
            what = f"there is no {name!r} to settle{hint}"
            self.problems.append(document.problem(place, what, "Prices are named as under `price`; facts are settled where they stand."))

    def _claims(self, document: Document, claims: Sequence[ClaimFile], sources: Sources, place: Place) -> None:
        for claim in claims:
            if claim.grade is None and claim.source not in sources:
                hint = suggestion(claim.source, sources)
                self.problems.append(
                    document.problem(place, f"the source {claim.source!r} is not among `sources`{hint}", "Name it there, or give a grade.")
                )

    def _days(self, document: Document, claims: Sequence[ClaimFile], sources: Sources, place: Place) -> None:
        """Claims of a day."""
        self._claims(document, claims, sources, place)
        for claim in claims:
            if not _is_day(claim.value):
                self.problems.append(document.problem(place, f"{shortened(claim.value)} is not a day", DAY_FORM))

    def _facts(self, document: Document, facts: Facts, sources: Sources, place: Place) -> None:
        for key, entry in facts.items():
            at = (*place, key)
            fact = self.vocabulary.facts.get(f"option.{key}")
            if fact is not None and fact.derived == "yes":
                self.problems.append(
                    document.problem(at, f"{fact.name} is worked out from other facts, so no file may state it", "Take it out.")
                )
                continue
            if fact is not None and fact.name in BY_CONSTRUCTION:
                what = f"{fact.name} follows from how the option is built, so it is not stated under `facts`"
                self.problems.append(document.problem(at, what, "Take it out; what is listed or retires has keys of its own."))
                continue
            if fact is None:
                known = [f.key for f in self.vocabulary.option_facts]
                self.problems.append(
                    document.problem(at, f"unknown fact{suggestion(key, known)}", "Facts are declared in data/vocabulary.yaml.")
                )
                continue
            members = entry if isinstance(entry, dict) else {"": entry}
            if (fact.kind == "held") != isinstance(entry, dict):
                form = "claims for each member, as a mapping" if fact.kind == "held" else "a list of claims"
                self.problems.append(document.problem(at, f"{fact.name} takes {form}"))
                continue
            for member, stated in members.items():
                claims = stated.claims if isinstance(stated, SettledFact) else stated
                if member and member not in self.vocabulary.values(fact):
                    hint = suggestion(member, self.vocabulary.values(fact))
                    self.problems.append(document.problem((*at, member), f"{member!r} is not a value of {fact.name}{hint}"))
                self._claims(document, claims, sources, at)
                if isinstance(stated, SettledFact) and not self._fits(fact, stated.settled.value):
                    what = f"{shortened(stated.settled.value)} is not a value of {fact.name}"
                    self.problems.append(document.problem((*at, "settled"), what))
                self.problems += [
                    document.problem(at, f"{shortened(c.value)} is not a value of {fact.name}")
                    for c in claims
                    if not self._fits(fact, c.value)
                ]

    def _fits(self, fact: Fact, value: object) -> bool:
        """Whether a claimed value has the form of its fact; `unknown` always has."""
        if value == "unknown":
            return True
        match fact.kind, value:
            case "number", int() | float():
                return not isinstance(value, bool) and math.isfinite(value)
            case "number", [int() | float() as lo, int() | float() as hi]:
                return math.isfinite(lo) and math.isfinite(hi) and lo <= hi
            case "held", str():
                return value in ("yes", "no")
            case "choice" | "yes-no", str():
                return value in self.vocabulary.values(fact) or fact.domain in ("model", "host", "licence")
            case "places", list():
                places = self.vocabulary.places
                return all(v == "global" or v in places.countries or v in places.tokens for v in value)
        return False


def _is_number(value: object, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > least


def _number_words(least: float) -> str:
    return "a finite number" if least == -math.inf else f"a number above {least:g}"


def _is_day(value: object) -> bool:
    return day_of(str(value)) is not None and len(str(value)) == len("2026-11-24")


def _place_of(document: Document, model_id: str) -> Place:
    """Where a model stands in its file."""
    entries = document.data.get("models") if isinstance(document.data, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and entry.get("id") == model_id:
            return ("models", number)
    return ()


def _links(catalogue: Catalogue, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Names that point nowhere."""

    def missing(kind: str, name: str, known: Mapping[str, object], document: Document, place: Place) -> Iterator[Problem]:
        if name not in known:
            yield document.problem(place, f"there is no {kind} {name!r}{suggestion(name, known)}", f"Add the {kind}, or correct the name.")

    for model in catalogue.models.values():
        document = documents[f"model {model.id}"]
        at = _place_of(document, model.id)
        yield from missing("licence", model.licence, catalogue.licences, document, (*at, "licence"))
        for n, score in enumerate(model.scores):
            yield from missing("benchmark", score.benchmark, catalogue.benchmarks, document, (*at, "scores", n))
        for name in model.settled:
            yield from missing("benchmark", name, catalogue.benchmarks, document, (*at, "settled", name))
    for host in catalogue.hosts.values():
        document = documents[f"host {host.id}"]
        endpoints = {e.id: e for e in host.endpoints}
        for n, serves in enumerate(host.serves):
            place: Place = ("serves", n)
            yield from missing("model", serves.model, catalogue.models, document, place)
            for endpoint in serves.endpoints:
                yield from missing("endpoint", endpoint, endpoints, document, place)
            for row in serves.feeds:
                feed, _, key = row.partition(":")
                listed: Mapping[str, object] = catalogue.feeds[feed].listings if feed in catalogue.feeds else {}
                if key not in listed:
                    what = f"no price snapshot has the row {row!r}{suggestion(key, listed)}"
                    yield document.problem((*place, "feeds"), what, "Rows are written `feed:key`; see data/feeds/.")
        for n, rent in enumerate(host.rents):
            yield from missing("hardware", rent.hardware, catalogue.hardware, document, ("rents", n))
            for endpoint in rent.endpoints:
                yield from missing("endpoint", endpoint, endpoints, document, ("rents", n))
