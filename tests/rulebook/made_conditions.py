"""Random conditions, rules and facts over the large made-up vocabulary, and how the engine reads them: for tests that compare readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from advisor.assessment import OptionTable
from advisor.possible import Possible
from advisor.rulebook.condition import Condition, facts_read
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Arm, Rule, RuleException, Source
from advisor.rulebook.sql import Reader
from advisor.rulebook.truth import Truth
from tests import small_world as small
from tests.oracle import Oracle
from tests.small_world import AS_OF, LARGE, Situation

SOURCE = Source("Example Act s. 1", "", "read", None)
ORACLE = Oracle(LARGE.groups)


def examples(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def table_of(situation: Situation) -> OptionTable:
    table = OptionTable([small.option(f"o{n}", facts) for n, facts in enumerate(situation.options)], LARGE.vocabulary)
    table.load_derived(situation.derived)
    return table


def sql_truths(condition: Condition, table: OptionTable, said: Mapping[str, Possible]) -> list[Truth]:
    """What the engine reads, for every option: folded where the answers settle it, else asked of DuckDB."""
    judge = Judge(LARGE.vocabulary, AS_OF)
    reader = Reader(table.layouts, said.__getitem__, lambda operand: judge.operand(operand, said.__getitem__))
    reading = reader.reading(condition)
    sides = {"must": reading.must, "may": reading.may}
    asked = {name: sql for name, sql in sides.items() if isinstance(sql, str)}
    found = table.query(asked, reader.tests) if asked else {}
    assert not any(np.ma.isMaskedArray(column) for column in found.values()), "a truth value is NULL"
    columns = [found.get(name, [folded] * len(table.options)) for name, folded in sides.items()]
    return [Truth(bool(must), bool(may)) for must, may in zip(*columns, strict=True)]


# ---------------------------------------------------------------------- truths
@st.composite
def judged(draw: st.DrawFn, most: int) -> tuple[Sequence[Condition], Situation]:
    conditions = draw(st.lists(small.conditions(LARGE, most), min_size=1, max_size=3))
    return conditions, draw(small.situations(LARGE, [name for c in conditions for name in facts_read(c)]))


# ---------------------------------------------------------------------- verdicts
@st.composite
def rules(draw: st.DrawFn, name: str) -> Rule:
    """A rule with one or two arms, exceptions and exceptions to these."""
    conditions = small.conditions(LARGE, 3)
    inner = RuleException("inner", "an exception to the exception", draw(conditions), SOURCE, (), ())
    outer = RuleException("outer", "an exception", draw(conditions), SOURCE, (), (inner,) if draw(st.booleans()) else ())
    ended = draw(st.booleans())
    arms = [Arm(None, AS_OF if ended else None, SOURCE, draw(conditions), draw(conditions), {})]
    if ended and draw(st.booleans()):
        arms.append(Arm(AS_OF, date(2027, 1, 1), SOURCE, draw(conditions), draw(conditions), {}))
    exceptions = (outer,) if draw(st.booleans()) else ()
    return Rule(name, "A made-up rule", "require", "XX", "none", tuple(arms), exceptions, "reason", "remedy", None, (), "none", name)


@st.composite
def ruled(draw: st.DrawFn) -> tuple[Sequence[Rule], Situation]:
    rulebook = [draw(rules(name)) for name in ("a", "b", "c")]
    return rulebook, draw(small.situations(LARGE, [name for rule in rulebook for name in rule.facts], most=3))
