"""Rewordings that change letters and marks alone: case, slips of the finger, punctuation."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from chatbot_qa.text.numbers import numbers
from chatbot_qa.text.rewordings.keyboards import neighbours
from chatbot_qa.text.rewordings.question import Question, Span

Slip = Callable[[str, int, str, Random], str]
"""What a finger does to a word at a place, on the keyboard of a language."""
TYPOS = 2
"""Words of a question that get a slip, unless told otherwise and where as many may."""


def case(question: Question, _: Random) -> tuple[str, ...]:
    """All in small letters; all in capitals."""
    return question.outside(str.lower), question.outside(str.upper)


# ── typos ───────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{5,30}(?![\w'’-])")
_BESIDE = re.compile(r"[^\W\d_]+")
_NO = (
    "never cannot without before after within until except nunca jamás antes después hasta menos "
    "nicht nichts keine keinen keiner keinem niemals ohne vorher nachher jamais aucun aucune "
    "avant après moins depois antes menos nenhum nenhuma jamais under above below"
)
_DECISIVE = frozenset(_NO.split())
"""Words whose reader must not guess."""
_OTHERS = (
    "casual causal dairy desert dessert diary dinner latter quiet quite trail trial united untied"
)
_OTHER_WORDS = frozenset(_OTHERS.split())
"""Words that a slip in another one would make."""
_SHORT = 5
"""Letters of a word that is often another one with a letter less or changed."""
_TRIES = 8


def typos(question: Question, random: Random, words: int = TYPOS) -> tuple[str, ...]:
    """Slips of the finger in longer words, as the keyboard of the language has its keys."""
    places = _slippery(question)
    chosen = sorted(random.sample(places, min(words, len(places))), reverse=True)
    text = question.text
    for start, end in chosen:
        text = text[:start] + _slipped(text[start:end], question.language, random) + text[end:]
    return (text,)


def _slippery(question: Question) -> list[Span]:
    """The words that may get a slip: long ones that are no name, and stand by no number."""
    text = question.text
    counted = [
        span
        for number in numbers(text)
        for span in ((number.start, number.end), _next_word(text, number.end))
    ]
    first = re.search(r"[^\W\d_]", text)
    return [
        match.span()
        for match in _WORD.finditer(text)
        if not question.keeps(*match.span())
        and match[0].lower() not in _DECISIVE
        and not any(start < match.end() and match.start() < end for start, end in counted)
        and (
            match[0].islower()
            or question.language == "de"
            or text == text.upper()
            or (first and first.start() == match.start() and len(match[0]) > 5)
        )
    ]


def _next_word(text: str, place: int) -> Span:
    match = _BESIDE.search(text, place)
    return match.span() if match and match.start() <= place + 2 else (place, place)


def _slipped(word: str, language: str, random: Random) -> str:
    """The word with one slip inside; its first and last letters stand."""
    slips: tuple[Slip, ...] = (_swapped, _twice, _missed, _left)
    slips = slips[:2] if len(word) <= _SHORT else slips
    for _ in range(_TRIES):
        slip, place = random.choice(slips), random.randrange(1, len(word) - 1)
        typed = slip(word, place, language, random)
        if typed != word and not numbers(typed) and typed.lower() not in _DECISIVE | _OTHER_WORDS:
            return typed
    return word


def _missed(word: str, place: int, language: str, random: Random) -> str:
    letter = word[place]
    near = neighbours(language).get(letter.lower(), "")
    if not near:
        return word
    key = random.choice(near)
    return word[:place] + (key.upper() if letter.isupper() else key) + word[place + 1 :]


def _swapped(word: str, place: int, _: str, __: Random) -> str:
    if place + 2 >= len(word):
        return word
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _twice(word: str, place: int, _: str, __: Random) -> str:
    if word[place].lower() in (word[place - 1].lower(), word[place + 1].lower()):
        return word
    return word[: place + 1] + word[place:]


def _left(word: str, place: int, _: str, __: Random) -> str:
    return word[:place] + word[place + 1 :]


# ── punctuation ─────────────────────────────────────────────────────────────────────

_LAST = re.compile(r"\s?[.?!…]+\s*\Z")
_LAST_MARK = re.compile(r"\?\s*\Z")
_OPENING = re.compile(r"[¿¡]")


def punctuation(question: Question, _: Random) -> tuple[str, ...]:
    """No marks at the end; two question marks; the dots of a chat."""
    text = question.text
    end = _LAST.search(text)
    if not end or question.keeps(*end.span()):
        return ()
    bare = _OPENING.sub("", text[: end.start()]) if not _inner(text[: end.start()]) else ""
    doubled = _LAST_MARK.sub("??", text) if end[0].strip() == "?" else ""
    dotted = text[: end.start()] + "..." + end[0].strip().strip(".…")
    return bare, doubled, dotted


def _inner(text: str) -> bool:
    """Whether a sentence ends inside the text."""
    return re.search(r"[.?!…]\s", text) is not None
