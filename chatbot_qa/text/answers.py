"""Is a reply the right answer? Right, wrong or unsure, offline, by words, numbers and dates."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.mentions import Standing, mentions, plain
from chatbot_qa.text.refusals import admits_ignorance


class Rightness(StrEnum):
    """Whether a reply gives the answer; ``UNSURE`` where words alone cannot tell."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


class Compared(Struct, frozen=True):
    """A reply compared with a reference answer, with the reason in words."""

    rightness: Rightness
    reason: str


# Words that carry no answer of their own (en, de, fr, es, pt).
_EMPTY = re.compile(
    r"a|an|the|of|in|on|at|to|for|by|and|or|is|are|was|were|be|it|its|this|that|with|from|as|about|"
    r"der|die|das|den|dem|des|ein|eine|einen|im|am|von|und|oder|ist|sind|war|fur|mit|bei|"
    r"le|la|les|un|une|du|de|et|ou|est|sont|dans|pour|par|avec|en|au|aux|"
    r"el|los|las|una|y|o|es|son|del|al|por|para|con|"
    r"os|um|uma|da|dos|das|em|ao|aos|sao|ou|pelo|pela|com"
)
_WORD = re.compile(r"[^\W_]+")


def compare(reference: str, reply: str, ask: str = "") -> Compared:
    """Compare a reply with the reference; ``ask`` is the question, whose words are no evidence."""
    found = mentions(reply, reference)
    if found and max(mention.standing for mention in found) is not Standing.DENIED:
        return Compared(Rightness.RIGHT, f"the reply says {shown(reference)}")
    if found:
        return Compared(Rightness.WRONG, f"the reply denies {shown(reference)}")
    if admits_ignorance(reply):
        return Compared(Rightness.WRONG, "the reply says that it does not know")
    if any(letter.isdigit() for letter in reference):
        measured = _by_measure(reference, reply)
        if measured is not None:
            return measured
    return _by_words(reference, reply, ask)


def _by_measure(reference: str, reply: str) -> Compared | None:
    """By the date or the number of the reference, where it is one and the reply has such."""
    from chatbot_qa.text.dates import dates
    from chatbot_qa.text.numbers import numbers

    if dates(reference):
        others = dates(reply)
        reason = "the reply gives another date"
        return Compared(Rightness.WRONG, reason) if others else None
    meant = numbers(reference)
    if len(meant) != 1 or len(_content(reference)) > 2:
        return None
    units = set(meant[0].units)
    others_said = [number for number in numbers(reply) if not units or units & set(number.units)]
    if any(set(number.values) & set(meant[0].values) for number in others_said):
        return Compared(Rightness.RIGHT, f"the reply says {shown(reference)}")
    if others_said and units:
        return Compared(Rightness.WRONG, "the reply gives another number")
    return None


def _by_words(reference: str, reply: str, ask: str) -> Compared:
    """By the words of the reference that the question does not hold already."""
    asked = _content(ask)
    meant = [word for word in _content(reference) if word not in asked] or _content(reference)
    said = set(_content(reply))
    there = [word for word in meant if word in said]
    if meant and len(there) == len(meant) and not _denies(reply):
        return Compared(Rightness.RIGHT, f"the reply has the words of {shown(reference)}")
    named = _is_name(reference)
    if named and there and there[-1] == meant[-1] and len(there) * 2 >= len(meant):
        return Compared(Rightness.RIGHT, f"the reply names {shown(there[-1])}")
    if not there and named and not _akin(meant, reply):
        return Compared(Rightness.WRONG, "the reply names none of it")
    if not there:
        return Compared(Rightness.UNSURE, "the reply uses none of the words of the answer")
    return Compared(Rightness.UNSURE, "the reply has some of the words of the answer")


def _akin(meant: list[str], reply: str) -> bool:
    """Whether the reply has a word of the same root: "Himalayan" for "Himalayas"."""
    words = plain(reply)
    return any(len(word) >= 5 and word[:5] in words for word in meant)


def _content(text: str) -> list[str]:
    words = _WORD.findall(plain(text))
    return [_stem(word) for word in words if not _EMPTY.fullmatch(word)] or words


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _is_name(reference: str) -> bool:
    """Whether every word of it that counts is a name or a figure: these have no synonyms."""
    words = [word for word in _WORD.findall(reference) if not _EMPTY.fullmatch(word.lower())]
    return bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)


_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nicht|kein\w*|nie|pas|jamais|aucun\w*|nunca|ningun\w*|nao|nenhum\w*|\w+n't)\b"
)


def _denies(reply: str) -> bool:
    return _NEGATION.search(plain(reply)) is not None
