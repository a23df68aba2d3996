"""What a user's code can be given besides messages: a history, files, the first word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.transcript import BotMessage, Card, Reply
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.python import FunctionTarget
from tests.targets.asking import go

HISTORY = (Line("user", "I am Zoe"), Line("bot", "Hello"))


class Polite:
    """A bot that speaks first."""

    def greet(self) -> str:
        return "Welcome!"

    def say(self, message: str) -> str:
        return f"You said {message}"


def counts(history: Sequence[Line]) -> str:
    return f"{len(history)}: {history[0].text}"


def takes_files(message: str, files: tuple[str, ...]) -> str:
    return f"{message} with {', '.join(files)}"


def plain(message: str) -> str:
    return message


def shows_a_card(message: str) -> Reply:
    return Reply((BotMessage("Größe", cards=(Card("Jacket"),)),))


def asked(bot: Any, message: Message, opening: Opening | None = None) -> Reply:
    async def ask() -> Reply:
        target = FunctionTarget(bot, "bot", Surroundings(), thread=False)
        session = await target.open(Start(opening or Opening(), "one", 7))
        return await session.say(message, 0.0)

    return go(ask())


def test_a_class_may_speak_first() -> None:
    assert asked(Polite, Message(opens=True)).text == "Welcome!"


def test_what_was_said_before_stands_in_the_history() -> None:
    assert asked(counts, Message("Hi"), Opening(history=HISTORY)).text == "3: I am Zoe"


def test_files_go_to_who_takes_them() -> None:
    assert asked(takes_files, Message("Look", files=("a.png",))).text == "Look with a.png"


def test_cards_stay_beside_words_that_are_not_english() -> None:
    (message,) = asked(shows_a_card, Message("Hi")).messages
    assert message.cards == (Card("Jacket"),)


@pytest.mark.parametrize(
    ("message", "opening", "kind"),
    [
        (Message(opens=True), Opening(), "no-greeting"),
        (Message("Hi"), Opening(history=HISTORY), "no-history"),
        (Message("Hi"), Opening(tools=(Tool(name="find"),)), "no-tools"),
        (Message("Hi", files=("a.png",)), Opening(), "no-files"),
    ],
)
def test_what_it_does_not_take_is_a_fault_with_its_mend(
    message: Message, opening: Opening, kind: str
) -> None:
    with pytest.raises(Fault) as fault:
        asked(plain, message, opening)
    assert fault.value.note.kind == kind
