"""
What is possible of each fact, as variables for the solver: two ends of a number, one or two truths for each value of a list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from advisor.audit.logic.alike import Alike, Constant, Family, familiar_first, family
from advisor.audit.logic.solver import z3
from advisor.possible import Choice, Interval, Members, Possible
from advisor.vocabulary import Fact, Vocabulary

Term: TypeAlias = "z3.BoolRef | bool"
"""A truth for the solver; plain true or false where it is known already."""


def both(terms: Iterable[Term]) -> Term:
    """Every term holds."""
    open_terms = []
    for term in terms:
        if term is False:
            return False
        if term is not True:
            open_terms.append(term)
    return z3.And(open_terms) if len(open_terms) > 1 else open_terms[0] if open_terms else True


def either(terms: Iterable[Term]) -> Term:
    """At least one term holds."""
    open_terms = []
    for term in terms:
        if term is True:
            return True
        if term is not False:
            open_terms.append(term)
    return z3.Or(open_terms) if len(open_terms) > 1 else open_terms[0] if open_terms else False


def opposite(term: Term) -> Term:
    if isinstance(term, bool):
        return not term
    return term.arg(0) if z3.is_not(term) else z3.Not(term)


def ref(term: Term) -> z3.BoolRef:
    return z3.BoolVal(term) if isinstance(term, bool) else term


@dataclass(frozen=True)
class Ends:
    """The two ends of a number; each is either a number or open."""

    lo: z3.ArithRef
    hi: z3.ArithRef
    no_lo: z3.BoolRef
    no_hi: z3.BoolRef


@dataclass(frozen=True)
class States:
    """The variables of facts. `families` says which values have to be looked at; None: all of them."""

    vocabulary: Vocabulary
    families: dict[str, Family] | None
    constant: Constant
    _shown: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _terms: dict[tuple[str, str, str], Term] = field(default_factory=dict, compare=False, repr=False)

    # ------------------------------------------------------------------ variables
    def fact(self, name: str) -> Fact:
        return self.vocabulary.facts[name]

    def one_value(self, name: str) -> bool:
        """Whether the fact has exactly one value of a list."""
        return self.fact(name).kind in ("choice", "yes-no")

    def family(self, name: str) -> Family:
        assert self.families is not None
        if name not in self.families:
            self.families[name] = family(self.vocabulary, [name], (), self.constant)
        return self.families[name]

    def shown(self, name: str) -> tuple[str, ...]:
        """The values of a fact that have variables, familiar ones first."""
        if name not in self._shown:
            values = self.vocabulary.values(self.fact(name))
            if self.families is not None:
                values = values & {v for alike in self.family(name).alike for v in alike.shown}
            self._shown[name] = familiar_first(values)
        return self._shown[name]

    def possible(self, name: str, value: str) -> Term:
        """The value may be (among) the fact's."""
        return self._bit(name, "may", value)

    def certain(self, name: str, value: str) -> Term:
        """The value is surely among the fact's. For sets."""
        return self._bit(name, "has", value)

    def _bit(self, name: str, word: str, value: str) -> Term:
        key = (name, word, value)
        if key not in self._terms:
            self._terms[key] = z3.Bool(" ".join(key)) if value in self.vocabulary.values(self.fact(name)) else False
        return self._terms[key]

    def ends(self, name: str) -> Ends:
        return Ends(z3.Real(f"{name} lo"), z3.Real(f"{name} hi"), z3.Bool(f"{name} no lo"), z3.Bool(f"{name} no hi"))

    def variables(self, name: str) -> tuple[z3.ExprRef, ...]:
        """Every variable of a fact."""
        match self.fact(name).kind:
            case "number":
                x = self.ends(name)
                return (x.lo, x.hi, x.no_lo, x.no_hi)
            case "choice" | "yes-no":
                return tuple(self.possible(name, v) for v in self.shown(name))
            case "held" | "places":
                return tuple(bit(name, v) for bit in (self.possible, self.certain) for v in self.shown(name))
            case "text":
                return ()

    # ------------------------------------------------------------------ what holds of them
    def single(self, terms: Iterable[Term]) -> Term:
        """At most one of the terms holds."""
        listed = [ref(term) for term in terms if term is not False]
        return z3.AtMost(*listed, 1) if len(listed) > 1 else True

    def well_formed(self, name: str) -> Term:
        """The fact is in a state that what is known can have."""
        fact = self.fact(name)
        match fact.kind:
            case "number":
                return both(self._bounded(fact))
            case "choice" | "yes-no":
                return either(self.possible(name, v) for v in self.shown(name))
            case "held" | "places":
                return both([*self._nested(name), *self._implied(name), *self._tokens(fact)])
            case "text":
                return True

    def _bounded(self, fact: Fact) -> Iterator[Term]:
        x = self.ends(fact.name)
        yield z3.Or(x.no_lo, x.no_hi, x.lo <= x.hi)
        for end, none in ((x.lo, x.no_lo), (x.hi, x.no_hi)):
            yield z3.Implies(none, end == 0)  # an open end has no number, so that no state has two descriptions
            if fact.least is not None:
                yield z3.Or(none, end >= exact(fact.least))
            if fact.most is not None:
                yield z3.Or(none, end <= exact(fact.most))
            if fact.whole == "yes":
                yield z3.IsInt(end)
        if fact.least is not None:
            yield z3.Not(x.no_lo)

    def _nested(self, name: str) -> Iterator[Term]:
        for value in self.shown(name):
            yield z3.Implies(self.certain(name, value), self.possible(name, value))

    def _implied(self, name: str) -> Iterator[Term]:
        for value, implied in self.vocabulary.implications.get(name, {}).items():
            for bit in (self.possible, self.certain):
                yield from (
                    z3.Implies(bit(name, value), bit(name, w)) for w in implied if value in self.shown(name) and w in self.shown(name)
                )

    def _tokens(self, fact: Fact) -> Iterator[Term]:
        """In places the short name of a group is always written out as its countries; it is left over only where nothing is known."""
        if fact.kind == "places":
            shown = self.shown(fact.name)
            nothing_known = both(t for v in shown for t in (self.possible(fact.name, v), opposite(self.certain(fact.name, v))))
            for token in sorted(set(self.vocabulary.places.tokens) & set(shown)):
                yield opposite(self.certain(fact.name, token))
                yield z3.Implies(self.possible(fact.name, token), ref(nothing_known))

    def settled(self, name: str) -> Term:
        """Only one value of the fact is left."""
        match self.fact(name).kind:
            case "number":
                x = self.ends(name)
                return z3.And(z3.Not(x.no_lo), z3.Not(x.no_hi), x.lo == x.hi)
            case "choice" | "yes-no":
                bits = [self.possible(name, v) for v in self.shown(name)]
                return both([either(bits), self.single(bits)])
            case "held" | "places":
                return both(self.certain(name, v) == self.possible(name, v) for v in self.shown(name))
            case "text":
                return True

    def fixed(self, name: str, value: Possible) -> Term:
        """The state is exactly this one. Raises ValueError for values that have no variable and do not all do alike."""
        match value:
            case Interval(lo, hi):
                x = self.ends(name)
                return both([self._end(x.lo, x.no_lo, lo, -math.inf), self._end(x.hi, x.no_hi, hi, math.inf)])
            case Choice(possible):
                return both(self._bits(name, self.possible, possible))
            case Members(certain, possible):
                return both([*self._bits(name, self.certain, certain), *self._bits(name, self.possible, possible)])

    def _end(self, end: z3.ArithRef, none: z3.BoolRef, value: float, open_end: float) -> Term:
        if value == open_end:
            return z3.And(none, end == 0)
        if not math.isfinite(value):
            raise ValueError(f"a number cannot end at {value}")
        return z3.And(z3.Not(none), end == exact(value))

    def _bits(self, name: str, bit: Callable[[str, str], Term], values: frozenset[str]) -> Iterator[Term]:
        if strange := values - self.vocabulary.values(self.fact(name)):
            raise ValueError(f"{name} has no value {min(strange)!r}")
        if self.families is not None:
            for alike in self.family(name).alike:
                if (
                    alike.rest
                    and len({v in values for v in (*alike.shown, *alike.rest) if v in self.vocabulary.values(self.fact(name))}) > 1
                ):
                    raise ValueError(f"{name}: {alike.rest[0]} is not told apart from {alike.shown[0]}; name the values in `apart`")
        for value in self.shown(name):
            term = bit(name, value)
            yield term if value in values else opposite(term)

    # ------------------------------------------------------------------ reading them back
    def read(self, model: z3.ModelRef, names: Iterable[str]) -> dict[str, Possible]:
        """The state of the facts in an answer of the solver."""
        listed = sorted(set(names))
        like = self._like(model, listed)
        return {name: self._read(model, name, like) for name in listed if self.fact(name).kind != "text"}

    def _read(self, model: z3.ModelRef, name: str, like: Mapping[tuple[str, ...], Mapping[str, str]]) -> Possible:
        if self.fact(name).kind == "number":
            x = self.ends(name)
            lo = -math.inf if true(model, x.no_lo) else float(rational(model, x.lo))
            return Interval(lo, math.inf if true(model, x.no_hi) else float(rational(model, x.hi)))
        others = {} if self.families is None else like[self.family(name).facts]
        possible = self._held(model, name, self.possible, others)
        return Choice(possible) if self.one_value(name) else Members(self._held(model, name, self.certain, others), possible)

    def _held(self, model: z3.ModelRef, name: str, bit: Callable[[str, str], Term], others: Mapping[str, str]) -> frozenset[str]:
        """The values with variables whose truth holds, and those that do as they do."""
        held = {v for v in self.shown(name) if true(model, bit(name, v))}
        return frozenset(held | {v for v, w in others.items() if w in held} if held else held)

    def _like(self, model: z3.ModelRef, names: Iterable[str]) -> dict[tuple[str, ...], dict[str, str]]:
        """For each family: which shown value each value without variables does as. One that is in as few sets as may be."""
        found: dict[tuple[str, ...], dict[str, str]] = {}
        if self.families is None:
            return found
        asked = [name for name in names if self.fact(name).kind not in ("number", "text")]
        for whole in {self.family(name).facts: self.family(name) for name in asked}.values():
            facts = [name for name in whole.facts if name in asked]
            found[whole.facts] = {
                v: w for alike in whole.alike if alike.rest for w in [self._model_of(model, whole, alike, facts)] for v in alike.rest
            }
        return found

    def _model_of(self, model: z3.ModelRef, whole: Family, alike: Alike, facts: list[str]) -> str:
        def counted(name: str, value: str) -> bool:
            return true(model, self.possible(name, value) if self.one_value(name) else self.certain(name, value))

        lonely = {
            values[0]
            for name in facts if name in whole.counted
            for values in [[v for v in self.shown(name) if counted(name, v)]] if len(values) == 1
        }  # fmt: skip
        free = [v for v in alike.shown if v not in lonely]
        return min(free, key=lambda v: sum(true(model, self.possible(n, v)) + true(model, self.certain(n, v)) for n in facts))


def true(model: z3.ModelRef, term: Term) -> bool:
    return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))


def rational(model: z3.ModelRef, number: z3.ArithRef) -> Fraction:
    return Fraction(model.eval(number, model_completion=True).as_fraction())


def exact(value: float | Fraction) -> z3.RatNumRef:
    """A number as the solver knows it: not a digit lost."""
    return z3.RealVal(str(Fraction(value)))
