"""Claims to what is possible: disputes widen, unknown widens to everything, certificates are certain only where they cover the service."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from advisor.catalogue.evidence import Known, Reader
from advisor.catalogue.files import ClaimFile, FactFile, SettledFact, SourceFile
from advisor.catalogue.options import Option, build_options
from advisor.library import Library
from advisor.possible import Choice, Interval, Members, exactly
from advisor.vocabulary import Vocabulary
from tests import made_up
from tests.conftest import AS_OF

SOURCES = {
    "page": SourceFile(name="The host's page", url="https://host.example", as_of="2026-05", grade="primary"),
    "blog": SourceFile(as_of="2026-06", grade="secondary"),
    "late": SourceFile(as_of="2027-01-01", grade="primary"),
    "memory": SourceFile(grade="memory"),
    "document": SourceFile(as_of="2026-11", grade="comparison-document"),
}


def claim(value: object, source: str = "page", **more: str) -> ClaimFile:
    return ClaimFile(value=value, source=source, **more)  # type: ignore[arg-type]


class Knows:
    """What the reader makes of an entry of a catalogue file."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __call__(self, fact: str, entry: FactFile, as_of: date = AS_OF) -> Known:
        return Reader(self.vocabulary, as_of).known(self.vocabulary.facts[f"option.{fact}"], entry, SOURCES)

    def unknown(self, fact: str) -> object:
        return self.vocabulary.unknown(self.vocabulary.facts[f"option.{fact}"])


@pytest.fixture
def known(vocabulary: Vocabulary) -> Knows:
    return Knows(vocabulary)


# ---------------------------------------------------------------------- numbers and choices
def test_one_claim_settles_a_number(known: Knows) -> None:
    assert known("retention_days", [claim(30)]).possible == Interval(30, 30)


def test_two_sources_that_differ_leave_everything_between_them(known: Knows) -> None:
    found = known("retention_days", [claim(30), claim(0, "blog")])
    assert found.possible == Interval(0, 30)
    assert found.disputed


def test_two_sources_that_agree_are_no_dispute(known: Knows) -> None:
    found = known("retention_days", [claim(30), claim(30.0, "blog")])
    assert found.possible == Interval(30, 30)
    assert not found.disputed


def test_a_claimed_range_stays_a_range(known: Knows) -> None:
    assert known("retention_days", [claim([0, 30])]).possible == Interval(0, 30)


def test_a_claim_of_unknown_widens_to_everything(known: Knows) -> None:
    assert known("retention_days", [claim(0), claim("unknown", "blog")]).possible == Interval(-math.inf, math.inf)
    assert known("trains_on_prompts", [claim("no"), claim("unknown", "blog")]).possible == Choice(frozenset({"yes", "no"}))


def test_no_claim_at_all_is_unknown(known: Knows) -> None:
    assert known("retention_days", []).possible == known.unknown("retention_days")


@pytest.mark.parametrize("source", ["memory", "late"])
def test_a_claim_from_memory_or_from_later_is_shown_and_does_not_count(source: str, known: Knows) -> None:
    found = known("retention_days", [claim(0, source)])
    assert found.possible == known.unknown("retention_days")
    assert [c.value for c in found.claims] == [0]


def test_a_choice_keeps_each_claimed_value(known: Knows) -> None:
    found = known("residency_commitment", [claim("contractual"), claim("none", "blog")])
    assert found.possible == Choice(frozenset({"contractual", "none"}))


def test_the_comparison_document_is_one_more_possible_value(known: Knows) -> None:
    found = known("context_tokens", [claim(1_050_000), claim(256_000, "document")])
    assert found.possible == Interval(256_000, 1_050_000)
    assert found.disputed


def test_a_settled_dispute_leaves_one_value_and_says_who_settled_it(known: Knows) -> None:
    entry = SettledFact.model_validate(
        {
            "claims": [claim(0), claim(30, "blog")],
            "settled": {
                "value": 30,
                "by": "A. Curator",
                "on": "2026-11-20",
                "source": "Letter of 2026-11-19",
                "reason": "Asked the host; the page is old.",
            },
        }
    )
    found = known("retention_days", entry)
    assert found.possible == Interval(30, 30)
    assert found.settled == "A. Curator, 2026-11-20, on Letter of 2026-11-19: Asked the host; the page is old."
    assert len(found.claims) == 2
    assert not found.disputed


# ---------------------------------------------------------------------- places
def test_global_is_every_place_certainly(known: Knows, vocabulary: Vocabulary) -> None:
    assert known("processing_places", [claim(["global"])]).possible == exactly(*vocabulary.places.countries)


