"""
Every lint by its code: what it means and what to do. `advisor rules check --explain CODE` and the auditors' guide say the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["problem", "note"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a lint means, and the next move."""

    meaning: str
    what_to_do: str
    severity: Severity = "problem"

    @property
    def paragraph(self) -> str:
        return f"{self.meaning} {self.what_to_do}"


CODES: Mapping[str, Explanation] = {
    # ------------------------------------------------------------------ conditions
    "constant-condition": Explanation(
        "The condition, or a part of it, holds in every case or in no case, whatever the facts: a group without parts, a limit outside the "
        "range of the fact, a list that holds every value or none, two parts that contradict each other or leave nothing out.",
        "Find out what was meant. A part that always holds inside `all` and one that never holds inside `any` can go.",
    ),
    "unreachable-part": Explanation(
        "The part can never be true where it stands, because another part beside it or around it says the contrary.",
        "Find out which of the two was meant and remove the other.",
    ),
    "unreachable-exception": Explanation(
        "The exception covers no case that the rule reaches: its condition contradicts the scope of every arm.",
        "Correct the condition of the exception, or remove it.",
    ),
    "repeated-part": Explanation(
        "Two parts of one group say the same.", "Remove one; if they were meant to differ, correct the one that was copied."
    ),
    "implied-part": Explanation(
        "The part holds wherever another part holds, or adds nothing to it, so that the rule would mean the same without it.",
        "Remove it, or correct the limit or the list that was meant to be narrower.",
    ),
    "single-part": Explanation("`all` or `any` has one part only, which is the same as the part alone.", "Remove the brackets."),
    "double-not": Explanation("`not` of `not` is the same as neither.", "Remove both."),
    "empty-group": Explanation(
        "A group of countries that the condition names has no members on a day on which the condition is in force: the test then holds for "
        "everybody or for nobody.",
        "Give the group a span that begins earlier, or begin the arm later.",
    ),
    "reads-nothing": Explanation(
        "The rule tests no fact, so it says the same of every option and every person.", "Add the condition, or make it a provision."
    ),
    # ------------------------------------------------------------------ texts
    "unread-placeholder": Explanation(
        "The reason or the remedy names a fact that neither scope nor requirement reads, so that the sentence explains nothing.",
        "Name a fact that decides the rule, or read this one.",
    ),
    "placeholder-of-an-exception": Explanation(
        "The reason or the remedy names a fact that only an exception or the duty reads.",
        "Check that the sentence still explains the breach.",
        "note",
    ),
    "long-title": Explanation("The title has more than 120 characters and does not fit into lists.", "Shorten it to one plain sentence."),
    "no-full-stop": Explanation("A reason, remedy or duty does not end like a sentence.", "End it with a full stop."),
    # ------------------------------------------------------------------ sources
    "missing-address": Explanation(
        "A source of a law, standard or licence has no address, so that nobody can compare it.", "Add the `url` of the official text."
    ),
    "never-verified": Explanation(
        "A source has no `verified` day: it is not said when it was last compared with the rule.",
        "Compare it and enter the day. Never enter a day on which nobody looked.",
    ),
    "stale-source": Explanation(
        "The last comparison with the source is older than `rules/freshness.yaml` allows for its folder.",
        "Compare the source again, correct the rule where it has changed, and enter the day.",
    ),
    "memory-source": Explanation(
        "A `require` rule rests on a source that was cited from memory. It can leave an option unconfirmed, never exclude it.",
        "Read the text, then change `checked`.",
        "note",
    ),
    "void-review": Explanation(
        "The rule was reviewed and has changed since, so that the review no longer covers it.",
        "Ask for a new review, or prove that the change means the same with `advisor rules review RULE --carry-from OLD`.",
    ),
    # ------------------------------------------------------------------ examples
    "missing-verdict": Explanation(
        "A `require` rule must show by example how it is met and breached, where it does not apply, and what leaves it open.",
        "Add the missing example; `advisor rules suggest` proposes one where the solver is installed.",
    ),
    "unread-given": Explanation(
        "An example gives a fact that the rule does not read. It cannot change the verdict, and a reader may think it does.",
        "Remove the fact from the example, or read it in the condition.",
        "note",
    ),
    "repeated-example": Explanation(
        "The example gives what another example of the rule gives already, as far as the rule reads it.", "Remove it, or change the case."
    ),
    "limit-without-example": Explanation(
        "No example has the number exactly at the limit, or none has one just beyond it, so that `at most` could be `less than` unnoticed.",
        "Add an example at the limit and one on its other side.",
    ),
    "date-without-example": Explanation(
        "No example is dated on the first day of an arm or the day before, so that a wrong date would go unnoticed.",
        "Add an example with `as_of` on each of the two days.",
    ),
    "exception-without-example": Explanation("No example lies inside the exception.", "Add one whose facts meet its condition."),
    "exception-without-counter-example": Explanation(
        "No example lies outside the exception in a case that the rule reaches, so that an exception for everybody would go unnoticed.",
        "Add an example that fails the exception's condition and is met, breached or open.",
    ),
    # ------------------------------------------------------------------ what belongs together
    "unknown-related": Explanation("`related` names a rule that does not exist.", "Correct the id, or remove the entry."),
    "rule-without-provision": Explanation(
        "No `provisions.yaml` says that this rule states one of its provisions, so that nobody can see what the rule covers of the law.",
        "Add the rule under `rules` of its provision.",
    ),
    "provision-covered-by-weighing": Explanation(
        "A provision of law is covered by a rule that only gives points. Weights never enforce a law.",
        "Name a `require`, `mitigate` or `advise` rule, or change the status.",
    ),
    "blocks-without-require": Explanation(
        "A provision that can block an option is covered only by rules that exclude nothing.",
        "Name or write a `require` rule, or correct the consequence.",
    ),
    "missing-case": Explanation(
        "A provision names a case file that does not exist in `data/cases/`.", "Add the answers file, or correct its name."
    ),
    "void-waiver": Explanation(
        "A waiver cannot be read or does not hold: it names no rule, its author approved it, it runs too long, or its rule has changed. It "
        "waives nothing.",
        "Correct and sign it again, or remove it.",
    ),
    "lapsed-waiver": Explanation(
        "A waiver has expired or is not yet in force on this date.", "Renew it with a new signature, or remove it.", "note"
    ),
    # ------------------------------------------------------------------ files
    "missing-modeline": Explanation(
        "The first line does not name the schema, so that editors neither complete nor check the file.",
        "Begin the file with `# yaml-language-server: $schema=` and the relative path of its schema.",
    ),
    "other-readers": Explanation(
        "An unquoted word such as NO, on or Yes is text here, but many other YAML readers take it for true or false.",
        "Put it in quotation marks.",
    ),
}
"""By code, in the order of the guide. Plain `yes` and `no` of yes-no facts stay unquoted by the style of the house."""


def guide() -> str:
    """All explanations as Markdown for the auditors' guide, in the order of the codes above."""
    return "\n".join(f"- **`{code}`** ({item.severity}). {item.paragraph}" for code, item in CODES.items()) + "\n"
