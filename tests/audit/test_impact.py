"""The impact of a change: what counts as changed, exact counts against whole re-assessments, order, bytes, and the command."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import advisor.cli.rules_impact  # noqa: F401  # registers the command
from advisor.answers import Answers, answers_from
from advisor.audit.changes.revisions import Edition
from advisor.audit.effects import impact_text
from advisor.audit.effects.impact import Case, Change, Effects, Impact, World, changed_rules, impact
from advisor.audit.effects.trial_cases import drawn_cases, written_cases
from advisor.catalogue.load import Catalogue
from advisor.library import Library, load_library, shipped
from advisor.recommendation import recommend
from advisor.rulebook.condition import ALWAYS, Limit, Test
from advisor.rulebook.rule import Obligation, Rule
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.waivers import Person, Waiver
from advisor.vocabulary import Vocabulary
from tests.audit.made_editions import AT_HOME, NO_TRAINING, arm, edition, rule, with_group
from tests.conftest import AS_OF, Advisor

CALM = {"organisation_country": "DE", "people_countries": ["DE"], "data_classes": ["personal"], "tasks": ["chat"], "residency": "anywhere"}
SIZES = {"requests_per_month": 50_000, "input_tokens_per_request": 700, "output_tokens_per_request": 400, "infrastructure_skill": "gpu"}


def asked(vocabulary: Vocabulary, **more: object) -> Answers:
    return answers_from({**CALM, **SIZES, **more}, vocabulary)


def cases(vocabulary: Vocabulary) -> list[Case]:
    """A few made-up cases: nothing said, other data, other premises, own priorities."""
    sets: Mapping[str, Mapping[str, object]] = {
        "calm": {}, "public": {"data_classes": ["public"]}, "open": {"data_classes": "unknown", "infrastructure_skill": "unknown"},
        "two premises": {"residency": "listed", "residency_places": ["FR", "DE"]}, "nothing": dict.fromkeys({**CALM, **SIZES}, "unknown"),
        "cheap": {"priorities": {"cost": 100}}, "controlled": {"priorities": {"control": 100, "quality": 20}},
    }  # fmt: skip
    return [Case(name, name, asked(vocabulary, **more)) for name, more in sets.items()]


HOSTS = ("anthropic-api", "aws-bedrock", "deepseek-api", "google-gemini-api", "mistral", "on-premises", "scaleway-generative-apis")
VOCABULARY = with_group("DE", "FR")


@cache
def catalogue() -> Catalogue:
    """A part of the shipped catalogue: closed and open models, endpoints with preconditions, own premises."""
    whole = load_library().catalogue
    hosts = {name: whole.hosts[name] for name in HOSTS}
    served = {serves.model for host in hosts.values() for serves in host.serves}
    return replace(whole, hosts=hosts, models={name: model for name, model in whole.models.items() if name in served})


def world(as_of: date = AS_OF) -> World:
    return World(catalogue(), as_of)


def counted(old: Edition, new: Edition, tried: Sequence[Case], as_of: date = AS_OF) -> tuple[Counter[object], int]:
    """Moves of standings and flips of the lead, by assessing every case anew on both sides."""
    moves: Counter[object] = Counter()
    flips = 0
    sides = [_library(edition, as_of) for edition in (old, new)]
    for case in tried:
        before, after = (_whole(side, case.answers, as_of) for side in sides)
        moves.update((before[0][o], after[0][o]) for o in before[0] if before[0][o] != after[0][o])
        flips += before[1] != after[1]
    return moves, flips


_TABLES: dict[int, Library] = {}


def _library(side: Edition, as_of: date) -> Library:
    own = Library(replace(catalogue(), vocabulary=side.vocabulary), side.rulebook, (), "", "", as_of)
    if side.vocabulary is VOCABULARY:  # the options are the same, so their tables are too
        return replace(_TABLES.setdefault(id(VOCABULARY), own), rulebook=side.rulebook)
    return own


def _whole(library: Library, answers: Answers, as_of: date) -> tuple[dict[str, str], str | None]:
    found = recommend(Answers(answers.known, library.vocabulary), library, as_of)
    return {r.option.id: r.standing for r in found.all}, found.best.option.id if found.best else None


def made(*rules: Rule) -> Edition:
    return edition(*rules, vocabulary=VOCABULARY)


def same(effects: Effects, wanted: tuple[Counter[object], int]) -> None:
    assert Counter({(old, new): count for old, new, count in effects.moves}) == wanted[0]
    assert effects.recommendations == wanted[1]
    assert effects.standings == wanted[0].total()


NEXT: Rule = rule(id="next")


def variants() -> Mapping[str, tuple[tuple[Rule, ...], tuple[Rule, ...]]]:
    """Rulebooks before and after, by what differs."""
    stays = rule(id="stays", effect="mitigate", arms=[arm(requires={"fact": "option.contract_offers", "has": "dpa"})])
    one = rule()
    points = rule(id="points", effect="weigh", arms=[_points(quality=5)])
    duty = Obligation("Sign.", ALWAYS, None)
    return {
        "new": ((stays,), (stays, one)),
        "removed": ((stays, one), (stays,)),
        "effect": ((one, stays), (rule(effect="mitigate"), stays)),
        "memory": ((one, stays), (rule(arms=[arm(checked="memory")]), stays)),
        "condition": ((one,), (rule(arms=[arm(requires={"all": [NO_TRAINING, AT_HOME]})]),)),
        "duty": ((one,), (replace(one, obligation=duty),)),
        "a caution with a duty": ((), (rule(effect="advise", obligation={"text": "Look."}),)),
        "points": ((points, stays), (rule(id="points", effect="weigh", arms=[_points(cost=5, control=1)]), stays)),
        "derived": ((stays,), (stays, _dear())),
        "two at once": ((one, points), (rule(arms=[arm(requires=AT_HOME)]), NEXT)),
    }


def _points(**points: int) -> dict[str, object]:
    whole = arm()
    return {**{k: v for k, v in whole.items() if k != "requires"}, "points": points}


def _dear() -> Rule:
    """A rule on the monthly cost, which differs with the workload."""
    changed = Test("option.usd_per_month", "at_most", Limit(900.0))
    base = rule(id="dear")
    return replace(base, arms=(replace(base.arms[0], applies=ALWAYS, requires=changed),))


@pytest.mark.parametrize("name", sorted(variants()))
def test_counts_are_those_of_whole_reassessments(name: str) -> None:
    before, after = variants()[name]
    old, new = made(*before), made(*after)
    tried = cases(new.vocabulary)
    found = impact(old, new, tried, world())
    same(found.together, counted(old, new, tried))
    assert found.together.cases > 0
    for item in found.rules:
        rules = {**old.rulebook.rules}
        rules.pop(item.change.rule, None)
        rules |= {k: v for k, v in new.rulebook.rules.items() if k == item.change.rule}
        same(item.effects, counted(old, replace(new, rulebook=Rulebook(rules)), tried))


def test_a_list_of_countries_that_changed_changes_every_rule_that_uses_it() -> None:
    strict = rule(arms=[arm(requires=AT_HOME)])
    plain = rule(id="plain")
    old, new = edition(strict, plain, vocabulary=with_group("DE", "FR")), edition(strict, plain, vocabulary=with_group("DE", later=("FR",)))
    assert [(c.rule, c.kind) for c in changed_rules(old, new, AS_OF)] == [("made-up", "countries")]
    assert changed_rules(old, new, date(2027, 6, 1)) == []
    tried = cases(new.vocabulary)
    found = impact(old, new, tried, world())
    same(found.together, counted(old, new, tried))
    assert found.together.lost > 0


def test_what_an_answer_implies_counts_as_a_change() -> None:
    vocabulary = VOCABULARY
    looser = replace(vocabulary, implications={"use.data_classes": {}})
    old, new = edition(rule(), vocabulary=vocabulary), edition(rule(), vocabulary=looser)
    assert [c.kind for c in changed_rules(old, new, AS_OF)] == ["implications"]
    tried = [Case("patients", "patients", asked(vocabulary, data_classes=["us-phi"]))]
    found = impact(old, new, tried, world())
    same(found.together, counted(old, new, tried))
    assert found.together.standings > 0


def test_other_words_are_no_change() -> None:
    assert changed_rules(made(rule()), made(rule(title="Other words", reason="Other words")), AS_OF) == []


def test_a_rule_that_begins_later_is_listed_and_does_nothing_yet() -> None:
    old, new = made(), made(rule(arms=[arm(since="2027-01-01")]))
    tried = cases(new.vocabulary)
    found = impact(old, new, tried, world())
    assert [item.change for item in found.rules] == [Change("made-up", "A made-up rule for these tests", "require", "new", False)]
    assert found.together.cases == 0
    assert impact(old, new, tried, world(date(2027, 6, 1))).together.cases > 0
    told = impact_text.text(found, impact_text.Tried("a", "b", len(tried), 0, 1), 3)
    assert "not in force on 2026-11-24" in told


def test_a_waiver_counts() -> None:
    person, other = Person("A", "Head"), Person("B", "Officer")
    strict = rule(arms=[arm(requires=AT_HOME)])
    tried = [Case("with", "", asked(VOCABULARY, use_case="letters")), Case("without", "", asked(VOCABULARY, use_case="other"))]
    waiver = Waiver(
        "w1", "made-up", None, ("gpt-oss-120b@*",), "Letters", "why", "how", person, other, date(2026, 11, 1), date(2027, 6, 1), "w.yaml"
    )
    old = made(strict)
    new = replace(old, rulebook=replace(old.rulebook, waivers=(waiver,)))
    found = impact(old, new, tried, world())
    assert [item.change.kind for item in found.rules] == ["waivers"]
    same(found.together, counted(old, new, tried))
    assert [case.case for case in found.together.examples] == ["with"]


def test_an_answer_that_the_old_side_does_not_know_is_not_stated_there() -> None:
    vocabulary = VOCABULARY
    facts = {name: fact for name, fact in vocabulary.facts.items() if name != "use.regions"}
    old = edition(vocabulary=replace(vocabulary, facts=facts))
    new = edition(rule(arms=[arm(applies={"fact": "use.regions", "has": "us-ca"})]))
    tried = [Case("Californian", "", asked(vocabulary, regions=["us-ca"]))]
    assert impact(old, new, tried, world()).together.lost > 0


def test_the_most_telling_cases_come_first_and_no_more_than_asked_for() -> None:
    old, new = made(), made(rule(arms=[arm(requires=AT_HOME)]))
    tried = [case for n in range(3) for case in (replace(c, name=f"{c.name} {n}") for c in cases(new.vocabulary))]
    found = impact(old, new, tried, world(), kept=4).together
    assert len(found.examples) == 4 < found.cases
    keys = [(not c.recommendation_flips, -(c.lost + c.gained), -c.total) for c in found.examples]
    assert keys == sorted(keys)
    assert found.examples[0].recommendation_flips
    assert impact(old, new, tried, world(), kept=0).together.examples == ()


def test_no_cases_and_no_changes_are_fine() -> None:
    old, new = made(), made(rule())
    assert impact(old, new, [], world()).pairs == 0
    found = impact(new, new, cases(new.vocabulary), world())
    assert (found.rules, found.together.cases) == ((), 0)
    assert "No rule judges otherwise" in impact_text.text(found, impact_text.Tried("a", "a", 7, 0, 1), 3)


def test_the_result_does_not_depend_on_the_run() -> None:
    old, new = made(), made(rule(), NEXT)
    tried = cases(new.vocabulary)
    first, again = (_json(impact(old, new, tried, world())) for _ in range(2))
    assert first == again


def _json(found: Impact) -> object:
    return impact_text.json(found, impact_text.Tried("a", "b", 7, 0, 1), 50)


# ---------------------------------------------------------------------- the command
@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The shipped rules with retention judged for every option, not only where a host keeps the data."""
    source = next(path for path in shipped("rules").rglob("*.yaml") if path.read_text(encoding="utf-8").find("id: own-retention\n") >= 0)
    changed = source.read_text(encoding="utf-8").replace("effect: require", "effect: advise", 1)
    (tmp_path / "retention.yaml").write_text(changed, encoding="utf-8")
    return tmp_path


