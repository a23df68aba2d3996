"""One conversation over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from chatbot_qa.domain.plan import Line, Message
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Busy, Fault
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.http.bot import Bot
from chatbot_qa.targets.http.files import attached
from chatbot_qa.targets.http.polling import Mailbox
from chatbot_qa.targets.http.reply import with_data
from chatbot_qa.targets.http.sending import Sender
from chatbot_qa.targets.http.streaming import streamed
from chatbot_qa.targets.wire import Request

_AS_LONG_AS_IT_TAKES = 3_600.0
"""Seconds for a reply that nobody waits for but the caller, who cancels."""

Said = dict[str, str]
"""One line of ``${history}``, under the names that the bot has for its parts."""


class HttpSession:
    """One conversation over HTTP. ``values`` are those that hold for all of it."""

    def __init__(
        self,
        bot: Bot,
        sender: Sender,
        values: dict[str, Any],
        before: Sequence[Line] = (),
        greeting: Reply | None = None,
    ) -> None:
        self._bot = bot
        self._sender = sender
        self._transport = bot.transport
        self._values = values
        self._naming = naming = bot.options.history
        self._greeting = greeting
        self._history: list[Said] = []
        self._mailbox: Mailbox | None = None
        if bot.options.poll is not None and bot.poll is not None:
            self._mailbox = Mailbox(bot, bot.options.poll, bot.poll, sender)
        if naming.system and "system" in values:
            self._history.append(self._line(naming.system, values["system"]))
        names = {"user": naming.user, "bot": naming.bot}
        self._history += (self._line(names[line.role], line.text) for line in before)

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send a message and read its reply."""
        bot = self._bot
        if not bot.plain or message.opens or message.files:
            return await self._say_otherwise(message, deadline)
        request = self._request_of(message)
        self._sender.last = request
        answer = await self._transport.send(request)
        reply = bot.read(json_of(answer, request, self._transport), request)
        self._remember(message, reply)
        return reply

    async def _say_otherwise(self, message: Message, deadline: float) -> Reply:
        bot = self._bot
        if message.opens:
            reply = await self._greeted(deadline)
        elif message.files:
            reply = await self._reply(await self._with_files(message), deadline)
        else:
            reply = await self._reply(self._request_of(message), deadline)
        if asking := bot.asking_data(self._values):
            with _after_it_was_said(bot):
                reply = with_data(reply, bot.data_in(await self._json(asking)))
        self._remember(message, reply)
        return reply

    def _request_of(self, message: Message, files: Mapping[str, Any] | None = None) -> Request:
        bot = self._bot
        said = message.text or message.click
        values = {**self._values, "message": said, "click": message.click}
        if bot.sends_history:
            now = [self._line(self._naming.user, said)] if bot.history_has_all else []
            values["history"] = [*self._history, *now]
        if files is not None:
            values |= files
        make = bot.maker(
            system="system" in values, click=message.click != "", files=files is not None
        )
        return make(values)

    async def _with_files(self, message: Message) -> Request:
        bot = self._bot
        if not bot.takes_files:
            raise _fault(
                "no-files",
                "the case sends files, but this target sends them nowhere; put ${files} into its "
                "body:, or take form: with file_field:",
            )
        return self._request_of(message, bot.files(await attached(message.files)))

    async def _reply(self, request: Request, deadline: float) -> Reply:
        """Send a message, and read what the bot says to it in whatever way it does."""
        bot, stream, mailbox = self._bot, self._bot.options.stream, self._mailbox
        if stream is not None:
            return await streamed(bot, stream, self._sender, request, deadline)
        sent = asyncio.get_running_loop().time()
        answer = await self._sender.send(request)
        if mailbox is None:
            return bot.reply_of(answer, request)
        if not answer.ok:
            raise self._transport.refused(answer, request)
        with _after_it_was_said(bot):
            ids: Mapping[str, Any] = {}
            if mailbox.needs_id:
                ids = mailbox.id_in(json_of(answer, request, self._transport), request)
            return await mailbox.collect({**self._values, **ids}, sent, deadline)

    async def _greeted(self, deadline: float) -> Reply:
        """What the bot says first."""
        if self._greeting is not None:
            reply, self._greeting = self._greeting, None
            return reply
        bot = self._bot
        if bot.reply_in_start is not None:
            raise _fault("no-greeting", "the bot has spoken first already, and does so only once")
        request = bot.greeting({**self._values, "history": self._history})
        if request is not None:
            return await self._reply(request, deadline)
        if self._mailbox is not None and not self._mailbox.needs_id:
            now = asyncio.get_running_loop().time()
            return await self._mailbox.collect(self._values, now, deadline)
        raise _fault(
            "no-greeting",
            "the bot is to speak first, but this target does not say how; give it greeting: with "
            "reply: (its words in the answer to start:), body: or say: (what makes it begin)",
        )

    def _remember(self, message: Message, reply: Reply) -> None:
        if not self._bot.sends_history:
            return
        naming = self._naming
        if not message.opens:
            self._history.append(self._line(naming.user, message.text or message.click))
        if reply.messages:
            self._history.append(self._line(naming.bot, reply.text))

    async def replay(self, lines: Sequence[Line]) -> None:
        """Say again what the user said before, and throw the replies away."""
        for line in lines:
            deadline = asyncio.get_running_loop().time() + _AS_LONG_AS_IT_TAKES
            if line.role == "user":
                await self.say(Message(text=line.text), deadline)

    async def _json(self, request: Request) -> JsonValue:
        return json_of(await self._sender.send(request), request, self._transport)

    def _line(self, role: str, text: str) -> Said:
        return {self._naming.role: role, self._naming.content: text}

    def again(self) -> str:
        """The last request as a curl line."""
        return self._transport.again(self._sender.last)

    async def close(self) -> None:
        """Tell the server that it is over, where it wants to be told."""
        request = self._bot.goodbye(self._values)
        if request is not None:
            answer = await self._sender.send(request)
            if not answer.ok:
                raise self._transport.refused(answer, request)


@contextmanager
def _after_it_was_said(bot: Bot) -> Iterator[None]:
    """Nothing that goes wrong from here on may have the message sent a second time."""
    if bot.options.session == "history":
        yield
        return
    try:
        yield
    except Busy as busy:
        raise Fault(busy.note) from busy
    except Fault as fault:
        if not fault.safe_to_retry:
            raise
        raise Fault(fault.note) from fault


def _fault(kind: str, words: str) -> Fault:
    return Fault(FaultNote(kind, words))
