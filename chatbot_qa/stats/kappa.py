"""How well a check agrees with people: kappa, precision, recall, and intervals by item."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import ceil, floor
from random import Random
from typing import TypeVar

from msgspec import Struct

from chatbot_qa.stats.intervals import Interval

T = TypeVar("T")


class Confusion(Struct, frozen=True):
    """Counts of what was said against what is so; each rate is None where nothing is counted."""

    hits: int = 0
    """Said, and so."""
    false_alarms: int = 0
    """Said, and not so."""
    misses: int = 0
    """Not said, and so."""
    clear: int = 0
    """Not said, and not so."""

    @property
    def precision(self) -> float | None:
        """Of those said, the share that is so."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float | None:
        """Of those that are so, the share that was said."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)

    @property
    def accuracy(self) -> float | None:
        """The share on which both agree."""
        every = self.hits + self.false_alarms + self.misses + self.clear
        return _share(self.hits + self.clear, every)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa."""
        return kappa([[self.hits, self.false_alarms], [self.misses, self.clear]])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def confusion(pairs: Iterable[tuple[bool, bool]]) -> Confusion:
    """Counts pairs of (said, so)."""
    cells = [0, 0, 0, 0]
    for said, so in pairs:
        cells[(0 if said else 2) + (said != so)] += 1
    hits, false_alarms, clear, misses = cells
    return Confusion(hits, false_alarms, misses, clear)


def crossed(pairs: Iterable[tuple[T, T]], labels: Sequence[T]) -> list[list[int]]:
    """The table that ``kappa`` takes: a row for each label of the first, a column of the second."""
    place = {label: i for i, label in enumerate(labels)}
    table = [[0] * len(labels) for _ in labels]
    for first, second in pairs:
        table[place[first]][place[second]] += 1
    return table


def kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Cohen's kappa (1960) of a square table of counts: 1 is full agreement, 0 that of chance.

    None where it has no value: nothing was counted, or both always said the same one thing.
    """
    every: int = sum(sum(row) for row in table)
    if any(len(row) != len(table) for row in table):
        raise ValueError("the table is not square")
    rows, columns = (
        [sum(row) for row in table],
        [sum(column) for column in zip(*table, strict=True)],
    )
    by_chance: int = sum(r * c for r, c in zip(rows, columns, strict=True))
    if by_chance == every * every:
        return None
    agreed: int = sum(table[i][i] for i in range(len(table)))
    return (agreed * every - by_chance) / (every * every - by_chance)


def bootstrap(
    rows: Sequence[T],
    statistic: Callable[[Sequence[T]], float | None],
    seed: int,
    *,
    item: Callable[[T], Hashable] | None = None,
    draws: int = 2000,
    confidence: float = 0.95,
) -> Interval | None:
    """The percentile interval of a statistic over rows (Efron 1979), the same for the same seed.

    ``item`` names the item that a row belongs to: rows of one item stand or fall together, so
    whole items are drawn. Draws in which the statistic has no value (None) are left out; None
    where no draw has one.
    """
    groups: dict[Hashable, list[T]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(item(row) if item else number, []).append(row)
    parts, rng = list(groups.values()), Random(seed)
    found = []
    for _ in range(draws if parts else 0):
        drawn = [row for part in rng.choices(parts, k=len(parts)) for row in part]
        if (value := statistic(drawn)) is not None:
            found.append(value)
    if not found:
        return None
    found.sort()
    last, tail = len(found) - 1, (1 - confidence) / 2
    return Interval(found[floor(tail * last)], found[ceil((1 - tail) * last)])
