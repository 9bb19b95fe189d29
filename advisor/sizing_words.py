"""
The words of a load and of the machines that it takes: requests and tokens a second, memory, machines. And what is wrong with a load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from advisor.catalogue.machines import GIB, Machine
from advisor.catalogue.prices import Range
from advisor.cost.inputs import number
from advisor.cost.parts import Staircase
from advisor.cost.selfhost import NO_WAIT, fleet_words
from advisor.cost.workload import HOURS_PER_MONTH, MONTHS_PER_YEAR, Workload, concurrency
from advisor.cost_words import Table, count_words, letter, share_words
from advisor.possible import Interval
from advisor.recommendation import Ranked
from advisor.three_ways import MOST_VOLUME, SELF, ThreeWays, Way, three_ways

ROWS = ("What", "How much", "How it is worked out")
Row = tuple[str, str, str]
KIB = 1024


# ---------------------------------------------------------------------- what is wrong with a load
def load_problems(load: Workload) -> dict[str, str]:
    """Why no cost can be worked out for a load: a sentence for the key of each answer that stands in the way."""
    found = {}
    if load.requests <= 0:
        found["requests_per_month"] = "There are no requests in a month. Enter how many you expect."
    if load.requests > MOST_VOLUME:
        most = count_words(MOST_VOLUME)
        found["requests_per_month"] = f"More than {most} requests a month: no price or speed at hand holds for so many. Enter fewer."
    if load.longest_input is not None and load.longest_input < load.input_tokens:
        longest, usual = number(load.longest_input), number(load.input_tokens)
        found["longest_input_tokens"] = f"The longest input, {longest} tokens, is shorter than the usual one, {usual}. Correct one of them."
    return found


def load_problem(load: Workload) -> str:
    """All of it in one text; empty when nothing stands in the way."""
    return " ".join(load_problems(load).values())


def too_long(three: ThreeWays, ranked: Ranked) -> str:
    """Why an option cannot serve the usual request, because it does not hold one; empty when it may."""
    most = ranked.option.possible("option.context_tokens")
    needed = three.load.input_tokens + three.load.output_tokens
    if not isinstance(most, Interval) or Decimal(str(min(most.hi, float(needed)))) >= needed:
        return ""
    return (
        f"{ranked.option.name} takes at most {most.hi:,.0f} tokens at once, and a usual request has {number(needed)}. "
        "It is left out, as no cost of it would be one for this work."
    )


def without_too_long(three: ThreeWays) -> tuple[ThreeWays | None, list[str]]:
    """The comparison without ways that cannot serve the usual request, and why each is left out; None where no way is left."""
    reasons = {way.id: why for way in three.ways if (why := too_long(three, way.ranked))}
    if not reasons:
        return three, []
    left = {way.id: way.chosen for way in three.ways if way.id not in reasons}
    found = three_ways(three.result, list(left), three.volumes, three.load) if left else None
    if found is not None:
        found = replace(found, ways=tuple(replace(way, chosen=left[way.id]) for way in found.ways))
    return found, list(reasons.values())


# ---------------------------------------------------------------------- the load
def own_way(three: ThreeWays) -> Way | None:
    """The self-hosted way, if one is shown."""
    return next((way for way in three.ways if way.mode == SELF), None)


def load_rows(three: ThreeWays) -> Table:
    """The load as rates: what follows from the answers, nothing typed in."""
    load = three.load
    average, peak = load.average_rps, load.peak_rps
    given, produced = number(load.input_tokens), number(load.output_tokens)
    rows: list[Row] = [
        ("Requests a month", f"{load.requests:,.0f}", "your answer"),
        ("Input tokens a month", f"{number(_short(load.input_mtok))} million", f"requests × {given} tokens"),
        ("Output tokens a month", f"{number(_short(load.output_mtok))} million", f"requests × {produced} tokens of the answer"),
        ("Hours of use a month", span_words(load.hours), f"of {HOURS_PER_MONTH} hours that a month has"),
        ("Requests a second, average hour", span_words(average), "requests ÷ (hours of use × 3,600 seconds)"),
        ("Requests a second, busiest hour", span_words(peak), _crowd(load)),
        ("Input tokens a second, busiest hour", span_words(peak.times(load.input_tokens)), f"requests a second × {given} tokens"),
        ("Output tokens a second, busiest hour", span_words(peak.times(load.output_tokens)), f"requests a second × {produced} tokens"),
        *_under_way(three),
        ("Growth", *_growth(load)),
    ]
    return Table("The load, and the rates that follow from it", ROWS, tuple(rows))


def _crowd(load: Workload) -> str:
    live = load.live
    wait = "" if live.low == live.high == 1 else f" × share that cannot wait, {span_words(live)}; at least the average"
    return f"average × busiest over average hour, {span_words(load.peak)}{wait}"


def _under_way(three: ThreeWays) -> Iterator[Row]:
    """Little's law, at the pace that people accept."""
    if three.load.latency == NO_WAIT:
        yield ("Requests under way at once", "not sized for", "nobody waits for an answer, so machines take them one after another")
        return
    own = own_way(three)
    thinking = three.costing.thinking(own.ranked.option) if own else None
    written = three.load.output_tokens * (1 + (thinking.range.expected if thinking else 0))
    stay = three.costing.own.stay(Range(written, written, written))
    how = f"Little’s law: requests a second × {span_words(stay.range)} seconds from request to the end of the answer"
    yield ("Requests under way at once, average hour", span_words(concurrency(three.load.average_rps, stay.range)), how)
    yield ("Requests under way at once, busiest hour", span_words(concurrency(three.load.peak_rps, stay.range)), how)


