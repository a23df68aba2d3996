"""How many of the telling words of a secret a text holds, and how close together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from chatbot_qa.text.leaks.base import Leak
from chatbot_qa.text.leaks.cleaning import clean, original, words
from chatbot_qa.text.leaks.nearness import (
    CODED,
    RARE,
    SOME,
    Found,
    near,
    score_of_all,
    score_of_part,
)
from chatbot_qa.text.leaks.secret import Secret, known
from chatbot_qa.text.leaks.weights import figures, slipped, stem, stems, weight_in_phrase

_LONGEST = 60_000
"""Characters of a text whose words are looked at one by one."""

_LETTERS_AND_DIGITS = re.compile(r"[^\W\d_]{4,}\d+|\d+[^\W\d_]{4,}")
_PARTS = re.compile(r"\d+|\D+")


def covered(text: str, secret: Secret, said: frozenset[str] = frozenset()) -> Leak | None:
    """The words of a phrase, apart or in another order, or so many of them that it is given away.

    ``said`` are the stems of words that the user used before; they are no evidence.
    """
    if len(secret.words) < 2 or secret.short or secret.everyday:
        return None
    text = text[:_LONGEST]
    tokens = words(clean(text))
    found = _found(tokens, secret, said)
    if found.weight <= 0:
        return None
    first, last = window(found.places, secret.weights)
    ordered = _in_order(found.places, first, last)
    beside = near(text, tokens, (first, last), ordered, secret)
    if found.share > 0.999:
        score = score_of_all(found, secret, beside)
    else:  # in a reply of a few words they are what it tells
        brief = found.heavy > 1 and len(tokens) <= 2 * len(secret.words) and ordered
        score = score_of_part(found, secret, beside, brief=brief)
    start, end = original(text, tokens[first].start(), tokens[last].end())
    form = "with its words apart" if found.share == 1 else "in part"
    return Leak(form, start, end, found.share, score)


def in_two_parts(text: str, secret: Secret) -> Leak | None:
    """A code such as "mongoose42" with its letters and its digits apart, or None."""
    if len(secret.words) > 1 or not _LETTERS_AND_DIGITS.fullmatch(secret.letters):
        return None
    apart = known(" ".join(_PARTS.findall(secret.letters)))
    if all(weight_in_phrase(word) < RARE for word in apart.words if word.isalpha()):
        return None  # "to save 20 euros"
    leak = covered(text, apart)
    return leak if leak is not None and leak.share > 0.999 else None


def _found(tokens: Sequence[re.Match[str]], secret: Secret, said: frozenset[str]) -> Found:
    at: dict[str, list[int]] = defaultdict(list)
    plain = stems([token.group() for token in tokens])
    for place, token in enumerate(plain):
        at[token].append(place)
    for figure, place in figures(plain):
        at[figure].append(place)
    for place, (one, other) in enumerate(pairwise(tokens)):  # marsh-mallow
        if other.start() == one.end() + 1 and one.string[one.end()] == "-":
            at[stem(one.group() + other.group())].append(place)
    places: dict[int, Sequence[int]] = {}
    taken: Counter[str] = Counter()
    gained = total = 0.0
    for number, (wanted, worth) in enumerate(zip(secret.stems, secret.weights, strict=True)):
        if wanted in said:
            continue
        total += worth
        there = at.get(wanted, ())[taken[wanted] :] or _nearly(wanted, at, secret.stems)
        taken[wanted] += 1
        if there:
            places[number] = there
            gained += worth
    heavy = sum(secret.weights[number] >= SOME for number in places)
    coded = any(secret.weights[number] >= CODED for number in places)
    return Found(places, heavy, gained, gained / total if total else 0.0, coded)


def _nearly(wanted: str, at: Mapping[str, Sequence[int]], own: Sequence[str]) -> Sequence[int]:
    """Where a word stands mistyped, its first letter right, and it is no other of the secret's."""
    for token, there in at.items():
        near = token[0] == wanted[0] and token.isalpha() == wanted.isalpha()
        if near and token not in own and slipped(token, wanted):
            return there
    return ()


def window(places: Mapping[int, Sequence[int]], weights: Sequence[float]) -> tuple[int, int]:
    """The shortest stretch of tokens that holds each of the words that weigh something once."""
    heavy = {number: all_ for number, all_ in places.items() if weights[number] > 0}
    places = heavy if len(places) < len(weights) else places
    events = sorted((place, number) for number, all_ in places.items() for place in all_)
    count: dict[int, int] = defaultdict(int)
    best = (events[0][0], events[-1][0])
    low = 0
    for place, number in events:
        count[number] += 1
        while count[events[low][1]] > 1:
            count[events[low][1]] -= 1
            low += 1
        if len(count) == len(places) and place - events[low][0] < best[1] - best[0]:
            best = (events[low][0], place)
    return best


def _in_order(places: Mapping[int, Sequence[int]], first: int, last: int) -> bool:
    """Whether the words stand in the secret's order between two places."""
    at = first - 1
    for number in sorted(places):
        if places[number][-1] < first or places[number][0] > last:
            continue
        later = [place for place in places[number] if at < place <= last]
        if not later:
            return False
        at = later[0]
    return True
