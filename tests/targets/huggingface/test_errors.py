"""What only loading shows: told in words before the first conversation, and to all of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import memory
from tests.targets.asking import go

from .making import TINY, copied, edited, talk, target


def fault(**options: Any) -> str:
    """What is said where the model cannot be loaded."""

    async def ready() -> None:
        bot = target(**options)
        try:
            await bot.ready()
        finally:
            await bot.close()

    with pytest.raises(Fault) as raised:
        go(ready())
    return raised.value.note.message


def test_no_such_device() -> None:
    assert "device: there is no cuda:63 here; leave it out for the cpu" in fault(device="cuda:63")


def test_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 1_000_000)
    words = fault()
    assert f"model: {TINY} takes 2.2 MB as float32, and 1.0 MB are free on cpu" in words
    assert "take a smaller dtype:" in words


def test_no_memory_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from chatbot_qa.targets.huggingface import loaded

    def full(*_: Any, **__: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")

    monkeypatch.setattr(loaded, "load", full)
    assert f"model: there is no memory for {TINY} on cpu" in fault()


def test_a_model_of_an_unknown_kind(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", model_type="no-such-kind")
    assert "no-such-kind" in fault(model=str(place))


def test_weights_of_another_shape(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", intermediate_size=300)
    words = fault(model=str(place))
    assert "model: the weights model.layers.0.mlp" in words
    assert f"of {place} have another shape than its config.json says" in words


def test_weights_that_lack_a_layer(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", num_hidden_layers=4)
    assert f"model: {place} has no weights for model.layers.3" in fault(model=str(place))


def test_a_configuration_that_is_none() -> None:
    words = fault(config={"model_type": "no-such-kind"})
    assert "config: makes no configuration of no-such-kind" in words


def test_a_tokenizer_that_cannot_be_read(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    (place / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert "cannot be loaded" in fault(model=str(place))


def test_what_a_model_asks_for_and_is_not_done_here(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    edited(place / "generation_config.json", num_beams=4)
    words = fault(model=str(place))
    assert "asks for num_beams: 4, which is not done here; say temperature: yourself" in words

    async def held() -> str:
        bot = target(model=str(place), temperature=0)
        try:
            (reply,) = await talk(bot, ["When are you open?"])
        finally:
            await bot.close()
        return reply.text

    assert go(held()) == "We are open from 9 to 18 every day."


def test_every_conversation_hears_of_it() -> None:
    async def held() -> list[Any]:
        bot = target(device="cuda:63")
        try:
            return await asyncio.gather(
                *(talk(bot, ["Hi"], name=str(number)) for number in range(3)),
                return_exceptions=True,
            )
        finally:
            await bot.close()

    assert [type(one) for one in go(held())] == [Fault] * 3
