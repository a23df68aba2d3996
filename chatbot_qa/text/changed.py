"""Does an edited text still say the same? Told from what was replaced by what (English).

Every edit between the two texts (``changed_edits``) has marks, and every mark a weight: how
much an edit of that kind speaks for a change. The edits of a pair are pooled by the log of
the sum of their exponentials, a soft maximum: one telling edit is enough, and no number of
harmless ones makes up for it. The weights and the two thresholds stand in
``changed_weights.json``; ``bench/agreement.py --write`` fits them (logistic regression over
bags of edits, labels of SummEdits, Laban et al. 2023).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from chatbot_qa.text.changed_edits import Edit, Token, edits, tokens
from chatbot_qa.text.changed_words import SMALL
from chatbot_qa.text.fold import fold

_WEIGHTS = Path(__file__).with_name("changed_weights.json")


class Change(StrEnum):
    """Whether two wordings say the same; ``UNSURE`` between the two thresholds."""

    SAME = "same"
    CHANGED = "changed"
    UNSURE = "unsure"


class Changed(Struct, frozen=True):
    """What became of a text; ``score`` runs from 0 (same) to 1 (changed).

    ``first`` and ``second`` are the places (start, end) of the most telling edit in each
    text, None where that edit has no word there.
    """

    state: Change
    score: float
    first: tuple[int, int] | None = None
    second: tuple[int, int] | None = None


class Weights(Struct, frozen=True):
    """The weight of each mark, and the scores from and below which a pair is decided."""

    every: float
    """Of any edit."""
    marks: dict[str, float]
    changed_from: float
    same_below: float


@cache
def weights() -> Weights:
    """The weights as they ship, read once."""
    return msgspec.json.decode(_WEIGHTS.read_bytes(), type=Weights)


def changed(original: str, edited: str) -> Changed:
    """Whether the edited text says something else than the original, both in English.

    Texts of another language, or of none that can be told, are ``UNSURE`` (score 0.5)
    unless they are the same when folded.
    """
    if fold(original) == fold(edited):
        return Changed(Change.SAME, 0.0)
    first, second = tokens(original), tokens(edited)
    if not (_in_english(first) and _in_english(second)):
        return Changed(Change.UNSURE, 0.5)
    return weighed(edits(first, second), weights())


def weighed(found: Sequence[Edit], by: Weights) -> Changed:
    """The edits of a pair, pooled to one score, and the state that it comes to."""
    if not found:
        return Changed(Change.SAME, 0.0)
    weight = [by.every + sum(by.marks.get(mark, 0.0) for mark in edit.marks) for edit in found]
    top = max(weight)
    pooled = top + math.log(sum(math.exp(one - top) for one in weight))
    score = 1 / (1 + math.exp(-pooled))
    state = Change.UNSURE
    if score >= by.changed_from:
        state = Change.CHANGED
    elif score < by.same_below:
        state = Change.SAME
    told = found[weight.index(top)]
    return Changed(state, score, _span(told.first), _span(told.second))


def _span(token: Token | None) -> tuple[int, int] | None:
    return (token.start, token.end) if token else None


def _in_english(words: Sequence[Token]) -> bool:
    """Whether a fifth of the words are small words of English."""
    return sum(one.word in SMALL for one in words) * 5 >= len(words) > 0
