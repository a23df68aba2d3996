"""How far chance moves a score of a whole corpus: BLEU and its like are no means of rows.

A row adds numbers (n-grams matched, n-grams said, words), and the score is computed of their
sums; to a mean (``MEAN``) it adds its own score and one row. Rows, or topics of rows, are drawn
with random weights (the Bayesian bootstrap of ``bootstrap``), and each draw has one row more of
mean size: the worst there could be for the lower bound, the best for the upper, as ten perfect
rows do not show that all are. Resampling the sentences of a test set is Koehn's (2004), for one
system and for two over the same sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from operator import mul
from typing import Final

from msgspec import Struct

from chatbot_qa.stats.bootstrap import Drawn, quantile, weights
from chatbot_qa.stats.intervals import Interval

Numbers = Sequence[float]
"""What a row, or all of them, adds to a score."""

DRAWS = 1000


class Scale(Struct, frozen=True):
    """How sums become a score: more is better, unless ``less`` is.

    ``worst`` and ``best`` make of the numbers of a mean row those of the worst and the best one.
    """

    score: Callable[[Numbers], float]
    worst: Callable[[Numbers], Numbers]
    best: Callable[[Numbers], Numbers]
    less: bool = False


def _mean(sums: Numbers) -> float:
    total, rows = sums
    return total / rows


MEAN: Final = Scale(_mean, lambda row: (0.0, row[1]), lambda row: (row[1], row[1]))
"""The mean of scores from 0 to 1, of which a row adds its own and 1: ``(score, 1.0)``."""


class Added(Struct, frozen=True):
    """What a row adds in one run, and what it stands or falls with (itself where it is None)."""

    numbers: tuple[float, ...]
    topic: Hashable = None


class Corpus(Struct, frozen=True):
    """The score of all rows together with what chance allows."""

    value: float
    drawn: Drawn


class Change(Struct, frozen=True):
    """A score before and now, the two-sided 95% interval of its change, the p-value of a worsening.

    ``worse`` is the share of draws in which it got no worse, with the best row more.
    """

    before: float
    now: float
    interval: Interval
    worse: float


def summed(rows: Sequence[Added]) -> list[float]:
    """What all rows add up to; raises ``ValueError`` where there is none."""
    return [sum(column) for column in _columns(rows)[0]]


def corpus(rows: Sequence[Added], scale: Scale, seed: int, draws: int = DRAWS) -> Corpus:
    """The score of the rows; raises ``ValueError`` where there is none."""
    columns, mean = _columns(rows)
    low, high = scale.worst(mean), scale.best(mean)
    if scale.less:
        low, high = high, low
    lows, highs = [], []
    for drawn, more in weights([1] * len(columns[0]), seed, draws):
        sums = _sums(columns, drawn)
        lows.append(scale.score(_plus(sums, low, more)))
        highs.append(scale.score(_plus(sums, high, more)))
    value = scale.score([sum(column) for column in columns])
    return Corpus(value, Drawn(tuple(sorted(lows)), tuple(sorted(highs))))


def change(
    before: Sequence[Added], now: Sequence[Added], scale: Scale, seed: int, draws: int = DRAWS
) -> Change:
    """How the score changed over rows that were asked twice, in the same order.

    A row has the same weight in both runs. Raises ``ValueError`` where there are none, or not as
    many in both.
    """
    if len(before) != len(now):
        raise ValueError(f"{len(before)} and {len(now)} rows make no pairs")
    topics = [one.topic for one in now]
    was, mean_was = _columns(before, topics)
    is_, mean_is = _columns(now, topics)
    bad, good = (scale.best, scale.worst) if scale.less else (scale.worst, scale.best)
    lows: list[float] = []
    highs: list[float] = []
    for drawn, more in weights([1] * len(was[0]), seed, draws):
        one, other = _sums(was, drawn), _sums(is_, drawn)
        for found, first, second in ((lows, good, bad), (highs, bad, good)):
            earlier = scale.score(_plus(one, first(mean_was), more))
            found.append(scale.score(_plus(other, second(mean_is), more)) - earlier)
    no_worse = sum(one <= 0 for one in lows) if scale.less else sum(one >= 0 for one in highs)
    return Change(
        scale.score([sum(column) for column in was]),
        scale.score([sum(column) for column in is_]),
        Interval(quantile(sorted(lows), 0.025), quantile(sorted(highs), 0.975)),
        (1 + no_worse) / (1 + draws),
    )


def _columns(
    rows: Sequence[Added], topics: Sequence[Hashable] | None = None
) -> tuple[list[list[float]], Numbers]:
    """What the topics add, a list for each number; and what one of them adds on average."""
    if not rows:
        raise ValueError("there is no row to score")
    sums: dict[Hashable, list[float]] = {}
    for number, row in enumerate(rows):
        topic = row.topic if topics is None else topics[number]
        key = ("row", number) if topic is None else ("topic", topic)
        so_far = sums.get(key, [0.0] * len(row.numbers))
        sums[key] = [one + more for one, more in zip(so_far, row.numbers, strict=True)]
    columns = [list(column) for column in zip(*sums.values(), strict=True)]
    return columns, [sum(column) / len(sums) for column in columns]


def _sums(columns: Sequence[Numbers], drawn: Numbers) -> list[float]:
    return [sum(map(mul, column, drawn)) for column in columns]


def _plus(sums: Numbers, row: Numbers, weight: float) -> list[float]:
    return [one + weight * more for one, more in zip(sums, row, strict=True)]
