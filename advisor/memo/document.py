"""
The decision memo: Markdown for people and Git, canonical JSON for machines. The same inputs give the same bytes.
"""

from __future__ import annotations

from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from advisor.memo.content import canonical, content
from advisor.memo.escape import md
from advisor.recommendation import Recommendation
from advisor.rulebook.rule import VERDICT_WORDS


def memo_json(result: Recommendation) -> str:
    """The memo as canonical JSON (RFC 8785)."""
    return canonical(content(result))


def memo_markdown(result: Recommendation) -> str:
    """The memo as Markdown with MADR 4 front matter. Text from answers and files is escaped."""
    memo = content(result)
    document = cast(dict[str, Any], memo["recommendation"])
    lead = next((o for o in document["options"] if o["id"] == memo["lead"]), None)
    environment = Environment(
        loader=PackageLoader("advisor", "memo"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # Markdown, not HTML: every value passes through `md`
        keep_trailing_newline=True,
    )
    environment.filters["md"] = md
    text = environment.get_template("memo.md.jinja").render(memo=memo, result=document, lead=lead, words=VERDICT_WORDS)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
