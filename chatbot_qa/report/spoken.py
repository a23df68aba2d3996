"""A transcript as data and as plain text, for reports that show conversations."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript
from chatbot_qa.text.safe import for_terminal


def heard(exchange: Exchange) -> str:
    """What the user sent, in words."""
    message = exchange.say.message
    return message.text if not message.click else f"[{message.click}]"


def answered(exchange: Exchange) -> str:
    """What came back, in words: the texts with their buttons, or why nothing came."""
    lines = []
    for message in exchange.reply.messages if exchange.reply else ():
        buttons = "".join(f" [{label}]" for label in message.buttons)
        lines.append(message.text + buttons)
    if exchange.fault:
        lines.append(f"(no reply: {exchange.fault.message})")
    return "\n".join(lines) or "(nothing)"


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
    told |= {"click": message.click} if message.click else {"say": message.text}
    if exchange.reply:
        reply = exchange.reply
        told["reply"] = [
            {"text": part.text, **({"buttons": list(part.buttons)} if part.buttons else {})}
            for part in reply.messages
        ]
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
