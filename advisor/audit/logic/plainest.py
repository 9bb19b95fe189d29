"""
The search for a state of facts that meets what is asked, and among those for one that is easy to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, inf, nextafter

from advisor.audit.logic.solver import NotDecided, new_solver, satisfiable, z3
from advisor.audit.logic.states import States, Term, both, either, exact, opposite, rational, ref, true
from advisor.possible import Possible


def any_state(states: States, facts: Sequence[str], constraints: Iterable[z3.BoolRef], effort: int) -> dict[str, Possible] | None:
    """The first state of the facts that comes, or None where there is none. Raises NotDecided."""
    solver = new_solver(effort)
    solver.add(*(ref(states.well_formed(name)) for name in facts), *constraints)
    return states.read(solver.model(), facts) if satisfiable(solver) else None


def best_state(
    states: States, facts: Sequence[str], constraints: Iterable[z3.BoolRef], marks: Sequence[Fraction], effort: int
) -> dict[str, Possible] | None:
    """A state of the facts, as plain as may be, or None where there is none. `marks` are numbers to try first. Raises NotDecided."""
    solver = new_solver(effort)
    solver.add(*(ref(states.well_formed(name)) for name in facts), *constraints)
    if not satisfiable(solver):
        return None
    tested = [name for name in facts if states.fact(name).kind != "text"]
    for wish in _wishes(states, tested):
        _granted(solver, wish)
    _leave_out(states, tested, solver)
    for wish in _plain_numbers(states, tested, solver, marks):
        _granted(solver, wish)
    satisfiable(solver)
    return states.read(solver.model(), tested)


def _granted(solver: z3.Solver, wish: Term) -> bool:
    """Holds the solver to a wish if it can be met. What cannot be decided is not wished for."""
    try:
        good = satisfiable(solver, ref(wish))
    except NotDecided:
        return False
    if good:
        solver.add(ref(wish))
    return good


def _wishes(states: States, facts: Sequence[str]) -> Iterator[Term]:
    """All facts known; else each fact known, or not known at all, or at least bounded."""
    settled = {name: states.settled(name) for name in facts}
    unknown = {name: states.fixed(name, states.vocabulary.unknown(states.fact(name))) for name in facts}
    yield both(settled.values())
    yield both(either([settled[name], unknown[name]]) for name in facts)
    for name in facts:
        yield settled[name]
        yield either([settled[name], unknown[name]])


def _leave_out(states: States, facts: Sequence[str], solver: z3.Solver) -> None:
    """Leaves values out of sets, one after the other, unfamiliar ones first, as long as an answer remains."""
    satisfiable(solver)
    model = solver.model()
    for name in facts:
        if states.fact(name).kind == "number":
            continue
        for value in reversed(states.shown(name)):
            bit = states.possible(name, value)
            if not true(model, bit):
                solver.add(opposite(bit))  # the answer at hand leaves it out already
            elif _granted(solver, opposite(bit)):
                satisfiable(solver)
                model = solver.model()


def _plain_numbers(states: States, facts: Sequence[str], solver: z3.Solver, marks: Sequence[Fraction]) -> Iterator[Term]:
    """For each end of a number: a small or expected figure if it will do, else one that can be written down."""
    for name in facts:
        if states.fact(name).kind != "number":
            continue
        x = states.ends(name)
        for end, none in ((x.lo, x.no_lo), (x.hi, x.no_hi)):
            satisfiable(solver)
            model = solver.model()
            if not true(model, none):
                yield from _candidates(end, rational(model, end), marks, solver)


def _candidates(end: z3.ArithRef, found: Fraction, marks: Sequence[Fraction], solver: z3.Solver) -> Iterator[Term]:
    near = float(found)
    expected = [
        Fraction(0),
        Fraction(1),
        *marks,
        *(m + 1 for m in marks),
        *(m - 1 for m in marks),
        Fraction(floor(found)),
        Fraction(ceil(found)),
    ]
    writable = [Fraction(near), Fraction(nextafter(near, inf)), Fraction(nextafter(near, -inf))]
    exactly_kept = [f for f in expected if Fraction(float(f)) == f]  # a limit beside 2^53 has neighbours that no float is
    for figure in dict.fromkeys([*exactly_kept, *writable]):
        satisfiable(solver)
        if rational(solver.model(), end) == figure and not satisfiable(solver, end != exact(figure)):
            return  # it is this one
        yield end == exact(figure)
