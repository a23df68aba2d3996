"""Requests over HTTP: one connection pool a target, and a fault in words for all that goes wrong.

Nothing here waits for a deadline or tries again: the caller cancels, and decides by
``safe_to_retry``. What a server sends is read up to a limit and never trusted.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote, urlsplit

from chatbot_qa import __version__
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Busy, Fault
from chatbot_qa.targets.explain import quota_spent, retry_after, status_message
from chatbot_qa.targets.http1.broken import Broken
from chatbot_qa.targets.http1.client import Client, ClientOptions
from chatbot_qa.targets.http1.response import Incoming
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.wire import Answer, Curl, Request, WireOptions, as_written

if TYPE_CHECKING:
    from chatbot_qa.targets.proxied import ProxiedClient

KEEP_ALIVE = 4.0
"""Seconds that an idle connection is kept: less than the 5 s after which common servers hang up,
so that a message is not sent into a connection that is just being closed."""

_ENOUGH_OF_AN_ERROR = 64_000
_REMEMBERED = 256
_HERE = ("localhost", "127.0.0.1", "::1")


class Transport:
    """Sends the requests of one target. It belongs to the event loop that first sends.

    ``headers`` go with every request; ``secrets`` are masked in whatever it reports;
    ``in_flight`` is how many connections it may hold. Files that the options name are
    read from ``folder``.
    """

    def __init__(
        self,
        wire: WireOptions,
        headers: Mapping[str, str],
        secrets: Mapping[str, str],
        in_flight: int,
        folder: str = "",
    ) -> None:
        self.headers = {"User-Agent": f"chatbot-qa/{__version__}", **headers}
        self._wire = wire
        self._most = int(wire.max_reply)
        self._secrets = {**secrets, **_passwords(wire, secrets)}
        self._curl = Curl(wire, self.headers, self._secrets)
        self._tls = Certificates(wire, secrets, Path(folder))
        self._options = ClientOptions(self.headers, self._tls.context, in_flight, KEEP_ALIVE)
        self._client: Client | None = None
        self._proxied: ProxiedClient | None = None
        self._proxies: dict[str, str | None] = {}

    async def send(self, request: Request) -> Answer:
        """Send a request and read all of its answer, whatever its status.

        Raises ``Fault`` where no whole answer came.
        """
        response: Incoming | None = None
        try:
            response = await self._ask(request)
            return await self.whole(response, request)
        except Broken as broken:
            raise self._broke(broken, request) from broken
        finally:
            if response is not None and not response.ended:
                response.close()

    @asynccontextmanager
    async def answering(self, request: Request) -> AsyncIterator[Incoming]:
        """Send a request; the body of its answer is read inside, by ``blocks``."""
        response: Incoming | None = None
        try:
            response = await self._ask(request)
            yield response
        except Broken as broken:
            raise self._broke(broken, request) from broken
        finally:
            if response is not None and not response.ended:
                response.close()

    async def blocks(self, response: Incoming, request: Request) -> AsyncIterator[bytes]:
        """The body as it comes, up to the limit; raises ``Fault`` where it is larger."""
        size = 0
        while block := await response.read():
            size += len(block)
            if size > self._most:
                self._too_large(request)
            yield block

    async def whole(self, response: Incoming, request: Request) -> Answer:
        """All of an answer; of one that reports an error no more than its beginning."""
        if response.status >= 300:
            body = await self._beginning(response)
        else:
            body = await self._all(response, request)
        return Answer(response.status, response.headers, body)

    async def drain(self, response: Incoming, within: float) -> None:
        """Read to the end what should end now, so that its connection can be used again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while await response.read():
                    continue

    async def close(self) -> None:
        """Close all connections."""
        clients = (self._client, self._proxied)
        self._client = self._proxied = None
        for client in clients:
            if client is not None:
                await client.close()

    def mask(self, name: str, value: str) -> None:
        """Mask one more secret from now on, such as a token that was fetched."""
        self._secrets = {**self._secrets, name: value}
        self._curl = Curl(self._wire, self.headers, self._secrets)

    def again(self, request: Request | None) -> str:
        """The request as a curl line with its secrets masked; "" for none."""
        return "" if request is None else self._curl.line(request)

    def fault(self, kind: str, message: str, request: Request, *, safe: bool = False) -> Fault:
        """A fault of this request; ``safe`` where asking again cannot be heard twice."""
        return Fault(self._note(kind, message, request), safe_to_retry=safe)

    def refused(self, answer: Answer, request: Request) -> Busy | Fault:
        """What an answer that is not ``ok`` comes to."""
        status = answer.status
        busy = status == 429 or (status == 503 and "Retry-After" in answer.headers)
        message = status_message(answer)
        if busy and not quota_spent(answer):
            return Busy(
                self._note("busy", message, request), retry_after(answer.headers, time.time())
            )
        if 300 <= status < 400:
            return self.fault("redirect", message, request)
        safe = request.stateless and (status >= 500 or status in (408, 409, 425))
        return self.fault("status", message, request, safe=safe)

    def _note(self, kind: str, message: str, request: Request) -> FaultNote:
        return FaultNote(kind, self._curl.redact(message), self._curl.line(request))

    async def _ask(self, request: Request) -> Incoming:
        method, url, body, headers = request.method, request.url, request.body, request.headers
        proxy = self._proxy(url)
        if proxy is not None:
            return await self._through_proxies().ask(method, url, body, headers, proxy)
        client = self._client
        if client is None:
            client = self._client = Client(self._options)
        return await client.ask(method, url, body, headers)

    def _through_proxies(self) -> ProxiedClient:
        if self._proxied is None:
            from chatbot_qa.targets.proxied import ProxiedClient

            self._proxied = ProxiedClient(self._options)
        return self._proxied

    def _proxy(self, url: str) -> str | None:
        if url not in self._proxies:
            if len(self._proxies) >= _REMEMBERED:
                self._proxies.clear()
            self._proxies[url] = self._found_proxy(url)
        return self._proxies[url]

    def _found_proxy(self, url: str) -> str | None:
        proxy, given = self._wire.proxy, self._wire.proxy_auth
        if not proxy:
            return _proxy_of_the_environment(url)
        if given is None:
            return proxy
        password = resolve(given.password, self._secrets, "proxy_auth.password")
        server, _, address = proxy.partition("://")
        return f"{server}://{quote(given.user, safe='')}:{quote(password, safe='')}@{address}"

    async def _all(self, response: Incoming, request: Request) -> bytes:
        if not response.ended and self._announced(response) > self._most:
            self._too_large(request)
        blocks: list[bytes] = []
        size = 0
        while block := await response.read():
            size += len(block)
            if size > self._most:
                self._too_large(request)
            blocks.append(block)
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    def _announced(self, response: Incoming) -> int:
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else 0

    async def _beginning(self, response: Incoming) -> bytes:
        body = b""
        while len(body) < _ENOUGH_OF_AN_ERROR and (block := await response.read()):
            body += block
        return body[:_ENOUGH_OF_AN_ERROR]

    def _too_large(self, request: Request) -> NoReturn:
        raise self.fault(
            "too-large",
            f"the answer is larger than {self._most / 1e6:g} MB; max_reply: allows more",
            request,
        )

    def _broke(self, broken: Broken, request: Request) -> Fault:
        safe = request.stateless or not broken.heard
        return self.fault(broken.kind, broken.message, request, safe=safe)


