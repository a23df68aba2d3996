"""Text in quotes as YAML reads it, and the backslashes in it that its author meant otherwise."""

from __future__ import annotations

import re
from typing import Final

CLOSED: Final = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*+'"),
}
"""A quoted text up to its closing quote, by the quote."""

SINGLE_QUOTES: Final = "put the text in single quotes, in which a backslash is a backslash"

_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<known>[0abtnvfreN_LP \t\n/\\\"])"
    r"|(?P<wrong>.))",
    re.DOTALL,
)
_PATTERN: Final = "bPLN_e0afv"
_VERBATIM: Final = {"matches": _PATTERN, "not_matches": _PATTERN, "file": "abtnvfreN_LP0"}
"""Keys under which a backslash is meant to stay one, with the letters that YAML would take."""


def quoted(text: str) -> str:
    """A text in the quotes that need the least change to it."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def lost_backslashes(text: str, key: str) -> list[int]:
    """Where in a double-quoted text a backslash is refused by YAML, or not left as it is."""
    taken = _VERBATIM.get(key, "")
    return [
        found.start()
        for found in _ESCAPE.finditer(text)
        if found["wrong"] or (found["known"] or "-") in taken
    ]


def about_backslash(text: str, at: int) -> str:
    """What YAML makes of the backslash there."""
    found = _ESCAPE.match(text, at)
    if found and found["wrong"]:
        return f"in double quotes `{text[at : at + 2]}` is no escape that YAML knows"
    return f"in double quotes YAML takes `{text[at : at + 2]}` for something else"


def in_single_quotes(text: str) -> str:
    """A double-quoted text with its backslashes as they were typed."""
    return "'" + text[1:-1].replace('\\"', '"').replace("'", "''") + "'"
