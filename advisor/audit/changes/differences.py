"""
What a change of the rulebook alters, rule by rule: nothing but wording, nothing at all (proved), more, less, or both.

Each difference comes with a case that shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from advisor.audit.changes.outcomes import ABSENT, WAYS, Comparison, Witness
from advisor.audit.changes.revisions import Edition
from advisor.audit.changes.rewording import Line, TextChange, groups_differ, lines_changed, texts_changed
from advisor.rulebook.condition import Answer, Test, Values, tests
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.reviews import standing_reviews
from advisor.rulebook.rule import Criterion, Rule
from advisor.vocabulary import COUNTRY_OR_GROUP, Vocabulary

Kind: TypeAlias = Literal["new", "removed", "stricter", "looser", "incomparable", "equivalent", "editorial"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ReviewFate: TypeAlias = Literal["none", "kept", "may be carried", "voided"]

GAVE_UP = "the solver gave up before it had compared every case, so nothing is concluded from that"
OTHERWISE = "the same options stand, but the finding reads differently"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does to one rule."""

    rule: str
    """Its id."""
    kind: Kind
    old: Rule | None
    """None: it is new."""
    new: Rule | None
    """None: it was removed."""
    why: str = ""
    """What has to be said about the kind, in a sentence without a full stop; for incomparable always."""
    witnesses: tuple[Witness, ...] = ()
    """Cases that show it: one, or for incomparable one of each way that was found. Empty for editorial and equivalent."""
    texts: tuple[TextChange, ...] = ()
    lines: tuple[Line, ...] = ()
    """Of its reading in English."""
    review: ReviewFate = "none"
    """What becomes of the sign-offs that stood in the old edition."""
    cite_changed: bool = False
    lists_changed: bool = False
    """The rule reads as before, but a list of countries that it uses has other members, and so it means something else."""

    @property
    def title(self) -> str:
        rule = self.new or self.old
        return rule.title if rule else ""

    @property
    def path(self) -> str:
        rule = self.new or self.old
        return rule.path if rule else ""


def differences(old: Edition, new: Edition) -> list[Difference]:
    """Every rule that differs between two editions, by id. Raises MissingSolver where a meaning changed and no solver is installed."""
    return [found for rule_id in candidates(old, new) if (found := difference(rule_id, old, new))]


def candidates(old: Edition, new: Edition) -> list[str]:
    """The ids of both editions, for those who want to watch; most of them do not differ."""
    return sorted({*old.rulebook.rules, *new.rulebook.rules})


def difference(rule_id: str, old: Edition, new: Edition) -> Difference | None:
    """What changed of one rule; None: nothing did, or there is no such rule on either side. Raises MissingSolver."""
    before, after = old.rulebook.rules.get(rule_id), new.rulebook.rules.get(rule_id)
    if before is None:
        return _alone(after, new, "new") if after else None
    if after is None:
        return replace(_alone(before, old, "removed"), review="voided" if standing_reviews(before) else "none")
    texts = texts_changed(before, old.vocabulary, after, new.vocabulary)
    redeclared = sorted(_redeclared(before, old.vocabulary, after, new.vocabulary))
    if same_tree(before, old.vocabulary, after, new.vocabulary) and not redeclared:
        if _raw(before) != _raw(after):
            texts = (*texts, TextChange("order, brackets or repeats in the conditions", "", ""))
        return _told(Difference(rule_id, "editorial", before, after, texts=texts)) if texts else None
    lines = lines_changed(before, old.vocabulary, after, new.vocabulary)
    whole = Difference(rule_id, "incomparable", before, after, texts=texts, lines=lines)
    if redeclared:
        return _told(replace(whole, why="; ".join(redeclared)))
    return _told(_judged(whole, before, old, after, new))


def same_tree(old: Rule, old_vocabulary: Vocabulary, new: Rule, new_vocabulary: Vocabulary) -> bool:
    """Whether two versions state the same conditions about the same countries, text aside. No solver is asked."""
    return tree_fingerprint(old) == tree_fingerprint(new) and not groups_differ(old, old_vocabulary.places, new, new_vocabulary.places)


# ---------------------------------------------------------------------- one rule on one side
def _alone(rule: Rule, edition: Edition, kind: Kind) -> Difference:
    """A rule that only one edition has, with a case in which it does something."""
    from advisor.audit.changes.meaning import bite
    from advisor.audit.logic.solver import NotDecided

    sides = (None, rule) if kind == "new" else (rule, None)
    whole = Difference(rule.id, kind, *sides)
    try:
        witness = bite(rule, edition.vocabulary)
    except NotDecided:
        return replace(whole, why="the solver gave up before it found a case in which it matters")
    if witness is None:
        return replace(whole, why="it changes nothing in any case on any date")
    return replace(whole, witnesses=(witness if kind == "new" else replace(witness, old=witness.new, new=ABSENT),))


