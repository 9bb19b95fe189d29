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
    mapped: set[str] = set()
    at: dict[tuple[str, str], set[str]] = {}
    for host in hosts:
        for row in [row for serves in host.serves for row in serves.feeds]:
            feed, _, key = row.partition(":")
            mapped.add(row)
            at.setdefault((feed, feeds[feed].listing(key).provider), set()).add(host.id)
    keys: dict[tuple[str, str], list[str]] = {}
    for feed, snapshot in feeds.items():
        for key in snapshot.listings:
            keys.setdefault((feed, snapshot.listing(key).provider), []).append(key)
    found = []
    for feed, provider in sorted(at):
        here = keys[feed, provider]
        rest = tuple(key for key in here if f"{feed}:{key}" not in mapped)
        found.append(Unmapped(feed, provider, tuple(sorted(at[feed, provider])), rest, len(here) - len(rest)))
    return found
