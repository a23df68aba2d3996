"""The same requests by an HTTP client alone: what no tool built on it can beat on this machine.

Run as a process of its own: ``python -m bench.floor CLIENT URL CONVERSATIONS IN_FLIGHT``, where
the client is ``aiohttp`` or ``http1``, our own. It sends whole histories over OpenAI's wire and
looks at nothing but the reply's text.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson

from bench.work import SAID

Send = Callable[[str, bytes], Awaitable[bytes]]
HEADERS = {"Content-Type": "application/json"}


@asynccontextmanager
async def by_aiohttp(in_flight: int) -> AsyncIterator[Send]:
    """Requests by aiohttp."""
    import aiohttp

    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as http:

        async def send(url: str, body: bytes) -> bytes:
            async with http.post(url, data=body) as answer:
                return await answer.read()

        yield send


@asynccontextmanager
async def by_http1(in_flight: int) -> AsyncIterator[Send]:
    """Requests by our own client."""
    import ssl

    from chatbot_qa.targets.http1.client import Client, ClientOptions

    client = Client(ClientOptions(HEADERS, ssl.create_default_context, in_flight, 4.0))

    async def send(url: str, body: bytes) -> bytes:
        answer = await client.ask("POST", url, body, None)
        blocks: list[bytes] = []
        while block := await answer.read():
            blocks.append(block)
        return b"".join(blocks)

    yield send
    await client.close()


CLIENTS = {"aiohttp": by_aiohttp, "http1": by_http1}


async def _talk(send: Send, url: str, name: str) -> None:
    messages: list[dict[str, str]] = []
    for say, _ in SAID:
        messages.append({"role": "user", "content": say.format(name=name)})
        body = orjson.dumps({"model": "mock", "messages": messages})
        reply: dict[str, Any] = orjson.loads(await send(url, body))
        messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})


async def _all(client: str, url: str, conversations: int, in_flight: int) -> None:
    names = iter(f"Ada{number:06}" for number in range(conversations))
    async with CLIENTS[client](in_flight) as send:

        async def worker() -> None:
            for name in names:
                await _talk(send, url, name)

        await asyncio.gather(*(worker() for _ in range(in_flight)))


def main(client: str, url: str, conversations: int, in_flight: int) -> None:
    """Talk to the server at ``url``, over uvloop where there is one."""
    everything = _all(client, url, conversations, in_flight)
    try:
        import uvloop
    except ImportError:
        asyncio.run(everything)
    else:
        uvloop.run(everything)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
