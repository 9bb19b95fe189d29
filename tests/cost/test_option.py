"""The costs of many options at once: what is shared is worked out once, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from advisor.answers import load_answers
from advisor.cost.option import option_costs
from advisor.library import Library, shipped
from tests.conftest import AS_OF


def test_the_same_option_at_two_rents_has_two_costs(library: Library) -> None:
    answers = load_answers(shipped("data") / "examples" / "hospital-de.yaml", library.vocabulary)
    rented = next(o for o in library.table(AS_OF).options if o.deployment and len({str(c.value) for c in o.deployment.rent}) > 1)
    assert rented.deployment
    cheap, dear = (
        replace(rented, deployment=replace(rented.deployment, rent=(claim,)))
        for claim in sorted(rented.deployment.rent, key=lambda c: float(str(c.value)))[:: len(rented.deployment.rent) - 1]
    )
    together = option_costs([cheap, dear, cheap], answers, library.catalogue, AS_OF)
    alone = [option_costs([option], answers, library.catalogue, AS_OF)[0] for option in (cheap, dear, cheap)]
    assert [cost.lines for cost in together] == [cost.lines for cost in alone]
    assert together[0].usd != together[1].usd
