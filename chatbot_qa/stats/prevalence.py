"""How often something is so, counted by a detector that errs.

A detector reads ``k`` of ``n`` as so. With its sensitivity and specificity, each measured on
labelled rows of its own, the share that is so is estimated (Rogan and Gladen 1978), in an
interval that holds the chance of all three samples (Lang and Reiczigel 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, prod, sqrt

from msgspec import Struct

from chatbot_qa.stats.special import normal_quantile


class Detector(Struct, frozen=True):
    """How often a detector is right, as measured.

    ``sensitivity`` is the share that it reads as so of ``positives`` rows that are so;
    ``specificity`` the share that it does not of ``negatives`` rows that are not. Rows that
    stand or fall together count for fewer, so that neither number need be whole.
    """

    sensitivity: float
    positives: float
    specificity: float
    negatives: float

    @property
    def youden(self) -> float:
        """How much it tells: 1 of one that never errs, 0 of one that guesses (Youden's J)."""
        return self.sensitivity + self.specificity - 1


class Estimate(Struct, frozen=True):
    """A share with its interval, all from 0 to 1."""

    share: float
    low: float
    high: float


def corrected(k: int, n: int, detector: Detector, confidence: float = 0.95) -> Estimate | None:
    """The share that is so where ``k`` of ``n`` are read as so.

    None where that cannot be said: nothing was read, the detector was measured on no row of
    one sort, or it tells too little (Youden's J is not above 0).
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no count")
    measured = min(detector.positives, detector.negatives) > 0
    if not (n and measured and detector.youden > 0):
        return None
    share = _within((k / n + detector.specificity - 1) / detector.youden)
    z = -normal_quantile((1 - confidence) / 2)
    found, so, not_so = detector, detector.positives + 2, detector.negatives + 2
    sensitivity = (found.sensitivity * found.positives + 1) / so
    specificity = (found.specificity * found.negatives + 1) / not_so
    youden = sensitivity + specificity - 1
    if youden <= 0:
        return None
    of = n + z * z
    read = (k + z * z / 2) / of
    middle = (read + specificity - 1) / youden
    of_sensitivity = sensitivity * (1 - sensitivity) / so
    of_specificity = specificity * (1 - specificity) / not_so
    shift = 2 * z * z * (middle * of_sensitivity - (1 - middle) * of_specificity)
    variance = (
        read * (1 - read) / of
        + middle * middle * of_sensitivity
        + (1 - middle) * (1 - middle) * of_specificity
    )
    half = z * sqrt(variance) / youden
    low, high = _within(middle + shift - half), _within(middle + shift + half)
    return Estimate(share, min(low, share), max(high, share))


def together(detectors: Sequence[Detector]) -> Detector:
    """Several detectors that watch for the same: so is whatever one of them reads as so.

    False alarms are taken to be independent of each other. What is so is taken to be found no
    oftener than by the worst of them, and no more to be known than of the one known least.
    """
    return Detector(
        min(one.sensitivity for one in detectors),
        min(one.positives for one in detectors),
        prod(one.specificity for one in detectors),
        min(one.negatives for one in detectors),
    )


def mixed(detectors: Sequence[Detector]) -> Detector:
    """The detector of a sample each of whose members had its own: their means.

    Exact where what is so is as frequent among the members of each. No more is taken to be
    known than of the one known least.
    """
    count = len(detectors)
    return Detector(
        fsum(one.sensitivity for one in detectors) / count,
        min(one.positives for one in detectors),
        fsum(one.specificity for one in detectors) / count,
        min(one.negatives for one in detectors),
    )


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
