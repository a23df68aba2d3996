"""What is left over of two replies that share a value: nothing, something, or a contradiction.

Two replies can share every value and exclude each other: "we pay 5 euros", "you pay 5
euros". Near-copies are laid side by side, and the words that differ are looked at: who does
what, from which side a value binds, what is included, must and may, names that share a
part, and which value belongs to which thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations, groupby, takewhile

from msgspec import Struct

from chatbot_qa.text import changed_words
from chatbot_qa.text.agreement_marks import (
    APART,
    RESTRICTS,
    TITLES,
    WE,
    YOU,
    Token,
    alike_side,
    exclusive,
    form,
    sides,
    tokens,
)
from chatbot_qa.text.numbers import bare

Span = tuple[int, int]


class Contrast(Struct, frozen=True):
    """Places that differ, first and second; ``certain`` where they exclude each other."""

    first: Span
    second: Span
    certain: bool


_LONG = 40
"""Tokens of a reply above which its words are not laid beside those of another."""
_COPIED = 0.5
"""The share of tokens that near-copies have in common."""
_SOFT = frozenset(map(form, ("can", "may", "get", "got", "find", "see", "know", "kann", "konnen")))
"""Verbs that say one thing of us and of you: "we get there", "you get there"."""


def contrast(ours: Sequence[Token], theirs: Sequence[Token], ask: str) -> Contrast | None:
    """The difference that matters most; None where nothing of weight is left over."""
    if not ours or not theirs or max(len(ours), len(theirs)) > _LONG:
        return None
    if _words(ours) > _words(theirs):
        mirrored = contrast(theirs, ours, ask)
        return mirrored and Contrast(mirrored.second, mirrored.first, mirrored.certain)
    found = [
        *_crossed(ours, theirs),
        *_swapped(ours, theirs),
        *_replaced(ours, theirs, ask),
        *_unlike(ours, theirs),
    ]
    return next((one for one in found if one.certain), found[0] if found else None)


def same_words(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether both have the same tokens in the same order, or the same items of a list."""
    here, there = _words(_plain(ours)), _words(_plain(theirs))
    return bool(here) and (here == there or _one_list(ours, theirs))


def completes(first: str, second: str, ask: str) -> bool:
    """Whether one says in a sentence what the other says alone: "The capital is Paris", "Paris"."""
    return _in_sentence(first, second, ask) or _in_sentence(second, first, ask)


_IS = re.compile(r"\b(?:is|are|was|were|ist|sind|war|est|sont|es|son|era|sao|foi)\b|(?<= )e(?= )")
_ONE_SENTENCE = re.compile(r"[^.!?;\n]+[.!]*\s*")
_SHORT = 6
"""Words of a reply up to which it can be an answer alone."""


def _in_sentence(short: str, long: str, ask: str) -> bool:
    words = bare(long)
    if len(short.split()) > _SHORT or not _ONE_SENTENCE.fullmatch(words):
        return False
    asked, answer = set(_words(tokens(ask))), tokens(short)
    for found in _IS.finditer(words):
        about = _words(tokens(long[: found.start()]))
        told = len(about) == 1 or not asked.isdisjoint(about)
        if told and same_words(answer, tokens(long[found.end() :])):
            return True
    return False


def _words(found: Sequence[Token]) -> list[str]:
    return [one.word for one in found]


def _plain(found: Sequence[Token]) -> list[Token]:
    return [one for one in found if one.word != APART]


def _span(found: Sequence[Token]) -> Span:
    return (found[0].start, found[-1].end) if found else (0, 0)


# ── what changed places ─────────────────────────────────────────────────────────────

_LEADS = frozenset(map(form, ("offer", "accept", "available", "choose")))
_MUTUAL = frozenset({APART, "with", "mit", "con", "avec", "com"}) | set(
    map(form, ("meet", "met", "marry", "married", "equal", "resemble", "mean"))
)
"""Words around which two things can change places."""


_ORDERED = frozenset(
    map(form, ("then", "afterwards", "dann", "danach", "luego", "puis", "ensuite", "entao"))
)
"""Words of steps, whose order is part of what is said."""
_JOINS = frozenset(
    {"of", "from", "in", "at", "on", "for", "by", "de", "en", "von", "im", "em", "do", "da"}
)
"""Words that change places without the things around them: of Rome in Italy."""


