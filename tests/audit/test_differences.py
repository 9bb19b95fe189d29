"""What a change of rules alters: each kind of difference, shown by a case that both sides confirm; and never a wrong proof."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.audit.changes import diff_text
from advisor.audit.changes.differences import GAVE_UP, OTHERWISE, Difference, difference, differences
from advisor.audit.changes.meaning import Pair
from advisor.audit.changes.outcomes import CONSEQUENCES, WAYS, Comparison, outcome, parts
from advisor.audit.changes.spans import days
from advisor.possible import exactly
from advisor.rulebook.condition import All, AnyOf, Condition, Not, Test
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.rule import Arm, Effect, Obligation, Review, Rule, RuleException
from advisor.vocabulary import Vocabulary
from tests import small_world as small
from tests.audit.made_editions import AT_HOME, NO_TRAINING, OFFERED, PERSONAL, arm, edition, rule, rule_data, with_group
from tests.conftest import Advisor
from tests.rulebook.made_conditions import SOURCE, examples
from tests.small_world import AS_OF, Situation, small_world

BOTH = {"all": [NO_TRAINING, OFFERED]}
EITHER = {"any": [NO_TRAINING, OFFERED]}


def weighing(**changes: object) -> Rule:
    return rule(None, effect="weigh", reason="", remedy="", **changes)


def between(old: Rule, new: Rule, before: Vocabulary | None = None, after: Vocabulary | None = None) -> Difference:
    (found,) = differences(edition(old, vocabulary=before, name="old"), edition(new, vocabulary=after, name="new"))
    return found


def levels(found: Difference) -> list[tuple[str, str]]:
    return [(CONSEQUENCES[w.old.level], CONSEQUENCES[w.new.level]) for w in found.witnesses]


# ---------------------------------------------------------------------- the kinds
def test_nothing_differs_between_a_rulebook_and_itself() -> None:
    assert differences(edition(rule()), edition(rule())) == []
    assert difference("no-such-rule", edition(rule()), edition(rule())) is None


def test_only_texts_differ() -> None:
    examples = [*cast(list[object], rule_data()["examples"]), {"name": "a second", "given": {}, "verdict": "unknown"}]
    found = between(rule(), rule(title="A made-up rule with another title", examples=examples, arms=[arm(cite="Other Act s. 5")]))
    assert found.kind == "editorial"
    assert [change.key for change in found.texts] == ["title", "citation (in force from 2025-01-01)", "example “a second”"]
    assert found.cite_changed
    assert not found.witnesses
    assert not found.lines


def test_order_and_brackets_are_no_change_of_meaning() -> None:
    found = between(rule(arms=[arm(BOTH)]), rule(arms=[arm({"all": [OFFERED, {"all": [NO_TRAINING]}]})]))
    assert found.kind == "editorial"
    assert [change.key for change in found.texts] == ["order, brackets or repeats in the conditions"]


def test_written_otherwise_and_proved_to_mean_the_same() -> None:
    other = {"not": {"any": [{"not": NO_TRAINING}, {"not": OFFERED}]}}
    found = between(rule(arms=[arm(BOTH)]), rule(arms=[arm(other)]))
    assert found.kind == "equivalent"
    assert not found.witnesses
    assert found.lines


def test_stricter_and_looser_with_a_case() -> None:
    one, two = rule(), rule(arms=[arm(BOTH)])
    stricter, looser = between(one, two), between(two, one)
    assert (stricter.kind, looser.kind) == ("stricter", "looser")
    assert levels(stricter) == [("nothing", "excluded")]
    assert levels(looser) == [("excluded", "nothing")]
    (witness,) = stricter.witnesses
    assert witness.given["option.contract_offers"] == exactly()
    assert (witness.old.verdict, witness.new.verdict) == ("complies", "breaches")
    assert [line.sign for line in stricter.lines if line.sign != " "] == ["-", "+", "+", "+"]


def test_further_in_some_cases_and_less_far_in_others() -> None:
    found = between(rule(arms=[arm(NO_TRAINING)]), rule(arms=[arm(OFFERED)]))
    assert found.kind == "incomparable"
    assert levels(found) == [("nothing", "excluded"), ("excluded", "nothing")]
    assert found.why == "it goes further in some cases and less far in others"


def test_the_same_options_stand_but_the_finding_reads_otherwise() -> None:
    narrow = rule(arms=[arm(NO_TRAINING, {"all": [PERSONAL, {"not": NO_TRAINING}]})])
    found = between(rule(), narrow)
    assert (found.kind, found.why) == ("incomparable", OTHERWISE)
    (witness,) = found.witnesses
    assert (witness.old.verdict, witness.new.verdict) == ("complies", "not_applicable")


@pytest.mark.parametrize(
    ("old", "new", "kind", "consequences"),
    [
        ({"effect": "advise"}, {"effect": "mitigate"}, "stricter", ("a caution", "an open obligation")),
        ({}, {"effect": "mitigate"}, "looser", ("excluded", "an open obligation")),
        ({"arms": [arm(checked="memory")]}, {}, "stricter", ("unconfirmed", "excluded")),
        ({}, {"obligation": {"text": "Sign the contract."}}, "stricter", ("nothing", "an open obligation")),
        (
            {"obligation": {"text": "Sign the contract."}},
            {"obligation": {"text": "Sign the contract.", "done_when": {"fact": "use.agreements", "has": "dpa"}}},
            "looser",
            ("an open obligation", "nothing"),
        ),
    ],
)
def test_effect_source_and_duty_count_by_what_follows(
    old: dict[str, object], new: dict[str, object], kind: str, consequences: tuple[str, str]
) -> None:
    found = between(rule(None, **old), rule(None, **new))
    assert found.kind == kind
    assert levels(found) == [consequences]


def test_dates_count_too() -> None:
    found = between(rule(), rule(arms=[arm(since="2027-05-01")]))
    assert found.kind == "looser"
    assert found.witnesses[0].new.verdict == "not_in_force"
    later = [{**arm(), "in_force": {"from": "2025-01-01", "until": "2030-01-01"}}, arm(BOTH, since="2030-01-01")]
    found = between(rule(), rule(arms=later))
    assert found.kind == "stricter"
    assert found.witnesses[0].as_of == date(2030, 1, 1)


def test_an_exception_makes_a_rule_looser() -> None:
    american = {"use.organisation_country": "US", "use.data_classes": ["personal"], "option.trains_on_prompts": "yes"}
    exception = {
        "id": "abroad", "title": "Not abroad", "when": {"fact": "use.organisation_country", "is": "US"}, "source": arm()["source"],
        "examples": [{"name": "abroad", "given": american, "verdict": "not_applicable"}],
    }  # fmt: skip
    found = between(rule(), rule(exceptions=[exception]))
    assert found.kind == "looser"
    assert found.witnesses[0].name == "abroad"
    assert "it does not apply when (abroad):" in [line.text for line in found.lines]


# ---------------------------------------------------------------------- rules that come and go
def test_a_new_rule_bites_in_a_case_and_a_removed_one_did() -> None:
    (new,) = differences(edition(), edition(rule()))
    assert (new.kind, levels(new)) == ("new", [("nothing", "excluded")])
    assert new.witnesses[0].old.verdict is None
    (gone,) = differences(edition(rule()), edition())
    assert (gone.kind, levels(gone)) == ("removed", [("excluded", "nothing")])


def test_a_printed_case_is_preferred() -> None:
    given = {"use.data_classes": ["personal"], "option.trains_on_prompts": "yes"}
    case = {"name": "it trains on them", "given": given, "verdict": "breaches"}
    (new,) = differences(edition(), edition(rule(examples=[case])))
    assert new.witnesses[0].name == "it trains on them"


def test_a_rule_that_never_does_anything_is_said_to() -> None:
    (new,) = differences(edition(), edition(rule(arms=[arm(applies={"any": []})])))
    assert (new.why, new.witnesses) == ("it changes nothing in any case on any date", ())


# ---------------------------------------------------------------------- points
def test_points_are_compared_by_criterion() -> None:
    whole = {"in_force": {"from": "2025-01-01"}, "source": arm()["source"], "applies_when": PERSONAL}
    one, two = (weighing(arms=[{**whole, "points": points}]) for points in ({"cost": 2, "control": 1}, {"cost": 1, "quality": 1}))
    found = between(one, two)
    assert found.kind == "incomparable"
    assert found.why == "in some cases quality gains points and control, cost loses points"
    assert found.witnesses[0].new.points == (("cost", 1), ("quality", 1))
    twice = {"not": {"all": [{"not": PERSONAL}, {"not": PERSONAL}, {"all": []}]}}
    again = weighing(arms=[{**whole, "points": {"cost": 2, "control": 1}, "applies_when": twice}])
    assert between(one, again).kind == "equivalent"
    never = weighing(arms=[{**whole, "points": {"cost": 2, "control": 1}, "applies_when": {"any": []}}])
    assert between(one, never).why == "in some cases control, cost loses points"


# ---------------------------------------------------------------------- groups and vocabularies
def test_a_changed_group_changes_every_rule_that_uses_it() -> None:
    home, other = rule(arms=[arm(AT_HOME)]), rule(id="other")
    before, after = with_group("DE", "FR"), with_group("DE", "FR", "CH")
    (found,) = differences(edition(home, other, vocabulary=before), edition(home, other, vocabulary=after))
    assert (found.rule, found.kind) == ("made-up", "looser")
    assert found.witnesses[0].given["option.processing_places"] == exactly("CH")
    head = "the made-up union, its members on 2026-11-24:"
    assert [(line.sign, line.text) for line in found.lines] == [(" ", head), ("+", "Switzerland")]


def test_a_group_that_changes_later_changes_the_rule_from_then_on() -> None:
    home = rule(arms=[arm(AT_HOME)])
    found = between(home, home, with_group("DE"), with_group("DE", later=("FR",)))
    assert (found.kind, found.witnesses[0].as_of) == ("looser", date(2027, 1, 1))


def test_a_group_written_out_means_the_same_while_its_members_stay() -> None:
    listed = rule(arms=[arm({"fact": "option.processing_places", "within": ["DE", "FR"]})])
    assert between(rule(arms=[arm(AT_HOME)]), listed).kind == "equivalent"
    assert between(rule(arms=[arm(AT_HOME)]), listed, with_group("DE", "FR", until="2028-01-01")).kind == "looser"


def test_what_one_side_does_not_know_is_incomparable() -> None:
    whole = with_group("DE")
    less = replace(whole, facts={name: fact for name, fact in whole.facts.items() if name != "option.contract_offers"})
    found = between(rule(less), rule(arms=[arm(BOTH)]), less, whole)
    assert found.kind == "incomparable"
    assert found.why == "old does not know the fact option.contract_offers; apart from that it is stricter"
    assert levels(found) == [("nothing", "excluded")]
    found = between(rule(arms=[arm(BOTH)]), rule(less), whole, less)
    assert found.why == "new does not know the fact option.contract_offers; apart from that it is looser"
    domain = whole.facts["option.contract_offers"].domain or ""
    offers = {value: words for value, words in whole.domains[domain].items() if value != "dpa"}
    short = replace(whole, domains={**whole.domains, domain: offers}, _whole={})
    assert between(rule(arms=[arm(BOTH)]), rule(), whole, short).why.startswith("new does not know the value dpa of option.contract_offers")


def test_a_fact_in_another_unit_is_another_fact() -> None:
    whole = with_group("DE")
    hours = whole.facts["option.retention_days"].model_copy(update={"unit": "hours"})
    other = replace(whole, facts={**whole.facts, "option.retention_days": hours})
    kept = rule(arms=[arm({"fact": "option.retention_days", "at_most": 30})])
    found = between(kept, kept, whole, other)
    assert found.kind == "incomparable"
    assert found.why == "the fact option.retention_days is counted in hours now, and was in days"


def test_what_the_solver_gives_up_on_is_never_called_the_same() -> None:
    other = {"not": {"any": [{"not": NO_TRAINING}, {"not": OFFERED}]}}
    vocabulary = with_group("DE")
    found = Pair(rule(arms=[arm(BOTH)]), rule(arms=[arm(other)]), vocabulary, vocabulary, vocabulary, effort=1).compare()
    assert found.undecided
    assert not found.witnesses
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patched:
        patched.setattr(Pair, "compare", lambda self: Comparison(undecided=True))
        judged = between(rule(arms=[arm(BOTH)]), rule(arms=[arm(other)]))
    assert (judged.kind, judged.why) == ("incomparable", GAVE_UP)


# ---------------------------------------------------------------------- reviews
def signed(item: Rule) -> Rule:
    record = Review("Remy Reviewer", "counsel", date(2026, 11, 1), tree_fingerprint(item), cite_fingerprint(item), "all of it", "", ())
    return replace(item, author="Ada Author", reviews=(record,))


def test_what_becomes_of_a_review() -> None:
    old = signed(rule(arms=[arm(BOTH)]))

    def fate(new: Rule) -> tuple[str, bool]:
        found = between(old, replace(new, author=old.author, reviews=old.reviews))
        return found.review, found.cite_changed

    assert fate(rule(arms=[arm(BOTH)], title="Another title for the same rule")) == ("kept", False)
    assert fate(rule(arms=[arm({"not": {"any": [{"not": NO_TRAINING}, {"not": OFFERED}]}})])) == ("may be carried", False)
    assert fate(rule()) == ("voided", False)
    assert fate(rule(arms=[arm(BOTH, cite="Other Act s. 5")])) == ("voided", True)
    assert between(rule(), rule(arms=[arm(BOTH)])).review == "none"
    (gone,) = differences(edition(old), edition())
    assert gone.review == "voided"
    home = signed(rule(arms=[arm(AT_HOME)]))
    found = between(home, home, with_group("DE"), with_group("DE", "CH"))
    assert (found.review, found.lists_changed) == ("kept", True)
    assert "look at it again" in diff_text.review_words(found, "old")


# ---------------------------------------------------------------------- proofs hold
WORLD = small_world(40, (0.0, 1.0, 2.0, 30.0), spread=(0, 1, 2, 3))


@st.composite
def made(draw: st.DrawFn) -> Rule:
    """A rule with one or two arms, and perhaps an exception with one of its own."""
    conditions = small.conditions(WORLD, 3)
    inner = RuleException("inner", "an exception to the exception", draw(conditions), SOURCE, (), ())
    outer = RuleException("outer", "an exception", draw(conditions), SOURCE, (), (inner,) if draw(st.booleans()) else ())
    memory = replace(SOURCE, checked="memory")
    arms = [Arm(None, AS_OF, draw(st.sampled_from((SOURCE, memory))), draw(conditions), draw(conditions), {})]
    if draw(st.booleans()):
        arms.append(Arm(AS_OF, date(2027, 1, 1), SOURCE, draw(conditions), draw(conditions), {}))
    exceptions = (outer,) if draw(st.booleans()) else ()
    return Rule(
        "made-up", "A made-up rule", "require", "XX", "none", tuple(arms), exceptions, "reason", "remedy", None, (), "none", "made-up"
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rule, Rule, list[Situation]]:
    """Two rules that have much in common, and states of all the facts they read."""
    listed: tuple[Effect, ...] = ("require", "require", "mitigate", "advise")
    effects = st.sampled_from(listed)
    old = draw(made())
    other = draw(made())
    duty = Obligation("Do it.", draw(small.conditions(WORLD, 2)), draw(st.one_of(st.none(), small.conditions(WORLD, 2))))
    effect = draw(effects)
    old = replace(old, effect=effect, obligation=duty if draw(st.booleans()) else None)
    match draw(st.sampled_from(("rewritten", "arm", "exceptions", "effect", "other"))):
        case "rewritten":
            new = replace(old, arms=tuple(replace(a, applies=rewritten(a.applies), requires=rewritten(a.requires)) for a in old.arms))
        case "arm":
            new = replace(old, arms=(replace(old.arms[0], requires=other.arms[0].requires), *old.arms[1:]))
        case "exceptions":
            new = replace(old, exceptions=other.exceptions)
        case "effect":
            new = replace(old, effect=draw(effects), obligation=duty)
        case _:
            new = replace(other, effect=effect)
    read = sorted({*old.facts, *new.facts})
    return old, new, draw(st.lists(small.situations(WORLD, read), min_size=1, max_size=3))


def rewritten(condition: Condition) -> Condition:
    """The same meaning in other words: by the laws of De Morgan."""
    match condition:
        case Test():
            return Not(AnyOf((Not(condition),)))
        case Not(part):
            return Not(rewritten(part))
        case All(parts):
            return Not(AnyOf(tuple(Not(rewritten(part)) for part in parts)))
        case AnyOf(parts):
            return Not(All(tuple(Not(rewritten(part)) for part in parts)))


def assert_sound(case: tuple[Rule, Rule, list[Situation]]) -> None:
    old, new, situations = case
    found = Pair(old, new, WORLD.vocabulary, WORLD.vocabulary, WORLD.vocabulary).compare()
    assert not found.undecided
    for way, witness in found.witnesses.items():
        assert parts(witness.old, witness.new, way)
    for on in days([(old, WORLD.vocabulary.places), (new, WORLD.vocabulary.places)]):
        for facts in (facts for situation in situations for facts in situation.facts()):
            one, two = (outcome(rule, WORLD.vocabulary, on, facts) for rule in (old, new))
            for way in WAYS:
                assert way in found.witnesses or not parts(one, two, way), f"{way} on {on} was proved impossible"


@examples(60)
@given(pairs())
def test_what_is_proved_never_happens_in_any_case(case: tuple[Rule, Rule, list[Situation]]) -> None:
    assert_sound(case)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@examples(2_000)
@given(pairs())
def test_what_is_proved_never_happens_in_very_many_cases(case: tuple[Rule, Rule, list[Situation]]) -> None:
    assert_sound(case)


@examples(40)
@given(made())
def test_a_rewritten_rule_is_proved_to_mean_the_same(old: Rule) -> None:
    new = replace(old, arms=tuple(replace(a, applies=rewritten(a.applies), requires=rewritten(a.requires)) for a in old.arms))
    assert not Pair(old, new, WORLD.vocabulary, WORLD.vocabulary, WORLD.vocabulary).compare().witnesses


# ---------------------------------------------------------------------- the command
def put(folder: Path, **changes: object) -> str:
    folder.mkdir()
    (folder / "made-up.yaml").write_text(json.dumps(rule_data(**changes)), encoding="utf-8")
    return str(folder)


def test_the_command_says_it_in_words_and_in_json(advisor: Advisor, tmp_path: Path) -> None:
    old, new = put(tmp_path / "old"), put(tmp_path / "new", arms=[arm(BOTH)])
    ran = advisor("rules", "diff", old, new)
    assert ran.code == 0
    assert f"From {old} to {new}: 1 rule differs: 1 stricter." in ran.out
    assert "before: complies, so nothing" in ran.out
    assert "now: breaches, so excluded" in ran.out
    document = advisor("rules", "diff", old, new, "--format", "json").json
    assert document["schema"] == "rules-diff/1"
    assert document["counts"]["stricter"] == 1
    (item,) = document["rules"]
    assert item["witnesses"][0]["given"]["option.contract_offers"] == []
    assert item["witnesses"][0]["new"] == {"verdict": "breaches", "consequence": "excluded", "points": {}, "words": "breaches, so excluded"}
    assert advisor("rules", "diff", old, old).out == f"From {old} to {old}: no rule differs.\n"


def test_an_overlay_lies_on_top_of_the_new_side(advisor: Advisor, tmp_path: Path) -> None:
    old, mine = put(tmp_path / "old"), put(tmp_path / "mine", effect="advise")
    document = advisor("rules", "diff", old, old, "--rules", mine, "--format", "json").json
    assert [item["kind"] for item in document["rules"]] == ["looser"]


@pytest.mark.parametrize("spec", ["--output=x", "no-such-thing"])
def test_a_name_that_is_nothing_is_refused(advisor: Advisor, tmp_path: Path, spec: str) -> None:
    ran = advisor("rules", "diff", "--", spec, put(tmp_path / "new"))
    assert ran.code == 2
    assert "there is no folder and no Git revision of this name" in ran.err
    assert ran.out == ""
