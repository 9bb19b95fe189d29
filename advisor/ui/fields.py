"""
The widgets of one answer: drawn from the draft, read back as a plain value. What is sound is for the engine to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import streamlit as st

from advisor.answers import Value
from advisor.catalogue.load import Catalogue
from advisor.questions import Option, QuestionField
from advisor.ranking.criteria import COST_BEST_USD, COST_WORST_USD, CRITERIA
from advisor.rulebook.rule import Criterion
from advisor.ui import state
from advisor.ui.answer_words import UNSURE, hardware_name, number_words
from advisor.ui.escaping import plain
from advisor.ui.state import Draft
from advisor.vocabulary import Fact

Shape: TypeAlias = Literal["text", "one", "country", "ticks", "many", "number", "machines", "weights"]

OTHER, UNKNOWN = "other", "unknown"
NONE_OF_THESE = "None of these"
LONG_TEXTS = frozenset({"use_case"})

SCALES: Mapping[Criterion, str] = {
    "quality": "from 0 to 100 points on the tests that fit your tasks",
    "cost": f"from ${COST_WORST_USD:,.0f} a month to ${COST_BEST_USD:,.0f} a month",
    "control": "from a service that sees every prompt to open weights on your own machines",
    "operations": "from machines that your team cannot run to a service that the host runs",
    "speed": "no comparable figures are at hand yet, so it moves no option today",
}


@dataclass(frozen=True)
class Given:
    """What a field holds. Neither a value nor unsure: nothing was said."""

    value: object = None
    unsure: bool = False
    missing: str = ""
    """What to say when the page is sent like this; empty where that is fine."""


@dataclass(frozen=True)
class Field:
    """One field of a question with what its widgets need."""

    item: QuestionField
    fact: Fact
    catalogue: Catalogue
    label: str

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def box(self) -> str:
        """The container that holds the widgets; errors link to it."""
        return f"f-{self.key}"

    def part(self, name: str = "") -> str:
        """The key of a widget."""
        return f"w-{self.key}-{name}" if name else f"w-{self.key}"

    @property
    def shape(self) -> Shape:
        if self.key == "gpus_owned":
            return "machines"
        if self.key == "priorities":
            return "weights"
        match self.fact.kind:
            case "number":
                return "number"
            case "text":
                return "text"
            case "held" | "places":
                return "ticks" if self.item.options else "many"
            case _:
                return "one" if self.item.options else "country"

    @property
    def may_be_none(self) -> bool:
        """Whether an empty list is an answer; no place at all is none."""
        return self.fact.kind == "held"

    def words(self, value: str) -> str:
        return self.catalogue.vocabulary.words(self.fact, value)


# ---------------------------------------------------------------------- drawing
def show(item: Field, draft: Draft, error: str) -> None:
    """Draws a field with the answer so far."""
    with st.container(key=item.box, gap="xsmall"):
        if item.item.label:
            st.markdown(f"**{plain(item.item.label)}**")
        if item.item.hint:
            st.caption(plain(item.item.hint))
        if error:
            st.markdown(f":material/error: **Error: {plain(error)}**")
        known = draft.known.get(item.key)
        SHOWN[item.shape](item, known, item.key in draft.unsure)


def _text(item: Field, known: Value | None, unsure: bool) -> None:
    state.seed(item.part(), known or "")
    draw = st.text_area if item.key in LONG_TEXTS else st.text_input
    draw(f"{plain(item.label)} (optional)", key=item.part(), label_visibility="collapsed", on_change=_with_others, args=(item,))
    _unsure_box(item, unsure)


def _one(item: Field, known: Value | None, unsure: bool) -> None:
    options = [o.value for o in item.item.options]
    labels = {o.value: o.label for o in item.item.options} | {UNKNOWN: UNSURE}
    state.seed(item.part(), known or (UNKNOWN if unsure else None))
    st.radio(
        plain(item.label),
        [*options, UNKNOWN],
        format_func=lambda v: plain(labels[v]),
        captions=_captions(item.item.options),
        index=None,
        key=item.part(),
        label_visibility="collapsed",
    )


def _captions(options: Sequence[Option]) -> list[str] | None:
    return [*(plain(o.caption) for o in options), ""] if any(o.caption for o in options) else None


def _country(item: Field, known: Value | None, unsure: bool) -> None:
    names = item.catalogue.vocabulary.domain(item.fact)
    state.seed(item.part(), known)
    st.selectbox(
        plain(item.label),
        sorted(names, key=lambda v: names[v]),
        format_func=lambda v: names[v],
        index=None,
        placeholder="Type a name, then choose it",
        key=item.part(),
        label_visibility="collapsed",
        on_change=_with_others,
        args=(item,),
    )
    _unsure_box(item, unsure)


def _ticks(item: Field, known: Value | None, unsure: bool) -> None:
    chosen = known if isinstance(known, tuple) else ()
    for option in item.item.options:
        state.seed(item.part(option.value), option.value in chosen)
        caption = f" – {plain(option.caption)}" if option.caption else ""
        st.checkbox(plain(option.label) + caption, key=item.part(option.value), on_change=_with_others, args=(item,))
    _none_box(item, known, NONE_OF_THESE)
    _unsure_box(item, unsure)


def _many(item: Field, known: Value | None, unsure: bool) -> None:
    names = item.catalogue.vocabulary.domain(item.fact)
    groups = item.catalogue.vocabulary.places.tokens
    state.seed(item.part(), list(known) if isinstance(known, tuple) else [])
    st.multiselect(
        plain(item.label),
        sorted(names, key=lambda v: (v not in groups, names[v])),
        format_func=lambda v: f"{v}: {names[v]}" if v in groups else names[v],
        placeholder="Type a name, then choose it; as many as you need",
        key=item.part(),
        label_visibility="collapsed",
        on_change=_with_others,
        args=(item,),
    )
    if item.may_be_none:
        _none_box(item, known, "None")
    _unsure_box(item, unsure)


def _number(item: Field, known: Value | None, unsure: bool) -> None:
    presets = {_digits(p.value): p for p in item.item.presets}
    number = known if isinstance(known, int | float) else None
    here = _digits(number) if number is not None else ""
    state.seed(item.part(), UNKNOWN if unsure else here if here in presets else OTHER if number is not None else None)
    labels = {v: p.label for v, p in presets.items()} | {OTHER: "Another number", UNKNOWN: f"{UNSURE}, leave it open"}
    captions = ["" if any(map(str.isdigit, p.label)) else number_words(item.fact, p.value) for p in presets.values()]
    st.radio(
        plain(item.label),
        [*presets, OTHER, UNKNOWN],
        format_func=lambda v: plain(labels[v]),
        captions=[*map(plain, captions), "", ""] if any(captions) else None,
        index=None,
        key=item.part(),
        label_visibility="collapsed",
    )
    if state.value(item.part()) == OTHER:
        whole = item.fact.whole == "yes"
        state.seed(item.part(OTHER), None if number is None else int(number) if whole else float(number))
        label = f"Your number ({item.fact.unit})"
        if whole:
            st.number_input(plain(label), value=None, step=1, key=item.part(OTHER), placeholder="Type a number")
        else:
            st.number_input(plain(label), value=None, step=0.1, format="%g", key=item.part(OTHER), placeholder="Type a number")
    if item.item.default is not None and isinstance(item.item.default, int | float):
        st.caption(f"Many start with {plain(number_words(item.fact, item.item.default))}.")


def _machines(item: Field, known: Value | None, unsure: bool) -> None:
    counts = known if isinstance(known, Mapping) else {}
    state.seed(item.part(), list(counts))
    st.multiselect(
        plain(item.label),
        list(dict.fromkeys([*item.catalogue.hardware, *counts])),
        format_func=lambda kind: hardware_name(kind, item.catalogue),
        placeholder="Type a name, then choose it; as many as you need",
        key=item.part(),
        label_visibility="collapsed",
        on_change=_with_others,
        args=(item,),
    )
    for kind in _list(state.value(item.part())):
        state.seed(item.part(kind), counts.get(kind, 1))
        st.number_input(f"How many {plain(hardware_name(kind, item.catalogue))}?", min_value=0, step=1, key=item.part(kind))
    _none_box(item, () if known == {} else None, "None")
    _unsure_box(item, unsure)


def _weights(item: Field, known: Value | None, unsure: bool) -> None:
    weights = known if isinstance(known, Mapping) else {}
    for name in CRITERIA:
        state.seed(item.part(name), weights.get(name))
        label = f"{name.capitalize()}: {SCALES[name]}"
        st.number_input(
            plain(label), value=None, step=10, key=item.part(name), placeholder="0 to 100", on_change=_with_others, args=(item,)
        )
    _unsure_box(item, unsure, f"{UNSURE}: let the weighing rules set the order")


def _none_box(item: Field, known: Value | None, label: str) -> None:
    state.seed(item.part("..none"), known == ())
    st.checkbox(label, key=item.part("..none"), on_change=_alone, args=(item, "..none"))


def _unsure_box(item: Field, unsure: bool, label: str = UNSURE) -> None:
    state.seed(item.part("..unsure"), unsure)
    st.checkbox(plain(label), key=item.part("..unsure"), on_change=_alone, args=(item, "..unsure"))


SHOWN: Mapping[Shape, Callable[[Field, Value | None, bool], None]] = {
    "text": _text, "one": _one, "country": _country, "ticks": _ticks, "many": _many, "number": _number,
    "machines": _machines, "weights": _weights,
}  # fmt: skip


# ---------------------------------------------------------------------- boxes that stand alone
def _alone(item: Field, box: str) -> None:
    """`None` and `I do not know yet` clear everything else, and each other."""
    if not state.value(item.part(box)):
        return
    for other in ("..none", "..unsure"):
        if other != box and state.holds(item.part(other)):
            state.put(item.part(other), False)
    match item.shape:
        case "text":
            state.put(item.part(), "")
        case "country":
            state.put(item.part(), None)
        case "many" | "machines":
            state.put(item.part(), [])
        case "ticks":
            for option in item.item.options:
                state.put(item.part(option.value), False)
        case "weights":
            for name in CRITERIA:
                state.put(item.part(name), None)


def _with_others(item: Field) -> None:
    """Any other answer clears `None` and `I do not know yet`."""
    for box in ("..none", "..unsure"):
        if state.holds(item.part(box)):
            state.put(item.part(box), False)


# ---------------------------------------------------------------------- reading
def is_drawn(item: Field) -> bool:
    """Whether the widgets of a field were on the page that was sent."""
    return state.holds(item.part()) or state.holds(item.part("..unsure"))


def read(item: Field) -> Given:
    """What the widgets of a field hold."""
    if state.value(item.part("..unsure")):
        return Given(unsure=True)
    if state.value(item.part("..none")):
        return Given({} if item.shape == "machines" else [])
    choose = "Choose an answer, or “I do not know yet”."
    match item.shape:
        case "text":
            text = str(state.value(item.part()) or "").strip()
            return Given(text or None)
        case "one" | "country":
            value = state.value(item.part())
            return Given(unsure=True) if value == UNKNOWN else Given(value, missing="" if value else choose)
        case "ticks":
            ticked = [o.value for o in item.item.options if state.value(item.part(o.value))]
            return Given(ticked or None, missing="" if ticked else choose)
        case "many":
            chosen = _list(state.value(item.part()))
            return Given(chosen or None, missing="" if chosen else choose)
        case "number":
            return _read_number(item, choose)
        case "machines":
            counts = {kind: state.value(item.part(kind)) or 0 for kind in _list(state.value(item.part()))}
            return Given(counts or None, missing="" if counts else choose)
        case "weights":
            given = {name: weight for name in CRITERIA if (weight := state.value(item.part(name))) is not None}
            return Given(given or None)


def _read_number(item: Field, choose: str) -> Given:
    chosen = state.value(item.part())
    if chosen == UNKNOWN:
        return Given(unsure=True)
    if chosen == OTHER:
        number = state.value(item.part(OTHER))
        return Given(number, missing="" if number is not None else "Enter a number, or choose another answer.")
    preset = next((p.value for p in item.item.presets if _digits(p.value) == chosen), None)
    return Given(preset, missing="" if chosen else choose)


def _digits(value: float) -> str:
    return f"{value:.15g}"


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []
