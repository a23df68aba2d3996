"""A reply and the request taken apart: sentences with their moves, and what they share.

What is read is bounded, however long the reply: its beginning, its end, a few dozen
sentences, so that a million characters cost no more than a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.refusals.moves import LONGEST, bits, moves
from chatbot_qa.text.refusals.words import roles, words_of
from chatbot_qa.text.sentences import sentences, without_code

READ = 3_000
"""Characters of a reply that are read from its beginning; from its end, ``READ_LAST``."""
READ_LAST = 400
READ_ASK = 1_000
MANY = 24
"""Sentences that are read closely."""

STANCE = bits(
    "cannot_serve", "cannot_serve_late", "does_not_serve", "unwilling", "impossible",
    "not_something", "only_serves", "withdraws", "not_from_me", "subjectless",
    "out_of_bounds", "not_my_field",
)  # fmt: skip
BARRED = bits("restricted", "policy")
MORAL = bits("judged", "not_judged", "justice", "harm")
CARE = bits("care_twice")
OFFER = bits("offers", "lets_know")
LACK = bits("lacks")
NEGATED = bits("negated")
_ASIDE = STANCE | MORAL | CARE | OFFER | LACK | bits("important", "apology", "bot_is", "policy")

_LISTED = re.compile(r"\s*(?:\d{1,2}[.)]|[-*•–])\s+|\s*#{1,6}\s|\s*\*\*")
_NUMBER = re.compile(r"\d{1,2}[.)]")
# What is quoted was said by somebody else: a letter that declines is an answer.
_QUOTED = re.compile(r"[\"“„«](?=\S)[^\"“”„«»\n]{24,600}[\"”“»]")
STEM = 5
"""Letters of a word that tell it: the same for most of its forms."""
_ASK_WORDS = 60
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_SMALL = (
    "this that what which with from have does your about there their would could should where "
    "when will they them then than some such into also please give tell write make need want "
    "como cual para esta este esto esos donde cuando sobre wie eine einen dass nicht kann "
    "comment pour dans avec quel quelle sont leur plus fait faire fazer qual"
)
_COMMON = frozenset(_SMALL.split())


class Sentence(Struct, frozen=True):
    """One sentence as it was read: its folded words, their roles, its moves as bits."""

    text: str
    words: list[str]
    roles: str
    moves: int
    listed: bool
    stems: frozenset[str]

    def does(self, which: int) -> bool:
        """Whether it makes one of these moves."""
        return self.moves & which != 0

    @property
    def serves(self) -> bool:
        """Whether it says something, and is no refusal, sermon, offer or lack."""
        return not self.moves & _ASIDE and (self.listed or len(self.words) > 3)


class Reading(Struct, frozen=True):
    """A reply taken apart, and the request; ``quoted`` counts longer quotations."""

    sentences: list[Sentence]
    ask: str
    ask_words: list[str]
    ask_roles: str
    ask_stems: frozenset[str]
    code: bool
    quoted: int


def spoken(text: str) -> str:
    """A reply without what a model thought before it."""
    return _THOUGHT.sub("", text)


def read(text: str, ask: str) -> Reading:
    """Take a reply and the request apart."""
    text = spoken(text)
    head = text if len(text) <= READ + READ_LAST else text[:READ] + "\n" + text[-READ_LAST:]
    plain, quoted = _QUOTED.subn(" quoted words here ", without_code(head))
    asked = words_of(without_accents(fold(ask[:READ_ASK])))
    return Reading(
        [_sentence(part) for part in _numbered(sentences(plain))[:MANY]],
        ask[:READ_ASK],
        asked,
        "".join([roles(word) for word in asked[:_ASK_WORDS]]),
        stems(asked),
        "```" in head,
        quoted,
    )


def _numbered(parts: Sequence[str]) -> list[str]:
    """The number of a step belongs to the sentence that follows it."""
    found: list[str] = []
    number = ""
    for part in parts:
        if _NUMBER.fullmatch(part.strip()):
            number = f"{part.strip()} "
        else:
            found.append(number + part)
            number = ""
    return found


def stems(words: list[str]) -> frozenset[str]:
    """The beginnings of the words that carry meaning, the same for most of their forms."""
    return frozenset(word[:STEM] for word in words if len(word) > 3 and word not in _COMMON)


def _sentence(text: str) -> Sentence:
    words = words_of(without_accents(fold(text[:READ])))
    string = "".join([roles(word) for word in words[:LONGEST]])[:LONGEST]
    listed = _LISTED.match(text) is not None
    return Sentence(text, words, string, moves(string), listed, stems(words))