def test_a_group_is_all_its_members_of_the_day(known: Knows, vocabulary: Vocabulary) -> None:
    found = known("processing_places", [claim(["EEA", "CH"])]).possible
    assert found == exactly(*vocabulary.places.members("eea", AS_OF), "CH")


def test_two_claims_of_places_are_certain_only_of_what_both_say(known: Knows) -> None:
    found = known("processing_places", [claim(["DE", "FR"]), claim(["DE", "US"], "blog")]).possible
    assert found == Members(frozenset({"DE"}), frozenset({"DE", "FR", "US"}))


def test_places_that_are_not_established_may_be_anywhere(known: Knows, vocabulary: Vocabulary) -> None:
    found = known("storage_places", [claim("unknown")]).possible
    assert found == Members(frozenset(), frozenset(vocabulary.places.countries))


def test_an_empty_list_of_places_says_that_nothing_is_stored(known: Knows) -> None:
    assert known("storage_places", [claim([])]).possible == exactly()


# ---------------------------------------------------------------------- held
def test_a_read_certificate_of_the_service_is_certain(known: Knows) -> None:
    found = known("certificates", {"soc2": [claim("yes")]}).possible
    assert isinstance(found, Members)
    assert found.certain == {"soc2"}


@pytest.mark.parametrize("covers", ["platform", "company"])
def test_a_certificate_of_the_platform_or_the_company_is_possible_and_not_certain(covers: str, known: Knows) -> None:
    found = known("certificates", {"soc2": [claim("yes", covers=covers)]}).possible
    assert isinstance(found, Members)
    assert "soc2" not in found.certain
    assert "soc2" in found.possible


def test_a_certificate_that_only_a_third_party_reports_is_possible_and_not_certain(known: Knows) -> None:
    found = known("certificates", {"soc2": [claim("yes", "blog")]}).possible
    assert isinstance(found, Members)
    assert "soc2" not in found.certain
    assert "soc2" in found.possible


def test_a_certificate_from_memory_is_possible_and_not_certain(known: Knows) -> None:
    found = known("certificates", {"c5": [claim("yes", "memory")]}).possible
    assert isinstance(found, Members)
    assert "c5" not in found.certain
    assert "c5" in found.possible


def test_what_the_host_is_known_not_to_have_is_not_possible(known: Knows) -> None:
    found = known("contract_offers", {"baa": [claim("no")]}).possible
    assert isinstance(found, Members)
    assert "baa" not in found.possible


def test_a_member_nobody_speaks_of_is_possible(known: Knows, vocabulary: Vocabulary) -> None:
    found = known("contract_offers", {"baa": [claim("no")], "dpa": [claim("yes")]}).possible
    assert found == Members(frozenset({"dpa"}), vocabulary.values(vocabulary.facts["option.contract_offers"]) - {"baa"})


@pytest.mark.parametrize("other", ["no", "unknown"])
def test_sources_that_differ_on_a_member_leave_it_possible(other: str, known: Knows) -> None:
    found = known("contract_offers", {"dpa": [claim("yes"), claim(other, "blog")]})
    assert isinstance(found.possible, Members)
    assert "dpa" not in found.possible.certain
    assert "dpa" in found.possible.possible
    assert bool(found.disputed) == (other == "no")


def test_a_newer_word_of_the_same_source_replaces_the_older_one_for_that_member_alone(known: Knows) -> None:
    older, newer = claim("yes", as_of="2025-01"), claim("no", as_of="2026-01")
    found = known("contract_offers", {"dpa": [older, newer], "baa": [claim("yes", as_of="2025-01")]}).possible
    assert isinstance(found, Members)
    assert "dpa" not in found.possible
    assert "baa" in found.certain


@pytest.mark.parametrize(("value", "certain", "possible"), [("yes", True, True), ("no", False, False), ("unknown", False, True)])
def test_a_settled_member_is_in_or_out_as_settled_and_open_where_it_was_settled_as_open(
    value: str, certain: bool, possible: bool, known: Knows
) -> None:
    settled = {"value": value, "by": "A. Curator", "on": "2026-11-20", "source": "A letter", "reason": "Asked the host."}
    entry = SettledFact.model_validate({"claims": [claim("yes"), claim("no", "blog")], "settled": settled})
    found = known("contract_offers", {"dpa": entry, "baa": [claim("yes")]})
    assert isinstance(found.possible, Members)
    assert ("dpa" in found.possible.certain, "dpa" in found.possible.possible) == (certain, possible)
    assert "baa" in found.possible.certain
    assert "A. Curator" in found.settled
    assert not found.disputed


# ---------------------------------------------------------------------- the shipped facts the examples stand on
@pytest.fixture(scope="module")
def options(library: Library) -> dict[str, Option]:
    return {option.id: option for option in build_options(library.catalogue, AS_OF, ("DE",))}


