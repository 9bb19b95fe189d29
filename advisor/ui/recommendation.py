"""
Recommendation: the verdict, what it rests on, what it costs, what is open, what was ruled out.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.recommendation import Ranked, Recommendation, folded
from advisor.ui import costs, duties, evidence, frame, navigation, option_card, unconfirmed
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus
from advisor.wording import NOT_LEGAL_ADVICE, Reason, excluded_words, headline, margin_words, reasons, weights_words

RULES_SHOWN, EXAMPLES_SHOWN, RULES_NAMED = 12, 6, 3


def page() -> None:
    frame.heading(Focus("recommendation", "Recommendation"), layout="wide")
    verdict = st.container()
    result = frame.result()
    if result is None:
        return
    with verdict:
        _verdict(result)
    match result.outcome:
        case "recommended" | "conditional":
            _recommended(result)
        case "unconfirmed-only":
            _unconfirmed_only(result)
        case "none":
            _none(result)
    duties.whatever_is_chosen(result)
    duties.waivers(result)
    if result.outcome != "none":
        _order(result)
    _next()
    frame.save()
    frame.record(result)


def _verdict(result: Recommendation) -> None:
    st.header(plain(headline(result)), anchor=False)
    counts = result.counts
    st.markdown(
        plain(
            f"Of {counts['options']} options, {counts['eligible']} may be used as they are, {counts['conditional']} once open obligations "
            f"are met, {counts['unconfirmed']} cannot be confirmed yet, and {counts['excluded']} are ruled out."
        )
    )
    st.markdown(plain(NOT_LEGAL_ADVICE))


def _recommended(result: Recommendation) -> None:
    best = result.shortlist[0]
    option_card.card(result, best)
    _reasons(result, best)
    _to_do(result, best, "What is open for it")
    frame.section("Cost a month")
    costs.lines(best.cost)
    others = result.shortlist[1:]
    if others:
        frame.section("Runners-up")
        option_card.table("Other options that may be used, best first", others, first=2)
    if result.nearest:
        frame.section("Cannot be confirmed yet, nearest first")
        unconfirmed.nearest(result, result.nearest)
        unconfirmed.own_questions(result)
    _ruled_out(result)


def _unconfirmed_only(result: Recommendation) -> None:
    nearest = result.nearest[0]
    option_card.card(result, nearest)
    frame.section("What would settle it")
    unconfirmed.missing(result, nearest)
    unconfirmed.own_questions(result)
    others = result.nearest[1:]
    if others:
        frame.section("The next nearest")
        option_card.table("Options that cannot be confirmed yet, nearest first", others, first=2)
        unconfirmed.nearest(result, others)
    _reasons(result, nearest)
    _to_do(result, nearest, "What else would be open for it")
    frame.section("Cost a month")
    costs.lines(nearest.cost)
    _ruled_out(result)


def _none(result: Recommendation) -> None:
    st.markdown("Rules of “your organisation” come from your own answers. Those you can change; the others you cannot.")
    _ruled_out(result)
    _reasons(result, None)


def _reasons(result: Recommendation, lead: Ranked | None) -> None:
    frame.section("Why")
    st.caption(frame.NEW_TAB)
    for number, reason in enumerate(reasons(result), 1):
        with st.container(gap="xsmall"):
            st.markdown(f"{number}\\. {plain(reason.text)}{_rule_ids(reason)}")
            _rests_on(result, lead, reason, number)


def _rule_ids(reason: Reason) -> str:
    """The rules of a reason by id, the first few as links."""
    if not reason.rules:
        return ""
    named = ", ".join(map(navigation.rule_link, reason.rules[:RULES_NAMED]))
    more = f" and {len(reason.rules) - RULES_NAMED} more" if len(reason.rules) > RULES_NAMED else ""
    return f" ({named}{more})"


def _rests_on(result: Recommendation, lead: Ranked | None, reason: Reason, number: int) -> None:
    """Rules and facts behind a reason, each with its source."""
    rules = [result.library.rulebook.rules[r] for r in reason.rules if r in result.library.rulebook.rules]
    facts = evidence.reads(result, lead.position, reason.facts) if lead else []
    if rules or facts:
        with st.expander(f"Sources of reason {number}"):
            if rules:
                st.markdown(bullets(evidence.rule_lines(rules, result.as_of)))
            evidence.facts_table(facts, result.library.vocabulary, f"Facts behind reason {number}, with their sources")


def _to_do(result: Recommendation, lead: Ranked, title: str) -> None:
    obligations, cautions = result.obligations(lead), result.cautions(lead)
    frame.section(title)
    if obligations:
        st.markdown(bullets(_obligation(o.text, o.rule.id if o.rule else "", o.who) for o in obligations))
    else:
        st.markdown("No obligation is open.")
    if cautions:
        frame.section("Cautions")
        st.markdown(bullets(f"{plain(f.reason)} ({navigation.rule_link(f.rule.id)})" for f in cautions))


def _obligation(text: str, rule: str, who: str) -> str:
    by = f" To be done with {plain(who)}." if who else ""
    return f"{plain(text)}{by}" + (f" ({navigation.rule_link(rule)})" if rule else "")


def _ruled_out(result: Recommendation) -> None:
    rules = result.excluding_rules()
    if not rules:
        return
    frame.section("Ruled out")
    st.markdown(f"{result.counts['excluded']} options breach at least one binding rule. An option may breach several.")
    rows = [[str(count), plain(rule.title), navigation.rule_link(rule.id), plain(rule.place)] for rule, count in rules[:RULES_SHOWN]]
    frame.table("Rules that rule options out, with how many options each", ["Options", "Rule", "Id", "Place"], rows)
    if len(rules) > RULES_SHOWN:
        st.markdown(f"And {len(rules) - RULES_SHOWN} more rules.")
    st.markdown("For example:")
    st.markdown(bullets(_example(result, r) for r in _examples(result)))
    navigation.link("why-not", "Why not another option?")


def _examples(result: Recommendation) -> Sequence[Ranked]:
    return folded(result.excluded)[:EXAMPLES_SHOWN]


def _example(result: Recommendation, ranked: Ranked) -> str:
    return f"{plain(ranked.option.name)}: {plain(excluded_words(result, ranked))}"


def _order(result: Recommendation) -> None:
    frame.section("How the order was made")
    st.markdown(plain(weights_words(result)))
    if result.best:
        st.markdown(plain(margin_words(result.shortlist)))
    rules = result.weights.rules
    if rules:
        with st.expander(f"The weighing rules that count ({len(rules)})"):
            st.markdown(bullets(f"{plain(rule.title)} ({navigation.rule_link(rule.id)})" for rule in rules))


def _next() -> None:
    frame.section("What to do next")
    navigation.link("memo", "Prepare the decision memo")
    navigation.link("costs", "Compare the costs of ways to run it")
    navigation.link("why-not", "Why not another option?")
    navigation.link("compare", "Compare options side by side")
    navigation.link("check", "Change an answer")
