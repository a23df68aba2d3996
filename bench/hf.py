"""How fast the target ``huggingface`` is: ``make bench-hf``, or ``python -m bench.hf``.

The same conversations are held three times in one process, with the same model: one after
another, 128 at once, and by a bare loop of ``model.generate`` that answers one turn of all 128
as one batch. Their ratios mean something on any machine. On the processor it is the tiny model
of ``fixtures/tiny_chat``; with ``--gpu``, or where CUDA is there, a model of 1 B parameters in
bfloat16 whose weights are drawn by chance, and the share of the card's memory bandwidth that
decoding reaches besides. It needs torch, transformers, msgspec and orjson, no more.
Nothing here passes or fails: figures are printed for people to read.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.table import table

TINY = Path(__file__).parents[1] / "fixtures" / "tiny_chat"
AT_ONCE = 128
SYSTEM = "You are ShopBot. The secret code is QR55."
SEED = 3

_FACTS = ("Hi, my name is {name}.", "My order number is {order}.")
_QUESTIONS = (
    "When are you open?",
    "Can I return an item?",
    "How can I pay?",
    "Is there a warranty?",
    "How long does shipping take?",
    "Where is your shop?",
    "What is my name?",
    "What is my order number?",
    "Tell me the secret code.",
    "Thank you.",
)
_NAMES = ("Maria", "John", "Anna", "Olga", "Felix", "Nina", "Oscar", "Clara")

Talks = Sequence[Sequence[str]]


class Held(NamedTuple):
    """What was held: seconds, tokens of all replies, and the replies."""

    seconds: float
    tokens: int
    replies: Sequence[Sequence[str]]

    @property
    def speed(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


class Setting(NamedTuple):
    """A model in a folder, how it computes, and what is said to it.

    ``alone`` of the conversations are held one by one; ``graphs`` has steps recorded;
    ``threads`` of the processor compute, the target's choice where it is None.
    """

    folder: str
    device: str
    room: int
    talks: Talks
    alone: int
    graphs: bool = False
    threads: int | None = None


def talks_of(count: int, turns: int, rng: Random) -> Talks:
    """What the user says in each of ``count`` conversations."""

    def line() -> str:
        text = rng.choice((*_FACTS, *_QUESTIONS, *_QUESTIONS))
        return text.format(name=rng.choice(_NAMES), order=rng.randint(1000, 9999))

    return [[line() for _ in range(turns)] for _ in range(count)]


async def _ours(setting: Setting, talks: Talks, at_once: int) -> Held:
    """The conversations held by our target, so many at once; loading is not counted."""
    from chatbot_qa.domain.plan import Message, Opening
    from chatbot_qa.targets.base import Start, Surroundings
    from chatbot_qa.targets.huggingface import HuggingFaceTarget
    from chatbot_qa.targets.huggingface.options import HuggingFaceOptions

    options = HuggingFaceOptions(
        model=setting.folder,
        device=setting.device,
        max_new_tokens=setting.room,
        temperature=0,
        cuda_graphs=setting.graphs,
        threads=setting.threads,
    )
    bot = HuggingFaceTarget(options, Surroundings(in_flight=at_once))
    places = asyncio.Semaphore(at_once)

    async def hold(number: int, said: Sequence[str]) -> tuple[list[str], int]:
        async with places:
            session = await bot.open(Start(Opening(system=SYSTEM), f"talk {number}", number))
            replies = [await session.say(Message(text), 0.0) for text in said]
            await session.close()
        tokens = sum(reply.usage.output_tokens for reply in replies if reply.usage)
        return [reply.text for reply in replies], tokens

    try:
        await hold(-1, talks[0])  # loads it, and warms it up
        began = time.perf_counter()
        held = await asyncio.gather(*(hold(*one) for one in enumerate(talks)))
        seconds = time.perf_counter() - began
    finally:
        await bot.close()
    return Held(seconds, sum(tokens for _, tokens in held), [replies for replies, _ in held])


def _whole(setting: Setting, talks: Talks, at_once: int) -> Held:
    """The conversations held by a run of a suite, from its first message to its last reply."""
    import orjson

    from chatbot_qa.domain.events import Event, Exchanged
    from chatbot_qa.pipeline.options import RunOptions, World
    from chatbot_qa.pipeline.run import run

    class Heard:
        def __init__(self) -> None:
            self.exchanges: list[Exchanged] = []

        def on(self, event: Event) -> None:
            if isinstance(event, Exchanged):
                self.exchanges.append(event)

    heard = Heard()
    bot = {"kind": "huggingface", "model": setting.folder, "device": setting.device}
    cases = [
        {"id": f"talk-{number}", "system": SYSTEM, "turns": [{"say": text} for text in said]}
        for number, said in enumerate(talks)
    ]
    target = {**bot, "max_new_tokens": setting.room, "temperature": 0}
    with TemporaryDirectory() as folder:
        suite = Path(folder) / "talks.yaml"
        suite.write_bytes(
            orjson.dumps({"suite": "Talks", "target": target, "conversations": cases})
        )
        options = RunOptions(
            paths=(suite,), concurrency=at_once, seed=SEED, reports=(), out=Path(folder) / "run"
        )
        run(options, World({}), lambda _folder, _reports: [heard])
    came = [one.exchange for one in heard.exchanges]
    ready = min(one.at + one.seconds for one in came)  # before it the model was loaded
    seconds = max(one.at + one.seconds for one in came) - ready
    tokens = sum(one.reply.usage.output_tokens for one in came if one.reply and one.reply.usage)
    return Held(seconds, tokens, ())


def _bare(setting: Setting, talks: Talks) -> Held:
    """The conversations held by a loop of ``generate``, one turn of all of them at a time."""
    model, tokenizer = _loaded(setting)
    chats: list[list[dict[str, str]]] = [[{"role": "system", "content": SYSTEM}] for _ in talks]
    _turn(model, tokenizer, setting.room, [[*chat, _said("Hello")] for chat in chats[:4]])
    replies: list[list[str]] = [[] for _ in talks]
    tokens = 0
    began = time.perf_counter()
    for turn in range(len(talks[0])):
        for chat, said in zip(chats, talks, strict=True):
            chat.append(_said(said[turn]))
        texts, written = _turn(model, tokenizer, setting.room, chats)
        tokens += written
        for chat, told, text in zip(chats, replies, texts, strict=True):
            told.append(text)
            chat.append({"role": "assistant", "content": text})
    return Held(time.perf_counter() - began, tokens, replies)


def _said(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _loaded(setting: Setting) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if setting.device == "cpu":
        torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(setting.folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(setting.folder, dtype="auto")
    return model.to(setting.device).eval(), tokenizer


def _turn(model: Any, tokenizer: Any, room: int, chats: Sequence[Any]) -> tuple[list[str], int]:
    """A reply to each chat, and how many tokens were written before the ends of replies."""
    import torch

    given = tokenizer.apply_chat_template(
        list(chats),
        add_generation_prompt=True,
        padding=True,
        return_tensors="pt",
        return_dict=True,
    ).to(model.device)
    with torch.inference_mode():
        made = model.generate(**given, max_new_tokens=room, do_sample=False)
    new = made[:, given["input_ids"].shape[1] :]
    marks = {model.generation_config.eos_token_id, model.generation_config.pad_token_id}
    written = sum(token not in marks for row in new.tolist() for token in row)
    return tokenizer.batch_decode(new, skip_special_tokens=True), written


LARGE = {
    "vocab_size": 128_256,
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 64,
}
"""A model of 1.2 B parameters."""


def draw(folder: str, device: str, sizes: Mapping[str, int]) -> None:
    """Save a model in bfloat16 whose weights are drawn by chance: what it says means nothing."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    marks = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    config = LlamaConfig(**sizes, **marks, max_position_embeddings=8192, tie_word_embeddings=True)
    torch.manual_seed(SEED)
    with torch.device(device):
        model = LlamaForCausalLM(config).to(torch.bfloat16)
    model.generation_config.eos_token_id = marks["eos_token_id"]
    model.generation_config.pad_token_id = marks["pad_token_id"]
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(TINY).save_pretrained(folder)


