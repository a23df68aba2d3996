"""The keys: what contradicts itself, or would be of no effect, is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": " "}, "model: is empty"),
        ({"device": "gpu"}, "device: gpu is none; there are cpu, cuda, cuda:1, mps, auto"),
        ({"temperature": -0.1}, "temperature: is below 0"),
        ({"top_p": 0.0}, "top_p: is a share above 0 and up to 1"),
        ({"top_p": 1.1}, "top_p: is a share above 0 and up to 1"),
        ({"top_k": 0}, "top_k: must be 1 or more"),
        ({"threads": 0}, "threads: must be 1 or more"),
        ({"batch_size": 0}, "batch_size: must be 1 or more"),
        ({"max_new_tokens": 0}, "max_new_tokens: must be 1 or more"),
        ({"repetition_penalty": 0.0}, "repetition_penalty: must be above 0"),
        ({"stop": ("",)}, "stop: an empty text would end every reply"),
        ({"config": 5}, "config: wants keys with values"),
        ({"template_values": "x"}, "template_values: wants keys with values"),
        (
            {"config": {"torch_dtype": "float16"}},
            "config: the numbers it computes with are dtype: of the target",
        ),
        ({"cuda_graphs": True}, "cuda_graphs: needs a GPU; say device: cuda"),
        ({"quantization": "4bit"}, "quantization: needs a GPU; say device: cuda"),
        (
            {"task": "fill-mask", "temperature": 1.0},
            "temperature: goes with task: chat, not with fill-mask",
        ),
        (
            {"task": "text-classification", "template": "plain"},
            "template: goes with task: chat, not with text-classification",
        ),
        ({"serve_arguments": ("--x",)}, "serve_arguments: goes with serve:"),
        ({"serve": "vllm", "task": "fill-mask"}, "serve: goes with task: chat"),
        (
            {"serve": "vllm", "batch_size": 4},
            "batch_size: is for a model that runs here; give vllm its own by serve_arguments:",
        ),
    ],
)
def test_what_cannot_be(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        HuggingFaceOptions(**{"model": "m", **options})


@pytest.mark.parametrize(
    "options",
    [
        {"device": "cuda:1", "quantization": "8bit"},
        {"device": "auto", "quantization": "4bit"},
        {"temperature": 0.0, "top_p": 1.0},
        {"task": "question-answering", "system": "We open at nine."},
        {"serve": "llama.cpp", "temperature": 0.0, "serve_arguments": ("-ngl", "99")},
    ],
)
def test_what_can(options: dict[str, Any]) -> None:
    assert HuggingFaceOptions(**{"model": "m", **options}).model == "m"


def test_it_is_a_kind_of_target() -> None:
    assert Registry().targets["huggingface"].options is HuggingFaceOptions
