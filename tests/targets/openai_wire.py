"""Targets of the kind ``openai``, and what the servers that they ask answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chatbot_qa.domain.plan import Message, Opening
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.targets.base import Fault, Start, Surroundings, Target
from chatbot_qa.targets.openai import OpenAIOptions, OpenAITarget, make
from tests.targets.asking import dialogue, go, say
from tests.targets.fakes import Handler, Server, serving

KEY = "sk-very-secret"


def bot(url: str, folder: str = ".", **keys: Any) -> OpenAITarget:
    options = OpenAIOptions(**{"base_url": f"{url}/v1", "model": "m-1", **keys})
    return make(options, Surroundings(folder=folder, secrets={"OPENAI_API_KEY": KEY}))


def completion(message: Any, finish: str = "stop", **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m-1-2026"} | {
        "choices": [choice],
        "usage": {"prompt_tokens": 1_000, "completion_tokens": 20, "total_tokens": 1_020},
        **more,
    }


def piece(delta: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m-1-2026"} | {
        "choices": [choice],
        **more,
    }


USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
PIECES = [
    piece({"role": "assistant", "content": ""}),
    piece({"content": "Grüße, "}),
    piece({"content": "👋 Anna"}),
    piece({}, "stop"),
    {**piece({}), "choices": [], "usage": USAGE},
]


def stream(*pieces: Any, end: str = "data: [DONE]\n\n") -> bytes:
    events = (f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in pieces)
    return ("".join(events) + end).encode()


def ask(
    handler: Handler, *said: str, system: str | None = None, own: str | None = None, **keys: Any
) -> Any:
    """The replies, and the server as it was left; ``own`` is the target's system prompt."""

    async def run() -> tuple[list[Reply], Server]:
        async with serving(handler) as server:
            words = said or ("Hello",)
            return await dialogue(
                bot(server.url, system=own, **keys), *words, system=system
            ), server

    return go(run())


def only(handler: Handler, **keys: Any) -> Reply:
    replies, _ = ask(handler, **keys)
    return replies[0]


async def held(target: Target, opening: Opening, *said: str | Message) -> list[Reply]:
    """The replies in one session that is opened so; the target is closed after them."""
    try:
        session = await target.open(Start(opening, "case/bot", 7))
        replies = []
        for one in said:
            heard = await (say(session, one) if isinstance(one, str) else session.say(one, 0.0))
            replies.append(heard)
        await session.close()
        return replies
    finally:
        await target.close()


def hold(
    handler: Handler, opening: Opening, *said: str | Message, folder: str = ".", **keys: Any
) -> tuple[list[Reply], Server]:
    """The same against a server that answers so, which is returned as it was left."""

    async def run() -> tuple[list[Reply], Server]:
        async with serving(handler) as server:
            target = bot(server.url, folder=folder, **keys)
            return await held(target, opening, *(said or ("Hello",))), server

    return go(run())


def hold_fault(
    handler: Handler, opening: Opening, *said: str | Message, folder: str = ".", **keys: Any
) -> Fault:
    """The fault that it ends in."""
    try:
        replies, _ = hold(handler, opening, *said, folder=folder, **keys)
    except Fault as found:
        return found
    raise AssertionError(f"no fault but {replies}")


def lines_of(server: Server, key: str = "messages") -> Sequence[Any]:
    """The conversation as it was last sent."""
    return list(server.asked[-1].json[key])
