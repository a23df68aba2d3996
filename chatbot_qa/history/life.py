"""The life of one case: how often it passes and flakes, since when it fails, how fast mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile
from math import ceil, log

from msgspec import Struct

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.history.rows import Point
from chatbot_qa.stats.intervals import Interval, wilson

SICK = 0.20
"""A case that fails in this share of its runs, or more, is to stay in quarantine …"""
MISTAKEN = 0.05
"""… and is called healthy at most this often."""


class Life(Struct, frozen=True):
    """What became of a case over its runs; those that came to no verdict are left out.

    ``bounds`` is Wilson's 95% interval of the pass rate. ``flaky`` counts the runs whose repeats
    differ, or that another run of the same commit and bot contradicts. ``first_bad`` is the first
    run of the failures that last until now, ``last_good`` the run before it. ``mended`` holds the
    seconds from each first failure to the run that passed again.
    """

    runs: int
    passed: int
    bounds: Interval
    flaky: int
    first_bad: Point | None
    last_good: Point | None
    last_failed: Point | None
    broken: int
    mended: tuple[float, ...]

    @property
    def mean_time_to_fix(self) -> float | None:
        """In seconds; None where nothing was mended yet."""
        return sum(self.mended) / len(self.mended) if self.mended else None


def life_of(points: Sequence[Point]) -> Life:
    """The life of a case from what it came to in each run, the oldest first."""
    decided = [point for point in points if point.decided]
    passed = sum(point.ruling == Ruling.PASSED for point in decided)
    episodes = _episodes(decided)
    open_ = episodes[-1] if episodes and episodes[-1][2] is None else None
    return Life(
        len(decided),
        passed,
        wilson(passed, len(decided)),
        _flaky(decided),
        open_[1] if open_ else None,
        open_[0] if open_ else None,
        next((one for one in reversed(decided) if one.ruling == Ruling.FAILED), None),
        len(episodes),
        tuple(end.started - begin.started for _, begin, end in episodes if end is not None),
    )


_Episode = tuple[Point | None, Point, Point | None]
"""The last run that passed, the first that failed, and the one that passed again."""


def _episodes(decided: Sequence[Point]) -> list[_Episode]:
    found: list[_Episode] = []
    good: Point | None = None
    bad: Point | None = None
    for point in decided:
        if point.ruling == Ruling.FAILED:
            bad = bad or point
            continue
        if bad is not None:
            found.append((good, bad, point))
        good, bad = point, None
    if bad is not None:
        found.append((good, bad, None))
    return found


def _flaky(decided: Sequence[Point]) -> int:
    rulings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for point in decided:
        rulings[point.commit, point.targets].add(point.ruling)
    return sum(
        point.differs or (point.commit != "" and len(rulings[point.commit, point.targets]) > 1)
        for point in decided
    )


class Health(Struct, frozen=True):
    """How far a quarantined case is from being healthy: ``clean`` runs in a row of ``needed``."""

    clean: int
    needed: int

    @property
    def healthy(self) -> bool:
        """Whether it can come out of quarantine."""
        return self.clean >= self.needed


def runs_needed(sick: float = SICK, mistaken: float = MISTAKEN) -> int:
    """So many runs that a case which fails in a share ``sick`` of them hardly passes them all.

    It does with a chance of at most ``mistaken``: 14 runs for one run in five, and 5%.
    """
    if not (0 < sick < 1 and 0 < mistaken < 1):
        raise ValueError(f"shares lie between 0 and 1, unlike {sick} and {mistaken}")
    return ceil(log(mistaken) / log(1 - sick))


def health_of(points: Sequence[Point], needed: int) -> Health:
    """How many of the last runs passed in every repeat; runs that say nothing are left out."""
    decided = [point for point in reversed(points) if point.decided]
    return Health(sum(1 for _ in takewhile(lambda one: one.good, decided)), needed)
