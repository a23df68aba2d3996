"""What was replaced by what between two wordings of one text, each edit with its marks.

The texts are aligned word by word; what differs is taken apart into pairs of words and
single words, and each gets *marks*: plain facts such as ``opposed``, ``number``, ``alike``
or ``deny more``, which ``changed`` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.changed_words import (
    ALL,
    DENY,
    DIRECTIONS,
    FEW,
    FIRM,
    HEDGE,
    MANY,
    PLAIN,
    PRONOUNS,
    RESTRICT,
    SMALL,
    alike,
    bases,
    denied_by_prefix,
    has_family,
    is_phrase,
    known,
    of_one_family,
    one_word,
    opposed,
    word_set,
)  # fmt: skip
from chatbot_qa.text.numbers import bare, numbers


class Token(Struct, frozen=True):
    """A word or figure of a text: folded, with its place and its neighbours."""

    word: str
    start: int
    end: int
    named: bool = False
    """It has a capital letter and does not open a sentence."""
    capital: bool = False
    before: str = ""
    after: str = ""


class Edit(Struct, frozen=True):
    """One thing that differs: a word for another, or one that stands in one text alone."""

    first: Token | None
    second: Token | None
    marks: tuple[str, ...]


_TOKEN = re.compile(
    r"[$€£]?\d[\d.,:]*\d%?|[$€£]?\d%?|[^\W\d_]+(?:['’-][^\W\d_]+)*"  # figures, then words
)
_OPENS = re.compile(r"(?:^|[.!?:\n\"“])[\s*_#>-]*$")
_ARTICLES = word_set("a an the his her their its this that")
_PREPOSITIONS = word_set("of in at on for with")
_SHAPES = (
    ("ly", "adverb"), ("ing", "ing"), ("ed", "ed"), ("tion", "noun"), ("ment", "noun"),
    ("ness", "noun"), ("ity", "noun"), ("ance", "noun"), ("ence", "noun"), ("able", "adjective"),
    ("ible", "adjective"), ("al", "adjective"), ("ive", "adjective"), ("ous", "adjective"),
    ("ful", "adjective"), ("less", "adjective"), ("ic", "adjective"), ("s", "s"),
)  # fmt: skip


def tokens(text: str) -> list[Token]:
    """The words and figures of a text in order; expressions of the lists are one."""
    found = list(_TOKEN.finditer(text))
    words = [bare(match.group().replace("’", "'")) for match in found]
    made: list[Token] = []
    place = 0
    while place < len(found):
        length = _length(words, place)
        start, end = found[place].start(), found[place + length - 1].end()
        capital = length == 1 and text[start].isupper()
        made.append(
            Token(
                "_".join(words[place : place + length]),
                start,
                end,
                capital and not _OPENS.search(text, max(0, start - 6), start),
                capital,
                words[place - 1] if place else "",
                words[place + length] if place + length < len(words) else "",
            )
        )
        place += length
    return made


def _length(words: Sequence[str], place: int) -> int:
    """How many words from here on are one expression."""
    for length in (3, 2):
        if place + length <= len(words) and is_phrase("_".join(words[place : place + length])):
            return length
    return 1


def edits(first: Sequence[Token], second: Sequence[Token]) -> list[Edit]:
    """What differs between two texts, in no order that matters."""
    matcher = SequenceMatcher(
        None, [one.word for one in first], [one.word for one in second], autojunk=False
    )
    gaps = [
        (list(first[a:b]), list(second[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    seen = _Seen(_all_bases(first), _all_bases(second))
    done: list[Edit] = []
    turned = _denials(first) + _denials(second)
    for gap in gaps:
        paired = _paired(*gap)
        turned += sum(_prefixed(edit) for edit in paired)
        done += paired
    done += _moved(gaps)
    for gone, come in gaps:
        done += _left(gone, come, seen)
    if turned % 2:
        done.append(Edit(None, None, ("turned",)))
    if _count(first, RESTRICT) != _count(second, RESTRICT):
        done.append(Edit(None, None, ("restricted",)))
    return done


class _Seen(Struct, frozen=True):
    """The base forms of all words of the two texts."""

    first: frozenset[str]
    second: frozenset[str]


def _all_bases(words: Sequence[Token]) -> frozenset[str]:
    return frozenset(base for one in words for base in bases(one.word))


def _count(words: Sequence[Token], among: frozenset[str]) -> int:
    return sum(one.word in among for one in words)


def _denials(words: Sequence[Token]) -> int:
    return sum(denies(one.word) for one in words)


def denies(word: str) -> bool:
    """Whether a folded word denies: not, never, doesn't, fails."""
    return word in DENY or word.endswith("n't")


def _prefixed(edit: Edit) -> bool:
    """Whether a prefix alone tells its two words apart: insured, uninsured."""
    one, other = edit.first, edit.second
    if one is None or other is None or denies(one.word) or denies(other.word):
        return False
    return denied_by_prefix(one.word, other.word)


# ── pairs ───────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=2048)
def _value(word: str) -> float | None:
    """The number that a word is, or None; ``one`` is mostly a pronoun."""
    if word == "one":
        return None
    found = numbers(word)
    return found[0].values[0] if found and found[0].values else None


def _same(one: Token, other: Token) -> bool:
    value = _value(one.word)
    return one_word(one.word, other.word) or (value is not None and value == _value(other.word))


def _both_numbers(one: Token, other: Token) -> bool:
    return _value(one.word) is not None and _value(other.word) is not None


