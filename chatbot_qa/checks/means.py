"""ROUGE, METEOR, exact match and F1 of tokens of a whole corpus: the means over its rows.

A row's score is what the check of that name comes to for one reply, by the same functions; of
several references the nearest counts.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import ClassVar, Final, Literal, get_args

from msgspec import Struct

from chatbot_qa.checks import meteor as of_meteor
from chatbot_qa.checks.meteor import Stemmed, meteor_of
from chatbot_qa.checks.metrics import Part, matching, rouge_of, tokens_of
from chatbot_qa.registry import Flaw
from chatbot_qa.stats.corpus import MEAN, Added, Scale
from chatbot_qa.text.overlap import Variant, plain_words, words

Family = Literal["rouge", "meteor", "token_f1", "exact_match"]


class Mean(Struct, frozen=True):
    """The mean over all rows of what a check of one reply comes to, from 0 to 1."""

    family: ClassVar[Family]
    less: ClassVar[bool] = False

    @property
    @abstractmethod
    def name(self) -> str:
        """What it goes by in reports; no two go by the same."""

    @abstractmethod
    def of(self, reply: str, references: Sequence[str]) -> float:
        """The score of one reply."""

    def counts(self, text: str) -> bool:
        """Whether there is a word in a text that counts to it."""
        return bool(plain_words(text))

    @property
    def lacking(self) -> Flaw | None:
        """What keeps it from being computed here; None if nothing does."""
        return None

    @property
    def floor(self) -> float:
        """What a reply that is its reference scores at the least."""
        return 1.0

    @property
    def remark(self) -> str:
        """What lowers it on this machine alone; "" if nothing does."""
        return ""

    def added(self, reply: str, references: Sequence[str], topic: str = "") -> Added:
        """What a reply to one row adds; ``topic`` is what it stands or falls with, if anything."""
        return Added((self.of(reply, references), 1.0), topic or None)

    @property
    def scale(self) -> Scale:
        """How the sums of these numbers become the mean."""
        return MEAN


class RougeMean(Mean, frozen=True):
    """The mean of the check ``rouge``."""

    family: ClassVar[Family] = "rouge"
    variant: Variant = "rougeL"
    part: Part = "f1"

    @property
    def name(self) -> str:
        """Such as ``rougeL (f1)``."""
        return f"{self.variant} ({self.part})"

    def of(self, reply: str, references: Sequence[str]) -> float:
        """ROUGE of one reply."""
        return rouge_of(reply, references, self.variant, self.part)

    def counts(self, text: str) -> bool:
        """Whether there are letters or digits in a text."""
        return bool(words(text))

    @property
    def floor(self) -> float:
        """1, but of pairs of words a text of one word has none."""
        return 0.0 if self.variant == "rouge2" else 1.0


class MeteorMean(Mean, frozen=True):
    """The mean of the check ``meteor``."""

    family: ClassVar[Family] = "meteor"
    language: Stemmed = "english"
    synonyms: bool | None = None

    @property
    def name(self) -> str:
        """Such as ``METEOR (german)``; synonyms are there in English alone."""
        if self.language != "english":
            return f"METEOR ({self.language})"
        told = {None: "", True: " (with synonyms)", False: " (without synonyms)"}
        return f"METEOR{told[self.synonyms]}"

    def of(self, reply: str, references: Sequence[str]) -> float:
        """METEOR of one reply."""
        return meteor_of(reply, references, self.language, self.synonyms)

    def counts(self, text: str) -> bool:
        """Whether there are words or signs in a text."""
        return bool(text.split())

    @property
    def lacking(self) -> Flaw | None:
        """That there is no nltk, or not the synonyms that are wanted."""
        return of_meteor.unmet(self.language, self.synonyms)

    @property
    def floor(self) -> float:
        """A half, for one word; the more words a text has, the nearer it comes to 1."""
        return 0.5

    @property
    def remark(self) -> str:
        """That synonyms would count, and WordNet is not there."""
        return of_meteor.remark(self.language, self.synonyms)


class TokenMean(Mean, frozen=True):
    """The mean of the check ``token_f1``."""

    family: ClassVar[Family] = "token_f1"
    part: Part = "f1"

    @property
    def name(self) -> str:
        """Such as ``token f1``."""
        return f"token {self.part}"

    def of(self, reply: str, references: Sequence[str]) -> float:
        """SQuAD's F1 of the tokens of one reply."""
        return tokens_of(reply, references, self.part)


class ExactMean(Mean, frozen=True):
    """The mean of the check ``exact_match``: the share of replies that are a reference."""

    family: ClassVar[Family] = "exact_match"

    @property
    def name(self) -> str:
        """``exact match``."""
        return "exact match"

    def of(self, reply: str, references: Sequence[str]) -> float:
        """1 where one reply is a reference, else 0."""
        return float(matching(reply, references) is not None)


def _all() -> Iterator[Mean]:
    for variant, part in product(get_args(Variant), get_args(Part)):
        yield RougeMean(variant, part)
    for synonyms in (None, True, False):
        yield MeteorMean(synonyms=synonyms)
    for language in get_args(Stemmed):
        if language != "english":
            yield MeteorMean(language)
    for part in get_args(Part):
        yield TokenMean(part)
    yield ExactMean()


MEANS: Final[Mapping[str, Mean]] = {one.name: one for one in _all()}
"""All there are, by name."""
