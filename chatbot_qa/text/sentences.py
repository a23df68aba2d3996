"""Where sentences end."""

from __future__ import annotations

import re

# A closing mark ends a sentence where a lower-case letter does not go on ("approx. 30",
# "e.g. this"), and every line break does.
_END = re.compile(r"(?<=[.!?…])[\"')\]”’»*_]*\s+(?![a-zà-öø-ÿß-])|(?<=[。！？])|\n+")
_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_WORD = re.compile(r"[^\W_]")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text that hold a letter or digit, without white space around."""
    return tuple(part.strip() for part in _END.split(text) if _WORD.search(part))


def without_code(text: str) -> str:
    """The text without its fenced blocks of code."""
    if "```" not in text and "~~~" not in text:
        return text
    return _FENCE.sub("\n", text)
