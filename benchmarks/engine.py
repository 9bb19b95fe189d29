"""
How fast the engine is: verdicts, findings, and the command from cold. Prints; never gates.

Run: python benchmarks/engine.py [--runs 20]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import yaml

from advisor.answers import Answers, load_answers
from advisor.assessment import OptionTable, assess
from advisor.catalogue.evidence import Known
from advisor.catalogue.options import Option
from advisor.findings import Explainer
from advisor.library import Library, load_library, shipped
from advisor.possible import Choice, Interval, Members, Possible
from advisor.recommendation import own_premises, recommend
from advisor.rulebook.load import Rulebook
from advisor.rulebook.rule import Rule

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


def large_rulebook(library: Library, answers: Answers) -> Rulebook:
    """120 rules that all reach every option: shipped ones without their scope in answers, repeated under new ids."""
    judging = [r for r in library.rulebook.rules.values() if r.effect != "weigh" and r.arm(AS_OF)]
    rules: dict[str, Rule] = {}
    for n in range(LARGE_RULES):
        rule = judging[n % len(judging)]
        arm = rule.arm(AS_OF)
        if arm is not None:
            live = replace(arm, applies=type(arm.applies)(()) if hasattr(arm.applies, "parts") else arm.applies)
            rules[f"{rule.id}-{n}"] = replace(rule, id=f"{rule.id}-{n}", arms=(live,), exceptions=())
    return Rulebook(rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    library = load_library()
    examples = sorted((shipped("data") / "examples").glob("*.yaml"))
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {platform.machine()}, medians of {runs}, {AS_OF}")
    print(f"{len(library.rulebook.rules)} rules, {len(library.catalogue.models)} models, {len(library.catalogue.hosts)} hosts\n")
    large = None
    for path in examples:
        answers = load_answers(path, library.vocabulary)
        table = library.table(AS_OF, own_premises(answers))
        result = recommend(answers, library, AS_OF)
        derived = result.assessment.derived
        count = len(table.options)
        shown(f"{path.stem}: verdicts, {count} options", medians(runs, lambda: assess(answers, table, library.rulebook, AS_OF, derived)), "60 ms")  # noqa: B023
        large = large or large_table(library, table.options)
        wide = {name: [values[n % count] for n in range(LARGE_OPTIONS)] for name, values in derived.items()}
        shown(f"{path.stem}: verdicts, {LARGE_OPTIONS} options", medians(runs, lambda: assess(answers, large, library.rulebook, AS_OF, wide)), "60 ms")  # noqa: B023
    everything = large_rulebook(library, answers)
    label = f"all {LARGE_RULES} rules live, {LARGE_OPTIONS} options"
    shown(label, medians(runs, lambda: assess(answers, large, everything, AS_OF, wide)), "150 ms")
    shown("findings of 25 options in detail", medians(runs, lambda: findings(result.assessment)), "50 ms")
    shown("recommend, library loaded", medians(runs, lambda: recommend(answers, library, AS_OF)))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "answers.yaml"
        copy.write_text(yaml.safe_dump(answers.plain()), encoding="utf-8")
        command = [sys.executable, "-m", "advisor.cli.main", "recommend", str(copy), "--format", "json"]
        shown("advisor recommend, from cold", medians(max(3, runs // 4), lambda: subprocess.run(command, check=True, capture_output=True)), "2,000 ms")


def findings(assessment: object) -> int:
    explainer = Explainer(assessment)  # type: ignore[arg-type]
    return sum(len(explainer.findings(n, ("breaches", "unknown", "complies", "waived"))) for n in range(25))


if __name__ == "__main__":
    main()
