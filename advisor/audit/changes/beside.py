"""
What changed beside the rules: provisions, waivers, freshness of sources. They decide no verdict of a rule, yet people see them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from advisor.audit.changes.revisions import Edition

SHOWN = 10


def beside(old: Edition, new: Edition) -> tuple[str, ...]:
    """Each difference in a sentence; none when all is as it was."""
    return tuple(_sentences(old, new))


def _sentences(old: Edition, new: Edition) -> Iterator[str]:
    yield from _named("provision", *({p.id: replace(p, path="", line=0) for p in e.rulebook.provisions} for e in (old, new)))
    yield from _named("waiver", *({w.id: replace(w, path="") for w in e.rulebook.waivers} for e in (old, new)))
    if old.rulebook.freshness != new.rulebook.freshness:
        yield "How long a comparison with a source holds has changed (freshness.yaml)."
    if unread := len(new.rulebook.void):
        yield f"Waiver files of {new.name} that cannot be read and waive nothing: {unread}."


def _named(kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    for names, verb in ((added, "added"), (removed, "removed"), (changed, "changed")):
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield f"{kind.capitalize()}{'s' if len(names) != 1 else ''} {verb}: {', '.join(names[:SHOWN])}{more}."
