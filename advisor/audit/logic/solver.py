"""
The solver: loaded where it is installed, set so that the same question always gets the same answer.

`z3` carries no type hints; all modules of this package take it from here.
"""

from __future__ import annotations

from advisor.errors import AdvisorError


class MissingSolver(AdvisorError):
    """The solver is not installed."""


class NotDecided(AdvisorError):
    """The solver gave up before it had an answer. Nothing may be concluded from that."""


try:
    import z3 as z3  # noqa: PLC0414  # handed on to the other modules
except (ImportError, OSError) as error:  # not there, or there without the library that it needs
    raise MissingSolver("This needs the solver. Install it with: pip install 'advisor[proofs]'") from error

EFFORT = 20_000_000
"""Steps the solver may take for one question, some seconds. Not a time, so that the answer does not hang on the machine."""


def new_solver(effort: int = EFFORT, large: bool = False) -> z3.Solver:
    """A solver that can be asked again and again, and prefers small sets, or large ones."""
    solver = z3.SimpleSolver()
    solver.set("random_seed", 7)
    solver.set("phase_selection", 1 if large else 0)  # values are in sets, or are not, unless something asks for the opposite
    solver.set("rlimit", effort)
    return solver


def satisfiable(solver: z3.Solver, *more: z3.BoolRef) -> bool:
    """Whether what the solver holds, and `more`, can be so. Raises NotDecided."""
    if more:
        solver.push()
        solver.add(*more)
    try:
        found = solver.check()
    finally:
        if more:
            solver.pop()
    if found == z3.unknown:
        raise NotDecided(f"the solver gave up: {solver.reason_unknown()}")
    return bool(found == z3.sat)
