"""Models for tests: folders that look like one, and tiny ones whose weights are drawn by chance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from chatbot_qa.domain.plan import Message, Opening
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.targets.base import Session, Start, Target

WHY = "it runs a model, and torch and transformers are not installed here"
START = Start(Opening(), "case/nli", 7)
WORDS = ("you", "can", "return", "it", "within", "30", "14", "days", "not", "the", "shop", "opens")


def tensors(**found: list[float]) -> bytes:
    """A file of safetensors that holds these, each as a row of 32-bit floats."""
    import struct

    header: dict[str, Any] = {}
    data = b""
    for name, values in found.items():
        row = struct.pack(f"<{len(values)}f", *values)
        offsets = [len(data), len(data) + len(row)]
        header[name] = {"dtype": "F32", "shape": [len(values)], "data_offsets": offsets}
        data += row
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + data


def folder(place: Path, **config: Any) -> Path:
    """A folder that looks like a model."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "config.json").write_bytes(orjson.dumps({"model_type": "bert", **config}))
    (place / "model.safetensors").write_bytes(tensors(weight=[1.0, 2.0]))
    (place / "tokenizer.json").write_text("{}")
    return place


LABELS = {0: "CONTRADICTION", 1: "entailment", 2: "neutral"}


def tiny(place: Path, labels: Mapping[int, str] | None = LABELS, seed: int = 7) -> Path:
    """A model of two layers that really runs, its weights drawn by chance; None: no classifier."""
    torch = pytest.importorskip("torch", reason=WHY)
    transformers = pytest.importorskip("transformers", reason=WHY)
    _tokenizer().save_pretrained(place)
    torch.manual_seed(seed)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.BertConfig(
        vocab_size=64,
        intermediate_size=64,
        max_position_embeddings=32,
        initializer_range=0.5,
        **sizes,
        **({"id2label": dict(labels)} if labels else {}),
    )
    sort = transformers.BertForSequenceClassification if labels else transformers.BertModel
    sort(config).save_pretrained(place)
    return place


def _tokenizer() -> Any:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    marks = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3}
    known = {word: len(marks) + number for number, word in enumerate(WORDS)}
    tokens = Tokenizer(WordLevel({**marks, **known}, unk_token="[UNK]"))
    tokens.pre_tokenizer = Whitespace()
    tokens.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokens,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )


async def opened(target: Target) -> Session:
    return await target.open(START)


async def ask(session: Session, **pair: str) -> Reply:
    """What a model of pairs replies to these two texts."""
    return await session.say(Message(orjson.dumps(pair).decode()), 0.0)
