"""
Integrity: what has to be true of the catalogue's files beyond their form.

In: the data folders and the catalogue read from them. Out: problems with file, line and next move, all at once.

The rule for numbers: every number in a file of the catalogue has a source, a date and a grade. They stand beside it, or in the nearest
mapping around it that names a `source`, or in the file's `sources` under that name. What was only remembered has a grade, and may have no
date. A choice that this project made (the ends of a scale, a trust, a floor, a factor) is no exception: its source says that it is a
choice, its date says when it was made, its grade is `memory`. A number that a curator settled has a name, a day and a source instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from advisor import records
from advisor.catalogue.claims import day_of
from advisor.catalogue.load import Catalogue
from advisor.errors import BrokenInput, Problem, shortened
from advisor.strict_yaml import Document, Place, read

EVIDENCED = ("models/*.yaml", "hosts/*.yaml", "hardware.yaml", "benchmarks.yaml", "sizing/*.yaml")
"""Files whose every number is a claim about the world. Questions, bounds of answers and examples are not."""
DESCRIBED = ("node_sizes", "above_tokens")
"""Say what a price is the price of, and are proved by what proves the price."""
SETTLEMENT = frozenset({"value", "by", "on", "source"})
"""The keys by which a settlement is known."""
CONTEXT = "context_tokens"
MOST: Mapping[str, tuple[float, str]] = {
    "usd_per_mtok": (2_000, "US dollars per million tokens"),
    "usd_per_gpu_hour": (200, "US dollars per GPU and hour"),
    "usd_per_gpu": (500_000, "US dollars per GPU"),
    CONTEXT: (20_000_000, "tokens"),
    "uplift": (10, "a factor"),
}
"""By the end of a name: what no true figure comes near, and its unit. A higher one is a slip of the unit."""


def problems(roots: Sequence[Path], catalogue: Catalogue | None) -> list[Problem]:
    """Everything that is wrong with the data of the folders; without a catalogue, because it does not load, what each file shows alone."""
    documents = readable(roots)
    found: list[Problem] = []
    for document in documents:
        found += numbers_without_evidence(document)
        found += certificates_without_evidence(document)
        found += implausible(document)
    if catalogue:
        found += weights_and_licences(documents, catalogue)
        found += speeds_of_nothing(documents, catalogue)
    found += rows_of_two_models(documents)
    return sorted(set(found), key=lambda p: (p.path, p.line, p.where, p.what))


def readable(roots: Sequence[Path]) -> list[Document]:
    """The files of the catalogue that can be read; what is wrong with the others is said where they are loaded."""
    found = []
    for path, name in (item for pattern in EVIDENCED for item in records.paths(roots, pattern)):
        with suppress(BrokenInput):
            found.append(read(path, name))
    return found


# ---------------------------------------------------------------------- evidence
def numbers_without_evidence(document: Document) -> Iterator[Problem]:
    """Numbers that no source, date and grade stand behind."""
    sources = _sources(document)
    for place, carrier in _numbers((), document.data, None):
        missing = _missing(carrier, sources)
        if missing:
            what = f"a number without {' and '.join(missing)}"
            yield document.problem(place, what, "Name a source that carries them, or write them beside it.")


def _numbers(place: Place, data: object, carrier: Mapping[str, object] | None) -> Iterator[tuple[Place, Mapping[str, object] | None]]:
    """Every number with the nearest mapping around it that names a source."""
    match data:
        case bool():
            return
        case int() | float():
            yield place, carrier
        case dict():
            inner = data if "source" in data else carrier
            for key, value in data.items():
                if key not in DESCRIBED:
                    yield from _numbers((*place, key), value, inner)
        case list():
            for number, value in enumerate(data):
                yield from _numbers((*place, number), value, carrier)


def _missing(carrier: Mapping[str, object] | None, sources: Mapping[str, Mapping[str, object]]) -> list[str]:
    if carrier is None:
        return ["source", "date", "grade"]
    if carrier.keys() >= SETTLEMENT:
        return []
    named = sources.get(str(carrier["source"]), {})
    words = {"as_of": "date", "grade": "grade"}
    missing = [word for key, word in words.items() if not (carrier.get(key) or named.get(key)) and not _undatable(key, carrier, named)]
    stated = str(carrier.get("as_of") or named.get("as_of") or "")
    return [*missing, *(["a readable date"] if stated and day_of(stated) is None else [])]


def _undatable(key: str, carrier: Mapping[str, object], named: Mapping[str, object]) -> bool:
    """What is only remembered has no date of its own."""
    return key == "as_of" and "memory" in (carrier.get("grade"), named.get("grade"))


def certificates_without_evidence(document: Document) -> Iterator[Problem]:
    """Certificates that are said to be held on the word of nobody: no address, and not marked as remembered."""
    sources = _sources(document)
    for place, entry in _mappings((), document.data):
        if place and place[-1] == "certificates":
            for member, stated in entry.items():
                yield from _unproven(document, (*place, member), stated, sources)


def _unproven(document: Document, place: Place, stated: object, sources: Mapping[str, Mapping[str, object]]) -> Iterator[Problem]:
    claims = stated.get("claims", []) if isinstance(stated, dict) else stated
    if not isinstance(claims, list) or not claims:
        yield document.problem(place, "a certificate without any claim", "Give its evidence, or leave it out: it is then unknown.")
        return
    for number, claim in enumerate(claims):
        if isinstance(claim, dict) and str(claim.get("value")) == "yes":
            named = sources.get(str(claim.get("source")), {})
            grade, address = claim.get("grade") or named.get("grade"), claim.get("url") or named.get("url")
            if not address and grade != "memory":
                what = "a certificate is said to be held, and no address leads to its evidence"
                yield document.problem((*place, number), what, "Give the address of the attestation or of who reports it.")


# ---------------------------------------------------------------------- plausibility
def implausible(document: Document) -> Iterator[Problem]:
    """Figures that can only be slips of the unit, claimed or settled."""
    for place, amount in _amounts((), document.data):
        name = next(step for step in reversed(place) if isinstance(step, str) and step not in ("value", "claims", "settled"))
        for end, (most, unit) in MOST.items():
            if name.endswith(end) and not 0 < amount <= most and (amount > most or end == CONTEXT):  # others are above 0 once loaded
                what = f"{shortened(amount)} is not between 0 and {most:,}"
                yield document.problem(place, what, f"Check the unit: it is {unit}.")


def _amounts(place: Place, data: object) -> Iterator[tuple[Place, int | float]]:
    """Every number that is the value of a claim or a settlement, alone or as an end of a range."""
    match data:
        case {"value": bool()}:
            return
        case {"value": int() | float() as amount}:
            yield (*place, "value"), amount
        case {"value": [int() | float() as low, int() | float() as high]}:
            yield from (((*place, "value"), amount) for amount in (low, high))
        case dict():
            for key, value in data.items():
                yield from _amounts((*place, str(key)), value)
        case list():
            for number, value in enumerate(data):
                yield from _amounts((*place, number), value)


# ---------------------------------------------------------------------- what must agree
def weights_and_licences(documents: Iterable[Document], catalogue: Catalogue) -> Iterator[Problem]:
    """Closed models with weights to download, and licences that do not fit."""
    for document in documents:
        for place, entry in _models(document):
            name = str(entry.get("id"))
            model = catalogue.models.get(name)
            licence = catalogue.licences.get(model.licence) if model else None
            if model is None or licence is None:
                continue
            if model.open_weights == "no" and model.architecture:
                yield document.problem(
                    place, f"{name} is closed and yet has weights to run", "Correct `open_weights`, or take out `architecture`."
                )
            if (model.open_weights == "yes") == (licence.kind == "closed"):
                state = "open" if model.open_weights == "yes" else "closed"
                what = f"{name} has {state} weights under the {licence.kind} licence {licence.id}"
                yield document.problem(place, what, "Correct `open_weights` or `licence`.")


def _models(document: Document) -> Iterator[tuple[Place, Mapping[str, object]]]:
    entries = document.data.get("models") if isinstance(document.data, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield ("models", number), entry


def rows_of_two_models(documents: Iterable[Document]) -> Iterator[Problem]:
    """A row of a price package is the price of one model; mapped to two, one of them is wrong."""
    stands: dict[str, str] = {}
    for document in documents:
        entries = document.data.get("serves") if isinstance(document.data, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                continue
            model = str(entry.get("model"))
            rows = entry.get("feeds")
            for row in rows if isinstance(rows, list) else ():
                other = stands.setdefault(str(row), model)
                if other != model:
                    what = f"the row {row} is mapped to {model} and to {other}"
                    yield document.problem(("serves", number, "feeds"), what, "Keep it where the package means it.")


def speeds_of_nothing(documents: Iterable[Document], catalogue: Catalogue) -> Iterator[Problem]:
    """Speeds of a model or a kind of GPU that the catalogue does not have: they would never be used."""
    for document in documents:
        entries = document.data.get("measured") if isinstance(document.data, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                shaped = entry.get("same_shape")
                names = [entry.get("model"), *(shaped if isinstance(shaped, list) else ())]
                for kind, known, stated in (("model", catalogue.models, names), ("hardware", catalogue.hardware, [entry.get("hardware")])):
                    for name in stated:
                        if name not in known:
                            what = f"a speed of the {kind} {name}, which the catalogue does not have"
                            yield document.problem(("measured", number), what, "Correct the name, or add it to the catalogue.")
    table = "data/sizing/estimates.csv"
    for name in sorted({e.model for e in catalogue.sizing.estimates} - catalogue.models.keys()):
        yield Problem(table, 0, name, "an estimate of a model that the catalogue does not have", "Correct tools/estimate_throughput.py.")


def _sources(document: Document) -> Mapping[str, Mapping[str, object]]:
    found = document.data.get("sources") if isinstance(document.data, dict) else None
    return {str(k): v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}


def _mappings(place: Place, data: object) -> Iterator[tuple[Place, Mapping[str, object]]]:
    match data:
        case dict():
            yield place, data
            for key, value in data.items():
                yield from _mappings((*place, key), value)
        case list():
            for number, value in enumerate(data):
                yield from _mappings((*place, number), value)
