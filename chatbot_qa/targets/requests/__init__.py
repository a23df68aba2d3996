"""Requests beside the conversations: what a suite asks of other servers before and after."""

from __future__ import annotations

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.demo.accounts import DEMO, Accounts
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import Request, WireOptions, checked_url


class RequestsTarget:
    """Sends the requests of ``before_each`` and its siblings, and answers with what came."""

    local = False
    fingerprint = "requests 1"

    def __init__(self, surroundings: Surroundings) -> None:
        self.transport = Transport(
            WireOptions(), {}, surroundings.secrets, surroundings.in_flight, surroundings.folder
        )

        self._accounts = Accounts()

    async def open(self, start: Start) -> RequestsSession:
        """Nothing is sent before the first request."""
        del start
        return RequestsSession(self.transport, self._accounts)

    async def close(self) -> None:
        """Close all connections."""
        await self.transport.close()


class RequestsSession:
    """Sends one request after another; they share nothing but connections."""

    def __init__(self, transport: Transport, accounts: Accounts) -> None:
        self._transport = transport
        self._accounts = accounts
        self._request: Request | None = None

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send the request; raises ``Fault`` where its answer reports no success."""
        del deadline  # the caller cancels at it
        call = message.call
        if call is None:
            raise ValueError("only requests are sent here")
        if call.url.startswith(DEMO):
            return self._accounts.answer(call)
        try:
            url = checked_url(call.url, "url")
        except UsageError as error:
            raise Fault(FaultNote("bad-url", error.message)) from error
        headers = dict(call.headers)
        body = None
        if call.body is not None:
            body = orjson.dumps(call.body)
            headers.setdefault("Content-Type", "application/json")
        self._request = request = Request(call.method, url, body, headers)
        answer = await self._transport.send(request)
        if not answer.ok:
            raise self._transport.refused(answer, request)
        text = answer.body.decode("utf-8", "replace")
        return Reply((BotMessage(text),), data=_data(text))

    def again(self) -> str:
        """The last request as a curl line."""
        return self._transport.again(self._request)

    async def close(self) -> None:
        """Nothing is held."""


def _data(text: str) -> dict[str, JsonValue]:
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}
