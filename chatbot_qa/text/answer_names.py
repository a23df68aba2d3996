"""Is a person's name there, though it is written shorter or longer than in the reference?"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from chatbot_qa.text.answer_words import Index, Word, akin, function


class Naming(IntEnum):
    """How much of a name of several words a reply has, best last."""

    NONE = 0
    FIRST = 1
    OTHER = 2
    """The last name stands behind another first name."""
    LAST = 3
    """The last name alone."""
    FULL = 4
    """The last name with the first or a middle one, cut short or not, or with initials."""


_SUFFIX_WORDS = "jr sr ii iii iv 2 3 4 obe cbe kbe mbe phd esq md"
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())
_TITLE_WORDS = (
    "sir dame dr mr mrs ms miss lord lady saint st king queen president prof professor prince "
    "princess captain general senator pope emperor herr frau senor senora don dona monsieur "
    "madame"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_NEAR = 4
"""Words before a last name among which the first ones are looked for."""


def naming(name: Sequence[Word], reply: Index) -> Naming:
    """How a reply names the person whose name has these words; NONE for no name of several."""
    parts = [word for word in name if word.text not in _SUFFIXES and word.text not in _TITLES]
    if len(parts) < 2 or not all(word.capital and word.text.isalpha() for word in parts):
        return Naming.NONE
    *firsts, last = parts
    best = Naming.NONE
    for place in reply.letters.get(last.text[0], ()):
        word = reply.words[place]
        if word.text == last.text or (
            word.capital and len(last.text) > 4 and akin(word.text, last.text)
        ):
            best = max(best, _before(reply.words[max(0, place - _NEAR) : place], firsts, word))
    if best is Naming.NONE and firsts[0].text in reply.places:
        return Naming.FIRST
    return best


def _before(near: Sequence[Word], firsts: Sequence[Word], last: Word) -> Naming:
    initials = "".join(word.text[0] for word in firsts)
    if any(_first(word, firsts, initials) for word in near if word.capital):
        return Naming.FULL
    if near and _in_name(near[-1], last):
        return Naming.OTHER
    return Naming.LAST


def _first(word: Word, firsts: Sequence[Word], initials: str) -> bool:
    """Whether a word is one of the first names, a short form of it, or its initials."""
    if len(word.text) <= 3 and initials.startswith(word.text):
        return True
    return any(_short(word.text, first.text) or akin(word.text, first.text) for first in firsts)


def _short(said: str, first: str) -> bool:
    """Whether two first names begin alike ("Dave" for "David"), or one is an initial."""
    shorter = min(len(said), len(first))
    if shorter <= 2:
        return said[0] == first[0]
    return said[:3] == first[:3]


def _in_name(word: Word, last: Word) -> bool:
    """Whether a word stands right before the last name as a part of the same name."""
    beside = last.start - word.start - len(word.text) <= 2
    return word.capital and beside and not function(word.text) and word.text not in _TITLES
