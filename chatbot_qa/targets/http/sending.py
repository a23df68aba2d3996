"""Sending the requests of one session: with its cookies, its token and its signature."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chatbot_qa.targets.http.bot import Bot
from chatbot_qa.targets.http1.response import Incoming
from chatbot_qa.targets.wire import Answer, Request

_UNAUTHORIZED = 401

if TYPE_CHECKING:
    from chatbot_qa.targets.http.cookies import Cookies


class Sender:
    """Sends for one session. ``last`` is the request that was sent last."""

    def __init__(self, bot: Bot) -> None:
        self.last: Request | None = None
        self._bot = bot
        self._transport = bot.transport
        self._cookies: Cookies | None = None
        if bot.options.cookies:
            from chatbot_qa.targets.http.cookies import Cookies

            self._cookies = Cookies(time.time)

    async def send(self, request: Request) -> Answer:
        """Send a request and read all of its answer; raises ``Busy`` or ``Fault``."""
        self.last = request
        bot = self._bot
        if not bot.dresses:
            return await self._transport.send(request)
        token = await self._dress(request)
        answer = await self._transport.send(request)
        if answer.status == _UNAUTHORIZED and bot.tokens is not None:
            bot.tokens.refused(token)
            await self._dress(request)
            answer = await self._transport.send(request)
        self._keep(answer, request)
        return self._masked(answer)

    async def whole(self, response: Incoming, request: Request) -> Answer:
        """All of an answer that is being read."""
        return self._masked(await self._transport.whole(response, request))

    def _masked(self, answer: Answer) -> Answer:
        tokens = self._bot.tokens
        return answer if tokens is None else replace(answer, body=tokens.masked(answer.body))

    @asynccontextmanager
    async def answering(self, request: Request) -> AsyncIterator[Incoming]:
        """Send a request; the body of its answer is read inside."""
        self.last = request
        bot = self._bot
        token = await self._dress(request)
        async with self._transport.answering(request) as response:
            again = response.status == _UNAUTHORIZED and bot.tokens is not None
            if not again:
                self._keep(response, request)
                yield response
        if again and bot.tokens is not None:
            bot.tokens.refused(token)
            await self._dress(request)
            async with self._transport.answering(request) as response:
                self._keep(response, request)
                yield response

    async def _dress(self, request: Request) -> str:
        """Put on what a request needs besides; returns the token that it carries."""
        bot = self._bot
        token = ""
        added: dict[str, str] = {}
        if self._cookies is not None and (kept := self._cookies.header(request.url)):
            added["Cookie"] = kept
        if bot.tokens is not None:
            self.last = bot.tokens.request
            token = await bot.tokens.token()
            self.last = request
            added["Authorization"] = f"Bearer {token}"
        if added:
            request.headers = {**(request.headers or {}), **added}
        if bot.signer is not None:
            await bot.signer.sign(request)
        return token

    def _keep(self, answer: Answer | Incoming, request: Request) -> None:
        if self._cookies is not None:
            self._cookies.keep(answer.headers, request.url)
