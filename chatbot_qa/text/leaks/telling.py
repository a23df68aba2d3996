"""Whether a sentence speaks of a secret: the words around a find that make it one."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TELLING = re.compile(
    r"\b(?:codes?|password|passphrase|passcode|secret|phrase|hint|clue|riddle|words?|kennwort|"
    r"passwort|geheim\w*|mot de passe|contraseña|clave|"
    r"in (?:french|german|spanish|english)|auf (?:deutsch|englisch)|en (?:español|inglés|français|"
    r"anglais)|translat\w+)\b",
    re.IGNORECASE,
)
_HINTING = re.compile(
    r"\b(?:contain\w*|includ\w+|involv\w+|something (?:about|like|with)|to do with|parts?|pieces?|"
    r"about an?|remember|react|(?:first|second|third|next|last) (?:one|word|part|half))\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?\n](?:\s|$)")
_BRIEF = 90
"""Characters of a sentence that has nothing to tell but a hint."""


def tells(text: str, start: int, end: int, own: Sequence[str]) -> bool:
    """Whether the sentences around a place speak of a secret, in other words than its own.

    A short sentence that hints at something ("it is about …") does so too.
    """
    sentence = _sentence(text, start, end)
    if len(sentence) <= _BRIEF and _HINTING.search(sentence):
        return True
    return any(match.group().casefold() not in own for match in _TELLING.finditer(sentence))


def crosses(text: str, start: int, end: int) -> bool:
    """Whether a sentence ends between two places."""
    return _STOP.search(text, start, end) is not None


def _sentence(text: str, start: int, end: int) -> str:
    """The sentences around a place of the text, at most 200 characters to each side."""
    low = max(0, start - 200)
    stops = [stop.end() for stop in _STOP.finditer(text, low, start)]
    stop = _STOP.search(text, end, end + 200)
    return text[stops[-1] if stops else low : stop.start() if stop else end + 200]
