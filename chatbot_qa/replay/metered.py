"""Limits that are counted in tokens and in money: known only when a reply has come.

What is on its way is therefore counted as the mean of the last replies, and until the first
one came, one request goes at a time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from statistics import fmean
from typing import NamedTuple, TypeVar

from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.errors import Stopped
from chatbot_qa.replay.limits import Allowance, Answered, Gate

T = TypeVar("T")

_REMEMBERED = 20
"""Replies whose mean is what the next one is taken to need."""


class Used(NamedTuple):
    """What a reply used: tokens in and out together, and money."""

    tokens: float
    money: float


class Meter:
    """What a run's replies used so far, against its budget of tokens and money."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._tokens = 0.0
        self._money = 0.0

    def __bool__(self) -> bool:
        return self._budget.tokens is not None or self._budget.money is not None

    def check(self) -> None:
        """Raise ``Stopped`` where nothing is left."""
        tokens, money = self._budget.tokens, self._budget.money
        if tokens is not None and self._tokens >= tokens:
            raise Stopped(f"the budget of {tokens:,} tokens is spent", run_over=True)
        if money is not None and self._money >= money.amount:
            raise Stopped(f"the budget of {money} is spent", run_over=True)

    def has_room_for(self, requests: int, each: Used) -> bool:
        """Whether so many requests can be on their way."""
        tokens, money = self._budget.tokens, self._budget.money
        if tokens is not None and self._tokens + requests * each.tokens > tokens:
            return False
        return money is None or self._money + requests * each.money <= money.amount

    def add(self, reply: Reply) -> str:
        """Count a reply; words that say why that cannot be done, "" where it was."""
        tokens, money = self._budget.tokens, self._budget.money
        used = used_by(reply)
        self._tokens += used.tokens
        if tokens is not None and reply.usage is None:
            return (
                f"the budget of {tokens:,} tokens cannot be kept: how many a reply took is not said"
            )
        if money is None:
            return ""
        if reply.cost is None:
            return f"the budget of {money} cannot be kept: what a reply cost is not known"
        if reply.cost.currency != money.currency:
            return f"the budget of {money} cannot be kept: a reply cost {reply.cost}"
        self._money += used.money
        return ""


def used_by(reply: Reply) -> Used:
    """What a reply says that it used; 0 stands for what it does not say."""
    usage = reply.usage
    tokens = 0 if usage is None else usage.input_tokens + usage.output_tokens
    return Used(tokens, 0.0 if reply.cost is None else reply.cost.amount)


class MeteredGate(Gate):
    """A gate that also counts tokens and money. ``name`` is the target's."""

    def __init__(
        self,
        limits: Limits,
        in_flight: int,
        allowance: Allowance,
        loop: asyncio.AbstractEventLoop,
        *,
        meter: Meter,
        name: str,
    ) -> None:
        super().__init__(limits, in_flight, allowance, loop)
        self._name = name
        self._meter = meter
        self._paced = True
        a_minute = limits.tokens_per_minute
        self._each_token = 60.0 / a_minute if a_minute else 0.0
        self._free_at = 0.0
        self._last: deque[Used] = deque(maxlen=_REMEMBERED)
        self._impossible = ""

    def _full(self) -> bool:
        if super()._full():
            return True
        if not self._active:
            return False
        return not self._last or not self._meter.has_room_for(self._active + 1, self._mean())

    def _mean(self) -> Used:
        if not self._last:
            return Used(0.0, 0.0)
        return Used(fmean(one.tokens for one in self._last), fmean(one.money for one in self._last))

    async def _attempts(
        self,
        send: Callable[[float], Awaitable[T]],
        again: Callable[[], str],
        within: float,
        counts: bool,
    ) -> Answered[T]:
        if not counts:
            return await super()._attempts(send, again, within, counts)
        self._check()
        reserved = self._mean().tokens
        await self._reserve(reserved)
        self._check()  # what came while it waited may have used up the rest
        answered = await super()._attempts(send, again, within, counts)
        if isinstance(answered.value, Reply):
            self._count(answered.value, reserved)
        return answered

    def _check(self) -> None:
        if self._impossible:
            raise Stopped(self._impossible, run_over=True)
        self._meter.check()

    async def _reserve(self, tokens: float) -> None:
        """Wait until so many tokens may be used."""
        now = self._loop.time()
        start = max(now, self._free_at)
        self._free_at = start + tokens * self._each_token
        if start > now:
            await asyncio.sleep(start - now)

    def _count(self, reply: Reply, reserved: float) -> None:
        wrong = self._meter.add(reply)
        if self._each_token and reply.usage is None:
            wrong = "tokens_per_minute: cannot be kept: how many tokens a reply took is not said"
        if wrong:
            self._impossible = f"{wrong} by the target {self._name!r}"
        used = used_by(reply)
        self._free_at += (used.tokens - reserved) * self._each_token
        self._last.append(used)


def gate(
    limits: Limits,
    in_flight: int,
    allowance: Allowance,
    loop: asyncio.AbstractEventLoop,
    *,
    meter: Meter,
    name: str,
) -> Gate:
    """The gate before a target: one that counts tokens and money only where that is asked for."""
    if meter or limits.tokens_per_minute:
        return MeteredGate(limits, in_flight, allowance, loop, meter=meter, name=name)
    return Gate(limits, in_flight, allowance, loop)
