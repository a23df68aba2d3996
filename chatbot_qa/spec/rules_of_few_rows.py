"""What ``lint`` says of cases that classify with too few rows to decide anything.

A share is decided where rows that are all right show it, and rows that are all wrong rule it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import floor
from typing import Any

from chatbot_qa.spec.view import Found, View
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed, wrong_needed
from chatbot_qa.text.many import many


def too_few_rows(view: View) -> Iterator[Found]:
    """A share that so many rows cannot show, or cannot rule out.

    However well the bot did the case would not pass, or not fail however badly it did.

    Example: `accuracy: {at_least: 95%}` with 20 rows; it needs 59 that are all right.
    """
    for declared in view.suite.declared:
        if declared.kind != "classification":
            continue
        case: Any = declared.case
        asked = [*case.texts]
        if case.split is not None and case.split.hold_out is not None:
            asked = asked[: round(len(asked) * case.split.hold_out)]
        wishes = sum(len(want.measures) + (want.unmapped is not None) for want in case.expect)
        doubt = 0.05 / max(1, wishes)
        if case.map == "tags":
            from chatbot_qa.spec.few_texts import few_texts

            yield from few_texts(case, asked, doubt)
        else:
            yield from _few_rows(case, asked, doubt)


def _few_rows(case: Any, asked: Sequence[Any], doubt: float) -> Iterator[Found]:
    counts = Counter(row.label for row in case.texts)
    for want in case.expect:
        for name, bound in want.measures:
            rows = len(asked)
            if bound.label and name == "recall":
                rows = round(counts[bound.label] * len(asked) / max(1, len(case.texts)))
            yield from _few(want, name, bound.at_least, rows, doubt)


def _few(want: Any, name: str, share: float, rows: int, doubt: float) -> Iterator[Found]:
    told = f"`{name}: {{at_least: {100 * share:.4g}%}}`"
    right, wrong = clean_needed(share), wrong_needed(share, 1 - doubt)
    if not right or not wrong:
        yield want.where, f"{told} can never be shown, or always is", "such as `at_least: 90%`"
    elif rows and at_least(rows, rows) < share:
        message = f"{told} needs {many(right, 'row')} that are all right; {rows} cannot pass"
        yield want.where, message, _enough(rows, max(right, wrong), doubt)
    elif rows and at_most(0, rows, 1 - doubt) >= share:
        message = f"{many(rows, 'row')} cannot fail {told}"
        yield want.where, message, _enough(rows, max(right, wrong), doubt)


def _enough(rows: int, needed: int, doubt: float) -> str:
    """How many rows would do, and what those that there are can decide."""
    low = floor(100 * at_most(0, rows, 1 - doubt)) + 1
    high = floor(100 * at_least(rows, rows))
    with_these = f"{many(rows, 'row')} can neither show nor rule out any share"
    if low <= high:
        with_these = f"or ask for {low}% to {high}% of these {rows}"
    return f"{needed:,} rows can show it and can rule it out; {with_these}"
