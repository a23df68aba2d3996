"""The demo bot on a real socket, in a thread of this process, that counts what it is asked.

What is to happen at the n-th message (kill the child, answer badly, hold the answer back)
hangs on the message itself, so that no test waits for a time to pass.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from chatbot_qa.targets.demo.options import SOUND, DemoOptions
from chatbot_qa.targets.demo.server import application

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Served:
    """A bot that is being served. Messages count from 1.

    ``before`` and ``after`` are called with a message's number when it came and when its
    answer was handed over; ``faults`` answers in the bot's place.
    """

    address: str = ""
    said: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[int], None] = lambda _number: None
    after: Callable[[int], None] = lambda _number: None
    faults: dict[int, Fault] = field(default_factory=dict)
    stop: Callable[[], None] = lambda: None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    @property
    def url(self) -> str:
        """Where it takes messages in generic HTTP."""
        return f"{self.address}/chat"

    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in ("/chat", "/v1/chat/completions"):
            return await handler(request)
        body: Any = orjson.loads(await request.read())
        self.said.append(body["message"] if "message" in body else body["messages"][-1]["content"])
        self.headers.append(dict(request.headers))
        number = len(self.said)
        self.before(number)
        fault = self.faults.get(number)
        answer = await (fault or handler)(request)
        self.after(number)
        return answer


@contextmanager
def serving(options: DemoOptions = SOUND, port: int = 0) -> Iterator[Served]:
    """Serve the demo bot until the block is left, or until ``stop`` is called.

    ``port`` is that of a bot that was stopped, where the same address is to be served again.
    """
    served = Served()
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        app = application(options)

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await served.watch(request, handler)

        app.middlewares.insert(0, watch)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        served.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await ended.wait()
        await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)

    def stop() -> None:
        with suppress(RuntimeError):  # it was stopped before
            loop.call_soon_threadsafe(ended.set)
        thread.join(10)

    served.stop = stop
    thread.start()
    try:
        assert ready.wait(10), "the bot is not served"
        yield served
    finally:
        stop()
