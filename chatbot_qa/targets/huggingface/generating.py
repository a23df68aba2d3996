"""Whole batches by ``model.generate``, for models whose memory is not keys and values by place.

Conversations of like length go together, padded before their beginning; where chance is wanted
each goes alone, so that its seed is its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import torch

from chatbot_qa.targets.huggingface.asking import Full, NoNumbers
from chatbot_qa.targets.huggingface.decoding import Ended, Row, Words
from chatbot_qa.targets.huggingface.memory import let_go
from chatbot_qa.targets.models.loading import is_full


class Generator:
    """Answers batch after batch; all of it runs in one thread. ``width`` go together."""

    def __init__(self, model: Any, tokenizer: Any, words: Words, width: int) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._words = words
        self._device = model.get_input_embeddings().weight.device
        self._waiting: deque[Row] = deque()
        self.width = width

    @property
    def busy(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    def add(self, row: Row) -> None:
        """Take a reply on."""
        self._waiting.append(row)

    def drop(self, session: str) -> None:
        """Nothing is kept of a conversation."""

    def step(self) -> list[Ended]:
        """Answer one batch."""
        waiting = sorted(
            (row for row in self._waiting if not row.given_up), key=lambda row: len(row.tokens)
        )
        if not waiting:
            self._waiting.clear()
            return []
        first = waiting[0]
        alike = [
            row
            for row in waiting
            if row.sampling == first.sampling and row.wish.stop == first.wish.stop
        ]
        batch = alike[: 1 if first.sampling.temperature else self.width]
        self._waiting = deque(row for row in waiting if row not in batch)
        try:
            self._answer(batch)
            return [(row, row.made(self._words)) for row in batch]
        except Exception as error:
            if not is_full(error):
                return [(row, error) for row in batch]
            return self._fewer(batch, error)

    def _fewer(self, batch: Sequence[Row], error: Exception) -> list[Ended]:
        """Go on with half as many at once; one that is too much alone is given back."""
        error.with_traceback(None)  # which keeps what was computed last in memory
        let_go(self._device)
        if len(batch) == 1:
            words = f"there is no memory for a conversation of {len(batch[0].tokens):,} tokens"
            return [(batch[0], Full(f"{words} ({error})"))]
        self.width = len(batch) // 2
        self._waiting.extendleft(reversed(batch))
        return []

    def _answer(self, batch: Sequence[Row]) -> None:
        """Have all of a batch written, and let each row take its own tokens."""
        how, stop = batch[0].sampling, batch[0].wish.stop
        width = max(len(row.tokens) for row in batch)
        pad = self._model.generation_config.pad_token_id or 0
        gaps = [width - len(row.tokens) for row in batch]
        ids = [[pad] * gap + row.tokens for gap, row in zip(gaps, batch, strict=True)]
        seen = [[0] * gap + [1] * (width - gap) for gap in gaps]
        settings: dict[str, Any] = {"do_sample": bool(how.temperature)}
        if how.temperature:
            torch.manual_seed(batch[0].wish.seed % (1 << 63))
            settings |= {"temperature": how.temperature, "top_p": how.top_p, "top_k": how.top_k}
        if stop:
            settings |= {"stop_strings": list(stop), "tokenizer": self._tokenizer}
        made = self._model.generate(
            input_ids=torch.tensor(ids, device=self._device),
            attention_mask=torch.tensor(seen, device=self._device),
            max_new_tokens=max(row.wish.room for row in batch),
            repetition_penalty=how.repetition_penalty,
            eos_token_id=sorted(self._words.ends) or None,
            pad_token_id=pad,
            logits_processor=[_refuse_what_is_no_number],
            **settings,
        )
        for row, tokens in zip(batch, made[:, width:].tolist(), strict=True):
            for token in tokens:
                row.accept(token, self._words)
                if row.finish is not None:
                    break


def _refuse_what_is_no_number(input_ids: Any, scores: Any) -> Any:
    """The scores of a step as they are; raises ``NoNumbers`` where there is no likeliest word."""
    del input_ids
    if not scores.amax(-1).isfinite().all():
        raise NoNumbers
    return scores
