"""
Results as text for a terminal. Plain lines, no colour needed to understand them.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.catalogue.claims import Claim
from advisor.catalogue.options import Option
from advisor.comparison import Comparison, option_label
from advisor.cost.lines import spread
from advisor.cost_text import line_bullets
from advisor.export import digests, overridden, waivers
from advisor.findings import Finding
from advisor.library import Library
from advisor.lines import bullet, section, wrapped
from advisor.questions import Question
from advisor.recommendation import Obligation, Ranked, Recommendation, folded
from advisor.rulebook.rule import VERDICT_WORDS, Verdict
from advisor.vocabulary import Vocabulary
from advisor.wording import (
    MODE_WORDS,
    NOT_LEGAL_ADVICE,
    STANDING_WORDS,
    checked_words,
    excluded_words,
    headline,
    margin_words,
    reasons,
    short_cite,
    weights_words,
)


def recommendation(result: Recommendation, everything: bool = False) -> str:
    """The whole result for a reader at a terminal."""
    lines = [wrapped(headline(result)), ""]
    lines += [bullet(_with_rules(r.text, r.rules)) for r in reasons(result)]
    best = result.best
    lead = best or (result.nearest[0] if result.nearest else None)
    if lead:
        title = "What is open for it" if best else f"What must be done once {lead.option.name} is confirmed"
        lines += section(title, [bullet(_duty(o)) for o in result.obligations(lead)])
        lines += section("Cautions", [bullet(f"{f.reason} [{f.rule.id}]") for f in result.cautions(lead)])
    lines += section("Whatever you choose", _duties(result))
    lines += section("Waivers", _waivers(result))
    if best:
        lines += section("Cost a month", line_bullets(best.cost))
    lines += section("May be used, best first", [_row(n, r) for n, r in enumerate(result.shortlist, 1)])
    lines += section("Cannot be confirmed yet, nearest first", [x for r in result.nearest[:5] for x in _nearest(result, r)])
    lines += section("Ruled out", _excluded(result))
    lines += section(
        "Answers that would settle something",
        [bullet(f"{q.title} ({q.key}; {q.options} options wait for it)") for q in result.open_questions],
    )
    if everything:
        lines += section("Every option", [f"  {r.standing:<12} {r.option.id}" for r in result.all])
    counts = result.counts
    lines += ["", wrapped(weights_words(result)), wrapped(margin_words(result.shortlist)) if best else ""]
    lines.append(
        wrapped(
            f"{counts['options']} options: {counts['eligible']} eligible, {counts['conditional']} conditional, "
            f"{counts['unconfirmed']} unconfirmed, {counts['excluded']} excluded."
        )
    )
    lines += ["", *_record(result), "", wrapped(NOT_LEGAL_ADVICE)]
    return "\n".join(line for n, line in enumerate(lines) if line or n == 0 or lines[n - 1])


def _duty(item: Obligation) -> str:
    return f"{item.text} [{item.rule.id}]" if item.rule else item.text


def _duties(result: Recommendation) -> list[str]:
    """What the law leaves to a person; of what may apply only the number."""
    lines = [bullet(f"{d.manual.words} [{short_cite(d.manual.source.cite)}]") for d in result.duties if d.sure]
    rest = sum(not d.sure for d in result.duties)
    more = f"{rest} more may apply; it depends on answers that are not known. They stand in the JSON and in the memo."
    return [*lines, *([bullet(more)] if rest else [])]


def _waivers(result: Recommendation) -> list[str]:
    found = []
    for item in waivers(result):
        state = f"void, {item['void_because']}" if item["void_because"] else f"live until {item['expires']}, by {item['approver']}"
        found.append(bullet(f"{item['id']}{' for ' + item['rule'] if 'rule' in item else ''}: {state}"))
    return found


def _with_rules(text: str, rules: Sequence[str]) -> str:
    return f"{text} [{', '.join(rules[:3])}{', …' if len(rules) > 3 else ''}]" if rules else text


def _record(result: Recommendation) -> list[str]:
    names = digests(result)
    known = f"As of {result.as_of}, as known on {result.library.catalogue_date}; figures: {result.figures}."
    own = overridden(result)
    replaced = [wrapped(f"Your own rules and data replace the shipped {', '.join(own)}.")] if own else []
    return [known, *(f"{name:<10} {value}" for name, value in names.items()), *replaced]


def _row(number: int, ranked: Ranked) -> str:
    cost = f"{spread(ranked.cost.usd)} a month" if ranked.cost.usd else "cost not known"
    head = f"{number:>3}. {ranked.option.name}"
    detail = f"{STANDING_WORDS[ranked.standing]}; {MODE_WORDS[ranked.option.mode]}; {cost}; {ranked.score * 100:.0f} of 100 points"
    return f"{wrapped(head, 2, 7)}\n{wrapped(detail, 7)}\n       {ranked.option.id}"


def _nearest(result: Recommendation, ranked: Ranked) -> list[str]:
    questions = result.requests(ranked)
    lines = [wrapped(f"- {ranked.option.name} ({ranked.option.id})", 2, 4)]
    return [*lines, *(wrapped(f"? {q.question} ({q.who}) [{', '.join(q.rules[:2])}]", 6, 8) for q in questions[:4])]


def _excluded(result: Recommendation) -> list[str]:
    lines = [
        bullet(f"{count:>4} {'option' if count == 1 else 'options'} by {rule.id}: {rule.title}")
        for rule, count in result.excluding_rules()[:8]
    ]
    examples = [bullet(f"{r.option.name}: {excluded_words(result, r)}") for r in folded(result.excluded)[:5]]
    return [*lines, *(["  For example:"] if examples else []), *examples]


def why(result: Recommendation, ranked: Ranked) -> str:
    """Every finding of one option."""
    lines = [wrapped(f"{ranked.option.name}: {STANDING_WORDS[ranked.standing]}."), ranked.option.id]
    findings = result.findings(ranked)
    order: tuple[Verdict, ...] = ("breaches", "unknown", "waived", "complies", "not_in_force")
    for verdict in order:
        group = [f for f in findings if f.verdict == verdict]
        lines += section(f"{VERDICT_WORDS[verdict].capitalize()} ({len(group)})", [x for f in group for x in _finding(f)]) if group else []
    lines += section("Open obligations", [bullet(_duty(o)) for o in result.obligations(ranked)])
    lines += section("What would settle the open rules", [bullet(f"{q.question} (ask {q.who})") for q in result.requests(ranked)])
    lines += section("Cost a month", line_bullets(ranked.cost))
    return "\n".join([*lines, "", wrapped(NOT_LEGAL_ADVICE)])


def _finding(item: Finding) -> list[str]:
    lines = [wrapped(f"{item.rule.id} ({item.rule.effect}): {item.rule.title}", 2, 4), wrapped(item.reason, 4)]
    lines.append(wrapped(f"Source: {item.source.cite} {item.source.url} ({checked_words(item.source)})", 4, 6))
    for read in item.facts:
        sources = "; ".join(_claimed(c) for c in read.claims[:4])
        more = f"; {len(read.claims) - 4} more" if len(read.claims) > 4 else ""
        lines.append(wrapped(f"· {read.fact.name}: {read.words}{read.flag}{' – ' + sources + more if sources else ''}", 4, 6))
    return lines


def _claimed(claim: Claim) -> str:
    if not claim.as_of and claim.grade == "primary" and not claim.url:  # an answer, or true by the way the option is built
        return f"{claim.source}: {_stated(claim)}"
    return f"{claim.source}{', ' + claim.as_of if claim.as_of else ''} [{claim.grade}]: {_stated(claim)}"


def _stated(claim: Claim) -> str:
    """What a claim says: for a set, of which member."""
    return f"{claim.member} {_plain(claim.value)}" if claim.member else _plain(claim.value)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def comparison(item: Comparison) -> str:
    """Options side by side, one after another for each topic."""
    lines: list[str] = []
    for number, ranked in enumerate(item.options):
        lines.append(wrapped(f"{chr(65 + number)} = {ranked.option.name} ({ranked.option.id})", 0, 4))
    topic = ""
    for row in item.rows:
        if row.topic != topic:
            topic = row.topic
            lines += ["", topic, "-" * len(topic)]
        lines.append(f"  {row.label}" + (f"  ({row.note})" if row.note and len(row.note) < 70 else ""))
        lines += [wrapped(f"{chr(65 + n)}: {cell}", 4, 7) for n, cell in enumerate(row.cells)]
    lines += section("Choose", [wrapped(f"{option_label(r.option)}: {c}", 2, 4) for r, c in zip(item.options, item.choose, strict=True)])
    return "\n".join(lines)


# ---------------------------------------------------------------------- catalogue and questions
def option_list(options: Sequence[Option], lib: Library) -> str:
    lines = [f"{o.id:<70} {MODE_WORDS[o.mode]}" for o in options]
    return "\n".join([*lines, "", f"{len(options)} options, as known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}"])


def questions(items: Sequence[Question], vocabulary: Vocabulary) -> str:
    """The questionnaire with its keys and values."""
    lines: list[str] = []
    for question in items:
        lines += [
            "",
            wrapped(question.title),
            *([wrapped(question.hint, 2)] if question.hint else []),
            wrapped(f"Why: {question.why}", 2),
        ]
        for item in question.fields:
            fact = vocabulary.facts[f"use.{item.key}"]
            values = ", ".join(o.value for o in item.options) or f"{fact.kind}{' of ' + fact.domain if fact.domain else ''}"
            shown = f"number of {fact.unit}" if fact.kind == "number" else values
            lines.append(wrapped(f"{item.key}: {shown}", 4, 6))
    return "\n".join(lines).lstrip("\n")
