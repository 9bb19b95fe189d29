"""`advisor rules review`: the queue, what a reviewer signs, and sign-offs carried over a change that is proved to change nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advisor.audit.changes.carrying import carrying, with_carried, write_carried
from advisor.audit.changes.revisions import Edition
from advisor.audit.changes.signoffs import counts, covered, queue, record
from advisor.errors import BrokenInput, CouldNotWrite
from advisor.library import load_library
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.load import read_rule
from advisor.rulebook.reviews import SourceClass, standing_reviews
from advisor.rulebook.rule import Effect, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.strict_yaml import parse
from tests.audit.made_editions import edition, rule, with_group
from tests.conftest import AS_OF, Advisor

ONE = "{all: [{fact: option.trains_on_prompts, is: no}, {fact: option.contract_offers, has: dpa}]}"
SAME = "{not: {any: [{not: {fact: option.trains_on_prompts, is: no}}, {not: {fact: option.contract_offers, has: dpa}}]}}"
LESS = "{fact: option.trains_on_prompts, is: no}"

TEXT = """\
# a made-up rule, for these tests only
id: made-up
title: A made-up rule for these tests   # stays as it is
effect: require
place: XX
topic: tests
author: Ada Author
arms:
  - in_force: {from: 2025-01-01}
    source: {cite: Example Act s. 4, url: "", checked: read, verified: 2026-11-01}
    applies_when: {fact: use.data_classes, has: personal}
    requires: REQUIRES
reason: It trains.
remedy: Choose another.
examples:
  - {name: nothing is known, given: {}, verdict: unknown}
