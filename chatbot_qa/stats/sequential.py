"""Repeat until decided: a capped sequential test of a pass rate, with exact error rates.

A case is repeated until its misses decide. With so many misses it passes once enough repeats
are made, and fails if it has them early; at the cap it is decided in any case. How often a bot
of some pass rate passes or fails, and after how many repeats, is not approximated (as by Wald
1945): the ways to each end are counted. ``designs.design`` looks for the best design.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from chatbot_qa.stats.intervals import Interval


class Call(StrEnum):
    """What the repeats so far come to."""

    PASS = "pass"
    FAIL = "fail"
    GO_ON = "go on"


class State(NamedTuple):
    """A point that a case can come to: so many repeats with so many misses, in so many ways."""

    repeats: int
    misses: int
    ways: int
    call: Call

    def chance(self, rate: float) -> float:
        """That of a bot with this pass rate to come here."""
        passes = rate ** (self.repeats - self.misses)
        return float(self.ways * passes * (1 - rate) ** self.misses)


class Design(Struct, frozen=True):
    """When to stop: ``m`` misses pass at repeat ``passes_in[m]`` and fail by ``fails_by[m]``.

    Both never fall. ``fails_by[m]`` is 0 where so many misses never fail. More misses than are
    listed fail whenever they come. The last of ``passes_in`` is the cap.
    """

    passes_in: tuple[int, ...]
    fails_by: tuple[int, ...]

    @property
    def cap(self) -> int:
        """The most repeats that it can take."""
        return self.passes_in[-1]

    def decide(self, passes: int, misses: int) -> Call:
        """Asked after every repeat, until it says pass or fail."""
        repeats = passes + misses
        if misses >= len(self.passes_in) or 0 < repeats <= self.fails_by[misses]:
            return Call.FAIL
        return Call.PASS if repeats >= self.passes_in[misses] else Call.GO_ON

    def soonest(self, passes: int, misses: int) -> int:
        """The fewest further repeats that can decide: so many may be asked at once."""
        if self.decide(passes, misses) is not Call.GO_ON:
            return 0
        more = 1
        while (
            self.decide(passes + more, misses) is Call.GO_ON
            and self.decide(passes, misses + more) is Call.GO_ON
        ):
            more += 1
        return more

    def states(self) -> Iterator[State]:
        """All points that a case can come to, the start left out; an end is one not to go on."""
        going = {0: 1}
        for repeats in range(1, self.cap + 1):
            came: dict[int, int] = {}
            for misses, ways in going.items():
                came[misses] = came.get(misses, 0) + ways
                came[misses + 1] = came.get(misses + 1, 0) + ways
            going = {}
            for misses, ways in came.items():
                call = self.decide(repeats - misses, misses)
                yield State(repeats, misses, ways, call)
                if call is Call.GO_ON:
                    going[misses] = ways

    def fails(self, rate: float) -> float:
        """How often a bot with this pass rate fails."""
        return sum(state.chance(rate) for state in self.states() if state.call is Call.FAIL)

    def passes(self, rate: float) -> float:
        """How often a bot with this pass rate passes."""
        return sum(state.chance(rate) for state in self.states() if state.call is Call.PASS)

    def calls(self, rate: float) -> float:
        """How many repeats a bot with this pass rate takes, on average."""
        going = (state.chance(rate) for state in self.states() if state.call is Call.GO_ON)
        return 1 + sum(going)

    def rule(self) -> str:
        """In words: "fails at 2 misses by run 5, 3 by run 8; passes at 0 misses in 4, 1 in 7"."""
        by = enumerate(pairwise((0, *self.fails_by, self.cap)))
        early = [f"{misses} by run {run}" for misses, (before, run) in by if run > before]
        late = [f"{misses} in {run}" for misses, run in enumerate(self.passes_in)]
        return f"fails at {_told(early)}; passes at {_told(late)}"

    def rate(self, passes: int, misses: int, confidence: float = 0.95) -> Interval:
        """Two-sided bounds of the pass rate of a case that stopped with these counts.

        Exact for this design (Siegmund 1978): the ends are ordered from a failure after few
        repeats to a pass after few, as a better bot comes to a later one more often; a bound is
        the rate at which what came, or what lies beyond it, would be rare. Right also for a case
        that was cut short by a budget, which is an end that goes on.
        """
        ends = self._ends(passes, misses)
        seen = next(end for end in ends if (end.repeats, end.misses) == (passes + misses, misses))
        place = _place(seen)
        up_to = [end for end in ends if _place(end) <= place]
        from_on = [end for end in ends if _place(end) >= place]
        rare = (1 - confidence) / 2
        low = 0.0 if len(from_on) == len(ends) else _rate_at(from_on, rare, rising=True)
        high = 1.0 if len(up_to) == len(ends) else _rate_at(up_to, rare, rising=False)
        return Interval(low, high)

    def _ends(self, passes: int, misses: int) -> list[State]:
        """Where a case can be that is looked at after so many repeats."""
        last = passes + misses
        ends = [
            state
            for state in self.states()
            if state.repeats <= last and (state.call is not Call.GO_ON or state.repeats == last)
        ]
        if (last, misses) not in {(end.repeats, end.misses) for end in ends}:
            raise ValueError(f"the design comes to no end with {misses} misses in {last}")
        return ends


def _told(limits: list[str]) -> str:
    count, when = limits[0].split(" ", 1)
    return ", ".join([f"{count} {'miss' if count == '1' else 'misses'} {when}", *limits[1:]])


def _place(end: State) -> tuple[int, int]:
    """Where an end stands in the order from the worst to the best."""
    match end.call:
        case Call.FAIL:
            return 0, end.repeats
        case Call.GO_ON:
            return 1, -end.misses
        case Call.PASS:
            return 2, -end.repeats


def _rate_at(ends: list[State], chance: float, *, rising: bool) -> float:
    """The pass rate at which one of these ends comes with this chance, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(54):
        middle = (low + high) / 2
        if (sum(end.chance(middle) for end in ends) < chance) is rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
