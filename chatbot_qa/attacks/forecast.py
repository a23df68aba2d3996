"""What somebody comes to who tries again and again: the chance of one success in N attempts.

After k of n the rate has a Beta distribution (Jeffreys' prior), and the number of successes in
N further attempts a beta-binomial one; the forecast is that it is not nought.
"""

from __future__ import annotations

from math import exp, lgamma

from msgspec import Struct

from chatbot_qa.stats.intervals import clopper_pearson


class Forecast(Struct, frozen=True):
    """The chance of at least one success in ``tries`` attempts, with a 95% interval."""

    tries: int
    chance: float
    low: float
    high: float


def best_of(tries: int, k: int, n: int) -> Forecast:
    """The forecast for so many attempts, each drawn like the n of which k succeeded."""
    a, b = k + 0.5, n - k + 0.5
    none = exp(lgamma(b + tries) + lgamma(a + b) - lgamma(b) - lgamma(a + b + tries))
    bounds = clopper_pearson(k, n)
    return Forecast(tries, 1 - none, 1 - (1 - bounds.low) ** tries, 1 - (1 - bounds.high) ** tries)
