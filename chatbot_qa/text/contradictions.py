"""Where a dialogue contradicts itself: two statements about one thing that exclude each other.

Only what is about the same thing is held against each other: two replies to one question
that was asked again, or two statements that share most of their words and differ in a value
or in what they deny. Everything else says nothing of contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from chatbot_qa.text.agreement import Agreement, State, compare
from chatbot_qa.text.claims import claims
from chatbot_qa.text.content import content_words
from chatbot_qa.text.sentences import sentences

Voice = Literal["user", "bot"]

ASKED_AGAIN = 0.6
"""The share of content words that two questions have in common which ask the same."""
ABOUT_ONE = 0.7
"""The share of content words, values aside, that two statements about one thing have in common."""
MOST_STATEMENTS = 300
"""Statements of a dialogue that are held against each other, the latest ones."""
LONGEST = 400
"""Characters beyond which a sentence is no statement about one thing."""


class Spoken(Struct, frozen=True):
    """One exchange of a dialogue by its number: what the user said, what the bot replied."""

    number: int
    said: str
    replied: str


class Statement(Struct, frozen=True):
    """A sentence of a dialogue that claims something; ``about`` are its words without values."""

    number: int
    voice: Voice
    text: str
    about: frozenset[str]


class Clash(Struct, frozen=True):
    """Two places of a dialogue that are about one thing, the earlier one first.

    ``ask`` is the question that both answer, "" for statements. ``found`` says whether they
    agree.
    """

    earlier: Statement
    later: Statement
    found: Agreement
    ask: str = ""


def clashes(dialogue: Sequence[Spoken]) -> Iterator[Clash]:
    """All pairs of places about one thing, with what comparing them comes to.

    What the user has put right since the earlier place is no contradiction.
    """
    told = [one for spoken in dialogue for one in statements(spoken)][-MOST_STATEMENTS:]
    for place, later in enumerate(dialogue):
        for earlier in dialogue[:place]:
            if _same_question(earlier.said, later.said):
                yield from _asked_again(earlier, later, told)
    for place, late in enumerate(told):
        if late.voice == "bot":
            yield from _against(late, told[:place])


def _asked_again(earlier: Spoken, later: Spoken, told: Sequence[Statement]) -> Iterator[Clash]:
    if not (earlier.replied.strip() and later.replied.strip()):
        return
    between = [
        one for one in told if one.voice == "user" and earlier.number < one.number <= later.number
    ]
    if between:  # whatever the user told in between may have changed the answer
        return
    found = compare(earlier.replied, later.replied, later.said)
    yield Clash(_whole(earlier), _whole(later), found, later.said)


def _same_question(one: str, other: str) -> bool:
    """Whether two questions share most of their words, and ask of the same values."""
    words, others = content_words(one), content_words(other)
    return _share(words, others) >= ASKED_AGAIN and not any(_apart(one, other))


def _apart(one: str, other: str) -> tuple[int, int]:
    """How many values of each of two texts the other does not have."""
    ours, theirs = claims(one).values, claims(other).values
    return (
        sum(not any(it.same(that) for that in theirs) for it in ours),
        sum(not any(it.same(that) for that in ours) for it in theirs),
    )


def _whole(spoken: Spoken) -> Statement:
    return Statement(spoken.number, "bot", spoken.replied, frozenset())


def _against(late: Statement, before: Sequence[Statement]) -> Iterator[Clash]:
    """A statement of the bot against the latest ones about the same thing, user's and bot's."""
    heard: set[Voice] = set()
    for early in reversed(before):
        if early.voice in heard or (early.number == late.number and early.voice == "bot"):
            continue
        if not _about_one(early, late) or max(_apart(early.text, late.text)) > 1:
            continue  # where several values differ it is another thing that is spoken of
        if early.voice == "user":
            heard |= {"user", "bot"}  # what the bot said before that no longer counts
        found = compare(early.text, late.text)
        if found.state is not State.UNSURE:
            yield Clash(early, late, found)
        if heard == {"user", "bot"}:
            return


def statements(spoken: Spoken) -> Iterator[Statement]:
    """The sentences of an exchange that claim a value and say of what; questions claim nothing."""
    parts: tuple[tuple[Voice, str], ...] = (("user", spoken.said), ("bot", spoken.replied))
    for voice, text in parts:
        for sentence in sentences(text):
            if sentence.rstrip(" \"'”»*_").endswith("?") or len(sentence) > LONGEST:
                continue
            values = claims(sentence).values
            if not values:
                continue
            rest = sentence
            for claim in sorted(values, key=lambda one: one.start, reverse=True):
                rest = f"{rest[: claim.start]} {rest[claim.end :]}"
            about = content_words(rest)
            if len(about) >= 2:
                yield Statement(spoken.number, voice, sentence, about)


def _about_one(one: Statement, other: Statement) -> bool:
    """Whether two statements are about one thing; what a user says beside it does not count."""
    common = len(one.about & other.about)
    if common < 2:
        return False
    if one.voice == "user":
        return common >= ABOUT_ONE * min(len(one.about), len(other.about))
    return _share(one.about, other.about) >= ABOUT_ONE


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """The words in common, as a share of all words of both (Jaccard 1901)."""
    return len(one & other) / len(one | other) if one and other else 0.0
