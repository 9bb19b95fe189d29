"""
Cost of running the model yourself: whole machines for memory and peak load, rent or purchase, power, people.

It is a staircase: half a machine cannot be bought.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from advisor.answers import Answers
from advisor.catalogue.claims import expected, live
from advisor.catalogue.evidence import UNKNOWN
from advisor.catalogue.files import HardwareFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.machines import GIB, Machine
from advisor.catalogue.options import Deployment, Option
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Figure
from advisor.cost.inputs import ASKED, ONE, SIDES, Input, Product, certain, of_figure
from advisor.cost.parts import Bill, Bundle, Part, Per, Staircase
from advisor.cost.rent import HourlyRent, hourly_rent
from advisor.cost.running import A_YEAR, Running, by_outage
from advisor.cost.speed import Speed, speed
from advisor.cost.workload import HOURS_PER_MONTH, Workload

WATTS_PER_KW = Decimal(1000)
MS_PER_SECOND = Decimal(1000)
MONTH = certain("hours of a month", HOURS_PER_MONTH, "{} hours")
NO_WAIT = "overnight"
USUAL_WAIT = "seconds"


class SelfHosting:
    """The self-hosting costs of one set of answers. What options share (the staircase of a machine, an hour's rent) is worked out once."""

    def __init__(self, load: Workload, answers: Answers, catalogue: Catalogue, as_of: date, running: Running) -> None:
        self.load = load
        self.catalogue = catalogue
        self.live = Input("share that cannot wait", load.live, source=ASKED, key="" if load.batch_share is not None else "batch")
        self.peak = Input("busiest hour over average hour", load.peak, source=ASKED, key="peak")
        self.hours_of_use = Input("hours of use a month", load.hours, "{} hours", ASKED, key="hours", divides=True)
        spare = Range(Decimal(0), Decimal(0), Decimal(1)) if load.redundant is None else Range(*(Decimal(load.redundant),) * 3)
        self.spare = Input("machines that stand by", spare, source=ASKED)
        self.as_of = as_of
        self.running = running
        self.owned = answers.weights("gpus_owned") or {}
        self.staging = of_figure(by_outage(answers, catalogue.sizing.figure, "staging"), "machine to try updates on", "{} of a machine")
        self._stairs: dict[tuple[str, str], tuple[Staircase, Speed]] = {}
        self._hours: dict[tuple[int, int], HourlyRent | None] = {}
        self._rented: dict[tuple[int, int, bool], tuple[HourlyRent, Product, Bundle]] = {}
        self._beside: dict[int, Bundle] = {}
        self._owned: dict[tuple[str, int], tuple[bool, tuple[tuple[str, Per, Product], ...]]] = {}
        self.disk = of_figure(self.figure("storage-usd-per-gib-month"), "storage", "${} a GiB and month")
        self.watching = Product((of_figure(self.figure("monitoring-usd-per-machine-month"), "monitoring", "${} a machine"),))
        self.room = of_figure(self.figure("peak-headroom"), "share of a machine used in the busiest hour", "{}", divides=True)

    # ------------------------------------------------------------------ bills
    def bill(self, option: Option, thinking: Input | None, tokeniser: Input | None = None) -> Bill:
        """What a self-hosted option costs at any volume."""
        if option.deployment is None:
            raise ValueError(f"{option.id} is not self-hosted")
        stairs, _ = self.stairs(option, option.deployment.machine, thinking, tokeniser)
        if option.host.kind == "own":
            return self._own(option.deployment.machine, stairs)
        hour = self._hour(option.deployment)
        return self.rented(option.deployment.machine, hour, stairs)

    def rented(self, machine: Machine, hour: HourlyRent | None, stairs: Staircase, committed: bool = False) -> Bill:
        """The bill of rented machines at a rent. Who is committed for years pays all hours, and cannot switch machines off."""
        notes = (stairs.evidence,)
        if hour is None:
            return Bill((self.running.for_rented,), "no source states the rent of the machine", notes, stairs)
        all_month, beside = self._hours_rented(machine.gpus, hour, committed)
        rent = Bundle((Part("Rent of GPU machines", "machine", all_month, stairs),))
        return Bill((rent, beside, self._kept(machine, stairs), self.running.for_rented), "", notes, stairs)

    def _hours_rented(self, gpus: int, hour: HourlyRent, committed: bool) -> tuple[Product, Bundle]:
        """A month of a machine of so many GPUs, and what is rented beside those that work; shared by all that pay this rent."""
        key = (gpus, id(hour), committed)
        if key not in self._rented:
            size, rent = _gpus(gpus), hour.input
            switched = Input("hours rented", Range(self.load.hours.low, HOURS_PER_MONTH, HOURS_PER_MONTH), "{} hours", OFF_OUTSIDE)
            open_ = MONTH if committed else switched
            parts = []
            if self.staging.range.high > 0:
                parts.append(Part("Machine to try updates on", "month", Product((self.staging, size, rent, MONTH))))
            if not self.load.redundant:
                window = of_figure(self.figure("update-window-hours-per-month"), "hours of updates", "{} hours")
                parts.append(Part("A second machine during updates", "month", Product((size, rent, window))))
            self._rented[key] = hour, Product((size, rent, open_)), Bundle(tuple(parts))
        return self._rented[key][1:]

    def _kept(self, machine: Machine, stairs: Staircase) -> Bundle:
        """What each rented machine needs beside its rent, wherever it stands."""
        if id(stairs) not in self._beside:
            weights = certain("weights", machine.weights_gib, "{} GiB")
            disk = Part("Storage of the weights", "machine", Product((weights, self.disk)), stairs)
            self._beside[id(stairs)] = Bundle((Part("Monitoring", "machine", self.watching, stairs), disk))
        return self._beside[id(stairs)]

    # ------------------------------------------------------------------ your own machines
    def _own(self, machine: Machine, stairs: Staircase) -> Bill:
        gpu = machine.hardware
        have = self.owned.get(gpu.id, 0)
        priced, products = self._owning(machine)
        parts = tuple(Part(label, per, product, stairs, have if per == "gpu-to-buy" else 0) for label, per, product in products)
        missing = "" if priced else f"no source states the price of a {gpu.name}, from which repair and further machines follow"
        return Bill((Bundle(parts), self.running.for_own), missing, (stairs.evidence,), stairs)

    def _owning(self, machine: Machine) -> tuple[bool, tuple[tuple[str, Per, Product], ...]]:
        """What machines of so many GPUs of a kind cost, whatever runs on them; and whether a source states their price."""
        key = (machine.hardware.id, machine.gpus)
        if key not in self._owned:
            price = self._purchase(machine.hardware)
            bought = self._bought(machine, price) if price is not None else ()
            self._owned[key] = price is not None, (*bought, *self._power(machine), ("Monitoring", "machine", self.watching))
        return self._owned[key]

    def _purchase(self, gpu: HardwareFile) -> Input | None:
        claims = [c.claim(dict(self.catalogue.sources["hardware"])) for c in gpu.purchase_usd_per_gpu]
        alive = [c for c in live(claims, self.as_of) if c.value != UNKNOWN]
        best = expected(alive, "price")
        if best is None:
            return None
        prices = sorted(Decimal(str(c.value)) for c in alive)
        span = Range(prices[0], Decimal(str(best.value)), prices[-1])
        source = f"{best.source} ({best.as_of})"
        return Input("price of a GPU with its share of the server", span, "${}", source, key=f"purchase {gpu.id}")

    def _bought(self, machine: Machine, price: Input) -> Iterator[tuple[str, Per, Product]]:
        life = of_figure(self.figure("server-life-months"), "months of use", "{} months", divides=True)
        yield "Purchase of GPU machines, spread over their life", "gpu-to-buy", Product((price, life))
        if self.staging.range.high > 0:
            yield "Machine to try updates on", "month", Product((self.staging, _gpus(machine.gpus), price, life))
        upkeep = of_figure(self.figure("server-upkeep-share"), "repair and upkeep a year", "{} of the price")
        yield "Repair and upkeep", "machine", Product((_gpus(machine.gpus), price, upkeep, A_YEAR))

    def _power(self, machine: Machine) -> Iterator[tuple[str, Per, Product]]:
        kw = machine.hardware.watts_per_gpu * Decimal(machine.gpus) / WATTS_PER_KW
        watts = certain("highest power of a machine", kw, "{} kW", machine.hardware.name)
        draw = of_figure(self.figure("mean-draw-share"), "share of it drawn", "{}")
        pue = of_figure(self.figure("pue"), "power of the site over that of machines", "PUE {}")
        powered = (watts, draw, MONTH, *self._electricity(), pue)
        yield "Power and cooling", "machine", Product(powered)
        space = of_figure(self.figure("colocation-usd-per-kw-month"), "space in a data centre", "${} a kW and month")
        yield "Space in a data centre", "machine", Product((watts, space))
        if self.staging.range.high > 0:
            yield "Machine to try updates on: power", "month", Product((self.staging, *powered))
            yield "Machine to try updates on: space", "month", Product((self.staging, watts, space))

    def _electricity(self) -> tuple[Input, ...]:
        """As paid where the organisation sits; while that is not known, from the least to the most."""
        there = of_figure(self.figure("electricity-usd-per-kwh"), "electricity", "${} a kWh")
        if self.running.in_europe is False:
            return (there,)
        euros, rate = of_figure(self.figure("electricity-eur-per-kwh-eu"), "electricity", "€{} a kWh"), self.running.rate
        if self.running.in_europe:
            return (euros, rate)
        least, most = min(there.range.low, euros.range.low * rate.range.low), max(there.range.high, euros.range.high * rate.range.high)
        return (replace(there, range=Range(least, there.range.expected, most)),)

    # ------------------------------------------------------------------ machines
    def stairs(self, option: Option, machine: Machine, thinking: Input | None, tokeniser: Input | None = None) -> tuple[Staircase, Speed]:
        """The machines that a volume takes; wherever the same machine stands, it takes as many. The tokeniser moves draws only."""
        key = (option.model.id, machine.slug)
        if key not in self._stairs:
            self._stairs[key] = self._staircase(option, machine, thinking, () if tokeniser is None else (tokeniser,))
        return self._stairs[key]

    def _staircase(self, option: Option, machine: Machine, thinking: Input | None, cut: tuple[Input, ...]) -> tuple[Staircase, Speed]:
        """Tokens that are more by a share take a machine longer by it, stay longer and fill more of its memory."""
        pace, span = self._pace(option, machine, thinking)
        key = f"speed {option.model.id} {machine.hardware.id} {machine.precision}"
        drawn = span if thinking is None or thinking.key else pace.seconds  # to let a model think is a choice and no chance
        busy = (Input("seconds of a machine for a request", span, "{} s", pace.source, key=key, drawn=drawn),)
        held = tuple(self._held(option, machine, thinking))
        stairs = Staircase(
            busy=(*busy, *cut),
            held=(*held, *cut, *cut) if held else (),
            live=self.live,
            peak=self.peak,
            hours=self.hours_of_use,
            room=self.room,
            spare=self.spare,
            gpus=machine.gpus,
            evidence=f"The speed of the machine is {pace.words}: {pace.source}.",
        )
        return stairs, pace

    def _pace(self, option: Option, machine: Machine, thinking: Input | None) -> tuple[Speed, Range]:
        """Seconds of a machine for a request whose thinking is as long as it may be at each end."""
        paces = {}
        for extra in {Decimal(0)} if thinking is None else {thinking.range.low, thinking.range.expected, thinking.range.high}:
            written = self.load.output_tokens * (1 + extra)
            paces[extra] = speed(option.model, machine, self.catalogue.sizing, self.load.input_tokens, written, latency=self.load.latency)
        ends = [thinking.range.low, thinking.range.expected, thinking.range.high] if thinking else [Decimal(0)] * 3
        span = Range(*(getattr(paces[extra].seconds, side) for extra, side in zip(ends, SIDES, strict=True)))
        return paces[ends[1]], self._without_repeats(option, machine, span)

    def _without_repeats(self, option: Option, machine: Machine, span: Range) -> Range:
        """
        Less the time to read input that repeats, for as long as the machine keeps its cache, as a host does at the price of cached input.

        Only reading is saved: the cache fills memory and is read again for each token written, as for any input.
        """
        given = self.load.input_tokens
        read = self._read_share()
        if given <= 0 or read == ONE:
            return span
        reading = {n: self._reading(option, machine, given * n) for n in {Decimal(1), read.low, read.expected, read.high}}
        ends = []
        for side in SIDES:
            whole, new = (getattr(reading[share], side) for share in (Decimal(1), getattr(read, side)))
            ends.append(max(new, getattr(span, side) - max(Decimal(0), whole - new)))
        return Range(*ends)

    def _reading(self, option: Option, machine: Machine, given: Decimal) -> Range:
        """Seconds to read so much input, and to write one token, which the first of an answer takes."""
        return speed(option.model, machine, self.catalogue.sizing, given, Decimal(1), latency=self.load.latency).seconds

    def _read_share(self) -> Range:
        """Share of the input that is new or no longer in the cache; while it is not known how much repeats, the low end allows for all."""
        missed, share = self.figure("cache-miss-share"), self.load.cached_share
        if share is None:
            return Range(missed.low, Decimal(1), Decimal(1))
        return Range(*(1 - share * (1 - getattr(missed, side)) for side in SIDES))

    def _held(self, option: Option, machine: Machine, thinking: Input | None) -> Iterator[Input]:
        """Seconds that a request stays, over the requests that the memory beside the weights holds at once."""
        architecture = option.model.architecture
        if architecture is None or architecture.kv_bytes_per_token is None or self.load.latency == NO_WAIT:
            return
        written = _written(self.load, thinking)
        if self.load.input_tokens + written.low / 2 <= 0:
            return
        chance = thinking is None or bool(thinking.key)  # to let a model think is a choice and no chance
        stay = self.stay(written)
        yield stay if chance else replace(stay, drawn=self.stay(Range(*(written.expected,) * 3)).range)
        room = machine.free_gib * GIB / architecture.kv_bytes_per_token
        most, held, least = (max(Decimal(1), room / (self.load.input_tokens + tokens / 2)) for tokens in written)
        source = f"{machine.free_gib:.0f} GiB beside the weights, {architecture.kv_bytes_per_token:,} bytes of cache for a token"
        name, key = "requests that the memory holds at once", thinking.key if thinking else ""
        yield Input(name, Range(least, held, most), "{}", source, key, divides=True, mirrored=True)

    def stay(self, written: Range) -> Input:
        """Seconds from a request to the end of its answer, at the pace that people accept."""
        level = self.load.latency if self.load.latency not in (None, NO_WAIT) else USUAL_WAIT
        first, each = self.figure(f"latency-{level}-ttft-ms"), self.figure(f"latency-{level}-tpot-ms")
        span = Range(*((getattr(first, side) + getattr(written, side) * getattr(each, side)) / MS_PER_SECOND for side in SIDES))
        return Input("seconds from request to answer", span, "{} s", first.source, key=f"latency {level}")

    def _hour(self, deployment: Deployment) -> HourlyRent | None:
        """By the identity of the claims, which all machines of one rent share, and of the settlement."""
        key = (id(deployment.rent), id(deployment.settled))
        if key not in self._hours:
            self._hours[key] = hourly_rent(deployment, self.as_of)
        return self._hours[key]

    def figure(self, name: str) -> Figure:
        return self.catalogue.sizing.figure(name)


OFF_OUTSIDE = "all hours of a month; the low end switches machines off outside the hours of use"


def _written(load: Workload, thinking: Input | None) -> Range:
    """Tokens that a request writes, thinking and answer, at each end."""
    one = Range(*(load.output_tokens,) * 3)
    return one if thinking is None else one.plus(thinking.range.times(load.output_tokens))


def _gpus(count: int) -> Input:
    return certain("GPUs of a machine", Decimal(count), "{} GPU" if count == 1 else "{} GPUs")


def fleet_words(stairs: Staircase, load: Workload) -> str:
    """How many machines a load takes and how busy they are."""
    used = stairs.used(load.requests).expected
    share = used * 100
    low = " That is low: most of the time you pay for idle machines." if used < Decimal("0.3") else ""
    spare = ", one of them spare" if load.redundant else ""
    count = stairs.machines(load.requests).expected
    several = "machine" if count == 1 else "machines"
    why = " The memory for requests under way asks for them." if stairs.memory_decides and count > 1 else ""
    return f"{count:.0f} {several}{spare}; the average hour uses {share:.0f} % of their time.{low}{why}"
