"""Whether a text gives sentences away, such as a system prompt: copied in part, or reworded."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, repeat

from msgspec.structs import replace

from chatbot_qa.text.leaks.base import SURE, Leak, stronger
from chatbot_qa.text.leaks.cleaning import clean, original, squeezed, words
from chatbot_qa.text.leaks.secret import BLOCK, Secret, blocks, unleeted
from chatbot_qa.text.leaks.streams import streams
from chatbot_qa.text.leaks.weights import stem

_LONGEST = 60_000
_MANY = 20_000
"""Letters of a text above which only the secret as it is is looked for."""

_RARE = 0.65
_TOLD_BY = 4
"""Rare words that a sentence must have to be known again in other words."""

_SEVERAL = 0.3
"""The share of the telling words from which two half-told sentences are no mere topic."""

_HALF_TOLD = 0.35
"""The score from which a sentence is told in good part."""

_MUCH = 5.0
"""What the words of a prompt weigh together that are no mere topic, being two fifths of it."""

_RUN = 4
"""Blocks in a row that are no chance, whatever share of the secret they are."""


def copied(letters: str, secret: Secret, form: str, said: str = "") -> Leak | None:
    """Stretches of the secret in the letters of a text; start and end are places among these.

    The secret and each of its disguises are cut into blocks of twelve letters, and those that
    stand in the text are counted; ``said`` holds the letters of what the user sent, whose
    blocks do not count.
    """
    there = _grams(letters) if len(letters) <= _MANY else letters
    forms = ((form, secret.letters), *(secret.forms if len(letters) <= _MANY else ()))
    best: Leak | None = None
    for name, disguise in forms:
        best = stronger(best, _blocks(letters, there, disguise, name, said))
    return best


def spelled_prose(text: str, secret: Secret, said: str = "") -> Leak | None:
    """Sentences in leetspeak, or spelled letter by letter."""
    text = text[:_LONGEST]
    leet = unleeted(clean(text))
    best = _blocks(leet, leet, secret.leet, "in leetspeak", said)
    for stream in streams(text):
        if stream.enough == 4 and len(stream.letters) >= 2 * BLOCK:
            best = stronger(best, copied(stream.letters, secret, stream.form, said))
    return replace(best, start=0, end=len(text)) if best is not None else None


@lru_cache(maxsize=4)
def _grams(letters: str) -> frozenset[str]:
    return frozenset(letters[start : start + BLOCK] for start in range(len(letters) - BLOCK + 1))


def _blocks(
    letters: str, grams: Container[str], disguise: str, form: str, said: str
) -> Leak | None:
    cut = _cut(disguise)
    if not cut:
        return None
    there = [block in grams and not (said and block in said) for block in cut]
    count = sum(there)
    if disguise in letters and not (said and disguise in said):
        start = letters.find(disguise)
        return Leak(form, start, start + len(disguise), 1.0, 0.97)
    if count < 2:
        return None
    share = count / len(cut)
    run = _longest_run(there)
    first, last = there.index(True), len(there) - 1 - there[::-1].index(True)
    start, end = _widened(letters, disguise, first * BLOCK, (last + 1) * BLOCK)
    if share >= 0.6:
        score = 0.97
    elif run >= _RUN:
        score = 0.8 + 0.15 * share
    else:
        score = min(0.75, 0.2 + 0.9 * share) if run >= 2 else 0.5 * share
    return Leak(form, min(start, end), max(start, end), share, score)


def _widened(letters: str, disguise: str, first: int, last: int) -> tuple[int, int]:
    """Where the blocks of ``disguise[first:last]`` begin and end, with what goes on beside them."""
    start = letters.find(disguise[first : first + BLOCK])
    while start > 0 and first > 0 and letters[start - 1] == disguise[first - 1]:
        start, first = start - 1, first - 1
    end = letters.find(disguise[last - BLOCK : last]) + BLOCK
    while end < len(letters) and last < len(disguise) and letters[end] == disguise[last]:
        end, last = end + 1, last + 1
    return start, end


@lru_cache(maxsize=4096)
def _cut(disguise: str) -> tuple[str, ...]:
    return tuple(blocks(disguise))


def _longest_run(there: Sequence[bool]) -> int:
    best = run = 0
    for one in there:
        run = run + 1 if one else 0
        best = max(best, run)
    return best


def reworded(text: str, secret: Secret, said: frozenset[str] = frozenset()) -> Leak | None:
    """How much of the telling words of the secret the text holds, in whatever order.

    Stems are compared, each once, weighed by how rare the word is; pairs of neighbours that
    both texts have count as well. Where too little of the whole is there, each sentence of
    the secret is looked for by itself, and two told in good part count together.
    """
    tokens = words(clean(text[:_LONGEST]))
    stems = [stem(token.group()) for token in tokens]
    there = set(stems)
    worth = {
        wanted: weight
        for wanted, weight in zip(secret.stems, secret.weights, strict=True)
        if weight > 0 and wanted not in said
    }
    hits = {wanted for wanted in worth if wanted in there}
    if len(hits) < 4:
        return None
    gained, total = sum(worth[hit] for hit in hits), sum(worth.values())
    ordered = _ordered(secret.stems, stems, hits)
    score = _likelihood(gained / total, ordered, gained)
    form = "in other words" if ordered < 0.8 else "in part"
    if score < SURE:
        each = list(map(_told, _parts(secret, worth), repeat(stems), repeat(worth)))
        told = max(each, default=0.0)
        score = max(score, told)
        form = "a sentence of it in other words" if score == told else form
        halves = gained >= _SEVERAL * total and sum(one >= _HALF_TOLD for one in each) > 1
        if score < SURE and (halves or (gained >= _MUCH and gained >= 0.4 * total)):
            score, form = 0.55, "several sentences of it in other words"
    places = [place for place, one in enumerate(stems) if one in hits]
    span = original(text, tokens[places[0]].start(), tokens[places[-1]].end())
    return Leak(form, *span, gained / total, score)


def _parts(secret: Secret, worth: Mapping[str, float]) -> Iterator[frozenset[str]]:
    """The telling stems of each sentence of the secret that has enough of them to be told by."""
    for sentence in secret.sentences:
        part = frozenset(one for one in sentence if one in worth)
        rare = sum(worth[one] >= _RARE for one in part)
        if rare >= _TOLD_BY:
            yield part


def _told(part: frozenset[str], stems: Sequence[str], worth: Mapping[str, float]) -> float:
    """A score for one sentence: nearly all its telling words within about twice its length."""
    total = sum(worth[one] for one in part)
    places = [place for place, one in enumerate(stems) if one in part]
    best = 0.0
    for start in places:
        near = {stems[place] for place in places if start <= place < start + 3 * len(part) + 6}
        best = max(best, sum(worth[one] for one in near))
    return 0.75 * best / total


def _ordered(wanted: Sequence[str], stems: Sequence[str], hits: set[str]) -> float:
    """The share of neighbouring telling words of the secret that are neighbours in the text too."""
    pairs = _pairs([one for one in wanted if one in hits])
    return len(pairs & _pairs([one for one in stems if one in hits])) / max(1, len(pairs))


def _pairs(stems: Sequence[str]) -> set[tuple[str, str]]:
    return {pair for pair in pairwise(stems) if pair[0] != pair[1]}


def _likelihood(share: float, ordered: float, gained: float) -> float:
    """From the share of the words and of their neighbourhoods to a score."""
    return min(0.9, 1.2 * share * (0.55 + 0.45 * ordered)) if gained >= 2.5 else min(0.4, share)


def place_of(text: str, letters: str, start: int, end: int) -> tuple[int, int]:
    """Where ``letters[start:end]``, letters of the text as ``squeezed`` has them, stand in it."""
    cleaned = clean(text)
    spans = [match.span() for match in re.finditer(r"[^\W_]", cleaned)]
    if letters != squeezed(text) or not spans:
        return 0, len(text)
    return original(text, spans[start][0], spans[max(start, end - 1)][1])
