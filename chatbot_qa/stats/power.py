"""What a number of samples can show, before any is taken.

The test is that of ``trend.cochran_armitage`` at its one-sided level, with the rank of each
distance as its score; what it sees is computed exactly, by adding up all that can happen.
20 samples at each of six distances see a steady fall from .98 to .70 with probability .92;
at two distances alone, .87.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, log, sqrt

from chatbot_qa.stats.special import binomial, normal_above, normal_quantile

_NEGLIGIBLE = 1e-13
_COUNTED = 100


def _counts(rates: list[float], n: int) -> dict[tuple[int, int], float]:
    """The chance of each (failures, sum of the ranks of the failures)."""
    chances = {(0, 0): 1.0}
    for rank, rate in enumerate(rates):
        one = [(k, chance) for k, chance in enumerate(binomial(n, 1 - rate)) if chance]
        grown: dict[tuple[int, int], float] = {}
        for (failed, ranks), before in chances.items():
            for k, chance in one:
                both = before * chance
                if both > _NEGLIGIBLE:
                    key = failed + k, ranks + k * rank
                    grown[key] = grown.get(key, 0.0) + both
        chances = grown
    return chances


@lru_cache(maxsize=1024)
def sees_fall(n: int, high: float, low: float, distances: int = 2, alpha: float = 0.05) -> float:
    """The chance that the trend test sees a pass rate fall steadily from ``high`` to ``low``.

    ``n`` samples at each of so many ``distances``; the rate falls by the same step from each to
    the next. With ``low`` equal to ``high`` it is the chance of a false alarm. Where more than 100
    failures and 100 passes are expected at more than two distances it is the normal
    approximation, which is then within .01.
    """
    if n < 1 or distances < 2:
        raise ValueError(f"{n} samples at {distances} distances show no trend")
    rates = [high + (low - high) * i / (distances - 1) for i in range(distances)]
    every, middle = n * distances, (distances - 1) / 2
    spread = n * sum((rank - middle) ** 2 for rank in range(distances))
    wanted = -normal_quantile(alpha)
    expected = n * sum(rates)
    if distances > 2 and min(expected, every - expected) > _COUNTED:
        return _about(rates, n, wanted * sqrt(spread))

    def seen(failed: int, ranks: int) -> bool:
        if not 0 < failed < every:
            return False
        share = failed / every
        return ranks - failed * middle >= wanted * sqrt(share * (1 - share) * spread)

    counts = _counts(rates, n)
    return sum(chance for (failed, ranks), chance in counts.items() if seen(failed, ranks))


def _about(rates: list[float], n: int, reach: float) -> float:
    """The chance by the normal approximation: what must lean beyond ``reach`` is made linear."""
    middle = (len(rates) - 1) / 2
    share = 1 - sum(rates) / len(rates)
    scatter = sqrt(share * (1 - share))
    slope = reach * (1 - 2 * share) / (2 * scatter * n * len(rates))
    lean = n * sum((1 - rate) * (rank - middle) for rank, rate in enumerate(rates))
    spread = n * sum(
        rate * (1 - rate) * (rank - middle - slope) ** 2 for rank, rate in enumerate(rates)
    )
    return normal_above((reach * scatter - lean) / sqrt(spread))


def false_alarm(n: int, distances: int = 2, alpha: float = 0.05) -> float:
    """How often the trend test is mistaken at worst, over rates from .5 to .99 that do not fall."""
    return max(sees_fall(n, p / 100, p / 100, distances, alpha) for p in range(50, 100))


def samples_for(
    power: float, high: float, low: float, distances: int = 2, alpha: float = 0.05
) -> int | None:
    """The fewest samples a distance with which ``sees_fall`` reaches ``power``; None above 1,000.

    Found by halving, and then by looking a little below: power rises with samples in saw teeth.
    """

    def seen(n: int) -> bool:
        return sees_fall(n, high, low, distances, alpha) >= power

    least, most = 1, 2
    while not seen(most):
        least, most = most, 2 * most
        if least >= 1000:
            return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if seen(middle) else (middle, most)
    return next(n for n in range(max(2, most - 8), most + 1) if seen(n))


def clean_needed(share: float, confidence: float = 0.95) -> int | None:
    """How many samples, all passed, show a rate of at least ``share``; None where none can.

    At least 90% needs 29. "At most 2% fail" is at least 98%, and needs 149.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    if share in (0, 1):
        return None if share else 0
    return ceil(log(1 - confidence) / log(share) - 1e-9)


def wrong_needed(share: float, confidence: float = 0.95) -> int | None:
    """How many samples, all failed, rule out a rate of at least ``share``; None where none can.

    At least 20% needs 14.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    if share in (0, 1):
        return 1 if share else None
    return floor(log(1 - confidence) / log(1 - share) + 1e-9) + 1


def clean_shows(n: int, confidence: float = 0.95) -> float:
    """The rate that ``n`` samples, all passed, show at least: what ``clean_needed`` inverts."""
    return (1 - confidence) ** (1 / n) if n else 0.0
