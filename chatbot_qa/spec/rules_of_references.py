"""What ``lint`` says of cases with references: one function a rule; see ``lint``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chatbot_qa.spec.view import Found, View

MOST_TOLD: Final = 5
"""Rows that are told one by one."""
_MEASURES: Final = "one of bleu, chrf, ter, rouge, meteor, token_f1, exact_match"
_EXAMPLE: Final = "such as `- chrf: {at_least: 0.5}` under `expect:`"


def bad_references(view: View) -> Iterator[Found]:
    """A case with references of which nothing can be scored, or nothing is wanted.

    It would pass whatever the bot replies, or never. The same is told where the library of a
    score is not installed.

    Example: a row with `reference: ""`, or `- bleu: {at_least: 0}`.
    """
    for declared in view.suite.declared:
        if declared.kind == "references":
            yield from _rows(declared.case)
            yield from _wishes(declared.case)


def _rows(case: Any) -> Iterator[Found]:
    if not case.texts:
        yield case.where, f"the case `{case.id}` has no rows", "`- text: …` with `reference: …`"
    wrong = 0
    for row in case.texts:
        what = ""
        if not row.text.strip():
            what = "the text of this row is empty"
        elif flaw := case.flaw(row):
            what = f"this row {flaw}"
        if what and wrong < MOST_TOLD:
            wrong += 1
            yield row.where, what, "fill it, or leave the row out"
    if case.ask is not None and "text" not in case.ask.names:
        yield case.ask.where, "`ask:` does not say the text of the row", "write ${text} in it"


def _wishes(case: Any) -> Iterator[Found]:
    if not case.expect:
        message = f"nothing is expected of the case `{case.id}`, so it cannot fail"
        yield case.where, message, _EXAMPLE
    for want in case.expect:
        if len(want.scores) != 1:
            message = f"{len(want.scores) or 'no'} scores stand behind one dash"
            yield want.where, message, _MEASURES
        for metric, bound in want.scores:
            if (flaw := metric.lacking) is not None:
                yield want.where, f"`{metric.family}` {flaw.message}", flaw.hint
            if metric.less and bound < 0:
                yield want.where, "nothing takes fewer than no edits", "such as `at_most: 0.4`"
            elif not metric.less and bound == 0:
                yield want.where, f"every corpus reaches a {metric.name} of 0", _EXAMPLE
            elif not metric.less and bound == 1:
                message = f"no number of rows shows that {metric.name} is 1"
                yield want.where, message, "such as `at_least: 0.5`"
