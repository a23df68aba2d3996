"""What drifts, over the runs of many nights: pass rate, latency, length of replies, refusals.

Every case is a series for each of these, and so is every suite as a whole. One half of the
false alarms that are allowed goes to the suites, the other to the cases: ``stats/drift.py``
says why they then are as rare as stated.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from chatbot_qa.history.rows import CaseRow, Kept, Measured
from chatbot_qa.stats.drift import Side, alarms, threshold

NIGHTS = 200
"""In so many runs there is at most one false alarm, on average, of all series together."""
FEWEST = 8
"""Runs below which a series is not looked at."""
_OFTEN = 0.9
"""In this share of the runs a case must be, to count for its suite as a whole."""

SIGNALS: Mapping[str, tuple[Side, ...]] = {
    "pass rate": ("fall",),
    "latency": ("rise",),
    "length": ("rise", "fall"),
    "refusals": ("rise", "fall"),
}


class Drift(Struct, frozen=True):
    """Something that changed: of a case, or of a suite as a whole where ``case`` is None.

    ``since`` is the run with which it began, as far as can be told; ``seen`` the run that gave
    the alarm. ``before`` and ``after`` are means: shares, seconds or characters.
    """

    suite: str
    case: CaseRow | None
    signal: str
    side: Side
    since: Kept
    seen: Kept
    before: float
    after: float


class Drifted(Struct, frozen=True):
    """What drifted in so many runs, of so many series."""

    drifts: tuple[Drift, ...]
    runs: int
    series: int


class _Series(NamedTuple):
    """Values of one signal, each with the place of its run."""

    suite: str
    case: CaseRow | None
    signal: str
    at: Sequence[int]
    values: Sequence[float]


def drifted(
    runs: Sequence[Kept], measured: Iterable[Measured], names: Mapping[int, CaseRow]
) -> Drifted:
    """What drifted over these runs, the oldest first."""
    places = {run.number: place for place, run in enumerate(runs)}
    table: dict[int, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for one in measured:
        for signal, value in _signals(one):
            table[one.case][signal][places[one.run]] = value
    of_cases = list(_of_cases(table, names))
    of_suites = list(_of_suites(of_cases, len(runs)))
    found = [*_found(of_suites, runs), *_found(of_cases, runs)]
    found.sort(key=lambda one: one.seen.run.started, reverse=True)
    return Drifted(tuple(found), len(runs), len(of_cases) + len(of_suites))


def _signals(one: Measured) -> Iterator[tuple[str, float]]:
    if one.of:
        yield "pass rate", one.passed / one.of
    if one.p50 is not None:
        yield "latency", one.p50
    if one.length is not None:
        yield "length", one.length
    if one.replies and one.refused is not None:
        yield "refusals", one.refused / one.replies


def _of_cases(
    table: Mapping[int, Mapping[str, Mapping[int, float]]], names: Mapping[int, CaseRow]
) -> Iterator[_Series]:
    for number in sorted(table):
        case = names[number]
        for signal in SIGNALS:
            values = table[number].get(signal, {})
            if len(values) >= FEWEST:
                at = sorted(values)
                yield _Series(case.suite, case, signal, at, [values[place] for place in at])


def _of_suites(series: Sequence[_Series], runs: int) -> Iterator[_Series]:
    """The mean over the cases of each suite that are there from the first run to the last.

    A case that came or went would change the mean, and nothing else would have changed.
    """
    whole: dict[tuple[str, str], list[_Series]] = defaultdict(list)
    for one in series:
        there = len(one.at) >= _OFTEN * runs and one.at[0] == 0 and one.at[-1] == runs - 1
        if there:
            whole[one.suite, one.signal].append(one)
    for (suite, signal), cases in whole.items():
        sums: dict[int, list[float]] = defaultdict(list)
        for case in cases:
            for place, value in zip(case.at, case.values, strict=True):
                sums[place].append(value)
        if len(cases) > 1:
            at = sorted(sums)
            values = [sum(sums[place]) / len(sums[place]) for place in at]
            yield _Series(suite, None, signal, at, values)


def _found(series: Sequence[_Series], runs: Sequence[Kept]) -> Iterator[Drift]:
    watched = [(one, side) for one in series for side in SIGNALS[one.signal]]
    if not watched:
        return
    limit = threshold(2 * NIGHTS, len(watched))
    luck = [_number(run.run.key) for run in runs]
    for one, side in watched:
        # what breaks ties: the same whenever it is asked for, and new each night
        own = _number(_named(one, side))
        draws = [(luck[place] + own) % 1.0 for place in one.at]
        begun = 0
        for alarm in alarms(one.values, draws, side, limit):
            before = _mean(one.values[begun : alarm.since])
            after = _mean(one.values[alarm.since : alarm.at + 1])
            begun = alarm.at + 1
            # a series of equals gives an alarm by the luck of its draws alone
            if (after > before) if side == "rise" else (after < before):
                since, seen = runs[one.at[alarm.since]], runs[one.at[alarm.at]]
                yield Drift(one.suite, one.case, one.signal, side, since, seen, before, after)


def _mean(values: Sequence[float]) -> float:
    """Their mean; of none it is not a number, than which nothing is more or less."""
    return sum(values) / len(values) if values else float("nan")


def _number(name: str) -> float:
    """A number from 0 to 1 that belongs to a name."""
    told = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return (int.from_bytes(told, "big") + 0.5) / 2**64


def _named(series: _Series, side: Side) -> str:
    return f"{series.suite}\0{series.case}\0{series.signal}\0{side}"