def _items(found: Sequence[Token]) -> list[tuple[str, ...]]:
    items: list[list[str]] = [[]]
    for one in found:
        if one.word == APART:
            items.append([])
        elif one.word not in _LEADS and not (len(items) == 1 and one.word in (WE, YOU)):
            items[-1].append(one.word)
    return sorted(tuple(item) for item in items if item)


def _one_list(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether both are the same items, in whatever order: red, green and blue."""
    items = _items(ours)
    return len(items) > 1 and items == _items(theirs)


def _swapped(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[Contrast]:
    """Two parts that changed places around what is the same: Ann calls Bob, Bob calls Ann."""
    here, there = _words(ours), _words(theirs)
    if here == there or Counter(here) != Counter(there) or _one_list(ours, theirs):
        return
    start = next(at for at, pair in enumerate(zip(here, there, strict=True)) if len({*pair}) > 1)
    end = len(here)
    while here[end - 1] == there[end - 1]:
        end -= 1
    one, other = here[start:end], there[start:end]
    middle = _between(one, other)
    ends = one[:1] + one[-1:]
    if set(ends) <= _JOINS:
        return
    if middle is None:
        yield Contrast(_span(ours[start:end]), _span(theirs[start:end]), certain=False)
    elif not set(middle) <= _MUTUAL or not _ORDERED.isdisjoint(here):
        yield Contrast(_span(ours[start:end]), _span(theirs[start:end]), certain=True)


def _crossed(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[Contrast]:
    """Two values of which each stands with the thing of the other: coats 50 and hats 80."""
    here, there = _things(ours), _things(theirs)
    for one, other in combinations(sorted(here.keys() & there.keys()), 2):
        both = (here[one] & here[other]) | (there[one] & there[other])
        alone, about = here[one] - both, here[other] - both
        if alone & there[one] or about & there[other]:
            continue
        if alone & there[other] and about & there[one]:
            yield Contrast(_span(ours), _span(theirs), certain=True)
            return


def _things(found: Sequence[Token]) -> dict[str, frozenset[str]]:
    """The words with which each value stands alone between two marks."""
    things: dict[str, frozenset[str]] = {}
    for mark, part in groupby(found, key=lambda one: one.word == APART):
        words = [] if mark else _words(list(part))
        values = [word for word in words if word[0] in "=0123456789"]
        if len(values) == 1:
            things[values[0]] = frozenset(words) - {values[0]}
    return things


def _between(one: list[str], other: list[str]) -> list[str] | None:
    """What stands between two parts of ``one`` that changed places in ``other``."""
    size = len(one)
    for head in range(1, size):
        for tail in range(1, size - head + 1):
            middle = one[head : size - tail]
            if one[size - tail :] + middle + one[:head] == other:
                return middle
    return None


# ── what was replaced ───────────────────────────────────────────────────────────────


def _replaced(ours: Sequence[Token], theirs: Sequence[Token], ask: str) -> Iterator[Contrast]:
    """The words by which near-copies differ."""
    here, there = _plain(ours), _straightened(_plain(theirs), _plain(ours))
    match = SequenceMatcher(None, _words(here), _words(there), autojunk=False)
    codes = match.get_opcodes()
    shared = sum(block.size for block in match.get_matching_blocks())
    if shared < _COPIED * max(len(here), len(there)):
        return
    changes = [code for code in codes if code[0] != "equal"]
    asked = set(_words(tokens(ask)))
    for _, start, end, begin, stop in changes:
        left, right = here[start:end], there[begin:stop]
        alone = len(changes) == 1
        weight = _weight(left, right, (here[end:], here[:start]), asked, alone)
        if weight is not None:
            yield Contrast(_span(left), _span(right), certain=weight)


def _straightened(found: list[Token], by: list[Token]) -> list[Token]:
    """The tokens, one that may be a form of another's word being read as that: paga, pagamos."""
    known = set(_words(by))
    straight = []
    for one in found:
        forms = [] if one.word in known else [it for it in by if _bent(one, it)]
        word = forms[0].word if len(forms) == 1 else one.word
        straight.append(Token(word, one.start, one.end, one.named))
    return straight


def _weight(
    left: list[Token],
    right: list[Token],
    around: tuple[list[Token], list[Token]],
    asked: set[str],
    alone: bool,
) -> bool | None:
    """Whether words in one place exclude each other; None where they may say the same."""
    follows = around[0][0].word if around[0] else "="
    if any(exclusive(one.word, other.word, follows) for one in left for other in right):
        denied = bool(around[1]) and around[1][-1].word in _DENIES
        return _plainly(left, right, around[0]) and not denied
    if len(left) != 1 or len(right) != 1:
        return False if _restricted(left) != _restricted(right) else None
    return _alone(left[0], right[0], around, asked, alone)


def _alone(
    one: Token,
    other: Token,
    around: tuple[list[Token], list[Token]],
    asked: set[str],
    alone: bool,
) -> bool | None:
    """The same for one word in each."""
    after, before = around
    if {one.word, other.word} == {WE, YOU}:
        return alone and bool(after) and after[0].word not in _SOFT
    if one.word.isdigit() and other.word.isdigit():
        return int(one.word) != int(other.word) and alone
    if changed_words.opposed(one.word, other.word):
        return alone
    if _same_word(one, other, asked):
        return None
    beside = any(it.named for it in (*after[:1], *before[-1:]))
    return one.named and other.named and beside and alone and _two_names(one.word, other.word)


def _same_word(one: Token, other: Token, asked: set[str]) -> bool:
    """Whether two words may say the same, or stand in the question."""
    here, there = one.word, other.word
    if here in TITLES or there in TITLES or {here, there} & (asked - {WE, YOU}):
        return True
    if changed_words.one_word(here, there) or changed_words.alike(here, there):
        return True
    small = {here, there} <= _JOINS or _small(here) or _small(there)
    return small or alike_side(here, there) or _bent(one, other)


def _small(word: str) -> bool:
    """Whether a word says nothing that another word excludes: you have, within."""
    bound = any(name == "bound" for name, _ in sides(word))
    return bound or word in (WE, YOU) or word in changed_words.SMALL


_DENIES = frozenset(
    map(form, ("not", "no", "kein", "keine", "keinen", "aucun", "aucune", "ningun", "ninguna"))
) | {form("nenhum"), form("nenhuma"), "never"}
"""What stands before a word and its opposite, neither of which is then said."""


def _plainly(left: list[Token], right: list[Token], after: list[Token]) -> bool:
    """Whether the words on opposite sides are all that differs, or nearly.

    What must be done within 30 days can be done within 30 days: no contradiction.
    """
    if max(len(left), len(right)) > 2:
        return False
    duty = any(name == "duty" for one in (*left, *right) for name, _ in sides(one.word))
    return not (duty and any(("bound", 0) in sides(one.word) for one in (*left, *right, *after)))


def _restricted(found: list[Token]) -> bool:
    return any(one.word in RESTRICTS for one in found)


def _two_names(one: str, other: str) -> bool:
    """Whether two words name two people, and are no short form or misspelling of one."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or sorted(short) == sorted(long):
        return False
    return not any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _bent(one: Token, other: Token) -> bool:
    """Whether both may be forms of one word that is no name: paga, pagamos."""
    if one.named or other.named:
        return False
    longest = max(len(one.word), len(other.word))
    if _alike_from_start(one.word, other.word) < max(4, longest - 3):
        return False
    return not (exclusive(one.word, other.word, "=") or changed_words.opposed(one.word, other.word))


def _alike_from_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda it: it[0] == it[1], zip(one, other, strict=False)))


# ── what only one has ───────────────────────────────────────────────────────────────

_TURNS = frozenset({"inclusion", "change", "permission", "frequency", "party"})


def _unlike(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[Contrast]:
    """Words that narrow one reply only, and sides of which each reply has the other."""
    here, there = set(_words(ours)), set(_words(theirs))
    for found, other, first in ((ours, there, True), (theirs, here, False)):
        for one in found:
            if one.word in RESTRICTS and one.word not in other and not other & RESTRICTS:
                yield Contrast(*_placed(one, first), certain=False)
    for one in ours:
        for it in theirs:
            if one.word in there or it.word in here or not exclusive(one.word, it.word):
                continue
            if {name for name, _ in sides(one.word)} & _TURNS:
                yield Contrast((one.start, one.end), (it.start, it.end), certain=False)


def _placed(one: Token, first: bool) -> tuple[Span, Span]:
    span = (one.start, one.end)
    return (span, (0, 0)) if first else ((0, 0), span)