reviews:
REVIEWS
review: reviewed
"""
BLOCK = """\
  - reviewer: Remy Reviewer   # a made-up person
    role: counsel
    on: 2026-11-01
    tree: TREE
    cite: CITE
    scope: >-
      all of it,
      dates included"""
FLOW = "  - {reviewer: Remy Reviewer, role: counsel, on: 2026-11-01, tree: TREE, cite: CITE, scope: all of it}  # a made-up person"
OLDER = f"carried: [{{tree: {'ab' * 32}, on: 2026-11-02}}]"
LAYOUTS = {
    "block": BLOCK,
    "flow": FLOW,
    "flow over two lines": FLOW.replace(" cite:", "\n     cite:").replace("}  #", ",\n    }  #"),
    "block with a list in brackets": f"{BLOCK}\n    {OLDER}",
    "block with an empty list": f"{BLOCK}\n    carried: []",
    "block with a list": f"{BLOCK}\n    carried:\n      - {{tree: {'ab' * 32}, on: 2026-11-02}}  # the first",
    "block with a list of blocks": f"{BLOCK}\n    carried:\n    - tree: {'ab' * 32}\n      on: 2026-11-02  # the first",
    "flow with a list": FLOW.replace("scope:", f"{OLDER}, scope:"),
    "block with the list in front": BLOCK.replace("    scope:", f"    {OLDER}\n    scope:"),
}


def text(requires: str, reviews: str, signed: str = ONE) -> str:
    """A rule file whose review covers the wording `signed`."""
    bare = TEXT.replace("REVIEWS", "  []").replace("review: reviewed", "review: not yet reviewed by a lawyer")
    of = read_rule(parse(bare.replace("REQUIRES", signed), "made-up.yaml"), with_group("DE"))
    whole = TEXT.replace("REQUIRES", requires).replace("REVIEWS", reviews)
    return whole.replace("TREE", tree_fingerprint(of)).replace("CITE", cite_fingerprint(of))


def put(folder: Path, content: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "made-up.yaml"
    path.write_bytes(content.encode("utf-8"))
    return path


def loaded(content: str) -> Edition:
    return edition(read_rule(parse(content, "made-up.yaml"), with_group("DE")), vocabulary=with_group("DE"))


# ---------------------------------------------------------------------- the queue
def with_effect(effect: Effect, verified: str | None = "2026-11-01", **source: object) -> Rule:
    whole = {"cite": "Example Act", "url": "", "checked": "read", **({"verified": verified} if verified else {}), **source}
    arms = [{"in_force": {}, "source": whole, "requires": {"fact": "option.trains_on_prompts", "is": "no"}}]
    return rule(id=f"{effect}-{verified or 'never'}", effect=effect, arms=arms)


def test_rules_that_exclude_and_sources_that_are_due_come_first() -> None:
    listed = [with_effect("advise"), with_effect("require"), with_effect("require", "2024-01-01"), with_effect("require", None)]
    book = Rulebook({item.id: item for item in listed}, freshness=(SourceClass("law", (), 365),))
    waiting = queue(book, AS_OF)
    assert [item.rule.id for item in waiting] == ["require-never", "require-2024-01-01", "require-2026-11-01", "advise-2026-11-01"]
    assert [item.due for item in waiting[:2]] == [date.min, date(2024, 12, 31)]
    assert counts(waiting) == {"not reviewed": 4, "void": 0, "review due": 0, "reviewed": 0}


def test_signed_rules_leave_the_front_of_the_queue(advisor: Advisor, tmp_path: Path) -> None:
    put(tmp_path / "mine", text(ONE, BLOCK))
    ran = advisor("rules", "review", "--rules", str(tmp_path / "mine"), "--as-of", "2026-11-24")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Not yet reviewed by a lawyer"
    assert ran.out.rstrip().endswith("0 void, 0 review due, 1 reviewed.")
    document = advisor("rules", "review", "--rules", str(tmp_path / "mine"), "--as-of", "2028-11-24", "--format", "json").json
    assert document["schema"] == "rules-review/1"
    assert [item["state"] for item in document["rules"] if item["rule"] == "made-up"] == ["review due"]


def test_every_shipped_rule_stands_in_the_queue() -> None:
    book = load_library().rulebook
    assert counts(queue(book, AS_OF)) == {"not reviewed": len(book.rules), "void": 0, "review due": 0, "reviewed": 0}


# ---------------------------------------------------------------------- one rule
def test_a_record_is_ready_and_names_nobody(advisor: Advisor) -> None:
    item = next(iter(load_library().rulebook.rules.values()))
    ran = advisor("rules", "review", item.id, "--as-of", "2026-11-24")
    assert ran.code == 0
    assert tree_fingerprint(item) in ran.out
    assert cite_fingerprint(item) in ran.out
    assert record(item) in ran.out
    document = advisor("rules", "review", item.id, "--as-of", "2026-11-24", "--format", "json").json
    assert (document["schema"], document["state"], document["reviews"]) == ("rule-review/1", "not reviewed", [])


def test_a_record_loads_only_once_it_is_filled_in() -> None:
    bare = TEXT.replace("REQUIRES", ONE).replace("REVIEWS", "  []").replace("review: reviewed", "review: not yet reviewed by a lawyer")
    item = read_rule(parse(bare, "made-up.yaml"), with_group("DE"))
    blank = bare.replace("reviews:\n  []\n", record(item)).replace("review: not yet reviewed by a lawyer", "review: reviewed")
    with pytest.raises(BrokenInput) as caught:
        read_rule(parse(blank, "made-up.yaml"), with_group("DE"))
    assert {problem.where for problem in caught.value.problems} == {f"reviews[0].{key}" for key in ("reviewer", "role", "on", "scope")}
    filled = blank
    for key, value in {"reviewer": "Remy Reviewer", "role": "counsel", "on": "2026-11-24", "scope": "all of it"}.items():
        filled = filled.replace(f'{key}: ""', f"{key}: {value}")
    assert len(standing_reviews(read_rule(parse(filled, "made-up.yaml"), with_group("DE")))) == 1


@pytest.mark.parametrize(
    ("requires", "cite", "words"),
    [
        (ONE, "Example Act s. 4", "covers the rule as it stands"),
        (LESS, "Example Act s. 4", "void: the conditions changed; the citation is as it was"),
        (ONE, "Example Act s. 5", "void: the conditions are as they were, but the citation changed"),
        (LESS, "Example Act s. 5", "void: conditions and citation changed"),
    ],
)
def test_what_an_earlier_sign_off_covers(advisor: Advisor, tmp_path: Path, requires: str, cite: str, words: str) -> None:
    put(tmp_path / "mine", text(requires, BLOCK).replace("Example Act s. 4", cite))
    ran = advisor("rules", "review", "made-up", "--rules", str(tmp_path / "mine"), "--as-of", "2026-11-24")
    assert "Signed by Remy Reviewer (counsel) on 2026-11-01: all of it, dates included" in ran.out
    assert f"  {words}\n" in ran.out
    assert "under `reviews:`" in ran.out


# ---------------------------------------------------------------------- carrying over
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_proof_is_added_and_every_other_byte_stays(tmp_path: Path, layout: str, ending: str) -> None:
    before, now = (text(requires, LAYOUTS[layout]).replace("\n", ending) for requires in (ONE, SAME))
    path = put(tmp_path / "mine", now)
    item = carrying("made-up", loaded(before), loaded(now))
    assert item.numbers == (0,)
    assert item.why == "proved to mean the same as in made up in every case on every date"
    write_carried(item, path, with_group("DE"), AS_OF)
    after = path.read_bytes().decode("utf-8")
    rule_now = read_rule(parse(after, "made-up.yaml"), with_group("DE"))
    assert len(standing_reviews(rule_now)) == 1
    assert rule_now.reviews[0].carried[-1] == (tree_fingerprint(rule_now), AS_OF)
    start = next(n for n, (a, b) in enumerate(zip(now, after, strict=False)) if a != b)
    assert now == after[:start] + after[start + len(after) - len(now) :]  # one piece more, and nothing else
    assert after.count("\n") - now.count("\n") in (0, 1, 2)
    assert (after.count("\r\n") == after.count("\n")) is (ending == "\r\n")
    again = carrying("made-up", loaded(before), loaded(after))
    assert (again.numbers, again.why) == ((), "every sign-off that stood there covers the rule as it stands")


def test_only_the_sign_offs_that_stood_are_carried() -> None:
    both = f"{BLOCK.replace('TREE', 'cd' * 32).replace('Remy', 'Ruth')}\n{FLOW}"
    before, now = loaded(text(ONE, both)), loaded(text(SAME, both))
    assert carrying("made-up", before, now).numbers == (1,)
    longer = with_carried(text(SAME, both), 1, "ef" * 32, AS_OF)
    assert f"scope: all of it, carried: [{{tree: {'ef' * 32}, on: 2026-11-24}}]}}  # a made-up person" in longer


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        (text(ONE, BLOCK), text(LESS, BLOCK), "does not mean the same as in made up"),
        (text(ONE, BLOCK), text(SAME, BLOCK).replace("s. 4", "s. 5"), "the citation changed"),
        (text(LESS, BLOCK), text(SAME, BLOCK), "no sign-off in the file covers the rule as it stood"),
        (text(ONE, BLOCK), text(ONE, BLOCK), "covers the rule as it stands"),
    ],
)
def test_nothing_is_carried_without_a_proof(before: str, now: str, why: str) -> None:
    item = carrying("made-up", loaded(before), loaded(now))
    assert item.numbers == ()
    assert why in item.why


def test_a_changed_list_of_countries_is_not_carried_over() -> None:
    home = "{fact: option.processing_places, within: {group: made-up}}"
    written = "{fact: option.processing_places, within: [DE]}"
    before, now = text(home, BLOCK, signed=home), text(written, BLOCK, signed=home)
    rule_of = {vocabulary: read_rule(parse(now, "made-up.yaml"), with_group(vocabulary)) for vocabulary in ("DE", "FR")}
    old = edition(read_rule(parse(before, "made-up.yaml"), with_group("DE")), vocabulary=with_group("DE"))
    assert carrying("made-up", old, edition(rule_of["DE"], vocabulary=with_group("DE"))).numbers == (0,)
    old = edition(read_rule(parse(before, "made-up.yaml"), with_group("DE", "FR")), vocabulary=with_group("DE", "FR"))
    assert carrying("made-up", old, edition(rule_of["FR"], vocabulary=with_group("FR"))).numbers == ()


def test_a_file_that_says_something_else_by_now_is_left(tmp_path: Path) -> None:
    before, now = text(ONE, BLOCK), text(SAME, BLOCK)
    item = carrying("made-up", loaded(before), loaded(now))
    path = put(tmp_path / "mine", text(LESS, BLOCK))
    with pytest.raises(CouldNotWrite, match="Nothing was changed"):
        write_carried(item, path, with_group("DE"), AS_OF)
    assert path.read_text(encoding="utf-8") == text(LESS, BLOCK)


def test_the_command_proves_and_then_writes(advisor: Advisor, tmp_path: Path) -> None:
    put(tmp_path / "old", text(ONE, BLOCK))
    path = put(tmp_path / "mine", text(SAME, BLOCK))
    mine = ("rules", "review", "made-up", "--rules", str(tmp_path / "mine"), "--as-of", "2026-11-24")
    asked = (*mine, "--carry-from", str(tmp_path / "old"))
    ran = advisor(*asked)
    assert ran.code == 0
    assert "Can be carried: the sign-off by Remy Reviewer on 2026-11-01" in ran.out
    assert path.read_text(encoding="utf-8") == text(SAME, BLOCK)
    ran = advisor(*asked, "--write", "--format", "json")
    assert (ran.json["schema"], ran.json["written"]) == ("rule-review-carry/1", True)
    assert "  covers the rule as it stands\n" in advisor(*mine).out
    written = read_rule(parse(path.read_text(encoding="utf-8"), "made-up.yaml"), with_group("DE"))
    assert [item.tree and item.cite for item in covered(written)] == [True]


def test_the_command_refuses_what_is_not_the_same(advisor: Advisor, tmp_path: Path) -> None:
    put(tmp_path / "old", text(ONE, BLOCK))
    path = put(tmp_path / "mine", text(LESS, BLOCK))
    ran = advisor("rules", "review", "made-up", "--rules", str(tmp_path / "mine"), "--carry-from", str(tmp_path / "old"), "--write")
    assert ran.code == 1
    assert "so it has to be reviewed again" in ran.out
    assert "looser" in ran.out
    assert path.read_text(encoding="utf-8") == text(LESS, BLOCK)


@pytest.mark.parametrize("arguments", [("--carry-from", "HEAD"), ("made-up", "--write"), ("no-such-rule",)])
def test_half_a_question_is_refused(advisor: Advisor, arguments: tuple[str, ...]) -> None:
    ran = advisor("rules", "review", *arguments)
    assert ran.code == 2
    assert ran.out == ""
