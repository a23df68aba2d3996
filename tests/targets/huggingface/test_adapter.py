"""Adapters of peft: put on the model they change what it says; one for another model is refused."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from chatbot_qa.errors import UsageError
from tests.targets.asking import go

from .making import TINY, copied, edited, talks, target

peft = pytest.importorskip("peft", reason="it puts an adapter on a model, and peft is not here")

ASKED = [["When are you open?", "Hi, my name is Maria.", "What is my name?"]]


def adapter(place: Path, strength: float) -> Path:
    """An adapter that was drawn by chance; of strength 0 it changes nothing."""
    torch.manual_seed(3)
    model = AutoModelForCausalLM.from_pretrained(TINY)
    config = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    adapted = peft.get_peft_model(model, config)
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_B" in name:
                weights.mul_(strength)
    adapted.save_pretrained(place)
    return place


def test_it_changes_what_the_model_says(tmp_path: Path) -> None:
    base = go(talks(target(), ASKED))
    weak = go(talks(target(adapter=str(adapter(tmp_path / "weak", 0))), ASKED))
    strong = go(talks(target(adapter=str(adapter(tmp_path / "strong", 50))), ASKED))
    assert weak == base
    assert strong != base


def test_nothing_is_said_as_it_is_put_on(tmp_path: Path) -> None:
    bot = target(adapter=str(adapter(tmp_path / "lora", 1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert go(talks(bot, ASKED))


def test_it_tells_runs_apart(tmp_path: Path) -> None:
    with_it = target(adapter=str(adapter(tmp_path / "lora", 1))).fingerprint
    assert f"{TINY} with {tmp_path / 'lora'}" in with_it
    edited(tmp_path / "lora" / "adapter_config.json", lora_alpha=32)
    assert target(adapter=str(tmp_path / "lora")).fingerprint != with_it


def test_one_for_another_model(tmp_path: Path) -> None:
    place = adapter(tmp_path / "lora", 1)
    edited(place / "adapter_config.json", target_modules=["no_such_part"])

    async def ready() -> None:
        bot = target(adapter=str(place))
        try:
            await bot.ready()
        finally:
            await bot.close()

    with pytest.raises(UsageError) as raised:
        go(ready())
    assert raised.value.message.startswith(f"adapter: {place} does not go with {TINY}: ")


def test_one_without_weights(tmp_path: Path) -> None:
    place = copied(tmp_path / "lora")
    (place / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"has no adapter_model\.safetensors"):
        target(adapter=str(place))
