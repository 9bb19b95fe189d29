"""Days on which a model is switched off: said of one endpoint, they warn at the others and decide nothing there."""

from __future__ import annotations

from advisor.catalogue.options import Option
from advisor.catalogue.retirement import ANOTHER_ENDPOINT, THE_DEVELOPER
from advisor.library import Library
from advisor.possible import choice
from tests.conftest import AS_OF

ANNOUNCED, MONTHS = "option.retirement_announced", "option.months_to_retirement"


def options(library: Library) -> dict[str, Option]:
    return {option.id: option for option in library.table(AS_OF).options}


def scopes(option: Option) -> set[str]:
    return {claim.scope for claim in option.facts[MONTHS].claims}


def test_a_day_at_another_endpoint_of_the_host_is_a_warning(library: Library) -> None:
    silent = options(library)["gpt-4.1@azure-openai/data-zone-eu-provisioned"]
    assert silent.facts[ANNOUNCED].possible == choice("yes")
    assert scopes(silent) == {ANOTHER_ENDPOINT, THE_DEVELOPER}


def test_the_developers_day_is_a_warning_where_another_host_passes_requests_on(library: Library) -> None:
    passed_on = options(library)["claude-sonnet-4-5@openrouter/global"]
    assert passed_on.facts[ANNOUNCED].possible == choice("yes")
    assert THE_DEVELOPER in scopes(passed_on)
    assert passed_on.facts["option.offered"].possible == choice("yes")


def test_open_weights_do_not_end_with_their_developers_service(library: Library) -> None:
    closed = [o for o in options(library).values() if THE_DEVELOPER in scopes(o)]
    assert closed
    assert {o.model.open_weights for o in closed} == {"no"}


def test_where_nobody_names_a_day_nothing_is_announced(library: Library) -> None:
    none = [o for o in options(library).values() if o.facts[ANNOUNCED].possible == choice("no") and not o.deployment]
    assert none
    assert all(not o.facts[MONTHS].claims for o in none)
