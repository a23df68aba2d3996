"""Secrets never reach a journal, a report or a check: each is shown as ``‹secret:NAME›``.

A bot seldom repeats a key as it stands; it quotes the JSON, the URL or the header in which
it saw it. So every secret is looked for as plain text, JSON-escaped, URL-encoded and as
base64, the latter also inside a longer base64 text (``Authorization: Basic …``).
"""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from msgspec.structs import replace

from chatbot_qa.domain.plan import Call, Message
from chatbot_qa.domain.transcript import BotMessage, Card, FaultNote, Media, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError

SHORTEST = 4
"""Characters of the shortest value that is taken for a secret: less would mask everything."""

_ENOUGH_BASE64 = 8
"""Characters of base64 below which a piece of it turns up in texts by chance."""

_ESCAPE = re.compile(r"%[0-9A-F]{2}|\\u[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks secrets, given as name to value. Without any it hands everything back as it is.

    Raises ``UsageError`` for a value that is too short to be told from ordinary text.
    """

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    _marks: dict[str, str] = field(init=False, repr=False, compare=False)
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        marks: dict[str, str] = {}
        for name, value in sorted(self.secrets.items()):
            if len(value.strip()) < SHORTEST:
                raise UsageError(
                    f"the secret {name} is shorter than {SHORTEST} characters; masking it would "
                    "mask ordinary words too",
                    f"give {name} its real value, or take it off the list of secrets",
                )
            mark = f"‹secret:{name}›"
            marks[mark] = mark  # what is masked already stays as it is
            for form in _forms(value):
                marks.setdefault(form, mark)
        longest_first = sorted(marks, key=lambda form: (-len(form), form))
        pattern = re.compile("|".join(map(re.escape, longest_first))) if marks else None
        object.__setattr__(self, "_marks", marks)
        object.__setattr__(self, "_pattern", pattern)

    def __bool__(self) -> bool:
        return self._pattern is not None

    def __call__(self, text: str) -> str:
        """The text with every secret masked."""
        if self._pattern is None:
            return text
        return self._pattern.sub(self._mark, text)

    def _mark(self, match: re.Match[str]) -> str:
        return self._marks[match.group()]

    def redact_message(self, message: Message) -> Message:
        """What the user sends, masked; the same object where there are no secrets."""
        if not self:
            return message
        call = message.call
        return replace(
            message,
            text=self(message.text),
            click=self(message.click),
            call=None if call is None else self._call(call),
        )

    def _call(self, call: Call) -> Call:
        headers = {name: self(value) for name, value in call.headers.items()}
        return Call(self(call.url), call.method, headers, self.redact_data(call.body))

    def redact_reply(self, reply: Reply) -> Reply:
        """A reply with its texts, buttons and data masked."""
        if not self:
            return reply
        messages = tuple(self._message(message) for message in reply.messages)
        calls = tuple(
            replace(
                call,
                name=self(call.name),
                arguments=self.redact_data(call.arguments),
                result=self.redact_data(call.result),
            )
            for call in reply.calls
        )
        return replace(reply, messages=messages, data=self.redact_data(reply.data), calls=calls)

    def _message(self, message: BotMessage) -> BotMessage:
        cards = tuple(
            Card(
                self(card.title),
                self(card.text),
                tuple(map(self, card.buttons)),
                self(card.url),
                self(card.image),
            )
            for card in message.cards
        )
        media = tuple(Media(self(one.url), one.kind, self(one.name)) for one in message.media)
        return BotMessage(self(message.text), tuple(map(self, message.buttons)), cards, media)

    def redact_fault(self, note: FaultNote) -> FaultNote:
        """Why no reply came, masked: it quotes what the server sent."""
        if not self:
            return note
        return FaultNote(note.kind, self(note.message), self(note.again))

    def redact_data(self, data: JsonValue) -> Any:
        """JSON data with every text in it masked, keys included."""
        if not self:
            return data
        if isinstance(data, str):
            return self(data)
        if isinstance(data, Mapping):
            return {self(key): self.redact_data(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.redact_data(value) for value in data]
        return data


def _forms(value: str) -> Iterator[str]:
    """The ways in which a secret is written down; each is looked for."""
    for plain in {value, value.strip()}:
        octets = plain.encode("utf-8", "surrogateescape")
        yield plain
        for escaped in (
            json.dumps(plain)[1:-1],
            json.dumps(plain, ensure_ascii=False)[1:-1],
            json.dumps(plain)[1:-1].replace("/", "\\/"),
            quote(octets, safe=""),
            quote(octets),
            quote_plus(octets),
        ):
            yield escaped
            yield _ESCAPE.sub(_other_case, escaped)
        yield from _base64(octets)


def _other_case(escape: re.Match[str]) -> str:
    digits = escape.group()
    return digits[:2] + digits[2:].swapcase() if digits[0] == "\\" else digits.swapcase()


def _base64(octets: bytes) -> Iterator[str]:
    """As base64 on its own, and the part of it that is the same inside any longer text.

    Base64 turns three octets into four characters, so what a secret looks like depends on
    how many octets stand before it, modulo 3; its first and last character may also hold
    bits of its neighbours.
    """
    for encode in (b64encode, urlsafe_b64encode):
        alone = encode(octets).decode("ascii")
        yield alone
        yield alone.rstrip("=")
        for before in range(3):
            begin = (before * 8 + 5) // 6
            end = (before + len(octets)) * 8 // 6
            inside = encode(bytes(before) + octets).decode("ascii")[begin:end]
            if len(inside) >= _ENOUGH_BASE64:
                yield inside
