"""What replies took in two runs, compared: the 95th percentile of latency, and the cost.

Paired by message, with intervals that are clustered by topic. Where too little was measured for
an interval, it says why instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct


class What(StrEnum):
    """What replies take."""

    LATENCY = "latency_p95"
    COST = "cost"


_NAMES = {What.LATENCY: "p95 latency", What.COST: "cost of a reply"}


class Spent(Struct, frozen=True):
    """How much more replies took than before.

    ``before`` and ``now`` are seconds or money (``unit``): the percentile, or the mean of a
    reply. ``change`` is a share (0.2: a fifth more), ``low`` and ``high`` bound it by a two-sided
    95% interval, None where nothing does. ``replies`` were paired. ``tolerated`` is the growth
    that was allowed, None where nobody asked. ``refused`` says why nothing can be said.
    """

    what: What
    unit: str = ""
    before: float | None = None
    now: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    replies: int = 0
    topics: int = 0
    tolerated: float | None = None
    refused: str = ""

    @property
    def exceeded(self) -> bool:
        """Whether it is shown to have grown by more than is tolerated."""
        return self.tolerated is not None and self.low is not None and self.low > self.tolerated

    @property
    def undecided(self) -> bool:
        """Whether it was asked for, and could not be measured."""
        return self.tolerated is not None and bool(self.refused)


def exceeded_told(budgets: Sequence[Spent]) -> str:
    """Which budgets are exceeded, in words; "" where none is."""
    return " and ".join(
        f"the {_NAMES[one.what]} grew by more than {_percent(one.tolerated or 0.0)}"
        for one in budgets
        if one.exceeded
    )


def undecided_told(budgets: Sequence[Spent]) -> str:
    """Which budgets were asked for and could not be judged, in words; "" where all could."""
    return " and ".join(
        f"the {_NAMES[one.what]} ({one.refused})" for one in budgets if one.undecided
    )


def budget_lines(budgets: Sequence[Spent]) -> Iterator[tuple[str, str]]:
    """A name and a sentence of each; what nobody asked for and nobody measured is left out."""
    for one in budgets:
        if one.change is None:
            if one.undecided:
                yield _NAMES[one.what], f"not measured: {one.refused}"
            continue
        allowed = "" if one.tolerated is None else f"; {_percent(one.tolerated)} more is allowed"
        yield _NAMES[one.what], f"{_growth(one)}{allowed}"


def _growth(one: Spent) -> str:
    before, now = (_amount(value or 0.0, one.unit) for value in (one.before, one.now))
    topics = f"{one.topics:,} topic{'' if one.topics == 1 else 's'}"
    sure = one.refused or f"95%: {_signed(one.low)} to {_signed(one.high)}"
    return (
        f"{before} before, {now} now: {_signed(one.change)} "
        f"({sure}; {one.replies:,} replies in {topics})"
    )


def _amount(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
    return f"{value:.3g} {unit}"


def _signed(change: float | None) -> str:
    if change is None:
        return "any growth"
    told = f"{100 * change:+.1f}".removesuffix(".0")
    return "0%" if told in ("+0", "-0") else f"{told}%"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