def _passwords(wire: WireOptions, secrets: Mapping[str, str]) -> Mapping[str, str]:
    """Passwords that stand in the configuration itself; raises ``UsageError`` for unset ones."""
    given = {"key_password": wire.key_password}
    if wire.proxy_auth is not None:
        given["proxy_auth.password"] = wire.proxy_auth.password
    written: dict[str, str] = {}
    for option, text in given.items():
        written |= as_written(option, text, resolve(text, secrets, option))
    return written


class Certificates:
    """Whom a connection trusts and what it shows of itself.

    Files that the options name are read at once; raises ``UsageError`` where they are none.
    """

    def __init__(self, wire: WireOptions, secrets: Mapping[str, str], folder: Path) -> None:
        self._wire = wire
        self._context: ssl.SSLContext | None = None
        if wire.ca or wire.cert:
            self._context = _of_our_own(wire, secrets, folder)

    def context(self) -> ssl.SSLContext:
        """What secures connections; to make one takes 20 ms, which few runs need."""
        if self._context is None:
            self._context = _common(self._wire)
        return self._context


def _common(wire: WireOptions) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not wire.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _of_our_own(wire: WireOptions, secrets: Mapping[str, str], folder: Path) -> ssl.SSLContext:
    context = _common(wire)
    try:
        if wire.ca:
            context.load_verify_locations(folder / wire.ca)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"ca: {wire.ca} cannot be read as certificates: {error}",
            "name a file in PEM form, with -----BEGIN CERTIFICATE----- in it",
        ) from error
    if wire.cert:
        _show_our_own(context, wire, resolve(wire.key_password, secrets, "key_password"), folder)
    return context


def _show_our_own(context: ssl.SSLContext, wire: WireOptions, password: str, folder: Path) -> None:
    key = folder / wire.key if wire.key else None
    try:
        # A password is always handed over, so that nobody is asked for one at the terminal.
        context.load_cert_chain(folder / wire.cert, key, lambda: password)
    except (OSError, ValueError) as error:
        names = f"{wire.cert} and {wire.key}" if wire.key else wire.cert
        raise UsageError(
            f"cert: {names} cannot be read as a certificate with its private key: {error}",
            "name files in PEM form; key: is the private key, key_password: what it is locked with",
        ) from error


def _proxy_of_the_environment(url: str) -> str | None:
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if parts.hostname in _HERE:  # no proxy leads back to this machine
        return None
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    kind = proxy.partition("://")[0]
    if kind not in ("http", "https"):
        words = f"the proxy of the environment speaks {kind}, which is not spoken here"
        raise Broken("proxy", f"{words}; unset {parts.scheme}_proxy", heard=False)
    return proxy
