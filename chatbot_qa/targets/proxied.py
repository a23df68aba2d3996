"""Requests that go through a proxy: by ``aiohttp``, which knows proxies and their tunnels."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from chatbot_qa.targets.breakage import broken_by
from chatbot_qa.targets.headers import Headers
from chatbot_qa.targets.http1.client import ClientOptions


class ProxiedClient:
    """Asks servers through proxies. It belongs to the event loop in which it is made."""

    def __init__(self, options: ClientOptions) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=options.most, ssl=options.tls(), keepalive_timeout=options.keep_alive
            ),
            headers=options.headers,
            skip_auto_headers=(aiohttp.hdrs.ACCEPT_ENCODING,),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        )

    async def ask(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        proxy: str,
    ) -> ProxiedResponse:
        """Send a request; returns the response when its head is there. Raises ``Broken``."""
        try:
            response = await self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False, proxy=proxy
            )
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise broken_by(error, url, answered=False) from error
        return ProxiedResponse(response)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()


class ProxiedResponse:
    """A response that came through a proxy; see ``Incoming``."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.status = response.status
        self.headers = Headers(response.raw_headers)
        self._response = response

    @property
    def ended(self) -> bool:
        """Whether all of the body has come."""
        return self._response.content.is_eof()

    async def read(self) -> bytes:
        """The next block of the body, ``b""`` after the last one; raises ``Broken``."""
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, OSError) as error:
            raise broken_by(error, str(self._response.url), answered=True) from error

    def close(self) -> None:
        """Read no more of it."""
        self._response.close()
