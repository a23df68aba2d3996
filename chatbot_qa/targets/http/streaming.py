"""Replies that come as server-sent events: in pieces of a text, or answer by answer."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from msgspec.structs import replace

from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.http.bot import Bot
from chatbot_qa.targets.http.parts import Stream
from chatbot_qa.targets.http.polling import end_before
from chatbot_qa.targets.http.reply import NoReply, Values, together
from chatbot_qa.targets.http.sending import Sender
from chatbot_qa.targets.labels import labels
from chatbot_qa.targets.sse import EventParser, ServerEvent
from chatbot_qa.targets.wire import Request, first_words
from chatbot_qa.text.paths import finder

_DONE = "[DONE]"
"""What many servers send as the last event; it ends a reply whatever is configured."""

_LAST_WORDS = 0.05
"""Seconds in which the end of a stream may follow its last event, to keep the connection."""


async def streamed(
    bot: Bot, stream: Stream, sender: Sender, request: Request, deadline: float
) -> Reply:
    """Send a message and read the events of its reply, or a whole answer if that comes instead.

    Raises ``TimeoutError`` where nothing came by the deadline, ``Busy`` or ``Fault``.
    """
    loop = asyncio.get_running_loop()
    sent = loop.time()
    end, quiet = end_before(deadline, sent), bot.options.reply_complete_after
    transport, parser, heard = bot.transport, EventParser(), Heard(bot, stream, request)
    first: float | None = None
    try:
        async with asyncio.timeout_at(end) as bound, sender.answering(request) as response:
            if response.status != 200 or response.headers.media_type != "text/event-stream":
                return bot.reply_of(await sender.whole(response, request), request)
            async for block in transport.blocks(response, request):
                for event in parser.feed(block):
                    heard.take(event)
                if first is None and heard.begun:
                    first = loop.time() - sent
                if quiet is not None and heard.begun:
                    bound.reschedule(min(end, loop.time() + quiet))
                if heard.ended:
                    await transport.drain(response, _LAST_WORDS)
                    break
            else:
                heard.cut_short()
    except TimeoutError:
        if not heard.begun:
            raise
        if quiet is None or loop.time() >= end:
            raise transport.fault(
                "unfinished", "the reply had begun, but was not complete by the deadline", request
            ) from None
    return replace(heard.reply(), first_token=first)


class Heard:
    """What a stream said so far."""

    def __init__(self, bot: Bot, stream: Stream, request: Request) -> None:
        options = bot.options
        self._bot = bot
        self._stream = stream
        self._request = request
        self._piece = None if stream.piece is None else finder(stream.piece)
        self._buttons = None if options.buttons is None else finder(options.buttons)
        self._values = Values(options.data)
        self._pieces: list[str] = []
        self._labels: tuple[str, ...] = ()
        self._data: dict[str, JsonValue] = {}
        self._replies: list[Reply] = []
        self._without = b""
        self.ended = False

    @property
    def begun(self) -> bool:
        """Whether there is something of the reply."""
        return bool(self._pieces) or any(reply.messages for reply in self._replies)

    def take(self, event: ServerEvent) -> None:
        """Take one event in; raises ``Fault`` where it tells of an error or cannot be read."""
        if self.ended:
            return
        stream, data = self._stream, self._masked(event.data)
        if event.name == "error":
            words = first_words(data[:4_000].decode("utf-8", "replace"))
            raise self._fault("error-reply", f'the server reports an error: "{words}"')
        text = data.strip()
        self.ended = text in {_DONE.encode(), stream.end.encode()} and text != b""
        last = event.name == stream.end_event != ""
        if self.ended or not (last or stream.event in ("", event.name or "message")):
            return
        if stream.each == "answer":
            self._answer(data, lenient=last)
        else:
            self._part(data, last=last)
        self.ended = last

    def _answer(self, data: bytes, *, lenient: bool) -> None:
        answer = _loads(data) if lenient else self._json(data)
        reply = self._bot.reading(answer)
        if not isinstance(reply, NoReply):
            self._replies.append(reply)
        elif reply.kind != "no-reply-text" and not lenient:
            self._bot.no_reply(reply, answer, self._request)
        elif not lenient:
            self._without = self._without or data

    def _part(self, data: bytes, *, last: bool) -> None:
        """A piece; the last event tells of buttons and values alone, and need not be JSON."""
        if self._piece is None:
            if not last:
                self._pieces.append(data.decode("utf-8", "replace"))
            self._beside(_loads(data))
            return
        answer = _loads(data) if last else self._json(data)
        found = [value for value in self._piece(answer) if isinstance(value, str)]
        if not last:
            self._pieces += found
            self._without = self._without or (b"" if found else data)
        self._beside(answer)

    def _beside(self, answer: JsonValue) -> None:
        if self._buttons is not None:
            self._labels = labels(self._buttons(answer)) or self._labels
        self._data |= self._values(answer)

    def cut_short(self) -> None:
        """The server has no more to say; raises ``Fault`` where the end was to be told."""
        if self._stream.end or self._stream.end_event:
            raise self._fault("cut", "the stream ended before the reply was complete")
        if not self.begun and not self._without:
            raise self._fault("empty", "the stream ended without a single event")

    def reply(self) -> Reply:
        """All of it; raises ``Fault`` where events came, but never a reply in them."""
        if not self.begun and self._without:
            place = self._bot.reading.place if self._piece is None else self._piece.source
            words = first_words(self._without[:1_000].decode("utf-8", "replace"))
            raise self._fault(
                "no-reply-text", f"there is nothing at {place} in any event; one was: {words}"
            )
        if self._stream.each == "answer":
            return together(self._replies)
        text = self._masked("".join(self._pieces).encode()).decode()
        messages = (BotMessage(text, self._labels),) if text or self._labels else ()
        return Reply(messages, data=self._data)

    def _masked(self, data: bytes) -> bytes:
        return data if self._bot.tokens is None else self._bot.tokens.masked(data)

    def _json(self, data: bytes) -> Any:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            words = first_words(data[:1_000].decode("utf-8", "replace"))
            raise self._fault("not-json", f'an event is no JSON ({error}): "{words}"') from error

    def _fault(self, kind: str, words: str) -> Exception:
        return self._bot.transport.fault(kind, words, self._request)


def _loads(data: bytes) -> JsonValue:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
