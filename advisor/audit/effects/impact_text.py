"""
The impact of a change, as text for people and as data for machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from advisor.audit.effects.impact import KIND_WORDS, SHOWN_FLIPS, SHOWN_OPTIONS, CaseImpact, Change, Effects, Impact, OptionImpact
from advisor.rulebook.rule import Effect

MARGIN = "  "
OPTIONS_OF_A_CASE = 3
OPTIONS_OF_A_RULE = 5

LIMITS = (
    "The cases are drawn to show what can happen; how often they occur in the world is not known. "
    "Both sides are tried on the same answers and the same options, those of the newer catalogue; each reads them with its own lists of "
    "countries. An answer or a fact that one side does not know counts there as not stated."
)
EFFECT_NOTES: dict[Effect, str] = {
    "advise": "a caution: it never changes whether an option may be used",
    "weigh": "it gives points: it can change which option leads, never whether one may be used",
}


@dataclass(frozen=True)
class Tried:
    """What the change was tried on."""

    old: str
    new: str
    written: int
    """Cases from files."""
    drawn: int
    """Answer sets of the population."""
    seed: int


def text(impact: Impact, tried: Tried, show: int) -> str:
    """All as text; `show` cases for each rule."""
    return "\n".join(_lines(impact, tried, show))


def _lines(impact: Impact, tried: Tried, show: int) -> Iterator[str]:
    yield f"From {tried.old} to {tried.new}, on {impact.as_of}: {_count(len(impact.rules), 'rule')} changed."
    yield (
        f"Tried on {_count(impact.cases, 'case')} and up to {_count(impact.options, 'option')} each ({impact.pairs:,} pairs): "
        f"{tried.written:,} from files, {tried.drawn:,} drawn with seed {tried.seed}."
    )
    if not impact.rules:
        yield "No rule judges otherwise, so nothing can turn out otherwise."
        return
    if len(impact.rules) > 1:
        yield ""
        yield "All changes together"
        yield from _effects(impact.together, show)
    touched = [item for item in impact.rules if item.effects.cases]
    for item in touched:
        yield ""
        yield f"{item.change.rule} ({item.change.effect}; {KIND_WORDS[item.change.kind]}), alone"
        yield f"{MARGIN}{item.change.title}"
        yield from _effects(item.effects, show)
    quiet = [item.change for item in impact.rules if not item.effects.cases]
    if quiet:
        yield ""
        yield "Without effect on any of these cases, each alone:"
        for change in quiet:
            yield f"{MARGIN}{change.rule} ({change.effect}; {KIND_WORDS[change.kind]}){_why(change, impact)}"
    yield ""
    yield LIMITS


def _why(change: Change, impact: Impact) -> str:
    if not change.in_force:
        return f": not in force on {impact.as_of} on either side"
    return f": {EFFECT_NOTES[change.effect]}" if change.effect in EFFECT_NOTES else ""


def _effects(effects: Effects, show: int) -> Iterator[str]:
    if not effects.cases:
        yield f"{MARGIN}Nothing turns out otherwise."
        return
    yield f"{MARGIN}Otherwise in {_count(effects.cases, 'case')}; in {effects.recommendations:,} of them another option leads, or none."
    if effects.standings:
        yield (
            f"{MARGIN}Options with another standing, over all cases: {effects.standings:,}; {effects.gained:,} may be used now, "
            f"{effects.lost:,} may no longer be used."
        )
        yield f"{MARGIN}{MARGIN}{'; '.join(f'{old} → {new}: {count:,}' for old, new, count in effects.moves)}"
        yield f"{MARGIN}Options that change in most cases, of {effects.options_total:,}:"
        for option in effects.options[:OPTIONS_OF_A_RULE]:
            yield f"{MARGIN}{MARGIN}{_option(option)}"
    shown = effects.examples[:show]
    if shown:
        yield f"{MARGIN}Cases that show it best, {len(shown):,} of {effects.cases:,}:"
    for case in shown:
        yield from _case(case)


def _option(item: OptionImpact) -> str:
    parts = [
        f"may be used now in {item.gained:,}" if item.gained else "",
        f"may no longer be used in {item.lost:,}" if item.lost else "",
        f"other standing in {other:,}" if (other := item.total - item.lost - item.gained) else "",
    ]
    return f"{item.option}: {', '.join(part for part in parts if part)}"


def _case(case: CaseImpact) -> Iterator[str]:
    yield f"{MARGIN}{MARGIN}{case.case}: {case.words}"
    inner = MARGIN * 3
    if case.recommendation_flips:
        yield f"{inner}leads: {case.old_recommended or 'nothing'} → {case.new_recommended or 'nothing'}"
    else:
        yield f"{inner}leads as before: {case.old_recommended or 'nothing'}"
    for flip in case.flips[:OPTIONS_OF_A_CASE]:
        yield f"{inner}{flip.option}: {flip.old} → {flip.new}"
    if case.total > OPTIONS_OF_A_CASE:
        yield f"{inner}and {_count(case.total - OPTIONS_OF_A_CASE, 'more option')}"


def json(impact: Impact, tried: Tried, kept: int) -> dict[str, object]:
    """All as plain data. `kept`: the most example cases there are for each rule; the counts are complete."""
    return {
        "schema": "rules-impact/1", "old": tried.old, "new": tried.new, "as_of": str(impact.as_of),
        "cases": {"all": impact.cases, "from_files": tried.written, "population": tried.drawn, "seed": tried.seed},
        "options": impact.options, "pairs": impact.pairs,
        "limits": {"cases_of_a_rule": kept, "options_of_a_case": SHOWN_FLIPS, "options_of_a_rule": SHOWN_OPTIONS},
        "together": _effects_json(impact.together),
        "rules": [{**asdict(item.change), "effects": _effects_json(item.effects)} for item in impact.rules],
        "note": LIMITS,
    }  # fmt: skip


def _effects_json(effects: Effects) -> dict[str, object]:
    return {
        **asdict(effects),
        "moves": [{"old": old, "new": new, "count": count} for old, new, count in effects.moves],
        "examples": [{**asdict(case), "recommendation_flips": case.recommendation_flips} for case in effects.examples],
    }


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
