"""
Cost of running the model yourself: whole machines for memory and peak load, rent or purchase, power, staff.

It is a staircase: half a machine cannot be bought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal

from advisor.answers import Answers
from advisor.catalogue.claims import expected, live
from advisor.catalogue.evidence import UNKNOWN
from advisor.catalogue.load import Catalogue
from advisor.catalogue.options import Deployment, Option
from advisor.catalogue.prices import Range
from advisor.catalogue.sizing import Figure
from advisor.cost.lines import Cost, Line, total, unknown
from advisor.cost.speed import Speed, speed
from advisor.cost.workload import HOURS_PER_MONTH, Workload

MONTHS_PER_YEAR = Decimal(12)
WATTS_PER_KW = Decimal(1000)
SIDES = ("low", "expected", "high")


@dataclass(frozen=True, slots=True)
class Fleet:
    """How many machines a load needs, and how busy they are."""

    machines: Range
    busy: Range
    """Share of the machines' time that the average hour uses."""
    speed: Speed


def fleet(option: Option, load: Workload, catalogue: Catalogue) -> Fleet:
    """Whole machines for the peak hour with headroom, one more where an outage costs more than a machine."""
    if option.deployment is None:
        raise ValueError(f"{option.id} is not self-hosted")
    pace = speed(option.model, option.deployment.machine, catalogue.sizing, load.input_tokens, load.output_tokens)
    headroom = catalogue.sizing.figure("peak-headroom")
    waits = load.batch_share if load.batch_share is not None else Decimal(0)
    live_share = Range(Decimal(0), Decimal(1), Decimal(1)) if load.batch_share is None else Range(*(1 - waits,) * 3)
    rate = load.average_rps
    spare = Range(Decimal(0), Decimal(0), Decimal(1)) if load.redundant is None else Range(*(Decimal(load.redundant),) * 3)

    def needed(side: str, room: Decimal) -> Decimal:
        over_time: Decimal = getattr(rate, side) * getattr(pace.seconds, side) / room
        at_peak: Decimal = over_time * getattr(live_share, side) * getattr(load.peak, side)
        extra: Decimal = getattr(spare, side)
        return max(Decimal(1), max(at_peak, over_time).to_integral_value(ROUND_CEILING)) + extra

    count = Range(needed("low", headroom.high), needed("expected", headroom.expected), needed("high", headroom.low))
    busy = Range(*(min(Decimal(1), getattr(rate, s) * getattr(pace.seconds, s) / getattr(count, s)) for s in SIDES))
    return Fleet(count, busy, pace)


@dataclass(frozen=True)
class SelfHosting:
    """The self-hosting costs of one set of answers. What options share (the fleet of a machine, the engineers) is worked out once."""

    load: Workload
    answers: Answers
    catalogue: Catalogue
    as_of: date
    _fleets: dict[tuple[str, str], Fleet] = field(default_factory=dict, compare=False, repr=False)
    _engineers: dict[str, Line] = field(default_factory=dict, compare=False, repr=False)
    _hours: dict[tuple[int, int], HourlyRent | None] = field(default_factory=dict, compare=False, repr=False)
    """By the identity of the claims, which all machines of one rent share, and of the settlement."""

    def cost(self, option: Option) -> Cost:
        """Monthly cost of a self-hosted option in US dollars."""
        deployment = option.deployment
        if deployment is None:
            return unknown("not self-hosted")
        size = self.fleet(option, deployment)
        if option.host.kind == "own":
            machine_lines = _own(option, size, self.catalogue, self.answers.weights("gpus_owned") or {}, self.as_of)
            missing = f"no source states the price of a {deployment.machine.hardware.name}"
        else:
            hour = self.hour(deployment)
            machine_lines = _rent(deployment.machine.gpus, size, self.load, hour) if hour else None
            missing = "no source states the rent of the machine"
        if machine_lines is None:
            return unknown(missing)
        return total([*machine_lines, self.engineers(option)], (_words(size, self.load),))

    def fleet(self, option: Option, deployment: Deployment) -> Fleet:
        """The machines of an option; wherever the same machine stands, it takes as many."""
        key = (option.model.id, deployment.machine.slug)
        if key not in self._fleets:
            self._fleets[key] = fleet(option, self.load, self.catalogue)
        return self._fleets[key]

    def hour(self, deployment: Deployment) -> HourlyRent | None:
        key = (id(deployment.rent), id(deployment.settled))
        if key not in self._hours:
            self._hours[key] = hourly_rent(deployment, self.as_of)
        return self._hours[key]

    def engineers(self, option: Option) -> Line:
        kind = option.host.kind
        if kind not in self._engineers:
            self._engineers[kind] = _staff(option, self.answers, self.catalogue)
        return self._engineers[kind]


def selfhost_cost(option: Option, load: Workload, answers: Answers, catalogue: Catalogue, as_of: date) -> Cost:
    """Monthly cost of one self-hosted option in US dollars."""
    return SelfHosting(load, answers, catalogue, as_of).cost(option)


def _words(size: Fleet, load: Workload) -> str:
    share = size.busy.expected * 100
    low = " That is low: most of the time you pay for idle machines." if share < 30 else ""
    spare = ", one of them spare" if load.redundant else ""
    several = "machine" if size.machines.expected == 1 else "machines"
    head = f"{size.machines.expected:.0f} {several}{spare}"
    return f"{head}; the average hour uses {share:.0f} % of their time ({size.speed.words} speed).{low}"


@dataclass(frozen=True, slots=True)
class HourlyRent:
    """What an hour of one GPU costs to rent, and who says so."""

    usd: Range
    source: str


