"""
How fast the catalogue is: from files, from the cache of what was read, disputes and gaps over the examples, memory. Prints; never gates.

Run: python benchmarks/catalogue.py [--runs 10]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections import Counter
from pathlib import Path

from advisor.audit.effects.trial_cases import written_cases
from advisor.catalogue.feeds import load_feeds
from advisor.catalogue.load import load_catalogue
from advisor.catalogue.options import build_options
from advisor.curation.disputes import disputes
from advisor.curation.gaps import gaps
from advisor.curation.integrity import problems
from advisor.curation.trials import effects
from advisor.library import Library, load_library, nothing_to_collect, roots
from advisor.recommendation import recommend
from advisor.vocabulary import load_vocabulary
from benchmarks.engine import AS_OF, medians, shown

DATA = roots("data", "ADVISOR_DATA")


def from_files() -> None:
    """Every file of the catalogue read and checked, every option of a day built from it."""
    with nothing_to_collect():
        build_options(load_catalogue(DATA, load_vocabulary(DATA)), AS_OF)


def from_cache() -> None:
    """What a second session of the app pays: the digests of all files, and the table that they stand for."""
    load_library().table(AS_OF)


def whole_process() -> int:
    """The memory of a process that has loaded everything and given one recommendation, in MiB."""
    code = "from benchmarks.catalogue import most_memory, once; once(); print(most_memory())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout)


def most_memory() -> int:
    """The most memory this process has held, in MiB. A child's `getrusage` would count that of its parent."""
    line = next(x for x in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def once() -> None:
    library = load_library()
    recommend(written_cases(DATA, library.vocabulary)[0].answers, library, AS_OF)


def over_examples(library: Library) -> None:
    """Disputes tried and gaps gathered over the ready examples."""
    cases = [case for case in written_cases(DATA, library.vocabulary) if case.name.startswith("examples/")]
    found = disputes(library.table(AS_OF).options, library.catalogue, AS_OF)
    results = [(case, recommend(case.answers, library, AS_OF)) for case in cases]
    for case, result in results:
        effects(case.name, result, found)
    gaps(results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    library = load_library()
    options = library.table(AS_OF).options
    modes = Counter(option.mode for option in options)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, medians of {runs}")
    print(f"{len(library.catalogue.models)} models, {len(library.catalogue.hosts)} hosts, {len(options)} options {dict(modes)}, {AS_OF}\n")
    shown("everything from files, options built", medians(runs, from_files), "1,000 ms")
    shown("of that, the price snapshots", medians(runs, lambda: load_feeds(DATA)))
    shown("the same from the cache, by digest of all files", medians(runs, from_cache), "100 ms")
    shown("integrity of every file", medians(max(3, runs // 3), lambda: problems(DATA, library.catalogue)))
    shown("disputes and gaps over the examples", medians(3, lambda: over_examples(library)))
    print(f"{'memory of a process that gave one recommendation':<66} {whole_process():8d} MiB   target 400 MiB")
    print(f"{'memory of this process at its most':<66} {most_memory():8d} MiB")


if __name__ == "__main__":
    main()
