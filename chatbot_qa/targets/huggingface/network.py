"""A model of transformers as the decoding loop sees it: tokens in, the next one's logits out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from chatbot_qa.targets.huggingface.asking import NoNumbers
from chatbot_qa.targets.huggingface.memory import let_go
from chatbot_qa.targets.huggingface.recorded import Recorded, Run
from chatbot_qa.targets.huggingface.slots import Slots
from chatbot_qa.targets.models.loading import is_full

_FULL, _SLIDING = "full_attention", "sliding_attention"
_EVEN = 8
"""Masks are this much wider at a time: what computes them wants even widths."""

_STEPS = 4
"""Decoding steps that are tried."""

_NEAR = 0.05
"""How far logits may lie apart that are the same but for rounding, as a share of the largest."""


class Network:
    """A causal language model with a slot for each conversation.

    ``record`` makes recordings of decoding steps, as ``recorded.cuda`` does.
    """

    def __init__(self, model: Any, record: Callable[[Run], Run] | None = None) -> None:
        self._model = model
        config = model.config.get_text_config()
        self._layers = int(config.num_hidden_layers)
        self._windows = windows(config)
        self.device = model.get_input_embeddings().weight.device
        self._dtype = model.dtype
        self.slots = Slots(self._layers)
        self.token_bytes = 0
        self._recorded = record and Recorded(self._logits, record, self.device)

    def forget(self) -> None:
        """Let go of all that conversations keep in memory."""
        self.slots = Slots(self._layers)
        let_go(self.device)

    def feed(self, first: int, pieces: Sequence[Sequence[int]], starts: Sequence[int]) -> Any:
        """Read a piece into each slot from ``first`` on; returns logits of shape [slots, words].

        ``starts`` says how many tokens each slot holds already.
        """
        if self._recorded and first == 0 and all(len(piece) == 1 for piece in pieces):
            found = self._recorded.step(self.slots, [piece[0] for piece in pieces], starts)
            if found is not None:
                return found
        ids, columns = self._laid_out(pieces, starts)
        longest = max(at + len(piece) for at, piece in zip(starts, pieces, strict=True))
        length = min(-(-longest // _EVEN) * _EVEN, self.slots.places)
        return self._logits(ids, columns, length, first)

    def _logits(self, ids: Any, columns: Any, length: int, first: int = 0) -> Any:
        """Logits of shape [slots, words]; tokens and columns are of shape [slots, tokens]."""
        self.slots.aim(first, columns, length)
        places = columns.clamp(min=0)
        return self._model(
            input_ids=ids,
            attention_mask=self._masks(places, length),
            position_ids=places,
            past_key_values=self.slots.cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]

    def _laid_out(self, pieces: Sequence[Sequence[int]], starts: Sequence[int]) -> tuple[Any, Any]:
        """Tokens and the places that they go to, of shape [slots, tokens] each, padded before."""
        width = max(map(len, pieces))
        ids = [[0] * (width - len(piece)) + list(piece) for piece in pieces]
        columns = [
            [-1] * (width - len(piece)) + list(range(at, at + len(piece)))
            for at, piece in zip(starts, pieces, strict=True)
        ]
        both = torch.tensor([ids, columns]).to(self.device)
        return both[0], both[1]

    def _masks(self, places: Any, length: int) -> Any:
        """What each token may look at: itself and what came before it, or the last of that."""
        made = {sort: self._mask(places, length, window) for sort, window in self._windows.items()}
        return made if len(made) > 1 else next(iter(made.values()))

    def _mask(self, places: Any, length: int, window: int | None) -> Any:
        keys = torch.arange(length, device=places.device)
        seen = keys <= places.unsqueeze(-1)
        if window is not None:
            seen &= keys > places.unsqueeze(-1) - window
        least = torch.finfo(self._dtype).min
        mask = torch.zeros(seen.shape, dtype=self._dtype, device=places.device)
        return mask.masked_fill_(~seen, least).unsqueeze(1)

    def holds(self) -> bool:
        """Whether slots give what the model gives without them, tried on two short texts.

        Models keep their memory in many ways; where this one's is not keys and values by
        place, or attention is masked in a way that is not known here, its logits differ.
        Raises ``NoNumbers`` where it gives nothing that could be compared.
        """
        if not self._windows:
            return False
        words = int(self._model.config.get_text_config().vocab_size)
        texts = [[(7 * i + 3) % words for i in range(count)] for count in (12, 7)]
        try:
            self.slots.resize(2, 16)
            begun = [len(text) - _STEPS for text in texts]
            found = self.feed(0, [text[:-_STEPS] for text in texts], [0, 0])
            for step in range(_STEPS):  # so many that one of them is played from a recording
                at = [place + step for place in begun]
                found = self.feed(0, [[text[n]] for text, n in zip(texts, at, strict=True)], at)
            self.token_bytes = self.slots.token_bytes()
            wanted = [self._alone(text) for text in texts]
        except Exception as error:  # a model of another build, in whatever words it says so
            if is_full(error):
                raise
            return False
        finally:
            self.forget()
        if not any(one.isfinite().all() for one in wanted):
            raise NoNumbers
        return all(_near(one, other) for one, other in zip(found, wanted, strict=True))

    def _alone(self, text: Sequence[int]) -> Any:
        ids = torch.tensor([text], device=self.device)
        return self._model(input_ids=ids, use_cache=False).logits[0, -1]


def _near(one: Any, other: Any) -> bool:
    one, other = one.float(), other.float().to(one.device)
    apart = (one - other).abs().max() / other.abs().max().clamp(min=1e-6)
    return bool(apart < _NEAR)


def windows(config: Any) -> Mapping[str, int | None]:
    """By kind of layer how many tokens back it sees, None for all of them.

    Empty where it has kinds of layers that are not known here.
    """
    width = getattr(config, "sliding_window", None)
    kinds = set(getattr(config, "layer_types", None) or ())
    if not kinds:
        kinds = {_FULL if width is None else _SLIDING}
    if not kinds <= {_FULL, _SLIDING}:
        return {}
    return {kind: width if kind == _SLIDING else None for kind in sorted(kinds)}