# ---------------------------------------------------------------------- two versions
def _judged(whole: Difference, before: Rule, old: Edition, after: Rule, new: Edition) -> Difference:
    """The kind of a change of conditions, from a comparison in every case on every date."""
    from advisor.audit.changes.meaning import Pair

    gaps = [*_gaps(after, old), *_gaps(before, new)]
    vocabulary = next((e.vocabulary for e in (new, old) if not {*_gaps(before, e), *_gaps(after, e)}), None)
    if vocabulary is None:
        return replace(whole, why="; ".join(dict.fromkeys(gaps)))
    found = Pair(before, after, old.vocabulary, new.vocabulary, vocabulary).compare()
    kind, why = _kind(found, "weigh" in (before.effect, after.effect))
    if gaps:
        apart = why if kind == "incomparable" else f"apart from that it is {kind}"
        kind, why = "incomparable", "; ".join([*dict.fromkeys(gaps), apart])
    ways = [way for way in WAYS if way in found.witnesses]
    shown = tuple(found.witnesses[way] for way in ways if way != "other" or len(ways) == 1)
    return replace(whole, kind=kind, why=why, witnesses=shown)


def _kind(found: Comparison, points: bool) -> tuple[Kind, str]:
    """The kind of a difference, and what has to be said about it. `points`: either version gives points."""
    ways = found.witnesses
    if points and ways:
        return "incomparable", _points_words(found.gains, found.losses)
    if "higher" in ways and "lower" in ways:
        return "incomparable", "it goes further in some cases and less far in others"
    if found.undecided:
        return "incomparable", GAVE_UP
    if "higher" in ways:
        return "stricter", ""
    if "lower" in ways:
        return "looser", ""
    return ("incomparable", OTHERWISE) if ways else ("equivalent", "")


def _points_words(gains: Iterable[Criterion], losses: Iterable[Criterion]) -> str:
    """Which criteria gain and which lose."""
    parts = [f"{', '.join(sorted(names))} {verb}" for names, verb in ((set(gains), "gains points"), (set(losses), "loses points")) if names]
    return f"in some cases {' and '.join(parts)}" if parts else "it gives the same points, but the finding reads differently"


def _gaps(rule: Rule, edition: Edition) -> Iterator[str]:
    """Facts and values of a rule that an edition does not know, in words."""
    vocabulary = edition.vocabulary
    for test in _tests(rule):
        names = [test.fact, *([test.operand.fact] if isinstance(test.operand, Answer) else [])]
        missing = [name for name in names if name not in vocabulary.facts]
        yield from (f"{edition.name} does not know the fact {name}" for name in missing)
        if not missing and isinstance(test.operand, Values):
            strange = sorted(set(test.operand.values) - vocabulary.values(vocabulary.facts[test.fact]))
            yield from (f"{edition.name} does not know the value {value} of {test.fact}" for value in strange)


def _redeclared(old: Rule, old_vocabulary: Vocabulary, new: Rule, new_vocabulary: Vocabulary) -> set[str]:
    """Facts that either version reads and that mean something else now, so that figures and values cannot be compared."""
    found = set()
    for name in {*old.facts, *new.facts} & {*old_vocabulary.facts} & {*new_vocabulary.facts}:
        before, after = old_vocabulary.facts[name], new_vocabulary.facts[name]
        if before.kind != after.kind:
            found.add(f"the fact {name} is of the kind {after.kind} now, and was {before.kind}")
        elif before.unit != after.unit:
            found.add(f"the fact {name} is counted in {after.unit or 'no unit'} now, and was in {before.unit or 'no unit'}")
        elif _meant(name, old_vocabulary) != _meant(name, new_vocabulary):
            found.add(f"what a value of {name} implies, or what a name of several countries in it stands for, is not what it was")
    return found


def _meant(fact: str, vocabulary: Vocabulary) -> object:
    """What the values of a fact stand for beyond themselves: values that come with them, and countries behind a short name."""
    implied = {value: sorted(more) for value, more in vocabulary.implications.get(fact, {}).items() if more}
    countries = vocabulary.facts[fact].domain == COUNTRY_OR_GROUP
    groups = vocabulary.places.groups.values()
    tokens = {group.token: [(s.since, s.until, s.members, s.includes) for s in group.spans] for group in groups if group.token}
    return implied, tokens if countries else {}


def _tests(rule: Rule) -> Iterator[Test]:
    duty = rule.obligation
    conditions = [c for arm in rule.arms for c in (rule.applies(arm), arm.requires)]
    conditions += [duty.when, *([duty.done_when] if duty.done_when else [])] if duty else []
    for condition in conditions:
        yield from tests(condition)


def _raw(rule: Rule) -> object:
    """The conditions as they are written, order and brackets included."""
    duty = rule.obligation
    exceptions = [(e.id, e.when) for e in rule.all_exceptions()]
    return [(arm.since, arm.applies, arm.requires) for arm in rule.arms], exceptions, (duty.when, duty.done_when) if duty else None


# ---------------------------------------------------------------------- reviews
def _told(found: Difference) -> Difference:
    """The difference, with what becomes of the sign-offs of the old edition."""
    old, new = found.old, found.new
    assert old is not None and new is not None  # noqa: PT018
    cite_changed = cite_fingerprint(old) != cite_fingerprint(new)
    lists_changed = found.kind not in ("editorial", "equivalent") and tree_fingerprint(old) == tree_fingerprint(new)
    fate: ReviewFate = "none"
    if standing_reviews(new):
        fate = "kept"
    elif standing_reviews(old):
        fate = "may be carried" if found.kind == "equivalent" and not cite_changed else "voided"
    return replace(found, review=fate, cite_changed=cite_changed, lists_changed=lists_changed)
