"""Making a reply of an answer's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.targets.http.items import Items
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.labels import labels
from chatbot_qa.targets.wire import first_words
from chatbot_qa.text.paths import Finder, finder

_ERRORS = ("error", "errors")
"""Keys under which a server says, in an answer like any other, that something went wrong."""


class NoReply(Struct, frozen=True):
    """Why there is no reply in an answer, and the kind of fault that this is."""

    words: str
    kind: str


class Reading:
    """Makes a reply of an answer's JSON. ``place`` is another than the configured one."""

    def __init__(self, options: HttpOptions, place: JsonPath | None = None) -> None:
        self._reply = finder(place or options.reply)
        self._buttons = None if options.buttons is None else finder(options.buttons)
        self._data = Values(options.data)

    @property
    def place(self) -> str:
        """Where it looks."""
        return self._reply.source

    def __call__(self, answer: JsonValue) -> Reply | NoReply:
        """The reply, or why there is none."""
        found = self._reply(answer)
        if len(found) == 1:
            only = found[0]
            if type(only) is str and self._buttons is None and not self._data:
                return Reply((BotMessage(only),))
            if type(only) is list:
                found = only
        elif not found and self._reply.singular:
            return _nothing_at(self._reply, answer)
        messages = self._messages(found)
        if messages is None:
            return _unreadable(f"what stands at {self._reply.source} is no text but an object")
        if self._buttons is not None:
            messages = _under_the_last(messages, labels(self._buttons(answer)))
        return Reply(tuple(messages), data=self._data(answer))

    def _messages(self, found: Sequence[JsonValue]) -> list[BotMessage] | None:
        """The messages; None where something is no text."""
        texts = [_text(value) for value in found if value is not None]
        messages = [BotMessage(text) for text in texts if text is not None]
        return messages if len(messages) == len(texts) else None


class ListReading(Reading):
    """Makes a reply of the list of messages in an answer's JSON."""

    def __init__(self, options: HttpOptions, items: Items, place: JsonPath | None = None) -> None:
        super().__init__(options, place or JsonPath(items.path.source))
        self._items = items

    def __call__(self, answer: JsonValue) -> Reply | NoReply:
        """The reply, or why there is none."""
        found = self._reply(answer)
        if not found and self._reply.singular:
            return _nothing_at(self._reply, answer)
        messages = list(self._items(found))
        if messages == [BotMessage("")] and isinstance(found[0], dict):
            return _unreadable(f"what stands at {self._reply.source} is no list of messages")
        if self._buttons is not None:
            messages = _under_the_last(messages, labels(self._buttons(answer)))
        return Reply(tuple(messages), data=self._data(answer))


def reading(options: HttpOptions, place: JsonPath | None = None) -> Reading:
    """How the answers of a bot are read, from another place than the configured one if given."""
    if options.messages is None:
        return Reading(options, place)
    return ListReading(options, Items(options.messages), place)


class Values:
    """Finds the further values of an answer, by name."""

    def __init__(self, paths: Mapping[str, JsonPath]) -> None:
        self._paths = tuple((name, finder(path)) for name, path in paths.items())

    def __bool__(self) -> bool:
        return bool(self._paths)

    def __call__(self, answer: JsonValue) -> Mapping[str, JsonValue]:
        """What is there; what is not is left out."""
        return {name: value for name, path in self._paths for value in _once(path, answer)}


def together(replies: Sequence[Reply]) -> Reply:
    """One reply of several that came bit by bit; of values of one name the last stands."""
    messages = tuple(message for reply in replies for message in reply.messages)
    data = {name: value for reply in replies for name, value in reply.data.items()}
    return Reply(messages, data=data)


def with_data(reply: Reply, data: Mapping[str, JsonValue]) -> Reply:
    """The reply with further values."""
    return replace(reply, data={**reply.data, **data})


def _nothing_at(place: Finder, answer: JsonValue) -> NoReply:
    words = f"there is nothing at {place.source} in the answer"
    if not isinstance(answer, dict):
        return NoReply(words, "no-reply-text")
    kind = "error-reply" if any(answer.get(key) for key in _ERRORS) else "no-reply-text"
    return NoReply(words + first_words(f"; it has {', '.join(map(str, answer))}"), kind)


def _unreadable(words: str) -> NoReply:
    """Something stands there, so that it is no silence."""
    return NoReply(words, "unreadable-reply")


def _under_the_last(messages: list[BotMessage], found: tuple[str, ...]) -> list[BotMessage]:
    if not found:
        return messages
    *others, last = messages or [BotMessage("")]
    return [*others, replace(last, buttons=last.buttons + found)]


def _text(value: JsonValue) -> str | None:
    if isinstance(value, str):
        return value
    return None if isinstance(value, dict | list) else orjson.dumps(value).decode()


def _once(path: Finder, answer: JsonValue) -> tuple[JsonValue, ...]:
    """The value of a path, once; nothing where there is nothing."""
    found = path(answer)
    if path.singular:
        return tuple(found)
    return (list(found),) if found else ()
