"""How a measure of labels changed between two runs over the same rows: a paired bootstrap.

Every draw gives a row the same weight in both runs (the Bayesian bootstrap of ``bootstrap``), so
that what is hard or easy for both does not count. Each draw has one row more, which stands for
what was not seen: right before and wrong now in the way that costs most for the lower bound, the
other way round for the upper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from msgspec import Struct

from chatbot_qa.stats.bootstrap import quantile, weights
from chatbot_qa.stats.classification import NONE, Cell, Measure, Tally, tally, value, worst
from chatbot_qa.stats.intervals import Interval


class Twice(Struct, frozen=True):
    """A row in both runs: its cells before and now, and what it stands or falls with."""

    before: tuple[Cell, ...]
    now: tuple[Cell, ...]
    topic: Hashable = None


class Changed(Struct, frozen=True):
    """A measure before and now, the two-sided 95% interval of its change, the p-value of a fall.

    ``falls`` is the share of draws in which it did not fall, with the best row more.
    """

    before: float
    now: float
    interval: Interval
    falls: float


def changes(
    rows: Sequence[Twice],
    labels: int,
    measures: Sequence[Measure],
    seed: int,
    *,
    draws: int = 2000,
    confidence: float = 0.95,
) -> tuple[Changed, ...]:
    """The change of each measure over rows that were asked twice, of so many labels.

    Raises ``ValueError`` where there is none.
    """
    if not rows:
        raise ValueError("there is no row to compare")
    groups, sizes = _groups(rows)
    whole = _both(groups, [1.0] * len(groups), labels)
    mean = sum(len(row.before) for row in rows) / sum(sizes)
    ends = [_ends(measure, whole) for measure in measures]
    low: list[list[float]] = [[] for _ in measures]
    high: list[list[float]] = [[] for _ in measures]
    for drawn, more in weights(sizes, seed, draws):
        shares = [weight / size for weight, size in zip(drawn, sizes, strict=True)]
        both = _both(groups, shares, labels)
        for place, measure in enumerate(measures):
            fall, rise = ends[place]
            low[place].append(_change(measure, both, fall, more * mean))
            high[place].append(_change(measure, both, rise, more * mean))
    tail = (1 - confidence) / 2
    return tuple(
        Changed(
            value(measure, whole[0]),
            value(measure, whole[1]),
            Interval(quantile(sorted(low[place]), tail), quantile(sorted(high[place]), 1 - tail)),
            (1 + sum(one >= 0 for one in high[place])) / (1 + draws),
        )
        for place, measure in enumerate(measures)
    )


Group = tuple[Counter[Cell], Counter[Cell]]
"""Rows that share a weight: how often each cell came before, and now."""


def _groups(rows: Sequence[Twice]) -> tuple[list[Group], list[int]]:
    """Rows by topic, or by what became of them; and how many weights of 1 theirs is the sum of."""
    found: dict[Hashable, Group] = {}
    sizes: Counter[Hashable] = Counter()
    for row in rows:
        alone = row.topic is None
        key = ("row", row.before, row.now) if alone else ("topic", row.topic)
        before, now = found.setdefault(key, (Counter(), Counter()))
        before.update(row.before)
        now.update(row.now)
        sizes[key] = sizes[key] + 1 if alone else 1
    return list(found.values()), [sizes[key] for key in found]


def _both(groups: Sequence[Group], shares: Sequence[float], labels: int) -> tuple[Tally, Tally]:
    """The counts before and now, each group with its share of its full weight."""
    weighted = list(zip(groups, shares, strict=True))
    before = ((cell, n * share) for (was, _), share in weighted for cell, n in was.items())
    now = ((cell, n * share) for (_, is_), share in weighted for cell, n in is_.items())
    return tally(before, labels), tally(now, labels)


Ends = tuple[Cell, Cell]
"""The cell before and the cell now of one row more."""


def _ends(measure: Measure, whole: tuple[Tally, Tally]) -> tuple[Ends, Ends]:
    """One row more that fell, and one that rose, in the way that moves the measure most."""
    before, now = whole
    fell, rose = worst(measure, now), worst(measure, before)
    return (_right(fell), fell), (rose, _right(rose))


def _right(cell: Cell) -> Cell:
    truth, said = cell
    label = said if truth == NONE else truth
    return label, label


def _change(measure: Measure, both: tuple[Tally, Tally], ends: Ends, weight: float) -> float:
    (before, now), (was, is_) = both, ends
    return value(measure, now.plus(is_, weight)) - value(measure, before.plus(was, weight))
