"""Opening sessions and saying things, for tests of targets."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from chatbot_qa.domain.plan import Message, Opening
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.targets.base import Busy, Fault, Session, Start, Target

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds after which a test that hangs is broken off."""


def go(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end, or fail when it hangs."""

    async def bounded() -> T:
        async with asyncio.timeout(PATIENCE):
            return await coroutine

    return asyncio.run(bounded())


def start(name: str = "case/bot", system: str | None = None) -> Start:
    return Start(Opening(system=system), name, 7)


def text(words: str) -> Message:
    return Message(text=words)


async def say(session: Session, words: str) -> Reply:
    return await session.say(text(words), asyncio.get_running_loop().time() + PATIENCE)


async def dialogue(target: Target, *said: str, system: str | None = None) -> list[Reply]:
    """The replies to these messages in one fresh session; the target is closed after them."""
    try:
        session = await target.open(start(system=system))
        replies = [await say(session, words) for words in said]
        await session.close()
        return replies
    finally:
        await target.close()


async def fault(target: Target, *said: str, system: str | None = None) -> Fault:
    """The fault that these messages end in."""
    try:
        replies = await dialogue(target, *(said or ("Hello",)), system=system)
    except Fault as found:
        return found
    raise AssertionError(f"no fault but {replies}")


async def busy(target: Target, *said: str) -> Busy:
    """The request to come back later that these messages end in."""
    try:
        replies = await dialogue(target, *(said or ("Hello",)))
    except Busy as found:
        return found
    raise AssertionError(f"not busy but {replies}")
