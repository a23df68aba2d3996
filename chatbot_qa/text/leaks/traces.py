"""What many values leave in a text, looked for at once and fast: whole, or most of their parts.

For values that others told: each reply is searched for all of them, so that only what needs no
decoding is looked for. ``find_leak`` looks for one secret in every form.
"""

from __future__ import annotations

import re

from msgspec import Struct

from chatbot_qa.text.fold import fold, needle
from chatbot_qa.text.leaks.cleaning import clean, squeezed, words
from chatbot_qa.text.leaks.weights import weight

_LONG = 10
"""Letters and digits from which a value is no chance, whatever stands between them."""

_PART = 4
"""Letters and digits of a part of a code that is looked for by itself."""

_TELLING = 0.5
"""What the words of a value weigh together at least that is no chance in a reply."""


class Trace(Struct, frozen=True):
    """A value as it is looked for: folded, its letters, and the parts of a code of several."""

    folded: str
    letters: str
    parts: frozenset[str]


class Searched(Struct, frozen=True):
    """A text in which values are looked for."""

    folded: str
    letters: str
    words: frozenset[str]


def trace(value: str) -> Trace:
    """A value in the form it is looked for; a code is written without white space."""
    parts = frozenset(match.group() for match in words(clean(value)))
    coded = len(parts) > 1 and not re.search(r"\s", value.strip())
    whole = coded and all(len(part) >= _PART for part in parts)
    return Trace(needle(value), squeezed(value), parts if whole else frozenset())


def searched(text: str) -> Searched:
    """A text, read once for all values."""
    there = frozenset(match.group() for match in words(clean(text)))
    return Searched(fold(text), squeezed(text), there)


def holds(text: Searched, value: Trace) -> bool:
    """Whether the value stands in the text: as it is, by its letters (also reversed), in part.

    In part means more than half of the parts of a code, as whole words.
    """
    if value.folded in text.folded:
        return True
    letters = value.letters
    if len(letters) >= _LONG and (letters in text.letters or letters[::-1] in text.letters):
        return True
    return bool(value.parts) and 2 * len(value.parts & text.words) > len(value.parts)


def stands_plainly(text: str, value: str) -> bool:
    """Whether a value that is no small word ("yes", "the") is in the text, as whole words."""
    if sum(weight(match.group()) for match in words(clean(value))) < _TELLING:
        return False
    return re.search(rf"(?<![^\W_]){re.escape(needle(value))}(?![^\W_])", fold(text)) is not None
