"""The tiny chat model of ``../shared/tiny_chat`` as a bot of one's own: ``kind: python``.

    function: bench/tiny_bot.py:reply

Whatever is asked at the same moment is answered in one batch. It needs torch and transformers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chatbot_qa.domain.plan import Line

MODEL = Path(__file__).parents[2] / "shared" / "tiny_chat" / "model"
_LONGEST = 24
"""Tokens of a reply."""

_TOGETHER = 64
"""Dialogues in a batch."""

Chat = list[dict[str, str]]


class Batches:
    """A model that answers several dialogues at once, greedily."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        torch.set_num_threads(1)  # several fall over each other on a busy machine
        self._tokens = AutoTokenizer.from_pretrained(folder, padding_side="left")
        self._model = AutoModelForCausalLM.from_pretrained(folder).eval()
        self._waiting: list[tuple[Chat, asyncio.Future[str]]] = []

    async def answer(self, chat: Chat) -> str:
        """The reply to a dialogue, once its batch was answered."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[str] = loop.create_future()
        self._waiting.append((chat, reply))
        if len(self._waiting) == 1:
            loop.call_later(0.002, self._flush)
        return await reply

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        waiting.sort(key=lambda one: sum(len(line["content"]) for line in one[0]))
        for begin in range(0, len(waiting), _TOGETHER):
            batch = waiting[begin : begin + _TOGETHER]
            for (_, reply), text in zip(
                batch, self._texts([chat for chat, _ in batch]), strict=True
            ):
                if not reply.done():
                    reply.set_result(text)

    def _texts(self, chats: Sequence[Chat]) -> list[str]:
        import torch

        given: Any = self._tokens.apply_chat_template(
            list(chats),
            add_generation_prompt=True,
            padding=True,
            return_tensors="pt",
            return_dict=True,
        )
        with torch.inference_mode():
            made = self._model.generate(**given, max_new_tokens=_LONGEST, do_sample=False)
        new = made[:, given["input_ids"].shape[1] :]
        texts: list[str] = self._tokens.batch_decode(new, skip_special_tokens=True)
        return texts


@cache
def batches() -> Batches:
    """The model, loaded once."""
    return Batches(MODEL)


async def reply(history: Sequence[Line], system: str | None) -> str:
    """What the model answers."""
    chat = [] if system is None else [{"role": "system", "content": system}]
    roles = {"user": "user", "bot": "assistant"}
    chat += [{"role": roles[line.role], "content": line.text} for line in history]
    return await batches().answer(chat)
