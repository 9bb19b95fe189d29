"""
One option as text for a terminal of 80 columns: facts, prices, rent, scores, each with its claims; then what does not count, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.catalogue.claims import Claim
from advisor.catalogue.prices import Price, Prices
from advisor.curation.dossier import Dossier, Item, by_source, dollars_exact, price_lines, ways
from advisor.curation.words import plain_value
from advisor.lines import NARROW, section, wrapped
from advisor.wording import MODE_WORDS


def option_page(found: Dossier) -> str:
    """Everything that the catalogue says of one option."""
    option = found.option
    lines = [_line(option.name), option.id, MODE_WORDS[option.mode]]
    if option.note:
        lines.append(_line(option.note))
    if found.replaced:
        lines.append(_line(f"Your own data replace the shipped {', '.join(found.replaced)}."))
    lines += section("First to be asked for or signed", [_line(f"- {p.text} ({p.who})", 2, 4) for p in option.preconditions])
    lines += section("End of service", [_line(f"- announced for {_claimed(claim)}", 2, 4) for claim in found.ends])
    lines += section("Facts", [line for item in found.facts for line in _item(item)])
    if found.silent:
        lines += section("Nobody states", [_line(f"- {phrase}", 2, 4) for phrase in found.silent])
    if option.prices and found.prices:
        lines += section(
            "Prices, US dollars per million tokens",
            [*_price_table(option.prices), *_settled(found.prices), "", *_price_sources(found.prices)],
        )
    lines += section("Rent, US dollars an hour for one GPU", _item(found.rent) if found.rent else [])
    lines += section("Benchmark results of the model", [line for item in found.scores for line in _item(item)])
    return "\n".join(lines)


def _line(text: str, indent: int = 0, hang: int | None = None) -> str:
    return wrapped(text, indent, hang, NARROW)


def _item(item: Item) -> list[str]:
    open_disputes = [d for d in item.disputes if not d.settled]
    flag = "  (sources differ)" if open_disputes else ""
    key = f" [{item.name.partition('.')[2]}]" if item.name.startswith("option.") else ""
    lines = [_line(f"{item.words}{key}: {item.known}{flag}", 0, 2)]
    lines += [_line(f"! differ by {d.gap}{f' on {d.member}' if d.member else ''}", 2, 4) for d in open_disputes]
    if item.settled:
        lines.append(_line(f"settled by {item.settled}", 2, 4))
    lines += [_line(f"- {_claimed(claim)}", 2, 4) for claim in item.counted]
    lines += [_line(f"x {_claimed(t.claim)} – {t.aside}", 2, 4) for t in item.aside]
    return lines


def _claimed(claim: Claim) -> str:
    """What a claim says, who says it, when, and how good it is."""
    value = f"{claim.member}: {plain_value(claim.value)}" if claim.member else plain_value(claim.value)
    grade = f"{claim.grade}, {claim.confidence} confidence" if claim.confidence else claim.grade
    parts = [
        f"{value} – {claim.source}, {claim.as_of or 'undated'} [{grade}]",
        f"({claim.scope})" if claim.scope else "",
        claim.url,
        claim.note,
    ]
    return " ".join(part for part in parts if part)


# ---------------------------------------------------------------------- prices
def _price_table(prices: Prices) -> Iterator[str]:
    """Prices in columns by way of processing, the sizes of request one under another."""
    columns, size = ways(prices), ""
    for line in price_lines(prices):
        if line.size != size:
            size = line.size
            yield f"  requests {size}"
            yield "  " + " " * 36 + "".join(f"{way:>10}" for way in columns)
        yield f"    {line.kind:<34}" + "".join(f"{_cell(price):>10}" for price in line.cells)
    yield "  * sources differ; - nobody states a price"


def _cell(price: Price | None) -> str:
    if price is None:
        return "-"
    return dollars_exact(price.range.expected) + ("*" if price.range.low != price.range.high else "")


def _settled(items: Sequence[Item]) -> Iterator[str]:
    """Prices that a curator settled, each with the record."""
    yield from (_line(f"{item.words}: settled by {item.settled}", 2, 4) for item in items if item.settled)


def _price_sources(items: Sequence[Item]) -> Iterator[str]:
    """Who says so; sources that say the same together."""
    for one in by_source(items):
        for claim, rows in zip(one.claims, one.rows, strict=True):
            scope = f" ({claim.scope})" if claim.scope else ""
            row = f" {', '.join(rows)}" if rows else ""
            aside = f" – {one.aside}" if one.aside else ""
            yield _line(f"{'x' if one.aside else '-'} {claim.source}, {claim.as_of or 'undated'} [{claim.grade}]{scope}{row}{aside}", 2, 4)
        yield _line(f"{'; '.join(one.says)}", 6, 6)
