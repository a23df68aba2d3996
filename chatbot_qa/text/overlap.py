"""How much two texts share: ROUGE, and SQuAD's exact match and F1 of tokens.

Both count words, not meaning: "we do ship there" and "we do not ship there" are nearly the same.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    import regex

T = TypeVar("T")

Variant = Literal["rouge1", "rouge2", "rougeL"]

_SINGLE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ASCII_MARKS = frozenset(string.punctuation)


class Overlap(Struct, frozen=True):
    """What two texts share, each number from 0 to 1.

    ``precision`` is the share of the candidate that stands in the reference, ``recall`` the
    share of the reference that stands in the candidate, ``f1`` their harmonic mean.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two; 0 where nothing is shared."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


NOTHING = Overlap(0.0, 0.0)


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case: runs of letters, marks and digits.

    On ASCII they are those of Google's rouge_score without its stemmer. Where a script has no
    spaces (Chinese, Japanese, Thai and their like), each letter is a word.
    """
    return tuple(_words().findall(unicodedata.normalize("NFC", text).lower()))


@cache
def _words() -> regex.Pattern[str]:
    import regex

    return regex.compile(rf"[{_SINGLE}]\p{{M}}*|[[\p{{L}}\p{{M}}\p{{N}}]--[{_SINGLE}]]+", regex.V1)


def rouge(reference: str, candidate: str, variant: Variant = "rougeL") -> Overlap:
    """ROUGE of a candidate against one reference (Lin 2004).

    ``rouge1`` and ``rouge2`` count shared words and pairs of words, ``rougeL`` the longest
    sequence of words that stands in both in this order, perhaps with gaps.
    """
    wanted, given = words(reference), words(candidate)
    if variant == "rougeL":
        return _overlap(_common(wanted, given), len(wanted), len(given))
    size = 1 if variant == "rouge1" else 2
    return _shared(_grams(wanted, size), _grams(given, size))


def plain_words(text: str) -> tuple[str, ...]:
    """The words that SQuAD compares: lower case, no punctuation, no English article.

    As the task's own script (Rajpurkar and others 2016) for ASCII; punctuation of other
    alphabets goes too (Lewis and others 2020, MLQA).
    """
    bare = "".join(letter for letter in text.lower() if not _is_mark(letter))
    return tuple(_ARTICLES.sub(" ", bare).split())


def exact(reference: str, candidate: str) -> bool:
    """Whether two texts have the same ``plain_words`` in the same order."""
    return plain_words(reference) == plain_words(candidate)


def token_overlap(reference: str, candidate: str) -> Overlap:
    """How many ``plain_words`` two texts share, in whatever order; SQuAD's F1 is its ``f1``."""
    wanted, given = plain_words(reference), plain_words(candidate)
    if not wanted and not given:
        return Overlap(1.0, 1.0)
    return _shared(Counter(wanted), Counter(given))


def _is_mark(letter: str) -> bool:
    return letter in _ASCII_MARKS or unicodedata.category(letter)[0] == "P"


def _grams(found: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(found[start:] for start in range(size)), strict=False))


def _shared(wanted: Counter[T], given: Counter[T]) -> Overlap:
    return _overlap((wanted & given).total(), wanted.total(), given.total())


def _overlap(shared: int, wanted: int, given: int) -> Overlap:
    return Overlap(shared / given, shared / wanted) if wanted and given else NOTHING


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest common subsequence, in time of the product of both lengths.

    A row of the table is one integer, its steps are bits (Hyyrö 2004): 10,000 words against
    10,000 take milliseconds.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(first)) - 1
    row = every
    for word in second:
        matched = row & places.get(word, 0)
        row = (row + matched | row - matched) & every
    return len(first) - row.bit_count()
