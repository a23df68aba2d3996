"""What English words mean to each other: the same, the opposite, members of one family.

The lists stand in ``changed_words.txt``, written for this package. A word is looked up under
every base form that it can have (``bases``).
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

_LISTS = Path(__file__).with_name("changed_words.txt")


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is parted by blanks."""
    return frozenset(words.split())


DENY = word_set(
    "not no never none nothing nobody nowhere neither nor without cannot can't don't doesn't "
    "didn't won't wouldn't couldn't shouldn't isn't aren't wasn't weren't hasn't haven't hadn't "
    "mustn't ain't unable fail fails failed failing refuse refuses refused deny denies denied "
    "denying decline declines declined lack lacks lacking hardly barely unwilling"
)
"""Words of which one more or less turns what is said."""

RESTRICT = word_set(
    "only solely exclusively except excluding unless limited partial merely exclusive rarely "
    "seldom nearly almost"
)
"""Words that narrow what is said."""

HEDGE = word_set(
    "may might could possibly perhaps maybe probably likely potentially apparently seemingly "
    "unsure uncertain tentatively unlikely"
)
FIRM = word_set("will must shall definitely certainly always guaranteed surely clearly")
ALL = word_set("all every each everyone everything entire whole any both")
MANY = word_set("many most several various multiple numerous much plenty")
FEW = word_set("some few little one single a_few half part")
PRONOUNS = word_set(
    "he she they them their his her him himself herself themselves i you we us our your my me it "
    "its someone somebody anyone"
)
DIRECTIONS = word_set("before after until since over under up down off out more")
SMALL = PRONOUNS | word_set(
    "a an the of to in on at for by with from as and or that which who whom whose this these those "
    "is are was were be been being am has have had having do does did so if than then there here "
    "about into over after before up out off also too very while when where how what why because "
    "since until through during between among within per via well such both just more most "
    "additionally further furthermore additional other"
)
"""Function words, and words that add or take nothing alone."""
PLAIN = SMALL - PRONOUNS - DIRECTIONS - {"and", "or"}

_IRREGULAR = """
go went gone|buy bought|tell told|say said|give gave given|get got gotten|take took taken
come came|see saw seen|make made|find found|think thought|bring brought|send sent|leave left
meet met|keep kept|begin began begun|know knew known|feel felt|lose lost|sell sold
pay paid|speak spoke spoken|write wrote written|choose chose chosen|hold held|have has had
eat ate eaten|drink drank|drive drove driven|run ran|win won|build built|spend spent
teach taught|catch caught|fall fell fallen|grow grew grown|rise rose risen|wake woke
forget forgot forgotten|understand understood|throw threw thrown|break broke broken
show shown|wear wore worn|sleep slept|sit sat|stand stood|become became|hide hid hidden
child children|man men|woman women|person people|foot feet|life lives|wife wives
"""
_BASE = {
    form: row.split()[0]
    for row in _IRREGULAR.strip().replace("\n", "|").split("|")
    for form in row.split()[1:]
}
_ENDINGS = (
    ("'s", ""), ("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
    ("ing", ""), ("ing", "e"),
)  # fmt: skip
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "non-", "mis")

Rows = dict[str, frozenset[int]]


class Lists(Struct, frozen=True):
    """The lists: in which lines a word stands, and the pairs of opposites."""

    alike: Rows
    families: Rows
    opposed: frozenset[frozenset[str]]
    phrases: frozenset[str]


@cache
def lists() -> Lists:
    """The lists as they ship, read once."""
    sections: list[list[list[str]]] = []
    for line in _LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections.append([])
        elif line and not line.startswith("#"):
            sections[-1].append(line.split())
    same, opposite, families = sections
    rows = _rows(same)
    pairs = frozenset(frozenset((row[0], other)) for row in opposite for other in row[1:])
    phrases = frozenset(word for word in rows if "_" in word)
    return Lists(rows, _rows(families), pairs, phrases)


def _rows(lines: list[list[str]]) -> Rows:
    found: dict[str, set[int]] = {}
    for place, line in enumerate(lines):
        for word in line:
            found.setdefault(word, set()).add(place)
    return {word: frozenset(places) for word, places in found.items()}


@lru_cache(maxsize=4096)
def bases(word: str) -> tuple[str, ...]:
    """What a folded word can be a form of, itself first."""
    found = [word]
    if word in _BASE:
        found.append(_BASE[word])
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)] + instead
            found.append(stem)
            if not instead and len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    if "_" in word:
        first, _, rest = word.partition("_")
        found.extend(f"{base}_{rest}" for base in bases(first)[1:])
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def _alike_lines(word: str) -> frozenset[int]:
    return _lines(lists().alike, word)


@lru_cache(maxsize=4096)
def _family_lines(word: str) -> frozenset[int]:
    return _lines(lists().families, word)


def _lines(rows: Rows, word: str) -> frozenset[int]:
    return frozenset(line for base in bases(word) for line in rows.get(base, ()))


def one_word(first: str, second: str) -> bool:
    """Whether both are forms of one word: plan, planned."""
    return first == second or not set(bases(first)).isdisjoint(bases(second))


def alike(first: str, second: str) -> bool:
    """Whether one can stand for the other."""
    return not _alike_lines(first).isdisjoint(_alike_lines(second))


def known(word: str) -> bool:
    """Whether the lists have words that can stand for it."""
    return bool(_alike_lines(word))


def of_one_family(first: str, second: str) -> bool:
    """Whether both belong to one family, of which one word excludes the others."""
    return not _family_lines(first).isdisjoint(_family_lines(second))


def has_family(word: str) -> bool:
    """Whether the word belongs to a family."""
    return bool(_family_lines(word))


def is_phrase(words: str) -> bool:
    """Whether words joined by ``_`` are one expression of the lists."""
    return any(base in lists().phrases for base in bases(words))


def opposed(first: str, second: str) -> bool:
    """Whether they are a pair of opposites, listed or made by a prefix: able, unable."""
    pairs = lists().opposed
    others = bases(second)
    listed = any(frozenset((one, other)) in pairs for one in bases(first) for other in others)
    return listed or denied_by_prefix(first, second)


def denied_by_prefix(first: str, second: str) -> bool:
    """Whether one of two words is the other with a prefix or an ending that denies it."""
    return any(
        _denies(one, other) or _denies(other, one)
        for one in bases(first)
        for other in bases(second)
    )


def _denies(word: str, other: str) -> bool:
    if len(word) >= 4 and any(other == prefix + word for prefix in _PREFIXES):
        return True
    return word.endswith("ful") and other in (f"{word[:-3]}less", f"{word[:-3]}-free")
