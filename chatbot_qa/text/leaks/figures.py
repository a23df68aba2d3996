"""A code with its numbers in words: "tango, forty-two" for TANGO42, "nineteen eighty-seven"."""

from __future__ import annotations

import re
from itertools import groupby

from chatbot_qa.text.leaks.base import Leak
from chatbot_qa.text.leaks.cleaning import clean
from chatbot_qa.text.leaks.secret import Secret
from chatbot_qa.text.numbers import numbers

_TWO_DIGITS = re.compile(r"\d[\W_]*\d")
_JOINT = (
    r"(?:[\W_]|(?<![^\W_])(?:and|then|plus|followed by|the number|the year|und|y|et)(?![^\W_]))"
    r"{0,40}?"
)
_LONGEST = 4_000
"""Characters of a text whose numbers are read."""


def figures_in_words(text: str, secret: Secret) -> Leak | None:
    """The code with at least one of its numbers in words, or None.

    A secret of two digits in a row and more; its parts may be joined by "and" and the like.
    """
    if secret.prose or len(secret.letters) < 4 or not _TWO_DIGITS.search(secret.folded):
        return None
    cleaned, spoken = _with_digits(clean(text[:_LONGEST]))
    if not spoken:
        return None
    parts = re.findall(r"\d|[^\W\d_]+", " ".join(secret.words))
    body = _JOINT.join(map(re.escape, parts))
    for match in re.finditer(rf"(?<![^\W_]){body}(?![^\W_])", cleaned):
        if any(match.start() < end and start < match.end() for start, end in spoken):
            return Leak("with its digits in words", 0, len(text), score=0.9)
    return None


def _with_digits(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its numbers in words as digits, and where these stand."""
    pieces: list[str] = []
    spoken: list[tuple[int, int]] = []
    length = last = 0
    for (start, end), group in groupby(numbers(text), key=lambda one: (one.start, one.end)):
        if start < last or any(map(str.isdigit, text[start:end])):
            continue
        digits = "".join(f"{number.values[0]:.0f}" for number in group)
        pieces += text[last:start], digits
        length += start - last
        spoken.append((length, length + len(digits)))
        length += len(digits)
        last = end
    return "".join((*pieces, text[last:])), spoken
