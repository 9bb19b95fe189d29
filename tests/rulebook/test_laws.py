"""Laws that hold whatever the rules say: of the logic, of the order of files, and of repeated runs."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor import export
from advisor.answers import Answers, load_answers
from advisor.library import Library, load_library, shipped
from advisor.possible import Choice, Interval, Members, Possible, is_settled, union
from advisor.recommendation import Recommendation, recommend
from advisor.rulebook.condition import All, AnyOf, Condition, Not, facts_read
from advisor.rulebook.judge import Judge
from advisor.rulebook.load import load_rulebook
from advisor.rulebook.rule import Arm, Rule, Source
from advisor.rulebook.truth import FALSE, TRUE
from advisor.strict_yaml import Data, parse
from tests import small_world as small
from tests.conftest import AS_OF, ROOT
from tests.small_world import FACTS, LARGE

JUDGE = Judge(LARGE.vocabulary, small.AS_OF)
LAWS = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONDITIONS = small.conditions(LARGE, 5)
Told = Mapping[str, Possible]


@st.composite
def told(draw: st.DrawFn, count: int) -> tuple[list[Condition], Told]:
    """Some conditions, and what is possible of all facts that they read."""
    conditions = [draw(CONDITIONS) for _ in range(count)]
    names = sorted({name for condition in conditions for name in facts_read(condition)})
    return conditions, {name: draw(small.possibles(LARGE, FACTS[name])) for name in names}


@st.composite
def narrowed(draw: st.DrawFn, value: Possible) -> Possible:
    """What may be left of a fact once somebody has found out more about it."""
    match value:
        case Interval(lo, hi):
            inside = st.sampled_from([x for x in (lo, *LARGE.numbers, hi) if lo <= x <= hi])
            ends = sorted((draw(inside), draw(inside)))
            return value if abs(ends[0]) == float("inf") and ends[0] == ends[1] else Interval(*ends)
        case Choice(possible):
            return Choice(draw(st.frozensets(st.sampled_from(sorted(possible)), min_size=1)))
        case Members(certain, possible):
            kept = certain | draw(st.frozensets(st.sampled_from(sorted(possible)), max_size=4)) if possible else certain
            return Members(certain | draw(st.frozensets(st.sampled_from(sorted(kept)), max_size=4)) if kept else certain, kept)


@st.composite
def settled(draw: st.DrawFn, value: Possible) -> Possible:
    """One of the values that a fact may truly have."""
    match value:
        case Interval(lo, hi):
            point = draw(st.sampled_from([x for x in (lo, *LARGE.numbers, hi) if lo <= x <= hi and abs(x) < float("inf")] or [0.0]))
            return Interval(point, point)
        case Choice(possible):
            return Choice(frozenset({draw(st.sampled_from(sorted(possible)))}))
        case Members(certain, possible):
            members = certain | draw(st.frozensets(st.sampled_from(sorted(possible)), max_size=4)) if possible else certain
            return Members(members, members)


# ---------------------------------------------------------------------- logic
@LAWS
@given(told(1))
def test_what_must_hold_may_hold(case: tuple[list[Condition], Told]) -> None:
    (condition,), facts = case
    found = JUDGE.truth(condition, facts.__getitem__)
    assert found.may or not found.must


@LAWS
@given(told(1))
def test_not_twice_is_the_same(case: tuple[list[Condition], Told]) -> None:
    (condition,), facts = case
    assert JUDGE.truth(Not(Not(condition)), facts.__getitem__) == JUDGE.truth(condition, facts.__getitem__)


@LAWS
@given(told(3))
def test_de_morgan(case: tuple[list[Condition], Told]) -> None:
    parts, facts = tuple(case[0]), case[1].__getitem__
    denied = tuple(Not(part) for part in parts)
    assert JUDGE.truth(Not(All(parts)), facts) == JUDGE.truth(AnyOf(denied), facts)
    assert JUDGE.truth(Not(AnyOf(parts)), facts) == JUDGE.truth(All(denied), facts)


@LAWS
@given(told(3), st.randoms(use_true_random=False))
def test_the_order_of_parts_changes_nothing(case: tuple[list[Condition], Told], chance: random.Random) -> None:
    parts, facts = case[0], case[1].__getitem__
    mixed = chance.sample(parts, len(parts))
    assert JUDGE.truth(All(tuple(mixed)), facts) == JUDGE.truth(All(tuple(parts)), facts)
    assert JUDGE.truth(AnyOf(tuple(mixed)), facts) == JUDGE.truth(AnyOf(tuple(parts)), facts)


@LAWS
@given(told(1), st.data())
def test_nothing_is_unknown_once_everything_is_known(case: tuple[list[Condition], Told], data: st.DataObject) -> None:
    (condition,), facts = case
    known = {name: data.draw(settled(value)) for name, value in facts.items()}
    assert all(is_settled(value) for value in known.values())
    assert JUDGE.truth(condition, known.__getitem__) in (TRUE, FALSE)


def test_all_of_nothing_holds_and_any_of_nothing_does_not() -> None:
    def nothing(fact: str) -> Possible:
        raise KeyError(fact)

    assert JUDGE.truth(All(()), nothing) == TRUE
    assert JUDGE.truth(AnyOf(()), nothing) == FALSE


# ---------------------------------------------------------------------- filling in
@LAWS
@given(told(1), st.data())
def test_finding_out_more_never_flips_a_settled_truth(case: tuple[list[Condition], Told], data: st.DataObject) -> None:
    (condition,), facts = case
    before = JUDGE.truth(condition, facts.__getitem__)
    after = JUDGE.truth(condition, {name: data.draw(narrowed(value)) for name, value in facts.items()}.__getitem__)
    assert after.must or not before.must
    assert before.may or not after.may


@LAWS
@given(told(2), st.data())
def test_finding_out_more_never_flips_a_settled_verdict(case: tuple[list[Condition], Told], data: st.DataObject) -> None:
    (applies, requires), facts = case
    source = Source("Example Act s. 1", "", "read", None)
    rule = Rule(
        "r", "A made-up rule", "require", "XX", "none", (Arm(None, None, source, applies, requires, {}),), (), "", "", None, (), "", ""
    )
    before = JUDGE.verdict(rule, facts.__getitem__)
    after = JUDGE.verdict(rule, {name: data.draw(narrowed(value)) for name, value in facts.items()}.__getitem__)
    if before == "complies":  # what is met stays met, or turns out not to be asked for
        assert after in ("complies", "not_applicable")
    elif before != "unknown":
        assert after == before


@LAWS
@given(told(1), st.data())
def test_one_more_claim_never_settles_anything(case: tuple[list[Condition], Told], data: st.DataObject) -> None:
    """A dispute is the union of its claims: another claim widens what is possible and can only unsettle."""
    (condition,), facts = case
    more = {name: union([value, data.draw(small.possibles(LARGE, FACTS[name]))]) for name, value in facts.items()}
    before, after = JUDGE.truth(condition, facts.__getitem__), JUDGE.truth(condition, more.__getitem__)
    assert before.must or not after.must
    assert after.may or not before.may


@pytest.mark.parametrize("name", ["hospital-de", "startup-us"])
def test_filling_in_an_answer_never_flips_a_settled_verdict_of_a_shipped_rule(name: str, library: Library) -> None:
    answers = _example(name, library)
    full = recommend(answers, library, AS_OF)
    for key in ("data_classes", "residency", "organisation_country", "longest_input_tokens"):
        without = recommend(Answers({k: v for k, v in answers.known.items() if k != key}, library.vocabulary), library, AS_OF)
        flipped = _flips(without, full)
        assert not flipped, f"answering {key} turned {flipped[:3]}"


def _flips(before: Recommendation, after: Recommendation) -> list[tuple[str, str, str, str]]:
    """Verdicts that were settled and are another settled one now; complied may become not applicable."""
    allowed = {("complies", "not_applicable")}
    positions = {ranked.option.id: ranked.position for ranked in after.all}
    found: list[tuple[str, str, str, str]] = []
    for number, live in enumerate(before.assessment.rules):
        for ranked in before.all:
            if ranked.option.id not in positions:  # your own premises move once your country is known
                continue
            was = before.assessment.verdict(number, ranked.position)
            now = after.assessment.verdict(number, positions[ranked.option.id])
            if was not in ("unknown", now) and (was, now) not in allowed:
                found.append((live.rule.id, ranked.option.id, was, now))
    return found


# ---------------------------------------------------------------------- determinism
def _example(name: str, library: Library) -> Answers:
    return load_answers(shipped("data") / "examples" / f"{name}.yaml", library.vocabulary)


def _bytes(result: Recommendation) -> bytes:
    return json.dumps(export.document(result, everything=True), ensure_ascii=False, allow_nan=False).encode()


def _mixed(data: Data, chance: random.Random) -> Data:
    """The same rule with its conditions in another order: parts of `all` and `any`, and keys of every mapping."""
    if isinstance(data, dict):
        keys = chance.sample(list(data), len(data))
        mixed = {key: _mixed(data[key], chance) for key in keys}
        return {k: chance.sample(v, len(v)) if k in ("all", "any") and isinstance(v, list) else v for k, v in mixed.items()}
    return [_mixed(item, chance) for item in data] if isinstance(data, list) else data


BESIDE = ("provisions.yaml", "freshness.yaml")
"""Files that stand beside the rules and are no rules."""


@pytest.fixture(scope="module")
def shuffled_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shipped rule under another file name in other folders, with its conditions in another order."""
    chance = random.Random(20261124)
    folder = tmp_path_factory.mktemp("shuffled") / "rules"
    files = [p for p in shipped("rules").rglob("*.yaml") if p.name not in BESIDE and "waivers" not in p.parts]
    for number, path in enumerate(chance.sample(files, len(files))):
        target = folder / f"{number % 7}" / f"{chance.randrange(10**9)}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(_mixed(parse(path.read_bytes(), path.name).data, chance), default=str), encoding="utf-8")
    _copy_beside(folder)
    return folder


