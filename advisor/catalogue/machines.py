"""
Machines: on which kinds of GPU, how many and at which precision an open model fits, and how much context that leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from advisor.catalogue.claims import Grade
from advisor.catalogue.files import ArchitectureFile, HardwareFile, ModelFile
from advisor.catalogue.sizing import ContextPoint, Precision, Sizing

GIB = Decimal(2**30)
PARAMS_PER_BILLION = Decimal(10**9)
LEAST_CONTEXT = 8_192
"""A machine that cannot hold one request of this many tokens beside the weights does not count as holding the model."""


@dataclass(frozen=True, slots=True)
class MachineContext:
    """The longest single input a machine holds, in tokens, and what says so."""

    low: int
    high: int
    source: str
    grade: Grade
    as_of: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """GPUs of one kind that together hold a model at one precision."""

    hardware: HardwareFile
    gpus: int
    precision: str
    weights_gib: Decimal
    free_gib: Decimal
    """Memory left for the key-value cache."""
    context: MachineContext | None

    @property
    def slug(self) -> str:
        return f"{self.gpus}x{self.hardware.id}-{self.precision}"

    @property
    def words(self) -> str:
        return f"{self.gpus} × {self.hardware.name} at {self.precision.upper()}"


HALVED, HALF = "bf16", "fp8"
FOUR_BITS = ("int4", "mxfp4", "nvfp4")


def cut_down(architecture: ArchitectureFile, precision: str) -> bool:
    """Whether weights of a precision are a four-bit version of fuller ones, whose results were not measured on them."""
    return precision in FOUR_BITS and any(other not in FOUR_BITS for other in architecture.precisions)


def machines(model: ModelFile, hardware: Mapping[str, HardwareFile], sizing: Sizing) -> Iterator[Machine]:
    """Every machine that holds the model: for each kind of GPU and precision, each node size that fits."""
    architecture = model.architecture
    if architecture is None:
        return
    for gpu in hardware.values():
        for precision in sorted(architecture.precisions):
            if precision in gpu.precisions:
                yield from (m for n in sorted(gpu.node_sizes) if (m := _machine(model, architecture, gpu, n, precision, sizing)))


def worth_offering(fitting: Iterable[Machine], longest: float) -> list[Machine]:
    """
    Of the machines to be had somewhere, for each kind of GPU and precision: the smallest, and the smallest that also holds the longest
    input the weights take (`longest`, in tokens), or the largest where none does. Sizes between and beyond them add nothing, nor do weights
    at 16 bits where the GPUs also run the model at 8: they take twice the memory, and results hardly tell the two apart.
    """
    kinds: dict[tuple[str, str], list[Machine]] = {}
    for machine in fitting:
        kinds.setdefault((machine.hardware.id, machine.precision), []).append(machine)
    for gpu, precision in list(kinds):
        if precision == HALVED and (gpu, HALF) in kinds:
            del kinds[gpu, precision]
    kept: list[Machine] = []
    for sizes in kinds.values():
        sizes.sort(key=lambda m: m.gpus)
        roomy = next((m for m in sizes if m.context is None or m.context.low >= longest), sizes[-1])
        kept += [sizes[0]] if roomy is sizes[0] else [sizes[0], roomy]
    return kept


def _machine(
    model: ModelFile, architecture: ArchitectureFile, gpu: HardwareFile, gpus: int, precision: Precision, sizing: Sizing
) -> Machine | None:
    share = sizing.figure("usable-memory").expected
    weights = architecture.total_params_b * PARAMS_PER_BILLION * architecture.precisions[precision] / GIB
    free = gpu.memory_gib * gpus * share - weights
    if free <= 0:
        return None
    key = (model.id, gpu.id, gpus, precision)
    measured = next((p for p in sizing.context_points if (p.model, p.hardware, p.gpus, p.precision) == key), None)
    context = _measured(measured) if measured else _computed(architecture, free)
    if context and context.high < LEAST_CONTEXT:
        return None
    return Machine(gpu, gpus, precision, weights, free, context)


def _measured(point: ContextPoint) -> MachineContext:
    return MachineContext(point.tokens, point.tokens, point.source, point.grade, point.as_of, point.url)


def _computed(architecture: ArchitectureFile, free: Decimal) -> MachineContext | None:
    """What the memory beside the weights holds; the bytes for a token are an upper bound, so this is a lower one."""
    if architecture.kv_bytes_per_token is None:
        return None
    tokens = int(free * GIB / architecture.kv_bytes_per_token)
    words = f"Computed: {free:.0f} GiB left beside the weights, {architecture.kv_bytes_per_token:,} bytes of cache for a token"
    return MachineContext(tokens, tokens, words, architecture.grade or "memory", architecture.as_of, architecture.url)
