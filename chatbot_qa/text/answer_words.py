"""Words of questions, references and replies as answers are compared: bare, with their case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents

# Words that carry no answer of their own (en, de, fr, es, pt).
_FUNCTION_WORDS = (
    "a an the of in on at to for by and or is are was were be been being it its this that these "
    "those with from as about into than then there their they them he she him his her hers who "
    "whom whose which what when where why how has have had do does did will would can could may "
    "might must shall should also but not no so if i you your my we our us me s t re ve ll m d "
    "such one some any each both all other most more very just only up out over while during "
    "after before because however called known named name usually typically generally often "
    "first "
    "der die das den dem des ein eine einen einem einer im am von und oder ist sind war waren "
    "fur mit bei zu zum zur auf aus nach es er sie ich wir ihr sich nicht wurde wird als auch "
    "wer was wann wo wie warum "
    "le la les un une du de et ou est sont etait dans pour par avec en au aux il elle ils elles "
    "ce cette ces qui que quoi quand comment ne pas se sa son ses l d c n "
    "el los las una unos unas y o es son era fue del al por para con se su sus lo que quien cual "
    "cuando donde como no "
    "os um uma da dos das em ao aos na no nas nos sao ou pelo pela com e foi seu sua quem qual "
    "quando onde"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
# "J. K." and "U.S.", with the last dot where no sentence ends there.
_DOTTED = re.compile(
    r"\b(?:[A-Za-z]\. {0,2})+[A-Za-z]\b"
    r"(?:\.(?!\s*$|\s+(?:The|It|He|She|In|I|We|They|This|As|At|On|But|And)\b))?"
)
# "grossed 2.2 billion worldwide1." and "[3]": marks of notes at the end of a word.
_NOTE = re.compile(
    r"(?<=[a-z]{3})\d{1,2}(?=[\s.,;]|$)|\[\^?\d{1,2}\^?\]"
    r"|(?<=\b(?:1[5-9]|20)\d\d)\d{1,2}(?=[.,;](?:\s|$)|$)"
)
# Words that lost the space between them, as in "painted byLeonardo" and "in1998at".
_GLUED = re.compile(
    r"\b(?:by|in|on|of|at|to|is|was|are|were|and|the|from|with|for|as|[a-z]{4,})"
    r"(?=[A-Z][a-z]{2}|(?:1\d|20)\d\d\b)"
    r"|\b(?:1\d|20)\d\d(?=[a-rt-z][a-z])"
)
_BROKEN = re.compile(r"(?<=\d\.) (?=\d+ ?(?:%|[mb]illion))")


class Word(Struct, frozen=True):
    """A word: bare lower-case letters, its stem, its place, and whether it begins a name."""

    text: str
    stem: str
    start: int
    capital: bool

    @property
    def weight(self) -> float:
        """How much it tells: long words, names and figures tell more than short ones."""
        length = min(len(self.text), 9)
        return (0.4 + length / 9) * (1.6 if self.capital or self.text[0].isdigit() else 1.0)


@lru_cache(maxsize=64)
def bare(text: str) -> str:
    """The text on one line, without accents, marks of notes, and dots of abbreviations."""
    line = " ".join(mended(text).split())
    for pattern, name in _NATIONS:
        line = pattern.sub(name, line)
    return line


@lru_cache(maxsize=64)
def mended(text: str) -> str:
    """The text without accents and marks of notes, its abbreviations and lost spaces mended."""
    plain = without_accents(text.replace("’", "'"))
    apart = _GLUED.sub(r"\g<0> ", _NOTE.sub("", _BROKEN.sub("", plain)))
    return _DOTTED.sub(lambda match: re.sub(r"[. ]", "", match[0]), apart)


_NATIONS = (
    (
        re.compile(r"\b(?:[Uu]nited [Ss]tates(?: of [Aa]merica)?|USA?(?!\$)|(?<=the )us)\b"),
        "America",
    ),
    (re.compile(r"\b(?:[Uu]nited [Kk]ingdom|[Gg]reat [Bb]ritain|UK)\b"), "Britain"),
    (re.compile(r"\b(?:USSR|[Ss]oviet [Uu]nion)\b"), "Soviet Union"),
)
_PEOPLES = {
    "british": "britain", "american": "america", "english": "england", "scottish": "scotland",
    "scots": "scotland", "welsh": "wales", "irish": "ireland", "french": "france",
    "spanish": "spain", "dutch": "netherlands", "holland": "netherlands", "danish": "denmark",
    "danes": "denmark", "swedish": "sweden", "finnish": "finland", "polish": "poland",
    "turkish": "turkey", "swiss": "switzerland", "greek": "greece", "chinese": "china",
    "portuguese": "portugal", "norwegian": "norway", "peruvian": "peru", "iraqi": "iraq",
}  # fmt: skip


@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """All words of a bare text in order."""
    return tuple(
        Word(low := match[0].lower(), stem(low), match.start(), not match[0].islower())
        for match in _WORD.finditer(text)
    )


def content(found: Iterable[Word]) -> list[Word]:
    """Those of the words that carry an answer."""
    return [word for word in found if word.text not in _FUNCTION]


@lru_cache(maxsize=256)
def squeezed(text: str) -> str:
    """The letters and digits of a text alone: what formatting cannot change."""
    return "".join(_WORD.findall(without_accents(fold(text))))


def function(word: str) -> bool:
    """Whether a bare word carries no answer of its own."""
    return word in _FUNCTION


_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
)
"""The English ordinals in order."""
_CARDINALS = "one two three four five six seven eight nine ten eleven twelve"
_COUNT = {
    **_PEOPLES,
    **_ROMAN,
    **{word: str(count) for count, word in enumerate(ORDINALS.split(), 1)},
    **{word: str(count) for count, word in enumerate(_CARDINALS.split(), 1) if count > 1},
}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|eme|o|a)")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A bare word without the ending of its number or tense; words of counting as figures."""
    if word in _COUNT:
        return _COUNT[word]
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return ordinal[1]
    for ending, kept in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if len(word) - len(ending) >= 3 and word.endswith(ending) and not word.endswith("ss"):
            return word.removesuffix(ending) + kept
    return word.removesuffix("e") if len(word) > 4 else word


