"""A response that is being read: its head at once, its body block by block."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from chatbot_qa.targets.headers import Headers
from chatbot_qa.targets.http1.broken import Broken, cut

_BLOCK = 1 << 20
"""Bytes that wait to be read before the server is made to wait, and that are unpacked at once."""

_GZIP = b"\x1f\x8b"


class Incoming(Protocol):
    """A response of either client: this one's, or aiohttp's behind a proxy."""

    @property
    def status(self) -> int:
        """Such as 200."""
        ...

    @property
    def headers(self) -> Headers:
        """All of them."""
        ...

    @property
    def ended(self) -> bool:
        """Whether all of the body has come."""
        ...

    async def read(self) -> bytes:
        """The next block of the body, ``b""`` after the last one; raises ``Broken``."""
        ...

    def close(self) -> None:
        """Read no more of it."""
        ...


class Response:
    """One response. Its connection feeds it, and is told to wait where nobody reads.

    ``size`` is how many bytes of its body came so far, packed as they are.
    """

    __slots__ = (
        "_blocks",
        "_broken",
        "_complete",
        "_flow",
        "_held",
        "_lines",
        "_unpacking",
        "_waiter",
        "began",
        "headers",
        "size",
        "status",
    )

    def __init__(self, flow: Flow) -> None:
        self.status = 0
        self.headers = _NONE
        self.began = False
        self.size = 0
        self._flow: Flow | None = flow
        self._lines: list[tuple[bytes, bytes]] = []
        self._blocks: list[bytes] = []
        self._held = 0
        self._complete = False
        self._broken: Broken | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._unpacking: Unpacking | None = None

    @property
    def ended(self) -> bool:
        """Whether all of the body has come."""
        return self._complete

    async def head(self) -> None:
        """Wait for status and headers; raises ``Broken`` where none come."""
        while not self.began:
            if self._broken is not None:
                raise self._broken
            await self._more()

    async def read(self) -> bytes:
        """The next block of the body, ``b""`` after the last one; raises ``Broken``."""
        if self._unpacking is not None:
            return await self._unpacking.read(self._packed)
        return await self._packed()

    def close(self) -> None:
        """Read no more of it; unless it has ended, the connection cannot be used again."""
        if self._flow is not None:
            self._flow.abandon()

    async def _packed(self) -> bytes:
        while not self._blocks:
            if self._broken is not None:
                raise self._broken
            if self._complete:
                return b""
            await self._more()
        blocks, self._blocks = self._blocks, []
        if self._held > _BLOCK and self._flow is not None:
            self._flow.resume()
        self._held = 0
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    async def _more(self) -> None:
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        await waiter

    def add_header(self, name: bytes, value: bytes) -> None:
        """A line of the head; those that trail a body are not wanted."""
        if not self.began:
            self._lines.append((name, value))

    def begin(self, status: int) -> bool:
        """The head is complete; returns whether it is the one that was waited for."""
        if status < 200:  # "go on", as RFC 9110 15.2 has it: the answer is still to come
            self._lines.clear()
            return False
        self.status = status
        self.headers = headers = Headers(self._lines)
        packing = headers.get("Content-Encoding", "").strip().lower()
        if packing and packing != "identity":
            self._unpacking = Unpacking(packing)
        self.began = True
        return True

    def add_body(self, block: bytes) -> None:
        """More of the body."""
        self._blocks.append(block)
        self._held += len(block)
        self.size += len(block)
        if self._held > _BLOCK and self._flow is not None:
            self._flow.pause()

    def complete(self) -> None:
        """No more will come, and the connection is free for others."""
        self._complete = True
        if self._held > _BLOCK and self._flow is not None:
            self._flow.resume()
        self._flow = None

    def break_off(self, broken: Broken) -> None:
        """No more will come, and it is not all."""
        self._broken = broken

    def wake(self) -> None:
        """Let whoever waits for more look at what came."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


class Flow(Protocol):
    """What a response asks of its connection."""

    def pause(self) -> None:
        """Take no more from the server for now."""
        ...

    def resume(self) -> None:
        """Go on taking."""
        ...

    def abandon(self) -> None:
        """Give up the connection."""
        ...


class Unpacking:
    """Unpacks a body block by block, so that a small one cannot burst into a huge one."""

    def __init__(self, packing: str) -> None:
        self._packing = packing
        self._unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip, or zlib's own
        self._rest = b""
        self._begun = False

    async def read(self, packed: Callable[[], Awaitable[bytes]]) -> bytes:
        """The next block, unpacked; raises ``Broken`` where it cannot be."""
        if self._packing not in ("gzip", "x-gzip", "deflate"):
            words = f"the answer is packed as {self._packing}, which was not asked for"
            raise Broken("bad-packing", words)
        while True:
            block = self._rest or await packed()
            if not block:
                if self._begun and not self._unpack.eof:
                    raise cut()
                return b""
            if plain := self._step(block):
                return plain

    def _step(self, block: bytes) -> bytes:
        if self._unpack.eof:
            if not block.startswith(_GZIP):  # padding, which is none of the answer
                self._rest = b""
                return b""
            self._unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # RFC 1952: one more file
        elif not self._begun and self._packing == "deflate" and block[0] & 15 != zlib.DEFLATED:
            self._unpack = zlib.decompressobj(wbits=-zlib.MAX_WBITS)  # without zlib's head
        try:
            plain = self._unpack.decompress(block, _BLOCK)
        except zlib.error as error:
            what = "it is damaged" if self._begun else "it is not"
            words = f"the answer says that it is packed as {self._packing}, but {what}: {error}"
            raise Broken("bad-packing", words) from error
        self._begun = True
        self._rest = self._unpack.unconsumed_tail or self._unpack.unused_data
        return plain


_NONE = Headers()
