"""How far chance moves a statistic of rows that has no formula: a Bayesian bootstrap.

Each draw weighs the rows anew, by exponential weights (Rubin 1981), and so never leaves one out.
A percentile bootstrap of rows that are all right never draws a wrong one, and would call ten
right rows perfect. So each draw has one row more, of the weight of a row: the worst there could be
for the lower bound, the best for the upper. Of a plain share these bounds are exactly those of
Clopper and Pearson (1934), for k of n with a wrong row more is a Beta(k, n - k + 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct

from chatbot_qa.stats.intervals import Interval


class Drawn(Struct, frozen=True):
    """A statistic as it was drawn, sorted: with a bad row more, and with a good row more."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    def at_least(self, confidence: float = 0.95) -> float:
        """The one-sided lower bound."""
        return quantile(self.low, 1 - confidence)

    def at_most(self, confidence: float = 0.95) -> float:
        """The one-sided upper bound."""
        return quantile(self.high, confidence)


def weights(sizes: Sequence[int], seed: int, draws: int) -> Iterator[tuple[Sequence[float], float]]:
    """For each draw a weight for each group, the sum of ``size`` rows', and that of one row more.

    The same seed gives the same weights.
    """
    random = Random(seed)
    for _ in range(draws):
        drawn = [random.gammavariate(size, 1.0) for size in sizes]
        yield drawn, random.expovariate(1.0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of sorted values lies, between the two that are nearest."""
    if not ordered:
        raise ValueError("no values have no quantile")
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def paired_difference(
    changes: Sequence[tuple[float, int]],
    seed: int,
    draws: int = 2000,
    confidence: float = 0.95,
) -> Interval:
    """The two-sided interval of the mean change over rows that were asked twice.

    ``changes`` holds, for each row or each topic of rows, the sum of their changes (each from -1
    to 1) and how many rows they are. One of mean size more stands for what was not seen: a change
    of 1 down for the lower bound, up for the upper. Raises ``ValueError`` where there is none.
    """
    if not changes:
        raise ValueError("there is no pair to compare")
    counts = Counter(changes)
    mean = sum(size for _, size in changes) / len(changes)
    low, high = [], []
    for drawn, more in weights(tuple(counts.values()), seed, draws):
        weighted = list(zip(counts, drawn, strict=True))
        rows = sum(size * weight for (_, size), weight in weighted) + more * mean
        total = sum(change * weight for (change, _), weight in weighted)
        low.append((total - more * mean) / rows)
        high.append((total + more * mean) / rows)
    tail = (1 - confidence) / 2
    return Interval(
        max(-1.0, quantile(sorted(low), tail)), min(1.0, quantile(sorted(high), 1 - tail))
    )
