"""
The azure-genai-prices package: `snapshot.json`, Azure's own retail price list, meter by meter and region by region.

A meter's name says little and is never guessed at: `data/feeds/azure-meters.csv` says which row each reviewed meter stands for. A
price goes into `<model>/global` only where all regions outside government clouds agree, into `<model>/data-zone` where those of
the zones `eu` and `us` do, into `<model>/data-zone/eu` where those of one zone do, and else into the row of one region. Where they
differ, the model is listed without that price.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from advisor.catalogue.claims import day_of
from advisor.catalogue.meters import KINDS, PROCESSING, Meter
from advisor.catalogue.packages.reading import WRONG_FORM, Reading, content_of, json_of
from advisor.errors import BrokenInput, Problem

DAY = len("2026-11-24")
"""Its times of day are cut off."""

FILE = "snapshot.json"
MAPPING = "azure-meters.csv"
COLUMNS = ("key", "productName", "meterName", "kind", "processing", "above_tokens")
UNITS = {"1M": 1, "1K": 1_000}
"""What a price is multiplied by to be one of a million tokens."""

ZONES = {
    "eu": ("austriaeast", "belgiumcentral", "denmarkeast", "francecentral", "francesouth", "germanynorth", "germanywestcentral",
           "italynorth", "northeurope", "polandcentral", "spaincentral", "swedencentral", "westeurope"),
    "us": ("centralus", "eastus", "eastus2", "northcentralus", "southcentralus", "westcentralus", "westus", "westus2", "westus3"),
}  # fmt: skip

MeterName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Quote:
    regions: frozenset[str]
    amount: Decimal
    since: date | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One reviewed meter: the row it belongs to, and what of that row it prices."""

    key: str
    name: MeterName
    meter: Meter


def mapping(path: Path) -> list[Mapped]:
    """The reviewed meters. Raises BrokenInput with every line that is wrong."""
    text = content_of(path, str(path)).decode("utf-8", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BrokenInput([Problem(str(path), 1, "", f"the columns are not {', '.join(COLUMNS)}", "")])
    problems, found = [], []
    for line, row in enumerate(reader, 2):
        key, kind, processing, above = row["key"], row["kind"], row["processing"], row["above_tokens"] or "0"
        if kind in KINDS and processing in PROCESSING and above.isdecimal() and key.count("/") in (1, 2):
            found.append(Mapped(key, (row["productName"], row["meterName"]), Meter(kind, processing, int(above))))
        else:
            what = f"kind must be one of {', '.join(KINDS)}; processing one of {', '.join(PROCESSING)}; above_tokens a whole number"
            problems.append(Problem(str(path), line, key, what, "Keys are written model/global, model/data-zone/eu, model/regional/place."))
    if problems:
        raise BrokenInput(problems)
    return found


def read(path: Path, reviewed: Iterable[Mapped]) -> Reading:
    """The rows of the reviewed meters; the others are counted. Raises BrokenInput."""
    where = str(path)
    data = json_of(content_of(path, where), where, f"the package's {FILE}")
    reading = Reading(where, day_of(str(data.get("fetched_at"))[:DAY]))
    items = data.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BrokenInput([Problem(where, 0, "items", "is no list of meters", f"Give the package's {FILE}.")])
    quotes = _quotes(reading, items)
    rows: dict[tuple[str, str, int], dict[str, _Quote]] = defaultdict(dict)
    names = set()
    for entry in reviewed:
        names.add(entry.name)
        if entry.name in quotes and entry.key not in reading.listings:
            reading.list_model(entry.key, "azure", entry.key)
        quote = _agreed(quotes.get(entry.name, []), entry.key)
        if quote is None:
            why = "differ by region" if entry.name in quotes else "are no longer listed"
            reading.left_out[f"reviewed meters whose prices {why}"] += 1
        else:
            rows[entry.key, entry.meter.processing, entry.meter.above_tokens][entry.meter.kind] = quote
    for (key, processing, above), meters in rows.items():
        begins = max((quote.since for quote in meters.values() if quote.since), default=None)
        reading.price(key, {kind: quote.amount for kind, quote in meters.items()}, processing, since=begins, above=above)
    reading.left_out["meters of tokens that nobody has mapped"] = len(quotes.keys() - names)
    return reading


def _quotes(reading: Reading, items: Iterable[Mapping[str, Any]]) -> dict[MeterName, list[_Quote]]:
    """Prices of a million tokens by meter; meters of hours, images or seconds are none."""
    found: dict[MeterName, list[_Quote]] = defaultdict(list)
    for item in items:
        factor = UNITS.get(str(item.get("unitOfMeasure")))
        if factor is None:
            continue
        try:
            name = (item["productName"], item["meterName"])
            amount, regions = Decimal(str(item["retailPrice"])) * factor, frozenset(item["regions"])
            found[name].append(_Quote(regions, amount, day_of(str(item.get("effectiveStartDate"))[:DAY])))
        except WRONG_FORM as error:
            reading.refuse_form(str(item.get("meterName")), error)
    return found


def _agreed(quotes: Iterable[_Quote], key: str) -> _Quote | None:
    """The one price of a meter for the regions of a key; None where they differ, or where it has none."""
    _, kind, *place = key.split("/")
    if not place:
        wanted = {r for zone in ZONES.values() for r in zone} if kind == "data-zone" else None
    else:
        wanted = set(ZONES.get(place[0], place))
    here = [q for q in quotes if (q.regions & wanted if wanted else any(not r.startswith("usgov") for r in q.regions))]
    if len({q.amount for q in here}) != 1:
        return None
    return _Quote(frozenset().union(*(q.regions for q in here)), here[0].amount, min((q.since for q in here if q.since), default=None))
