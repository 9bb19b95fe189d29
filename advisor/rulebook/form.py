"""
The form of the files below `rules/`: which keys they have and what each is for. The JSON Schema is made from the same models.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from advisor.rulebook.rule import Checked, Criterion, Effect, Owed, Relation, Verdict

ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
DIGEST = r"^[0-9a-f]{64}$"
Day = Annotated[date, Field(ge=date(1800, 1, 1), le=date(2199, 12, 31))]
"""A day that a law may name; what lies further off is a slip of the pen."""

ProvisionStatus: TypeAlias = Literal["covered_by", "manual", "out_of_scope"]
Consequence: TypeAlias = Literal["blocks", "needs-safeguard", "documentation-duty", "caution"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class SourceFile(_Strict):
    """Where a rule comes from, and how that was checked."""

    cite: str = Field(min_length=3)
    """The exact provision, with the name of the law, its number and the paragraph."""
    url: str = Field(pattern=r"^https?://\S+$|^$")
    """The address of the text; empty where it has none."""
    checked: Checked
    """read: the text or a mirror of it was read; secondary: a third party's account; memory: neither yet."""
    verified: Day | None = None
    """The day on which the source was last compared with the rule."""
    note: str = ""
    """What the rule leaves out, and ways out of the law that no fact can state."""


class SpanFile(_Strict):
    """A span of time."""

    since: Day | None = Field(default=None, alias="from")
    """First day on which it holds; absent: since ever."""
    until: Day | None = None
    """First day on which it no longer holds; absent: no end is known."""


class ExampleFile(_Strict):
    """A case and the verdict that the rule must give for it."""

    name: str = Field(min_length=3)
    """The case in a few plain words; no two examples of a file share a name."""
    given: dict[str, object]
    """What is known; every other fact is unknown."""
    verdict: Verdict
    """The verdict that the law gives, in the reading of whoever wrote the example."""
    duty: Owed | None = None
    """Only with complies, in a rule with an obligation. open: the duty may arise and is not surely done; done: it may arise and surely is
    done; none: it surely does not arise. Absent: the example does not say."""
    as_of: Day | None = None
    """The date of the case; absent: 24 November 2026."""


class ExceptionFile(_Strict):
    """A case the rule does not reach. It may have exceptions of its own, which bring the case back."""

    id: str = Field(pattern=ID.pattern)
    """Its own name, never reused."""
    title: str
    """The exception in one plain sentence."""
    when: object
    """The condition under which the rule does not reach a case."""
    source: SourceFile
    """The provision that makes the exception."""
    examples: list[ExampleFile] = Field(min_length=1)
    """At least one case inside the exception."""
    exceptions: list[ExceptionFile] = Field(default_factory=list)
    """Cases that fall back under the rule although the exception would cover them."""
    alongside: list[str] = Field(default_factory=list)
    """Ids of exceptions of the same rule beside which this one stands even where their own exceptions bring a case back."""


class ObligationFile(_Strict):
    """A duty that stands even when the rule is met."""

    text: str
    """What must be done, in one or two plain sentences."""
    when: object = None
    """For which options the duty arises; absent: whenever the rule is met."""
    done_when: object = None
    """A condition on answers that shows the duty is done."""


class ArmFile(_Strict):
    """The rule as it stands during one span of time."""

    in_force: SpanFile
    """When this wording holds. Arms never overlap."""
    source: SourceFile
    """The provision that this wording rests on."""
    applies_when: object = None
    """Scope: the condition under which the rule reaches a case; absent: always."""
    requires: object = None
    """What must hold for a case that the rule reaches."""
    points: dict[Criterion, int] = Field(default_factory=dict)
    """Only for `weigh`: points for each criterion."""


class RelatedFile(_Strict):
    """A relation to another rule that is meant, so that the proofs do not report it."""

    rule: str = Field(pattern=ID.pattern)
    """The other rule."""
    relation: Relation = Field(alias="as")
    """contradicts: in some case no option meets both; subsumes: whoever breaches the other breaches this; duplicates: both always agree."""
    why: str = Field(min_length=10)
    """Why that is right."""


class CarriedFile(_Strict):
    """A change of wording after the review that was proved to change nothing."""

    tree: str = Field(pattern=DIGEST)
    """Fingerprint of the conditions after the change."""
    on: Day
    """The day of the proof."""


class ReviewFile(_Strict):
    """A sign-off of the rule by a person who did not write it."""

    reviewer: str = Field(min_length=3)
    """Full name of a real person."""
    role: str = Field(min_length=3)
    """In which capacity they reviewed: counsel, internal audit, data protection officer."""
    on: Day
    """The day of the review."""
    tree: str = Field(pattern=DIGEST)
    """Fingerprint of the conditions that were reviewed; `advisor rules review RULE` prints it."""
    cite: str = Field(pattern=DIGEST)
    """Fingerprint of the citation that was reviewed."""
    scope: str = Field(min_length=3)
    """What the reviewer confirms."""
    limits: str = ""
    """What the reviewer did not look at."""
    carried: list[CarriedFile] = Field(default_factory=list)
    """Later changes that were proved to change nothing; written by `advisor rules review RULE --carry-from OLD`."""


