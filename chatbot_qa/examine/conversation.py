"""The case kind ``conversations``: turns replayed in order, each reply checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from chatbot_qa.domain.suite import Case, Expectation, Text, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCase(Case):
    """A conversation: what the user says turn by turn, and what is expected of the replies."""

    turns: Annotated[tuple[Turn, ...], "What is said, in order"]
    expect: Annotated[tuple[Expectation, ...], "Checks of the conversation as a whole"] = ()
    expect_each_reply: Annotated[tuple[Expectation, ...], "Checks of every reply"] = ()
    system: Annotated[Text | None, "The system prompt that the bot is given"] = None
    on_failure: Annotated[
        Literal["continue", "stop"], "Whether to go on talking after a failed check"
    ] = "continue"
