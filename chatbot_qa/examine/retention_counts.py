"""What the samples of a ``retention`` case come to at each distance, and what that decides.

A sample of which nobody is sure counts as failed where a share is to be reached, and as passed
where it is to be missed. One that broke off counts for neither.

Passing asks that the exact one-sided 95% lower bound reaches the share at every distance: a bot
below it at any one of them gets past that one in at most 5% of runs, so that no correction is
due. Failing takes one distance of several, and so the doubt is divided over them (Holm 1979): a
bot that keeps the share everywhere is failed in at most 5% of runs, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.domain.exhibits import Rate
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats.curve import HalfLife
from chatbot_qa.stats.intervals import at_least, at_most, wilson

DOUBT = 0.05
_ROUNDING = 1e-9


class Stand(StrEnum):
    """How it stands at a distance: enough is known, too little is, or nobody can say."""

    HOLDS = "holds"
    SHORT = "short"
    OPEN = "open"


class Tally(Struct, frozen=True):
    """The samples at one place: ``at`` is the distance, ``came`` are those that were judged.

    Those whose checks were all skipped, for want of a value, are not among them.
    """

    at: int
    came: tuple[Came, ...]

    def those(self, outcome: Outcome) -> tuple[Came, ...]:
        """The samples that came to this."""
        return tuple(one for one in self.came if one.outcome is outcome)

    @property
    def passed(self) -> int:
        """How many passed."""
        return len(self.those(Outcome.PASSED))

    @property
    def open(self) -> int:
        """Of how many nobody is sure."""
        return len(self.those(Outcome.UNSURE))

    @property
    def of(self) -> int:
        """How many count: all that did not break off."""
        return len(self.came) - len(self.those(Outcome.BROKEN))

    @property
    def failed(self) -> int:
        """How many failed."""
        return self.of - self.passed - self.open

    def rate(self, label: str = "") -> Rate:
        """The share that passed, with Wilson's band."""
        return rate(label or str(self.at), self.passed, self.of, self.at, self.open)

    def below(self, wanted: float | None) -> bool:
        """Whether fewer passed here than are wanted, whatever that shows of the bot."""
        if wanted is None:
            return self.failed > 0
        return self.passed + self.open < wanted * self.of - _ROUNDING


def rate(label: str, passed: int, of: int, at: float = 0.0, open_: int = 0) -> Rate:
    """A rate with Wilson's band."""
    band = wilson(passed, of)
    return Rate(label, passed, of, band.low, band.high, at, open_)


def tally(at: int, came: Iterable[Came]) -> Tally:
    """The samples of one place, without those whose checks were all skipped."""
    return Tally(at, tuple(one for one in came if not skipped(one)))


def skipped(came: Came) -> bool:
    """Whether every check was skipped: such a sample says nothing."""
    return bool(came.findings) and all(
        finding.outcome is Outcome.SKIPPED for finding in came.findings
    )


def stands(tallies: Sequence[Tally], wanted: float | None) -> dict[int, Stand]:
    """How it stands at each distance; without a share wanted, every sample must pass."""
    if wanted is None:
        return {one.at: _every(one) for one in tallies}
    short = _short(tallies, wanted)
    return {one.at: _share(one, wanted, short=one.at in short) for one in tallies}


def _every(one: Tally) -> Stand:
    if one.failed:
        return Stand.SHORT
    return Stand.HOLDS if one.of and not one.open else Stand.OPEN


def _share(one: Tally, wanted: float, *, short: bool) -> Stand:
    if short:
        return Stand.SHORT
    return Stand.HOLDS if at_least(one.passed, one.of) >= wanted else Stand.OPEN


def _short(tallies: Sequence[Tally], wanted: float) -> frozenset[int]:
    """The distances that are shown to fall short, all of them together with 95%."""
    short: set[int] = set()
    while True:
        left = [one for one in tallies if one.at not in short]
        sure = 1 - DOUBT / max(1, len(left))
        more = {one.at for one in left if at_most(one.passed + one.open, one.of, sure) < wanted}
        if not more:
            return frozenset(short)
        short |= more


def of_half_life(life: HalfLife, wanted: int) -> Stand:
    """How a half-life stands to the one that is wanted, by the ends of its interval."""
    if life.low >= wanted:
        return Stand.HOLDS
    never_known = life.at is None and life.high is not None
    if life.high is not None and (life.high < wanted or never_known):
        return Stand.SHORT
    return Stand.OPEN
