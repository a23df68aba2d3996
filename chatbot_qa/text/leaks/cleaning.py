"""One plain spelling for letters that look, or are meant, the same.

Small letters without accents; wide, circled, bold and turned letters, small capitals and
letters of other scripts that look Latin become the Latin letter; what is not seen is gone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from chatbot_qa.text.converters.letters import LOOK_ALIKES

_MORE_LOOK_ALIKES = dict(
    zip(
        "АВСЕНІЈКМОРЅТХУҮаеіјорсухѕһԁԛԝгпкттмвнӏ"
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχγω"
        "ոսցհօքՏԼ"
        "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ"
        "ıȷɑɡɩʟǀ",
        "abcehijkmopstxyyaeijopcyxshdqwrnkttmbhl"
        "abezhikmnoptyxabeikvoptuxyw"
        "nughoqsl"
        "abcdehjklmprstvwz"
        "ijagill",
        strict=True,
    )
)
_NAMED = re.compile(
    r"(?:LATIN|INDICATOR|SQUARED|CIRCLED).*\b(?:LETTER|SYMBOL)(?: SMALL CAPITAL| TURNED| REVERSED)*"
    r" (?:LETTER )?([A-Z])\b"
)
_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W_]+")
_NOISE = re.compile(r"[\W_]+")


class _Spelling:
    """From the code of a character to its plain spelling, as ``str.translate`` asks for it."""

    def __getitem__(self, code: int) -> str:
        return _spelled(code)


@lru_cache(maxsize=4096)
def _spelled(code: int) -> str:
    letter = chr(code)
    known = _BY_LOOK.get(letter)
    if known is not None:
        return known
    if unicodedata.category(letter) in ("Cf", "Mn", "Me") or "\ufe00" <= letter <= "\ufe0f":
        return ""
    apart = unicodedata.normalize("NFKD", letter).casefold()
    if apart.isascii():
        return apart.lower()
    named = _NAMED.search(unicodedata.name(letter, ""))
    if named:
        return named[1].lower()
    bare = "".join(part for part in apart if not unicodedata.combining(part))
    return "".join(_BY_LOOK.get(part, part) for part in bare)


_BY_LOOK = {other: letter.lower() for letter, other in LOOK_ALIKES.items()} | _MORE_LOOK_ALIKES
_SPELLING = _Spelling()


@lru_cache(maxsize=16)
def clean(text: str) -> str:
    """The text in its plain spelling; of ASCII the small letters."""
    return text.lower() if text.isascii() else text.translate(_SPELLING)


@lru_cache(maxsize=16)
def squeezed(text: str) -> str:
    """The letters and digits of the text in its plain spelling, and nothing else."""
    return _NOISE.sub("", clean(text))


def words(text: str) -> list[re.Match[str]]:
    """The words of a text that was cleaned; each Chinese or Japanese character is one."""
    return list(_WORD.finditer(text))


def original(text: str, start: int, end: int) -> tuple[int, int]:
    """Where ``clean(text)[start:end]`` stands in the text itself."""
    if text.isascii():
        return start, end
    first = last = length = 0
    for place, letter in enumerate(text):
        before = length
        length += len(_spelled(ord(letter)))
        if before <= start < length:
            first = place
        if before < end <= length:
            last = place + 1
            break
    return first, max(first, last)
