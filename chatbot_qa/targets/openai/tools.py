"""Tools that a suite gives to a model: what each call is answered with."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.transcript import FaultNote, ToolCall
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.loading import load
from chatbot_qa.targets.workers import Workers


class _Answering(Struct, frozen=True):
    """What answers the calls of one tool: a function, or always the same."""

    function: Callable[..., Any] | None
    returns: JsonValue


class Toolbox:
    """The tools of one session.

    A function is looked for beside the configuration, in ``folder``; one that is not async
    is called in a thread of ``workers``.
    """

    def __init__(self, tools: Sequence[Tool], folder: str, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._answering: dict[str, _Answering] = {}
        names = [tool.name for tool in tools]
        for tool in tools:
            if names.count(tool.name) > 1:
                raise _bad(tool, "there are two tools of this name; give them names of their own")
            if tool.parameters is not None and not isinstance(tool.parameters, Mapping):
                raise _bad(tool, "parameters: wants a JSON Schema of the arguments")
            if tool.function and tool.returns is not None:
                raise _bad(tool, "returns: and function: cannot both answer; leave one of them out")
            self._add(tool)

    def _add(self, tool: Tool) -> None:
        if tool.function:
            try:
                function = load(tool.function, self._folder)
            except UsageError as error:
                raise _bad(tool, f"{error.message}; {error.hint}") from error
            self._answering[tool.name] = _Answering(function, None)
        elif tool.returns is not None:
            self._answering[tool.name] = _Answering(None, tool.returns)

    def answers(self, calls: Sequence[ToolCall]) -> bool:
        """Whether there is something to give back to each of these calls."""
        return all(call.name in self._answering for call in calls)

    async def answer(self, call: ToolCall) -> ToolCall:
        """The call with what it is answered with."""
        answering = self._answering[call.name]
        if answering.function is None:
            return replace(call, result=answering.returns)
        return replace(call, result=await self._called(answering.function, call))

    async def _called(self, function: Callable[..., Any], call: ToolCall) -> JsonValue:
        """What the user's function returns; what it raises is told to the model as an error."""
        if not isinstance(call.arguments, dict):
            return {"error": f"the arguments are no JSON object: {call.arguments}"}
        ready = partial(function, **call.arguments)
        try:
            if inspect.iscoroutinefunction(function):
                result = await ready()
            else:
                result = await self._workers.run(ready)
                result = await result if inspect.isawaitable(result) else result
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the replay wants it to end
            return {"error": "CancelledError"}
        except (Exception, SystemExit) as error:
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return {"error": told}
        return self._as_json(result, call)

    def _as_json(self, result: Any, call: ToolCall) -> JsonValue:
        try:
            return orjson.loads(orjson.dumps(result))
        except TypeError as error:
            note = FaultNote(
                "bad-tool",
                f"the function of the tool {call.name} returned what is no JSON: {error}; "
                "let it return texts, numbers, lists or mappings",
            )
            raise Fault(note) from error


def _bad(tool: Tool, words: str) -> Fault:
    return Fault(FaultNote("bad-tool", f"the tool {tool.name}: {words}"))
