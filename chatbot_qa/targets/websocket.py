"""The target ``websocket``: a bot that is sent JSON over a WebSocket, one connection a session.

    kind: websocket
    url: wss://bot.example.com/chat

Its reply is what comes until it is quiet, or what bears the id of the message that was sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import Data, Duration, JsonPath, JsonValue
from chatbot_qa.targets.base import Fault, Start, Surroundings, no_files, target
from chatbot_qa.targets.several import Gathered, Places, refuse_opening, until_quiet
from chatbot_qa.targets.template import Fill, Template, names_in
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    SENSITIVE,
    Answer,
    Request,
    WireOptions,
    check_address,
    credentials,
    first_words,
    in_address,
    public,
    refuse,
)
from chatbot_qa.text.paths import finder

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

_QUIET = 1.0
_REPLY = JsonPath("$.reply")
_SEND: Mapping[str, str] = {"session_id": "${session}", "id": "${id}", "message": "${message}"}
_OPENED = frozenset({"session", "system"})
_SAID = _OPENED | {"message", "id"}
_GOODBYE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsocketOptions(WireOptions):
    """The keys of a target of the kind ``websocket``."""

    url: Annotated[str, "The address, as wss://…; may hold ${session}"]
    start: Annotated[
        Data | None, "The JSON to send once, when a session begins; may hold ${session}, ${system}"
    ] = None
    send: Annotated[
        Data, "The JSON of a message, with ${message}, ${session}, ${id} and ${system}"
    ] = field(default_factory=lambda: Data(dict(_SEND)))
    reply: Annotated[JsonPath, "Where in what the bot sends the text stands"] = _REPLY
    buttons: Annotated[JsonPath | None, "Where in it the labels of buttons stand"] = None
    id: Annotated[
        JsonPath | None, "Where in it the ${id} of the message stands that it answers"
    ] = None
    reply_complete_after: Annotated[
        Duration | None,
        "How long it is quiet when its reply is complete; 1s if not given, and 0s (the first "
        "message is all of it) where id: is given",
    ] = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        WireOptions.__post_init__(self)
        scheme, colon, rest = self.url.partition("://")
        if self.url.startswith("${secret:"):
            pass  # what it is filled in with is looked at when it is
        else:
            refuse(
                not colon or scheme not in ("ws", "wss"),
                f"url: {self.url} is no address of a WebSocket; it begins with ws:// or wss://",
            )
            check_address(f"http://{rest}", "url")
        sent = names_in(self.send)
        refuse("message" not in sent, "send: what the user says is sent nowhere; put ${message} in")
        refuse(
            self.id is not None and "id" not in sent,
            "id: is compared with the ${id} that was sent, but send: has none",
        )
