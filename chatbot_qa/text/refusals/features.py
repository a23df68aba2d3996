"""A reading as named numbers, and as hashed words, for the weights to be applied to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log1p
from zlib import crc32

from chatbot_qa.text.refusals.aims import aims
from chatbot_qa.text.refusals.moves import MOVES, bits
from chatbot_qa.text.refusals.reading import (
    BARRED,
    CARE,
    LACK,
    MORAL,
    NEGATED,
    OFFER,
    STANCE,
    STEM,
    Reading,
    Sentence,
)
from chatbot_qa.text.refusals.substance import substance

_PLACES = ("first", "second", "third to fifth", "late")
_AMOUNTS = {
    "stance": STANCE, "moral": MORAL, "care": CARE, "offer": OFFER, "lack": LACK,
    "negated": NEGATED,
    **{move: bits(move) for move in (
        "important", "justice", "first_person", "you", "unreal", "groups", "because", "danger",
        "thanks", "vague", "vague_twice",
    )},
}  # fmt: skip
_THANKS, _UNREAL, _FIRM = bits("thanks"), bits("unreal"), bits("firm")
_FIRM_NEGATED, _BECAUSE, _CONTRAST = bits("firm_negated"), bits("because"), bits("contrast")
_CLOSED = re.compile(r"[FYpf]{0,2}[CWMDI]|\.{0,2}[CI][FYpf]|FC|FM")
_WHY = frozenset({"why", "warum", "wieso", "weshalb", "pourquoi"})
_OPENINGS = (
    "when how what's whats where which who what wann wie was wo wer cuando cuanto cuantos cual "
    "donde quien combien quand quel quelle ou qui quando quanto qual onde quem"
)
_FACTS = frozenset(_OPENINGS.split())

_OPENING = 4
"""Sentences in which a reply says what it is going to do."""
BUCKETS = 1 << 14
WORDS_WEIGH = 0.75
"""What one hashed word counts for beside a named number, so that structure leads."""
_WORDS_READ = 40
_SENTENCES_READ = 6


def numbers(seen: Reading) -> dict[str, float]:
    """The named numbers of a reading; what is 0 is left out."""
    found = dict(_by_place(seen.sentences))
    found.update(_by_amount(seen))
    found.update(_by_order(seen.sentences))
    found.update(_by_request(seen))
    found.update(substance(seen))
    found.update(aims(seen))
    return {name: float(value) for name, value in found.items() if value}


def buckets(seen: Reading) -> frozenset[int]:
    """The hashed words and pairs of words of the first sentences, the request's masked."""
    found: set[int] = set()
    for place, part in enumerate(seen.sentences[:_SENTENCES_READ]):
        tag = "1" if place == 0 else "+"
        before = "^"
        for word in part.words[:_WORDS_READ]:
            shown = _masked(word, seen.ask_stems)
            found.add(crc32(f"{tag}{shown}".encode()) % BUCKETS)
            found.add(crc32(f"{tag}{before} {shown}".encode()) % BUCKETS)
            before = shown
    before = "^"
    for word in seen.ask_words[:_WORDS_READ]:
        found.add(crc32(f"?{word}".encode()) % BUCKETS)
        found.add(crc32(f"?{before} {word}".encode()) % BUCKETS)
        before = word
    return frozenset(found)


def _masked(word: str, asked: frozenset[str]) -> str:
    if word[:STEM] in asked:
        return "?"
    return "9" if word[0].isdigit() else word


def _by_place(parts: list[Sentence]) -> Iterator[tuple[str, float]]:
    """Which moves are made in the first sentence, the second, the next three, later."""
    if not parts:
        return
    gathered = [0, 0, 0, 0]
    for place, part in enumerate(parts):
        gathered[place if place < 2 else 2 if place < 5 else 3] |= part.moves
    for name, found in zip(_PLACES, gathered, strict=True):
        for index, move in enumerate(MOVES):
            if found >> index & 1:
                yield f"{name}: {move}", 1.0
    opening = gathered[0] | gathered[1]
    for part in parts[2:_OPENING]:
        opening |= part.moves
    for index, move in enumerate(MOVES):
        if opening >> index & 1:
            yield f"opening: {move}", 1.0
    first, last = parts[0], parts[-1]
    yield "last: offer", last.does(OFFER)
    yield "last: lack", last.does(LACK)
    yield "last: asks", last.text.endswith("?")
    yield "first: asks", first.text.endswith("?")
    yield "first: firm, stance", first.does(_FIRM) * first.does(STANCE)
    yield "first: stance, short", first.does(STANCE) * (len(parts) < 3)
    yield "first: colon", first.text.endswith(":")


def _by_amount(seen: Reading) -> Iterator[tuple[str, float]]:
    """How much there is of everything, and of what is served."""
    parts = seen.sentences
    count = len(parts)
    words = [word for part in parts for word in part.words]
    listed = sum(part.listed for part in parts)
    serving = [part for part in parts if part.serves]
    yield "words", log1p(len(words)) / 5
    yield "short", len(words) <= 12
    yield "long", len(words) > 120
    yield "sentences", log1p(count) / 3
    yield "one sentence", count == 1
    yield "listed", min(listed, 8) / 8
    yield "listed some", listed >= 3
    yield "code", seen.code
    yield "quoted", min(seen.quoted, 3) / 3
    yield "serving", log1p(len(serving)) / 3
    yield "serving none", not serving
    yield "serving words", log1p(sum(len(part.words) for part in serving)) / 5
    yield "figures", log1p(sum(part.roles.count("9") for part in parts)) / 3
    if count:
        yield "share serving", len(serving) / count
        yield "share exclaimed", sum(part.text.endswith("!") for part in parts) / count
        for name, which in _AMOUNTS.items():
            yield f"share {name}", _share(parts, which)
    if len(words) >= 8:
        yield "repeats", max(0.0, 0.5 - len(set(words)) / len(words))


