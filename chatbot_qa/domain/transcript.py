"""What came back: replies, exchanges and transcripts. These are facts; the journal keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from chatbot_qa.domain.plan import Say
from chatbot_qa.domain.values import JsonValue, Money


class Card(Struct, frozen=True):
    """A card of a message: its title, and its text, buttons, link and image where it has them."""

    title: str
    text: str = ""
    buttons: tuple[str, ...] = ()
    url: str = ""
    image: str = ""


class Media(Struct, frozen=True):
    """What is shown or offered beside the text: ``kind`` is image, audio, video or file."""

    url: str
    kind: str = ""
    name: str = ""


class BotMessage(Struct, frozen=True):
    """One message of a reply, with the labels of the buttons (and quick replies) under it."""

    text: str
    buttons: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    media: tuple[Media, ...] = ()


class ToolCall(Struct, frozen=True):
    """A function that the bot called before it replied, and what it was given back.

    ``result`` is None where the bot was given nothing back: its reply ends with the call.
    """

    name: str
    arguments: JsonValue = None
    result: JsonValue = None
    id: str = ""


class Usage(Struct, frozen=True):
    """Tokens, as the target counted them."""

    input_tokens: int
    output_tokens: int


def _nothing() -> Mapping[str, JsonValue]:
    return {}


class Reply(Struct, frozen=True):
    """What the bot answered to one message.

    ``first_token`` is in seconds after the request was sent, None where the answer did
    not stream. ``cost`` is None where the price is not known, never 0 for unknown.
    ``data`` holds what the target maps from its answer (slots, intents) by name, ``calls``
    the functions that the bot called on the way to it. No messages at all: it said nothing.
    """

    messages: tuple[BotMessage, ...]
    first_token: float | None = None
    usage: Usage | None = None
    cost: Money | None = None
    data: Mapping[str, JsonValue] = field(default_factory=_nothing)
    calls: tuple[ToolCall, ...] = ()

    @property
    def text(self) -> str:
        """The texts of all messages, joined by newlines."""
        if len(self.messages) == 1:
            return self.messages[0].text
        return "\n".join(message.text for message in self.messages)

    @property
    def says_something(self) -> bool:
        """Whether there is a word, button, card, medium or function call in it."""
        return bool(self.calls) or any(
            message.text.strip() or message.buttons or message.cards or message.media
            for message in self.messages
        )


def text_reply(text: str) -> Reply:
    """A reply of a single message."""
    return Reply((BotMessage(text),))


class FaultNote(Struct, frozen=True):
    """Why no reply came, in words for a person, and the request that repeats it.

    ``kind`` is a stable kebab-case name (``refused``, ``timeout``, ``not-json``,
    ``status``, ``dns`` …); ``again`` is a curl line with its secrets masked, or "".
    """

    kind: str
    message: str
    again: str = ""


class Exchange(Struct, frozen=True):
    """One sent message with its reply, or with the fault that came instead.

    ``at`` is when it was sent, in seconds since the epoch; ``seconds`` is how long the
    reply took, of the last attempt alone, without waiting for limits.
    """

    say: Say
    reply: Reply | None
    at: float
    seconds: float
    fault: FaultNote | None = None
    attempts: int = 1

    @property
    def text(self) -> str:
        """The reply's text; empty where none came."""
        return self.reply.text if self.reply else ""


class Transcript(Struct, frozen=True):
    """All exchanges of one trial in the order they happened.

    ``fault`` is what ended it early; ``live`` is False where it comes from a journal of
    another run, so that its times are not those of the bot today.
    """

    key: str
    exchanges: tuple[Exchange, ...]
    fault: FaultNote | None = None
    live: bool = True
