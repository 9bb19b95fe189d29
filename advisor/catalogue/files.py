"""
The form of catalogue files: models, hosts, licences, hardware, benchmarks. Each becomes a frozen record.

A value that somebody may dispute is a list of claims. A claim may name one of the file's `sources` and takes its address,
date and grade from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from advisor.catalogue.allowed import CURRENCIES, REASONING, one_of, share
from advisor.catalogue.claims import Claim, Grade
from advisor.catalogue.meters import METERS, Meter

ID_PATTERN = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
Id: TypeAlias = Annotated[str, Field(pattern=ID_PATTERN, max_length=60)]
YesNo: TypeAlias = Literal["yes", "no"]


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text: TypeAlias = Annotated[str, BeforeValidator(_text)]


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SourceFile(Record):
    """One source of a file, named once and used by many claims."""

    name: str = ""
    """How it is cited; the key if left out."""
    url: str = ""
    as_of: Text = ""
    grade: Grade
    confidence: str = ""
    note: str = ""


class ClaimFile(Record):
    """One claim as written in a file."""

    value: object
    source: str = Field(min_length=1)
    url: str | None = None
    as_of: Text | None = None
    grade: Grade | None = None
    confidence: str | None = None
    scope: str = ""
    covers: Literal["service", "platform", "company"] = "service"
    """For certificates: what the certificate covers. Only `service` counts as established."""
    note: str = ""

    def claim(self, sources: Mapping[str, SourceFile]) -> Claim:
        """The claim with what its source says. A claim that names no source of the file must give its own grade."""
        base = sources.get(self.source)
        grade = self.grade or (base.grade if base else None)
        if grade is None:
            raise KeyError(self.source)
        return Claim(
            value=self.value,
            source=(base.name or self.source) if base else self.source,
            grade=grade,
            as_of=self.as_of if self.as_of is not None else base.as_of if base else "",
            url=self.url if self.url is not None else base.url if base else "",
            confidence=self.confidence if self.confidence is not None else base.confidence if base else "",
            scope=f"{self.scope} ({self.covers})".strip() if self.covers != "service" else self.scope,
            note=self.note or (base.note if base else ""),
        )


class Settlement(Record):
    """A curator's record that settles a dispute."""

    value: object
    by: str = Field(min_length=2)
    on: date
    reason: str = Field(min_length=5)
    source: str = Field(min_length=2)
    """What was read to settle it."""
    url: str = ""

    @property
    def words(self) -> str:
        """Who settled it, when, on what and why."""
        return f"{self.by}, {self.on}, on {self.source}: {self.reason}"

    @property
    def cited(self) -> str:
        """As the source of a figure."""
        return f"{self.source} (settled by {self.by}, {self.on})"


Settlements: TypeAlias = dict[str, Settlement]
"""Settlements by the name of what they settle."""


class SettledFact(Record):
    claims: list[ClaimFile]
    settled: Settlement


FactFile: TypeAlias = list[ClaimFile] | SettledFact | dict[str, list[ClaimFile] | SettledFact]
"""Claims of one fact; for facts of kind `held`, claims for each member. A curator may settle the fact, or a member."""

Facts: TypeAlias = dict[str, FactFile]


class Precondition(Record):
    """What has to be asked for or signed before an endpoint is as described."""

    text: str
    who: str = "the host"


class EndpointFile(Record):
    """One endpoint of a host, with its own facts; they replace those of the host."""

    id: Id
    name: str
    facts: Facts = Field(default_factory=dict)
    fee: Annotated[list[ClaimFile], share()] = Field(default_factory=list)
    """Replaces the host's fee at this endpoint."""
    preconditions: list[Precondition] = Field(default_factory=list)
    note: str = ""


class MetersFile(Record):
    """Curated prices in USD per million tokens, each a list of claims, by way of processing and kind of token."""

    input_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    output_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    cache_read_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    cache_write_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    cache_write_1h_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    batch_input_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    batch_output_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    batch_cache_read_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    batch_cache_write_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    batch_cache_write_1h_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    flex_input_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    flex_output_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    flex_cache_read_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    flex_cache_write_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    flex_cache_write_1h_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    priority_input_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    priority_output_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    priority_cache_read_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    priority_cache_write_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)
    priority_cache_write_1h_usd_per_mtok: list[ClaimFile] = Field(default_factory=list)


