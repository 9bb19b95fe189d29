"""What is proved of one rule: it can apply, be met, be breached and be open; exceptions and arms matter; no two exceptions part unsaid."""

from __future__ import annotations

from datetime import date

import pytest

from advisor.audit.proving.proofs import Proof
from advisor.audit.proving.prove_rule import prove_rule
from advisor.rulebook.judge import example_verdict
from advisor.rulebook.rule import Example, Rule
from tests.audit.made_rules import VOCABULARY, made

AS_OF = date(2026, 11, 24)
PERSONAL = "{fact: use.data, has: personal}"
IN_AREA = "{fact: option.places, within: {group: area}}"
NEVER = "{any: []}"
ALWAYS = "{all: []}"


def arm(applies: str = PERSONAL, requires: str = IN_AREA, span: str = "{}", source: str = "SOURCE") -> str:
    return f"{{in_force: {span}, source: {source}, applies_when: {applies}, requires: {requires}}}"


def exception(name: str, when: str, *inner: str, alongside: str = "[]") -> str:
    example = "{name: made up case of NAME, given: {}, verdict: unknown}".replace("NAME", name)
    return (
        f"{{id: {name}, title: an exception, when: {when}, source: SOURCE, examples: [{example}], "
        f"exceptions: [{', '.join(inner)}], alongside: {alongside}}}"
    )


def kinds(proof: Proof) -> list[tuple[str, str]]:
    return [(flaw.kind, flaw.part) for flaw in proof.problems]


def proved(rule: Rule) -> Proof:
    return prove_rule(rule, VOCABULARY, AS_OF)


def test_a_sound_rule_has_no_problems() -> None:
    proof = proved(made(arm(), exceptions=f"[{exception('public-body', '{fact: use.public, is: yes}')}]"))
    assert proof.problems == ()
    assert proof.undecided == ()
    assert proof.questions == 5  # it applies, is met, is breached, is open; the exception matters


