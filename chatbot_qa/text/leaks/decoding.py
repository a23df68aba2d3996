"""Stretches of a text that are written in a code, decoded: base64, hexadecimal, Morse and so on.

A stretch is decoded where it has the look of the code and comes out as readable text, whether
or not it holds a secret.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus

from msgspec import Struct

from chatbot_qa.text.converters.alphabets import MORSE, from_braille
from chatbot_qa.text.converters.codes import from_selectors, from_tags


class Decoded(Struct, frozen=True):
    """What a stretch of a text says: the code it was in, its words, its place in the text."""

    form: str
    text: str
    start: int
    end: int


_READABLE = 0.9
_SPACE = re.compile(r"\s+")
_LETTER_OF_CODE = {code: letter.lower() for letter, code in MORSE.items()}
_DOT_OR_DASH = str.maketrans("•·∙⋅●–—−‒‐_", ".....------")


def decoded(text: str) -> Iterator[Decoded]:
    """Every stretch of the text that reads as text once it is decoded."""
    for form, pattern, hint, decode in _STRETCHES:
        if hint is not None and not hint(text):
            continue
        for match in pattern.finditer(text):
            for words in decode(match.group()):
                yield Decoded(form, words, *match.span())
    for form, mark, whole in _WHOLE:
        if mark in text:
            plain = whole(text)
            if plain is not None and plain != text:
                yield Decoded(form, plain, 0, len(text))
    yield from _other_characters(text)


def _other_characters(text: str) -> Iterator[Decoded]:
    if text.isascii():
        return
    for form, pattern, decode in _OTHER_CHARACTERS:
        for match in pattern.finditer(text):
            words = decode(match.group())
            if words:
                yield Decoded(form, words, *match.span())


def _readable(raw: bytes) -> str | None:
    """The bytes as text, where nearly all of it is printable."""
    if not raw:
        return None
    text = raw.decode("utf-8", "ignore")
    printable = sum(letter.isprintable() or letter in "\n\r\t" for letter in text)
    lost = len(raw) - len(text.encode())
    return text if lost * 10 <= len(raw) and printable >= _READABLE * max(1, len(text)) else None


def _from_base64(code: str) -> Iterator[str]:
    if code[1:].islower() or (code.isalpha() and code.isupper()):
        return  # a word
    bare = _SPACE.sub("", code).replace("-", "+").replace("_", "/").rstrip("=")
    for shift in range(4 if len(bare) >= 24 else 1):
        usable = bare[shift:]
        usable += "A" if len(usable) % 4 == 1 else ""
        try:
            words = _readable(base64.b64decode(usable + "=" * (-len(usable) % 4)))
        except binascii.Error:
            continue
        if words:
            yield words
            return


def _from_base32(code: str) -> Iterator[str]:
    bare = _SPACE.sub("", code).rstrip("=").upper()
    while len(bare) % 8 in (1, 3, 6):
        bare = bare[:-1]
    words = _readable(base64.b32decode(bare + "=" * (-len(bare) % 8)))
    if words:
        yield words


_NOT_HEX = re.compile(r"0x|\\x|[^0-9a-f]", re.IGNORECASE)


def _from_hex(code: str) -> Iterator[str]:
    digits = _NOT_HEX.sub("", code)
    words = _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    if words:
        yield words


def _from_binary(code: str) -> Iterator[str]:
    parts = re.findall("[01]+", code)
    if any(len(part) not in (7, 8) for part in parts):
        joined = "".join(parts)
        parts = [joined[start : start + 8] for start in range(0, len(joined), 8)]
    words = _readable(bytes(int(part, 2) for part in parts))
    if words:
        yield words


def _from_decimal(code: str) -> Iterator[str]:
    values = [int(part) for part in re.findall(r"\d+", code)]
    if all(9 <= value < 127 for value in values):
        yield "".join(map(chr, values))
    if all(1 <= value <= 26 for value in values):  # places in the alphabet
        yield "".join(chr(96 + value) for value in values)


def _from_morse(code: str) -> Iterator[str]:
    codes = re.findall(r"[.-]+|/|\||\n|\s{2,}", code.translate(_DOT_OR_DASH))
    letters = [_LETTER_OF_CODE.get(one, "" if one[0] in ".-" else " ") for one in codes]
    yield "".join(letters)


def _from_escapes(text: str) -> str:
    return re.sub(r"\\u\{?([0-9a-fA-F]{4,5})\}?", lambda found: chr(int(found[1], 16)), text)


_Decoder = Callable[[str], Iterator[str]]
_Hint = Callable[[str], object]

_STRETCHES: tuple[tuple[str, re.Pattern[str], _Hint | None, _Decoder], ...] = (
    (
        "in base64",
        # Lines of base64 below each other are one stretch; words among words are not.
        re.compile(r"(?:[A-Za-z0-9+/_-]{40,}\s{1,2})+[A-Za-z0-9+/_-]{2,}|[A-Za-z0-9+/_-]{8,}"),
        None,
        _from_base64,
    ),
    (
        "in base32",
        re.compile(
            r"(?:[A-Z2-7]{40,}\s{1,2})+[A-Z2-7]{2,}|\b[A-Z2-7]{8,}|"
            r"(?:\b[A-Z2-7]{8} ){2,}[A-Z2-7]{2,8}|\b[a-z2-7]{16,}"
        ),
        None,
        _from_base32,
    ),
    (
        "in hexadecimal",
        re.compile(r"(?:(?:0x|\\x)?[0-9a-f]{2}[\s:,;-]{0,2}){5,}", re.IGNORECASE),
        None,
        _from_hex,
    ),
    (
        "in binary",
        re.compile(r"(?:[01]{7,8}[\s,]{0,2}){4,}"),
        re.compile("[01]{7}").search,
        _from_binary,
    ),
    (
        "in character codes",
        re.compile(r"(?:\b\d{1,3}[\s,;-]{1,2}){4,}\d{1,3}\b"),
        None,
        _from_decimal,
    ),
    (
        "in Morse code",
        re.compile(r"[.·•∙⋅●_–—−‒‐-]{1,7}(?:[ \t\n/|]{1,4}[.·•∙⋅●_–—−‒‐-]{1,7}){3,}"),
        None,
        _from_morse,
    ),
)

_WHOLE: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
    ("with percent signs", "%", unquote_plus),
    ("in HTML entities", "&", html.unescape),
    ("in Unicode escapes", "\\u", _from_escapes),
)

_OTHER_CHARACTERS: tuple[tuple[str, re.Pattern[str], Callable[[str], str | None]], ...] = (
    ("in braille", re.compile(r"[\u2800-\u28ff][\u2800-\u28ff\s]+"), from_braille),
    ("in invisible tag characters", re.compile("[\U000e0020-\U000e007e]{2,}"), from_tags),
    (
        "in variation selectors",
        re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"),
        from_selectors,
    ),
    (
        "between marks that turn its direction",
        re.compile("\u202e[^\u202c]+"),
        lambda text: text[:0:-1],
    ),
)
