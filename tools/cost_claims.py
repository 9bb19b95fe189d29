"""
Writes the figures of `docs/costs.md`: the hospital case line by line, break-even with random draws, and three claims about cost.

    python tools/cost_claims.py            # prints the section
    python tools/cost_claims.py --write    # writes it between the markers of docs/costs.md
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from advisor.cost.inputs import Side
from advisor.cost.lines import dollars
from advisor.cost.workload import HOURS_PER_MONTH
from advisor.cost_words import count_words, draws_words
from advisor.library import Library, load_library
from advisor.three_ways import Pair, three_ways
from tools.cost_world import (
    AS_OF,
    DAILY,
    EU_ZONE,
    FIGURES,
    GERMANY,
    GLOBAL,
    GPT_EU,
    GPT_GLOBAL,
    H100_EU,
    LARGEST,
    SHAPES,
    VOLUMES,
    World,
    worlds,
)

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "costs.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Guide:
    """What the hospital case says of one shape, worked out by hand before this program was written."""

    gpt_global: int
    gpt_eu: int
    gpt_eu_batch: int
    hosted_least: int
    hosted_most: int
    azure_global: int
    azure_eu: int
    azure_germany: int


HOSPITAL = (
    Guide(8_500, 9_350, 4_675, 365, 810, 650, 715, 787),
    Guide(19_500, 21_450, 10_725, 854, 1_970, 1_550, 1_705, 1_877),
    Guide(44_000, 48_400, 24_200, 1_957, 4_640, 3_600, 3_960, 4_360),
    Guide(55_000, 60_500, 30_250, 2_587, 6_750, 5_000, 5_500, 6_058),
)
GUIDE_RENTS = (("2.0", 11_700), ("2.5", 14_600), ("3.5", 20_400), ("6.15", 35_900))
"""What 8 × H100 cost a month, by the rent of one GPU and hour."""


# ---------------------------------------------------------------------- Markdown
def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *(f"| {' | '.join(row)} |" for row in rows), ""]


def times(ratio: Decimal) -> str:
    return f"{ratio:.1f}×" if ratio >= 1 else f"{float(ratio):.2g}×"


def name_of(world: World, name: str) -> str:
    return world.options[name].name


# ---------------------------------------------------------------------- the hospital case
def hospital(world: World) -> Iterator[str]:
    yield "### The hospital case: tokens"
    yield ""
    yield "2 million requests a month; guide: worked out by hand; ours: the token lines of the bill, without people and logs."
    yield ""
    labels = {
        "gpt_global": "GPT-5.4, global", "gpt_eu": "GPT-5.4, EU", "gpt_eu_batch": "GPT-5.4, EU, all as batch",
        "hosted_least": "hosted Maverick, cheapest", "hosted_most": "hosted Maverick, dearest",
        "azure_global": "Maverick, Azure global", "azure_eu": "Maverick, Azure EU zone", "azure_germany": "Maverick, Azure Germany",
    }  # fmt: skip
    columns = [_shape(world, *shape) for shape in SHAPES]
    rows = []
    for key, label in labels.items():
        pairs = zip((getattr(guide, key) for guide in HOSPITAL), (column[key] for column in columns), strict=True)
        rows.append((label, *(f"{dollars(Decimal(said))} / {dollars(ours)}" for said, ours in pairs)))
    yield from table(("guide / ours", *(f"{given:,} in, {written:,} out" for given, written in SHAPES)), rows)
    yield from _hospital_machines(world)


def _shape(world: World, given: int, written: int) -> dict[str, Decimal]:
    load = replace(world.load, input_tokens=Decimal(given), output_tokens=Decimal(written))
    there, batch = World(world.result, load), World(world.result, replace(load, batch_share=Decimal(1)))
    volume = load.requests
    hosted = sorted(there.tokens(name, volume) for name in there.hosted)
    fixed = {"gpt_global": GPT_GLOBAL, "gpt_eu": GPT_EU, "azure_global": GLOBAL, "azure_eu": EU_ZONE, "azure_germany": GERMANY}
    found = {key: there.tokens(name, volume) for key, name in fixed.items()}
    return {**found, "gpt_eu_batch": batch.tokens(GPT_EU, volume), "hosted_least": hosted[0], "hosted_most": hosted[-1]}


def _hospital_machines(world: World) -> Iterator[str]:
    yield "### The hospital case: machines"
    yield ""
    bill = world.bill(H100_EU)
    cost = bill.at(world.load.requests)
    rows = [
        (f"rent of 8 × H100 at ${rent}", dollars(Decimal(said)), dollars(8 * HOURS_PER_MONTH * Decimal(rent))) for rent, said in GUIDE_RENTS
    ]
    said = {"Rent of GPU machines": "two machines: $29,200 at $2.5", "Engineers: run the model": "half a post: $9,000"}
    rows += [(line.label, said.get(line.label, "–"), f"{dollars(line.usd.expected)} = {line.formula}") for line in cost.lines]
    rows.append(("Together", "$38,200", cost.words))
    yield f"Lines of {name_of(world, H100_EU)} at 2 million requests a month, 1,500 in and 400 out."
    yield ""
    yield from table(("Line", "Guide", "Ours"), rows)


# ---------------------------------------------------------------------- break-even
def break_evens(world: World, services: Sequence[str]) -> Iterator[str]:
    owned = [world.smallest, H100_EU, world.cheapest_own(LARGEST)]
    rows = []
    words = ""
    for own in dict.fromkeys(owned):
        three = three_ways(world.result, [*services, own])
        assert three is not None
        words = draws_words(three)
        by_service = {pair.service.id: pair for pair in three.pairs}
        rows += [_break_even_row(world, by_service[service]) for service in services]
    yield f"P10 to P90 from {words}. “–”: not reached up to {count_words(LARGEST)}."
    yield ""
    yield from table(
        ("Your own machines", "no dearer than", "from, requests a month", "for good from", "P10", "P50", "P90", "reached in"), rows
    )


def _break_even_row(world: World, pair: Pair) -> tuple[str, ...]:
    def volume(value: float | None) -> str:
        return "–" if value is None or value == float("inf") else count_words(value)

    drawn = (volume(value) for value in (pair.drawn.p10, pair.drawn.p50, pair.drawn.p90))
    found = (volume(pair.expected.first), volume(pair.expected.for_good))
    return (_machine(world, pair.own.id), _service(world, pair.service.id), *found, *drawn, f"{pair.reached * 100:.0f} %")


def _machine(world: World, name: str) -> str:
    option = world.options[name]
    assert option.deployment is not None
    place = "bought" if option.host.kind == "own" else f"rented at {option.host.name}"
    return f"{option.deployment.machine.words}, {place}"


def _service(world: World, name: str) -> str:
    return {GPT_EU: "GPT-5.4, EU", GERMANY: "Maverick hosted in Germany"}.get(name, f"Maverick hosted by {world.options[name].host.name}")


# ---------------------------------------------------------------------- the claims
def same_model(world: World) -> Iterator[str]:
    """Maverick as a service against Maverick on your own machines."""
    cheap, dear = world.hosted[0], world.hosted[-1]
    rows = []
    for volume in VOLUMES:
        best = world.cheapest_own(volume)
        services = [dollars(world.expected(name, volume)) for name in (cheap, GERMANY, dear)]
        own = [f"{dollars(world.expected(name, volume))} ({dollars(world.people(name, volume))})" for name in (world.smallest, best)]
        rows.append((count_words(volume), *services, *own, *_ratios(world, GERMANY, best, volume)))
    yield f"Cheapest host: {world.options[cheap].host.name}; dearest: {world.options[dear].host.name}. The smallest machine to rent:"
    yield f"{_machine(world, world.smallest)}. In brackets: of that people."
    yield ""
    columns = (
        "Requests a month", "hosted, cheapest", "hosted, Germany", "hosted, dearest", "own, smallest rented",
        "own, cheapest of all", "Germany ÷ own", "without people",
    )  # fmt: skip
    yield from table(columns, rows)
    for name in (cheap, GERMANY, dear):
        yield f"- {_threshold(world, name, 1)}"
    yield ""


def _ratios(world: World, service: str, own: str, volume: Decimal) -> tuple[str, str]:
    """A service over your own machines, with people and without them on both sides."""
    theirs, ours = world.expected(service, volume), world.expected(own, volume)
    return times(theirs / ours), times((theirs - world.people(service, volume)) / (ours - world.people(own, volume)))


def against_gpt(world: World) -> Iterator[str]:
    rows = []
    for volume in VOLUMES:
        best = world.cheapest_own(volume)
        api, small = world.expected(GPT_EU, volume), world.expected(world.smallest, volume)
        prices = (dollars(api), dollars(world.expected(GPT_GLOBAL, volume)))
        rows.append((count_words(volume), *prices, times(api / small), *_ratios(world, GPT_EU, best, volume), _machine(world, best)))
    columns = (
        "Requests a month", "GPT-5.4, EU", "GPT-5.4, global", "EU ÷ own, smallest rented", "EU ÷ own, cheapest of all",
        "without people", "cheapest of all",
    )  # fmt: skip
    yield from table(columns, rows)
    for factor in (1, 5, 10):
        yield f"- {_threshold(world, GPT_EU, factor)}"
    yield ""


def _threshold(world: World, service: str, factor: int) -> str:
    found = world.times_cheaper(service, factor)
    less = "No dearer" if factor == 1 else f"{factor} times cheaper"
    if found is None:
        return f"{less} than {_service(world, service)}: not reached up to {count_words(LARGEST)} requests a month, on any machine."
    return f"{less} than {_service(world, service)} from {count_words(found[0])} requests a month on, {_machine(world, found[1])}."


@dataclass(frozen=True)
class Verdicts:
    """What the figures say of the three claims, under one set of figures."""

    api_cheaper: bool
    """C6: as expected, at each of the daily volumes and for each shape."""
    api_cheaper_at_ends: bool
    """The same with every input of the API at its dear end and every input of the machines at its cheap end."""
    same_model_ever: bool
    """Whether any machine costs no more than hosted Maverick in Germany or at the cheapest host, up to the limit."""
    five_times: int | None
    """C7: from which volume some machine is 5 times cheaper than GPT-5.4 (EU)."""
    ten_times: int | None
    dearest_between: int | None
    """C8: from which volume the dearest host of Maverick costs more than some machine, so that it lies between."""
    below_gpt: bool
    """Whether hosted Maverick, even the dearest, costs less than GPT-5.4 (EU) at every volume shown."""


def verdicts(world: World) -> Verdicts:
    def first(service: str, factor: int) -> int | None:
        found = world.times_cheaper(service, factor)
        return found[0] if found else None

    dearest = world.hosted[-1]
    return Verdicts(
        api_cheaper=_api_cheaper(world, "expected", "expected"),
        api_cheaper_at_ends=_api_cheaper(world, "high", "low"),
        same_model_ever=any(first(name, 1) is not None for name in (world.hosted[0], GERMANY)),
        five_times=first(GPT_EU, 5),
        ten_times=first(GPT_EU, 10),
        dearest_between=first(dearest, 1),
        below_gpt=all(world.expected(dearest, volume) < world.expected(GPT_EU, volume) for volume in VOLUMES),
    )


def _api_cheaper(world: World, api: Side, machines: Side) -> bool:
    for given, written in SHAPES:
        there = World(world.result, replace(world.load, input_tokens=Decimal(given), output_tokens=Decimal(written)))
        for volume in DAILY:
            least = min(getattr(there.bill(name).usd(volume), machines) for name in there.own)
            if getattr(there.bill(GPT_EU).usd(volume), api) >= least:
                return False
    return True


def claims(found: dict[str, World]) -> Iterator[str]:
    both = [verdicts(found[name]) for name in FIGURES]
    yield f"- **C6** “At a few thousand requests a day the API is almost always cheaper”: **{_c6(both)}"
    yield f"- **C7** “At millions of requests a month self-hosting can be 5 to 10 times cheaper”: **{_c7(*both)}"
    yield f"- **C8** “Hosted Llama 4 is priced between self-hosting and GPT-5.4”: **{_c8(both)}"


def _c6(both: Sequence[Verdicts]) -> str:
    where = "At 2,000 to 5,000 requests a day GPT-5.4 (EU) costs less than Maverick on any machine, for every shape above"
    if not all(found.api_cheaper for found in both):
        return "not always.** There is a shape and a machine that costs less than GPT-5.4 (EU)."
    ends = [name for name, found in zip(FIGURES, both, strict=True) if found.api_cheaper_at_ends]
    more = f"It holds with all inputs at the ends that speak for machines under: {', '.join(ends) or 'neither'}."
    return f"yes.** {where}, under both figure sets. {more} Hosted Maverick costs less still."


def _c7(best: Verdicts, document: Verdicts) -> str:
    def volume(value: int | None) -> str:
        return f"from {count_words(value)} requests a month on" if value is not None else f"nowhere up to {count_words(LARGEST)}"

    text = (
        "only against GPT-5.4, and only at large volume.** On the machine that costs least, "
        f"5 times {volume(best.five_times)} and 10 times {volume(best.ten_times)}; with the prices of the comparison document "
        f"5 times {volume(document.five_times)} and 10 times {volume(document.ten_times)}."
    )
    if best.same_model_ever or document.same_model_ever:
        return f"{text} Against the same model as a service machines pay off too, at volumes given above."
    return f"{text} Against the same model as a service, in Germany or at the cheapest host, machines never pay off as expected."


def _c8(both: Sequence[Verdicts]) -> str:
    above = (
        "Every host of Maverick costs less than GPT-5.4 (EU)"
        if all(found.below_gpt for found in both)
        else "Not every host is below GPT-5.4"
    )
    if any(found.same_model_ever for found in both):
        return f"only at large volume.** {above}; below the volumes given above the service costs less than machines too."
    first = both[0].dearest_between
    dear = f" Only the dearest host lies between, from {count_words(first)} requests a month on." if first is not None else ""
    return f"no.** {above}, but the service also costs less than machines, so it is the cheapest of the three.{dear}"


def section(library: Library) -> str:
    found = worlds(library)
    world, document = (found[name] for name in FIGURES)
    lines = [
        f"As of {AS_OF}; answers of `data/examples/hospital-de.yaml`; expected values, list prices before tax.", "",
        *hospital(world),
        "### Break-even, same model and GPT-5.4", "", *break_evens(world, [world.hosted[0], GERMANY, GPT_EU]),
        "With the prices of the comparison document for GPT-5.4:", "", *break_evens(document, [GPT_EU]),
        "### The claims: the same model first", "", *same_model(world),
        "### The claims: against GPT-5.4, best figures", "", *against_gpt(world),
        "### The claims: against GPT-5.4, figures of the comparison document", "", *against_gpt(document),
        "### The claims: verdicts", "", *claims(found),
    ]  # fmt: skip
    return "\n".join(lines).strip()


def written(text: str, figures: str) -> str:
    """The document with its figures replaced."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{figures}\n\n{END}{tail}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/costs.md")
    figures = section(load_library())
    if parser.parse_args().write:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), figures), encoding="utf-8")
    else:
        print(figures)


if __name__ == "__main__":
    main()
