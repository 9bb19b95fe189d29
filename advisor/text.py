"""
Results as text for a terminal. Plain lines, no colour needed to understand them.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from datetime import date

from advisor.catalogue.claims import Claim
from advisor.catalogue.options import Option
from advisor.comparison import Comparison, option_label
from advisor.cost.lines import dollars, money, spread
from advisor.export import digests
from advisor.findings import Finding
from advisor.library import Library
from advisor.questions import Question
from advisor.recommendation import Obligation, Ranked, Recommendation, folded
from advisor.rulebook.condition import ALWAYS
from advisor.rulebook.english import English
from advisor.rulebook.rule import NOT_REVIEWED, VERDICT_WORDS, Rule, Verdict
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
    weights_words,
)

WIDTH = 100


def _wrapped(text: str, indent: int = 0, hang: int | None = None) -> str:
    first, rest = " " * indent, " " * (indent if hang is None else hang)
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _bullet(text: str, indent: int = 2) -> str:
    return _wrapped(f"- {text}", indent, indent + 2)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, "-" * len(title), *lines] if lines else []


def recommendation(result: Recommendation, everything: bool = False) -> str:
    """The whole result for a reader at a terminal."""
    lines = [_wrapped(headline(result)), ""]
    lines += [_bullet(_with_rules(r.text, r.rules)) for r in reasons(result)]
    best = result.best
    lead = best or (result.nearest[0] if result.nearest else None)
    if lead:
        title = "What is open for it" if best else f"What must be done once {lead.option.name} is confirmed"
        lines += _section(title, [_bullet(_duty(o)) for o in result.obligations(lead)])
        lines += _section("Cautions", [_bullet(f"{f.reason} [{f.rule.id}]") for f in result.cautions(lead)])
    if best:
        lines += _section("Cost a month", _cost_lines(best))
    lines += _section("May be used, best first", [_row(n, r) for n, r in enumerate(result.shortlist, 1)])
    lines += _section("Cannot be confirmed yet, nearest first", [x for r in result.nearest[:5] for x in _nearest(result, r)])
    lines += _section("Ruled out", _excluded(result))
    lines += _section(
        "Answers that would settle something",
        [_bullet(f"{q.title} ({q.key}; {q.options} options wait for it)") for q in result.open_questions],
    )
    if everything:
        lines += _section("Every option", [f"  {r.standing:<12} {r.option.id}" for r in result.all])
    counts = result.counts
    lines += ["", _wrapped(weights_words(result)), _wrapped(margin_words(result.shortlist)) if best else ""]
    lines.append(
        _wrapped(
            f"{counts['options']} options: {counts['eligible']} eligible, {counts['conditional']} conditional, "
            f"{counts['unconfirmed']} unconfirmed, {counts['excluded']} excluded."
        )
    )
    lines += ["", *_record(result), "", _wrapped(NOT_LEGAL_ADVICE)]
    return "\n".join(line for n, line in enumerate(lines) if line or n == 0 or lines[n - 1])


def _duty(item: Obligation) -> str:
    return f"{item.text} [{item.rule.id}]" if item.rule else item.text


def _with_rules(text: str, rules: Sequence[str]) -> str:
    return f"{text} [{', '.join(rules[:3])}{', …' if len(rules) > 3 else ''}]" if rules else text


def _record(result: Recommendation) -> list[str]:
    names = digests(result)
    known = f"As of {result.as_of}, as known on {result.library.catalogue_date}; figures: {result.figures}."
    return [known, *(f"{name:<10} {value}" for name, value in names.items())]


def _row(number: int, ranked: Ranked) -> str:
    cost = f"{spread(ranked.cost.usd)} a month" if ranked.cost.usd else "cost not known"
    head = f"{number:>3}. {ranked.option.name}"
    detail = f"{STANDING_WORDS[ranked.standing]}; {MODE_WORDS[ranked.option.mode]}; {cost}; {ranked.score * 100:.0f} of 100 points"
    return f"{_wrapped(head, 2, 7)}\n{_wrapped(detail, 7)}\n       {ranked.option.id}"


def _cost_lines(ranked: Ranked) -> list[str]:
    if ranked.cost.usd is None:
        return [_bullet(f"Not known: {ranked.cost.missing}.")]
    lines = [_bullet(f"{x.label}: {spread(x.usd)} = {x.formula} ({x.source})") for x in ranked.cost.lines]
    return [*lines, _bullet(f"Together: {spread(ranked.cost.usd)}"), *(_bullet(note) for note in ranked.cost.notes)]


def _nearest(result: Recommendation, ranked: Ranked) -> list[str]:
    questions = result.requests(ranked)
    lines = [_wrapped(f"- {ranked.option.name} ({ranked.option.id})", 2, 4)]
    return [*lines, *(_wrapped(f"? {q.question} ({q.who}) [{', '.join(q.rules[:2])}]", 6, 8) for q in questions[:4])]


def _excluded(result: Recommendation) -> list[str]:
    lines = [
        _bullet(f"{count:>4} {'option' if count == 1 else 'options'} by {rule.id}: {rule.title}")
        for rule, count in result.excluding_rules()[:8]
    ]
    examples = [_bullet(f"{r.option.name}: {excluded_words(result, r)}") for r in folded(result.excluded)[:5]]
    return [*lines, *(["  For example:"] if examples else []), *examples]


def why(result: Recommendation, ranked: Ranked) -> str:
    """Every finding of one option."""
    lines = [_wrapped(f"{ranked.option.name}: {STANDING_WORDS[ranked.standing]}."), ranked.option.id]
    findings = result.findings(ranked)
    order: tuple[Verdict, ...] = ("breaches", "unknown", "waived", "complies", "not_in_force")
    for verdict in order:
        group = [f for f in findings if f.verdict == verdict]
        lines += _section(f"{VERDICT_WORDS[verdict].capitalize()} ({len(group)})", [x for f in group for x in _finding(f)]) if group else []
    lines += _section("Open obligations", [_bullet(_duty(o)) for o in result.obligations(ranked)])
    lines += _section("What would settle the open rules", [_bullet(f"{q.question} (ask {q.who})") for q in result.requests(ranked)])
    lines += _section("Cost a month", _cost_lines(ranked))
    return "\n".join([*lines, "", _wrapped(NOT_LEGAL_ADVICE)])


def _finding(item: Finding) -> list[str]:
    lines = [_wrapped(f"{item.rule.id} ({item.rule.effect}): {item.rule.title}", 2, 4), _wrapped(item.reason, 4)]
    lines.append(_wrapped(f"Source: {item.source.cite} {item.source.url} ({checked_words(item.source)})", 4, 6))
    for read in item.facts:
        sources = "; ".join(_claimed(c) for c in read.claims[:4])
        more = f"; {len(read.claims) - 4} more" if len(read.claims) > 4 else ""
        flag = " (sources differ)" if read.disputed else ""
        lines.append(_wrapped(f"· {read.fact.name}: {read.words}{flag}{' – ' + sources + more if sources else ''}", 4, 6))
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
        lines.append(_wrapped(f"{chr(65 + number)} = {ranked.option.name} ({ranked.option.id})", 0, 4))
    topic = ""
    for row in item.rows:
        if row.topic != topic:
            topic = row.topic
            lines += ["", topic, "-" * len(topic)]
        lines.append(f"  {row.label}" + (f"  ({row.note})" if row.note and len(row.note) < 70 else ""))
        lines += [_wrapped(f"{chr(65 + n)}: {cell}", 4, 7) for n, cell in enumerate(row.cells)]
    lines += _section("Choose", [_wrapped(f"{option_label(r.option)}: {c}", 2, 4) for r, c in zip(item.options, item.choose, strict=True)])
    return "\n".join(lines)


def costs(shown: Sequence[Ranked]) -> str:
    lines: list[str] = []
    for ranked in shown:
        lines += [
            "",
            _wrapped(f"{ranked.option.name} ({STANDING_WORDS[ranked.standing]})", 0, 2),
            f"  {ranked.option.id}",
            *_cost_lines(ranked),
        ]
    return "\n".join(lines).lstrip("\n") or "No option to show costs for."


def costs_csv(shown: Sequence[Ranked]) -> str:
    """Cost lines as CSV; cells that a spreadsheet could take for a formula are quoted with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        ["option", "standing", "line", "low_usd_per_month", "expected_usd_per_month", "high_usd_per_month", "formula", "source"]
    )
    for ranked in shown:
        for x in ranked.cost.lines:
            row = [
                ranked.option.id,
                ranked.standing,
                x.label,
                money(x.usd.low),
                money(x.usd.expected),
                money(x.usd.high),
                x.formula,
                x.source,
            ]
            writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" else cell for cell in row])
    return buffer.getvalue()


