"""What an author writes of a ``references`` case: texts, good replies, scores that are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Struct

from chatbot_qa.checks.corpus import Metric, Score
from chatbot_qa.checks.means import ExactMean, MeteorMean, RougeMean, TokenMean
from chatbot_qa.checks.meteor import Stemmed
from chatbot_qa.checks.metrics import Part, Tokens
from chatbot_qa.domain.referenced import ReferencedFile, ReferencedRow
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, Text
from chatbot_qa.domain.values import Share
from chatbot_qa.examine.sampled import SampledCase
from chatbot_qa.text.overlap import Variant

TEXT: Final = "text"
"""The name that stands for the text of a row in what is asked."""


class Bleu(Struct, frozen=True, kw_only=True):
    """How much BLEU is wanted, and what a word is to it."""

    at_least: Annotated[Share, "The BLEU that must be shown, from 0 to 1"]
    tokens: Annotated[
        Tokens, "What a word is: 13a for languages of Europe, zh for Chinese, intl, char, none"
    ] = "13a"
    ignore_case: Annotated[bool, "Whether capitals do not count"] = False

    @property
    def score(self) -> Score:
        """The metric that is meant."""
        return Metric("bleu", tokens=self.tokens, ignore_case=self.ignore_case)


class Chrf(Struct, frozen=True, kw_only=True):
    """How much chrF is wanted, and of what."""

    at_least: Annotated[Share, "The chrF that must be shown, from 0 to 1"]
    with_words: Annotated[bool, "Whether words and pairs of words count too, which is chrF++"] = (
        False
    )
    ignore_case: Annotated[bool, "Whether capitals do not count"] = False

    @property
    def score(self) -> Score:
        """The metric that is meant."""
        return Metric("chrf", with_words=self.with_words, ignore_case=self.ignore_case)


class Ter(Struct, frozen=True, kw_only=True):
    """How much TER there may be."""

    at_most: Annotated[float, "The TER that must be shown not to be exceeded, 0 for no edits"]

    @property
    def score(self) -> Score:
        """The metric that is meant."""
        return Metric("ter")


class Rouge(Struct, frozen=True, kw_only=True):
    """How much ROUGE is wanted, and which."""

    at_least: Annotated[Share, "The mean ROUGE that must be shown, from 0 to 1"]
    variant: Annotated[
        Variant, "Words (rouge1), pairs of words (rouge2), or the longest common sequence"
    ] = "rougeL"
    part: Annotated[Part, "f1, or the recall or precision alone"] = "f1"

    @property
    def score(self) -> Score:
        """The mean that is meant."""
        return RougeMean(self.variant, self.part)


class Meteor(Struct, frozen=True, kw_only=True):
    """How much METEOR is wanted, in which language."""

    at_least: Annotated[Share, "The mean METEOR that must be shown, from 0 to 1"]
    language: Annotated[Stemmed, "The language whose stems count"] = "english"
    synonyms: Annotated[
        bool | None,
        "Whether synonyms count, in English alone; where WordNet is installed if not given",
    ] = None

    @property
    def score(self) -> Score:
        """The mean that is meant; other languages have no synonyms to leave out."""
        idle = self.language != "english" and not self.synonyms
        return MeteorMean(self.language, None if idle else self.synonyms)


class TokenF1(Struct, frozen=True, kw_only=True):
    """How many words must be shared with the references."""

    at_least: Annotated[Share, "The mean F1 of tokens that must be shown, from 0 to 1"]
    part: Annotated[Part, "f1, or the recall or precision alone"] = "f1"

    @property
    def score(self) -> Score:
        """The mean that is meant."""
        return TokenMean(self.part)


class ExactMatch(Struct, frozen=True, kw_only=True):
    """How many replies must be a reference."""

    at_least: Annotated[Share, "The share of replies that must be shown to be a reference"]

    @property
    def score(self) -> Score:
        """The mean that is meant."""
        return ExactMean()


class WantedScore(Struct, frozen=True, kw_only=True):
    """One score that is wanted of all replies together."""

    bleu: Annotated[Bleu | None, "BLEU of all replies together: runs of words"] = None
    chrf: Annotated[Chrf | None, "chrF of all replies together: runs of letters"] = None
    ter: Annotated[Ter | None, "TER of all replies together: edits by words"] = None
    rouge: Annotated[Rouge | None, "Mean ROUGE: words in the order of a reference"] = None
    meteor: Annotated[Meteor | None, "Mean METEOR: words, their stems, their synonyms"] = None
    token_f1: Annotated[TokenF1 | None, "Mean F1 of tokens: words in whatever order"] = None
    exact_match: Annotated[ExactMatch | None, "The share of replies that are a reference"] = None
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def scores(self) -> tuple[tuple[Score, float], ...]:
        """The scores that it names, each with its bound."""
        more = self.bleu, self.chrf, self.rouge, self.meteor, self.token_f1, self.exact_match
        found = [(one.score, float(one.at_least)) for one in more if one is not None]
        if self.ter is not None:
            found.append((self.ter.score, self.ter.at_most))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencesCase(SampledCase):
    """Texts with good replies to them: how near does the bot come, over all of them?"""

    rows: Annotated[
        tuple[ReferencedRow, ...] | ReferencedFile, "Texts with references, or a file of them"
    ]
    ask: Annotated[
        Text | None, "What is said, with ${text} for the text of a row; the text alone if not given"
    ] = None
    expect: Annotated[tuple[WantedScore, ...], "What is wanted of all replies together"] = ()

    @property
    def texts(self) -> tuple[ReferencedRow, ...]:
        """The rows, wherever they stand."""
        return self.rows.rows if isinstance(self.rows, ReferencedFile) else self.rows

    @property
    def scores(self) -> tuple[Score, ...]:
        """Every score that is wanted, once."""
        return tuple(dict.fromkeys(score for want in self.expect for score, _ in want.scores))

    def flaw(self, row: ReferencedRow) -> str:
        """What is wrong with the references of a row, said of the row; "" if nothing is."""
        if not row.references or not all(one.split() for one in row.references):
            return "has a reference without a word, or none"
        for score in self.scores:
            if not all(map(score.counts, row.references)):
                return f"has a reference without a word that counts for {score.name}"
        return ""

    @property
    def brings(self) -> tuple[str, ...]:
        """The names that ``ask`` and ``system`` may use beside those of the suite."""
        return (TEXT,)
