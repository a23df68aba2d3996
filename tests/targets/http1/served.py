"""Servers on loopback that send bytes as a test wants them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

from chatbot_qa.targets.http1.client import Client, ClientOptions
from chatbot_qa.targets.http1.response import Response
from tests.targets.fakes import Asked, Handler


def pieces(*blocks: bytes, close: bool = False) -> Handler:
    """The blocks of an answer, each in a segment of its own."""

    async def handle(_: Asked, writer: asyncio.StreamWriter) -> None:
        for block in blocks:
            writer.write(block)
            await writer.drain()
            await asyncio.sleep(0.002)
        if close:
            writer.close()

    return handle


@asynccontextmanager
async def client(
    headers: Mapping[str, str] | None = None, *, most: int = 10, keep_alive: float = 4.0
) -> AsyncIterator[Client]:
    """A client that is closed afterwards."""
    made = Client(ClientOptions(headers or {}, ssl.create_default_context, most, keep_alive))
    try:
        yield made
    finally:
        await made.close()


async def whole(response: Response) -> bytes:
    """All of a body."""
    blocks: list[bytes] = []
    while block := await response.read():
        blocks.append(block)
    return b"".join(blocks)


def split(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """The data cut at these places."""
    places = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[a:b] for a, b in pairwise(places) if a < b]