def _copy_beside(folder: Path) -> None:
    """Provisions and classes of freshness, each in a folder of its own."""
    for number, path in enumerate(p for p in sorted(shipped("rules").rglob("*.yaml"), reverse=True) if p.name in BESIDE):
        (folder / f"beside-{number:03}").mkdir(parents=True)
        shutil.copy(path, folder / f"beside-{number:03}" / path.name)


@pytest.mark.parametrize("name", ["hospital-de", "bank-eu"])
def test_shuffling_the_rule_files_and_their_parts_changes_no_verdict_and_no_rank(name: str, library: Library, shuffled_rules: Path) -> None:
    mixed = replace(library, rulebook=load_rulebook([shuffled_rules], library.vocabulary))
    assert len(mixed.rulebook.rules) == len(library.rulebook.rules)
    as_shipped, as_mixed = (recommend(_example(name, lib), lib, AS_OF) for lib in (library, mixed))
    assert [r.rule.id for r in as_mixed.assessment.rules] == [r.rule.id for r in as_shipped.assessment.rules]
    assert (as_mixed.assessment.verdicts == as_shipped.assessment.verdicts).all()
    assert (as_mixed.assessment.duties == as_shipped.assessment.duties).all()
    assert [(r.option.id, r.standing, r.score) for r in as_mixed.all] == [(r.option.id, r.standing, r.score) for r in as_shipped.all]


