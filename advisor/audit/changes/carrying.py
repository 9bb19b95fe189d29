"""
Carries sign-offs over a change of wording that is proved to change nothing: a line in the rule file, every other byte as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from advisor.audit.changes.differences import Difference, difference
from advisor.audit.changes.revisions import Edition
from advisor.errors import BrokenInput, CouldNotWrite
from advisor.library import write_text
from advisor.rulebook.fingerprint import cite_fingerprint, tree_fingerprint
from advisor.rulebook.load import read_rule
from advisor.rulebook.reviews import holds
from advisor.rulebook.rule import Review, Rule
from advisor.strict_yaml import parse
from advisor.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Carrying:
    """What can be carried over, and why no more."""

    rule: Rule
    """As it stands now."""
    numbers: tuple[int, ...]
    """Places in the list of reviews of those that are carried, counted from 0."""
    why: str
    """In a sentence without a full stop: the proof, or why nothing is carried."""
    found: Difference | None
    """What changed; None: nothing did."""


def carrying(rule_id: str, old: Edition, new: Edition) -> Carrying:
    """Which sign-offs of a rule stood in the old edition, do not stand now, and may be carried. Raises NotFound, MissingSolver."""
    before, after = old.rulebook.rule(rule_id), new.rulebook.rule(rule_id)
    found = difference(rule_id, old, new)
    tree, cite = tree_fingerprint(before), cite_fingerprint(before)
    stood = [n for n, review in enumerate(after.reviews) if holds(review, tree, cite)]
    waiting = tuple(n for n in stood if not holds(after.reviews[n], tree_fingerprint(after), cite_fingerprint(after)))
    if not stood:
        return Carrying(after, (), f"no sign-off in the file covers the rule as it stood in {old.name}", found)
    if cite_fingerprint(after) != cite:
        return Carrying(after, (), "the citation changed, so the rule has to be reviewed again", found)
    if found is not None and found.kind not in ("equivalent", "editorial"):
        return Carrying(after, (), f"the rule does not mean the same as in {old.name}, so it has to be reviewed again", found)
    if not waiting:
        return Carrying(after, (), "every sign-off that stood there covers the rule as it stands", found)
    return Carrying(after, waiting, f"proved to mean the same as in {old.name} in every case on every date", found)


def carried_rule(item: Carrying, on: date) -> Rule:
    """The rule with the sign-offs carried to its present conditions. `on`: the day of the proof."""
    entry = (tree_fingerprint(item.rule), on)
    reviews = [replace(r, carried=(*r.carried, entry)) if n in item.numbers else r for n, r in enumerate(item.rule.reviews)]
    return replace(item.rule, reviews=tuple(reviews))


def write_carried(item: Carrying, path: Path, vocabulary: Vocabulary, on: date) -> None:
    """
    Adds the entries to the rule file. Raises CouldNotWrite, and then leaves the file as it was.

    The new text is read as a rule first; it must hold the same rule with exactly these entries more.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotWrite(f"{path}: cannot be read as text: {error}. Nothing was changed.") from error
    longer = text
    for number in item.numbers:
        longer = with_carried(longer, number, tree_fingerprint(item.rule), on)
    try:
        again = read_rule(parse(longer.encode("utf-8"), item.rule.path), vocabulary)
    except BrokenInput as error:
        raise CouldNotWrite(f"{path}: would no longer load with the proof added: {error} Nothing was changed.") from error
    if _reviews_only(again) != _reviews_only(carried_rule(item, on)) or tree_fingerprint(again) != tree_fingerprint(item.rule):
        raise CouldNotWrite(f"{path}: would not say the same with the proof added. Nothing was changed. Add it by hand.")
    write_text(path, longer)


def _reviews_only(rule: Rule) -> tuple[str, tuple[Review, ...]]:
    return rule.id, rule.reviews


# ---------------------------------------------------------------------- the text of the file
def with_carried(text: str, number: int, tree: str, on: date) -> str:
    """The text of a rule file with an entry in one of its reviews. `number`: which, counted from 0. Raises CouldNotWrite."""
    review = _reviews(text)[number]
    carried = next((value for key, value in review.value if key.value == "carried"), None)
    entry = f"{{tree: {tree}, on: {on}}}"
    if isinstance(carried, yaml.SequenceNode) and carried.value:
        last = _end(carried.value[-1], text)
        if carried.flow_style:
            return f"{text[:last]}, {entry}{text[last:]}"
        return _below(text, last, f"{' ' * carried.start_mark.column}- {entry}")
    if isinstance(carried, yaml.SequenceNode):
        inside = carried.start_mark.index + 1
        return f"{text[:inside]}{entry}{text[inside:]}"
    last = _end(review, text)
    if review.flow_style:
        return f"{text[:last]}, carried: [{entry}]{text[last:]}"
    indent = " " * review.start_mark.column
    return _below(text, last, f"{indent}carried:", f"{indent}  - {entry}")


def _reviews(text: str) -> Sequence[yaml.MappingNode]:
    """The nodes of the reviews. The strict reader has read the file before, so there are no tags and no anchors in it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    listed = next((v for k, v in root.value if k.value == "reviews"), None) if isinstance(root, yaml.MappingNode) else None
    if not isinstance(listed, yaml.SequenceNode) or not all(isinstance(item, yaml.MappingNode) for item in listed.value):
        raise CouldNotWrite("the file has no list of reviews that can be added to. Nothing was changed.")
    return [item for item in listed.value if isinstance(item, yaml.MappingNode)]


def _end(node: yaml.Node, text: str) -> int:
    """The place right behind the last character that belongs to a node; of a mapping in braces, of its last entry."""
    if isinstance(node, yaml.MappingNode) and node.value and (not node.flow_style or _is_review(node)):
        return _end(node.value[-1][1], text)
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _end(node.value[-1], text)
    return len(text[: node.end_mark.index].rstrip())


def _is_review(node: yaml.MappingNode) -> bool:
    return any(key.value == "reviewer" for key, _ in node.value)


def _below(text: str, place: int, *lines: str) -> str:
    """The text with lines below the one that holds `place`, ended as that line is."""
    end = text.find("\n", place)
    if end < 0:
        ending = "\r\n" if "\r\n" in text else "\n"
        return text + "".join(f"{ending}{line}" for line in lines) + ending
    ending = "\r\n" if text[end - 1 : end] == "\r" else "\n"
    return text[: end + 1] + "".join(f"{line}{ending}" for line in lines) + text[end + 1 :]