def hourly_rent(deployment: Deployment, as_of: date) -> HourlyRent | None:
    """As a curator settled it, else over the claims that count; None where none does."""
    alive = [c for c in live(deployment.rent, as_of) if c.value != UNKNOWN]
    best = expected(alive, "price")
    if best is None:
        return None
    if deployment.settled:
        price = Decimal(str(deployment.settled.value))
        return HourlyRent(Range(price, price, price), deployment.settled.cited)
    prices = [Decimal(str(c.value)) for c in alive]
    return HourlyRent(Range(min(prices), Decimal(str(best.value)), max(prices)), f"{best.source} ({best.as_of})")


def _rent(gpus: int, size: Fleet, load: Workload, hour: HourlyRent) -> list[Line]:
    usd = Range(
        size.machines.low * gpus * hour.usd.low * load.hours.low,
        size.machines.expected * gpus * hour.usd.expected * HOURS_PER_MONTH,
        size.machines.high * gpus * hour.usd.high * HOURS_PER_MONTH,
    )
    formula = f"{size.machines.expected:.0f} × {gpus} GPUs × ${hour.usd.expected.normalize():f} an hour × {HOURS_PER_MONTH} hours"
    return [Line("Rent of GPU machines", formula, usd, hour.source)]


def _own(option: Option, size: Fleet, catalogue: Catalogue, owned: Mapping[str, int], as_of: date) -> list[Line] | None:
    if option.deployment is None:
        return None
    machine = option.deployment.machine
    gpu = machine.hardware
    claims = [c.claim(dict(catalogue.sources["hardware"])) for c in gpu.purchase_usd_per_gpu]
    alive = [c for c in live(claims, as_of) if c.value != UNKNOWN]
    best = expected(alive, "price")
    have = Decimal(owned.get(gpu.id, 0))
    needed = Range(*(n * machine.gpus for n in (size.machines.low, size.machines.expected, size.machines.high)))
    lines: list[Line] = []
    if have < needed.high:
        if best is None:
            return None
        prices = sorted(Decimal(str(c.value)) for c in alive)
        life = catalogue.sizing.figure("server-life-months")
        usd = Range(
            max(Decimal(0), needed.low - have) * prices[0] / life.high,
            max(Decimal(0), needed.expected - have) * Decimal(str(best.value)) / life.expected,
            max(Decimal(0), needed.high - have) * prices[-1] / life.low,
        )
        to_buy = max(Decimal(0), needed.expected - have)
        formula = f"{to_buy:.0f} GPUs with their share of the server × ${Decimal(str(best.value)):,.0f} ÷ {life.expected:.0f} months"
        lines.append(Line("Purchase of GPU machines, spread over their life", formula, usd, f"{best.source} ({best.as_of})"))
    lines.append(_power(needed, Decimal(gpu.watts_per_gpu), catalogue))
    return lines


def _power(gpus: Range, watts: Decimal, catalogue: Catalogue) -> Line:
    price, pue, space = (catalogue.sizing.figure(name) for name in ("electricity-usd-per-kwh", "pue", "colocation-usd-per-kw-month"))
    kw = watts / WATTS_PER_KW

    def usd(count: Decimal, kwh: Figure, overhead: Figure, room: Figure, side: str) -> Decimal:
        power = count * kw * HOURS_PER_MONTH * getattr(kwh, side) * getattr(overhead, side)
        return Decimal(power + count * kw * getattr(room, side))

    cost = Range(*(usd(getattr(gpus, side), price, pue, space, side) for side in SIDES))
    power = f"{gpus.expected:.0f} GPUs × {watts:.0f} W × {HOURS_PER_MONTH} hours × ${price.expected} a kWh × PUE {pue.expected}"
    formula = f"{power}, and ${space.expected} a kW of space"
    return Line("Power, cooling and space", formula, cost, f"{price.source}; {space.source}")


def _staff(option: Option, answers: Answers, catalogue: Catalogue) -> Line:
    """Engineers who run the machines: by what the team can do today, by what an outage costs, and more for machines of your own."""
    figures = catalogue.sizing.figure
    parts = [_skill(answers, figures)]
    parts.append(_outage(answers, figures))
    if option.host.kind == "own":
        parts.append(figures("fte-own-machines"))
    posts = Range(*(sum((getattr(part, side) for part in parts), Decimal(0)) for side in SIDES))
    own = answers.number("staff_usd_per_year")
    pay = figures("engineer-usd-per-year")
    yearly = Range(*(Decimal(str(own)),) * 3) if own is not None else Range(pay.low, pay.expected, pay.high)
    usd = Range(*(getattr(posts, side) * getattr(yearly, side) / MONTHS_PER_YEAR for side in SIDES))
    sources = dict.fromkeys([*(part.source for part in parts), "your answer" if own is not None else pay.source])
    return Line("Engineers", f"{posts.expected.normalize():f} full-time × ${yearly.expected:,.0f} a year ÷ 12", usd, "; ".join(sources))


def _skill(answers: Answers, figures: Callable[[str], Figure]) -> Figure:
    """Posts by skill; while the skill is not known, anything from the best to the worst."""
    skill = answers.text("infrastructure_skill")
    if skill:
        return figures(f"fte-self-hosted-{skill}")
    best, middle, worst = (figures(f"fte-self-hosted-{name}") for name in ("gpu-oncall", "containers", "none"))
    return middle.model_copy(update={"low": best.low, "high": worst.high})


def _outage(answers: Answers, figures: Callable[[str], Figure]) -> Figure:
    """Posts by what an outage costs; while that is not known, anything from none to the most."""
    availability = answers.text("availability")
    if availability:
        return figures(f"fte-availability-{availability}")
    least, middle, most = (figures(f"fte-availability-{name}") for name in ("best-effort", "recoverable", "critical"))
    return middle.model_copy(update={"low": least.low, "high": most.high})
