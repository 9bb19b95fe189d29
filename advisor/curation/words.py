"""
Disputes, gaps, ages and differences in words and as plain data. Command line and app share them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from advisor.catalogue.claims import Claim
from advisor.catalogue.files import HardwareFile, HostFile, ModelFile
from advisor.catalogue.load import Catalogue
from advisor.catalogue.meters import UNIT, meter_named
from advisor.catalogue.prices import Range
from advisor.curation.difference import Difference, Moved, Repriced
from advisor.curation.disputes import KIND_WORDS, Dispute
from advisor.curation.freshness import Age
from advisor.curation.gaps import Gap, clauses
from advisor.curation.statements import Statement
from advisor.curation.trials import Effect
from advisor.errors import Problem
from advisor.rulebook.rule import Rule
from advisor.vocabulary import Vocabulary

SHOWN = 3
OUTCOME_WORDS: Mapping[str, str] = {
    "recommended": "may be used", "conditional": "may be used once the open obligations are met",
    "unconfirmed-only": "nothing is confirmed", "none": "nothing may be used",
}  # fmt: skip


# ---------------------------------------------------------------------- disputes
def dispute_title(dispute: Dispute, catalogue: Catalogue) -> str:
    """What is in dispute, and of whom: `price: input, GPT-5.4 at OpenAI API (eu)`."""
    name = dispute_name(dispute, catalogue.vocabulary, catalogue)
    models = several([catalogue.models[m].name for m in dispute.models], "models")
    hosts = several([catalogue.hosts[h].name for h in dispute.hosts], "hosts")
    at = f" at {hosts}" if hosts else ""
    where = f" ({', '.join(dispute.endpoints)})" if len(dispute.hosts) == 1 and len(dispute.endpoints) <= SHOWN else ""
    return f"{KIND_WORDS[dispute.kind]}: {name}, {models}{at}{where}"


def apart(dispute: Dispute) -> str:
    """How far apart the sources are; of what is no number, the few values themselves."""
    values = [plain_value(value) for value in dispute.values]
    return " or ".join(values) if dispute.gap.endswith("values") and len(values) <= SHOWN else dispute.gap


def dispute_name(dispute: Dispute, vocabulary: Vocabulary, catalogue: Catalogue) -> str:
    """The thing in dispute, in words."""
    match dispute.kind:
        case "fact":
            fact = vocabulary.facts[dispute.name]
            return f"{fact.phrase}: {vocabulary.words(fact, dispute.member)}" if dispute.member else fact.phrase
        case "price":
            return price_words(dispute.name)
        case "score":
            return catalogue.benchmarks[dispute.name].name
        case "rent":
            return f"an hour of one {catalogue.hardware[dispute.name].name}"


def price_words(name: str) -> str:
    """A class of price in words: `batch output`, `input, requests above 272,000 tokens`."""
    meter = meter_named(name)
    return meter.words if meter else name.removesuffix(UNIT).replace("_", " ")


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def several(names: Sequence[str], noun: str) -> str:
    return ", ".join(names) if len(names) <= SHOWN else f"{len(names)} {noun}"


def claim_line(claim: Claim) -> str:
    scope = f" ({claim.scope})" if claim.scope else ""
    return f"{plain_value(claim.value)}{scope}: {claim.source}, {claim.as_of or 'undated'} [{claim.grade}]"


def whole_claim(claim: Claim) -> str:
    """A claim with all by which it can differ from another."""
    return " ".join([claim_line(claim), *([f"confidence {claim.confidence}"] if claim.confidence else []), claim.url]).rstrip()


def plain_value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def effect_line(effect: Effect) -> str:
    before, after = (name or OUTCOME_WORDS[o] for name, o in zip(effect.recommended, effect.outcome, strict=True))
    change = (
        f"{before} → {after}" if before != after else f"{before}: {OUTCOME_WORDS[effect.outcome[0]]} → {OUTCOME_WORDS[effect.outcome[1]]}"
    )
    return f"{case_words(effect.case)}, if it is {plain_value(effect.value)}: {change}"


def case_words(name: str) -> str:
    """A ready case by its short name: `hospital-de` for `examples/hospital-de.yaml`."""
    return name.rpartition("/")[2].removesuffix(".yaml")


def dispute_lines(dispute: Dispute, catalogue: Catalogue, effects: Sequence[Effect]) -> Iterator[str]:
    yield f"{dispute_title(dispute, catalogue)} – {dispute.gap}, {counted(len(dispute.options), 'option')}"
    yield from (f"    {claim_line(claim)}" for claim in dispute.claims)
    if dispute.settled:
        yield f"    settled: {dispute.settled}"
    yield from (f"    changes {effect_line(effect)}" for effect in effects)


def dispute_data(dispute: Dispute, effects: Sequence[Effect]) -> dict[str, object]:
    return {
        "kind": dispute.kind, "name": dispute.name, "member": dispute.member, "gap": dispute.gap,
        "models": list(dispute.models), "hosts": list(dispute.hosts), "endpoints": list(dispute.endpoints),
        "options": list(dispute.options), "settled": dispute.settled, "claims": [claim_data(c) for c in dispute.claims],
        "effects": [effect_data(e) for e in effects],
    }  # fmt: skip


def claim_data(claim: Claim) -> dict[str, object]:
    value = claim.value if isinstance(claim.value, list | int | float) and not isinstance(claim.value, bool) else plain_value(claim.value)
    return {"value": value, "source": claim.source, "as_of": claim.as_of, "grade": claim.grade, "url": claim.url, "scope": claim.scope}


def effect_data(effect: Effect) -> dict[str, object]:
    return {
        "case": effect.case, "value": plain_value(effect.value),
        "outcome": list(effect.outcome), "recommended": list(effect.recommended),
    }  # fmt: skip


# ---------------------------------------------------------------------- gaps
def gap_lines(gap: Gap, rules: Mapping[str, Rule]) -> Iterator[str]:
    yield f"{gap.host}: {gap.question}"
    waits = f"{counted(len(gap.options), 'option')} in {counted(len(gap.cases), 'case')}"
    none = f"; {len(gap.blocks)} of them with nothing confirmed" if gap.blocks else ""
    yield f"    waits: {waits}{none}. Who can say: {gap.who}."
    yield from (f"    because of {cite}" for cite, _ in clauses(gap, rules))


def gap_data(gap: Gap, rules: Mapping[str, Rule]) -> dict[str, object]:
    return {
        "host": gap.host, "fact": gap.fact, "question": gap.question, "who": gap.who, "rules": sorted(gap.rules),
        "clauses": [{"cite": cite, "url": url} for cite, url in clauses(gap, rules)],
        "endpoints": sorted(gap.endpoints), "models": sorted(gap.models), "options": sorted(gap.options),
        "cases": sorted(gap.cases), "blocks": sorted(gap.blocks),
    }  # fmt: skip


# ---------------------------------------------------------------------- ages
STATED: Mapping[str, str] = {
    "listed": "the listing", "retires": "the end of service", "uplift": "the factor on the list price",
    "usd_per_gpu_hour": "the rent", "purchase_usd_per_gpu": "the purchase price of a GPU",
    "reasoning": "whether it writes thinking tokens", "fee": "the fee on the list prices",
    "list_currency": "the currency of its price list",
}  # fmt: skip
"""What statements are called that are no fact, no price and no benchmark."""


def statement_words(statement: Statement, catalogue: Catalogue) -> str:
    """What a statement says, for people: `the retention of prompts and answers, eu`."""
    name, _, rest = statement.about.partition(" ")
    bare = name.rstrip(":")
    fact = catalogue.vocabulary.facts.get(f"option.{bare}")
    benchmark = catalogue.benchmarks.get(bare) if statement.kind == "score" else None
    words = fact.phrase if fact else benchmark.name if benchmark else STATED.get(bare) or price_words(bare)
    return f"{words}{':' if name.endswith(':') else ''} {rest}".strip()


def owner_words(statement: Statement, catalogue: Catalogue) -> str:
    """Whom a statement is about, by name."""
    kind, _, name = statement.owner.partition(" ")
    known: Mapping[str, ModelFile | HostFile | HardwareFile] = {**catalogue.models, **catalogue.hosts, **catalogue.hardware}
    return f"{known[name].name} ({kind})" if name in known else statement.owner


def age_line(age: Age) -> str:
    old = "no date" if age.days is None else f"{age.days} days old, from {age.newest}"
    return f"{age.statement.owner}: {age.statement.about} – {old} ({age.statement.kind}: {age.allowed} days)"


def age_data(age: Age) -> dict[str, object]:
    return {
        "owner": age.statement.owner, "about": age.statement.about, "kind": age.statement.kind,
        "newest": str(age.newest) if age.newest else None, "days": age.days, "allowed_days": age.allowed, "stale": age.stale,
    }  # fmt: skip


# ---------------------------------------------------------------------- problems
def problem_data(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path, "line": problem.line, "where": problem.where, "what": problem.what, "next_move": problem.next_move,
    }  # fmt: skip


# ---------------------------------------------------------------------- differences
def difference_lines(found: Difference) -> Iterator[str]:
    for kind, new, gone in found.records:
        yield from (f"{kind}: new {name}" for name in new)
        yield from (f"{kind}: gone {name}" for name in gone)
    new, gone = found.options
    if new or gone:
        yield f"options: {len(new)} new, {len(gone)} gone, your own premises left out"
    for item in found.statements:
        yield f"{item.owner}: {item.about}"
        yield from (f"    - {whole_claim(claim)}" for claim in item.gone)
        yield from (f"    + {whole_claim(claim)}" for claim in item.come)
        if item.settled[0] != item.settled[1]:
            yield f"    settled: {item.settled[0] or 'by nobody'} → {item.settled[1] or 'by nobody'}"
    yield from (f"{edit.owner}: {edit.about}: {edit.old or 'not said'} → {edit.new or 'not said'}" for edit in found.edits)
    yield from (repriced_line(move) for move in found.prices)
    yield from (moved_line(move) for move in found.moved)
    yield f"{len(found.moved)} of {found.cases} cases are recommended something else."


def repriced_line(move: Repriced) -> str:
    old, new = (_range(v) for v in (move.old, move.new))
    more = f" and {len(move.options) - SHOWN} more" if len(move.options) > SHOWN else ""
    return f"price: {price_words(move.name)} {old} → {new}: {', '.join(move.options[:SHOWN])}{more}"


def _range(price: Range | None) -> str:
    if price is None:
        return "no price"
    spread = f" ({plain_value(price.low)} to {plain_value(price.high)})" if price.low != price.high else ""
    return f"${plain_value(price.expected)}{spread}"


def _range_data(price: Range | None) -> dict[str, str] | None:
    return {side: plain_value(getattr(price, side)) for side in ("low", "expected", "high")} if price else None


def moved_line(move: Moved) -> str:
    before, after = (name or OUTCOME_WORDS[o] for name, o in zip(move.recommended, move.outcome, strict=True))
    return f"case {move.case}: {before} → {after} ({OUTCOME_WORDS[move.outcome[1]]})"


def difference_data(found: Difference) -> dict[str, object]:
    return {
        "records": {kind: {"new": list(new), "gone": list(gone)} for kind, new, gone in found.records},
        "options": {"new": list(found.options[0]), "gone": list(found.options[1])},
        "statements": [
            {"owner": s.owner, "about": s.about, "gone": [claim_data(c) for c in s.gone], "come": [claim_data(c) for c in s.come],
             "settled": list(s.settled)}
            for s in found.statements
        ],
        "edits": [{"owner": e.owner, "about": e.about, "old": e.old, "new": e.new} for e in found.edits],
        "prices": [
            {"class": p.name, "old": _range_data(p.old), "new": _range_data(p.new),
             "options": list(p.options)}
            for p in found.prices
        ],
        "moved": [{"case": m.case, "outcome": list(m.outcome), "recommended": list(m.recommended)} for m in found.moved],
        "cases": found.cases,
    }  # fmt: skip
