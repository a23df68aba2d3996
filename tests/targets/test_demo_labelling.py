"""The demo bot says which intent a text has, and how sure it is."""

from __future__ import annotations

import pytest

from chatbot_qa.targets.demo.bot import Bot
from chatbot_qa.targets.demo.labelling import intent_wanted
from chatbot_qa.targets.demo.options import SOUND


@pytest.mark.parametrize(
    ("text", "said", "data"),
    [
        ("When are you open?", "Intent: hours.", {"intents": ["hours"], "sure": 0.9}),
        (
            "How much is shipping? When are you open?",
            "Intent: shipping.",
            {"intents": ["shipping", "hours"], "sure": 0.45},
        ),
        ("Xyzzy?", "I cannot tell what it is about.", {"intents": [], "sure": 0.0}),
    ],
)
def test_an_intent_is_told_with_how_sure_it_is(text: str, said: str, data: object) -> None:
    answer = Bot(SOUND, 7, "one").reply(f"Which intent is this: {text}")
    assert (answer.text, answer.data, answer.calls) == (said, data, ())


def test_anything_else_is_answered_as_ever() -> None:
    assert intent_wanted("When are you open?") is None
    assert intent_wanted("Which intent is this:") is None
    assert "Intent:" not in Bot(SOUND, 7, "one").reply("When are you open?").text
