"""
The list of rules as an auditor looks for them: each with its law, whether it is in force, and where it stands in review; and filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from advisor.rulebook import reviews
from advisor.rulebook.rule import Rule
from advisor.rulebook.rulebook import Rulebook

Force: TypeAlias = Literal["in force", "coming", "ended"]

FORCES: tuple[Force, ...] = get_args(Force)
REVIEWS: tuple[reviews.State, ...] = get_args(reviews.State)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in the list."""

    rule: Rule
    law: str
    """The law whose folder it lies in; the folder itself where nothing names its law."""
    laws: frozenset[str]
    """Every law of which a provision names the rule, `law` included."""
    force: Force
    review: reviews.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; `all` and an empty text leave everything in."""

    law: str = ALL
    place: str = ALL
    topic: str = ALL
    effect: str = ALL
    force: str = ALL
    review: str = ALL
    text: str = ""

    def keeps(self, entry: Entry) -> bool:
        rule = entry.rule
        return (
            (self.law == ALL or self.law in entry.laws)
            and self.place in (ALL, rule.place)
            and self.topic in (ALL, rule.topic)
            and self.effect in (ALL, rule.effect)
            and self.force in (ALL, entry.force)
            and self.review in (ALL, entry.review)
            and all(word in searched(entry) for word in self.text.casefold().split())
        )


def entries(rulebook: Rulebook, as_of: date) -> list[Entry]:
    """Every rule, by place, law and id; places that are not one country's come last."""
    named = laws_by_rule(rulebook)
    own = laws_by_folder(rulebook)
    found = []
    for rule in rulebook.rules.values():
        laws = named.get(rule.id, ())
        mine = own.get(_folder(rule.path))
        law = mine if mine in laws else laws[0] if laws else mine or _folder_words(rule.path)
        state = reviews.state(rule, rulebook.freshness, as_of)
        found.append(Entry(rule, law, frozenset({law, *laws}), force(rule, as_of), state))
    return sorted(found, key=lambda entry: (not entry.rule.place.isupper(), entry.rule.place, entry.law.casefold(), entry.rule.id))


def by_place(shown: Iterable[Entry]) -> dict[str, dict[str, list[Entry]]]:
    """Rules under their place and law, in the order in which they come."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for entry in shown:
        found.setdefault(entry.rule.place, {}).setdefault(entry.law, []).append(entry)
    return found


def force(rule: Rule, as_of: date) -> Force:
    """Whether a rule is in force on a date, is still to come (again), or has ended."""
    if rule.arm(as_of):
        return "in force"
    return "coming" if rule.next_change(as_of) else "ended"


def force_words(rule: Rule, as_of: date) -> str:
    """Whether a rule is in force on a day, and when that changes."""
    change = rule.next_change(as_of)
    if rule.arm(as_of):
        return f"in force; changes on {change}" if change else "in force"
    return f"not in force; begins {change}" if change else "no longer in force"


def laws_by_rule(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """The laws of which a provision names a rule."""
    found: dict[str, dict[str, None]] = {}
    for provision in rulebook.provisions:
        for rule_id in provision.rules:
            found.setdefault(rule_id, {})[provision.law] = None
    return {rule_id: tuple(laws) for rule_id, laws in found.items()}


def laws_by_folder(rulebook: Rulebook) -> Mapping[str, str]:
    """The law of each folder that holds a list of provisions."""
    return {_folder(provision.path): provision.law for provision in rulebook.provisions}


def searched(entry: Entry) -> str:
    """All text in which a word may be looked for."""
    rule = entry.rule
    cites = [arm.source.cite for arm in rule.arms] + [exception.source.cite for exception in rule.all_exceptions()]
    return " ".join((rule.id, rule.title, rule.topic, rule.place, rule.reason, rule.remedy, entry.law, *cites, *rule.facts)).casefold()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _folder_words(path: str) -> str:
    """A folder that no law names, as words: `Weighing`."""
    return _folder(path).rpartition("/")[2].replace("-", " ").capitalize() or "Without a law"