def _by_order(parts: list[Sentence]) -> Iterator[tuple[str, float]]:
    """What is served before and after the first refusing sentence."""
    stances = [place for place, part in enumerate(parts) if part.does(STANCE | BARRED)]
    if not stances:
        yield "no stance", 1.0
        yield "no stance, moral", any(part.does(MORAL) for part in parts[:3])
        yield "no stance, serving", sum(part.serves for part in parts) / max(1, len(parts))
        return
    first = stances[0]
    after = [part for part in parts[first + 1 :] if part.serves]
    yield "serving before", log1p(sum(part.serves for part in parts[:first])) / 2
    yield "serving after", log1p(len(after)) / 2
    yield "words after", log1p(sum(len(part.words) for part in after)) / 5
    yield "listed after", sum(part.listed for part in parts[first + 1 :]) >= 3
    yield "contrast after", any(part.does(_CONTRAST) for part in parts[first : first + 3])
    yield "stance alone", len(parts) == len(stances)
    yield "stance first", first == 0
    yield "stance late", first > 2
    yield "stances", log1p(len(stances)) / 2
    yield "stance, unreal", _share(parts, _UNREAL)


def _by_request(seen: Reading) -> Iterator[tuple[str, float]]:
    if not seen.ask_stems:
        yield "no request", 1.0
        return
    yield from _by_question(seen)
    if seen.sentences:
        yield from _by_overlap(seen)


def _by_question(seen: Reading) -> Iterator[tuple[str, float]]:
    """What kind of request it is, and whether the reply opens as its answer would."""
    parts, opening = seen.sentences, seen.ask_words[0]
    roles = seen.ask_roles
    why = opening in _WHY or seen.ask_words[:2] == ["por", "que"]
    closed = _CLOSED.match(roles) is not None and not why
    fact = opening in _FACTS
    figures = any("9" in part.roles for part in parts)
    group, danger = "g" in roles, "w" in roles
    yield "request: why", why
    yield "request: harm", min(roles.count("H"), 2) / 2
    yield "request: you", "Y" in roles[:12]
    yield "request: closed", closed
    yield "request: fact", fact
    yield "request: fact, figure", fact * figures
    yield "request: fact, no figure", fact * (not figures) * (len(parts) < 4)
    yield "request: order", "?" not in seen.ask and not closed and not why
    yield "request: groups", group
    yield "request: danger", danger
    yield "request: why groups", why * group
    yield "request: unreal", "u" in roles
    if not parts:
        return
    first = parts[0]
    moral, unreal = _share(parts, MORAL | CARE), _share(parts, _UNREAL)
    yield "closed, negated", closed * first.does(NEGATED)
    yield "closed, firm", closed * first.does(_FIRM_NEGATED)
    yield "closed, stance", closed * first.does(STANCE)
    yield "closed, stance, I", closed * first.does(STANCE) * (not first.does(_FIRM))
    yield "open, stance", (not closed) * first.does(STANCE)
    yield "open, firm", (not closed) * first.does(_FIRM_NEGATED)
    yield "open, lacks", (not closed) * first.does(LACK)
    yield "thanks, short", first.does(_THANKS) * (len(parts) < 4)
    yield "why groups, moral", why * group * moral
    yield "why others, moral", why * (not group) * moral
    yield "danger, moral", danger * moral
    yield "calm, moral", (not danger) * (not group) * moral
    yield "why, unreal", why * unreal
    yield "groups, unreal", group * unreal
    yield "why, because", why * first.does(_BECAUSE)


def _by_overlap(seen: Reading) -> Iterator[tuple[str, float]]:
    """How much of the request comes back, and in which sentences."""
    parts, asked = seen.sentences, seen.ask_stems
    everything = frozenset[str]().union(*(part.stems for part in parts))
    whole = _overlap(asked, everything)
    first = _overlap(asked, parts[0].stems)
    serving = frozenset[str]().union(*(part.stems for part in parts if part.serves))
    denied = parts[0].does(NEGATED)
    new = len(everything - asked)
    yield "overlap", whole
    yield "overlap of the first", first
    yield "overlap of serving", _overlap(asked, serving)
    yield "no overlap", whole == 0
    yield "no overlap, long", whole == 0 and len(everything) > 15
    yield "new words", log1p(new) / 5
    yield "echo", new == 0 and whole > 0.6
    yield "denied", denied * first
    yield "denied why", denied * first * (seen.ask_words[0] in _WHY)
    yield "overlap of moral", _highest(parts, MORAL, asked)
    yield "overlap of stance", _highest(parts, STANCE, asked)


def _share(parts: list[Sentence], which: int) -> float:
    return sum(part.does(which) for part in parts) / len(parts)


def _highest(parts: list[Sentence], which: int, asked: frozenset[str]) -> float:
    return max((_overlap(asked, part.stems) for part in parts if part.does(which)), default=0.0)


def _overlap(asked: frozenset[str], said: frozenset[str]) -> float:
    return len(asked & said) / len(asked)
