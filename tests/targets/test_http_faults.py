"""Fourteen faults of a network, in each way of being a bot: every one ends as a fault in time."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.values import Duration, JsonPath
from chatbot_qa.replay.limits import Allowance, Answered, Gate
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import DataCall, Poll, Stream
from tests.targets.asking import go, start
from tests.targets.fakes import Asked, Handler, Server, answering, at_once, response, serving

PROMPT = 10.0
"""Seconds in which a fault that ends by itself has come, on the slowest of machines."""

SOON = 0.5
"""The deadline of those that never end by themselves."""


async def _abort(_: Asked, writer: asyncio.StreamWriter) -> None:
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def _cut(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(response(b'{"reply": "Hel', length=1_000))
    await writer.drain()
    writer.close()


async def _drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def _flood(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _number in range(1_000):
        writer.write(b"x" * 100_000)
        await writer.drain()


async def _redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(response(b"", "302 Found", (f"Location: {asked.path}",)))


async def _hang(_: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, the kinds of fault that it may end in, and the deadline."""

    kinds: tuple[str, ...]
    handler: Handler | None = None
    within: float = PROMPT


TROUBLES = {
    "refused": Trouble(("refused",)),
    "no such host": Trouble(("dns",)),
    "no TLS": Trouble(("tls",)),
    "reset": Trouble(("reset", "closed"), _abort),
    "cut body": Trouble(("cut",), _cut),
    "slow drip": Trouble(("timeout",), _drip, SOON),
    "invalid JSON": Trouble(("not-json",), answering(b'{"reply": "Hel')),
    "HTML": Trouble(("html",), answering(b"<html><title>Down</title></html>")),
    "5xx": Trouble(("status",), answering(b"", "502 Bad Gateway")),
    "100 MB": Trouble(("too-large",), _flood),
    "redirect loop": Trouble(("redirect",), _redirect),
    "wrong length": Trouble(
        ("not-http",),
        lambda _, writer: _write(writer, response(b'{"reply": "Hello"}', length=5)),
    ),
    "hang": Trouble(("timeout",), _hang, SOON),
    "429 without end": Trouble(
        ("busy", "timeout"),  # the last of many may have been on its way at the deadline
        answering(b"slow down", "429 x", ("retry-after-ms: 10",)),
        SOON,
    ),
}


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)


async def _address(trouble: str, server: Server, no_tls: str) -> str:
    if trouble == "refused":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            return f"http://127.0.0.1:{taken.getsockname()[1]}"
    if trouble == "no such host":
        return "http://no-such-host.invalid"
    return no_tls if trouble == "no TLS" else f"{server.url}/bad"


def _plain(_: Server, bad: str) -> HttpOptions:
    return HttpOptions(url=bad)


def _polls(server: Server, bad: str) -> HttpOptions:
    poll = Poll(url=bad, every=Duration(0.01))
    return HttpOptions(url=f"{server.url}/good", poll=poll)


def _streams(_: Server, bad: str) -> HttpOptions:
    return HttpOptions(url=bad, stream=Stream(each="answer"))


def _asks_for_data(server: Server, bad: str) -> HttpOptions:
    call = DataCall(url=bad, data={"slots": JsonPath("$.slots")})
    return HttpOptions(url=f"{server.url}/good", data_request=call)


async def _through_the_gate(target: HttpTarget, within: float) -> Answered[Any]:
    """What a run makes of a message: every wait and every repetition included."""
    loop = asyncio.get_running_loop()
    limits = Limits(timeout=Duration(within), retries=1_000 if within == SOON else 1)
    gate = Gate(limits, 5, Allowance(Budget(), time.monotonic), loop)
    session = await target.open(start())

    def send(deadline: float) -> Awaitable[Any]:
        return session.say(Message("What's up?"), deadline)

    return await gate.ask(send, session.again)


@pytest.mark.parametrize("ways", [_plain, _polls, _streams, _asks_for_data])
@pytest.mark.parametrize("name", TROUBLES)
def test_every_trouble_ends_as_a_fault_within_its_deadline(
    name: str, ways: Callable[[Server, str], HttpOptions]
) -> None:
    trouble = TROUBLES[name]

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/good":
            await answering({"reply": "ok"})(asked, writer)
        elif trouble.handler is not None:
            await trouble.handler(asked, writer)

    async def ask() -> tuple[Answered[Any], float, list[Asked]]:
        async with (
            serving(handle) as server,
            at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n") as no_tls,
        ):
            bad = await _address(name, server, no_tls.replace("http:", "https:"))
            target = make(ways(server, bad), Surroundings())
            began = time.monotonic()
            try:
                answered = await _through_the_gate(target, trouble.within)
                return answered, time.monotonic() - began, server.asked
            finally:
                await target.close()

    answered, seconds, asked = go(ask())
    assert answered.value is None
    assert answered.fault is not None
    assert answered.fault.kind in trouble.kinds, answered.fault
    assert answered.fault.again.startswith("curl ")
    assert seconds < trouble.within + 2
    if ways in (_polls, _asks_for_data):
        said = [one for one in asked if one.path == "/good"]
        assert len(said) == 1, "what the bot has heard is not said to it again"
