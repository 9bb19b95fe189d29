"""
What holds whichever option is chosen: what the law leaves to people, and the waivers at hand.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from advisor import export
from advisor.recommendation import Recommendation
from advisor.rulebook.provisions import Duty
from advisor.ui import frame
from advisor.ui.escaping import bullets, plain
from advisor.wording import checked_words, short_cite


def whatever_is_chosen(result: Recommendation) -> None:
    """Provisions that no rule can state: those that surely apply, then those that hang on an unknown answer."""
    sure = [duty for duty in result.duties if duty.sure]
    open_ = [duty for duty in result.duties if not duty.sure]
    if not sure and not open_:
        return
    frame.section("Whatever you choose")
    st.markdown("No option meets or fails these; the law leaves them to people.")
    if sure:
        st.markdown(bullets(_lines(sure)))
    if open_:
        with st.expander(f"May apply, depending on answers that are not known ({len(open_)})"):
            st.markdown(bullets(_lines(open_)))


def _lines(duties: Iterable[Duty]) -> Iterable[str]:
    for duty in duties:
        source = duty.manual.source
        yield f"{plain(duty.manual.words)} ({plain(short_cite(source.cite))}; {plain(checked_words(source))})"


def waivers(result: Recommendation) -> None:
    found = export.waivers(result)
    if not found:
        return
    frame.section("Waivers")
    rows = [[plain(item["id"]), plain(item.get("rule", "")), plain(item.get("approver", "")), plain(_state(item))] for item in found]
    frame.table("Waivers at hand", ["Waiver", "Rule", "Approved by", "State"], rows)


def _state(item: dict[str, str]) -> str:
    return f"void: {item['void_because']}" if item["void_because"] else f"live until {item['expires']}"
