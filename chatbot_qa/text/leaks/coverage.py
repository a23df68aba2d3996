"""How many of the telling words of a secret a text holds, and how close together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from chatbot_qa.text.leaks.base import Leak
from chatbot_qa.text.leaks.cleaning import clean, original, words
from chatbot_qa.text.leaks.secret import Secret
from chatbot_qa.text.leaks.telling import crosses, tells
from chatbot_qa.text.leaks.weights import figures, slipped, stems

_RARE = 0.65
_LONGEST = 60_000
"""Characters of a text whose words are looked at one by one."""

_ONE_REPLY = 100
"""Words within which two rare ones of a secret are no chance."""

_CODED = 1.4
"""The weight of a word that nobody writes by chance: letters with digits, or a long number."""


class _Found(Struct, frozen=True):
    """Words of a secret that a text holds: places of the secret's words to places in the text.

    ``heavy`` is how many of them weigh anything, ``weight`` what they weigh together.
    """

    places: Mapping[int, Sequence[int]]
    heavy: int
    weight: float
    share: float


def covered(text: str, secret: Secret, said: frozenset[str] = frozenset()) -> Leak | None:
    """The words of a phrase, apart or in another order, or so many of them that it is given away.

    ``said`` are the stems of words that the user used before; they are no evidence.
    """
    if len(secret.words) < 2 or secret.short or secret.everyday:
        return None
    text = text[:_LONGEST]
    tokens = words(clean(text))
    found = _found(stems([token.group() for token in tokens]), secret, said)
    if found.weight <= 0:
        return None
    first, last = window(found.places, secret.weights)
    spans = tokens[first].start(), tokens[last].end()
    telling = tells(text, *spans, secret.words)
    if found.share < 0.999:  # in a reply of a few words they are what it tells
        brief = found.heavy > 1 and len(tokens) <= 2 * len(secret.words)
        telling = telling or (brief and _in_order(found.places, first, last))
    score = _score(found, secret, (first, last), telling)
    if len(secret.words) == 2 and found.share == 1 and not telling and crosses(text, *spans):
        score = min(score, 0.4)
    start, end = original(text, *spans)
    form = "with its words apart" if found.share == 1 else "in part"
    return Leak(form, start, end, found.share, score)


def _found(tokens: Sequence[str], secret: Secret, said: frozenset[str]) -> _Found:
    at: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        at[token].append(place)
    for figure, place in figures(tokens):
        at[figure].append(place)
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
    heavy = sum(secret.weights[number] > 0 for number in places)
    return _Found(places, heavy, gained, gained / total if total else 0.0)


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


def _score(found: _Found, secret: Secret, where: tuple[int, int], telling: bool) -> float:
    """By how many rare words there are, how close, and whether the sentence tells of a secret."""
    count = len(secret.words)
    rare = sum(secret.weights[number] >= _RARE for number in found.places)
    width = where[1] - where[0] + 1
    if found.share <= 0.999:
        return _score_of_part(found, secret, rare, width, telling)
    if rare >= 2:
        return _score_of_rare(count, width, telling)
    complete = len(found.places) == count
    close = width <= count + (4 if rare else 1)
    if complete and close and _in_order(found.places, *where):
        return 0.75
    if rare and complete and width <= count + 1:
        return 0.6
    if rare and 1 < found.heavy == width and _in_order(found.places, *where):
        return 0.6
    told = telling and width <= (count + 4 if rare else 2 * count)
    return 0.6 if told and (rare or complete) else 0.3


def _score_of_rare(count: int, width: int, telling: bool) -> float:
    """All words, two or more of them rare: of two words the nearness says more than of many."""
    if count == 2:
        return 0.92 if width <= 4 else 0.75 if width <= (20 if telling else 7) else 0.4
    near = 0.55 if width <= _ONE_REPLY else 0.4
    return 0.92 if width <= 3 * count else 0.75 if width <= 6 * count + 6 else near


def _score_of_part(found: _Found, secret: Secret, rare: int, width: int, telling: bool) -> float:
    coded = any(secret.weights[number] >= _CODED for number in found.places)
    if coded and found.share >= 0.4:
        return 0.65
    if width > 3 * len(found.places) + 3 or not _holds_figures(found, secret):
        return 0.3 * found.share
    if rare >= 2 and found.share >= 0.5:
        return 0.65 if telling or found.share >= 0.75 else 0.45
    if rare >= 1 and found.share >= 0.35 and telling:
        return 0.35 + 0.4 * found.share
    return 0.4 * found.share


def _holds_figures(found: _Found, secret: Secret) -> bool:
    """Whether one of the secret's long numbers and mixed words is there, where it has such."""
    coded = [number for number, worth in enumerate(secret.weights) if worth >= _CODED]
    return not coded or any(number in found.places for number in coded) or found.share >= 0.75


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
