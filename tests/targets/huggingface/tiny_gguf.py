"""The tiny chat model as a file of llama.cpp, written here by the format's own description.

python -m tests.targets.huggingface.tiny_gguf tiny.gguf
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .making import TINY

_ALIGNED = 32
_NAMES = {
    "input_layernorm": "attn_norm",
    "mlp.down_proj": "ffn_down",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.k_proj": "attn_k",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_proj": "attn_q",
    "self_attn.v_proj": "attn_v",
}

Tensors = Mapping[str, tuple[Sequence[int], bytes]]
"""Shapes, the outermost dimension first, and 32-bit floats."""


def written(file: Path, values: Mapping[str, Any], tensors: Tensors) -> Path:
    """A file in GGUF, version 3."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    for key, value in values.items():
        sort, packed = _value(value)
        head += _text(key) + struct.pack("<I", sort) + packed
    data = b""
    for name, (shape, numbers) in tensors.items():
        sizes = struct.pack(f"<{len(shape)}Q", *reversed(shape))
        head += _text(name) + struct.pack("<I", len(shape)) + sizes
        head += struct.pack("<IQ", 0, len(data))
        data += numbers + bytes(-len(numbers) % _ALIGNED)
    file.write_bytes(head + bytes(-len(head) % _ALIGNED) + data)
    return file


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: Any) -> tuple[int, bytes]:
    if isinstance(value, bool):
        return 7, struct.pack("<?", value)
    if isinstance(value, str):
        return 8, _text(value)
    if isinstance(value, float):
        return 6, struct.pack("<f", value)
    if isinstance(value, int):
        return 4, struct.pack("<I", value)
    sort = 5 if isinstance(value[0], int) else _value(value[0])[0]  # lists of numbers are signed
    return 9, struct.pack("<IQ", sort, len(value)) + b"".join(_value(one)[1] for one in value)


def tiny_gguf(file: Path) -> Path:
    """The tiny chat model in a file."""
    config = json.loads((TINY / "config.json").read_text())
    return written(file, {**_shape(config), **_words(config)}, dict(_weights(config)))


def _shape(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "general.architecture": "llama",
        "general.license": "as-this-project",
        "llama.context_length": config["max_position_embeddings"],
        "llama.embedding_length": config["hidden_size"],
        "llama.block_count": config["num_hidden_layers"],
        "llama.feed_forward_length": config["intermediate_size"],
        "llama.attention.head_count": config["num_attention_heads"],
        "llama.attention.head_count_kv": config["num_key_value_heads"],
        "llama.attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        "llama.rope.freq_base": config["rope_parameters"]["rope_theta"],
        "llama.rope.dimension_count": config["head_dim"],
        "llama.vocab_size": config["vocab_size"],
    }


def _words(config: Mapping[str, Any]) -> dict[str, Any]:
    told = json.loads((TINY / "tokenizer.json").read_text())
    by_number = {number: word for word, number in told["model"]["vocab"].items()}
    marks = {one["id"] for one in told["added_tokens"]}
    size = config["vocab_size"]
    template = (TINY / "chat_template.jinja").read_text()
    for tag in ("{% generation %}", "{% endgeneration %}"):  # of transformers alone
        template = template.replace(tag, "")
    merges = [one if isinstance(one, str) else " ".join(one) for one in told["model"]["merges"]]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": [by_number.get(n, f"[PAD{n}]") for n in range(size)],
        "tokenizer.ggml.token_type": [3 if n in marks else 1 for n in range(size)],
        "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.bos_token_id": config["bos_token_id"],
        "tokenizer.ggml.eos_token_id": config["eos_token_id"],
        "tokenizer.ggml.padding_token_id": config["pad_token_id"],
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": template,
    }


def _weights(config: Mapping[str, Any]) -> Any:
    from safetensors.numpy import load_file

    for name, found in load_file(TINY / "model.safetensors").items():
        turned = name.endswith(("q_proj.weight", "k_proj.weight"))
        tensor = _turned(found, config["num_attention_heads"]) if turned else found
        yield _named(name), (tensor.shape, tensor.astype("<f4").tobytes())


def _turned(tensor: Any, heads: int) -> Any:
    """The rows of a head in the order in which llama.cpp turns them: in pairs, not in halves."""
    rows, columns = tensor.shape
    return tensor.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, -1)


def _named(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{_NAMES[rest.removesuffix('.weight')]}.weight"


if __name__ == "__main__":
    tiny_gguf(Path(sys.argv[1]))
