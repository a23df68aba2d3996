"""The dialogue with a model that is asked of pairs of texts: JSON in, numbers out."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Protocol

import orjson
from msgspec import Struct

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply, Usage
from chatbot_qa.domain.values import JsonValue, Money
from chatbot_qa.targets.base import Fault, Start, no_files
from chatbot_qa.targets.several import refuse_opening

DIGITS = 4
"""How many digits of a number are kept: what comes after them differs from machine to machine."""

Pair = tuple[str, str]


class Told(Struct, frozen=True):
    """What a model says of a pair: numbers by name, or how many tokens are too many for it."""

    numbers: Mapping[str, float]
    too_long: int = 0
    usage: Usage | None = None
    cost: Money | None = None

    def reply(self) -> Reply:
        """The numbers as data, and in words beside them; raises ``Fault`` where they are none."""
        if self.too_long:
            words = f"too long: {self.too_long} tokens"
            return Reply((BotMessage(words),), data={"too_long": self.too_long})
        if any(isnan(value) for value in self.numbers.values()):
            words = "the model computes no numbers: what it gives is NaN; are its weights whole?"
            raise Fault(FaultNote("model", words))
        # + 0.0 makes 0.0 of -0.0
        rounded = {name: round(value, DIGITS) + 0.0 for name, value in self.numbers.items()}
        words = ", ".join(f"{name} {value:.{DIGITS}f}" for name, value in rounded.items())
        data: dict[str, JsonValue] = dict(rounded)
        return Reply((BotMessage(words),), usage=self.usage, cost=self.cost, data=data)


class Judges(Protocol):
    """A model of pairs; ``wants`` are the names of the two texts, ``name`` stands for it."""

    name: str
    wants: tuple[str, str]

    async def told(self, pair: Pair) -> Told:
        """What it says of a pair; raises ``Busy`` or ``Fault``."""
        ...


class PairSession:
    """A session with a model of pairs. Each message is asked by itself: nothing is remembered."""

    def __init__(self, model: Judges, start: Start) -> None:
        refuse_opening(start.opening, model.name, "takes pairs of texts alone")
        self._model = model

    async def say(self, message: Message, deadline: float) -> Reply:
        """Ask the model of the pair in a message."""
        del deadline  # the caller cancels at it
        no_files(message, self._model.name)
        return (await self._model.told(_pair(message, self._model))).reply()

    def again(self) -> str:
        """No line of shell repeats what was asked of a model."""
        return ""

    async def close(self) -> None:
        """Nothing is held."""


def _pair(message: Message, model: Judges) -> Pair:
    first, second = model.wants
    try:
        value = orjson.loads(message.text)
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) and value.keys() == {first, second}:
        texts = (value[first], value[second])
        if all(isinstance(text, str) for text in texts):
            return texts
    wanted = f'{{"{first}": "…", "{second}": "…"}}'
    raise Fault(FaultNote("bad-pair", f"{model.name} is asked by JSON of two texts: {wanted}"))
