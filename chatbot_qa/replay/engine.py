"""The one loop: examinations say what they want replayed, a source says what came back.

The engine does not know whether the bot is live, who listens, or what a verdict means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
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


class Engine:
    """Runs examinations side by side until they are done or somebody says stop."""

    def __init__(self, source: Source, concurrency: int) -> None:
        self._source = source
        self._concurrency = concurrency
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
        self._workers = [
            asyncio.create_task(self._work(examined, judged)) for _ in range(self._concurrency)
        ]
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
            judged(await self._examine(one))

    async def _examine(self, one: Examined) -> Came:
        asking = one.asking
        seen: list[Transcript] = []
        try:
            trials = next(asking)
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
