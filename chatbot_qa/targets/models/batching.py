"""One model for many requests: they are gathered into batches, and a thread does the work."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Generic, TypeVar

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import ChatbotQaError, UsageError
from chatbot_qa.targets.base import Fault

In = TypeVar("In")
Out = TypeVar("Out")


class Batches(Generic[In, Out]):
    """Asks a model that takes many things at once; it belongs to the loop that first asks.

    ``load`` is called once, in the thread, and returns the model: a function from a list of at
    most ``size`` things to as many answers. ``name`` stands for it in faults.
    """

    def __init__(
        self, name: str, load: Callable[[], Callable[[Sequence[In]], Sequence[Out]]], size: int
    ) -> None:
        self._name = name
        self._make = load
        self._size = size
        # one thread and no daemon: torch ends the process badly where it is still at work then
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chatbot-qa-model")
        self._model: asyncio.Future[Any] | None = None
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> Callable[[Sequence[In]], Sequence[Out]]:
        """The model, loaded by whoever comes first; raises ``UsageError`` and ``Fault``."""
        if self._model is None:
            self._model = self._in_thread(self._make)
        try:
            # one that gives up waiting leaves the loading to the others
            model: Callable[[Sequence[In]], Sequence[Out]] = await asyncio.shield(self._model)
        except UsageError:
            raise
        except Exception as error:
            raise self._fault("cannot be loaded", error) from error
        return model

    async def ready(self) -> Callable[[Sequence[In]], Sequence[Out]]:
        """The model; raises ``Fault`` where it cannot be loaded."""
        try:
            return await self.load()
        except UsageError as error:
            raise self._fault("cannot be loaded", error) from error

    async def ask(self, thing: In) -> Out:
        """The model's answer to one thing; raises ``Fault``."""
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, answer))
        if self._task is None or self._task.done():
            # it begins once everybody who asks in the same moment has done so
            self._task = asyncio.ensure_future(self._work())
        return await answer

    async def _work(self) -> None:
        """One batch after another, until nobody waits any more."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._size, len(self._waiting)))]
            batch = [one for one in batch if not one[1].done()]  # some gave up waiting
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        try:
            model = await self.ready()
            answers = await self._in_thread(partial(model, [thing for thing, _ in batch]))
            answered = list(zip(batch, answers, strict=True))
        except Exception as error:
            fault = error if isinstance(error, Fault) else self._fault("broke", error)
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(fault)
            return
        for (_, waiting), answer in answered:
            if not waiting.done():
                waiting.set_result(answer)

    def _in_thread(self, function: Callable[[], Any]) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _fault(self, what: str, error: Exception) -> Fault:
        told = f"{type(error).__name__}: {error}"
        if isinstance(error, ChatbotQaError):
            told = f"{error.message}; {error.hint}" if error.hint else error.message
        return Fault(FaultNote("model", f"the model {self._name} {what}: {told}"))

    async def close(self) -> None:
        """Let the thread end, after what it is doing; whoever still waits is not answered."""
        if self._task is not None:
            self._task.cancel()
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
