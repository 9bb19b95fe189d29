"""
Rows of price snapshots that no host maps, at providers that some host maps: listed for a curator, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.catalogue.feeds import Feed
from advisor.catalogue.files import HostFile


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Rows of one provider of one feed that no host maps."""

    feed: str
    provider: str
    hosts: tuple[str, ...]
    """Hosts that map other rows of that provider."""
    keys: tuple[str, ...]
    mapped: int
    """How many rows of the provider are mapped."""


def unmapped(feeds: Mapping[str, Feed], hosts: Iterable[HostFile]) -> list[Unmapped]:
    """Unmapped rows by feed and provider, in order."""
    taken: dict[tuple[str, str], set[str]] = {}
    at: dict[tuple[str, str], set[str]] = {}
    for host in hosts:
        for serves in host.serves:
            for row in serves.feeds:
                feed, _, key = row.partition(":")
                if key in feeds[feed].listings:
                    where = (feed, feeds[feed].listing(key).provider)
                    taken.setdefault(where, set()).add(key)
                    at.setdefault(where, set()).add(host.id)
    found = []
    for feed, provider in sorted(taken):
        keys = tuple(key for key in feeds[feed].listings if feeds[feed].listing(key).provider == provider)
        rest = tuple(key for key in keys if key not in taken[feed, provider])
        found.append(Unmapped(feed, provider, tuple(sorted(at[feed, provider])), rest, len(keys) - len(rest)))
    return found
