"""The target ``python``: a function or a class in the user's own code.

    kind: python
    function: bots/shop.py:reply       # or module:name

A function is called with the message (``reply(message)``), with the dialogue so far
(``reply(history)``) or with both; a class is made once a session and its ``say`` is called.
Any of them may be async. What comes back is a text, a list of texts, a mapping with
``text`` or ``messages``, ``buttons`` and ``data``, or a ``Reply``.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MethodType
from typing import Annotated, Any

import orjson
from msgspec.structs import replace

from chatbot_qa.domain.plan import Line, Message
from chatbot_qa.domain.transcript import BotMessage, FaultNote, Reply, text_reply
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import (
    Fault,
    FunctionOptions,
    Start,
    Surroundings,
    no_extras,
    no_files,
    target,
)
from chatbot_qa.targets.loading import Wants, load, user_line, wants
from chatbot_qa.targets.workers import Workers

_MADE_WITH = ("system", "session", "seed")
_CALLED_WITH = ("message", "history", "files", *_MADE_WITH)
_KEYS = ("text", "messages", "buttons", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonOptions(FunctionOptions):
    """The keys of a target of the kind ``python``."""

    function: Annotated[str, "module:name, or path/to/file.py:name beside the configuration"]


class FunctionTarget:
    """A function, or a class with ``say``, as a bot.

    ``name`` stands for it in messages and in the fingerprint; ``thread`` keeps a slow
    function that is not async from holding up the others.
    """

    local = True

    def __init__(
        self, bot: Callable[..., Any], name: str, surroundings: Surroundings, *, thread: bool
    ) -> None:
        self.fingerprint = f"python {name}"
        self.name = name
        self._folder = surroundings.folder
        self._bot = bot
        self._is_class = inspect.isclass(bot)
        self._made_with = wants(bot, _MADE_WITH, name) if self._is_class else Wants()
        says = getattr(bot, "say", None) if self._is_class else bot
        if says is None:
            raise UsageError(f"{name} is a class without say", "give it: def say(self, message)")
        if self._is_class and inspect.isfunction(inspect.getattr_static(bot, "say")):
            self._called_with = wants(MethodType(says, bot), _CALLED_WITH, name)  # without self
        else:
            self._called_with = wants(says, _CALLED_WITH, name)
        is_async = inspect.iscoroutinefunction(says)
        self._workers = Workers() if thread and not is_async else None

    async def open(self, start: Start) -> FunctionSession:
        """A fresh dialogue; of a class, a fresh instance of it."""
        takes_system = "system" in self._called_with or "system" in self._made_with
        if start.opening.system is not None and not takes_system:
            raise Fault(
                FaultNote(
                    "no-system-prompt",
                    f"the suite gives a system prompt, but {self.name} takes none; "
                    "add a parameter named system",
                )
            )
        no_extras(start.opening, self.name)
        history = start.opening.history
        if history and "history" not in self._called_with:
            note = FaultNote(
                "no-history",
                f"the suite gives a history, but {self.name} takes none; "
                "add a parameter named history",
            )
            raise Fault(note)
        values = {"system": start.opening.system, "session": start.name, "seed": start.seed}
        if not self._is_class:
            return FunctionSession(self, self._bot, self._called_with, values, history=history)
        made = await self.call(self._made_with.bind(self._bot, values))
        return FunctionSession(
            self, made.say, self._called_with, values, history=history, made=made
        )

    async def call(self, ready: Callable[[], Any]) -> Any:
        """Call the user's code; what it raises is a ``Fault`` that names the user's own line."""
        try:
            result = ready() if self._workers is None else await self._workers.run(ready)
            return await result if inspect.isawaitable(result) else result
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the replay wants it to end
            note = FaultNote("exception", f"{self.name} cancelled itself (CancelledError)")
            raise Fault(note) from None
        except (Exception, SystemExit) as error:
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            place = user_line(error, self._folder)
            note = FaultNote("exception", f"{self.name} raised {told}{place}")
            raise Fault(note) from error

    def reply(self, value: Any) -> Reply:
        """What the user's code returned, as a reply; raises ``Fault`` where it is none."""
        try:
            return _storable(to_reply(value))
        except NoReply as error:
            raise Fault(FaultNote("bad-reply", f"{self.name} returned {error}")) from error

    async def close(self) -> None:
        """Let its threads end."""
        if self._workers is not None:
            self._workers.close()


