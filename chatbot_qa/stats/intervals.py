"""Between what bounds a rate lies, after k of n.

Two-sided intervals of rates are Wilson's; "at most" and "at least" are exact one-sided bounds
(Clopper and Pearson 1934): 0 of 50 is at most 5.8%. All take ``k`` of ``n`` and a confidence
between 0 and 1; nothing seen (n = 0) says nothing: 0 to 1.
"""

from __future__ import annotations

from math import sqrt

from msgspec import Struct

from chatbot_qa.stats.special import beta_quantile, normal_quantile


class Interval(Struct, frozen=True):
    """From ``low`` to ``high``, both included."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def _told(k: int, n: int, confidence: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no count")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")


def wilson(k: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's two-sided interval (1927): close to its confidence on average, for any k and n."""
    _told(k, n, confidence)
    if n == 0:
        return Interval(0.0, 1.0)
    z = -normal_quantile((1 - confidence) / 2)
    rate, weight = k / n, z * z / n
    middle = (rate + weight / 2) / (1 + weight)
    half = z * sqrt(rate * (1 - rate) / n + weight / (4 * n)) / (1 + weight)
    return Interval(
        max(0.0, middle - half) if k else 0.0, min(1.0, middle + half) if k < n else 1.0
    )


def at_most(k: int, n: int, confidence: float = 0.95) -> float:
    """The exact upper bound: a higher rate shows k or fewer with a chance below 1 - confidence."""
    _told(k, n, confidence)
    return 1.0 if k == n else beta_quantile(k + 1, n - k, confidence)


def at_least(k: int, n: int, confidence: float = 0.95) -> float:
    """The exact lower bound: a lower rate shows k or more with a chance below 1 - confidence."""
    _told(k, n, confidence)
    return 0.0 if k == 0 else beta_quantile(k, n - k + 1, 1 - confidence)


def clopper_pearson(k: int, n: int, confidence: float = 0.95) -> Interval:
    """The exact two-sided interval: never covers less than its confidence, often more."""
    _told(k, n, confidence)
    side = (1 + confidence) / 2
    return Interval(at_least(k, n, side), at_most(k, n, side))


def newcombe(k1: int, n1: int, k2: int, n2: int, confidence: float = 0.95) -> Interval:
    """The interval of rate 1 minus rate 2 of two separate samples, from their Wilson intervals.

    Newcombe 1998, method 10. Where a sample is empty nothing is known: -1 to 1.
    """
    first, second = wilson(k1, n1, confidence), wilson(k2, n2, confidence)
    if not (n1 and n2):
        return Interval(-1.0, 1.0)
    rate1, rate2 = k1 / n1, k2 / n2
    down = sqrt((rate1 - first.low) ** 2 + (second.high - rate2) ** 2)
    up = sqrt((first.high - rate1) ** 2 + (rate2 - second.low) ** 2)
    return Interval(max(-1.0, rate1 - rate2 - down), min(1.0, rate1 - rate2 + up))
