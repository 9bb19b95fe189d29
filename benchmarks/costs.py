"""
How fast costs are: one assessment of all options, and the whole break-even page of four with its draws. Prints; never gates.

Run: python benchmarks/costs.py [--runs 10]
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from functools import partial

from advisor.audit.effects.trial_cases import written_cases
from advisor.cost.draws import DRAWS
from advisor.cost.option import option_costs
from advisor.library import load_library, nothing_to_collect, roots
from advisor.recommendation import Recommendation, recommend
from advisor.three_ways import MOST_WAYS, three_ways
from benchmarks.engine import AS_OF, medians, shown

AIM_ALL, AIM_PAGE = "80 ms", "400 ms"


def all_options(result: Recommendation) -> None:
    """What an assessment pays for costs: the sum of every option, no line written out."""
    library = result.library
    with nothing_to_collect():
        for cost in option_costs(library.table(AS_OF).options, result.answers, library.catalogue, AS_OF):
            _ = cost.usd


def four(result: Recommendation) -> Sequence[str]:
    """Four options of which at least one is self-hosted: those the page chooses, filled up from the list."""
    chosen = three_ways(result)
    names = [way.id for way in chosen.ways] if chosen else []
    more = (r.option.id for r in result.all if r.cost.known and r.option.id not in names)
    return [*names, *more][:MOST_WAYS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    library = load_library()
    count = len(library.table(AS_OF).options)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, medians of {runs}, {AS_OF}\n")
    for case in written_cases(roots("data", "ADVISOR_DATA"), library.vocabulary):
        if not case.name.startswith("examples/"):
            continue
        result = recommend(case.answers, library, AS_OF)
        name = case.name.removeprefix("examples/")
        shown(f"{name}: all {count} options", medians(runs, partial(all_options, result)), AIM_ALL)
        names = four(result)
        if three_ways(result, names) is not None:
            label = f"{name}: break-even page of four, {DRAWS:,} draws"
            shown(label, medians(runs, partial(three_ways, result, names)), AIM_PAGE)


if __name__ == "__main__":
    main()
