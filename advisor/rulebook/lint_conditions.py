"""
Lints of one condition: parts that always or never hold, that nothing can reach, that say again what another part says.

Looks at the writing only. What takes a proof is left to `advisor rules prove`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.rulebook.condition import All, AnyOf, Condition, Not, Test
from advisor.rulebook.english import English, bare
from advisor.rulebook.fingerprint import as_data
from advisor.rulebook.implied import Literal
from advisor.strict_yaml import Place
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """A lint at a place of a document."""

    code: str
    place: Place
    what: str


def condition_lints(condition: Condition, place: Place, vocabulary: Vocabulary, known: tuple[Literal, ...] = ()) -> Iterator[Found]:
    """Everything that shows in the writing of one condition; `known` is what surely holds wherever it is asked."""
    reader = _Reader(vocabulary, English(vocabulary))
    yield from reader.shape(condition, place)
    yield from reader.read(condition, place, known)


def certain(condition: Condition, vocabulary: Vocabulary) -> tuple[Literal, ...]:
    """The tests that surely hold wherever a condition does."""
    match bare(condition):
        case Test() as test:
            return (Literal(test, True, vocabulary),)
        case Not(Test() as test):
            return (Literal(test, False, vocabulary),)
        case All(parts):
            return tuple(literal for part in parts for literal in certain(part, vocabulary))
        case Not(AnyOf(parts)):
            return tuple(literal for part in parts for literal in certain(Not(part), vocabulary))
    return ()


@dataclass(frozen=True)
class _Reader:
    vocabulary: Vocabulary
    english: English

    # ------------------------------------------------------------------ shape
    def shape(self, condition: Condition, place: Place) -> Iterator[Found]:
        """Brackets without effect, and groups without parts inside a condition."""
        match condition:
            case Not(Not()):
                yield Found("double-not", place, "`not` of `not` is the same without both")
            case All((_,)) | AnyOf((_,)):
                yield Found("single-part", place, f"`{_word(condition)}` has one part only")
            case All(()) | AnyOf(()) if place[-1] != "requires" or isinstance(condition, AnyOf):
                says = "holds in every case" if isinstance(condition, All) else "holds in no case"
                yield Found("constant-condition", place, f"`{_word(condition)}` without parts {says}")
        for part, at in _parts(condition, place):
            yield from self.shape(part, at)

    # ------------------------------------------------------------------ meaning
    def read(self, condition: Condition, place: Place, known: tuple[Literal, ...], denied: bool = False) -> Iterator[Found]:
        """`known`: what surely holds where this part is asked at all."""
        match condition:
            case Test():
                yield from self._test(Literal(condition, not denied, self.vocabulary), place, known)
            case Not(part):
                yield from self.read(part, (*place, "not"), known, not denied)
            case All(parts) | AnyOf(parts):
                yield from self._siblings(condition, place)
                together = isinstance(condition, All) != denied
                for n, part in enumerate(parts):
                    others = [other for m, other in enumerate(parts) if m != n]
                    beside = () if self._single(part) else self._beside(others, together, denied)
                    yield from self.read(part, (*place, _word(condition), n), (*known, *beside), denied)

    def _beside(self, others: Sequence[Condition], together: bool, denied: bool) -> tuple[Literal, ...]:
        """What may be taken for true inside a part: what its siblings in `all` say, and that none of those in `any` holds alone."""
        if together:
            return tuple(literal for other in others for literal in self._literals(other, denied))
        alone = [self._single(other) for other in others]
        return tuple(literal if denied else literal.denied for literal in alone if literal is not None)

    def _literals(self, part: Condition, denied: bool) -> tuple[Literal, ...]:
        return certain(Not(part) if denied else part, self.vocabulary)

    def _test(self, literal: Literal, place: Place, known: tuple[Literal, ...]) -> Iterator[Found]:
        if literal.constant:
            says = "always" if literal.always == literal.holds else "never"
            yield Found("constant-condition", place, f"{says} true, whatever the value: {self.english.test(literal.test)}")
            return
        for other in known:
            if other.excludes(literal):
                yield Found("unreachable-part", place, f"cannot matter, since here {self._said(other)}")
                return
            if other.implies(literal):
                yield Found("implied-part", place, f"holds here in any case, since {self._said(other)}")
                return

    def _siblings(self, group: All | AnyOf, place: Place) -> Iterator[Found]:
        """What parts of one group say about each other."""
        seen: dict[object, int] = {}
        key = _word(group)
        for n, part in enumerate(group.parts):
            literal = self._single(part)
            again = seen.setdefault((literal.key, literal.holds) if literal else repr(as_data(bare(part))), n)
            if again != n:
                yield Found("repeated-part", (*place, key, n), f"says the same as part {again + 1} of this `{key}`")
        whole = isinstance(group, All)
        single = [(n, literal) for n, part in enumerate(group.parts) if (literal := self._single(part)) is not None]
        for n, left in single:
            for m, right in single:
                if n == m or left.same(right) or left.constant or right.constant:
                    continue
                if n < m and (left.excludes(right) if whole else left.denied.implies(right)):
                    says = "never" if whole else "always"
                    yield Found("constant-condition", place, f"{says} true, by two of its parts: {self._said(left)}; {self._said(right)}")
                forth, back = left.implies(right), right.implies(left)
                if (forth if whole else back) and not (forth and back and m < n):
                    yield Found("implied-part", (*place, key, m), self._implied(whole, left))

    def _implied(self, whole: bool, other: Literal) -> str:
        return f"{'holds in any case, since' if whole else 'adds nothing, since it is enough that'} {self._said(other)}"

    def _single(self, part: Condition) -> Literal | None:
        match bare(part):
            case Test() as test:
                return Literal(test, True, self.vocabulary)
            case Not(Test() as test):
                return Literal(test, False, self.vocabulary)
        return None

    def _said(self, literal: Literal) -> str:
        return self.english.test(literal.test, not literal.holds)


def _word(group: All | AnyOf) -> str:
    return "all" if isinstance(group, All) else "any"


def _parts(condition: Condition, place: Place) -> Iterator[tuple[Condition, Place]]:
    match condition:
        case Not(part):
            yield part, (*place, "not")
        case All(parts) | AnyOf(parts):
            yield from ((part, (*place, _word(condition), n)) for n, part in enumerate(parts))