class TierFile(MetersFile):
    """What a request above a size pays, for all of its tokens."""

    above_tokens: int = Field(gt=0)


class PriceFile(MetersFile):
    """Curated prices; they stand beside the feeds."""

    tiers: list[TierFile] = Field(default_factory=list)

    def stated(self) -> list[tuple[Meter, list[ClaimFile]]]:
        """Every meter with its claims, those above a size among them."""
        levels: list[tuple[int, MetersFile]] = [(0, self), *((tier.above_tokens, tier) for tier in self.tiers)]
        return [
            (Meter(meter.kind, meter.processing, above), claims)
            for above, level in levels
            for name, meter in METERS.items()
            if (claims := getattr(level, name))
        ]


class ServesFile(Record):
    """One model as a host serves it at some of its endpoints."""

    model: Id
    endpoints: list[Id] = Field(min_length=1)
    feeds: list[str] = Field(default_factory=list)
    """Rows of price snapshots that list it there: `litellm:gpt-5.4`, `genai-prices:openai/gpt-5.4`."""
    listed: list[ClaimFile] = Field(default_factory=list)
    """Pages that list it there (`yes`, or its name there) or say that it is gone (`no`). A feed row or a page is needed."""
    own_limits: YesNo = "no"
    """`yes`: the longest input is a setting of these endpoints, and only what `facts` say of it counts; rows speak of another setting."""
    without: list[Literal["batch", "flex", "priority", "cache"]] = Field(default_factory=list)
    """Ways of buying that rows price and that cannot be had at these endpoints."""
    uplift: list[ClaimFile] = Field(default_factory=list)
    """Factor on the feed price at these endpoints, such as 1.1 for regional processing."""
    retires: list[ClaimFile] = Field(default_factory=list)
    """Days (`2027-03-05`) from which a source says that the model is no longer served there."""
    price: PriceFile = PriceFile()
    settled: Settlements = Field(default_factory=dict)
    """A curator's settlements of prices (`input_usd_per_mtok`, `input_above_272000_usd_per_mtok`), `uplift`, `retires` or `offered`."""
    facts: Facts = Field(default_factory=dict)
    preconditions: list[Precondition] = Field(default_factory=list)
    note: str = ""

    @model_validator(mode="after")
    def _is_listed(self) -> ServesFile:
        if not self.feeds and not self.listed:
            raise ValueError(f"nothing says that {self.model} is served there: give `feeds` or `listed`")
        return self


class RentFile(Record):
    """Rent of one kind of GPU node at an endpoint of a GPU cloud."""

    hardware: Id
    endpoints: list[Id]
    usd_per_gpu_hour: list[ClaimFile] = Field(min_length=1)
    settled: Settlement | None = None
    """A curator's settlement of the rent."""
    node_sizes: list[int] = Field(min_length=1)
    """GPUs in a node that can be rented there."""
    commitment: Literal["on-demand", "1-year", "3-year"] = "on-demand"
    """How long the rent is promised for. Options are built from on-demand rents; the others are for comparing costs."""


class HostFile(Record):
    """A host: who runs inference, or rents or owns the machines for it."""

    id: Id
    name: str
    kind: Literal["service", "gpu-cloud", "own"]
    operator: str = ""
    sources: dict[str, SourceFile] = Field(default_factory=dict)
    facts: Facts = Field(default_factory=dict)
    fee: Annotated[list[ClaimFile], share()] = Field(default_factory=list)
    """Share that an intermediary adds to the list prices (0.055 for 5.5 %). Empty: no page states one."""
    list_currency: Annotated[list[ClaimFile], one_of(*CURRENCIES)] = Field(default_factory=list)
    """Currency of the host's own price list; price packages state everything in US dollars, converted or not."""
    endpoints: list[EndpointFile] = Field(min_length=1)
    serves: list[ServesFile] = Field(default_factory=list)
    rents: list[RentFile] = Field(default_factory=list)
    note: str = ""


class ArchitectureFile(Record):
    """What self-hosting needs to know of the weights."""

    total_params_b: Decimal = Field(gt=0)
    """Billions of parameters held in memory."""
    active_params_b: Decimal = Field(gt=0)
    """Billions of parameters used for a token."""
    kv_bytes_per_token: int | None = Field(default=None, gt=0)
    """Bytes of key-value cache for a token at 16 bits, an upper bound; None: not known."""
    precisions: dict[Literal["bf16", "fp8", "nvfp4", "mxfp4", "int4"], Decimal] = Field(default_factory=dict)
    """Precisions with published checkpoints, and bytes per parameter of each, shared parts included."""
    source: str = Field(min_length=1)
    url: str = ""
    as_of: Text = ""
    grade: Grade | None = None
    note: str = ""


