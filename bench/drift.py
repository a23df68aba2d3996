"""How often the detector of drift is wrong, and how soon it is right: ``python -m bench.drift``.

By simulation, seeded. False alarms are counted over many nights of series that do not change,
also where all cases share the luck of a night; delays are nights from a change to its alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from random import Random

from bench.figure import Figure
from bench.table import table
from chatbot_qa.stats.drift import Side, alarms, threshold

SEED = 20261122
NIGHTS = 200
"""One false alarm in so many nights is stated."""
BEFORE = 60
"""Nights before the change."""
LONGEST = 200
"""Nights after the change that are waited for an alarm."""

Draw = Callable[[Random], float]


def rate(share: float, of: int) -> Draw:
    """The pass rate of so many repeats."""
    return lambda rng: sum(rng.random() < share for _ in range(of)) / of


def seconds(median: float) -> Draw:
    """A latency with a long tail."""
    return lambda rng: median * rng.lognormvariate(0, 0.25)


def _found(values: Sequence[float], rng: Random, side: Side, limit: float) -> list[int]:
    draws = [rng.random() for _ in values]
    return [alarm.at for alarm in alarms(values, draws, side, limit)]


def false_alarms(runs: int) -> Iterator[Figure]:
    """False alarms in 200 nights, on average; at most 1 is stated."""
    rng, length = Random(SEED), 2 * NIGHTS
    alike: tuple[tuple[str, Draw, Side], ...] = (
        ("pass rate of 10 at 95%", rate(0.95, 10), "fall"),
        ("pass rate of 1 at 80%", rate(0.8, 1), "fall"),
        ("latency", seconds(1.0), "rise"),
        ("a bot that never fails", rate(1.0, 1), "fall"),
    )
    for name, draw, side in alike:
        limit = threshold(NIGHTS, 1)
        found = [
            len(_found([draw(rng) for _ in range(length)], rng, side, limit)) for _ in range(runs)
        ]
        yield _per_period(f"one series, {name}", found, length)
    few = max(10, runs // 40)
    for name, shared in (("each by itself", 0.0), ("all share the night", 0.15)):
        yield _per_period(
            f"40 cases, {name}", [_of_many(rng, 40, length, shared) for _ in range(few)], length
        )


def _per_period(what: str, found: Sequence[int], length: int) -> Figure:
    """The mean number in 200 nights, held to 1 and what chance adds to it."""
    scaled = [number * NIGHTS / length for number in found]
    mean = sum(scaled) / len(scaled)
    spread = sqrt(sum((one - mean) ** 2 for one in scaled) / max(1, len(scaled) - 1))
    return Figure(
        f"false alarms in 200 nights: {what}",
        mean,
        most=1 + 2.33 * max(spread, 0.1) / sqrt(len(scaled)),
        digits=3,
    )


def _of_many(rng: Random, cases: int, length: int, shared: float) -> int:
    """False alarms of many cases whose nights share some luck."""
    luck = [rng.uniform(-shared, shared) for _ in range(length)]
    limit = threshold(NIGHTS, cases)
    return sum(
        len(_found([rate(0.8 + night, 5)(rng) for night in luck], rng, "fall", limit))
        for _ in range(cases)
    )


def delays(runs: int) -> Iterator[Figure]:
    """Nights from a change to its alarm, the median, by the threshold of ``history drift``."""
    rng = Random(SEED + 1)
    changes: tuple[tuple[str, Draw, Draw, Side], ...] = (
        ("95% to 75%, 10 repeats", rate(0.95, 10), rate(0.75, 10), "fall"),
        ("95% to 75%, 1 repeat", rate(0.95, 1), rate(0.75, 1), "fall"),
        ("100% to 80%, 1 repeat", rate(1.0, 1), rate(0.8, 1), "fall"),
        ("100% to 0%, 1 repeat", rate(1.0, 1), rate(0.0, 1), "fall"),
        ("95% to 75%, mean of 100 cases", rate(0.95, 100), rate(0.75, 100), "fall"),
        ("latency half as much again", seconds(1.0), seconds(1.5), "rise"),
    )
    for what, before, after, side in changes:
        for series in (1, 100, 1000):
            limit = threshold(2 * NIGHTS, series)  # one half is for the suites
            waits = [_delay(rng, before, after, side, limit) for _ in range(runs)]
            seen = sum(wait is not None for wait in waits) / runs
            late = sorted(LONGEST if wait is None else wait for wait in waits)
            name = f"{what}, {series:,} series"
            yield Figure(f"delay: {name}: nights, median", late[runs // 2], digits=0)
            yield Figure(f"delay: {name}: seen in {LONGEST} nights", seen, digits=2)


def _delay(rng: Random, before: Draw, after: Draw, side: Side, limit: float) -> int | None:
    """Nights of the change that pass until it is seen, those of a false alarm left out."""
    values = [before(rng) for _ in range(BEFORE)] + [after(rng) for _ in range(LONGEST)]
    seen = [at for at in _found(values, rng, side, limit) if at >= BEFORE]
    return seen[0] - BEFORE + 1 if seen else None


def figures(runs: int) -> Iterator[Figure]:
    """All of it, over so many simulated series each."""
    yield from false_alarms(runs)
    yield from delays(max(20, runs // 10))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where something measured is not as stated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="simulated series a figure")
    found = list(figures(parser.parse_args(arguments).runs))
    print(table(("what", "measured", "stated", "held"), [figure.cells() for figure in found]))
    return int(not all(figure.held for figure in found))


if __name__ == "__main__":
    sys.exit(main())
