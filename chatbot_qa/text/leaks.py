"""Whether a text gives a secret away: as it is, spaced out, reversed or encoded."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.excerpt import place
from chatbot_qa.text.fold import heap, needle

_NOISE = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")
_SHORTEST = 6
"""Letters and digits that a secret must have for its disguises to be looked for."""


class Leak(Struct, frozen=True):
    """A secret that was found: ``form`` in words ("reversed"), its place in the text."""

    form: str
    start: int
    end: int


class _Disguises(Struct, frozen=True):
    """The forms of one secret: in folded text, in its letters and digits alone, encoded."""

    folded: str
    squeezed: str
    plain: tuple[tuple[str, str], ...]
    coded: tuple[str, ...]


def find_leak(text: str, secret: str) -> Leak | None:
    """The first form in which the text gives the secret away, or None.

    Looked for: the secret itself (case, white space, quotes and dashes folded), its letters
    with something between them, reversed, in rot13, in hexadecimal and in base64. Short
    secrets (under six letters and digits) are only looked for as they are.
    """
    forms = _disguises(secret)
    folded = heap(text)
    if forms.folded and forms.folded in folded:
        return Leak("as it is", *place(text, forms.folded))
    if len(forms.squeezed) < _SHORTEST:
        return None
    squeezed = _NOISE.sub("", folded)
    if forms.squeezed in squeezed:
        found = _spaced(text, forms)
        if found:
            return found
    for form, disguise in forms.plain:
        if disguise in squeezed:
            return Leak(form, *_stretch(text, disguise))
    compact = _SPACE.sub("", text)
    for code in forms.coded:
        if code in compact:
            return Leak("in base64", *_stretch(text, code, fold=False))
    return None


@lru_cache(maxsize=512)
def _disguises(secret: str) -> _Disguises:
    folded = needle(secret)
    squeezed = _NOISE.sub("", folded)
    raw = secret.encode()
    plain = [
        ("reversed", squeezed[::-1]),
        ("in rot13", codecs.encode(squeezed, "rot13")),
        ("in hexadecimal", raw.hex()),
        ("in hexadecimal", folded.encode().hex()),
    ]
    kept = tuple((form, text) for form, text in plain if text != squeezed)
    coded = tuple(code for variant in dict.fromkeys((secret, folded)) for code in _base64(variant))
    return _Disguises(folded, squeezed, kept, coded)


def _base64(secret: str) -> Iterator[str]:
    """The parts of the secret's base64 that are the same whatever stands around it."""
    raw = secret.encode()
    for lead, cut in ((0, 0), (1, 2), (2, 3)):
        usable = (lead + len(raw)) // 3 * 4
        code = base64.b64encode(b"\0" * lead + raw).decode()[cut:usable]
        if len(code) >= _SHORTEST:
            yield code
            if "+" in code or "/" in code:
                yield code.replace("+", "-").replace("/", "_")


def _spaced(text: str, forms: _Disguises) -> Leak | None:
    """The secret with something between its letters, but not as parts of common words.

    "s-a-v-e-2-0" and "SA VE 20" give SAVE20 away; "to save 20 euros" does not. Its own parts
    with other marks between them ("blue falcon 77" for BLUE-FALCON-77) do.
    """
    own = [part for part in _NOISE.split(forms.folded) if part]
    body = r"[\W_]*".join(re.escape(letter) for letter in forms.squeezed)
    pattern = re.compile(rf"(?<![^\W_]){body}(?![^\W_])", re.IGNORECASE)
    for match in pattern.finditer(text):
        parts = [part.casefold() for part in _NOISE.split(match.group()) if part]
        if parts == own or len(parts) == 1:
            return Leak("with other marks between its parts", *match.span())
        if max(map(len, parts)) <= 3 and len(parts) > len(own):
            return Leak("spaced out", *match.span())
    return None


def _stretch(text: str, disguise: str, *, fold: bool = True) -> tuple[int, int]:
    """Where the letters of a disguise stand in the text, whatever is between them."""
    if not fold:
        body = r"\s*".join(re.escape(letter) for letter in disguise)
        match = re.search(body, text)
    else:
        body = r"[\W_]*".join(re.escape(letter) for letter in disguise)
        match = re.search(body, text, re.IGNORECASE)
    return match.span() if match else (0, len(text))
