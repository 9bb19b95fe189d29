"""
Head to head: a few options side by side, on quality, context, price, privacy, licence and operations, and when to choose which.

Without names it compares the three systems of the comparison document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.catalogue.claims import Claim
from advisor.catalogue.files import ModelFile
from advisor.catalogue.options import Option
from advisor.catalogue.prices import Prices
from advisor.errors import NotFound
from advisor.ranking.quality import all_claims, counted, settled_score
from advisor.recommendation import Ranked, Recommendation
from advisor.rulebook.rule import Criterion
from advisor.wording import MODE_WORDS, STANDING_WORDS, excluded_words

COMPARISON_SYSTEMS = (("gpt-5.4", "closed-api"), ("llama-4-maverick", "self-hosted"), ("llama-4-maverick", "hosted-open"))
"""Model and mode of the three systems of the comparison document."""

PREFERRED = {"closed-api": "@openai-api/global", "self-hosted": "/8xh100-fp8", "hosted-open": ""}
"""How the id of the document's own form of each system ends."""


PRIVACY_FACTS = (
    ("Processed in", "option.processing_places"),
    ("Stored in", "option.storage_places"),
    ("Trains on your prompts", "option.trains_on_prompts"),
    ("Keeps prompts for", "option.retention_days"),
    ("Within reach of the US CLOUD Act", "option.cloud_act_exposed"),
    ("Verified certificates", "option.certificates"),
    ("Contract terms on offer", "option.contract_offers"),
)

STRENGTHS: tuple[tuple[Criterion, str], ...] = (
    ("quality", "the quality of the answers decides"),
    ("cost", "cost at your volume decides"),
    ("control", "control over data and dependence decides"),
    ("operations", "your team should have little to run"),
)


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a cell for each option."""

    topic: str
    label: str
    cells: tuple[str, ...]
    note: str = ""

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class Comparison:
    """Options side by side."""

    options: tuple[Ranked, ...]
    rows: tuple[Row, ...]
    choose: tuple[str, ...]
    """When to choose each, from this comparison alone."""


def compare(result: Recommendation, names: Sequence[str] = ()) -> Comparison:
    """Compares the named options; a model's name stands for its best option. Raises NotFound."""
    chosen = tuple(_named(result, name) for name in names) if names else _systems(result)
    rows = (*_general(result, chosen), *_quality(result, chosen), *_money(chosen), *_privacy(result, chosen), *_operations(result, chosen))
    return Comparison(chosen, rows, tuple(_choose(ranked, chosen) for ranked in chosen))


def _named(result: Recommendation, name: str) -> Ranked:
    exact = result.find(name)
    if exact:
        return exact
    of_model = [r for r in result.all if r.option.model.id == name]
    if not of_model:
        raise NotFound("option or model", name, [*result.library.catalogue.models, *(r.option.id for r in result.all)])
    return of_model[0]


def _systems(result: Recommendation) -> tuple[Ranked, ...]:
    """The best option of each system of the comparison document; its own form of it where all are alike."""
    found = []
    for model, mode in COMPARISON_SYSTEMS:
        options = [r for r in result.all if r.option.model.id == model and r.option.mode == mode]
        wanted = [r for r in options if r.option.id.endswith(PREFERRED[mode])]
        pool = wanted or options
        if not pool:
            raise NotFound("option", f"{model} as {MODE_WORDS[mode]}", result.library.catalogue.models)
        found.append(pool[0])
    return tuple(found)


def _row(topic: str, label: str, options: Sequence[Ranked], cell: Callable[[Ranked], str], note: str = "") -> Row:
    return Row(topic, label, tuple(cell(ranked) for ranked in options), note)


def _fact(result: Recommendation, name: str) -> Callable[[Ranked], str]:
    return lambda ranked: result.explainer.fact_read(ranked.position, name).words


def _general(result: Recommendation, options: Sequence[Ranked]) -> list[Row]:
    def licence(ranked: Ranked) -> str:
        item = result.library.catalogue.licences[ranked.option.model.licence]
        return f"{item.name}. {item.summary}"

    def standing(ranked: Ranked) -> str:
        return STANDING_WORDS[ranked.standing].capitalize()

    def why(ranked: Ranked) -> str:
        if ranked.standing == "excluded":
            return excluded_words(result, ranked)
        if ranked.standing == "unconfirmed":
            return f"{len(result.requests(ranked))} questions are open"
        return f"{len(result.obligations(ranked))} obligations are open"

    return [
        _row("Standing", "For your answers", options, standing),
        _row("Standing", "Because", options, why),
        _row("What it is", "Way of running", options, lambda r: MODE_WORDS[r.option.mode]),
        _row("What it is", "Licence", options, licence),
        _row("What it is", "Longest input", options, _fact(result, "option.context_tokens"), "Sources that differ give a range."),
    ]


