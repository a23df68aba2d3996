"""The same requests by aiohttp alone: what no tool built on it can beat on this machine.

Run as a process of its own: ``python -m bench.floor URL CONVERSATIONS IN_FLIGHT``. It sends
whole histories over OpenAI's wire and looks at nothing but the reply's text.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import orjson

from bench.work import SAID


async def _talk(http: aiohttp.ClientSession, url: str, name: str) -> None:
    messages: list[dict[str, str]] = []
    for say, _ in SAID:
        messages.append({"role": "user", "content": say.format(name=name)})
        body = orjson.dumps({"model": "mock", "messages": messages})
        async with http.post(url, data=body) as answer:
            reply: dict[str, Any] = orjson.loads(await answer.read())
        messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})


async def _all(url: str, conversations: int, in_flight: int) -> None:
    names = iter(f"Ada{number:06}" for number in range(conversations))
    connector = aiohttp.TCPConnector(limit=in_flight)
    headers = {"Content-Type": "application/json"}

    async def worker(http: aiohttp.ClientSession) -> None:
        for name in names:
            await _talk(http, url, name)

    async with aiohttp.ClientSession(connector=connector, headers=headers) as http:
        await asyncio.gather(*(worker(http) for _ in range(in_flight)))


def main(url: str, conversations: int, in_flight: int) -> None:
    """Talk to the server at ``url``, over uvloop where there is one."""
    everything = _all(url, conversations, in_flight)
    try:
        import uvloop
    except ImportError:
        asyncio.run(everything)
    else:
        uvloop.run(everything)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
