"""One conversation with a model on this machine."""

from __future__ import annotations

from hashlib import blake2b
from time import monotonic
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chatbot_qa.domain.plan import Line, Message
from chatbot_qa.domain.transcript import BotMessage, Reply, Usage
from chatbot_qa.targets.base import Start, no_extras, no_files
from chatbot_qa.targets.huggingface.asking import Asked
from chatbot_qa.targets.openai.answers import parted

if TYPE_CHECKING:
    from chatbot_qa.domain.values import JsonValue
    from chatbot_qa.targets.huggingface.asking import Made
    from chatbot_qa.targets.huggingface.engine import Engine
    from chatbot_qa.targets.openai.options import Thoughts


class ChatSession:
    """A conversation. All of it is given to the model with each message."""

    def __init__(
        self, name: str, engine: Engine, start: Start, own: str | None, tags: Thoughts
    ) -> None:
        no_extras(replace(start.opening, temperature=None), name)
        self._name = name
        self._engine = engine
        self._start = start
        self._tags = tags
        given = start.opening.system
        self._system = own if given is None else given
        self._said: tuple[Line, ...] = tuple(start.opening.history)
        self._turn = 0

    async def say(self, message: Message, deadline: float) -> Reply:
        """Give the model the conversation with a new message."""
        del deadline  # the caller cancels at it
        no_files(message, self._name)
        said = self._said
        if not message.opens:
            said = (*said, Line("user", message.text or message.click))
        made = await self._engine.ask(
            Asked(
                self._start.name,
                self._system,
                said,
                self._start.opening.temperature,
                self._seed(),
                monotonic(),
            )
        )
        thought, text = parted(made.text, self._tags)
        self._said = (*said, Line("bot", text))
        self._turn += 1
        return _reply(made, text, thought)

    def _seed(self) -> int:
        """The seed of one reply: that of the session, and how far it has come."""
        text = f"{self._start.seed}/{self._turn}"
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def again(self) -> str:
        """No line of shell repeats what was asked of a model."""
        return ""

    async def close(self) -> None:
        """Let the model forget what was said."""
        self._engine.over(self._start.name)


def _reply(made: Made, text: str, thought: str) -> Reply:
    data: dict[str, JsonValue] = {}
    if made.finish != "stop":
        data["finish_reason"] = made.finish
    if thought:
        data["reasoning"] = thought
    usage = Usage(made.read, made.written)
    return Reply((BotMessage(text),), first_token=made.first_token, usage=usage, data=data)
