"""What replies took in two runs: the messages that both said, paired, and what grew.

A message is paired with the one that was said at the same place of the same conversation, and
was answered in both runs. Times and costs of replies that are recorded are not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from math import isfinite

from msgspec.structs import replace

from chatbot_qa.domain.settings import NO_GATES, Gates
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.pipeline.compare_cases import OF_SUITES, Run, topic_of
from chatbot_qa.pipeline.compare_replies import exchanges_of, same_said
from chatbot_qa.report.comparison import Half
from chatbot_qa.report.comparison_budgets import Spent, What
from chatbot_qa.stats.ratios import LEAST_TOPICS, Ratio, Took, of_means, of_percentiles

ENOUGH = 20
"""Replies below which a percentile says nothing: of 19, the 95th is the slowest one."""
_RECORDED = "the replies are recorded: their times and costs are not those of the bot today"
_NOTHING = "the runs said no message alike that was answered in both"


class Tally:
    """Takes in the cases of both runs one at a time, and keeps two numbers a message."""

    def __init__(self) -> None:
        self._times: list[Took] = []
        self._costs: list[Took] = []
        self._currencies: set[str] = set()
        self._recorded = False

    def add(self, before: Run, now: Run, halves: tuple[Half | None, Half | None]) -> None:
        """Take in what the messages of one case took; one that is set aside does not count."""
        old, new = halves
        if old is None or new is None or old.aside or new.aside or new.kind in OF_SUITES:
            return
        topic = topic_of(new)
        keys = before.verdict(old.place).trials, now.verdict(new.place).trials
        for was, is_ in zip(*keys, strict=False):
            told = before.journal.transcript(was), now.journal.transcript(is_)
            for one, other in self._paired(*told):
                self._times.append(Took(topic, one.seconds, other.seconds))
                self._cost(topic, one, other)

    def _paired(
        self, was: Transcript | None, is_: Transcript | None
    ) -> Iterator[tuple[Exchange, Exchange]]:
        if was is None or is_ is None:
            return
        if not (was.live and is_.live):
            self._recorded = True
            return
        for one, other in zip(exchanges_of(was), exchanges_of(is_), strict=False):
            if one.reply is not None and other.reply is not None and same_said(one, other):
                yield one, other

    def _cost(self, topic: Hashable, one: Exchange, other: Exchange) -> None:
        was = None if one.reply is None else one.reply.cost
        is_ = None if other.reply is None else other.reply.cost
        if was is not None and is_ is not None:
            self._currencies |= {was.currency, is_.currency}
            self._costs.append(Took(topic, was.amount, is_.amount))

    def spent(self, gates: Gates = NO_GATES) -> tuple[Spent, ...]:
        """Latency and cost, each compared or refused."""
        nothing = _RECORDED if self._recorded else _NOTHING
        latency = Spent(What.LATENCY, "s", tolerated=gates.slower_by)
        cost = Spent(What.COST, " and ".join(sorted(self._currencies)), tolerated=gates.costlier_by)
        if len(self._currencies) > 1:
            told = replace(cost, refused=f"the replies cost {cost.unit}")
        elif self._times and not self._costs:
            told = replace(cost, refused="the target does not say what a reply costs in both runs")
        else:
            told = _compared(cost, self._costs, of_means, 1, nothing)
        return _compared(latency, self._times, of_percentiles, ENOUGH, nothing), told


def spent(
    before: Run,
    now: Run,
    pairs: Iterable[tuple[Half | None, Half | None]],
    gates: Gates = NO_GATES,
) -> tuple[Spent, ...]:
    """What replies took, over all cases that both runs have."""
    tally = Tally()
    for halves in pairs:
        tally.add(before, now, halves)
    return tally.spent(gates)


def _compared(
    spent: Spent,
    took: Sequence[Took],
    compare: Callable[[Sequence[Took]], Ratio],
    least: int,
    nothing: str,
) -> Spent:
    topics = len({one.topic for one in took})
    spent = replace(spent, replies=len(took), topics=topics)
    if not took:
        return replace(spent, refused=nothing)
    if len(took) < least:
        return replace(spent, refused=f"too few replies: {len(took)}, and it takes {least}")
    try:
        ratio = compare(took)
    except ValueError:
        return replace(spent, refused="it was nothing in one of the runs")
    spent = replace(spent, before=ratio.before, now=ratio.after, change=ratio.value - 1)
    if ratio.interval is None:
        return replace(spent, refused=f"too few topics: {topics}, and it takes {LEAST_TOPICS}")
    high = ratio.interval.high
    return replace(spent, low=ratio.interval.low - 1, high=high - 1 if isfinite(high) else None)
