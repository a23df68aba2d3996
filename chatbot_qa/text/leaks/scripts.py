"""Words written by their sound in another script: СТАФФ, スタッフ, ΣΤΑΦΦ for "staff".

Both sides are reduced to a skeleton of consonants that sound alike, and digits. Letters of
Cyrillic and Greek have a table; those of other scripts are read from their Unicode names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from chatbot_qa.text.leaks.base import Leak
from chatbot_qa.text.leaks.secret import Secret

_ENOUGH = 6
"""Consonants and digits that must agree: fewer would by chance."""

_LONGEST = 20_000
_CYRILLIC_SOUNDS = "a b v g d e zh z i i k l m n o p r s t u f h ts ch sh sch y e yu ya i i e g u i"
_GREEK_SOUNDS = "a v g d e z i th i k l m n x o p r s s t i f h ps o"
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщыэюяіїєґўј",
        _CYRILLIC_SOUNDS.split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        _GREEK_SOUNDS.split(),
        strict=True,
    )
)
_BY_SOUND = _CYRILLIC | _GREEK | {"ь": "", "ъ": "", "ー": ""}
_WHOLE_NAME = ("HIRAGANA LETTER", "KATAKANA LETTER", "HANGUL SYLLABLE", "DEVANAGARI LETTER")
_INITIAL = ("HEBREW LETTER", "ARABIC LETTER")
_JAPANESE = {"hu": "fu", "tu": "tsu", "si": "shi", "ti": "chi", "zi": "ji"}
_RUN = re.compile(r"[^\W_a-zA-Z]+(?:[\W_]{0,3}[^\W_a-zA-Z]+)*")
_SOUNDS = (
    (re.compile("ph|[fvwb]"), "p"),
    (re.compile("sch|sh|ch|ts|zh|[zj]"), "s"),
    (re.compile("qu?|[cgx]"), "k"),
    (re.compile("th|d"), "t"),
    (re.compile("l"), "r"),
    (re.compile("[^a-z0-9]|[aeiouyh]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def in_other_script(text: str, secret: Secret) -> Leak | None:
    """The secret by its sound in letters that are not Latin, or None."""
    if text.isascii():
        return None
    text = text[:_LONGEST]
    wanted = skeleton(secret.folded)
    if len(wanted) < _ENOUGH or secret.prose:
        return None
    for match in _RUN.finditer(text):
        run = match.group()
        if not run.isascii() and wanted in skeleton(_latin(run)):
            return Leak("by its sound in another script", *match.span(), score=0.75)
    return None


def skeleton(latin: str) -> str:
    """The consonants and digits of a text in small Latin letters, those that sound alike as one."""
    for pattern, sound in _SOUNDS:
        latin = pattern.sub(sound, latin)
    return latin


def _latin(run: str) -> str:
    return "".join(_sound(letter) for letter in run.casefold())


@lru_cache(maxsize=4096)
def _sound(letter: str) -> str:
    if letter.isascii():
        return letter
    bare = unicodedata.normalize("NFD", letter)[0]
    known = _BY_SOUND.get(letter, _BY_SOUND.get(bare))
    if known is not None:
        return known
    name = unicodedata.name(letter, "")
    last = name.rpartition(" ")[2].lower()
    if name.startswith(_WHOLE_NAME):
        return (
            ""
            if " SMALL " in name and last in ("tu", "ya", "yu", "yo")
            else _JAPANESE.get(last, last)
        )
    if name.startswith(_INITIAL):
        word = name.split("LETTER ", 1)[1].removeprefix("FINAL ").lower()
        return "" if word == "vav" else word[:2] if word[:2] in ("sh", "ts") else word[0]
    return letter
