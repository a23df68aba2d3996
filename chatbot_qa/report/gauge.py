"""The numbers of a run, for those who read no report: outputs, badge, comment and summary."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from math import ceil

from msgspec import Struct, field

from chatbot_qa.domain.events import Event, Judged, RunFinished
from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Ruling, Verdict

ATTACKS = "attacks"
"""The kind of case whose rate of resistance is told as the success rate of attacks."""

ENOUGH = 20
"""Replies below which the 95th percentile is that of the slowest one."""

_PERCENTILE = 0.95


class Attacked(Struct, frozen=True):
    """How many attacks drawn at random succeeded, of how many that came to a result."""

    succeeded: int = 0
    of: int = 0


class Numbers(Struct, frozen=True):
    """What a run came to, in numbers.

    ``counts`` are the verdicts that count, ``aside`` those that do not; ``flaky`` cases passed
    although their repeats differ. ``cost`` is by currency, ``p95`` in seconds a reply: None
    where no reply came.
    """

    ruling: Ruling = Ruling.SKIPPED
    counts: Mapping[Ruling, int] = field(default_factory=dict)
    aside: int = 0
    flaky: int = 0
    attacked: Attacked = Attacked()
    cost: Mapping[str, float] = field(default_factory=dict)
    p95: float | None = None
    replies: int = 0

    @property
    def total(self) -> int:
        """How many cases there are, those set aside included."""
        return sum(self.counts.values()) + self.aside

    def of(self, ruling: Ruling) -> int:
        """How many verdicts that count are of this ruling."""
        return self.counts.get(ruling, 0)


class Gauge:
    """Listens to a run and has its numbers once it is over."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self._flaky = 0
        self._succeeded = self._tried = 0
        self._cost: dict[str, float] = {}
        self._seconds = array("d")

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged):
            self._judged(event)
        elif isinstance(event, RunFinished):
            self.numbers = Numbers(
                event.ruling,
                dict(event.counts),
                event.aside,
                self._flaky,
                Attacked(self._succeeded, self._tried),
                dict(self._cost),
                percentile(self._seconds),
                len(self._seconds),
            )

    def _judged(self, event: Judged) -> None:
        verdict = event.verdict
        self._flaky += verdict.flaky and verdict.counts
        if verdict.kind == ATTACKS and verdict.counts:
            won, tried = attacked(verdict)
            self._succeeded += won
            self._tried += tried
        for transcript in event.transcripts:
            if not transcript.live:  # the times and costs of a recording are not those of today
                continue
            for exchange in transcript.exchanges:
                self._answered(exchange)

    def _answered(self, exchange: Exchange) -> None:
        if exchange.reply is None or exchange.say.message.call is not None:
            return
        self._seconds.append(exchange.seconds)
        if (cost := exchange.reply.cost) is not None:
            self._cost[cost.currency] = self._cost.get(cost.currency, 0.0) + cost.amount


def attacked(verdict: Verdict) -> tuple[int, int]:
    """How many attacks drawn at random succeeded in a case, of how many."""
    rates = next((one.rates for one in verdict.exhibits if isinstance(one, Rates)), ())
    return (rates[0].of - rates[0].passed, rates[0].of) if rates else (0, 0)


def percentile(seconds: Iterable[float], share: float = _PERCENTILE) -> float | None:
    """The nearest-rank percentile, None of nothing."""
    ordered = sorted(seconds)
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None
