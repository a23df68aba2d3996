"""Rows of a case that score less than in the run before, the worst fall first.

Of labels a row that was right and is wrong; of replies the score of the row itself, by the first
score that both runs have. Rows are paired by their text, as in ``compare_measures``.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from chatbot_qa.checks.corpus import SCORES
from chatbot_qa.domain.exhibits import ROW_HEADS, Table
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.examine.references_result import REPLY_HEADS
from chatbot_qa.pipeline.compare_measures import keyed, table_of

_LEAST = 1e-9
"""Rounding alone is no fall."""


class _Row(Struct, frozen=True):
    """The conversation of a row, from 1, and how good what came back is."""

    trial: int
    worth: float


def fallen(old: Verdict, new: Verdict) -> tuple[int, ...]:
    """The conversations of the new run whose rows fell, counted from 1."""
    was, now = _worths(old, new)
    falls = [(was[key].worth - row.worth, row.trial) for key, row in now.items() if key in was]
    lost = sorted((-fall, trial) for fall, trial in falls if fall > _LEAST)
    return tuple(trial for _, trial in lost)


def _worths(old: Verdict, new: Verdict) -> tuple[Mapping[str, _Row], Mapping[str, _Row]]:
    labelled = table_of(old, ROW_HEADS), table_of(new, ROW_HEADS)
    if labelled[0] is not None and labelled[1] is not None:
        return _right(labelled[0]), _right(labelled[1])
    was, now = table_of(old, REPLY_HEADS), table_of(new, REPLY_HEADS)
    if was is not None and now is not None:
        for name in now.heads:
            if name in SCORES and name in was.heads:
                return _scored(was, name), _scored(now, name)
    return {}, {}


def _right(table: Table) -> Mapping[str, _Row]:
    right = table.heads.index("right")
    return _rows(table, {row[0]: float(row[right] == "yes") for row in table.rows})


def _scored(table: Table, name: str) -> Mapping[str, _Row]:
    place = table.heads.index(name)
    sign = -1 if SCORES[name].less else 1
    return _rows(table, {row[0]: sign * float(row[place]) for row in table.rows})


def _rows(table: Table, worths: Mapping[str, float]) -> Mapping[str, _Row]:
    text = table.heads.index("text")
    rows = sorted(table.rows, key=lambda row: int(row[0]))
    return keyed([row[text] for row in rows], [_Row(int(row[0]), worths[row[0]]) for row in rows])
