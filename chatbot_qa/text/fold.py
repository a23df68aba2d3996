"""What two texts must share to count as the same words."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SINGLE = "‘’‚‛′‵`´ʼ"
_DOUBLE = "“”„‟″«»"
_DASHES = "‐‑‒–—―−﹘﹣－"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"

_MARKS = str.maketrans(
    {
        **dict.fromkeys(_SINGLE, "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_UNSEEN, None),
        "…": "...",
    }
)


def fold(text: str) -> str:
    """The text without what people type differently and mean the same.

    Case, white space, the shape of quotes and dashes, invisible characters and the way
    an accent is composed are folded; accents themselves are kept.
    """
    if text.isascii():
        folded = text.replace("`", "'") if "`" in text else text
        return " ".join(folded.casefold().split())
    composed = unicodedata.normalize("NFC", text.translate(_MARKS))
    return " ".join(unicodedata.normalize("NFC", composed.casefold()).split())


needle = lru_cache(maxsize=1024)(fold)
"""``fold`` for what authors wrote: the same few texts again and again."""

heap = lru_cache(maxsize=8)(fold)
"""``fold`` for replies: several checks look at one reply in turn."""


def without_accents(folded: str) -> str:
    """A folded text with its accents taken off: ``josé`` becomes ``jose``."""
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def without_stop(folded: str) -> str:
    """A folded text without its final full stop."""
    return folded.removesuffix(".").rstrip() if not folded.endswith("..") else folded


def wordless(text: str) -> bool:
    """Whether a text is nothing but punctuation, white space and invisible characters."""
    return all(unicodedata.category(letter)[0] in "PZC" for letter in text)
