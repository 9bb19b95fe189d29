"""An edit of an obligation is noticed: its states are stated, every part is seen both ways, and what is missing is written in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import advisor.cli.rules_coverage  # noqa: F401  # brings the commands
from advisor.audit.examples.cases import Bench
from advisor.audit.examples.coverage import cover
from advisor.audit.examples.finder import Finder
from advisor.audit.examples.goals import Leaves, shown, states_duty
from advisor.audit.examples.items import items
from advisor.audit.examples.mutants import MutantReport, mutate
from advisor.audit.examples.mutations import Mutator
from advisor.audit.examples.suggest import Suggestions, suggest, write_suggestions
from advisor.errors import CouldNotWrite
from advisor.rulebook.condition import ALWAYS
from advisor.rulebook.english import English
from advisor.rulebook.examples import run_examples
from advisor.rulebook.judge import Judge, example_duty, example_verdict
from advisor.rulebook.printing import example_data, example_lines, with_duties
from advisor.rulebook.rule import EXAMPLE_DATE, Example, Obligation, Rule
from advisor.rulebook.rulebook import Rulebook
from tests import small_world as small
from tests.audit.made_rules import FINDER, MUTATOR, SOURCE, VOCABULARY, made, rule
from tests.conftest import Advisor
from tests.rulebook.made_conditions import examples, rules
from tests.small_world import LARGE

ARMS = "{in_force: {}, source: SOURCE, requires: {fact: option.days, at_most: 30}}"
WHEN = "when: {any: [{fact: option.terms, has: contract}, {fact: use.home, is: US}]}"
DONE = "done_when: {fact: use.public, is: yes}"
RULES = {
    "unconditional": "obligation: {text: Sign it.}",
    "when": f"obligation: {{text: Sign it., {WHEN}}}",
    "when and done": f"obligation: {{text: Sign it., {WHEN}, {DONE}}}",
    "done": f"obligation: {{text: Sign it., {DONE}}}",
    "of what is required": "obligation: {text: Sign it., when: {fact: option.days, above: 10}}",
}
FILE = f"""\
id: made-up
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {{}}
    source: {SOURCE}
    requires: {{fact: option.days, at_most: 30}}
exceptions: []
reason: It is so.
remedy: Change it.
obligation:
  text: Sign it.
  when: {{fact: option.terms, has: contract}}
examples:
  - name: with a contract
    given: {{option.days: 30, option.terms: [contract]}}
    verdict: complies
  - name: without one
    given: {{option.days: 30, option.terms: []}}
    verdict: complies
  - name: too long
    given: {{option.days: 31, option.terms: []}}
    verdict: breaches
  - name: nobody knows
    given: {{option.terms: []}}
    verdict: unknown
