"""
Assessment: every rule against every option, at once.

In: answers, options, rulebook, date. Out: one verdict for each rule and option, and the standing of each option, as columns.
DuckDB evaluates all rules over all options in one statement; no option is looked at alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, cast, get_args

import duckdb
import numpy as np
import numpy.typing as npt

from advisor.answers import Answers
from advisor.catalogue.options import Option
from advisor.possible import Possible
from advisor.rulebook.encoding import Layout, layouts
from advisor.rulebook.judge import Judge
from advisor.rulebook.rule import Arm, Rule, Verdict
from advisor.rulebook.rulebook import Rulebook
from advisor.rulebook.sql import Reader, Reading, Sql, conjoined, negated
from advisor.rulebook.waivers import Waiver, void_because
from advisor.vocabulary import Vocabulary

Standing: TypeAlias = Literal["eligible", "conditional", "unconfirmed", "excluded"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)

CODES: tuple[Verdict, ...] = ("not_applicable", "complies", "breaches", "unknown", "not_in_force", "waived")
CODE: Mapping[Verdict, int] = {verdict: code for code, verdict in enumerate(CODES)}

Codes: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]

Derived: TypeAlias = Mapping[str, Sequence[Possible]]
"""Facts worked out for this assessment, one value for each option: `option.quality_levels`, `option.usd_per_month`."""


class OptionTable:
    """The options of one catalogue on one date as a table; made once, asked many times."""

    def __init__(self, options: Sequence[Option], vocabulary: Vocabulary) -> None:
        self.options = tuple(options)
        self.vocabulary = vocabulary
        self.layouts = layouts(vocabulary)
        self.connection = duckdb.connect(config={"threads": 1})
        stored = [layout for layout in self.layouts.values() if layout.fact.derived == "no"]
        columns = _columns(stored, [[option.facts[layout.fact.name].possible for option in self.options] for layout in stored])
        self._load("options", columns)

    def _load(self, name: str, columns: dict[str, npt.NDArray[np.generic]]) -> None:
        columns = {"ix": np.arange(len(self.options), dtype=np.int64), **columns}
        self.connection.register("incoming", columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
        self.connection.unregister("incoming")

    def load_derived(self, derived: Derived) -> None:
        """Sets the worked-out facts of the next assessment; a fact that is not given is unknown for every option."""
        stored = [layout for layout in self.layouts.values() if layout.fact.derived == "yes"]
        unknown = {layout.fact.name: [self.vocabulary.unknown(layout.fact)] * len(self.options) for layout in stored}
        self._load("derived", _columns(stored, [derived.get(layout.fact.name, unknown[layout.fact.name]) for layout in stored]))

    def query(self, expressions: Mapping[str, str], tests: Mapping[str, str]) -> dict[str, npt.NDArray[np.generic]]:
        """Values of named expressions for every option, in order. Expressions speak of the columns that `tests` name."""
        inner = ", ".join(["options.ix AS ix", *(f"{sql} AS {name}" for sql, name in tests.items())])
        outer = ", ".join(["ix", *(f"{sql} AS {name}" for name, sql in expressions.items())])
        statement = f"SELECT {outer} FROM (SELECT {inner} FROM options JOIN derived USING (ix)) ORDER BY ix"
        return cast("dict[str, npt.NDArray[np.generic]]", self.connection.execute(statement).fetchnumpy())


def _columns(stored: Sequence[Layout], values: Sequence[Sequence[Possible]]) -> dict[str, npt.NDArray[np.generic]]:
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for layout, facts in zip(stored, values, strict=True):
        kind = np.float64 if layout.fact.kind == "number" else np.int64
        rows: dict[Possible, tuple[float | int, ...]] = {}
        block = np.array([rows.get(f) or rows.setdefault(f, layout.row(f)) for f in facts], dtype=kind).reshape(
            len(facts), len(layout.columns)
        )
        columns |= {name: np.ascontiguousarray(block[:, n]) for n, name in enumerate(layout.columns)}
    return columns


@dataclass(frozen=True)
class LiveRule:
    """A rule with the arm that is in force."""

    rule: Rule
    arm: Arm


@dataclass(frozen=True)
class Assessment:
    """All verdicts and standings for one set of answers."""

    answers: Answers
    as_of: date
    options: tuple[Option, ...]
    rules: tuple[LiveRule, ...]
    """Rules in force that judge options: `require`, `mitigate`, `advise`."""
    not_in_force: tuple[Rule, ...]
    weighing: tuple[LiveRule, ...]
    verdicts: Codes
    """Shape (rules, options): positions in CODES."""
    unwaived: Codes
    """The same without waivers: what a waived verdict would have been."""
    waivers: tuple[Waiver, ...]
    """Those that are live on the date."""
    duties: Flags
    """Shape (rules, options): the rule is met and carries a duty that is not yet done."""
    standing: Codes
    """Shape (options): positions in STANDINGS."""
    open_requires: npt.NDArray[np.int64]
    """Shape (options): how many `require` rules cannot be decided."""
    derived: Derived

    def verdict(self, rule: int, option: int) -> Verdict:
        return CODES[int(self.verdicts[rule, option])]

    def waiver(self, rule: int, option: int) -> Waiver | None:
        """The waiver behind a waived verdict."""
        if self.verdict(rule, option) != "waived":
            return None
        wanted, name = self.rules[rule].rule.id, self.options[option].id
        return next(w for w in self.waivers if w.rule == wanted and w.covers(name, self.answers.text("use_case") or ""))

    def standing_of(self, option: int) -> Standing:
        return STANDINGS[int(self.standing[option])]

    def standing_without(self, rule_id: str) -> Codes:
        """The standing of every option if this rule did not exist: positions in STANDINGS."""
        kept = [n for n, item in enumerate(self.rules) if item.rule.id != rule_id]
        return _standing([self.rules[n] for n in kept], self.verdicts[kept], self.duties[kept], self.options)

    def facts_of(self, option: int) -> Mapping[str, Possible]:
        """What is possible of every fact of one option, worked-out ones included."""
        facts = {name: known.possible for name, known in self.options[option].facts.items()}
        return facts | {name: values[option] for name, values in self.derived.items()}

    def possible(self, option: int, fact: str) -> Possible:
        """What is possible of one fact for one option, from answers or catalogue."""
        if fact.startswith("use."):
            return self.answers.possible(fact, self.as_of)
        if fact in self.derived:
            return self.derived[fact][option]
        known = self.options[option].facts.get(fact)
        return known.possible if known else self.answers.vocabulary.unknown(self.answers.vocabulary.facts[fact])


def assess(answers: Answers, table: OptionTable, rulebook: Rulebook, as_of: date, derived: Derived) -> Assessment:
    """Judges every rule in force for every option."""
    live = [LiveRule(rule, arm) for rule in rulebook.rules.values() if (arm := rule.arm(as_of))]
    rules = tuple(item for item in live if item.rule.effect != "weigh")
    table.load_derived(derived)
    unwaived, duties = _judge(rules, answers, table, as_of)
    waivers = tuple(w for w in rulebook.waivers if not void_because(w, rulebook.rules, as_of))
    verdicts = _waived(unwaived, waivers, rules, table.options, answers.text("use_case") or "")
    return Assessment(
        answers, as_of, table.options, rules,
        tuple(rule for rule in rulebook.rules.values() if not rule.arm(as_of)),
        tuple(item for item in live if item.rule.effect == "weigh"),
        verdicts, unwaived, waivers, duties, _standing(rules, verdicts, duties, table.options), _open_requires(rules, verdicts), derived,
    )  # fmt: skip


def _judge(rules: Sequence[LiveRule], answers: Answers, table: OptionTable, as_of: date) -> tuple[Codes, Flags]:
    judge = Judge(answers.vocabulary, as_of)

    def answer(fact: str) -> Possible:
        return answers.possible(fact, as_of)

    reader = Reader(table.layouts, answer, lambda operand: judge.operand(operand, answer))
    verdicts = np.zeros((len(rules), len(table.options)), dtype=np.uint8)
    duties = np.zeros((len(rules), len(table.options)), dtype=np.bool_)
    asked: dict[str, str] = {}
    for n, item in enumerate(rules):
        applies = reader.reading(item.rule.applies(item.arm))
        if applies.may is False:
            continue
        verdict = _verdict_sql(applies, reader.reading(item.arm.requires))
        if isinstance(verdict, int):
            verdicts[n] = verdict
        else:
            asked[f"v{n}"] = verdict
        duty = _duty_sql(item.rule, reader)
        if isinstance(duty, str):
            asked[f"d{n}"] = duty
        else:
            duties[n] = duty
    if asked and table.options:
        for name, column in table.query(asked, reader.tests).items():
            if name != "ix":
                (verdicts if name[0] == "v" else duties)[int(name[1:])] = column
    return verdicts, duties & (verdicts == CODE["complies"])


def _waived(verdicts: Codes, waivers: Sequence[Waiver], rules: Sequence[LiveRule], options: Sequence[Option], use_case: str) -> Codes:
    """The verdicts with live waivers: a breach or an unknown that one covers is waived, nothing else changes."""
    found = verdicts.copy()
    rows = {item.rule.id: n for n, item in enumerate(rules)}
    for waiver in waivers:
        row = rows.get(waiver.rule)
        if row is not None:
            covered = np.array([waiver.covers(option.id, use_case) for option in options], dtype=np.bool_)
            open_ = (verdicts[row] == CODE["breaches"]) | (verdicts[row] == CODE["unknown"])
            found[row][covered & open_] = CODE["waived"]
    return found


def _verdict_sql(applies: Reading, requires: Reading) -> str | int:
    """The verdict of a rule as SQL, or as a code where the answers alone settle it."""
    branches: list[tuple[Sql, int]] = [
        (negated(applies.may), CODE["not_applicable"]),
        (requires.must, CODE["complies"]),
        (conjoined([applies.must, negated(requires.may)]), CODE["breaches"]),
    ]
    text = ""
    for condition, code in branches:
        if condition is True:
            return f"(CASE{text} ELSE {code} END)::UTINYINT" if text else code
        if isinstance(condition, str):
            text += f" WHEN {condition} THEN {code}"
    return f"(CASE{text} ELSE {CODE['unknown']} END)::UTINYINT" if text else CODE["unknown"]


def _duty_sql(rule: Rule, reader: Reader) -> Sql:
    """Where a duty of a met rule may arise and is not shown to be done."""
    if rule.obligation is None:
        return False
    done: Sql = reader.reading(rule.obligation.done_when).must if rule.obligation.done_when else False
    return conjoined([reader.reading(rule.obligation.when).may, negated(done)])


def _open_requires(rules: Sequence[LiveRule], verdicts: Codes) -> npt.NDArray[np.int64]:
    require = np.array([item.rule.effect == "require" for item in rules], dtype=np.bool_)
    memory = np.array([item.arm.source.checked == "memory" for item in rules], dtype=np.bool_)
    unknown = (verdicts == CODE["unknown"]) | ((verdicts == CODE["breaches"]) & memory[:, None])
    counts: npt.NDArray[np.int64] = (unknown & require[:, None]).sum(axis=0, dtype=np.int64)
    return counts


def _standing(rules: Sequence[LiveRule], verdicts: Codes, duties: Flags, options: Sequence[Option]) -> Codes:
    count = len(options)

    def some(effect: str, verdict: Verdict, memory: bool | None = None) -> Flags:
        rows = [
            n for n, r in enumerate(rules) if r.rule.effect == effect and (memory is None or (r.arm.source.checked == "memory") is memory)
        ]
        return cast(Flags, (verdicts[rows] == CODE[verdict]).any(axis=0)) if rows else np.zeros(count, dtype=np.bool_)

    excluded = some("require", "breaches", memory=False)
    unconfirmed = some("require", "unknown") | some("require", "breaches", memory=True)
    conditional = some("mitigate", "breaches") | some("mitigate", "unknown") | some("require", "waived") | some("mitigate", "waived")
    conditional |= duties.any(axis=0) if len(rules) else False
    conditional |= np.array([bool(option.preconditions) for option in options], dtype=np.bool_)
    found = np.select(
        [excluded, unconfirmed, conditional],
        [STANDINGS.index("excluded"), STANDINGS.index("unconfirmed"), STANDINGS.index("conditional")],
        STANDINGS.index("eligible"),
    )
    return found.astype(np.uint8)
