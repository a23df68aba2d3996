"""Which intent a text has: the one thing that the bot does for a machine and not for a customer."""

from __future__ import annotations

import re

from chatbot_qa.targets.demo.answer import Said
from chatbot_qa.targets.demo.hearing import asked_in, language_of, words_of

_WANTED = re.compile(r"\s*which intent (?:is this|has this text)\s*:\s*(.+)", re.I | re.DOTALL)
_SURE = 0.9
"""How sure it is where a text has one intent alone; the less the more there are."""


def intent_wanted(message: str) -> Said | None:
    """The intent of the text after ``Which intent is this:``; None where nobody asks for one.

    ``data`` holds the intents of the text, and how sure the bot is of the first, from 0 to 1.
    """
    found = _WANTED.fullmatch(message)
    if found is None:
        return None
    text = found.group(1)
    asked = asked_in(text, language_of(words_of(text)) or "en")
    intents = list(dict.fromkeys(one.intent for one in asked))
    if not intents:
        return Said("I cannot tell what it is about.", {"intents": [], "sure": 0.0})
    sure = _SURE / len(intents)
    return Said(f"Intent: {intents[0]}.", {"intents": intents, "sure": sure})
