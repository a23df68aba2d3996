"""What the demo bot sends back, and the parts that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from chatbot_qa.domain.transcript import BotMessage, ToolCall


class Answer(Struct, frozen=True):
    """What the bot sends back, and after how many seconds; ``data`` is what it makes of it.

    ``calls`` are the functions that it called before.
    """

    messages: tuple[BotMessage, ...]
    delay: float
    data: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[ToolCall, ...] = ()

    @property
    def text(self) -> str:
        """The texts of all messages, joined by newlines."""
        return "\n".join(message.text for message in self.messages)


class Said(Struct, frozen=True):
    """One part of an answer; ``data`` is the same for a machine, ``then`` a second message."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()
    then: str = ""
