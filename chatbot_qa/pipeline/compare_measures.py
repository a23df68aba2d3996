"""Measures of all rows together in two runs: accuracy and F1 of labels, BLEU and its like.

Rows are paired as in ``compare_rows``. Those that only one of the runs has are left out, as are
rows whose truth was changed between the runs, and scores whose library is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from msgspec import Struct

from chatbot_qa.checks.corpus import SCORES, Score, TooLong
from chatbot_qa.domain.exhibits import ROW_HEADS, Table
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.examine.classification_result import AVERAGES, ENTITY, MEASURE_HEADS
from chatbot_qa.examine.classification_tags import entity_cells
from chatbot_qa.examine.references_result import REFERENCE, REPLY_HEADS, SCORE_HEADS
from chatbot_qa.pipeline.compare_rows import paired
from chatbot_qa.report.comparison import Answer
from chatbot_qa.report.comparison_measures import MeasureChange
from chatbot_qa.stats.classification import NONE, Cell, Measure
from chatbot_qa.stats.classification_pairs import Twice, changes
from chatbot_qa.stats.corpus import Added, change

_SEED: Final = 1
_MACRO, _MICRO = Measure("f1", "macro"), Measure("f1", "micro")


class Row(Struct, frozen=True):
    """A row of a case: its truth (a label, or references), and what the bot made of it."""

    truth: tuple[str, ...]
    made: str
    topic: str = ""


def measures(old: Verdict, new: Verdict) -> Iterator[MeasureChange]:
    """Every measure that both runs have of a case, over the rows that both have."""
    yield from _of_labels(old, new)
    yield from _of_replies(old, new)


def table_of(verdict: Verdict, heads: tuple[str, ...]) -> Table | None:
    """The table of a verdict whose heads begin so."""
    tables = (one for one in verdict.exhibits if isinstance(one, Table))
    return next((one for one in tables if one.heads[: len(heads)] == heads), None)


def _of_labels(old: Verdict, new: Verdict) -> Iterator[MeasureChange]:
    was, is_, known = table_of(old, ROW_HEADS), table_of(new, ROW_HEADS), _measured(new)
    if was is None or is_ is None or known is None:
        return
    tags = known.heads[0] == ENTITY
    labels = tuple(row[0] for row in known.rows[: -len(AVERAGES)])
    pairs = _pairs(_labelled(was), _labelled(is_))
    rows = [
        Twice(_cells(one, labels, tags=tags), _cells(two, labels, tags=tags), two.topic or None)
        for one, two in pairs
        if tags or {*one.truth} <= {*labels}
    ]
    if not rows:
        return
    if not tags:
        yield from _accuracy(pairs)
    wanted = [_MICRO, _MACRO] if tags else [_MACRO]
    for measure, found in zip(wanted, changes(rows, len(labels), wanted, _SEED), strict=True):
        bounds = found.interval
        name = f"{measure.average} F1"
        both = found.before, found.now
        yield MeasureChange(name, *both, bounds.low, bounds.high, found.falls, len(rows))


def _accuracy(pairs: Sequence[tuple[Row, Row]]) -> Iterator[MeasureChange]:
    """The share of the rows that were given their true label, as its rate is compared."""
    before, now = (
        {str(n): Answer((row.made,) == row.truth, row.topic) for n, row in enumerate(side)}
        for side in zip(*pairs, strict=True)
    )
    found = paired(before, now)
    if found is not None:
        was, is_ = (one.passed / one.of for one in (found.before, found.now))
        low, high = found.interval.low, found.interval.high
        yield MeasureChange("accuracy", was, is_, low, high, found.falls, len(pairs))


def _measured(verdict: Verdict) -> Table | None:
    """The table of measures by label; its first head says what is counted."""
    tables = (one for one in verdict.exhibits if isinstance(one, Table))
    return next((one for one in tables if one.heads[1:] == MEASURE_HEADS), None)


def _labelled(table: Table) -> Mapping[str, Row]:
    text, true, given = map(table.heads.index, ("text", "true", "given"))
    rows = sorted(table.rows, key=lambda row: int(row[0]))
    return keyed(
        [row[text] for row in rows],
        [Row((row[true],), row[given], _cell(table, row, "topic")) for row in rows],
    )


def _cells(row: Row, labels: Sequence[str], *, tags: bool) -> tuple[Cell, ...]:
    """What a row adds to the counts; a label that there is not any more is none."""
    (true,) = row.truth
    if tags:
        return entity_cells(true, row.made, labels)
    return ((labels.index(true), labels.index(row.made) if row.made in labels else NONE),)


def _of_replies(old: Verdict, new: Verdict) -> Iterator[MeasureChange]:
    was, is_ = table_of(old, REPLY_HEADS), table_of(new, REPLY_HEADS)
    before, now = _scores(old), _scores(new)
    if was is None or is_ is None:
        return
    pairs = _pairs(_replied(was), _replied(is_))
    if not pairs:
        return
    for metric in now:
        if metric not in before or metric.lacking is not None:
            continue
        try:
            found = change(*_added(metric, pairs), metric.scale, _SEED)
        except TooLong:  # it was known of other rows alone
            continue
        bounds, both = found.interval, (found.before, found.now)
        worse, number = found.worse, len(pairs)
        yield MeasureChange(metric.name, *both, bounds.low, bounds.high, worse, number, metric.less)


def _scores(verdict: Verdict) -> list[Score]:
    """The metrics that a case was scored by."""
    table = table_of(verdict, SCORE_HEADS)
    return [SCORES[row[0]] for row in (table.rows if table else ()) if row[0] in SCORES]


def _replied(table: Table) -> Mapping[str, Row]:
    text, reply = map(table.heads.index, ("text", "reply"))
    places = [n for n, head in enumerate(table.heads) if head.startswith(REFERENCE)]
    rows = sorted(table.rows, key=lambda row: int(row[0]))
    found = [
        Row(tuple(row[n] for n in places if row[n]), row[reply], _cell(table, row, "topic"))
        for row in rows
    ]
    return keyed([row[text] for row in rows], found)


def _added(metric: Score, pairs: Sequence[tuple[Row, Row]]) -> tuple[list[Added], list[Added]]:
    before, now = zip(*pairs, strict=True)
    was, is_ = (
        [metric.added(one.made, one.truth, one.topic) for one in side] for side in (before, now)
    )
    return was, is_


def _cell(table: Table, row: Sequence[str], head: str) -> str:
    return row[table.heads.index(head)] if head in table.heads else ""


R = TypeVar("R")


def keyed(texts: Sequence[str], rows: Sequence[R]) -> Mapping[str, R]:
    """Rows by their text, the same text by its place among its likes."""
    seen: Counter[str] = Counter()
    found = {}
    for text, row in zip(texts, rows, strict=True):
        seen[text] += 1
        found[f"{text} ({seen[text]})"] = row
    return found


def _pairs(was: Mapping[str, Row], is_: Mapping[str, Row]) -> list[tuple[Row, Row]]:
    """The rows that both have, of which the truth is the same."""
    common = [(was[key], row) for key, row in is_.items() if key in was]
    return [(one, two) for one, two in common if one.truth == two.truth]
