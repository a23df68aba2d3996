"""Whether a series drifts away from what it was: a sequential detector of change, by ranks.

Each new value is ranked among those before it. As long as the values are alike (independent
draws from one distribution, whatever it is), these ranks, with ties broken by chance, are
independent and uniform: conformal p-values (Vovk, Gammerman and Shafer 2005). A bet against
each of them that pays for small ones multiplies to a martingale, and the sum of such bets begun
at every night is the statistic of Shiryaev and Roberts: on average it grows by 1 a night, and
loses at least its threshold at each alarm (Vovk et al. 2021). So in any number of nights at
most that number over the threshold are false alarms, on average. Exactly, after any number of
nights; nothing is estimated, and no shape of the values is assumed.

What it does not forgive is a series that is not alike by nature: a weekly rhythm, or nights
that lean on the nights before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from math import exp, log
from typing import Literal

from msgspec import Struct

Side = Literal["rise", "fall"]

BETS = (0.2, 0.45, 0.7)
"""Exponents of the bets, each with a third of the stake: for large changes to small ones."""


class Alarm(Struct, frozen=True):
    """A change that was seen with the value at ``at``, and which began at ``since``, as far as
    can be told. Places are counted from 0."""

    at: int
    since: int


def threshold(nights: float, series: int) -> float:
    """The threshold for one false alarm in so many nights, over all series together.

    However the series hang together: averages add up.
    """
    if nights < 1 or series < 1:
        raise ValueError(f"nothing to bound in {nights} nights of {series} series")
    return nights * series


def p_values(values: Sequence[float], draws: Sequence[float], side: Side) -> Iterator[float]:
    """How far each value lies out on one side, among those before it and itself.

    ``draws`` are uniform numbers from 0 to 1, one a value, that break ties. The first says
    nothing: it is its draw.
    """
    seen: list[float] = []
    for value, draw in zip(values, draws, strict=True):
        key = -value if side == "rise" else value
        insort(seen, key)
        below = bisect_left(seen, key)
        alike = bisect_right(seen, key) - below
        yield (below + draw * alike) / len(seen)


class _Bet:
    """One bet on small p-values, begun anew every night: it pays ``e p^(e-1)``, 1 on average."""

    __slots__ = ("_first", "_power", "best", "since", "stake")

    def __init__(self, exponent: float) -> None:
        self._first, self._power = log(exponent), exponent - 1
        self.stake = 0.0
        self.best = 0.0
        self.since = 0

    def take(self, depth: float, at: int) -> float:
        """The logarithm of the next p-value; returns what is at stake then."""
        grows = self._first + self._power * depth
        self.stake = (1 + self.stake) * exp(grows)
        if self.best <= 0:
            self.best, self.since = grows, at
        else:
            self.best += grows
        return self.stake


def alarms(
    values: Sequence[float], draws: Sequence[float], side: Side, limit: float
) -> Iterator[Alarm]:
    """Every change of a series to one side, in order; after each it begins anew.

    ``limit`` comes from ``threshold``.
    """
    begun = 0
    while begun < len(values):
        found = _first(values[begun:], draws[begun:], side, limit)
        if found is None:
            return
        yield Alarm(begun + found.at, begun + found.since)
        begun += found.at + 1


def _first(
    values: Sequence[float], draws: Sequence[float], side: Side, limit: float
) -> Alarm | None:
    bets = [_Bet(exponent) for exponent in BETS]
    for at, p in enumerate(p_values(values, draws, side)):
        depth = log(p) if p > _SMALLEST else _LEAST
        if sum([bet.take(depth, at) for bet in bets]) >= limit * len(bets):
            return Alarm(at, max(bets, key=lambda bet: bet.best).since)
    return None


_SMALLEST = 1e-12
"""A draw may be 0, and 0 pays without end."""
_LEAST = log(_SMALLEST)
