"""How requests are authenticated: fixed headers, and tokens by OAuth client credentials."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.http.options import HttpOptions, calls_of, fixed
from chatbot_qa.targets.http.parts import OAuth
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    Request,
    as_written,
    credentials,
    first_words,
    in_address,
    with_defaults,
)

_EARLY = 30.0
"""Seconds before its end in which a token is no longer used; at most a tenth of its life."""

_PATIENCE = 20.0
"""Seconds that a token server has; less than most deadlines, so that it is not the bot's fault."""

_SHORTEST_KEPT = 8
"""Characters of a token from which on it is looked for in answers, to be masked."""


class Known(Struct, frozen=True):
    """The headers of every request, and every secret that is to be masked."""

    headers: Mapping[str, str]
    masked: Mapping[str, str]


def known(options: HttpOptions, secrets: Mapping[str, str]) -> Known:
    """What every request carries. Credentials written into the configuration are masked too."""
    own = credentials(options.headers, secrets, "headers", headers=True)
    accept = "text/event-stream, application/json" if options.stream else "application/json"
    defaults = {
        "Content-Type": "application/json",
        "Accept": "*/*" if options.answer == "text" else accept,
    }
    header, written = _fixed_header(options, secrets)
    masked = {
        **secrets,
        **own.written,
        **written,
        **credentials(fixed(options.query), secrets, "query").written,
        **in_address(options.url, secrets),
    }
    for where, call in calls_of(options):
        masked |= credentials(call.headers, secrets, f"{where}.headers", headers=True).written
        masked |= in_address(call.url, secrets)
    return Known(with_defaults(own.values, {**defaults, **header}), masked)


def _fixed_header(
    options: HttpOptions, secrets: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    auth = options.auth
    if auth is not None and auth.bearer is not None:
        token = resolve(auth.bearer, secrets, "auth.bearer")
        written = as_written("auth.bearer", auth.bearer, token)
        return {"Authorization": f"Bearer {token}"}, written
    if auth is not None and auth.basic is not None:
        user = resolve(auth.basic.user, secrets, "auth.basic.user")
        password = resolve(auth.basic.password, secrets, "auth.basic.password")
        both = b64encode(f"{user}:{password}".encode()).decode()
        written = as_written("auth.basic.password", auth.basic.password, password)
        return {"Authorization": f"Basic {both}"}, {**written, "auth.basic": both}
    return {}, {}


class _Token(Struct, frozen=True):
    """A token and the time of the loop's clock until which it is used; None for no end."""

    value: str
    until: float | None


class Tokens:
    """Fetches the token of one target when it is first needed, and again when it has expired.

    Sessions that need one at the same time share one request.
    """

    def __init__(
        self, oauth: OAuth, secrets: Mapping[str, str], transport: Transport, own: Transport
    ) -> None:
        def value(name: str) -> str:
            return resolve(getattr(oauth, name), secrets, f"auth.oauth.{name}")

        self._url = value("token_url")
        self._form = {"grant_type": "client_credentials"}
        self._form |= {name: given for name in ("scope", "audience") if (given := value(name))}
        self._headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        client, secret = value("client_id"), value("client_secret")
        if oauth.credentials == "body":
            self._form |= {"client_id": client, "client_secret": secret}
        else:
            both = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            self._headers["Authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        self._transport = transport
        self._own = own
        self._token: _Token | None = None
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A token that holds; raises ``Busy`` or ``Fault`` where none is given."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            token = self._token
            if token is None or (token.until is not None and now >= token.until):
                token = self._token = await self._fetch(now)
            return token.value

    def refused(self, token: str) -> None:
        """The bot does not take this token, so that another is fetched."""
        if self._token is not None and self._token.value == token:
            self._token = None

    def masked(self, body: bytes) -> bytes:
        """An answer without the token, should the bot say it back."""
        if self._token is None or len(self._token.value) < _SHORTEST_KEPT:
            return body
        return body.replace(self._token.value.encode(), "‹secret:auth.oauth›".encode())

    @property
    def request(self) -> Request:
        """The request that fetches a token."""
        body = urlencode(self._form).encode()
        return Request("POST", self._url, body, self._headers, stateless=True)

    async def _fetch(self, now: float) -> _Token:
        request = self.request
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = json_of(await self._own.send(request), request, self._own)
        except TimeoutError:
            words = f"no token: the token server did not answer within {_PATIENCE:g} s"
            raise self._own.fault("no-token", words, request, safe=True) from None
        except Fault as fault:
            note = replace(fault.note, message=f"no token: {fault.note.message}")
            raise Fault(note, safe_to_retry=fault.safe_to_retry) from fault
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            keys = ", ".join(answer) if isinstance(answer, dict) else type(answer).__name__
            raise self._own.fault(
                "no-token",
                f"the token server gave no access_token, but: {first_words(keys)}",
                request,
            )
        if len(token) >= _SHORTEST_KEPT:
            self._transport.mask("auth.oauth", token)
        return _Token(token, _until(answer, now))

    async def close(self) -> None:
        """Close the connections to the token server."""
        await self._own.close()


def _until(answer: Mapping[str, JsonValue], now: float) -> float | None:
    """When a token ends, somewhat early; None where the server does not say."""
    try:
        seconds = float(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        return None
    return now + seconds - min(_EARLY, seconds / 10)
