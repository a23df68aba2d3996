"""The one loop: examinations say what they want replayed, a source says what came back.

The engine does not know whether the bot is live, who listens, or what a verdict means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import ChatbotQaError, Stopped
from chatbot_qa.replay.sources import Source

Examination = Generator[Sequence[Trial], Sequence[Transcript], Verdict]


class Examined(Struct, frozen=True):
    """A case on its way to a verdict: its number in suite order, and its generator."""

    number: int
    case: Case
    kind: str
    asking: Examination


class Came(Struct, frozen=True):
    """A case with its verdict and the transcripts that it rests on."""

    number: int
    verdict: Verdict
    transcripts: Sequence[Transcript]


class _Waiting(Struct, frozen=True):
    """A case that waits for its turn with what it wants replayed next, and what was so far."""

    one: Examined
    trials: Sequence[Trial]
    seen: list[Transcript]


class Engine:
    """Runs examinations side by side until they are done or somebody says stop.

    One that is ``sparing`` has calls for some of the cases only. Trials that may wait are then
    replayed after all others, those that are worth most first: in rounds, as many at a time as
    run at once, so that their order does not depend on how long each takes.
    """

    def __init__(self, source: Source, concurrency: int, *, sparing: bool = False) -> None:
        self._source = source
        self._concurrency = concurrency
        self._sparing = sparing
        self._waiting: list[tuple[float, int, _Waiting]] = []
        self._called: dict[int, _Waiting] = {}
        self._workers: list[asyncio.Task[None]] = []
        self.stopped = ""

    def stop(self, reason: str) -> None:
        """End in good order: no new case, cases under way get the verdict they can get.

        May be called from the loop's own thread only.
        """
        if not self.stopped:
            self.stopped = reason
            for worker in self._workers:
                worker.cancel()

    async def run(self, examined: Iterator[Examined], judged: Callable[[Came], None]) -> None:
        """Take cases as they come and hand each verdict on, in the order they are reached."""
        await self._side_by_side(self._work(examined, judged) for _ in range(self._concurrency))
        while self._waiting and not self.stopped:
            await self._side_by_side(self._go_on(one, judged) for one in self._round())
        left = [*self._called.values(), *(one for _, _, one in self._waiting)]
        for one in sorted(left, key=lambda waiting: waiting.one.number):
            if one.seen:  # it is stopped at once, and comes to the verdict that it can
                await self._go_on(one, judged)
            else:
                one.one.asking.close()

    async def _side_by_side(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        self._workers = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.wait(self._workers, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for worker in self._workers:
                worker.cancel()
            ends = await asyncio.gather(*self._workers, return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
                raise end

    async def _work(self, examined: Iterator[Examined], judged: Callable[[Came], None]) -> None:
        while not self.stopped:
            one = next(examined, None)
            if one is None:
                return
            # a bot that answers at once must not keep signals waiting, nor may the clock of a
            # loop stand still that was kept waiting for its next case, as pytest's items do
            await asyncio.sleep(0)
            came = await self._examine(one)
            if came is not None:
                judged(came)

    def _round(self) -> Iterator[_Waiting]:
        """The cases to go on with: those worth most, until enough is replayed at once."""
        room = self._concurrency
        while self._waiting and room > 0:
            _, _, one = heappop(self._waiting)
            room -= len(one.trials)
            self._called[one.one.number] = one
            yield one

    async def _go_on(self, waiting: _Waiting, judged: Callable[[Came], None]) -> None:
        self._called.pop(waiting.one.number, None)  # those whose turn never came stay there
        came = await self._examine(waiting.one, waiting)
        if came is not None:
            judged(came)

    def _wait(self, one: Examined, trials: Sequence[Trial], seen: list[Transcript]) -> bool:
        """Whether these trials may wait, and now do."""
        worth = trials[0].worth if trials and self._sparing else None
        if worth is not None:
            heappush(self._waiting, (-worth(), one.number, _Waiting(one, trials, seen)))
        return worth is not None

    async def _examine(self, one: Examined, waiting: _Waiting | None = None) -> Came | None:
        """The case with its verdict; None where it waits, to go on from there later."""
        asking = one.asking
        seen: list[Transcript] = [] if waiting is None else waiting.seen
        try:
            trials = next(asking) if waiting is None else waiting.trials
            if waiting is None and self._wait(one, trials, seen):
                return None
            while True:
                try:
                    transcripts = await self._fetch(trials)
                except Stopped as stopped:
                    if stopped.run_over:
                        self.stop(stopped.reason)
                    trials = asking.throw(stopped)
                    continue
                seen.extend(transcripts)
                trials = asking.send(transcripts)
                if self._wait(one, trials, seen):
                    return None
        except StopIteration as end:
            return Came(one.number, end.value, seen)
        except Stopped as stopped:
            ruling = Ruling.INCONCLUSIVE if seen else Ruling.ERROR
            return Came(one.number, _unfinished(one, ruling, stopped.reason, seen), seen)
        except ChatbotQaError:
            raise
        except Exception as error:  # one broken examination must not end the run
            reason = f"the examination itself failed: {type(error).__name__}: {error}"
            return Came(one.number, _unfinished(one, Ruling.ERROR, reason, seen), seen)

    async def _fetch(self, trials: Sequence[Trial]) -> Sequence[Transcript]:
        if self.stopped:
            raise Stopped(self.stopped)
        try:
            if len(trials) == 1:
                return (await self._source.fetch(trials[0]),)
            return await asyncio.gather(*(self._source.fetch(trial) for trial in trials))
        except asyncio.CancelledError:
            if self.stopped:
                raise Stopped(self.stopped) from None
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise RuntimeError("something cancelled it that was not asked to") from None


def _unfinished(one: Examined, ruling: Ruling, reason: str, seen: Sequence[Any]) -> Verdict:
    return Verdict(
        one.case.case_id,
        one.kind,
        ruling,
        one.case.where,
        trials=tuple(transcript.key for transcript in seen),
        reason=reason,
    )
