"""
What a machine cannot exceed, and what it reaches at most by its memory and its arithmetic alone.

To write one token for each request at once, a machine reads the weights once and each request's cache, and computes two operations for
each active weight and request. So a step lasts at least as long as its reading and at least as long as its computing. For one request:

    tokens a second <= bandwidth x GPUs / bytes of the active weights

Eight requests at once share one reading of the weights and get up to eight times that, until the arithmetic is used up. A mixture of
experts reads its active weights for one request and, as requests choose different experts, nearly all weights for many.

`least_seconds` is a bound: it assumes that requests choose the same experts, leaves the cache out and counts the fastest arithmetic of the
hardware. Nothing measured, estimated or computed may be faster. `roofline_seconds` is the middle way, for machines nobody measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from advisor.catalogue.files import ArchitectureFile, HardwareFile
from advisor.catalogue.machines import GIB, PARAMS_PER_BILLION, Machine

BYTES_PER_GB = Decimal(10**9)
OPERATIONS_PER_TFLOP = Decimal(10**12)
OPERATIONS_PER_WEIGHT = 2
MOST_USERS = 256
"""Requests at once beyond which more bring little; engines admit so many by default."""


@dataclass(frozen=True, slots=True)
class Roofline:
    """Bandwidth and arithmetic of so many GPUs, and what a token asks of them."""

    bytes_per_s: Decimal
    operations_per_s: Decimal
    """At 16 bits."""
    fastest_operations_per_s: Decimal
    """At the narrowest numbers that hardware and weights allow."""
    weight_bytes: Decimal
    active_share: Decimal
    """Share of the weights that one token uses."""
    operations_per_token: Decimal

    @property
    def tokens_per_s_of_one_request(self) -> Decimal:
        """The most that any request gets, however few there are."""
        return self.bytes_per_s / (self.weight_bytes * self.active_share)

    def bytes_read(self, users: Decimal) -> Decimal:
        """Weights read in a step for so many requests that choose experts at random; of a dense model all."""
        untouched = (1 - self.active_share) ** users
        return self.weight_bytes * (1 - untouched)


def roofline(architecture: ArchitectureFile, hardware: HardwareFile, gpus: int, precision: str) -> Roofline:
    """The bounds of so many GPUs for one model at one precision."""
    operations = hardware.tflops_bf16 * OPERATIONS_PER_TFLOP * gpus
    per_weight = {str(name): size for name, size in architecture.precisions.items()}[precision]
    return Roofline(
        bytes_per_s=hardware.bandwidth_gb_per_s * BYTES_PER_GB * gpus,
        operations_per_s=operations,
        fastest_operations_per_s=operations * _gain(hardware, precision),
        weight_bytes=architecture.total_params_b * PARAMS_PER_BILLION * per_weight,
        active_share=architecture.active_params_b / architecture.total_params_b,
        operations_per_token=OPERATIONS_PER_WEIGHT * architecture.active_params_b * PARAMS_PER_BILLION,
    )


def _gain(hardware: HardwareFile, precision: str) -> int:
    """How much faster than 16 bits the arithmetic may be: twice at 8 bits, four times at 4, where the hardware has them."""
    if precision == "bf16":
        return 1
    if precision in ("nvfp4", "mxfp4") and "nvfp4" in hardware.precisions:
        return 4
    return 2 if "fp8" in hardware.precisions else 1


def least_seconds(line: Roofline, given: Decimal, produced: Decimal, users: Decimal | None) -> Decimal:
    """
    Machine seconds that no request can do with less of, with so many requests at once; None where their number is not known.

    Reading of input and writing of output may overlap, so that arithmetic and memory bound them each for itself.
    """
    computing = (given + produced) * line.operations_per_token / line.fastest_operations_per_s
    if users is None:
        return computing
    return max(computing, produced / (users * line.tokens_per_s_of_one_request))


def users_at_once(machine: Machine, architecture: ArchitectureFile, given: Decimal, produced: Decimal) -> Decimal:
    """Requests whose cache fits beside the weights, half of the output written; at least one. An unknown cache does not limit them."""
    if architecture.kv_bytes_per_token is None:
        return Decimal(MOST_USERS)
    held = machine.free_gib * GIB / (architecture.kv_bytes_per_token * (given + produced / 2))
    return min(Decimal(MOST_USERS), max(Decimal(1), held))


def roofline_seconds(line: Roofline, cache_bytes: Decimal, given: Decimal, produced: Decimal, users: Decimal) -> Decimal:
    """Machine seconds of a request if memory and 16-bit arithmetic were used to the full; `cache_bytes` are those of one request."""
    reading = given * line.operations_per_token / line.operations_per_s
    moved = (line.bytes_read(users) + users * cache_bytes) / line.bytes_per_s
    computed = users * line.operations_per_token / line.operations_per_s
    return reading + produced * max(moved, computed) / users
