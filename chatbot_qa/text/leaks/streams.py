"""What the letters of a text spell: lone letters, radio words, first letters, quoted pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from chatbot_qa.text.converters.alphabets import NATO
from chatbot_qa.text.leaks.cleaning import clean

_NOISE = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"\d+[.,]\d{2,3}\b|[^\W_]+(?:-ray\b)?")
_LINE = re.compile(r"^[^\w\n]{0,12}(?:\d+[.):][^\w\n]{0,12})?(\w)", re.MULTILINE)
_SENTENCE = re.compile(r"(?:^|[.!?…:;]\s+|\n)[^\w\n]{0,12}(\w)")
_CAPITAL = re.compile(r"[A-Z]")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,80})\"|“([^”\n]{1,80})”|«\s*([^»\n]{1,80}?)\s*»|„([^“”\n]{1,80})[“”]|"
    r"`([^`\n]{1,80})`|\*\*([^*\n]{1,80})\*\*|<([^<>\n]{1,80})>|‘([^’\n]{1,80})’|"
    r"(?<!\w)'([^'\n]{1,80})'(?!\w)"
)
_AS_IN = re.compile(
    r"(?<![^\W_])([^\W_])['\"”’*]*,?\s+(?:as in|is for|for|like|wie|comme|como|de)\s+"
    r"(?:the\s+)?['\"“‘]?\1[^\W_]",
    re.IGNORECASE,
)
_LONGEST = 20_000
"""Characters of a text whose letters are looked at: nobody spells for longer."""

_RADIO = {word.lower(): letter.lower() for letter, word in NATO.items()} | {
    "alpha": "a",
    "juliet": "j",
    "whisky": "w",
    "xray": "x",
    "niner": "9",
}
_FIGURES = {
    "zero one two three four five six seven eight nine": 0,
    "null eins zwei drei vier fünf sechs sieben acht neun": 0,
    "cero uno dos tres cuatro cinco seis siete ocho nueve": 0,
    "zéro un deux trois quatre cinq six sept huit neuf": 0,
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen": 10,
}
_DIGITS = {
    clean(word): str(first + place)
    for line, first in _FIGURES.items()
    for place, word in enumerate(line.split())
}


class Stream(Struct, frozen=True):
    """Letters that a text spells in some way, and how many of them a find needs at least."""

    form: str
    letters: str
    enough: int


def streams(text: str) -> Iterator[Stream]:
    """What the text spells, as letters and digits in plain spelling; empty ones left out."""
    text = text[:_LONGEST]
    for stream in _all(text):
        if len(stream.letters) >= stream.enough:
            yield stream


def _all(text: str) -> Iterator[Stream]:
    cleaned = clean(text)
    tokens = _TOKEN.findall(cleaned)
    lone = [token for token in tokens if len(token) == 1]
    yield Stream("spelled out", "".join(lone), 4)
    yield Stream("spelled out", "".join(one for one in lone if not one.isdigit()), 4)
    yield Stream("spelled out", "".join(one for one in lone if one.isdigit()), 4)
    yield Stream("spelled out", "".join(_AS_IN.findall(cleaned)), 4)
    figures = [_DIGITS.get(token, "") for token in tokens]
    yield Stream("with its digits in words", "".join(figures), 4)
    radio = [_RADIO[token] for token in tokens if token in _RADIO]
    yield Stream("in the spelling alphabet of radio", _NOISE.sub("", "".join(radio)), 4)
    spoken = [
        _RADIO.get(token) or figure or (token if len(token) == 1 else "")
        for token, figure in zip(tokens, figures, strict=True)
    ]
    yield Stream("spelled out", _NOISE.sub("", "".join(spoken)), 4)
    yield Stream("as the first letters of lines", "".join(_LINE.findall(cleaned)), 5)
    yield Stream("as the first letters of sentences", "".join(_SENTENCE.findall(cleaned)), 5)
    yield Stream("as the first letters of words", "".join(token[0] for token in tokens), 6)
    yield Stream("as the last letters of words", "".join(token[-1] for token in tokens), 6)
    yield Stream("in its capital letters", "".join(_CAPITAL.findall(text)).lower(), 6)
    yield Stream("in pieces", "".join(_NOISE.sub("", clean(one)) for one in quoted(text)), 5)


def quoted(text: str) -> list[str]:
    """What stands between quotes, or is set apart as code or in bold, in order."""
    return [next(filter(None, groups)) for groups in _QUOTED.findall(text[:_LONGEST])]