class RuleFile(_Strict):
    """One rule: a checkable statement of one provision."""

    id: str = Field(pattern=ID.pattern)
    """Its name for good; never reused, never changed."""
    title: str = Field(min_length=10)
    """The rule in one plain sentence."""
    effect: Effect
    """require: a breach excludes; mitigate: a breach or unknown is an obligation; advise: a caution; weigh: points for criteria."""
    place: str
    """Whose law it is: a country code, EU, EEA, or anywhere."""
    topic: str
    """What it is about, such as transfers, contracts or certificates."""
    arms: list[ArmFile] = Field(min_length=1)
    """The rule as it stood, stands and will stand, one entry for each span of time."""
    exceptions: list[ExceptionFile] = Field(default_factory=list)
    """Cases the rule does not reach."""
    reason: str = ""
    """What a breach means; {option.…} stands for what is known of the fact."""
    remedy: str = ""
    """The next move after a breach."""
    obligation: ObligationFile | None = None
    """A duty that stands even when the rule is met."""
    related: list[RelatedFile] = Field(default_factory=list)
    """Relations to other rules that are meant."""
    examples: list[ExampleFile] = Field(min_length=1)
    """Printed cases; `advisor rules test` runs them."""
    author: str = ""
    """Who wrote the rule; needed once somebody reviews it, for nobody reviews their own rule."""
    reviews: list[ReviewFile] = Field(default_factory=list)
    """Sign-offs. They hold for the conditions and the citation that they name, and for nothing else."""
    review: str = Field(min_length=3)
    """`not yet reviewed by a lawyer`, until a real person has signed."""


class ProvisionFile(_Strict):
    """One provision of a law, and what became of it."""

    id: str = Field(pattern=ID.pattern)
    """Its name for good."""
    provision: str = Field(min_length=1)
    """The article or section."""
    title: str = Field(min_length=5)
    """What it says, in a few words."""
    consequence: Consequence
    """What it can do to a choice of model: block it, ask for a safeguard, ask for a record, call for care."""
    status: ProvisionStatus
    """covered_by: rules state it; manual: a person has to look; out_of_scope: it does not concern the choice."""
    rules: list[str] = Field(default_factory=list)
    """With covered_by: the rules that state it."""
    case: str | None = None
    """The file in data/cases/ in which one of these rules changes what may be used."""
    why: str | None = None
    """Why no rule states it, or what the rules leave out."""
    shows: Literal["obligation", "caution"] | None = None
    """With manual: how it is shown to those it applies to."""
    applies_when: object = None
    """With manual: a condition on answers under which it is shown."""
    in_force: SpanFile | None = None
    """With manual: when it is shown; absent: always."""
    text: str | None = None
    """With manual: what to do, in one or two plain sentences."""
    source: SourceFile | None = None
    """With manual: where that comes from."""


class ProvisionsFile(_Strict):
    """Every provision of one law that was looked at: stated by rules, left to a person, or out of scope, and why."""

    law: str = Field(min_length=2)
    """Name of the law."""
    place: str
    """Whose law it is."""
    provisions: list[ProvisionFile] = Field(min_length=1)
    """The provisions, in the order of the law."""


class PersonFile(_Strict):
    """A person who signs."""

    name: str = Field(min_length=3)
    """Full name."""
    role: str = Field(min_length=3)
    """In which capacity the person signs."""


class WaiverScopeFile(_Strict):
    """For what a waiver holds."""

    options: list[str] = Field(min_length=1)
    """Option ids; a `*` at the end stands for the rest, as in `gpt-5.4@azure-openai/*`."""
    use_case: str = Field(min_length=3)
    """The use case, word for word as in the answers."""


class WaiverFile(_Strict):
    """A signed, dated and expiring acceptance of a breach."""

    id: str = Field(pattern=ID.pattern)
    """Its own name."""
    rule: str = Field(pattern=ID.pattern)
    """The rule that is waived."""
    tree: str | None = Field(default=None, pattern=DIGEST)
    """Fingerprint of the rule's conditions at the time; where given, the waiver is void once the rule has changed."""
    scope: WaiverScopeFile
    """For which options and which use case."""
    reason: str = Field(min_length=20)
    """Why the breach is accepted."""
    compensating_control: str = Field(min_length=20)
    """What stands in for the rule."""
    author: PersonFile
    """Who asks for it."""
    approver: PersonFile
    """Who accepts it: a real person, never the author."""
    approved_on: Day
    """The day of the approval."""
    expires: Day
    """First day on which it no longer holds, at most 365 days after the approval."""


class FreshnessFile(_Strict):
    """How long a comparison with the source holds, by folder below `rules/`."""

    classes: list[FreshnessClass] = Field(min_length=1)
    """The classes; the first that names a folder of the rule holds."""


class FreshnessClass(_Strict):
    """One class of sources."""

    name: str = Field(min_length=2)
    """What kind of source it is."""
    folders: list[str] = Field(default_factory=list)
    """Folders below `rules/`; the class without folders takes all others."""
    days: int | None = Field(default=None, ge=1)
    """After how many days the source has to be compared again; absent: never."""