def test_the_command_names_cases_options_and_the_seed(advisor: Advisor, stricter: Path) -> None:
    shipped_rules = str(shipped("rules"))
    arguments = ("rules", "impact", shipped_rules, shipped_rules, "--rules", str(stricter), "--population", "5", "--as-of", "2026-11-24")
    ran = advisor(*arguments, "--seed", "3", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert told["schema"] == "rules-impact/1"
    assert (told["cases"]["population"], told["cases"]["seed"]) == (5, 3)
    assert told["rules"][0]["rule"] == "own-retention"
    assert told["together"]["gained"] == told["rules"][0]["effects"]["gained"] > 0
    assert told["together"]["examples"][0]["flips"][0]["option"]


def test_the_text_names_rules_options_and_cases() -> None:
    old, new = made(), made(rule(arms=[arm(requires=AT_HOME)]))
    tried = cases(VOCABULARY)
    told = impact_text.text(impact(old, new, tried, world()), impact_text.Tried("v1", "v2", 3, 4, 9), 2)
    assert told.startswith("From v1 to v2, on 2026-11-24: 1 rule changed.\nTried on 7 cases")
    assert "3 from files, 4 drawn with seed 9" in told
    assert "made-up (require; new), alone" in told
    assert "Cases that show it best, 2 of" in told
    assert "  leads: " in told


def test_the_command_refuses_what_it_cannot_use(advisor: Advisor, tmp_path: Path) -> None:
    rules = str(shipped("rules"))
    assert advisor("rules", "impact", rules, str(tmp_path / "nowhere"), "--population", "1").code == 2
    assert advisor("rules", "impact", rules, rules, "--figures", "guessed").code == 2
    assert advisor("rules", "impact", rules, rules, "--population", "-1").code == 2


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_ten_thousand_cases_take_minutes_whatever_changed(library: Library) -> None:
    roots = (shipped("data"),)
    tried = [*written_cases(roots, library.vocabulary), *drawn_cases(roots, library.vocabulary, 10_000, 1)]
    old = edition(vocabulary=library.vocabulary)
    new = replace(old, rulebook=library.rulebook)
    start = time.process_time()  # of this process alone, so that what else the machine does is not counted
    found = impact(old, new, tried, World(library.catalogue, AS_OF), kept=200)
    assert time.process_time() - start < 400
    assert len(found.rules) == len(library.rulebook.rules)
    assert found.together.cases > 9_000