def _both_deny(one: Token, other: Token) -> bool:
    """ "Does not work" for "fails to work"."""
    return denies(one.word) and denies(other.word)


_RELATIONS: tuple[tuple[str, Callable[[Token, Token], bool]], ...] = (
    ("inflected", _same),
    ("alike", _both_deny),
    ("opposed", lambda one, other: opposed(one.word, other.word)),
    ("alike", lambda one, other: alike(one.word, other.word)),
    ("number", _both_numbers),
    ("family", lambda one, other: of_one_family(one.word, other.word)),
)


def _paired(gone: list[Token], come: list[Token]) -> list[Edit]:
    """The pairs of one gap that a relation explains; they are taken out of it."""
    done: list[Edit] = []
    if not gone or not come:
        return done
    for name, holds in _RELATIONS:
        for one in tuple(gone):
            other = next((other for other in come if holds(one, other)), None)
            if other is not None:
                gone.remove(one)
                come.remove(other)
                done.append(Edit(one, other, (name,)))
    return [_undone(edit, gone, come) for edit in done]


def _undone(edit: Edit, gone: list[Token], come: list[Token]) -> Edit:
    """ "Not insured" for "uninsured": the prefix and the denial undo each other."""
    if edit.marks != ("opposed",) or not _prefixed(edit) or _denials(gone) == _denials(come):
        return edit
    gone[:] = [one for one in gone if not denies(one.word)]
    come[:] = [one for one in come if not denies(one.word)]
    return Edit(edit.first, edit.second, ("alike",))


def _moved(gaps: list[tuple[list[Token], list[Token]]]) -> list[Edit]:
    """Words that left one place and stand in another; they are taken out of the gaps."""
    done = []
    for gone, _ in gaps:
        for one in tuple(gone):
            for _, come in gaps:
                other = next((other for other in come if one_word(one.word, other.word)), None)
                if other is not None:
                    gone.remove(one)
                    come.remove(other)
                    marks = ("moved",) if _has_content(one) else ("moved", "moved small")
                    done.append(Edit(one, other, marks))
                    break
    return done


def _has_content(token: Token) -> bool:
    word = token.word
    return not (
        word in SMALL or denies(word) or word in RESTRICT or word in HEDGE or word in FIRM
        or word in ALL or word in MANY or word in FEW
    )  # fmt: skip


def _left(gone: list[Token], come: list[Token], seen: _Seen) -> Iterator[Edit]:
    """What no relation explains: words of content in their order, then single words."""
    ones = [one for one in gone if _has_content(one)]
    others = [other for other in come if _has_content(other)]
    for one, other in zip(ones, others, strict=False):
        yield Edit(one, other, ("pair", *_pair_marks(one, other, seen)))
    both = min(len(ones), len(others))
    for one in ones[both:]:
        yield Edit(one, None, ("taken beside" if come else "taken", *_marks(one, seen.second)))
    for other in others[both:]:
        yield Edit(None, other, ("added beside" if gone else "added", *_marks(other, seen.first)))
    yield from (Edit(one, None, (_small(one, "less"),)) for one in gone if not _has_content(one))
    yield from (
        Edit(None, other, (_small(other, "more"),)) for other in come if not _has_content(other)
    )


def _pair_marks(one: Token, other: Token, seen: _Seen) -> Iterator[str]:
    facts = {
        "names": one.named and other.named,
        "name for word": one.named != other.named,
        "capitals": one.capital and other.capital,
        "known both": known(one.word) and known(other.word),
        "known one": known(one.word) != known(other.word),
        "family both": has_family(one.word) and has_family(other.word),
        "family one": has_family(one.word) != has_family(other.word),
        "same beginning": one.word[:4] == other.word[:4] and len(one.word) > 3,
        "same shape": _shape(one.word) == _shape(other.word),
        "said before": not seen.first.isdisjoint(bases(other.word)),
        "still said": not seen.second.isdisjoint(bases(one.word)),
        "after article": one.before in _ARTICLES,
        "after preposition": one.before in _PREPOSITIONS,
        "after to": one.before == "to",
        "before word": bool(one.after) and one.after not in SMALL,
    }
    return (name for name, holds in facts.items() if holds)


def _marks(token: Token, elsewhere: frozenset[str]) -> Iterator[str]:
    """What can be said of a word that stands in one text alone."""
    word = token.word
    facts = {
        "a name": token.named,
        "a number": _value(word) is not None,
        "a known word": known(word),
        "of a family": has_family(word),
        "an adverb": _shape(word) == "adverb",
        "said elsewhere": not elsewhere.isdisjoint(bases(word)),
        "meant elsewhere": any(alike(word, other) for other in elsewhere),
    }
    return (name for name, holds in facts.items() if holds)


def _shape(word: str) -> str:
    """The kind of word that its ending makes it look like."""
    return next((k for end, k in _SHAPES if word.endswith(end) and len(word) > len(end) + 2), "")


_CLASSES = (
    ("restrict", RESTRICT), ("hedge", HEDGE), ("firm", FIRM), ("all", ALL), ("many", MANY),
    ("few", FEW), ("pronoun", PRONOUNS), ("direction", DIRECTIONS), ("small", PLAIN),
)  # fmt: skip


def _small(token: Token, way: str) -> str:
    if denies(token.word):
        return f"deny {way}"
    name = next((name for name, words in _CLASSES if token.word in words), token.word)
    return name if name == "small" else f"{name} {way}"
