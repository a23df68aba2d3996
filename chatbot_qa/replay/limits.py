"""How hard a target is pressed: in flight, a minute, retries, deadlines, budget of calls.

This is the only place that waits and asks again. A request is sent again after ``Busy``,
which the bot has not heard, and after a ``Fault`` that its target calls safe to retry.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any, Generic, TypeVar

from msgspec import Struct

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
            what = "1 call" if self._calls == 1 else f"{self._calls} calls"
            raise Stopped(f"the budget of {what} is spent", run_over=True)
        if self._end is not None and self._clock() >= self._end:
            raise Stopped(f"the budget of {self._time:g} s is spent", run_over=True)
        self.used += 1


class Answered(Struct, Generic[T], frozen=True):
    """What came, or the fault that came instead.

    ``seconds`` is how long the last of ``attempts`` took.
    """

    value: T | None
    fault: FaultNote | None
    seconds: float
    attempts: int


def no_line() -> str:
    """There is no request to repeat."""
    return ""


class Deadlines:
    """Cancels tasks that are not done by their deadline, by one timer for all of them.

    A timer for each request, set and cancelled, would cost as much as its line in the
    journal. Times are those of the loop's clock.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ends: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.Handle | None = None
        self._next = inf

    def set(self, task: asyncio.Task[Any], end: float) -> None:
        """Cancel the task at ``end``."""
        self._ends[task] = end
        if end < self._next:
            self._wake_at(end)

    def clear(self, task: asyncio.Task[Any]) -> None:
        """The task's request is over."""
        self._ends.pop(task, None)

    def cancelled(self, task: asyncio.Task[Any], before: int) -> bool:
        """Whether the cancellation that the task just caught was its deadline's, and no other.

        ``before`` is how many it had been asked for when the deadline was set.
        """
        if task not in self._late:
            return False
        self._late.remove(task)
        return task.uncancel() <= before

    def _wake_at(self, end: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        # Where uvloop calls back at once it gives a handle that knows no time.
        self._timer, self._next = self._loop.call_at(end, self._look), end

    def _look(self) -> None:
        self._timer, self._next = None, inf
        now = self._loop.time()
        for task in [task for task, end in self._ends.items() if end <= now]:
            del self._ends[task]
            self._late.add(task)
            task.cancel()
        if self._ends:
            self._wake_at(min(self._ends.values()))


class Gate:
    """Stands before one target and lets requests through.

    When the target says that it is busy, everyone waits as long as it asks for and fewer
    go through at once, those among them that are sent again; with every round of replies that
    come back well it is one more. A reply to what was sent before the width was narrowed does
    not count: it says nothing of the width as it is.
    """

    def __init__(
        self,
        limits: Limits,
        in_flight: int,
        allowance: Allowance,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._loop = loop
        self._deadlines = Deadlines(loop)
        self._limits = limits
        self._widest = float(limits.in_flight or in_flight)
        self._width = self._widest
        self._active = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._narrowed = -inf
        self._spacing = 60.0 / limits.requests_per_minute if limits.requests_per_minute else 0.0
        self._next_slot = 0.0
        self._paced = self._spacing > 0
        self._allowance = allowance

    async def ask(
        self,
        send: Callable[[float], Awaitable[T]],
        again: Callable[[], str],
        within: float = 0.0,
        *,
        counts: bool = True,
    ) -> Answered[T]:
        """Send a request and await what comes, by all limits; never raises ``Busy`` or ``Fault``.

        ``send`` is given the deadline by the loop's clock, ``again`` makes the line that
        repeats the request. ``within`` is the deadline in seconds, 0 for the target's own;
        time spent waiting for a place under the limits does not count against it.
        ``counts`` says whether it is taken off the budget of calls.
        """
        if self._active >= int(self._width) or self._paced or self._not_before:
            await self._enter()
        else:
            self._active += 1
        try:
            return await self._attempts(send, again, within or self._limits.timeout, counts)
        finally:
            self._active -= 1
            if self._waiting:
                self._wake()

    async def _attempts(
        self,
        send: Callable[[float], Awaitable[T]],
        again: Callable[[], str],
        within: float,
        counts: bool,
    ) -> Answered[T]:
        now = self._loop.time
        deadline = now() + within
        attempt = 0
        while True:
            attempt += 1
            if counts:
                self._allowance.spend()
            started = now()
            wait: float | None
            try:
                value = await self._by(deadline, send(deadline))
                if self._width < self._widest and started > self._narrowed:
                    self._widen()
                return Answered(value, None, now() - started, attempt)
            except TimeoutError:
                note = FaultNote("timeout", f"no reply within {within:g} s", again())
                wait, busy = None, False
            except Busy as told:
                note = told.note
                wait, busy = self._pause(attempt, told.retry_after), True
                self._narrow(now() + wait)
            except Fault as fault:
                note, busy = fault.note, False
                wait = self._pause(attempt, None) if fault.safe_to_retry else None
            ended = now()
            if wait is None or attempt > self._limits.retries or ended + wait >= deadline:
                return Answered(None, note, ended - started, attempt)
            await asyncio.sleep(wait)
            if busy:
                await self._enter_again()
                if now() >= deadline:
                    return Answered(None, note, ended - started, attempt)

    async def _enter_again(self) -> None:
        """Give up the place, and take the next before those who were not sent yet."""
        self._active -= 1
        try:
            await self._enter(first=True)
        except BaseException:  # whoever asks gives back a place, however it ends
            self._active += 1
            raise

    async def within(self, seconds: float, close: Callable[[], Awaitable[T]]) -> T:
        """Await what needs no place under the limits; raises ``TimeoutError`` when it is late."""
        return await self._by(self._loop.time() + seconds, close())

    async def _by(self, deadline: float, coming: Awaitable[T]) -> T:
        """What is coming, or ``TimeoutError`` at the deadline."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a request is sent from a task")
        before = task.cancelling()
        self._deadlines.set(task, deadline)
        try:
            return await coming
        except asyncio.CancelledError:
            if self._deadlines.cancelled(task, before):
                raise TimeoutError from None
            raise
        finally:
            self._deadlines.clear(task)

    @staticmethod
    def _pause(attempt: int, asked_for: float | None) -> float:
        if asked_for is not None:
            return asked_for
        return float(min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT))

    def _narrow(self, until: float) -> None:
        self._width = max(1.0, self._width / 2)
        self._narrowed = self._loop.time()
        self._not_before = max(self._not_before, until)

    def _widen(self) -> None:
        self._width = min(self._widest, self._width + 1 / self._width)
        self._wake()

    def _full(self) -> bool:
        """Whether there is no place for one more."""
        return self._active >= int(self._width)

    async def _enter(self, *, first: bool = False) -> None:
        loop = self._loop
        while self._full():
            place: asyncio.Future[None] = loop.create_future()
            if first:
                self._waiting.appendleft(place)
            else:
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
                await self._slot()
            except asyncio.CancelledError:
                self._active -= 1
                self._wake()
                raise

    async def _slot(self) -> None:
        now = self._loop.time()
        start = max(now, self._not_before, self._next_slot)
        self._next_slot = start + self._spacing
        if start > now:
            await asyncio.sleep(start - now)
        elif not self._spacing:
            self._not_before = 0.0

    def _wake(self) -> None:
        free = int(self._width) - self._active
        while free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1
