"""How often a judge's word is so, from many replies that it judged and a few people labelled.

Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023): the share
that the judge says over all replies, less how far it is off over the labelled ones. It asks
that the labelled replies are such as the others are: drawn from the same bot and questions.
"""

from __future__ import annotations

from math import sqrt

from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import Confusion
from chatbot_qa.stats.prevalence import Estimate
from chatbot_qa.stats.special import normal_quantile

ENOUGH = 60
"""Labelled replies from which on a judge's word is used; below, people's labels alone are."""


def of_people(labelled: Confusion, confidence: float = 0.95) -> Estimate:
    """The share that people's labels say alone, with Wilson's interval."""
    so, every = labelled.hits + labelled.misses, _size(labelled)
    bounds = wilson(so, every, confidence)
    return Estimate(so / every if every else 0.0, bounds.low, bounds.high)


def powered(said: int, of: int, labelled: Confusion, confidence: float = 0.95) -> Estimate:
    """The share that is so where the judge says so of ``said`` of ``of`` other replies.

    The variances are those of the paper with a few rows added, the judge's share as Agresti and
    Coull (1998) have it and how far it is off as Bonett and Price (2012): of few replies, or
    where the judge never erred, the plain ones are far too small.
    """
    if not 0 <= said <= of or not of:
        raise ValueError(f"{said} of {of} is no share")
    count = _size(labelled)
    if not count:
        raise ValueError("nothing is labelled")
    z = -normal_quantile((1 - confidence) / 2)
    every = of + z * z
    share = (said + z * z / 2) / every
    missed = (labelled.misses + 1) / (count + 2)
    alarmed = (labelled.false_alarms + 1) / (count + 2)
    off = missed - alarmed
    variance = share * (1 - share) / every + (missed + alarmed - off * off) / (count + 2)
    half = z * sqrt(variance)
    found = _within(said / of + (labelled.misses - labelled.false_alarms) / count)
    low, high = _within(share + off - half), _within(share + off + half)
    return Estimate(found, min(low, found), max(high, found))


def _size(labelled: Confusion) -> int:
    return labelled.hits + labelled.false_alarms + labelled.misses + labelled.clear


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
