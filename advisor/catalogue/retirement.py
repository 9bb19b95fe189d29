"""
Retirement: the days on which sources say that a model is switched off.

A day that is announced for another endpoint of the same host, or by the developer of a closed model for its own service, is a warning here
too: it is shown with its scope and cautions, and says nothing of whether the model is still offered here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from advisor.catalogue.claims import Claim, day_of, live
from advisor.catalogue.evidence import Known, claims_of
from advisor.catalogue.feeds import Feed
from advisor.catalogue.files import HostFile, ModelFile, ServesFile, Settlement, SourceFile
from advisor.catalogue.load import Catalogue
from advisor.possible import Interval, choice
from advisor.vocabulary import DAYS_PER_MONTH, NEVER_MONTHS

ANOTHER_ENDPOINT = "another endpoint of this host"
THE_DEVELOPER = "the developer's own service"


def announced(serves: ServesFile, sources: Mapping[str, SourceFile], feeds: Mapping[str, Feed]) -> list[Claim]:
    """What pages and price packages say of these endpoints."""
    claims = [*claims_of(serves.retires, sources)]
    for key in serves.feeds:
        feed_name, _, row_key = key.partition(":")
        feed = feeds[feed_name]
        if retired := feed.retired_on(row_key):
            as_of = str(feed.listing(row_key).as_of)
            claims.append(Claim(str(retired), feed.provenance.source, "feed", as_of, note=row_key, since=date.min, scope=row_key))
    return claims


def elsewhere(host: HostFile, serves: ServesFile, model: ModelFile, catalogue: Catalogue) -> list[Claim]:
    """What is said of the same model at other endpoints of the host, and by its developer where nobody else can serve it."""
    others = [other for other in host.serves if other.model == serves.model and other is not serves]
    near = [c for other in others for c in announced(other, catalogue.sources[host.id], catalogue.feeds)]
    found = [replace(c, scope=ANOTHER_ENDPOINT) for c in near]
    if model.open_weights == "no":
        found += [replace(c, scope=THE_DEVELOPER) for c in claims_of(model.retires, catalogue.sources[model.id])]
    return list(dict.fromkeys(found))


def retirement_facts(claims: Sequence[Claim], settled: Settlement | None, as_of: date) -> dict[str, Known]:
    """The facts that rules read; where nobody announces a day, nothing is promised."""
    said = [settled.value] if settled else [c.value for c in live(claims, as_of)]
    days = sorted({day for value in said if (day := day_of(str(value)))})
    months = [months_until(day, as_of) for day in days] or [NEVER_MONTHS]
    differ = frozenset({""}) if len(days) > 1 and not settled else frozenset()
    words = (("", settled.words),) if settled else ()
    return {
        "option.retirement_announced": Known(choice("yes" if days else "no"), tuple(claims)),
        "option.months_to_retirement": Known(Interval(months[0], months[-1]), tuple(claims), differ, words),
    }


def months_until(day: date, as_of: date) -> float:
    """How many months lie before a day."""
    return (day - as_of).days / DAYS_PER_MONTH
