"""What the weights say of a reading: three probabilities, each of one linear head.

A head is a logistic regression over the named numbers of ``features.py`` and, where it has
them, its hashed words. ``bench/train_refusal.py`` makes ``weights.json``; a head that names
a number that no feature has is left over from another version and cannot be loaded.
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
        total = float(self.bias)
        for name, value in numbers.items():
            total += self.named.get(name, 0) * value
        if self.hashed:
            total += WORDS_WEIGH * sum([self.hashed[bucket] for bucket in buckets])
        return sigmoid(total / SCALE)


class Heads(Struct, frozen=True):
    """Refused or partly refused; of these, partly; and no answer at all."""

    refused: Head
    partly: Head
    missed: Head


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
