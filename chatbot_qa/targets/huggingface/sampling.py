"""Choosing the next token of each of many rows, every row by settings and chance of its own.

Chance is one number between 0 and 1 for each token, drawn by the row's own generator and laid
on the cumulated probabilities. So a reply does not depend on who stands beside it in a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Protocol

import torch
from msgspec import Struct


class Sampling(Struct, frozen=True):
    """How words are chosen. ``temperature`` 0 takes the likeliest; ``top_k`` 0 is all of them."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    repetition_penalty: float = 1.0

    @property
    def plain(self) -> bool:
        """Whether the likeliest token is taken as it is."""
        return self.temperature == 0 and self.repetition_penalty == 1


class Row(Protocol):
    """What is needed of a reply under way: its settings, its chance, and all tokens so far."""

    sampling: Sampling
    chance: Random
    tokens: list[int]


def choose(logits: Any, rows: Sequence[Row]) -> list[int | None]:
    """The next token of each row; ``logits`` are of shape [rows, words].

    None for a row whose logits are no numbers.
    """
    if any(row.sampling.repetition_penalty != 1 for row in rows):
        logits = torch.stack([_penalized(one, row) for one, row in zip(logits, rows, strict=True)])
    most, likeliest = logits.max(-1)  # the first that is NaN, if any is
    numbers = most.isfinite().tolist()
    chosen: list[int | None] = [
        token if good else None for token, good in zip(likeliest.tolist(), numbers, strict=True)
    ]
    drawn = [place for place, row in enumerate(rows) if row.sampling.temperature and numbers[place]]
    if drawn:
        found = _drawn(logits[drawn], [rows[place] for place in drawn])
        for place, token in zip(drawn, found, strict=True):
            chosen[place] = token
    return chosen


def _drawn(logits: Any, rows: Sequence[Row]) -> list[int]:
    """A token of each row by chance; ``logits`` are of shape [rows, words]."""
    precise = torch.float32 if logits.device.type == "mps" else torch.float64  # mps has no doubles

    def column(values: Sequence[float]) -> Any:
        return torch.tensor(values, dtype=precise, device=logits.device).unsqueeze(1)

    words = logits.shape[1]
    warmth = column([row.sampling.temperature for row in rows])
    ordered, tokens = (logits.to(precise) / warmth).sort(descending=True, stable=True)
    shares = ordered.softmax(-1)
    most = column([row.sampling.top_k or words for row in rows])
    shares = shares.where(torch.arange(words, device=logits.device) < most, 0)
    # up to and with the token that reaches the share: the nucleus of Holtzman and others 2020
    reached = column([row.sampling.top_p for row in rows]) * shares.sum(-1, keepdim=True)
    shares = shares.where(shares.cumsum(-1) - shares < reached, 0)
    cumulated = shares.cumsum(-1)
    level = column([row.chance.random() for row in rows]) * cumulated[:, -1:]
    place = (cumulated <= level).sum(-1, keepdim=True)
    place = place.minimum((shares > 0).sum(-1, keepdim=True) - 1)
    found: list[int] = tokens.gather(1, place).squeeze(1).tolist()
    return found


def _penalized(logits: Any, row: Row) -> Any:
    """As Keskar and others 2019 (CTRL): what stood before is made less likely."""
    penalty = row.sampling.repetition_penalty
    seen = torch.tensor(sorted(set(row.tokens)), device=logits.device)
    before = logits[seen]
    logits = logits.clone()
    logits[seen] = torch.where(before > 0, before / penalty, before * penalty)
    return logits
