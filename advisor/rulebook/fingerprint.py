"""
Fingerprints of a rule: one of its conditions, one of its citations. Reviews and waivers are bound to them.

The fingerprint of the conditions does not depend on the order of parts, on brackets without effect, or on any text.
"""

from __future__ import annotations

from typing import assert_never

from advisor.canonical import digest
from advisor.rulebook.condition import All, Answer, AnyOf, Condition, Group, Limit, Not, Operand, Test, Values
from advisor.rulebook.rule import Rule, RuleException


def tree_fingerprint(rule: Rule) -> str:
    """SHA-256 of effect, dates, conditions, exceptions and points of a rule."""
    arms = [
        {
            "from": str(arm.since or ""), "until": str(arm.until or ""), "memory": arm.source.checked == "memory",
            "applies_when": as_data(arm.applies), "requires": as_data(arm.requires), "points": dict(arm.points),
        }
        for arm in rule.arms
    ]  # fmt: skip
    duty = rule.obligation
    return digest(
        {
            "effect": rule.effect,
            "arms": sorted(arms, key=lambda arm: str(arm["from"])),
            "exceptions": _exceptions(rule.exceptions),
            "obligation": [as_data(duty.when), as_data(duty.done_when) if duty.done_when else None] if duty else None,
        }
    )


def cite_fingerprint(rule: Rule) -> str:
    """SHA-256 of every citation of a rule with its dates."""
    arms = sorted([str(arm.since or ""), arm.source.cite, arm.source.url] for arm in rule.arms)
    return digest({"arms": arms, "exceptions": sorted([e.id, e.source.cite, e.source.url] for e in rule.all_exceptions())})


def _exceptions(exceptions: tuple[RuleException, ...]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [{"id": e.id, "when": as_data(e.when), "exceptions": _exceptions(e.exceptions)} for e in exceptions]
    return sorted(found, key=lambda item: str(item["id"]))


def as_data(condition: Condition) -> object:
    """A condition as plain data in one normal form: flat, without repeats, parts in a fixed order."""
    match condition:
        case Test(fact, operator, operand):
            return {"fact": fact, operator: _operand(operand)}
        case Not(Not(part)):
            return as_data(part)
        case Not(part):
            return {"not": as_data(part)}
        case All() | AnyOf():
            parts = {digest(data): data for data in map(as_data, _flat(condition))}
            if len(parts) == 1:
                return next(iter(parts.values()))
            return {"all" if isinstance(condition, All) else "any": [parts[key] for key in sorted(parts)]}
        case _:
            assert_never(condition)


def _flat(condition: All | AnyOf) -> list[Condition]:
    """The parts of a group, with those of groups of the same kind inside it in their place."""
    found: list[Condition] = []
    for part in condition.parts:
        found += _flat(part) if isinstance(part, type(condition)) else [part]
    return found


def _operand(operand: Operand) -> object:
    match operand:
        case Values(values):
            return sorted(set(values))
        case Limit(value):
            return value
        case Group(name):
            return {"group": name}
        case Answer(key):
            return {"answer": key}
        case _:
            assert_never(operand)
