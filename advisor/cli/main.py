"""
The command `advisor`: reads arguments, calls the library, prints. Exit 0 fine, 1 problems found, 2 could not run.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

import typer

from advisor.cli import (
    catalogue,
    curation,
    decide,
    questionnaire,
    rules,
    rules_coverage,
    rules_diff,
    rules_impact,
    rules_prove,
    rules_review,
)
from advisor.cli.shared import fail
from advisor.errors import AdvisorError

app = typer.Typer(
    name="advisor",
    help="Which AI model may we use, which should we use, how do we run it, what does it cost, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
RARELY = 500_000
"""New objects between two runs of the garbage collector: a command makes millions of small records that all stay, and looking through
them again and again would take a third of its time."""
ADDED_TO_RULES = (rules_coverage, rules_diff, rules_impact, rules_prove, rules_review)
"""Each adds its commands to `rules.app` as it is imported."""
ADDED_TO_CATALOGUE = (curation,)
"""Likewise to `catalogue.app`."""
app.add_typer(rules.app, name="rules")
app.add_typer(catalogue.app, name="catalogue")
questionnaire.register(app)
decide.register(app)


def run() -> None:
    """Entry point. Turns every error the advisor raises on purpose into a message and exit code 2."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.environ.setdefault("PYTHONUTF8", "1")
    gc.set_threshold(RARELY)
    try:
        app()
    except AdvisorError as error:
        sys.exit(fail(error))


if __name__ == "__main__":
    run()
