"""Replies that are asked for after the message was taken: by polling, until the bot is done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Busy, Fault
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.http.bot import Bot, shown
from chatbot_qa.targets.http.parts import Poll
from chatbot_qa.targets.http.reply import NoReply, together
from chatbot_qa.targets.http.sending import Sender
from chatbot_qa.targets.http.shape import Maker, Shape
from chatbot_qa.targets.wire import Request
from chatbot_qa.text.paths import Finder, finder

QUIET = 2.0
"""Seconds without a message after which a reply is complete, if nothing else is said."""

MARGIN = 0.05
"""Seconds before the deadline at which what has come is handed over; at most half of what
is left."""


def end_before(deadline: float, now: float) -> float:
    """When to hand over what has come, so that it is not lost at the deadline."""
    return deadline - min(MARGIN, max(0.0, deadline - now) / 2)


class Mailbox:
    """What one session has been sent, and how far it was read."""

    def __init__(self, bot: Bot, poll: Poll, shape: Shape, sender: Sender) -> None:
        self._bot = bot
        self._poll = poll
        self._shape = shape
        self._sender = sender
        self._cursor: Any = None
        self._seen = 0
        self._quiet = bot.options.reply_complete_after or QUIET
        self._next_cursor = finder(poll.cursor) if poll.cursor else None
        self._id = finder(poll.id) if poll.id else None
        self._done = finder(poll.done) if poll.done else None
        self._makers: dict[frozenset[str], Maker] = {}

    def id_in(self, answer: JsonValue, request: Request) -> Mapping[str, Any]:
        """``${id}`` in the answer to a message, where polling needs it."""
        if self._id is None:
            return {}
        value = _single(self._id, answer)
        if type(value) in (str, int) and value != "":
            return {"id": value}
        raise self._bot.transport.fault(
            "no-id", f"there is no id at {self._id.source} in the answer: {shown(answer)}", request
        )

    @property
    def needs_id(self) -> bool:
        """Whether the answer to a message must be read."""
        return self._id is not None

    async def collect(self, values: Mapping[str, Any], sent: float, deadline: float) -> Reply:
        """All messages until the bot is done or quiet; ``sent`` is when it was spoken to.

        What has come by the deadline is the reply; raises ``TimeoutError`` for nothing, and
        ``Fault`` where polling fails.
        """
        loop = asyncio.get_running_loop()
        end = end_before(deadline, loop.time())
        first: float | None = None
        came: list[Reply] = []
        busy: Busy | None = None
        try:
            async with asyncio.timeout_at(end) as bound:
                while True:
                    pause = float(self._poll.every)
                    try:
                        reply, done = await self._once(values)
                        busy = None
                    except Busy as found:
                        busy, pause = found, max(pause, found.retry_after or 0.0)
                    else:
                        came.append(reply)
                        if reply.messages:
                            now = loop.time()
                            first = now - sent if first is None else first
                            bound.reschedule(min(end, now + self._quiet))
                        if done:
                            break
                    await asyncio.sleep(pause)
        except TimeoutError:
            if first is None and busy is not None:
                raise Fault(busy.note) from busy
            if first is None:
                raise
        return replace(together(came), first_token=first)

    async def _once(self, values: Mapping[str, Any]) -> tuple[Reply, bool]:
        """What is new, and whether the bot says that it is done."""
        request = self._request(values)
        answer = json_of(await self._sender.send(request), request, self._bot.transport)
        done = self._is_done(answer)
        reply = self._bot.reading(answer)
        if isinstance(reply, NoReply):
            if done or reply.kind != "no-reply-text":
                self._bot.no_reply(reply, answer, request)
            reply = Reply(())
        if self._next_cursor is not None:
            cursor = _single(self._next_cursor, answer)
            self._cursor = self._cursor if cursor is None else cursor
        return self._new_in(reply), done

    def _request(self, values: Mapping[str, Any]) -> Request:
        if self._cursor is not None:
            values = {**values, "cursor": self._cursor}
        names = frozenset(values)
        if names not in self._makers:
            self._makers[names] = self._shape.compile(names)
        return self._makers[names](values)

    def _is_done(self, answer: JsonValue) -> bool:
        if self._done is None:
            return False
        value = _single(self._done, answer)
        text = "true" if value is True else "" if value is None else str(value)
        return text.lower() == self._poll.done_is.lower()

    def _new_in(self, reply: Reply) -> Reply:
        if self._poll.gives == "new":
            return reply
        new = reply.messages[self._seen :]
        self._seen = max(self._seen, len(reply.messages))
        return replace(reply, messages=new)


def _single(place: Finder, answer: JsonValue) -> JsonValue:
    """The one value at a place; None for none or several."""
    found = place(answer)
    return found[0] if len(found) == 1 else None
