"""
How fast the engine is: verdicts, findings, and the command from cold. Prints; never gates.

Run: python benchmarks/engine.py [--runs 20]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from advisor.answers import load_answers
from advisor.assessment import Assessment, Derived, OptionTable, assess
from advisor.catalogue.evidence import Known
from advisor.catalogue.options import Option
from advisor.findings import Explainer
from advisor.library import Library, load_library, shipped
from advisor.possible import Choice, Interval, Members, Possible
from advisor.recommendation import own_premises, recommend
from advisor.rulebook.condition import ALWAYS, AnyOf, Limit, Test
from advisor.rulebook.rule import Rule
from advisor.rulebook.rulebook import Rulebook

AS_OF = date(2026, 11, 24)
LARGE_OPTIONS, LARGE_RULES = 2_500, 120


def medians(runs: int, work: Callable[[], object]) -> tuple[float, float, float]:
    """Least, median and most milliseconds of several runs, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return min(times), statistics.median(times), max(times)


def shown(label: str, figures: tuple[float, float, float], target: str = "") -> None:
    low, middle, high = figures
    print(f"{label:<66} {middle:8.1f} ms   ({low:.1f} to {high:.1f}){'   target ' + target if target else ''}")


def large_table(library: Library, options: Sequence[Option]) -> OptionTable:
    """2,500 options: the shipped ones repeated under new ids, each copy with some facts varied."""
    varied = []
    for n in range(LARGE_OPTIONS):
        source = options[n % len(options)]
        facts = {name: Known(_varied(known.possible, n + i), known.claims) for i, (name, known) in enumerate(source.facts.items())}
        varied.append(replace(source, id=f"{source.id}#{n}", facts=facts))
    return OptionTable(varied, library.vocabulary)


def _varied(value: Possible, n: int) -> Possible:
    """Every seventh fact a little wider than it was."""
    if n % 7:
        return value
    match value:
        case Interval(lo, hi):
            return Interval(lo, hi * 1.5)
        case Members(certain, possible):
            return Members(frozenset(sorted(certain)[n % 3 :]), possible)
        case Choice():
            return value


def large_rulebook(library: Library) -> Rulebook:
    """120 rules that all reach every option: shipped ones without their scope, repeated under new ids with another test of their own."""
    judging = [r for r in library.rulebook.rules.values() if r.effect != "weigh" and r.arm(AS_OF)]
    rules: dict[str, Rule] = {}
    for n in range(LARGE_RULES):
        rule = judging[n % len(judging)]
        arm = rule.arm(AS_OF)
        if arm is None:
            continue
        own = Test("option.retention_days", "at_most", Limit(float(n)))  # no two rules ask quite the same
        live = replace(arm, applies=ALWAYS, requires=AnyOf((arm.requires, own)))
        rules[f"{rule.id}-{n}"] = replace(rule, id=f"{rule.id}-{n}", arms=(live,), exceptions=())
    return Rulebook(rules)


def example_figures(library: Library, path: Path, large: OptionTable, runs: int) -> None:
    """Verdicts for one example's answers, on the shipped options and on 2,500."""
    answers = load_answers(path, library.vocabulary)
    table = library.table(AS_OF, own_premises(answers))
    derived = recommend(answers, library, AS_OF).assessment.derived
    label = f"{path.stem}: verdicts, {len(table.options)} options"
    shown(label, medians(runs, lambda: assess(answers, table, library.rulebook, AS_OF, derived)), "60 ms")
    wide = widened(derived, len(table.options))
    label = f"{path.stem}: verdicts, {LARGE_OPTIONS} options"
    shown(label, medians(runs, lambda: assess(answers, large, library.rulebook, AS_OF, wide)), "60 ms")


def widened(derived: Derived, count: int) -> Derived:
    return {name: [values[n % count] for n in range(LARGE_OPTIONS)] for name, values in derived.items()}


def findings(assessment: Assessment) -> int:
    """All findings of 25 options in detail, as the shortlist shows them."""
    explainer = Explainer(assessment)
    return sum(len(explainer.findings(n, ("breaches", "unknown", "complies", "waived"))) for n in range(25))


def cold(path: Path) -> None:
    command = [sys.executable, "-m", "advisor.cli.main", "recommend", str(path), "--format", "json"]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    library = load_library()
    examples = shipped("data") / "examples"
    print(
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {platform.machine()}, {os.cpu_count()} cores, medians of {runs}"
    )
    print(f"{len(library.rulebook.rules)} rules, {len(library.catalogue.models)} models, {len(library.catalogue.hosts)} hosts, {AS_OF}\n")
    heavy = load_answers(examples / "hospital-de.yaml", library.vocabulary)
    table = library.table(AS_OF, own_premises(heavy))
    large = large_table(library, table.options)
    for path in sorted(examples.glob("*.yaml")):
        example_figures(library, path, large, runs)
    result = recommend(heavy, library, AS_OF)
    wide = widened(result.assessment.derived, len(table.options))
    everything = large_rulebook(library)
    label = f"hospital-de: all {LARGE_RULES} rules live, {LARGE_OPTIONS} options"
    shown(label, medians(runs, lambda: assess(heavy, large, everything, AS_OF, wide)), "150 ms")
    shown("hospital-de: findings of 25 options in detail", medians(runs, lambda: findings(result.assessment)), "50 ms more")
    shown("hospital-de: recommend, library loaded", medians(runs, lambda: recommend(heavy, library, AS_OF)))
    shown("hospital-de: the command from cold", medians(max(3, runs // 4), lambda: cold(examples / "hospital-de.yaml")), "2,000 ms")


if __name__ == "__main__":
    main()