# ---------------------------------------------------------------------- rules and catalogue
def rule_list(rules: Sequence[Rule], as_of: date) -> str:
    lines = []
    for rule in rules:
        arm = rule.arm(as_of)
        state = (
            "in force" if arm else f"not in force; begins {rule.next_change(as_of)}" if rule.next_change(as_of) else "no longer in force"
        )
        source = (arm or rule.arms[0]).source
        lines += [
            f"{rule.id}  [{rule.effect}, {state}]",
            _wrapped(rule.title, 4),
            _wrapped(f"{source.cite} ({checked_words(source)})", 4, 6),
        ]
    return "\n".join([*lines, "", _reviewed(rules)])


def _reviewed(rules: Sequence[Rule]) -> str:
    waiting = sum(rule.review == NOT_REVIEWED for rule in rules)
    state = "none has been reviewed by a lawyer yet" if waiting == len(rules) else f"{waiting} not yet reviewed by a lawyer"
    return f"{len(rules)} rules; {state}."


def rule_page(rule: Rule, vocabulary: Vocabulary, as_of: date) -> str:
    """One rule in plain English."""
    english = English(vocabulary)
    lines = [_wrapped(rule.title), f"{rule.id}  [{rule.effect}]  {rule.path}", f"Review: {rule.review}"]
    for arm in rule.arms:
        span = f"from {arm.since or 'the beginning'}" + (f" until {arm.until}" if arm.until else "")
        now = " (in force)" if arm.in_force(as_of) else ""
        body = [_wrapped(f"Source: {arm.source.cite} {arm.source.url} ({checked_words(arm.source)})", 2, 4)]
        body += [_wrapped(f"Note: {arm.source.note}", 2, 4)] if arm.source.note else []
        body += ["  Applies when:", *_outline(english.outline(arm.applies))]
        if rule.effect == "weigh":
            body.append("  Points: " + ", ".join(f"{name} {points:+d}" for name, points in arm.points.items()))
        else:
            body += ["  Requires:", *_outline(english.outline(arm.requires))]
        lines += _section(f"In force {span}{now}", body)
    for exception in rule.all_exceptions():
        source = _wrapped(f"Source: {exception.source.cite} ({checked_words(exception.source)})", 2, 4)
        lines += _section(f"Exception: {exception.title}", [*_outline(english.outline(exception.when)), source])
    if rule.reason:
        lines += _section("When it is breached", [_wrapped(rule.reason, 2), _wrapped(f"Next move: {rule.remedy}", 2, 4)])
    if rule.obligation:
        when = ["  Arises when:", *_outline(english.outline(rule.obligation.when))] if rule.obligation.when != ALWAYS else []
        lines += _section("Duty that stands when it is met", [_wrapped(rule.obligation.text, 2), *when])
    lines += _section("Examples", [f"  {VERDICT_WORDS[e.verdict]:<18} {e.name}" for e in rule.all_examples()])
    return "\n".join(lines)


