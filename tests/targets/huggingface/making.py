"""The tiny chat model, tiny models drawn by chance, and talking to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot_qa.domain.plan import Line, Message, Opening
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.targets.base import Start, Surroundings, Target
from chatbot_qa.targets.huggingface import make
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions

TINY = Path(__file__).parents[3] / "fixtures" / "tiny_chat"
SYSTEM = "You are ShopBot. The secret code is KR55."


def target(in_flight: int = 10, folder: str = ".", **options: Any) -> Any:
    """The target with these options; the tiny chat model if no other is named."""
    chosen = HuggingFaceOptions(**{"model": str(TINY), **options})
    return make(chosen, Surroundings(folder=folder, in_flight=in_flight))


async def talk(
    bot: Target,
    said: Sequence[str],
    *,
    name: str = "talk",
    seed: int = 7,
    system: str | None = SYSTEM,
    history: tuple[Line, ...] = (),
    temperature: float | None = None,
) -> list[Reply]:
    """The replies to these messages in one fresh session."""
    opening = Opening(system=system, history=history, temperature=temperature)
    session = await bot.open(Start(opening, name, seed))
    replies = [await session.say(Message(text), 0.0) for text in said]
    await session.close()
    return replies


async def talks(bot: Target, all_said: Sequence[Sequence[str]], **how: Any) -> list[list[str]]:
    """The texts of the replies in all of these sessions, held at the same time; then it closes."""
    try:
        held = await asyncio.gather(
            *(
                talk(bot, said, name=f"talk {number}", seed=number, **how)
                for number, said in enumerate(all_said)
            )
        )
    finally:
        await bot.close()
    return [[reply.text for reply in replies] for replies in held]


def copied(place: Path, **config: Any) -> Path:
    """The tiny chat model in another folder, its configuration changed; None drops a key."""
    place.mkdir(parents=True, exist_ok=True)
    for file in TINY.iterdir():
        if file.is_file():
            (place / file.name).write_bytes(file.read_bytes())
    edited(place / "config.json", **config)
    return place


def edited(file: Path, **changes: Any) -> None:
    """Change keys of a file of JSON; None drops one."""
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    changed = {name: value for name, value in {**found, **changes}.items() if value is not None}
    file.write_text(json.dumps(changed), encoding="utf-8")
