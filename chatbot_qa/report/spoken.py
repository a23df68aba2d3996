"""A transcript as data and as plain text, for reports that show conversations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from chatbot_qa.domain.transcript import (
    BotMessage,
    Card,
    Exchange,
    FaultNote,
    Media,
    ToolCall,
    Transcript,
)
from chatbot_qa.text.json_in import told as told_json
from chatbot_qa.text.safe import for_terminal

LONGEST_ADDRESS = 200
"""Characters that are shown of an address: some hold a whole picture."""
LONGEST_VALUE = 400


def turns_of(exchanges: Sequence[Exchange]) -> Iterator[tuple[int, Exchange]]:
    """Each exchange with the author's number of its turn; 0 for a request beside the dialogue."""
    for number, exchange in enumerate(exchanges, 1):
        beside = exchange.say.message.call is not None
        yield 0 if beside else exchange.say.turn or number, exchange


def heard(exchange: Exchange) -> str:
    """What the user sent, in words."""
    message = exchange.say.message
    if message.call:
        return f"(a request: {message.call.method} {address(message.call.url)})"
    if message.opens:
        return "(says nothing: the bot speaks first)"
    said = f"[{message.click}]" if message.click else message.text
    files = ", ".join(PurePath(file).name for file in message.files)
    return f"{said} (with {files})".lstrip() if files else said


def answered(exchange: Exchange) -> str:
    """What came back, in words: calls, texts, buttons, cards, media, or why nothing came."""
    lines = []
    if exchange.reply:
        lines += [f"({called(call)})" for call in exchange.reply.calls]
        for message in exchange.reply.messages:
            lines += _message(message)
    if exchange.fault:
        lines.append(f"(no reply: {exchange.fault.message})")
    return "\n".join(lines) or "(nothing)"


def _message(message: BotMessage) -> Iterator[str]:
    buttons = _buttons(message.buttons)
    if message.text or buttons or not (message.cards or message.media):
        yield message.text + buttons
    for card in message.cards:
        yield f"(card: {'; '.join(of_card(card))}){_buttons(card.buttons)}"
    yield from (f"({of_media(media)})" for media in message.media)


def _buttons(labels: Sequence[str]) -> str:
    return "".join(f" [{label}]" for label in labels)


def called(call: ToolCall) -> str:
    """A tool call in words, with its arguments and what it was given back."""
    given = "" if call.arguments is None else f" with {told_json(call.arguments, LONGEST_VALUE)}"
    result = "" if call.result is None else f", and got {told_json(call.result, LONGEST_VALUE)}"
    return f"called {call.name}{given}{result}"


def of_card(card: Card) -> tuple[str, ...]:
    """What a card shows beside its buttons: title, text, link, picture."""
    picture = f"image {address(card.image)}" if card.image else ""
    return tuple(part for part in (card.title, card.text, address(card.url), picture) if part)


def of_media(media: Media) -> str:
    """A picture, sound, video or file in words; it is never loaded."""
    names = " ".join(part for part in (media.name, address(media.url)) if part)
    return f"{media.kind or 'file'}: {names}"


def address(url: str) -> str:
    """An address, cut short where it is one of those that hold all they lead to."""
    if len(url) <= LONGEST_ADDRESS:
        return url
    return f"{url[:LONGEST_ADDRESS]}…({len(url) - LONGEST_ADDRESS:,} more characters)"


def speech(transcript: Transcript) -> str:
    """The conversation as plain text, a line or more for each that spoke."""
    lines = []
    for number, exchange in enumerate(transcript.exchanges, 1):
        to = exchange.say.to
        name = "user" if to == "bot" else f"user to {to}"
        lines.append(_spoken(f"{number} {name}", heard(exchange)))
        lines.append(_spoken(f"{number} {to}", answered(exchange)))
    if fault := untold_fault(transcript):
        lines.append(_spoken("the conversation ended", fault.message))
    return "\n".join(lines)


def untold_fault(transcript: Transcript) -> FaultNote | None:
    """What ended the conversation early, where its last exchange does not tell it already."""
    last = transcript.exchanges[-1].fault if transcript.exchanges else None
    return None if transcript.fault == last else transcript.fault


def _spoken(lead: str, text: str) -> str:
    rows = for_terminal(text).split("\n")
    return f"{lead}: " + ("\n" + " " * (len(lead) + 2)).join(rows)


def data(transcript: Transcript) -> dict[str, Any]:
    """The conversation as plain data, defaults left out."""
    told: dict[str, Any] = {
        "key": transcript.key,
        "exchanges": [_exchange(exchange) for exchange in transcript.exchanges],
    }
    if transcript.fault:
        told["fault"] = asdict(transcript.fault)
    return told


def _exchange(exchange: Exchange) -> dict[str, Any]:
    message = exchange.say.message
    told: dict[str, Any] = {"to": exchange.say.to}
    if exchange.say.turn:
        told["turn"] = exchange.say.turn
    told |= {"click": message.click} if message.click else {"say": message.text}
    if message.files:
        told["files"] = list(message.files)
    if message.opens:
        told["opens"] = True
    if exchange.reply:
        reply = exchange.reply
        told["reply"] = [{"text": part.text, **_given(part)} for part in reply.messages]
        if reply.calls:
            told["calls"] = [_given(call) for call in reply.calls]
        if reply.first_token is not None:
            told["first_token"] = reply.first_token
        if reply.usage:
            told["usage"] = asdict(reply.usage)
        if reply.cost:
            told["cost"] = asdict(reply.cost)
        if reply.data:
            told["data"] = dict(reply.data)
    told |= {"at": exchange.at, "seconds": exchange.seconds}
    if exchange.fault:
        told["fault"] = asdict(exchange.fault)
    if exchange.attempts != 1:
        told["attempts"] = exchange.attempts
    return told


def _given(part: Struct) -> dict[str, Any]:
    """What a part of a reply has to say, as plain data."""
    told: dict[str, Any] = {}
    for name, value in asdict(part).items():
        if isinstance(value, tuple) and value:
            told[name] = [_given(one) if isinstance(one, Struct) else one for one in value]
        elif value not in (None, "", ()):
            told[name] = value
    return told
