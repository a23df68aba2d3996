"""What an author writes of a ``references`` case: texts, good replies, scores that are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Struct

from chatbot_qa.checks.corpus import Metric
from chatbot_qa.checks.metrics import Tokens
from chatbot_qa.domain.referenced import ReferencedFile, ReferencedRow
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, Text
from chatbot_qa.domain.values import Share
from chatbot_qa.examine.sampled import SampledCase

TEXT: Final = "text"
"""The name that stands for the text of a row in what is asked."""


class Bleu(Struct, frozen=True, kw_only=True):
    """How much BLEU is wanted, and what a word is to it."""

    at_least: Annotated[Share, "The BLEU that must be shown, from 0 to 1"]
    tokens: Annotated[
        Tokens, "What a word is: 13a for languages of Europe, zh for Chinese, intl, char, none"
    ] = "13a"
    ignore_case: Annotated[bool, "Whether capitals do not count"] = False


class Chrf(Struct, frozen=True, kw_only=True):
    """How much chrF is wanted, and of what."""

    at_least: Annotated[Share, "The chrF that must be shown, from 0 to 1"]
    with_words: Annotated[bool, "Whether words and pairs of words count too, which is chrF++"] = (
        False
    )
    ignore_case: Annotated[bool, "Whether capitals do not count"] = False


class Ter(Struct, frozen=True, kw_only=True):
    """How much TER there may be."""

    at_most: Annotated[float, "The TER that must be shown not to be exceeded, 0 for no edits"]


class WantedScore(Struct, frozen=True, kw_only=True):
    """One score that is wanted of all replies together."""

    bleu: Annotated[Bleu | None, "BLEU of all replies together: runs of words"] = None
    chrf: Annotated[Chrf | None, "chrF of all replies together: runs of letters"] = None
    ter: Annotated[Ter | None, "TER of all replies together: edits by words"] = None
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def scores(self) -> tuple[tuple[Metric, float], ...]:
        """The metrics that it names, each with its bound."""
        found: list[tuple[Metric, float]] = []
        if (bleu := self.bleu) is not None:
            metric = Metric("bleu", tokens=bleu.tokens, ignore_case=bleu.ignore_case)
            found.append((metric, bleu.at_least))
        if (chrf := self.chrf) is not None:
            metric = Metric("chrf", with_words=chrf.with_words, ignore_case=chrf.ignore_case)
            found.append((metric, chrf.at_least))
        if (ter := self.ter) is not None:
            found.append((Metric("ter"), ter.at_most))
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
    def brings(self) -> tuple[str, ...]:
        """The names that ``ask`` and ``system`` may use beside those of the suite."""
        return (TEXT,)
