"""A sentence-embedding model on this machine, as it stands in its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.models.folder import Weights
from chatbot_qa.targets.models.loading import (
    LocalOptions,
    load,
    longest,
    settled,
    tokenizer,
)
from chatbot_qa.targets.models.pairs import Pair, Told

Pooling = Literal["mean", "cls"]
"""How a sentence's vector is made of those of its tokens: their mean, or that of the first."""

_MODULES = "modules.json"
_READ = ("Transformer", "Pooling", "Normalize")
_MODES: Mapping[str, Pooling] = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
}


def pooling_of(found: Weights) -> Pooling:
    """How the model's own ``modules.json`` pools, the mean where it has none.

    Raises ``UsageError`` for a model with parts that are not read here.
    """
    file = found.folder / _MODULES
    if not file.is_file():
        return "mean"
    try:
        modules = {_sort(one): str(one.get("path", "")) for one in orjson.loads(file.read_bytes())}
    except (orjson.JSONDecodeError, AttributeError, TypeError) as error:
        raise UsageError(f"model: {_MODULES} of {found.name} cannot be read: {error}") from error
    further = [sort for sort in modules if sort not in _READ]
    if further or modules.get("Transformer"):
        what = further[0] if further else f"folder {modules['Transformer']}"
        raise _unread(found, f"the part {what}")
    pooling = found.beside(modules.get("Pooling", ""), "config.json") or {}
    named = pooling.get("pooling_mode")
    if named in ("mean", "cls"):
        return "mean" if named == "mean" else "cls"
    on = [name for name, value in pooling.items() if name.startswith("pooling_") and value is True]
    if len(on) != 1 or on[0] not in _MODES:
        raise _unread(found, f"the pooling {', '.join(on) or named}")
    return _MODES[on[0]]


def _sort(module: Mapping[str, Any]) -> str:
    return str(module.get("type", "")).rpartition(".")[2]


def _unread(found: Weights, what: str) -> UsageError:
    return UsageError(
        f"model: {found.name} has {what}, which is not read here",
        "serve it with a server of OpenAI's /embeddings, and give its base_url:",
    )


class Sentences:
    """From pairs of texts to the cosines of their vectors."""

    def __init__(self, options: LocalOptions, found: Weights, pooling: Pooling) -> None:
        import torch
        from transformers import AutoModel

        self._device = settled(options)
        self._tokenizer = tokenizer(found)
        model = load(AutoModel, found, may_lack="pooler.", dtype=torch.float32)
        self._model = model.to(self._device)
        self._pooling = pooling
        told = (found.beside("sentence_bert_config.json") or {}).get("max_seq_length")
        most = longest(found.config(), self._tokenizer)
        self._longest = min(most, told) if isinstance(told, int) else most

    def __call__(self, pairs: Sequence[Pair]) -> list[Told]:
        """The cosine of each pair; a text that is too long is not cut but told."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        read = {text: self._tokenizer(text, verbose=False) for text in texts}
        lengths = {text: len(one["input_ids"]) for text, one in read.items()}
        fit = [text for text in texts if lengths[text] <= self._longest]
        vectors = dict(zip(fit, self._vectors([read[text] for text in fit]), strict=True))
        return [
            Told({"cosine": float(vectors[first] @ vectors[second])})
            if first in vectors and second in vectors
            else Told({}, too_long=max(lengths[first], lengths[second]))
            for first, second in pairs
        ]

    def _vectors(self, read: Sequence[Any]) -> Sequence[Any]:
        """A vector of length 1 for each text."""
        import torch

        if not read:
            return ()
        batch = self._tokenizer.pad(list(read), return_tensors="pt").to(self._device)
        with torch.inference_mode():
            tokens = self._model(**batch).last_hidden_state.double()
        mask = batch["attention_mask"].unsqueeze(-1).double()
        pooled = tokens[:, 0] if self._pooling == "cls" else (tokens * mask).sum(1) / mask.sum(1)
        return list(torch.nn.functional.normalize(pooled, dim=1).cpu())