def context(option: Option) -> Interval:
    value = option.possible("option.context_tokens")
    assert isinstance(value, Interval)
    return value


def test_the_context_of_gpt_5_4_is_disputed_and_its_opt_in_is_a_variant_not_a_dispute(options: dict[str, Option]) -> None:
    for name in ("gpt-5.4@openai-api/global", "gpt-5.4@openai-api/eu"):
        claimed = {c.value for c in options[name].facts["option.context_tokens"].claims}
        assert {256_000, 272_000} <= claimed
        assert options[name].facts["option.context_tokens"].disputed
        assert context(options[name]) == Interval(256_000, 272_000)
        wide = options[f"{name}-1m"]
        assert context(wide).hi == 1_050_000
        assert wide.preconditions


def test_the_context_of_maverick_is_decided_host_by_host(options: dict[str, Option]) -> None:
    by_host: dict[str, list[Interval]] = {}
    for option in options.values():
        if option.model.id == "llama-4-maverick" and option.mode == "hosted-open":
            by_host.setdefault(option.host.id, []).append(context(option))
    assert len(by_host) >= 4
    assert all(value.hi <= 1_048_576 for values in by_host.values() for value in values)
    assert len({value for values in by_host.values() for value in values}) >= 2


def test_the_context_of_your_own_machines_is_limited_by_their_memory(options: dict[str, Option]) -> None:
    assert context(options["llama-4-maverick@on-premises/DE/8xh100-fp8"]).hi == 430_000
    assert context(options["llama-4-maverick@on-premises/DE/8xh200-fp8"]).hi == 1_000_000


def test_a_host_that_says_nothing_about_context_promises_nothing_but_cannot_exceed_the_weights(tmp_path: Path) -> None:
    catalogue = made_up.catalogue(tmp_path, hosts__made_up=made_up.host())
    (silent,) = [option for option in build_options(catalogue, AS_OF) if option.host.id == "made-up"]
    assert context(silent) == Interval(-math.inf, 131_072)
    assert [c.value for c in silent.facts["option.context_tokens"].claims] == [131_072]


def test_a_host_that_states_its_context_is_believed(tmp_path: Path) -> None:
    served = made_up.serving(facts={"context_tokens": [made_up.claim(32_768)]})
    (option,) = [o for o in build_options(made_up.catalogue(tmp_path, hosts__made_up=served), AS_OF) if o.host.id == "made-up"]
    assert context(option) == Interval(32_768, 32_768)


def test_facts_of_the_model_there_replace_those_of_the_endpoint_and_these_those_of_the_host(tmp_path: Path) -> None:
    facts = [{"retention_days": [made_up.claim(days)]} for days in (30, 7, 0)]
    served = made_up.host(
        facts={**facts[0], "trains_on_prompts": [made_up.claim("no")]},
        endpoints=[{"id": "plain", "name": "plain"}, *({"id": name, "name": name, "facts": facts[1]} for name in ("api", "quiet"))],
        serves=[
            {"model": "gpt-oss-120b", "endpoints": ["api"], "listed": made_up.LISTED, "facts": facts[2]},
            {"model": "gpt-oss-120b", "endpoints": ["plain", "quiet"], "listed": made_up.LISTED},
        ],
    )  # fmt: skip
    found = {o.place: o for o in build_options(made_up.catalogue(tmp_path, hosts__made_up=served), AS_OF) if o.host.id == "made-up"}
    kept = {place: option.possible("option.retention_days") for place, option in found.items()}
    assert kept == {"api": Interval(0, 0), "quiet": Interval(7, 7), "plain": Interval(30, 30)}
    assert {option.possible("option.trains_on_prompts") for option in found.values()} == {Choice(frozenset({"no"}))}


def test_global_endpoints_process_everywhere_certainly(options: dict[str, Option], vocabulary: Vocabulary) -> None:
    assert options["gpt-5.4@openai-api/global"].possible("option.processing_places") == exactly(*vocabulary.places.countries)


def test_your_own_premises_stand_in_your_country(library: Library) -> None:
    known_country, unknown_country = (build_options(library.catalogue, AS_OF, premises) for premises in (("DE",), ()))
    own = [o for o in known_country if o.host.kind == "own"]
    assert {o.possible("option.processing_places") for o in own} == {exactly("DE")}
    unstated = [o for o in unknown_country if o.host.kind == "own"]
    fact = library.vocabulary.facts["option.processing_places"]
    assert {o.possible("option.processing_places") for o in unstated} == {library.vocabulary.unknown(fact)}
    assert len(own) == len(unstated)
