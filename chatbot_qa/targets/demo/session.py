"""The bot as a target: sessions in memory, words counted for tokens."""

from __future__ import annotations

import asyncio
from dataclasses import fields

from msgspec.structs import replace

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Reply, Usage
from chatbot_qa.domain.values import Money
from chatbot_qa.targets.base import Session, Start, no_extras, no_files
from chatbot_qa.targets.demo.answer import Answer
from chatbot_qa.targets.demo.bot import Bot
from chatbot_qa.targets.demo.functions import tools_of
from chatbot_qa.targets.demo.memory import Shop
from chatbot_qa.targets.demo.options import SOUND, DemoOptions

VERSION = 1
"""Of the bot's behaviour: raised whenever it would answer anything differently."""


class DemoSession:
    """One dialogue with the bot, which answers in memory."""

    def __init__(self, bot: Bot, price: Money | None) -> None:
        self._bot = bot
        self._price = price

    async def say(self, message: Message, _deadline: float) -> Reply:
        no_files(message, "the demo bot")
        text = message.text or message.click
        answer = self._bot.welcome() if message.opens else self._bot.reply(text)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        usage = words_used(text, answer)
        cost = _cost(usage, self._price)
        return Reply(answer.messages, usage=usage, cost=cost, data=answer.data, calls=answer.calls)

    def again(self) -> str:
        """There is no request to repeat."""
        return ""

    async def close(self) -> None:
        """Nothing is held."""


def words_used(said: str, answer: Answer) -> Usage:
    """What an exchange used; the bot counts words for tokens."""
    return Usage(len(said.split()), sum(len(part.text.split()) for part in answer.messages))


def _cost(usage: Usage, price: Money | None) -> Money | None:
    if price is None:
        return None
    return Money((usage.input_tokens + usage.output_tokens) / 1000 * price.amount, price.currency)


class DemoTarget:
    """The bot with its options; all of its sessions stand in one shop."""

    local = True

    def __init__(self, options: DemoOptions) -> None:
        self._options = options
        self._shop = Shop()
        changed = ", ".join(
            f"{each.name}={getattr(options, each.name)}"
            for each in fields(options)
            if getattr(options, each.name) != getattr(SOUND, each.name)
        )
        self.fingerprint = f"demo {VERSION}" + (f" ({changed})" if changed else "")

    async def open(self, start: Start) -> Session:
        opening = start.opening
        no_extras(replace(opening, tools=()), "the demo bot")
        tools = tools_of(opening)
        bot = Bot(self._options, start.seed, start.name, opening.system, self._shop, tools=tools)
        for line in opening.history:
            if line.role == "user":
                bot.reply(line.text)
        return DemoSession(bot, self._options.price)

    async def close(self) -> None:
        """Nothing is held."""
