"""Whether rates that are corrected for errors hold what they say: a section of ``bench.stats``.

Over a grid of shares, of detectors and of sample sizes it is simulated how often the interval
holds the share that is so: of Rogan and Gladen's estimate, and of prediction-powered inference.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from numpy.random import Generator, default_rng

from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import Confusion
from chatbot_qa.stats.ppi import ENOUGH, powered
from chatbot_qa.stats.prevalence import Detector, Estimate, corrected

SEED = 20261125
SHARES = (0.0, 0.02, 0.1, 0.3, 0.7, 0.95)
RIGHT = (0.8, 0.95, 1.0)
ROWS = (60, 400)
REPLIES = (50, 200)
LABELS = (ENOUGH, 4 * ENOUGH)


class Covered(NamedTuple):
    """How often the interval held the share, over a grid and in its worst cell.

    ``counted`` is how often the interval of what was counted alone did.
    """

    name: str
    mean: float
    least: float
    counted: float


def errors(runs: int) -> Iterator[Covered]:
    """Both corrections; ``runs`` is how often each cell of a grid is drawn."""
    yield _covered("corrected for a detector's errors", _prevalence(default_rng(SEED), runs))
    yield _covered("prediction-powered", _ppi(default_rng(SEED + 1), runs))


def _covered(name: str, cells: Iterator[tuple[float, float]]) -> Covered:
    held, counted = zip(*cells, strict=True)
    return Covered(name, sum(held) / len(held), min(held), sum(counted) / len(counted))


def _prevalence(rng: Generator, runs: int) -> Iterator[tuple[float, float]]:
    """A cell each: how often the detector is right is itself measured anew every time."""
    for share, found, passed, rows, of in product(SHARES, RIGHT, RIGHT, ROWS, REPLIES):
        drawn = zip(
            rng.binomial(of, share * found + (1 - share) * (1 - passed), runs).tolist(),
            rng.binomial(rows, found, runs).tolist(),
            rng.binomial(rows, passed, runs).tolist(),
            strict=True,
        )
        held = counted = 0
        for k, hits, clear in drawn:
            detector = Detector(hits / rows, rows, clear / rows, rows)
            held += _holds(corrected(k, of, detector), share)
            counted += _holds(_plain(k, of), share)
        yield held / runs, counted / runs


def _ppi(rng: Generator, runs: int) -> Iterator[tuple[float, float]]:
    """A cell each: labelled rows and other replies are drawn from the same bot."""
    for share, found, passed, rows, of in product(SHARES, RIGHT, RIGHT, LABELS, REPLIES):
        cells = (
            share * found,
            (1 - share) * (1 - passed),
            share * (1 - found),
            (1 - share) * passed,
        )
        labelled = rng.multinomial(rows, cells, runs).tolist()
        others = rng.binomial(of, cells[0] + cells[1], runs).tolist()
        held = counted = 0
        for k, counts in zip(others, labelled, strict=True):
            held += _holds(powered(k, of, Confusion(*counts)), share)
            counted += _holds(_plain(k, of), share)
        yield held / runs, counted / runs


def _plain(k: int, of: int) -> Estimate:
    bounds = wilson(k, of)
    return Estimate(k / of, bounds.low, bounds.high)


def _holds(found: Estimate | None, share: float) -> bool:
    """Whether an interval holds the share; one that says nothing does."""
    return found is None or found.low - 1e-12 <= share <= found.high + 1e-12
