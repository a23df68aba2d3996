"""Whether a bot that says how sure it is, is right as often as it says.

Brier's score (1950) is the mean square of sureness less outcome; the expected calibration error
(Naeini, Cooper and Hauskrecht 2015) is the mean distance, over bins of equal width, of the mean
sureness from the share that is right. 0 is best of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

Told = tuple[float, bool]
"""How sure the bot was, from 0 to 1, and whether it was right."""


class Bin(Struct, frozen=True):
    """Replies that are about as sure: their mean sureness, how many are right, of how many."""

    sure: float
    right: int
    of: int


def brier(told: Sequence[Told]) -> float:
    """The mean square of the distance between sureness and outcome (1 or 0)."""
    return sum((sure - right) ** 2 for sure, right in told) / len(told)


def bins(told: Sequence[Told], number: int = 10) -> tuple[Bin, ...]:
    """The replies in bins of equal width, those without any left out; 1 is in the last."""
    if number < 1:
        raise ValueError(f"{number} bins hold nothing")
    parts: list[list[Told]] = [[] for _ in range(number)]
    for sure, right in told:
        if not 0 <= sure <= 1:
            raise ValueError(f"nobody is sure by {sure}")
        parts[min(int(sure * number), number - 1)].append((sure, right))
    return tuple(
        Bin(sum(sure for sure, _ in part) / len(part), sum(right for _, right in part), len(part))
        for part in parts
        if part
    )


def calibration_error(told: Sequence[Told], number: int = 10) -> float:
    """The expected calibration error over so many bins."""
    return sum(abs(one.sure * one.of - one.right) for one in bins(told, number)) / len(told)
