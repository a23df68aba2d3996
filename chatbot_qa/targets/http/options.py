"""The keys of a target of the kind ``http``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.targets.wire import WireOptions

_ID = JsonPath("$.id")
_REPLY = JsonPath("$.reply")

Keeper = Literal["client", "server", "history"]
"""Who keeps a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basic:
    """User and password of basic authentication."""

    user: Annotated[str, "The user's name"]
    password: Annotated[str, "The password, as ${secret:NAME}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How requests are authenticated: one of these. Other ways go under ``headers``."""

    bearer: Annotated[str | None, "The token of a bearer header, as ${secret:NAME}"] = None
    basic: Annotated[Basic | None, "User and password"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request beside the conversation, before it or after it."""

    url: Annotated[str, "Where to; ${session} is the session's id where there is one"]
    method: Annotated[str, "GET, POST, PUT, PATCH or DELETE"] = "POST"
    body: Annotated[Data | None, "The JSON to send; ${system} is the suite's system prompt"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCall(Call):
    """The request that begins a session on the server."""

    id: Annotated[JsonPath, "Where in its answer the session's id stands"] = _ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the bot calls the parts of ``${history}``."""

    role: Annotated[str, "The key of who spoke"] = "role"
    content: Annotated[str, "The key of what was said"] = "content"
    user: Annotated[str, "What the user is called"] = "user"
    bot: Annotated[str, "What the bot is called"] = "assistant"
    system: Annotated[str, "What the system prompt is called, where the history begins with it"] = (
        ""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions(WireOptions):
    """The keys of a target of the kind ``http``."""

    url: Annotated[str, "The address that takes messages; may hold ${session}"]
    method: Annotated[str, "GET, POST, PUT or PATCH"] = "POST"
    query: Annotated[Mapping[str, str], "Parameters of the address; may hold ${message}"] = field(
        default_factory=dict
    )
    body: Annotated[
        Data | None,
        "The JSON to send, with ${message}, ${session}, ${history}, ${system} and ${click}",
    ] = None
    reply: Annotated[JsonPath, "Where in the answer the text, or a list of texts, stands"] = _REPLY
    buttons: Annotated[JsonPath | None, "Where in the answer the labels of buttons stand"] = None
    data: Annotated[Mapping[str, JsonPath], "Further values of the answer, by name"] = field(
        default_factory=dict
    )
    session: Annotated[
        Keeper,
        "Who keeps the conversation: the server by an id of ours (client) or of its own "
        "(server), or nobody, so that all of it is sent each time (history)",
    ] = "client"
    start: Annotated[StartCall | None, "The request whose answer gives the session's id"] = None
    end: Annotated[Call | None, "The request that ends a session"] = None
    history: Annotated[Naming, "What the parts of ${history} are called"] = field(
        default_factory=Naming
    )
    cookies: Annotated[bool, "Whether each session keeps the cookies that it is given"] = False
    auth: Annotated[Auth | None, "How requests are authenticated"] = None