def _quality(result: Recommendation, options: Sequence[Ranked]) -> list[Row]:
    catalogue = result.library.catalogue
    rows = [_row("Quality", "Quality for your tasks", options, _overall, "From 0 to 100 on a fixed scale; the range is what is not known.")]
    for benchmark in catalogue.benchmarks.values():
        claims = [all_claims(r.option.model, benchmark.id, catalogue.sources[r.option.model.id]) for r in options]
        if sum(bool(c) for c in claims) > 1:
            cells = tuple(_score(benchmark.id, r.option.model, c, result) for r, c in zip(options, claims, strict=True))
            rows.append(Row("Quality", benchmark.name, cells, benchmark.why))
    return rows


def _overall(ranked: Ranked) -> str:
    q = ranked.quality
    return "not known" if q.expected is None else f"{q.expected:.0f} ({q.low:.0f} to {q.high:.0f})"


def _score(benchmark: str, model: ModelFile, claims: Sequence[Claim], result: Recommendation) -> str:
    """The result that counts, then what others say; results that do not count are shown as such."""
    best = counted(claims, result.as_of, result.figures)
    record = settled_score(model, benchmark, best, result.as_of, result.figures)
    if record:
        best = Claim(record.value, record.cited, "primary")
    others = [c for c in claims if c is not best and not c.scope]
    said = "; ".join(f"{_figure(c)} ({c.source})" for c in others[:3])
    more = f"; {len(others) - 3} more" if len(others) > 3 else ""
    if best is None:
        return f"no result that counts; claimed: {said}{more}" if others else "no result"
    return f"{_figure(best)} ({best.source})" + (f"; also claimed: {said}{more}" if others else "")


def _figure(claim: Claim) -> str:
    return f"{float(str(claim.value)):g}"


def _money(options: Sequence[Ranked]) -> list[Row]:
    def list_price(ranked: Ranked) -> str:
        return price_words(ranked.option.prices) if ranked.option.prices else "weights free; machines and people are not"

    def monthly(ranked: Ranked) -> str:
        return ranked.cost.words

    def notes(ranked: Ranked) -> str:
        return " ".join(ranked.cost.notes) or "–"

    return [
        _row("Price", "List price", options, list_price, "US dollars per million tokens, input / output."),
        _row("Price", "Cost a month for your load", options, monthly),
        _row("Price", "What it rests on", options, notes),
    ]


def price_words(prices: Prices) -> str:
    """The list price for input and output, with its range where sources differ."""
    parts = []
    for name in ("input_usd_per_mtok", "output_usd_per_mtok"):
        price = prices.price(name)
        if price is None:
            parts.append("not stated")
            continue
        r = price.range
        span = f" ({r.low.normalize():f} to {r.high.normalize():f})" if r.low != r.high else ""
        parts.append(f"{r.expected.normalize():f}{span}")
    return " / ".join(parts)


def _privacy(result: Recommendation, options: Sequence[Ranked]) -> list[Row]:
    return [_row("Privacy", label, options, _fact(result, name)) for label, name in PRIVACY_FACTS]


def _operations(result: Recommendation, options: Sequence[Ranked]) -> list[Row]:
    def runs(ranked: Ranked) -> str:
        if ranked.option.deployment:
            return f"Your team runs {ranked.option.deployment.machine.words}: servers, updates, monitoring, on call"
        return "The host runs it; your team connects to a service"

    def leave(ranked: Ranked) -> str:
        if ranked.option.model.open_weights == "no":
            return "Only this developer decides on price, availability and the end of the model"
        return "The same weights can be had from other hosts or run by you"

    return [_row("Operations", "What you run", options, runs), _row("Operations", "Leaving", options, leave)]


def _choose(ranked: Ranked, options: Sequence[Ranked]) -> str:
    """When to choose an option, from what sets it apart from the others here."""
    strengths = []
    for name, words in STRENGTHS:
        values = [r.worth[name].value for r in options]
        if ranked.worth[name].value == max(values) and values.count(max(values)) < len(values):
            strengths.append(words)
    if ranked.standing == "excluded":
        return "Not for these answers: it is ruled out."
    if not strengths:
        return "Choose it where the others are ruled out; none of the criteria speaks for it here."
    return f"Choose it when {' and '.join(strengths)}."


def option_label(option: Option) -> str:
    """A short heading for a column."""
    return f"{option.model.name}: {MODE_WORDS[option.mode]}"
