"""How well labels were given: accuracy, precision, recall and F1, by counting.

A label is a number from 0; ``NONE`` stands for a row that was given no label at all. Such a row
is wrong: it is missed for its own label, and counts against the precision of none. The
definitions are those of scikit-learn's ``precision_recall_fscore_support`` with all labels named
and ``zero_division=0``. How far chance moves a score is told by a Bayesian bootstrap.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from chatbot_qa.stats.bootstrap import Drawn, weights
from chatbot_qa.stats.intervals import at_least, at_most

NONE = -1
"""The label of a row that was given none."""

Name = Literal["accuracy", "precision", "recall", "f1"]
Average = Literal["micro", "macro", "weighted"]

Cell = tuple[int, int]
"""The true label of a row, and the one that it was given; an entity may have no true one."""


class Measure(Struct, frozen=True):
    """Something to measure: of one label, or averaged over all of them.

    ``macro`` is the mean over labels, ``weighted`` that by how many rows have each, ``micro``
    counts all rows together. ``label`` goes before ``average``; accuracy knows neither.
    """

    name: Name
    average: Average = "macro"
    label: int | None = None


class Tally(NamedTuple):
    """For each label: how many rows were rightly given it, how many have it, were given it.

    Counts, or the weights of a resample.
    """

    right: Sequence[float]
    true: Sequence[float]
    given: Sequence[float]

    def plus(self, cell: Cell, weight: float) -> Tally:
        """The same with one more row."""
        right, true, given = list(self.right), list(self.true), list(self.given)
        _add(right, true, given, cell, weight)
        return Tally(right, true, given)


def tally(cells: Iterable[tuple[Cell, float]], labels: int) -> Tally:
    """Count cells with their weights, of so many labels."""
    right, true, given = [0.0] * labels, [0.0] * labels, [0.0] * labels
    for cell, weight in cells:
        _add(right, true, given, cell, weight)
    return Tally(right, true, given)


def _add(
    right: list[float], true: list[float], given: list[float], cell: Cell, weight: float
) -> None:
    truth, said = cell
    if truth != NONE:
        true[truth] += weight
    if said != NONE:
        given[said] += weight
    if said == truth:
        right[truth] += weight


def share(measure: Measure, counts: Tally) -> tuple[float, float]:
    """The fraction that a measure is, over and under the line; of a mean the line is 1."""
    right, true, given = counts
    if measure.name == "accuracy":
        return sum(right), sum(true)
    if measure.label is not None:
        each = measure.label
        return _part(measure.name, right[each], true[each], given[each])
    if measure.average == "micro":
        return _part(measure.name, sum(right), sum(true), sum(given))
    parts = [_ratio(*_part(measure.name, *one)) for one in zip(*counts, strict=True)]
    if measure.average == "macro":
        return sum(parts), float(len(parts))
    return sum(part * weight for part, weight in zip(parts, true, strict=True)), sum(true)


def _part(name: Name, right: float, true: float, given: float) -> tuple[float, float]:
    if name == "precision":
        return right, given
    if name == "recall":
        return right, true
    return 2 * right, true + given


def _ratio(above: float, below: float) -> float:
    return above / below if below else 0.0


def value(measure: Measure, counts: Tally) -> float:
    """The measure as a number from 0 to 1; 0 where nothing was there to measure."""
    return _ratio(*share(measure, counts))


class Labelled(Struct, frozen=True):
    """What was asked once: its cells, and what it stands or falls with (itself where it is None).

    A row has one cell; a text with entities has one for each, and they stand or fall together.
    """

    cells: tuple[Cell, ...]
    topic: Hashable = None


class Score(Struct, frozen=True):
    """A measure with what chance allows: exact bounds where it is a share of rows, else drawn."""

    value: float
    drawn: Drawn | None = None
    passed: int = 0
    of: int = 0

    def at_least(self, confidence: float = 0.95) -> float:
        """The one-sided lower bound."""
        if self.drawn is None:
            return at_least(self.passed, self.of, confidence) if self.of else 0.0
        return self.drawn.at_least(confidence)

    def at_most(self, confidence: float = 0.95) -> float:
        """The one-sided upper bound."""
        if self.drawn is None:
            return at_most(self.passed, self.of, confidence) if self.of else 1.0
        return self.drawn.at_most(confidence)


def scores(
    rows: Sequence[Labelled], labels: int, measures: Sequence[Measure], seed: int, draws: int = 2000
) -> tuple[Score, ...]:
    """Each measure of the rows with its bounds.

    Shares of rows that stand by themselves (accuracy; precision and recall of a label, given how
    many rows were given it or have it) are bounded exactly (Clopper and Pearson). All others by
    resampling topics with random weights and one more row, the worst there could be for the lower
    bound and the best for the upper: see ``bootstrap``.
    """
    counted = tally(((cell, 1.0) for row in rows for cell in row.cells), labels)
    alone = all(map(_alone, rows))
    exact = {one for one in measures if alone and _is_share(one)}
    open_ones = [one for one in measures if one not in exact]
    found = _drawn(rows, open_ones, counted, seed, draws) if open_ones else {}
    return tuple(
        _exact(one, counted) if one in exact else Score(value(one, counted), found[one])
        for one in measures
    )


def _alone(row: Labelled) -> bool:
    return row.topic is None and len(row.cells) == 1


def _is_share(measure: Measure) -> bool:
    """Whether it is a number of rows out of a number of rows."""
    if measure.name == "accuracy":
        return True
    whole = measure.label is not None or measure.average == "micro"
    return measure.name != "f1" and whole


def _exact(measure: Measure, counts: Tally) -> Score:
    above, below = share(measure, counts)
    return Score(value(measure, counts), None, round(above), round(below))


def _drawn(
    rows: Sequence[Labelled], measures: Sequence[Measure], counted: Tally, seed: int, draws: int
) -> dict[Measure, Drawn]:
    groups = _groups(rows)
    sizes = [size for _, size in groups]
    mean = sum(len(row.cells) for row in rows) / sum(sizes) if sizes else 1.0
    ends = {one: (worst(one, counted), best(one, counted)) for one in measures}
    low: dict[Measure, list[float]] = {one: [] for one in measures}
    high: dict[Measure, list[float]] = {one: [] for one in measures}
    for drawn, more in weights(sizes, seed, draws):
        resampled = tally(_weighted(groups, drawn), len(counted.right))
        for one, (bad, good) in ends.items():
            low[one].append(value(one, resampled.plus(bad, more * mean)))
            high[one].append(value(one, resampled.plus(good, more * mean)))
    return {one: Drawn(tuple(sorted(low[one])), tuple(sorted(high[one]))) for one in measures}


Group = tuple[Mapping[Cell, int], int]
"""Rows that share a weight, by cell, and how many weights of 1 theirs is the sum of."""


def _groups(rows: Sequence[Labelled]) -> list[Group]:
    """Rows by topic; those that stand by themselves by cell, whose weights add up."""
    topics: dict[Hashable, dict[Cell, int]] = {}
    alone: dict[Cell, int] = {}
    for number, row in enumerate(rows):
        topic = ("row", number) if row.topic is None else ("topic", row.topic)
        cells = alone if _alone(row) else topics.setdefault(topic, {})
        for cell in row.cells:
            cells[cell] = cells.get(cell, 0) + 1
    return [
        *((cells, 1) for cells in topics.values()),
        *(({cell: 1}, number) for cell, number in alone.items()),
    ]


def _weighted(groups: Sequence[Group], drawn: Sequence[float]) -> Iterator[tuple[Cell, float]]:
    for (cells, _), weight in zip(groups, drawn, strict=True):
        for cell, number in cells.items():
            yield cell, number * weight


def worst(measure: Measure, counts: Tally) -> Cell:
    """The wrong row that would cost the measure most (of a weighted mean: nearly so).

    What it costs to miss a label and what it costs to give another add up, so that the two worst
    of either are enough to look at.
    """
    labels = range(len(counts.right))

    def left(truth: int, said: int) -> float:
        return value(measure, counts.plus((truth, said), 1.0))

    def left_by_giving(said: int) -> float:
        truth = (said + 1) % len(labels)
        return left(truth, said) - left(truth, NONE)

    truths = sorted(labels, key=lambda each: left(each, NONE))[:2]
    given = sorted(labels, key=left_by_giving)[:2] if len(labels) > 1 else []
    if measure.label is not None:
        truths, given = [*truths, measure.label], [*given, measure.label]
    cells = [(truth, said) for truth in truths for said in (NONE, *given) if truth != said]
    return min(cells, key=lambda cell: left(*cell))


def best(measure: Measure, counts: Tally) -> Cell:
    """The right row that would help the measure most."""
    label = _label_of(measure)
    if label is None:
        labels = range(len(counts.right))
        label = max(labels, key=lambda each: value(measure, counts.plus((each, each), 1)))
    return label, label


def _label_of(measure: Measure) -> int | None:
    return None if measure.name == "accuracy" else measure.label
