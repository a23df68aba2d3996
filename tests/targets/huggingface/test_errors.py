"""What only loading shows: told in words before the first conversation, and to all of them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import memory
from chatbot_qa.targets.models.loading import NotHere
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


@pytest.mark.parametrize(
    "options",
    [{"device": "cuda:63"}, {"device": "cuda:63", "task": "fill-mask"}],
)
def test_no_such_device(options: dict[str, Any]) -> None:
    with pytest.raises(NotHere) as raised:
        target(**options)
    assert raised.value.message == "device: there is no cuda:63 here"
    assert raised.value.hint


def test_why_there_is_no_gpu() -> None:
    if torch.version.cuda or torch.version.hip:
        pytest.skip("this torch was built for GPUs")
    with pytest.raises(NotHere) as raised:
        target(device="auto")
    assert raised.value.message == "device: there is no GPU for auto here"
    told = f"torch {torch.__version__} computes on the cpu alone; leave device: out for that"
    assert raised.value.hint == told


def test_no_metal() -> None:
    if torch.backends.mps.is_available():
        pytest.skip("it is there on this machine")
    with pytest.raises(NotHere, match="device: there is no mps here"):
        target(device="mps")


def larger_than_memory(place: Path) -> Path:
    """A model whose file says that it holds 8 TB, and takes no room on the disk."""
    copied(place)
    size = 4 << 41
    tensor = {"dtype": "F32", "shape": [1 << 41], "data_offsets": [0, size]}
    head = json.dumps({"weight": tensor}).encode()
    with (place / "model.safetensors").open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        try:
            file.truncate(8 + len(head) + size)
        except OSError:
            pytest.skip("this disk takes no file with so large a hole in it")
    return place


def test_more_than_the_memory(tmp_path: Path) -> None:
    place = larger_than_memory(tmp_path / "model")
    with pytest.raises(UsageError) as raised:
        target(model=str(place))
    assert raised.value.message.startswith(f"model: {place} takes 8796.1 GB as float32, and ")
    assert raised.value.message.endswith(" are free on cpu")
    with pytest.raises(UsageError, match=r"takes 4398\.0 GB as float16"):
        target(model=str(place), dtype="float16")


def test_memory_that_is_gone_when_the_model_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 1_000_000)
    words = fault()
    assert f"model: {TINY} takes 2.2 MB as float32, and 1.0 MB are free on cpu" in words
    assert "take a smaller dtype:" in words


FULL = """
import asyncio, resource, sys
import torch, transformers
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import model
from tests.targets.huggingface.making import target

sizes = {"hidden_size": 256, "intermediate_size": 8192, "num_attention_heads": 4}
config = transformers.LlamaConfig(vocab_size=512, num_hidden_layers=4, **sizes)
transformers.LlamaForCausalLM(config).save_pretrained(sys.argv[1])
bot = target(model=sys.argv[1])
pages = int(open("/proc/self/statm").read().split()[0])
room = pages * resource.getpagesize() + 30_000_000
resource.setrlimit(resource.RLIMIT_AS, (room, resource.RLIM_INFINITY))

async def ready():
    try:
        await bot.ready()
    except Fault as fault:
        print(fault.note.message)
    await bot.close()

asyncio.run(ready())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it bounds memory as Linux does")
def test_a_memory_that_is_full_is_told(tmp_path: Path) -> None:
    """A process that may have 30 MB more loads a model of 100 MB."""
    place = copied(tmp_path / "model")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(place)], capture_output=True, text=True, check=False
    )
    assert f"model: there is no memory for {place} on cpu; take a" in done.stdout, done.stderr


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


def test_every_conversation_hears_of_it(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", num_hidden_layers=4)

    async def held() -> list[Any]:
        bot = target(model=str(place))
        try:
            return await asyncio.gather(
                *(talk(bot, ["Hi"], name=str(number)) for number in range(3)),
                return_exceptions=True,
            )
        finally:
            await bot.close()

    assert [type(one) for one in go(held())] == [Fault] * 3
