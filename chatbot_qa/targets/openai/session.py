"""One conversation with a model: what was said so far, and the rounds to each reply."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

import orjson

from chatbot_qa.domain.plan import Message, Opening
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.openai.answers import Answered, File, error_in, line
from chatbot_qa.targets.openai.rounds import Rounds
from chatbot_qa.targets.sse import EventParser, ServerEvent
from chatbot_qa.targets.wire import Answer, Request, first_words

if TYPE_CHECKING:
    from chatbot_qa.targets.openai import OpenAITarget
    from chatbot_qa.targets.openai.answers import Api, Pieces
    from chatbot_qa.targets.openai.tools import Toolbox

_END = b"]}"
_LAST_WORDS = 0.05
"""Seconds in which the end of a stream may follow its last event, to keep the connection."""


class OpenAISession:
    """One conversation. What was said so far is kept as the JSON in which it is sent."""

    def __init__(
        self, target: OpenAITarget, api: Api, opening: Opening, toolbox: Toolbox | None
    ) -> None:
        own = target.options.system
        self._system = own if opening.system is None else opening.system
        self._target = target
        self._transport = target.transport
        self._api = api
        self._tools = opening.tools
        self._toolbox = toolbox
        self._head, self._said = api.begin(self._system, opening.tools)
        self._silent = not opening.history
        for one in opening.history:
            self._said += line("user" if one.role == "user" else "assistant", one.text) + b","
        self._streams = target.options.stream
        self._request: Request | None = None
        self._rounds: Rounds | None = None

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send the conversation with a new message and read the reply."""
        del deadline  # the caller cancels at it
        if self._toolbox is not None or message.files or message.opens:
            return await self._in_rounds(message)
        said = self._said + line("user", message.text or message.click)
        answered = await self._ask(self._requested(said))
        self._keep(said, answered)
        return answered.reply

    def _ask(self, request: Request) -> Awaitable[Answered]:
        return self._streamed(request) if self._streams else self._whole(request)

    async def _in_rounds(self, message: Message) -> Reply:
        """Ask, answer the calls, and ask again, until there is a reply.

        Where a round did not come off and is asked again, those before it are not.
        """
        rounds = self._rounds
        if rounds is None or rounds.message is not message:
            rounds = self._rounds = Rounds(message, await self._opened(message))
        rounds.begin(asyncio.get_running_loop().time())
        while True:
            request = self._requested(rounds.said)
            sent = asyncio.get_running_loop().time()
            answered = await self._ask(request)
            calls = answered.reply.calls
            toolbox = self._toolbox
            if not calls or toolbox is None or not toolbox.answers(calls):
                self._keep(rounds.said, answered)
                self._rounds = None
                return rounds.reply(answered, sent)
            if rounds.number == self._target.options.tool_rounds:
                raise self._transport.fault(
                    "tool-rounds",
                    f"the model called tools {rounds.number + 1} times over and did not come to "
                    "a reply; tool_rounds: allows more",
                    request,
                )
            given = [await toolbox.answer(call) for call in calls]
            rounds.add(answered, given, sent, self._api.given_back(given))

    async def _opened(self, message: Message) -> bytes:
        """The conversation up to a message with files, or up to where the bot shall speak."""
        if not message.opens:
            files = await _read(message.files) if message.files else ()
            said = message.text or message.click
            return self._said + (self._api.user(said, files) if files else line("user", said))
        if self._silent:
            self._head, self._said = self._api.alone(self._system, self._tools)
        if not self._said:
            raise Fault(
                FaultNote(
                    "no-greeting",
                    "the bot shall speak first, but there is nothing to send to this model; "
                    "give a system prompt that tells it how to begin",
                )
            )
        return self._said[:-1]

    def _requested(self, said: bytes) -> Request:
        body = b"".join((self._head, said, _END))
        self._request = request = Request("POST", self._target.url, body, None, stateless=True)
        return request

    def _keep(self, said: bytes, answered: Answered) -> None:
        """Keep what was said; calls that nobody answered get null, as each must get something."""
        self._silent = False
        calls = [call for call in answered.reply.calls if call.id]
        given = (self._api.given_back(calls), b",") if calls else ()
        self._said = b"".join((said, b",", answered.line, b",", *given))

    async def _whole(self, request: Request) -> Answered:
        answer = await self._transport.send(request)
        return self._target.read_whole(answer, request)

    async def _streamed(self, request: Request) -> Answered:
        loop = asyncio.get_running_loop()
        sent = loop.time()
        first: float | None = None
        pieces, parser = self._api.pieces(), EventParser()
        async with self._transport.answering(request) as response:
            if response.status != 200 or response.headers.media_type != "text/event-stream":
                answer = await self._transport.whole(response, request)
                return self._read_unstreamed(answer, request)
            async for block in self._transport.blocks(response, request):
                for event in parser.feed(block):
                    self._take(event, pieces, request)
                if first is None and pieces.begun:
                    first = loop.time() - sent
                if pieces.done:
                    await self._transport.drain(response, _LAST_WORDS)
                    break
        return self._put_together(pieces, request, first)

    def _read_unstreamed(self, answer: Answer, request: Request) -> Answered:
        """An answer that does not say that it streams: it does not, or it does all the same."""
        if answer.status != 200 or not answer.body.lstrip().startswith((b"data:", b"event:", b":")):
            return self._target.read_whole(answer, request)
        pieces = self._api.pieces()
        for event in EventParser().feed(answer.body + b"\n\n"):
            self._take(event, pieces, request)
        return self._put_together(pieces, request, None)

    def _put_together(self, pieces: Pieces, request: Request, first: float | None) -> Answered:
        if not pieces.complete:
            raise self._transport.fault(
                "cut", "the stream ended before the reply was complete", request, safe=True
            )
        return self._target.read(pieces.whole(), request, first)

    def _take(self, event: ServerEvent, pieces: Pieces, request: Request) -> None:
        if event.data == b"[DONE]":
            pieces.done = True
            return
        try:
            piece = orjson.loads(event.data)
        except orjson.JSONDecodeError as error:
            words = first_words(event.data[:1_000].decode("utf-8", "replace"))
            raise self._transport.fault(
                "not-json", f'a piece of the stream is no JSON ({error}): "{words}"', request
            ) from error
        if event.name == "error" or error_in(piece):
            said = error_in(piece) or first_words(str(piece))
            raise self._target.reported(said, request)
        pieces.add(piece)

    def again(self) -> str:
        """The last request as a curl line."""
        return self._transport.again(self._request)

    async def close(self) -> None:
        """Nothing is held."""


async def _read(paths: Sequence[str]) -> list[File]:
    from chatbot_qa.targets.http.files import attached

    return [
        File(one.name, one.type, b64encode(one.content).decode("ascii"))
        for one in await attached(paths)
    ]