class ScoreFile(ClaimFile):
    """One benchmark result."""

    benchmark: Id
    reporter: str = ""
    setting: str = ""


class ModelFile(Record):
    """A model: weights with a version."""

    id: Id
    name: str
    developer: str
    developer_country: str
    open_weights: YesNo
    licence: Id
    released: Text = ""
    retires: list[ClaimFile] = Field(default_factory=list)
    """Days on which its developer stops serving it itself. Other hosts end it on days of their own: see `serves`."""
    facts: Facts = Field(default_factory=dict)
    reasoning: Annotated[list[ClaimFile], one_of(*REASONING)] = Field(default_factory=list)
    """Whether it writes thinking tokens before its answer, billed as output: `always`, `optional` (the request decides) or `no`."""
    architecture: ArchitectureFile | None = None
    scores: list[ScoreFile] = Field(default_factory=list)
    settled: Settlements = Field(default_factory=dict)
    """A curator's settlements of results, by benchmark."""
    note: str = ""


class DeveloperFile(Record):
    """All models of one developer."""

    sources: dict[str, SourceFile] = Field(default_factory=dict)
    models: list[ModelFile] = Field(min_length=1)


class LicenceFile(Record):
    """A model licence, in the advisor's own words."""

    id: Id
    name: str
    spdx: str | None = None
    kind: Literal["open-source", "open-weights", "non-commercial", "closed"]
    commercial_use: Literal["yes", "no", "conditional"]
    summary: str
    limits: list[str] = Field(default_factory=list)
    duties: list[str] = Field(default_factory=list)
    url: str
    checked: Text
    as_of: Text = ""
    confidence: str = ""
    note: str = ""


class HardwareFile(Record):
    """One kind of GPU."""

    id: Id
    name: str
    memory_gib: Decimal = Field(gt=0)
    bandwidth_gb_per_s: int = Field(gt=0)
    tflops_bf16: int = Field(gt=0)
    """Dense, without sparsity."""
    precisions: list[Literal["bf16", "fp8", "nvfp4", "mxfp4", "int4"]]
    """Precisions it computes in, or runs at all for weight-only formats."""
    purchase_usd_per_gpu: list[ClaimFile] = Field(default_factory=list)
    """A GPU with its share of server, network and installation."""
    watts_per_gpu: int = Field(gt=0)
    """Power drawn by a GPU with its share of the server."""
    node_sizes: list[int] = Field(min_length=1)
    source: str
    url: str = ""
    as_of: Text = ""
    grade: Grade | None = None


class HardwareList(Record):
    """Kinds of GPUs, with what they hold, compute and cost to buy."""

    sources: dict[str, SourceFile] = Field(default_factory=dict)
    hardware: list[HardwareFile]


class BenchmarkFile(Record):
    """One benchmark: on which scale it is read, and what it speaks to."""

    id: Id
    name: str
    zero: Decimal
    """Raw value that counts as 0 on the quality scale."""
    hundred: Decimal
    """Raw value that counts as 100."""
    trust: Decimal = Field(gt=0, le=1)
    """How far it is trusted: saturated, contaminated and vendor-run ones less."""
    tasks: list[str] = Field(min_length=1)
    """Tasks it speaks to; `any` for all."""
    tolerance: Decimal = Decimal(0)
    """Raw points within which two results agree."""
    source: str = ""
    """Who set the ends, the trust and the tolerance; a name among the file's `sources`, or a source with `as_of` and `grade` beside it."""
    as_of: Text = ""
    grade: Grade | None = None
    why: str
    url: str = ""


class FloorFile(Record):
    """Quality floors that hold from a date on."""

    since: str
    floors: dict[Literal["basic", "good", "high", "best"], Decimal]
    source: str = ""
    """Who set them, as for a benchmark."""
    as_of: Text = ""
    grade: Grade | None = None
    why: str


class BenchmarkList(Record):
    sources: dict[str, SourceFile] = Field(default_factory=dict)
    benchmarks: list[BenchmarkFile]
    floors: list[FloorFile] = Field(default_factory=list)
    """Left out in an overlay: the floors of the earlier folders stand."""
