"""The same letters in another look: look-alikes, wide, spaced, reversed, hidden marks, typos."""

from __future__ import annotations

import re
from random import Random

from chatbot_qa.text.converters.base import Converter, nothing, plain

LOOK_ALIKES = dict(
    zip(
        "ABCEHIJKMNOPSTXYZaceijopsxyhdqwnugv",
        "АВСЕНІЈКМΝОРЅТХΥΖасеіјорѕхуһԁԛԝոսɡν",
        strict=True,
    )
)
"""Latin letters, each with a letter of another script that looks the same."""

LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "b": "8", "g": "9", "z": "2"}
UNSEEN = "\u200b"
RIGHT_TO_LEFT, END_OF_TURN = "\u202e", "\u202c"

_TO_LOOK_ALIKES = str.maketrans(LOOK_ALIKES)
_FROM_LOOK_ALIKES = str.maketrans({other: letter for letter, other in LOOK_ALIKES.items()})
_TO_LEET = str.maketrans(LEET | {letter.upper(): digit for letter, digit in LEET.items()})
_FROM_LEET = str.maketrans({digit: letter for letter, digit in LEET.items()})
_TO_WIDE = str.maketrans(
    {" ": "\u3000"} | {chr(code): chr(code + 0xFEE0) for code in range(33, 127)}
)
_FROM_WIDE = str.maketrans({wide: narrow for narrow, wide in _TO_WIDE.items()})
_BROKEN_WORD = re.compile(r"(?<=[^\W_])-(?=[^\W_])")
_LONG_WORD = re.compile(r"[^\W_]{4,}")


def _without(letters: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(letters)}]*")


_NO_LOOK_ALIKES = _without("".join(LOOK_ALIKES.values()))
_NO_LEET = _without("".join(LEET.values()) + "".join(LEET).upper())
_NO_WIDE = re.compile("[^\uff01-\uff5e\u3000]*")
_NO_BIDI = _without(RIGHT_TO_LEFT + END_OF_TURN)


def _spaced_back(text: str) -> str | None:
    return text[::2] if not text or (len(text) % 2 and not text[1::2].strip(" ")) else None


def _bidi_back(text: str) -> str | None:
    if not (text.startswith(RIGHT_TO_LEFT) and text.endswith(END_OF_TURN) and len(text) > 1):
        return None
    return text[1:-1][::-1]


def _noisy(text: str, seed: int) -> str:
    draw = Random(seed)
    return "".join(_capital(letter) if draw.random() < 0.5 else letter for letter in text)


def _capital(letter: str) -> str:
    """The capital of a letter, where its small letter leads back to it."""
    upper = letter.upper()
    return upper if upper.lower() == letter else letter


def _small(text: str, _: int) -> bool:
    return text.lower() == text


def _unbroken(text: str, _: int) -> bool:
    return _BROKEN_WORD.search(text) is None


def _split(text: str, seed: int) -> str:
    draw = Random(seed)

    def cut(match: re.Match[str]) -> str:
        word = match.group()
        place = draw.randrange(2, len(word) - 1)
        return f"{word[:place]}-{word[place:]}"

    return _LONG_WORD.sub(cut, text)


def _mistyped(text: str, seed: int) -> str:
    """One word in three or so with two letters swapped, one dropped or one doubled."""
    draw = Random(seed)

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        if draw.random() > 0.35:
            return word
        place = draw.randrange(1, len(word) - 1)
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        dropped = word[:place] + word[place + 1 :]
        doubled = word[:place] + word[place] + word[place:]
        return draw.choice((swapped, dropped, doubled))

    return _LONG_WORD.sub(slip, text)


LETTERS: tuple[Converter, ...] = (
    plain("reversed", lambda text: text[::-1], lambda text: text[::-1], "read from its end"),
    plain(
        "leetspeak",
        lambda text: text.translate(_TO_LEET),
        lambda text: text.translate(_FROM_LEET),
        "digits for the letters that they look like (small letters without those digits)",
        lambda text: _NO_LEET.fullmatch(text) is not None,
    ),
    plain(
        "homoglyphs",
        lambda text: text.translate(_TO_LOOK_ALIKES),
        lambda text: text.translate(_FROM_LOOK_ALIKES),
        "Cyrillic, Greek and Armenian letters that look the same (texts without those)",
        lambda text: _NO_LOOK_ALIKES.fullmatch(text) is not None,
    ),
    plain(
        "zero_width",
        UNSEEN.join,
        lambda text: text.replace(UNSEEN, ""),
        "a space of no width between its letters (texts without any)",
        lambda text: UNSEEN not in text,
    ),
    plain(
        "bidi",
        lambda text: f"{RIGHT_TO_LEFT}{text[::-1]}{END_OF_TURN}",
        _bidi_back,
        "reversed, between marks that make it look as before (texts without those marks)",
        lambda text: _NO_BIDI.fullmatch(text) is not None,
    ),
    plain(
        "full_width",
        lambda text: text.translate(_TO_WIDE),
        lambda text: text.translate(_FROM_WIDE),
        "letters as wide as Chinese ones (texts without such letters)",
        lambda text: _NO_WIDE.fullmatch(text) is not None,
    ),
    plain("spaced", " ".join, _spaced_back, "a space between all its letters"),
    Converter(
        "case_noise",
        _noisy,
        lambda text: text.lower(),
        True,
        "small letters and capitals at random (texts in small letters)",
        _small,
    ),
    Converter(
        "split_words",
        _split,
        lambda text: _BROKEN_WORD.sub("", text),
        True,
        "a hyphen inside every longer word (texts without hyphens inside words)",
        _unbroken,
    ),
    Converter(
        "typos",
        _mistyped,
        lambda text: text,
        False,
        "letters of some words swapped, dropped or doubled; what was typed is all there is back",
        nothing,
    ),
)
