"""The client: which connection takes a request, and when another one is made."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from aiohappyeyeballs import start_connection
from msgspec import Struct

from chatbot_qa.targets.http1.address import Address, Place, place_of
from chatbot_qa.targets.http1.broken import Broken, no_host, unconnected
from chatbot_qa.targets.http1.connection import Connection
from chatbot_qa.targets.http1.response import Response

_NEXT_ADDRESS = 0.25
"""Seconds after which the next address of a host is tried beside the one before (RFC 8305)."""

_REMEMBERED = 256
_SPLITS = re.compile(r"[\r\n\0]")
_OURS = frozenset(("content-length", "transfer-encoding"))
"""What says how the body is sent: in one piece, whatever headers from elsewhere say."""


class ClientOptions(Struct, frozen=True):
    """``headers`` go with every request; ``tls`` makes what secures a connection.

    ``most`` is how many connections are used at a time, ``keep_alive`` how many seconds an
    idle one may be old to be used again.
    """

    headers: Mapping[str, str]
    tls: Callable[[], ssl.SSLContext]
    most: int
    keep_alive: float


class Client:
    """Asks servers directly. It belongs to the event loop in which it is made."""

    def __init__(self, options: ClientOptions) -> None:
        self._options = options
        self._loop = asyncio.get_running_loop()
        self._turns = asyncio.Semaphore(options.most)
        self._idle: defaultdict[Address, list[tuple[float, Connection]]] = defaultdict(list)
        self._open: dict[Connection, Address] = {}
        self._heads: dict[tuple[str, str], tuple[Place, bytes]] = {}
        self._tls: ssl.SSLContext | None = None

    async def ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None
    ) -> Response:
        """Send a request; returns the response when its head is there. Raises ``Broken``."""
        place, head = self._head(method, url, headers)
        if body is None:
            message = head + (b"\r\n" if method == "GET" else b"Content-Length: 0\r\n\r\n")
        else:
            message = b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)
        await self._turns.acquire()
        try:
            connection = self._at_hand(place.address) or await self._connect(place.address)
        except BaseException:
            self._turns.release()
            raise
        return await connection.ask(message)

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            connection.abandon()
        await asyncio.sleep(0)  # the loop lets go of them in its next round

    def _at_hand(self, address: Address) -> Connection | None:
        idle = self._idle[address]
        oldest = self._loop.time() - self._options.keep_alive
        while idle:
            since, connection = idle.pop()
            if connection.usable and since >= oldest:
                return connection
            connection.abandon()
        return None

    async def _connect(self, address: Address) -> Connection:
        def made() -> Connection:
            return Connection(address.shown, self._done, self._lost)

        loop, host = self._loop, address.host
        try:
            found = await loop.getaddrinfo(host, address.port, type=socket.SOCK_STREAM)
            sock = await start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS, loop=loop)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                tls = self._secured() if address.secure else None
                name = host if address.secure else None
                _, connection = await loop.create_connection(
                    made, sock=sock, ssl=tls, server_hostname=name
                )
            except BaseException:
                sock.close()
                raise
        except (OSError, UnicodeError) as error:
            raise unconnected(error, host, address.shown) from error
        if connection.usable:  # else it was lost while nobody looked, and asking says so
            self._open[connection] = address
        return connection

    def _secured(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = self._options.tls()
        return self._tls

    def _done(self, connection: Connection) -> None:
        self._turns.release()
        if connection.usable:
            self._idle[self._open[connection]].append((self._loop.time(), connection))

    def _lost(self, connection: Connection) -> None:
        address = self._open.pop(connection, None)
        if address is not None:
            self._idle[address] = [
                kept for kept in self._idle[address] if kept[1] is not connection
            ]

    def _head(
        self, method: str, url: str, headers: Mapping[str, str] | None
    ) -> tuple[Place, bytes]:
        if headers:
            return self._written(method, url, headers)
        known = self._heads.get((method, url))
        if known is None:
            if len(self._heads) >= _REMEMBERED:
                self._heads.clear()
            known = self._heads[method, url] = self._written(method, url, {})
        return known

    def _written(self, method: str, url: str, headers: Mapping[str, str]) -> tuple[Place, bytes]:
        """The place of a request and its head, up to the length of its body."""
        try:
            place = place_of(url)
        except UnicodeError as error:
            raise no_host(urlsplit(url).hostname or url) from error
        lines = {"host": ("Host", place.address.authority), "accept": ("Accept", "*/*")}
        for given in (self._options.headers, headers):
            lines |= {name.lower(): (name, value) for name, value in given.items()}
        text = f"{method} {place.path} HTTP/1.1\r\n"
        for kind, (name, value) in lines.items():
            if kind in _OURS:
                continue
            if _SPLITS.search(value):
                words = f"the header {name} would hold a line break or a zero byte"
                raise Broken("bad-header", words, heard=False)
            text += f"{name}: {value}\r\n"
        return place, text.encode()
