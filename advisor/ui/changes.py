"""
Change preview: two editions of the rules, what differs between them rule by rule, and on request what that does to many cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from advisor.audit.changes.allowed import folders
from advisor.audit.changes.beside import beside
from advisor.audit.changes.diff_text import (
    KIND_WORDS,
    PROSE,
    case_words,
    counts,
    counts_words,
    kind_words,
    outcome_words,
    review_words,
    vocabulary_of,
)
from advisor.audit.changes.differences import KINDS, Difference, Kind
from advisor.audit.changes.outcomes import Witness
from advisor.audit.changes.preview import LOADED, Compared
from advisor.errors import AdvisorError, BrokenInput
from advisor.library import roots
from advisor.ui import address, audited, changes_impact, frame, navigation, state
from advisor.ui.address import ALL, pick
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus

OLD, NEW = "old", "new"
FEW = 3
"""So many differences are shown open."""
HEAD = "HEAD"
LOCAL = ("localhost", "127.0.0.1", "::1")
FOUND = "changes"
SIGNS = {"-": "**Was:** ", "+": "**Is now:** ", " ": ""}


def page() -> None:
    frame.heading(Focus("changes", "Preview a change of rules"), layout="wide")
    st.markdown(
        "Compare two versions of the rules before one replaces the other: each rule that differs, what that means in English, and a case "
        "in which it shows. “Proved” means that the solver went through every case on every date."
    )
    old, new = _names()
    if st.button("Compare", type="primary", key="changes-compare"):
        state.keep(FOUND, _compare(old, new))
    found: tuple[tuple[str, str], Compared] | None = state.kept(FOUND, None)
    if found is None or found[0] != (old, new):
        return
    _differences(found[1])
    changes_impact.show(found[1])


def _names() -> tuple[str, str]:
    """What to compare, in the address as `old` and `new`; nothing in the second field stands for the rules in use."""
    address.follow("changes-old", OLD, st.query_params.get(OLD, HEAD))
    address.follow("changes-new", NEW, st.query_params.get(NEW, ""))
    left, right = st.columns(2)
    with left:
        old = st.text_input(
            "Old: a Git revision, or a folder of rules", key="changes-old", max_chars=200, on_change=_write, args=("old", HEAD)
        )
    with right:
        new = st.text_input(
            "New: the same; leave it empty for the rules as they are loaded",
            key="changes-new",
            max_chars=200,
            on_change=_write,
            args=("new", ""),
        )
    st.caption(
        "A Git revision is one of the repository that holds the shipped rules, such as HEAD, HEAD~1, a branch or a tag. "
        + (
            "A folder is one that the advisor was told of in ADVISOR_RULES, or one below the folder in which it was started (`.` is that "
            "folder as it is now); the app opens no other."
            if _is_local()
            else "The app can be reached from other computers, so it opens no folders."
        )
    )
    return old.strip(), new.strip()


def _is_local() -> bool:
    """Whether only this computer can reach the app; whoever uses it can then read its folders anyway."""
    return st.get_option("server.address") in LOCAL


def _write(name: str, default: str) -> None:
    address.write(f"changes-{name}", name, default)


def _compare(old: str, new: str) -> tuple[tuple[str, str], Compared] | None:
    """What differs; None, and why, where that cannot be said."""
    if old == new:
        st.error("These are the same. Name two different versions.")
        return None
    try:
        with st.spinner("Comparing the rules"):
            return (old, new), audited.compared(old, new, folders() if _is_local() else ())
    except BrokenInput as broken:
        st.error("These cannot be compared. Nothing was changed.")
        for problem in broken.problems:
            st.text(str(problem))
    except AdvisorError as error:
        st.error(plain(error))
    return None


# ---------------------------------------------------------------------- what differs
def _differences(found: Compared) -> None:
    frame.section("What differs")
    st.markdown(plain(f"From {found.old.name} to {found.new.name}: {counts_words(found.differences)}."))
    if others := beside(found.old, found.new):
        st.markdown("Beside the rules:")
        st.markdown(bullets(map(plain, others)))
    if found.new.name == LOADED and len(roots("rules", "ADVISOR_RULES")) > 1:
        st.markdown("The old side has none of your own rules (ADVISOR_RULES), so all of them count as new.")
    if not found.differences:
        return
    numbers = counts(found.differences)
    frame.table(
        "How many rules differ, by kind",
        ["Kind", "Rules", "Meaning"],
        [[kind, str(numbers[kind]), plain(KIND_WORDS[kind])] for kind in KINDS if numbers[kind]],
    )
    with st.columns([1, 3])[0]:
        chosen = pick("Show", "kind", [kind for kind in KINDS if numbers[kind]])
    for kind in KINDS:
        group = [item for item in found.differences if item.kind == kind]
        if group and chosen in (ALL, kind):
            _kind(kind, group, found)


def _kind(kind: Kind, group: Sequence[Difference], found: Compared) -> None:
    st.subheader(f"{kind.capitalize()} ({len(group)})", anchor=False)
    for item in group:
        with st.expander(plain(f"{item.title} ({item.rule})"), expanded=len(found.differences) <= FEW):
            _difference(item, found)


def _from_here(path: str) -> str:
    """A path as it reads from the folder in which the app was started."""
    return path.removeprefix(f"{Path.cwd()}/")


def _difference(item: Difference, found: Compared) -> None:
    st.markdown(f"**{plain(_sentence(kind_words(item)))}** {plain(_from_here(item.path))}")
    if item.why and item.kind != "incomparable":
        st.markdown(plain(_sentence(item.why)))
    for witness in item.witnesses:
        _witness(witness, found)
    if item.lines:
        st.markdown("**How it reads:**")
        st.markdown("\n".join(f"{'    ' * line.depth}- {SIGNS[line.sign]}{plain(line.text)}" for line in item.lines))
    if item.texts:
        st.markdown("**Texts that differ:**")
        st.markdown(bullets(_text(change.key, change.old, change.new) for change in item.texts))
    st.markdown(plain(_sentence(review_words(item, found.old.name))))
    if found.new.name == LOADED and item.new:
        st.markdown(navigation.rule_link(item.rule))


def _witness(witness: Witness, found: Compared) -> None:
    name = f", the printed example “{witness.name}”" if witness.name else ""
    st.markdown(plain(f"A case on {witness.as_of}{name}:"))
    st.markdown(bullets(map(plain, case_words(witness, vocabulary_of(witness, found.old, found.new)))))
    st.markdown(f"Before: **{plain(outcome_words(witness.old))}**. Now: **{plain(outcome_words(witness.new))}**.")


def _text(key: str, old: str, new: str) -> str:
    """A text as it was and is; of what is no prose, such as an example, only what became of it."""
    state = "added" if not old else "removed" if not new else "changed"
    if key.split(" (", maxsplit=1)[0] not in PROSE:
        return plain(f"{key}: {state}")
    parts = [f"was: {old}" if old else "was not there", f"is now: {new}" if new else "is gone"]
    return plain(f"{key}: {'; '.join(parts)}")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"
