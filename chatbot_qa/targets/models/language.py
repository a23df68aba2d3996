"""The target ``language_model``: how likely a model on this machine finds a text.

    kind: language_model
    model: models/our-own

It is asked ``{"before": "…", "text": "…"}`` and replies with the log-likelihood of the text, in
nats, and how many of its tokens were judged; perplexity is ``exp(-log_likelihood / tokens)``. A
text that is longer than the model reads is judged in windows that overlap, each token once:
nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from chatbot_qa.targets.base import Surroundings, target
from chatbot_qa.targets.models.adapters import adapted, adapter_of
from chatbot_qa.targets.models.batching import Batches
from chatbot_qa.targets.models.folder import Weights
from chatbot_qa.targets.models.loading import (
    LocalOptions,
    load,
    longest,
    look_for,
    needed,
    settled,
    tokenizer,
    weights,
)
from chatbot_qa.targets.models.local import LocalModel
from chatbot_qa.targets.models.pairs import Pair, Told
from chatbot_qa.targets.models.windows import windows
from chatbot_qa.targets.wire import refuse

_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageOptions(LocalOptions):
    """The keys of a target of the kind ``language_model``."""

    adapter: Annotated[
        str, "A LoRA or another adapter of peft that is put on the model: a folder, or a hub name"
    ] = ""
    dtype: Annotated[
        Literal["float32", "bfloat16", "float16"],
        "The numbers that it computes with; float32 if not given",
    ] = "float32"
    allow_pickle: Annotated[
        bool, "Whether weights are read that are no safetensors; to read those may run code"
    ] = False
    window: Annotated[int | None, "How many tokens it reads at once; all it can if not given"] = (
        None
    )
    stride: Annotated[
        int | None, "By how many tokens a window moves on; half a window if not given"
    ] = None

    def __post_init__(self) -> None:
        """Refuse what cannot be; raises ``ValueError``."""
        LocalOptions.__post_init__(self)
        refuse(self.window is not None and self.window < 2, "window: must be 2 or more")
        refuse(self.stride is not None and self.stride < 1, "stride: must be 1 or more")
        if self.window is not None and self.stride is not None:
            refuse(self.stride >= self.window, "stride: must be less than window")


class LanguageTarget(LocalModel):
    """A language model on this machine; see ``LanguageOptions``."""

    wants = ("before", "text")

    def __init__(self, options: LanguageOptions, surroundings: Surroundings) -> None:
        needed()
        found = weights(options, surroundings.folder, pickled=options.allow_pickle)
        adapter = adapter_of(options.adapter, surroundings.folder) if options.adapter else None
        look_for(options.device)
        name = f"language model {found.name}"
        fingerprint = f"{name} {found.version} {options.window} {options.stride}"
        if options.dtype != "float32":
            fingerprint += f" {options.dtype}"
        if adapter is not None:
            name += f" with {adapter.name}"
            fingerprint += f" with {adapter.name} {adapter.version}"
        loaded = partial(_Likelihoods, options, found, adapter)
        super().__init__(name, fingerprint, Batches(found.name, loaded, _AT_ONCE))


class _Likelihoods:
    """The model itself, as it stands in its thread."""

    def __init__(self, options: LanguageOptions, found: Weights, adapter: Weights | None) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        self._device = settled(options)
        self._tokenizer = tokenizer(found)
        safe = None if options.allow_pickle else True
        dtype = getattr(torch, options.dtype)
        model = load(AutoModelForCausalLM, found, dtype=dtype, use_safetensors=safe)
        if adapter is not None:
            model = adapted(model, found, adapter)
        self._model = model.to(self._device)
        most = longest(found.config(), self._tokenizer)
        self._window = min(most, options.window or most)
        self._stride = min(options.stride or max(1, self._window // 2), self._window - 1)

    def __call__(self, pairs: Sequence[Pair]) -> list[Told]:
        """The log-likelihood of each text behind what stands before it."""
        return [self._told(before, text) for before, text in pairs]

    def _told(self, before: str, text: str) -> Told:
        ids = [*self._begin(), *self._read(before)]
        first = max(1, len(ids))  # what has nothing before it cannot be judged
        ids += self._read(text)
        spans = windows(first, len(ids), self._window, self._stride)
        total = sum(self._judged(ids[one.begin : one.end], one.judged - one.begin) for one in spans)
        return Told({"log_likelihood": total, "tokens": float(max(0, len(ids) - first))})

    def _begin(self) -> list[int]:
        """The model's mark of a beginning, where it has one."""
        mark = self._tokenizer.bos_token_id
        return [] if mark is None else [mark]

    def _read(self, text: str) -> list[int]:
        read: list[int] = self._tokenizer(text, add_special_tokens=False, verbose=False)[
            "input_ids"
        ]
        return read

    def _judged(self, ids: Sequence[int], first: int) -> float:
        """The log-likelihood of the tokens from ``first`` on, in nats, behind those before."""
        import torch

        read = torch.tensor([list(ids)], device=self._device)
        with torch.inference_mode():
            logits: Any = self._model(input_ids=read, use_cache=False).logits[0, first - 1 : -1]
        chances = torch.log_softmax(logits.double(), dim=-1)
        return float(chances.gather(1, read[0, first:, None]).sum())


@target("language_model", LanguageOptions)
def make(options: LanguageOptions, surroundings: Surroundings) -> LanguageTarget:
    """A model that says how likely it finds a text."""
    return LanguageTarget(options, surroundings)
