"""The demo shop's accounts, in memory, for suites that need a login: ``demo://shop``.

    POST demo://shop/login            {"user": "anna"}  answers {"token", "user", "order"}
    DELETE demo://shop/sessions/TOKEN                   answers {}

They keep nothing beyond a run, and know an order for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import orjson

from chatbot_qa.domain.plan import Call
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.demo.stock import reference

DEMO = "demo://shop/"
"""Begins the addresses that are answered here."""


class Accounts:
    """Who is logged in."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}

    def answer(self, call: Call) -> Reply:
        """Answer a request; raises ``Fault`` where a server would report an error."""
        what, _, token = call.url.removeprefix(DEMO).partition("/")
        if (call.method, what) == ("POST", "login"):
            return _reply(self._login(call.body))
        if (call.method, what) == ("DELETE", "sessions"):
            return _reply(self._logout(token))
        raise _refused(404, f"there is nothing for {call.method} at {call.url}")

    def _login(self, body: JsonValue) -> Mapping[str, JsonValue]:
        user = str(body.get("user") or "") if isinstance(body, Mapping) else ""
        if not user:
            raise _refused(400, 'the body of a login is {"user": NAME}')
        token = reference("S", f"{user}/{len(self._open)}", 0)
        self._open[token] = user
        return {"token": token, "user": user, "order": f"A-{1000 + crc32(user.encode()) % 9000}"}

    def _logout(self, token: str) -> Mapping[str, JsonValue]:
        if self._open.pop(token, None) is None:
            raise _refused(404, f"nobody is logged in as {token}")
        return {}


def _reply(data: Mapping[str, JsonValue]) -> Reply:
    return Reply((BotMessage(orjson.dumps(data).decode()),), data=data)


def _refused(status: int, why: str) -> Fault:
    return Fault(FaultNote("status", f"the demo shop answered {status}: {why}"))
