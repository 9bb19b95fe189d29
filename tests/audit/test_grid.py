"""The grid agrees with the engine: the same standing for any rule, answers and options, and the same lead as the recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.answers import Answers, Value, load_answers
from advisor.assessment import LiveRule, OptionTable, assess
from advisor.audit.effects.grid import Cases, Facts, Grid, numbered
from advisor.audit.effects.impact import _live, _waivers
from advisor.audit.effects.population import population
from advisor.audit.effects.shelf import WORKLOAD_KEYS, load, shelf, workload_key
from advisor.audit.effects.sides import Comparison, Sides
from advisor.cost.option import option_costs
from advisor.library import Library, shipped
from advisor.possible import Possible
from advisor.ranking.criteria import criteria
from advisor.ranking.quality import qualities
from advisor.recommendation import own_premises, recommend
from advisor.rulebook.condition import facts_read
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Arm, Effect, Obligation, Rule, Source
from advisor.rulebook.rulebook import Rulebook
from tests import small_world as small
from tests.conftest import AS_OF

WORLD = small.LARGE
EFFECTS: tuple[Effect, ...] = ("require", "mitigate", "advise")
DRAWN = 5


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules of any effect, with and without duties, read from a source or from memory."""
    condition = small.conditions(WORLD, 5)
    source = Source("Example Act", "", draw(st.sampled_from(("read", "memory"))), None)
    arm = Arm(None, None, source, draw(condition), draw(condition), {})
    duty = Obligation("Do it.", draw(condition), draw(st.one_of(st.none(), condition))) if draw(st.booleans()) else None
    effect = draw(st.sampled_from(EFFECTS))
    return Rule("made-up", "A made-up rule", effect, "XX", "none", (arm,), (), "reason", "remedy", duty, (), "none", "made-up.yaml")


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_rule_gives_the_levels_of_the_engine(data: st.DataObject) -> None:
    rule = data.draw(rules())
    several = data.draw(st.lists(small.situations(WORLD, rule.facts, most=4), min_size=1, max_size=3))
    facts = [options for situation in several for options in situation.options]
    options = [small.option(f"o{n:02}", values) for n, values in enumerate(facts)]
    derived = {f.name: [values[f.name] for values in facts] for f in small.OPTION_FACTS if f.derived == "yes"}
    cases = [_told(n, situation.said) for n, situation in enumerate(several)]
    grid = Grid(Cases(Judge(WORLD.vocabulary, small.AS_OF), cases), Facts(options, WORLD.vocabulary))
    table = grid.table(LiveRule(rule, rule.arms[0]), {name: numbered(values) for name, values in derived.items()})
    engine = OptionTable(options, WORLD.vocabulary)
    for n, answers in enumerate(cases):
        wanted = assess(answers, engine, Rulebook({rule.id: rule}), small.AS_OF, derived).standing
        assert table.levels[table.rows[n]][table.columns].tolist() == wanted.tolist()


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_conditions_on_answers_hold_as_the_judge_says(data: st.DataObject) -> None:
    of_answers = small.conditions(WORLD, 5).filter(lambda c: all(name.startswith("use.") for name in facts_read(c)))
    condition = data.draw(of_answers)
    several = data.draw(st.lists(small.situations(WORLD, facts_read(condition), most=1), min_size=1, max_size=4))
    cases = [_told(n, situation.said) for n, situation in enumerate(several)]
    judge = Judge(WORLD.vocabulary, small.AS_OF)
    found = Grid(Cases(judge, cases), Facts([], WORLD.vocabulary)).holds(condition)
    assert found.tolist() == [judge.truth(condition, partial(answers.possible, as_of=small.AS_OF)).must for answers in cases]


def _told(number: int, said: Mapping[str, Possible]) -> Answers:
    """Made-up answers; what is stated under each key is a number, so that no two cases are taken for the same."""
    stated: dict[str, Value] = {fact.key: number for fact in small.ANSWER_FACTS}
    return small.Said(stated, WORLD.vocabulary, said=said)