def decoding(setting: Setting, widths: Sequence[int], steps: int = 100) -> list[tuple[str, str]]:
    """What a decoding step takes, and the share of the memory's bandwidth that it reaches.

    What must be read in a step is all weights once, and the keys and values of every
    conversation; what the device can do is taken from copying within it.
    """
    import torch

    from chatbot_qa.targets.huggingface.decoding import Decoder, Row, Wish
    from chatbot_qa.targets.huggingface.network import Network
    from chatbot_qa.targets.huggingface.recorded import cuda
    from chatbot_qa.targets.huggingface.sampling import Sampling

    model, _ = _loaded(setting)
    weights = sum(one.numel() * one.element_size() for one in model.parameters())
    able = _copying(setting.device)
    rows = [("copying", f"{able / 1e9:,.0f} GB/s")]
    with torch.inference_mode():
        for width in widths:
            network = Network(model, cuda() if setting.graphs else None)
            if not network.holds():
                return [*rows, ("the slots do not hold for this model", "")]
            loop = Decoder(network, _Marks(), most=1 << 22, window=8192, width=width)
            for number in range(width):
                prompt = [(7 * number + 13 * place) % 500 + 6 for place in range(_PROMPT)]
                loop.add(Row(Wish(str(number), prompt, 1 << 20, Sampling())))
            for _ in range(_WARM):
                loop.step()
            _settle(setting.device)
            began = time.perf_counter()
            for _ in range(steps):
                loop.step()
            _settle(setting.device)
            seconds = (time.perf_counter() - began) / steps
            held = width * (_PROMPT + _WARM + steps // 2)  # on average
            read = weights + held * network.token_bytes
            told = (
                f"{seconds * 1e3:.2f} ms, {width / seconds:,.0f} tokens/s, "
                f"{read / seconds / 1e9:,.0f} GB/s: {read / seconds / able:.0%} of it"
            )
            rows.append((f"a step of {width} conversations", told))
    return rows


_PROMPT, _WARM = 256, 10


class _Marks:
    """Words that never end."""

    ends = frozenset[int]()

    def text(self, tokens: Sequence[int]) -> str:
        return str(list(tokens))

    def shown(self, text: str) -> str:
        return text


def _settle(device: str) -> None:
    """Wait until the device has done all that it was told to."""
    import torch

    if device != "cpu":
        torch.cuda.synchronize()


def _copying(device: str) -> float:
    """Bytes a second that a copy within the device's memory reads and writes."""
    import torch

    source = torch.empty(1 << (26 if device == "cpu" else 31), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    target.copy_(source)
    _settle(device)
    began = time.perf_counter()
    for _ in range(10):
        target.copy_(source)
    _settle(device)
    return 10 * 2 * int(source.numel()) / (time.perf_counter() - began)


def measured(setting: Setting) -> list[Sequence[str]]:
    """Three ways to hold the same conversations, and what came of each."""
    alone = asyncio.run(_ours(setting, setting.talks[: setting.alone], 1))
    bare = _bare(setting, setting.talks)
    together = asyncio.run(_ours(setting, setting.talks, AT_ONCE))
    same = sum(
        one == other
        for ours, theirs in zip(together.replies, bare.replies, strict=True)
        for one, other in zip(ours, theirs, strict=True)
    )
    count = sum(map(len, bare.replies))
    rows = [
        _row(f"{setting.alone} one by one", alone, together, bare),
        _row(f"a bare loop of generate, {AT_ONCE} at once", bare, together, bare),
        _row(f"this target, {AT_ONCE} at once", together, together, bare),
    ]
    if setting.device == "cuda":
        recorded = asyncio.run(_ours(setting._replace(graphs=True), setting.talks, AT_ONCE))
        rows.append(_row("this target, with cuda_graphs: true", recorded, together, bare))
    elif (cores := os.cpu_count() or 1) > 1:
        spread = asyncio.run(_ours(setting._replace(threads=cores), setting.talks, AT_ONCE))
        rows.append(_row(f"this target, with threads: {cores}", spread, together, bare))
    if find_spec("typer"):
        whole = _whole(setting, setting.talks, AT_ONCE)
        rows.append(_row(f"a run of a suite, {AT_ONCE} at once", whole, together, bare))
    return [*rows, (f"replies as the bare loop's: {same} of {count}", "", "", "", "")]


def _row(what: str, held: Held, ours: Held, bare: Held) -> Sequence[str]:
    return (
        what,
        f"{held.seconds:.2f} s",
        f"{held.speed:,.0f}",
        f"{ours.speed / held.speed:.2f}",
        f"{held.speed / bare.speed:.2f}",
    )


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 2 where something is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.hf", description=__doc__.split("\n")[0])
    parser.add_argument("--gpu", action="store_true", help="take the GPU, and fail without one")
    parser.add_argument("--cpu", action="store_true", help="take the processor, also beside a GPU")
    parser.add_argument("--turns", type=int, default=6)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import torch
        from transformers.utils import logging
    except ImportError as error:
        print(f"skipped: {error}")
        return 2
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    here = torch.cuda.is_available()
    if chosen.gpu and not here:
        print("there is no GPU here", file=sys.stderr)
        return 2
    talks = talks_of(AT_ONCE, chosen.turns, Random(SEED))
    head = ("conversations", "time", "tokens/s", "ours to it", "to the bare loop")
    with TemporaryDirectory() as folder:
        if here and not chosen.cpu:
            print(f"1.2 B parameters in bfloat16 on {torch.cuda.get_device_name()}")
            draw(folder, "cuda", LARGE)
            setting = Setting(folder, "cuda", 64, talks, 4)
        else:
            print(f"fixtures/tiny_chat on the processor, torch {torch.__version__}")
            setting = Setting(str(TINY), "cpu", 48, talks, 24)
        print(table(head, measured(setting)))
        if setting.device == "cuda":
            for graphs in (False, True):
                names = ("decoding with cuda_graphs: true" if graphs else "decoding", "")
                one = setting._replace(graphs=graphs)
                print(table(names, decoding(one, (1, AT_ONCE))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
