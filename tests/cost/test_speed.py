"""Speed: which class of evidence counts, what no figure may exceed, and that more GPUs or more patience are never slower."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.catalogue.estimates import Estimate
from advisor.catalogue.files import ModelFile
from advisor.catalogue.machines import Machine, machines
from advisor.catalogue.sizing import Sizing, ThroughputPoint
from advisor.cost.fit import distinct, fitted, typical
from advisor.cost.roofline import least_seconds, roofline
from advisor.cost.speed import BOUND, ESTIMATED, MEASURED, Limit, limit_of, speed
from advisor.library import Library

SHAPES = ((1_500, 400), (8_000, 500), (500, 1_000), (200, 20))
HALF, USUAL = Decimal("0.5"), typical(Decimal(3), Decimal(2_500))
LATENCIES = ("typing", "seconds", "minutes", "overnight")


@pytest.fixture(scope="module")
def sizing(library: Library) -> Sizing:
    return library.catalogue.sizing


@pytest.fixture(scope="module")
def fitting(library: Library) -> Mapping[tuple[str, str], tuple[ModelFile, Machine]]:
    """Every open model on every machine that holds it, by model and machine."""
    catalogue = library.catalogue
    found = ((m, machine) for m in catalogue.models.values() for machine in machines(m, catalogue.hardware, catalogue.sizing))
    return {(model.id, machine.slug): (model, machine) for model, machine in found}


def seconds(model: ModelFile, machine: Machine, sizing: Sizing, shape: tuple[int, int] = SHAPES[0]) -> Decimal:
    return speed(model, machine, sizing, Decimal(shape[0]), Decimal(shape[1])).seconds.expected


def point(
    rate: int, gpus: int = 8, shape: tuple[int | None, int | None] = (1_000, 500), users: int | None = None, pace: int | None = None
) -> ThroughputPoint:
    """A made-up measurement of Maverick at FP8 on H100; with a pace, under a limit of so many milliseconds a token."""
    latency = f"99 % of requests: first token 2 s, then {pace} ms a token" if pace else ""
    return ThroughputPoint(
        f"x-{gpus}-{shape}-{rate}", "llama-4-maverick", "Made up", "fp8", "h100", gpus, "", *shape, Decimal(rate),
        "server" if pace else "offline", users, latency, "A page", "", "2026", "secondary", "",
    )  # fmt: skip


def estimate(rate: int, gpus: int = 8, limit: int = 50, users: int = 128) -> Estimate:
    """A made-up estimate of the same."""
    return Estimate(
        "llama-4-maverick", "Made up", "fp8", "h100", gpus, "engine 1", 1_000, 500, 2_000, limit, users, Decimal(rate), Decimal(20),
        "SILICON", "", "An estimator", "2026", "secondary",
    )  # fmt: skip


@pytest.fixture
def maverick(fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]]) -> tuple[ModelFile, Machine]:
    return fitting["llama-4-maverick", "8xh100-fp8"]


def knowing(sizing: Sizing, *known: ThroughputPoint | Estimate) -> Sizing:
    """The same figures, and of speeds these alone."""
    measured = tuple(p for p in known if isinstance(p, ThroughputPoint))
    return Sizing(measured, sizing.context_points, sizing.figures, tuple(e for e in known if isinstance(e, Estimate)))


# ---------------------------------------------------------------------- order of preference
def test_a_measurement_counts_before_an_estimate_and_an_estimate_before_the_bound(
    maverick: tuple[ModelFile, Machine], sizing: Sizing
) -> None:
    model, machine = maverick
    both = speed(model, machine, knowing(sizing, point(9_000), estimate(4_000)), Decimal(1_000), Decimal(500))
    one = speed(model, machine, knowing(sizing, estimate(4_000)), Decimal(1_000), Decimal(500))
    none = speed(model, machine, knowing(sizing), Decimal(1_000), Decimal(500))
    assert [s.evidence for s in (both, one, none)] == [MEASURED, ESTIMATED, BOUND]
    assert [s.words for s in (both, one, none)] == ["measured", "estimated", "computed"]
    assert ("A page" in both.source, "An estimator" in one.source, "no measurement or estimate" in none.source) == (True, True, True)


def test_an_estimate_is_given_with_the_band_of_its_error(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    for latency, figure in (("seconds", "estimate-over-measured"), ("overnight", "estimate-over-offline")):
        off = sizing.figure(figure)
        found = speed(*maverick, knowing(sizing, estimate(4_000)), Decimal(1_000), Decimal(500), latency).seconds
        assert [round(found.low / off.low, 6), round(found.high / off.high, 6)] == [Decimal("0.125"), Decimal("0.125")]
        assert off.low < 1 < off.high


def test_an_estimate_under_a_tighter_limit_is_not_mixed_in(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    alone, beside = (seconds(*maverick, knowing(sizing, *known)) for known in ([estimate(4_000)], [estimate(4_000), estimate(900, 8, 25)]))
    assert alone == beside
    assert speed(*maverick, knowing(sizing, estimate(900, 8, 25)), HALF, HALF).evidence == BOUND


def test_a_figure_without_lengths_is_kept_and_not_calculated_with(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    assert speed(*maverick, knowing(sizing, point(72_000, 8, (None, None))), HALF, HALF).evidence == BOUND
    assert [p.output_tokens_per_s for p in sizing.points if p.input_tokens is None]


def test_every_class_of_evidence_is_in_use_and_says_so(
    fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing
) -> None:
    found = [speed(model, machine, sizing, Decimal(1_500), Decimal(400)) for model, machine in fitting.values()]
    assert {s.evidence for s in found} == {MEASURED, ESTIMATED, BOUND}
    assert all(s.source for s in found)


# ---------------------------------------------------------------------- the roofline
def test_the_bound_of_one_request_is_bandwidth_over_active_weights(
    fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], library: Library
) -> None:
    """Llama 3.1 8B at 16 bits on an H200: 4.8 TB/s by 16 GB of weights are 300 tokens a second, not the 7,500 that pages print."""
    hardware = library.catalogue.hardware["h200"]
    dense = library.catalogue.models["llama-3.1-8b"].architecture
    assert dense is not None
    assert roofline(dense, hardware, 1, "bf16").tokens_per_s_of_one_request == 300
    experts = library.catalogue.models["llama-4-maverick"].architecture
    assert experts is not None
    assert round(roofline(experts, hardware, 8, "fp8").tokens_per_s_of_one_request) == round(8 * 4_800 / 17)


def test_more_requests_at_once_share_the_reading_until_the_arithmetic_is_used_up(library: Library) -> None:
    dense = library.catalogue.models["llama-3.1-8b"].architecture
    assert dense is not None
    line = roofline(dense, library.catalogue.hardware["h200"], 1, "bf16")
    rates = [1 / least_seconds(line, Decimal(0), Decimal(1), Decimal(users)) for users in (1, 8, 64, 10_000, 20_000)]
    assert rates[:3] == [300, 2_400, 19_200]
    assert rates[3] == rates[4] == line.fastest_operations_per_s / line.operations_per_token


def test_a_mixture_of_experts_reads_its_active_weights_for_one_request_and_nearly_all_for_many(library: Library) -> None:
    experts = library.catalogue.models["llama-4-maverick"].architecture
    assert experts is not None
    line = roofline(experts, library.catalogue.hardware["h200"], 8, "fp8")
    read = [line.bytes_read(Decimal(users)) / line.weight_bytes for users in (1, 16, 256)]
    assert round(read[0], 6) == Decimal("0.0425")
    assert read == sorted(read)
    assert Decimal("0.99") < read[2] < 1


@pytest.mark.parametrize("known", [point(10**9, users=4, pace=30), estimate(10**9, users=4)], ids=["measured", "estimated"])
def test_nothing_is_faster_than_the_roofline(
    known: ThroughputPoint | Estimate, maverick: tuple[ModelFile, Machine], sizing: Sizing
) -> None:
    model, machine = maverick
    assert model.architecture is not None
    line = roofline(model.architecture, machine.hardware, 8, "fp8")
    found = speed(model, machine, knowing(sizing, known), Decimal(1_000), Decimal(500), "seconds").seconds
    assert found.low == found.high == Decimal(500) / (4 * line.tokens_per_s_of_one_request)


def test_an_offline_rate_is_bound_by_arithmetic_alone(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    found = speed(*maverick, knowing(sizing, point(10**9)), Decimal(1_000), Decimal(500), "overnight").seconds
    assert found.low == Decimal(1_500) * 2 * 17 * 10**9 / (2 * 989 * Decimal(10**12) * 8)


def test_no_published_figure_lies_above_its_roofline(library: Library, sizing: Sizing) -> None:
    for p in sizing.points:
        architecture = library.catalogue.models[p.model].architecture
        if architecture is None or p.precision not in architecture.precisions or not p.input_tokens or not p.output_tokens:
            continue
        line = roofline(architecture, library.catalogue.hardware[p.hardware], p.gpus, p.precision)
        least = least_seconds(line, Decimal(p.input_tokens), Decimal(p.output_tokens), Decimal(p.users) if p.users else None)
        assert p.output_tokens / p.output_tokens_per_s >= least, p.id


def test_no_machine_is_faster_than_its_roofline(fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing) -> None:
    for (name, slug), (model, machine) in fitting.items():
        assert model.architecture is not None
        line = roofline(model.architecture, machine.hardware, machine.gpus, machine.precision)
        for (given_tokens, produced), latency in product(SHAPES, (None, *LATENCIES)):
            found = speed(model, machine, sizing, Decimal(given_tokens), Decimal(produced), latency).seconds
            least = least_seconds(line, Decimal(given_tokens), Decimal(produced), None)
            assert least * Decimal("0.999999") <= found.low <= found.expected <= found.high, (name, slug)


def test_no_estimate_lies_above_its_roofline(library: Library, sizing: Sizing) -> None:
    for e in sizing.estimates:
        architecture = library.catalogue.models[e.model].architecture
        assert architecture is not None
        line = roofline(architecture, library.catalogue.hardware[e.hardware], e.gpus, e.precision)
        assert e.output_tokens / e.output_tokens_per_s >= least_seconds(
            line, Decimal(e.input_tokens), Decimal(e.output_tokens), Decimal(e.users)
        )


# ---------------------------------------------------------------------- how long an answer may take
@pytest.mark.parametrize("shape", SHAPES)
def test_whoever_waits_longer_gets_no_slower_machine(
    shape: tuple[int, int], fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing
) -> None:
    lengths = Decimal(shape[0]), Decimal(shape[1])
    for key, (model, machine) in fitting.items():
        by_latency = [speed(model, machine, sizing, *lengths, latency).seconds for latency in LATENCIES]
        for tighter, looser in pairwise(by_latency):
            assert looser.expected <= tighter.expected, key


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(100, 50_000), st.sampled_from([None, 40, 200]), st.sampled_from([2, 4, 8])), min_size=1, max_size=4))
def test_whatever_is_measured_under_whichever_limit_patience_is_never_slower(
    library: Library, measured: list[tuple[int, int | None, int]]
) -> None:
    catalogue = library.catalogue
    model = catalogue.models["llama-4-maverick"]
    known = knowing(
        catalogue.sizing, *(point(rate, gpus, (1_000 * n, 500), None, pace) for n, (rate, pace, gpus) in enumerate(measured, 1))
    )
    for machine in (m for m in machines(model, catalogue.hardware, catalogue.sizing) if m.hardware.id == "h100" and m.precision == "fp8"):
        took = [speed(model, machine, known, Decimal(1_500), Decimal(400), latency).seconds.expected for latency in LATENCIES]
        assert took == sorted(took, reverse=True)


def test_while_it_is_not_known_how_long_an_answer_may_take_the_range_covers_every_time(
    fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing
) -> None:
    for key, (model, machine) in fitting.items():
        wide = speed(model, machine, sizing, Decimal(1_500), Decimal(400)).seconds
        narrow = [speed(model, machine, sizing, Decimal(1_500), Decimal(400), latency).seconds for latency in LATENCIES]
        assert (wide.low, wide.high) == (min(n.low for n in narrow), max(n.high for n in narrow)), key
        assert wide.expected == narrow[0].expected, key


def test_a_rate_without_a_limit_is_sold_whole_overnight_and_in_part_to_people_who_wait(
    maverick: tuple[ModelFile, Machine], sizing: Sizing
) -> None:
    """The share and the published checks of break-even claims: interactive is 0.55 of offline, from 0.3 to 0.66."""
    known, share = knowing(sizing, point(9_000)), sizing.figure("interactive-share")
    overnight, minutes, typing = (
        speed(*maverick, known, Decimal(1_000), Decimal(500), latency).seconds for latency in ("overnight", "minutes", "typing")
    )
    assert round(overnight.expected * 9_000 / 500, 9) == 1
    assert round(overnight.expected / typing.expected, 9) == share.expected == Decimal("0.55")
    assert overnight.expected < minutes.expected < typing.expected
    assert (share.low, share.high) == (Decimal("0.3"), Decimal("0.66"))


def test_a_rate_at_a_token_in_200_ms_is_not_one_for_people_who_watch(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    shape = Decimal(1_000), Decimal(500)
    slow, quick = (speed(*maverick, knowing(sizing, point(9_000, pace=pace)), *shape, "typing").seconds.expected for pace in (200, 80))
    assert slow > quick
    both = knowing(sizing, point(9_000, pace=200), point(4_000, pace=80))
    assert round(speed(*maverick, both, *shape, "minutes").seconds.expected * 9_000 / 500, 9) == 1
    assert round(speed(*maverick, both, *shape, "typing").seconds.expected * 4_000 / 500, 9) == 1


def test_every_published_rate_under_limits_says_its_pace(sizing: Sizing) -> None:
    """Without it a rate would pass for one that people can watch."""
    limited = [p for p in sizing.points if p.scenario == "server"]
    assert limited
    assert all(" ms a token" in p.latency for p in limited)
    assert {limit_of(p) for p in sizing.points} == set(Limit)


# ---------------------------------------------------------------------- more GPUs
def test_more_gpus_are_never_slower(fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing) -> None:
    kinds: dict[tuple[str, str, str], list[tuple[ModelFile, Machine]]] = {}
    for model, machine in fitting.values():
        kinds.setdefault((model.id, machine.hardware.id, machine.precision), []).append((model, machine))
    steps = [pair for sizes in kinds.values() for pair in pairwise(sorted(sizes, key=lambda s: s[1].gpus))]
    assert len(steps) > 100
    for (model, small), (_, large) in steps:
        for shape, latency in product(SHAPES, LATENCIES):
            lengths = Decimal(shape[0]), Decimal(shape[1])
            fewer, more = (speed(model, machine, sizing, *lengths, latency).seconds.expected for machine in (small, large))
            assert more <= fewer, f"{model.id} {small.slug} {large.slug}"


def test_a_machine_runs_copies_of_a_smaller_layout_and_keeps_what_a_larger_one_loses(
    maverick: tuple[ModelFile, Machine], sizing: Sizing
) -> None:
    """Measured worse on 8 GPUs than on 4: a machine of 8 is as fast as one of 7, and one of 16 runs two layouts of 8."""
    model, eight = maverick
    shapes = ((1_000, 1_000), (5_000, 500))
    known = knowing(sizing, *(point(rate // n, gpus, s) for n, s in enumerate(shapes, 1) for gpus, rate in ((4, 9_000), (8, 6_000))))
    four, seven, sixteen, two = (replace(eight, gpus=n) for n in (4, 7, 16, 2))
    assert seconds(model, eight, known) == seconds(model, seven, known) == seconds(model, four, known)
    assert seconds(model, sixteen, known) * 2 * 6_000 == pytest.approx(seconds(model, four, known) * 9_000)
    assert seconds(model, two, known) >= 2 * seconds(model, four, known)


def test_a_machine_with_hardly_any_room_beside_the_weights_does_not_get_its_part_of_a_larger_one(
    fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing
) -> None:
    """70 GB of weights on one H100 leave room for 13 requests; two GPUs, for more than a hundred."""
    small, large = (fitting["llama-3.3-70b", f"{n}xh100-fp8"] for n in (1, 2))
    assert seconds(*small, sizing) > 3 * seconds(*large, sizing)


def test_a_layout_known_at_one_length_does_not_displace_one_known_at_several(maverick: tuple[ModelFile, Machine], sizing: Sizing) -> None:
    well = [point(4_000, 4, (1_000, 1_000)), point(900, 4, (5_000, 500))]
    alone, beside = (seconds(*maverick, knowing(sizing, *known)) for known in (well, [*well, point(99_000, 8, (100, 100))]))
    assert alone == beside


# ---------------------------------------------------------------------- any length from some
def test_longer_requests_take_longer(fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing) -> None:
    for (name, slug), (model, machine) in fitting.items():
        short, wide, deep = (seconds(model, machine, sizing, shape) for shape in ((500, 100), (5_000, 100), (500, 1_000)))
        assert short < wide, (name, slug)
        assert short < deep, (name, slug)


def test_published_rates_are_reproduced_at_their_lengths(sizing: Sizing) -> None:
    """Nine of ten within a fifth, the middle one within a twentieth: two lengths alone, however far apart, were off by up to six times."""
    off = []
    for points in sizing.measured_by_machine.values():
        for gpus in {p.gpus for p in points}:
            shapes = tuple(
                (p.input_tokens, p.output_tokens, p.output_tokens_per_s)
                for p in points
                if p.gpus == gpus and p.scenario == "offline" and p.input_tokens and p.output_tokens
            )
            if distinct(shapes) > 3:
                costs = fitted(shapes, USUAL)
                off += [float(abs(costs.seconds(Decimal(i), Decimal(o)) * rate / o - 1)) for i, o, rate in shapes]
    assert len(off) > 300
    assert sorted(off)[len(off) // 2] < 0.05
    assert sorted(off)[len(off) * 9 // 10] < 0.2


def test_three_costs_are_found_again() -> None:
    a, b, c = Decimal("0.00001"), Decimal("0.00003"), Decimal("0.00000002")
    lengths = ((128, 128), (128, 4_096), (1_000, 1_000), (5_000, 500), (20_000, 2_000))
    shapes = tuple((i, o, o / (a * i + b * o + c * o * (i + Decimal(o) / 2))) for i, o in lengths)
    found = fitted(shapes, USUAL)
    for value, true in zip((found.reading, found.writing, found.recalling), (a, b, c), strict=True):
        assert value == pytest.approx(true, rel=Decimal("0.03"))


def test_costs_are_never_negative_and_those_of_one_length_are_the_usual_ones() -> None:
    rising = fitted(((1_000, 1_000, Decimal(1_000)), (9_000, 1_000, Decimal(2_000))), USUAL)  # more to read and yet faster
    assert min(rising.reading, rising.writing, rising.recalling) >= 0
    one = fitted(((1_000, 1_000, Decimal(1_000)),), USUAL)
    assert round(one.writing / one.reading, 9) == 3
    assert round(one.writing / one.recalling, 9) == 2_500
    assert round(one.seconds(Decimal(1_000), Decimal(1_000)), 9) == 1


def test_every_machine_answers_a_request_in_a_sane_time(
    fitting: Mapping[tuple[str, str], tuple[ModelFile, Machine]], sizing: Sizing
) -> None:
    for (name, slug), (model, machine) in fitting.items():
        took = seconds(model, machine, sizing)
        assert Decimal("0.0005") < took < 60, f"{name} {slug}: {took} s of a whole machine for a request"
