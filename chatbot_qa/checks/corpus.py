"""Scores of a whole corpus: sacrebleu's numbers of each row, and what they add up to.

BLEU, chrF and TER are scored together: the BLEU of a test set is not the mean of the BLEU of its
sentences. ROUGE and its like are, see ``means``; all that there are stand in ``SCORES``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal, get_args

from msgspec import Struct

from chatbot_qa.checks.means import MEANS, Mean
from chatbot_qa.checks.metrics import MOST_WORDS, Tokens, lacking
from chatbot_qa.registry import Flaw
from chatbot_qa.stats.corpus import Added, Numbers, Scale

Family = Literal["bleu", "chrf", "ter"]


class Metric(Struct, frozen=True):
    """One of sacrebleu's metrics with its settings; their numbers are from 0 to 1 here."""

    family: Family
    tokens: Tokens = "13a"
    with_words: bool = False
    ignore_case: bool = False

    @property
    def name(self) -> str:
        """What it goes by in reports; no two go by the same."""
        words = {"bleu": "BLEU", "chrf": "chrF++" if self.with_words else "chrF", "ter": "TER"}
        settings = (self.tokens != "13a", self.tokens), (self.ignore_case, "without case")
        told = [word for said, word in settings if said]
        return f"{words[self.family]} ({', '.join(told)})" if told else words[self.family]

    @property
    def less(self) -> bool:
        """Whether less of it is better."""
        return self.family == "ter"

    @property
    def lacking(self) -> Flaw | None:
        """What keeps it from being computed here; None if nothing does."""
        return lacking()

    @property
    def floor(self) -> float:
        """What a reply that is its reference scores at the least, unless less is better."""
        return 0.0 if self.family == "bleu" else 1.0

    @property
    def remark(self) -> str:
        """What lowers it on this machine alone: nothing does."""
        return ""

    def counts(self, text: str) -> bool:
        """Whether there is a word in a text that counts to it."""
        return bool(text.split())

    def added(self, reply: str, references: Sequence[str], topic: str = "") -> Added:
        """What a reply to one row adds; ``topic`` is what it stands or falls with, if anything.

        Raises ``TooLong`` where it could not be computed in good time.
        """
        if self.family == "ter":
            longest = max(len(text.split()) for text in (reply, *references))
            if longest > MOST_WORDS:
                raise TooLong(longest)
        numbers = _metric(self)._extract_corpus_statistics([reply], [[one] for one in references])
        return Added(tuple(map(float, numbers[0])), topic or None)

    @property
    def scale(self) -> Scale:
        """How the sums of these numbers become its score."""
        worst, best = _ENDS[self.family]
        return Scale(self._score, worst, best, self.less)

    def _score(self, sums: Numbers) -> float:
        if self.family == "bleu":
            return _bleu(sums)
        return float(_metric(self)._compute_score_from_stats(list(sums)).score) / 100


class TooLong(ValueError):
    """A text of so many words, of which TER would take long."""

    def __init__(self, words: int) -> None:
        super().__init__(f"TER is computed up to {MOST_WORDS} words, and there are {words}")


@cache
def _metric(metric: Metric) -> Any:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    if metric.family == "bleu":
        return BLEU(tokenize=metric.tokens, lowercase=metric.ignore_case, force=True)
    if metric.family == "chrf":
        return CHRF(word_order=2 if metric.with_words else 0, lowercase=metric.ignore_case)
    return TER()


_FINE: Final = 1_000_000


def _bleu(sums: Numbers) -> float:
    """sacrebleu's BLEU of sums that may be weighted, which it would round itself."""
    from sacrebleu.metrics.bleu import BLEU

    said, wanted, *counts = sums
    half = len(counts) // 2
    compute: Any = BLEU.compute_bleu  # annotated for whole numbers of n-grams; it divides them
    found = compute(
        correct=counts[:half],
        total=counts[half:],
        sys_len=round(said * _FINE),  # it takes whole numbers, of which it uses the ratio alone
        ref_len=round(wanted * _FINE),
        smooth_method="exp",
    )
    return float(found.score) / 100


def _worst_bleu(row: Numbers) -> Numbers:
    """A reply that shares no word with its reference."""
    said, wanted, *counts = row
    half = len(counts) // 2
    totals = map(max, counts[half:], _ngrams(wanted, half))
    return [max(said, wanted), wanted, *[0.0] * half, *totals]


def _best_bleu(row: Numbers) -> Numbers:
    """A reply that is its reference."""
    wanted = row[1]
    totals = _ngrams(wanted, (len(row) - 2) // 2)
    return [wanted, wanted, *totals, *totals]


def _ngrams(words: float, longest: int) -> list[float]:
    """How many runs of 1, 2 … words so many words have."""
    return [max(0.0, words - less) for less in range(longest)]


def _worst_chrf(row: Numbers) -> Numbers:
    """Of each length of n-grams: those said, those wanted, those that are both."""
    return [0.0 if place % 3 == 2 else one for place, one in enumerate(row)]


def _best_chrf(row: Numbers) -> Numbers:
    return [row[place - place % 3 + 1] for place in range(len(row))]


def _worst_ter(row: Numbers) -> Numbers:
    """Every word is replaced, or it is as bad as these are."""
    return [max(row), row[1]]


def _best_ter(row: Numbers) -> Numbers:
    return [0.0, row[1]]


_ENDS: Final = {
    "bleu": (_worst_bleu, _best_bleu),
    "chrf": (_worst_chrf, _best_chrf),
    "ter": (_worst_ter, _best_ter),
}


def _all() -> Iterator[Metric]:
    for ignore_case in (False, True):
        for tokens in get_args(Tokens):
            yield Metric("bleu", tokens=tokens, ignore_case=ignore_case)
        for with_words in (False, True):
            yield Metric("chrf", with_words=with_words, ignore_case=ignore_case)
    yield Metric("ter")


METRICS: Final[Mapping[str, Metric]] = {one.name: one for one in _all()}
"""All of sacrebleu's, by name."""

Score = Metric | Mean
"""A score of a whole corpus."""

SCORES: Final[Mapping[str, Score]] = {**METRICS, **MEANS}
"""All there are, by name."""
