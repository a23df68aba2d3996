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
from safetensors.torch import load_file, save_file

from bench.tiny_retention import replayed
from chatbot_qa.errors import UsageError
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import memory
from chatbot_qa.targets.huggingface.place import smaller
from chatbot_qa.targets.models.loading import NotHere
from tests.targets.asking import go

from .making import TINY, copied, edited, talk, target


def refused(**options: Any) -> UsageError:
    """What stops a run before its first conversation."""

    async def ready() -> None:
        bot = target(**options)
        try:
            await bot.ready()
        finally:
            await bot.close()

    with pytest.raises(UsageError) as raised:
        go(ready())
    return raised.value


def told(**options: Any) -> str:
    """It in one line."""
    error = refused(**options)
    assert error.hint
    return f"{error.message}; {error.hint}"


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
    words = told()
    assert f"model: {TINY} takes 2.2 MB as float32, and 1.0 MB are free on cpu" in words
    assert "take a smaller dtype:" in words


FULL = """
import asyncio, resource, sys
import torch, transformers
from chatbot_qa.errors import UsageError
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
    except UsageError as error:
        print(f"{error.message}; {error.hint}")
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
    assert f"model: there is no memory for {TINY} on cpu" in told()


def test_a_device_without_quantization_is_not_advised_to_take_it(tmp_path: Path) -> None:
    place = larger_than_memory(tmp_path / "model")
    with pytest.raises(UsageError) as raised:
        target(model=str(place))
    assert raised.value.hint == "take a smaller dtype:, or a larger machine"
    assert smaller("cuda:0") == "take a smaller dtype:, quantization:, or a larger machine"


def test_a_model_of_an_unknown_kind(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", model_type="llamma")
    words = told(model=str(place))
    assert f"model: config.json of {place} says model_type: llamma, which transformers " in words
    assert "; do you mean llama" in words


def test_what_computes_no_numbers(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    held = load_file(place / "model.safetensors")
    held["model.norm.weight"][:] = float("nan")
    save_file(held, place / "model.safetensors", metadata={"format": "pt"})
    for temperature in (0, 1):
        words = told(model=str(place), temperature=temperature)
        told_of = f"model: {place} computes no numbers: what it gives is NaN or infinite; are its"
        assert words.startswith(told_of)


def test_weights_of_another_shape(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", intermediate_size=300)
    words = told(model=str(place))
    assert "model: the weights model.layers.0.mlp" in words
    assert f"of {place} have another shape than its config.json says" in words


def test_weights_that_lack_a_layer(tmp_path: Path) -> None:
    place = copied(tmp_path / "model", num_hidden_layers=4)
    assert f"model: {place} has no weights for model.layers.3" in told(model=str(place))


def test_a_configuration_that_is_none() -> None:
    words = told(config={"model_type": "no-such-kind"})
    assert "config: makes no configuration of no-such-kind" in words
    words = told(config={"num_hidden_layers": "three"})
    assert "config: makes no configuration of llama" in words
    assert "num_hidden_layers" in words


class TestAnotherConfiguration:
    """A key is of effect, or refused."""

    @pytest.mark.parametrize(
        ("config", "words"),
        [
            ({"max_positon_embeddings": 9}, "do you mean max_position_embeddings? its keys are"),
            ({"sliding_window": 9}, "sliding_window would be of no effect: LlamaConfig of"),
            (
                {"model_type": "mistral", "slidng_window": 9},
                "slidng_window would be of no effect: MistralConfig of transformers has no such "
                "key; do you mean sliding_window?",
            ),
        ],
    )
    def test_a_key_that_is_none(self, config: dict[str, Any], words: str) -> None:
        assert words in told(config=config)

    @pytest.mark.parametrize(
        "config",
        [
            {"rope_theta": 9.0},
            {"rope_scaling": {"rope_type": "linear", "factor": 2.0}},
            {"attn_implementation": "eager"},
            {"bos_token_id": 1},  # of its own config.json
        ],
    )
    def test_one_that_is(self, config: dict[str, Any]) -> None:
        async def ready() -> None:
            bot = target(config=config)
            try:
                await bot.ready()
            finally:
                await bot.close()

        go(ready())

    def test_the_one_in_the_documentation_is_of_effect(self) -> None:
        page = (TINY.parents[1] / "docs" / "huggingface.md").read_text(encoding="utf-8")
        assert "`config: {max_position_embeddings: 2048}`" in page

        async def held() -> None:
            bot = target(config={"max_position_embeddings": 20})
            try:
                await talk(bot, ["When are you open?"])
            finally:
                await bot.close()

        with pytest.raises(Fault, match="and the model reads 20, its reply among them"):
            go(held())


def test_a_broken_generation_config(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    (place / "generation_config.json").write_text('{"do_sample": true, ', encoding="utf-8")
    ways: list[dict[str, Any]] = [{}, {"temperature": 0}]  # the second looks no further into it
    for keys in ways:
        with pytest.raises(UsageError, match=r"generation_config\.json of .* cannot be read"):
            target(model=str(place), **keys)
    (place / "generation_config.json").unlink()  # it may be missing
    assert target(model=str(place)).fingerprint


def test_a_memory_for_no_conversation() -> None:
    async def held() -> None:
        bot = target(cache_memory=60_000)
        try:
            await talk(bot, ["When are you open?"])
        finally:
            await bot.close()

    with pytest.raises(Fault) as raised:
        go(held())
    assert raised.value.note.kind == "no-memory"
    assert "cache_memory: allows more" in raised.value.note.message
    assert told(cache_memory=1_000).startswith("cache_memory: holds not one token; ")


def test_a_tokenizer_that_cannot_be_read(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    (place / "tokenizer.json").write_text("{}", encoding="utf-8")
    words = told(model=str(place))
    assert words.startswith(f"model: the tokenizer of {place} cannot be read (tokenizer.json): ")


def test_what_a_model_asks_for_and_is_not_done_here(tmp_path: Path) -> None:
    place = copied(tmp_path / "model")
    edited(place / "generation_config.json", num_beams=4)
    words = told(model=str(place))
    assert "asks for num_beams: 4, which is not done here; say temperature: yourself" in words

    async def held() -> str:
        bot = target(model=str(place), temperature=0)
        try:
            (reply,) = await talk(bot, ["When are you open?"])
        finally:
            await bot.close()
        return reply.text

    assert go(held()) == "We are open from 9 to 18 every day."


def test_it_stops_a_run_before_its_first_conversation(tmp_path: Path) -> None:
    copied(tmp_path / "model", num_hidden_layers=4)
    bot = "{kind: huggingface, model: model}"
    suite = tmp_path / "suite.yaml"
    (tmp_path / "chatbot-qa.yaml").write_text(f"targets: {{shop: {bot}}}\n", encoding="utf-8")
    suite.write_text(
        "suite: S\nconversations: [{id: a, turns: [{say: Hi, expect: [replies]}]}]\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match=r"has no weights for model\.layers\.3"):
        replayed(suite, tmp_path / "run")
    journal = Journal(tmp_path / "run" / "journal.jsonl")
    assert journal.run is not None
    assert not (tmp_path / "run" / "verdicts.jsonl").exists()


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