def akin(first: str, second: str) -> bool:
    """Whether two bare words are of one root or one misspells the other."""
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) < 4 or first[0].isdigit() or second[0].isdigit():
        return False
    return _one_root(short, long) or _misspelt(short, long)


def _one_root(short: str, long: str) -> bool:
    """Whether the words begin alike, one is a part of the other, or has a word glued to it."""
    if len(short) >= 6 and short in long:
        return True
    shared = _shared(short, long)
    if shared == len(short) > 4 and long[shared:] in _FUNCTION:
        return True  # "Careyfor"
    return shared >= max(4, len(short) - 2) and shared >= len(long) / 2


def _misspelt(short: str, long: str) -> bool:
    if len(long) - len(short) > 2:
        return False
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity(short, long) >= (0.74 if len(short) > 5 else 0.8)


def _shared(first: str, second: str) -> int:
    """How many letters two words begin with alike."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


class Index(Struct, frozen=True):
    """Words to be looked through many times: where each stands first, and all by first letter."""

    words: Sequence[Word]
    places: dict[str, int]
    letters: dict[str, list[int]]
    different: dict[str, list[tuple[str, int]]]


_COMPOUND = 9
"""Letters from which a word may be a compound of others."""


def indexed(said: Sequence[Word]) -> Index:
    """An index of words, in the time that it takes to read them once."""
    places: dict[str, int] = {}
    letters: dict[str, list[int]] = {}
    different: dict[str, list[tuple[str, int]]] = {}
    for place, word in enumerate(said):
        letters.setdefault(word.text[0], []).append(place)
        if word.text not in places:
            different.setdefault(word.text[0], []).append((word.text, place))
            if len(word.text) >= _COMPOUND:
                different.setdefault("", []).append((word.text, place))
        places.setdefault(word.stem, place)
        places.setdefault(word.text, place)
    return Index(said, places, letters, different)


def found_in(meant: Sequence[Word], index: Index) -> list[int]:
    """For each word that is meant, the place of its like; -1 if there is none."""
    return [_place(word.text, word.stem, index) for word in meant]


def _place(word: str, stem: str, index: Index) -> int:
    exact = index.places.get(word, index.places.get(stem, -1))
    if exact >= 0 or len(word) < 4:
        return exact
    for other, place in index.different.get(word[0], ()):
        if akin(word, other):
            return place
    if len(word) < 6:
        return -1
    return next((place for other, place in index.different.get("", ()) if word in other), -1)
