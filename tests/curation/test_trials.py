"""A trial says what recommending would say if a curator had settled the dispute; nothing else is tried, and nothing that is settled."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.answers import load_answers
from advisor.catalogue.files import ClaimFile
from advisor.curation.disputes import Dispute, disputes, usable
from advisor.curation.trials import Effect, effects
from advisor.library import Library, shipped
from advisor.possible import Interval
from advisor.recommendation import Recommendation, recommend
from tests.conftest import AS_OF
from tests.curation.worlds import changed, options_of, settled, small, with_host

CASES = ("examples/hospital-de", "examples/code-assistant-us", "cases/ch-retailer", "cases/us-hospital-phi")


def recommended(case: str, library: Library) -> Recommendation:
    return recommend(load_answers(shipped("data") / f"{case}.yaml", library.vocabulary), library, AS_OF)


@cache
def base(case: str) -> Recommendation:
    return recommended(case, small())


@cache
def found() -> tuple[Dispute, ...]:
    return disputes(small().table(AS_OF).options, small().catalogue, AS_OF)


@cache
def tried(case: str) -> dict[int, list[Effect]]:
    return effects(case, base(case), found())


def can_be_settled_alone(dispute: Dispute) -> bool:
    """The longest input of weights also bounds what silent hosts may serve, so that settling it touches more than the dispute."""
    own = any(option.mode == "self-hosted" for option in options_of(small(), dispute))
    return not (own and dispute.kind == "fact" and dispute.name == "option.context_tokens")


TRIALS = [
    (n, value) for n, dispute in enumerate(found()) if not dispute.settled and can_be_settled_alone(dispute) for value in usable(dispute)
]


def told(case: str, number: int, value: object) -> tuple[str, str | None]:
    """Outcome and best option that the trials give for a value of a dispute."""
    result = base(case)
    for effect in tried(case).get(number, []):
        if str(effect.value) == str(value):
            return effect.outcome[1], effect.recommended[1]
    return result.outcome, result.best.option.id if result.best else None


def once_settled(case: str, number: int, value: object) -> tuple[str, str | None]:
    """Outcome and best option once a curator has settled the dispute."""
    truth = recommended(case, settled(small(), found()[number], value))
    return truth.outcome, truth.best.option.id if truth.best else None


def test_there_are_disputes_to_try() -> None:
    assert {"fact", "price", "score"} <= {dispute.kind for dispute in found()}


@pytest.mark.parametrize("kind", ["price", "fact"])
def test_a_value_that_takes_the_first_option_away_is_named_with_what_comes_then(kind: str) -> None:
    """Sources that differ are added to the option that is recommended: under one of them it comes first no longer."""
    case = "cases/ch-retailer"
    library = doubted(base(case), kind)
    result = recommended(case, library)
    assert result.best
    listed = disputes(library.table(AS_OF).options, library.catalogue, AS_OF)
    ours = [n for n, d in enumerate(listed) if d.kind == kind and any(c.source == "A doubt" for c in d.claims)]
    found_of = effects(case, result, listed)
    changes = [effect for n in ours for effect in found_of.get(n, [])]
    assert changes
    for effect in changes:
        number = next(n for n in ours if effect in found_of.get(n, []))
        truth = recommended(case, settled(library, listed[number], effect.value))
        assert effect.recommended[0] == result.best.option.id
        assert (truth.outcome, truth.best.option.id if truth.best else None) == (effect.outcome[1], effect.recommended[1])


def doubted(result: Recommendation, kind: str) -> Library:
    """The small library with a second source that differs greatly on the recommended option."""
    library = small()
    assert result.best
    option = result.best.option
    doubt = {"source": "A doubt", "grade": "secondary", "as_of": "2026-10"}
    host = library.catalogue.hosts[option.host.id]
    serves = next(s for s in host.serves if s.model == option.model.id and option.endpoint.id in s.endpoints)
    if kind == "fact":
        doubts = changed(serves, listed=[*serves.listed, ClaimFile.model_validate({"value": "no", **doubt})])
    else:
        said = [*serves.price.output_usd_per_mtok, ClaimFile.model_validate({"value": 1900, **doubt})]
        price = changed(serves.price, output_usd_per_mtok=said)
        doubts = changed(serves, price=price)
    return with_host(library, changed(host, serves=[doubts if s is serves else s for s in host.serves]))


def test_every_change_that_a_trial_finds_is_what_settling_brings() -> None:
    """Up to five changes of each case."""
    compared = [
        (told(case, number, effect.value), once_settled(case, number, effect.value))
        for case in CASES
        for number, changes in list(tried(case).items())[:5]
        if can_be_settled_alone(found()[number])
        for effect in changes
    ]
    assert compared, "no dispute changes any of these cases any more: choose others"
    assert [said for said, _ in compared] == [true for _, true in compared]


@given(st.sampled_from(CASES), st.sampled_from(TRIALS))
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_a_trial_equals_recommending_with_the_dispute_settled(case: str, trial: tuple[int, object]) -> None:
    assert told(case, *trial) == once_settled(case, *trial)


def test_a_certificate_can_be_settled_and_the_options_judged_again() -> None:
    number = next(n for n, dispute in enumerate(found()) if dispute.member)
    for value in ("yes", "no"):
        assert told("cases/ch-retailer", number, value) == once_settled("cases/ch-retailer", number, value)


def test_a_settled_dispute_is_listed_with_its_record_and_not_tried() -> None:
    for kind in ("price", "score"):
        dispute = next(d for d in found() if d.kind == kind and len(usable(d)) > 1)
        library = settled(small(), dispute, usable(dispute)[0])
        after = disputes(library.table(AS_OF).options, library.catalogue, AS_OF)
        (same,) = [d for d in after if (d.kind, d.name, d.claims, d.models) == (kind, dispute.name, dispute.claims, dispute.models)]
        assert "A. Curator, 2026-11-20, on A letter: Asked the host." in same.settled
        result = recommended("cases/ch-retailer", library)
        assert effects("ch-retailer", result, [same]) == {}


def test_own_machines_in_a_country_are_tried_too() -> None:
    """The list of disputes names no country for your own premises; the answers of a case do."""
    own = [r for r in base("examples/hospital-de").all if r.option.host.kind == "own"]
    assert own
    assert not any(f"/{r.option.place}/" == "/unstated/" for r in own)
    listed = {name for dispute in found() for name in dispute.options if "@on-premises/unstated/" in name}
    assert listed


def test_the_longest_input_on_a_machine_is_tried_within_its_memory() -> None:
    from advisor.catalogue.machines import Machine
    from advisor.catalogue.options import on_machine

    option = next(o for o in small().table(AS_OF).options if o.id == "llama-4-maverick@on-premises/unstated/8xh100-fp8")
    assert option.deployment
    machine: Machine = option.deployment.machine
    assert on_machine(Interval(10_000_000, 10_000_000), machine) == option.possible("option.context_tokens")
    assert on_machine(Interval(1_000, 1_000), machine) == Interval(1_000, 1_000)
    whole = on_machine(Interval(-math.inf, math.inf), machine)
    assert isinstance(whole, Interval)
    assert whole.hi < math.inf
