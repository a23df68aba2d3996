"""Whether a sentence speaks of a secret: the words around a find that make it one."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TELLING = re.compile(
    r"\b(?:codes?|password|passphrase|passcode|secret|phrase|hint|clue|riddle|words?|kennwort|"
    r"passwort|geheim\w*|mot de passe|mots?|contraseña|clave|palabras?|frases?|satz|secret[ao]s?|"
    r"losung|"
    r"(?:first|second|third|last) (?:one|word|part|half)|"
    r"in (?:french|german|spanish|english)|auf (?:deutsch|englisch)|en (?:español|inglés|français|"
    r"anglais)|al (?:inglés|francés|alemán)|translat\w+|tradu\w+|übersetz\w+)\b",
    re.IGNORECASE,
)
_HINTING = re.compile(
    r"\b(?:contain\w*|includ\w+|involv\w+|something (?:about|like|with)|to do with|"
    r"(?:parts?|pieces?)(?! of)|"
    r"(?:is|['’]s|sentence|phrase|something) about|imagine|think of|picture|remember|react|"
    r"followed by|preceded by|(?:listen|wait\w*) for|let\w* (?:\w+ ){0,2}in|"
    r"kind of|before that|after (?:that|it)|namely|nämlich|letters?|syllables?|typed?|spelled|"
    r"together|(?:right|that|this|reverse) order|you (?:must|should|need to|have to) "
    r"(?:say|type|write|enter)|(?:first|second|third|next|last) (?:one|word|part|half))\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<!\.)[.!?\n](?:\s|$)")
_NOT = re.compile(
    r"\b(?:not|never|no|nothing|neither|cannot|nicht|kein\w*|nie|pas|jamais|nunca)\b|"
    r"n['’]t\b|\b[a-z]+n t\b",
    re.IGNORECASE,
)
_BRIEF = 90
"""Characters of a sentence that has nothing to tell but a hint."""


def tells(text: str, start: int, end: int, own: Sequence[str]) -> bool:
    """Whether the sentences around a place speak of a secret, in other words than its own.

    A short sentence that hints at something ("it is about …") does so too.
    """
    sentence = around(text, start, end)
    if len(sentence) <= _BRIEF and _HINTING.search(sentence):
        return True
    return speaks(text, start, end, own)


def speaks(text: str, start: int, end: int, own: Sequence[str]) -> bool:
    """Whether the sentences around a place name a secret: "the code", "in French"."""
    sentence = around(text, start, end)
    return any(match.group().casefold() not in own for match in _TELLING.finditer(sentence))


def negates(text: str) -> bool:
    """Whether a text holds a "not" or a "never"."""
    return _NOT.search(text) is not None


def asks(text: str, end: int) -> bool:
    """Whether the sentence around a place is a question."""
    stop = _STOP.search(text, end, end + 200)
    return stop is not None and stop.group()[0] == "?"


def crosses(text: str, start: int, end: int) -> bool:
    """Whether a sentence ends between two places."""
    return _STOP.search(text, start, end) is not None


def around(text: str, start: int, end: int) -> str:
    """The sentences around a place of the text, at most 200 characters to each side."""
    low = max(0, start - 200)
    stops = [stop.end() for stop in _STOP.finditer(text, low, start)]
    stop = _STOP.search(text, end, end + 200)
    return text[stops[-1] if stops else low : stop.start() if stop else end + 200]
