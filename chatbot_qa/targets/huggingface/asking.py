"""What passes between the event loop and the thread in which a model decodes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chatbot_qa.domain.plan import Line

Finish = Literal["stop", "length"]


class Asked(Struct, frozen=True):
    """A reply is wanted to a conversation, the user's newest line last.

    ``session`` names it; ``temperature`` is the suite's, None for the model's own; ``at`` is
    when it was asked, by the monotonic clock.
    """

    session: str
    system: str | None
    lines: tuple[Line, ...]
    temperature: float | None
    seed: int
    at: float


class Made(Struct, frozen=True):
    """A reply: its text, why it ended, tokens read and written, seconds to its first token.

    ``reused`` of the tokens read were in memory.
    """

    text: str
    finish: Finish
    read: int
    written: int
    reused: int
    first_token: float


class Full(Exception):
    """There is no memory for a conversation, not even alone."""


class Question(Struct, frozen=True):
    """What is asked of a model that answers alone; ``context`` is the text to find it in."""

    text: str
    context: str = ""