def _growth(load: Workload) -> tuple[str, str]:
    if load.growth is None:
        return "not known", "taken as flat"
    if load.planning_months is None:
        return f"× {number(load.growth)} a year", "over how long is not known"
    later = load.grown(load.planning_months).requests
    years = number(_short(Decimal(load.planning_months) / MONTHS_PER_YEAR))
    return f"× {number(load.growth)} a year", f"in {years} years {count_words(later)} requests a month"


# ---------------------------------------------------------------------- the machines
def utilisation_words(three: ThreeWays) -> str:
    """How many machines, and how busy they are; says so where that is little. Empty without machines."""
    own = own_way(three)
    if own is None or own.bill.stairs is None or three.load.requests <= 0:
        return ""
    return f"{letter(three, own)} takes {fleet_words(own.bill.stairs, three.load)}"


def memory_rows(three: ThreeWays) -> Table:
    """How the machines of the self-hosted way are sized; no rows without one."""
    own = own_way(three)
    rows: tuple[Row, ...] = ()
    name = "your own machines"
    if own is not None and own.ranked.option.deployment is not None and own.bill.stairs is not None:
        machine = own.ranked.option.deployment.machine
        name = f"{own.ranked.option.model.name} on {machine.words}"
        rows = (*_memory(three, own, machine), *_speed(three, own, machine), *_machines(three, own, own.bill.stairs))
    return Table(f"How many machines, for {name}", ROWS, rows)


def _memory(three: ThreeWays, own: Way, machine: Machine) -> Iterator[Row]:
    architecture = own.ranked.option.model.architecture
    if architecture is None:
        return
    share = three.costing.catalogue.sizing.figure("usable-memory")
    whole = machine.hardware.memory_gib * machine.gpus
    params, each = number(architecture.total_params_b), number(architecture.precisions[machine.precision])  # type: ignore[index]
    yield ("Memory of a machine", f"{number(whole)} GiB", f"{machine.gpus} × {number(machine.hardware.memory_gib)} GiB")
    yield (
        f"Weights at {machine.precision.upper()}",
        f"{number(_short(machine.weights_gib))} GiB",
        f"{params} billion parameters × {each} {'byte' if each == '1' else 'bytes'}; {architecture.source}",
    )
    kept = whole * (1 - share.expected)
    yield ("Kept free for the runtime", f"{number(_short(kept))} GiB", f"{share_words(1 - share.expected)} of it; {share.source}")
    yield ("Left for requests under way", f"{number(_short(machine.free_gib))} GiB", "memory less runtime and weights")
    yield from _caches(three, own, machine)


