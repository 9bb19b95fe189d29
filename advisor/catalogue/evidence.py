"""
Claims of a file to what is possible of a fact: live claims united, disputes noted, unknown kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from advisor.catalogue.claims import Claim, live
from advisor.catalogue.files import ClaimFile, FactFile, SettledFact, Settlement, SourceFile
from advisor.possible import Choice, Interval, Members, Possible, choice, exactly, union
from advisor.vocabulary import Fact, Vocabulary

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one fact of one option: everything possible, and every claim behind it, counted or not."""

    possible: Possible
    claims: tuple[Claim, ...] = ()
    disputes: frozenset[str] = frozenset()
    """Members on which live sources differ; for a fact that is no set, the empty name stands for the fact."""
    settlements: tuple[tuple[str, str], ...] = ()
    """Members that a curator settled, each with who settled it, when and why; the empty name stands for the fact."""

    @property
    def disputed(self) -> bool:
        return bool(self.disputes)

    @property
    def settled(self) -> str:
        """Who settled what, when and why; empty when nobody did."""
        return self.settled_on(frozenset())

    def settled_on(self, members: Set[str]) -> str:
        """The same of some members; of all if none are named."""
        found = [(member, words) for member, words in self.settlements if not members or member in members]
        return "; ".join(f"{member}: {words}" if member else words for member, words in found)


@dataclass(frozen=True)
class Reader:
    """Reads facts on one date."""

    vocabulary: Vocabulary
    as_of: date

    def known(self, fact: Fact, entry: FactFile, sources: Mapping[str, SourceFile]) -> Known:
        """What a file's entry says of a fact."""
        match entry:
            case SettledFact() if begun(entry.settled, self.as_of):
                claims = claims_of(entry.claims, sources)
                return Known(self.value(fact, entry.settled.value), claims, settlements=(("", entry.settled.words),))
            case SettledFact():
                return self.united(fact, claims_of(entry.claims, sources))
            case dict():
                return self._members(fact, entry, sources)
            case _:
                return self.united(fact, claims_of(entry, sources))

    def _members(self, fact: Fact, entry: Mapping[str, list[ClaimFile] | SettledFact], sources: Mapping[str, SourceFile]) -> Known:
        """A set, member by member; a member that a curator settled is in or out as settled."""
        stated = {m: claims_of(e.claims if isinstance(e, SettledFact) else e, sources) for m, e in entry.items()}
        known = self.held(fact, stated)
        settled = {m: e.settled for m, e in entry.items() if isinstance(e, SettledFact) and begun(e.settled, self.as_of)}
        if not settled or not isinstance(known.possible, Members):
            return known
        held = frozenset(m for m, s in settled.items() if s.value == "yes")
        open_still = frozenset(m for m, s in settled.items() if s.value == UNKNOWN)
        decided = frozenset(settled)
        certain = (known.possible.certain - decided) | held
        possible = (known.possible.possible - decided) | held | open_still
        words = tuple((m, s.words) for m, s in settled.items())
        return Known(Members(certain, possible), known.claims, known.disputes - decided, words)

    def united(self, fact: Fact, claims: Sequence[Claim]) -> Known:
        """The union of the live claims of a number, a choice or places."""
        alive = live(claims, self.as_of, comparison=True)
        values = list(dict.fromkeys(self.value(fact, c.value) for c in alive))
        if not values:
            return Known(self.vocabulary.unknown(fact), tuple(claims))
        return Known(union(values), tuple(claims), frozenset({""}) if len(values) > 1 else frozenset())

    def held(self, fact: Fact, members: Mapping[str, Sequence[Claim]]) -> Known:
        """
        Which members are held: certain when every live claim says yes, out when every live claim says no, else possible.

        A member nobody speaks of is possible. A certificate that covers another thing than the service, or that only third
        parties report, is possible, not certain.
        """
        certain: set[str] = set()
        possible = set(self.vocabulary.values(fact))
        disputes: set[str] = set()
        for member, claims in members.items():
            speaking = [c for c in live(claims, self.as_of) if covers_service(c)]
            says = {str(c.value) for c in speaking}
            verified = not fact.verified_by or any(c.grade in fact.verified_by for c in speaking)
            if says == {"yes"} and verified:
                certain.add(member)
            elif says == {"no"}:
                possible.discard(member)
            if {"yes", "no"} <= says:
                disputes.add(member)
        everything = tuple(replace(c, member=member) for member, claims in members.items() for c in claims)
        return Known(Members(frozenset(certain), frozenset(possible)), everything, frozenset(disputes))

    def value(self, fact: Fact, value: object) -> Possible:
        """A claimed value as what is possible."""
        if value == UNKNOWN:
            return self.vocabulary.unknown(fact)
        match value:
            case int() | float():
                return Interval(float(value), float(value))
            case [int() | float() as lo, int() | float() as hi] if fact.kind == "number":
                return Interval(float(lo), float(hi))
            case list():
                return exactly(*self.vocabulary.places.expanded([str(v) for v in value], self.as_of))
        return Choice(frozenset({str(value)}))


def begun(settlement: Settlement, as_of: date) -> bool:
    """Whether a settlement counts yet: one of a later day says nothing of an earlier one."""
    return settlement.on <= as_of


def in_force(settled: Mapping[str, Settlement], as_of: date) -> dict[str, Settlement]:
    """The settlements that count on a date."""
    return {name: settlement for name, settlement in settled.items() if begun(settlement, as_of)}


def covers_service(claim: Claim) -> bool:
    """False for a certificate of the platform or the company, which says nothing certain of the service."""
    return not claim.scope.endswith(("(platform)", "(company)"))


def claims_of(files: Sequence[ClaimFile], sources: Mapping[str, SourceFile]) -> tuple[Claim, ...]:
    return tuple(file.claim(sources) for file in files)


@lru_cache(maxsize=4096)
def stated(value: str, source: str) -> Known:
    """A fact that is true by the way an option is built."""
    return Known(choice(value), (Claim(value, source, "primary"),))
