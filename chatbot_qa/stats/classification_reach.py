"""How far the bounds of a measure can reach with so many rows, however well the bot does, or badly.

The bounds of ``classification`` are drawn with one row more, of mean size and a random weight.
Here the rows have their full weight, and that one has the weight at which a share of topics of
one size has its exact bound. Topics of several sizes scatter more and move the bounds further out,
so that none is narrower than what is told here, but for the chance of the draws.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.stats.classification import (
    Cell,
    Labelled,
    Measure,
    Tally,
    best,
    tally,
    value,
    worst,
)
from chatbot_qa.stats.intervals import at_least


def highest(
    rows: Sequence[Labelled], labels: int, measure: Measure, confidence: float = 0.95
) -> float:
    """About the most that rows that are all right show at least; 0 where nothing is there."""
    counted = _counted(rows, labels)
    return value(measure, _plus(rows, counted, worst(measure, counted), confidence))


def lowest(
    rows: Sequence[Labelled], labels: int, measure: Measure, confidence: float = 0.95
) -> float:
    """About the least that rows that are all wrong show at most."""
    counted = _counted(rows, labels)
    return value(measure, _plus(rows, counted, best(measure, counted), confidence))


def _counted(rows: Sequence[Labelled], labels: int) -> Tally:
    return tally(((cell, 1.0) for row in rows for cell in row.cells), labels)


def _plus(rows: Sequence[Labelled], counted: Tally, cell: Cell, confidence: float) -> Tally:
    """The counts with one topic more of mean size, as heavy as its bound has it."""
    topics = {row.topic for row in rows if row.topic is not None}
    groups = len(topics) + sum(row.topic is None for row in rows)
    if not groups:
        return counted
    mean = sum(len(row.cells) for row in rows) / groups
    weight = groups * (1 / at_least(groups, groups, confidence) - 1)
    return counted.plus(cell, weight * mean)