review: not yet reviewed by a lawyer
"""


def dutiful(name: str) -> Rule:
    return made(ARMS, more=RULES[name])


def stating(of: Rule, *stated: str) -> Rule:
    text = ", ".join(f"{{name: case {n}, given: {given}, verdict: complies}}" for n, given in enumerate(stated))
    return replace(of, examples=made(ARMS, examples=f"[{text}]").examples)


def untested(of: Rule) -> list[str]:
    return [item.name for item in cover(of, VOCABULARY, FINDER).untested if item.name.startswith("obligation")]


def report(of: Rule) -> MutantReport:
    return mutate(of, MUTATOR, FINDER)


@cache
def suggested(name: str) -> Suggestions:
    return suggest(dutiful(name), MUTATOR, FINDER)


# ---------------------------------------------------------------------- what is counted
@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("unconditional", ["open"]),
        ("when", ["open", "none"]),
        ("done", ["open", "done"]),
        ("when and done", ["open", "done", "none"]),
    ],
)
def test_every_state_that_a_duty_can_have_is_to_be_stated(name: str, states: list[str]) -> None:
    goals = [item.goal for item in items(dutiful(name), English(VOCABULARY))]
    assert [goal.duty for goal in goals if isinstance(goal, Leaves)] == states
    assert all(states_duty(goal) for goal in goals if isinstance(goal, Leaves))


def test_a_state_counts_only_where_an_example_states_it() -> None:
    of = stating(dutiful("when"), "{option.days: 30, option.terms: [contract]}")
    assert {"obligation: open", "obligation.when: true", "obligation.when.any[0]: true"} <= set(untested(of))
    said = replace(of, examples=(replace(of.examples[0], duty="open"),))
    assert set(untested(of)) - set(untested(said)) == {"obligation: open", "obligation.when: true", "obligation.when.any[0]: true"}


def test_a_state_that_is_stated_wrongly_does_not_count() -> None:
    of = stating(dutiful("when"), "{option.days: 30, option.terms: [contract]}")
    assert "obligation: none" in untested(replace(of, examples=(replace(of.examples[0], duty="none"),)))


def test_an_impossible_state_is_excused_by_name() -> None:
    of = made(ARMS, more="obligation: {text: Sign it., when: {fact: option.days, above: 30}}")
    excused = [item.name for item in cover(of, VOCABULARY, FINDER).excused if item.name.startswith("obligation")]
    assert excused == ["obligation: open", "obligation.when: true"]  # where the retention could be longer the rule is not met
    assert not FINDER.possible(Leaves("done"), of)


# ---------------------------------------------------------------------- mutants
def test_obligations_are_changed_as_other_conditions_are() -> None:
    names = [m.name for m in MUTATOR.mutants(dutiful("when and done")) if m.name.startswith("obligation")]
    assert names == [
        "obligation.when: dropped",
        "obligation.when.any: becomes all",
        "obligation.when.any[0]: dropped",
        "obligation.when.any[0].has: becomes its opposite",
        "obligation.when.any[1]: dropped",
        "obligation.when.any[1].is: becomes its opposite",
        "obligation.done_when.is: becomes its opposite",
        "obligation.done_when: dropped",
        "obligation: dropped",
    ]
    made_of = {m.name: m.rule.obligation for m in MUTATOR.mutants(dutiful("when and done"))}
    assert made_of["obligation: dropped"] is None
    bare, always = made_of["obligation.done_when: dropped"], made_of["obligation.when: dropped"]
    assert bare is not None
    assert always is not None
    assert (bare.done_when, always.when) == (None, ALWAYS)


def test_a_duty_that_is_not_stated_holds_nothing() -> None:
    silent = stating(dutiful("unconditional"), "{option.days: 30}")
    (survivor,) = [s for s in report(silent).survivors if s.mutant.name.startswith("obligation")]
    assert survivor.mutant.name == "obligation: dropped"
    assert survivor.witness is not None
    assert (survivor.witness.verdict, survivor.witness.duty) == ("complies", "open")
    assert (survivor.mutant_verdict, survivor.mutant_duty) == ("complies", "none")
    said = replace(silent, examples=(replace(silent.examples[0], duty="open"),))
    assert [s.mutant.name for s in report(said).survivors if s.mutant.name.startswith("obligation")] == []


def test_a_change_of_a_duty_that_changes_nothing_is_excused() -> None:
    of = made(ARMS, more="obligation: {text: Sign it., when: {any: [{fact: option.days, at_most: 30}, {fact: use.home, is: US}]}}")
    excused = {mutant.name for mutant in report(of).excused}
    assert {"obligation.when: dropped", "obligation.when.any[1]: dropped", "obligation.when.any[0].at_most: 30 becomes 31"} <= excused
    assert "obligation: dropped" not in excused


@st.composite
def rules_with_duties(draw: st.DrawFn) -> Rule:
    conditions = small.conditions(LARGE, 3)
    of = draw(rules("made-up"))
    arms = tuple(replace(arm, requires=ALWAYS) for arm in of.arms) if draw(st.booleans()) else of.arms
    return replace(of, arms=arms, obligation=Obligation("Sign it.", draw(conditions), draw(st.one_of(st.none(), conditions))))


@pytest.mark.timeout(600)  # a rule drawn at random may be a hard one for the solver
@examples(12)
@given(of=rules_with_duties(), data=st.data())
def test_solver_and_judge_agree_about_duties(of: Rule, data: st.DataObject) -> None:
    """Random obligations: witnesses tell apart, and no case tells an excused change apart or shows an excused state."""
    finder = Finder(Bench(LARGE.vocabulary))
    found = mutate(of, Mutator(finder.bench, English(LARGE.vocabulary), sorted(LARGE.groups)), finder)
    for survivor in found.survivors:
        witness = survivor.witness
        assert witness is not None
        told = [
            (example_verdict(one, witness, LARGE.vocabulary, EXAMPLE_DATE), example_duty(one, witness, LARGE.vocabulary, EXAMPLE_DATE))
            for one in (of, survivor.mutant.rule)
        ]
        assert told[0] != told[1]
        assert (witness.verdict, survivor.mutant_verdict) == (told[0][0], told[1][0])
        if witness.duty:
            assert (witness.duty, survivor.mutant_duty) == (told[0][1], told[1][1])
        else:
            assert told[0][0] != told[1][0]
    excused = cover(of, LARGE.vocabulary, finder).excused
    situation = data.draw(small.situations(LARGE, of.facts, most=4))
    for as_of in (date(2000, 1, 1), EXAMPLE_DATE, date(2027, 6, 1)):
        judge = Judge(LARGE.vocabulary, as_of)
        for facts in situation.facts():
            for mutant in found.excused:
                assert judge.verdict(of, facts) == judge.verdict(mutant.rule, facts), mutant.name
                assert judge.duty(of, facts) == judge.duty(mutant.rule, facts), mutant.name
            case = finder.bench.case(of, Example("made up", {name: facts(name) for name in of.facts}, "unknown", as_of)).stating(of)
            assert [item.name for item in excused if shown(item.goal, of, case)] == []


# ---------------------------------------------------------------------- suggestions
@pytest.mark.parametrize("name", RULES)
def test_nothing_is_left_open(name: str) -> None:
    of, found = dutiful(name), suggested(name)
    whole = replace(of, examples=(*of.examples, *(one.example for one in found.found)))
    assert found.left == ()
    assert cover(whole, VOCABULARY, FINDER).untested == ()
    assert mutate(whole, MUTATOR, FINDER).survivors == ()
    again = suggest(whole, MUTATOR, FINDER)
    assert (again.found, again.stated) == ((), ())


@pytest.mark.parametrize("name", RULES)
def test_every_suggested_duty_is_true(name: str) -> None:
    of = dutiful(name)
    fresh = replace(of, examples=tuple(one.example for one in suggested(name).found))
    assert any(example.duty for example in fresh.examples)
    assert run_examples(Rulebook({of.id: fresh}), VOCABULARY)[1] == []


def test_a_printed_example_is_asked_for_the_word_before_a_new_one_is_made() -> None:
    found = suggest(rule(FILE), MUTATOR, FINDER)
    assert found.duties == {"with a contract": "open", "without one": "none"}
    assert not any(one.example.duty for one in found.found)


def test_a_duty_is_printed_below_the_verdict() -> None:
    example = Example("abc", {}, "complies", duty="done")
    assert example_lines(example, VOCABULARY)[-2:] == ["    verdict: complies", "    duty: done"]
    assert example_data(example, VOCABULARY)["duty"] == "done"


# ---------------------------------------------------------------------- in place
def written(text: str, tmp_path: Path) -> str:
    path = tmp_path / "made_up.yaml"
    path.write_bytes(text.encode("utf-8"))
    write_suggestions(replace(suggest(rule(text), MUTATOR, FINDER), found=()), path, VOCABULARY)
    return path.read_bytes().decode("utf-8")


def said(text: str) -> str:
    """The file with both lines written by hand."""
    first, second, rest = text.split("    verdict: complies\n", 2)
    line = "    verdict: complies\n    duty: "
    return f"{first}{line}open\n{second}{line}none\n{rest}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FILE, said(FILE)),
        (FILE.replace("\n", "\r\n"), said(FILE).replace("\n", "\r\n")),
        (
            FILE.replace("verdict: complies", "verdict: complies  # so it is"),
            said(FILE).replace("verdict: complies", "verdict: complies  # so it is"),
        ),
    ],
    ids=["plain", "Windows line endings", "comments"],
)
def test_the_rest_of_the_file_stays_byte_for_byte(before: str, after: str, tmp_path: Path) -> None:
    assert written(before, tmp_path) == after


def test_other_ways_to_write_an_example(tmp_path: Path) -> None:
    flow = "  - {name: without one, given: {option.days: 30, option.terms: []}, verdict: complies}\n"
    first = "  - verdict: complies\n    name: with a contract\n    given: {option.days: 30, option.terms: [contract]}\n"
    start, end = FILE.index("  - name: with a"), FILE.index("  - name: too long")
    text = FILE[:start] + first + flow + FILE[end:]
    assert written(text, tmp_path) == text.replace("  - verdict: complies\n", "  - verdict: complies\n    duty: open\n").replace(
        "verdict: complies}", "verdict: complies, duty: none}"
    )


def test_an_example_of_an_exception_and_one_at_the_end_of_the_file(tmp_path: Path) -> None:
    exception = f"""\
