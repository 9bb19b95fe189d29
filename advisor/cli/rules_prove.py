"""
`advisor rules prove`: what no example can show, for all cases at once.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.rules import FORMATS, app
from advisor.cli.shared import (
    PROBLEMS_FOUND,
    AsOfOption,
    DataOption,
    FormatOption,
    RulesOption,
    choice,
    day,
    emit,
    emit_json,
    library,
    progress,
)
from advisor.library import Library

if TYPE_CHECKING:
    from advisor.audit.proving.proofs import Proof


@app.command("prove")
def prove(
    chosen: Annotated[list[str] | None, typer.Argument(metavar="[RULE …]", help="Only these rules, and pairs with one of them.")] = None,
    as_of: AsOfOption = None,
    all_dates: Annotated[bool, typer.Option("--all-dates", help="Every span between two changes, not only today and later ones.")] = False,
    format: FormatOption = "text",
    rules: RulesOption = None,
    data: DataOption = None,
) -> None:
    """
    Proves that each rule can apply, be met, be breached and be open, that each exception matters, and that no two rules contradict each
    other, say the same, or make each other useless.
    """
    from advisor.audit.proving.proof_words import proof_data, proof_summary, proof_text

    choice("format", format, FORMATS)
    lib = library(rules, data)
    today = day(as_of)
    names = sorted({lib.rulebook.rule(name).id for name in chosen or ()})
    proof = _proved(lib, names, today, all_dates)
    count = len(names or lib.rulebook.rules)
    if format == "json":
        head = {"schema": "rules-proof/1", "as_of": str(today), "rulebook": lib.rulebook_digest, "rules": count}
        emit_json({**head, **proof_data(proof, lib.vocabulary)})
    else:
        if words := proof_text(proof, lib.rulebook.rules, lib.vocabulary):
            emit(words)
        print(proof_summary(proof, count), file=sys.stderr)
    if proof.problems or proof.undecided:
        raise typer.Exit(PROBLEMS_FOUND)


def _proved(lib: Library, names: list[str], today: date, all_dates: bool) -> Proof:
    """All proofs about some rules; no names: about all of them."""
    from advisor.audit.proving.proofs import Proof, meant, pair_days
    from advisor.audit.proving.prove_pairs import held_to, prove_pairs
    from advisor.audit.proving.prove_rule import prove_rule

    everything = list(lib.rulebook.rules.values())
    chosen = [rule for rule in everything if not names or rule.id in names]
    proof = Proof()
    for number, rule in enumerate(chosen, start=1):
        with progress(f"Proving rule {number} of {len(chosen)}"):
            proof += prove_rule(rule, lib.vocabulary, today, all_dates)
    about = frozenset(names) or None
    with progress("Comparing pairs of rules"):
        pairs = prove_pairs(everything, lib.vocabulary, pair_days(everything, lib.vocabulary, today, all_dates), about=about)
    return proof + held_to(pairs, meant(everything), lib.rulebook.rules, today, about)
