"""Which intent a text has: the one thing that the bot does for a machine and not for a customer."""

from __future__ import annotations

import re

from msgspec import Struct

from chatbot_qa.targets.demo.hearing import asked_in, language_of, words_of

_WANTED = re.compile(r"\s*which intent (?:is this|has this text)\s*:\s*(.+)", re.I | re.DOTALL)


class Intent(Struct, frozen=True):
    """What a text is about, "" where the bot cannot tell, and how sure it is, from 0 to 1."""

    name: str
    sure: float


def text_to_label(message: str) -> str | None:
    """The text whose intent is asked for; None where nothing of the kind is asked."""
    found = _WANTED.fullmatch(message)
    return None if found is None else found.group(1)


def intent_in(text: str) -> Intent:
    """The intent of a text: the first of those it has, the less sure the more there are."""
    asked = asked_in(text, language_of(words_of(text)) or "en")
    if not asked:
        return Intent("", 0.0)
    return Intent(asked[0].intent, 0.9 / len({ask.intent for ask in asked}))
