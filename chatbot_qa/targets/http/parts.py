"""The groups of keys within a target of the kind ``http``, one type for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from chatbot_qa.domain.values import Data, Duration, JsonPath
from chatbot_qa.targets.wire import Basic

_ID = JsonPath("$.id")

Keeper = Literal["client", "server", "history"]
"""Who keeps a conversation."""

ShapeName = Literal["plain", "rasa", "bot-framework"]
"""What the messages of an answer look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Client credentials: a token is fetched, and fetched anew when it has expired."""

    token_url: Annotated[str, "The address that gives tokens"]
    client_id: Annotated[str, "Who asks"]
    client_secret: Annotated[str, "The client's secret, as ${secret:NAME}"]
    scope: Annotated[str, "What the token is for, several separated by spaces"] = ""
    audience: Annotated[str, "Whom the token is for, where the token server wants to know"] = ""
    credentials: Annotated[
        Literal["body", "header"],
        "Whether id and secret go into the form (body) or into a basic header (header)",
    ] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How requests are authenticated: one of these. Other ways go under ``headers``."""

    bearer: Annotated[str | None, "The token of a bearer header, as ${secret:NAME}"] = None
    basic: Annotated[Basic | None, "User and password"] = None
    oauth: Annotated[OAuth | None, "A token by OAuth client credentials"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request beside the conversation, before it or after it."""

    url: Annotated[str, "Where to; ${session} is the session's id where there is one"]
    method: Annotated[str, "GET, POST, PUT, PATCH or DELETE"] = "POST"
    headers: Annotated[Mapping[str, str], "Headers besides those of every request"] = field(
        default_factory=dict
    )
    body: Annotated[Data | None, "The JSON to send; ${system} is the suite's system prompt"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCall(Call):
    """The request that begins a session on the server."""

    id: Annotated[JsonPath, "Where in its answer the session's id stands"] = _ID


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCall(Call):
    """The request after each reply that asks what the bot knows."""

    method: Annotated[str, "GET, POST, PUT, PATCH or DELETE"] = "GET"
    data: Annotated[Mapping[str, JsonPath], "Values of its answer, by name"]


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
class Messages:
    """Where several messages stand in an answer, and the parts of each.

    Paths of parts begin at the message; those that are not given are the shape's.
    """

    shape: Annotated[
        ShapeName,
        "What the messages look like: plain objects with text, buttons, cards and media, "
        "those of Rasa's REST channel, or Bot Framework activities",
    ] = "plain"
    path: Annotated[JsonPath | None, "Where the list of messages stands"] = None
    text: Annotated[JsonPath | None, "A message's text"] = None
    buttons: Annotated[JsonPath | None, "A message's buttons or quick replies"] = None
    cards: Annotated[JsonPath | None, "A message's cards"] = None
    media: Annotated[JsonPath | None, "A message's images, audio, video and files"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How messages are fetched that the bot sends later."""

    url: Annotated[str, "Where to ask; may hold ${session}, ${cursor} and ${id}"]
    method: Annotated[str, "GET or POST"] = "GET"
    headers: Annotated[Mapping[str, str], "Headers besides those of every request"] = field(
        default_factory=dict
    )
    body: Annotated[Data | None, "The JSON to send, with the same names"] = None
    every: Annotated[Duration, "The pause between two requests"] = Duration(0.5)
    gives: Annotated[
        Literal["new", "all"],
        "Whether an answer holds the messages that are new, or all of the conversation",
    ] = "new"
    cursor: Annotated[JsonPath | None, "Where in an answer the next ${cursor} stands"] = None
    id: Annotated[JsonPath | None, "Where ${id} stands in the answer to the message"] = None
    done: Annotated[JsonPath | None, "Where in an answer it says that the reply is complete"] = None
    done_is: Annotated[str, "What stands there then"] = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How a reply is read from server-sent events."""

    each: Annotated[
        Literal["piece", "answer"],
        "What an event holds: a piece of the text, or an answer with messages of its own",
    ] = "piece"
    piece: Annotated[
        JsonPath | None,
        "Where in an event's JSON a piece of the text stands; without it the data is the piece",
    ] = None
    event: Annotated[str, "The name of the events that count; any if not given"] = ""
    end: Annotated[str, "The data of the event that ends the reply, such as [DONE]"] = ""
    end_event: Annotated[str, "The name of the event that ends the reply"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """How the bot comes to speak first: one of these."""

    say: Annotated[str | None, "What is sent as ${message}, so that the bot begins"] = None
    body: Annotated[Data | None, "What is sent in place of body:, so that the bot begins"] = None
    reply: Annotated[JsonPath | None, "Where in the answer to start: its first words stand"] = None