exceptions:
  - id: out
    title: out
    when: {{fact: use.home, is: US}}
    source: {SOURCE}
    examples:
      - name: at home
        given: {{use.home: DE, option.days: 30, option.terms: []}}
        verdict: complies
"""
    kept = [line for line in FILE.splitlines() if not line.startswith(("review", "exceptions"))]
    kept.insert(1, "review: not yet reviewed by a lawyer")
    text = "\n".join(kept).replace("reason:", f"{exception}reason:", 1)
    without = text[: text.index("  - name: without one")] + text[text.index("  - name: too long") :]
    ended = without[: without.index("  - name: too long")].rstrip()  # the last line is a verdict and has no end
    inside = "        verdict: complies\n"
    assert written(ended, tmp_path) == f"{ended.replace(inside, f'{inside}        duty: none{chr(10)}')}\n    duty: open"


def test_a_verdict_that_stands_nowhere_plainly_is_left_alone(tmp_path: Path) -> None:
    text = FILE.replace("    verdict: complies\n", '    "verdict": complies\n')
    with pytest.raises(CouldNotWrite, match="by hand to 'with a contract', 'without one'"):
        written(text, tmp_path)
    assert (tmp_path / "made_up.yaml").read_text(encoding="utf-8") == text
    assert with_duties(text, {1: "open"}) is None


# ---------------------------------------------------------------------- the commands
KEEPING = """\
id: made-up-keeping
title: Prompts are kept for 30 days at most
effect: require
place: nowhere
topic: none
arms:
  - in_force: {}
    source: {cite: Example Act s. 1, url: "", checked: read}
    requires: {fact: option.retention_days, at_most: 30}
