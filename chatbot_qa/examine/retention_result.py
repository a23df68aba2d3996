"""Everything that was measured of a ``retention`` case, and the words for parts of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.examine.retention_case import RetentionCase
from chatbot_qa.examine.retention_counts import Stand, Tally
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats.curve import HalfLife, half_life


class Result(Struct, frozen=True, dict=True):
    """Everything that was measured: by distance, between distances, by arm.

    ``trials`` gives the number of a sample's conversation in the verdict; ``located`` are the
    tallies of the search for the exact turn, ``unlocated`` is why it ended early.
    """

    case: RetentionCase
    seed: int
    planned: tuple[Tally, ...]
    located: tuple[Tally, ...]
    arms: Mapping[str, Tally]
    stands: Mapping[int, Stand]
    trials: Mapping[int, int]
    unlocated: str = ""

    @property
    def measured(self) -> tuple[Tally, ...]:
        """All distances at which anything was measured, from near to far."""
        return tuple(sorted((*self.planned, *self.located), key=lambda one: one.at))

    @cached_property
    def life(self) -> HalfLife:
        """The half-life, from all distances."""
        rows = [one for one in self.measured if one.of]
        return half_life(
            [one.at for one in rows],
            [one.passed for one in rows],
            [one.of for one in rows],
            self.seed,
        )

    @property
    def short(self) -> list[int]:
        """The planned distances that fall short, from near to far."""
        return [one.at for one in self.planned if self.stands[one.at] is Stand.SHORT]

    @property
    def begins(self) -> Tally | None:
        """The nearest distance that the search for the exact turn found to fall short."""
        below = [one for one in self.located if one.below(self.case.at_least)]
        return min(below, key=lambda one: one.at, default=None)


def dialogue_of(came: Came) -> Sequence[Exchange]:
    """What was said to the bot in a sample, and what it replied."""
    return came.sample.held.script.dialogue(came.transcript.exchanges)


def decided(came: Came) -> Finding:
    """The first finding that made the sample what it is."""
    return next(
        finding
        for finding in came.findings
        if finding.outcome is came.outcome and not finding.warn_only
    )


def counted(one: Tally) -> str:
    """How many passed at a place: ``12 of 30 passed, 2 unsure``."""
    if not one.of:
        return "no dialogue came to its end"
    unsure = f", {one.open} unsure" if one.open else ""
    return f"{one.passed} of {one.of} passed{unsure}"


def turns(number: float) -> str:
    """A number of turns: ``1 turn``, ``2 turns``."""
    return f"{number:g} turn" if number == 1 else f"{number:g} turns"


def life_told(life: HalfLife) -> str:
    """A half-life with its interval, in words."""
    if life.at is None:
        if life.high is not None:
            return f"half-life: less than {turns(life.high)}, with which nothing passed"
        return f"half-life: beyond what was measured, and at least {turns(life.low)}"
    upward = "upward" if life.high is None else f"to {life.high:g}"
    return f"half-life: about {turns(round(life.at, 1))} (95%: {life.low:g} {upward})"
