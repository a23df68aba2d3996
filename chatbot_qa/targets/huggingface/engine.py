"""One model for many conversations: a thread decodes, the event loop asks and is answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import ChatbotQaError, UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface.asking import Asked, Full, Made

if TYPE_CHECKING:
    from chatbot_qa.targets.huggingface.decoding import Ended, Row


class Loaded(Protocol):
    """What is needed of a loaded model; all of it is called in one thread."""

    def begin(self, asked: Asked) -> Row:
        """Take a reply on; raises ``Fault``."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a reply is under way."""
        ...

    def step(self) -> Sequence[Ended]:
        """Go on with all of them; returns those that are done."""
        ...

    def drop(self, session: str) -> None:
        """Forget a conversation that is over."""
        ...


Told = tuple["asyncio.Future[Made]", "Made | Exception"]


class Engine:
    """Asks a decoder; it belongs to the loop that first asks.

    ``load`` is called once, in the thread. ``name`` stands for the model in faults.
    """

    def __init__(self, name: str, load: Callable[[], Loaded]) -> None:
        self._name = name
        self._make = load
        # one thread and no daemon: torch ends the process badly where it is still at work then
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chatbot-qa-model")
        self._loaded: asyncio.Future[Loaded] | None = None
        self._lock = Lock()
        self._asked: deque[tuple[Asked, asyncio.Future[Made]]] = deque()
        self._over: deque[str] = deque()
        self._running = False
        self._closed = False
        self._broken: Exception | None = None

    async def load(self) -> Loaded:
        """The decoder, loaded by whoever comes first; raises ``UsageError`` and ``Fault``."""
        loop = asyncio.get_running_loop()
        if self._loaded is None:
            self._loaded = loop.run_in_executor(self._thread, self._make)
        try:
            # one that gives up waiting leaves the loading to the others
            return await asyncio.shield(self._loaded)
        except UsageError:
            raise
        except Exception as error:
            raise self._fault("cannot be loaded", error) from error

    async def ready(self) -> Loaded:
        """The decoder; raises ``Fault`` where it cannot be loaded."""
        try:
            return await self.load()
        except UsageError as error:
            raise self._fault("cannot be loaded", error) from error

    async def ask(self, asked: Asked) -> Made:
        """A reply; raises ``Fault``. One whose caller is cancelled leaves its batch."""
        model = await self.ready()
        if self._broken is not None:
            raise self._fault("broke", self._broken)
        loop = asyncio.get_running_loop()
        made: asyncio.Future[Made] = loop.create_future()
        with self._lock:
            self._asked.append((asked, made))
            begins, self._running = not self._running, True
        if begins:
            self._thread.submit(self._work, model, loop)
        return await made

    def over(self, session: str) -> None:
        """A conversation is over: what is kept of it may go."""
        self._over.append(session)

    async def close(self) -> None:
        """Let the thread end after the step that it is at; whoever still waits is not answered."""
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)

    def _work(self, model: Loaded, loop: asyncio.AbstractEventLoop) -> None:
        """Decode until nobody waits any more; runs in the thread."""
        under_way: dict[Row, asyncio.Future[Made]] = {}
        while not self._closed:
            with self._lock:
                asked, self._asked = self._asked, deque()
                if not asked and not model.busy:
                    self._running = False
                    return
            try:
                told = self._step(model, asked, under_way)
            except Exception as error:  # whoever waits must hear of it, and whoever comes later
                self._broken = error
                waiting = {future for _, future in asked} | set(under_way.values())
                loop.call_soon_threadsafe(self._tell, [(future, error) for future in waiting])
                return
            if told:
                loop.call_soon_threadsafe(self._tell, told)

    def _step(
        self,
        model: Loaded,
        asked: Sequence[tuple[Asked, asyncio.Future[Made]]],
        under_way: dict[Row, asyncio.Future[Made]],
    ) -> Sequence[Told]:
        """Begin with what was asked, and go on with all of it."""
        told: list[Told] = []
        while self._over:
            model.drop(self._over.popleft())
        for one, future in asked:
            try:
                under_way[model.begin(one)] = future
            except Exception as error:  # of this conversation; the others go on
                told.append((future, error))
        for row, future in under_way.items():
            row.given_up = future.done()
        told += [(under_way.pop(row), came) for row, came in model.step()]
        for row in [row for row in under_way if row.given_up]:
            del under_way[row]
        return told

    def _tell(self, told: Sequence[Told]) -> None:
        for future, came in told:
            if future.done():
                continue
            if isinstance(came, Exception):
                future.set_exception(self._fault("broke", came))
            else:
                future.set_result(came)

    def _fault(self, what: str, error: Exception) -> Fault:
        if isinstance(error, Fault):
            return error
        if isinstance(error, Full):
            return Fault(FaultNote("no-memory", f"{self._name}: {error}"))
        told = f"{type(error).__name__}: {error}"
        if isinstance(error, ChatbotQaError):
            told = f"{error.message}; {error.hint}" if error.hint else error.message
        return Fault(FaultNote("model", f"the model {self._name} {what}: {told}"))