class FunctionSession:
    """One dialogue with the user's code. ``made`` is the instance, where it is a class."""

    def __init__(
        self,
        target: FunctionTarget,
        says: Callable[..., Any],
        called_with: Wants,
        values: Mapping[str, Any],
        *,
        history: tuple[Line, ...] = (),
        made: object = None,
    ) -> None:
        self._target = target
        self._says = says
        self._called_with = called_with
        self._values = values
        self._made = made
        self._history = history

    async def say(self, message: Message, deadline: float) -> Reply:
        """Call the user's code with a message."""
        del deadline  # the caller cancels at it
        if message.opens:
            return await self._greeting()
        said = message.text or message.click
        history = (*self._history, Line("user", said))
        values = {**self._values, "message": said, "history": history, "files": message.files}
        if "files" not in self._called_with:
            no_files(message, self._target.name)
        value = await self._target.call(self._called_with.bind(self._says, values))
        reply = self._target.reply(value)
        self._history = (*history, Line("bot", reply.text))
        return reply

    async def _greeting(self) -> Reply:
        greet = getattr(self._made, "greet", None)
        if greet is None:
            what = "give its class a method: def greet(self)"
            message = f"bot_starts: {self._target.name} does not speak first; {what}"
            raise Fault(FaultNote("no-greeting", message))
        reply = self._target.reply(await self._target.call(greet))
        self._history = (*self._history, Line("bot", reply.text))
        return reply

    def again(self) -> str:
        """No line of shell repeats a function call."""
        return ""

    async def close(self) -> None:
        """Close the instance, where it has ``close``."""
        close = getattr(self._made, "close", None)
        if close is not None:
            await self._target.call(close)


class NoReply(Exception):
    """What was returned cannot be taken for a reply; says what it is instead."""


def to_reply(value: Any) -> Reply:
    """A reply of what a user's function returned; raises ``NoReply``."""
    if isinstance(value, str):
        return text_reply(value)
    if isinstance(value, Reply):
        return value
    if isinstance(value, list | tuple):
        return Reply(_messages(value))
    if isinstance(value, Mapping):
        return _of_mapping(value)
    raise NoReply(f"{type(value).__name__}, not a text; did it forget to return its reply?")


def _storable(reply: Reply) -> Reply:
    """The reply with its texts as UTF-8 can have them; raises ``NoReply`` for other data."""
    try:
        orjson.dumps(reply.data)
    except TypeError as error:
        raise NoReply(f"data that is no JSON: {error}") from error
    if reply.text.isascii() and not any(message.buttons for message in reply.messages):
        return reply
    messages = tuple(
        replace(message, text=_whole(message.text), buttons=tuple(map(_whole, message.buttons)))
        for message in reply.messages
    )
    return replace(reply, messages=messages)


def _whole(text: str) -> str:
    """The text, halves of characters joined to whole ones where two stand side by side."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _of_mapping(value: Mapping[Any, Any]) -> Reply:
    unknown = [key for key in value if key not in _KEYS]
    if unknown or ("text" in value) == ("messages" in value):
        wrong = f"the unknown key {unknown[0]!r}" if unknown else "not one of text and messages"
        raise NoReply(f"a mapping with {wrong}; known: {', '.join(_KEYS)}")
    messages = _messages(value["messages"] if "messages" in value else [value["text"]])
    buttons = value.get("buttons") or ()
    if isinstance(buttons, str) or not all(isinstance(label, str) for label in buttons):
        raise NoReply("buttons that are no list of texts")
    data = value.get("data") or {}
    if not isinstance(data, Mapping):
        raise NoReply("data that is no mapping")
    if buttons:
        last = messages[-1] if messages else BotMessage("")
        messages = (*messages[:-1], BotMessage(last.text, (*last.buttons, *buttons)))
    return Reply(messages, data=dict(data))


def _messages(values: Any) -> tuple[BotMessage, ...]:
    if isinstance(values, str) or not isinstance(values, list | tuple):
        raise NoReply("messages that are no list")
    return tuple(_message(value) for value in values)


def _message(value: Any) -> BotMessage:
    if isinstance(value, BotMessage):
        return value
    if not isinstance(value, str):
        raise NoReply(f"a message that is no text but {type(value).__name__}")
    return BotMessage(value)


@target("python", PythonOptions)
def make(options: PythonOptions, surroundings: Surroundings) -> FunctionTarget:
    """A function or a class in the user's own code."""
    bot = load(options.function, surroundings.folder)
    return FunctionTarget(bot, options.function, surroundings, thread=options.thread)
