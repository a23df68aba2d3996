"""How far a bot's memory reaches: the half-life of a pass rate, and where it falls short.

Distances are numbers from 0 up, each greater than the one before; ``passed[i]`` of ``of[i]``
samples passed at ``distances[i]``. Distances with no samples say nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import expm1, inf, isfinite, log1p
from random import Random

from msgspec import Struct

from chatbot_qa.stats.special import at_most_k

_DRAWS = 2000


class HalfLife(Struct, frozen=True):
    """The distance at which the pass rate is half of what it is at the shortest distance.

    ``at`` is None where it never falls so far (then ``low`` is what it lasts at least, and
    ``high`` is None), and where nothing passes even at the shortest distance (then ``high`` is
    that distance). ``high`` is None where the end of the interval is beyond the longest distance.
    """

    at: float | None
    low: float
    high: float | None


def falling(rates: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """The nearest rates (weighted least squares) that never rise: pool adjacent violators."""
    blocks: list[tuple[float, float, int]] = []
    for rate, weight in zip(rates, weights, strict=True):
        block = (rate, weight, 1)
        while blocks and blocks[-1][0] < block[0]:
            before = blocks.pop()
            whole = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / whole
            block = (mean, whole, before[2] + block[2])
        blocks.append(block)
    return tuple(rate for rate, _, length in blocks for _ in range(length))


class _Crossing(Struct, frozen=True):
    """Where rates come down to half: at a distance between two measured ones."""

    at: float
    after: float
    before: float


def _crossing(distances: Sequence[float], rates: Sequence[float]) -> _Crossing:
    """Where rates that never rise come down to half of the first, which is above 0.

    Between two distances the rate is taken to fall in a straight line over log(1 + distance).
    ``inf`` where they do not come down so far.
    """
    half = rates[0] / 2
    for (near, above), (far, below) in pairwise(zip(distances, rates, strict=True)):
        if below <= half:
            part = (above - half) / (above - below)
            start, end = log1p(near), log1p(far)
            return _Crossing(expm1(start + part * (end - start)), near, far)
    return _Crossing(inf, distances[-1], inf)


def _measured(
    distances: Sequence[float], passed: Sequence[int], of: Sequence[int]
) -> list[tuple[float, int, int]]:
    rows = list(zip(distances, passed, of, strict=True))
    if any(a >= b for a, b in pairwise(distances)) or min(distances) < 0:
        raise ValueError(f"distances rise from 0 up, unlike {list(distances)}")
    if not all(0 <= k <= n for _, k, n in rows):
        raise ValueError(f"{list(passed)} of {list(of)} are no counts")
    return [row for row in rows if row[2]]


def half_life(
    distances: Sequence[float],
    passed: Sequence[int],
    of: Sequence[int],
    seed: int,
    confidence: float = 0.95,
) -> HalfLife:
    """The half-life with its interval, in the unit of the distances.

    The rates are first made to never rise (``falling``). The interval is that of 2,000 curves
    whose rates are drawn from what the counts allow (Jeffreys' posterior: a beta distribution
    of k + 1/2 and n - k + 1/2), so that few samples give a wide one even where all passed. Its
    ends are measured distances: what the curve does between two of them is not known.
    """
    rows = _measured(distances, passed, of)
    if not rows:
        return HalfLife(None, 0.0, None)
    if not any(passed):
        return HalfLife(None, 0.0, rows[0][0])
    places, sizes = [row[0] for row in rows], [row[2] for row in rows]
    found = _crossing(places, falling([k / n for _, k, n in rows], sizes))
    rng = Random(seed)

    def drawn() -> _Crossing:
        rates = [rng.betavariate(k + 0.5, n - k + 0.5) for _, k, n in rows]
        return _crossing(places, falling(rates, sizes))

    draws = [drawn() for _ in range(_DRAWS)]
    tail = int((1 - confidence) / 2 * _DRAWS)
    low = min(sorted(draw.after for draw in draws)[tail], found.after)
    high = max(sorted(draw.before for draw in draws)[-1 - tail], found.before)
    return HalfLife(_finite(found.at), low, _finite(high))


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def first_short(
    distances: Sequence[float],
    passed: Sequence[int],
    of: Sequence[int],
    share: float,
    confidence: float = 0.95,
) -> float | None:
    """The first distance whose pass rate is shown to be below the wanted share; None if none is.

    Shown by the exact one-sided upper bound. The doubt is divided over the distances (Holm 1979):
    a bot that keeps the share at all of them is called short with a chance of at most
    1 - confidence, however many distances there are.
    """
    rows = _measured(distances, passed, of)
    tests = sorted((at_most_k(k, n, share), place) for place, k, n in rows)
    short = []
    for i, (chance, place) in enumerate(tests):
        if chance > (1 - confidence) / (len(tests) - i):
            break
        short.append(place)
    return min(short, default=None)