@pytest.mark.parametrize(
    ("applies", "requires", "found"),
    [
        (NEVER, IN_AREA, ["cannot-apply"]),
        ("{all: [{fact: option.share, above: 0.3}, {fact: option.share, below: 0.4}]}", IN_AREA, []),
        ("{all: [{fact: use.longest, above: 3}, {fact: use.longest, below: 4}]}", IN_AREA, ["cannot-apply"]),  # whole days
        ("{fact: use.longest, below: 0}", IN_AREA, ["cannot-apply"]),
        ("{fact: option.share, above: 1}", IN_AREA, ["cannot-apply"]),
        ("{all: [{fact: use.data, has: health}, {not: {fact: use.data, has: personal}}]}", IN_AREA, ["cannot-apply"]),
        (PERSONAL, NEVER, ["cannot-comply"]),
        (PERSONAL, ALWAYS, ["cannot-breach", "cannot-be-unknown"]),
        (PERSONAL, "{any: [{fact: option.days, at_most: 3}, {fact: option.days, above: 2}]}", ["cannot-breach"]),
        ("{fact: use.data, has: health}", "{fact: use.data, has: personal}", ["cannot-breach"]),
        (ALWAYS, NEVER, ["cannot-comply", "cannot-be-unknown"]),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_do_its_work_is_a_problem(applies: str, requires: str, found: list[str]) -> None:
    assert [flaw.kind for flaw in proved(made(arm(applies, requires))).problems] == found


def test_a_rule_that_is_there_for_its_duty_need_not_be_breached() -> None:
    rule = made(arm(requires=ALWAYS), effect="mitigate", more="obligation: {text: Assess it.}")
    assert proved(rule).problems == ()


def test_a_weigh_rule_need_only_apply() -> None:
    points = "{in_force: {}, source: SOURCE, applies_when: APPLIES, points: {cost: 1}}"
    assert proved(made(points.replace("APPLIES", PERSONAL), effect="weigh")).problems == ()
    assert [f.kind for f in proved(made(points.replace("APPLIES", NEVER), effect="weigh")).problems] == ["cannot-apply"]


# ---------------------------------------------------------------------- exceptions
def test_an_exception_outside_the_scope_has_no_effect() -> None:
    useless = exception("open-data", "{not: {fact: use.data, has: personal}}")
    assert kinds(proved(made(arm(), exceptions=f"[{useless}]"))) == [("exception-without-effect", "open-data")]


def test_an_exception_that_another_one_covers_has_no_effect() -> None:
    wide = exception("not-in-the-union", "{not: {fact: use.home, one_of: {group: union}}}")
    narrow = exception("american", "{fact: use.home, is: US}")
    assert kinds(proved(made(arm(), exceptions=f"[{wide}, {narrow}]"))) == [("exception-without-effect", "american")]


def test_an_exception_to_an_exception_that_never_happens_has_no_effect() -> None:
    inner = exception("german", "{fact: use.home, is: DE}")
    outer = exception("american", "{fact: use.home, is: US}", inner)
    assert kinds(proved(made(arm(), exceptions=f"[{outer}]"))) == [("exception-without-effect", "german")]


def test_an_exception_that_matters_in_one_arm_only_matters() -> None:
    later = arm("{fact: use.home, is: DE}", span="{from: 2027-01-01}")
    rule = made(f"{arm(span='{until: 2027-01-01}')}, {later}", exceptions=f"[{exception('american', '{fact: use.home, is: US}')}]")
    assert proved(rule).problems == ()


# ---------------------------------------------------------------------- arms
@pytest.mark.parametrize(
    ("later", "found"),
    [
        (arm(span="{from: 2027-01-01}"), ["arm-without-effect"]),
        (
            arm(requires="{all: [REQUIRES, {any: [REQUIRES]}]}".replace("REQUIRES", IN_AREA), span="{from: 2027-01-01}"),
            ["arm-without-effect"],
        ),
        (arm(span="{from: 2027-01-01}", source="{cite: Example Act s. 2, url: '', checked: read}"), []),
        (arm(span="{from: 2027-06-01}"), []),
        (arm(requires="{fact: option.places, within: {group: wide}}", span="{from: 2027-01-01}"), []),
        (arm(requires=NEVER, span="{from: 2027-01-01}"), ["cannot-comply"]),
    ],
)
def test_an_arm_says_something_new(later: str, found: list[str]) -> None:
    rule = made(f"{arm(span='{until: 2027-01-01}')}, {later}")
    assert [flaw.kind for flaw in proved(rule).problems] == found


def test_every_arm_is_proved_on_a_day_of_its_own() -> None:
    spans = ((NEVER, "{until: 2020-01-01}"), (PERSONAL, "{from: 2020-01-01, until: 2027-01-01}"), (NEVER, "{from: 2027-01-01}"))
    rule = made(", ".join(arm(applies, span=span) for applies, span in spans))
    assert [(flaw.kind, flaw.as_of) for flaw in proved(rule).problems] == [("cannot-apply", date(2019, 12, 31))]


# ---------------------------------------------------------------------- overlaps
PUBLIC = "{fact: use.public, is: yes}"
HEALTH = "{fact: use.data, has: health}"
LOCAL = "{fact: use.home, one_of: {group: union}}"


def test_exceptions_that_decide_one_case_both_ways_are_a_problem_with_a_case() -> None:
    public = exception("public-body", PUBLIC, exception("health-data", HEALTH))
    rule = made(arm(), exceptions=f"[{public}, {exception('local', LOCAL)}]")
    (flaw,) = proved(rule).problems
    assert (flaw.kind, flaw.part) == ("exceptions-overlap", "local")
    (case,) = flaw.shown
    assert case.verdict == "not_applicable"
    assert example_verdict(rule, Example(case.name, case.given, case.verdict), VOCABULARY, case.as_of) == "not_applicable"
    for name in ("public-body", "health-data", "local"):
        assert name in flaw.what


def test_exceptions_that_say_they_stand_alongside_are_no_problem() -> None:
    public = exception("public-body", PUBLIC, exception("health-data", HEALTH))
    rule = made(arm(), exceptions=f"[{public}, {exception('local', LOCAL, alongside='[public-body]')}]")
    assert proved(rule).problems == ()


def test_exceptions_that_never_meet_need_not_say_so_and_must_not() -> None:
    public = exception("public-body", "{fact: use.home, is: US}", exception("health-data", HEALTH))
    parts = f"[{public}, {exception('local', LOCAL)}]"
    assert proved(made(arm(), exceptions=parts)).problems == ()
    parts = f"[{public}, {exception('local', LOCAL, alongside='[public-body]')}]"
    assert kinds(proved(made(arm(), exceptions=parts))) == [("no-overlap", "local")]


def test_exceptions_within_an_exception_are_compared_too() -> None:
    back = exception("health-data", HEALTH, exception("short", "{fact: option.days, at_most: 3}"))
    rule = made(arm(), exceptions=f"[{exception('public-body', PUBLIC, back, exception('local', LOCAL))}]")
    (flaw,) = proved(rule).problems
    assert (flaw.kind, flaw.part) == ("exceptions-overlap", "local")
    assert "takes the case out of the rule, and local brings it back" in flaw.what


# ---------------------------------------------------------------------- giving up
def test_what_the_solver_gives_up_on_is_said_and_never_proved() -> None:
    proof = prove_rule(made(arm()), VOCABULARY, AS_OF, effort=1)
    assert proof.problems == ()
    assert proof.questions == 0
    assert any("whether it can apply" in line for line in proof.undecided)