@pytest.mark.soak
def test_the_order_of_the_files_alone_changes_no_byte(library: Library, tmp_path: Path) -> None:
    """The same files copied under names that sort the other way round: only the digest of the rulebook may differ."""
    for number, path in enumerate(sorted(shipped("rules").rglob("*.yaml"), reverse=True)):
        if path.name not in BESIDE and "waivers" not in path.parts:
            shutil.copy(path, tmp_path / f"{number:04}.yaml")
    _copy_beside(tmp_path)
    copied = replace(library, rulebook=load_rulebook([tmp_path], library.vocabulary))
    first, second = (_bytes(recommend(_example("hospital-de", lib), lib, AS_OF)) for lib in (library, copied))
    assert first == second


def test_two_runs_give_the_same_bytes(library: Library) -> None:
    first, second = (_bytes(recommend(_example("hospital-us", library), library, AS_OF)) for _ in range(2))
    assert first == second


@pytest.mark.soak
def test_a_fresh_library_gives_the_same_bytes(library: Library) -> None:
    from advisor import library as module

    before = _bytes(recommend(_example("bank-eu", library), library, AS_OF))
    module._LOADED.clear()
    fresh = load_library()
    assert fresh is not library
    assert _bytes(recommend(_example("bank-eu", fresh), fresh, AS_OF)) == before


@pytest.mark.soak
def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    answers = shipped("data") / "examples" / "hospital-de.yaml"
    command = [
        sys.executable,
        "-m",
        "advisor.cli.main",
        "recommend",
        str(answers),
        "--as-of",
        str(AS_OF),
        "--format",
        "json",
        "--options",
        "all",
    ]
    runs = [
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)
        for seed in ("1", "4242")
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr.decode()
    assert runs[0].stdout == runs[1].stdout
    assert json.loads(runs[0].stdout)["schema"] == "recommendation/1"