def _outline(lines: Sequence[tuple[int, str]]) -> list[str]:
    return [_wrapped(f"- {text}", 4 + 2 * depth, 6 + 2 * depth) for depth, text in lines]


def option_list(options: Sequence[Option], lib: Library) -> str:
    lines = [f"{o.id:<70} {MODE_WORDS[o.mode]}" for o in options]
    return "\n".join([*lines, "", f"{len(options)} options, as known on {lib.catalogue_date}, catalogue {lib.catalogue_digest[:12]}"])


def option_page(option: Option, vocabulary: Vocabulary) -> str:
    """Every fact of one option with all its claims."""
    english = English(vocabulary)
    lines = [option.name, option.id]
    for name, known in option.facts.items():
        fact = vocabulary.facts[name]
        flag = "  (sources differ)" if known.disputed else f"  (settled by {known.settled})" if known.settled else ""
        lines += ["", _wrapped(f"{fact.key}: {english.value(fact, known.possible)}{flag}", 0, 2)]
        lines += [
            _wrapped(f"- {_stated(c)}: {c.source}, {c.as_of or 'undated'} [{c.grade}] {c.scope} {c.url} {c.note}".rstrip(), 2, 4)
            for c in known.claims
        ]
    if option.prices:
        lines += ["", "prices, US dollars per million tokens"]
        for name, price in option.prices.classes.items():
            lines.append(f"  {name}: {dollars(price.range.expected)} ({dollars(price.range.low)} to {dollars(price.range.high)})")
            lines += [
                _wrapped(f"- {_plain(c.value)}: {c.source}, {c.as_of or 'undated'} [{c.grade}] {c.scope}".rstrip(), 4, 6)
                for c in price.claims
            ]
    return "\n".join(lines)


def questions(items: Sequence[Question], vocabulary: Vocabulary) -> str:
    """The questionnaire with its keys and values."""
    lines: list[str] = []
    for question in items:
        lines += [
            "",
            _wrapped(question.title),
            *([_wrapped(question.hint, 2)] if question.hint else []),
            _wrapped(f"Why: {question.why}", 2),
        ]
        for item in question.fields:
            fact = vocabulary.facts[f"use.{item.key}"]
            values = ", ".join(o.value for o in item.options) or f"{fact.kind}{' of ' + fact.domain if fact.domain else ''}"
            shown = f"number of {fact.unit}" if fact.kind == "number" else values
            lines.append(_wrapped(f"{item.key}: {shown}", 4, 6))
    return "\n".join(lines).lstrip("\n")
