"""
Letters: the open questions for one host, ready to send, as text and as files.
"""

from __future__ import annotations

from collections import Counter

import streamlit as st

from advisor.curation.gaps import asked_of
from advisor.curation.letters import letter, markdown, word
from advisor.curation.survey import Survey
from advisor.library import Library
from advisor.ui import address, frame, knowledge, navigation, tried
from advisor.ui.address import ALL
from advisor.ui.escaping import bullets, plain
from advisor.ui.focus import Focus

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page() -> None:
    frame.heading(Focus("letters", "Letters to hosts"), layout="wide")
    lib = knowledge.library()
    st.markdown(
        "What a host would have to establish before its options can be confirmed, each question with the clause that makes it matter. "
        "Nothing is sent from here: copy the letter or download it."
    )
    navigation.link("missing", "Everything that is missing, ranked")
    survey, as_of, by_host = tried.chosen_survey()
    names = {name: host.name for name, host in lib.catalogue.hosts.items() if host.kind != "own"}
    with by_host:
        chosen = address.pick("Host", "host", sorted(names, key=lambda n: names[n].casefold()), names)
    if chosen == ALL:
        _overview(survey, lib)
        return
    found = asked_of(survey.gaps, chosen)
    if not found:
        frame.section(names[chosen])
        st.markdown("No question to it is open in these cases: what the rules need to know of its nearest options is established.")
        return
    text = letter(names[chosen], found, lib.rulebook.rules, as_of)
    with st.container(horizontal=True):
        st.download_button(
            "Download as Markdown (.md)", data=lambda: markdown(text).encode(), file_name=f"questions-{chosen}.md",
            mime="text/markdown", on_click="ignore", key="letter-md",
        )  # fmt: skip
        st.download_button(
            "Download as Word (.docx)", data=lambda: word(text), file_name=f"questions-{chosen}.docx", mime=WORD, on_click="ignore",
            key="letter-docx",
        )  # fmt: skip
    frame.section(text.title)
    st.code(markdown(text), language=None, wrap_lines=True)


def _overview(survey: Survey, lib: Library) -> None:
    """Which hosts have questions to answer."""
    frame.section("Hosts with open questions")
    counts = Counter(gap.host for gap in survey.gaps if asked_of([gap], gap.host))
    if not counts:
        st.markdown("None: in these cases nothing waits for a host.")
        return
    lines = []
    for host, count in counts.most_common():
        name = lib.catalogue.hosts[host].name if host in lib.catalogue.hosts else host
        lines.append(f"[{plain(name)}]({navigation.address('letters', host=host)}): {count} question{'s' if count != 1 else ''}")
    st.markdown(bullets(lines))