# ---------------------------------------------------------------------- against the recommendation
@pytest.fixture(scope="module")
def cases(library: Library) -> list[Answers]:
    written = [load_answers(path, library.vocabulary) for path in sorted((shipped("data") / "examples").glob("*.yaml"))]
    return [*written, *population(library.vocabulary, library.questions, DRAWN, 7)]


@pytest.mark.parametrize("figures", ["best", "comparison-document"])
def test_standings_and_the_lead_are_those_of_the_recommendation(library: Library, cases: Sequence[Answers], figures: str) -> None:
    assert_they_agree(library, cases if figures == "best" else cases[:5], figures)


@pytest.mark.soak
def test_standings_and_the_lead_are_those_of_the_recommendation_in_every_case_file(library: Library) -> None:
    paths = sorted((shipped("data") / "cases").glob("*.yaml"))
    assert_they_agree(library, [load_answers(path, library.vocabulary) for path in paths], "best")


def assert_they_agree(library: Library, chosen: Sequence[Answers], figures: str) -> None:
    live, waivers = _live(library.rulebook, AS_OF), _waivers(library.rulebook, AS_OF)
    sides = Sides(live, live, library.vocabulary, library.vocabulary, waivers, waivers, frozenset())
    comparison = Comparison(sides, chosen, library.catalogue, AS_OF, figures)
    seen = 0
    for outcome in comparison.outcomes():
        assert list(outcome.alone()) == []
        assert outcome.together() is None
        for row, n in enumerate(outcome.part.cases):
            wanted = recommend(chosen[n], library, AS_OF, figures)
            ids = [comparison.shelf.options[column].id for column in outcome.part.columns[row]]
            found = dict(zip(ids, outcome.old[row].tolist(), strict=True))
            assert found == {r.option.id: int(wanted.assessment.standing[r.position]) for r in wanted.all}
            lead = int(outcome.old_best[row])
            assert (comparison.shelf.options[lead].id if lead >= 0 else None) == (wanted.best.option.id if wanted.best else None)
            seen += 1
    assert seen == len(chosen)


def test_worth_does_not_depend_on_the_country_of_own_premises(library: Library) -> None:
    answers = population(library.vocabulary, library.questions, 6, 11)
    on = shelf(library.catalogue, answers, AS_OF, "best")
    assert len(on.places) > 2
    of_load = load(answers[0], on)
    costs = option_costs(on.options, answers[0], library.catalogue, AS_OF)
    quality = qualities(library.catalogue, answers[0].listed("tasks") or (), AS_OF, "best")
    for n in range(on.shared, len(on.options), 7):
        option = on.options[n]
        worth = criteria(option, option.possible, answers[0], quality[option.model.id], costs[n])
        assert [w.value for w in worth.values()] == of_load.worth[on.pattern[n]].tolist()
    assert [on.options[n].id for n in np.argsort(on.rank)] == sorted(option.id for option in on.options)


@dataclass(frozen=True)
class Watched(Answers):
    """Answers that note which keys are read."""

    read: set[str] = field(default_factory=set)

    def text(self, key: str) -> str | None:
        self.read.add(key)
        return super().text(key)

    def number(self, key: str) -> float | None:
        self.read.add(key)
        return super().number(key)

    def listed(self, key: str) -> tuple[str, ...] | None:
        self.read.add(key)
        return super().listed(key)


def test_cost_and_worth_read_no_other_answers_than_the_key_of_a_workload(library: Library, cases: Sequence[Answers]) -> None:
    for answers in cases[:2]:
        on = shelf(library.catalogue, [answers], AS_OF, "best")
        watched = Watched(answers.known, answers.vocabulary)
        load(watched, on)
        assert watched.read <= {*WORKLOAD_KEYS, "organisation_country"}
        assert workload_key(watched, AS_OF) == workload_key(answers, AS_OF)
        assert own_premises(watched) == own_premises(answers)
