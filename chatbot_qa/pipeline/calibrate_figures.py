"""How well predictions agree with labels: the figures of a calibration, each with its interval.

Rows of one item (of one question, say) stand or fall together, so intervals come from whole
items that are drawn again (percentile bootstrap, Efron 1979). Only the counts of items are
kept: what is drawn are kinds of items that count alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor
from random import Random
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.calibration import Figure, Figures
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import Confusion, kappa

UNSURE: Final = "unsure"
DRAWS: Final = 1000
SEED: Final = 1

Cell = tuple[str, str]
"""A label and what was predicted for it."""


class Counts(Struct, frozen=True):
    """How often each label met each prediction; ``positive`` are the labels that are looked for."""

    cells: Counter[Cell]
    labels: tuple[str, ...]
    positive: tuple[str, ...]

    @property
    def sides(self) -> Confusion:
        """The decided rows: positive labels against the others."""
        found = [0, 0, 0, 0]
        for (label, said), count in self.cells.items():
            if said != UNSURE:
                place = (0 if said in self.positive else 2) + (label not in self.positive)
                found[place] += count
        hits, false_alarms, misses, clear = found
        return Confusion(hits, false_alarms, misses, clear)

    @property
    def decided(self) -> float | None:
        """The share of rows that are not unsure."""
        every = self.cells.total()
        unsure = sum(count for (_, said), count in self.cells.items() if said == UNSURE)
        return (every - unsure) / every if every else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa over the decided rows, every label by itself."""
        return kappa([[self.cells[one, two] for two in self.labels] for one in self.labels])

    @property
    def bias(self) -> float | None:
        """The share of the decided that is predicted positive, less the share labelled so."""
        sides = self.sides
        every = sides.hits + sides.false_alarms + sides.misses + sides.clear
        return (sides.false_alarms - sides.misses) / every if every else None

    def of(self, cells: Counter[Cell]) -> Counts:
        """The same labels, other counts."""
        return Counts(cells, self.labels, self.positive)


_STATISTICS: dict[str, Callable[[Counts], float | None]] = {
    "decided": lambda counts: counts.decided,
    "accuracy": lambda counts: counts.sides.accuracy,
    "precision": lambda counts: counts.sides.precision,
    "recall": lambda counts: counts.sides.recall,
    "f1": lambda counts: counts.sides.f1,
    "kappa": lambda counts: counts.kappa,
    "bias": lambda counts: counts.bias,
}


def figures(
    items: Iterable[Counter[Cell]],
    labels: tuple[str, ...],
    positive: tuple[str, ...],
    *,
    seed: int = SEED,
    draws: int = DRAWS,
) -> Figures:
    """All figures, from the counts of each item; the same for the same seed."""
    kinds: dict[frozenset[tuple[Cell, int]], int] = {}
    drawn_from = [kinds.setdefault(frozenset(item.items()), len(kinds)) for item in items]
    parts = [Counter(dict(kind)) for kind in kinds]
    none = Counts(Counter(), labels, positive)
    whole = none.of(_sum(parts, Counter(drawn_from)))
    rng, found = Random(seed), {name: list[float]() for name in _STATISTICS}
    for _ in range(draws if drawn_from else 0):
        counts = none.of(_sum(parts, Counter(rng.choices(drawn_from, k=len(drawn_from)))))
        for name, statistic in _STATISTICS.items():
            if (value := statistic(counts)) is not None:
                found[name].append(value)
    made = {name: _figure(statistic(whole), found[name]) for name, statistic in _STATISTICS.items()}
    return _widened(Figures(**made), whole, [parts[kind] for kind in drawn_from])


def _sum(parts: Sequence[Counter[Cell]], times: Counter[int]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for part, count in times.items():
        for cell, rows in parts[part].items():
            cells[cell] += rows * count
    return cells


def _figure(value: float | None, drawn: list[float]) -> Figure:
    if value is None or not drawn:
        return Figure(value)
    drawn.sort()
    last = len(drawn) - 1
    return Figure(value, drawn[floor(0.025 * last)], drawn[ceil(0.975 * last)])


def _widened(found: Figures, whole: Counts, items: Sequence[Counter[Cell]]) -> Figures:
    """The same, where a bootstrap says nothing because every row was right, or every one wrong.

    A share of 0 or 1 has Wilson's interval over the items that it counts. F1 of 1 is at least
    the harmonic mean of what precision and recall are at least, and kappa of 1 at least what
    the lowest accuracy comes to beside the same agreement by chance.
    """
    shares = {
        name: _widened_share(getattr(found, name), _STATISTICS[name], whole, items)
        for name in ("decided", "accuracy", "precision", "recall")
    }
    precision, recall, accuracy = (shares[name].low for name in ("precision", "recall", "accuracy"))
    f1, agreed = found.f1, found.kappa
    if f1.value == 1 and precision and recall:
        f1 = Figure(1.0, 2 * precision * recall / (precision + recall), 1.0)
    if agreed.value == 1 and accuracy:
        agreed = Figure(1.0, _kappa_at(accuracy, whole), 1.0)
    return Figures(**shares, f1=f1, kappa=agreed, bias=found.bias)


def _widened_share(
    figure: Figure,
    statistic: Callable[[Counts], float | None],
    whole: Counts,
    items: Sequence[Counter[Cell]],
) -> Figure:
    if figure.value not in (0, 1):
        return figure
    counted = sum(statistic(whole.of(item)) is not None for item in items)
    sure = wilson(counted if figure.value else 0, counted)
    return Figure(figure.value, sure.low, sure.high)


def _kappa_at(accuracy: float, whole: Counts) -> float:
    """Kappa at this accuracy, chance being what it is in rows that are all right."""
    shares = [count for (_, said), count in whole.cells.items() if said != UNSURE]
    chance = sum(count * count for count in shares) / sum(shares) ** 2
    return (accuracy - chance) / (1 - chance)
