"""Bots that write when they please: when their reply is complete, and what it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import orjson

from chatbot_qa.domain.plan import Opening
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply
from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.targets.base import Fault, no_extras
from chatbot_qa.targets.labels import labels
from chatbot_qa.targets.wire import first_words
from chatbot_qa.text.paths import finder

T = TypeVar("T")

MARGIN = 0.02
"""Seconds before a deadline at which what came until then is looked at."""


async def until_quiet(
    receive: Callable[[], Awaitable[T | None]],
    heard: Callable[[T], bool],
    deadline: float,
    quiet: float,
) -> None:
    """Receive until nothing more of a reply came for ``quiet`` seconds, or None came.

    ``heard`` takes a thing and says whether the reply has any text by now. Where ``quiet``
    is 0 it is then complete. At the deadline, a time of the loop's clock, whatever came is
    the reply; raises ``TimeoutError`` where nothing did. To cancel it loses nothing that
    was not received yet.
    """
    now = asyncio.get_running_loop().time
    last = end = deadline - min(MARGIN, max(0.0, deadline - now()) / 2)
    something = False
    while True:
        try:
            async with asyncio.timeout_at(end):
                thing = await receive()
        except TimeoutError:
            if something:
                return
            raise
        if thing is None:
            return
        if heard(thing):
            if not quiet:
                return
            something = True
            end = min(now() + quiet, last)


class Places:
    """Where the texts and the labels of buttons stand in the JSON that a bot sends."""

    def __init__(self, reply: JsonPath, buttons: JsonPath | None) -> None:
        self._reply = finder(reply)
        self._buttons = None if buttons is None else finder(buttons)
        self.wanted = f"a text at {reply.source}"

    def __call__(self, data: JsonValue) -> Sequence[BotMessage]:
        """The messages; none where the data is about something else."""
        messages = [BotMessage(text) for text in _texts(self._reply(data))]
        pressed = () if self._buttons is None else labels(self._buttons(data))
        if not pressed:
            return messages
        *others, last = messages or [BotMessage("")]
        return [*others, BotMessage(last.text, pressed)]


def _texts(found: Sequence[JsonValue]) -> Iterator[str]:
    for value in found:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))
        elif value is not None and not isinstance(value, dict):
            yield orjson.dumps(value).decode()


class Gathered:
    """The messages of one reply, as they come. ``wanted`` says what makes one, in words."""

    def __init__(self, places: Places, wanted: str = "") -> None:
        self._wanted = wanted or places.wanted
        self._places = places
        self._now = asyncio.get_running_loop().time
        self._began = self._now()
        self._messages: list[BotMessage] = []
        self._first: float | None = None
        self._other: JsonValue = None

    def __bool__(self) -> bool:
        return bool(self._messages)

    def take(self, data: JsonValue) -> bool:
        """Take what the bot sent; whether it was part of the reply."""
        return self._taken(data, self._places(data))

    def pass_over(self, data: JsonValue) -> bool:
        """Take note of what is no part of the reply."""
        return self._taken(data, ())

    def _taken(self, data: JsonValue, messages: Sequence[BotMessage]) -> bool:
        if not messages:
            self._other = data
            return False
        if self._first is None:
            self._first = self._now() - self._began
        self._messages += messages
        return True

    def reply(self) -> Reply:
        """All that came; of it, ``first_token`` says when the first of it did."""
        return Reply(tuple(self._messages), self._first)

    def nothing(self) -> Exception:
        """What to raise where no message of it came in time."""
        if self._other is None:
            return TimeoutError()
        shown = first_words(orjson.dumps(self._other)[:1_000].decode("utf-8", "replace"))
        words = f"nothing that came had {self._wanted}; the last was {shown}"
        return Fault(FaultNote("no-reply-text", words))


def refuse_opening(opening: Opening, who: str, system: str) -> None:
    """Raise ``Fault`` for what a bot cannot be given that is only talked to.

    ``system`` says why it is not given the suite's system prompt; "" where it is.
    """
    if system and opening.system is not None:
        words = f"the suite gives a system prompt, but {who} {system}"
        raise Fault(FaultNote("no-system-prompt", words))
    if opening.history:
        words = (
            f"the suite begins in the middle of a dialogue, and {who} cannot be told what was "
            "said before; write the lines of history: as turns"
        )
        raise Fault(FaultNote("no-history", words))
    no_extras(opening, who)
