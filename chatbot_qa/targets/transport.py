"""Requests over HTTP: one connection pool a target, and a fault in words for all that goes wrong.

Nothing here waits for a deadline or tries again: the caller cancels, and decides by
``safe_to_retry``. What a server sends is read up to a limit and never trusted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote, urlsplit

from chatbot_qa import __version__
from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Busy, Fault
from chatbot_qa.targets.explain import quota_spent, retry_after, status_message
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.wire import Answer, Curl, Request, WireOptions, as_written

if TYPE_CHECKING:
    import ssl

    from aiohttp import ClientRequest, ClientResponse, ClientSession

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
        self._in_flight = in_flight
        self._secrets = {**secrets, **_passwords(wire, secrets)}
        self._curl = Curl(wire, self.headers, self._secrets)
        self._tls = _tls(wire, secrets, Path(folder))
        self._session: ClientSession | None = None
        self._errors: tuple[type[Exception], ...] = ()
        self._proxies: dict[str, str | None] = {}

    async def send(self, request: Request) -> Answer:
        """Send a request and read all of its answer, whatever its status.

        Raises ``Fault`` where no whole answer came.
        """
        session = self._session or self._connect()
        response: ClientResponse | None = None
        try:
            response = await self._ask(session, request)
            return await self.whole(response, request)
        except self._errors as error:
            raise self._broke(error, request, answered=response is not None) from error
        finally:
            if response is not None and not response.content.at_eof():
                response.close()

    @asynccontextmanager
    async def answering(self, request: Request) -> AsyncIterator[ClientResponse]:
        """Send a request; the body of its answer is read inside, by ``blocks``."""
        session = self._session or self._connect()
        response: ClientResponse | None = None
        try:
            response = await self._ask(session, request)
            yield response
        except self._errors as error:
            raise self._broke(error, request, answered=response is not None) from error
        finally:
            if response is not None and not response.content.at_eof():
                response.close()

    async def blocks(self, response: ClientResponse, request: Request) -> AsyncIterator[bytes]:
        """The body as it comes, up to the limit; raises ``Fault`` where it is larger."""
        size = 0
        while block := await response.content.readany():
            size += len(block)
            if size > self._most:
                self._too_large(request)
            yield block

    async def whole(self, response: ClientResponse, request: Request) -> Answer:
        """All of an answer; of one that reports an error no more than its beginning."""
        if response.status >= 300:
            body = await self._beginning(response)
        else:
            body = await self._all(response, request)
        return Answer(response.status, response.headers, body)

    async def drain(self, response: ClientResponse, within: float) -> None:
        """Read to the end what should end now, so that its connection can be used again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while await response.content.readany():
                    continue

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

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

    def _connect(self) -> ClientSession:
        import aiohttp

        self._errors = (aiohttp.ClientError, OSError, UnicodeError)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._in_flight, ssl=self._tls, keepalive_timeout=KEEP_ALIVE
            ),
            headers=self.headers,
            request_class=_plain_request(),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        )
        return self._session

    def _ask(self, session: ClientSession, request: Request) -> Awaitable[ClientResponse]:
        return session.request(
            request.method,
            request.url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            proxy=self._proxy(request.url),
        )

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

    async def _all(self, response: ClientResponse, request: Request) -> bytes:
        content = response.content
        if not content.is_eof() and (response.content_length or 0) > self._most:
            self._too_large(request)
        blocks: list[bytes] = []
        size = 0
        while not content.at_eof():
            block = await content.readany()
            size += len(block)
            if size > self._most:
                self._too_large(request)
            blocks.append(block)
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    async def _beginning(self, response: ClientResponse) -> bytes:
        body = b""
        while len(body) < _ENOUGH_OF_AN_ERROR and (block := await response.content.readany()):
            body += block
        return body[:_ENOUGH_OF_AN_ERROR]

    def _too_large(self, request: Request) -> NoReturn:
        raise self.fault(
            "too-large",
            f"the answer is larger than {self._most / 1e6:g} MB; max_reply: allows more",
            request,
        )

    def _broke(self, error: Exception, request: Request, *, answered: bool) -> Fault:
        from chatbot_qa.targets.breakage import breakage

        found = breakage(error, request.url, answered=answered)
        safe = request.stateless or not found.heard
        return self.fault(found.kind, found.message, request, safe=safe)


def _passwords(wire: WireOptions, secrets: Mapping[str, str]) -> Mapping[str, str]:
    """Passwords that stand in the configuration itself; raises ``UsageError`` for unset ones."""
    given = {"key_password": wire.key_password}
    if wire.proxy_auth is not None:
        given["proxy_auth.password"] = wire.proxy_auth.password
    written: dict[str, str] = {}
    for option, text in given.items():
        written |= as_written(option, text, resolve(text, secrets, option))
    return written


def _plain_request() -> type[ClientRequest]:
    """Requests that ask for no compression of their own accord.

    To skip that header of aiohttp's by name would copy all headers of every request.
    """
    from aiohttp import ClientRequest, hdrs

    usual = dict(ClientRequest.DEFAULT_HEADERS)
    usual.pop(hdrs.ACCEPT_ENCODING, None)
    return type("PlainRequest", (ClientRequest,), {"DEFAULT_HEADERS": usual})


def _tls(wire: WireOptions, secrets: Mapping[str, str], folder: Path) -> ssl.SSLContext | bool:
    if not wire.ca and not wire.cert:
        return wire.verify
    import ssl

    context = ssl.create_default_context()
    if not wire.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
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
    return proxy if "://" in proxy else f"http://{proxy}"
