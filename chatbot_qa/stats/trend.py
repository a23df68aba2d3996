"""Whether a pass rate falls along an axis: the Cochran-Armitage test."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

from msgspec import Struct

from chatbot_qa.stats.special import normal_above

Side = Literal["fall", "rise", "both"]


class Trend(Struct, frozen=True):
    """How far the counts lean: ``z`` is below 0 where the rate falls, ``p`` the test's p-value."""

    z: float
    p: float


def cochran_armitage(
    scores: Sequence[float], passed: Sequence[int], of: Sequence[int], side: Side = "fall"
) -> Trend:
    """The test for a trend in rates (Cochran 1954, Armitage 1955).

    ``passed[i]`` of ``of[i]`` samples passed at ``scores[i]``. For distances that double take
    their rank as score, ``range(len(distances))``. ``side`` says what is looked for. Where all
    samples passed, none did, or all stand at one score, there is nothing to see: z = 0, p = 1.

    The p-value is the normal one. ``power.false_alarm`` says exactly how often it is mistaken:
    at a level of 5% at most 5.8% of the time, with five samples at each score or more.
    """
    if not all(0 <= k <= n for k, n in zip(passed, of, strict=True)):
        raise ValueError(f"{list(passed)} of {list(of)} are no counts")
    z = leaning(scores, passed, of)
    if z is None:
        return Trend(0.0, 1.0)
    if side == "both":
        return Trend(z, 2 * normal_above(abs(z)))
    return Trend(z, normal_above(z if side == "rise" else -z))


def leaning(scores: Sequence[float], passed: Sequence[int], of: Sequence[int]) -> float | None:
    """The statistic itself; None where it has no variance."""
    every, good = sum(of), sum(passed)
    places = {score for score, n in zip(scores, of, strict=True) if n}
    if not 0 < good < every or len(places) < 2:
        return None
    middle = sum(score * n for score, n in zip(scores, of, strict=True)) / every
    spread = sum(n * (score - middle) ** 2 for score, n in zip(scores, of, strict=True))
    lean = sum((score - middle) * k for score, k in zip(scores, passed, strict=True))
    rate = good / every
    return lean / sqrt(rate * (1 - rate) * spread)
