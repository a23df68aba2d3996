"""Slots give what a model gives without them, whatever kind of attention it has; or they do not,
and that is noticed."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch
import transformers as hf

from chatbot_qa.targets.huggingface.network import Network, windows

_SIZES: dict[str, Any] = {
    "vocab_size": 60,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 128,
    "initializer_range": 0.5,
}
_HALF = {**_SIZES, "num_key_value_heads": 2}
_KINDS = ["full_attention", "sliding_attention"]

HOLD = {
    "llama": lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**_SIZES)),
    "shared heads": lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**_HALF)),
    "a window": lambda: hf.MistralForCausalLM(hf.MistralConfig(**_HALF, sliding_window=5)),
    "some windows": lambda: hf.Qwen2ForCausalLM(
        hf.Qwen2Config(**_HALF, use_sliding_window=True, sliding_window=4, layer_types=_KINDS)
    ),
    "capped and windows": lambda: hf.Gemma2ForCausalLM(
        hf.Gemma2Config(**_HALF, head_dim=8, sliding_window=4, layer_types=_KINDS)
    ),
    "learnt places": lambda: hf.GPT2LMHeadModel(
        hf.GPT2Config(vocab_size=60, n_embd=32, n_layer=2, n_head=4, n_positions=128)
    ),
    "one head of keys": lambda: hf.GPTBigCodeForCausalLM(
        hf.GPTBigCodeConfig(
            vocab_size=60, n_embd=32, n_layer=2, n_head=4, n_positions=128, multi_query=True
        )
    ),
    "part of the places turned": lambda: hf.GPTNeoXForCausalLM(hf.GPTNeoXConfig(**_SIZES)),
}
HOLD_NOT = {
    "a state": lambda: hf.MambaForCausalLM(
        hf.MambaConfig(vocab_size=60, hidden_size=32, num_hidden_layers=2)
    ),
    "places by distance": lambda: hf.BloomForCausalLM(
        hf.BloomConfig(vocab_size=60, hidden_size=32, n_layer=2, n_head=4, initializer_range=0.5)
    ),
}


def made(make: Any) -> Any:
    torch.manual_seed(5)
    return make().eval()


@pytest.mark.parametrize("sort", HOLD)
def test_slots_give_what_the_model_gives_without_them(sort: str) -> None:
    model = made(HOLD[sort])
    network = Network(model)
    rng = Random(sort)
    texts = [[rng.randrange(60) for _ in range(length)] for length in (23, 9, 17)]
    held = [0, 0, 0]
    with torch.inference_mode():
        assert network.holds()
        assert network.token_bytes > 0
        network.slots.resize(4, 24)
        while held != list(map(len, texts)):
            pieces = [
                text[at : at + rng.randint(0, 5)] for text, at in zip(texts, held, strict=True)
            ]
            if not any(pieces):
                continue
            logits = network.feed(1, pieces, held)
            for row, (text, piece) in enumerate(zip(texts, pieces, strict=True)):
                held[row] += len(piece)
                if piece:
                    ids = torch.tensor([text[: held[row]]])
                    wanted = model(input_ids=ids, use_cache=False).logits[0, -1]
                    torch.testing.assert_close(logits[row], wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("sort", HOLD_NOT)
def test_it_is_noticed_where_they_do_not(sort: str) -> None:
    with torch.inference_mode():
        assert not Network(made(HOLD_NOT[sort])).holds()


def test_a_wrong_window_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = made(HOLD["a window"])
    network = Network(model)
    monkeypatch.setattr(network, "_windows", {"sliding_attention": 3})
    with torch.inference_mode():
        assert not network.holds()


def test_kinds_of_layers_that_are_not_known() -> None:
    class Config:
        layer_types = ("full_attention", "linear_attention")
        sliding_window = None

    assert windows(Config()) == {}
