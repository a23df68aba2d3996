"""How hard a target is pressed: in flight, a minute, retries, deadlines, budget.

This is the only place that waits and asks again. A request is sent again after ``Busy``,
which the bot has not heard, and after a ``Fault`` that its target calls safe to retry.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import Stopped
from chatbot_qa.targets.base import Busy, Fault

T = TypeVar("T")

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 30.0


class Allowance:
    """What is left of a run's budget of calls and time.

    ``clock`` gives seconds that only go forward.
    """

    def __init__(self, budget: Budget, clock: Callable[[], float]) -> None:
        self._calls = budget.calls
        self._clock = clock
        self._end = None if budget.time is None else clock() + budget.time
        self._time = budget.time
        self.used = 0

    def spend(self) -> None:
        """Take one call off; raises ``Stopped`` where none is left."""
        if self._calls is not None and self.used >= self._calls:
            raise Stopped(f"the budget of {self._calls} calls is spent", run_over=True)
        if self._end is not None and self._clock() >= self._end:
            raise Stopped(f"the budget of {self._time:g} s is spent", run_over=True)
        self.used += 1


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """What came, or the fault that came instead.

    ``seconds`` is how long the last of ``attempts`` took.
    """

    value: T | None
    fault: FaultNote | None
    seconds: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """Something asked of a target: ``send`` is given the deadline by the loop's clock.

    ``again`` makes the curl line that repeats it; ``counts`` says whether it is taken off
    the budget of calls.
    """

    send: Callable[[float], Awaitable[T]]
    again: Callable[[], str]
    counts: bool = True


class Gate:
    """Stands before one target and lets requests through.

    When the target says that it is busy, everyone waits as long as it asks for and fewer
    go through at once; with every reply that comes back well the width recovers.
    """

    def __init__(self, limits: Limits, in_flight: int, allowance: Allowance) -> None:
        self._limits = limits
        self._widest = float(limits.in_flight or in_flight)
        self._width = self._widest
        self._active = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._spacing = 60.0 / limits.requests_per_minute if limits.requests_per_minute else 0.0
        self._next_slot = 0.0
        self._allowance = allowance

    async def ask(self, request: Request[T], within: float = 0.0) -> Answered[T]:
        """Send a request and await what comes, by all limits; never raises ``Busy`` or ``Fault``.

        ``within`` is the deadline in seconds, 0 for the target's own. Time spent waiting
        for a place under the limits does not count against it.
        """
        loop = asyncio.get_running_loop()
        await self._enter(loop)
        try:
            return await self._attempts(loop, request, within or self._limits.timeout)
        finally:
            self._leave()

    async def _attempts(
        self, loop: asyncio.AbstractEventLoop, request: Request[T], within: float
    ) -> Answered[T]:
        deadline = loop.time() + within
        attempt = 0
        while True:
            attempt += 1
            if request.counts:
                self._allowance.spend()
            started = loop.time()
            wait: float | None
            try:
                async with asyncio.timeout_at(deadline):
                    value = await request.send(deadline)
                self._widen()
                return Answered(value, None, loop.time() - started, attempt)
            except TimeoutError:
                note = FaultNote("timeout", f"no reply within {within:g} s", request.again())
                wait = None
            except Busy as busy:
                note = busy.note
                wait = self._pause(attempt, busy.retry_after)
                self._narrow(loop.time() + wait)
            except Fault as fault:
                note = fault.note
                wait = self._pause(attempt, None) if fault.safe_to_retry else None
            ended = loop.time()
            if wait is None or attempt > self._limits.retries or ended + wait >= deadline:
                return Answered(None, note, ended - started, attempt)
            await asyncio.sleep(wait)

    @staticmethod
    def _pause(attempt: int, asked_for: float | None) -> float:
        if asked_for is not None:
            return asked_for
        return float(min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT))

    def _narrow(self, until: float) -> None:
        self._width = max(1.0, self._width / 2)
        self._not_before = max(self._not_before, until)

    def _widen(self) -> None:
        if self._width < self._widest:
            self._width = min(self._widest, self._width + 1 / self._width)
            self._wake()

    async def _enter(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._active >= int(self._width):
            place: asyncio.Future[None] = loop.create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._wake()
                raise
        self._active += 1
        if self._spacing or self._not_before:
            try:
                await self._slot(loop)
            except asyncio.CancelledError:
                self._leave()
                raise

    async def _slot(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        start = max(now, self._not_before, self._next_slot)
        self._next_slot = start + self._spacing
        if start > now:
            await asyncio.sleep(start - now)
        elif not self._spacing:
            self._not_before = 0.0

    def _leave(self) -> None:
        self._active -= 1
        self._wake()

    def _wake(self) -> None:
        free = int(self._width) - self._active
        while free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1
