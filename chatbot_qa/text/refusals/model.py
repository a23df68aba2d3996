"""What the weights say of a reading: three probabilities, of linear heads and of small trees.

A head is a logistic regression over the named numbers of ``features.py`` and, where it has
them, its hashed words. A grove is a sum of shallow decision trees (gradient boosting,
Friedman 2001) over the same numbers: what an answer looks like depends on what was asked, and
a tree can say so. ``bench/train_refusal.py`` makes ``weights.json``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp

import msgspec
from msgspec import Struct

from chatbot_qa.text.refusals.features import WORDS_WEIGH

SCALE = 1_000
"""Weights are kept as whole thousandths."""


class Head(Struct, frozen=True):
    """A linear model: weights by name, and by bucket of hashed words (may be empty)."""

    bias: int
    named: Mapping[str, int]
    hashed: Sequence[int] = ()

    def probability(self, numbers: Mapping[str, float], buckets: Collection[int]) -> float:
        """The probability between 0 and 1 that this head gives a reading."""
        return sigmoid(self.logit(numbers, buckets))

    def logit(self, numbers: Mapping[str, float], buckets: Collection[int]) -> float:
        """The same as the logarithm of the odds."""
        total = float(self.bias)
        for name, value in numbers.items():
            total += self.named.get(name, 0) * value
        if self.hashed:
            total += WORDS_WEIGH * sum([self.hashed[bucket] for bucket in buckets])
        return total / SCALE


Node = tuple[int, float, int, int]
"""Where to look among the names, the most for the first of the two next nodes, and these two.

A leaf looks at -1, and its number is what it adds.
"""


class Grove(Struct, frozen=True):
    """Decision trees that are added up: where each begins, and the names they look at."""

    bias: float
    names: Sequence[str]
    trees: Sequence[Sequence[Node]]

    def logit(self, numbers: Mapping[str, float]) -> float:
        """The logarithm of the odds."""
        values = [numbers.get(name, 0.0) for name in self.names]
        total = self.bias
        for tree in self.trees:
            name, value, low, high = tree[0]
            while name >= 0:
                name, value, low, high = tree[low if values[name] <= value else high]
            total += value
        return total


class Pair(Struct, frozen=True):
    """A head and a grove with a voice each: words and sums, and what depends on what."""

    head: Head
    grove: Grove

    def probability(self, numbers: Mapping[str, float], buckets: Collection[int]) -> float:
        """The probability between 0 and 1, the mean of both on the scale of log odds."""
        return sigmoid((self.head.logit(numbers, buckets) + self.grove.logit(numbers)) / 2)


class Heads(Struct, frozen=True):
    """Refused or partly refused; of these, partly; and no answer at all."""

    refused: Pair
    partly: Head
    missed: Pair


def sigmoid(value: float) -> float:
    """The logistic function, without overflow."""
    if value < 0:
        return 1.0 - sigmoid(-value)
    return 1.0 / (1.0 + exp(-min(value, 50.0)))


@cache
def heads() -> Heads:
    """The weights beside this module, read when first asked for."""
    stored = files(__package__).joinpath("weights.json").read_bytes()
    return msgspec.json.decode(stored, type=Heads)
