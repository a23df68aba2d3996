"""What passes between the event loop and the thread in which a model decodes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chatbot_qa.domain.plan import Line
from chatbot_qa.errors import UsageError

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


class NoNumbers(UsageError):
    """What a model computes is NaN or infinite, so that no word is likelier than another."""

    def __init__(self, who: str = "the model") -> None:
        super().__init__(
            f"{who} computes no numbers: what it gives is NaN or infinite",
            "are its weights whole? dtype: float32 holds larger numbers than float16",
        )


class Question(Struct, frozen=True):
    """What is asked of a model that answers alone; ``context`` is the text to find it in."""

    text: str
    context: str = ""
