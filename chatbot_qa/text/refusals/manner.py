"""The bot's own manner of refusing, learnt from a few replies to requests it must refuse.

A reply that says what the bot says when it refuses is a refusal, whatever the grammar
thinks of it ("That one stays in the vault!"). Sentences that the bot also says when it
serves ("How can I help?") are no part of it. ``repeated`` finds what a bot says again and
again to different requests, where nobody has told which of its replies refuse.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.refusals.words import words_of
from chatbot_qa.text.sentences import sentences

_ALIKE = 0.7
_FEWEST = 3
_READ = 2_000
_LEARNT = 400

Bag = frozenset[str]


class Manner(Struct, frozen=True):
    """The sentences in which a bot refuses, each as its set of words."""

    refusing: tuple[Bag, ...] = ()

    def recognises(self, text: str) -> str:
        """The first sentence that is one of the bot's refusing ones, "" if none."""
        if not self.refusing:
            return ""
        for sentence in sentences(text[:_READ]):
            words = _bag(sentence)
            if any(_alike(words, own) for own in self.refusing):
                return sentence
        return ""

    def is_all_of(self, text: str) -> bool:
        """Whether the text says nothing but such sentences, so nothing of any one request."""
        bags = [_bag(sentence) for sentence in sentences(text[:_READ])]
        return bool(bags) and all(any(_alike(bag, own) for own in self.refusing) for bag in bags)


def repeated(replies: Sequence[str], least: int) -> tuple[str, ...]:
    """The replies whose every sentence is also said in others, each in ``least`` of them."""
    said = [[_bag(part) for part in sentences(text[:_READ])] for text in replies[:_LEARNT]]

    def often(bag: Bag) -> bool:
        return sum(any(_alike(bag, other) for other in bags) for bags in said) >= least

    return tuple(
        text
        for text, bags in zip(replies, said, strict=False)
        if bags and all(often(bag) for bag in bags)
    )


def learn(own: Sequence[str], served: Sequence[str] = ()) -> Manner:
    """The manner of a bot: from replies in which it refused, and others in which it served.

    Sentences of fewer than three words, and sentences that are also served, teach nothing.
    """
    plain = [_bag(sentence) for text in served for sentence in sentences(text[:_READ])]
    found: dict[Bag, None] = {}
    for text in own:
        for sentence in sentences(text[:_READ]):
            words = _bag(sentence)
            if len(words) >= _FEWEST and not any(_alike(words, other) for other in plain):
                found.setdefault(words)
    return Manner(tuple(found)[:_LEARNT])


def _bag(sentence: str) -> Bag:
    return frozenset(words_of(without_accents(fold(sentence))))


def _alike(one: Bag, other: Bag) -> bool:
    return len(one & other) >= _ALIKE * len(one | other) > 0
