"""
How long the impact of a change takes: all rules new, ten rules removed, one removed. Prints; never gates.

Run: python benchmarks/impact.py [--population 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from advisor.audit.effects.impact import World, impact
from advisor.audit.effects.trial_cases import drawn_cases, written_cases
from advisor.library import load_library, shipped
from advisor.rulebook.rulebook import Rulebook
from advisor.vocabulary import Vocabulary

AS_OF = date(2026, 11, 24)
TARGET = "60 s"


@dataclass(frozen=True)
class Side:
    """Rules with the vocabulary they are read with."""

    rulebook: Rulebook
    vocabulary: Vocabulary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--population", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    library = load_library()
    rules = library.rulebook.rules
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, {os.cpu_count()} cores")
    start = time.perf_counter()
    roots = (shipped("data"),)
    cases = [*written_cases(roots, library.vocabulary), *drawn_cases(roots, library.vocabulary, arguments.population, arguments.seed)]
    print(f"{len(rules)} rules, {len(cases):,} cases, drawn in {time.perf_counter() - start:.1f} s\n")
    whole = Side(library.rulebook, library.vocabulary)
    judging = [name for name, rule in rules.items() if rule.effect == "require" and rule.arm(AS_OF)]
    for label, dropped in (("every rule new", set(rules)), ("ten rules new", set(judging[::8][:10])), ("one rule new", set(judging[:1]))):
        fewer = replace(whole, rulebook=Rulebook({name: rule for name, rule in rules.items() if name not in dropped}))
        start, busy = time.perf_counter(), time.process_time()
        found = impact(fewer, whole, cases, World(library.catalogue, AS_OF))
        took, busy = time.perf_counter() - start, time.process_time() - busy
        flips = f"{found.together.standings:,} standings and {found.together.recommendations:,} recommendations flip"
        print(f"{label:<16} {took:6.1f} s ({busy:.1f} s of processor time)   target {TARGET}   {found.pairs:,} pairs, {flips}")


if __name__ == "__main__":
    main()
