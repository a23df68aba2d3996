"""Threads for functions that may be slow, or may never come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

_Job = Callable[[], None]


class Workers:
    """Daemon threads, as many as are needed at once.

    A function that hangs keeps its thread, but neither the others waiting nor the process
    alive, as the threads of an executor would.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = 0
        self._busy = 0

    async def run(self, function: Callable[[], Any]) -> Any:
        """Call the function in a thread and await what it returns or raises."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Any] = loop.create_future()

        def finish(value: Any, error: BaseException | None) -> None:
            self._busy -= 1
            if result.cancelled():
                return
            if error is None:
                result.set_result(value)
            else:
                result.set_exception(error)

        def job() -> None:
            value, error = _outcome(function)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(finish, value, error)

        self._busy += 1
        if self._busy > self._threads:
            self._threads += 1
            Thread(target=self._work, name="chatbot-qa-function", daemon=True).start()
        self._jobs.put(job)
        return await result

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def close(self) -> None:
        """Let the threads end, each after what it is doing."""
        for _ in range(self._threads):
            self._jobs.put(None)
        self._threads = 0


def _outcome(function: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return function(), None
    except StopIteration as error:  # cannot be set on a future
        return None, RuntimeError(f"StopIteration: {error}")
    except BaseException as error:
        return None, error
