"""Codes of computers: base64, base32, hexadecimal, rot13, and characters that are not seen."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable

from chatbot_qa.text.converters.base import Converter, plain

_SPACE = re.compile(r"\s+")


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: no half of a surrogate pair stands alone."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _bytes_back(decode: Callable[[str], bytes]) -> Callable[[str], str | None]:
    def back(text: str) -> str | None:
        try:
            return decode(_SPACE.sub("", text)).decode()
        except (binascii.Error, ValueError):
            return None

    return back


def _from_base64(text: str) -> bytes:
    ordinary = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(ordinary + "=" * (-len(ordinary) % 4), validate=True)


def _from_base32(text: str) -> bytes:
    bare = text.rstrip("=").upper()
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


TAGS = range(0xE0020, 0xE007F)
"""Unicode's tag characters for printable ASCII; they show nothing."""

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Unicode's variation selectors: sixteen, and two hundred and forty more, one for each byte."""

_BEARER = "🙂"


def _to_tags(text: str) -> str:
    return _BEARER + "".join(chr(0xE0000 + ord(letter)) for letter in text)


def from_tags(text: str) -> str | None:
    """The ASCII text that tag characters spell; None where there are none."""
    found = "".join(chr(ord(letter) - 0xE0000) for letter in text if ord(letter) in TAGS)
    return found if found or text == _BEARER else None


def _to_selectors(text: str) -> str:
    hidden = (chr(0xFE00 + byte if byte < 16 else 0xE00F0 + byte) for byte in text.encode())
    return _BEARER + "".join(hidden)


def from_selectors(text: str) -> str | None:
    """The text whose UTF-8 bytes variation selectors stand for; None where there are none."""
    found = bytearray()
    for letter in text:
        code = ord(letter)
        if code in SELECTORS[0]:
            found.append(code - 0xFE00)
        elif code in SELECTORS[1]:
            found.append(code - 0xE00F0)
    try:
        return found.decode() if found or text == _BEARER else None
    except UnicodeDecodeError:
        return None


def _printable_ascii(text: str) -> bool:
    return all(" " <= letter <= "~" for letter in text)


CODES: tuple[Converter, ...] = (
    plain(
        "base64",
        lambda text: base64.b64encode(text.encode()).decode(),
        _bytes_back(_from_base64),
        "base64 of its UTF-8 bytes",
        is_text,
    ),
    plain(
        "base32",
        lambda text: base64.b32encode(text.encode()).decode(),
        _bytes_back(_from_base32),
        "base32 of its UTF-8 bytes",
        is_text,
    ),
    plain(
        "hex",
        lambda text: text.encode().hex(),
        _bytes_back(bytes.fromhex),
        "its UTF-8 bytes in hexadecimal",
        is_text,
    ),
    plain(
        "rot13",
        lambda text: codecs.encode(text, "rot13"),
        lambda text: codecs.decode(text, "rot13"),
        "each letter from a to z moved by thirteen",
    ),
    plain(
        "emoji_tags",
        _to_tags,
        from_tags,
        "an emoji with the text behind it in invisible tag characters (printable ASCII)",
        _printable_ascii,
    ),
    plain(
        "variation_selectors",
        _to_selectors,
        from_selectors,
        "an emoji with the text's bytes behind it as invisible variation selectors",
        is_text,
    ),
)
