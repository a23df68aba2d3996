"""What is worked out once for each secret: its letters, its words, its disguises."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.fold import needle
from chatbot_qa.text.leaks.cleaning import clean, squeezed, words
from chatbot_qa.text.leaks.familiar import GUARD_TALK, ORDINARY
from chatbot_qa.text.leaks.glossary import listed
from chatbot_qa.text.leaks.weights import stem, weight, weight_in_phrase
from chatbot_qa.text.sentences import sentences

SHORTEST = 6
"""Letters and digits that a secret must have for its disguises to be looked for."""

_PROSE = 13
"""Words from which a secret is prose: a system prompt, not a password."""

BLOCK = 12
"""Letters of the pieces into which prose is cut: what shares two or three of them copied it."""

_CHINESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2}")
_ENOUGH_BASE64 = 8
_LEET = str.maketrans("0134578692@$!|+(l€£", "oieastbggzasiitciel")
_MARKS_OF_LEET = re.compile(r"[^a-z0-9]+")
_TWICE = re.compile(r"(.)\1+")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ATBASH = str.maketrans(_ALPHABET, _ALPHABET[::-1])
_ONSET = re.compile(r"(qu|[^aeiou\d]+)(.+)")


class Secret(Struct, frozen=True):
    """A secret as it is looked for.

    ``folded`` is as people may type it, ``letters`` its letters and digits in plain
    spelling, ``words`` its words. ``forms`` are its disguises as letters and digits, each
    with its name; ``leet`` (none for letters that are not Latin) and ``once`` are the letters
    after leetspeak and doubled letters are folded; ``coded`` are what base64 of any text
    around the secret holds. ``sentences`` are the stems of each of its sentences.
    """

    folded: str
    letters: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: tuple[float, ...]
    forms: tuple[tuple[str, str], ...]
    leet: str
    once: str
    coded: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]

    @property
    def prose(self) -> bool:
        """Whether it is sentences rather than a word, a code or a phrase."""
        return len(self.words) >= _PROSE

    @property
    def everyday(self) -> bool:
        """Whether any reply may hold it: "yes", "access denied", a letter or two."""
        least = 0.5 if len(self.words) == 1 else 0.85
        pairs = zip(self.words, self.weights, strict=True)
        own = sum(worth for word, worth in pairs if word not in GUARD_TALK)
        if len(self.letters) <= 2 or (len(self.words) <= 4 and own < least):
            return True
        telling = [word for word in self.words if weight(word) > 0]
        return bool(telling) and all(word in GUARD_TALK for word in telling)

    @property
    def ordinary(self) -> bool:
        """Whether it is one word that people use: a colour, an animal, something to eat."""
        word = self.words[0] if len(self.words) == 1 else ""
        return word in ORDINARY or listed(word)

    @property
    def plain(self) -> bool:
        """Whether it may stand in a reply by chance: everyday, or one ordinary word."""
        return self.everyday or self.ordinary

    @property
    def short(self) -> bool:
        """Whether it has too few letters for anything but whole words to be looked for.

        Chinese and Japanese put no space between words, and a few characters say much.
        """
        return len(self.letters) < SHORTEST and not _CHINESE.search(self.letters)


@lru_cache(maxsize=512)
def known(secret: str) -> Secret:
    """Everything about a secret that does not depend on the text."""
    letters = squeezed(secret)
    parts = tuple(word.group() for word in words(clean(secret)))
    return Secret(
        needle(secret),
        letters,
        parts,
        tuple(stem(part) for part in parts),
        tuple(map(weight if len(parts) >= _PROSE else weight_in_phrase, parts)),
        tuple(_forms(secret, letters, parts)),
        unleeted(clean(secret)) if letters.isascii() else "",
        undoubled(letters),
        tuple(dict.fromkeys(code for one in (secret, needle(secret)) for code in _base64(one))),
        tuple(_stems(sentence) for sentence in sentences(secret)),
    )


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word.group()) for word in words(clean(text)))


def unleeted(cleaned: str) -> str:
    """The letters of a text in which digits and marks may stand for letters."""
    return _MARKS_OF_LEET.sub("", cleaned.translate(_LEET))


def undoubled(letters: str) -> str:
    """The letters with each run of the same letter taken once."""
    return _TWICE.sub(r"\1", letters)


def blocks(letters: str, size: int = BLOCK) -> list[str]:
    """The letters cut into pieces of ``size``; a shorter rest is left out."""
    return [letters[start : start + size] for start in range(0, len(letters) - size + 1, size)]


def _forms(secret: str, letters: str, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The disguises that letters alone can have, without those that change nothing."""
    found = {letters}
    candidates = [("reversed", letters[::-1]), ("in rot13", codecs.encode(letters, "rot13"))]
    if len(parts) >= _PROSE:
        candidates.append(("word by word from the end", "".join(reversed(parts))))
    candidates.append(("with each word reversed", "".join(part[::-1] for part in parts)))
    candidates.append(("reversed and in rot13", codecs.encode(letters[::-1], "rot13")))
    if any(letter in _ALPHABET for letter in letters):
        candidates.append(("in Atbash", letters.translate(_ATBASH)))
        candidates += (
            ("in pig Latin", "".join(_pig(part, tail) for part in parts)) for tail in _PIG
        )
        candidates += (("with shifted letters", _shifted(letters, by)) for by in range(1, 26))
    if len(parts) < _PROSE:
        for raw in (secret, secret.lower()):
            candidates.append(("in hexadecimal", raw.encode("utf-8", "surrogatepass").hex()))
    for form, disguise in candidates:
        if disguise not in found:
            found.add(disguise)
            yield form, disguise


_PIG = ("way", "yay", "ay")


def _pig(word: str, tail: str) -> str:
    onset = _ONSET.match(word)
    return f"{onset[2]}{onset[1]}ay" if onset else f"{word}{tail}"


def _shifted(letters: str, by: int) -> str:
    return letters.translate(str.maketrans(_ALPHABET, _ALPHABET[by:] + _ALPHABET[:by]))


def _base64(secret: str) -> Iterator[str]:
    """The parts of the secret's base64 that are the same whatever stands around it."""
    raw = secret.encode("utf-8", "surrogatepass")
    for lead, cut in ((0, 0), (1, 2), (2, 3)):
        usable = (lead + len(raw)) // 3 * 4
        code = base64.b64encode(b"\0" * lead + raw).decode()[cut:usable]
        if len(code) >= _ENOUGH_BASE64 - 2:
            yield code
            if "+" in code or "/" in code:
                yield code.replace("+", "-").replace("/", "_")