reason: Prompts are kept too long.
remedy: Choose another endpoint.
obligation:
  text: Sign it.
  when: {fact: option.premises, one_of: [host, rented]}
examples:
  - name: kept for a month
    given: {option.retention_days: 30, option.premises: host}
    verdict: complies
  - name: kept for a day longer
    given: {option.retention_days: 31, option.premises: host}
    verdict: breaches
  - name: nobody knows how long
    given: {option.premises: host}
    verdict: unknown
review: not yet reviewed by a lawyer
"""


def test_the_commands_count_change_and_write(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "keeping.yaml"
    path.write_text(KEEPING, encoding="utf-8")
    rest = ("made-up-keeping", "--rules", str(tmp_path))
    counted = advisor("rules", "coverage", *rest)
    assert counted.code == 1
    assert f"  {path}:12: no example that states `duty: open`: the rule is met and its duty is open" in counted.out.splitlines()
    tried = advisor("rules", "mutate", *rest)
    assert tried.code == 1
    assert "    This would; with the change it is duty: none:" in tried.out.splitlines()
    told = advisor("rules", "mutate", *rest, "--format", "json").json["rules"][0]["unnoticed"][0]
    assert (told["witness"]["duty"], told["duty_with_the_change"]) == ("none", "open")
    printed = advisor("rules", "suggest", *rest)
    assert f"# {path}:16: add `duty: open` to “kept for a month”" in printed.out.splitlines()
    wrote = advisor("rules", "suggest", *rest, "--write")
    assert f"{path}: 2 examples added; 1 printed example now with a duty" in wrote.out
    for command in ("coverage", "mutate", "test"):
        ran = advisor("rules", command, *(rest if command != "test" else rest[1:]))
        assert ran.code == 0, ran.out
    text = path.read_text(encoding="utf-8")
    assert "    verdict: complies\n    duty: open\n  - name: kept for a day longer" in text
    assert [line for line in KEEPING.splitlines() if line not in text.splitlines()] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("one_of: [host, rented]", "is: host"), ("[host, rented]", "[host, own]"), ("\n  when:", "\n  done_when:"), ("one_of", "not_one_of")],
)
def test_an_edit_of_an_obligation_is_noticed(advisor: Advisor, tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "keeping.yaml"
    path.write_text(KEEPING, encoding="utf-8")
    assert advisor("rules", "suggest", "made-up-keeping", "--rules", str(tmp_path), "--write").code == 0
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert advisor("rules", "test", "--rules", str(tmp_path)).code != 0