def _caches(three: ThreeWays, own: Way, machine: Machine) -> Iterator[Row]:
    """Key-value cache of a request, and how many requests the memory holds, for the usual and the longest input."""
    architecture = own.ranked.option.model.architecture
    bytes_each = architecture.kv_bytes_per_token if architecture else None
    if bytes_each is None:
        yield ("Key-value cache of a request", "not known", "no source states its size for this model")
        return
    load, thinking = three.load, three.costing.thinking(own.ranked.option)
    written = load.output_tokens * (1 + (thinking.range.expected if thinking else 0))
    sizes = [("usual", load.input_tokens)] + ([("longest", load.longest_input)] if load.longest_input is not None else [])
    for kind, given in sizes:
        tokens = given + written / 2
        if tokens <= 0:
            continue
        cache = bytes_each * tokens / GIB
        how = f"{number(Decimal(bytes_each) / KIB)} KiB a token × ({number(given)} of input + half of {number(_short(written))} written)"
        yield (f"Key-value cache of the {kind} request", f"{number(_short(cache))} GiB", how)
        held = machine.free_gib / cache
        text = f"{held:,.0f}" if held >= 1 else "none"
        yield (f"Requests held at once, {kind} length", text, "memory left ÷ cache of a request")


def _speed(three: ThreeWays, own: Way, machine: Machine) -> Iterator[Row]:
    option = own.ranked.option
    costs = three.costing
    _, pace = costs.own.stairs(option, machine, costs.thinking(option), costs.tokeniser(option))
    yield ("Seconds of a machine for a request", span_words(pace.seconds), f"{pace.words} ({pace.evidence}); {pace.source}")


def _machines(three: ThreeWays, own: Way, stairs: Staircase) -> Iterator[Row]:
    load, labels = three.load, {part.label for part in own.bill.parts}
    by = "the memory for requests under way" if stairs.memory_decides else "the speed in the busiest hour"
    room = f"of which the busiest hour may use {span_words(stairs.room.range)}"
    yield ("Requests a month that one machine takes", count_words(stairs.capacity()), f"by {by}, {room}")
    yield ("Machines that work", _whole(stairs.working(load.requests)), "requests ÷ that, rounded up; one at least")
    why = "not known what an outage costs" if load.redundant is None else "by what an outage costs you"
    yield ("Machines that stand by", _whole(stairs.spare.range), why)
    staging = three.costing.own.staging
    if "Machine to try updates on" in labels:
        yield ("Machine to try updates on", span_words(staging.range), f"share of the month that one is kept; {staging.source}")
    if "A second machine during updates" in labels:
        yield ("During updates", "one more", "for the hours of the update window")
    yield (
        "Share of the machines’ time in use",
        share_words(stairs.used(load.requests).expected),
        "seconds of work ÷ seconds of all machines",
    )


# ---------------------------------------------------------------------- numbers
def _short(value: Decimal) -> Decimal:
    """A figure without digits that say nothing."""
    return Decimal(f"{value:.3g}") if abs(value) < KIB else value.to_integral_value()


def span_words(span: Range) -> str:
    """A figure with its ends: `4.2 (3.0 to 9.1)`."""
    low, middle, high = (number(_short(side)) for side in (span.low, span.expected, span.high))
    return middle if low == high else f"{middle} ({low} to {high})"


def _whole(count: Range) -> str:
    low, middle, high = (f"{side:,.0f}" for side in (count.low, count.expected, count.high))
    return middle if low == high else f"{middle} ({low} to {high})"
