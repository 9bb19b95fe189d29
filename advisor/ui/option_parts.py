"""
The tables of an option's page: facts with claims, prices by size and way, what differs, and what does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from advisor.catalogue.claims import Claim
from advisor.catalogue.prices import Price
from advisor.curation.disputes import Dispute
from advisor.curation.dossier import Dossier, Item, by_source, price_lines, span, ways
from advisor.curation.survey import Survey
from advisor.curation.words import apart, dispute_name, effect_line, plain_value
from advisor.library import Library
from advisor.ui import evidence, frame, navigation
from advisor.ui.escaping import bullets, link, plain, whole

COLUMNS = ["Fact", "What is known", "The source says", "Source", "Date", "Grade", "Confidence"]


# ---------------------------------------------------------------------- facts
def items(alt: str, found: Sequence[Item], lib: Library) -> None:
    """Facts or results, a row for each claim that counts."""
    frame.table(alt, COLUMNS, [row for item in found for row in _rows(item, lib)])


def _rows(item: Item, lib: Library) -> Iterator[list[str]]:
    known = item.known
    if any(not d.settled for d in item.disputes):
        known += " (sources differ)"
    if item.settled:
        known += f" (settled by {item.settled})"
    if not item.counted:
        yield [plain(item.words), plain(known), "no claim counts; see “Earlier or not counted”", "–", "–", "–", "–"]
    for claim in item.counted:
        yield [_about(item, claim, lib), plain(known), *_claim(claim)]


def _about(item: Item, claim: Claim, lib: Library) -> str:
    fact = lib.vocabulary.facts.get(item.name)
    return evidence.fact_words(fact, claim, lib.vocabulary) if fact else plain(item.words)


def _claim(claim: Claim) -> list[str]:
    value, source, when, grade = evidence.claim_cells(claim)
    note = f" – {plain(claim.note)}" if claim.note else ""
    return [value, f"{source}{note}", when, grade, plain(claim.confidence or "–")]


def claim_line(claim: Claim, before: str = "") -> str:
    """One claim on a line."""
    told = ", ".join(part for part in (claim.scope, claim.as_of or "undated") if part)
    return f"{plain(before + plain_value(claim.value))}: {link(claim.source, claim.url)}, {plain(told)} ({plain(claim.grade)})"


# ---------------------------------------------------------------------- prices
def prices(found: Dossier) -> None:
    """Prices by size of request and way of processing, then who says so; of a machine its rent."""
    if found.rent:
        frame.section("Rent, US dollars an hour for one GPU")
        st.markdown(plain(f"{found.rent.words}: {found.rent.known}"))
        settled([found.rent])
        st.markdown(bullets(claim_line(claim) for claim in found.rent.counted))
    listed = found.option.prices
    if listed is None or not found.prices:
        if found.option.deployment is None:
            frame.section("Prices")
            st.markdown("Nobody states a price.")
        return
    frame.section("Prices, US dollars per million tokens")
    columns = ways(listed)
    sized = bool(listed.thresholds)
    if sized:
        st.markdown("A request above a size pays the prices of that size for all of its tokens.")
    rows = [
        [*([plain(f"requests {line.size}")] if sized else []), plain(line.kind), *map(_cell, line.cells)] for line in price_lines(listed)
    ]
    heads = [*(["Requests"] if sized else []), "Tokens", *(way.capitalize() for way in columns)]
    frame.table(f"Prices of {found.option.name}", heads, rows)
    settled(found.prices)
    sources = [row for one in by_source(found.prices) if not one.aside for row in _sources(one.claims, one.rows, one.says)]
    with st.expander(f"Who says so ({len(sources)} sources)"):
        frame.table(f"Sources of the prices of {found.option.name}", ["Source", "Row", "Date", "Grade", "Prices"], sources)


def settled(found: Sequence[Item]) -> None:
    """Prices that a curator settled, each with the record."""
    records = [plain(f"{item.words}: settled by {item.settled}") for item in found if item.settled]
    if records:
        st.markdown(bullets(records))


def _cell(price: Price | None) -> str:
    return plain(span(price)) if price else "–"


def _sources(claims: Sequence[Claim], rows: Sequence[Sequence[str]], says: Sequence[str]) -> Iterator[list[str]]:
    for claim, named in zip(claims, rows, strict=True):
        scope = f" ({claim.scope})" if claim.scope else ""
        row = plain(", ".join(named) or "–")
        yield [
            f"{link(claim.source, claim.url)}{plain(scope)}",
            row,
            whole(claim.as_of or "undated"),
            plain(claim.grade),
            plain("; ".join(says)),
        ]


# ---------------------------------------------------------------------- what differs
def differing(found: Dossier, lib: Library, survey: Survey | None) -> None:
    """Open disputes: how far apart the sources are, and what hangs on it."""
    if not found.disputed:
        return
    frame.section("Where sources differ")
    rows = [
        [plain(dispute_name(d, lib.vocabulary, lib.catalogue)), plain(apart(d)), _sides(d), _effects(d, survey)] for d in found.disputed
    ]
    frame.table(f"Where sources differ on {found.option.name}", ["What", "How far apart", "Values", "Changes a ready example"], rows)
    if survey is None:
        navigation.link("disputes", "See which examples each of them changes")


def _sides(dispute: Dispute) -> str:
    sides: dict[str, list[str]] = {}
    for claim in dispute.claims:
        sides.setdefault(plain_value(claim.value), []).append(claim.source)
    return plain("; ".join(f"{value} ({', '.join(dict.fromkeys(sources))})" for value, sources in sides.items()))


def _effects(dispute: Dispute, survey: Survey | None) -> str:
    if survey is None:
        return "not tried yet"
    return plain("; ".join(map(effect_line, survey.effects_of(dispute))) or "none")


# ---------------------------------------------------------------------- what does not count
def aside(found: Dossier, lib: Library) -> None:
    """Claims that are shown and do not count, each with the reason."""
    everything = (*found.facts, *((found.rent,) if found.rent else ()), *found.scores)
    rows = [[_about(item, t.claim, lib), *_claim(t.claim)[:4], plain(t.aside)] for item in everything for t in item.aside]
    rows += [row for one in by_source(found.prices) if one.aside for row in _aside_prices(one.claims, one.says, one.aside)]
    frame.section("Earlier or not counted")
    if not rows:
        st.markdown("There is none: every claim at hand counts on this date.")
        return
    st.markdown("These claims are kept and shown. They decide nothing on this date, for the reason beside them.")
    frame.table(f"Claims on {found.option.name} that do not count", ["Fact", "The source says", "Source", "Date", "Grade", "Why not"], rows)


def _aside_prices(claims: Sequence[Claim], says: Sequence[str], why: str) -> Iterator[list[str]]:
    for claim in claims:
        yield [
            "prices",
            plain("; ".join(says)),
            link(claim.source, claim.url),
            whole(claim.as_of or "undated"),
            plain(claim.grade),
            plain(why),
        ]
